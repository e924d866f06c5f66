/* test-files: images from IDX, NPY and PNG files and folders of them, and every way in which a file can be wrong. */
#include "check.h"

#include <math.h>

static const char *data_folder = "examples-c/data";

/* An IDX file of unsigned bytes: [count, height, width] with pixel i = i mod 251, written plain. */
static size_t idx(uint8_t *bytes, uint8_t type, int rank, const uint32_t *sizes, size_t data) {
    size_t at = 4, i;
    int axis;
    bytes[0] = bytes[1] = 0;
    bytes[2] = type;
    bytes[3] = (uint8_t)rank;
    for (axis = 0; axis < rank; axis++) {
        bytes[at++] = (uint8_t)(sizes[axis] >> 24);
        bytes[at++] = (uint8_t)(sizes[axis] >> 16);
        bytes[at++] = (uint8_t)(sizes[axis] >> 8);
        bytes[at++] = (uint8_t)sizes[axis];
    }
    for (i = 0; i < data; i++) bytes[at++] = (uint8_t)(i % 251);
    return at;
}

static const char *idx_file(const char *name, uint8_t type, int rank, uint32_t a, uint32_t b, uint32_t c, size_t data) {
    static uint8_t bytes[1 << 16];
    uint32_t sizes[3];
    const char *path = scratch(name);
    sizes[0] = a;
    sizes[1] = b;
    sizes[2] = c;
    write_file(path, bytes, idx(bytes, type, rank, sizes, data));
    return path;
}

static void run_command(const char *format, const char *a, const char *b) {
    char command[600];
    snprintf(command, sizeof command, format, a, b);
    if (system(command) != 0) CHECK(!"a command of the test failed");
}

/* ------------------------------------------------------------------------------------------ What is right */

static void the_digits_open_by_folder_and_by_file(void) {
    gan_dataset *dataset = NULL;
    int64_t count = 0;
    int32_t height, width, channels, classes = 0, labels[8];
    float values[784];
    char images[256], names[256];
    if (access(data_folder, R_OK) != 0) SKIP("examples-c/data is not below the current folder");
    CHECK_OK(gan_dataset_open(data_folder, NULL, &dataset));
    CHECK_OK(gan_dataset_shape(dataset, &count, &height, &width, &channels));
    CHECK(count == 10000 && height == 28 && width == 28 && channels == 1);
    CHECK_OK(gan_dataset_classes(dataset, &classes));
    CHECK(classes == 10);
    CHECK_OK(gan_dataset_read_labels(dataset, 0, 8, labels, 8));
    CHECK(labels[0] == 7 && labels[1] == 2 && labels[2] == 1 && labels[3] == 0 && labels[4] == 4); /* as MNIST's test set begins */
    CHECK_OK(gan_dataset_read(dataset, 0, 1, values, 784));
    CHECK(values[0] == 0 && fabsf(values[7 * 28 + 6] - 84.0f / 255) < 1e-6f);
    gan_dataset_destroy(dataset);

    snprintf(images, sizeof images, "%s/t10k-images-idx3-ubyte.gz", data_folder);
    snprintf(names, sizeof names, "%s/t10k-labels-idx1-ubyte.gz", data_folder);
    dataset = NULL;
    CHECK_OK(gan_dataset_open_idx(images, names, NULL, &dataset));
    CHECK_OK(gan_dataset_classes(dataset, &classes));
    CHECK(classes == 10);
    gan_dataset_destroy(dataset);
    dataset = NULL;
    CHECK_OK(gan_dataset_open(images, NULL, &dataset));
    gan_dataset_destroy(dataset);
}

static void plain_and_gzip_idx_are_the_same(void) {
    const char *path = idx_file("plain-idx", 8, 3, 3, 4, 5, 60);
    char zipped[256];
    gan_dataset *one = NULL, *two = NULL;
    float a[60], b[60];
    int i, wrong = 0;
    snprintf(zipped, sizeof zipped, "%s.gz", path);
    run_command("gzip -c '%s' > '%s'", path, zipped);
    CHECK_OK(gan_dataset_open(path, NULL, &one));
    CHECK_OK(gan_dataset_open(zipped, NULL, &two));
    CHECK_OK(gan_dataset_read(one, 0, 3, a, 60));
    CHECK_OK(gan_dataset_read(two, 0, 3, b, 60));
    CHECK(memcmp(a, b, sizeof a) == 0);
    for (i = 0; i < 60; i++) wrong += fabsf(a[i] - (float)i / 255) > 1e-6f;
    CHECK(wrong == 0);
    gan_dataset_destroy(one);
    gan_dataset_destroy(two);
}

