/* The filter in a frei0r host: its frames are held to what the library makes of the same pictures.
 * Usage: filter PLUGIN [FOLDER]   (the folder receives a model that colours, one that fills holes and one that enlarges)
 */
#include "plugin.h"

enum { MODEL, STRENGTH, MASK, BOX, SEED, TILE, SIZE, PARAMETERS };
enum { WIDTH = 40, HEIGHT = 24, COUNT = WIDTH * HEIGHT, LEARNT = 16, ITEMS = 8 };

/* ------------------------------------------------------------------------------------------- Small helpers */

/* A model of pictures with some channels after a few steps, in a file. */
static void make_model(const char *path, int channels, int seed, const char *const *settings) {
    static uint8_t pixels[ITEMS * LEARNT * LEARNT * 3];
    gan_options *options = NULL;
    gan_dataset *dataset = NULL;
    gan_trainer *trainer = NULL;
    int i;
    for (i = 0; i < ITEMS * LEARNT * LEARNT * channels; i++) pixels[i] = (uint8_t)(i % LEARNT * 5 + i / LEARNT * 11 + i * i % 23 * (i % 3));
    CHECK_OK(gan_options_create(&options));
    for (; *settings != NULL; settings += 2) CHECK_OK(gan_options_set(options, settings[0], settings[1]));
    CHECK_OK(gan_options_set(options, "generator.channels", "4"));
    CHECK_OK(gan_options_set(options, "discriminator.channels", "4"));
    CHECK_OK(gan_options_set(options, "batch-size", "4"));
    CHECK_OK(gan_options_set_integer(options, "seed", seed));
    CHECK_OK(gan_dataset_create_bytes(pixels, ITEMS, LEARNT, LEARNT, channels, NULL, 0, NULL, NULL, &dataset));
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    CHECK_OK(gan_trainer_step(trainer, 2));
    CHECK_OK(gan_trainer_save(trainer, path));
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
}

static const char *const colouring[] = {"recipe", "image-to-image", "source", "grey", NULL};
static const char *const blurring[] = {"recipe", "image-to-image", "source", "blurred", "dropout", "0", NULL};
static const char *const filling[] = {"recipe", "inpainting", NULL};
static const char *const enlarging[] = {"recipe", "super-resolution", "scale", "2", "generator.blocks", "1", NULL};
static const char *const drawing[] = {"preset", "dcgan", NULL};

static char colours[256], blurs[256], fills[256], enlarges[256], draws[256];

static void make_models(void) {
    snprintf(colours, sizeof colours, "%s", scratch("colours.safetensors"));
    snprintf(blurs, sizeof blurs, "%s", scratch("blurs.safetensors"));
    snprintf(fills, sizeof fills, "%s", scratch("fills.safetensors"));
    snprintf(enlarges, sizeof enlarges, "%s", scratch("enlarges.safetensors"));
    snprintf(draws, sizeof draws, "%s", scratch("draws.safetensors"));
    make_model(colours, 3, 1, colouring);
    make_model(blurs, 1, 1, blurring);
    make_model(fills, 3, 1, filling);
    make_model(enlarges, 3, 1, enlarging);
    make_model(draws, 1, 1, drawing);
}

static f0r_instance_t instance_of(const char *model) {
    f0r_instance_t instance = plugin.construct(WIDTH, HEIGHT);
    CHECK(instance != NULL);
    set_text(instance, MODEL, model);
    return instance;
}

/* What goes in: colours that change from pixel to pixel, opaque but for a corner. */
static void input_frame(uint32_t pixels[COUNT]) {
    uint8_t *bytes = (uint8_t *)pixels;
    int i;
    for (i = 0; i < COUNT; i++) {
        int x = i % WIDTH, y = i / WIDTH;
        bytes[4 * i] = (uint8_t)(x * 6), bytes[4 * i + 1] = (uint8_t)(y * 10), bytes[4 * i + 2] = (uint8_t)(x * y % 251);
        bytes[4 * i + 3] = (uint8_t)(x < 8 && y < 6 ? x * 20 : 255);
    }
}

static void update(f0r_instance_t instance, const uint32_t *input, uint32_t output[COUNT]) {
    int i;
    for (i = 0; i < COUNT; i++) output[i] = 0x12345678;
    plugin.update(instance, 0.5, input, output);
}

