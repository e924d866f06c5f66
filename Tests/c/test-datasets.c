/* test-datasets: images from memory and from callbacks, reading them back, borrowing and releasing. */
#include "check.h"

#include <math.h>

static uint8_t pixels[IMAGES * PIXELS];
static float values[IMAGES * PIXELS];
static int32_t labels[IMAGES];

static void prepare(void) {
    int i;
    small_pixels(pixels);
    for (i = 0; i < IMAGES * PIXELS; i++) values[i] = (float)pixels[i] / 255;
    for (i = 0; i < IMAGES; i++) labels[i] = i % 7;
}

static void bytes_come_back_as_fractions(void) {
    gan_dataset *dataset = NULL;
    int64_t count = 0;
    int32_t height = 0, width = 0, channels = 0, classes = -1;
    static float read[IMAGES * PIXELS];
    int32_t read_labels[IMAGES];
    int i, wrong = 0;
    CHECK_OK(gan_dataset_create_bytes(pixels, IMAGES, SIDE, 3, 2, labels, 0, NULL, NULL, &dataset));
    CHECK_OK(gan_dataset_shape(dataset, &count, &height, &width, &channels));
    CHECK(count == IMAGES && height == SIDE && width == 3 && channels == 2);
    CHECK_OK(gan_dataset_classes(dataset, &classes));
    CHECK(classes == 7);
    CHECK_OK(gan_dataset_read(dataset, 0, IMAGES, read, IMAGES * PIXELS));
    for (i = 0; i < IMAGES * PIXELS; i++) wrong += fabsf(read[i] - (float)pixels[i] / 255) > 1e-7f;
    CHECK(wrong == 0);
    CHECK_OK(gan_dataset_read(dataset, 5, 2, read, 2 * PIXELS));
    CHECK(fabsf(read[3] - (float)pixels[5 * PIXELS + 3] / 255) <= 1e-7f);
    CHECK_OK(gan_dataset_read_labels(dataset, 3, IMAGES - 3, read_labels, IMAGES));
    for (i = 0; i < IMAGES - 3; i++) wrong += read_labels[i] != (i + 3) % 7;
    CHECK(wrong == 0);
    gan_dataset_destroy(dataset);
}

static void floats_are_scaled_from_their_own_range(void) {
    float mine[4 * PIXELS], read[4 * PIXELS];
    gan_dataset *dataset = NULL;
    int32_t classes = -1;
    int i, wrong = 0;
    for (i = 0; i < 4 * PIXELS; i++) mine[i] = -3 + (float)(i % 5); /* -3 … 1 */
    CHECK_OK(gan_dataset_create_floats(mine, 4, SIDE, SIDE, 1, -3, 1, NULL, 0, NULL, NULL, &dataset));
    memset(mine, 0, sizeof mine); /* copied */
    CHECK_OK(gan_dataset_read(dataset, 0, 4, read, 4 * PIXELS));
    for (i = 0; i < 4 * PIXELS; i++) wrong += fabsf(read[i] - (float)(i % 5) / 4) > 1e-6f;
    CHECK(wrong == 0);
    CHECK_OK(gan_dataset_classes(dataset, &classes));
    CHECK(classes == 0);
    gan_dataset_destroy(dataset);
}

/* ---------------------------------------------------------------------------------------------- Borrowing */

static void count_release(void *context) { ++*(int *)context; }

static void borrowed_memory_is_released_once_by_the_last_that_needs_it(void) {
    gan_dataset *dataset = NULL;
    gan_options *options = small_options(1);
    gan_trainer *trainer = NULL;
    int released = 0;
    CHECK_OK(gan_dataset_create_bytes(pixels, IMAGES, SIDE, SIDE, 1, NULL, 0, count_release, &released, &dataset));
    gan_dataset_destroy(dataset);
    CHECK(released == 1);

    CHECK_OK(gan_dataset_create_floats(values, IMAGES, SIDE, SIDE, 1, 0, 1, NULL, 0, count_release, &released, &dataset));
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    gan_dataset_destroy(dataset);
    gan_dataset_destroy(dataset);
    CHECK(released == 1); /* the trainer needs it still */
    CHECK_OK(gan_trainer_step(trainer, 2));
    gan_trainer_destroy(trainer);
    CHECK(released == 2);
    gan_options_destroy(options);
}

