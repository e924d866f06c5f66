/* test-fields: what the items of a dataset have, datasets made of others, tags, texts and rows of numbers. */
#include "check.h"

static int released;

static void count_release(void *context) {
    (void)context;
    released++;
}

static gan_dataset *images(int count) {
    static uint8_t pixels[IMAGES * PIXELS];
    gan_dataset *dataset = NULL;
    small_pixels(pixels);
    CHECK_OK(gan_dataset_create_bytes(pixels, count, SIDE, SIDE, 1, NULL, 0, NULL, NULL, &dataset));
    return dataset;
}

static uint8_t flags[3 * IMAGES];

/* Images that have, by turns, a smile, and glasses. Nobody has a hat. */
static gan_dataset *tagged(void) {
    gan_dataset *plain = images(IMAGES), *dataset = NULL;
    int i;
    for (i = 0; i < IMAGES; i++) flags[3 * i] = (uint8_t)(i % 2), flags[3 * i + 1] = i % 3 == 0 ? 7 : 0;
    CHECK_OK(gan_dataset_add_tags(plain, NULL, flags, "smile\nglasses\nhat", &dataset));
    gan_dataset_destroy(plain);
    return dataset;
}

typedef int32_t (*TextOf)(const gan_dataset *, int32_t, char *, size_t, size_t *);

static const char *text_of(TextOf read, const gan_dataset *dataset, int32_t index) {
    static char text[4][64];
    static int turn;
    char *buffer = text[turn++ % 4];
    size_t size = 0;
    CHECK_OK(read(dataset, index, NULL, 0, &size));
    CHECK_OK(read(dataset, index, buffer, 64, NULL));
    CHECK(strlen(buffer) + 1 == size);
    return buffer;
}

static const char *item_text(const gan_dataset *dataset, int32_t index, int64_t item) {
    static char text[4][64];
    static int turn;
    char *buffer = text[turn++ % 4];
    CHECK_OK(gan_dataset_field_text(dataset, index, item, buffer, 64, NULL));
    return buffer;
}

