#include "handles.h"

enum { SLOTS = 4096, SOURCES = 4096, ALIVE_AT_ONCE = 60 };

static Slot slots[SLOTS];
static int used;
static Source sources[SOURCES];
static int sources_used, concurrent;
pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;

int is_concurrent(void) { return concurrent; }
void be_concurrent(int yes) { concurrent = yes; }

/* Mostly a living one of the kind, also a destroyed one, one of another kind, and what was never a handle. */
Choice choose(int kind) {
    static const uintptr_t never[] = {1, 7, 8, 4096, 0x5a5a5a50, UINTPTR_MAX, UINTPTR_MAX - 7, (uintptr_t)1 << 63};
    Choice choice = {NULL, 0, {0}};
    int64_t way = one_of(100), i, tries;
    if (way < 2) return choice;
    if (way < 4) {
        choice.handle = chance(30) ? (void *)(uintptr_t)dice() : chance(20) ? (void *)&choice : (void *)never[one_of(COUNT_OF(never))];
        return choice;
    }
    pthread_mutex_lock(&table_lock);
    for (tries = 0; used > 0 && tries < 60; tries++) {
        /* Young ones more often: they are alive. */
        i = chance(50) ? used - 1 - one_of(used < 24 ? used : 24) : one_of(used);
        if (way < 8 ? !slots[i].is_alive || slots[i].kind != kind : slots[i].is_alive && slots[i].kind == kind) {
            choice.handle = slots[i].handle;
            choice.is_good = way >= 8;
            choice.slot = slots[i];
            break;
        }
    }
    pthread_mutex_unlock(&table_lock);
    return choice;
}

static void destroy(int kind, void *handle) {
    switch (kind) {
    case OPTIONS: DESTROY(gan_options_destroy, handle); break;
    case DATASET: DESTROY(gan_dataset_destroy, handle); break;
    case TRAINER: DESTROY(gan_trainer_destroy, handle); break;
    case GENERATOR: DESTROY(gan_generator_destroy, handle); break;
    case SAMPLER: DESTROY(gan_sampler_destroy, handle); break;
    case CHECKPOINT: DESTROY(gan_checkpoint_destroy, handle); break;
    case CLASSIFIER: DESTROY(gan_classifier_destroy, handle); break;
    case APPLIER: DESTROY(gan_applier_destroy, handle); break;
    default: DESTROY(gan_evaluation_destroy, handle); break;
    }
}

void keep(int kind, void *handle, const Slot *from, int is_costly) {
    int i, alive = 0, victim = -1;
    Slot old;
    pthread_mutex_lock(&table_lock);
    for (i = 0; i < used; i++)
        if (slots[i].is_alive && ++alive && (victim < 0 || chance(10))) victim = i;
    if (used < SLOTS) i = used++;
    else i = (int)one_of(SLOTS);
    old = slots[i];
    if (!old.is_alive && alive >= ALIVE_AT_ONCE && victim >= 0) old = slots[victim], slots[victim].is_alive = 0;
    slots[i].handle = handle;
    slots[i].kind = kind;
    slots[i].is_alive = 1;
    slots[i].is_costly = is_costly;
    slots[i].latent = from ? from->latent : 0;
    slots[i].pixels = from ? from->pixels : 0;
    pthread_mutex_unlock(&table_lock);
    if (old.is_alive) destroy(old.kind, old.handle);
}

/* Destroys, or pretends to: any of the functions with any handle does nothing, or what it is for. */
void forget(void *handle) {
    int i, kind = NO_KIND;
    pthread_mutex_lock(&table_lock);
    for (i = 0; i < used; i++)
        if (slots[i].handle == handle && slots[i].is_alive) {
            kind = slots[i].kind;
            slots[i].is_alive = 0;
        }
    pthread_mutex_unlock(&table_lock);
    destroy(kind == NO_KIND ? 1 + (int)one_of(KINDS - 1) : kind, handle);
}

Source *new_source(int64_t pixels) {
    static const int ways[] = {0, 0, 0, 0, 2, 30};
    Source *source;
    pthread_mutex_lock(&table_lock);
    source = sources_used < SOURCES ? &sources[sources_used++] : NULL;
    pthread_mutex_unlock(&table_lock);
    if (source != NULL) *source = (Source){pixels, ways[one_of(COUNT_OF(ways))], 0, 0};
    return source;
}

void release_source(void *context) { __atomic_fetch_add(&((Source *)context)->released, 1, __ATOMIC_SEQ_CST); }

