/* A frei0r host of a few hundred lines: loads the plugin as hosts do, and holds its frames to what the library draws.
 * Usage: host PLUGIN [FOLDER]   (the folder receives a model that was told classes and one that has codes)
 */
#include "plugin.h"

#include <math.h>
#include <pthread.h>

enum { MODEL, SEED, SPEED, COLUMNS, COLOUR_MAP, SMOOTHING, LABEL, INPUTS, PARAMETERS };

static const char *plugin_path;

static void set_model(f0r_instance_t instance, const char *path) { set_text(instance, MODEL, path); }

/* A frame in a block of just its size, so that a checker of memory sees a pixel too many. */
static uint32_t *frame(f0r_instance_t instance, int width, int height, double time) {
    size_t count = (size_t)width * (size_t)height, i;
    uint32_t *pixels = malloc(count * 4);
    for (i = 0; i < count; i++) pixels[i] = 0x12345678;
    plugin.update(instance, time, NULL, pixels);
    for (i = 0; i < count; i++) {
        if (((uint8_t *)&pixels[i])[3] != 255) {
            CHECK(!"alpha is 255 everywhere");
            break;
        }
    }
    return pixels;
}

static double difference(const uint32_t *a, const uint32_t *b, int count) {
    double sum = 0;
    int i;
    for (i = 0; i < count; i++) sum += abs((int)(a[i] & 255) - (int)(b[i] & 255));
    return sum / count;
}

/* A model for images of SIDE × SIDE with some channels; path is good until eight more were asked for. */
static const char *make_model(const char *name, int channels, int seed) {
    enum { COUNT = 20 };
    uint8_t pixels[COUNT * PIXELS * 4];
    gan_dataset *dataset = NULL;
    gan_options *options = small_options(1);
    gan_trainer *trainer = NULL;
    const char *path = scratch(name);
    int i;
    for (i = 0; i < COUNT * PIXELS * channels; i++) pixels[i] = (uint8_t)(i * 73 + i / 7);
    CHECK_OK(gan_options_set_integer(options, "seed", seed));
    CHECK_OK(gan_options_set(options, "generator.hidden", "16"));
    CHECK_OK(gan_options_set(options, "generator.initial-deviation", "0.7")); /* images that differ, without learning */
    CHECK_OK(gan_dataset_create_bytes(pixels, COUNT, SIDE, SIDE, channels, NULL, 0, NULL, NULL, &dataset));
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    CHECK_OK(gan_trainer_step(trainer, 2));
    CHECK_OK(gan_trainer_save(trainer, path));
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
    return path;
}

static const char *model(void) {
    static char path[256];
    if (path[0] == '\0') snprintf(path, sizeof path, "%s", make_model("model.safetensors", 1, 1));
    return path;
}

/* A model that was told the classes "bird", "cat" and "dog" of a folder, in the folder `into`. */
static void make_labelled_model(const char *into, char *path, size_t room) {
    static const char *names[] = {"bird", "cat", "dog, brown"};
    char folder[300], file[400];
    gan_dataset *dataset = NULL;
    gan_options *options = small_options(1);
    gan_trainer *trainer = NULL;
    int kind, i, p;
    snprintf(folder, sizeof folder, "%s/classes", into);
    mkdir(folder, 0755);
    for (kind = 0; kind < 3; kind++) {
        snprintf(folder, sizeof folder, "%s/classes/%s", into, names[kind]);
        mkdir(folder, 0755);
        for (i = 0; i < 8; i++) {
            uint8_t pixels[PIXELS];
            for (p = 0; p < PIXELS; p++) pixels[p] = (uint8_t)(kind * 100 + i + p);
            snprintf(file, sizeof file, "%s/%d.png", folder, i);
            CHECK_OK(gan_image_write_png(pixels, 1, SIDE, SIDE, 1, 1, 0, 1, file));
        }
    }
    snprintf(folder, sizeof folder, "%s/classes", into);
    snprintf(path, room, "%s/labelled.safetensors", into);
    CHECK_OK(gan_options_set(options, "condition", "labels"));
    CHECK_OK(gan_options_set(options, "generator.initial-deviation", "0.7"));
    CHECK_OK(gan_dataset_open(folder, NULL, &dataset));
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    CHECK_OK(gan_trainer_step(trainer, 2));
    CHECK_OK(gan_trainer_save(trainer, path));
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
}

/* A model with a category c1 of three and the codes c2 and c3. */
static void make_coded_model(const char *into, char *path, size_t room) {
    gan_dataset *dataset = small_dataset();
    gan_options *options = small_options(1);
    gan_trainer *trainer = NULL;
    snprintf(path, room, "%s/coded.safetensors", into);
    CHECK_OK(gan_options_set(options, "recipe", "infogan"));
    CHECK_OK(gan_options_set(options, "info.categories", "3"));
    CHECK_OK(gan_options_set(options, "info.codes", "2"));
    CHECK_OK(gan_options_set(options, "generator.initial-deviation", "0.7"));
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    CHECK_OK(gan_trainer_step(trainer, 2));
    CHECK_OK(gan_trainer_save(trainer, path));
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
}

static char labelled[300], coded[300];

