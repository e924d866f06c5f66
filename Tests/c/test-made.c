/* test-made: the data that the library makes itself, by a function and by a name in a path's place, and data sets as files. */
#include "check.h"

static gan_dataset *make(const char *name, int64_t count, uint64_t seed) {
    gan_dataset *made = NULL;
    CHECK_OK(gan_dataset_make(name, count, seed, NULL, &made));
    return made;
}

/* The first items' values, from 0 to 1. */
static float *values_of(const gan_dataset *dataset, int64_t items) {
    int64_t count = 0;
    int32_t height = 0, width = 0, channels = 0;
    float *values;
    size_t size;
    CHECK_OK(gan_dataset_shape(dataset, &count, &height, &width, &channels));
    size = (size_t)items * (size_t)height * (size_t)width * (size_t)channels;
    values = calloc(size, sizeof *values);
    CHECK_OK(gan_dataset_read(dataset, 0, items, values, size));
    return values;
}

static void made_data_are_listed(void) {
    int32_t count = gan_made_count(), index;
    CHECK(count == 9);
    for (index = 0; index < count; index++) {
        gan_dataset *made = make(gan_made_name(index), 3, 1);
        int64_t items = 0;
        int32_t height, width, channels;
        CHECK(strlen(gan_made_summary(index)) > 40);
        CHECK_OK(gan_dataset_shape(made, &items, &height, &width, &channels));
        CHECK(items == 3);
        gan_dataset_destroy(made);
    }
    CHECK(gan_made_name(-1) == NULL && gan_made_name(count) == NULL && gan_made_summary(count) == NULL);
}

/* How many of the modes are there, and that nothing lies elsewhere: five deviations from a centre. */
static void check_mixture(const char *name, int modes, const double (*centres)[2], double deviation, double limit) {
    enum { COUNT = 5000 };
    gan_dataset *made = make(name, COUNT, 3);
    float *values = values_of(made, COUNT);
    int counts[25] = {0}, item, mode, stray = 0;
    double squares = 0;
    for (item = 0; item < COUNT; item++) {
        double x = (values[2 * item] * 2 - 1) * limit, y = (values[2 * item + 1] * 2 - 1) * limit, best = 1e9;
        int at = 0;
        for (mode = 0; mode < modes; mode++) {
            double dx = x - centres[mode][0], dy = y - centres[mode][1];
            if (dx * dx + dy * dy < best) best = dx * dx + dy * dy, at = mode;
        }
        counts[at]++;
        squares += best;
        stray += best > 25 * deviation * deviation;
    }
    for (mode = 0; mode < modes; mode++) CHECK(counts[mode] > COUNT / modes / 2);
    CHECK(stray == 0);
    CHECK(squares / COUNT / 2 > 0.9 * deviation * deviation && squares / COUNT / 2 < 1.1 * deviation * deviation);
    free(values);
    gan_dataset_destroy(made);
}

static void the_mixtures_are_those_of_the_papers(void) {
    static const double half = 1.4142135623730951;
    const double ring[8][2] = {{2, 0}, {half, half}, {0, 2}, {-half, half}, {-2, 0}, {-half, -half}, {0, -2}, {half, -half}};
    double grid[25][2];
    int mode;
    for (mode = 0; mode < 25; mode++) grid[mode][0] = (mode % 5 - 2) * 2, grid[mode][1] = (mode / 5 - 2) * 2;
    check_mixture("ring", 8, ring, 0.02, 2.2);
    check_mixture("grid", 25, (const double (*)[2])grid, 0.05, 4.5);
}

static void items_do_not_depend_on_their_number(void) {
    static const char *const names[] = {"ring", "digits", "stacked", "moving", "faces", "words", "furniture"};
    static const size_t sizes[] = {2, 784, 2352, 20480, 3072, 2352, 4096};
    int index;
    for (index = 0; index < 7; index++) {
        gan_dataset *few = make(names[index], 5, 7), *many = make(names[index], 40, 7), *others = make(names[index], 5, 8);
        float *a = values_of(few, 5), *b = values_of(many, 5), *c = values_of(others, 5);
        size_t size = sizes[index] * 5 * sizeof *a;
        CHECK(memcmp(a, b, size) == 0);
        CHECK(memcmp(a, c, size) != 0);
        free(a), free(b), free(c);
        gan_dataset_destroy(few), gan_dataset_destroy(many), gan_dataset_destroy(others);
    }
}