static void every_element_type_opens(void) {
    static const struct { uint8_t type; size_t size; } types[] = {{0x08, 1}, {0x09, 1}, {0x0B, 2}, {0x0C, 4}, {0x0D, 4}, {0x0E, 8}};
    size_t i;
    for (i = 0; i < 6; i++) {
        uint8_t bytes[16 + 8 * 8];
        uint32_t sizes[3] = {2, 2, 2};
        gan_dataset *dataset = NULL;
        int64_t count = 0;
        int32_t height = 0, width = 0, channels = 0;
        float values[8] = {-1, -1, -1, -1, -1, -1, -1, -1};
        size_t size = idx(bytes, types[i].type, 3, sizes, 0), item;
        for (item = 0; item < 8; item++) {
            /* big-endian, value item; 0 or 1 for the floats */
            uint8_t *at = bytes + size + item * types[i].size;
            memset(at, 0, types[i].size);
            if (types[i].type == 0x0D && item % 2) at[0] = 0x3f, at[1] = 0x80;
            else if (types[i].type == 0x0E && item % 2) at[0] = 0x3f, at[1] = 0xf0;
            else if (types[i].type < 0x0D) at[types[i].size - 1] = (uint8_t)item;
        }
        write_file(scratch("typed-idx"), bytes, size + 8 * types[i].size);
        if (!CHECK_OK(gan_dataset_open(scratch("typed-idx"), NULL, &dataset))) continue;
        CHECK_OK(gan_dataset_shape(dataset, &count, &height, &width, &channels));
        CHECK(count == 2 && height == 2 && width == 2 && channels == 1);
        CHECK_OK(gan_dataset_read(dataset, 0, 2, values, 8));
        CHECK(values[0] == 0);
        if (types[i].type >= 0x0D) CHECK(values[7] == 1);
        else if (types[i].type == 0x08) CHECK(fabsf(values[7] - 7.0f / 255) < 1e-6f);
        else CHECK(values[7] == 1 && fabsf(values[1] - 1.0f / 7) < 1e-6f); /* the smallest to the largest in the file */
        gan_dataset_destroy(dataset);
    }
}

/* As numpy.save writes an array. */
static void npy_file(const char *path, const char *type, const char *shape, const void *data, size_t size) {
    uint8_t bytes[512];
    int length = snprintf((char *)bytes + 10, 200, "{'descr': '%s', 'fortran_order': False, 'shape': %s, }", type, shape);
    memcpy(bytes, "\x93NUMPY\1\0\x76\0", 10);
    memset(bytes + 10 + length, ' ', 118 - (size_t)length);
    bytes[127] = '\n';
    memcpy(bytes + 128, data, size);
    write_file(path, bytes, 128 + size);
}

static void arrays_of_numpy_open(void) {
    static const float values[] = {-1, 0, 1, 0.5f, -0.5f, 1};
    static const uint8_t bytes[] = {0, 51, 255, 102, 5, 6};
    static const int64_t numbers[] = {2, 1};
    float read[6];
    int64_t count = 0;
    int32_t height = 0, width = 0, channels = 0, labels[2] = {7, 7};
    gan_dataset *dataset = NULL;
    gan_options *options = NULL;
    char images[192];
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_options_set(options, "data.minimum", "-1"));
    snprintf(images, sizeof images, "%s", scratch("images.npy"));
    npy_file(images, "<f4", "(2, 1, 1, 3)", values, sizeof values);
    CHECK_OK(gan_dataset_open(images, options, &dataset));
    CHECK_OK(gan_dataset_shape(dataset, &count, &height, &width, &channels));
    CHECK(count == 2 && height == 1 && width == 1 && channels == 3);
    CHECK_OK(gan_dataset_read(dataset, 0, 2, read, 6));
    CHECK(read[0] == 0 && read[1] == 0.5f && read[2] == 1 && read[3] == 0.75f && read[4] == 0.25f && read[5] == 1);
    gan_dataset_destroy(dataset);
    dataset = NULL;
    npy_file(images, "|u1", "(2, 3)", bytes, sizeof bytes);
    npy_file(scratch("labels.npy"), "<i8", "(2,)", numbers, sizeof numbers);
    CHECK_OK(gan_dataset_open_idx(images, scratch("labels.npy"), NULL, &dataset));
    CHECK_OK(gan_dataset_shape(dataset, &count, &height, &width, &channels));
    CHECK(count == 2 && height == 1 && width == 3 && channels == 1);
    CHECK_OK(gan_dataset_read_labels(dataset, 0, 2, labels, 2));
    CHECK(labels[0] == 2 && labels[1] == 1);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
}

