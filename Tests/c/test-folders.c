/* test-folders: folders as people have them: a sub-folder for each class, names of any bytes, what other programs left. */
#include "check.h"

static void make_folder(const char *name) { CHECK(mkdir(scratch(name), 0777) == 0 || errno == EEXIST); }

/* A picture of 2 × 2 pixels of one value. */
static void put(const char *name, uint8_t value) {
    uint8_t pixels[4];
    memset(pixels, value, sizeof pixels);
    CHECK_OK(gan_image_write_png(pixels, 1, 2, 2, 1, 1, 0, 1, scratch(name)));
}

static void has_class(const gan_dataset *dataset, int32_t index, const char *expected) {
    char name[64];
    size_t size = 0, length = strlen(expected) + 1;
    CHECK_OK(gan_dataset_class_name(dataset, index, NULL, 0, &size));
    CHECK(size == length);
    memset(name, 77, sizeof name);
    CHECK_OK(gan_dataset_class_name(dataset, index, name, length, NULL));
    CHECK_TEXT(name, expected);
    CHECK(name[length] == 77);
}

static void a_sub_folder_is_a_class(void) {
    gan_dataset *dataset = NULL;
    int64_t count = 0;
    int32_t height = 0, width = 0, channels = 0, classes = 0, labels[5] = {7, 7, 7, 7, 7};
    float values[5 * 4];
    make_folder("animals");
    make_folder("animals/dogs");
    make_folder("animals/dogs/old");
    make_folder("animals/cats");
    make_folder("animals/.git");
    make_folder("animals/empty");
    put("animals/dogs/a.png", 30);
    put("animals/dogs/old/0.png", 40);
    put("animals/cats/b.PNG", 20);
    put("animals/cats/a.png", 10);
    put("animals/.git/a.png", 99);
    write_file(scratch("animals/cats/Thumbs.db"), "no picture", 10);
    write_file(scratch("animals/.DS_Store"), "no picture", 10);
    CHECK_OK(gan_dataset_open(scratch("animals"), NULL, &dataset));
    CHECK_OK(gan_dataset_shape(dataset, &count, &height, &width, &channels));
    CHECK(count == 4 && height == 2 && width == 2 && channels == 1);
    CHECK_OK(gan_dataset_classes(dataset, &classes));
    CHECK(classes == 2);
    CHECK_OK(gan_dataset_read_labels(dataset, 0, 4, labels, 5));
    CHECK(labels[0] == 0 && labels[1] == 0 && labels[2] == 1 && labels[3] == 1);
    CHECK_OK(gan_dataset_read(dataset, 0, 4, values, 16));
    CHECK(values[0] * 255 > 9.5f && values[0] * 255 < 10.5f && values[12] * 255 > 39.5f);
    has_class(dataset, 0, "cats");
    has_class(dataset, 1, "dogs");
    gan_dataset_destroy(dataset);
}

static void a_class_without_a_name_is_called_by_its_number(void) {
    uint8_t pixels[12] = {0};
    int32_t labels[3] = {0, 11, 3};
    gan_dataset *dataset = NULL;
    CHECK_OK(gan_dataset_create_bytes(pixels, 3, 2, 2, 1, labels, 0, NULL, NULL, &dataset));
    has_class(dataset, 0, "0");
    has_class(dataset, 11, "11");
    gan_dataset_destroy(dataset);
}

