/* Calls about options, recipes, data sets and pictures. */
#include "handles.h"

/* ------------------------------------------------------------------------------------------------- Options */

static const char *option_name(void) {
    if (chance(15)) return hostile_text();
    return ASK(gan_option_name, (int32_t)one_of(ASK_ALONE(gan_option_count)));
}

static int32_t text_of_options(const void *handle, const char *name, int64_t index, int64_t number, char *buffer, size_t capacity, size_t *size) {
    (void)index, (void)number;
    return gan_options_get(handle, name, buffer, capacity, size);
}

/* Layers with commas between them, that may fit each other and may be none. */
static const char *some_layers(void) {
    static const char *const layers[] = {"dense 36", "dense 3", "relu", "sigmoid", "conv 2", "conv 3 4 2", "conv-transpose 2", "reshape 6 6 1", "reshape 3 3 4", "flatten",
                                         "dropout 0.3", "norm batch", "norm layer", "attention", "residual", "upsample 2", "upsample 2 bilinear", "shuffle 2", "average 2",
                                         "sum", "dens 3", "conv", "dense 1e9", "", "\xff", "reshape 65536 65536 65536"};
    static char text[256];
    int i, count = 1 + (int)one_of(6);
    text[0] = '\0';
    for (i = 0; i < count; i++) {
        /* Mostly those that can stand anywhere. */
        const char *layer = layers[chance(70) ? one_of(12) : one_of(COUNT_OF(layers))];
        if (strlen(text) + strlen(layer) + 3 < sizeof text) strcat(strcat(text, i > 0 ? ", " : ""), layer);
    }
    return text;
}

/* A value that keeps networks small, or "" where there is none to be thought of. */
static const char *mild_value(const char *name) {
    static const char *const hidden[] = {"", "1", "5", "9,8", "3,3,3"};
    static const char *const small[] = {"1", "2", "3", "8"};
    static const char *const numbers[] = {"0", "1e-3", "0.1", "0.5", "1"};
    static const char *const words[] = {"mlp", "dcgan", "relu", "leaky-relu", "tanh", "sigmoid", "linear", "uniform", "normal", "minimax", "labels", "tags", "clips",
                                        "none", "crop", "exact", "true", "false", "gan", "infogan", "cgan", "wgan-gp", "non-saturating", "auto", "resnet", "layers", "sngan", "nearest", "shuffle"};
    if (name == NULL) return "1";
    if (strstr(name, "layers") != NULL) return some_layers();
    if (strstr(name, "hidden") != NULL) return hidden[one_of(COUNT_OF(hidden))];
    if (chance(35)) return words[one_of(COUNT_OF(words))];
    return chance(50) ? small[one_of(COUNT_OF(small))] : numbers[one_of(COUNT_OF(numbers))];
}

static void set_an_option(void) {
    Choice options = choose(OPTIONS);
    char name[128] = "";
    const char *chosen = option_name(), *value;
    int32_t status;
    int is_mild = chance(90);
    if (chosen != NULL && strlen(chosen) < sizeof name) chosen = strcpy(name, chosen);
    /* Options that the case owns alone stay mild; a wild value makes them costly. */
    if (!is_mild && options.is_good) forget(options.handle), options.is_good = 0;
    if (!is_mild) {
        void *made = UNTOUCHED;
        if (CALL(gan_options_create, (gan_options **)&made) != GAN_OK) return;
        keep(OPTIONS, made, NULL, 1);
        options.handle = made;
        options.is_good = 1;
    }
    switch (one_of(3)) {
    case 0:
        value = is_mild ? mild_value(chosen) : hostile_text();
        trace("    %.60s = %.60s", chosen ? chosen : "NULL", value ? value : "NULL");
        status = CALL(gan_options_set, options.handle, chosen, value);
        break;
    case 1: status = CALL(gan_options_set_integer, options.handle, chosen, is_mild ? one_of(9) - 1 : hostile_integer()); break;
    default: status = CALL(gan_options_set_real, options.handle, chosen, is_mild ? (double)one_of(9) / 2 : hostile_real()); break;
    }
    judge_choice("gan_options_set…", options, status);
}