static const char *model_folder(void) {
    static char folder[192];
    if (folder[0] == '\0') {
        snprintf(folder, sizeof folder, "%s", scratch("models"));
        mkdir(folder, 0755);
    }
    return folder;
}

static const char *labelled_model(void) {
    if (labelled[0] == '\0') make_labelled_model(model_folder(), labelled, sizeof labelled);
    return labelled;
}

static const char *coded_model(void) {
    if (coded[0] == '\0') make_coded_model(model_folder(), coded, sizeof coded);
    return coded;
}

/* What the library draws of a model with these settings, NAME VALUE NAME VALUE … NULL. */
static void library_draws(const char *path, uint64_t seed, int64_t first, const char *const *settings, uint8_t pixels[PIXELS]) {
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    CHECK_OK(gan_generator_load(path, &generator));
    CHECK_OK(gan_sampler_create(generator, NULL, &sampler));
    for (; *settings != NULL; settings += 2) CHECK_OK(gan_sampler_set(sampler, settings[0], settings[1]));
    CHECK_OK(gan_sampler_draw_bytes(sampler, seed, first, 1, pixels, PIXELS));
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
}

/* An instance that shows samples as they are: one image of the frame's size, square pixels. */
static f0r_instance_t plain(const char *path, int width, int height) {
    f0r_instance_t instance = plugin.construct((unsigned)width, (unsigned)height);
    CHECK(instance != NULL);
    set_model(instance, path);
    set_number(instance, SMOOTHING, 0);
    return instance;
}

/* -------------------------------------------------------------------------------------------------- Tests */

static void the_plugin_describes_itself(void) {
    f0r_plugin_info_t info;
    f0r_param_info_t parameter;
    static const char *names[] = {"Model", "Seed", "Speed", "Columns", "Colour map", "Smoothing", "Label", "Inputs"};
    int i;
    CHECK(plugin.init() == 1);
    memset(&info, 0, sizeof info);
    plugin.plugin_info(&info);
    CHECK_TEXT(info.name, "gan");
    CHECK(info.plugin_type == F0R_PLUGIN_TYPE_SOURCE && info.color_model == F0R_COLOR_MODEL_RGBA8888);
    CHECK(info.frei0r_version == FREI0R_MAJOR_VERSION && info.num_params == PARAMETERS);
    CHECK(info.major_version == GAN_VERSION / 10000 && info.minor_version == GAN_VERSION / 100 % 100);
    CHECK(info.author != NULL && info.explanation != NULL && strlen(info.explanation) > 20);
    for (i = 0; i < PARAMETERS; i++) {
        memset(&parameter, 0, sizeof parameter);
        plugin.param_info(&parameter, i);
        CHECK_TEXT(parameter.name, names[i]);
        CHECK(parameter.type == (i == MODEL || i == LABEL || i == INPUTS ? F0R_PARAM_STRING : F0R_PARAM_DOUBLE));
        CHECK(parameter.explanation != NULL && strlen(parameter.explanation) > 20);
    }
    memset(&parameter, 0, sizeof parameter);
    plugin.param_info(&parameter, -1);
    plugin.param_info(&parameter, PARAMETERS);
    CHECK(parameter.name == NULL);
}

static void parameters_come_back(void) {
    static const double values[] = {0, 0.5, 1, 0.007, -3, 1e300, INFINITY, -INFINITY};
    f0r_instance_t instance = plugin.construct(8, 8);
    char *text = NULL, *longest = malloc(70001);
    size_t i;
    int index;
    plugin.get(instance, &text, MODEL);
    CHECK_TEXT(text, "");
    CHECK(get_number(instance, SPEED) == 0.25 && get_number(instance, SEED) == 0 && get_number(instance, SMOOTHING) == 1);
    for (index = SEED; index <= SMOOTHING; index++) {
        for (i = 0; i < sizeof values / sizeof *values; i++) {
            set_number(instance, index, values[i]);
            CHECK(get_number(instance, index) == values[i]);
            free(frame(instance, 8, 8, 1));
        }
        set_number(instance, index, 0.5);
        set_number(instance, index, NAN); /* no number: nothing changes */
        CHECK(get_number(instance, index) == 0.5);
    }
    set_model(instance, "some/path");
    plugin.get(instance, &text, MODEL);
    CHECK_TEXT(text, "some/path");
    memset(longest, 'x', 70000);
    longest[70000] = '\0';
    set_model(instance, longest);
    plugin.get(instance, &text, MODEL);
    CHECK_TEXT(text, longest);
    free(frame(instance, 8, 8, 0));
    set_model(instance, NULL);
    plugin.get(instance, &text, MODEL);
    CHECK_TEXT(text, longest);
    for (index = LABEL; index <= INPUTS; index++) {
        plugin.get(instance, &text, index);
        CHECK_TEXT(text, "");
        set_text(instance, index, "\xff=2");
        plugin.get(instance, &text, index);
        CHECK_TEXT(text, "\xff=2");
        free(frame(instance, 8, 8, 0));
        set_text(instance, index, longest);
        plugin.get(instance, &text, index);
        CHECK_TEXT(text, longest);
        free(frame(instance, 8, 8, 0));
    }
    set_number(instance, PARAMETERS, 1);
    set_number(instance, -1, 1);
    CHECK(get_number(instance, PARAMETERS) == -77);
    plugin.set(instance, NULL, SEED);
    plugin.get(instance, NULL, SEED);
    plugin.update(instance, 0, NULL, NULL);
    plugin.destruct(instance);
    plugin.destruct(NULL);
    plugin.set(NULL, &text, MODEL);
    plugin.get(NULL, &text, MODEL);
    free(longest);
}