static void fields_are_listed(void) {
    gan_dataset *dataset = images(4), *more = NULL, *all = NULL;
    static const int32_t answers[4] = {1, 0, 1, 0};
    static const char texts[] = "ab\0\0b\xC3\xA9\0a";
    int32_t count = -7, classes = -7;
    int64_t items = -7, shape[5] = {-7, -7, -7, -7, -7};
    size_t rank = 77;
    float low = -7, high = -7, values[12];
    char name[64] = "untouched";
    CHECK_OK(gan_dataset_field_count(dataset, &count));
    CHECK(count == 1);
    CHECK_TEXT(text_of(gan_dataset_field_name, dataset, 0), "image");
    CHECK_TEXT(text_of(gan_dataset_field_kind, dataset, 0), "values");
    CHECK_OK(gan_dataset_field_shape(dataset, 0, shape, 5, &rank));
    CHECK(rank == 3 && shape[0] == SIDE && shape[1] == SIDE && shape[2] == 1 && shape[3] == -7);
    CHECK_OK(gan_dataset_field_range(dataset, 0, &low, &high));
    CHECK(low == 0 && high == 255);
    CHECK_OK(gan_dataset_field_classes(dataset, 0, &classes));
    CHECK(classes == 0);

    CHECK_OK(gan_dataset_add_labels(dataset, "answer", answers, 0, "no\nyes\n", &more));
    CHECK_OK(gan_dataset_add_texts(more, NULL, texts, sizeof texts, 0, &all));
    gan_dataset_destroy(dataset);
    gan_dataset_destroy(more);
    CHECK_OK(gan_dataset_field_count(all, &count));
    CHECK(count == 3);
    CHECK_TEXT(text_of(gan_dataset_field_name, all, 1), "answer");
    CHECK_TEXT(text_of(gan_dataset_field_kind, all, 1), "label");
    CHECK_TEXT(text_of(gan_dataset_field_kind, all, 2), "text");
    CHECK_OK(gan_dataset_field_shape(all, 1, NULL, 0, &rank));
    CHECK(rank == 0);
    CHECK_OK(gan_dataset_field_shape(all, 2, shape, 1, &rank));
    CHECK(rank == 1 && shape[0] == 2);
    CHECK_OK(gan_dataset_field_items(all, 2, &items));
    CHECK(items == 4);
    CHECK_OK(gan_dataset_field_classes(all, 2, &classes));
    CHECK(classes == 5); /* the end, unknown, a, b, e acute */
    CHECK_OK(gan_dataset_field_range(all, 2, &low, &high));
    CHECK(low == 0 && high == 4);
    CHECK_OK(gan_dataset_field_class_name(all, 2, 4, name, sizeof name, NULL));
    CHECK_TEXT(name, "\xC3\xA9");
    CHECK_OK(gan_dataset_field_class_name(all, 1, 1, name, sizeof name, NULL));
    CHECK_TEXT(name, "yes");
    CHECK_OK(gan_dataset_field_read(all, 2, 0, 4, values, 12));
    CHECK(values[0] == 2 && values[1] == 3 && values[2] == 0 && values[3] == 0 && values[4] == 3 && values[5] == 4 && values[6] == 2);
    CHECK_TEXT(item_text(all, 2, 2), "b\xC3\xA9");
    CHECK_TEXT(item_text(all, 2, 1), "");
    CHECK_TEXT(item_text(all, 1, 0), "yes");
    CHECK_TEXT(item_text(all, 0, 0), "");
    CHECK_OK(gan_dataset_read_labels(all, 0, 0, NULL, 0));

    strcpy(name, "untouched");
    CHECK_FAILS(gan_dataset_field_name(all, 3, name, sizeof name, NULL), GAN_E_INVALID_ARGUMENT, "0 … 2");
    CHECK_FAILS(gan_dataset_field_name(all, -1, name, sizeof name, NULL), GAN_E_INVALID_ARGUMENT, "index");
    CHECK_FAILS(gan_dataset_field_kind(all, 7, name, sizeof name, NULL), GAN_E_INVALID_ARGUMENT, "index");
    CHECK_FAILS(gan_dataset_field_class_name(all, 1, 2, name, sizeof name, NULL), GAN_E_INVALID_ARGUMENT, "'answer'");
    CHECK_FAILS(gan_dataset_field_class_name(all, 0, 0, name, sizeof name, NULL), GAN_E_INVALID_ARGUMENT, "no classes");
    CHECK_FAILS(gan_dataset_field_text(all, 1, 4, name, sizeof name, NULL), GAN_E_OUT_OF_RANGE, "0 to 3");
    CHECK_FAILS(gan_dataset_field_read(all, 2, 3, 2, values, 12), GAN_E_OUT_OF_RANGE, "0 to 3");
    CHECK_FAILS(gan_dataset_field_read(all, 2, 0, 4, values, 7), GAN_E_BUFFER_TOO_SMALL, "8");
    CHECK_FAILS(gan_dataset_field_shape(all, 0, shape, 2, &rank), GAN_E_BUFFER_TOO_SMALL, "3");
    CHECK(rank == 3);
    CHECK_FAILS(gan_dataset_field_shape(all, 0, NULL, 2, &rank), GAN_E_INVALID_ARGUMENT, "shape");
    CHECK_FAILS(gan_dataset_field_count(all, NULL), GAN_E_INVALID_ARGUMENT, "count");
    CHECK_FAILS(gan_dataset_field_count(NULL, &count), GAN_E_INVALID_ARGUMENT, "dataset");
    CHECK_TEXT(name, "untouched");
    gan_dataset_destroy(all);
}