static void list_options(void) {
    int32_t index = chance(70) ? (int32_t)one_of(ASK_ALONE(gan_option_count)) : hostile_int32();
    int is_there = index >= 0 && index < ASK_ALONE(gan_option_count);
    double low = 5, high = 5;
    DEMAND((ASK(gan_option_name, index) != NULL) == is_there);
    DEMAND((ASK(gan_option_type, index) != NULL) == is_there);
    DEMAND((ASK(gan_option_default, index) != NULL) == is_there);
    DEMAND((ASK(gan_option_range, index) != NULL) == is_there);
    DEMAND((ASK(gan_option_summary, index) != NULL) == is_there);
    DEMAND((ASK(gan_option_condition, index) != NULL) == is_there);
    if (CALL(gan_option_bounds, index, chance(95) ? &low : NULL, &high) == GAN_OK) DEMAND(low <= high);
    else DEMAND(low == 5 && high == 5);
}

static void list_others(void) {
    int32_t index = chance(70) ? (int32_t)one_of(ASK_ALONE(gan_recipe_count)) : hostile_int32();
    int is_there = index >= 0 && index < ASK_ALONE(gan_recipe_count);
    DEMAND((ASK(gan_recipe_name, index) != NULL) == is_there);
    DEMAND((ASK(gan_recipe_summary, index) != NULL) == is_there);
    DEMAND((ASK(gan_recipe_paper, index) != NULL) == is_there);
    DEMAND((ASK(gan_recipe_options, index) != NULL) == is_there);
    is_there = index >= 0 && index < ASK_ALONE(gan_made_count);
    DEMAND((ASK(gan_made_name, index) != NULL) == is_there);
    DEMAND((ASK(gan_made_summary, index) != NULL) == is_there);
    is_there = index >= 0 && index < ASK_ALONE(gan_metric_count);
    DEMAND((ASK(gan_metric_name, index) != NULL) == is_there);
    DEMAND((ASK(gan_metric_summary, index) != NULL) == is_there);
    DEMAND(ASK_ALONE(gan_version) >= 100);
    DEMAND(ASK_ALONE(gan_version_string) != NULL && ASK_ALONE(gan_instruction_set) != NULL);
    DEMAND(ASK(gan_status_name, hostile_int32()) != NULL);
    DEMAND(ASK_ALONE(gan_error_message) != NULL);
}

void call_about_options(void) {
    void *made = UNTOUCHED;
    Choice of;
    switch (one_of(10)) {
    case 0:
    case 1:
        if (chance(5)) DEMAND(CALL(gan_options_create, NULL) == GAN_E_INVALID_ARGUMENT);
        else keep_made(OPTIONS, CALL(gan_options_create, (gan_options **)&made), &made, 1, NULL, 0);
        break;
    case 2: list_options(); break;
    case 3: list_others(); break;
    case 4:
        of = choose(OPTIONS);
        ask_text("gan_options_get", text_of_options, of, option_name(), 0, 0);
        break;
    default: set_an_option();
    }
}

/* ------------------------------------------------------------------------------------------------ Data sets */

enum { MOST = 4096 };

static uint8_t bytes_of_all[MOST];
static float floats_of_all[MOST];
static int32_t labels_of_all[MOST];

static void make_values(void) {
    int i;
    static pthread_mutex_t once = PTHREAD_MUTEX_INITIALIZER;
    static int is_made;
    pthread_mutex_lock(&once);
    for (i = 0; i < MOST && !is_made; i++) {
        bytes_of_all[i] = (uint8_t)(i * 37 + i / 7);
        floats_of_all[i] = (float)(i % 101) / 100;
        labels_of_all[i] = i % 3;
    }
    is_made = 1;
    pthread_mutex_unlock(&once);
}

