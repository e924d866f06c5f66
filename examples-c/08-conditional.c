/* 08-conditional: learns digits together with their labels, and then draws the digit that it is asked for.
 *
 *     08-conditional [data] [picture] [--epochs N] [--columns N] [--seed N]
 *
 * data     images with labels; examples-c/data unless given
 * picture  the PNG to write; classes.png unless given. A row for each class, in each column one latent: a row
 *          has its digit in common, a column somewhat of its hand.
 *
 * With condition=labels the generator is told a label besides its latent, and with conditioning=auxiliary the discriminator has
 * to name it: that is AC-GAN's way (Odena et al., 2017).
 *
 *     cc -std=c99 08-conditional.c $(pkg-config --cflags --libs gan) -o 08-conditional && ./08-conditional
 */
#include <gan.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is asked for, and what lets so small a network follow it within a minute: by the defaults, which are the tutorial's, 60
 * epochs leave the label with hardly any influence. */
static const char *const settings[][2] = {
    {"condition", "labels"},
    {"conditioning", "auxiliary"}, /* the discriminator also names the class */
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
    fputs("usage: 08-conditional [data] [picture] [--epochs N] [--columns N] [--seed N]\n"
          "  data       images with labels (examples-c/data)\n"
          "  picture    the PNG to write (classes.png)\n"
          "  --epochs   how often to see every image (60)\n"
          "  --columns  images of each class (10)\n"
          "  --seed     any number (0)\n",
          stderr);
    exit(2);
}

/* Ends the program with the library's sentence when a call failed. */
static void check(int32_t status) {
    if (status == GAN_OK) return;
    fprintf(stderr, "08-conditional: %s (%s)\n", gan_error_message(), gan_status_name(status));
    exit(1);
}

static void *memory(size_t count, size_t size) {
    void *bytes = calloc(count, size);
    if (bytes == NULL) {
        fputs("08-conditional: no memory\n", stderr);
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

/* The place among a generator's inputs of the label. The latent is always the first. */
static int32_t label_of(const gan_generator *generator) {
    char kind[32];
    int32_t count, input;
    check(gan_generator_input_count(generator, &count));
    for (input = 0; input < count; input++) {
        check(gan_generator_input_kind(generator, input, kind, sizeof kind, NULL));
        if (strcmp(kind, "label") == 0) return input;
    }
    fputs("08-conditional: the generator has no label\n", stderr);
    exit(1);
}

int main(int argc, char **argv) {
    const char *data = NULL, *picture = NULL;
    long long epochs = 60, columns = 10, seed = 0;
    int32_t latent, height, width, channels, label, classes, row;
    gan_options *options = NULL;
    gan_dataset *dataset = NULL;
    gan_trainer *trainer = NULL;
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    float *latents;
    uint8_t *pixels;
    size_t strip;
    int i;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--epochs") == 0) epochs = number(argv[++i], 1, INT64_MAX);
        else if (strcmp(argv[i], "--columns") == 0) columns = number(argv[++i], 1, 1000);
        else if (strcmp(argv[i], "--seed") == 0) seed = number(argv[++i], 0, INT64_MAX);
        else if (argv[i][0] == '-' || argv[i][0] == '\0') usage();
        else if (data == NULL) data = argv[i];
        else if (picture == NULL) picture = argv[i];
        else usage();
    }
    if (data == NULL) data = "examples-c/data";
    if (picture == NULL) picture = "classes.png";

    check(gan_options_create(&options));
    check(gan_options_set_integer(options, "seed", seed));
    for (i = 0; i < (int)(sizeof settings / sizeof *settings); i++) check(gan_options_set(options, settings[i][0], settings[i][1]));
    check(gan_dataset_open(data, options, &dataset));
    check(gan_trainer_create(options, dataset, &trainer));
    check(gan_trainer_run(trainer, epochs, NULL, NULL));

    check(gan_trainer_generator(trainer, &generator));
    check(gan_generator_latent_size(generator, &latent));
    check(gan_generator_shape(generator, &height, &width, &channels));
    label = label_of(generator);
    check(gan_generator_input_classes(generator, label, &classes));
    check(gan_sampler_create(generator, NULL, &sampler));

    strip = (size_t)columns * (size_t)height * (size_t)width * (size_t)channels;
    latents = memory((size_t)columns, (size_t)latent * sizeof *latents);
    pixels = memory((size_t)classes, strip);

    /* The same latents in every row; only what the sampler is told of the label differs. */
    check(gan_sampler_latents(sampler, (uint64_t)seed, 0, columns, latents, (size_t)columns * (size_t)latent));
    for (row = 0; row < classes; row++) {
        char name[300]; /* a folder's name has at most 255 bytes */
        float class_number = (float)row;
        check(gan_sampler_set_values(sampler, "label", &class_number, 1));
        check(gan_sampler_decode_bytes(sampler, latents, columns, pixels + (size_t)row * strip, strip));
        check(gan_generator_input_class_name(generator, label, row, name, sizeof name, NULL));
        printf("row %d: %s\n", (int)row, name);
    }
    check(gan_image_write_png(pixels, classes * columns, height, width, channels, (int32_t)columns, 2, 2, picture));
    printf("%s: %d classes, %lld images of each\n", picture, (int)classes, columns);

    free(pixels);
    free(latents);
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
    return 0;
}
