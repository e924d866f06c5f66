/* test-sampling: samples do not depend on their batch; paths, pictures and files of samples; bad arguments. */
#include "check.h"

#include <math.h>

static gan_generator *generator;
static gan_sampler *sampler;

static void sample_i_does_not_depend_on_its_batch(void) {
    enum { COUNT = 150 };
    static float all[COUNT * PIXELS], one[COUNT * PIXELS];
    int sizes[] = {1, 2, 3, 7, 16, 33, 64, 100, 128}, i, first;
    CHECK_OK(gan_sampler_draw(sampler, 77, 0, COUNT, all, COUNT * PIXELS));
    for (i = 0; i < 9; i++) {
        memset(one, 0, sizeof one);
        for (first = 0; first < COUNT; first += sizes[i]) {
            int count = first + sizes[i] < COUNT ? sizes[i] : COUNT - first;
            CHECK_OK(gan_sampler_draw(sampler, 77, first, count, one + first * PIXELS, (size_t)count * PIXELS));
        }
        CHECK(memcmp(all, one, sizeof all) == 0);
    }
    CHECK_OK(gan_sampler_draw(sampler, 78, 0, COUNT, one, COUNT * PIXELS));
    CHECK(memcmp(all, one, sizeof all) != 0);
    CHECK(memcmp(all, all + PIXELS, PIXELS * sizeof(float)) != 0);
    /* Far out, and at the largest seeds. */
    CHECK_OK(gan_sampler_draw(sampler, UINT64_MAX, INT64_C(1) << 40, 3, one, COUNT * PIXELS));
    CHECK_OK(gan_sampler_draw(sampler, UINT64_MAX, (INT64_C(1) << 40) + 2, 1, all, COUNT * PIXELS));
    CHECK(memcmp(all, one + 2 * PIXELS, PIXELS * sizeof(float)) == 0);
}

static void threads_do_not_change_samples(void) {
    enum { COUNT = 130 };
    static float one[COUNT * PIXELS], other[COUNT * PIXELS];
    int threads;
    CHECK_OK(gan_sampler_draw(sampler, 3, 0, COUNT, one, COUNT * PIXELS));
    for (threads = 0; threads <= 4; threads++) {
        gan_options *options = NULL;
        gan_sampler *mine = NULL;
        CHECK_OK(gan_options_create(&options));
        CHECK_OK(gan_options_set_integer(options, "threads", threads));
        CHECK_OK(gan_sampler_create(generator, options, &mine));
        CHECK_OK(gan_sampler_draw(mine, 3, 0, COUNT, other, COUNT * PIXELS));
        CHECK(memcmp(one, other, sizeof one) == 0);
        gan_sampler_destroy(mine);
        gan_options_destroy(options);
    }
}

static void drawing_is_decoding_the_latents(void) {
    enum { COUNT = 40 };
    float latents[COUNT * LATENT], drawn[COUNT * PIXELS], decoded[COUNT * PIXELS], low, high;
    uint8_t bytes[COUNT * PIXELS], again[COUNT * PIXELS];
    int i, wrong = 0;
    double sum = 0, square = 0;
    CHECK_OK(gan_sampler_latents(sampler, 9, 4, COUNT, latents, COUNT * LATENT));
    CHECK_OK(gan_sampler_draw(sampler, 9, 4, COUNT, drawn, COUNT * PIXELS));
    CHECK_OK(gan_sampler_decode(sampler, latents, COUNT, decoded, COUNT * PIXELS));
    CHECK(memcmp(drawn, decoded, sizeof drawn) == 0);
    CHECK_OK(gan_sampler_draw_bytes(sampler, 9, 4, COUNT, bytes, COUNT * PIXELS));
    CHECK_OK(gan_sampler_decode_bytes(sampler, latents, COUNT, again, COUNT * PIXELS));
    CHECK(memcmp(bytes, again, sizeof bytes) == 0);
    CHECK_OK(gan_generator_range(generator, &low, &high));
    CHECK(low == 0 && high == 1);
    for (i = 0; i < COUNT * PIXELS; i++) {
        wrong += !(drawn[i] >= 0 && drawn[i] <= 1);
        wrong += fabsf((float)bytes[i] - 255 * drawn[i]) > 0.5001f;
    }
    CHECK(wrong == 0);
    for (i = 0; i < COUNT * LATENT; i++) sum += latents[i], square += latents[i] * latents[i];
    CHECK(fabs(sum / (COUNT * LATENT)) < 0.4 && fabs(square / (COUNT * LATENT) - 1) < 0.5); /* normal */
}

