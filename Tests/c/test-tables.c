/* test-tables: tables by the recipe table: what their columns are, rows that are made of them, conditions, files. */
#include "check.h"

#include <math.h>

/* Rows of which every number tells of the city. */
static char *some_table(size_t *size) {
    static char text[60000];
    static const char *const cities[] = {"Seoul", "Busan", "\"Jeju, \"\"the island\"\"\""};
    int row;
    size_t at = (size_t)sprintf(text, "city,age,height,born,note\n");
    for (row = 0; row < 900; row++) {
        int city = row % 10 < 6 ? 0 : row % 10 < 9 ? 1 : 2;
        at += (size_t)sprintf(text + at, "%s,%d,%d.%d,19%02d-0%d-11,%s\n", cities[city], 20 + 20 * city + row * 7 % 17, 150 + 10 * city + row % 10, row % 7,
                              60 + row % 30, 1 + row % 9, row % 5 == 0 ? "" : row % 2 ? "yes" : "no");
    }
    *size = at;
    return text;
}

static gan_generator *trained(gan_trainer **kept) {
    gan_options *options = NULL;
    gan_dataset *dataset = NULL;
    gan_trainer *trainer = NULL;
    gan_generator *generator = NULL;
    size_t size;
    char *text = some_table(&size);
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_dataset_create_table(text, size, options, &dataset));
    CHECK_OK(gan_options_set(options, "generator.hidden", "32"));
    CHECK_OK(gan_options_set(options, "discriminator.hidden", "32"));
    CHECK_OK(gan_options_set(options, "batch-size", "100"));
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    CHECK_OK(gan_trainer_run(trainer, 40, NULL, NULL));
    CHECK_OK(gan_trainer_generator(trainer, &generator));
    if (kept) *kept = trainer;
    else gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
    return generator;
}

typedef int32_t (*TextOf)(const gan_generator *, int32_t, char *, size_t, size_t *);

static const char *text_of(TextOf read, const gan_generator *generator, int32_t index) {
    static char text[4][64];
    static int turn;
    char *buffer = text[turn++ % 4];
    CHECK_OK(read(generator, index, buffer, 64, NULL));
    return buffer;
}

static const char *cell_text(const gan_generator *generator, int32_t index, double cell) {
    static char text[4][64];
    static int turn;
    char *buffer = text[turn++ % 4];
    CHECK_OK(gan_generator_column_text(generator, index, cell, buffer, 64, NULL));
    return buffer;
}

static void a_table_is_read_and_described(void) {
    gan_trainer *trainer = NULL;
    gan_generator *generator = trained(&trainer), *read = NULL;
    char recipe[32];
    int32_t count = 0;
    CHECK_OK(gan_trainer_option(trainer, "recipe", recipe, sizeof recipe, NULL));
    CHECK(strcmp(recipe, "table") == 0);
    CHECK_OK(gan_trainer_save(trainer, scratch("t.safetensors")));
    gan_trainer_destroy(trainer);
    CHECK_OK(gan_generator_load(scratch("t.safetensors"), &read));
    CHECK_OK(gan_generator_column_count(read, &count));
    CHECK(count == 5);
    CHECK(strcmp(text_of(gan_generator_column_name, read, 0), "city") == 0 && strcmp(text_of(gan_generator_column_kind, read, 0), "category") == 0);
    CHECK(strcmp(text_of(gan_generator_column_kind, read, 1), "integer") == 0 && strcmp(text_of(gan_generator_column_kind, read, 2), "real") == 0);
    CHECK(strcmp(text_of(gan_generator_column_kind, read, 3), "date") == 0);
    CHECK_OK(gan_generator_column_categories(read, 0, &count));
    CHECK(count == 3 && strcmp(cell_text(read, 0, 1), "Jeju, \"the island\"") == 0);
    CHECK_OK(gan_generator_column_categories(read, 1, &count));
    CHECK(count == 0);
    CHECK(strcmp(cell_text(read, 2, 160.25), "160.3") == 0 || strcmp(cell_text(read, 2, 160.25), "160.2") == 0);
    CHECK(strcmp(cell_text(read, 3, 86400.0 * 365), "1971-01-01") == 0);
    CHECK(strcmp(cell_text(read, 4, (double)NAN), "") == 0 && strcmp(cell_text(read, 0, 77), "") == 0);
    CHECK_FAILS(gan_generator_column_name(read, 5, recipe, sizeof recipe, NULL), GAN_E_INVALID_ARGUMENT, "0 … 4");
    CHECK_FAILS(gan_generator_column_name(read, -1, recipe, sizeof recipe, NULL), GAN_E_INVALID_ARGUMENT, "index");
    CHECK_FAILS(gan_generator_column_kind(read, 5, recipe, sizeof recipe, NULL), GAN_E_INVALID_ARGUMENT, "0 … 4");
    gan_generator_destroy(generator);
    gan_generator_destroy(read);
}

