/* test-applier: pictures of pictures of any size, in tiles or whole, by any number of threads; masks; frames that follow; bad arguments. */
#include "check.h"

#include <math.h>

enum { HEIGHT = 40, WIDTH = 52, LEARNT = 32, ODD = 31, ITEMS = 12, ALL = HEIGHT * WIDTH, LARGE = 4 * ALL };

static gan_generator *resolving, *drawing, *filling, *undivided, *translating, *plain, *following, *remembering;
static float picture[ALL], hole[ALL];
static uint8_t bytes[ALL], hidden[ALL];

/* A model of a recipe after a few steps on noise with some shape in it. */
static gan_generator *trained(int side, const char *recipe, const char *option, const char *value) {
    static uint8_t pixels[ITEMS * LEARNT * LEARNT];
    gan_options *options = NULL;
    gan_dataset *dataset = NULL;
    gan_trainer *trainer = NULL;
    gan_generator *generator = NULL;
    int i, is_translation = strcmp(recipe, "translation") == 0;
    for (i = 0; i < ITEMS * LEARNT * LEARNT; i++) pixels[i] = (uint8_t)(i % LEARNT * 5 + i / LEARNT * 11 + i * i % 23 * (i % 3));
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_options_set(options, "recipe", recipe));
    CHECK_OK(gan_options_set(options, option, value));
    CHECK_OK(gan_options_set(options, "generator.channels", "4"));
    CHECK_OK(gan_options_set(options, "discriminator.channels", "4"));
    CHECK_OK(gan_options_set(options, "generator.blocks", "1"));
    CHECK_OK(gan_options_set(options, "batch-size", "4"));
    CHECK_OK(gan_options_set(options, "seed", "5"));
    CHECK_OK(gan_dataset_create_bytes(pixels, ITEMS, side, side, 1, NULL, 0, NULL, NULL, &dataset));
    if (is_translation) {
        /* The other kind: fewer, and upside down. */
        gan_dataset *kinds[2] = {dataset, NULL};
        for (i = 0; i < ITEMS * LEARNT * LEARNT; i++) pixels[i] = (uint8_t)(255 - pixels[i]);
        CHECK_OK(gan_dataset_create_bytes(pixels, ITEMS - 3, side, side, 1, NULL, 0, NULL, NULL, &kinds[1]));
        CHECK_OK(gan_dataset_combine((const gan_dataset *const *)kinds, 2, "source\ntarget", 0, &dataset));
        gan_dataset_destroy(kinds[0]);
        gan_dataset_destroy(kinds[1]);
    }
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    CHECK_OK(gan_trainer_step(trainer, 4));
    CHECK_OK(gan_trainer_generator(trainer, &generator));
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
    return generator;
}

/* A model that looks at three frames of 32 × 32 to say which one follows. */
static gan_generator *watching(const char *memory) {
    gan_options *options = NULL;
    gan_dataset *clips = NULL;
    gan_trainer *trainer = NULL;
    gan_generator *generator = NULL;
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_options_set(options, "recipe", "next-frame"));
    CHECK_OK(gan_options_set(options, "frames.past", "3"));
    CHECK_OK(gan_options_set(options, "memory", memory));
    CHECK_OK(gan_options_set(options, "memory.size", "8"));
    CHECK_OK(gan_options_set(options, "generator.channels", "4"));
    CHECK_OK(gan_options_set(options, "discriminator.channels", "4"));
    CHECK_OK(gan_options_set(options, "batch-size", "4"));
    CHECK_OK(gan_dataset_make("moving", ITEMS, 1, NULL, &clips));
    CHECK_OK(gan_trainer_create(options, clips, &trainer));
    CHECK_OK(gan_trainer_step(trainer, 8));
    CHECK_OK(gan_trainer_generator(trainer, &generator));
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(clips);
    gan_options_destroy(options);
    return generator;
}

static gan_applier *applier_of(gan_generator *generator, int tile, int threads) {
    gan_options *options = NULL;
    gan_applier *applier = NULL;
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_options_set_integer(options, "tile", tile));
    CHECK_OK(gan_options_set_integer(options, "threads", threads));
    CHECK_OK(gan_applier_create(generator, options, &applier));
    gan_options_destroy(options);
    return applier;
}

/* Of the picture above, or of its upper left corner. */
static void apply(gan_generator *generator, int tile, int threads, uint64_t seed, int height, int width, float *made) {
    gan_applier *applier = applier_of(generator, tile, threads);
    CHECK_OK(gan_applier_apply(applier, seed, picture, generator == filling ? hole : NULL, height, width, made, LARGE));
    gan_applier_destroy(applier);
}

