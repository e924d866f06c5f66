/* test-inspection: what a checkpoint says about itself, and that a broken, lying or newer one is refused. */
#include "check.h"

/* A checkpoint of the small GAN after a number of steps, and the generator of it alone. */
static const char *saved(int alone) {
    static char paths[2][192];
    if (paths[alone][0] == '\0') {
        gan_trainer *trainer = small_trainer(1);
        gan_generator *generator = NULL;
        snprintf(paths[alone], sizeof paths[alone], "%s", scratch(alone ? "alone.safetensors" : "whole.safetensors"));
        CHECK_OK(gan_trainer_step(trainer, 15));
        CHECK_OK(gan_trainer_generator(trainer, &generator));
        CHECK_OK(alone ? gan_generator_save(generator, paths[alone]) : gan_trainer_save(trainer, paths[alone]));
        gan_generator_destroy(generator);
        gan_trainer_destroy(trainer);
    }
    return paths[alone];
}

static gan_checkpoint *opened(int alone) {
    gan_checkpoint *checkpoint = NULL;
    CHECK_OK(gan_checkpoint_open(saved(alone), &checkpoint));
    return checkpoint;
}

static void it_says_what_it_is(void) {
    gan_checkpoint *whole = opened(0), *alone = opened(1);
    char text[64];
    size_t size = 0;
    CHECK_OK(gan_checkpoint_text(whole, "kind", text, sizeof text, NULL));
    CHECK_TEXT(text, "trainer");
    CHECK_OK(gan_checkpoint_text(alone, "kind", text, sizeof text, NULL));
    CHECK_TEXT(text, "generator");
    CHECK_OK(gan_checkpoint_text(whole, "step", text, sizeof text, &size));
    CHECK_TEXT(text, "15");
    CHECK(size == 3);
    CHECK_OK(gan_checkpoint_text(whole, "seed", text, sizeof text, NULL));
    CHECK_TEXT(text, "42");
    CHECK_OK(gan_checkpoint_text(whole, "images", text, sizeof text, NULL));
    CHECK_TEXT(text, "120");
    CHECK_OK(gan_checkpoint_text(alone, "images", text, sizeof text, &size));
    CHECK(text[0] == '\0' && size == 1);
    CHECK_OK(gan_checkpoint_text(whole, "kind", NULL, 0, &size));
    CHECK(size == 8);
    CHECK_OK(gan_checkpoint_option(whole, "generator.hidden", text, sizeof text, NULL));
    CHECK_TEXT(text, "9,8");
    CHECK_OK(gan_checkpoint_option(whole, "image.height", text, sizeof text, NULL));
    CHECK_TEXT(text, "6");
    CHECK_OK(gan_checkpoint_option(whole, "generator.beta2", NULL, 0, &size));
    CHECK(size == 6); /* 0.999 */
    CHECK_OK(gan_checkpoint_text(whole, "edited", text, sizeof text, NULL));
    CHECK_TEXT(text, "false");
    CHECK_OK(gan_checkpoint_text(alone, "data", text, sizeof text, &size));
    CHECK_TEXT(text, ""); /* a generator has none */
    CHECK(size == 1);
    gan_checkpoint_destroy(alone);
    gan_checkpoint_destroy(whole);
}

static void it_knows_its_data(void) {
    gan_checkpoint *whole = opened(0);
    char text[200], expected[200];
    CHECK_OK(gan_checkpoint_text(whole, "data", text, sizeof text, NULL));
    CHECK(strstr(text, "\"crc32\":\"") != NULL);
    /* The checksum is of other places to prove. */
    snprintf(expected, sizeof expected, "{\"channels\":\"1\",\"count\":\"120\",\"crc32\":\"%.8s\",\"height\":\"6\",\"width\":\"6\"}",
             strstr(text, "crc32") != NULL ? strstr(text, "crc32") + 8 : "");
    CHECK_TEXT(text, expected);
    gan_checkpoint_destroy(whole);
}

