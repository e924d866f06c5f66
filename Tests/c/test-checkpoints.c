/* test-checkpoints: saving, resuming exactly in another process, and every way in which a checkpoint can be wrong.
 *
 * "test-checkpoints resume FROM TO EPOCHS STEPS THREADS" is the other process.
 */
#include "check.h"

#include <dirent.h>

static char self[512];

/* ------------------------------------------------------------------------------------------------ Resuming */

/* What the other process does. */
static int resume(char **arguments) {
    gan_dataset *dataset = small_dataset();
    gan_options *options = NULL;
    gan_trainer *trainer = NULL;
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_options_set(options, "threads", arguments[4]));
    CHECK_OK(gan_trainer_load(arguments[0], options, dataset, &trainer));
    CHECK_OK(gan_trainer_step(trainer, atoi(arguments[3])));
    CHECK_OK(gan_trainer_run(trainer, atoi(arguments[2]), NULL, NULL));
    CHECK_OK(gan_trainer_save(trainer, arguments[1]));
    gan_trainer_destroy(trainer);
    gan_options_destroy(options);
    gan_dataset_destroy(dataset);
    return current_failed;
}

static void resume_elsewhere(const char *from, const char *to, int epochs, int steps, int threads) {
    char command[1200];
    snprintf(command, sizeof command, "'%s' resume '%s' '%s' %d %d %d", self, from, to, epochs, steps, threads);
    if (system(command) != 0) CHECK(!"the other process failed");
}

static void train_and_save(int epochs, int steps, int threads, const char *path) {
    gan_trainer *trainer = small_trainer(threads);
    CHECK_OK(gan_trainer_run(trainer, epochs, NULL, NULL));
    CHECK_OK(gan_trainer_step(trainer, steps));
    CHECK_OK(gan_trainer_save(trainer, path));
    gan_trainer_destroy(trainer);
}

static void seven_epochs_are_three_and_four(void) {
    char whole[192], part[192], rest[192], name[32];
    int threads;
    snprintf(whole, sizeof whole, "%s", scratch("whole.safetensors"));
    train_and_save(7, 0, 1, whole);
    for (threads = 1; threads <= 3; threads++) {
        snprintf(name, sizeof name, "part-%d.safetensors", threads);
        snprintf(part, sizeof part, "%s", scratch(name));
        snprintf(name, sizeof name, "rest-%d.safetensors", threads);
        snprintf(rest, sizeof rest, "%s", scratch(name));
        train_and_save(3, 0, threads, part);
        resume_elsewhere(part, rest, 4, 0, 4 - threads); /* with another number of threads */
        CHECK(same_files(whole, rest));
        CHECK(!same_files(whole, part));
    }
}

static void resuming_within_an_epoch_is_exact_too(void) {
    char whole[192], part[192], rest[192], later[192];
    snprintf(whole, sizeof whole, "%s", scratch("whole.safetensors"));
    snprintf(part, sizeof part, "%s", scratch("within.safetensors"));
    snprintf(rest, sizeof rest, "%s", scratch("within-rest.safetensors"));
    snprintf(later, sizeof later, "%s", scratch("within-later.safetensors"));
    train_and_save(7, 0, 2, whole);
    train_and_save(2, 7, 2, part);
    resume_elsewhere(part, rest, 0, 2, 1);
    resume_elsewhere(rest, later, 5, 0, 2); /* what remains of the third epoch, and four more */
    CHECK(same_files(whole, later));
}

static void sizes_that_are_no_multiple_of_anything_do_not_depend_on_threads(void) {
    char first[192], other[192], name[32];
    int threads;
    for (threads = 1; threads <= 4; threads++) {
        gan_options *options = small_options(threads);
        gan_dataset *dataset = small_dataset();
        gan_trainer *trainer = NULL;
        snprintf(name, sizeof name, "odd-%d", threads);
        CHECK_OK(gan_options_set(options, "generator.hidden", "131,67"));
        CHECK_OK(gan_options_set(options, "discriminator.hidden", "257,33"));
        CHECK_OK(gan_options_set(options, "latent.size", "77"));
        CHECK_OK(gan_options_set(options, "batch-size", "51"));
        CHECK_OK(gan_trainer_create(options, dataset, &trainer));
        CHECK_OK(gan_trainer_step(trainer, 20));
        snprintf(threads == 1 ? first : other, 192, "%s", scratch(name));
        CHECK_OK(gan_trainer_save(trainer, threads == 1 ? first : other));
        if (threads > 1) CHECK(same_files(first, other));
        gan_trainer_destroy(trainer);
        gan_dataset_destroy(dataset);
        gan_options_destroy(options);
    }
}