static void digits_have_labels_and_ink(void) {
    enum { COUNT = 400 };
    gan_dataset *digits = make("digits", COUNT, 0);
    float *values = values_of(digits, COUNT);
    int32_t labels[COUNT], classes = 0;
    int counts[10] = {0}, item, pixel;
    CHECK_OK(gan_dataset_classes(digits, &classes));
    CHECK(classes == 10);
    CHECK_OK(gan_dataset_read_labels(digits, 0, COUNT, labels, COUNT));
    for (item = 0; item < COUNT; item++) {
        double ink = 0, edge = 0;
        for (pixel = 0; pixel < 784; pixel++) {
            ink += values[item * 784 + pixel];
            if (pixel < 28 || pixel >= 756) edge += values[item * 784 + pixel];
        }
        CHECK(ink > 20 && ink < 250);
        CHECK(edge < 0.1 * ink);
        counts[labels[item]]++;
    }
    for (item = 0; item < 10; item++) CHECK(counts[item] > 15);
    free(values);
    gan_dataset_destroy(digits);
}

/* Each face has one colour of hair, which is its picture's, and other tags about as often as they should be there. */
static void faces_have_the_tags_that_they_show(void) {
    enum { COUNT = 600, TAGS = 10, PIXELS = 32 * 32 * 3 };
    static const char *const names[TAGS] = {"black-hair", "blond-hair", "red-hair", "blue-hair", "green-hair", "long-hair", "glasses", "hat", "smile", "beard"};
    gan_dataset *faces = make("faces", COUNT, 3);
    float *values = values_of(faces, COUNT), *tags = calloc(COUNT * TAGS, sizeof *tags);
    int counts[TAGS] = {0}, item, tag, pixel;
    int32_t classes = 0;
    char text[64];
    CHECK_OK(gan_dataset_field_kind(faces, 1, text, sizeof text, NULL));
    CHECK_TEXT(text, "tags");
    CHECK_OK(gan_dataset_field_classes(faces, 1, &classes));
    CHECK(classes == TAGS);
    for (tag = 0; tag < TAGS; tag++) {
        CHECK_OK(gan_dataset_field_class_name(faces, 1, tag, text, sizeof text, NULL));
        CHECK_TEXT(text, names[tag]);
    }
    CHECK_OK(gan_dataset_field_read(faces, 1, 0, COUNT, tags, COUNT * TAGS));
    for (item = 0; item < COUNT; item++) {
        const float *own = tags + item * TAGS, *face = values + item * PIXELS;
        double yellow = 0, dark = 0;
        CHECK(own[0] + own[1] + own[2] + own[3] + own[4] == 1);
        for (tag = 0; tag < TAGS; tag++) counts[tag] += own[tag] == 1;
        /* The rims of glasses are the darkest there is between the eyes' height and the mouth. */
        for (pixel = 12 * 32; pixel < 19 * 32; pixel++) {
            const float *colour = face + pixel * 3;
            dark += colour[0] < 0.2 && colour[1] < 0.2 && colour[2] < 0.2;
            yellow += colour[0] > 0.5 && colour[2] < 0.5 * colour[0];
        }
        if (own[6] == 1) CHECK(dark >= 4);
        if (own[1] == 1 && own[5] == 1) CHECK(yellow >= 4);
    }
    for (tag = 0; tag < 5; tag++) CHECK(counts[tag] > COUNT / 5 / 2 && counts[tag] < COUNT / 5 * 2);
    CHECK(counts[5] > COUNT * 35 / 100 && counts[6] > COUNT * 25 / 100 && counts[7] > COUNT * 15 / 100 && counts[8] > COUNT * 40 / 100);
    CHECK(counts[9] > COUNT * 10 / 100 && counts[9] < COUNT * 30 / 100);
    free(values), free(tags);
    gan_dataset_destroy(faces);
}