static void its_tensors_can_be_read(void) {
    gan_checkpoint *whole = opened(0);
    size_t size = 0, count = 0, i;
    uint8_t *file = read_file(saved(0), &size);
    uint64_t header = 0;
    int64_t tensors = 0, index, at;
    float values[PIXELS * 9];
    char type[8];
    CHECK(file != NULL);
    if (file == NULL) return;
    for (i = 8; i-- > 0;) header = header << 8 | file[i];
    at = (int64_t)header + 8;
    CHECK_OK(gan_checkpoint_tensor_count(whole, &tensors));
    for (index = 0; index < tensors; index++) {
        CHECK_OK(gan_checkpoint_tensor_type(whole, index, type, sizeof type, NULL));
        CHECK_TEXT(type, "F32");
        CHECK_OK(gan_checkpoint_tensor_read(whole, index, NULL, 0, &count));
        CHECK(count > 0 && count <= PIXELS * 9);
        CHECK_OK(gan_checkpoint_tensor_read(whole, index, values, PIXELS * 9, &count));
        CHECK(memcmp(values, file + at, count * 4) == 0); /* tensors follow each other in the order of the file */
        at += (int64_t)count * 4;
    }
    CHECK(at == (int64_t)size);
    free(file);
    gan_checkpoint_destroy(whole);
}

/* The shape of the tensor of that name; rank -1 when there is none. */
static int shape_of(const gan_checkpoint *checkpoint, const char *wanted, int64_t shape[64]) {
    int64_t count = 0, index;
    char name[128];
    size_t rank;
    CHECK_OK(gan_checkpoint_tensor_count(checkpoint, &count));
    for (index = 0; index < count; index++) {
        CHECK_OK(gan_checkpoint_tensor_name(checkpoint, index, name, sizeof name, NULL));
        if (strcmp(name, wanted) != 0) continue;
        CHECK_OK(gan_checkpoint_tensor_shape(checkpoint, index, shape, 64, &rank));
        return (int)rank;
    }
    return -1;
}

static void its_tensors_have_names_and_shapes(void) {
    gan_checkpoint *whole = opened(0), *alone = opened(1);
    int64_t shape[64], of_whole = 0, of_alone = 0;
    CHECK(shape_of(whole, "generator.0.weight", shape) == 2 && shape[0] == LATENT && shape[1] == 9);
    CHECK(shape_of(whole, "generator.2.weight", shape) == 2 && shape[0] == 8 && shape[1] == PIXELS);
    CHECK(shape_of(whole, "generator.2.bias", shape) == 1 && shape[0] == PIXELS);
    CHECK(shape_of(whole, "discriminator.1.weight", shape) == 2 && shape[0] == 7 && shape[1] == 1);
    CHECK(shape_of(whole, "generator.0.weight.adam.m", shape) == 2 && shape[0] == LATENT && shape[1] == 9);
    CHECK(shape_of(alone, "generator.0.bias", shape) == 1 && shape[0] == 9);
    CHECK(shape_of(alone, "discriminator.0.weight", shape) == -1);
    CHECK_OK(gan_checkpoint_tensor_count(whole, &of_whole));
    CHECK_OK(gan_checkpoint_tensor_count(alone, &of_alone));
    CHECK(of_whole == 30 && of_alone == 6); /* five layers of weight and bias, with two moments each */
    gan_checkpoint_destroy(alone);
    gan_checkpoint_destroy(whole);
}