static void the_walk_passes_the_samples(void) {
    f0r_instance_t instance = plain(model(), SIDE, SIDE);
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    uint8_t samples[16 * PIXELS];
    int second, i;
    CHECK_OK(gan_generator_load(model(), &generator));
    CHECK_OK(gan_sampler_create(generator, NULL, &sampler));
    CHECK_OK(gan_sampler_draw_bytes(sampler, 7, 0, 16, samples, sizeof samples));
    set_number(instance, SEED, 0.007);
    for (second = -16; second <= 33; second++) { /* one sample a second, round and round */
        uint32_t *pixels = frame(instance, SIDE, SIDE, second);
        const uint8_t *sample = samples + (second + 32) % 16 * PIXELS;
        for (i = 0; i < PIXELS; i++) CHECK(pixels[i] == (0xff000000u | sample[i] * 0x10101u));
        free(pixels);
    }
    set_number(instance, SPEED, 1); /* four */
    for (second = 0; second <= 4; second++) {
        uint32_t *pixels = frame(instance, SIDE, SIDE, second);
        for (i = 0; i < PIXELS; i++) CHECK((pixels[i] & 255) == samples[second * 4 % 16 * PIXELS + i]);
        free(pixels);
    }
    set_number(instance, SPEED, 0); /* stands still */
    {
        uint32_t *one = frame(instance, SIDE, SIDE, 0), *two = frame(instance, SIDE, SIDE, 12345.6);
        CHECK(same(one, two, PIXELS));
        free(one);
        free(two);
    }
    plugin.destruct(instance);
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
}

static void neighbours_differ_little(void) {
    enum { WIDTH = 64, HEIGHT = 48, COUNT = WIDTH * HEIGHT };
    f0r_instance_t instance = plugin.construct(WIDTH, HEIGHT);
    double near_most = 0, far_sum = 0;
    int i;
    set_model(instance, model());
    set_number(instance, COLUMNS, 4 / 32.0);
    for (i = 0; i < 50; i++) {
        uint32_t *now = frame(instance, WIDTH, HEIGHT, i / 25.0), *next = frame(instance, WIDTH, HEIGHT, (i + 1) / 25.0);
        uint32_t *later = frame(instance, WIDTH, HEIGHT, i / 25.0 + 5);
        double step = difference(now, next, COUNT);
        CHECK(step > 0);
        if (step > near_most) near_most = step;
        far_sum += difference(now, later, COUNT);
        free(now);
        free(next);
        free(later);
    }
    CHECK(near_most * 3 < far_sum / 50);
    plugin.destruct(instance);
}

static void a_frame_is_a_function_of_time(void) {
    enum { WIDTH = 60, HEIGHT = 40, COUNT = WIDTH * HEIGHT };
    static const double times[] = {3.7, 0, 12.34, 3.7, 1e6, 0.04};
    f0r_instance_t one = plugin.construct(WIDTH, HEIGHT), two = plugin.construct(WIDTH, HEIGHT);
    uint32_t *first[6];
    int i;
    set_model(one, model());
    set_model(two, model());
    set_number(one, COLUMNS, 0.1);
    set_number(two, COLUMNS, 0.1);
    for (i = 0; i < 6; i++) first[i] = frame(one, WIDTH, HEIGHT, times[i]);
    CHECK(same(first[0], first[3], COUNT) && !same(first[0], first[1], COUNT));
    for (i = 5; i >= 0; i--) {
        uint32_t *again = frame(two, WIDTH, HEIGHT, times[i]);
        CHECK(same(first[i], again, COUNT));
        free(again);
    }
    /* Parameters changed between frames, and set back. */
    for (i = SEED; i <= SMOOTHING; i++) {
        double before = get_number(one, i);
        uint32_t *other, *again;
        set_number(one, i, i == SMOOTHING ? 0 : 0.7);
        other = frame(one, WIDTH, HEIGHT, 3.7);
        CHECK(!same(other, first[0], COUNT));
        set_number(one, i, before);
        again = frame(one, WIDTH, HEIGHT, 3.7);
        CHECK(same(again, first[0], COUNT));
        free(other);
        free(again);
    }
    for (i = 0; i < 6; i++) free(first[i]);
    plugin.destruct(one);
    plugin.destruct(two);
}