static int differ(const float *a, const float *b, int count, float limit) {
    int i, different = 0;
    for (i = 0; i < count; i++) different += !(fabsf(a[i] - b[i]) <= limit);
    return different;
}

static void an_applier_tells_what_it_takes_and_makes(void) {
    struct { gan_generator *of; int mask, scale; } models[] = {{resolving, 0, 2}, {drawing, 0, 1}, {filling, 1, 1}};
    int i;
    for (i = 0; i < 3; i++) {
        gan_applier *applier = applier_of(models[i].of, 0, 1);
        int32_t input = 0, output = 0, takes_mask = -1, height = 0, width = 0;
        CHECK_OK(gan_applier_channels(applier, &input, &output, &takes_mask));
        CHECK(input == 1 && output == 1 && takes_mask == models[i].mask);
        CHECK_OK(gan_applier_shape(applier, HEIGHT, WIDTH, &height, &width));
        CHECK(height == models[i].scale * HEIGHT && width == models[i].scale * WIDTH);
        CHECK_OK(gan_applier_shape(applier, 65536, 1, &height, &width));
        CHECK(height == models[i].scale * 65536);
        gan_applier_destroy(applier);
    }
}

/* Also of a network whose sides cannot be halved. */
static void tiles_do_not_show(void) {
    static float whole[LARGE], tiled[LARGE];
    gan_generator *models[] = {resolving, drawing, filling, undivided, translating};
    int i;
    for (i = 0; i < 5; i++) {
        int count = models[i] == resolving ? LARGE : ALL;
        apply(models[i], 0, 1, 0, HEIGHT, WIDTH, whole);
        CHECK(differ(whole, whole + 1, count - 1, 1e-3f) > count / 20); /* there is something to see */
        memset(tiled, 0xff, sizeof tiled);
        apply(models[i], 16, 1, 0, HEIGHT, WIDTH, tiled);
        CHECK(differ(whole, tiled, count, 1e-5f) == 0);
        memset(tiled, 0xff, sizeof tiled);
        apply(models[i], 1, 2, 0, HEIGHT, WIDTH, tiled);
        CHECK(differ(whole, tiled, count, 1e-5f) == 0);
    }
}

/* A U-Net of four halvings reaches 76 pixels: only a picture that is larger than two such overlaps and a tile is cut at all. With noise, which
 * pieces would have of their own, none is. */
static void a_network_that_reaches_far_is_cut_too(void) {
    enum { ROWS = 270, COLUMNS = 210, COUNT = ROWS * COLUMNS };
    static float large[COUNT], mask[COUNT], whole[COUNT], tiled[COUNT];
    gan_generator *models[] = {filling, drawing};
    int i, k;
    for (i = 0; i < COUNT; i++) {
        large[i] = (float)((i % COLUMNS * 3 + i / COLUMNS * 5 + i % 7 * 20) % 256) / 255;
        mask[i] = i / COLUMNS % 60 > 20 && i % COLUMNS % 50 > 15 ? 1.0f : 0.0f;
    }
    for (i = 0; i < 2; i++)
        for (k = 0; k < 2; k++) {
            gan_applier *applier = applier_of(models[i], k == 0 ? 0 : 16, 2);
            CHECK_OK(gan_applier_apply(applier, 3, large, models[i] == filling ? mask : NULL, ROWS, COLUMNS, k == 0 ? whole : tiled, COUNT));
            gan_applier_destroy(applier);
            if (k == 1) CHECK(differ(whole, tiled, COUNT, 1e-5f) == 0);
        }
}

/* Also of sides that the network's halving does not divide, and smaller and larger than what it learnt from, so that its smallest size is
 * larger than it was. */
static void any_size_is_taken(void) {
    static float made[LARGE];
    gan_generator *models[] = {resolving, drawing, filling, translating};
    int sizes[][2] = {{1, 1}, {1, WIDTH}, {HEIGHT, 1}, {5, 7}, {LEARNT, LEARNT}, {33, 31}, {HEIGHT, WIDTH}, {ALL / 20, 20}}, i, k;
    for (i = 0; i < 4; i++)
        for (k = 0; k < 8; k++) {
            int pixels = sizes[k][0] * sizes[k][1], count = models[i] == resolving ? 4 * pixels : pixels, n, wrong = 0;
            memset(made, 0xff, sizeof made);
            apply(models[i], 0, 1, 0, sizes[k][0], sizes[k][1], made);
            for (n = 0; n < count; n++) wrong += !(made[n] >= 0 && made[n] <= 1);
            CHECK(wrong == 0 && (count == LARGE || isnan(made[count])));
        }
}