static void make_a_dataset(void) {
    static const int32_t sides[] = {1, 2, 4, 6, 8};
    static float bad_floats[MOST];
    static int32_t bad_labels[MOST];
    int32_t height = sides[one_of(5)], width = chance(70) ? height : sides[one_of(5)], channels = chance(70) ? 1 : 1 + (int32_t)one_of(4);
    int64_t count = 1 + one_of(MOST / (height * width * channels)), i;
    const int32_t *labels = chance(40) ? labels_of_all : NULL;
    const float *values = floats_of_all;
    int32_t classes = chance(80) ? 0 : chance(50) ? 3 : hostile_int32();
    int is_borrowed = chance(50), is_bad = chance(15), way = (int)one_of(3);
    Source *source = new_source((int64_t)height * width * channels);
    void *made = UNTOUCHED;
    int32_t status;
    make_values();
    if (source == NULL) return;
    if (is_bad) {
        is_borrowed = 0; /* what is borrowed has to stay as it is */
        switch (one_of(5)) {
        case 0: height = hostile_int32() | INT32_MIN; break;
        case 1: height = width = channels = INT32_MAX; break; /* together more than can be addressed */
        case 2: count = chance(50) ? -one_of(5) : INT64_MAX, width = 2; break;
        case 3:
            if (!is_concurrent()) {
                memcpy(bad_labels, labels_of_all, sizeof bad_labels);
                bad_labels[one_of(MOST)] = hostile_int32();
                labels = bad_labels;
            }
            break;
        default:
            if (!is_concurrent()) {
                for (i = 0; i < MOST; i++) bad_floats[i] = floats_of_all[i];
                bad_floats[one_of(MOST)] = (float)hostile_real();
                values = bad_floats;
            }
        }
    }
    if (way == 0)
        status = CALL(gan_dataset_create_bytes, chance(2) ? NULL : bytes_of_all, count, height, width, channels, labels, classes,
                      is_borrowed ? release_source : NULL, source, (gan_dataset **)&made);
    else if (way == 1)
        status = CALL(gan_dataset_create_floats, chance(2) ? NULL : values, count, height, width, channels, chance(90) ? 0 : (float)hostile_real(),
                      chance(90) ? 1 : (float)hostile_real(), labels, classes, is_borrowed ? release_source : NULL, source, (gan_dataset **)&made);
    else {
        /* A callback may promise as much as it likes. */
        if (chance(10)) count = hostile_integer(), height = hostile_int32(), width = hostile_int32();
        source->pixels = (int64_t)((uint64_t)height * (uint64_t)width * (uint64_t)channels);
        status = CALL(gan_dataset_create_callback, chance(2) ? NULL : fill_images, count, height, width, channels, is_borrowed ? release_source : NULL,
                      source, (gan_dataset **)&made);
    }
    source->is_expected = status == GAN_OK && is_borrowed;
    keep_made(DATASET, status, &made, 1, NULL, source->pixels > 1000 || count > 10000 ? 1 : 0);
}

static void open_a_dataset(void) {
    Choice options = choose(OPTIONS);
    void *made = UNTOUCHED;
    int is_without = chance(50);
    int32_t status;
    const char *path = hostile_source();
    trace("    \"%.80s\"", path ? path : "NULL");
    if (chance(60)) status = CALL(gan_dataset_open, path, is_without ? NULL : options.handle, (gan_dataset **)&made);
    else {
        char first[128];
        if (path != NULL && strlen(path) < sizeof first) path = strcpy(first, path);
        else path = "a.idx";
        status = CALL(gan_dataset_open_idx, path, chance(50) ? NULL : hostile_source(), is_without ? NULL : options.handle, (gan_dataset **)&made);
    }
    keep_made(DATASET, status, &made, is_without || options.handle == NULL || options.is_good, NULL, 0);
}

