/* Calls about trainers, generators, samplers and checkpoints. */
#include "handles.h"

/* A checkpoint's bytes, whole or spoilt; the caller frees them. */
static Bytes bytes_of_a_checkpoint(const char *path) {
    Bytes file = read_whole(path);
    if (file.bytes == NULL) return mutated(corpus_entry((int)one_of(corpus_count())));
    if (chance(40)) {
        Bytes other = mutated(file);
        free(file.bytes);
        return other;
    }
    return file;
}

typedef int32_t (*save_call)(void *handle, void *buffer, size_t capacity, size_t *size);
static int32_t trainer_into_memory(void *handle, void *buffer, size_t capacity, size_t *size) {
    return gan_trainer_save_memory(handle, buffer, capacity, size);
}
static int32_t generator_into_memory(void *handle, void *buffer, size_t capacity, size_t *size) {
    return gan_generator_save_memory(handle, buffer, capacity, size);
}

/* Saves into a buffer that is mostly too small, then into one that was asked for. */
static void save_into_memory(const char *function, save_call save, Choice of) {
    Buffer buffer = buffer_of((size_t)one_of(chance(50) ? 20000 : 30));
    size_t size = 77, again = 77, i;
    int32_t status = CALL(save, of.handle, chance(95) ? buffer.bytes : NULL, buffer.capacity, chance(97) ? &size : NULL);
    judge_choice(function, of, status);
    if (status == GAN_OK) DEMAND(size <= buffer.capacity || buffer.capacity == 0); /* NULL and 0 ask */
    else
        for (i = 0; i < buffer.capacity; i++)
            if (buffer.bytes[i] != 0xa7) FAULT("a failed call wrote its buffer");
    free_buffer(&buffer);
    if (status != GAN_E_BUFFER_TOO_SMALL || is_concurrent()) return;
    buffer = buffer_of(size);
    DEMAND(CALL(save, of.handle, buffer.bytes, size, &again) == GAN_OK && again == size);
    free_buffer(&buffer);
}

/* ------------------------------------------------------------------------------------------------ Trainers */

static void make_a_trainer(int is_load) {
    Choice options = choose(OPTIONS), dataset = choose(DATASET);
    int is_without = chance(40), is_costly = (!is_without && options.slot.is_costly) || dataset.slot.is_costly;
    void *made = UNTOUCHED;
    int32_t status;
    if (is_load) {
        const char *path = chance(70) ? "a.safetensors" : hostile_source();
        trace("    \"%.80s\"", path ? path : "NULL");
        if (chance(50)) {
            Bytes file = bytes_of_a_checkpoint("a.safetensors");
            status = CALL(gan_trainer_load_memory, chance(97) ? file.bytes : NULL, file.size, is_without ? NULL : options.handle, dataset.handle,
                          (gan_trainer **)&made);
            free(file.bytes);
        } else status = CALL(gan_trainer_load, path, is_without ? NULL : options.handle, dataset.handle, (gan_trainer **)&made);
    } else status = CALL(gan_trainer_create, is_without ? NULL : options.handle, dataset.handle, (gan_trainer **)&made);
    keep_made(TRAINER, status, &made, dataset.is_good && (is_without || options.handle == NULL || options.is_good), NULL, is_costly);
}

static int32_t text_of_trainer(const void *handle, const char *name, int64_t index, int64_t number, char *buffer, size_t capacity, size_t *size) {
    (void)index, (void)number;
    return gan_trainer_option(handle, name, buffer, capacity, size);
}

static int32_t name_of_metric(const void *handle, const char *name, int64_t index, int64_t number, char *buffer, size_t capacity, size_t *size) {
    (void)name, (void)number;
    return gan_trainer_metric_name(handle, (int32_t)index, buffer, capacity, size);
}