static void frames_of_any_size(void) {
    static const int sizes[][2] = {{1, 1}, {2, 1}, {1, 9}, {3, 5}, {7, 2}, {33, 17}, {640, 1}, {1, 480}, {200, 6}, {6, 200}, {64, 64}};
    static const double columns[] = {0, 2 / 32.0, 1};
    size_t i, j, k, m;
    for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        int width = sizes[i][0], height = sizes[i][1];
        f0r_instance_t instance = plugin.construct((unsigned)width, (unsigned)height);
        set_model(instance, model());
        for (j = 0; j < 3; j++)
            for (k = 0; k < 3; k++)
                for (m = 0; m < 5; m++) {
                    set_number(instance, COLUMNS, columns[j]);
                    set_number(instance, SMOOTHING, (double)k / 2);
                    set_number(instance, COLOUR_MAP, (double)m / 4);
                    free(frame(instance, width, height, 0.3));
                }
        plugin.destruct(instance);
    }
    CHECK(plugin.construct(0, 10) == NULL && plugin.construct(10, 0) == NULL);
    CHECK(plugin.construct(4000000000u, 4000000000u) == NULL);
}

/* In the middle of each of its pixels, an enlarged image has the image's own values, whatever the smoothing. */
static void enlarging_keeps_the_image(void) {
    enum { TIMES = 9, WIDE = SIDE * TIMES };
    f0r_instance_t small = plain(model(), SIDE, SIDE), large = plain(model(), WIDE, WIDE);
    uint32_t *image = frame(small, SIDE, SIDE, 0);
    int smoothing, x, y;
    for (smoothing = 0; smoothing <= 2; smoothing++) {
        uint32_t *pixels;
        int wrong = 0, flat = 0;
        set_number(large, SMOOTHING, smoothing / 2.0);
        pixels = frame(large, WIDE, WIDE, 0);
        for (y = 0; y < SIDE; y++)
            for (x = 0; x < SIDE; x++) {
                int middle = (y * TIMES + TIMES / 2) * WIDE + x * TIMES + TIMES / 2;
                wrong += abs((int)(pixels[middle] & 255) - (int)(image[y * SIDE + x] & 255)) > 1;
                flat += pixels[middle - TIMES / 2] == pixels[middle];
            }
        CHECK(wrong == 0);
        CHECK(smoothing == 0 ? flat == PIXELS : flat < PIXELS);
        free(pixels);
    }
    free(image);
    plugin.destruct(small);
    plugin.destruct(large);
}

static void shrinking_passes_no_pixel_over(void) {
    /* The mean of an image stays as it is when it becomes one pixel. */
    f0r_instance_t small = plain(model(), SIDE, SIDE), one = plain(model(), 1, 1);
    uint32_t *image = frame(small, SIDE, SIDE, 0), *pixel;
    double sum = 0;
    int i;
    set_number(one, SMOOTHING, 0.5);
    pixel = frame(one, 1, 1, 0);
    for (i = 0; i < PIXELS; i++) sum += image[i] & 255;
    CHECK(fabs(sum / PIXELS - (pixel[0] & 255)) < 40);
    free(image);
    free(pixel);
    plugin.destruct(small);
    plugin.destruct(one);
}

static void colours_are_shown(void) {
    static const int kinds[] = {3, 4, 2};
    size_t kind;
    for (kind = 0; kind < 3; kind++) {
        int channels = kinds[kind], i, wrong = 0;
        char path[256];
        f0r_instance_t instance;
        gan_generator *generator = NULL;
        gan_sampler *sampler = NULL;
        uint8_t sample[PIXELS * 4];
        uint32_t *pixels;
        snprintf(path, sizeof path, "%s", make_model("colours.safetensors", channels, 3));
        instance = plain(path, SIDE, SIDE);
        CHECK_OK(gan_generator_load(path, &generator));
        CHECK_OK(gan_sampler_create(generator, NULL, &sampler));
        CHECK_OK(gan_sampler_draw_bytes(sampler, 0, 0, 1, sample, sizeof sample));
        pixels = frame(instance, SIDE, SIDE, 0);
        for (i = 0; i < PIXELS; i++) {
            const uint8_t *from = sample + i * channels, *to = (const uint8_t *)&pixels[i];
            int c;
            for (c = 0; c < 3; c++) {
                int expected = channels == 3 ? from[c] : channels == 4 ? (from[c] * from[3] + 127) / 255 : from[0];
                wrong += abs(to[c] - expected) > (channels == 4);
            }
        }
        CHECK(wrong == 0);
        free(pixels);
        plugin.destruct(instance);
        gan_sampler_destroy(sampler);
        gan_generator_destroy(generator);
    }
}

static void odd_times_are_survived(void) {
    static const double times[] = {NAN, INFINITY, -INFINITY, -1, -1e-300, 1e300, -1e300, 1e18, 5e-324};
    f0r_instance_t instance = plugin.construct(40, 30);
    size_t i, j;
    set_model(instance, model());
    set_number(instance, COLUMNS, 0.1);
    for (j = 0; j < 2; j++) {
        for (i = 0; i < sizeof times / sizeof *times; i++) {
            uint32_t *pixels = frame(instance, 40, 30, times[i]), *again = frame(instance, 40, 30, times[i]);
            CHECK(same(pixels, again, 1200));
            free(pixels);
            free(again);
        }
        set_number(instance, SPEED, 1);
    }
    plugin.destruct(instance);
}