/* At a case's end: everything that was borrowed has been given back once. */
void destroy_all(void) {
    int i;
    for (i = 0; i < used; i++)
        if (slots[i].is_alive) destroy(slots[i].kind, slots[i].handle);
    for (i = 0; i < sources_used; i++)
        if (sources[i].released != sources[i].is_expected)
            FAULT("what was borrowed was given back %d times instead of %d", sources[i].released, sources[i].is_expected);
}

void judge_choice(const char *function, Choice of, int32_t status) {
    if (status == GAN_OK && !of.is_good) FAULT("%s accepted a handle that is none", function);
    if (!concurrent && of.is_good && status == GAN_E_INVALID_HANDLE) FAULT("%s does not know a living handle", function);
}

void keep_made(int kind, int32_t status, void **made, int could_be, const Slot *from, int is_costly) {
    if (status != GAN_OK) {
        if (*made != UNTOUCHED) FAULT("a failed call wrote its result");
        return;
    }
    if (!could_be) FAULT("a call that could not succeed did");
    if (*made == UNTOUCHED || *made == NULL) FAULT("a call that succeeded made nothing");
    keep(kind, *made, from, is_costly);
}

int32_t ask_text(const char *function, text_call call, Choice of, const char *name, int64_t index, int64_t number) {
    Buffer buffer = buffer_of((size_t)(chance(30) ? one_of(4) : one_of(300)));
    size_t size = 77, *sizes = chance(10) ? NULL : &size;
    int is_asking = chance(20);
    int32_t status;
    begin(function);
    status = settled(function, call(of.handle, name, index, number, is_asking ? NULL : (char *)buffer.bytes,
                                    is_asking && !chance(5) ? 0 : buffer.capacity, sizes));
    judge_choice(function, of, status);
    if (status == GAN_OK && !is_asking) {
        if (memchr(buffer.bytes, 0, buffer.capacity) == NULL) FAULT("%s wrote text without an end", function);
        if (sizes != NULL && strlen((char *)buffer.bytes) + 1 != size) FAULT("%s says %zu bytes of another text", function, size);
    } else {
        size_t i;
        for (i = 0; i < buffer.capacity; i++)
            if (buffer.bytes[i] != 0xa7) FAULT("%s wrote a buffer without success", function);
        if (status == GAN_E_BUFFER_TOO_SMALL && sizes != NULL && size <= buffer.capacity) FAULT("%s: %zu bytes are enough", function, buffer.capacity);
        if (status != GAN_OK && status != GAN_E_BUFFER_TOO_SMALL && size != 77) FAULT("%s failed and wrote the size", function);
    }
    free_buffer(&buffer);
    return status;
}

/* ----------------------------------------------------------------------------------------------- Callbacks */

int32_t fill_images(void *context, const int64_t *indices, int64_t count, float *values) {
    Source *source = context;
    int64_t i;
    if (count < 0 || indices == NULL || values == NULL) FAULT("a callback was handed nothing to fill");
    if (count > 0 && (double)count * (double)source->pixels > 1e7) return 1;
    for (i = 0; i < count * source->pixels; i++) values[i] = (float)((uint64_t)(i * 7 + indices[i / source->pixels]) % 101) / 100.0f;
    if (!chance(source->ways)) return 0;
    switch (one_of(4)) {
    case 0: return (int32_t)one_of(1000) - 500;
    case 1:
        if (count > 0) values[one_of(count * source->pixels)] = (float)hostile_real();
        return 0;
    default: return 1;
    }
}

/* Does what is allowed and what is not. */
int32_t on_progress(void *context, gan_trainer *trainer, int32_t event) {
    void *made = UNTOUCHED;
    double value;
    DEMAND(event == GAN_EVENT_EPOCH || event == GAN_EVENT_PROGRESS);
    DEMAND(context == (void *)&table_lock);
    switch (one_of(12)) {
    case 0: return 1;
    case 1: CALL(gan_trainer_metric, trainer, "step", &value); break;
    case 2: CALL(gan_trainer_save, trainer, hostile_target()); break;
    case 3:
        if (CALL(gan_trainer_generator, trainer, (gan_generator **)&made) == GAN_OK) DESTROY(gan_generator_destroy, made);
        break;
    case 4: DEMAND(CALL(gan_trainer_step, trainer, 1) != GAN_OK); break;
    case 5: DEMAND(CALL(gan_trainer_run, trainer, 1, NULL, NULL) != GAN_OK); break;
    case 6: CALL(gan_trainer_cancel, trainer); break;
    case 7:
        if (chance(20)) forget(trainer);
        break;
    case 8: make_a_call(); break;
    default: break;
    }
    return 0;
}
