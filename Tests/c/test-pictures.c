/* test-pictures: PNG and JPEG files that are in memory, decoded: what comes out, and every way in which one can be wrong. */
#include "check.h"

#include <dirent.h>
#include <dlfcn.h>

/* Reads a PNG that the library itself wrote. */
static uint8_t *written(const uint8_t *pixels, int side, int channels, size_t *size) {
    const char *path = scratch("written.png");
    CHECK_OK(gan_image_write_png(pixels, 1, side, side, channels, 1, 0, 1, path));
    return read_file(path, size);
}

static void fill(uint8_t *pixels, size_t count) {
    size_t i;
    for (i = 0; i < count; i++) pixels[i] = (uint8_t)(i * 29 + i / 7);
}

static void what_was_written_is_read(void) {
    static const int kinds[] = {1, 3};
    uint8_t pixels[9 * 9 * 3], read[9 * 9 * 3 + 1], *bytes;
    size_t size = 0, i;
    fill(pixels, sizeof pixels);
    for (i = 0; i < 2; i++) {
        int32_t height = 0, width = 0, channels = 0;
        size_t needed = (size_t)(9 * 9 * kinds[i]);
        bytes = written(pixels, 9, kinds[i], &size);
        CHECK_OK(gan_image_decode_png(bytes, size, 0, NULL, 0, &height, &width, &channels));
        CHECK(height == 9 && width == 9 && channels == kinds[i]);
        height = width = channels = 0;
        memset(read, 77, sizeof read);
        CHECK_OK(gan_image_decode_png(bytes, size, 0, read, needed, &height, &width, &channels));
        CHECK(height == 9 && width == 9 && channels == kinds[i]);
        CHECK(memcmp(read, pixels, needed) == 0 && read[needed] == 77);
        free(bytes);
    }
}

static void channels_are_converted(void) {
    uint8_t grey[4 * 4], colour[4 * 4 * 3], clear[4 * 4 * 4], read[4 * 4 * 3], *bytes;
    size_t size = 0, i;
    int32_t height = 0, width = 0, channels = 0;
    fill(grey, sizeof grey);
    bytes = written(grey, 4, 1, &size);
    CHECK_OK(gan_image_decode_png(bytes, size, 3, read, sizeof read, &height, &width, &channels));
    CHECK(channels == 3);
    for (i = 0; i < 16; i++) CHECK(read[3 * i] == grey[i] && read[3 * i + 1] == grey[i] && read[3 * i + 2] == grey[i]);
    free(bytes);

    for (i = 0; i < 16; i++) colour[3 * i] = 0, colour[3 * i + 1] = 200, colour[3 * i + 2] = 0;
    bytes = written(colour, 4, 3, &size);
    CHECK_OK(gan_image_decode_png(bytes, size, 1, read, 16, &height, &width, &channels));
    CHECK(channels == 1 && read[0] > 100 && read[0] < 190); /* green is most of what is seen, and not all */
    free(bytes);

    for (i = 0; i < 16; i++) clear[4 * i] = clear[4 * i + 1] = clear[4 * i + 2] = 250, clear[4 * i + 3] = i < 8 ? 0 : 255;
    bytes = written(clear, 4, 4, &size);
    CHECK_OK(gan_image_decode_png(bytes, size, 0, read, sizeof read, &height, &width, &channels));
    CHECK(channels == 3 && read[0] == 0 && read[8 * 3] == 250); /* over black */
    free(bytes);
}

