/* test-allocations: a training step and a draw ask the system for no memory at all.
 *
 * The C library's allocation functions are replaced by ones that count; so are mmap and its kin, because a library could
 * go round malloc. Everything in the process is counted, on every thread: the library, Swift's runtime, libstdc++.
 */
#include "check.h"

#include <sys/mman.h>
#include <sys/syscall.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static int64_t allocations;

static void count(void) { __atomic_fetch_add(&allocations, 1, __ATOMIC_SEQ_CST); }

void *malloc(size_t size) {
    count();
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count();
    return __libc_calloc(number, size);
}

void *realloc(void *memory, size_t size) {
    count();
    return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    void *result;
    count();
    result = __libc_memalign(alignment, size);
    if (result == NULL) return ENOMEM;
    *memory = result;
    return 0;
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset) {
    count();
    return (void *)syscall(SYS_mmap, address, length, protection, flags, file, offset);
}

static int64_t allocations_so_far(void) { return __atomic_load_n(&allocations, __ATOMIC_SEQ_CST); }

static void the_counter_counts(void) {
    int64_t before = allocations_so_far();
    gan_options *options = NULL;
    void *volatile memory = malloc(10);
    CHECK(allocations_so_far() == before + 1);
    free(memory);
    CHECK_OK(gan_options_create(&options)); /* and it sees the library's */
    CHECK(allocations_so_far() > before + 1);
    gan_options_destroy(options);
}

static int32_t fill(void *context, const int64_t *indices, int64_t number, float *values) {
    int64_t i;
    (void)context, (void)indices;
    for (i = 0; i < number * PIXELS; i++) values[i] = (float)(i % 100) / 100;
    return 0;
}

#define AUGMENTED                                                                                                        \
    {"augment", "all"}, {"augment.target", "0.6"}, {"augment.mirror", "true"}, {"noise", "0.1"}, {"noise.steps", "20"}, {NULL, NULL}

/* Of what has two discriminators, which no one probability can follow. */
#define AUGMENTED_ALIKE {"augment", "all"}, {"augment.mirror", "true"}, {"noise", "0.1"}, {"noise.steps", "20"}, {NULL, NULL}

static void train(gan_dataset *dataset, const char *name, const char *const (*settings)[2]) {
    int threads;
    for (threads = 0; threads <= 3; threads++) {
        /* Recipes with networks of their own take no options of others. */
        int has_networks = settings != NULL && strcmp((*settings)[0], "recipe") == 0;
        gan_options *options = has_networks ? NULL : small_options(threads);
        gan_trainer *trainer = NULL;
        const char *const (*setting)[2];
        int64_t before;
        int32_t status;
        if (has_networks) {
            CHECK_OK(gan_options_create(&options));
            CHECK_OK(gan_options_set_integer(options, "batch-size", BATCH));
            CHECK_OK(gan_options_set_integer(options, "threads", threads));
        }
        for (setting = settings; setting != NULL && (*setting)[0] != NULL; setting++) CHECK_OK(gan_options_set(options, (*setting)[0], (*setting)[1]));
        CHECK_OK(gan_trainer_create(options, dataset, &trainer));
        before = allocations_so_far();
        status = gan_trainer_step(trainer, 1);
        if (allocations_so_far() != before)
            check_fails(__FILE__, __LINE__, "%s, %d threads: %lld allocations in the first step", name, threads, (long long)(allocations_so_far() - before));
        CHECK_OK(status);
        before = allocations_so_far();
        status = gan_trainer_step(trainer, 5 * STEPS_PER_EPOCH); /* with new orders of the data */
        if (allocations_so_far() != before)
            check_fails(__FILE__, __LINE__, "%s, %d threads: %lld allocations in 60 steps", name, threads, (long long)(allocations_so_far() - before));
        CHECK_OK(status);
        gan_trainer_destroy(trainer);
        gan_options_destroy(options);
    }
}