static void columns_that_cannot_be_are_refused(void) {
    gan_dataset *dataset = images(4), *out = POISON;
    static const int32_t labels[4] = {0, 5, 1, -1};
    static const uint8_t tags[8];
    CHECK_FAILS(gan_dataset_add_labels(dataset, NULL, labels, 2, NULL, &out), GAN_E_BAD_DATA, "item 1");
    CHECK_FAILS(gan_dataset_add_labels(dataset, NULL, labels, 3, "a\nb", &out), GAN_E_MISMATCH, "2 names for 3");
    CHECK_FAILS(gan_dataset_add_labels(dataset, NULL, NULL, 3, NULL, &out), GAN_E_INVALID_ARGUMENT, "labels");
    CHECK_FAILS(gan_dataset_add_labels(dataset, NULL, labels, -1, NULL, &out), GAN_E_INVALID_ARGUMENT, "classes");
    CHECK_FAILS(gan_dataset_add_tags(dataset, "image", tags, "a\nb", &out), GAN_E_MISMATCH, "'image'");
    CHECK_FAILS(gan_dataset_add_tags(dataset, "a b", tags, "a\nb", &out), GAN_E_INVALID_ARGUMENT, "a b");
    CHECK_FAILS(gan_dataset_add_tags(dataset, NULL, tags, NULL, &out), GAN_E_INVALID_ARGUMENT, "names");
    CHECK_FAILS(gan_dataset_add_tags(dataset, NULL, tags, "", &out), GAN_E_OUT_OF_RANGE, "0 tags");
    CHECK_FAILS(gan_dataset_add_tags(dataset, NULL, tags, "a\na", &out), GAN_E_BAD_DATA, "twice");
    CHECK_FAILS(gan_dataset_add_tags(dataset, NULL, tags, "a,b", &out), GAN_E_BAD_DATA, "comma");
    CHECK_FAILS(gan_dataset_add_texts(dataset, NULL, "a\0b\0c", 6, 0, &out), GAN_E_MISMATCH, "3 texts");
    CHECK_FAILS(gan_dataset_add_texts(dataset, NULL, "a\0b\0c\0d", 7, 0, &out), GAN_E_MISMATCH, "3 texts");
    CHECK_FAILS(gan_dataset_add_texts(dataset, NULL, "a\0\xFF\0c\0", 7, 0, &out), GAN_E_BAD_DATA, "item 1");
    CHECK_FAILS(gan_dataset_add_texts(dataset, NULL, "a\0bcd\0c\0", 9, 2, &out), GAN_E_OUT_OF_RANGE, "item 1");
    CHECK_FAILS(gan_dataset_add_texts(dataset, NULL, "a\0b\0c\0", 7, 5000, &out), GAN_E_OUT_OF_RANGE, "4096");
    CHECK_FAILS(gan_dataset_add_texts(dataset, NULL, NULL, 7, 0, &out), GAN_E_INVALID_ARGUMENT, "texts");
    CHECK_FAILS(gan_dataset_add_texts(dataset, NULL, "a", (size_t)-1, 0, &out), GAN_E_INVALID_ARGUMENT, "size");
    CHECK(out == POISON);
    gan_dataset_destroy(dataset);
}