static void the_same_state_gives_the_same_bytes(void) {
    char first[192], second[192], third[192];
    gan_trainer *trainer = small_trainer(1);
    gan_dataset *dataset = small_dataset();
    snprintf(first, sizeof first, "%s", scratch("first"));
    snprintf(second, sizeof second, "%s", scratch("second"));
    snprintf(third, sizeof third, "%s", scratch("third"));
    CHECK_OK(gan_trainer_step(trainer, 4));
    CHECK_OK(gan_trainer_save(trainer, first));
    CHECK_OK(gan_trainer_save(trainer, second));
    CHECK(same_files(first, second));
    gan_trainer_destroy(trainer);
    trainer = NULL;
    CHECK_OK(gan_trainer_load(first, NULL, dataset, &trainer));
    CHECK(metric(trainer, "step") == 4);
    CHECK_OK(gan_trainer_save(trainer, third));
    CHECK(same_files(first, third));
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
}

/* ------------------------------------------------------------------------------------------- Overriding */

static void rates_may_change_and_architecture_may_not(void) {
    static const struct { const char *name, *value; } wrong[] = {
        {"generator.hidden", "9,9"}, {"discriminator.hidden", ""}, {"latent.size", "6"}, {"batch-size", "12"}, {"seed", "43"},
        {"generator.activation", "tanh"}, {"generator.output", "tanh"}, {"loss", "minimax"}, {"latent.distribution", "uniform"},
    };
    static const struct { const char *name, *value; } right[] = {
        {"generator.learning-rate", "0.001"}, {"discriminator.beta1", "0.5"}, {"threads", "2"}, {"generator.hidden", "9,8"}, {"seed", "42"},
    };
    char path[192], text[64];
    gan_dataset *dataset = small_dataset();
    size_t i;
    snprintf(path, sizeof path, "%s", scratch("override"));
    train_and_save(1, 0, 1, path);
    for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        gan_options *options = NULL;
        gan_trainer *trainer = POISON;
        CHECK_OK(gan_options_create(&options));
        CHECK_OK(gan_options_set(options, wrong[i].name, wrong[i].value));
        CHECK_FAILS(gan_trainer_load(path, options, dataset, &trainer), GAN_E_MISMATCH, wrong[i].name);
        CHECK(trainer == POISON);
        gan_options_destroy(options);
    }
    for (i = 0; i < sizeof right / sizeof right[0]; i++) {
        gan_options *options = NULL;
        gan_trainer *trainer = NULL;
        CHECK_OK(gan_options_create(&options));
        CHECK_OK(gan_options_set(options, right[i].name, right[i].value));
        if (CHECK_OK(gan_trainer_load(path, options, dataset, &trainer))) {
            CHECK_OK(gan_trainer_option(trainer, right[i].name, text, sizeof text, NULL));
            CHECK_TEXT(text, right[i].value);
            CHECK_OK(gan_trainer_step(trainer, 1));
        }
        gan_trainer_destroy(trainer);
        gan_options_destroy(options);
    }
    gan_dataset_destroy(dataset);
}

static void the_data_must_fit(void) {
    char path[192];
    uint8_t pixels[IMAGES * PIXELS] = {0};
    gan_dataset *dataset = NULL;
    gan_trainer *trainer = POISON;
    snprintf(path, sizeof path, "%s", scratch("fit"));
    train_and_save(1, 0, 1, path);
    CHECK_OK(gan_dataset_create_bytes(pixels, IMAGES, SIDE, 3, 2, NULL, 0, NULL, NULL, &dataset));
    CHECK_FAILS(gan_trainer_load(path, NULL, dataset, &trainer), GAN_E_MISMATCH, "6");
    gan_dataset_destroy(dataset);
    CHECK_OK(gan_dataset_create_bytes(pixels, BATCH - 1, SIDE, SIDE, 1, NULL, 0, NULL, NULL, &dataset));
    CHECK_FAILS(gan_trainer_load(path, NULL, dataset, &trainer), GAN_E_BAD_DATA, "9");
    CHECK(trainer == POISON);
    gan_dataset_destroy(dataset);
}

/* The small data set with one byte changed, or with one image less, or as floats, or from a callback. */
static int32_t deliver(void *context, const int64_t *indices, int64_t count, float *values) {
    (void)context, (void)indices;
    memset(values, 0, (size_t)count * PIXELS * sizeof *values);
    return 0;
}