/* 16 bits are what went in; 8 are rounded; and what gan_image_decode says of a file is the same rounded. */
static void numbers_go_in_and_out(void) {
    enum { SIDE_OF = 11, MOST = SIDE_OF * SIDE_OF * 4 };
    static const int kinds[] = {1, 3, 4}, depths[] = {8, 16};
    static uint8_t file[8192], bytes[MOST];
    float pixels[MOST], read[MOST + 1];
    size_t size, asked, i, k, d;
    int32_t height, width, channels, depth;
    for (i = 0; i < MOST; i++) pixels[i] = (float)(i * 7919 % 65536) / 65535.0f;
    for (k = 0; k < 3; k++)
        for (d = 0; d < 2; d++) {
            size_t count = (size_t)(SIDE_OF * SIDE_OF * kinds[k]);
            float step = depths[d] == 8 ? 255.0f : 65535.0f;
            int wrong = 0;
            CHECK_OK(gan_image_encode_png(pixels, SIDE_OF, SIDE_OF, kinds[k], depths[d], NULL, 0, &asked));
            size = 0;
            CHECK_FAILS(gan_image_encode_png(pixels, SIDE_OF, SIDE_OF, kinds[k], depths[d], file, asked - 1, &size), GAN_E_BUFFER_TOO_SMALL, "needs");
            CHECK(size == asked);
            CHECK_OK(gan_image_encode_png(pixels, SIDE_OF, SIDE_OF, kinds[k], depths[d], file, sizeof file, &size));
            CHECK(size == asked);
            height = width = channels = depth = 0;
            CHECK_OK(gan_image_decode_floats(file, size, kinds[k] == 4 ? 4 : 0, NULL, 0, &height, &width, &channels, &depth));
            CHECK(height == SIDE_OF && width == SIDE_OF && channels == kinds[k] && depth == depths[d]);
            read[count] = -7;
            CHECK_OK(gan_image_decode_floats(file, size, kinds[k] == 4 ? 4 : 0, read, count, &height, &width, &channels, &depth));
            for (i = 0; i < count; i++) wrong += (int)(read[i] * step + 0.5f) != (int)(pixels[i] * step + 0.5f);
            CHECK(wrong == 0 && read[count] == -7);
            CHECK_OK(gan_image_decode(file, size, kinds[k], bytes, sizeof bytes, &height, &width, &channels));
            for (i = 0; i < count; i++) wrong += abs((int)bytes[i] - (int)(read[i] * 255 + 0.5f)) > 1;
            CHECK(wrong == 0);
            CHECK_FAILS(gan_image_decode_floats(file, size - 20, kinds[k], read, count, &height, &width, &channels, &depth), GAN_E_TRUNCATED, "cut short");
            file[size / 2] ^= 1;
            CHECK(gan_image_decode_floats(file, size, kinds[k], read, count, &height, &width, &channels, &depth) == GAN_E_CHECKSUM);
        }
    /* Beyond the ends, and no number. */
    pixels[0] = -3, pixels[1] = 7, pixels[2] = 0.0f / (float)(kinds[0] - 1);
    CHECK_OK(gan_image_encode_png(pixels, 1, 3, 1, 16, file, sizeof file, &size));
    CHECK_OK(gan_image_decode_floats(file, size, 0, read, 3, &height, &width, &channels, &depth));
    CHECK(read[0] == 0 && read[1] == 1 && read[2] == 0 && height == 1 && width == 3);
    CHECK_FAILS(gan_image_decode_floats(file, size, 0, read, 2, &height, &width, &channels, &depth), GAN_E_BUFFER_TOO_SMALL, "2 floats");
    CHECK_FAILS(gan_image_decode_floats(file, size, 2, read, 3, &height, &width, &channels, &depth), GAN_E_INVALID_ARGUMENT, "convert");
    CHECK_FAILS(gan_image_decode_floats(file, size, 0, read, 3, &height, &width, &channels, NULL), GAN_E_INVALID_ARGUMENT, "depth");
    CHECK_FAILS(gan_image_decode_floats(NULL, size, 0, read, 3, &height, &width, &channels, &depth), GAN_E_INVALID_ARGUMENT, "bytes");
    CHECK_FAILS(gan_image_encode_png(pixels, 1, 3, 1, 12, file, sizeof file, &size), GAN_E_INVALID_ARGUMENT, "depth");
    CHECK_FAILS(gan_image_encode_png(pixels, 1, 1, 2, 8, file, sizeof file, &size), GAN_E_INVALID_ARGUMENT, "channels");
    CHECK_FAILS(gan_image_encode_png(pixels, 0, 3, 1, 8, file, sizeof file, &size), GAN_E_INVALID_ARGUMENT, "");
    CHECK_FAILS(gan_image_encode_png(pixels, 1, 2000000, 1, 16, file, sizeof file, &size), GAN_E_OUT_OF_RANGE, "");
    CHECK_FAILS(gan_image_encode_png(pixels, 1, 3, 1, 8, NULL, 5, &size), GAN_E_INVALID_ARGUMENT, "buffer");
    CHECK_FAILS(gan_image_encode_png(pixels, 1, 3, 1, 8, file, sizeof file, NULL), GAN_E_INVALID_ARGUMENT, "size");
    CHECK_FAILS(gan_image_encode_png(NULL, 1, 3, 1, 8, file, sizeof file, &size), GAN_E_INVALID_ARGUMENT, "pixels");
}