static void datasets_are_combined(void) {
    gan_dataset *parts[2], *pairs = NULL, *apart = NULL, *out = POISON, *few = images(3);
    int32_t count = 0;
    int64_t items = 0;
    float values[PIXELS], same[PIXELS];
    parts[0] = tagged();
    parts[1] = images(IMAGES);
    CHECK_OK(gan_dataset_combine((const gan_dataset *const *)parts, 2, "source\ntarget", 1, &pairs));
    CHECK_OK(gan_dataset_field_count(pairs, &count));
    CHECK(count == 3);
    CHECK_TEXT(text_of(gan_dataset_field_name, pairs, 0), "source");
    CHECK_TEXT(text_of(gan_dataset_field_name, pairs, 1), "source.tags");
    CHECK_TEXT(text_of(gan_dataset_field_name, pairs, 2), "target");
    CHECK_TEXT(item_text(pairs, 1, 3), "smile,glasses");
    gan_dataset_destroy(parts[1]);
    CHECK_OK(gan_dataset_field_read(pairs, 2, 5, 1, values, PIXELS));
    CHECK_OK(gan_dataset_field_read(pairs, 0, 5, 1, same, PIXELS));
    CHECK(memcmp(values, same, sizeof values) == 0);
    parts[1] = few;
    CHECK_FAILS(gan_dataset_combine((const gan_dataset *const *)parts, 2, "a\nb", 1, &out), GAN_E_MISMATCH, "'b' has 3");
    CHECK_OK(gan_dataset_combine((const gan_dataset *const *)parts, 2, "a\nb", 0, &apart));
    CHECK_OK(gan_dataset_field_items(apart, 0, &items));
    CHECK(items == IMAGES);
    CHECK_OK(gan_dataset_field_items(apart, 2, &items));
    CHECK(items == 3);
    CHECK_FAILS(gan_dataset_field_read(apart, 2, 0, 4, values, PIXELS), GAN_E_OUT_OF_RANGE, "0 to 2");
    CHECK_FAILS(gan_dataset_combine((const gan_dataset *const *)parts, 2, "a\na", 0, &out), GAN_E_MISMATCH, "'a'");
    CHECK_FAILS(gan_dataset_combine((const gan_dataset *const *)parts, 2, NULL, 0, &out), GAN_E_MISMATCH, "'image'");
    CHECK_FAILS(gan_dataset_combine((const gan_dataset *const *)parts, 2, "a\nb\nc", 0, &out), GAN_E_MISMATCH, "3 names");
    CHECK_FAILS(gan_dataset_combine((const gan_dataset *const *)parts, 0, NULL, 0, &out), GAN_E_INVALID_ARGUMENT, "count");
    CHECK_FAILS(gan_dataset_combine((const gan_dataset *const *)parts, 2, "a\nb", 2, &out), GAN_E_INVALID_ARGUMENT, "paired");
    CHECK_FAILS(gan_dataset_combine(NULL, 2, "a\nb", 1, &out), GAN_E_INVALID_ARGUMENT, "datasets");
    gan_dataset_destroy(few);
    CHECK_FAILS(gan_dataset_combine((const gan_dataset *const *)parts, 2, "a\nb", 0, &out), GAN_E_INVALID_HANDLE, "datasets");
    CHECK(out == POISON);
    gan_dataset_destroy(parts[0]);
    gan_dataset_destroy(pairs);
    gan_dataset_destroy(apart);
}

static int32_t fill_half(void *context, const int64_t *indices, int64_t count, float *values) {
    int64_t i;
    (void)context, (void)indices;
    for (i = 0; i < count * PIXELS; i++) values[i] = 0.5f;
    return 0;
}

/* What is borrowed goes back when the last dataset that shares it is gone; a callback delivers a field among others. */
static void what_is_shared_is_released_once(void) {
    static float values[4] = {1, 2, 3, 4};
    static const int64_t axes[1] = {2};
    gan_dataset *rows = NULL, *lent = NULL, *parts[2], *pairs = NULL;
    float read[PIXELS];
    released = 0;
    CHECK_OK(gan_dataset_create_values(values, 2, axes, 1, 0, 0, "row", count_release, NULL, &rows));
    CHECK_OK(gan_dataset_create_callback(fill_half, 2, SIDE, SIDE, 1, count_release, NULL, &lent));
    parts[0] = rows, parts[1] = lent;
    CHECK_OK(gan_dataset_combine((const gan_dataset *const *)parts, 2, NULL, 1, &pairs));
    gan_dataset_destroy(rows);
    gan_dataset_destroy(lent);
    CHECK(released == 0);
    CHECK_OK(gan_dataset_field_read(pairs, 1, 0, 1, read, PIXELS));
    CHECK(read[0] == 0.5f && read[PIXELS - 1] == 0.5f);
    CHECK_OK(gan_dataset_field_read(pairs, 0, 1, 1, read, 2));
    CHECK(read[0] == 3 && read[1] == 4);
    gan_dataset_destroy(pairs);
    CHECK(released == 2);
}

