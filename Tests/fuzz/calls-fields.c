/* Calls about the fields of data sets, and data sets made of others. */
#include "handles.h"

enum { MOST = 4096 };

static const char *names(void) {
    static const char *const some[] = {"a", "a\nb", "a\nb\nc", "smile\nglasses", "\n\n", "", "x\nx", "a,b", "a\nb\n", "1\n2\n3\n4\n5"};
    return chance(85) ? some[one_of(COUNT_OF(some))] : hostile_text();
}

static const char *field_name(void) {
    static const char *const some[] = {"tags", "label", "image", "text", "a", "b.c", "source", "more"};
    return chance(20) ? NULL : chance(80) ? some[one_of(COUNT_OF(some))] : hostile_text();
}

/* How many lines a list of names has, as the library counts them. */
static int64_t lines(const char *text) {
    int64_t count = 0;
    size_t length = text == NULL ? 0 : strlen(text);
    const char *at;
    if (length == 0) return 0;
    for (at = text; at < text + length; at++) count += *at == '\n';
    return count + (text[length - 1] != '\n');
}

static int64_t items_of(Choice of) {
    int64_t count = -7;
    int32_t height, width, channels;
    return CALL(gan_dataset_shape, of.handle, &count, &height, &width, &channels) == GAN_OK ? count : -1;
}

static void add_a_column(void) {
    static const int32_t labels[MOST] = {0, 1, 2, 1};
    static const uint8_t tags[MOST] = {1, 0, 0, 1, 255};
    Choice of = choose(DATASET);
    int64_t count = items_of(of);
    const char *list = names(), *name = field_name();
    void *made = UNTOUCHED;
    int32_t status;
    int is_small = count >= 1 && count <= MOST;
    switch (one_of(3)) {
    case 0:
        status = CALL(gan_dataset_add_labels, of.handle, name, is_small ? labels : NULL, chance(70) ? 0 : hostile_int32(), chance(50) ? NULL : list,
                      (gan_dataset **)&made);
        break;
    case 1:
        is_small = is_small && count * lines(list) <= MOST;
        status = CALL(gan_dataset_add_tags, of.handle, name, is_small ? tags : NULL, list, (gan_dataset **)&made);
        break;
    default: {
        /* As many texts of nothing, or nearly, with something in front. */
        Buffer buffer = buffer_of((size_t)(is_small ? count : 3) + (size_t)one_of(3));
        size_t size = buffer.capacity;
        memset(buffer.bytes, 0, buffer.capacity);
        if (size > 0 && chance(50)) buffer.bytes[0] = (uint8_t)one_of(256);
        status = CALL(gan_dataset_add_texts, of.handle, name, chance(95) ? (const void *)buffer.bytes : NULL,
                      chance(97) ? size : SIZE_MAX - (size_t)one_of(9), chance(60) ? 0 : hostile_int32(), (gan_dataset **)&made);
        free_buffer(&buffer);
    }
    }
    judge_choice("gan_dataset_add_…", of, status);
    keep_made(DATASET, status, &made, 1, NULL, !is_small);
}

static void make_values(void) {
    static float values[MOST];
    int64_t axes[6] = {1, 2, 3, 1, 2, 1}, count = 1 + one_of(40), size = 1;
    int32_t rank = chance(90) ? 1 + (int32_t)one_of(5) : hostile_int32() % 8, i;
    void *made = UNTOUCHED;
    float low = chance(70) ? 0 : (float)hostile_real(), high = chance(70) ? low : (float)hostile_real();
    Source *source = new_source(1);
    int is_borrowed = chance(50), is_bad = chance(15);
    int32_t status;
    if (source == NULL) return;
    for (i = 0; i < 6; i++) {
        if (chance(40)) axes[i] = 1 + one_of(3);
        if (i < rank) size *= axes[i];
    }
    if (is_bad) axes[one_of(6)] = chance(50) ? INT64_MAX : -one_of(3);
    if (size * count > MOST) count = 1; /* 3 to the fifth are fewer */
    if (is_bad && chance(30)) count = chance(50) ? -1 : INT64_MAX; /* with an axis that is none either */
    status = CALL(gan_dataset_create_values, chance(97) ? values : NULL, count, chance(97) ? axes : NULL, rank, low, high, field_name(),
                  is_borrowed ? release_source : NULL, source, (gan_dataset **)&made);
    source->is_expected = status == GAN_OK && is_borrowed;
    keep_made(DATASET, status, &made, 1, NULL, 0);
}

