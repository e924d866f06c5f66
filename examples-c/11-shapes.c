/* 11-shapes: learns the shapes of tables from voxels, draws new ones, and writes them for other programs.
 *
 *     11-shapes [file] [--tables N] [--epochs N] [--seed N]
 *
 * file  where the first shape goes: its end, .obj, .stl, .binvox or .npy, says how; table.obj unless given. Beside it go views of
 *       all, in a PNG file.
 *
 * The tables that it learns from it makes itself: a top of any size and thickness at any height, on four legs. The recipe volume is 3D-GAN
 * (Wu et al., 2016, arxiv.org/abs/1610.07584). A shape is where a volume is more than half full, and its surface is closed, so that a
 * printer can print it.
 *
 *     cc -std=c99 11-shapes.c $(pkg-config --cflags --libs gan) -o 11-shapes && ./11-shapes
 */
#include <gan.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE = 16, CELLS = SIDE * SIDE * SIDE, SHOWN = 9 };

/* What lets small networks learn within a minute. */
static const char *const settings[][2] = {
    {"recipe", "volume"},
    {"latent.size", "32"},
    {"generator.channels", "8"},
    {"discriminator.channels", "8"},
    {"loss", "hinge"},
    {"volume.accuracy", "1"}, /* the discriminator always learns, */
    {"discriminator.norm", "none"},
    {"discriminator.spectral-norm", "true"}, /* and is held back by this alone */
    {"generator.learning-rate", "0.001"},
    {"discriminator.learning-rate", "0.001"},
    {"average.decay", "0.9"},
};

static void usage(void) {
    fputs("usage: 11-shapes [file] [--tables N] [--epochs N] [--seed N]\n"
          "  file      what to write: .obj, .stl, .binvox or .npy (table.obj); views go beside it, into a .png\n"
          "  --tables  how many to learn from (500)\n"
          "  --epochs  how often to see each (60)\n"
          "  --seed    any number (0)\n",
          stderr);
    exit(2);
}

/* Ends the program with the library's sentence when a call failed. */
static void check(int32_t status) {
    if (status == GAN_OK) return;
    fprintf(stderr, "11-shapes: %s (%s)\n", gan_error_message(), gan_status_name(status));
    exit(1);
}

static float *numbers(size_t count) {
    float *values = calloc(count, sizeof *values);
    if (values == NULL) {
        fputs("11-shapes: no memory\n", stderr);
        exit(1);
    }
    return values;
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

static uint64_t dice_state;

/* 0 … below − 1 (xorshift*). */
static int dice(int below) {
    dice_state ^= dice_state >> 12;
    dice_state ^= dice_state << 25;
    dice_state ^= dice_state >> 27;
    return (int)((dice_state * UINT64_C(2685821657736338717) >> 33) % (uint64_t)below);
}

/* A table in the middle of the floor: [x, y, z], of which y is up. */
static void build(float table[CELLS]) {
    int from_x = 1 + dice(4), from_z = 1 + dice(4), bottom = 5 + dice(7), top = bottom + 1 + dice(2), leg = 1 + dice(2);
    int x, y, z;
    for (x = from_x; x < SIDE - from_x; x++)
        for (y = 0; y <= top; y++)
            for (z = from_z; z < SIDE - from_z; z++) {
                int is_leg = (x < from_x + leg || x >= SIDE - from_x - leg) && (z < from_z + leg || z >= SIDE - from_z - leg);
                table[(x * SIDE + y) * SIDE + z] = y >= bottom || is_leg ? 1.0f : 0.0f;
            }
}

/* The same name with the end .png. */
static void picture_beside(const char *file, char *picture, size_t capacity) {
    const char *dot = strrchr(file, '.'), *slash = strrchr(file, '/');
    int length = (int)(dot != NULL && (slash == NULL || dot > slash) ? (size_t)(dot - file) : strlen(file));
    if (snprintf(picture, capacity, "%.*s.png", length, file) >= (int)capacity) {
        fputs("11-shapes: the file's name is too long\n", stderr);
        exit(1);
    }
}

int main(int argc, char **argv) {
    static const int64_t axes[] = {SIDE, SIDE, SIDE, 1};
    const char *file = NULL;
    char picture[4096];
    long long tables = 500, epochs = 60, seed = 0, table;
    size_t vertices, triangles;
    gan_options *options = NULL;
    gan_dataset *dataset = NULL;
    gan_trainer *trainer = NULL;
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    float *built, *drawn;
    int i;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--tables") == 0) tables = number(argv[++i], 16, 100000);
        else if (strcmp(argv[i], "--epochs") == 0) epochs = number(argv[++i], 1, INT64_MAX);
        else if (strcmp(argv[i], "--seed") == 0) seed = number(argv[++i], 0, INT64_MAX);
        else if (argv[i][0] == '-' || argv[i][0] == '\0') usage();
        else if (file == NULL) file = argv[i];
        else usage();
    }
    if (file == NULL) file = "table.obj";
    picture_beside(file, picture, sizeof picture);

    dice_state = (uint64_t)seed * 2 + 1;
    built = numbers((size_t)tables * CELLS);
    for (table = 0; table < tables; table++) build(built + table * CELLS);
    /* That the file can be written is known before the training. */
    check(gan_shape_write(built, 1, SIDE, SIDE, SIDE, 0.5f, file));

    check(gan_options_create(&options));
    check(gan_options_set_integer(options, "seed", seed));
    for (i = 0; i < (int)(sizeof settings / sizeof *settings); i++) check(gan_options_set(options, settings[i][0], settings[i][1]));
    check(gan_dataset_create_values(built, tables, axes, 4, 0, 1, "volume", NULL, NULL, &dataset));
    check(gan_trainer_create(options, dataset, &trainer));
    check(gan_trainer_run(trainer, epochs, NULL, NULL));

    check(gan_trainer_generator(trainer, &generator));
    check(gan_sampler_create(generator, NULL, &sampler));
    drawn = numbers(SHOWN * CELLS);
    check(gan_sampler_draw(sampler, (uint64_t)seed, 0, SHOWN, drawn, SHOWN * CELLS));
    check(gan_shape_write(drawn, 1, SIDE, SIDE, SIDE, 0.5f, file));
    check(gan_shape_write(drawn, SHOWN, SIDE, SIDE, SIDE, 0.5f, picture));
    check(gan_shape_mesh(drawn, SIDE, SIDE, SIDE, 0.5f, NULL, NULL, 0, &vertices, NULL, 0, &triangles));
    printf("%s: %d vertices, %d triangles; %s: views of %d tables\n", file, (int)vertices, (int)triangles, picture, SHOWN);

    free(drawn);
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
    free(built);
    return 0;
}