static void values_of_any_rank(void) {
    static float values[24];
    static const int64_t axes[4] = {2, 3, 1, 2}, bad[2] = {3, 0}, huge[3] = {INT64_MAX, 2, 2};
    gan_dataset *dataset = NULL, *out = POISON;
    int64_t count, shape[5];
    int32_t height, width, channels, i;
    size_t rank;
    float low, high;
    for (i = 0; i < 24; i++) values[i] = (float)i - 3;
    CHECK_OK(gan_dataset_create_values(values, 2, axes, 4, 0, 0, "clip", NULL, NULL, &dataset));
    CHECK_OK(gan_dataset_field_shape(dataset, 0, shape, 5, &rank));
    CHECK(rank == 4 && shape[0] == 2 && shape[1] == 3 && shape[2] == 1 && shape[3] == 2);
    CHECK_OK(gan_dataset_field_range(dataset, 0, &low, &high));
    CHECK(low == -3 && high == 20);
    CHECK_OK(gan_dataset_shape(dataset, &count, &height, &width, &channels));
    CHECK(count == 2 && height == 2 && width == 3 && channels == 2);
    gan_dataset_destroy(dataset);
    released = 0;
    CHECK_FAILS(gan_dataset_create_values(values, 2, axes, 4, 0, 1, NULL, count_release, NULL, &out), GAN_E_BAD_DATA, "outside 0 … 1");
    CHECK_FAILS(gan_dataset_create_values(values, 2, axes, 4, 0, -1, NULL, count_release, NULL, &out), GAN_E_OUT_OF_RANGE, "greater");
    CHECK_FAILS(gan_dataset_create_values(values, 2, axes, 0, 0, 0, NULL, count_release, NULL, &out), GAN_E_INVALID_ARGUMENT, "rank");
    CHECK_FAILS(gan_dataset_create_values(values, 2, axes, 6, 0, 0, NULL, count_release, NULL, &out), GAN_E_INVALID_ARGUMENT, "rank");
    CHECK_FAILS(gan_dataset_create_values(values, 2, bad, 2, 0, 0, NULL, count_release, NULL, &out), GAN_E_INVALID_ARGUMENT, "axes");
    CHECK_FAILS(gan_dataset_create_values(values, 2, huge, 3, 0, 0, NULL, count_release, NULL, &out), GAN_E_OUT_OF_RANGE, "");
    CHECK_FAILS(gan_dataset_create_values(values, 2, NULL, 3, 0, 0, NULL, count_release, NULL, &out), GAN_E_INVALID_ARGUMENT, "axes");
    CHECK_FAILS(gan_dataset_create_values(NULL, 2, axes, 4, 0, 0, NULL, count_release, NULL, &out), GAN_E_INVALID_ARGUMENT, "values");
    CHECK_FAILS(gan_dataset_create_values(values, 2, axes, 4, 0, 0, "\n", count_release, NULL, &out), GAN_E_INVALID_ARGUMENT, "name");
    CHECK(released == 0 && out == POISON);
}