static void threads_and_repetition_change_nothing(void) {
    static float one[LARGE], other[LARGE];
    gan_generator *models[] = {resolving, drawing, filling};
    int i, threads;
    for (i = 0; i < 3; i++) {
        int count = models[i] == resolving ? LARGE : ALL;
        apply(models[i], 0, 1, 7, HEIGHT, WIDTH, one);
        for (threads = 1; threads <= 3; threads += 2) {
            apply(models[i], 0, threads, 7, HEIGHT, WIDTH, other);
            CHECK(memcmp(one, other, (size_t)count * sizeof(float)) == 0);
        }
    }
    /* Where the network has noise, the seed decides. */
    apply(drawing, 0, 1, 7, HEIGHT, WIDTH, one);
    apply(drawing, 0, 1, 8, HEIGHT, WIDTH, other);
    CHECK(memcmp(one, other, ALL * sizeof(float)) != 0);
}

static void one_applier_takes_many_sizes(void) {
    static float one[ALL], other[ALL], between[ALL];
    gan_applier *applier = applier_of(filling, 0, 1);
    int side;
    CHECK_OK(gan_applier_apply(applier, 0, picture, hole, HEIGHT, WIDTH, one, ALL));
    for (side = 3; side < 12; side++) CHECK_OK(gan_applier_apply(applier, 0, picture, hole, 2 * side, 3 * side, between, ALL));
    CHECK_OK(gan_applier_apply(applier, 0, picture, hole, HEIGHT, WIDTH, other, ALL));
    CHECK(memcmp(one, other, sizeof one) == 0);
    gan_applier_destroy(applier);
}

static void bytes_are_the_floats(void) {
    static float floats[LARGE];
    static uint8_t made[LARGE];
    gan_generator *models[] = {resolving, drawing, filling};
    int i, n, wrong = 0;
    for (i = 0; i < 3; i++) {
        gan_applier *applier = applier_of(models[i], 0, 1);
        int count = models[i] == resolving ? LARGE : ALL;
        CHECK_OK(gan_applier_apply(applier, 3, picture, i == 2 ? hole : NULL, HEIGHT, WIDTH, floats, LARGE));
        CHECK_OK(gan_applier_apply_bytes(applier, 3, bytes, i == 2 ? hidden : NULL, HEIGHT, WIDTH, made, LARGE));
        for (n = 0; n < count; n++) wrong += !(fabsf(floats[n] * 255 - (float)made[n]) < 0.51f);
        gan_applier_destroy(applier);
    }
    CHECK(wrong == 0);
}

static void what_lies_outside_of_a_hole_stays(void) {
    static float made[ALL], odd[ALL];
    static uint8_t made_bytes[ALL];
    gan_applier *applier = applier_of(filling, 0, 1);
    int i, changed = 0, kept = 1, kept_bytes = 1;
    memcpy(odd, picture, sizeof odd);
    for (i = 0; i < ALL; i += 7) odd[i] += 0.001f; /* no byte's value */
    CHECK_OK(gan_applier_apply(applier, 0, odd, hole, HEIGHT, WIDTH, made, ALL));
    CHECK_OK(gan_applier_apply_bytes(applier, 0, bytes, hidden, HEIGHT, WIDTH, made_bytes, ALL));
    for (i = 0; i < ALL; i++) {
        if (hole[i] > 0.5f) changed += made[i] != odd[i];
        else kept &= made[i] == odd[i], kept_bytes &= made_bytes[i] == bytes[i];
    }
    CHECK(kept && kept_bytes && changed > 50);
    /* What stands in the hole is not looked at. */
    for (i = 0; i < ALL; i++)
        if (hole[i] > 0.5f) odd[i] = 1 - odd[i];
    {
        static float again[ALL];
        CHECK_OK(gan_applier_apply(applier, 0, odd, hole, HEIGHT, WIDTH, again, ALL));
        CHECK(memcmp(made, again, sizeof made) == 0);
    }
    gan_applier_destroy(applier);
}