/* Captions name a size and a colour, and pictures have them. */
static void words_say_what_their_pictures_are(void) {
    enum { COUNT = 300, PIXELS = 28 * 28 };
    static const char *const digits[] = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"};
    gan_dataset *words = make("words", COUNT, 5);
    float *values = values_of(words, COUNT);
    int32_t classes = 0;
    int item, pixel, digit, big = 0;
    double heights[2] = {0, 0};
    char text[256];
    CHECK_OK(gan_dataset_field_kind(words, 1, text, sizeof text, NULL));
    CHECK_TEXT(text, "text");
    CHECK_OK(gan_dataset_field_classes(words, 1, &classes));
    CHECK(classes > 20 && classes < 32);
    for (item = 0; item < COUNT; item++) {
        double sums[3] = {0, 0, 0};
        int first = 28, last = 0, named = 0, is_big;
        CHECK_OK(gan_dataset_field_text(words, 1, item, text, sizeof text, NULL));
        for (digit = 0; digit < 10; digit++) named += strstr(text, digits[digit]) != NULL;
        CHECK(named == 1);
        is_big = strstr(text, "big") != NULL;
        CHECK(is_big || strstr(text, "small") != NULL);
        for (pixel = 0; pixel < PIXELS; pixel++) {
            const float *colour = values + (item * PIXELS + pixel) * 3;
            int channel;
            for (channel = 0; channel < 3; channel++) sums[channel] += colour[channel];
            if (colour[0] + colour[1] + colour[2] > 0.5) first = pixel / 28 < first ? pixel / 28 : first, last = pixel / 28;
        }
        heights[is_big] += last - first + 1, big += is_big;
        if (strstr(text, "red") != NULL) CHECK(sums[0] > 2 * sums[1] && sums[0] > 2 * sums[2]);
        if (strstr(text, "green") != NULL) CHECK(sums[1] > 1.5 * sums[0] && sums[1] > 1.5 * sums[2]);
        if (strstr(text, "blue") != NULL) CHECK(sums[2] > 1.5 * sums[0] && sums[2] > 1.5 * sums[1]);
        if (strstr(text, "yellow") != NULL) CHECK(sums[0] > 2 * sums[2] && sums[1] > 2 * sums[2]);
        if (strstr(text, "white") != NULL) CHECK(sums[0] < 1.1 * sums[2] && sums[2] < 1.1 * sums[0]);
    }
    CHECK(big > COUNT / 3 && big < COUNT * 2 / 3);
    CHECK(heights[1] / big > 1.4 * heights[0] / (COUNT - big));
    free(values);
    gan_dataset_destroy(words);
}

/* Furniture stands on the floor of its cube, and its view shows it alone. */
static void furniture_is_seen(void) {
    enum { COUNT = 80, SIDE = 16, VOXELS = SIDE * SIDE * SIDE, VIEW = 32 * 32 };
    gan_dataset *furniture = make("furniture", COUNT, 2);
    float *values = values_of(furniture, COUNT), *views = calloc(COUNT * VIEW, sizeof *views);
    int64_t axes[8];
    size_t rank = 0;
    int item, place;
    char text[64];
    CHECK_OK(gan_dataset_field_name(furniture, 0, text, sizeof text, NULL));
    CHECK_TEXT(text, "volume");
    CHECK_OK(gan_dataset_field_shape(furniture, 0, axes, 8, &rank));
    CHECK(rank == 4 && axes[0] == SIDE && axes[1] == SIDE && axes[2] == SIDE && axes[3] == 1);
    CHECK_OK(gan_dataset_field_name(furniture, 1, text, sizeof text, NULL));
    CHECK_TEXT(text, "view");
    CHECK_OK(gan_dataset_field_read(furniture, 1, 0, COUNT, views, COUNT * VIEW));
    for (item = 0; item < COUNT; item++) {
        int filled = 0, lowest = SIDE, seen = 0;
        for (place = 0; place < VOXELS; place++) {
            float voxel = values[item * VOXELS + place];
            CHECK(voxel == 0 || voxel == 1);
            if (voxel == 1) filled++, lowest = place / SIDE % SIDE < lowest ? place / SIDE % SIDE : lowest;
        }
        for (place = 0; place < VIEW; place++) seen += views[item * VIEW + place] > 0;
        CHECK(filled > 60 && filled < VOXELS / 2);
        CHECK(lowest <= 1);
        CHECK(seen > 60 && seen < VIEW * 3 / 4);
        CHECK(views[item * VIEW] == 0 && views[item * VIEW + VIEW - 1] == 0);
    }
    free(values), free(views);
    gan_dataset_destroy(furniture);
}