static gan_dataset *other_dataset(int kind) {
    uint8_t pixels[IMAGES * PIXELS];
    float values[IMAGES * PIXELS];
    gan_dataset *dataset = NULL;
    int i;
    small_pixels(pixels);
    for (i = 0; i < IMAGES * PIXELS; i++) values[i] = pixels[i] / 255.0f;
    if (kind == 1) pixels[IMAGES * PIXELS - 1] ^= 1;
    if (kind < 3) CHECK_OK(gan_dataset_create_bytes(pixels, kind == 2 ? IMAGES - 1 : IMAGES, SIDE, SIDE, 1, NULL, 0, NULL, NULL, &dataset));
    else if (kind < 5) CHECK_OK(gan_dataset_create_floats(values, IMAGES, SIDE, SIDE, 1, 0, kind == 3 ? 1.0f : 2.0f, NULL, 0, NULL, NULL, &dataset));
    else CHECK_OK(gan_dataset_create_callback(deliver, kind == 6 ? IMAGES - 1 : IMAGES, SIDE, SIDE, 1, NULL, NULL, &dataset));
    return dataset;
}

static int32_t data_of(const gan_trainer *trainer) {
    int32_t comparison = -5;
    CHECK_OK(gan_trainer_data(trainer, &comparison));
    return comparison;
}

static void other_data_are_known(void) {
    static const int32_t of_bytes[] = {GAN_DATA_SAME, GAN_DATA_OTHER, GAN_DATA_OTHER, GAN_DATA_OTHER, GAN_DATA_OTHER, GAN_DATA_UNKNOWN, GAN_DATA_OTHER};
    char path[192];
    gan_dataset *datasets[7];
    int kind, second;
    snprintf(path, sizeof path, "%s", scratch("data"));
    for (kind = 0; kind < 7; kind++) datasets[kind] = other_dataset(kind);
    for (kind = 0; kind < 7; kind++) {
        gan_options *options = small_options(1);
        gan_trainer *trainer = NULL;
        CHECK_OK(gan_trainer_create(options, datasets[kind], &trainer));
        CHECK(data_of(trainer) == GAN_DATA_SAME); /* a new training's own */
        CHECK_OK(gan_trainer_step(trainer, 2));
        CHECK_OK(gan_trainer_save(trainer, path));
        CHECK(data_of(trainer) == GAN_DATA_SAME);
        gan_trainer_destroy(trainer);
        for (second = 0; second < 7; second++) {
            const int32_t expected = second == kind && kind < 5 ? GAN_DATA_SAME : kind == 0 ? of_bytes[second] : second == 0 ? of_bytes[kind] : -1;
            CHECK_OK(gan_trainer_load(path, NULL, datasets[second], &trainer));
            if (expected >= 0 && data_of(trainer) != expected) check_fails(__FILE__, __LINE__, "data %d after %d: %d", second, kind, data_of(trainer));
            CHECK_OK(gan_trainer_step(trainer, 1)); /* it goes on whatever the data */
            gan_trainer_destroy(trainer);
        }
        gan_options_destroy(options);
    }
    {
        /* What a training with other data saves remembers those. */
        gan_trainer *trainer = NULL;
        train_and_save(1, 0, 1, path);
        CHECK_OK(gan_trainer_load(path, NULL, datasets[1], &trainer));
        CHECK(data_of(trainer) == GAN_DATA_OTHER);
        CHECK_OK(gan_trainer_save(trainer, path));
        gan_trainer_destroy(trainer);
        CHECK_OK(gan_trainer_load(path, NULL, datasets[1], &trainer));
        CHECK(data_of(trainer) == GAN_DATA_SAME);
        gan_trainer_destroy(trainer);
    }
    for (kind = 0; kind < 7; kind++) gan_dataset_destroy(datasets[kind]);
}

/* -------------------------------------------------------------------------------------------------- Memory */