static void make_pngs(const char *folder, int count, int side) {
    uint8_t pixels[64 * 64];
    int i, j;
    mkdir(folder, 0777);
    for (i = 0; i < count; i++) {
        char path[300];
        snprintf(path, sizeof path, "%s/%02d.png", folder, i);
        for (j = 0; j < side * side; j++) pixels[j] = (uint8_t)(10 * i + j);
        CHECK_OK(gan_image_write_png(pixels, 1, side, side, 1, 1, 0, 1, path));
    }
}

static void a_folder_of_pngs_is_read_in_order(void) {
    gan_dataset *dataset = NULL;
    int64_t count = 0;
    int32_t height = 0, width = 0, channels = 0, i;
    float values[5 * 64];
    const char *folder = scratch("pngs");
    make_pngs(folder, 5, 8);
    write_file(scratch("pngs/notes.txt"), "not a picture", 13);
    CHECK_OK(gan_dataset_open(folder, NULL, &dataset));
    CHECK_OK(gan_dataset_shape(dataset, &count, &height, &width, &channels));
    CHECK(count == 5 && height == 8 && width == 8 && channels == 1);
    CHECK_OK(gan_dataset_read(dataset, 0, 5, values, 5 * 64));
    for (i = 0; i < 5; i++) CHECK(fabsf(values[i * 64 + 9] - (float)(10 * i + 9) / 255) < 1e-6f);
    gan_dataset_destroy(dataset);
    dataset = NULL;
    CHECK_OK(gan_dataset_open(scratch("pngs/00.png"), NULL, &dataset));
    gan_dataset_destroy(dataset);
}

static void pictures_of_several_sizes_need_an_option(void) {
    gan_dataset *dataset = POISON;
    gan_options *options = NULL;
    int64_t count = 0;
    int32_t height = 0, width = 0, channels = 0;
    const char *folder = scratch("mixed");
    uint8_t pixels[12 * 10] = {0};
    make_pngs(folder, 3, 8);
    CHECK_OK(gan_image_write_png(pixels, 1, 12, 10, 1, 1, 0, 1, scratch("mixed/50.png")));
    CHECK_FAILS(gan_dataset_open(folder, NULL, &dataset), GAN_E_MISMATCH, "50.png");
    CHECK(dataset == POISON);
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_options_set(options, "data.fit", "crop"));
    CHECK_OK(gan_options_set(options, "data.height", "6"));
    CHECK_OK(gan_options_set(options, "data.width", "4"));
    CHECK_OK(gan_dataset_open(folder, options, &dataset));
    CHECK_OK(gan_dataset_shape(dataset, &count, &height, &width, &channels));
    CHECK(count == 4 && height == 6 && width == 4 && channels == 1);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
}

/* ------------------------------------------------------------------------------------------ What is wrong */

static void open_fails(const char *path, int32_t status, const char *word) {
    gan_dataset *dataset = POISON;
    CHECK_FAILS(gan_dataset_open(path, NULL, &dataset), status, word);
    CHECK(dataset == POISON);
}

static void what_is_not_there_is_not_found(void) {
    open_fails("/no/such/place", GAN_E_NOT_FOUND, "/no/such/place");
    open_fails(scratch("nothing"), GAN_E_NOT_FOUND, "nothing");
    CHECK(mkdir(scratch("empty"), 0777) == 0);
    open_fails(scratch("empty"), GAN_E_NOT_FOUND, "empty");
    open_fails("", GAN_E_INVALID_ARGUMENT, "path");
    {
        gan_dataset *dataset = POISON;
        const char *images = idx_file("alone-idx", 8, 3, 1, 2, 2, 4);
        CHECK_FAILS(gan_dataset_open_idx("/no/images", NULL, NULL, &dataset), GAN_E_NOT_FOUND, "/no/images");
        CHECK_FAILS(gan_dataset_open_idx(images, "/no/labels", NULL, &dataset), GAN_E_NOT_FOUND, "/no/labels");
        CHECK(dataset == POISON);
    }
}