static void rows_meet_what_is_asked(void) {
    gan_generator *generator = trained(NULL);
    gan_sampler *sampler = NULL;
    double rows[200 * 5], again[200 * 5];
    int i, missing = 0;
    CHECK_OK(gan_sampler_create(generator, NULL, &sampler));
    CHECK_OK(gan_sampler_draw_rows(sampler, 7, 0, 200, rows, 1000));
    for (i = 0; i < 200; i++) {
        CHECK(rows[5 * i] >= 0 && rows[5 * i] <= 2 && rows[5 * i + 1] >= 20 && rows[5 * i + 1] <= 76 && rows[5 * i + 1] == floor(rows[5 * i + 1]));
        if (isnan(rows[5 * i + 4])) missing++;
    }
    CHECK(missing > 0 && missing < 150);
    for (i = 0; i < 200; i += 50) {
        CHECK_OK(gan_sampler_draw_rows(sampler, 7, i, 50, again, 250));
        CHECK(memcmp(again, rows + 5 * i, 250 * sizeof(double)) == 0);
    }
    CHECK_OK(gan_sampler_where(sampler, "city=Busan\nage>=42"));
    CHECK_OK(gan_sampler_draw_rows(sampler, 7, 0, 60, rows, 1000));
    for (i = 0; i < 60; i++) CHECK(rows[5 * i] == 0 && rows[5 * i + 1] >= 42);
    CHECK_OK(gan_sampler_draw_rows(sampler, 7, 40, 20, again, 100));
    CHECK(memcmp(again, rows + 200, 100 * sizeof(double)) == 0);
    CHECK_OK(gan_sampler_draw_rows(sampler, 7, 3, 20, again, 100));
    CHECK(memcmp(again, rows + 15, 100 * sizeof(double)) == 0);
    CHECK_OK(gan_sampler_where(sampler, "note="));
    CHECK_OK(gan_sampler_draw_rows(sampler, 7, 0, 9, rows, 1000));
    for (i = 0; i < 9; i++) CHECK(isnan(rows[5 * i + 4]));
    CHECK_OK(gan_sampler_where(sampler, "born < 1970-01-01"));
    CHECK_OK(gan_sampler_draw_rows(sampler, 7, 0, 9, rows, 1000));
    for (i = 0; i < 9; i++) CHECK(rows[5 * i + 3] < 0);

    CHECK_FAILS(gan_sampler_where(sampler, "city=Seol"), GAN_E_UNKNOWN_NAME, "\"Seoul\"");
    CHECK_FAILS(gan_sampler_where(sampler, "town=Seoul"), GAN_E_UNKNOWN_NAME, "\"town\"");
    CHECK_FAILS(gan_sampler_where(sampler, "age>100"), GAN_E_OUT_OF_RANGE, "from 20 to 76");
    CHECK_FAILS(gan_sampler_where(sampler, "city=Seoul\ncity=Busan"), GAN_E_OUT_OF_RANGE, "No row");
    CHECK_FAILS(gan_sampler_where(sampler, "age=old"), GAN_E_INVALID_ARGUMENT, "integer");
    CHECK_FAILS(gan_sampler_where(sampler, "city>Seoul"), GAN_E_INVALID_ARGUMENT, "equal");
    CHECK_FAILS(gan_sampler_where(sampler, "city"), GAN_E_INVALID_ARGUMENT, "COLUMN=VALUE");
    CHECK_OK(gan_sampler_where(sampler, "age>=50\nage<50"));
    CHECK_FAILS(gan_sampler_draw_rows(sampler, 7, 0, 200, rows, 1000), GAN_E_OUT_OF_RANGE, "age>=50");
    CHECK_OK(gan_sampler_where(sampler, NULL));
    CHECK_FAILS(gan_sampler_draw_rows(sampler, 7, 0, 200, rows, 999), GAN_E_BUFFER_TOO_SMALL, "cells");
    CHECK_FAILS(gan_sampler_draw_rows(sampler, 7, -1, 2, rows, 1000), GAN_E_INVALID_ARGUMENT, "first");
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
}