static void nothing_may_be_drawn(void) {
    float image = 5;
    uint8_t pixel = 6;
    CHECK_OK(gan_sampler_draw(sampler, 1, 0, 0, &image, 0));
    CHECK_OK(gan_sampler_draw_bytes(sampler, 1, 0, 0, &pixel, 0));
    CHECK_OK(gan_sampler_latents(sampler, 1, 0, 0, &image, 0));
    CHECK_OK(gan_sampler_decode(sampler, &image, 0, &image, 0));
    CHECK(image == 5 && pixel == 6);
}

static void paths_run_from_end_to_end(void) {
    float ends[2 * LATENT], path[5 * LATENT], one[LATENT];
    int i, kind;
    CHECK_OK(gan_sampler_latents(sampler, 1, 0, 2, ends, 2 * LATENT));
    for (kind = GAN_PATH_LINEAR; kind <= GAN_PATH_SPHERICAL; kind++) {
        CHECK_OK(gan_sampler_path(sampler, ends, ends + LATENT, kind, 5, path, 5 * LATENT));
        CHECK(memcmp(path, ends, sizeof one) == 0 && memcmp(path + 4 * LATENT, ends + LATENT, sizeof one) == 0);
        CHECK_OK(gan_sampler_path(sampler, ends, ends + LATENT, kind, 1, one, LATENT));
        CHECK(memcmp(one, ends, sizeof one) == 0);
        CHECK_OK(gan_sampler_path(sampler, ends, ends + LATENT, kind, 0, one, LATENT));
        /* From a latent to itself, to its opposite, and from the origin: finite, whatever the angle. */
        CHECK_OK(gan_sampler_path(sampler, ends, ends, kind, 5, path, 5 * LATENT));
        for (i = 0; i < 5 * LATENT; i++) CHECK(fabsf(path[i] - ends[i % LATENT]) < 1e-5f);
        for (i = 0; i < LATENT; i++) one[i] = -ends[i];
        CHECK_OK(gan_sampler_path(sampler, ends, one, kind, 5, path, 5 * LATENT));
        for (i = 0; i < 5 * LATENT; i++) CHECK(isfinite(path[i]));
        memset(one, 0, sizeof one);
        CHECK_OK(gan_sampler_path(sampler, one, ends, kind, 5, path, 5 * LATENT));
        for (i = 0; i < 5 * LATENT; i++) CHECK(isfinite(path[i]));
    }
    /* Any place by itself: those of a path are the same bits. */
    for (kind = GAN_PATH_LINEAR; kind <= GAN_PATH_SPHERICAL; kind++) {
        CHECK_OK(gan_sampler_path(sampler, ends, ends + LATENT, kind, 5, path, 5 * LATENT));
        for (i = 0; i < 5; i++) {
            CHECK_OK(gan_sampler_path_at(sampler, ends, ends + LATENT, kind, i / 4.0, one, LATENT));
            CHECK(memcmp(one, path + i * LATENT, sizeof one) == 0);
        }
        CHECK_OK(gan_sampler_path_at(sampler, ends, ends + LATENT, kind, -0.0, one, LATENT));
        CHECK(memcmp(one, ends, sizeof one) == 0);
    }
    /* Halfway between two unit vectors at a right angle. */
    {
        float from[LATENT] = {1, 0}, to[LATENT] = {0, 1};
        CHECK_OK(gan_sampler_path(sampler, from, to, GAN_PATH_LINEAR, 3, path, 5 * LATENT));
        CHECK(path[LATENT] == 0.5f && path[LATENT + 1] == 0.5f);
        CHECK_OK(gan_sampler_path(sampler, from, to, GAN_PATH_SPHERICAL, 3, path, 5 * LATENT));
        CHECK(fabsf(path[LATENT] - 0.70710678f) < 1e-6f && fabsf(path[LATENT + 1] - 0.70710678f) < 1e-6f);
    }
}

