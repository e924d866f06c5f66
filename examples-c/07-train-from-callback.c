/* 07-train-from-callback: learns from images that are made only when they are needed, for data that do not fit.
 *
 *     07-train-from-callback [picture] [--epochs N] [--count N]
 *
 * picture  the PNG to write; stripes.png unless given. Upper row: what was learned from; lower row: samples.
 *
 * The library asks for a batch by the items' numbers, in any order, and the program fills in their pixels. Here they
 * are computed; another program would read them from a database or a file too large for memory. The same item must
 * always have the same pixels, or a resumed training could not repeat what an unbroken one does. A callback that
 * fails returns something other than 0, and the training stops with GAN_E_CALLBACK.
 *
 *     cc -std=c99 07-train-from-callback.c $(pkg-config --cflags --libs gan) -lm -o 07-train-from-callback
 *     ./07-train-from-callback
 */
#include <gan.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE = 16, CHANNELS = 3, VALUES = SIDE * SIDE * CHANNELS, SHOWN = 10 };

/* What the callback works with. */
typedef struct {
    long long batches, images; /* delivered so far */
} Source;

static void usage(void) {
    fputs("usage: 07-train-from-callback [picture] [--epochs N] [--count N]\n"
          "  picture   the PNG to write (stripes.png)\n"
          "  --epochs  how often to see every image (60)\n"
          "  --count   how many images there are (3000)\n",
          stderr);
    exit(2);
}

/* Ends the program with the library's sentence when a call failed. */
static void check(int32_t status) {
    if (status == GAN_OK) return;
    fprintf(stderr, "07-train-from-callback: %s (%s)\n", gan_error_message(), gan_status_name(status));
    exit(1);
}

/* Item `index`: stripes at an angle of their own, red at the left and blue at the right. Values from 0 to 1, the channel
 * varying fastest. */
static void stripes(int64_t index, float *values) {
    double turn = 0.618033988749895 * (double)index, angle = 3.14159265358979 * (turn - floor(turn));
    int y, x;
    for (y = 0; y < SIDE; y++) {
        for (x = 0; x < SIDE; x++) {
            double light = 0.5 + 0.5 * sin(0.9 * (cos(angle) * (x - 7.5) + sin(angle) * (y - 7.5))), right = x / (SIDE - 1.0);
            *values++ = (float)(light * (1 - right));
            *values++ = (float)(light * (1 - fabs(2 * right - 1)));
            *values++ = (float)(light * right);
        }
    }
}

/* The library wants a batch. */
static int32_t fill(void *context, const int64_t *indices, int64_t count, float *values) {
    Source *source = context;
    int64_t i;
    for (i = 0; i < count; i++) stripes(indices[i], values + i * VALUES);
    source->batches++;
    source->images += count;
    return 0;
}

/* The library will not call `fill` again. */
static void release(void *context) {
    const Source *source = context;
    printf("%lld images were made in %lld batches\n", source->images, source->batches);
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
    const char *picture = NULL;
    long long epochs = 60, count = 3000;
    Source source = {0, 0};
    gan_options *options = NULL;
    gan_dataset *dataset = NULL;
    gan_trainer *trainer = NULL;
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    uint8_t pixels[2 * SHOWN * VALUES];
    float image[VALUES];
    int i, j;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--epochs") == 0) epochs = number(argv[++i], 1, 1000000);
        else if (strcmp(argv[i], "--count") == 0) count = number(argv[++i], 100, INT64_MAX);
        else if (argv[i][0] == '-' || argv[i][0] == '\0') usage();
        else if (picture == NULL) picture = argv[i];
        else usage();
    }
    if (picture == NULL) picture = "stripes.png";

    check(gan_options_create(&options));
    check(gan_options_set(options, "latent.size", "16"));
    check(gan_options_set(options, "discriminator.activation", "leaky-relu"));
    check(gan_options_set_real(options, "generator.learning-rate", 5e-4));
    check(gan_options_set_real(options, "generator.beta1", 0.5));
    check(gan_options_set_real(options, "discriminator.beta1", 0.5));
    check(gan_options_set_real(options, "generator.initial-deviation", 0.05));
    check(gan_options_set_real(options, "discriminator.initial-deviation", 0.05));
    check(gan_dataset_create_callback(fill, count, SIDE, SIDE, CHANNELS, release, &source, &dataset));
    check(gan_trainer_create(options, dataset, &trainer));
    check(gan_trainer_run(trainer, epochs, NULL, NULL));
    check(gan_trainer_generator(trainer, &generator));
    check(gan_sampler_create(generator, NULL, &sampler));

    for (i = 0; i < SHOWN; i++) {
        stripes(i, image);
        for (j = 0; j < VALUES; j++) pixels[i * VALUES + j] = (uint8_t)(image[j] * 255 + 0.5f);
    }
    check(gan_sampler_draw_bytes(sampler, 1, 0, SHOWN, pixels + SHOWN * VALUES, (size_t)SHOWN * VALUES));
    check(gan_image_write_png(pixels, 2 * SHOWN, SIDE, SIDE, CHANNELS, SHOWN, 2, 3, picture));
    printf("%s: images above, samples below\n", picture);

    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset); /* the last handle that needs the source: release is called */
    gan_options_destroy(options);
    return 0;
}