static void memory_holds_what_a_file_holds(void) {
    char path[192], rest[192];
    gan_dataset *dataset = small_dataset();
    gan_trainer *trainer = small_trainer(1), *second = NULL, *none = POISON;
    gan_generator *generator = NULL;
    uint8_t *file, *memory;
    size_t file_size = 0, size = 0;
    int32_t comparison = 9;
    int alone;
    snprintf(path, sizeof path, "%s", scratch("of-a-file"));
    snprintf(rest, sizeof rest, "%s", scratch("rest"));
    CHECK_OK(gan_trainer_step(trainer, 5));
    CHECK_OK(gan_trainer_generator(trainer, &generator));
    for (alone = 0; alone < 2; alone++) {
        CHECK_OK(alone ? gan_generator_save(generator, path) : gan_trainer_save(trainer, path));
        file = read_file(path, &file_size);
        CHECK_OK(alone ? gan_generator_save_memory(generator, NULL, 0, &size) : gan_trainer_save_memory(trainer, NULL, 0, &size));
        CHECK(size == file_size);
        memory = malloc(size + 1);
        memset(memory, 0x5a, size + 1);
        size = 0;
        CHECK_FAILS(alone ? gan_generator_save_memory(generator, memory, file_size - 1, &size)
                          : gan_trainer_save_memory(trainer, memory, file_size - 1, &size), GAN_E_BUFFER_TOO_SMALL, "bytes");
        CHECK(size == file_size && memory[0] == 0x5a);
        size = 0;
        CHECK_OK(alone ? gan_generator_save_memory(generator, memory, file_size, &size) : gan_trainer_save_memory(trainer, memory, file_size, &size));
        CHECK(size == file_size && memcmp(file, memory, size) == 0 && memory[size] == 0x5a);
        if (alone) {
            CHECK_FAILS(gan_trainer_load_memory(memory, size, NULL, dataset, &none), GAN_E_MISMATCH, "generator only");
        } else {
            CHECK_OK(gan_trainer_load_memory(memory, size, NULL, dataset, &second));
            CHECK(metric(second, "step") == 5 && data_of(second) == GAN_DATA_SAME);
            CHECK_OK(gan_trainer_step(second, 3));
            CHECK_OK(gan_trainer_save(second, rest));
            CHECK_OK(gan_trainer_step(trainer, 3));
            CHECK_OK(gan_trainer_save(trainer, path));
            CHECK(same_files(path, rest));
            memory[size / 2] ^= 4;
            CHECK_FAILS(gan_trainer_load_memory(memory, size, NULL, dataset, &none), GAN_E_CHECKSUM, "buffer");
            CHECK_FAILS(gan_trainer_load_memory(memory, size - 1, NULL, dataset, &none), GAN_E_TRUNCATED, "buffer");
        }
        free(file);
        free(memory);
    }
    size = 3;
    CHECK_FAILS(gan_trainer_load_memory(NULL, 1, NULL, dataset, &none), GAN_E_INVALID_ARGUMENT, "bytes");
    CHECK_FAILS(gan_trainer_load_memory("x", SIZE_MAX, NULL, dataset, &none), GAN_E_INVALID_ARGUMENT, "size");
    CHECK_FAILS(gan_trainer_load_memory("x", 1, NULL, dataset, NULL), GAN_E_INVALID_ARGUMENT, "out");
    CHECK_FAILS(gan_trainer_save_memory(NULL, NULL, 0, &size), GAN_E_INVALID_ARGUMENT, "trainer");
    CHECK_FAILS(gan_trainer_save_memory(trainer, NULL, 0, NULL), GAN_E_INVALID_ARGUMENT, "size");
    CHECK_FAILS(gan_trainer_save_memory(trainer, NULL, 8, &size), GAN_E_INVALID_ARGUMENT, "buffer");
    CHECK_FAILS(gan_generator_save_memory(NULL, NULL, 0, &size), GAN_E_INVALID_ARGUMENT, "generator");
    CHECK_FAILS(gan_generator_save_memory(generator, NULL, 0, NULL), GAN_E_INVALID_ARGUMENT, "size");
    CHECK_FAILS(gan_generator_save_memory(generator, NULL, 8, &size), GAN_E_INVALID_ARGUMENT, "buffer");
    CHECK_FAILS(gan_trainer_data(NULL, &comparison), GAN_E_INVALID_ARGUMENT, "trainer");
    CHECK_FAILS(gan_trainer_data(trainer, NULL), GAN_E_INVALID_ARGUMENT, "comparison");
    CHECK(size == 3 && none == POISON && comparison == 9);
    gan_trainer_destroy(second);
    gan_trainer_destroy(trainer);
    gan_generator_destroy(generator);
    gan_dataset_destroy(dataset);
}

/* ---------------------------------------------------------------------------------------------- Generators */