static void class_names_are_asked_for_with_care(void) {
    uint8_t pixels[4] = {0};
    int32_t label = 0;
    char name[8] = "abc";
    size_t size = 55;
    gan_dataset *labelled = NULL, *plain = NULL;
    CHECK_OK(gan_dataset_create_bytes(pixels, 1, 2, 2, 1, &label, 12, NULL, NULL, &labelled));
    CHECK_OK(gan_dataset_create_bytes(pixels, 1, 2, 2, 1, NULL, 0, NULL, NULL, &plain));
    CHECK_FAILS(gan_dataset_class_name(NULL, 0, name, 8, &size), GAN_E_INVALID_ARGUMENT, "dataset");
    CHECK_FAILS(gan_dataset_class_name(labelled, -1, name, 8, &size), GAN_E_INVALID_ARGUMENT, "0 to 11");
    CHECK_FAILS(gan_dataset_class_name(labelled, 12, name, 8, &size), GAN_E_INVALID_ARGUMENT, "0 to 11");
    CHECK_FAILS(gan_dataset_class_name(labelled, INT32_MIN, name, 8, &size), GAN_E_INVALID_ARGUMENT, "0 to 11");
    CHECK_FAILS(gan_dataset_class_name(plain, 0, name, 8, &size), GAN_E_INVALID_ARGUMENT, "no labels");
    CHECK_FAILS(gan_dataset_class_name(labelled, 11, NULL, 8, &size), GAN_E_INVALID_ARGUMENT, "buffer");
    CHECK_FAILS(gan_dataset_class_name(labelled, 11, NULL, 0, NULL), GAN_E_INVALID_ARGUMENT, "size");
    CHECK(size == 55);
    CHECK_FAILS(gan_dataset_class_name(labelled, 11, name, 2, &size), GAN_E_BUFFER_TOO_SMALL, "3");
    CHECK(size == 3);
    CHECK_TEXT(name, "abc");
    gan_dataset_destroy(labelled);
    CHECK_FAILS(gan_dataset_class_name(labelled, 0, name, 8, &size), GAN_E_INVALID_HANDLE, "dataset");
    gan_dataset_destroy(plain);
}

static void names_are_bytes(void) {
    gan_dataset *dataset = NULL;
    int64_t count = 0;
    int32_t height = 0, width = 0, channels = 0;
    make_folder("latin");
    make_folder("latin/caf\xe9");
    put("picture", 50);
    CHECK(rename(scratch("picture"), scratch("latin/caf\xe9/\xe9t\xe9.png")) == 0);
    CHECK_OK(gan_dataset_open(scratch("latin"), NULL, &dataset));
    CHECK_OK(gan_dataset_shape(dataset, &count, &height, &width, &channels));
    CHECK(count == 1);
    has_class(dataset, 0, "caf\\xE9");
    gan_dataset_destroy(dataset);
    dataset = NULL;
    CHECK_OK(gan_dataset_open(scratch("latin/caf\xe9"), NULL, &dataset));
    gan_dataset_destroy(dataset);
    dataset = NULL;
    CHECK_OK(gan_dataset_open(scratch("latin/caf\xe9/\xe9t\xe9.png"), NULL, &dataset));
    gan_dataset_destroy(dataset);
    dataset = POISON;
    CHECK_FAILS(gan_dataset_open(scratch("latin/th\xe9"), NULL, &dataset), GAN_E_NOT_FOUND, "th\\xE9");
    CHECK(dataset == POISON);
}

static void what_is_there_is_told(void) {
    gan_dataset *dataset = POISON;
    char name[64];
    int i;
    make_folder("webp");
    for (i = 0; i < 20; i++) {
        snprintf(name, sizeof name, "webp/%d.webp", i);
        write_file(scratch(name), "RIFF", 4);
    }
    CHECK_FAILS(gan_dataset_open(scratch("webp"), NULL, &dataset), GAN_E_NOT_FOUND, "20 WEBP files");
    CHECK(strstr(gan_error_message(), "convert them to PNG or JPEG") != NULL);
    make_folder("covered");
    make_folder("covered/faces");
    put("covered/cover.png", 1);
    for (i = 0; i < 20; i++) {
        snprintf(name, sizeof name, "covered/faces/%02d.png", i);
        put(name, (uint8_t)i);
    }
    CHECK_FAILS(gan_dataset_open(scratch("covered"), NULL, &dataset), GAN_E_MISMATCH, "1 picture itself and 20 pictures in sub-folders");
    CHECK(strstr(gan_error_message(), "covered/faces\"") != NULL && dataset == POISON);
}

int main(void) {
    RUN(a_sub_folder_is_a_class);
    RUN(a_class_without_a_name_is_called_by_its_number);
    RUN(class_names_are_asked_for_with_care);
    RUN(names_are_bytes);
    RUN(what_is_there_is_told);
    return FINISH("folders");
}