static void release_is_not_called_when_creation_fails(void) {
    gan_dataset *dataset = POISON;
    int released = 0;
    int32_t bad_labels[IMAGES] = {0};
    bad_labels[17] = 10;
    CHECK_FAILS(gan_dataset_create_bytes(pixels, IMAGES, SIDE, SIDE, 1, bad_labels, 10, count_release, &released, &dataset), GAN_E_BAD_DATA, "10");
    CHECK_FAILS(gan_dataset_create_bytes(pixels, 0, SIDE, SIDE, 1, NULL, 0, count_release, &released, &dataset), GAN_E_INVALID_ARGUMENT, "count");
    CHECK(dataset == POISON && released == 0);
}

/* ---------------------------------------------------------------------------------------------- Callbacks */

typedef struct {
    int calls, fail_at, bad_at, released;
    float bad;
    int64_t smallest, largest;
} Source;

static int32_t fill(void *context, const int64_t *indices, int64_t count, float *images) {
    Source *source = context;
    int64_t i;
    if (++source->calls == source->fail_at) return 7;
    for (i = 0; i < count; i++) {
        if (indices[i] < source->smallest) source->smallest = indices[i];
        if (indices[i] > source->largest) source->largest = indices[i];
        memcpy(images + i * PIXELS, values + indices[i] * PIXELS, PIXELS * sizeof(float));
    }
    if (source->calls == source->bad_at) images[3] = source->bad;
    return 0;
}

static void release_source(void *context) { ((Source *)context)->released++; }

static gan_dataset *callback_dataset(Source *source) {
    gan_dataset *dataset = NULL;
    memset(source, 0, sizeof *source);
    source->smallest = INT64_MAX;
    source->largest = -1;
    CHECK_OK(gan_dataset_create_callback(fill, IMAGES, SIDE, SIDE, 1, release_source, source, &dataset));
    return dataset;
}

/* Whether two checkpoints hold the same numbers. */
static int same_tensors(const char *a, const char *b) {
    const char *paths[2];
    uint8_t *files[2];
    size_t sizes[2] = {0, 0}, starts[2] = {8, 8};
    int i, k, same;
    paths[0] = a, paths[1] = b;
    for (i = 0; i < 2; i++) {
        files[i] = read_file(paths[i], &sizes[i]);
        for (k = 0; k < 8 && files[i] != NULL; k++) starts[i] += (size_t)files[i][k] << 8 * k;
    }
    same = files[0] != NULL && files[1] != NULL && starts[0] < sizes[0] && sizes[0] - starts[0] == sizes[1] - starts[1]
           && memcmp(files[0] + starts[0], files[1] + starts[1], sizes[0] - starts[0]) == 0;
    free(files[0]);
    free(files[1]);
    return same;
}

static void a_callback_trains_as_memory_does(void) {
    Source source;
    gan_dataset *dataset = callback_dataset(&source), *memory = NULL;
    gan_options *options = small_options(1);
    gan_trainer *one = NULL, *two = NULL;
    char first[192], second[192];
    float read[2 * PIXELS];
    CHECK_OK(gan_dataset_create_floats(values, IMAGES, SIDE, SIDE, 1, 0, 1, NULL, 0, NULL, NULL, &memory));
    CHECK_OK(gan_dataset_read(dataset, 4, 2, read, 2 * PIXELS));
    CHECK(memcmp(read, values + 4 * PIXELS, sizeof read) == 0);
    CHECK_OK(gan_trainer_create(options, dataset, &one));
    CHECK_OK(gan_trainer_create(options, memory, &two));
    CHECK_OK(gan_trainer_run(one, 2, NULL, NULL));
    CHECK_OK(gan_trainer_run(two, 2, NULL, NULL));
    CHECK(source.smallest == 0 && source.largest == IMAGES - 1);
    snprintf(first, sizeof first, "%s", scratch("callback.safetensors"));
    snprintf(second, sizeof second, "%s", scratch("memory.safetensors"));
    CHECK_OK(gan_trainer_save(one, first));
    CHECK_OK(gan_trainer_save(two, second));
    CHECK(same_tensors(first, second)); /* the metadata tell the images, which a callback cannot */
    gan_trainer_destroy(one);
    CHECK(source.released == 0);
    gan_dataset_destroy(dataset);
    CHECK(source.released == 1);
    gan_trainer_destroy(two);
    gan_dataset_destroy(memory);
    gan_options_destroy(options);
}