static void look_at_a_trainer(void) {
    Choice of = choose(TRAINER);
    double value = -7;
    int32_t count = -7, status;
    const char *name = chance(80) ? ASK(gan_metric_name, (int32_t)one_of(ASK_ALONE(gan_metric_count))) : hostile_text();
    status = CALL(gan_trainer_metric, of.handle, name, chance(97) ? &value : NULL);
    judge_choice("gan_trainer_metric", of, status);
    if (status != GAN_OK) DEMAND(value == -7);
    status = CALL(gan_trainer_metric_count, of.handle, chance(97) ? &count : NULL);
    judge_choice("gan_trainer_metric_count", of, status);
    ask_text("gan_trainer_metric_name", name_of_metric, of, NULL, chance(70) ? one_of(12) : hostile_int32(), 0);
    name = chance(80) ? ASK(gan_option_name, (int32_t)one_of(ASK_ALONE(gan_option_count))) : hostile_text();
    ask_text("gan_trainer_option", text_of_trainer, of, name, 0, 0);
    count = -7;
    status = CALL(gan_trainer_data, of.handle, chance(97) ? &count : NULL);
    judge_choice("gan_trainer_data", of, status);
    DEMAND(status == GAN_OK ? count >= GAN_DATA_UNKNOWN && count <= GAN_DATA_OTHER : count == -7);
}

static void preview_a_trainer(void) {
    Choice of = choose(TRAINER);
    Buffer buffer = buffer_of((size_t)one_of(chance(80) ? 40000 : 30));
    int64_t first = chance(80) ? one_of(9) : hostile_integer(), count = chance(90) ? one_of(3) : hostile_integer();
    int32_t height = -7, width = -7, channels = -7, status;
    size_t i;
    if (of.is_good && of.slot.is_costly) count = chance(50) ? 0 : -1;
    status = CALL(gan_trainer_preview_shape, of.handle, &height, chance(97) ? &width : NULL, chance(97) ? &channels : NULL);
    judge_choice("gan_trainer_preview_shape", of, status);
    /* A tall volume may be higher than its three views are wide. */
    if (status == GAN_OK) DEMAND(height >= 1 && width >= 3 && (channels == 1 || channels == 3));
    else DEMAND(height == -7 && width == -7 && channels == -7);
    status = CALL(gan_trainer_preview, of.handle, first, count, buffer.bytes, buffer.capacity);
    judge_choice("gan_trainer_preview", of, status);
    if (status == GAN_OK) DEMAND(count >= 0 && first >= 0);
    else
        for (i = 0; i < buffer.capacity; i++)
            if (buffer.bytes[i] != 0xa7) FAULT("a failed call wrote its buffer");
    free_buffer(&buffer);
}

static void train(void) {
    Choice of = choose(TRAINER);
    int64_t amount = chance(75) ? one_of(4) : chance(70) ? -one_of(9) : INT64_MIN;
    int32_t status;
    if (of.is_good && of.slot.is_costly) amount = chance(50) ? 0 : -1;
    if (chance(50)) status = CALL(gan_trainer_step, of.handle, amount);
    else {
        /* Epochs of a data set that is larger than it says would not end; a progress callback ends those. */
        if (of.is_good && chance(5)) amount = INT64_MAX - one_of(3), status = GAN_OK;
        if (amount > 4) status = CALL(gan_trainer_run, of.handle, amount, on_progress, &table_lock);
        else status = CALL(gan_trainer_run, of.handle, amount, chance(70) ? on_progress : NULL, &table_lock);
    }
    judge_choice("gan_trainer_run", of, status);
    if (status == GAN_OK) DEMAND(amount >= 0);
}

static void save_a_trainer(void) {
    Choice of = choose(TRAINER);
    const char *path = chance(50) ? "a.safetensors" : hostile_target();
    int32_t status;
    if (chance(30)) {
        save_into_memory("gan_trainer_save_memory", trainer_into_memory, of);
        return;
    }
    trace("    \"%.80s\"", path ? path : "NULL");
    if (chance(70)) status = CALL(gan_trainer_save, of.handle, path);
    else status = CALL(gan_trainer_check_save, of.handle, path);
    judge_choice("gan_trainer_save", of, status);
}