static void stacked_digits_are_three(void) {
    enum { COUNT = 30 };
    gan_dataset *digits = make("digits", 50, 4), *stacked = NULL, *ring = make("ring", 5, 0);
    float *singles = values_of(digits, 50), *stacks;
    int32_t classes = 0, labels[COUNT], names[50];
    int item, channel, digit, pixel;
    CHECK_OK(gan_dataset_make("stacked", COUNT, 9, digits, &stacked));
    CHECK_OK(gan_dataset_classes(stacked, &classes));
    CHECK(classes == 1000);
    CHECK_OK(gan_dataset_read_labels(stacked, 0, COUNT, labels, COUNT));
    CHECK_OK(gan_dataset_read_labels(digits, 0, 50, names, 50));
    stacks = values_of(stacked, COUNT);
    for (item = 0; item < COUNT; item++) {
        int32_t label = 0;
        for (channel = 0; channel < 3; channel++) {
            for (digit = 0; digit < 50; digit++) {
                for (pixel = 0; pixel < 784 && stacks[(item * 784 + pixel) * 3 + channel] == singles[digit * 784 + pixel]; pixel++) continue;
                if (pixel == 784) break;
            }
            CHECK(digit < 50);
            label = label * 10 + (digit < 50 ? names[digit] : 0);
        }
        CHECK(label == labels[item]);
    }
    {
        gan_dataset *none = NULL;
        CHECK_FAILS(gan_dataset_make("stacked", 5, 0, ring, &none), GAN_E_MISMATCH, "labels");
        CHECK_FAILS(gan_dataset_make("ring", 5, 0, digits, &none), GAN_E_MISMATCH, "stacked");
        CHECK_FAILS(gan_dataset_make("rimg", 5, 0, NULL, &none), GAN_E_UNKNOWN_NAME, "'ring'");
        CHECK_FAILS(gan_dataset_make(NULL, 5, 0, NULL, &none), GAN_E_INVALID_ARGUMENT, "name");
        CHECK_FAILS(gan_dataset_make("ring", -5, 0, NULL, &none), GAN_E_INVALID_ARGUMENT, "count");
        CHECK(gan_dataset_make("ring", INT64_MAX, 0, NULL, &none) == GAN_E_OUT_OF_RANGE);
        CHECK(gan_dataset_make("digits", INT64_MAX / 2000, 0, NULL, &none) == GAN_E_OUT_OF_MEMORY);
        CHECK(none == NULL);
        CHECK_FAILS(gan_dataset_make("ring", 5, 0, NULL, NULL), GAN_E_INVALID_ARGUMENT, "out");
    }
    free(singles), free(stacks);
    gan_dataset_destroy(digits), gan_dataset_destroy(stacked), gan_dataset_destroy(ring);
}

/* The box around what is not black: its corner in whole pixels, and its sides. */
static int box_of(const float *frame, int box[4]) {
    int row, column, bottom = -1, right = -1;
    box[0] = box[1] = 32;
    for (row = 0; row < 32; row++)
        for (column = 0; column < 32; column++)
            if (frame[row * 32 + column] > 0) {
                if (row < box[0]) box[0] = row;
                if (column < box[1]) box[1] = column;
                if (row > bottom) bottom = row;
                if (column > right) right = column;
            }
    box[2] = bottom + 1 - box[0], box[3] = right + 1 - box[1];
    return bottom >= 0;
}