static void what_is_asked_wrongly_is_refused(void) {
    gan_checkpoint *checkpoint = opened(0), *none = POISON;
    gan_options *options = small_options(1);
    char text[8] = "same";
    size_t size = 77;
    int64_t shape[2] = {5, 6}, count = 7;
    float values[2] = {8, 9};
    CHECK_FAILS(gan_checkpoint_open(NULL, &none), GAN_E_INVALID_ARGUMENT, "path");
    CHECK_FAILS(gan_checkpoint_open(saved(0), NULL), GAN_E_INVALID_ARGUMENT, "out");
    CHECK_FAILS(gan_checkpoint_open("", &none), GAN_E_INVALID_ARGUMENT, "path");
    CHECK_FAILS(gan_checkpoint_text(NULL, "kind", text, sizeof text, &size), GAN_E_INVALID_ARGUMENT, "checkpoint");
    CHECK_FAILS(gan_checkpoint_text(checkpoint, NULL, text, sizeof text, &size), GAN_E_INVALID_ARGUMENT, "name");
    CHECK_FAILS(gan_checkpoint_text(checkpoint, "stp", text, sizeof text, &size), GAN_E_UNKNOWN_NAME, "'step'");
    CHECK_FAILS(gan_checkpoint_text(checkpoint, "colour", text, sizeof text, &size), GAN_E_UNKNOWN_NAME, "colour");
    CHECK_FAILS(gan_checkpoint_text(checkpoint, "kind", NULL, 9, &size), GAN_E_INVALID_ARGUMENT, "buffer");
    CHECK_FAILS(gan_checkpoint_text(checkpoint, "kind", NULL, 0, NULL), GAN_E_INVALID_ARGUMENT, "size");
    CHECK_FAILS(gan_checkpoint_option(NULL, "seed", text, sizeof text, &size), GAN_E_INVALID_ARGUMENT, "checkpoint");
    CHECK_FAILS(gan_checkpoint_option(checkpoint, "sed", text, sizeof text, &size), GAN_E_UNKNOWN_NAME, "seed");
    CHECK_FAILS(gan_checkpoint_tensor_count(NULL, &count), GAN_E_INVALID_ARGUMENT, "checkpoint");
    CHECK_FAILS(gan_checkpoint_tensor_count(checkpoint, NULL), GAN_E_INVALID_ARGUMENT, "count");
    CHECK_FAILS(gan_checkpoint_tensor_name(checkpoint, -1, text, sizeof text, &size), GAN_E_INVALID_ARGUMENT, "-1");
    CHECK_FAILS(gan_checkpoint_tensor_name(checkpoint, 30, text, sizeof text, &size), GAN_E_INVALID_ARGUMENT, "30");
    CHECK_FAILS(gan_checkpoint_tensor_name(checkpoint, INT64_MAX, text, sizeof text, &size), GAN_E_INVALID_ARGUMENT, "index");
    CHECK_FAILS(gan_checkpoint_tensor_name(NULL, 0, text, sizeof text, &size), GAN_E_INVALID_ARGUMENT, "checkpoint");
    CHECK_FAILS(gan_checkpoint_tensor_shape(NULL, 0, shape, 2, &size), GAN_E_INVALID_ARGUMENT, "checkpoint");
    CHECK_FAILS(gan_checkpoint_tensor_shape(checkpoint, 30, shape, 2, &size), GAN_E_INVALID_ARGUMENT, "index");
    CHECK_FAILS(gan_checkpoint_tensor_shape(checkpoint, 0, NULL, 2, &size), GAN_E_INVALID_ARGUMENT, "shape");
    CHECK_FAILS(gan_checkpoint_tensor_shape(checkpoint, 0, shape, 2, NULL), GAN_E_INVALID_ARGUMENT, "rank");
    CHECK_FAILS(gan_checkpoint_tensor_type(NULL, 0, text, sizeof text, &size), GAN_E_INVALID_ARGUMENT, "checkpoint");
    CHECK_FAILS(gan_checkpoint_tensor_type(checkpoint, 30, text, sizeof text, &size), GAN_E_INVALID_ARGUMENT, "index");
    CHECK_FAILS(gan_checkpoint_tensor_type(checkpoint, 0, NULL, 4, &size), GAN_E_INVALID_ARGUMENT, "buffer");
    CHECK_FAILS(gan_checkpoint_tensor_read(NULL, 0, values, 2, &size), GAN_E_INVALID_ARGUMENT, "checkpoint");
    CHECK_FAILS(gan_checkpoint_tensor_read(checkpoint, -1, values, 2, &size), GAN_E_INVALID_ARGUMENT, "index");
    CHECK_FAILS(gan_checkpoint_tensor_read(checkpoint, 0, NULL, 2, &size), GAN_E_INVALID_ARGUMENT, "values");
    CHECK_FAILS(gan_checkpoint_tensor_read(checkpoint, 0, values, 2, NULL), GAN_E_INVALID_ARGUMENT, "count");
    CHECK(none == POISON && size == 77 && count == 7 && shape[0] == 5 && shape[1] == 6);
    CHECK_TEXT(text, "same");

    CHECK_FAILS(gan_checkpoint_tensor_name(checkpoint, 0, text, sizeof text, &size), GAN_E_BUFFER_TOO_SMALL, "8");
    CHECK(size == sizeof "generator.0.weight");
    CHECK_FAILS(gan_checkpoint_tensor_shape(checkpoint, 0, shape, 1, &size), GAN_E_BUFFER_TOO_SMALL, "2");
    CHECK(size == 2 && shape[0] == 5);
    CHECK_FAILS(gan_checkpoint_tensor_read(checkpoint, 0, values, 2, &size), GAN_E_BUFFER_TOO_SMALL, "45");
    CHECK(size == LATENT * 9 && values[0] == 8 && values[1] == 9);
    CHECK_FAILS(gan_checkpoint_tensor_type(checkpoint, 0, text, 3, &size), GAN_E_BUFFER_TOO_SMALL, "4");
    CHECK(size == 4);
    CHECK_OK(gan_checkpoint_tensor_shape(checkpoint, 0, NULL, 0, &size));

    CHECK_FAILS(gan_checkpoint_tensor_count((gan_checkpoint *)options, &count), GAN_E_INVALID_HANDLE, "gan_options");
    gan_checkpoint_destroy((gan_checkpoint *)options); /* does nothing */
    CHECK_OK(gan_options_get(options, "seed", text, sizeof text, NULL));
    gan_checkpoint_destroy(checkpoint);
    CHECK_FAILS(gan_checkpoint_tensor_count(checkpoint, &count), GAN_E_INVALID_HANDLE, "destroyed");
    gan_checkpoint_destroy(checkpoint);
    gan_checkpoint_destroy(NULL);
    gan_options_destroy(options);
}