/* What the library makes of the frame as a network with some channels sees it, [COUNT, output channels]. */
static void library_makes(const char *model, int input, int output, const uint8_t *mask, uint64_t seed, const uint32_t *frame, uint8_t *made) {
    static uint8_t seen[COUNT * 3];
    const uint8_t *bytes = (const uint8_t *)frame;
    gan_generator *generator = NULL;
    gan_applier *applier = NULL;
    int i, c;
    for (i = 0; i < COUNT; i++) {
        if (input == 1) seen[i] = (uint8_t)((299 * bytes[4 * i] + 587 * bytes[4 * i + 1] + 114 * bytes[4 * i + 2] + 500) / 1000);
        else for (c = 0; c < 3; c++) seen[3 * i + c] = bytes[4 * i + c];
    }
    CHECK_OK(gan_generator_load(model, &generator));
    CHECK_OK(gan_applier_create(generator, NULL, &applier));
    CHECK_OK(gan_applier_apply_bytes(applier, seed, seen, mask, HEIGHT, WIDTH, made, (size_t)(COUNT * output)));
    gan_applier_destroy(applier);
    gan_generator_destroy(generator);
}

/* Pixels of a frame that are not the made ones with the alpha of what went in. */
static int differ(const uint32_t *frame, const uint32_t *input, const uint8_t *made, int channels) {
    const uint8_t *bytes = (const uint8_t *)frame, *before = (const uint8_t *)input;
    int i, different = 0;
    for (i = 0; i < COUNT; i++) {
        const uint8_t *pixel = made + i * channels;
        different += bytes[4 * i] != pixel[0] || bytes[4 * i + 1] != pixel[channels == 3 ? 1 : 0] || bytes[4 * i + 2] != pixel[channels == 3 ? 2 : 0] ||
                     bytes[4 * i + 3] != before[4 * i + 3];
    }
    return different;
}

/* -------------------------------------------------------------------------------------------------- Tests */

static void the_plugin_describes_itself(void) {
    static const char *names[] = {"Model", "Strength", "Mask", "Box", "Seed", "Tile", "Size"};
    f0r_plugin_info_t info;
    f0r_param_info_t parameter;
    f0r_instance_t instance = instance_of("some.safetensors");
    char *text = NULL;
    int i;
    memset(&info, 0, sizeof info);
    plugin.plugin_info(&info);
    CHECK_TEXT(info.name, "gan_apply");
    CHECK(info.plugin_type == F0R_PLUGIN_TYPE_FILTER && info.color_model == F0R_COLOR_MODEL_RGBA8888 && info.num_params == PARAMETERS);
    CHECK(info.explanation != NULL && strlen(info.explanation) > 20);
    for (i = 0; i < PARAMETERS; i++) {
        memset(&parameter, 0, sizeof parameter);
        plugin.param_info(&parameter, i);
        CHECK_TEXT(parameter.name, names[i]);
        CHECK(parameter.type == (i == MODEL || i == MASK || i == BOX ? F0R_PARAM_STRING : F0R_PARAM_DOUBLE));
        CHECK(parameter.explanation != NULL && strlen(parameter.explanation) > 20);
    }
    CHECK(get_number(instance, STRENGTH) == 1 && get_number(instance, SIZE) == 0 && get_number(instance, TILE) == 0);
    plugin.get(instance, &text, MODEL);
    CHECK_TEXT(text, "some.safetensors");
    plugin.get(instance, &text, BOX);
    CHECK_TEXT(text, "");
    plugin.destruct(instance);
}

static void frames_are_what_the_library_makes(void) {
    uint32_t input[COUNT], output[COUNT], other[COUNT];
    uint8_t made[COUNT * 3];
    f0r_instance_t instance = instance_of(colours);
    input_frame(input);
    update(instance, input, output);
    library_makes(colours, 1, 3, NULL, 0, input, made);
    CHECK(differ(output, input, made, 3) == 0);
    set_number(instance, SEED, 0.007); /* noise of its own */
    update(instance, input, other);
    library_makes(colours, 1, 3, NULL, 7, input, made);
    CHECK(differ(other, input, made, 3) == 0 && !same(output, other, COUNT));
    plugin.update(instance, 9, input, output); /* whatever the time is */
    CHECK(same(output, other, COUNT));
    plugin.update(instance, 9, input, input); /* and in the same memory */
    CHECK(same(input, other, COUNT));
    plugin.destruct(instance);

    instance = instance_of(blurs);
    input_frame(input);
    update(instance, input, output);
    library_makes(blurs, 1, 1, NULL, 0, input, made);
    CHECK(differ(output, input, made, 1) == 0);
    set_number(instance, TILE, 8.0 / 1024);
    update(instance, input, other);
    CHECK(same(output, other, COUNT));
    plugin.destruct(instance);
}