static void a_generator_alone_draws_and_does_not_train(void) {
    char whole[192], alone[192], text[32];
    gan_generator *generator = NULL, *again = NULL, *memory = NULL;
    gan_sampler *one = NULL, *two = NULL, *three = NULL;
    gan_dataset *dataset = small_dataset();
    gan_trainer *trainer = POISON;
    float a[4 * PIXELS], b[4 * PIXELS], c[4 * PIXELS];
    int32_t latent = 0, height = 0, width = 0, channels = 0;
    uint8_t *bytes;
    size_t size = 0, whole_size = 0, needed = 0;
    snprintf(whole, sizeof whole, "%s", scratch("trainer.safetensors"));
    snprintf(alone, sizeof alone, "%s", scratch("generator.safetensors"));
    train_and_save(2, 0, 1, whole);
    CHECK_OK(gan_generator_load(whole, &generator));
    CHECK_OK(gan_generator_save(generator, alone));
    CHECK_OK(gan_generator_load(alone, &again));
    bytes = read_file(alone, &size);
    free(read_file(whole, &whole_size));
    CHECK(size < whole_size);
    CHECK_OK(gan_generator_load_memory(bytes, size, &memory));
    free(bytes);
    CHECK_OK(gan_sampler_create(generator, NULL, &one));
    CHECK_OK(gan_sampler_create(again, NULL, &two));
    CHECK_OK(gan_sampler_create(memory, NULL, &three));
    CHECK_OK(gan_sampler_draw(one, 1, 0, 4, a, 4 * PIXELS));
    CHECK_OK(gan_sampler_draw(two, 1, 0, 4, b, 4 * PIXELS));
    CHECK_OK(gan_sampler_draw(three, 1, 0, 4, c, 4 * PIXELS));
    CHECK(memcmp(a, b, sizeof a) == 0 && memcmp(a, c, sizeof a) == 0);
    CHECK_OK(gan_generator_latent_size(again, &latent));
    CHECK_OK(gan_generator_shape(again, &height, &width, &channels));
    CHECK(latent == LATENT && height == SIDE && width == SIDE && channels == 1);
    CHECK_OK(gan_generator_option(again, "generator.hidden", text, sizeof text, &needed));
    CHECK_TEXT(text, "9,8");
    CHECK(needed == 4);
    CHECK_FAILS(gan_trainer_load(alone, NULL, dataset, &trainer), GAN_E_MISMATCH, "generator");
    CHECK(trainer == POISON);
    gan_sampler_destroy(one);
    gan_sampler_destroy(two);
    gan_sampler_destroy(three);
    gan_generator_destroy(generator);
    gan_generator_destroy(again);
    gan_generator_destroy(memory);
    gan_dataset_destroy(dataset);
}

/* -------------------------------------------------------------------------------------------- Broken files */

static uint8_t *good;
static size_t good_size;

static void prepare(void) {
    const char *path = scratch("good.safetensors");
    train_and_save(1, 0, 1, path);
    good = read_file(path, &good_size);
}

static int32_t load(const uint8_t *bytes, size_t size) {
    gan_generator *generator = POISON;
    int32_t status = gan_generator_load_memory(bytes, size, &generator);
    if (status == GAN_OK) gan_generator_destroy(generator);
    else if (generator != POISON) CHECK(!"an out-parameter was changed by a call that failed");
    return status;
}

static void every_cut_is_found(void) {
    size_t size;
    CHECK(load(good, good_size) == GAN_OK);
    for (size = 0; size < good_size; size += size < 3000 || size + 300 > good_size ? 1 : 13) {
        int32_t status = load(good, size);
        if (status != GAN_E_TRUNCATED) check_fails(__FILE__, __LINE__, "cut after %zu: %s", size, gan_status_name(status));
    }
}

static void every_flipped_bit_is_found(void) {
    size_t at;
    for (at = 0; at < good_size; at += at < 2000 || at + 100 > good_size ? 1 : 5) {
        int32_t status;
        good[at] ^= (uint8_t)(1 << at % 8);
        status = load(good, good_size);
        if (status != GAN_E_CHECKSUM && status != GAN_E_BAD_FORMAT && status != GAN_E_TRUNCATED && status != GAN_E_NEWER_VERSION)
            check_fails(__FILE__, __LINE__, "bit %zu of byte %zu: %s", at % 8, at, gan_status_name(status));
        good[at] ^= (uint8_t)(1 << at % 8);
    }
}

static void files_say_the_same_as_memory(void) {
    const char *path = scratch("broken.safetensors");
    gan_generator *generator = POISON;
    gan_trainer *trainer = POISON;
    gan_dataset *dataset = small_dataset();
    write_file(path, good, good_size - 1);
    CHECK_FAILS(gan_generator_load(path, &generator), GAN_E_TRUNCATED, "broken.safetensors");
    CHECK_FAILS(gan_trainer_load(path, NULL, dataset, &trainer), GAN_E_TRUNCATED, "broken.safetensors");
    good[good_size - 9] ^= 64;
    write_file(path, good, good_size);
    CHECK_FAILS(gan_generator_load(path, &generator), GAN_E_CHECKSUM, "broken.safetensors");
    CHECK_FAILS(gan_trainer_load(path, NULL, dataset, &trainer), GAN_E_CHECKSUM, "broken.safetensors");
    good[good_size - 9] ^= 64;
    write_file(path, "", 0);
    CHECK_FAILS(gan_generator_load(path, &generator), GAN_E_TRUNCATED, "broken.safetensors");
    write_file(path, "A text that is no checkpoint.", 29);
    CHECK(gan_generator_load(path, &generator) == GAN_E_BAD_FORMAT || gan_generator_load(path, &generator) == GAN_E_TRUNCATED);
    CHECK_FAILS(gan_generator_load(scratch("nowhere"), &generator), GAN_E_NOT_FOUND, "nowhere");
    CHECK(gan_generator_load("/tmp", &generator) < 0);
    CHECK_FAILS(gan_trainer_load(scratch("nowhere"), NULL, dataset, &trainer), GAN_E_NOT_FOUND, "nowhere");
    CHECK_FAILS(gan_generator_load("", &generator), GAN_E_INVALID_ARGUMENT, "path");
    CHECK(generator == POISON && trainer == POISON);
    gan_dataset_destroy(dataset);
}

