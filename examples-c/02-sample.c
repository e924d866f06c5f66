/* 02-sample: draws samples from a checkpoint into one picture.
 *
 *     02-sample [checkpoint] [picture] [--count N] [--columns N] [--first N] [--seed N] [--scale N]
 *
 * checkpoint  a file that a trainer saved; demo/digits.safetensors unless given
 * picture     the PNG to write; grid.png unless given
 *
 * Sample i under seed s is always the same image, however many are drawn beside it: --first 10 --count 1 gives
 * the eleventh image of the whole grid again.
 *
 *     cc -std=c99 02-sample.c $(pkg-config --cflags --libs gan) -o 02-sample && ./02-sample
 */
#include <gan.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void usage(void) {
    fputs("usage: 02-sample [checkpoint] [picture] [--count N] [--columns N] [--first N] [--seed N] [--scale N]\n"
          "  checkpoint  what a trainer saved (demo/digits.safetensors)\n"
          "  picture     the PNG to write (grid.png)\n"
          "  --count     how many samples (64)\n"
          "  --columns   how many a row (8)\n"
          "  --first     the first sample's number (0)\n"
          "  --seed      any number (0)\n"
          "  --scale     screen pixels for each pixel (2)\n",
          stderr);
    exit(2);
}

/* Ends the program with the library's sentence when a call failed. */
static void check(int32_t status) {
    if (status == GAN_OK) return;
    fprintf(stderr, "02-sample: %s (%s)\n", gan_error_message(), gan_status_name(status));
    exit(1);
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
    const char *checkpoint = NULL, *picture = NULL;
    long long count = 64, columns = 8, first = 0, seed = 0, scale = 2;
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    int32_t height, width, channels, latent;
    int i;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--count") == 0) count = number(argv[++i], 1, 1000000);
        else if (strcmp(argv[i], "--columns") == 0) columns = number(argv[++i], 1, 10000);
        else if (strcmp(argv[i], "--first") == 0) first = number(argv[++i], 0, 1000000000);
        else if (strcmp(argv[i], "--seed") == 0) seed = number(argv[++i], 0, INT64_MAX);
        else if (strcmp(argv[i], "--scale") == 0) scale = number(argv[++i], 1, 1000);
        else if (argv[i][0] == '-' || argv[i][0] == '\0') usage();
        else if (checkpoint == NULL) checkpoint = argv[i];
        else if (picture == NULL) picture = argv[i];
        else usage();
    }
    if (checkpoint == NULL) checkpoint = "demo/digits.safetensors";
    if (picture == NULL) picture = "grid.png";

    check(gan_generator_load(checkpoint, &generator));
    check(gan_generator_shape(generator, &height, &width, &channels));
    check(gan_generator_latent_size(generator, &latent));
    check(gan_sampler_create(generator, NULL, &sampler));
    check(gan_sampler_write_png(sampler, (uint64_t)seed, first, count, (int32_t)columns, 2, (int32_t)scale, picture));
    printf("%s: %lld samples of %d x %d x %d from %d numbers each\n", picture, count, (int)height, (int)width, (int)channels,
           (int)latent);

    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
    return 0;
}