void keep_generator(int32_t status, void **made, int could_be, int is_costly) {
    Slot known = {0};
    if (status == GAN_OK) {
        int32_t latent = 0, height = 0, width = 0, channels = 0;
        if (CALL(gan_generator_latent_size, *made, &latent) == GAN_OK && CALL(gan_generator_shape, *made, &height, &width, &channels) == GAN_OK) {
            DEMAND(latent >= 0 && height > 0 && width > 0 && channels > 0);
            int64_t axes[5] = {-7, -7, -7, -7, -7}, product = 1;
            size_t rank = 0, place, room = chance(80) ? 5 : (size_t)one_of(5);
            int32_t answer = CALL(gan_generator_axes, *made, chance(97) ? axes : NULL, room, chance(97) ? &rank : NULL);
            for (place = room; place < 5; place++) DEMAND(axes[place] == -7);
            for (place = 0; answer == GAN_OK && axes[0] > 0 && place < 5; place++) product *= axes[place] > 0 ? axes[place] : 1;
            if (answer == GAN_OK && axes[0] > 0) DEMAND(product == (int64_t)height * width * channels);
            known.latent = latent;
            known.pixels = (int64_t)height * width * channels;
        }
    }
    keep_made(GENERATOR, status, made, could_be, &known, is_costly);
}

void call_about_trainers(void) {
    Choice of;
    void *made = UNTOUCHED;
    switch (one_of(15)) {
    case 0:
    case 1:
    case 2: make_a_trainer(0); break;
    case 3: make_a_trainer(1); break;
    case 4:
    case 5: save_a_trainer(); break;
    case 6:
        of = choose(TRAINER);
        forget(of.handle);
        break;
    case 7:
        of = choose(TRAINER);
        judge_choice("gan_trainer_cancel", of, CALL(gan_trainer_cancel, of.handle));
        break;
    case 8:
    case 9:
        of = choose(TRAINER);
        keep_generator(CALL(gan_trainer_generator, of.handle, (gan_generator **)&made), &made, of.is_good, of.slot.is_costly);
        break;
    case 10:
    case 11: look_at_a_trainer(); break;
    case 12: preview_a_trainer(); break;
    default: train();
    }
}

/* ---------------------------------------------------------------------------------------------- Generators */

static void load_a_generator(void) {
    void *made = UNTOUCHED;
    if (chance(60)) {
        const char *path = chance(60) ? "a.safetensors" : hostile_source();
        int32_t status = CALL(gan_generator_load, path, (gan_generator **)&made);
        keep_generator(status, &made, 1, 0);
    } else {
        Bytes file = bytes_of_a_checkpoint(chance(50) ? "a.safetensors" : "g.safetensors");
        keep_generator(CALL(gan_generator_load_memory, chance(97) ? file.bytes : NULL, file.size, (gan_generator **)&made), &made, 1, 0);
        free(file.bytes);
    }
}

static int32_t text_of_generator(const void *handle, const char *name, int64_t index, int64_t number, char *buffer, size_t capacity, size_t *size) {
    (void)index, (void)number;
    return gan_generator_option(handle, name, buffer, capacity, size);
}
static int32_t name_of_input(const void *handle, const char *name, int64_t index, int64_t number, char *buffer, size_t capacity, size_t *size) {
    (void)name, (void)number;
    return gan_generator_input_name(handle, (int32_t)index, buffer, capacity, size);
}
static int32_t kind_of_input(const void *handle, const char *name, int64_t index, int64_t number, char *buffer, size_t capacity, size_t *size) {
    (void)name, (void)number;
    return gan_generator_input_kind(handle, (int32_t)index, buffer, capacity, size);
}
static int32_t class_of_input(const void *handle, const char *name, int64_t index, int64_t number, char *buffer, size_t capacity, size_t *size) {
    (void)name;
    return gan_generator_input_class_name(handle, (int32_t)index, (int32_t)number, buffer, capacity, size);
}