static void what_is_wrong_stands_in_the_frame(void) {
    enum { WIDTH = 320, HEIGHT = 240, COUNT = WIDTH * HEIGHT };
    f0r_instance_t instance = plugin.construct(WIDTH, HEIGHT);
    const char *broken = scratch("broken.safetensors");
    const char *paths[5];
    uint32_t *frames[5], *good;
    size_t size = 0;
    uint8_t *bytes = read_file(model(), &size);
    int i, j;
    write_file(broken, bytes, size / 2);
    free(bytes);
    paths[0] = "";
    paths[1] = "/no/such/model.safetensors";
    paths[2] = broken;
    paths[3] = "/";
    paths[4] = "\xff\xfe not UTF-8";
    for (i = 0; i < 5; i++) {
        uint32_t *again;
        set_model(instance, paths[i]);
        frames[i] = frame(instance, WIDTH, HEIGHT, i);
        again = frame(instance, WIDTH, HEIGHT, 100);
        CHECK(same(frames[i], again, COUNT));
        free(again);
        CHECK(letters(frames[i], COUNT) > COUNT / 200 && letters(frames[i], COUNT) < COUNT / 3);
        for (j = 0; j < i; j++) CHECK(!same(frames[i], frames[j], COUNT));
    }
    set_model(instance, model());
    good = frame(instance, WIDTH, HEIGHT, 0);
    for (i = 0; i < 5; i++) {
        CHECK(!same(good, frames[i], COUNT));
        free(frames[i]);
    }
    free(good);
    plugin.destruct(instance);
    /* Frames too small for letters. */
    for (i = 1; i < 40; i += 7) {
        instance = plugin.construct((unsigned)i, (unsigned)(41 - i));
        free(frame(instance, i, 41 - i, 0));
        plugin.destruct(instance);
    }
}

/* The colour of frames that say what is wrong. */
static const uint32_t ground = 0xff181422u;

/* Whether a frame holds letters, all of which stand within it. */
static int is_readable(const uint32_t *pixels, int width, int height) {
    int i, light = 0;
    for (i = 0; i < width; i++)
        if (pixels[i] != ground || pixels[(height - 1) * width + i] != ground) return 0;
    for (i = 0; i < height; i++)
        if (pixels[i * width] != ground || pixels[i * width + width - 1] != ground) return 0;
    for (i = 0; i < width * height; i++) light += (pixels[i] & 255) > 150;
    return light >= 20;
}

static void what_is_wrong_fits_the_frame(void) {
    static const int sizes[][2] = {{48, 48}, {64, 64}, {64, 36}, {96, 54}, {128, 128}, {160, 90}, {320, 240}, {64, 200}, {400, 60}, {1280, 720}};
    const char *broken = scratch("cut short.safetensors");
    char longest[3000];
    const char *paths[5];
    size_t size = 0, i;
    uint8_t *bytes = read_file(model(), &size);
    int j, k;
    write_file(broken, bytes, size / 2);
    free(bytes);
    memset(longest, 'x', sizeof longest);
    memcpy(longest, "/no/such/", 9);
    longest[sizeof longest - 1] = '\0';
    paths[0] = "";
    paths[1] = "/no/such/folder/with a model.safetensors";
    paths[2] = broken;
    paths[3] = "\xff\xfe not UTF-8";
    paths[4] = longest;
    for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        int width = sizes[i][0], height = sizes[i][1], count = width * height;
        f0r_instance_t instance = plugin.construct((unsigned)width, (unsigned)height);
        uint32_t *frames[6];
        for (j = 0; j < 6; j++) {
            set_model(instance, j < 5 ? paths[j] : model());
            if (j == 5) set_number(instance, SMOOTHING, 2);
            frames[j] = frame(instance, width, height, 0);
            CHECK(is_readable(frames[j], width, height));
            /* A file that is not there is "not found" in a small frame, whatever its name. */
            for (k = 0; k < j; k++) CHECK(!same(frames[j], frames[k], count) || j == 4);
        }
        for (j = 0; j < 6; j++) free(frames[j]);
        plugin.destruct(instance);
    }
}

static void values_outside_are_told_in_the_frame(void) {
    enum { WIDTH = 320, HEIGHT = 240, COUNT = WIDTH * HEIGHT };
    static const double values[] = {7, -1, 1.5, 1e300, INFINITY, -INFINITY, 1001, -0.01};
    static const int sizes[][2] = {{WIDTH, HEIGHT}, {64, 64}};
    size_t i, j;
    for (j = 0; j < 2; j++) {
        int width = sizes[j][0], height = sizes[j][1], index;
        f0r_instance_t instance = plugin.construct((unsigned)width, (unsigned)height);
        uint32_t *good, *told, *again, *seventh;
        set_model(instance, model());
        set_number(instance, SEED, 0.007);
        good = frame(instance, width, height, 0.3);
        CHECK(!is_readable(good, width, height));
        for (index = SEED; index <= SMOOTHING; index++) {
            double before = get_number(instance, index);
            for (i = 0; i < sizeof values / sizeof *values; i++) {
                set_number(instance, index, values[i]);
                told = frame(instance, width, height, 0.3);
                CHECK(is_readable(told, width, height));
                free(told);
            }
            set_number(instance, index, before); /* and all is well again */
            again = frame(instance, width, height, 0.3);
            CHECK(same(good, again, width * height));
            free(again);
            /* What rounding leaves of a bound is the bound. */
            for (i = 0; i < 2; i++) {
                uint32_t *bound, *beyond;
                set_number(instance, index, (double)i);
                bound = frame(instance, width, height, 0.3);
                set_number(instance, index, i ? 1 + 1e-9 : -1e-9);
                beyond = frame(instance, width, height, 0.3);
                CHECK(same(bound, beyond, width * height));
                free(bound);
                free(beyond);
            }
            set_number(instance, index, before);
        }
        /* Seed 7 and seed 8 are told with what to write for them, so their frames differ. */
        set_number(instance, SEED, 7);
        seventh = frame(instance, width, height, 0.3);
        set_number(instance, SEED, 8);
        told = frame(instance, width, height, 0.3);
        CHECK(!same(seventh, told, width * height));
        free(good), free(seventh), free(told);
        plugin.destruct(instance);
    }
}