static void bad_arguments_are_refused(void) {
    static float made[LARGE], spoilt[ALL];
    static uint8_t made_bytes[LARGE];
    gan_applier *larger = applier_of(resolving, 0, 1), *filler = applier_of(filling, 0, 1), *none = POISON;
    int32_t number = -7, other = -7;
    int32_t sides[] = {0, -1, 65537, INT32_MIN, INT32_MAX};
    int i, touched = 0;
    memset(made, 0x55, sizeof made);
    memset(made_bytes, 0x55, sizeof made_bytes);
    memcpy(spoilt, picture, sizeof spoilt);
    CHECK_FAILS(gan_applier_create(plain, NULL, &none), GAN_E_MISMATCH, "sampler");
    CHECK_FAILS(gan_applier_create(NULL, NULL, &none), GAN_E_INVALID_ARGUMENT, "generator");
    CHECK(none == POISON);
    CHECK_FAILS(gan_applier_create(resolving, NULL, NULL), GAN_E_INVALID_ARGUMENT, "out");
    CHECK_FAILS(gan_applier_apply(filler, 0, picture, NULL, HEIGHT, WIDTH, made, LARGE), GAN_E_INVALID_ARGUMENT, "mask");
    CHECK_FAILS(gan_applier_apply(larger, 0, picture, hole, HEIGHT, WIDTH, made, LARGE), GAN_E_INVALID_ARGUMENT, "mask");
    CHECK_FAILS(gan_applier_apply_bytes(filler, 0, bytes, NULL, HEIGHT, WIDTH, made_bytes, LARGE), GAN_E_INVALID_ARGUMENT, "mask");
    CHECK_FAILS(gan_applier_apply_bytes(larger, 0, bytes, hidden, HEIGHT, WIDTH, made_bytes, LARGE), GAN_E_INVALID_ARGUMENT, "mask");
    for (i = 0; i < 5; i++) {
        CHECK_FAILS(gan_applier_apply(larger, 0, picture, NULL, sides[i], WIDTH, made, LARGE), GAN_E_OUT_OF_RANGE, "65536");
        CHECK_FAILS(gan_applier_apply(larger, 0, picture, NULL, HEIGHT, sides[i], made, LARGE), GAN_E_OUT_OF_RANGE, "65536");
        CHECK_FAILS(gan_applier_apply_bytes(larger, 0, bytes, NULL, sides[i], sides[i], made_bytes, LARGE), GAN_E_OUT_OF_RANGE, "65536");
        CHECK_FAILS(gan_applier_shape(larger, sides[i], WIDTH, &number, &other), GAN_E_OUT_OF_RANGE, "65536");
    }
    CHECK_FAILS(gan_applier_apply(larger, 0, picture, NULL, HEIGHT, WIDTH, made, LARGE - 1), GAN_E_BUFFER_TOO_SMALL, "8320");
    CHECK_FAILS(gan_applier_apply_bytes(larger, 0, bytes, NULL, HEIGHT, WIDTH, made_bytes, 0), GAN_E_BUFFER_TOO_SMALL, "8320");
    CHECK_FAILS(gan_applier_apply(larger, 0, NULL, NULL, HEIGHT, WIDTH, made, LARGE), GAN_E_INVALID_ARGUMENT, "pixels");
    CHECK_FAILS(gan_applier_apply(larger, 0, picture, NULL, HEIGHT, WIDTH, NULL, LARGE), GAN_E_INVALID_ARGUMENT, "made");
    for (i = 0; i < 3; i++) {
        spoilt[ALL - 1] = (float)(i == 0 ? (double)NAN : i == 1 ? (double)INFINITY : -(double)INFINITY);
        CHECK_FAILS(gan_applier_apply(larger, 0, spoilt, NULL, HEIGHT, WIDTH, made, LARGE), GAN_E_INVALID_ARGUMENT, "2079");
    }
    CHECK_FAILS(gan_applier_channels(larger, NULL, &number, &other), GAN_E_INVALID_ARGUMENT, "input");
    CHECK_FAILS(gan_applier_channels(larger, &number, &other, NULL), GAN_E_INVALID_ARGUMENT, "takes_mask");
    CHECK_FAILS(gan_applier_shape(larger, HEIGHT, WIDTH, &number, NULL), GAN_E_INVALID_ARGUMENT, "made_width");
    CHECK(number == -7 && other == -7);
    for (i = 0; i < LARGE; i++) touched += made_bytes[i] != 0x55 || memcmp(&made[i], "\x55\x55\x55\x55", 4) != 0;
    CHECK(touched == 0);
    gan_applier_destroy(NULL);
    gan_applier_destroy(filler);
    CHECK_FAILS(gan_applier_apply(filler, 0, picture, hole, HEIGHT, WIDTH, made, LARGE), GAN_E_INVALID_HANDLE, "applier");
    CHECK_FAILS(gan_applier_shape((gan_applier *)(void *)resolving, HEIGHT, WIDTH, &number, &other), GAN_E_INVALID_HANDLE, "applier");
    /* After all that it works. */
    CHECK_OK(gan_applier_apply(larger, 0, picture, NULL, HEIGHT, WIDTH, made, LARGE));
    gan_applier_destroy(larger);
}