static void look_at_a_generator(void) {
    Choice of = choose(GENERATOR);
    int32_t count = -7, width = -7, classes = -7, index = chance(70) ? (int32_t)one_of(4) : hostile_int32(), status;
    float low = 7, high = 7;
    const char *name = chance(80) ? ASK(gan_option_name, (int32_t)one_of(ASK_ALONE(gan_option_count))) : hostile_text();
    ask_text("gan_generator_option", text_of_generator, of, name, 0, 0);
    status = CALL(gan_generator_range, of.handle, &low, chance(97) ? &high : NULL);
    judge_choice("gan_generator_range", of, status);
    if (status == GAN_OK) DEMAND(low < high);
    else DEMAND(low == 7 && high == 7);
    status = CALL(gan_generator_input_count, of.handle, chance(97) ? &count : NULL);
    judge_choice("gan_generator_input_count", of, status);
    if (status == GAN_OK) DEMAND(count >= 1);
    status = CALL(gan_generator_input_width, of.handle, index, chance(97) ? &width : NULL);
    if (status == GAN_OK) DEMAND(width >= 1);
    status = CALL(gan_generator_input_classes, of.handle, index, chance(97) ? &classes : NULL);
    if (status == GAN_OK) DEMAND(classes >= 0);
    ask_text("gan_generator_input_name", name_of_input, of, NULL, index, 0);
    ask_text("gan_generator_input_kind", kind_of_input, of, NULL, index, 0);
    ask_text("gan_generator_input_class_name", class_of_input, of, NULL, index, chance(60) ? one_of(4) : hostile_int32());
}

void call_about_generators(void) {
    Choice of;
    switch (one_of(8)) {
    case 0:
    case 1: load_a_generator(); break;
    case 2: {
        const char *path = chance(50) ? "g.safetensors" : hostile_target();
        of = choose(GENERATOR);
        if (chance(50)) save_into_memory("gan_generator_save_memory", generator_into_memory, of);
        else judge_choice("gan_generator_save", of, CALL(gan_generator_save, of.handle, path));
        break;
    }
    case 3:
        of = choose(GENERATOR);
        forget(of.handle);
        break;
    default: look_at_a_generator();
    }
}

/* ------------------------------------------------------------------------------------------------ Samplers */

enum { LATENTS = 20000 };

/* How many, which is what fits or what cannot be. */
static int64_t some_or_impossible(int64_t each, int64_t capacity) {
    if (chance(75)) return one_of(6);
    if (chance(50)) return -1 - one_of(9);
    if (chance(50) && each > 0) return capacity / each + 1;
    return (int64_t)1 << (50 + one_of(13));
}

static void draw(Choice of) {
    static float latents[LATENTS];
    Buffer buffer = buffer_of((size_t)one_of(chance(80) ? 5000 : 30) * 4);
    float *floats = chance(97) ? (float *)(void *)buffer.bytes : NULL;
    int64_t first = chance(75) ? one_of(100) : hostile_integer(), count = some_or_impossible(of.slot.pixels, (int64_t)buffer.capacity), i;
    uint64_t seed = chance(50) ? dice() : (uint64_t)hostile_integer();
    size_t capacity = buffer.capacity / 4;
    int32_t status = GAN_OK;
    int way = (int)one_of(7), is_spoilt = 0;
    /* What is read is there: as many latents as fit, or more than any capacity takes. */
    if (way >= 2 && way <= 5 && of.slot.latent > 0 && count > 0 && count * of.slot.latent > LATENTS && count < (int64_t)1 << 50) count = LATENTS / of.slot.latent;
    if (way >= 2 && way <= 5 && (of.slot.latent > LATENTS || !of.is_good)) way = 0;
    if (way >= 2 && way <= 5 && !is_concurrent() && of.slot.latent > 0) {
        for (i = 0; i < of.slot.latent; i++) latents[i] = (float)(i % 5) - 2;
        is_spoilt = chance(15);
        if (is_spoilt) latents[one_of(of.slot.latent)] = (float)(chance(50) ? (double)NAN : (double)INFINITY);
        else if (chance(10)) latents[one_of(of.slot.latent)] = (float)one_of(3) * 3e38f / 3;
    }
    switch (way) {
    case 0: status = CALL(gan_sampler_draw, of.handle, seed, first, count, floats, capacity); break;
    case 1: status = CALL(gan_sampler_draw_bytes, of.handle, seed, first, count, (uint8_t *)floats, buffer.capacity); break;
    case 2: status = CALL(gan_sampler_decode, of.handle, latents, count, floats, capacity); break;
    case 3: status = CALL(gan_sampler_decode_bytes, of.handle, latents, count, (uint8_t *)floats, buffer.capacity); break;
    case 4: status = CALL(gan_sampler_path, of.handle, latents, latents, chance(90) ? (int32_t)one_of(2) : hostile_int32(), count, floats, capacity); break;
    case 5:
        count = 1;
        status = CALL(gan_sampler_path_at, of.handle, latents, latents, chance(90) ? (int32_t)one_of(2) : hostile_int32(),
                      chance(80) ? (double)one_of(11) / 10 : hostile_real(), floats, capacity);
        break;
    default: status = CALL(gan_sampler_latents, of.handle, seed, first, count, floats, capacity);
    }
    judge_choice("gan_sampler_draw…", of, status);
    if (status == GAN_OK) {
        int64_t each = way >= 4 ? of.slot.latent : of.slot.pixels;
        DEMAND(count >= 0 && (count == 0 || floats != NULL || each == 0));
        DEMAND(way == 1 || way == 3 || count * each <= (int64_t)capacity);
        DEMAND(!is_spoilt || count == 0 || is_concurrent());
    } else
        for (i = 0; i < (int64_t)buffer.capacity; i++)
            if (buffer.bytes[i] != 0xa7 && status != GAN_E_CALLBACK) FAULT("a failed call wrote its buffer");
    free_buffer(&buffer);
}

