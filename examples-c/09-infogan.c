/* 09-infogan: learns images without labels, and what they differ in; then turns one of those things at a time.
 *
 *     09-infogan [data] [picture] [--epochs N] [--columns N] [--seed N]
 *
 * data     images; examples-c/data unless given
 * picture  the PNG to write; codes.png unless given. A row for each category c1, and from left to right the code c2 from −1
 *          to 1. All images are of one latent, with the other codes at 0.
 *
 * The recipe is InfoGAN's (Chen et al., 2016): the generator is given a category and some numbers besides its latent, and a
 * third network has to read them off the picture. What they come to mean nobody says, and another seed may find another
 * meaning. With seed 0 and the digits here, c2 is how far they lean, and c1 is shapes that are not the ten digits.
 *
 *     cc -std=c99 09-infogan.c $(pkg-config --cflags --libs gan) -o 09-infogan && ./09-infogan
 */
#include <gan.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CATEGORY = 1, SWEPT = 2 }; /* the inputs c1 and c2; input 0 is the latent */

/* What is asked for, and what lets so small a network follow it within a minute: by the defaults, which are the tutorial's, 60
 * epochs leave the codes without influence. */
static const char *const settings[][2] = {
    {"recipe", "infogan"},
    {"info.categories", "10"},
    {"info.codes", "2"},
    {"info.code-weight", "0.5"},
    {"latent.size", "32"},
    {"generator.learning-rate", "0.0005"},
    {"discriminator.learning-rate", "0.0005"},
    {"generator.beta1", "0.5"},
    {"discriminator.beta1", "0.5"},
    {"generator.initialisation", "he"},
    {"discriminator.initialisation", "he"},
    {"discriminator.activation", "leaky-relu"},
};

static void usage(void) {
    fputs("usage: 09-infogan [data] [picture] [--epochs N] [--columns N] [--seed N]\n"
          "  data       images (examples-c/data)\n"
          "  picture    the PNG to write (codes.png)\n"
          "  --epochs   how often to see every image (60)\n"
          "  --columns  values of c2, from -1 to 1 (10)\n"
          "  --seed     any number (0)\n",
          stderr);
    exit(2);
}

/* Ends the program with the library's sentence when a call failed. */
static void check(int32_t status) {
    if (status == GAN_OK) return;
    fprintf(stderr, "09-infogan: %s (%s)\n", gan_error_message(), gan_status_name(status));
    exit(1);
}

static void *memory(size_t count, size_t size) {
    void *bytes = calloc(count, size);
    if (bytes == NULL) {
        fputs("09-infogan: no memory\n", stderr);
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
    const char *data = NULL, *picture = NULL;
    long long epochs = 60, columns = 10, seed = 0, column;
    int32_t latent, height, width, channels, categories, inputs, row, input;
    gan_options *options = NULL;
    gan_dataset *dataset = NULL;
    gan_trainer *trainer = NULL;
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    float *latents, *sweep;
    uint8_t *pixels;
    size_t strip;
    int i;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--epochs") == 0) epochs = number(argv[++i], 1, INT64_MAX);
        else if (strcmp(argv[i], "--columns") == 0) columns = number(argv[++i], 2, 1000);
        else if (strcmp(argv[i], "--seed") == 0) seed = number(argv[++i], 0, INT64_MAX);
        else if (argv[i][0] == '-' || argv[i][0] == '\0') usage();
        else if (data == NULL) data = argv[i];
        else if (picture == NULL) picture = argv[i];
        else usage();
    }
    if (data == NULL) data = "examples-c/data";
    if (picture == NULL) picture = "codes.png";

    check(gan_options_create(&options));
    check(gan_options_set_integer(options, "seed", seed));
    for (i = 0; i < (int)(sizeof settings / sizeof *settings); i++) check(gan_options_set(options, settings[i][0], settings[i][1]));
    check(gan_dataset_open(data, options, &dataset));
    check(gan_trainer_create(options, dataset, &trainer));
    check(gan_trainer_run(trainer, epochs, NULL, NULL));

    check(gan_trainer_generator(trainer, &generator));
    check(gan_generator_latent_size(generator, &latent));
    check(gan_generator_shape(generator, &height, &width, &channels));
    check(gan_generator_input_count(generator, &inputs));
    check(gan_generator_input_classes(generator, CATEGORY, &categories));
    check(gan_sampler_create(generator, NULL, &sampler));

    strip = (size_t)columns * (size_t)height * (size_t)width * (size_t)channels;
    latents = memory((size_t)columns, (size_t)latent * sizeof *latents);
    sweep = memory((size_t)columns, sizeof *sweep);
    pixels = memory((size_t)categories, strip);

    /* One latent, as often as there are columns; a number of the sweep for each; the other codes in the middle. */
    check(gan_sampler_latents(sampler, (uint64_t)seed, 0, 1, latents, (size_t)latent));
    for (column = 0; column < columns; column++) {
        if (column > 0) memcpy(latents + column * latent, latents, (size_t)latent * sizeof *latents);
        sweep[column] = (float)(2.0 * (double)column / (double)(columns - 1) - 1.0);
    }
    check(gan_sampler_set_values(sampler, "c2", sweep, columns));
    for (input = SWEPT + 1; input < inputs; input++) {
        char name[32];
        check(gan_generator_input_name(generator, input, name, sizeof name, NULL));
        check(gan_sampler_set(sampler, name, "0"));
    }
    for (row = 0; row < categories; row++) {
        float category = (float)row;
        check(gan_sampler_set_values(sampler, "c1", &category, 1));
        check(gan_sampler_decode_bytes(sampler, latents, columns, pixels + (size_t)row * strip, strip));
    }
    check(gan_image_write_png(pixels, categories * columns, height, width, channels, (int32_t)columns, 2, 2, picture));
    printf("%s: %d categories, %lld values of c2 from -1 to 1\n", picture, (int)categories, columns);

    free(pixels);
    free(sweep);
    free(latents);
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
    return 0;
}