/* A model of translation has a way back; the others say that they have none. */
static void a_model_may_be_reversed(void) {
    gan_options *options = NULL;
    gan_applier *back = NULL, *none = NULL;
    static float there[ALL], again[ALL];
    int32_t input = 0, output = 0, takes_mask = -1;
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_options_set(options, "reverse", "true"));
    CHECK_OK(gan_applier_create(translating, options, &back));
    CHECK_OK(gan_applier_channels(back, &input, &output, &takes_mask));
    CHECK(input == 1 && output == 1 && takes_mask == 0);
    apply(translating, 0, 1, 0, HEIGHT, WIDTH, there);
    CHECK_OK(gan_applier_apply(back, 0, picture, NULL, HEIGHT, WIDTH, again, ALL));
    CHECK(differ(there, again, ALL, 1e-4f) > ALL / 20);
    CHECK_FAILS(gan_applier_create(drawing, options, &none), GAN_E_MISMATCH, "one way only");
    CHECK_FAILS(gan_applier_create(plain, options, &none), GAN_E_MISMATCH, "pictures of numbers");
    CHECK(none == NULL);
    gan_applier_destroy(back);
    gan_options_destroy(options);
}

/* Of sides that no network of the recipe fits there is a sentence; of the smallest that it fits, a model. */
static void small_pictures_are_learnt_from_or_refused(void) {
    static const char *const settings[][3] = {{"super-resolution", "scale", "2"}, {"image-to-image", "source", "edges"}, {"inpainting", "hole", "boxes"}};
    static const uint8_t pixels[ITEMS * 9 * 9];
    int i, side, made[3] = {0, 0, 0};
    for (i = 0; i < 3; i++)
        for (side = 1; side <= 9; side++) {
            gan_options *options = NULL;
            gan_dataset *dataset = NULL;
            gan_trainer *trainer = NULL;
            int32_t status;
            CHECK_OK(gan_options_create(&options));
            CHECK_OK(gan_options_set(options, "recipe", settings[i][0]));
            CHECK_OK(gan_options_set(options, settings[i][1], settings[i][2]));
            CHECK_OK(gan_options_set(options, "generator.channels", "2"));
            CHECK_OK(gan_options_set(options, "discriminator.channels", "2"));
            CHECK_OK(gan_options_set(options, "batch-size", "4"));
            CHECK_OK(gan_dataset_create_bytes(pixels, ITEMS, side, side + side % 2, 1, NULL, 0, NULL, NULL, &dataset));
            status = gan_trainer_create(options, dataset, &trainer);
            if (status == GAN_OK) made[i]++;
            else CHECK_FAILS(status, GAN_E_MISMATCH, "pictures");
            gan_trainer_destroy(trainer);
            gan_dataset_destroy(dataset);
            gan_options_destroy(options);
        }
    CHECK(made[0] == 1 && made[1] == 6 && made[2] == 9);
}

/* Values beyond 0 … 1 are those at the nearer end. */
static void values_are_brought_into_range(void) {
    static float beyond[ALL], within[ALL], one[ALL], other[ALL];
    gan_applier *applier = applier_of(drawing, 0, 1);
    int i;
    for (i = 0; i < ALL; i++) {
        beyond[i] = i % 3 == 0 ? 3e38f : i % 3 == 1 ? -1e-3f : picture[i];
        within[i] = i % 3 == 0 ? 1 : i % 3 == 1 ? 0 : picture[i];
    }
    CHECK_OK(gan_applier_apply(applier, 0, beyond, NULL, HEIGHT, WIDTH, one, ALL));
    CHECK_OK(gan_applier_apply(applier, 0, within, NULL, HEIGHT, WIDTH, other, ALL));
    CHECK(memcmp(one, other, sizeof one) == 0);
    gan_applier_destroy(applier);
}