static void tags_are_learnt_and_asked_for(void) {
    gan_dataset *dataset = tagged(), *plain = images(IMAGES);
    gan_options *options = small_options(1);
    gan_trainer *trainer = NULL;
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    static float unset[4 * PIXELS], both[4 * PIXELS], none[4 * PIXELS];
    static const float rows[6] = {1, 1, 0, 0, 0, 0}, wrong[3] = {1, 2, 0};
    const char *path = scratch("tags.safetensors");
    int32_t width = 0, classes = 0;
    char text[64];
    CHECK_OK(gan_options_set(options, "condition", "tags"));
    CHECK_FAILS(gan_trainer_create(options, plain, &trainer), GAN_E_MISMATCH, "metadata.csv");
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    CHECK_OK(gan_trainer_step(trainer, 5));
    CHECK_OK(gan_trainer_save(trainer, path));
    CHECK_OK(gan_generator_load(path, &generator));
    CHECK_OK(gan_generator_input_kind(generator, 1, text, sizeof text, NULL));
    CHECK_TEXT(text, "tags");
    CHECK_OK(gan_generator_input_width(generator, 1, &width));
    CHECK_OK(gan_generator_input_classes(generator, 1, &classes));
    CHECK(width == 3 && classes == 3);
    CHECK_OK(gan_generator_input_class_name(generator, 1, 1, text, sizeof text, NULL));
    CHECK_TEXT(text, "glasses");
    CHECK_OK(gan_sampler_create(generator, NULL, &sampler));
    CHECK_OK(gan_sampler_draw(sampler, 7, 0, 4, unset, 4 * PIXELS));
    CHECK_OK(gan_sampler_set(sampler, "tags", "smile,glasses"));
    CHECK_OK(gan_sampler_draw(sampler, 7, 0, 4, both, 4 * PIXELS));
    CHECK_OK(gan_sampler_set(sampler, "tags", "none"));
    CHECK_OK(gan_sampler_draw(sampler, 7, 0, 4, none, 4 * PIXELS));
    CHECK(memcmp(both, none, sizeof both) != 0);
    CHECK_OK(gan_sampler_set_values(sampler, "tags", rows, 6));
    CHECK_OK(gan_sampler_draw(sampler, 7, 0, 4, unset, 4 * PIXELS));
    CHECK(memcmp(unset, both, PIXELS * sizeof *both) == 0 && memcmp(unset + PIXELS, none + PIXELS, PIXELS * sizeof *both) == 0);
    CHECK_FAILS(gan_sampler_set(sampler, "tags", "smile,glases"), GAN_E_UNKNOWN_NAME, "'glasses'");
    CHECK_FAILS(gan_sampler_set(sampler, "label", "1"), GAN_E_UNKNOWN_NAME, "'tags'");
    CHECK_FAILS(gan_sampler_set_values(sampler, "tags", wrong, 3), GAN_E_OUT_OF_RANGE, "0 to 1");
    CHECK_FAILS(gan_sampler_set_values(sampler, "tags", rows, 4), GAN_E_OUT_OF_RANGE, "rows of 3");
    gan_trainer_destroy(trainer);
    trainer = NULL;
    CHECK_FAILS(gan_trainer_load(path, NULL, plain, &trainer), GAN_E_MISMATCH, "3 tags");
    CHECK_OK(gan_trainer_load(path, NULL, dataset, &trainer));
    gan_trainer_destroy(trainer);
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
    gan_options_destroy(options);
    gan_dataset_destroy(dataset);
    gan_dataset_destroy(plain);
}