static void bad_idx_is_refused(void) {
    uint8_t bytes[64];
    uint32_t sizes[3] = {2, 2, 2};
    size_t size = idx(bytes, 8, 3, sizes, 8), cut;
    open_fails(idx_file("long-idx", 8, 3, 2, 2, 2, 9), GAN_E_BAD_FORMAT, "long-idx");
    open_fails(idx_file("short-idx", 8, 3, 2, 2, 2, 7), GAN_E_TRUNCATED, "short-idx");
    open_fails(idx_file("type-idx", 7, 3, 2, 2, 2, 8), GAN_E_BAD_FORMAT, "type-idx");
    open_fails(idx_file("rank-idx", 8, 0, 0, 0, 0, 1), GAN_E_BAD_FORMAT, "rank-idx");
    open_fails(idx_file("none-idx", 8, 3, 0, 2, 2, 0), GAN_E_BAD_DATA, "none-idx");
    open_fails(idx_file("flat-idx", 8, 3, 2, 0, 2, 0), GAN_E_BAD_FORMAT, "flat-idx");
    for (cut = 0; cut < size; cut++) {
        gan_dataset *dataset = POISON;
        int32_t status;
        write_file(scratch("cut-idx"), bytes, cut);
        status = gan_dataset_open(scratch("cut-idx"), NULL, &dataset);
        CHECK(status == GAN_E_TRUNCATED || (cut < 4 && status == GAN_E_BAD_FORMAT));
        CHECK(dataset == POISON);
    }
    /* Sizes whose product overflows, and sizes that would need more memory than there is. */
    {
        gan_dataset *dataset = POISON;
        int32_t status = gan_dataset_open(idx_file("huge-idx", 14, 3, 0xffffffffu, 0xffffffffu, 0xffffffffu, 100), NULL, &dataset);
        CHECK(status == GAN_E_BAD_FORMAT || status == GAN_E_OUT_OF_RANGE || status == GAN_E_TRUNCATED);
        status = gan_dataset_open(idx_file("large-idx", 8, 3, 0x7fffffffu, 0x7fffu, 0x7fffu, 100), NULL, &dataset);
        CHECK(status == GAN_E_TRUNCATED || status == GAN_E_OUT_OF_MEMORY || status == GAN_E_BAD_FORMAT);
        CHECK(dataset == POISON);
    }
    write_file(scratch("text"), "These are no images at all, just text.\n", 39);
    open_fails(scratch("text"), GAN_E_BAD_FORMAT, "text");
    write_file(scratch("empty-file"), "", 0);
    open_fails(scratch("empty-file"), GAN_E_TRUNCATED, "empty-file");
}

static void labels_must_fit_the_images(void) {
    gan_dataset *dataset = POISON;
    gan_options *options = NULL;
    char images[192];
    snprintf(images, sizeof images, "%s", idx_file("some-images", 8, 3, 4, 2, 2, 16));
    CHECK_FAILS(gan_dataset_open_idx(images, idx_file("three-labels", 8, 1, 3, 0, 0, 3), NULL, &dataset), GAN_E_MISMATCH, "three-labels");
    CHECK_FAILS(gan_dataset_open_idx(images, idx_file("rank-labels", 8, 2, 2, 2, 0, 4), NULL, &dataset), GAN_E_BAD_FORMAT, "rank-labels");
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_options_set(options, "data.classes", "3"));
    CHECK_FAILS(gan_dataset_open_idx(images, idx_file("high-labels", 8, 1, 4, 0, 0, 4), options, &dataset), GAN_E_BAD_DATA, "3");
    CHECK(dataset == POISON);
    CHECK_OK(gan_options_set(options, "data.classes", "4"));
    CHECK_OK(gan_dataset_open_idx(images, scratch("high-labels"), options, &dataset));
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
}

static void floats_in_idx_must_be_finite_and_in_range(void) {
    static const uint8_t bad[][4] = {{0x7f, 0xc0, 0, 0}, {0x7f, 0x80, 0, 0}, {0xff, 0x80, 0, 0}, {0x40, 0, 0, 0}};
    uint32_t sizes[3] = {1, 2, 2};
    size_t i;
    for (i = 0; i < 4; i++) {
        uint8_t bytes[32];
        size_t size = idx(bytes, 0x0D, 3, sizes, 0);
        memset(bytes + size, 0, 16);
        memcpy(bytes + size + 8, bad[i], 4);
        write_file(scratch("float-idx"), bytes, size + 16);
        open_fails(scratch("float-idx"), GAN_E_BAD_DATA, "float-idx");
    }
}