/* ----------------------------------------------------------------------------------------------- Files */

static uint32_t big_endian(const uint8_t *at) { return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3]; }

static void a_grid_has_its_size_and_its_pixels(void) {
    char path[192];
    size_t size = 0, needed = 0, file_size = 0;
    uint8_t *file, *memory, bytes[5 * PIXELS];
    gan_dataset *dataset = NULL;
    int64_t count;
    int32_t height, width, channels, row, column;
    static float grid[1000];
    snprintf(path, sizeof path, "%s", scratch("grid.png"));
    CHECK_OK(gan_sampler_write_png(sampler, 4, 0, 5, 3, 1, 1, path)); /* two rows, the last with one place free */
    file = read_file(path, &file_size);
    CHECK(file != NULL && file_size > 57 && memcmp(file, "\x89PNG\r\n\x1a\n", 8) == 0);
    if (file == NULL) return;
    CHECK(big_endian(file + 16) == 3 * SIDE + 4 && big_endian(file + 20) == 2 * SIDE + 3);

    /* The file in memory is the same one. */
    CHECK_OK(gan_sampler_encode_png(sampler, 4, 0, 5, 3, 1, 1, NULL, 0, &needed));
    CHECK(needed == file_size);
    memory = malloc(needed + 8);
    memset(memory, 0x5a, needed + 8);
    CHECK_FAILS(gan_sampler_encode_png(sampler, 4, 0, 5, 3, 1, 1, memory, needed - 1, &size), GAN_E_BUFFER_TOO_SMALL, "bytes");
    CHECK(size == needed && memory[0] == 0x5a);
    size = 0;
    CHECK_OK(gan_sampler_encode_png(sampler, 4, 0, 5, 3, 1, 1, memory, needed + 8, &size));
    CHECK(size == needed && memcmp(memory, file, needed) == 0 && memory[needed] == 0x5a);
    free(memory);
    free(file);

    /* And its pixels are the samples, with black between. */
    CHECK_OK(gan_sampler_draw_bytes(sampler, 4, 0, 5, bytes, sizeof bytes));
    CHECK_OK(gan_dataset_open(path, NULL, &dataset));
    CHECK_OK(gan_dataset_shape(dataset, &count, &height, &width, &channels));
    CHECK(count == 1 && height == 2 * SIDE + 3 && width == 3 * SIDE + 4 && channels == 1);
    CHECK_OK(gan_dataset_read(dataset, 0, 1, grid, 1000));
    for (row = 0; row < height; row++) {
        for (column = 0; column < width; column++) {
            int i = row / (SIDE + 1), j = column / (SIDE + 1), y = row % (SIDE + 1) - 1, x = column % (SIDE + 1) - 1;
            int inside = y >= 0 && x >= 0 && i < 2 && j < 3 && i * 3 + j < 5;
            float expected = inside ? (float)bytes[(i * 3 + j) * PIXELS + y * SIDE + x] / 255 : 0;
            if (fabsf(grid[row * width + column] - expected) > 1e-6f) check_fails(__FILE__, __LINE__, "row %d column %d", row, column);
        }
    }
    gan_dataset_destroy(dataset);
}

