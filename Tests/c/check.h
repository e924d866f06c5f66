/* check.h: what the C test programs share. Include it first.
 *
 * A test is a function without arguments, run by RUN(function). It passes when all its CHECKs hold. A CHECK that does
 * not hold says where and what, and the test goes on, so one run shows everything. FINISH() prints the program's line
 * "name: N passed, N failed" and gives main's result.
 */
#ifndef CHECK_H
#define CHECK_H

#define _GNU_SOURCE

#include <gan.h>

#include <errno.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define UNUSED __attribute__((unused))

static int tests_passed, tests_failed, tests_skipped, current_failed, current_skipped;
static const char *current_test = "";

#define RUN(function) run_test(function, #function)

static void run_test(void (*function)(void), const char *name) {
    current_test = name;
    current_failed = current_skipped = 0;
    function();
    if (current_failed) tests_failed++;
    else if (current_skipped) tests_skipped++;
    else tests_passed++;
}

static UNUSED void check_fails(const char *file, int line, const char *format, ...) {
    va_list arguments;
    current_failed = 1;
    fprintf(stderr, "%s:%d: %s: ", file, line, current_test);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

/* The machine lacks what this test needs. Returns from the test. */
#define SKIP(why)                                                          \
    do {                                                                   \
        fprintf(stderr, "skipped: %s: %s\n", current_test, why);           \
        current_skipped = 1;                                               \
        return;                                                            \
    } while (0)

#define CHECK(condition)                                                                        \
    do {                                                                                        \
        if (!(condition)) check_fails(__FILE__, __LINE__, "does not hold: %s", #condition);     \
    } while (0)

#define CHECK_TEXT(text, expected) check_text(__FILE__, __LINE__, text, expected)

static UNUSED void check_text(const char *file, int line, const char *text, const char *expected) {
    if (text == NULL || strcmp(text, expected) != 0)
        check_fails(file, line, "\"%s\" where \"%s\" was expected", text ? text : "(NULL)", expected);
}

/* The call succeeds. */
#define CHECK_OK(call) check_status(__FILE__, __LINE__, #call, call)

static UNUSED int check_status(const char *file, int line, const char *text, int32_t status) {
    if (status == GAN_OK) return 1;
    check_fails(file, line, "%s: %s: %s", text, gan_status_name(status), gan_error_message());
    return 0;
}

/* The call fails with this status and a sentence that has this word in it (in either case). */
#define CHECK_FAILS(call, expected, word) check_failure(__FILE__, __LINE__, #call, call, expected, word)

static UNUSED void check_failure(const char *file, int line, const char *text, int32_t status, int32_t expected, const char *word) {
    const char *message = gan_error_message();
    size_t length = strlen(message);
    if (status != expected) {
        check_fails(file, line, "%s: %s where %s was expected (\"%s\")", text, gan_status_name(status), gan_status_name(expected), message);
        return;
    }
    if (length < 12 || (message[length - 1] != '.' && message[length - 1] != '?') || strchr(message, ' ') == NULL)
        check_fails(file, line, "%s: no sentence: \"%s\"", text, message);
    else if (strcasestr(message, word) == NULL)
        check_fails(file, line, "%s: \"%s\" does not name \"%s\"", text, message, word);
    if (getenv("SHOW_MESSAGES") != NULL) fprintf(stderr, "  %s: %s\n", gan_status_name(status), message);
}

/* A pointer that no call may write over when it fails. */
#define POISON ((void *)0x5a5a5a50)

#define FINISH(name) finish(name)

/* ---------------------------------------------------------------------------------------------- Temporary */

static char scratch_folder[64];

static int remove_entry(const char *path, const struct stat *information, int type, struct FTW *position) {
    (void)information, (void)type, (void)position;
    return remove(path);
}

static pid_t scratch_owner;

static UNUSED void remove_scratch(void) {
    if (scratch_owner == getpid()) nftw(scratch_folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* A path in a folder that is removed when the program ends. A few may be in use at once. */
static UNUSED const char *scratch(const char *name) {
    static char paths[8][192];
    static int next;
    char *path = paths[next++ % 8];
    if (scratch_folder[0] == '\0') {
        strcpy(scratch_folder, "/tmp/gan-test-XXXXXX");
        if (mkdtemp(scratch_folder) == NULL) {
            perror("mkdtemp");
            exit(1);
        }
        scratch_owner = getpid();
        atexit(remove_scratch);
    }
    snprintf(path, sizeof paths[0], "%s/%s", scratch_folder, name);
    return path;
}

static UNUSED void write_file(const char *path, const void *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

/* A file's contents, to be freed; NULL when it cannot be read. */
static UNUSED uint8_t *read_file(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    uint8_t *bytes;
    long length;
    if (file == NULL) return NULL;
    if (fseek(file, 0, SEEK_END) != 0 || (length = ftell(file)) < 0 || fseek(file, 0, SEEK_SET) != 0) {
        fclose(file);
        return NULL;
    }
    bytes = malloc((size_t)length + 1);
    if (bytes != NULL && fread(bytes, 1, (size_t)length, file) != (size_t)length) {
        free(bytes);
        bytes = NULL;
    }
    fclose(file);
    if (bytes != NULL) bytes[length] = 0;
    *size = (size_t)length;
    return bytes;
}

static UNUSED int same_files(const char *a, const char *b) {
    size_t size_a = 0, size_b = 0;
    uint8_t *bytes_a = read_file(a, &size_a), *bytes_b = read_file(b, &size_b);
    int same = bytes_a != NULL && bytes_b != NULL && size_a == size_b && memcmp(bytes_a, bytes_b, size_a) == 0;
    free(bytes_a);
    free(bytes_b);
    return same;
}

/* --------------------------------------------------------------------------------------------- Small GANs */

enum { SIDE = 6, PIXELS = SIDE * SIDE, IMAGES = 120, LATENT = 5, BATCH = 10, STEPS_PER_EPOCH = IMAGES / BATCH };

/* Images that differ from each other. */
static UNUSED void small_pixels(uint8_t pixels[IMAGES * PIXELS]) {
    int i;
    for (i = 0; i < IMAGES * PIXELS; i++) pixels[i] = (uint8_t)(i % PIXELS * 7 + i / PIXELS * 37 + i * i % 11);
}

static UNUSED gan_dataset *small_dataset(void) {
    uint8_t pixels[IMAGES * PIXELS];
    gan_dataset *dataset = NULL;
    small_pixels(pixels);
    CHECK_OK(gan_dataset_create_bytes(pixels, IMAGES, SIDE, SIDE, 1, NULL, 0, NULL, NULL, &dataset));
    return dataset;
}

/* Options of a network for those images that trains in no time. */
/* What every recipe reads. */
static UNUSED gan_options *common_options(int threads) {
    gan_options *options = NULL;
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_options_set_integer(options, "batch-size", BATCH));
    CHECK_OK(gan_options_set_integer(options, "seed", 42));
    CHECK_OK(gan_options_set_integer(options, "threads", threads));
    return options;
}

static UNUSED gan_options *small_options(int threads) {
    gan_options *options = common_options(threads);
    CHECK_OK(gan_options_set_integer(options, "latent.size", LATENT));
    CHECK_OK(gan_options_set(options, "generator.hidden", "9,8"));
    CHECK_OK(gan_options_set(options, "discriminator.hidden", "7"));
    return options;
}

static UNUSED gan_trainer *small_trainer(int threads) {
    gan_options *options = small_options(threads);
    gan_dataset *dataset = small_dataset();
    gan_trainer *trainer = NULL;
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    gan_options_destroy(options);
    gan_dataset_destroy(dataset);
    return trainer;
}

static UNUSED gan_generator *small_generator(void) {
    gan_trainer *trainer = small_trainer(1);
    gan_generator *generator = NULL;
    CHECK_OK(gan_trainer_step(trainer, 3));
    CHECK_OK(gan_trainer_generator(trainer, &generator));
    gan_trainer_destroy(trainer);
    return generator;
}

static UNUSED double metric(const gan_trainer *trainer, const char *name) {
    double value = -12345;
    CHECK_OK(gan_trainer_metric(trainer, name, &value));
    return value;
}

/* ------------------------------------------------------------------------------------------------- The end */

static UNUSED int finish(const char *name) {
    printf("%s: %d passed, %d failed", name, tests_passed, tests_failed);
    if (tests_skipped > 0) printf(", %d skipped", tests_skipped);
    printf("\n");
    fflush(stdout);
    return tests_failed > 0;
}

#endif