static void files_hold_what_is_drawn(void) {
    gan_generator *generator = trained(NULL);
    gan_sampler *sampler = NULL;
    gan_dataset *dataset = NULL;
    double rows[30 * 5];
    char line[512], expected[512];
    FILE *file;
    int i, j;
    int64_t count = 0;
    int32_t height, width, channels;
    CHECK_OK(gan_sampler_create(generator, NULL, &sampler));
    CHECK_OK(gan_sampler_draw_rows(sampler, 3, 5, 30, rows, 150));
    CHECK_OK(gan_sampler_write_csv(sampler, 3, 5, 30, scratch("rows.csv")));
    file = fopen(scratch("rows.csv"), "r");
    CHECK(file != NULL && fgets(line, sizeof line, file) != NULL && strcmp(line, "city,age,height,born,note\n") == 0);
    for (i = 0; file != NULL && i < 30; i++) {
        expected[0] = 0;
        for (j = 0; j < 5; j++) {
            const char *text = cell_text(generator, j, rows[5 * i + j]);
            strcat(expected, strchr(text, ',') ? "\"Jeju, \"\"the island\"\"\"" : text);
            strcat(expected, j < 4 ? "," : "\n");
        }
        CHECK(fgets(line, sizeof line, file) != NULL && strcmp(line, expected) == 0);
    }
    CHECK(file != NULL && fgets(line, sizeof line, file) == NULL);
    if (file) fclose(file);
    CHECK_OK(gan_dataset_open(scratch("rows.csv"), NULL, &dataset));
    CHECK_OK(gan_dataset_shape(dataset, &count, &height, &width, &channels));
    CHECK(count == 30 && height == 1 && channels == 1);
    CHECK_OK(gan_dataset_write(dataset, scratch("again.csv"), NULL));
    gan_dataset_destroy(dataset);
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
}

static void a_training_goes_on_with_its_columns(void) {
    gan_trainer *trainer = NULL, *resumed = NULL;
    gan_generator *generator = trained(&trainer);
    gan_dataset *same = NULL, *other = NULL;
    size_t size;
    char *text = some_table(&size);
    int32_t comparison = 77;
    static const char stranger[] = "city,age,height,born,note\nSeoul,30,160.5,1970-01-11,yes\nIncheon,31,161.5,1971-01-11,no\n";
    CHECK_OK(gan_trainer_save(trainer, scratch("t.safetensors")));
    CHECK_OK(gan_dataset_create_table(text, size, NULL, &same));
    CHECK_OK(gan_trainer_load(scratch("t.safetensors"), NULL, same, &resumed));
    CHECK_OK(gan_trainer_data(resumed, &comparison));
    CHECK(comparison == GAN_DATA_SAME);
    CHECK_OK(gan_trainer_run(resumed, 2, NULL, NULL));
    CHECK_OK(gan_trainer_run(trainer, 2, NULL, NULL));
    CHECK_OK(gan_trainer_save(resumed, scratch("a")));
    CHECK_OK(gan_trainer_save(trainer, scratch("b")));
    {
        FILE *a = fopen(scratch("a"), "rb"), *b = fopen(scratch("b"), "rb");
        int x, y;
        CHECK(a && b);
        do x = a ? fgetc(a) : EOF, y = b ? fgetc(b) : EOF;
        while (x == y && x != EOF);
        CHECK(x == y);
        if (a) fclose(a);
        if (b) fclose(b);
    }
    gan_trainer_destroy(resumed);
    CHECK_OK(gan_dataset_create_table(stranger, strlen(stranger), NULL, &other));
    resumed = NULL;
    CHECK_FAILS(gan_trainer_load(scratch("t.safetensors"), NULL, other, &resumed), GAN_E_MISMATCH, "\"Incheon\"");
    gan_dataset_destroy(other);
    gan_dataset_destroy(same);
    gan_trainer_destroy(trainer);
    gan_generator_destroy(generator);
}

static void what_is_no_table_is_refused(void) {
    gan_dataset *dataset = NULL;
    gan_options *options = NULL;
    CHECK_FAILS(gan_dataset_create_table("a,b\n1,2\n3\n", 10, NULL, &dataset), GAN_E_BAD_FORMAT, "Line 3");
    CHECK_FAILS(gan_dataset_create_table("a,b\n\"1,2\n", 9, NULL, &dataset), GAN_E_TRUNCATED, "Line 2");
    CHECK_FAILS(gan_dataset_create_table("a,b\n\xff,2\n", 8, NULL, &dataset), GAN_E_BAD_FORMAT, "UTF-8");
    CHECK_FAILS(gan_dataset_create_table("", 0, NULL, &dataset), GAN_E_BAD_DATA, "empty");
    CHECK_FAILS(gan_dataset_create_table(NULL, 4, NULL, &dataset), GAN_E_INVALID_ARGUMENT, "text");
    CHECK_FAILS(gan_dataset_open("no-such.csv", NULL, &dataset), GAN_E_NOT_FOUND, "no-such.csv");
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_options_set(options, "table.categorical", "ago"));
    CHECK_FAILS(gan_dataset_create_table("age,b\n1,2\n3,4\n", 14, options, &dataset), GAN_E_UNKNOWN_NAME, "\"age\"");
    gan_options_destroy(options);
    CHECK(dataset == NULL);
}

int main(void) {
    RUN(a_table_is_read_and_described);
    RUN(rows_meet_what_is_asked);
    RUN(files_hold_what_is_drawn);
    RUN(a_training_goes_on_with_its_columns);
    RUN(what_is_no_table_is_refused);
    return FINISH("tables");
}