static void scaling_repeats_pixels(void) {
    char path[192];
    gan_dataset *dataset = NULL;
    float grid[4 * 4 * 9];
    uint8_t pixels[2 * 2 * 3] = {10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120};
    int64_t count;
    int32_t height, width, channels, i;
    snprintf(path, sizeof path, "%s", scratch("scaled.png"));
    CHECK_OK(gan_image_write_png(pixels, 1, 2, 2, 3, 1, 0, 2, path));
    CHECK_OK(gan_dataset_open(path, NULL, &dataset));
    CHECK_OK(gan_dataset_shape(dataset, &count, &height, &width, &channels));
    CHECK(height == 4 && width == 4 && channels == 3);
    CHECK_OK(gan_dataset_read(dataset, 0, 1, grid, sizeof grid / sizeof grid[0]));
    for (i = 0; i < 48; i++) CHECK(fabsf(grid[i] * 255 - pixels[(i / 24 * 2 + i / 6 % 2) * 3 + i % 3]) < 0.01f);
    gan_dataset_destroy(dataset);
}

static void idx_and_npy_files_hold_the_samples(void) {
    char path[192];
    uint8_t bytes[7 * PIXELS], *file;
    float floats[7 * PIXELS];
    size_t size = 0;
    gan_dataset *dataset = NULL;
    snprintf(path, sizeof path, "%s", scratch("samples-idx"));
    CHECK_OK(gan_sampler_write_idx(sampler, 8, 2, 7, path));
    CHECK_OK(gan_sampler_draw_bytes(sampler, 8, 2, 7, bytes, sizeof bytes));
    CHECK_OK(gan_sampler_draw(sampler, 8, 2, 7, floats, 7 * PIXELS));
    file = read_file(path, &size);
    CHECK(file != NULL && size == 16 + 7 * PIXELS && big_endian(file) == 0x803 && big_endian(file + 4) == 7);
    if (file != NULL) CHECK(big_endian(file + 8) == SIDE && big_endian(file + 12) == SIDE && memcmp(file + 16, bytes, sizeof bytes) == 0);
    free(file);
    CHECK_OK(gan_dataset_open(path, NULL, &dataset)); /* the library reads what it writes */
    gan_dataset_destroy(dataset);

    snprintf(path, sizeof path, "%s", scratch("samples.npy"));
    CHECK_OK(gan_sampler_write_npy(sampler, 8, 2, 7, path));
    file = read_file(path, &size);
    CHECK(file != NULL && size > 80 && memcmp(file, "\x93NUMPY", 6) == 0);
    if (file != NULL) {
        size_t header = 10 + file[8] + 256u * file[9];
        CHECK(header % 64 == 0 && size == header + sizeof floats);
        CHECK(memmem(file, header, "'<f4'", 5) != NULL && memmem(file, header, "(7, 6, 6, 1)", 12) != NULL);
        if (size == header + sizeof floats) CHECK(memcmp(file + header, floats, sizeof floats) == 0);
    }
    free(file);
}

/* ------------------------------------------------------------------------------------------- What is wrong */

static void small_buffers_are_refused(void) {
    float image[2 * PIXELS], before[2 * PIXELS];
    uint8_t pixels[2 * PIXELS], kept[2 * PIXELS];
    memset(image, 0x5a, sizeof image);
    memcpy(before, image, sizeof image);
    memset(pixels, 0x5a, sizeof pixels);
    memcpy(kept, pixels, sizeof pixels);
    CHECK_FAILS(gan_sampler_draw(sampler, 1, 0, 2, image, 2 * PIXELS - 1), GAN_E_BUFFER_TOO_SMALL, "72");
    CHECK_FAILS(gan_sampler_draw_bytes(sampler, 1, 0, 2, pixels, 2 * PIXELS - 1), GAN_E_BUFFER_TOO_SMALL, "72");
    CHECK_FAILS(gan_sampler_latents(sampler, 1, 0, 3, image, 3 * LATENT - 1), GAN_E_BUFFER_TOO_SMALL, "15");
    CHECK_FAILS(gan_sampler_draw(sampler, 1, 0, INT64_MAX, image, 2 * PIXELS), GAN_E_BUFFER_TOO_SMALL, "");
    CHECK_FAILS(gan_sampler_draw_bytes(sampler, 1, 0, INT64_MAX / 2, pixels, 2 * PIXELS), GAN_E_BUFFER_TOO_SMALL, "");
    {
        float latents[2 * LATENT] = {0};
        CHECK_FAILS(gan_sampler_decode(sampler, latents, 2, image, PIXELS), GAN_E_BUFFER_TOO_SMALL, "72");
        CHECK_FAILS(gan_sampler_decode_bytes(sampler, latents, 2, pixels, PIXELS), GAN_E_BUFFER_TOO_SMALL, "72");
        CHECK_FAILS(gan_sampler_path(sampler, latents, latents, 0, 3, image, 3 * LATENT - 1), GAN_E_BUFFER_TOO_SMALL, "15");
    }
    CHECK(memcmp(image, before, sizeof image) == 0 && memcmp(pixels, kept, sizeof kept) == 0);
}

