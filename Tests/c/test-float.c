/* test-float: the host's floating-point environment, which no result depends on and no call changes. */
#include "check.h"

#include <fenv.h>
#include <math.h>
#include <pthread.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

static const int roundings[] = {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO};
enum { TRAPS = FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW | FE_UNDERFLOW | FE_INEXACT };

/* The flags that the host raised itself, before its call; the rest of what a call may not change. */
static int flags_before;

static void check_environment(int rounding, int traps, int line) {
    if (fegetround() != rounding) check_fails(__FILE__, line, "the rounding mode is %d, and was %d", fegetround(), rounding);
    if (fegetexcept() != traps) check_fails(__FILE__, line, "the traps are %d, and were %d", fegetexcept(), traps);
    if (fetestexcept(FE_ALL_EXCEPT) != flags_before)
        check_fails(__FILE__, line, "the flags are %d, and were %d", fetestexcept(FE_ALL_EXCEPT), flags_before);
}

static int host_rounding, host_traps;
#define SAME_ENVIRONMENT() check_environment(host_rounding, host_traps, __LINE__)

/* --------------------------------------------------------------------------------------------- Everything */

static int32_t look(void *context, gan_trainer *trainer, int32_t event) {
    int *calls = context;
    double value;
    (void)event;
    SAME_ENVIRONMENT();
    CHECK_OK(gan_trainer_metric(trainer, "step", &value));
    SAME_ENVIRONMENT();
    ++*calls;
    return 0;
}

static int32_t fill(void *context, const int64_t *indices, int64_t count, float *values) {
    int64_t i;
    (void)context;
    SAME_ENVIRONMENT();
    for (i = 0; i < count * PIXELS; i++) values[i] = (indices[i / PIXELS] + i) % 2 ? 0.25f : 0.75f;
    return 0;
}

static int releases;

static void release(void *context) {
    (void)context;
    SAME_ENVIRONMENT();
    releases++;
}

typedef struct {
    FILE *file;
    char *bytes;
    size_t size;
} Record;

static void write_text(Record *record, const char *text) { fwrite(text, 1, strlen(text), record->file); }

static void write_option(Record *record, gan_options *options, const char *name, const char *value) {
    char text[128] = "";
    int32_t status = gan_options_set(options, name, value);
    SAME_ENVIRONMENT();
    CHECK_OK(gan_options_get(options, name, text, sizeof text, NULL));
    fwrite(&status, sizeof status, 1, record->file);
    write_text(record, text);
    if (status != GAN_OK) write_text(record, gan_error_message());
}

static void write_back(Record *record, const char *path) {
    size_t size = 0;
    uint8_t *bytes = read_file(path, &size);
    CHECK(bytes != NULL);
    if (bytes != NULL) fwrite(bytes, 1, size, record->file);
    free(bytes);
}

static void put_number(uint8_t *bytes, double value) {
    union {
        double value;
        uint64_t bits;
    } number;
    int i;
    number.value = value;
    for (i = 0; i < 8; i++) bytes[i] = (uint8_t)(number.bits >> (56 - 8 * i));
}

/* Float64 images, and a last number that no float holds. The host's own arithmetic, here and below, is exact: it raises no flags. */
static void open_doubles(Record *record, const char *path, double last) {
    uint8_t bytes[16 + 8 * 40] = {0, 0, 0x0e, 3, 0, 0, 0, 10, 0, 0, 0, 2, 0, 0, 0, 2};
    gan_dataset *dataset = NULL;
    float values[40];
    int32_t status;
    int i;
    for (i = 0; i < 40; i++) put_number(bytes + 16 + 8 * i, i / 64.0);
    put_number(bytes + 16 + 8 * 39, last);
    write_file(path, bytes, sizeof bytes);
    status = gan_dataset_open(path, NULL, &dataset);
    SAME_ENVIRONMENT();
    fwrite(&status, sizeof status, 1, record->file);
    if (status != GAN_OK) {
        write_text(record, gan_error_message());
        return;
    }
    CHECK_OK(gan_dataset_read(dataset, 0, 10, values, 40));
    fwrite(values, sizeof values, 1, record->file);
    gan_dataset_destroy(dataset);
}