static void draw_into_a_file(Choice of) {
    const char *path = hostile_target();
    int64_t first = chance(85) ? one_of(100) : hostile_integer(), count = chance(80) ? one_of(6) : chance(50) ? -one_of(6) : (int64_t)1 << (50 + one_of(13));
    int32_t columns = chance(80) ? 1 + (int32_t)one_of(5) : hostile_int32(), margin = chance(80) ? (int32_t)one_of(4) : hostile_int32();
    int32_t scale = chance(80) ? 1 + (int32_t)one_of(4) : hostile_int32(), status;
    size_t size = 77;
    Buffer buffer;
    if (count > 1000) path = "a.npy"; /* a device would take them, for years */
    trace("    %lld, %lld, %d, %d, %d, \"%.60s\"", (long long)first, (long long)count, columns, margin, scale, path ? path : "NULL");
    switch (one_of(4)) {
    case 0: status = CALL(gan_sampler_write_png, of.handle, dice(), first, count, columns, margin, scale, path); break;
    case 1: status = CALL(gan_sampler_write_idx, of.handle, dice(), first, count, path); break;
    case 2: status = CALL(gan_sampler_write_npy, of.handle, dice(), first, count, path); break;
    default:
        buffer = buffer_of((size_t)one_of(2000));
        status = CALL(gan_sampler_encode_png, of.handle, dice(), first, count, columns, margin, scale, buffer.bytes, buffer.capacity, chance(97) ? &size : NULL);
        if (status == GAN_OK) DEMAND(size <= buffer.capacity);
        if (status == GAN_E_BUFFER_TOO_SMALL) DEMAND(size > buffer.capacity);
        free_buffer(&buffer);
    }
    judge_choice("gan_sampler_write…", of, status);
    if (status == GAN_OK) DEMAND(count >= 0);
}

void call_about_samplers(void) {
    static const char *const inputs[] = {"latents", "label", "c1", "c2", "c3", "class"};
    static const float values[] = {0, 1, 2, -1, 0.5f, 0.25f, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0};
    float hostile[16];
    Choice of = choose(SAMPLER), other;
    void *made = UNTOUCHED;
    const char *input = chance(85) ? inputs[one_of(COUNT_OF(inputs))] : hostile_text();
    int32_t status;
    int i;
    switch (one_of(12)) {
    case 0:
    case 1: {
        int is_without = chance(50);
        of = choose(GENERATOR);
        other = choose(OPTIONS);
        status = CALL(gan_sampler_create, of.handle, is_without ? NULL : other.handle, (gan_sampler **)&made);
        keep_made(SAMPLER, status, &made, of.is_good && (is_without || other.handle == NULL || other.is_good), &of.slot, of.slot.is_costly);
        break;
    }
    case 2: forget(of.handle); break;
    case 3:
        judge_choice("gan_sampler_set", of, CALL(gan_sampler_set, of.handle, input, chance(60) ? (chance(50) ? "0,1,2" : "1") : hostile_text()));
        break;
    case 4:
        for (i = 0; i < 16; i++) hostile[i] = chance(20) ? (float)hostile_real() : values[i];
        judge_choice("gan_sampler_set_values", of, CALL(gan_sampler_set_values, of.handle, input, chance(95) ? hostile : NULL,
                                                        chance(85) ? one_of(17) : chance(50) ? -one_of(5) : INT64_MIN));
        break;
    case 5:
    case 6:
    case 7: draw_into_a_file(of); break;
    default: draw(of);
    }
}