static void a_callback_that_fails_stops_the_training(void) {
    Source source;
    gan_dataset *dataset = callback_dataset(&source);
    gan_options *options = small_options(1);
    gan_trainer *trainer = NULL;
    float read[PIXELS];
    double step;
    memset(read, 0x5a, sizeof read);
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    source.fail_at = source.calls + 4;
    CHECK_FAILS(gan_trainer_step(trainer, 20), GAN_E_CALLBACK, "7");
    step = metric(trainer, "step");
    CHECK(step >= 1 && step <= 4);
    CHECK_OK(gan_trainer_step(trainer, 1)); /* it goes on from there */
    CHECK(metric(trainer, "step") == step + 1);
    source.bad = NAN;
    source.bad_at = source.calls + 1;
    CHECK_FAILS(gan_trainer_step(trainer, 3), GAN_E_BAD_DATA, "");
    source.bad = INFINITY;
    source.bad_at = source.calls + 1;
    CHECK_FAILS(gan_trainer_run(trainer, 1, NULL, NULL), GAN_E_BAD_DATA, "");
    source.bad = 1.5f;
    source.bad_at = source.calls + 1;
    CHECK_FAILS(gan_trainer_run(trainer, 1, NULL, NULL), GAN_E_BAD_DATA, "1.5");
    CHECK_OK(gan_trainer_run(trainer, 1, NULL, NULL));
    gan_trainer_destroy(trainer);
    source.fail_at = source.calls + 1;
    CHECK_FAILS(gan_dataset_read(dataset, 0, 1, read, PIXELS), GAN_E_CALLBACK, "7");
    gan_dataset_destroy(dataset);
    CHECK(source.released == 1);
    gan_options_destroy(options);
}

/* ---------------------------------------------------------------------------------------------- Bad input */

static void values_that_cannot_be_used_are_refused(void) {
    static const float bad[] = {NAN, INFINITY, -INFINITY, 1.01f, -0.01f, 3e38f};
    float mine[4 * PIXELS] = {0};
    gan_dataset *dataset = POISON;
    size_t i;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        mine[3 * PIXELS + 5] = bad[i];
        CHECK_FAILS(gan_dataset_create_floats(mine, 4, SIDE, SIDE, 1, 0, 1, NULL, 0, NULL, NULL, &dataset), GAN_E_BAD_DATA, "");
    }
    mine[3 * PIXELS + 5] = 0;
    CHECK_FAILS(gan_dataset_create_floats(mine, 4, SIDE, SIDE, 1, 1, 1, NULL, 0, NULL, NULL, &dataset), GAN_E_INVALID_ARGUMENT, "maximum");
    CHECK_FAILS(gan_dataset_create_floats(mine, 4, SIDE, SIDE, 1, 2, 1, NULL, 0, NULL, NULL, &dataset), GAN_E_INVALID_ARGUMENT, "maximum");
    CHECK_FAILS(gan_dataset_create_floats(mine, 4, SIDE, SIDE, 1, NAN, 1, NULL, 0, NULL, NULL, &dataset), GAN_E_INVALID_ARGUMENT, "minimum");
    CHECK_FAILS(gan_dataset_create_floats(mine, 4, SIDE, SIDE, 1, 0, INFINITY, NULL, 0, NULL, NULL, &dataset), GAN_E_INVALID_ARGUMENT, "maximum");
    CHECK(dataset == POISON);
}