static void wrong_arguments_are_refused(void) {
    uint8_t pixels[25], read[25], *bytes;
    size_t size = 0;
    int32_t height = 7, width = 7, channels = 7;
    fill(pixels, sizeof pixels);
    memset(read, 77, sizeof read);
    bytes = written(pixels, 5, 1, &size);
    CHECK_FAILS(gan_image_decode_png(NULL, size, 0, read, 25, &height, &width, &channels), GAN_E_INVALID_ARGUMENT, "bytes");
    CHECK_FAILS(gan_image_decode_png(bytes, size, 2, read, 25, &height, &width, &channels), GAN_E_INVALID_ARGUMENT, "convert");
    CHECK_FAILS(gan_image_decode_png(bytes, size, -1, read, 25, &height, &width, &channels), GAN_E_INVALID_ARGUMENT, "convert");
    CHECK_FAILS(gan_image_decode_png(bytes, size, 0, NULL, 25, &height, &width, &channels), GAN_E_INVALID_ARGUMENT, "pixels");
    CHECK_FAILS(gan_image_decode_png(bytes, size, 0, read, 25, NULL, &width, &channels), GAN_E_INVALID_ARGUMENT, "height");
    CHECK_FAILS(gan_image_decode_png(bytes, size, 0, read, 25, &height, NULL, &channels), GAN_E_INVALID_ARGUMENT, "width");
    CHECK_FAILS(gan_image_decode_png(bytes, size, 0, read, 25, &height, &width, NULL), GAN_E_INVALID_ARGUMENT, "channels");
    CHECK_FAILS(gan_image_decode_png(bytes, 0, 0, read, 25, &height, &width, &channels), GAN_E_TRUNCATED, "in memory");
    CHECK(height == 7 && width == 7 && channels == 7 && read[0] == 77);
    CHECK_FAILS(gan_image_decode_png(bytes, size, 0, read, 24, &height, &width, &channels), GAN_E_BUFFER_TOO_SMALL, "25");
    CHECK(height == 5 && width == 5 && channels == 1 && read[0] == 77); /* the shape that is needed, and no pixels */
    CHECK_FAILS(gan_image_decode_png(bytes, size, 3, read, 25, &height, &width, &channels), GAN_E_BUFFER_TOO_SMALL, "75");
    free(bytes);
}

/* Each byte changed, each length cut: refused, or at least survived, and the buffer is as it was where it is refused. */
static void broken_files_are_refused(void) {
    uint8_t pixels[64], read[64], *bytes;
    size_t size = 0, at, i;
    int32_t height = 7, width = 7, channels = 7;
    fill(pixels, sizeof pixels);
    bytes = written(pixels, 8, 1, &size);
    for (at = 0; at < size; at++) {
        memset(read, 77, sizeof read);
        /* A copy of just that size, so that a checker of memory sees a byte too many read. */
        uint8_t *part = malloc(at > 0 ? at : 1);
        memcpy(part, bytes, at);
        CHECK_FAILS(gan_image_decode_png(part, at, 1, read, 64, &height, &width, &channels), GAN_E_TRUNCATED, "PNG file in memory was cut");
        for (i = 0; i < 64; i++) CHECK(read[i] == 77);
        free(part);
    }
    CHECK(height == 7 && width == 7 && channels == 7);
    for (at = 0; at < size; at++) {
        int32_t status;
        memset(read, 77, sizeof read);
        bytes[at] ^= 0x10;
        status = gan_image_decode_png(bytes, size, 1, read, 64, &height, &width, &channels);
        if (status != GAN_OK) for (i = 0; i < 64; i++) CHECK(read[i] == 77);
        bytes[at] ^= 0x10;
    }
    CHECK_FAILS(gan_image_decode_png("not a picture, but long enough to be one", 40, 0, read, 64, &height, &width, &channels), GAN_E_BAD_FORMAT,
                "PNG");
    free(bytes);
}