static void bad_arguments_are_refused(void) {
    float image[PIXELS], latents[LATENT] = {0}, before[PIXELS];
    uint8_t pixels[PIXELS];
    gan_sampler *out = POISON;
    size_t size = 3;
    int kind;
    static const float bad[] = {NAN, INFINITY, -INFINITY};
    memset(image, 0x5a, sizeof image);
    memcpy(before, image, sizeof image);
    CHECK_FAILS(gan_sampler_create(NULL, NULL, &out), GAN_E_INVALID_ARGUMENT, "generator");
    CHECK_FAILS(gan_sampler_create(generator, NULL, NULL), GAN_E_INVALID_ARGUMENT, "out");
    CHECK_FAILS(gan_sampler_draw(NULL, 1, 0, 1, image, PIXELS), GAN_E_INVALID_ARGUMENT, "sampler");
    CHECK_FAILS(gan_sampler_draw(sampler, 1, 0, 1, NULL, PIXELS), GAN_E_INVALID_ARGUMENT, "images");
    CHECK_FAILS(gan_sampler_draw(sampler, 1, -1, 1, image, PIXELS), GAN_E_INVALID_ARGUMENT, "first");
    CHECK_FAILS(gan_sampler_draw(sampler, 1, 0, -1, image, PIXELS), GAN_E_INVALID_ARGUMENT, "count");
    CHECK_FAILS(gan_sampler_draw(sampler, 1, INT64_MAX, 2, image, PIXELS), GAN_E_INVALID_ARGUMENT, "");
    CHECK_FAILS(gan_sampler_draw_bytes(NULL, 1, 0, 1, pixels, PIXELS), GAN_E_INVALID_ARGUMENT, "sampler");
    CHECK_FAILS(gan_sampler_draw_bytes(sampler, 1, 0, 1, NULL, PIXELS), GAN_E_INVALID_ARGUMENT, "pixels");
    CHECK_FAILS(gan_sampler_draw_bytes(sampler, 1, 0, INT64_MIN, pixels, PIXELS), GAN_E_INVALID_ARGUMENT, "count");
    CHECK_FAILS(gan_sampler_latents(NULL, 1, 0, 1, latents, LATENT), GAN_E_INVALID_ARGUMENT, "sampler");
    CHECK_FAILS(gan_sampler_latents(sampler, 1, 0, 1, NULL, LATENT), GAN_E_INVALID_ARGUMENT, "latents");
    CHECK_FAILS(gan_sampler_latents(sampler, 1, -5, 1, latents, LATENT), GAN_E_INVALID_ARGUMENT, "first");
    CHECK_FAILS(gan_sampler_decode(NULL, latents, 1, image, PIXELS), GAN_E_INVALID_ARGUMENT, "sampler");
    CHECK_FAILS(gan_sampler_decode(sampler, NULL, 1, image, PIXELS), GAN_E_INVALID_ARGUMENT, "latents");
    CHECK_FAILS(gan_sampler_decode(sampler, latents, 1, NULL, PIXELS), GAN_E_INVALID_ARGUMENT, "images");
    CHECK_FAILS(gan_sampler_decode(sampler, latents, -1, image, PIXELS), GAN_E_INVALID_ARGUMENT, "count");
    CHECK_FAILS(gan_sampler_decode_bytes(NULL, latents, 1, pixels, PIXELS), GAN_E_INVALID_ARGUMENT, "sampler");
    CHECK_FAILS(gan_sampler_decode_bytes(sampler, NULL, 1, pixels, PIXELS), GAN_E_INVALID_ARGUMENT, "latents");
    CHECK_FAILS(gan_sampler_decode_bytes(sampler, latents, 1, NULL, PIXELS), GAN_E_INVALID_ARGUMENT, "pixels");
    CHECK_FAILS(gan_sampler_path(NULL, latents, latents, 0, 1, image, PIXELS), GAN_E_INVALID_ARGUMENT, "sampler");
    CHECK_FAILS(gan_sampler_path(sampler, NULL, latents, 0, 1, image, PIXELS), GAN_E_INVALID_ARGUMENT, "from");
    CHECK_FAILS(gan_sampler_path(sampler, latents, NULL, 0, 1, image, PIXELS), GAN_E_INVALID_ARGUMENT, "to");
    CHECK_FAILS(gan_sampler_path(sampler, latents, latents, 0, 1, NULL, PIXELS), GAN_E_INVALID_ARGUMENT, "latents");
    CHECK_FAILS(gan_sampler_path(sampler, latents, latents, 2, 1, image, PIXELS), GAN_E_INVALID_ARGUMENT, "path");
    CHECK_FAILS(gan_sampler_path(sampler, latents, latents, -1, 1, image, PIXELS), GAN_E_INVALID_ARGUMENT, "path");
    CHECK_FAILS(gan_sampler_path(sampler, latents, latents, 0, -1, image, PIXELS), GAN_E_INVALID_ARGUMENT, "count");
    CHECK_FAILS(gan_sampler_path_at(NULL, latents, latents, 0, 0, image, PIXELS), GAN_E_INVALID_ARGUMENT, "sampler");
    CHECK_FAILS(gan_sampler_path_at(sampler, NULL, latents, 0, 0, image, PIXELS), GAN_E_INVALID_ARGUMENT, "from");
    CHECK_FAILS(gan_sampler_path_at(sampler, latents, NULL, 0, 0, image, PIXELS), GAN_E_INVALID_ARGUMENT, "to");
    CHECK_FAILS(gan_sampler_path_at(sampler, latents, latents, 0, 0, NULL, PIXELS), GAN_E_INVALID_ARGUMENT, "latent");
    CHECK_FAILS(gan_sampler_path_at(sampler, latents, latents, 2, 0, image, PIXELS), GAN_E_INVALID_ARGUMENT, "path");
    CHECK_FAILS(gan_sampler_path_at(sampler, latents, latents, 0, 1.5, image, PIXELS), GAN_E_OUT_OF_RANGE, "'place' is 1.5");
    CHECK_FAILS(gan_sampler_path_at(sampler, latents, latents, 0, -1e-9, image, PIXELS), GAN_E_OUT_OF_RANGE, "place");
    CHECK_FAILS(gan_sampler_path_at(sampler, latents, latents, 0, NAN, image, PIXELS), GAN_E_OUT_OF_RANGE, "place");
    CHECK_FAILS(gan_sampler_path_at(sampler, latents, latents, 0, 0.5, image, LATENT - 1), GAN_E_BUFFER_TOO_SMALL, "need");
    for (kind = 0; kind < 3; kind++) {
        float wrong[LATENT] = {0};
        wrong[LATENT - 1] = bad[kind];
        CHECK_FAILS(gan_sampler_decode(sampler, wrong, 1, image, PIXELS), GAN_E_BAD_DATA, "latent");
        CHECK_FAILS(gan_sampler_decode_bytes(sampler, wrong, 1, pixels, PIXELS), GAN_E_BAD_DATA, "latent");
        CHECK_FAILS(gan_sampler_path(sampler, wrong, latents, 1, 2, image, PIXELS), GAN_E_BAD_DATA, "from");
        CHECK_FAILS(gan_sampler_path(sampler, latents, wrong, 0, 2, image, PIXELS), GAN_E_BAD_DATA, "to");
        CHECK_FAILS(gan_sampler_path_at(sampler, wrong, latents, 1, 0.5, image, PIXELS), GAN_E_BAD_DATA, "from");
    }
    CHECK_FAILS(gan_sampler_encode_png(sampler, 1, 0, 1, 1, 0, 1, NULL, 5, &size), GAN_E_INVALID_ARGUMENT, "buffer");
    CHECK_FAILS(gan_sampler_encode_png(NULL, 1, 0, 1, 1, 0, 1, NULL, 0, &size), GAN_E_INVALID_ARGUMENT, "sampler");
    CHECK_FAILS(gan_sampler_encode_png(sampler, 1, 0, 0, 1, 0, 1, NULL, 0, &size), GAN_E_INVALID_ARGUMENT, "count");
    CHECK_FAILS(gan_sampler_encode_png(sampler, 1, 0, 1, 1, 0, 1, NULL, 0, NULL), GAN_E_INVALID_ARGUMENT, "size");
    CHECK(memcmp(image, before, sizeof image) == 0 && out == POISON && size == 3);
    gan_sampler_destroy(NULL);
}