static void strength_mixes(void) {
    uint32_t input[COUNT], none[COUNT], half[COUNT], all[COUNT];
    f0r_instance_t instance = instance_of(colours);
    int i, far = 0;
    input_frame(input);
    update(instance, input, all);
    set_number(instance, STRENGTH, 0);
    update(instance, input, none);
    set_number(instance, STRENGTH, 0.5);
    update(instance, input, half);
    CHECK(same(input, none, COUNT));
    for (i = 0; i < COUNT * 4; i++) {
        int middle = (((uint8_t *)input)[i] + ((uint8_t *)all)[i]) / 2;
        far += abs(middle - ((uint8_t *)half)[i]) > 1;
    }
    CHECK(far == 0 && !same(half, all, COUNT) && !same(half, input, COUNT));
    plugin.destruct(instance);
}

static void holes_are_filled_and_the_rest_stays(void) {
    uint32_t input[COUNT], boxed[COUNT], masked[COUNT], output[COUNT];
    uint8_t mask[COUNT], made[COUNT * 3];
    const char *path = scratch("mask.png");
    f0r_instance_t instance = instance_of(fills);
    int i, outside = 0, clear = 0;
    input_frame(input);
    for (i = 0; i < COUNT; i++) mask[i] = i % WIDTH >= 12 && i % WIDTH < 26 && i / WIDTH >= 10 ? 255 : 0;
    set_text(instance, BOX, "12&10&14&14");
    update(instance, input, boxed);
    library_makes(fills, 3, 3, mask, 0, input, made);
    CHECK(differ(boxed, input, made, 3) == 0);
    for (i = 0; i < COUNT; i++) outside += mask[i] == 0 && boxed[i] != input[i];
    CHECK(outside == 0 && !same(boxed, input, COUNT));
    set_text(instance, BOX, "12, 10, 7, 14; 19, 10, 7, 99"); /* two, of which one leaves the frame */
    update(instance, input, output);
    CHECK(same(output, boxed, COUNT));

    set_text(instance, BOX, "");
    CHECK_OK(gan_image_write_png(mask, 1, HEIGHT, WIDTH, 1, 1, 0, 1, path));
    set_text(instance, MASK, path);
    update(instance, input, masked);
    CHECK(same(masked, boxed, COUNT));
    memset(mask, 0, sizeof mask); /* another mask in the same file is seen */
    CHECK_OK(gan_image_write_png(mask, 1, HEIGHT, WIDTH, 1, 1, 0, 1, path));
    update(instance, input, output);
    CHECK(same(output, input, COUNT));

    set_text(instance, MASK, ""); /* what is transparent is filled, and then is not transparent */
    update(instance, input, output);
    for (i = 0, outside = 0; i < COUNT; i++) {
        int was = ((uint8_t *)input)[4 * i + 3], is = ((uint8_t *)output)[4 * i + 3];
        if (was >= 128) outside += output[i] != input[i];
        else clear += is != 255;
    }
    CHECK(outside == 0 && clear == 0);
    for (i = 0; i < COUNT; i++) ((uint8_t *)input)[4 * i + 3] = 255;
    update(instance, input, output);
    CHECK(same(output, input, COUNT));
    plugin.destruct(instance);
}

/* Any size, also where the network sees less than the frame, or makes more. */
static void sizes_are_brought_to_the_frame(void) {
    static const double sizes[] = {0, 0.5, 1, 0.01, 0.33};
    static const struct { unsigned width, height; } frames[] = {{40, 24}, {1, 1}, {3, 7}, {65, 2}, {8, 8}};
    const char *models[] = {enlarges, colours, fills};
    size_t m, s, f, i;
    for (m = 0; m < 3; m++)
        for (f = 0; f < 5; f++) {
            size_t count = (size_t)frames[f].width * frames[f].height;
            uint32_t *input = malloc(count * 4), *output = malloc(count * 4);
            f0r_instance_t instance = plugin.construct(frames[f].width, frames[f].height);
            for (i = 0; i < count; i++) input[i] = 0x40405060 + (uint32_t)i % 7;
            set_text(instance, MODEL, models[m]);
            for (s = 0; s < 5; s++) {
                set_number(instance, SIZE, sizes[s]);
                memset(output, 0, count * 4);
                plugin.update(instance, 0, input, output);
                for (i = 0; i < count; i++) {
                    int alpha = ((uint8_t *)output)[4 * i + 3];
                    if (alpha != (m == 2 ? 255 : 0x40)) {
                        CHECK(!"transparency stays, or is filled");
                        break;
                    }
                }
            }
            plugin.destruct(instance);
            free(input), free(output);
        }
}