static void digits_move_and_stay_in_the_picture(void) {
    enum { COUNT = 40, FRAMES = 20, FRAME = 1024 };
    gan_dataset *digits = make("digits", 50, 4), *moving = NULL, *none = NULL, *large;
    float *clips;
    int32_t labels[COUNT], names[50], classes = 0, frames, height, width;
    int64_t count = 0;
    int item, frame, digit, far = 0, turned = 0;
    CHECK_OK(gan_dataset_make("moving", COUNT, 9, digits, &moving));
    CHECK_OK(gan_dataset_shape(moving, &count, &frames, &height, &width));
    CHECK(count == COUNT && frames == FRAMES && height == 32 && width == 32);
    CHECK_OK(gan_dataset_classes(moving, &classes));
    CHECK(classes == 10);
    CHECK_OK(gan_dataset_read_labels(moving, 0, COUNT, labels, COUNT));
    CHECK_OK(gan_dataset_read_labels(digits, 0, 50, names, 50));
    clips = values_of(moving, COUNT);
    for (item = 0; item < COUNT; item++) {
        int first[4], before[4], now[4], was = 0;
        for (frame = 0; frame < FRAMES; frame++) {
            const float *pixels = clips + (item * FRAMES + frame) * FRAME;
            CHECK(box_of(pixels, now));
            if (frame == 0) memcpy(first, now, sizeof now);
            else {
                int rows = now[0] - before[0], columns = now[1] - before[1], row, differs = 0;
                /* It is the same digit, and moves by whole pixels, as a fraction of 1 to 3 rounds to. */
                CHECK(now[2] == first[2] && now[3] == first[3]);
                CHECK(rows * rows + columns * columns <= 18);
                far = far < abs(rows) ? abs(rows) : far;
                turned += rows * was < 0;
                if (rows != 0) was = rows;
                for (row = 0; row < now[2]; row++)
                    differs += memcmp(pixels + (now[0] + row) * 32 + now[1], clips + item * FRAMES * FRAME + (first[0] + row) * 32 + first[1],
                                      (size_t)now[3] * sizeof *pixels) != 0;
                CHECK(differs == 0);
            }
            memcpy(before, now, sizeof now);
        }
        CHECK(first[2] <= 28 && first[3] <= 28);
    }
    CHECK(far == 3 && turned > COUNT / 2);
    for (digit = 0; digit < 50 && names[digit] != labels[0]; digit++) continue;
    CHECK(digit < 50);
    {
        static const uint8_t pixels[2 * 33 * 4];
        CHECK_OK(gan_dataset_create_bytes(pixels, 2, 33, 4, 1, NULL, 0, NULL, NULL, &large));
    }
    CHECK_FAILS(gan_dataset_make("moving", 5, 0, large, &none), GAN_E_MISMATCH, "32");
    CHECK_FAILS(gan_dataset_make("moving", 5, 0, moving, &none), GAN_E_MISMATCH, "grey");
    CHECK_FAILS(gan_dataset_make("digits", 5, 0, digits, &none), GAN_E_MISMATCH, "moving");
    CHECK(none == NULL);
    free(clips);
    gan_dataset_destroy(digits), gan_dataset_destroy(moving), gan_dataset_destroy(large);
}