/* A copy of the good file in which a text of the header is replaced by another of the same length. */
static int32_t load_with(const char *text, const char *other) {
    uint8_t *copy = malloc(good_size), *at;
    int32_t status;
    memcpy(copy, good, good_size);
    at = memmem(copy, good_size, text, strlen(text));
    if (at == NULL) {
        free(copy);
        check_fails(__FILE__, __LINE__, "the checkpoint has no %s", text);
        return GAN_OK;
    }
    memcpy(at, other, strlen(other));
    status = load(copy, good_size);
    free(copy);
    return status;
}

static void newer_versions_are_told_apart(void) {
    CHECK(load_with("\"format-version\":\"1\"", "\"format-version\":\"3\"") == GAN_E_NEWER_VERSION);
    CHECK(strstr(gan_error_message(), "newer") != NULL);
    CHECK(load_with("\"format\":\"libgan\"", "\"format\":\"lobgan\"") == GAN_E_BAD_FORMAT);
    CHECK(load_with("\"F32\"", "\"F16\"") < 0);
}

/* A safetensors file made of a header and a number of zero bytes. */
static int32_t load_made(const char *header, uint64_t stated, size_t data) {
    size_t length = strlen(header);
    uint8_t *bytes = calloc(8 + length + data, 1);
    int32_t status;
    int i;
    for (i = 0; i < 8; i++) bytes[i] = (uint8_t)(stated >> 8 * i);
    memcpy(bytes + 8, header, length);
    status = load(bytes, 8 + length + data);
    free(bytes);
    return status;
}

static void sizes_that_lie_are_refused(void) {
    static const char *const headers[] = {
        "{}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,17]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[8,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[5],\"data_offsets\":[0,16]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-4],\"data_offsets\":[0,16]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,16]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,16]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,18446744073709551615]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[12,16]}}",
        "{\"a\":{\"dtype\":\"X99\",\"shape\":[4],\"data_offsets\":[0,16]}}",
        "{\"a\":", "[]", "nul", "{\"a\":1}", "{\"__metadata__\":{\"format\":7}}", "{\"__metadata__\":{\"format\":\"libgan\"}}",
    };
    size_t i;
    for (i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        int32_t status = load_made(headers[i], strlen(headers[i]), 16);
        if (status != GAN_E_BAD_FORMAT && status != GAN_E_TRUNCATED)
            check_fails(__FILE__, __LINE__, "%s: %s", headers[i], gan_status_name(status));
    }
    CHECK(load_made("{}", UINT64_MAX, 16) < 0);
    CHECK(load_made("{}", (uint64_t)INT64_MAX, 16) < 0);
    CHECK(load_made("{}", 100, 16) < 0);
    CHECK(load_made("{}", 0, 16) < 0);
    {
        /* Brackets without end must not exhaust the stack. */
        static char deep[200000];
        memset(deep, '[', sizeof deep - 1);
        CHECK(load_made(deep, sizeof deep - 1, 0) == GAN_E_BAD_FORMAT);
    }
}

/* The good file with a text put into its metadata, and with one number of a tensor changed. */
static uint8_t *changed(const char *text, float number, size_t *size) {
    static const char mark[] = "\"format\":";
    const size_t length = strlen(text);
    uint8_t *copy = malloc(good_size + length), *at = memmem(good, good_size, mark, strlen(mark));
    uint64_t header = 0;
    size_t place, i;
    CHECK(at != NULL);
    place = (size_t)(at - good);
    memcpy(copy, good, place);
    memcpy(copy + place, text, length);
    memcpy(copy + place + length, good + place, good_size - place);
    for (i = 8; i-- > 0;) header = header << 8 | copy[i];
    header += length;
    for (i = 0; i < 8; i++) copy[i] = (uint8_t)(header >> 8 * i);
    memcpy(copy + 8 + header + 8, &number, sizeof number); /* the third of the generator's first weights */
    *size = good_size + length;
    return copy;
}