/* ------------------------------------------------------------------------------------------------ Appliers */

enum { PICTURE = 80000 };

static int32_t hostile_side(void) { return chance(80) ? 1 + (int32_t)one_of(30) : hostile_int32(); }

/* Nothing is read where there is no room for the result, so the picture is as large as any that fits, of any channels. */
static void apply(Choice of) {
    static float pixels[PICTURE], mask[PICTURE];
    Buffer buffer = buffer_of((size_t)one_of(chance(80) ? 5000 : 30) * 4);
    int32_t height = hostile_side(), width = hostile_side(), status;
    int is_bytes = chance(40), has_mask = chance(50), spoilt = -1;
    void *made = chance(97) ? buffer.bytes : NULL;
    const void *picture = chance(97) ? pixels : NULL, *hidden = has_mask ? mask : NULL;
    int32_t input = 0, output = 0, takes_mask = 0;
    size_t i;
    if (of.slot.is_costly) height = -height;
    /* Of a picture of any size one volume is made: no room that is asked for keeps what is read within the buffer. */
    if (picture != NULL && (CALL(gan_applier_channels, of.handle, &input, &output, &takes_mask) != GAN_OK || (output != 1 && output != 3))
        && height > 0 && width > 0 && (int64_t)height * width * 3 > PICTURE)
        picture = NULL;
    if (!is_concurrent()) {
        for (i = 0; i < PICTURE; i++) pixels[i] = (float)(i % 7) / 3 - 0.5f, mask[i] = (float)(i % 3) / 2;
        if (!is_bytes && chance(20)) spoilt = 0, pixels[0] = (float)(chance(50) ? (double)NAN : (double)INFINITY);
        else if (chance(10)) pixels[one_of(30)] = (float)one_of(3) * 3e38f / 3, mask[one_of(30)] = (float)NAN;
    }
    trace("    %d x %d, %s, %s", height, width, is_bytes ? "bytes" : "floats", has_mask ? "a mask" : "no mask");
    if (is_bytes) status = CALL(gan_applier_apply_bytes, of.handle, dice(), picture, hidden, height, width, made, buffer.capacity);
    else status = CALL(gan_applier_apply, of.handle, dice(), picture, hidden, height, width, made, buffer.capacity / 4);
    judge_choice("gan_applier_apply", of, status);
    if (status == GAN_OK) DEMAND(height > 0 && width > 0 && made != NULL && picture != NULL && spoilt < 0);
    else
        for (i = 0; i < buffer.capacity; i++)
            if (buffer.bytes[i] != 0xa7) FAULT("a failed call wrote its buffer");
    if (status == GAN_OK && !is_bytes)
        for (i = 0; i < (size_t)height * (size_t)width && i < buffer.capacity / 4; i++)
            if (!isfinite(((float *)(void *)buffer.bytes)[i])) FAULT("a picture holds what is no number");
    free_buffer(&buffer);
}