static void labels_out_of_range_are_refused(void) {
    gan_dataset *dataset = POISON;
    int32_t mine[IMAGES] = {0};
    mine[9] = -1;
    CHECK_FAILS(gan_dataset_create_bytes(pixels, IMAGES, SIDE, SIDE, 1, mine, 0, NULL, NULL, &dataset), GAN_E_BAD_DATA, "-1");
    mine[9] = 3;
    CHECK_FAILS(gan_dataset_create_bytes(pixels, IMAGES, SIDE, SIDE, 1, mine, 3, NULL, NULL, &dataset), GAN_E_BAD_DATA, "3");
    CHECK_FAILS(gan_dataset_create_floats(values, IMAGES, SIDE, SIDE, 1, 0, 1, mine, 3, NULL, NULL, &dataset), GAN_E_BAD_DATA, "3");
    CHECK_FAILS(gan_dataset_create_bytes(pixels, IMAGES, SIDE, SIDE, 1, mine, -1, NULL, NULL, &dataset), GAN_E_INVALID_ARGUMENT, "classes");
    CHECK(dataset == POISON);
    CHECK_OK(gan_dataset_create_bytes(pixels, IMAGES, SIDE, SIDE, 1, mine, 4, NULL, NULL, &dataset));
    gan_dataset_destroy(dataset);
}

static void impossible_sizes_are_refused(void) {
    gan_dataset *dataset = POISON;
    CHECK_FAILS(gan_dataset_create_bytes(pixels, -1, SIDE, SIDE, 1, NULL, 0, NULL, NULL, &dataset), GAN_E_INVALID_ARGUMENT, "count");
    CHECK_FAILS(gan_dataset_create_bytes(pixels, 1, 0, SIDE, 1, NULL, 0, NULL, NULL, &dataset), GAN_E_INVALID_ARGUMENT, "height");
    CHECK_FAILS(gan_dataset_create_bytes(pixels, 1, SIDE, -1, 1, NULL, 0, NULL, NULL, &dataset), GAN_E_INVALID_ARGUMENT, "width");
    CHECK_FAILS(gan_dataset_create_bytes(pixels, 1, SIDE, SIDE, 0, NULL, 0, NULL, NULL, &dataset), GAN_E_INVALID_ARGUMENT, "channels");
    CHECK_FAILS(gan_dataset_create_floats(values, 0, SIDE, SIDE, 1, 0, 1, NULL, 0, NULL, NULL, &dataset), GAN_E_INVALID_ARGUMENT, "count");
    CHECK_FAILS(gan_dataset_create_callback(fill, 0, SIDE, SIDE, 1, NULL, NULL, &dataset), GAN_E_INVALID_ARGUMENT, "count");
    CHECK_FAILS(gan_dataset_create_callback(fill, 1, SIDE, INT32_MIN, 1, NULL, NULL, &dataset), GAN_E_INVALID_ARGUMENT, "width");
    CHECK_FAILS(gan_dataset_create_bytes(pixels, INT64_MAX, INT32_MAX, INT32_MAX, INT32_MAX, NULL, 0, NULL, NULL, &dataset), GAN_E_OUT_OF_RANGE, "");
    CHECK_FAILS(gan_dataset_create_floats(values, INT64_MAX, 2, 2, 2, 0, 1, NULL, 0, NULL, NULL, &dataset), GAN_E_OUT_OF_RANGE, "");
    CHECK_FAILS(gan_dataset_create_callback(fill, 1, INT32_MAX, INT32_MAX, INT32_MAX, NULL, NULL, &dataset), GAN_E_OUT_OF_RANGE, "");
    CHECK(dataset == POISON);
}

