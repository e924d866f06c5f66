/* Calls about tables: comma-separated values that are well formed or spoilt, columns, and rows that meet conditions. */
#include "handles.h"

/* A table of a few rows, of which some bytes may be others. */
static Bytes some_table(void) {
    static const char *const words[] = {"a", "b", "\"x, \"\"y\"\"\"", "", "NA", "12", "3.5", "-1e3", "2026-01-31", "2020-02-29 10:30", "007", "\xff", "\"\n\"", "1e999"};
    static char text[6000];
    int columns = 1 + (int)one_of(4), rows = (int)one_of(chance(80) ? 60 : 5), row, column;
    size_t size = 0;
    for (column = 0; column < columns; column++) size += (size_t)snprintf(text + size, sizeof text - size, "%s%c", column ? "," : "", 'p' + column);
    text[size++] = '\n';
    for (row = 0; row < rows; row++) {
        for (column = 0; column < columns; column++) {
            const char *word = words[chance(90) ? (column * 3 + (int)one_of(2)) % 10 : (int)one_of(COUNT_OF(words))];
            size += (size_t)snprintf(text + size, sizeof text - size, "%s%s", column ? "," : "", word);
        }
        text[size++] = chance(97) ? '\n' : '\r';
    }
    {
        Bytes whole;
        whole.bytes = malloc(size + 1), whole.size = size;
        if (whole.bytes == NULL) {
            whole.size = 0;
            return whole;
        }
        memcpy(whole.bytes, text, size);
        if (chance(20)) {
            Bytes other = mutated(whole);
            free(whole.bytes);
            return other;
        }
        return whole;
    }
}

static void make_a_table(void) {
    Bytes table = some_table();
    Choice options = choose(OPTIONS);
    int is_without = chance(70);
    void *made = UNTOUCHED;
    int32_t status = CALL(gan_dataset_create_table, chance(97) ? table.bytes : NULL, chance(98) ? table.size : SIZE_MAX - (size_t)one_of(9),
                          is_without ? NULL : options.handle, (gan_dataset **)&made);
    free(table.bytes);
    keep_made(DATASET, status, &made, is_without || options.handle == NULL || options.is_good, NULL, 1);
}

/* A generator of rows, which chance would make too seldom. */
static void make_a_generator_of_rows(void) {
    static const char *const settings[][2] = {{"batch-size", "10"}, {"generator.hidden", "5"}, {"discriminator.hidden", "4"}, {"latent.size", "3"}};
    Bytes table = some_table();
    gan_options *options = NULL;
    gan_dataset *dataset = NULL;
    gan_trainer *trainer = NULL;
    void *made = UNTOUCHED;
    size_t i;
    int32_t status = CALL(gan_options_create, &options);
    for (i = 0; status == GAN_OK && i < COUNT_OF(settings); i++) status = CALL(gan_options_set, options, settings[i][0], settings[i][1]);
    if (status == GAN_OK) status = CALL(gan_dataset_create_table, table.bytes, table.size, options, &dataset);
    if (status == GAN_OK) status = CALL(gan_trainer_create, options, dataset, &trainer);
    if (status == GAN_OK) status = CALL(gan_trainer_step, trainer, 1 + one_of(3));
    if (status == GAN_OK) keep_generator(CALL(gan_trainer_generator, trainer, (gan_generator **)&made), &made, 1, 0);
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
    free(table.bytes);
}

static int32_t text_of_name(const void *handle, const char *name, int64_t index, int64_t number, char *buffer, size_t capacity, size_t *size) {
    (void)name, (void)number;
    return gan_generator_column_name(handle, (int32_t)index, buffer, capacity, size);
}

static int32_t text_of_kind(const void *handle, const char *name, int64_t index, int64_t number, char *buffer, size_t capacity, size_t *size) {
    (void)name, (void)number;
    return gan_generator_column_kind(handle, (int32_t)index, buffer, capacity, size);
}

static int32_t text_of_cell(const void *handle, const char *name, int64_t index, int64_t number, char *buffer, size_t capacity, size_t *size) {
    double cell = (double)number;
    (void)name;
    if (number % 7 == 5) cell = (double)NAN;
    if (number % 7 == 6) cell = number > 0 ? 1e300 : -(double)INFINITY;
    return gan_generator_column_text(handle, (int32_t)index, cell, buffer, capacity, size);
}

static void look_at_columns(void) {
    Choice of = choose(GENERATOR);
    int32_t count = -7, index = chance(80) ? (int32_t)one_of(5) : hostile_int32(), status;
    status = CALL(gan_generator_column_count, of.handle, chance(97) ? &count : NULL);
    judge_choice("gan_generator_column_count", of, status);
    if (status == GAN_OK) DEMAND(count >= 1);
    ask_text("gan_generator_column_name", text_of_name, of, NULL, index, 0);
    ask_text("gan_generator_column_kind", text_of_kind, of, NULL, index, 0);
    ask_text("gan_generator_column_text", text_of_cell, of, NULL, index, chance(70) ? one_of(9) : hostile_integer());
    status = CALL(gan_generator_column_categories, of.handle, index, chance(97) ? &count : NULL);
    judge_choice("gan_generator_column_categories", of, status);
    if (status == GAN_OK) DEMAND(count >= 0);
}

static void draw_rows(void) {
    static const char *const conditions[] = {"p=a", "p!=b", "q>=3", "q<2", "s=2026-01-31", "p=", "p=a\nq=12", "", "r", "=", "p==", "z=1", "p>a"};
    Choice of = choose(SAMPLER);
    Buffer buffer = buffer_of((size_t)one_of(chance(80) ? 2000 : 30) * 8);
    int64_t first = chance(90) ? one_of(100) : hostile_integer(), count = chance(85) ? one_of(6) : hostile_integer();
    int32_t status = CALL(gan_sampler_where, of.handle, chance(90) ? conditions[one_of(COUNT_OF(conditions))] : hostile_text());
    judge_choice("gan_sampler_where", of, status);
    status = CALL(gan_sampler_draw_rows, of.handle, dice(), first, count, chance(97) ? (double *)(void *)buffer.bytes : NULL, buffer.capacity / 8);
    judge_choice("gan_sampler_draw_rows", of, status);
    if (status == GAN_OK) DEMAND(count >= 0 && count <= (int64_t)(buffer.capacity / 8));
    if (count > 1000) count = 3; /* a device would take them, for years */
    status = CALL(gan_sampler_write_csv, of.handle, dice(), first > 1000 ? 7 : first, count, hostile_target());
    judge_choice("gan_sampler_write_csv", of, status);
    free_buffer(&buffer);
}

void call_about_tables(void) {
    switch (one_of(6)) {
    case 0: make_a_table(); break;
    case 1: make_a_generator_of_rows(); break;
    case 2: look_at_columns(); break;
    default: draw_rows();
    }
}