static void bad_pictures_are_refused(void) {
    char path[192];
    uint8_t pixels[PIXELS] = {0};
    snprintf(path, sizeof path, "%s", scratch("never.png"));
    CHECK_FAILS(gan_sampler_write_png(NULL, 1, 0, 1, 1, 0, 1, path), GAN_E_INVALID_ARGUMENT, "sampler");
    CHECK_FAILS(gan_sampler_write_png(sampler, 1, 0, 1, 1, 0, 1, NULL), GAN_E_INVALID_ARGUMENT, "path");
    CHECK_FAILS(gan_sampler_write_png(sampler, 1, 0, 0, 1, 0, 1, path), GAN_E_INVALID_ARGUMENT, "count");
    CHECK_FAILS(gan_sampler_write_png(sampler, 1, 0, 1, 0, 0, 1, path), GAN_E_INVALID_ARGUMENT, "columns");
    CHECK_FAILS(gan_sampler_write_png(sampler, 1, 0, 1, 1, -1, 1, path), GAN_E_INVALID_ARGUMENT, "margin");
    CHECK_FAILS(gan_sampler_write_png(sampler, 1, 0, 1, 1, 0, 0, path), GAN_E_INVALID_ARGUMENT, "scale");
    CHECK_FAILS(gan_sampler_write_png(sampler, 1, 0, 1, 1, 0, INT32_MAX, path), GAN_E_OUT_OF_RANGE, "PNG");
    CHECK_FAILS(gan_sampler_write_png(sampler, 1, 0, 1, INT32_MAX, INT32_MAX, 1, path), GAN_E_OUT_OF_RANGE, "PNG");
    CHECK_FAILS(gan_sampler_write_png(sampler, 1, 0, 1, 1, 0, 1, "/no/such/folder/x.png"), GAN_E_NOT_FOUND, "/no/such/folder");
    CHECK_FAILS(gan_sampler_write_idx(NULL, 1, 0, 1, path), GAN_E_INVALID_ARGUMENT, "sampler");
    CHECK_FAILS(gan_sampler_write_idx(sampler, 1, 0, 1, NULL), GAN_E_INVALID_ARGUMENT, "path");
    CHECK_FAILS(gan_sampler_write_idx(sampler, 1, 0, -1, path), GAN_E_INVALID_ARGUMENT, "count");
    CHECK_FAILS(gan_sampler_write_idx(sampler, 1, 0, 1, "/no/such/folder/x"), GAN_E_NOT_FOUND, "/no/such/folder");
    CHECK_FAILS(gan_sampler_write_npy(NULL, 1, 0, 1, path), GAN_E_INVALID_ARGUMENT, "sampler");
    CHECK_FAILS(gan_sampler_write_npy(sampler, 1, 0, 1, NULL), GAN_E_INVALID_ARGUMENT, "path");
    CHECK_FAILS(gan_sampler_write_npy(sampler, 1, -1, 1, path), GAN_E_INVALID_ARGUMENT, "first");
    CHECK_FAILS(gan_image_write_png(NULL, 1, SIDE, SIDE, 1, 1, 0, 1, path), GAN_E_INVALID_ARGUMENT, "pixels");
    CHECK_FAILS(gan_image_write_png(pixels, 1, SIDE, SIDE, 1, 1, 0, 1, NULL), GAN_E_INVALID_ARGUMENT, "path");
    CHECK_FAILS(gan_image_write_png(pixels, 0, SIDE, SIDE, 1, 1, 0, 1, path), GAN_E_INVALID_ARGUMENT, "count");
    CHECK_FAILS(gan_image_write_png(pixels, 1, 0, SIDE, 1, 1, 0, 1, path), GAN_E_INVALID_ARGUMENT, "height");
    CHECK_FAILS(gan_image_write_png(pixels, 1, SIDE, -3, 1, 1, 0, 1, path), GAN_E_INVALID_ARGUMENT, "width");
    CHECK_FAILS(gan_image_write_png(pixels, 1, SIDE, SIDE, 2, 1, 0, 1, path), GAN_E_INVALID_ARGUMENT, "channels");
    CHECK_FAILS(gan_image_write_png(pixels, 1, SIDE, SIDE, 1, 1, 0, -1, path), GAN_E_INVALID_ARGUMENT, "scale");
    CHECK(gan_image_write_png(pixels, INT64_MAX, SIDE, SIDE, 1, 1, 0, 1, path) == GAN_E_OUT_OF_RANGE);
    CHECK(access(path, F_OK) != 0); /* nothing was left behind */
}