static void a_saved_model_makes_the_same(void) {
    static float one[LARGE], other[LARGE];
    gan_generator *models[] = {resolving, drawing, filling};
    int i;
    for (i = 0; i < 3; i++) {
        gan_generator *loaded = NULL;
        gan_applier *applier = NULL;
        int count = models[i] == resolving ? LARGE : ALL;
        apply(models[i], 0, 1, 1, HEIGHT, WIDTH, one);
        CHECK_OK(gan_generator_save(models[i], scratch("model.safetensors")));
        CHECK_OK(gan_generator_load(scratch("model.safetensors"), &loaded));
        CHECK_OK(gan_applier_create(loaded, NULL, &applier));
        gan_generator_destroy(loaded); /* the applier lives on */
        CHECK_OK(gan_applier_apply(applier, 1, picture, i == 2 ? hole : NULL, HEIGHT, WIDTH, other, LARGE));
        CHECK(memcmp(one, other, (size_t)count * sizeof(float)) == 0);
        gan_applier_destroy(applier);
    }
}

/* ------------------------------------------------------------------------------------------------ Frames */

enum { PAST = 3, FRAMES = 6 };

/* So many frames of the picture above, each a pixel further to the left. */
static void film(int frames, int height, int width, float *values, uint8_t *as_bytes) {
    int frame, y, x;
    for (frame = 0; frame < frames; frame++)
        for (y = 0; y < height; y++)
            for (x = 0; x < width; x++) {
                uint8_t byte = (uint8_t)((x + frame) * 4 + y * 3 + ((x + frame) / 5 + y / 7) % 2 * 60);
                if (as_bytes != NULL) as_bytes[(frame * height + y) * width + x] = byte;
                values[(frame * height + y) * width + x] = (float)byte / 255;
            }
}

static void any_number_of_frames_follows(void) {
    static float given[FRAMES * ALL], made[FRAMES * ALL], fewer[FRAMES * ALL], step[ALL], next[PAST * ALL];
    static uint8_t given_bytes[FRAMES * ALL], made_bytes[FRAMES * ALL];
    gan_applier *applier = applier_of(following, 0, 1);
    int32_t past = -7;
    int i, frame, differing = 0;
    film(FRAMES, HEIGHT, WIDTH, given, given_bytes);
    CHECK_OK(gan_applier_frames(applier, &past));
    CHECK(past == PAST);
    CHECK_OK(gan_applier_predict(applier, 0, given, PAST, HEIGHT, WIDTH, FRAMES, made, FRAMES * ALL));
    for (i = 0; i < FRAMES * ALL; i++) {
        differing += made[i] != made[i % ALL];
        CHECK(made[i] >= 0 && made[i] <= 1);
    }
    CHECK(differing > ALL);
    /* The first are the same, however many there are; and those that were made are looked at like others. */
    CHECK_OK(gan_applier_predict(applier, 0, given, PAST, HEIGHT, WIDTH, 2, fewer, 2 * ALL));
    CHECK(memcmp(made, fewer, 2 * ALL * sizeof *made) == 0);
    memcpy(next, given + ALL, 2 * ALL * sizeof *next);
    memcpy(next + 2 * ALL, made, ALL * sizeof *next);
    CHECK_OK(gan_applier_predict(applier, 0, next, PAST, HEIGHT, WIDTH, 1, step, ALL));
    CHECK(differ(step, made + ALL, ALL, 1e-5f) == 0);
    /* Of more frames than are looked at the last ones count. */
    CHECK_OK(gan_applier_predict(applier, 0, given + ALL, PAST, HEIGHT, WIDTH, 1, step, ALL));
    CHECK_OK(gan_applier_predict(applier, 0, given, PAST + 1, HEIGHT, WIDTH, 1, fewer, ALL));
    CHECK(memcmp(step, fewer, sizeof step) == 0 && memcmp(step, made, sizeof step) != 0);
    /* Bytes are the same in steps of 1/255. */
    CHECK_OK(gan_applier_predict_bytes(applier, 0, given_bytes, PAST, HEIGHT, WIDTH, FRAMES, made_bytes, FRAMES * ALL));
    for (i = 0; i < FRAMES * ALL; i++) CHECK(fabsf((float)made_bytes[i] - made[i] * 255) < 0.51f);
    CHECK_OK(gan_applier_predict(applier, 0, given, PAST, HEIGHT, WIDTH, 0, made, 0));
    gan_applier_destroy(applier);
    for (frame = 0; frame < 2; frame++) {
        gan_applier *other = applier_of(following, 0, frame == 0 ? 2 : 5);
        CHECK_OK(gan_applier_predict(other, 9, given, PAST, HEIGHT, WIDTH, FRAMES, fewer, FRAMES * ALL));
        CHECK_OK(gan_applier_predict(other, 0, given, PAST, HEIGHT, WIDTH, FRAMES, made, FRAMES * ALL));
        CHECK(memcmp(made, fewer, sizeof made) == 0);
        gan_applier_destroy(other);
    }
    /* As the first applier made them. */
    for (i = 0; i < FRAMES * ALL; i++) CHECK(fabsf((float)made_bytes[i] - made[i] * 255) < 0.51f);
}