/* The folder of files that lie: what opening them as files gives, decoding them from memory gives too. */
static void the_malformed_files_are_refused(void) {
    static const struct { const char *name; int32_t status; } statuses[] = {
        {"badFormat.png", GAN_E_BAD_FORMAT}, {"truncated.png", GAN_E_TRUNCATED}, {"checksum.png", GAN_E_CHECKSUM}};
    DIR *folder = opendir("Tests/Malformed/images");
    struct dirent *entry;
    int seen = 0;
    if (folder == NULL) SKIP("Tests/Malformed is not below the current folder");
    while ((entry = readdir(folder)) != NULL) {
        size_t i;
        for (i = 0; i < 3; i++) {
            char path[400];
            int32_t height = 7, width = 7, channels = 7;
            size_t size = 0, room = 1 << 28; /* one of them claims so many pixels */
            uint8_t *bytes, *read;
            if (strncmp(entry->d_name, statuses[i].name, strlen(statuses[i].name)) != 0) continue;
            snprintf(path, sizeof path, "Tests/Malformed/images/%s", entry->d_name);
            bytes = read_file(path, &size);
            read = malloc(room);
            CHECK_FAILS(gan_image_decode_png(bytes, size, 0, read, room, &height, &width, &channels), statuses[i].status, "in memory");
            free(read);
            free(bytes);
            seen++;
        }
    }
    closedir(folder);
    CHECK(seen >= 20);
}

/* ------------------------------------------------------------------------------------------------- JPEG */

static const char *const kinds[] = {"baseline", "baseline-420", "progressive", "grey", "restarts", "cmyk", "ycck", "orientation-3",
                                    "orientation-6"};

static uint8_t *picture(const char *name, const char *ending, size_t *size) {
    char path[128];
    snprintf(path, sizeof path, "Tests/Pictures/%s.%s", name, ending);
    return read_file(path, size);
}

/* Each beside the pixels that another program decodes, which are a PNG file. */
static void jpeg_is_decoded_as_png_is(void) {
    void *library = dlopen("libturbojpeg.so.0", RTLD_NOW);
    size_t i, j;
    if (library == NULL) SKIP("libturbojpeg.so.0 is not installed");
    dlclose(library);
    if (access("Tests/Pictures", R_OK) != 0) SKIP("Tests/Pictures is not below the current folder");
    for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        size_t size = 0, png_size = 0;
        uint8_t *jpeg = picture(kinds[i], "jpg", &size), *png = picture(kinds[i], "png", &png_size), found[600], wanted[600];
        int32_t height = 0, width = 0, channels = 0, png_height = 0, png_width = 0, png_channels = 0;
        CHECK_OK(gan_image_decode(png, png_size, 0, wanted, sizeof wanted, &png_height, &png_width, &png_channels));
        CHECK_OK(gan_image_decode(jpeg, size, 0, NULL, 0, &height, &width, &channels));
        CHECK(height == png_height && width == png_width && channels == png_channels);
        height = width = channels = 0;
        CHECK_OK(gan_image_decode(jpeg, size, 0, found, sizeof found, &height, &width, &channels));
        CHECK(height == png_height && width == png_width && channels == png_channels);
        for (j = 0; j < (size_t)(height * width * channels); j++)
            if (abs(found[j] - wanted[j]) > 2) check_fails(__FILE__, __LINE__, "%s: byte %zu is %d, not %d", kinds[i], j, found[j], wanted[j]);
        CHECK_OK(gan_image_decode(jpeg, size, 1, found, sizeof found, &height, &width, &channels));
        CHECK(channels == 1);
        CHECK_OK(gan_image_decode(jpeg, size, 3, found, sizeof found, &height, &width, &channels));
        CHECK(channels == 3);
        CHECK_FAILS(gan_image_decode(jpeg, size, 3, found, 500, &height, &width, &channels), GAN_E_BUFFER_TOO_SMALL, "561");
        CHECK_FAILS(gan_image_decode_png(jpeg, size, 3, found, sizeof found, &height, &width, &channels), GAN_E_BAD_FORMAT, "not PNG");
        free(jpeg);
        free(png);
    }
}