static void let_a_dataset_be_made(void) {
    static const char *const names[] = {"ring", "grid", "digits", "stacked", "moving", "faces", "words", "furniture", "ringg", ""};
    Choice digits = choose(DATASET);
    void *made = UNTOUCHED;
    int64_t count = chance(80) ? 1 + one_of(60) : -one_of(100);
    int is_without = chance(60);
    const char *name = chance(95) ? names[one_of((int)(sizeof names / sizeof *names))] : NULL;
    if (chance(5)) count = INT64_MAX / (1 + one_of(50)); /* more than any memory holds */
    if (!is_without || (name != NULL && (strcmp(name, "stacked") == 0 || strcmp(name, "moving") == 0))) count = count > 60 ? 60 : count;
    keep_made(DATASET, CALL(gan_dataset_make, name, count, (uint64_t)hostile_integer(), is_without ? NULL : digits.handle, (gan_dataset **)&made), &made,
              is_without || digits.handle == NULL || digits.is_good, NULL, 0);
}

static void write_a_dataset(void) {
    Choice of = choose(DATASET);
    int has_labels = chance(40);
    char path[128];
    const char *target = hostile_target();
    if (target != NULL && strlen(target) < sizeof path) target = strcpy(path, target);
    else target = chance(50) ? "b.npy" : "b.idx";
    trace("    \"%.60s\"", target);
    judge_choice("gan_dataset_write", of, CALL(gan_dataset_write, of.handle, target, has_labels ? hostile_target() : NULL));
}

static int32_t text_of_class(const void *handle, const char *name, int64_t index, int64_t number, char *buffer, size_t capacity, size_t *size) {
    (void)name, (void)number;
    return gan_dataset_class_name(handle, (int32_t)index, buffer, capacity, size);
}

static void read_a_dataset(void) {
    Choice of = choose(DATASET);
    int64_t count = -7, first, number;
    int32_t height = -7, width = -7, channels = -7, classes = -7, status;
    Buffer buffer;
    status = CALL(gan_dataset_shape, of.handle, &count, &height, &width, chance(97) ? &channels : NULL);
    judge_choice("gan_dataset_shape", of, status);
    if (status != GAN_OK) DEMAND(count == -7 && height == -7 && width == -7 && channels == -7);
    else DEMAND(count >= 1 && height >= 1 && width >= 1 && channels >= 1);
    status = CALL(gan_dataset_classes, of.handle, chance(97) ? &classes : NULL);
    judge_choice("gan_dataset_classes", of, status);
    if (status == GAN_OK) DEMAND(classes >= 0);
    ask_text("gan_dataset_class_name", text_of_class, of, NULL, chance(50) ? hostile_int32() : one_of(4), 0);
    first = chance(75) ? one_of(count > 0 ? count : 5) : hostile_integer();
    number = chance(75) ? one_of(5) : hostile_integer();
    buffer = buffer_of((size_t)one_of(6000) * 4);
    status = CALL(gan_dataset_read, of.handle, first, number, (float *)(void *)buffer.bytes, buffer.capacity / 4);
    judge_choice("gan_dataset_read", of, status);
    if (status == GAN_OK && count > 0) DEMAND(first >= 0 && number >= 0 && number <= count && first <= count - number);
    free_buffer(&buffer);
    buffer = buffer_of((size_t)one_of(50) * 4);
    status = CALL(gan_dataset_read_labels, of.handle, first, number, chance(97) ? (int32_t *)(void *)buffer.bytes : NULL, buffer.capacity / 4);
    judge_choice("gan_dataset_read_labels", of, status);
    free_buffer(&buffer);
}

void call_about_datasets(void) {
    Choice of;
    switch (one_of(12)) {
    case 0:
    case 1:
    case 2:
    case 3: make_a_dataset(); break;
    case 4:
    case 5: open_a_dataset(); break;
    case 6:
        of = choose(DATASET);
        forget(of.handle);
        break;
    case 7: let_a_dataset_be_made(); break;
    case 8: write_a_dataset(); break;
    default: read_a_dataset();
    }
}

/* ------------------------------------------------------------------------------------------------ Pictures */

