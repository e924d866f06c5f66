/* 03-resume: goes on with a training that was saved, exactly as if it had never stopped.
 *
 *     03-resume [checkpoint] [data] [--epochs N] [--rate R] [--threads N] [--to FILE]
 *
 * checkpoint  what 01-train saved; demo/digits.safetensors unless given
 * data        the images that it was trained on; examples-c/data unless given
 *
 * Seven epochs in one go, or three, this program, and four more: the two checkpoints are the same, byte for byte, for
 * any number of threads. The learning rates are among the few settings that may change on the way (--rate); the
 * networks' sizes are not, and a wrong one is refused with a sentence.
 *
 *     cc -std=c99 03-resume.c $(pkg-config --cflags --libs gan) -o 03-resume && ./03-resume
 */
#include <gan.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void usage(void) {
    fputs("usage: 03-resume [checkpoint] [data] [--epochs N] [--rate R] [--threads N] [--to FILE]\n"
          "  checkpoint  what a trainer saved (demo/digits.safetensors)\n"
          "  data        the images that it was trained on (examples-c/data)\n"
          "  --epochs    how many more (10); the rest of one that was interrupted counts as the first\n"
          "  --rate      a new learning rate for both networks\n"
          "  --threads   processors to use; 0 is all of them (0)\n"
          "  --to        the checkpoint to write (the one that was read)\n",
          stderr);
    exit(2);
}

/* Ends the program with the library's sentence when a call failed. */
static void check(int32_t status) {
    if (status == GAN_OK) return;
    fprintf(stderr, "03-resume: %s (%s)\n", gan_error_message(), gan_status_name(status));
    exit(1);
}

static double metric(const gan_trainer *trainer, const char *name) {
    double value = 0;
    check(gan_trainer_metric(trainer, name, &value));
    return value;
}

/* A line for every epoch. */
static int32_t progress(void *context, gan_trainer *trainer, int32_t event) {
    (void)context;
    if (event != GAN_EVENT_EPOCH) return 0;
    printf("Epoch: %04d D loss: %.4g G loss: %.4g\n", (int)metric(trainer, "epoch") - 1, metric(trainer, "discriminator.loss"),
           metric(trainer, "generator.loss"));
    fflush(stdout);
    return 0;
}

/* A whole number from `smallest` to `largest`, or the usage. */
static long long number(const char *text, long long smallest, long long largest) {
    char *end;
    long long value;
    if (text == NULL) usage();
    errno = 0;
    value = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || value < smallest || value > largest) usage();
    return value;
}

int main(int argc, char **argv) {
    const char *checkpoint = NULL, *data = NULL, *rate = NULL, *to = NULL;
    long long epochs = 10, threads = 0;
    gan_options *options = NULL;
    gan_dataset *dataset = NULL;
    gan_trainer *trainer = NULL;
    char seed[32];
    int i;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--epochs") == 0) epochs = number(argv[++i], 1, 1000000000);
        else if (strcmp(argv[i], "--threads") == 0) threads = number(argv[++i], 0, 1000000);
        else if (strcmp(argv[i], "--rate") == 0 && argv[i + 1] != NULL) rate = argv[++i];
        else if (strcmp(argv[i], "--to") == 0 && argv[i + 1] != NULL) to = argv[++i];
        else if (argv[i][0] == '-' || argv[i][0] == '\0') usage();
        else if (checkpoint == NULL) checkpoint = argv[i];
        else if (data == NULL) data = argv[i];
        else usage();
    }
    if (checkpoint == NULL) checkpoint = "demo/digits.safetensors";
    if (data == NULL) data = "examples-c/data";
    if (to == NULL) to = checkpoint;

    /* Only what is set here overrides the checkpoint; everything else comes out of the file. */
    check(gan_options_create(&options));
    check(gan_options_set_integer(options, "threads", threads));
    if (rate != NULL) {
        check(gan_options_set(options, "generator.learning-rate", rate));
        check(gan_options_set(options, "discriminator.learning-rate", rate));
    }
    check(gan_dataset_open(data, options, &dataset));
    check(gan_trainer_load(checkpoint, options, dataset, &trainer));
    check(gan_trainer_option(trainer, "seed", seed, sizeof seed, NULL));
    fprintf(stderr, "%s: step %.0f, %.0f whole epochs, seed %s\n", checkpoint, metric(trainer, "step"), metric(trainer, "epoch"),
            seed);

    check(gan_trainer_run(trainer, epochs, progress, NULL));
    check(gan_trainer_save(trainer, to));
    fprintf(stderr, "%s: step %.0f, %.0f whole epochs\n", to, metric(trainer, "step"), metric(trainer, "epoch"));

    gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
    return 0;
}