/* Calls what computes, and keeps all that comes of it, bit for bit. */
static void compute(Record *record) {
    gan_options *options = small_options(2);
    gan_dataset *dataset = small_dataset(), *called = NULL;
    gan_trainer *trainer = NULL;
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    double minimum, maximum, value;
    float latents[20 * LATENT], images[20 * PIXELS];
    uint8_t pixels[20 * PIXELS];
    char path[192];
    int i, calls = 0;
    snprintf(path, sizeof path, "%s", scratch("float"));
    record->file = open_memstream(&record->bytes, &record->size);

    for (i = 0; i < gan_option_count(); i++) {
        write_text(record, gan_option_default(i));
        write_text(record, gan_option_range(i));
        if (gan_option_bounds(i, &minimum, &maximum) == GAN_OK) {
            fwrite(&minimum, sizeof minimum, 1, record->file);
            fwrite(&maximum, sizeof maximum, 1, record->file);
        }
    }
    SAME_ENVIRONMENT();
    write_option(record, options, "generator.learning-rate", "1e400");
    write_option(record, options, "generator.learning-rate", "1e-400");
    write_option(record, options, "generator.learning-rate", "0.00019999999999999999");
    write_option(record, options, "generator.learning-rate", "0.1234567890123456789012345678901234567890");
    write_option(record, options, "generator.beta1", "nan");
    write_option(record, options, "batch-size", "1e300");
    write_option(record, options, "batch-size", "10");
    fprintf(record->file, "%d", gan_options_set_real(options, "generator.learning-rate", 1e300));
    fprintf(record->file, "%d", gan_options_set_real(options, "batch-size", 1e300));
    fprintf(record->file, "%d", gan_options_set_real(options, "batch-size", NAN));
    fprintf(record->file, "%d", gan_options_set_real(options, "generator.epsilon", 1e-310));
    fprintf(record->file, "%d", gan_options_set_real(options, "generator.learning-rate", 0.1));
    SAME_ENVIRONMENT();
    open_doubles(record, path, 0.75);
    open_doubles(record, path, 1e300);
    open_doubles(record, path, NAN);
    open_doubles(record, path, 1e-310);

    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    SAME_ENVIRONMENT();
    CHECK_OK(gan_trainer_save(trainer, path)); /* the initial weights */
    write_back(record, path);
    CHECK_OK(gan_trainer_run(trainer, 2, look, &calls));
    CHECK(calls >= 2);
    SAME_ENVIRONMENT();
    CHECK_OK(gan_trainer_save(trainer, path));
    write_back(record, path);
    CHECK_OK(gan_trainer_metric(trainer, "generator.loss", &value));
    fwrite(&value, sizeof value, 1, record->file);
    gan_trainer_destroy(trainer);
    CHECK_OK(gan_trainer_load(path, NULL, dataset, &trainer));
    CHECK_OK(gan_trainer_step(trainer, 3));
    CHECK_OK(gan_trainer_generator(trainer, &generator));
    gan_trainer_destroy(trainer);

    CHECK_OK(gan_sampler_create(generator, options, &sampler));
    CHECK_OK(gan_sampler_latents(sampler, 3, 0, 20, latents, 20 * LATENT));
    fwrite(latents, sizeof latents, 1, record->file);
    SAME_ENVIRONMENT();
    CHECK_OK(gan_sampler_draw(sampler, 3, 0, 20, images, 20 * PIXELS));
    fwrite(images, sizeof images, 1, record->file);
    CHECK_OK(gan_sampler_draw_bytes(sampler, 3, 0, 20, pixels, 20 * PIXELS));
    fwrite(pixels, sizeof pixels, 1, record->file);
    CHECK_OK(gan_sampler_path(sampler, latents, latents + LATENT, GAN_PATH_SPHERICAL, 20, latents, 20 * LATENT));
    fwrite(latents, sizeof latents, 1, record->file);
    CHECK_OK(gan_sampler_decode(sampler, latents, 20, images, 20 * PIXELS));
    fwrite(images, sizeof images, 1, record->file);
    latents[3] = INFINITY;
    CHECK(gan_sampler_decode(sampler, latents, 20, images, 20 * PIXELS) == GAN_E_BAD_DATA);
    write_text(record, gan_error_message());
    SAME_ENVIRONMENT();
    CHECK_OK(gan_sampler_write_png(sampler, 3, 0, 20, 5, 1, 2, path));
    write_back(record, path);
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);

    releases = 0;
    CHECK_OK(gan_dataset_create_callback(fill, IMAGES, SIDE, SIDE, 1, release, NULL, &called));
    CHECK_OK(gan_dataset_read(called, 0, 20, images, 20 * PIXELS));
    fwrite(images, sizeof images, 1, record->file);
    CHECK_OK(gan_trainer_create(options, called, &trainer));
    CHECK_OK(gan_trainer_step(trainer, 4));
    CHECK_OK(gan_trainer_save(trainer, path));
    write_back(record, path);
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(called);
    CHECK(releases == 1);
    SAME_ENVIRONMENT();
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
    fclose(record->file);
}

static Record expected;

static void compare(const char *what) {
    Record record = {NULL, NULL, 0};
    compute(&record);
    feclearexcept(FE_ALL_EXCEPT);
    fesetenv(FE_DFL_ENV);
    if (record.size != expected.size || memcmp(record.bytes, expected.bytes, expected.size) != 0)
        check_fails(__FILE__, __LINE__, "other bits with %s", what);
    free(record.bytes);
}

static void set_environment(int rounding, int traps, int flags) {
    fesetenv(FE_DFL_ENV);
    fesetround(rounding);
    feraiseexcept(flags);
    flags_before = fetestexcept(FE_ALL_EXCEPT);
    if (traps) feenableexcept(traps);
    host_rounding = rounding;
    host_traps = traps;
}

static void in_the_default_environment(void) {
    set_environment(FE_TONEAREST, 0, 0);
    compute(&expected);
    CHECK(expected.size > 10000);
}