/* Frames are read where there is room for what follows, as many as are said to be given. */
static void predict(Choice of) {
    static float frames[PICTURE];
    Buffer buffer = buffer_of((size_t)one_of(chance(80) ? 5000 : 30) * 4);
    int32_t height = hostile_side(), width = hostile_side(), given = chance(80) ? (int32_t)one_of(9) : hostile_int32(), status, past = -7;
    int32_t count = chance(85) ? (int32_t)one_of(7) : hostile_int32();
    int is_bytes = chance(40);
    void *made = chance(97) ? buffer.bytes : NULL;
    const void *first = chance(97) ? frames : NULL;
    size_t i;
    status = CALL(gan_applier_frames, of.handle, chance(97) ? &past : NULL);
    judge_choice("gan_applier_frames", of, status);
    if (status == GAN_OK) DEMAND(past >= 0);
    else DEMAND(past == -7);
    /* With no room needed for frames, sides and numbers may be any: nothing else keeps what is read within the buffer. */
    if (height > 0 && (of.slot.is_costly || given > 9 || (int64_t)height * width * 9 * 3 > PICTURE)) height = -height;
    if (!is_concurrent()) {
        for (i = 0; i < PICTURE; i++) frames[i] = (float)(i % 7) / 3 - 0.5f;
        if (!is_bytes && chance(10)) frames[one_of(30)] = (float)one_of(3) * 3e38f / 3;
        else if (!is_bytes && chance(10)) frames[0] = (float)(chance(50) ? (double)NAN : (double)INFINITY);
    }
    trace("    %d of %d x %d, %d to follow, %s", given, height, width, count, is_bytes ? "bytes" : "floats");
    if (is_bytes) status = CALL(gan_applier_predict_bytes, of.handle, dice(), first, given, height, width, count, made, buffer.capacity);
    else status = CALL(gan_applier_predict, of.handle, dice(), first, given, height, width, count, made, buffer.capacity / 4);
    judge_choice("gan_applier_predict", of, status);
    if (status == GAN_OK) DEMAND(height > 0 && width > 0 && count >= 0 && given > 0 && made != NULL && first != NULL);
    else
        for (i = 0; i < buffer.capacity; i++)
            if (buffer.bytes[i] != 0xa7) FAULT("a failed call wrote its buffer");
    if (status == GAN_OK && !is_bytes)
        for (i = 0; i < (size_t)height * (size_t)width * (size_t)count; i++)
            if (!isfinite(((float *)(void *)buffer.bytes)[i])) FAULT("a frame holds what is no number");
    free_buffer(&buffer);
}

static void look_at_an_applier(Choice of) {
    int32_t input = -7, output = -7, takes_mask = -7, rows = -7, columns = -7, height = hostile_side(), width = hostile_side();
    int32_t status = CALL(gan_applier_channels, of.handle, &input, chance(97) ? &output : NULL, chance(97) ? &takes_mask : NULL);
    judge_choice("gan_applier_channels", of, status);
    if (status == GAN_OK) DEMAND(input >= 1 && output >= 1 && (takes_mask == 0 || takes_mask == 1));
    else DEMAND(input == -7 && output == -7 && takes_mask == -7);
    status = CALL(gan_applier_shape, of.handle, height, width, &rows, chance(97) ? &columns : NULL);
    judge_choice("gan_applier_shape", of, status);
    /* A volume has its own sides, whatever the picture's are; it has more channels than a picture. */
    if (status == GAN_OK && (output == 1 || output == 3)) DEMAND(rows >= height && columns >= width);
    if (status == GAN_OK) DEMAND(height >= 1 && width >= 1 && rows >= 1 && columns >= 1);
    else DEMAND(rows == -7 && columns == -7);
}

void call_about_appliers(void) {
    Choice of = choose(APPLIER), other;
    void *made = UNTOUCHED;
    int32_t status;
    int is_without = chance(50);
    switch (one_of(11)) {
    case 0:
        of = choose(GENERATOR);
        other = choose(OPTIONS);
        status = CALL(gan_applier_create, of.handle, is_without ? NULL : other.handle, (gan_applier **)&made);
        keep_made(APPLIER, status, &made, of.is_good && (is_without || other.handle == NULL || other.is_good), NULL, of.slot.is_costly);
        break;
    case 1: forget(of.handle); break;
    case 2: look_at_an_applier(of); break;
    case 3:
    case 4:
    case 5: predict(of); break;
    default: apply(of);
    }
}

/* --------------------------------------------------------------------------------------------- Checkpoints */