static void reading_outside_or_into_too_little_is_refused(void) {
    gan_dataset *dataset = NULL, *plain = small_dataset();
    float read[PIXELS], before[PIXELS];
    int32_t read_labels[4] = {55, 55, 55, 55};
    memset(read, 0x5a, sizeof read);
    memcpy(before, read, sizeof read);
    CHECK_OK(gan_dataset_create_bytes(pixels, IMAGES, SIDE, SIDE, 1, labels, 0, NULL, NULL, &dataset));
    CHECK_FAILS(gan_dataset_read(dataset, IMAGES, 1, read, PIXELS), GAN_E_OUT_OF_RANGE, "120");
    CHECK_FAILS(gan_dataset_read(dataset, -1, 1, read, PIXELS), GAN_E_INVALID_ARGUMENT, "-1");
    CHECK_FAILS(gan_dataset_read(dataset, IMAGES - 1, 2, read, 2 * PIXELS), GAN_E_OUT_OF_RANGE, "");
    CHECK_FAILS(gan_dataset_read(dataset, INT64_MAX, INT64_MAX, read, PIXELS), GAN_E_OUT_OF_RANGE, "");
    CHECK(gan_dataset_read(dataset, 0, -1, read, PIXELS) != GAN_OK);
    CHECK_FAILS(gan_dataset_read(dataset, 0, 2, read, PIXELS), GAN_E_BUFFER_TOO_SMALL, "72");
    CHECK_FAILS(gan_dataset_read(dataset, 0, 1, read, PIXELS - 1), GAN_E_BUFFER_TOO_SMALL, "36");
    CHECK_FAILS(gan_dataset_read(dataset, 0, 1, NULL, PIXELS), GAN_E_INVALID_ARGUMENT, "values");
    CHECK_FAILS(gan_dataset_read_labels(dataset, IMAGES - 1, 2, read_labels, 4), GAN_E_OUT_OF_RANGE, "");
    CHECK_FAILS(gan_dataset_read_labels(dataset, 0, 5, read_labels, 4), GAN_E_BUFFER_TOO_SMALL, "5");
    CHECK_FAILS(gan_dataset_read_labels(dataset, 0, 4, NULL, 4), GAN_E_INVALID_ARGUMENT, "labels");
    CHECK_FAILS(gan_dataset_read_labels(plain, 0, 4, read_labels, 4), GAN_E_MISMATCH, "label");
    CHECK(memcmp(read, before, sizeof read) == 0 && read_labels[0] == 55 && read_labels[3] == 55);
    gan_dataset_destroy(dataset);
    gan_dataset_destroy(plain);
}

static void null_is_refused(void) {
    gan_dataset *dataset = POISON, *good = small_dataset();
    int64_t count = 1;
    int32_t height = 2, width = 3, channels = 4, classes = 5;
    float value = 6;
    int32_t label = 7;
    CHECK_FAILS(gan_dataset_open(NULL, NULL, &dataset), GAN_E_INVALID_ARGUMENT, "path");
    CHECK_FAILS(gan_dataset_open("x", NULL, NULL), GAN_E_INVALID_ARGUMENT, "out");
    CHECK_FAILS(gan_dataset_open_idx(NULL, NULL, NULL, &dataset), GAN_E_INVALID_ARGUMENT, "images");
    CHECK_FAILS(gan_dataset_open_idx("x", NULL, NULL, NULL), GAN_E_INVALID_ARGUMENT, "out");
    CHECK_FAILS(gan_dataset_create_bytes(NULL, 1, 1, 1, 1, NULL, 0, NULL, NULL, &dataset), GAN_E_INVALID_ARGUMENT, "pixels");
    CHECK_FAILS(gan_dataset_create_bytes(pixels, 1, 1, 1, 1, NULL, 0, NULL, NULL, NULL), GAN_E_INVALID_ARGUMENT, "out");
    CHECK_FAILS(gan_dataset_create_floats(NULL, 1, 1, 1, 1, 0, 1, NULL, 0, NULL, NULL, &dataset), GAN_E_INVALID_ARGUMENT, "values");
    CHECK_FAILS(gan_dataset_create_floats(values, 1, 1, 1, 1, 0, 1, NULL, 0, NULL, NULL, NULL), GAN_E_INVALID_ARGUMENT, "out");
    CHECK_FAILS(gan_dataset_create_callback(NULL, 1, 1, 1, 1, NULL, NULL, &dataset), GAN_E_INVALID_ARGUMENT, "fill");
    CHECK_FAILS(gan_dataset_create_callback(fill, 1, 1, 1, 1, NULL, NULL, NULL), GAN_E_INVALID_ARGUMENT, "out");
    CHECK_FAILS(gan_dataset_shape(NULL, &count, &height, &width, &channels), GAN_E_INVALID_ARGUMENT, "dataset");
    CHECK_FAILS(gan_dataset_shape(good, NULL, &height, &width, &channels), GAN_E_INVALID_ARGUMENT, "count");
    CHECK_FAILS(gan_dataset_shape(good, &count, NULL, &width, &channels), GAN_E_INVALID_ARGUMENT, "height");
    CHECK_FAILS(gan_dataset_shape(good, &count, &height, NULL, &channels), GAN_E_INVALID_ARGUMENT, "width");
    CHECK_FAILS(gan_dataset_shape(good, &count, &height, &width, NULL), GAN_E_INVALID_ARGUMENT, "channels");
    CHECK_FAILS(gan_dataset_classes(NULL, &classes), GAN_E_INVALID_ARGUMENT, "dataset");
    CHECK_FAILS(gan_dataset_classes(good, NULL), GAN_E_INVALID_ARGUMENT, "classes");
    CHECK_FAILS(gan_dataset_read(NULL, 0, 1, &value, 1), GAN_E_INVALID_ARGUMENT, "dataset");
    CHECK_FAILS(gan_dataset_read_labels(NULL, 0, 1, &label, 1), GAN_E_INVALID_ARGUMENT, "dataset");
    CHECK(dataset == POISON && count == 1 && height == 2 && width == 3 && channels == 4 && classes == 5 && value == 6 && label == 7);
    gan_dataset_destroy(NULL);
    gan_dataset_destroy(good);
}

