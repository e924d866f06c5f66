/* test-memory: no memory, at any moment.
 *
 * The C library's allocation functions are replaced by ones that fail when they are told to, for everybody in the process: the
 * library, Swift's runtime, libstdc++, zlib, libpng. One program that makes, trains, saves, resumes and draws is run once for each
 * allocation in it, and that one fails; once more for each, and all from there on fail; and under limits of the address space.
 * Whatever fails, a call succeeds or returns GAN_E_OUT_OF_MEMORY with a sentence and changes nothing, and once there is memory
 * again the same call succeeds, and the results are the ones that they always are.
 */
#include "check.h"

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

/* ------------------------------------------------------------------------------------ The allocator that fails */

enum { NEVER, ONCE, FROM_THEN_ON };

static int mode;
static int64_t allocations, failing; /* counted from 1 */

static int fails(void) {
    int64_t number = __atomic_add_fetch(&allocations, 1, __ATOMIC_SEQ_CST);
    return mode == ONCE ? number == failing : mode == FROM_THEN_ON && number >= failing;
}

void *malloc(size_t size) {
    if (fails()) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    if (fails()) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_calloc(number, size);
}

void *realloc(void *memory, size_t size) {
    if (fails()) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
    if (fails()) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
    void *result = memalign(alignment, size);
    if (result == NULL) return ENOMEM;
    *memory = result;
    return 0;
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset) {
    if (fails()) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return (void *)syscall(SYS_mmap, address, length, protection, flags, file, offset);
}

/* ------------------------------------------------------------------------------------------- The one program */

static struct rlimit unlimited;

static void memory_is_back(void) {
    mode = NEVER;
    setrlimit(RLIMIT_AS, &unlimited);
}

static int32_t shortages;