static void what_is_wrong_stands_in_the_frame(void) {
    enum { W = 320, H = 200, ALL = W * H };
    static uint32_t input[ALL], output[ALL], before[ALL];
    const struct { const char *model; int parameter; const char *text; double number; } wrong[] = {
        {"", -1, NULL, 0}, {"absent.safetensors", -1, NULL, 0}, {draws, -1, NULL, 0}, {"/etc/passwd", -1, NULL, 0},
        {colours, STRENGTH, NULL, 7}, {colours, SEED, NULL, 7}, {colours, TILE, NULL, 64}, {colours, SIZE, NULL, -1},
        {colours, BOX, "1,1,1,1", 0}, {fills, BOX, "1,1,1", 0}, {colours, MASK, fills, 0}, {fills, BOX, "a", 0},
        {fills, BOX, "500&0&1&1", 0}, {fills, BOX, "0,0,0,9", 0}, {fills, BOX, "99999999999999999999&0&1&1", 0}, {fills, BOX, "-1&0&1&1", 0},
        {fills, MASK, "absent.png", 0}, {fills, MASK, "/", 0}, {fills, MASK, fills, 0}, {fills, MASK, "\xff\xfe", 0},
    };
    size_t i;
    for (i = 0; i < ALL; i++) input[i] = 0xff303030;
    for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        f0r_instance_t instance = plugin.construct(W, H);
        int light;
        set_text(instance, MODEL, wrong[i].model);
        if (wrong[i].text != NULL) set_text(instance, wrong[i].parameter, wrong[i].text);
        else if (wrong[i].parameter >= 0) set_number(instance, wrong[i].parameter, wrong[i].number);
        plugin.update(instance, 0, input, output);
        light = letters(output, ALL);
        if (!(light > 300 && light < ALL / 4)) fprintf(stderr, "%d light pixels for number %d\n", light, (int)i);
        CHECK(light > 300 && light < ALL / 4);
        CHECK(i == 0 || !same(output, before, ALL));
        memcpy(before, output, sizeof output);
        plugin.update(instance, 0, NULL, output); /* and no frame at all is survived */
        plugin.destruct(instance);
    }
    CHECK(plugin.construct(0, 5) == NULL && plugin.construct(70000, 5) == NULL);
}

static void a_model_may_change_and_go(void) {
    uint32_t input[COUNT], one[COUNT], two[COUNT], gone[COUNT];
    char path[256], second[256];
    f0r_instance_t instance;
    snprintf(path, sizeof path, "%s", scratch("changing.safetensors"));
    snprintf(second, sizeof second, "%s", scratch("second.safetensors"));
    make_model(path, 3, 1, colouring);
    make_model(second, 3, 2, colouring);
    instance = instance_of(path);
    input_frame(input);
    update(instance, input, one);
    CHECK(rename(second, path) == 0);
    update(instance, input, two);
    CHECK(!same(one, two, COUNT));
    CHECK(remove(path) == 0);
    update(instance, input, gone);
    CHECK(same(two, gone, COUNT));
    make_model(path, 3, 1, colouring);
    update(instance, input, gone);
    CHECK(same(one, gone, COUNT));
    plugin.destruct(instance);
}

int main(int argc, char **argv) {
    if (argc != 2 && argc != 3) return 2;
    if (argc == 3) {
        char path[300];
        snprintf(path, sizeof path, "%s/colours.safetensors", argv[2]);
        make_model(path, 3, 1, colouring);
        snprintf(path, sizeof path, "%s/fill.safetensors", argv[2]);
        make_model(path, 3, 1, filling);
        snprintf(path, sizeof path, "%s/sr.safetensors", argv[2]);
        make_model(path, 3, 1, enlarging);
        return current_failed;
    }
    load(argv[1]);
    CHECK(plugin.init() == 1);
    make_models();
    RUN(the_plugin_describes_itself);
    RUN(frames_are_what_the_library_makes);
    RUN(strength_mixes);
    RUN(holes_are_filled_and_the_rest_stays);
    RUN(sizes_are_brought_to_the_frame);
    RUN(what_is_wrong_stands_in_the_frame);
    RUN(a_model_may_change_and_go);
    plugin.deinit();
    return FINISH("frei0r-host");
}
