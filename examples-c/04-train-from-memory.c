/* 04-train-from-memory: learns from pixels that the program has drawn itself, once as bytes and once as floats.
 *
 *     04-train-from-memory [picture] [--epochs N]
 *
 * picture  the PNG to write; shapes.png unless given. The rows: what was learned from, samples of what was learned from
 *          bytes, samples of what was learned from floats.
 *
 * Bytes are copied, so the program may forget them at once. Floats are borrowed: the library reads the program's own
 * memory, and calls `release` when the last handle that needs it is gone.
 *
 *     cc -std=c99 04-train-from-memory.c $(pkg-config --cflags --libs gan) -lm -o 04-train-from-memory
 *     ./04-train-from-memory
 */
#include <gan.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT = 2000, SIDE = 16, PIXELS = SIDE * SIDE, SHOWN = 10 };

static void usage(void) {
    fputs("usage: 04-train-from-memory [picture] [--epochs N]\n"
          "  picture   the PNG to write (shapes.png)\n"
          "  --epochs  how often to see every image (100)\n",
          stderr);
    exit(2);
}

/* Ends the program with the library's sentence when a call failed. */
static void check(int32_t status) {
    if (status == GAN_OK) return;
    fprintf(stderr, "04-train-from-memory: %s (%s)\n", gan_error_message(), gan_status_name(status));
    exit(1);
}

static void *memory(size_t size) {
    void *bytes = malloc(size);
    if (bytes == NULL) {
        fputs("04-train-from-memory: no memory\n", stderr);
        exit(1);
    }
    return bytes;
}

/* From 0 to 1, whatever the number. */
static double fraction(double number) { return number - floor(number); }

/* A ring (even i) or a cross (odd i) with soft edges, its size and place depending on i. */
static void draw(int i, uint8_t pixels[PIXELS]) {
    double radius = 3 + i / 2 % 4, cy = 6 + 3 * fraction(0.7549 * i), cx = 6 + 3 * fraction(0.5698 * i);
    int y, x;
    for (y = 0; y < SIDE; y++) {
        for (x = 0; x < SIDE; x++) {
            double dy = fabs(y - cy), dx = fabs(x - cx), away, light;
            if (i % 2 == 0) away = fabs(sqrt(dy * dy + dx * dx) - radius + 0.5);
            else away = fmax(0.7071 * fabs(dx - dy), fmax(dx, dy) - 0.8 * radius);
            light = 1.5 - away;
            pixels[y * SIDE + x] = (uint8_t)(255 * (light < 0 ? 0 : light > 1 ? 1 : light));
        }
    }
}

/* The library no longer needs the floats. */
static void release(void *context) { free(context); }

/* Trains on a dataset and draws samples. */
static void learn(gan_dataset *dataset, long long epochs, uint8_t *pixels) {
    gan_options *options = NULL;
    gan_trainer *trainer = NULL;
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    double loss;

    check(gan_options_create(&options));
    check(gan_options_set(options, "discriminator.activation", "leaky-relu"));
    check(gan_options_set_integer(options, "seed", 7));
    check(gan_options_set_real(options, "generator.beta1", 0.5));
    check(gan_options_set_real(options, "discriminator.beta1", 0.5));
    check(gan_options_set_real(options, "generator.initial-deviation", 0.05));
    check(gan_options_set_real(options, "discriminator.initial-deviation", 0.05));
    check(gan_trainer_create(options, dataset, &trainer));
    gan_options_destroy(options); /* the trainer has its own copy */

    check(gan_trainer_run(trainer, epochs, NULL, NULL));
    check(gan_trainer_metric(trainer, "discriminator.loss", &loss));
    printf("%lld epochs, discriminator loss %.4g\n", epochs, loss);

    check(gan_trainer_generator(trainer, &generator));
    gan_trainer_destroy(trainer); /* the generator lives on */
    check(gan_sampler_create(generator, NULL, &sampler));
    gan_generator_destroy(generator);
    check(gan_sampler_draw_bytes(sampler, 1, 0, SHOWN, pixels, (size_t)SHOWN * PIXELS));
    gan_sampler_destroy(sampler);
}

int main(int argc, char **argv) {
    const char *picture = NULL;
    long long epochs = 100;
    uint8_t *bytes, *shown;
    float *floats;
    gan_dataset *dataset = NULL;
    int i;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--epochs") == 0 && argv[i + 1] != NULL) {
            char *end;
            errno = 0;
            epochs = strtoll(argv[++i], &end, 10);
            if (end == argv[i] || *end != '\0' || errno != 0 || epochs < 1) usage();
        } else if (argv[i][0] == '-' || argv[i][0] == '\0') usage();
        else if (picture == NULL) picture = argv[i];
        else usage();
    }
    if (picture == NULL) picture = "shapes.png";

    bytes = memory((size_t)COUNT * PIXELS);
    floats = memory((size_t)COUNT * PIXELS * sizeof *floats);
    shown = memory((size_t)3 * SHOWN * PIXELS);
    for (i = 0; i < COUNT; i++) draw(i, bytes + (size_t)i * PIXELS);
    for (i = 0; i < COUNT * PIXELS; i++) floats[i] = (float)bytes[i] / 255;
    memcpy(shown, bytes, (size_t)SHOWN * PIXELS);

    /* Bytes, copied: no release function. */
    check(gan_dataset_create_bytes(bytes, COUNT, SIDE, SIDE, 1, NULL, 0, NULL, NULL, &dataset));
    free(bytes);
    learn(dataset, epochs, shown + SHOWN * PIXELS);
    gan_dataset_destroy(dataset);

    /* Floats, borrowed: `release` frees them when the dataset goes. */
    dataset = NULL;
    check(gan_dataset_create_floats(floats, COUNT, SIDE, SIDE, 1, 0, 1, NULL, 0, release, floats, &dataset));
    learn(dataset, epochs, shown + 2 * SHOWN * PIXELS);
    gan_dataset_destroy(dataset);

    check(gan_image_write_png(shown, 3 * SHOWN, SIDE, SIDE, 1, SHOWN, 2, 3, picture));
    printf("%s: images, samples learned from bytes, samples learned from floats\n", picture);
    free(shown);
    return 0;
}