static void tiles_of_frames_do_not_show(void) {
    enum { ROWS = 150, COLUMNS = 170, COUNT = ROWS * COLUMNS };
    static float given[PAST * COUNT], whole[2 * COUNT], tiled[2 * COUNT];
    gan_applier *one = applier_of(following, 0, 1), *other = applier_of(following, 16, 1);
    film(PAST, ROWS, COLUMNS, given, NULL);
    CHECK_OK(gan_applier_predict(one, 0, given, PAST, ROWS, COLUMNS, 2, whole, 2 * COUNT));
    CHECK_OK(gan_applier_predict(other, 0, given, PAST, ROWS, COLUMNS, 2, tiled, 2 * COUNT));
    CHECK(differ(whole, tiled, 2 * COUNT, 1e-4f) == 0);
    gan_applier_destroy(one), gan_applier_destroy(other);
}

static void what_frames_are_refused(void) {
    static float given[PAST * ALL], made[ALL];
    static uint8_t given_bytes[PAST * ALL], made_bytes[ALL];
    gan_applier *follower = applier_of(following, 0, 1), *numbers = applier_of(remembering, 0, 1), *larger = applier_of(resolving, 0, 1);
    int32_t past = -7, height = -7, width = -7;
    film(PAST, HEIGHT, WIDTH, given, given_bytes);
    CHECK_OK(gan_applier_frames(larger, &past));
    CHECK(past == 0);
    CHECK_OK(gan_applier_frames(numbers, &past));
    CHECK(past == PAST);
    CHECK_FAILS(gan_applier_predict(larger, 0, given, PAST, HEIGHT, WIDTH, 1, made, ALL), GAN_E_MISMATCH, "next-frame");
    CHECK_FAILS(gan_applier_apply(follower, 0, picture, NULL, HEIGHT, WIDTH, made, ALL), GAN_E_MISMATCH, "gan_applier_predict");
    CHECK_FAILS(gan_applier_apply_bytes(follower, 0, bytes, NULL, HEIGHT, WIDTH, made_bytes, ALL), GAN_E_MISMATCH, "gan_applier_predict");
    CHECK_FAILS(gan_applier_predict(follower, 0, given, PAST - 1, HEIGHT, WIDTH, 1, made, ALL), GAN_E_OUT_OF_RANGE, "3 frames");
    CHECK_FAILS(gan_applier_predict_bytes(follower, 0, given_bytes, INT32_MIN, HEIGHT, WIDTH, 1, made_bytes, ALL), GAN_E_OUT_OF_RANGE, "3 frames");
    CHECK_FAILS(gan_applier_predict(follower, 0, given, PAST, HEIGHT, WIDTH, -1, made, ALL), GAN_E_OUT_OF_RANGE, "count");
    CHECK_FAILS(gan_applier_predict(follower, 0, given, PAST, HEIGHT, WIDTH, 65537, made, ALL), GAN_E_OUT_OF_RANGE, "65536");
    CHECK_FAILS(gan_applier_predict(follower, 0, given, PAST, 0, WIDTH, 1, made, ALL), GAN_E_OUT_OF_RANGE, "65536");
    CHECK_FAILS(gan_applier_predict(follower, 0, given, INT32_MAX, 65536, 65536, 1, made, ALL), GAN_E_BUFFER_TOO_SMALL, "4294967296");
    CHECK_FAILS(gan_applier_predict(follower, 0, given, PAST, HEIGHT, WIDTH, 1, made, ALL - 1), GAN_E_BUFFER_TOO_SMALL, "2080");
    CHECK_FAILS(gan_applier_predict(follower, 0, NULL, PAST, HEIGHT, WIDTH, 1, made, ALL), GAN_E_INVALID_ARGUMENT, "frames");
    CHECK_FAILS(gan_applier_predict(follower, 0, given, PAST, HEIGHT, WIDTH, 1, NULL, ALL), GAN_E_INVALID_ARGUMENT, "made");
    CHECK_FAILS(gan_applier_frames(follower, NULL), GAN_E_INVALID_ARGUMENT, "past");
    CHECK_FAILS(gan_applier_frames(NULL, &past), GAN_E_INVALID_ARGUMENT, "applier");
    given[PAST * ALL - 1] = NAN;
    CHECK_FAILS(gan_applier_predict(follower, 0, given, PAST, HEIGHT, WIDTH, 1, made, ALL), GAN_E_INVALID_ARGUMENT, "frames");
    given[PAST * ALL - 1] = 0;
    /* Numbers remember pictures of one size. */
    CHECK_FAILS(gan_applier_predict(numbers, 0, given, PAST, HEIGHT, WIDTH, 1, made, ALL), GAN_E_MISMATCH, "32×32");
    CHECK_FAILS(gan_applier_shape(numbers, 32, 31, &height, &width), GAN_E_MISMATCH, "32×32");
    CHECK(height == -7 && width == -7);
    CHECK_OK(gan_applier_shape(numbers, 32, 32, &height, &width));
    CHECK_OK(gan_applier_predict(numbers, 0, given, PAST, 32, 32, 1, made, ALL));
    CHECK_OK(gan_applier_predict(follower, 0, given, PAST, 1, 1, 5, made, ALL));
    gan_applier_destroy(follower), gan_applier_destroy(numbers), gan_applier_destroy(larger);
    CHECK_FAILS(gan_applier_predict(follower, 0, given, PAST, HEIGHT, WIDTH, 1, made, ALL), GAN_E_INVALID_HANDLE, "applier");
}