/* Characters by tags: the recipe's own networks, what it says of its data, and what is drawn. */
static void characters_are_made_by_tags(void) {
    enum { SIDE = 16, PIXELS_OF_FACES = SIDE * SIDE * 3, FACES = 40 };
    static uint8_t pixels[FACES * PIXELS_OF_FACES], flags[FACES * 3];
    static float unset[4 * PIXELS_OF_FACES], both[4 * PIXELS_OF_FACES], none[4 * PIXELS_OF_FACES];
    static const char *const small[][2] = {
        {"recipe", "tags"}, {"generator.channels", "4"}, {"discriminator.channels", "4"}, {"generator.blocks", "1"}, {"batch-size", "10"}, {"latent.size", "6"}};
    gan_dataset *plain = NULL, *dataset = NULL, *thin = NULL, *faces = NULL;
    gan_options *options = NULL;
    gan_trainer *trainer = NULL;
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    const char *path = scratch("characters.safetensors");
    double real = 0, fake = 0;
    char text[64];
    size_t i;
    for (i = 0; i < sizeof flags; i++) flags[i] = i / 3 >> i % 3 & 1;
    for (i = 0; i < sizeof pixels; i++) pixels[i] = (uint8_t)(flags[i / PIXELS_OF_FACES * 3 + i % 3] ? 220 : 30);
    CHECK_OK(gan_dataset_create_bytes(pixels, FACES, SIDE, SIDE, 3, NULL, 0, NULL, NULL, &plain));
    CHECK_OK(gan_dataset_add_tags(plain, NULL, flags, "blue-hair\nglasses\nhat", &dataset));
    CHECK_OK(gan_options_create(&options));
    for (i = 0; i < sizeof small / sizeof *small; i++) CHECK_OK(gan_options_set(options, small[i][0], small[i][1]));
    CHECK_FAILS(gan_trainer_create(options, plain, &trainer), GAN_E_MISMATCH, "the columns file_name and tags");
    CHECK_OK(gan_dataset_create_bytes(pixels, FACES, 7, 7, 3, NULL, 0, NULL, NULL, &thin));
    CHECK_OK(gan_dataset_add_tags(thin, NULL, flags, "blue-hair\nglasses\nhat", &faces));
    CHECK_FAILS(gan_trainer_create(options, faces, &trainer), GAN_E_OUT_OF_RANGE, "data.fit");
    CHECK_OK(gan_options_set(options, "levels", "3"));
    CHECK_FAILS(gan_trainer_create(options, dataset, &trainer), GAN_E_OUT_OF_RANGE, "take 0 to 2");
    CHECK_OK(gan_options_set(options, "levels", "0"));
    CHECK_OK(gan_options_set(options, "discriminator.norm", "batch"));
    CHECK_FAILS(gan_trainer_create(options, dataset, &trainer), GAN_E_OUT_OF_RANGE, "dragan");
    CHECK_OK(gan_options_set(options, "discriminator.norm", "none"));
    CHECK_OK(gan_options_set(options, "tags.weight", "0"));
    CHECK_OK(gan_options_set(options, "tags.judged", "false"));
    CHECK_FAILS(gan_trainer_create(options, dataset, &trainer), GAN_E_OUT_OF_RANGE, "nothing asks");
    CHECK_OK(gan_options_set(options, "tags.weight", "1"));
    CHECK_OK(gan_options_set(options, "tags.judged", "true"));
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    CHECK_OK(gan_trainer_step(trainer, 6));
    CHECK_OK(gan_trainer_metric(trainer, "tags.real", &real));
    CHECK_OK(gan_trainer_metric(trainer, "tags.fake", &fake));
    CHECK(real > 0 && real < 5 && fake > 0 && fake < 5);
    CHECK_OK(gan_trainer_save(trainer, path));
    CHECK_OK(gan_generator_load(path, &generator));
    CHECK_OK(gan_generator_input_class_name(generator, 1, 0, text, sizeof text, NULL));
    CHECK_TEXT(text, "blue-hair");
    CHECK_OK(gan_sampler_create(generator, NULL, &sampler));
    CHECK_OK(gan_sampler_draw(sampler, 7, 0, 4, unset, 4 * PIXELS_OF_FACES));
    CHECK_OK(gan_sampler_set(sampler, "tags", "blue-hair,glasses"));
    CHECK_OK(gan_sampler_draw(sampler, 7, 0, 4, both, 4 * PIXELS_OF_FACES));
    CHECK_OK(gan_sampler_set(sampler, "tags", "none"));
    CHECK_OK(gan_sampler_draw(sampler, 7, 0, 4, none, 4 * PIXELS_OF_FACES));
    CHECK(memcmp(both, none, sizeof both) != 0 && memcmp(both, unset, sizeof both) != 0);
    CHECK_FAILS(gan_sampler_set(sampler, "tags", "blue-hare"), GAN_E_UNKNOWN_NAME, "'blue-hair'");
    CHECK_FAILS(gan_sampler_set(sampler, "tags", "moustache,hat"), GAN_E_UNKNOWN_NAME, "moustache");
    gan_trainer_destroy(trainer);
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
    gan_options_destroy(options);
    gan_dataset_destroy(dataset), gan_dataset_destroy(plain), gan_dataset_destroy(thin), gan_dataset_destroy(faces);
}

