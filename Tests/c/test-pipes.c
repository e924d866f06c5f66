/* test-pipes: data and models from what is no file: a program's pipe is read, what has no end or no beginning is refused. */
#include "check.h"

#include <time.h>

static void open_fails(const char *path, int32_t status, const char *word) {
    gan_dataset *dataset = POISON;
    CHECK_FAILS(gan_dataset_open(path, NULL, &dataset), status, word);
    CHECK_FAILS(gan_dataset_open_idx(path, NULL, NULL, &dataset), status, word);
    CHECK(dataset == POISON);
}

static void load_fails(const char *path, int32_t status, const char *word) {
    gan_generator *generator = POISON;
    gan_checkpoint *checkpoint = POISON;
    CHECK_FAILS(gan_generator_load(path, &generator), status, word);
    CHECK_FAILS(gan_checkpoint_open(path, &checkpoint), status, word);
    CHECK(generator == POISON && checkpoint == POISON);
}

/* Neither waited for without end, nor read until memory is full. */
static void devices_and_silent_pipes_are_refused(void) {
    static const char *const devices[] = {"/dev/zero", "/dev/urandom", "/dev/full", "/dev/null"};
    gan_dataset *dataset = POISON;
    gan_generator *generator = POISON;
    char pipe[192];
    time_t started = time(NULL);
    size_t i;
    for (i = 0; i < 4; i++) {
        open_fails(devices[i], GAN_E_BAD_FORMAT, devices[i]);
        CHECK(strstr(gan_error_message(), "is a device") != NULL);
        load_fails(devices[i], GAN_E_BAD_FORMAT, devices[i]);
    }
    snprintf(pipe, sizeof pipe, "%s", scratch("pipe"));
    CHECK(mkfifo(pipe, 0600) == 0);
    CHECK_FAILS(gan_dataset_open(pipe, NULL, &dataset), GAN_E_IO, "nobody writes");
    CHECK_FAILS(gan_generator_load(pipe, &generator), GAN_E_IO, "nobody writes");
    CHECK(time(NULL) - started < 60 && dataset == POISON && generator == POISON);
}

static void in_background(const char *format, const char *from, const char *to) {
    char command[500];
    snprintf(command, sizeof command, format, from, to);
    CHECK(system(command) == 0);
}

static void a_program_may_write_into_a_pipe(void) {
    uint8_t bytes[16 + 12000] = {0, 0, 8, 3, 0, 0, 0, 30, 0, 0, 0, 20, 0, 0, 0, 20};
    gan_dataset *dataset = NULL;
    gan_generator *generator = small_generator(), *piped = NULL;
    int64_t count = 0;
    int32_t height, width, channels, size = 0;
    char pipe[192], data[192], model[192];
    snprintf(pipe, sizeof pipe, "%s", scratch("fed"));
    snprintf(data, sizeof data, "%s", scratch("data"));
    snprintf(model, sizeof model, "%s", scratch("model"));
    write_file(data, bytes, sizeof bytes);
    CHECK_OK(gan_generator_save(generator, model));
    CHECK(mkfifo(pipe, 0600) == 0);
    in_background("(sleep 0.3; gzip -c '%s' > '%s') &", data, pipe);
    CHECK_OK(gan_dataset_open(pipe, NULL, &dataset));
    CHECK_OK(gan_dataset_shape(dataset, &count, &height, &width, &channels));
    CHECK(count == 30 && height == 20 && width == 20 && channels == 1);
    gan_dataset_destroy(dataset);
    in_background("(sleep 0.3; cat '%s' > '%s') &", model, pipe);
    CHECK_OK(gan_generator_load(pipe, &piped));
    CHECK_OK(gan_generator_latent_size(piped, &size));
    CHECK(size == LATENT);
    gan_generator_destroy(piped);
    gan_generator_destroy(generator);
    /* Without an end: what a header promises is read, and a byte more. */
    dataset = POISON;
    in_background("(cat '%s' /dev/zero > '%s') 2>/dev/null &", data, pipe);
    CHECK_FAILS(gan_dataset_open(pipe, NULL, &dataset), GAN_E_BAD_FORMAT, "goes on");
    in_background("(cat '%s' /dev/zero > '%s') 2>/dev/null &", "/dev/null", pipe);
    CHECK_FAILS(gan_dataset_open(pipe, NULL, &dataset), GAN_E_BAD_FORMAT, "element type 0");
    CHECK(dataset == POISON);
}

int main(void) {
    RUN(devices_and_silent_pipes_are_refused);
    RUN(a_program_may_write_into_a_pipe);
    return FINISH("pipes");
}