static void what_was_changed_on_purpose_says_so(void) {
    static const char *const marks[] = {"", "\"edited\":\"halved by hand\",", "\"edited\":\"\",", "\"note\":\"edited\","};
    gan_dataset *dataset = small_dataset();
    gan_checkpoint *checkpoint = NULL;
    gan_trainer *trainer = NULL, *none = POISON;
    gan_generator *generator = POISON;
    const char *path = scratch("changed.safetensors");
    char text[16];
    float value[LATENT * 9];
    uint8_t *bytes;
    size_t size = 0, i;
    for (i = 0; i < 4; i++) {
        bytes = changed(marks[i], 0.25f, &size);
        CHECK(load(bytes, size) == (i == 1 || i == 2 ? GAN_OK : GAN_E_CHECKSUM));
        if (i == 0) CHECK(strstr(gan_error_message(), "\"edited\"") != NULL);
        if (i == 1) {
            write_file(path, bytes, size);
            CHECK_OK(gan_checkpoint_open(path, &checkpoint));
            CHECK_OK(gan_checkpoint_text(checkpoint, "edited", text, sizeof text, NULL));
            CHECK_TEXT(text, "true");
            CHECK_OK(gan_checkpoint_tensor_read(checkpoint, 0, value, LATENT * 9, &size));
            CHECK(value[2] == 0.25f);
            gan_checkpoint_destroy(checkpoint);
            CHECK_OK(gan_trainer_load(path, NULL, dataset, &trainer));
            CHECK_OK(gan_trainer_step(trainer, 2));
            CHECK_OK(gan_trainer_save(trainer, path)); /* that is libgan's own again */
            gan_trainer_destroy(trainer);
            CHECK_OK(gan_checkpoint_open(path, &checkpoint));
            CHECK_OK(gan_checkpoint_text(checkpoint, "edited", text, sizeof text, NULL));
            CHECK_TEXT(text, "false");
            gan_checkpoint_destroy(checkpoint);
        }
        free(bytes);
    }
    /* No number: nothing can be drawn or trained, and it can still be looked at. */
    for (i = 0; i < 2; i++) {
        bytes = changed(marks[1], i == 0 ? 1.0f / 0.0f : 0.0f / 0.0f, &size);
        write_file(path, bytes, size);
        CHECK_FAILS(gan_trainer_load(path, NULL, dataset, &none), GAN_E_DIVERGED, "generator.0.weight");
        CHECK_FAILS(gan_trainer_load_memory(bytes, size, NULL, dataset, &none), GAN_E_DIVERGED, "generator.0.weight");
        CHECK_FAILS(gan_generator_load(path, &generator), GAN_E_DIVERGED, "generator.0.weight");
        CHECK_FAILS(gan_generator_load_memory(bytes, size, &generator), GAN_E_DIVERGED, "generator.0.weight");
        CHECK(none == POISON && generator == POISON);
        CHECK_OK(gan_checkpoint_open(path, &checkpoint));
        gan_checkpoint_destroy(checkpoint);
        free(bytes);
    }
    gan_dataset_destroy(dataset);
}

/* -------------------------------------------------------------------------------------------- Bad arguments */

static void saving_to_no_place_is_refused(void) {
    gan_trainer *trainer = small_trainer(1);
    gan_generator *generator = NULL;
    CHECK_OK(gan_trainer_generator(trainer, &generator));
    CHECK_FAILS(gan_trainer_save(trainer, "/no/such/folder/x.safetensors"), GAN_E_NOT_FOUND, "/no/such/folder");
    CHECK_FAILS(gan_generator_save(generator, "/no/such/folder/x.safetensors"), GAN_E_NOT_FOUND, "/no/such/folder");
    CHECK(gan_trainer_save(trainer, "/tmp") < 0);
    CHECK_FAILS(gan_trainer_save(trainer, ""), GAN_E_INVALID_ARGUMENT, "path");
    gan_generator_destroy(generator);
    gan_trainer_destroy(trainer);
}