/* Whether a frame of one image is what the library draws. */
static void shows(f0r_instance_t instance, double time, const uint8_t pixels[PIXELS], const char *what) {
    uint32_t *shown = frame(instance, SIDE, SIDE, time);
    int i, wrong = 0;
    for (i = 0; i < PIXELS; i++) wrong += shown[i] != (0xff000000u | pixels[i] * 0x10101u);
    if (wrong > 0) check_fails(__FILE__, __LINE__, "%s: %d pixels differ", what, wrong);
    free(shown);
}

static void a_label_is_held(void) {
    static const char *const names[] = {"bird", "cat", "dog, brown"}, *const numbers[] = {"0", "1", " 2 "};
    f0r_instance_t instance = plain(labelled_model(), SIDE, SIDE);
    uint8_t pixels[PIXELS], last[PIXELS] = {0};
    char text[64];
    int kind, second;
    set_number(instance, SEED, 0.007);
    for (kind = 0; kind < 3; kind++) {
        const char *settings[3] = {"label", NULL, NULL};
        settings[1] = names[kind];
        for (second = 0; second <= 16; second += 5) { /* one sample a second */
            library_draws(labelled_model(), 7, second % 16, settings, pixels);
            set_text(instance, LABEL, names[kind]);
            shows(instance, second, pixels, "a class by its name");
            set_text(instance, LABEL, numbers[kind]);
            shows(instance, second, pixels, "a class by its number");
            set_text(instance, LABEL, "");
            snprintf(text, sizeof text, "label=%s", names[kind]);
            set_text(instance, INPUTS, text);
            shows(instance, second, pixels, "a class among the inputs");
            set_text(instance, INPUTS, numbers[kind]);
            shows(instance, second, pixels, "a class alone among the inputs");
            set_text(instance, INPUTS, "");
            if (kind == 0) shows(instance, second, pixels, "the first image has the first class");
        }
        CHECK(memcmp(pixels, last, PIXELS) != 0);
        memcpy(last, pixels, PIXELS);
    }
    plugin.destruct(instance);
}

/* More images than are decoded at once: image c is of class c mod 3, whether somebody says so or nobody. */
static void images_in_turn_keep_their_classes(void) {
    enum { WIDTH = 64, COUNT = WIDTH * WIDTH };
    static const char *const same_ways[] = {"0,1,2", "bird, cat,2"};
    f0r_instance_t instance = plugin.construct(WIDTH, WIDTH);
    uint32_t *unset, *set, *other;
    size_t i;
    set_model(instance, labelled_model());
    set_number(instance, COLUMNS, 1); /* 32 × 32 images */
    unset = frame(instance, WIDTH, WIDTH, 3.3);
    for (i = 0; i < 2; i++) {
        set_text(instance, LABEL, same_ways[i]);
        set = frame(instance, WIDTH, WIDTH, 3.3);
        CHECK(same(unset, set, COUNT));
        free(set);
    }
    set_text(instance, LABEL, "0,2,1");
    other = frame(instance, WIDTH, WIDTH, 3.3);
    CHECK(!same(unset, other, COUNT));
    set_text(instance, LABEL, "");
    set = frame(instance, WIDTH, WIDTH, 3.3);
    CHECK(same(unset, set, COUNT));
    free(unset), free(set), free(other);
    plugin.destruct(instance);
}

