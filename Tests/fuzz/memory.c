/* The part "memory": memory runs out at one allocation, for a while, for good, or under a limit of the address space. A call then
 * answers GAN_E_OUT_OF_MEMORY and nothing worse, what was there before works on, and with memory again all is as ever.
 *
 * failing.c has to be preloaded. */
#include "fuzz.h"

#include <dlfcn.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { TRIES = 40, OPERATIONS = 11, NOT_DONE = 100 };

static void (*fail_after)(int64_t, int64_t);
static int64_t (*fail_never)(void);

static gan_options *options;
static gan_dataset *dataset;
static gan_trainer *trainer;
static gan_generator *generator;
static gan_sampler *sampler;
static float images[64 * 36];

/* One operation each, which frees what it makes. */
static int32_t operate(int operation) {
    void *made = NULL;
    int32_t status;
    size_t size = 0;
    char text[200];
    switch (operation) {
    case 0:
        if ((status = gan_options_create((gan_options **)&made)) == GAN_OK) status = gan_options_set(made, "generator.hidden", "4,5,6");
        gan_options_destroy(made);
        return status;
    case 1:
        status = gan_dataset_open("own.png", NULL, (gan_dataset **)&made);
        gan_dataset_destroy(made);
        return status;
    case 2:
        status = gan_dataset_open("own.idx", NULL, (gan_dataset **)&made);
        gan_dataset_destroy(made);
        return status;
    case 3:
        status = gan_trainer_create(options, dataset, (gan_trainer **)&made);
        if (status == GAN_OK) status = gan_trainer_step(made, 1);
        gan_trainer_destroy(made);
        return status;
    case 4:
        status = gan_trainer_load("a.safetensors", NULL, dataset, (gan_trainer **)&made);
        gan_trainer_destroy(made);
        return status;
    case 5: return gan_trainer_save(trainer, "b.safetensors");
    case 6:
        status = gan_generator_load("a.safetensors", (gan_generator **)&made);
        gan_generator_destroy(made);
        return status;
    case 7:
        status = gan_sampler_create(generator, NULL, (gan_sampler **)&made);
        if (status == GAN_OK) status = gan_sampler_draw(made, 1, 0, 64, images, 64 * 36);
        gan_sampler_destroy(made);
        return status;
    case 8: return gan_sampler_write_png(sampler, 1, 0, 20, 5, 1, 2, "b.png");
    case 9:
        status = gan_checkpoint_open("a.safetensors", (gan_checkpoint **)&made);
        if (status == GAN_OK) status = gan_checkpoint_text(made, "step", text, sizeof text, &size);
        gan_checkpoint_destroy(made);
        return status;
    default: /* an error's sentence needs memory too */
        status = gan_options_set(options, "generator.hiden", "1");
        return status == GAN_E_UNKNOWN_NAME ? GAN_OK : status;
    }
}

static void prepare(void) {
    *(void **)&fail_after = dlsym(RTLD_DEFAULT, "fuzz_fail_after");
    *(void **)&fail_never = dlsym(RTLD_DEFAULT, "fuzz_fail_never");
    if (fail_after == NULL || fail_never == NULL) FAULT("libfailing.so is not preloaded");
    options = small_options();
    dataset = small_dataset();
    trainer = small_trainer();
    DEMAND(CALL(gan_trainer_step, trainer, 2) == GAN_OK);
    DEMAND(CALL(gan_trainer_save, trainer, "a.safetensors") == GAN_OK);
    DEMAND(CALL(gan_trainer_generator, trainer, &generator) == GAN_OK);
    DEMAND(CALL(gan_sampler_create, generator, NULL, &sampler) == GAN_OK);
    DEMAND(CALL(gan_sampler_write_png, sampler, 1, 0, 20, 5, 1, 1, "own.png") == GAN_OK);
    DEMAND(CALL(gan_sampler_write_idx, sampler, 1, 0, 20, "own.idx") == GAN_OK);
}

/* In a process of its own, as memory can run out in it for good. */
static void try_once(int operation, int64_t after, int64_t how_many, int is_limited) {
    Bytes before = read_whole("b.safetensors"), now;
    int32_t status;
    int64_t refused = 0;
    if (is_limited) {
        struct rlimit room;
        FILE *statistics = fopen("/proc/self/statm", "r");
        long pages = 0;
        if (statistics == NULL || fscanf(statistics, "%ld", &pages) != 1) FAULT("/proc/self/statm");
        fclose(statistics);
        getrlimit(RLIMIT_AS, &room);
        room.rlim_cur = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + (rlim_t)after * 512;
        setrlimit(RLIMIT_AS, &room);
        status = operate(operation);
        room.rlim_cur = room.rlim_max;
        setrlimit(RLIMIT_AS, &room);
    } else {
        fail_after(after, how_many);
        status = operate(operation);
        refused = fail_never();
    }
    settled_quietly("an operation", status);
    trace("    %lld refused", (long long)refused);
    if (status != GAN_OK && status != GAN_E_OUT_OF_MEMORY) FAULT("operation %d: %s: %s", operation, gan_status_name(status), gan_error_message());
    if (status != GAN_OK && refused == 0 && !is_limited) FAULT("operation %d ran out of memory that it had", operation);
    if (status != GAN_OK && strlen(gan_error_message()) < 12) FAULT("operation %d: no sentence", operation);
    if (operation == 5 && status != GAN_OK && before.bytes != NULL) {
        now = read_whole("b.safetensors");
        if (now.size != before.size || memcmp(now.bytes, before.bytes, now.size) != 0) FAULT("a save that failed changed the file");
    }
    /* With memory again. */
    for (operation = 0; operation < OPERATIONS; operation++)
        if ((status = operate(operation)) != GAN_OK)
            FAULT("operation %d does not work when there is memory again: %s: %s", operation, gan_status_name(status), gan_error_message());
    DEMAND(gan_trainer_step(trainer, 1) == GAN_OK);
}

void case_of_memory(void) {
    int i;
    prepare();
    for (i = 0; i < TRIES; i++) {
        int operation = (int)one_of(OPERATIONS), is_limited = chance(15), status;
        int64_t after = chance(60) ? one_of(60) : one_of(1500), how_many = chance(50) ? 1 : chance(50) ? 1 + one_of(20) : INT64_MAX;
        pid_t child;
        trace("operation %d, %lld, %lld, %d", operation, (long long)after, (long long)how_many, is_limited);
        child = fork();
        if (child < 0) FAULT("fork: %s", strerror(errno));
        if (child == 0) {
            try_once(operation, after, how_many, is_limited);
            _exit(0);
        }
        waitpid(child, &status, 0);
        if (WIFSIGNALED(status) && memory_may_kill()) continue;
        if (WIFSIGNALED(status))
            FAULT("operation %d with %lld refused from allocation %lld on%s: it ended by signal %d", operation, (long long)how_many, (long long)after,
                  is_limited ? " (a limit of the address space)" : "", WTERMSIG(status));
        if (WEXITSTATUS(status) != 0) _exit(1);
    }
    DESTROY(gan_sampler_destroy, sampler);
    DESTROY(gan_generator_destroy, generator);
    DESTROY(gan_trainer_destroy, trainer);
    DESTROY(gan_dataset_destroy, dataset);
    DESTROY(gan_options_destroy, options);
}

/* Whether the library that is tried may still end the process when it has no memory: MEMORY_MAY_KILL=1. */
int memory_may_kill(void) {
    const char *text = getenv("MEMORY_MAY_KILL");
    return text != NULL && strcmp(text, "0") != 0;
}