/* Scaling rounds, and what is read stays within 0 and 1 all the same. */
static void rounding_stays_within_the_range(void) {
    float values[2], read[2] = {5, 5}, low, high;
    int i;
    for (i = 1; i < 400; i++) {
        gan_dataset *dataset = NULL;
        values[0] = low = -(float)i / 7;
        values[1] = high = (float)(i * i % 37 + 1) / 3;
        CHECK_OK(gan_dataset_create_floats(values, 1, 1, 2, 1, low, high, NULL, 0, NULL, NULL, &dataset));
        CHECK_OK(gan_dataset_read(dataset, 0, 1, read, 2));
        CHECK(read[0] >= 0 && read[0] <= 1e-5f && read[1] >= 1 - 1e-5f && read[1] <= 1);
        gan_dataset_destroy(dataset);
    }
}

/* Neither a zero in a file nor a path that is longer than sentences can be takes the end of a sentence away. */
static void sentences_have_an_end(void) {
    static const char file[] = "\x93NUMPY\1\0\x3c\0{'descr': '<\0f4', 'fortran_order': False, 'shape': (1, 3), }\n            ";
    static char path[65530];
    const char *message;
    gan_dataset *dataset = POISON;
    write_file(scratch("zero.npy"), file, 10 + 0x3c + 12);
    CHECK_FAILS(gan_dataset_open(scratch("zero.npy"), NULL, &dataset), GAN_E_BAD_FORMAT, "numpy.float32");
    memset(path, 'n', sizeof path - 1);
    CHECK_FAILS(gan_dataset_open(path, NULL, &dataset), GAN_E_IO, "nnnn");
    message = gan_error_message();
    CHECK(strlen(message) <= 65600 && strcmp(message + strlen(message) - 1, ".") == 0);
    CHECK(dataset == POISON);
}

int main(void) {
    prepare();
    RUN(bytes_come_back_as_fractions);
    RUN(floats_are_scaled_from_their_own_range);
    RUN(borrowed_memory_is_released_once_by_the_last_that_needs_it);
    RUN(release_is_not_called_when_creation_fails);
    RUN(a_callback_trains_as_memory_does);
    RUN(a_callback_that_fails_stops_the_training);
    RUN(values_that_cannot_be_used_are_refused);
    RUN(labels_out_of_range_are_refused);
    RUN(impossible_sizes_are_refused);
    RUN(reading_outside_or_into_too_little_is_refused);
    RUN(null_is_refused);
    RUN(rounding_stays_within_the_range);
    RUN(sentences_have_an_end);
    return FINISH("datasets");
}