static void codes_are_held_or_sweep(void) {
    static const char *const settings[] = {"c1", "2", "c2", "0.5", "c3", "-1", NULL}, *const category[] = {"c1", "1", "c2", "0", "c3", "0", NULL};
    static const char *const ways[] = {"c1=2,c2=0.5,c3=-1", "c3=-1&c1=2&c2=0.5", "c1 = 2; c2 = 5e-1\nc3=-1.0", "2, c3=-1, c2=0.5"};
    f0r_instance_t instance = plain(coded_model(), SIDE, SIDE);
    uint8_t pixels[PIXELS];
    uint32_t *start, *later, *round;
    double most = 0;
    size_t i;
    for (i = 0; i < sizeof ways / sizeof *ways; i++) {
        set_text(instance, INPUTS, ways[i]);
        library_draws(coded_model(), 0, 3, settings, pixels);
        shows(instance, 3, pixels, ways[i]);
    }
    set_text(instance, INPUTS, "c2=0,c3=0");
    set_text(instance, LABEL, "1"); /* of a model without labels, what there is in their place */
    library_draws(coded_model(), 0, 3, category, pixels);
    shows(instance, 3, pixels, "a category as a label");
    /* What is not set goes back and forth, in small steps, and is where it began when the walk is. */
    set_text(instance, INPUTS, "");
    start = frame(instance, SIDE, SIDE, 0);
    later = frame(instance, SIDE, SIDE, 3);
    round = frame(instance, SIDE, SIDE, 16);
    CHECK(same(start, round, PIXELS) && difference(later, start, PIXELS) > 0);
    for (i = 0; i < PIXELS; i++) most += abs((int)(later[i] & 255) - pixels[i]);
    CHECK(most > 0);
    free(start), free(later), free(round);
    for (i = 0, most = 0; i < 100; i++) {
        uint32_t *now = frame(instance, SIDE, SIDE, (double)i / 25), *next = frame(instance, SIDE, SIDE, (double)(i + 1) / 25);
        if (difference(now, next, PIXELS) > most) most = difference(now, next, PIXELS);
        free(now), free(next);
    }
    CHECK(most > 0 && most < 20);
    set_number(instance, SPEED, 0);
    start = frame(instance, SIDE, SIDE, 1);
    later = frame(instance, SIDE, SIDE, 2);
    CHECK(same(start, later, PIXELS));
    free(start), free(later);
    plugin.destruct(instance);
}

static void wrong_inputs_are_told_in_the_frame(void) {
    enum { WIDTH = 640, HEIGHT = 360, COUNT = WIDTH * HEIGHT };
    static const struct { int model, index; const char *text; } wrong[] = {
        {0, LABEL, "zebra"}, {0, LABEL, "?"}, {0, LABEL, "3"}, {0, LABEL, "-1"}, {0, LABEL, "bird,"}, {0, INPUTS, "lable=1"}, {0, INPUTS, "label=1,label=2"},
        {0, INPUTS, "latents=1"}, {0, INPUTS, "label="}, {0, INPUTS, "="}, {0, INPUTS, "label=1,latents=2"}, {0, LABEL, "\xff"}, {0, INPUTS, "\xff"},
        {1, INPUTS, "c2=7"}, {1, INPUTS, "c2=x"}, {1, INPUTS, "c1=3"}, {1, INPUTS, "c9=0"}, {1, INPUTS, "c2=0,c9=0"}, {1, LABEL, "cat"}, {2, LABEL, "1"},
        {2, INPUTS, "label=1"}, {2, INPUTS, "c1=1"},
    };
    const char *models[3];
    uint32_t *frames[sizeof wrong / sizeof *wrong];
    size_t i;
    models[0] = labelled_model(), models[1] = coded_model(), models[2] = model();
    for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        f0r_instance_t instance = plugin.construct(WIDTH, HEIGHT);
        uint32_t *well;
        set_model(instance, models[wrong[i].model]);
        set_text(instance, wrong[i].index, wrong[i].text);
        frames[i] = frame(instance, WIDTH, HEIGHT, 1);
        if (!is_readable(frames[i], WIDTH, HEIGHT)) check_fails(__FILE__, __LINE__, "'%s' is not told", wrong[i].text);
        set_text(instance, wrong[i].index, ""); /* and all is well again */
        well = frame(instance, WIDTH, HEIGHT, 1);
        CHECK(!is_readable(well, WIDTH, HEIGHT));
        free(well);
        plugin.destruct(instance);
    }
    CHECK(!same(frames[0], frames[1], COUNT));
    for (i = 0; i < sizeof wrong / sizeof *wrong; i++) free(frames[i]);
    {
        f0r_instance_t instance = plugin.construct(WIDTH, HEIGHT);
        uint32_t *twice;
        set_model(instance, labelled_model());
        set_text(instance, LABEL, "cat");
        set_text(instance, INPUTS, "label=cat");
        twice = frame(instance, WIDTH, HEIGHT, 1);
        CHECK(is_readable(twice, WIDTH, HEIGHT));
        free(twice);
        plugin.destruct(instance);
    }
}

static void a_model_may_come_change_and_go(void) {
    enum { WIDTH = 120, HEIGHT = 60, COUNT = WIDTH * HEIGHT };
    f0r_instance_t instance = plugin.construct(WIDTH, HEIGHT), other;
    char path[256], second[256];
    uint32_t *missing, *one, *two, *gone, *fresh, *back;
    snprintf(path, sizeof path, "%s", scratch("changing.safetensors"));
    snprintf(second, sizeof second, "%s", scratch("second.safetensors"));
    set_model(instance, path);
    missing = frame(instance, WIDTH, HEIGHT, 1);
    make_model("changing.safetensors", 1, 1);
    one = frame(instance, WIDTH, HEIGHT, 1);
    CHECK(!same(missing, one, COUNT));
    make_model("second.safetensors", 1, 2);
    CHECK(rename(second, path) == 0);
    two = frame(instance, WIDTH, HEIGHT, 1);
    CHECK(!same(one, two, COUNT));
    CHECK(remove(path) == 0);
    gone = frame(instance, WIDTH, HEIGHT, 1); /* a film does not end for that */
    CHECK(same(two, gone, COUNT));
    other = plugin.construct(WIDTH, HEIGHT);
    set_model(other, path);
    fresh = frame(other, WIDTH, HEIGHT, 1); /* but nobody else can begin with it */
    CHECK(same(missing, fresh, COUNT));
    make_model("changing.safetensors", 1, 1);
    back = frame(instance, WIDTH, HEIGHT, 1);
    CHECK(same(one, back, COUNT));
    free(missing), free(one), free(two), free(gone), free(fresh), free(back);
    plugin.destruct(instance);
    plugin.destruct(other);
}

