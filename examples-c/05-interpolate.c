/* 05-interpolate: walks from one sample to another, so that one digit turns into the next.
 *
 *     05-interpolate [checkpoint] [picture] [--rows N] [--steps N] [--seed N] [--linear]
 *
 * checkpoint  a file that a trainer saved; demo/digits.safetensors unless given
 * picture     the PNG to write; paths.png unless given. Each row is one path, its ends samples 2i and 2i + 1.
 *
 * The path is a great circle unless --linear is given: normal latents in many dimensions lie near a sphere, and a
 * straight line would pass through its inside, where the generator has hardly been.
 *
 *     cc -std=c99 05-interpolate.c $(pkg-config --cflags --libs gan) -o 05-interpolate && ./05-interpolate
 */
#include <gan.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void usage(void) {
    fputs("usage: 05-interpolate [checkpoint] [picture] [--rows N] [--steps N] [--seed N] [--linear]\n"
          "  checkpoint  what a trainer saved (demo/digits.safetensors)\n"
          "  picture     the PNG to write (paths.png)\n"
          "  --rows      how many paths (8)\n"
          "  --steps     images on a path, both ends included (12)\n"
          "  --seed      any number (0)\n"
          "  --linear    straight lines instead of great circles\n",
          stderr);
    exit(2);
}

/* Ends the program with the library's sentence when a call failed. */
static void check(int32_t status) {
    if (status == GAN_OK) return;
    fprintf(stderr, "05-interpolate: %s (%s)\n", gan_error_message(), gan_status_name(status));
    exit(1);
}

static void *memory(size_t count, size_t size) {
    void *bytes = calloc(count, size);
    if (bytes == NULL) {
        fputs("05-interpolate: no memory\n", stderr);
        exit(1);
    }
    return bytes;
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
    long long rows = 8, steps = 12, seed = 0, row;
    int32_t path = GAN_PATH_SPHERICAL, latent, height, width, channels;
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    float *ends, *between;
    uint8_t *pixels;
    size_t image;
    int i;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--rows") == 0) rows = number(argv[++i], 1, 1000);
        else if (strcmp(argv[i], "--steps") == 0) steps = number(argv[++i], 1, 1000);
        else if (strcmp(argv[i], "--seed") == 0) seed = number(argv[++i], 0, INT64_MAX);
        else if (strcmp(argv[i], "--linear") == 0) path = GAN_PATH_LINEAR;
        else if (argv[i][0] == '-' || argv[i][0] == '\0') usage();
        else if (checkpoint == NULL) checkpoint = argv[i];
        else if (picture == NULL) picture = argv[i];
        else usage();
    }
    if (checkpoint == NULL) checkpoint = "demo/digits.safetensors";
    if (picture == NULL) picture = "paths.png";

    check(gan_generator_load(checkpoint, &generator));
    check(gan_generator_latent_size(generator, &latent));
    check(gan_generator_shape(generator, &height, &width, &channels));
    check(gan_sampler_create(generator, NULL, &sampler));

    image = (size_t)height * (size_t)width * (size_t)channels;
    ends = memory(2 * (size_t)latent, sizeof *ends);
    between = memory((size_t)steps * (size_t)latent, sizeof *between);
    pixels = memory((size_t)rows * (size_t)steps, image);

    for (row = 0; row < rows; row++) {
        check(gan_sampler_latents(sampler, (uint64_t)seed, 2 * row, 2, ends, 2 * (size_t)latent));
        check(gan_sampler_path(sampler, ends, ends + latent, path, steps, between, (size_t)steps * (size_t)latent));
        check(gan_sampler_decode_bytes(sampler, between, steps, pixels + (size_t)(row * steps) * image, (size_t)steps * image));
    }
    check(gan_image_write_png(pixels, rows * steps, height, width, channels, (int32_t)steps, 2, 2, picture));
    printf("%s: %lld paths of %lld images\n", picture, rows, steps);

    free(pixels);
    free(between);
    free(ends);
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
    return 0;
}