/* A cut file is refused, and a changed one at least survived; a checker of memory sees a byte too many read. */
static void broken_jpeg_is_refused(void) {
    size_t i, at;
    if (access("Tests/Pictures", R_OK) != 0) SKIP("Tests/Pictures is not below the current folder");
    for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        size_t size = 0;
        uint8_t *bytes = picture(kinds[i], "jpg", &size), read[600];
        int32_t height = 7, width = 7, channels = 7;
        for (at = 0; at < size; at++) {
            uint8_t *part = malloc(at > 0 ? at : 1);
            memcpy(part, bytes, at);
            memset(read, 77, sizeof read);
            CHECK_FAILS(gan_image_decode(part, at, 3, read, sizeof read, &height, &width, &channels), GAN_E_TRUNCATED, "in memory");
            CHECK(read[0] == 77 && read[599] == 77 && height == 7);
            free(part);
        }
        for (at = 0; at < size; at += 3) {
            uint8_t large[1 << 16];
            bytes[at] ^= 0x11;
            (void)gan_image_decode(bytes, size, 3, large, sizeof large, &height, &width, &channels);
            height = width = channels = 7;
            bytes[at] ^= 0x11;
        }
        free(bytes);
    }
}

/* Run by itself with a folder in front of the system's in which libturbojpeg is no library. */
static int without_the_library(void) {
    size_t size = 0;
    uint8_t *bytes = picture("baseline", "jpg", &size), read[600];
    int32_t height = 0, width = 0, channels = 0;
    gan_dataset *dataset = POISON;
    CHECK_OK(gan_image_decode(bytes, size, 0, NULL, 0, &height, &width, &channels)); /* the header alone */
    CHECK(height == 11 && width == 17 && channels == 3);
    CHECK_FAILS(gan_image_decode(bytes, size, 0, read, sizeof read, &height, &width, &channels), GAN_E_NOT_FOUND, "apt-get install libturbojpeg0");
    CHECK_FAILS(gan_dataset_open("Tests/Pictures/baseline.jpg", NULL, &dataset), GAN_E_NOT_FOUND, "baseline.jpg\" needs libturbojpeg");
    CHECK(dataset == POISON);
    CHECK_OK(gan_dataset_open("Tests/Pictures/baseline.png", NULL, &dataset));
    gan_dataset_destroy(dataset);
    free(bytes);
    return current_failed;
}

static void where_the_library_is_missing_a_sentence_says_what_to_install(void) {
    char command[800], self[256] = {0};
    if (access("Tests/Pictures", R_OK) != 0) SKIP("Tests/Pictures is not below the current folder");
    CHECK(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
    if (strstr(self, "test-pictures") == NULL) SKIP("an emulator or a checker runs this program");
    CHECK(mkdir(scratch("hidden"), 0777) == 0);
    write_file(scratch("hidden/libturbojpeg.so.0"), "no library", 10);
    write_file(scratch("hidden/libturbojpeg.so"), "no library", 10);
    snprintf(command, sizeof command, "LD_LIBRARY_PATH='%s':\"$LD_LIBRARY_PATH\" '%s' --without-the-library", scratch("hidden"), self);
    CHECK(system(command) == 0);
}

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "--without-the-library") == 0) return without_the_library();
    RUN(jpeg_is_decoded_as_png_is);
    RUN(broken_jpeg_is_refused);
    RUN(where_the_library_is_missing_a_sentence_says_what_to_install);
    RUN(what_was_written_is_read);
    RUN(channels_are_converted);
    RUN(numbers_go_in_and_out);
    RUN(wrong_arguments_are_refused);
    RUN(broken_files_are_refused);
    RUN(the_malformed_files_are_refused);
    return FINISH("pictures");
}