struct film {
    double seed;
    uint32_t *frames[12];
};

static void *film(void *context) {
    struct film *film = context;
    f0r_instance_t instance = plugin.construct(80, 60);
    int i;
    set_model(instance, model());
    set_number(instance, SEED, film->seed);
    set_number(instance, COLUMNS, film->seed);
    for (i = 0; i < 12; i++) film->frames[i] = frame(instance, 80, 60, i / 5.0);
    plugin.destruct(instance);
    return NULL;
}

static void instances_do_not_disturb_each_other(void) {
    struct film alone[3], together[3];
    f0r_instance_t instances[3];
    pthread_t threads[3];
    int i, j;
    for (i = 0; i < 3; i++) {
        alone[i].seed = together[i].seed = 0.1 * (i + 1);
        film(&alone[i]);
    }
    for (i = 0; i < 3; i++) CHECK(pthread_create(&threads[i], NULL, film, &together[i]) == 0);
    for (i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    for (i = 0; i < 3; i++)
        for (j = 0; j < 12; j++) CHECK(same(alone[i].frames[j], together[i].frames[j], 80 * 60));
    CHECK(!same(alone[0].frames[0], alone[1].frames[0], 80 * 60));
    /* And in turns, in one thread. */
    for (i = 0; i < 3; i++) {
        instances[i] = plugin.construct(80, 60);
        set_model(instances[i], model());
        set_number(instances[i], SEED, alone[i].seed);
        set_number(instances[i], COLUMNS, alone[i].seed);
    }
    for (j = 0; j < 12; j++)
        for (i = 0; i < 3; i++) {
            uint32_t *pixels = frame(instances[i], 80, 60, j / 5.0);
            CHECK(same(pixels, alone[i].frames[j], 80 * 60));
            free(pixels);
        }
    for (i = 0; i < 3; i++) {
        plugin.destruct(instances[i]);
        for (j = 0; j < 12; j++) free(alone[i].frames[j]), free(together[i].frames[j]);
    }
}

static void hosts_load_it_twice(void) {
    f0r_instance_t first = plain(model(), 40, 30), second;
    uint32_t *one = frame(first, 40, 30, 2.5), *two, *three;
    size_t size = 0;
    uint8_t *bytes = read_file(plugin_path, &size);
    char copy[256];
    void *library = plugin.library;
    snprintf(copy, sizeof copy, "%s", scratch("copy of gan.so"));
    write_file(copy, bytes, size);
    free(bytes);
    load(plugin_path);
    CHECK(plugin.library == library && plugin.init() == 1);
    dlclose(plugin.library);
    load(copy); /* another file is another plugin, with a runtime of its own */
    CHECK(plugin.library != library && plugin.init() == 1);
    second = plain(model(), 40, 30);
    two = frame(second, 40, 30, 2.5);
    CHECK(same(one, two, 1200));
    plugin.destruct(second);
    plugin.deinit();
    dlclose(plugin.library);
    load(plugin_path);
    three = frame(first, 40, 30, 2.5);
    CHECK(same(one, three, 1200));
    plugin.destruct(first);
    free(one), free(two), free(three);
}

int main(int argc, char **argv) {
    if (argc != 2 && argc != 3) return 2;
    if (argc == 3) {
        make_labelled_model(argv[2], labelled, sizeof labelled);
        make_coded_model(argv[2], coded, sizeof coded);
        return current_failed;
    }
    plugin_path = argv[1];
    load(plugin_path);
    RUN(the_plugin_describes_itself);
    RUN(parameters_come_back);
    RUN(the_walk_passes_the_samples);
    RUN(neighbours_differ_little);
    RUN(a_frame_is_a_function_of_time);
    RUN(frames_of_any_size);
    RUN(enlarging_keeps_the_image);
    RUN(shrinking_passes_no_pixel_over);
    RUN(colours_are_shown);
    RUN(odd_times_are_survived);
    RUN(what_is_wrong_stands_in_the_frame);
    RUN(what_is_wrong_fits_the_frame);
    RUN(values_outside_are_told_in_the_frame);
    RUN(a_label_is_held);
    RUN(images_in_turn_keep_their_classes);
    RUN(codes_are_held_or_sweep);
    RUN(wrong_inputs_are_told_in_the_frame);
    RUN(a_model_may_come_change_and_go);
    RUN(instances_do_not_disturb_each_other);
    RUN(hosts_load_it_twice);
    plugin.deinit();
    return FINISH("frei0r-host");
}