/* What the call gives; where memory ran out, it is made again, without memory and with. */
#define EXPECT(call, expected)                                                                                                \
    do {                                                                                                                      \
        int32_t got = (call);                                                                                                 \
        if (got == GAN_E_OUT_OF_MEMORY) {                                                                                     \
            shortages++;                                                                                                      \
            CHECK(gan_error_message()[0] != '\0');                                                                            \
            if (mode == FROM_THEN_ON) got = (call);                                                                           \
            if (got == (expected)) break;                                                                                     \
            memory_is_back();                                                                                                 \
            got = (call);                                                                                                     \
        }                                                                                                                     \
        if (got != (expected)) check_fails(__FILE__, __LINE__, "%s: %d, %s", #call, (int)got, gan_error_message());           \
    } while (0)
#define OK(call) EXPECT(call, GAN_OK)

static int32_t stay(void *context, gan_trainer *trainer, int32_t event) {
    double value = -1;
    (void)event;
    if (gan_trainer_metric(trainer, "discriminator.loss", &value) == GAN_E_OUT_OF_MEMORY) {
        shortages++;
        memory_is_back();
    }
    ++*(int *)context;
    return 0;
}

static int32_t fill(void *context, const int64_t *indices, int64_t count, float *values) {
    int64_t i;
    (void)context;
    for (i = 0; i < count * PIXELS; i++) values[i] = (float)((indices[i / PIXELS] + i) % 3) / 4;
    return 0;
}

static int releases;
static void release(void *context) {
    (void)context;
    releases++;
}

static float mesh[2][3 * 400];
static int32_t triangles[3 * 800];
static size_t faces;
static char obj_path[192];
static char images_path[192], png_path[192], saved_path[192], again_path[192], result_path[192], generator_path[192], folder_path[192];
static uint8_t small[IMAGES * PIXELS], file_bytes[200000];
static size_t file_size;

/* A handle that a failing call may not write over. */
#define FRESH(name) name = POISON

static void use_the_library(const char *digest) {
    gan_options *options;
    gan_dataset *dataset, *called, *opened, *folder;
    gan_trainer *trainer, *resumed;
    gan_generator *generator, *loaded;
    gan_sampler *sampler, *other;
    gan_checkpoint *checkpoint;
    static float images[64 * PIXELS];
    static uint8_t pixels[64 * PIXELS], encoded[20000];
    char text[200];
    double minimum, maximum, value;
    int64_t number;
    int32_t height, width, channels;
    size_t size;
    int calls = 0, i, progress = 0;

    for (i = 0; i < gan_option_count(); i++) {
        const char *name = gan_option_name(i), *type = gan_option_type(i), *range = gan_option_range(i);
        CHECK(name != NULL && type != NULL && range != NULL && gan_option_default(i) != NULL && gan_option_summary(i) != NULL);
        calls += gan_option_bounds(i, &minimum, &maximum) == GAN_OK;
    }
    CHECK(calls > 5 && gan_metric_name(0) != NULL && strlen(gan_instruction_set()) > 3);

    FRESH(options);
    OK(gan_options_create(&options));
    CHECK(options != POISON);
    OK(gan_options_set(options, "batch-size", "10"));
    OK(gan_options_set(options, "latent.size", "5"));
    OK(gan_options_set(options, "generator.hidden", "9,8"));
    OK(gan_options_set(options, "discriminator.hidden", "7"));
    OK(gan_options_set_real(options, "generator.learning-rate", 0.001));
    OK(gan_options_set_integer(options, "seed", 42));
    OK(gan_options_set_integer(options, "threads", 2));
    EXPECT(gan_options_set(options, "generator.lerning-rate", "2"), GAN_E_UNKNOWN_NAME);
    EXPECT(gan_options_set(options, "batch-size", "a great many"), GAN_E_OUT_OF_RANGE);
    text[0] = '\0';
    OK(gan_options_get(options, "generator.hidden", text, sizeof text, NULL));
    CHECK_TEXT(text, "9,8");

    FRESH(dataset);
    OK(gan_dataset_create_bytes(small, IMAGES, SIDE, SIDE, 1, NULL, 0, NULL, NULL, &dataset));
    FRESH(opened);
    OK(gan_dataset_open(images_path, options, &opened));
    FRESH(folder);
    OK(gan_dataset_open(folder_path, NULL, &folder));
    EXPECT(gan_dataset_open("/no/such/file/anywhere.idx", NULL, &folder), GAN_E_NOT_FOUND);
    OK(gan_dataset_shape(folder, &number, &height, &width, &channels));
    OK(gan_dataset_read(opened, 0, 20, images, 64 * PIXELS));
    FRESH(called);
    releases = 0;
    OK(gan_dataset_create_callback(fill, IMAGES, SIDE, SIDE, 1, release, NULL, &called));

    FRESH(trainer);
    OK(gan_trainer_create(options, dataset, &trainer));
    OK(gan_trainer_step(trainer, 7));
    OK(gan_trainer_run(trainer, 1, stay, &progress));
    OK(gan_trainer_metric(trainer, "generator.loss", &value));
    OK(gan_trainer_save(trainer, saved_path));
    FRESH(resumed);
    OK(gan_trainer_load(saved_path, options, dataset, &resumed));
    gan_trainer_destroy(trainer);
    OK(gan_trainer_step(resumed, 5));
    OK(gan_trainer_option(resumed, "generator.learning-rate", text, sizeof text, NULL));
    OK(gan_dataset_read(called, 0, 20, images, 64 * PIXELS));
    gan_dataset_destroy(called);
    CHECK(releases == 1);

    OK(gan_trainer_save(resumed, result_path));
    FRESH(generator);
    OK(gan_trainer_generator(resumed, &generator));
    OK(gan_generator_save(generator, generator_path));
    FRESH(loaded);
    OK(gan_generator_load(generator_path, &loaded));
    gan_generator_destroy(loaded);
    FRESH(loaded);
    OK(gan_generator_load_memory(file_bytes, file_size, &loaded));
    FRESH(checkpoint);
    OK(gan_checkpoint_open(saved_path, &checkpoint));
    OK(gan_checkpoint_text(checkpoint, "kind", text, sizeof text, NULL));
    CHECK_TEXT(text, "trainer");
    OK(gan_checkpoint_tensor_name(checkpoint, 3, text, sizeof text, NULL));
    gan_checkpoint_destroy(checkpoint);

    FRESH(sampler);
    OK(gan_sampler_create(generator, options, &sampler));
    FRESH(other);
    OK(gan_sampler_create(loaded, NULL, &other));
    gan_sampler_destroy(other);
    gan_generator_destroy(loaded);
    OK(gan_sampler_draw(sampler, 7, 0, 64, images, 64 * PIXELS));
    OK(gan_sampler_draw_bytes(sampler, 7, 0, 64, pixels, 64 * PIXELS));
    OK(gan_sampler_write_png(sampler, 7, 0, 20, 5, 1, 2, png_path));
    OK(gan_sampler_encode_png(sampler, 7, 0, 20, 5, 1, 2, encoded, sizeof encoded, &size));
    OK(gan_image_decode_png(encoded, size, 3, file_bytes + file_size, sizeof file_bytes - file_size, &height, &width, &channels));
    OK(gan_sampler_write_idx(sampler, 7, 0, 20, again_path));
    OK(gan_sampler_write_npy(sampler, 7, 0, 20, again_path));
    OK(gan_shape_mesh(images, 4, 3, 3, 0.5f, mesh[0], mesh[1], 400, &size, triangles, 800, &faces));
    OK(gan_shape_render(images, 4, 3, 3, 0.5f, 35, 25, 6, pixels, PIXELS));
    OK(gan_shape_write(images, 1, 4, 3, 3, 0.5f, obj_path));
    OK(gan_shape_write(images, 4, 3, 3, 3, 0.5f, png_path));
    EXPECT(gan_sampler_draw(sampler, 7, 0, 64, images, 3), GAN_E_BUFFER_TOO_SMALL);
    EXPECT(gan_trainer_save(resumed, "/no/such/folder/at/all/x"), GAN_E_NOT_FOUND);
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
    gan_trainer_destroy(resumed);
    gan_dataset_destroy(dataset);
    gan_dataset_destroy(opened);
    gan_dataset_destroy(folder);
    gan_options_destroy(options);
    memory_is_back();
    CHECK(same_files(result_path, saved_path) == 0);
    if (digest != NULL) CHECK(same_files(result_path, digest));
}

/* ------------------------------------------------------------------------------------------------- Children */

static int64_t *told; /* shared with the children */

static int in_child(void (*body)(int64_t), int64_t argument) {
    int result = 0;
    pid_t child;
    fflush(NULL);
    child = fork();
    if (child == 0) {
        signal(SIGALRM, SIG_DFL);
        alarm(120);
        current_failed = 0;
        body(argument);
        _exit(current_failed);
    }
    while (waitpid(child, &result, 0) < 0 && errno == EINTR) {}
    return result;
}

static char expected_path[192];

static void count(int64_t unused) {
    (void)unused;
    __atomic_store_n(&allocations, 0, __ATOMIC_SEQ_CST);
    use_the_library(NULL);
    *told = __atomic_load_n(&allocations, __ATOMIC_SEQ_CST);
}

static void fail_once(int64_t number) {
    __atomic_store_n(&allocations, 0, __ATOMIC_SEQ_CST);
    failing = number;
    mode = ONCE;
    use_the_library(expected_path);
}

static void fail_from_then_on(int64_t number) {
    __atomic_store_n(&allocations, 0, __ATOMIC_SEQ_CST);
    failing = number;
    mode = FROM_THEN_ON;
    use_the_library(expected_path);
    if (shortages > 0) *told += 1;
}

static void limit_addresses(int64_t kilobytes) {
    struct rlimit limit = unlimited;
    char text[64];
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fgets(text, sizeof text, file) == NULL) CHECK(!"no /proc");
    else pages = atol(text);
    if (file != NULL) fclose(file);
    limit.rlim_cur = (rlim_t)(pages * sysconf(_SC_PAGESIZE) + kilobytes * 1024);
    CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
    use_the_library(expected_path);
    if (shortages > 0) *told += 1;
}