static int32_t text_of_checkpoint(const void *handle, const char *name, int64_t index, int64_t number, char *buffer, size_t capacity, size_t *size) {
    (void)index, (void)number;
    return gan_checkpoint_text(handle, name, buffer, capacity, size);
}
static int32_t option_of_checkpoint(const void *handle, const char *name, int64_t index, int64_t number, char *buffer, size_t capacity, size_t *size) {
    (void)index, (void)number;
    return gan_checkpoint_option(handle, name, buffer, capacity, size);
}
static int32_t name_of_tensor(const void *handle, const char *name, int64_t index, int64_t number, char *buffer, size_t capacity, size_t *size) {
    (void)name, (void)number;
    return gan_checkpoint_tensor_name(handle, index, buffer, capacity, size);
}
static int32_t type_of_tensor(const void *handle, const char *name, int64_t index, int64_t number, char *buffer, size_t capacity, size_t *size) {
    (void)name, (void)number;
    return gan_checkpoint_tensor_type(handle, index, buffer, capacity, size);
}

static void call_about_checkpoints(void) {
    static const char *const texts[] = {"kind", "step", "seed", "images"};
    Choice of = choose(CHECKPOINT);
    void *made = UNTOUCHED;
    int64_t count = -7, shape[64], index = chance(70) ? one_of(20) : hostile_integer();
    size_t rank = 77, capacity = (size_t)one_of(5), values = 77, i;
    int32_t status;
    Buffer buffer;
    const char *name = chance(80) ? texts[one_of(4)] : hostile_text();
    switch (one_of(6)) {
    case 0:
    case 1:
        status = CALL(gan_checkpoint_open, chance(70) ? "a.safetensors" : hostile_source(), (gan_checkpoint **)&made);
        keep_made(CHECKPOINT, status, &made, 1, NULL, 0);
        break;
    case 2: forget(of.handle); break;
    default:
        ask_text("gan_checkpoint_text", text_of_checkpoint, of, name, 0, 0);
        name = chance(80) ? ASK(gan_option_name, (int32_t)one_of(ASK_ALONE(gan_option_count))) : hostile_text();
        ask_text("gan_checkpoint_option", option_of_checkpoint, of, name, 0, 0);
        ask_text("gan_checkpoint_tensor_name", name_of_tensor, of, NULL, index, 0);
        status = CALL(gan_checkpoint_tensor_count, of.handle, chance(97) ? &count : NULL);
        judge_choice("gan_checkpoint_tensor_count", of, status);
        status = CALL(gan_checkpoint_tensor_shape, of.handle, index, shape, capacity, chance(97) ? &rank : NULL);
        judge_choice("gan_checkpoint_tensor_shape", of, status);
        if (status == GAN_OK) DEMAND(rank <= capacity);
        ask_text("gan_checkpoint_tensor_type", type_of_tensor, of, NULL, index, 0);
        capacity = (size_t)one_of(chance(50) ? 5000 : 9);
        buffer = buffer_of(capacity * 4);
        status = CALL(gan_checkpoint_tensor_read, of.handle, index, chance(95) ? (float *)(void *)buffer.bytes : NULL, capacity,
                      chance(97) ? &values : NULL);
        judge_choice("gan_checkpoint_tensor_read", of, status);
        if (status == GAN_OK) DEMAND(values <= capacity || capacity == 0);
        else
            for (i = 0; i < buffer.capacity; i++)
                if (buffer.bytes[i] != 0xa7) FAULT("a failed call wrote its buffer");
        free_buffer(&buffer);
    }
}

/* --------------------------------------------------------------------------------------------------- Any */

void make_a_call(void) {
    switch (one_of(27)) {
    case 0:
    case 1:
    case 2: call_about_options(); break;
    case 3:
    case 4:
    case 5: call_about_datasets(); break;
    case 6: chance(40) ? call_about_datasets() : call_about_fields(); break;
    case 7:
    case 8:
    case 9:
    case 10:
    case 11: call_about_trainers(); break;
    case 12:
    case 13: call_about_generators(); break;
    case 14:
    case 15:
    case 16:
    case 17: call_about_samplers(); break;
    case 18: call_about_checkpoints(); break;
    case 19:
    case 20:
    case 21: call_about_measures(); break;
    case 22:
    case 23: call_about_appliers(); break;
    case 24:
    case 25: call_about_tables(); break;
    default: call_about_files(); break;
    }
}