static void same(const gan_dataset *one, const char *path, const char *labels) {
    gan_dataset *read = NULL;
    gan_options *options = NULL;
    int32_t height = 0, width = 0, channels = 0, other[3], classes = 0, read_classes = 0;
    int64_t count = 0, read_count = 0;
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_dataset_shape(one, &count, &height, &width, &channels));
    if (height == 20) CHECK_OK(gan_options_set(options, "data.items", "clips"));
    if (height == 1) {
        CHECK_OK(gan_options_set(options, "data.minimum", "-2.2"));
        CHECK_OK(gan_options_set(options, "data.maximum", "2.2"));
    }
    if (labels != NULL) {
        CHECK_OK(gan_options_set(options, "data.classes", channels == 3 ? "1000" : "10"));
        if (!CHECK_OK(gan_dataset_open_idx(path, labels, options, &read))) return;
    } else if (!CHECK_OK(gan_dataset_open(path, options, &read))) return;
    CHECK_OK(gan_dataset_shape(read, &read_count, other, other + 1, other + 2));
    CHECK(count == read_count && other[0] == height && other[1] == width && other[2] == channels);
    {
        float *a = values_of(one, count), *b = values_of(read, count);
        CHECK(memcmp(a, b, (size_t)count * (size_t)height * (size_t)width * (size_t)channels * sizeof *a) == 0);
        free(a), free(b);
    }
    CHECK_OK(gan_dataset_classes(one, &classes));
    CHECK_OK(gan_dataset_classes(read, &read_classes));
    CHECK(read_classes == (labels == NULL ? 0 : classes));
    if (labels != NULL) {
        int32_t a[50], b[50];
        CHECK_OK(gan_dataset_read_labels(one, 0, count, a, 50));
        CHECK_OK(gan_dataset_read_labels(read, 0, count, b, 50));
        CHECK(memcmp(a, b, (size_t)count * sizeof *a) == 0);
    }
    gan_dataset_destroy(read);
    gan_options_destroy(options);
}

/* Axes are those of the clips, and not of the pictures as which they are told. */
static void clips_in_colour_are_written(void) {
    static const float values[2 * 3 * 4 * 5 * 3];
    static const int64_t axes[] = {3, 4, 5, 3};
    gan_dataset *clips = NULL, *read = NULL;
    gan_options *options = NULL;
    int64_t found[8] = {0};
    size_t rank = 0;
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_options_set(options, "data.items", "clips"));
    CHECK_OK(gan_dataset_create_values(values, 2, axes, 4, 0, 1, "clip", NULL, NULL, &clips));
    CHECK_OK(gan_dataset_write(clips, "colours.npy", NULL));
    CHECK_OK(gan_dataset_open("colours.npy", options, &read));
    CHECK_OK(gan_dataset_field_shape(read, 0, found, 8, &rank));
    CHECK(rank == 4 && memcmp(found, axes, sizeof axes) == 0);
    gan_dataset_destroy(clips), gan_dataset_destroy(read);
    gan_options_destroy(options);
}

static void what_is_written_is_read(void) {
    gan_dataset *ring = make("ring", 50, 1), *digits = make("digits", 50, 1), *stacked = make("stacked", 50, 1), *moving = make("moving", 5, 1);
    CHECK_OK(gan_dataset_write(ring, "ring.npy", NULL));
    CHECK_OK(gan_dataset_write(digits, "digits.npy", "digits-labels.npy"));
    CHECK_OK(gan_dataset_write(digits, "digits.idx", "digits-labels.idx"));
    CHECK_OK(gan_dataset_write(stacked, "stacked.idx", "stacked-labels.idx"));
    CHECK_OK(gan_dataset_write(stacked, "stacked.npy", "stacked-labels.npy"));
    same(ring, "ring.npy", NULL);
    same(digits, "digits.npy", "digits-labels.npy");
    same(digits, "digits.idx", "digits-labels.idx");
    same(digits, "digits.idx", NULL);
    same(stacked, "stacked.idx", "stacked-labels.idx");
    same(stacked, "stacked.npy", "stacked-labels.npy");
    CHECK_OK(gan_dataset_write(moving, "moving.idx", "moving-labels.idx"));
    CHECK_OK(gan_dataset_write(moving, "moving.npy", NULL));
    same(moving, "moving.idx", "moving-labels.idx");
    same(moving, "moving.npy", NULL);
    clips_in_colour_are_written();
    CHECK_FAILS(gan_dataset_write(ring, "ring.idx", NULL), GAN_E_MISMATCH, ".npy");
    CHECK_FAILS(gan_dataset_write(ring, "no.npy", "labels.npy"), GAN_E_MISMATCH, "no labels");
    CHECK(access("ring.idx", F_OK) != 0 && access("no.npy", F_OK) != 0 && access("labels.npy", F_OK) != 0);
    CHECK_FAILS(gan_dataset_write(digits, "missing/digits.idx", NULL), GAN_E_NOT_FOUND, "missing");
    CHECK_FAILS(gan_dataset_write(digits, NULL, NULL), GAN_E_INVALID_ARGUMENT, "path");
    CHECK(gan_dataset_write(NULL, "x.npy", NULL) == GAN_E_INVALID_ARGUMENT);
    gan_dataset_destroy(ring), gan_dataset_destroy(digits), gan_dataset_destroy(stacked), gan_dataset_destroy(moving);
}