static void judge(int result, const char *how, int64_t number) {
    if (WIFEXITED(result) && WEXITSTATUS(result) == 0) return;
    if (WIFSIGNALED(result)) check_fails(__FILE__, __LINE__, "%s %lld: signal %d", how, (long long)number, WTERMSIG(result));
    else check_fails(__FILE__, __LINE__, "%s %lld: what is said above", how, (long long)number);
}

static int64_t number_of_allocations;
static const char *gan_isa; /* asked for, the best unless it is */

/* Every so many allocations, beginning elsewhere with each instruction set; MEMORY_STRIDE=1 takes every one. */
static int64_t stride(int64_t usual) {
    const char *chosen = getenv("MEMORY_STRIDE");
    if (chosen != NULL) return atol(chosen) > 0 ? atol(chosen) : 1;
    return strcmp(gan_isa, "avx512") == 0 ? usual : usual * 5;
}

static int64_t beginning(void) {
    const char *chosen = getenv("MEMORY_STRIDE");
    if (chosen != NULL) return 1;
    return strcmp(gan_isa, "avx512") == 0 ? 1 : strcmp(gan_isa, "avx2") == 0 ? 6 : 18;
}

static void one_allocation_fails(void) {
    int64_t number;
    for (number = beginning(); number <= number_of_allocations + 20; number += stride(101)) judge(in_child(fail_once, number), "allocation", number);
}