static void a_step_allocates_nothing(void) {
    static const char *const parts[][2] = {{"accumulate", "2"}, AUGMENTED};
    static const char *const packs[][2] = {{"packing", "2"}, AUGMENTED};
    static float values[IMAGES * PIXELS];
    gan_dataset *bytes = small_dataset(), *floats = NULL, *called = NULL;
    CHECK_OK(gan_dataset_create_floats(values, IMAGES, SIDE, SIDE, 1, 0, 1, NULL, 0, NULL, NULL, &floats));
    CHECK_OK(gan_dataset_create_callback(fill, IMAGES, SIDE, SIDE, 1, NULL, NULL, &called));
    train(bytes, "bytes", NULL);
    train(floats, "floats", NULL);
    train(called, "callback", NULL);
    train(bytes, "bytes in parts", parts);
    train(called, "callback in packs", packs);
    gan_dataset_destroy(bytes);
    gan_dataset_destroy(floats);
    gan_dataset_destroy(called);
}

/* Products a batch, copies, softmax, dropout and gradients of gradients. */
static void a_step_of_other_networks_allocates_nothing(void) {
    static const char *const residual[][2] = {
        {"preset", "resnet"}, {"generator.channels", "3"}, {"discriminator.channels", "3"}, {"attention.side", "4"}, {NULL, NULL}};
    static const char *const listed[][2] = {
        {"network", "layers"}, {"generator.layers", "dense 32, reshape 4 4 2, norm batch, relu, upsample 2 bilinear, conv 4, shuffle 2, average 2, sigmoid"},
        {"discriminator.layers", "conv 4 4 2, leaky-relu, dropout 0.3, attention, residual"}, {NULL, NULL}};
    static const char *const characters[][2] = {
        {"recipe", "tags"}, {"generator.channels", "3"}, {"discriminator.channels", "3"}, {"generator.blocks", "2"}, {"latent.size", "8"}, {"tags.drawn", "apart"}, AUGMENTED};
    static uint8_t pixels[IMAGES * 64], tags[IMAGES * 2];
    gan_dataset *dataset = NULL, *tagged = NULL;
    int i;
    for (i = 0; i < IMAGES * 64; i++) pixels[i] = (uint8_t)(i * 37 % 251);
    for (i = 0; i < IMAGES * 2; i++) tags[i] = i % 3 == 0;
    CHECK_OK(gan_dataset_create_bytes(pixels, IMAGES, 8, 8, 1, NULL, 0, NULL, NULL, &dataset));
    CHECK_OK(gan_dataset_add_tags(dataset, NULL, tags, "hat\nsmile", &tagged));
    train(dataset, "residual networks", residual);
    train(dataset, "lists of layers", listed);
    train(tagged, "characters by tags", characters);
    gan_dataset_destroy(dataset);
    gan_dataset_destroy(tagged);
}

/* Two data sets, and pictures that are shown again. */
static void a_step_of_two_kinds_of_pictures_allocates_nothing(void) {
    static const char *const translation[][2] = {
        {"recipe", "translation"}, {"generator.channels", "2"}, {"discriminator.channels", "2"}, {"generator.blocks", "1"}, {"pool", "30"}, AUGMENTED_ALIKE};
    static uint8_t pixels[IMAGES * 64];
    gan_dataset *kinds[2] = {NULL, NULL}, *both = NULL;
    int i;
    for (i = 0; i < IMAGES * 64; i++) pixels[i] = (uint8_t)(i * 37 % 251);
    CHECK_OK(gan_dataset_create_bytes(pixels, IMAGES, 8, 8, 1, NULL, 0, NULL, NULL, &kinds[0]));
    CHECK_OK(gan_dataset_create_bytes(pixels, IMAGES - 20, 8, 8, 1, NULL, 0, NULL, NULL, &kinds[1]));
    CHECK_OK(gan_dataset_combine((const gan_dataset *const *)kinds, 2, "source\ntarget", 0, &both));
    train(both, "two kinds of pictures", translation);
    gan_dataset_destroy(both);
    gan_dataset_destroy(kinds[0]);
    gan_dataset_destroy(kinds[1]);
}