static void results_do_not_depend_on_rounding(void) {
    int i;
    for (i = 0; i < 4; i++) {
        set_environment(roundings[i], 0, 0);
        compare("another rounding mode");
        set_environment(roundings[i], 0, FE_OVERFLOW | FE_INEXACT); /* the host's own flags stay */
        compare("flags raised");
    }
}

/* Free Pascal and Delphi have all but the last two. */
static void nothing_traps(void) {
    int i;
    for (i = 0; i < 4; i++) {
        set_environment(roundings[i], FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW, 0);
        compare("three exceptions that trap");
    }
#if defined(__x86_64__)
    /* The host's own arithmetic in this test is inexact, so these are for the library alone. */
    {
        gan_options *options = NULL;
        gan_dataset *dataset = small_dataset();
        gan_trainer *trainer = NULL;
        int32_t status[6];
        set_environment(FE_TONEAREST, TRAPS, 0);
        status[0] = gan_options_create(&options);
        status[1] = gan_options_set(options, "batch-size", "10");
        status[2] = gan_options_set(options, "generator.learning-rate", "0.1234567");
        status[3] = gan_trainer_create(options, dataset, &trainer);
        status[4] = gan_trainer_step(trainer, 2);
        status[5] = gan_options_set_real(options, "batch-size", 1e300);
        SAME_ENVIRONMENT();
        gan_trainer_destroy(trainer);
        fesetenv(FE_DFL_ENV);
        CHECK(status[0] == GAN_OK && status[1] == GAN_OK && status[2] == GAN_OK && status[3] == GAN_OK && status[4] == GAN_OK);
        CHECK(status[5] == GAN_E_OUT_OF_RANGE);
        gan_options_destroy(options);
        gan_dataset_destroy(dataset);
    }
#endif
}

#if defined(__x86_64__)
static void denormals_are_numbers_whatever_the_host_takes_them_for(void) {
    set_environment(FE_TONEAREST, 0, 0);
    _mm_setcsr(_mm_getcsr() | 0x8040u);
    compare("denormals taken as zero");
    /* Compilers of old set the x87 to double precision. */
    {
        volatile uint16_t control = 0x027f;
        set_environment(FE_TONEAREST, 0, 0);
        __asm__ volatile("fldcw %0" : : "m"(control));
        compare("the x87 in double precision");
    }
}

static void the_whole_environment_is_given_back(void) {
    volatile uint16_t control = 0x0c72, after;
    gan_options *options = NULL;
    set_environment(FE_TONEAREST, 0, 0);
    __asm__ volatile("fldcw %0" : : "m"(control));
    _mm_setcsr(0xffc0u & ~0x0480u);
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_options_set(options, "generator.learning-rate", "0.25"));
    CHECK(_mm_getcsr() == (0xffc0u & ~0x0480u));
    __asm__ volatile("fnstcw %0" : "=m"(after));
    CHECK(after == control);
    gan_options_destroy(options);
    fesetenv(FE_DFL_ENV);
}
#endif

/* What a callback sets is the host's, and stays after the call. */
static int32_t round_up(void *context, gan_trainer *trainer, int32_t event) {
    (void)context, (void)trainer, (void)event;
    return fesetround(FE_UPWARD);
}

static void a_callback_may_change_the_environment(void) {
    gan_trainer *trainer = small_trainer(2);
    set_environment(FE_DOWNWARD, 0, 0);
    CHECK_OK(gan_trainer_run(trainer, 1, round_up, NULL));
    CHECK(fegetround() == FE_UPWARD);
    fesetenv(FE_DFL_ENV);
    gan_trainer_destroy(trainer);
}

/* The first calls make tables, which are kept: another process, for each environment. */
static void the_first_call_may_come_in_any_environment(void) {
    int i;
    for (i = 0; i < 4; i++) {
        int result = 0;
        pid_t child;
        fflush(NULL);
        child = fork();
        if (child == 0) {
            set_environment(roundings[i], FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW, 0);
            current_failed = 0;
            compute(&expected);
            fesetenv(FE_DFL_ENV);
            write_file(scratch(i == 0 ? "first-0" : i == 1 ? "first-1" : i == 2 ? "first-2" : "first-3"), expected.bytes, expected.size);
            _exit(current_failed);
        }
        waitpid(child, &result, 0);
        CHECK(WIFEXITED(result) && WEXITSTATUS(result) == 0);
    }
    CHECK(same_files(scratch("first-0"), scratch("first-1")));
    CHECK(same_files(scratch("first-0"), scratch("first-2")));
    CHECK(same_files(scratch("first-0"), scratch("first-3")));
}

int main(void) {
    scratch("x"); /* the folder is the parent's */
    RUN(the_first_call_may_come_in_any_environment);
    RUN(in_the_default_environment);
    RUN(results_do_not_depend_on_rounding);
    RUN(nothing_traps);
#if defined(__x86_64__)
    RUN(denormals_are_numbers_whatever_the_host_takes_them_for);
    RUN(the_whole_environment_is_given_back);
#endif
    RUN(a_callback_may_change_the_environment);
    free(expected.bytes);
    return FINISH("float");
}