static void all_allocations_fail_from_one_on(void) {
    int64_t number;
    *told = 0;
    for (number = beginning(); number <= number_of_allocations; number += stride(307)) judge(in_child(fail_from_then_on, number), "from allocation", number);
    CHECK(*told > 0); /* some calls did fail */
}

static void the_address_space_is_limited(void) {
    int64_t kilobytes;
    *told = 0;
    for (kilobytes = 0; kilobytes < 16384; kilobytes += kilobytes < 4096 ? stride(32) : 16 * stride(32))
        judge(in_child(limit_addresses, kilobytes), "kilobytes more:", kilobytes);
    CHECK(*told > 0);
}

static void read_back(void) {
    uint8_t *bytes = read_file(generator_path, &file_size);
    CHECK(bytes != NULL && file_size < sizeof file_bytes / 2);
    if (bytes != NULL) memcpy(file_bytes, bytes, file_size);
    free(bytes);
}

static void write_inputs(int64_t unused) {
    uint8_t header[16] = {0, 0, 8, 3, 0, 0, 0, IMAGES, 0, 0, 0, SIDE, 0, 0, 0, SIDE};
    static uint8_t bytes[16 + IMAGES * PIXELS];
    gan_generator *generator;
    char path[256];
    int i;
    (void)unused;
    memcpy(bytes, header, 16);
    memcpy(bytes + 16, small, sizeof small);
    write_file(images_path, bytes, sizeof bytes);
    mkdir(folder_path, 0777);
    for (i = 0; i < 12; i++) {
        snprintf(path, sizeof path, "%s/picture-with-a-long-name-%d.png", folder_path, i);
        CHECK_OK(gan_image_write_png(small + i * PIXELS, 1, SIDE, SIDE, 1, 1, 0, 1, path));
    }
    generator = small_generator();
    CHECK_OK(gan_generator_save(generator, generator_path));
    gan_generator_destroy(generator);
    read_back();
    use_the_library(NULL);
    CHECK(rename(result_path, expected_path) == 0);
}

static void the_inputs_can_be_made(void) {
    judge(in_child(write_inputs, 0), "inputs", 0);
    read_back();
    judge(in_child(count, 0), "counting", 0);
    number_of_allocations = *told;
    CHECK(number_of_allocations > 500);
}

int main(void) {
    gan_isa = getenv("GAN_ISA") != NULL ? getenv("GAN_ISA") : "avx512";
    snprintf(images_path, sizeof images_path, "%s", scratch("images.idx"));
    snprintf(png_path, sizeof png_path, "%s", scratch("grid.png"));
    snprintf(obj_path, sizeof obj_path, "%s", scratch("shape.obj"));
    snprintf(saved_path, sizeof saved_path, "%s", scratch("saved.safetensors"));
    snprintf(again_path, sizeof again_path, "%s", scratch("again"));
    snprintf(result_path, sizeof result_path, "%s", scratch("result.safetensors"));
    snprintf(expected_path, sizeof expected_path, "%s", scratch("expected.safetensors"));
    snprintf(generator_path, sizeof generator_path, "%s", scratch("generator.safetensors"));
    snprintf(folder_path, sizeof folder_path, "%s", scratch("folder"));
    small_pixels(small);
    getrlimit(RLIMIT_AS, &unlimited);
    told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (told == MAP_FAILED) return 1;
    RUN(the_inputs_can_be_made);
    RUN(one_allocation_fails);
    RUN(all_allocations_fail_from_one_on);
    RUN(the_address_space_is_limited);
    if (getenv("MEMORY_STRIDE") != NULL) fprintf(stderr, "%lld allocations\n", (long long)number_of_allocations);
    return FINISH("memory");
}