static void a_name_stands_for_a_path_unless_something_is_there(void) {
    gan_dataset *opened = NULL, *made = make("digits", 0, 0), *file = NULL;
    int64_t count = 0, usual = 0;
    int32_t height, width, channels;
    CHECK_OK(gan_dataset_open("digits", NULL, &opened));
    CHECK_OK(gan_dataset_shape(opened, &count, &height, &width, &channels));
    CHECK_OK(gan_dataset_shape(made, &usual, &height, &width, &channels));
    CHECK(count == usual && count == 10000 && height == 28 && width == 28 && channels == 1);
    {
        float *a = values_of(opened, 20), *b = values_of(made, 20);
        CHECK(memcmp(a, b, 20 * 784 * sizeof *a) == 0);
        free(a), free(b);
    }
    CHECK_FAILS(gan_dataset_open("digit", NULL, &file), GAN_E_NOT_FOUND, "digit");
    CHECK_FAILS(gan_dataset_open("./digits", NULL, &file), GAN_E_NOT_FOUND, "digits");
    gan_dataset_destroy(made);
    made = make("ring", 20, 0);
    CHECK_OK(gan_dataset_write(made, "grid.npy", NULL));
    CHECK(rename("grid.npy", "grid") == 0);
    {
        gan_options *options = NULL;
        CHECK_OK(gan_options_create(&options));
        CHECK_OK(gan_options_set(options, "data.minimum", "-3"));
        CHECK_OK(gan_options_set(options, "data.maximum", "3"));
        CHECK_OK(gan_dataset_open("grid", options, &file));
        gan_options_destroy(options);
    }
    CHECK_OK(gan_dataset_shape(file, &count, &height, &width, &channels));
    CHECK(count == 20 && height == 1 && width == 2);
    gan_dataset_destroy(opened), gan_dataset_destroy(made), gan_dataset_destroy(file);
}

/* preset=auto becomes options that say what was chosen, and a resumed training goes on with them. */
enum { TEXT = 400 };

static void option_of(gan_trainer *trainer, const char *name, char text[TEXT]) {
    size_t size = 0;
    text[0] = '\0';
    CHECK_OK(gan_trainer_option(trainer, name, text, TEXT, &size));
}

static gan_trainer *automatic(gan_dataset *data, const char *name, const char *value) {
    gan_options *options = NULL;
    gan_trainer *trainer = NULL;
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_options_set(options, "preset", "auto"));
    CHECK_OK(gan_options_set(options, "threads", "1"));
    if (name != NULL) CHECK_OK(gan_options_set(options, name, value));
    CHECK_OK(gan_trainer_create(options, data, &trainer));
    gan_options_destroy(options);
    return trainer;
}