static void bad_gzip_is_refused(void) {
    const char *path = idx_file("zip-idx", 8, 3, 30, 20, 20, 12000);
    char zipped[200], broken[200];
    size_t size = 0, cut, at;
    uint8_t *bytes;
    snprintf(zipped, sizeof zipped, "%s", scratch("good.gz"));
    snprintf(broken, sizeof broken, "%s", scratch("broken.gz"));
    run_command("gzip -nc '%s' > '%s'", path, zipped); /* without the name, which no checksum covers */
    bytes = read_file(zipped, &size);
    CHECK(bytes != NULL && size > 100);
    if (bytes == NULL) return;
    for (cut = 2; cut < size; cut += cut < 40 || cut + 40 > size ? 1 : 37) {
        gan_dataset *dataset = POISON;
        int32_t status;
        write_file(broken, bytes, cut);
        status = gan_dataset_open(broken, NULL, &dataset);
        if (status != GAN_E_TRUNCATED) check_fails(__FILE__, __LINE__, "cut after %zu: %s", cut, gan_status_name(status));
        CHECK(strstr(gan_error_message(), "broken.gz") != NULL && dataset == POISON);
    }
    for (at = 10; at < size; at += 23) {
        gan_dataset *dataset = POISON;
        int32_t status;
        bytes[at] ^= 0x10;
        write_file(broken, bytes, size);
        status = gan_dataset_open(broken, NULL, &dataset);
        if (status == GAN_OK || dataset != POISON) check_fails(__FILE__, __LINE__, "bit %zu flipped: accepted", at);
        CHECK(strstr(gan_error_message(), "broken.gz") != NULL);
        bytes[at] ^= 0x10;
    }
    bytes[size - 5] ^= 1; /* the length at its end */
    write_file(broken, bytes, size);
    CHECK(gan_dataset_open(broken, NULL, &(gan_dataset *){NULL}) != GAN_OK);
    free(bytes);
}

static void bad_png_is_refused(void) {
    size_t size = 0, cut, at;
    uint8_t *bytes;
    char broken[200];
    int seen = 0;
    make_pngs(scratch("bad"), 2, 32);
    bytes = read_file(scratch("bad/01.png"), &size);
    snprintf(broken, sizeof broken, "%s", scratch("bad/01.png"));
    CHECK(bytes != NULL);
    if (bytes == NULL) return;
    for (cut = 0; cut < size - 12; cut += 5) { /* without its last chunk a picture is whole for many readers */
        gan_dataset *dataset = POISON;
        int32_t status;
        write_file(broken, bytes, cut);
        status = gan_dataset_open(scratch("bad"), NULL, &dataset);
        if (status != GAN_E_TRUNCATED && status != GAN_E_BAD_FORMAT)
            check_fails(__FILE__, __LINE__, "cut after %zu: %s", cut, gan_status_name(status));
        else CHECK(strstr(gan_error_message(), "01.png") != NULL);
        CHECK(dataset == POISON);
    }
    for (at = 8; at < size - 12; at++) {
        gan_dataset *dataset = POISON;
        int32_t status;
        if (at >= 33 && !seen) { /* between header and pixels stand remarks, of which a damaged one is left out */
            if (memcmp(bytes + at + 4, "IDAT", 4) != 0) continue;
            seen = 1;
        }
        bytes[at] ^= 0x04;
        write_file(broken, bytes, size);
        status = gan_dataset_open(scratch("bad"), NULL, &dataset);
        if (status == GAN_OK) {
            check_fails(__FILE__, __LINE__, "byte %zu changed: accepted", at);
            gan_dataset_destroy(dataset);
        }
        bytes[at] ^= 0x04;
    }
    free(bytes);
}

static void a_batch_larger_than_the_data_is_refused(void) {
    gan_dataset *dataset = NULL;
    gan_trainer *trainer = POISON;
    CHECK_OK(gan_dataset_open(idx_file("few-idx", 8, 3, 99, 2, 2, 396), NULL, &dataset));
    CHECK_FAILS(gan_trainer_create(NULL, dataset, &trainer), GAN_E_BAD_DATA, "99");
    CHECK(strstr(gan_error_message(), "100") != NULL && trainer == POISON);
    gan_dataset_destroy(dataset);
}

int main(int argc, char **argv) {
    if (argc > 1) data_folder = argv[1];
    RUN(the_digits_open_by_folder_and_by_file);
    RUN(plain_and_gzip_idx_are_the_same);
    RUN(every_element_type_opens);
    RUN(arrays_of_numpy_open);
    RUN(a_folder_of_pngs_is_read_in_order);
    RUN(pictures_of_several_sizes_need_an_option);
    RUN(what_is_not_there_is_not_found);
    RUN(bad_idx_is_refused);
    RUN(labels_must_fit_the_images);
    RUN(floats_in_idx_must_be_finite_and_in_range);
    RUN(bad_gzip_is_refused);
    RUN(bad_png_is_refused);
    RUN(a_batch_larger_than_the_data_is_refused);
    return FINISH("files");
}