static void null_is_refused(void) {
    gan_generator *generator = POISON, *real = small_generator();
    int32_t a = 1, b = 2, c = 3;
    float low = 4, high = 5;
    char text[8] = "same";
    size_t size = 6;
    CHECK_FAILS(gan_generator_load(NULL, &generator), GAN_E_INVALID_ARGUMENT, "path");
    CHECK_FAILS(gan_generator_load("x", NULL), GAN_E_INVALID_ARGUMENT, "out");
    CHECK_FAILS(gan_generator_load_memory(NULL, 9, &generator), GAN_E_INVALID_ARGUMENT, "bytes");
    CHECK_FAILS(gan_generator_load_memory("x", 1, NULL), GAN_E_INVALID_ARGUMENT, "out");
    CHECK(gan_generator_load_memory("", 0, &generator) == GAN_E_TRUNCATED);
    CHECK_FAILS(gan_generator_save(NULL, "x"), GAN_E_INVALID_ARGUMENT, "generator");
    CHECK_FAILS(gan_generator_save(real, NULL), GAN_E_INVALID_ARGUMENT, "path");
    CHECK_FAILS(gan_generator_latent_size(NULL, &a), GAN_E_INVALID_ARGUMENT, "generator");
    CHECK_FAILS(gan_generator_latent_size(real, NULL), GAN_E_INVALID_ARGUMENT, "size");
    int64_t axes[3] = {-7, -7, -7};
    size_t rank = 0;
    int32_t sides[3];
    CHECK_FAILS(gan_generator_axes(NULL, axes, 3, &rank), GAN_E_INVALID_ARGUMENT, "generator");
    CHECK_FAILS(gan_generator_axes(real, axes, 2, &rank), GAN_E_BUFFER_TOO_SMALL, "3");
    CHECK(rank == 3 && axes[0] == -7);
    CHECK_FAILS(gan_generator_axes(real, NULL, 3, &rank), GAN_E_INVALID_ARGUMENT, "");
    CHECK_OK(gan_generator_axes(real, NULL, 0, &rank));
    CHECK_OK(gan_generator_shape(real, &sides[0], &sides[1], &sides[2]));
    CHECK_OK(gan_generator_axes(real, axes, 3, &rank));
    CHECK(rank == 3 && axes[0] == sides[0] && axes[1] == sides[1] && axes[2] == sides[2]);
    CHECK_FAILS(gan_generator_shape(NULL, &a, &b, &c), GAN_E_INVALID_ARGUMENT, "generator");
    CHECK_FAILS(gan_generator_shape(real, NULL, &b, &c), GAN_E_INVALID_ARGUMENT, "height");
    CHECK_FAILS(gan_generator_shape(real, &a, NULL, &c), GAN_E_INVALID_ARGUMENT, "width");
    CHECK_FAILS(gan_generator_shape(real, &a, &b, NULL), GAN_E_INVALID_ARGUMENT, "channels");
    CHECK_FAILS(gan_generator_range(NULL, &low, &high), GAN_E_INVALID_ARGUMENT, "generator");
    CHECK_FAILS(gan_generator_range(real, NULL, &high), GAN_E_INVALID_ARGUMENT, "low");
    CHECK_FAILS(gan_generator_range(real, &low, NULL), GAN_E_INVALID_ARGUMENT, "high");
    CHECK_FAILS(gan_generator_option(NULL, "seed", text, sizeof text, &size), GAN_E_INVALID_ARGUMENT, "generator");
    CHECK_FAILS(gan_generator_option(real, NULL, text, sizeof text, &size), GAN_E_INVALID_ARGUMENT, "name");
    CHECK_FAILS(gan_generator_option(real, "sed", text, sizeof text, &size), GAN_E_UNKNOWN_NAME, "seed");
    CHECK(a == 1 && b == 2 && c == 3 && low == 4 && high == 5 && size == 6 && generator == POISON);
    CHECK_TEXT(text, "same");
    gan_generator_destroy(NULL);
    gan_generator_destroy(real);
}

static void nothing_is_left_behind(void) {
    DIR *folder = opendir(scratch_folder);
    struct dirent *entry;
    CHECK(folder != NULL);
    if (folder == NULL) return;
    while ((entry = readdir(folder)) != NULL) CHECK(strstr(entry->d_name, ".tmp") == NULL);
    closedir(folder);
}

int main(int argc, char **argv) {
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (argc == 7 && strcmp(argv[1], "resume") == 0) return resume(argv + 2);
    if (length <= 0 || strstr(self, "test-checkpoints") == NULL) snprintf(self, sizeof self, "%s", argv[0]); /* under valgrind */
    setenv("GAN_ISA", gan_instruction_set(), 1); /* valgrind offers another processor than the one its children see */
    prepare();
    RUN(seven_epochs_are_three_and_four);
    RUN(resuming_within_an_epoch_is_exact_too);
    RUN(sizes_that_are_no_multiple_of_anything_do_not_depend_on_threads);
    RUN(the_same_state_gives_the_same_bytes);
    RUN(rates_may_change_and_architecture_may_not);
    RUN(the_data_must_fit);
    RUN(other_data_are_known);
    RUN(memory_holds_what_a_file_holds);
    RUN(a_generator_alone_draws_and_does_not_train);
    RUN(every_cut_is_found);
    RUN(every_flipped_bit_is_found);
    RUN(files_say_the_same_as_memory);
    RUN(newer_versions_are_told_apart);
    RUN(what_was_changed_on_purpose_says_so);
    RUN(sizes_that_lie_are_refused);
    RUN(saving_to_no_place_is_refused);
    RUN(null_is_refused);
    RUN(nothing_is_left_behind);
    free(good);
    return FINISH("checkpoints");
}