static void a_preset_is_chosen_for_the_data(void) {
    gan_dataset *ring = make("ring", 600, 0), *digits = make("digits", 600, 0);
    gan_trainer *trainer = automatic(ring, NULL, NULL), *resumed = NULL;
    gan_options *options = NULL;
    char text[TEXT];
    option_of(trainer, "preset", text);
    CHECK_TEXT(text, "mlp");
    option_of(trainer, "loss", text);
    CHECK_TEXT(text, "relativistic");
    option_of(trainer, "generator.output", text);
    CHECK_TEXT(text, "linear");
    option_of(trainer, "condition", text);
    CHECK_TEXT(text, "none");
    CHECK_OK(gan_trainer_step(trainer, 3));
    CHECK_OK(gan_trainer_save(trainer, "auto.safetensors"));
    CHECK_OK(gan_trainer_step(trainer, 2));
    CHECK_OK(gan_trainer_save(trainer, "whole.safetensors"));
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_options_set(options, "preset", "auto"));
    CHECK_OK(gan_trainer_load("auto.safetensors", options, ring, &resumed));
    CHECK_OK(gan_trainer_step(resumed, 2));
    CHECK_OK(gan_trainer_save(resumed, "again.safetensors"));
    CHECK(system("cmp whole.safetensors again.safetensors") == 0);
    gan_options_destroy(options);
    gan_trainer_destroy(trainer), gan_trainer_destroy(resumed);

    trainer = automatic(digits, "generator.channels", "4");
    option_of(trainer, "preset", text);
    CHECK_TEXT(text, "dcgan");
    option_of(trainer, "condition", text);
    CHECK_TEXT(text, "labels");
    option_of(trainer, "generator.channels", text);
    CHECK_TEXT(text, "4");
    option_of(trainer, "discriminator.norm", text);
    CHECK_TEXT(text, "none");
    gan_trainer_destroy(trainer);

    trainer = automatic(digits, "loss", "hinge"); /* what is asked for stays, and brings no penalties that it did not ask for */
    option_of(trainer, "loss", text);
    CHECK_TEXT(text, "hinge");
    option_of(trainer, "r1", text);
    CHECK_TEXT(text, "0");
    gan_trainer_destroy(trainer);

    trainer = automatic(digits, "gradient-penalty", "10"); /* a penalty on the slope at each image */
    option_of(trainer, "discriminator.norm", text);
    CHECK_TEXT(text, "none");
    gan_trainer_destroy(trainer);

    trainer = automatic(digits, "recipe", "infogan"); /* codes meet in a layer of their own before the first map */
    option_of(trainer, "condition", text);
    CHECK_TEXT(text, "none");
    option_of(trainer, "generator.layers", text);
    CHECK(strstr(text, "dense 256, norm batch, relu, dense 3136,") == text);
    option_of(trainer, "discriminator.layers", text);
    CHECK(strstr(text, "dense 256, norm batch") != NULL);
    option_of(trainer, "info.code-delay", text);
    CHECK_TEXT(text, "2000");
    gan_trainer_destroy(trainer);

    CHECK_OK(gan_options_create(&options)); /* a slope at each image is asked for, so images are judged apart */
    CHECK_OK(gan_options_set(options, "preset", "auto"));
    CHECK_OK(gan_options_set(options, "recipe", "infogan"));
    CHECK_OK(gan_options_set(options, "r1", "1"));
    CHECK_OK(gan_trainer_create(options, digits, &trainer));
    option_of(trainer, "discriminator.layers", text);
    CHECK(strstr(text, "dense 256, leaky-relu") != NULL && strstr(text, "norm") == NULL);
    gan_trainer_destroy(trainer);
    CHECK_OK(gan_options_set(options, "generator.channels", "4")); /* what networks are made of was said, so they are those of dcgan */
    CHECK_OK(gan_trainer_create(options, digits, &trainer));
    option_of(trainer, "network", text);
    CHECK_TEXT(text, "dcgan");
    gan_trainer_destroy(trainer);
    gan_options_destroy(options);
    gan_dataset_destroy(ring), gan_dataset_destroy(digits);
}

int main(void) {
    if (chdir(scratch(".")) != 0) return 1;
    RUN(made_data_are_listed);
    RUN(the_mixtures_are_those_of_the_papers);
    RUN(items_do_not_depend_on_their_number);
    RUN(digits_have_labels_and_ink);
    RUN(faces_have_the_tags_that_they_show);
    RUN(words_say_what_their_pictures_are);
    RUN(furniture_is_seen);
    RUN(stacked_digits_are_three);
    RUN(digits_move_and_stay_in_the_picture);
    RUN(what_is_written_is_read);
    RUN(a_name_stands_for_a_path_unless_something_is_there);
    RUN(a_preset_is_chosen_for_the_data);
    return FINISH("made");
}