static int32_t open_bytes(const void *bytes, size_t size) {
    const char *path = scratch("broken.safetensors");
    gan_checkpoint *checkpoint = POISON;
    int32_t status;
    write_file(path, bytes, size);
    status = gan_checkpoint_open(path, &checkpoint);
    if (status == GAN_OK) gan_checkpoint_destroy(checkpoint);
    else CHECK(checkpoint == POISON);
    return status;
}

static void broken_files_are_refused(void) {
    size_t size = 0, at;
    uint8_t *good = read_file(saved(0), &size);
    gan_checkpoint *checkpoint = POISON;
    CHECK(good != NULL && open_bytes(good, size) == GAN_OK);
    for (at = 0; at < size; at += 97) CHECK(open_bytes(good, at) == GAN_E_TRUNCATED);
    for (at = 0; at < size; at += 89) {
        int32_t status;
        good[at] ^= (uint8_t)(1 << at % 8);
        status = open_bytes(good, size);
        CHECK(status == GAN_E_CHECKSUM || status == GAN_E_BAD_FORMAT || status == GAN_E_TRUNCATED || status == GAN_E_NEWER_VERSION);
        good[at] ^= (uint8_t)(1 << at % 8);
    }
    CHECK_FAILS(gan_checkpoint_open(scratch("nowhere"), &checkpoint), GAN_E_NOT_FOUND, "nowhere");
    CHECK(gan_checkpoint_open("/tmp", &checkpoint) < 0 && checkpoint == POISON);
    free(good);
}

static void newer_and_foreign_files_are_told_apart(void) {
    static const char foreign[] = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    size_t size = 0;
    uint8_t *good = read_file(saved(0), &size), *at;
    uint8_t file[8 + sizeof foreign - 1 + 8] = {sizeof foreign - 1};
    CHECK(good != NULL);
    if (good == NULL) return;
    at = memmem(good, size, "\"format-version\":\"1\"", 20);
    CHECK(at != NULL);
    if (at != NULL) at[18] = '3';
    CHECK(open_bytes(good, size) == GAN_E_NEWER_VERSION);
    CHECK(strstr(gan_error_message(), "newer libgan") != NULL);
    memcpy(file + 8, foreign, sizeof foreign - 1);
    CHECK(open_bytes(file, sizeof file) == GAN_E_BAD_FORMAT);
    CHECK(strstr(gan_error_message(), "not a checkpoint of libgan") != NULL);
    free(good);
}

/* Shapes and offsets that lie are refused before anything is believed. */
static void lying_files_are_refused(void) {
    static const char *const shapes[] = {"[2]", "[4294967296,4294967296]", "[-1]", "[3]"};
    static const char *const offsets[] = {"[0,16]", "[0,8]", "[0,8]", "[8,16]"};
    size_t i;
    for (i = 0; i < 4; i++) {
        char file[400] = {0};
        int length = snprintf(file + 8, sizeof file - 8, "{\"__metadata__\":{\"format\":\"libgan\",\"format-version\":\"1\"},"
                              "\"a\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":%s}}", shapes[i], offsets[i]);
        file[0] = (char)(length & 255), file[1] = (char)(length >> 8);
        CHECK(open_bytes(file, 8 + (size_t)length + 8) == GAN_E_BAD_FORMAT);
    }
}

int main(void) {
    RUN(it_says_what_it_is);
    RUN(it_knows_its_data);
    RUN(its_tensors_have_names_and_shapes);
    RUN(its_tensors_can_be_read);
    RUN(what_is_asked_wrongly_is_refused);
    RUN(broken_files_are_refused);
    RUN(newer_and_foreign_files_are_told_apart);
    RUN(lying_files_are_refused);
    return FINISH("inspection");
}