static void write_a_picture(void) {
    static const uint8_t pixels[MOST];
    int32_t height = 1 + (int32_t)one_of(12), width = 1 + (int32_t)one_of(12), channels = chance(80) ? 1 + (int32_t)one_of(4) : hostile_int32() % 4;
    int64_t count = one_of(7);
    int32_t columns = chance(80) ? 1 + (int32_t)one_of(5) : hostile_int32(), margin = chance(80) ? (int32_t)one_of(4) : hostile_int32();
    int32_t scale = chance(80) ? 1 + (int32_t)one_of(4) : hostile_int32();
    const char *path = hostile_target();
    if (chance(10)) height = width = INT32_MAX, channels = 3, count = INT64_MAX / (1 + one_of(50)); /* more than can be addressed */
    else if (chance(10)) count = -one_of(100), height = (int32_t)-one_of(3);
    trace("    %lld × %d × %d × %d, %d, %d, %d, \"%.60s\"", (long long)count, height, width, channels, columns, margin, scale, path ? path : "NULL");
    CALL(gan_image_write_png, chance(3) ? NULL : pixels, count, height, width, channels, columns, margin, scale, path);
}

static void decode_a_picture(void) {
    Bytes file = mutated(corpus_entry((int)one_of(corpus_count())));
    int32_t height = -7, width = -7, channels = -7, status, convert = chance(80) ? "\0\1\3"[one_of(3)] : hostile_int32();
    Buffer buffer = buffer_of((size_t)one_of(40000));
    int is_asking = chance(20);
    uint8_t *pixels = is_asking ? NULL : buffer.bytes;
    size_t capacity = is_asking ? 0 : buffer.capacity;
    if (chance(50)) status = CALL(gan_image_decode, file.bytes, file.size, convert, pixels, capacity, &height, &width, chance(97) ? &channels : NULL);
    else status = CALL(gan_image_decode_png, chance(97) ? file.bytes : NULL, file.size, convert, pixels, capacity, &height, &width, &channels);
    if (status == GAN_OK || status == GAN_E_BUFFER_TOO_SMALL) DEMAND(height > 0 && width > 0 && (channels == 1 || channels == 3 || (channels == 4 && convert == 4)));
    else DEMAND(height == -7 && width == -7 && channels == -7);
    if (status == GAN_OK && !is_asking) DEMAND((size_t)height * (size_t)width * (size_t)channels <= capacity);
    free_buffer(&buffer);
    free(file.bytes);
}

static void decode_a_picture_to_floats(void) {
    Bytes file = mutated(corpus_entry((int)one_of(corpus_count())));
    int32_t height = -7, width = -7, channels = -7, depth = -7, convert = chance(80) ? "\0\1\3\4"[one_of(4)] : hostile_int32();
    int is_asking = chance(20);
    size_t capacity = is_asking ? 0 : one_of(20000);
    Buffer buffer = buffer_of(capacity * sizeof(float));
    int32_t status = CALL(gan_image_decode_floats, file.bytes, file.size, convert, is_asking ? NULL : (float *)(void *)buffer.bytes, capacity, &height,
                          &width, &channels, chance(97) ? &depth : NULL);
    if (status == GAN_OK) {
        DEMAND(height > 0 && width > 0 && (channels == 1 || channels == 3 || channels == 4) && (depth == 8 || depth == 16));
        if (!is_asking) DEMAND((size_t)height * (size_t)width * (size_t)channels <= capacity);
    }
    free_buffer(&buffer);
    free(file.bytes);
}