static void odd_channels_have_no_picture(void) {
    uint8_t pixels[IMAGES * PIXELS] = {0};
    gan_options *options = small_options(1);
    gan_dataset *dataset = NULL;
    gan_trainer *trainer = NULL;
    gan_generator *two = NULL;
    gan_sampler *mine = NULL;
    char path[192];
    uint8_t *file;
    size_t size = 0;
    snprintf(path, sizeof path, "%s", scratch("two"));
    CHECK_OK(gan_dataset_create_bytes(pixels, IMAGES, SIDE, 3, 2, NULL, 0, NULL, NULL, &dataset));
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    CHECK_OK(gan_trainer_generator(trainer, &two));
    CHECK_OK(gan_sampler_create(two, NULL, &mine));
    CHECK_FAILS(gan_sampler_write_png(mine, 1, 0, 1, 1, 0, 1, path), GAN_E_MISMATCH, "2");
    CHECK_FAILS(gan_sampler_encode_png(mine, 1, 0, 1, 1, 0, 1, NULL, 0, &size), GAN_E_MISMATCH, "2");
    CHECK_OK(gan_sampler_write_idx(mine, 1, 0, 4, path));
    file = read_file(path, &size);
    CHECK(file != NULL && big_endian(file) == 0x804 && big_endian(file + 16) == 2 && size == 20 + 4 * PIXELS);
    free(file);
    gan_sampler_destroy(mine);
    gan_generator_destroy(two);
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
}

int main(void) {
    generator = small_generator();
    CHECK_OK(gan_sampler_create(generator, NULL, &sampler));
    RUN(sample_i_does_not_depend_on_its_batch);
    RUN(threads_do_not_change_samples);
    RUN(drawing_is_decoding_the_latents);
    RUN(nothing_may_be_drawn);
    RUN(paths_run_from_end_to_end);
    RUN(a_grid_has_its_size_and_its_pixels);
    RUN(scaling_repeats_pixels);
    RUN(idx_and_npy_files_hold_the_samples);
    RUN(small_buffers_are_refused);
    RUN(bad_arguments_are_refused);
    RUN(bad_pictures_are_refused);
    RUN(odd_channels_have_no_picture);
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
    return FINISH("sampling");
}