/* A model that was saved says the same frames; and goes on from a file as if it had never stopped. */
static void frames_of_a_saved_model(void) {
    static float given[PAST * ALL], one[2 * ALL], other[2 * ALL];
    gan_generator *models[] = {following, remembering};
    int i;
    film(PAST, 32, 32, given, NULL);
    for (i = 0; i < 2; i++) {
        gan_generator *loaded = NULL;
        gan_applier *applier = applier_of(models[i], 0, 1);
        CHECK_OK(gan_applier_predict(applier, 0, given, PAST, 32, 32, 2, one, 2 * ALL));
        gan_applier_destroy(applier);
        CHECK_OK(gan_generator_save(models[i], scratch("frames.safetensors")));
        CHECK_OK(gan_generator_load(scratch("frames.safetensors"), &loaded));
        applier = applier_of(loaded, 0, 2);
        CHECK_OK(gan_applier_predict(applier, 0, given, PAST, 32, 32, 2, other, 2 * ALL));
        CHECK(memcmp(one, other, 2 * 1024 * sizeof *one) == 0);
        gan_applier_destroy(applier);
        gan_generator_destroy(loaded);
    }
}

int main(void) {
    int i;
    for (i = 0; i < ALL; i++) {
        int y = i / WIDTH, x = i % WIDTH;
        bytes[i] = (uint8_t)(x * 4 + y * 3 + (x / 5 + y / 7) % 2 * 60);
        picture[i] = (float)bytes[i] / 255;
        hidden[i] = y >= 9 && y < 24 && x >= 20 && x < 41 ? 255 : 100;
        hole[i] = (float)hidden[i] / 255;
    }
    resolving = trained(LEARNT, "super-resolution", "scale", "2");
    drawing = trained(LEARNT, "image-to-image", "source", "edges");
    undivided = trained(ODD, "image-to-image", "source", "blurred");
    filling = trained(LEARNT, "inpainting", "hole", "boxes");
    translating = trained(LEARNT, "translation", "generator.norm", "none");
    plain = small_generator();
    following = watching("convolutional");
    remembering = watching("lstm");
    RUN(any_number_of_frames_follows);
    RUN(tiles_of_frames_do_not_show);
    RUN(what_frames_are_refused);
    RUN(frames_of_a_saved_model);
    RUN(an_applier_tells_what_it_takes_and_makes);
    RUN(tiles_do_not_show);
    RUN(a_network_that_reaches_far_is_cut_too);
    RUN(any_size_is_taken);
    RUN(threads_and_repetition_change_nothing);
    RUN(one_applier_takes_many_sizes);
    RUN(bytes_are_the_floats);
    RUN(what_lies_outside_of_a_hole_stays);
    RUN(bad_arguments_are_refused);
    RUN(small_pictures_are_learnt_from_or_refused);
    RUN(a_model_may_be_reversed);
    RUN(values_are_brought_into_range);
    RUN(a_saved_model_makes_the_same);
    gan_generator_destroy(resolving);
    gan_generator_destroy(drawing);
    gan_generator_destroy(filling);
    gan_generator_destroy(undivided);
    gan_generator_destroy(translating);
    gan_generator_destroy(plain);
    return FINISH("applier");
}