static void encode_a_picture(void) {
    static float pixels[12 * 12 * 4];
    int32_t height = 1 + (int32_t)one_of(12), width = 1 + (int32_t)one_of(12), channels = chance(80) ? 1 + (int32_t)one_of(4) : hostile_int32() % 4;
    int32_t depth = chance(80) ? 8 + 8 * (int32_t)one_of(2) : hostile_int32(), status;
    Buffer buffer = buffer_of((size_t)one_of(4000));
    int is_asking = chance(20);
    size_t size = 0, place = one_of(12 * 12 * 4);
    pixels[place] = (float)hostile_real();
    if (chance(5)) height = -(int32_t)one_of(3);
    status = CALL(gan_image_encode_png, chance(97) ? pixels : NULL, height, width, channels, depth, is_asking ? NULL : buffer.bytes,
                  is_asking ? 0 : buffer.capacity, chance(97) ? &size : NULL);
    if (status == GAN_OK) DEMAND(size > 50 && (is_asking || size <= buffer.capacity));
    free_buffer(&buffer);
}

static void make_shapes(void) {
    static float values[3 * 7 * 8 * 6];
    int32_t depth = 1 + (int32_t)one_of(7), height = 1 + (int32_t)one_of(8), width = 1 + (int32_t)one_of(6), side = 1 + (int32_t)one_of(40), status;
    int64_t count = chance(70) ? 1 : 1 + one_of(3);
    float level = chance(90) ? (float)one_of(3) / 2 : (float)hostile_real();
    int i, is_asking = chance(20);
    size_t vertices = SIZE_MAX, faces = SIZE_MAX, some = (size_t)one_of(600), others = (size_t)one_of(1200);
    for (i = 0; i < COUNT_OF(values); i++) values[i] = chance(98) ? (float)one_of(1000) / 999 : (float)hostile_real();
    if (chance(5)) depth = hostile_int32() | 1 << 30;
    else if (chance(5)) height = -(int32_t)one_of(3);
    trace("    %d × %d × %d at %g, %lld", depth, height, width, (double)level, (long long)count);
    if (chance(40)) {
        Buffer positions = buffer_of(some * 12), normals = buffer_of(some * 12), triangles = buffer_of(others * 12);
        int has_normals = chance(70);
        status = CALL(gan_shape_mesh, chance(97) ? values : NULL, depth, height, width, level, is_asking ? NULL : (float *)(void *)positions.bytes,
                      is_asking || !has_normals ? NULL : (float *)(void *)normals.bytes, is_asking ? 0 : some, chance(97) ? &vertices : NULL,
                      is_asking ? NULL : (int32_t *)(void *)triangles.bytes, is_asking ? 0 : others, chance(97) ? &faces : NULL);
        if (status == GAN_OK || status == GAN_E_BUFFER_TOO_SMALL) DEMAND((vertices == 0) == (faces == 0) && faces <= 5 * vertices);
        else DEMAND(vertices == SIZE_MAX && faces == SIZE_MAX);
        if (status == GAN_OK && !is_asking) {
            const int32_t *corners = (const int32_t *)(const void *)triangles.bytes;
            DEMAND(vertices <= some && faces <= others);
            for (i = 0; i < (int)(3 * faces); i++) DEMAND(corners[i] >= 0 && (size_t)corners[i] < vertices);
        }
        free_buffer(&positions), free_buffer(&normals), free_buffer(&triangles);
    } else if (chance(40)) {
        Buffer pixels = buffer_of((size_t)one_of(1600));
        CALL(gan_shape_render, values, depth, height, width, level, hostile_real(), (double)one_of(360), chance(95) ? side : hostile_int32(),
             chance(97) ? pixels.bytes : NULL, pixels.capacity);
        free_buffer(&pixels);
    } else {
        static const char *const ends[] = {"obj", "stl", "binvox", "npy", "png", "ply"};
        const char *path = hostile_target();
        char name[300];
        snprintf(name, sizeof name, "%.200s.%s", path ? path : "x", ends[one_of(COUNT_OF(ends))]);
        CALL(gan_shape_write, chance(97) ? values : NULL, chance(95) ? count : hostile_integer() | 1ll << 50, depth, height, width, level, chance(97) ? name : path);
    }
}

void call_about_files(void) {
    if (chance(20)) make_shapes();
    else if (chance(25)) decode_a_picture_to_floats();
    else if (chance(33)) encode_a_picture();
    else if (chance(50)) write_a_picture();
    else decode_a_picture();
}