static void texts_are_learnt_and_asked_for(void) {
    static const char *const both[2] = {"red", "a gr\xc3\xbcn one"};
    static float unset[4 * PIXELS], asked[4 * PIXELS], other[4 * PIXELS];
    static char texts[IMAGES * 16];
    gan_dataset *plain = images(IMAGES), *dataset = NULL;
    gan_options *options = small_options(1);
    gan_trainer *trainer = NULL;
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    float rows[11] = {0}, wrong[11] = {100};
    const char *path = scratch("texts.safetensors");
    size_t size = 0;
    int32_t width = 0, classes = 1;
    int item;
    char text[64];
    for (item = 0; item < IMAGES; item++) {
        memcpy(texts + size, both[item % 2], strlen(both[item % 2]) + 1);
        size += strlen(both[item % 2]) + 1;
    }
    CHECK_OK(gan_options_set(options, "recipe", "text-to-image"));
    CHECK_FAILS(gan_trainer_create(options, plain, &trainer), GAN_E_MISMATCH, "metadata.csv");
    CHECK_OK(gan_dataset_add_texts(plain, NULL, texts, size, 0, &dataset));
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    CHECK_OK(gan_trainer_step(trainer, 5));
    CHECK_OK(gan_trainer_save(trainer, path));
    CHECK_OK(gan_generator_load(path, &generator));
    CHECK_OK(gan_generator_input_kind(generator, 1, text, sizeof text, NULL));
    CHECK_TEXT(text, "text");
    CHECK_OK(gan_generator_input_width(generator, 1, &width));
    CHECK_OK(gan_generator_input_classes(generator, 1, &classes));
    CHECK(width == 10 && classes == 0);
    CHECK_OK(gan_sampler_create(generator, NULL, &sampler));
    CHECK_OK(gan_sampler_draw(sampler, 7, 0, 4, unset, 4 * PIXELS));
    /* What nobody sets is some of the data's: of the first item, first. */
    CHECK_OK(gan_sampler_set(sampler, "text", "red"));
    CHECK_OK(gan_sampler_draw(sampler, 7, 0, 4, asked, 4 * PIXELS));
    CHECK(memcmp(unset, asked, PIXELS * sizeof *asked) == 0);
    CHECK_OK(gan_sampler_set(sampler, "text", "a gr\xc3\xbcn one\nred"));
    CHECK_OK(gan_sampler_draw(sampler, 7, 0, 4, other, 4 * PIXELS));
    CHECK(memcmp(other, asked, PIXELS * sizeof *asked) != 0 && memcmp(other + PIXELS, asked + PIXELS, PIXELS * sizeof *asked) == 0);
    CHECK_FAILS(gan_sampler_set(sampler, "text", "a red one, or two"), GAN_E_OUT_OF_RANGE, "at most 10");
    CHECK_FAILS(gan_sampler_set(sampler, "text", "\xff"), GAN_E_INVALID_ARGUMENT, "UTF-8");
    CHECK_OK(gan_sampler_set_values(sampler, "text", rows, 10));
    CHECK_FAILS(gan_sampler_set_values(sampler, "text", rows, 11), GAN_E_OUT_OF_RANGE, "rows of 10");
    CHECK_FAILS(gan_sampler_set_values(sampler, "text", wrong, 10), GAN_E_OUT_OF_RANGE, "whole numbers");
    gan_trainer_destroy(trainer);
    trainer = NULL;
    CHECK_FAILS(gan_trainer_load(path, NULL, plain, &trainer), GAN_E_MISMATCH, "10 characters");
    CHECK_OK(gan_trainer_load(path, NULL, dataset, &trainer));
    gan_trainer_destroy(trainer);
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
    gan_options_destroy(options);
    gan_dataset_destroy(dataset);
    gan_dataset_destroy(plain);
}

int main(void) {

    RUN(fields_are_listed);
    RUN(columns_that_cannot_be_are_refused);
    RUN(datasets_are_combined);
    RUN(what_is_shared_is_released_once);
    RUN(values_of_any_rank);
    RUN(tags_are_learnt_and_asked_for);
    RUN(characters_are_made_by_tags);
    RUN(texts_are_learnt_and_asked_for);
    return FINISH("fields");
}