/* An update that is left out now and then, and an encoder. */
static void a_step_of_volumes_allocates_nothing(void) {
    static const char *const volumes[][2] = {
        {"recipe", "volume"}, {"generator.channels", "2"}, {"discriminator.channels", "2"}, {"volume.accuracy", "0.6"}, {NULL, NULL}};
    static const char *const seen[][2] = {
        {"recipe", "view-to-volume"}, {"generator.channels", "2"}, {"discriminator.channels", "2"}, {"view.channels", "2"}, {NULL, NULL}};
    static const int64_t axes[] = {8, 8, 8, 1};
    static float voxels[IMAGES * 512];
    static uint8_t pixels[IMAGES * 64];
    static float drawn[20 * 512];
    gan_dataset *parts[2] = {NULL, NULL}, *both = NULL;
    gan_options *options = NULL;
    gan_trainer *trainer = NULL;
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    int64_t before;
    int32_t status;
    int i;
    for (i = 0; i < IMAGES * 512; i++) voxels[i] = (float)(i / 64 % 7 > 2);
    for (i = 0; i < IMAGES * 64; i++) pixels[i] = (uint8_t)(i * 37 % 251);
    CHECK_OK(gan_dataset_create_bytes(pixels, IMAGES, 8, 8, 1, NULL, 0, NULL, NULL, &parts[0]));
    CHECK_OK(gan_dataset_create_values(voxels, IMAGES, axes, 4, 0, 1, "volume", NULL, NULL, &parts[1]));
    CHECK_OK(gan_dataset_combine((const gan_dataset *const *)parts, 2, "view\nvolume", 1, &both));
    train(parts[1], "volumes", volumes);
    train(both, "views with volumes", seen);
    CHECK_OK(gan_options_create(&options));
    for (i = 0; seen[i][0] != NULL; i++) CHECK_OK(gan_options_set(options, seen[i][0], seen[i][1]));
    CHECK_OK(gan_trainer_create(options, both, &trainer));
    CHECK_OK(gan_trainer_generator(trainer, &generator));
    CHECK_OK(gan_sampler_create(generator, options, &sampler));
    CHECK_OK(gan_sampler_draw(sampler, 1, 0, 20, drawn, 20 * 512));
    before = allocations_so_far();
    status = gan_sampler_draw(sampler, 1, 3, 20, drawn, 20 * 512);
    if (allocations_so_far() != before) check_fails(__FILE__, __LINE__, "%lld allocations in a draw of volumes", (long long)(allocations_so_far() - before));
    CHECK_OK(status);
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
    gan_trainer_destroy(trainer);
    gan_options_destroy(options);
    gan_dataset_destroy(both);
    gan_dataset_destroy(parts[0]);
    gan_dataset_destroy(parts[1]);
}

static void a_draw_allocates_nothing(void) {
    static float images[200 * PIXELS], latents[200 * LATENT];
    static uint8_t pixels[200 * PIXELS];
    gan_generator *generator = small_generator();
    int threads, number;
    for (threads = 0; threads <= 5; threads++) {
        gan_options *options = small_options(threads % 3);
        gan_sampler *sampler = NULL;
        if (threads >= 3) CHECK_OK(gan_options_set(options, "truncation", "0.7"));
        CHECK_OK(gan_sampler_create(generator, options, &sampler));
        if (threads % 3 != 1) CHECK_OK(gan_sampler_draw(sampler, 1, 0, 200, images, 200 * PIXELS)); /* starts the threads */
        for (number = 1; number <= 200; number = number * 2 + 1) {
            int64_t before = allocations_so_far(), after;
            int32_t status[6];
            int i;
            status[0] = gan_sampler_draw(sampler, 1, 0, number, images, 200 * PIXELS);
            status[1] = gan_sampler_draw_bytes(sampler, 1, 0, number, pixels, 200 * PIXELS);
            status[2] = gan_sampler_latents(sampler, 1, 0, number, latents, 200 * LATENT);
            status[3] = gan_sampler_decode(sampler, latents, number, images, 200 * PIXELS);
            status[4] = gan_sampler_decode_bytes(sampler, latents, number, pixels, 200 * PIXELS);
            status[5] = gan_sampler_path(sampler, latents, latents, GAN_PATH_SPHERICAL, number, images, 200 * PIXELS);
            after = allocations_so_far();
            if (after != before) check_fails(__FILE__, __LINE__, "%d threads, %d samples: %lld allocations", threads, number, (long long)(after - before));
            for (i = 0; i < 6; i++) CHECK(status[i] == GAN_OK);
        }
        gan_sampler_destroy(sampler);
        gan_options_destroy(options);
    }
    gan_generator_destroy(generator);
}

int main(void) {
    RUN(the_counter_counts);
    RUN(a_step_allocates_nothing);
    RUN(a_step_of_other_networks_allocates_nothing);
    RUN(a_step_of_two_kinds_of_pictures_allocates_nothing);
    RUN(a_step_of_volumes_allocates_nothing);
    RUN(a_draw_allocates_nothing);
    return FINISH("allocations");
}