static void combine_some(void) {
    gan_dataset *all[4];
    int32_t count = chance(90) ? 1 + (int32_t)one_of(4) : hostile_int32(), i;
    int are_good = 1;
    void *made = UNTOUCHED;
    int32_t status;
    if (count > 4 && count <= 64) count = 65; /* more than there are would be read */
    for (i = 0; i < 4; i++) {
        Choice of = choose(DATASET);
        all[i] = of.handle;
        if (i < count && !of.is_good) are_good = 0;
    }
    status = CALL(gan_dataset_combine, chance(97) ? (const gan_dataset *const *)all : NULL, count, chance(20) ? NULL : names(),
                  chance(90) ? (int32_t)one_of(2) : hostile_int32(), (gan_dataset **)&made);
    if (status == GAN_OK && !are_good) FAULT("gan_dataset_combine accepted a handle that is none");
    keep_made(DATASET, status, &made, 1, NULL, 1);
}

static int32_t text_of_name(const void *handle, const char *name, int64_t index, int64_t number, char *buffer, size_t capacity, size_t *size) {
    (void)name, (void)number;
    return gan_dataset_field_name(handle, (int32_t)index, buffer, capacity, size);
}

static int32_t text_of_kind(const void *handle, const char *name, int64_t index, int64_t number, char *buffer, size_t capacity, size_t *size) {
    (void)name, (void)number;
    return gan_dataset_field_kind(handle, (int32_t)index, buffer, capacity, size);
}

static int32_t text_of_class(const void *handle, const char *name, int64_t index, int64_t number, char *buffer, size_t capacity, size_t *size) {
    (void)name;
    return gan_dataset_field_class_name(handle, (int32_t)index, (int32_t)number, buffer, capacity, size);
}

static int32_t text_of_item(const void *handle, const char *name, int64_t index, int64_t number, char *buffer, size_t capacity, size_t *size) {
    (void)name;
    return gan_dataset_field_text(handle, (int32_t)index, number, buffer, capacity, size);
}

static void read_fields(void) {
    Choice of = choose(DATASET);
    int32_t count = -7, index = chance(80) ? (int32_t)one_of(4) : hostile_int32(), classes = -7, status;
    int64_t items = -7, shape[5] = {-7, -7, -7, -7, -7}, first, number;
    size_t rank = 77, i, room = chance(80) ? 5 : (size_t)one_of(5);
    float low = -7, high = -7;
    Buffer buffer;
    status = CALL(gan_dataset_field_count, of.handle, chance(97) ? &count : NULL);
    judge_choice("gan_dataset_field_count", of, status);
    if (status == GAN_OK) DEMAND(count >= 1);
    ask_text("gan_dataset_field_name", text_of_name, of, NULL, index, 0);
    ask_text("gan_dataset_field_kind", text_of_kind, of, NULL, index, 0);
    ask_text("gan_dataset_field_class_name", text_of_class, of, NULL, index, chance(70) ? one_of(4) : hostile_int32());
    ask_text("gan_dataset_field_text", text_of_item, of, NULL, index, chance(70) ? one_of(4) : hostile_integer());
    status = CALL(gan_dataset_field_shape, of.handle, index, chance(90) ? shape : NULL, room, &rank);
    judge_choice("gan_dataset_field_shape", of, status);
    if (status == GAN_OK) DEMAND(rank <= 5);
    for (i = room; i < 5; i++) DEMAND(shape[i] == -7);
    status = CALL(gan_dataset_field_items, of.handle, index, chance(97) ? &items : NULL);
    judge_choice("gan_dataset_field_items", of, status);
    if (status == GAN_OK) DEMAND(items >= 1);
    else DEMAND(items == -7);
    status = CALL(gan_dataset_field_range, of.handle, index, &low, chance(97) ? &high : NULL);
    judge_choice("gan_dataset_field_range", of, status);
    if (status == GAN_OK) DEMAND(low <= high);
    else DEMAND(low == -7 && high == -7);
    status = CALL(gan_dataset_field_classes, of.handle, index, chance(97) ? &classes : NULL);
    judge_choice("gan_dataset_field_classes", of, status);
    if (status == GAN_OK) DEMAND(classes >= 0);
    first = chance(75) ? one_of(items > 0 ? items : 5) : hostile_integer();
    number = chance(75) ? one_of(5) : hostile_integer();
    buffer = buffer_of((size_t)one_of(6000) * 4);
    status = CALL(gan_dataset_field_read, of.handle, index, first, number, (float *)(void *)buffer.bytes, buffer.capacity / 4);
    judge_choice("gan_dataset_field_read", of, status);
    if (status == GAN_OK && items > 0) DEMAND(first >= 0 && number >= 0 && number <= items && first <= items - number);
    free_buffer(&buffer);
}

void call_about_fields(void) {
    switch (one_of(6)) {
    case 0: make_values(); break;
    case 1:
    case 2: add_a_column(); break;
    case 3: combine_some(); break;
    default: read_fields();
    }
}
