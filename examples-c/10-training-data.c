/* 10-training-data: training data for a reader of number plates, of which hardly any photograph has been read.
 *
 *     10-training-data [folder] [--plates N] [--steps N] [--reader-steps N] [--seed N] [--threads N] [--wasserstein]
 *
 * folder         where plates.png and the made training set go; plates unless given
 *
 * A script can draw any number of plates, and knows what stands on them; but they do not look like photographs, and what learns to
 * read them reads photographs badly. Wang et al. (2017, arxiv.org/abs/1707.03124) have a CycleGAN give drawn plates the look of
 * photographs, of which nobody has to say what stands on them, and teach the reader by those. This program goes the whole way:
 *
 *   1. draws plain plates, and takes "photographs" of others: another way of drawing, seen through a lens that is out of focus, in
 *      uneven light, with dirt, shadow and noise, stands in for a camera. None of its code is known to the plain plates.
 *   2. trains the recipe translation on both, without telling it any text (the options below; --steps N)
 *   3. makes photographs of the plain plates, and writes them, cut into characters, as an IDX file with labels, which
 *      `gan train FOLDER --recipe classifier` and any other reader of MNIST's files takes
 *   4. trains a reader, the recipe classifier, on the plain plates and on the made photographs, beside 0, 100 and 500 photographs
 *      whose text somebody has typed in, and tells how many of 1000 other photographs each of them reads
 *
 * The reader is given a window around each place of a plate, wide enough to see parts of the neighbours, and says what stands in its middle.
 *
 *     cc -std=c99 10-training-data.c $(pkg-config --cflags --libs gan) -lm -o 10-training-data && ./10-training-data
 */
#define _POSIX_C_SOURCE 200809L
#include <gan.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    HEIGHT = 24, WIDTH = 64, PLATE = HEIGHT * WIDTH,
    LENGTH = 5, PITCH = 12, LEFT = 2, /* characters of a plate, and where they stand */
    WINDOW = 20, CUT = HEIGHT * WINDOW, /* what the reader sees of a plate at a time */
    CLASSES = 20, FONT_HEIGHT = 7, FONT_WIDTH = 5,
    TESTED = 1000, SHOWN = 6, MOST_TYPED = 500
};

static const char alphabet[CLASSES + 1] = "0123456789ABCEHKLPTX";

/* A row a byte, the leftmost dot being 16. */
static const unsigned char font[CLASSES][FONT_HEIGHT] = {
    {14, 17, 17, 17, 17, 17, 14}, {4, 12, 4, 4, 4, 4, 14},      {14, 17, 1, 2, 4, 8, 31},     {31, 2, 4, 2, 1, 17, 14},
    {2, 6, 10, 18, 31, 2, 2},     {31, 16, 30, 1, 1, 17, 14},   {6, 8, 16, 30, 17, 17, 14},   {31, 1, 2, 4, 8, 8, 8},
    {14, 17, 17, 14, 17, 17, 14}, {14, 17, 17, 15, 1, 2, 12},   {14, 17, 17, 17, 31, 17, 17}, {30, 17, 17, 30, 17, 17, 30},
    {14, 17, 16, 16, 16, 17, 14}, {31, 16, 16, 30, 16, 16, 31}, {17, 17, 17, 31, 17, 17, 17}, {17, 18, 20, 24, 20, 18, 17},
    {16, 16, 16, 16, 16, 16, 31}, {30, 17, 17, 30, 16, 16, 16}, {31, 4, 4, 4, 4, 4, 4},       {17, 17, 10, 4, 10, 17, 17},
};

static void usage(void) {
    fputs("usage: 10-training-data [folder] [--plates N] [--steps N] [--reader-steps N] [--seed N] [--threads N] [--wasserstein]\n"
          "  folder          where pictures and the training set go (plates)\n"
          "  --plates        drawn plates, and photographs (2000)\n"
          "  --steps         steps of the translation (1500)\n"
          "  --reader-steps  steps of each reader (1500)\n"
          "  --seed          any number (0)\n"
          "  --threads       threads; 0 for all processors (0)\n"
          "  --wasserstein   the loss that the paper takes, in place of least squares\n",
          stderr);
    exit(2);
}

/* Ends the program with the library's sentence when a call failed. */
static void check(int32_t status) {
    if (status == GAN_OK) return;
    fprintf(stderr, "10-training-data: %s (%s)\n", gan_error_message(), gan_status_name(status));
    exit(1);
}

static void *memory(size_t count, size_t size) {
    void *bytes = calloc(count, size);
    if (bytes == NULL) {
        fputs("10-training-data: no memory\n", stderr);
        exit(1);
    }
    return bytes;
}

static long long threads = 0;

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

/* ------------------------------------------------------------------------------------------------ Drawing */

static uint64_t state;

/* Uniform on low … high (Marsaglia's xorshift with Vigna's multiplication). */
static double uniform(double low, double high) {
    state ^= state >> 12, state ^= state << 25, state ^= state >> 27;
    return low + (high - low) * (double)(state * 2685821657736338717u >> 11) / 9007199254740992.0;
}

static double normal(void) { return sqrt(-2 * log(uniform(1e-12, 1))) * cos(uniform(0, 6.283185307179586)); }

/* How a plate lies in the picture: nobody holds a camera straight, which a script can imitate. */
typedef struct { double dx, dy, sx, sy, px, py, shear, slope; } view;

static view any_view(void) {
    view v;
    v.dx = uniform(-1.5, 1.5), v.dy = uniform(-1.5, 1.5), v.sx = uniform(-0.05, 0.05), v.sy = uniform(-0.08, 0.08);
    v.px = uniform(-0.03, 0.03), v.py = uniform(-0.08, 0.08), v.shear = uniform(-0.15, 0.15), v.slope = uniform(-0.05, 0.05);
    return v;
}

/* Where on the plate the middle of a pixel lies. */
static void look(const view *v, double x, double y, double *u, double *w) {
    double across = (x - WIDTH / 2.0) / (WIDTH / 2.0);
    *u = WIDTH / 2.0 + (x - WIDTH / 2.0) * (1 + v->sx + v->px * across) + v->dx + v->shear * (y - HEIGHT / 2.0);
    *w = HEIGHT / 2.0 + (y - HEIGHT / 2.0) * (1 + v->sy + v->py * across) + v->dy + v->slope * (x - WIDTH / 2.0);
}

/* From the plate to the character that stands there, and where in its 5 × 7 dots, which are two pixels wide and high. */
static int character(double u, double w, double *column, double *row) {
    int place = (int)floor((u - LEFT) / PITCH);
    *column = (u - LEFT - place * PITCH - 1) / 2;
    *row = (w - 5) / 2;
    return place;
}

static int dot(int class, int column, int row) {
    return column >= 0 && column < FONT_WIDTH && row >= 0 && row < FONT_HEIGHT && (font[class][row] >> (4 - column) & 1);
}

static void plain_plate(const int *text, uint8_t *pixels) {
    view v = any_view();
    int x, y, i;
    for (y = 0; y < HEIGHT; y++)
        for (x = 0; x < WIDTH; x++) {
            int ink = 0;
            for (i = 0; i < 16; i++) {
                double u, w, column, row;
                int place;
                look(&v, x + (i % 4 + 0.5) / 4, y + (i / 4 + 0.5) / 4, &u, &w);
                place = character(u, w, &column, &row);
                if (place >= 0 && place < LENGTH) ink += dot(text[place], (int)floor(column), (int)floor(row));
            }
            pixels[y * WIDTH + x] = (uint8_t)(240 - ink * 225 / 16);
        }
}

/* ---------------------------------------------------------------------------------------- "Photographing" */

static double to_segment(double x, double y, double ax, double ay, double bx, double by) {
    double dx = bx - ax, dy = by - ay, length = dx * dx + dy * dy, t = length > 0 ? ((x - ax) * dx + (y - ay) * dy) / length : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return hypot(x - ax - t * dx, y - ay - t * dy);
}

/* How far a point is from the middle of a pressed, round stroke, in dots. */
static double to_stroke(int class, double x, double y) {
    static const int next[4][2] = {{1, 0}, {0, 1}, {1, 1}, {-1, 1}};
    double nearest = 9;
    int column, row, k;
    for (row = 0; row < FONT_HEIGHT; row++)
        for (column = 0; column < FONT_WIDTH; column++) {
            if (!dot(class, column, row)) continue;
            for (k = 0; k < 4; k++) {
                int c = column + next[k][0], r = row + next[k][1];
                double d;
                /* A corner is no diagonal. */
                int isCorner = k > 1 && (dot(class, c, row) || dot(class, column, r));
                int isJoined = dot(class, c, r) && !isCorner;
                d = to_segment(x, y, column + 0.5, row + 0.5, (isJoined ? c : column) + 0.5, (isJoined ? r : row) + 0.5);
                if (d < nearest) nearest = d;
            }
        }
    return nearest;
}

static double between(double low, double high, double x) {
    double t = (x - low) / (high - low);
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return t * t * (3 - 2 * t);
}

/* Means over windows, three times along each axis, are nearly normal; of a length that moves it is the longer axis. */
static void blur(double *light, double along, double across) {
    double copy[PLATE];
    int x, y, i, pass;
    for (pass = 0; pass < 6; pass++) {
        double reach = pass % 2 == 0 ? along : across;
        int step = pass % 2 == 0 ? 1 : WIDTH, side = pass % 2 == 0 ? WIDTH : HEIGHT;
        memcpy(copy, light, sizeof copy);
        for (y = 0; y < HEIGHT; y++)
            for (x = 0; x < WIDTH; x++) {
                double sum = 0, total = 0;
                int at = pass % 2 == 0 ? x : y;
                for (i = -3; i <= 3; i++) {
                    double weight = reach + 0.5 - abs(i);
                    if (weight <= 0 || at + i < 0 || at + i >= side) continue;
                    weight = weight > 1 ? 1 : weight;
                    sum += weight * copy[y * WIDTH + x + i * step], total += weight;
                }
                light[y * WIDTH + x] = sum / total;
            }
    }
}

static void photographed_plate(const int *text, uint8_t *pixels) {
    double light[PLATE];
    view v = any_view();
    double paper = uniform(120, 235), ink = paper * uniform(0.15, 0.5), body = uniform(10, 200), radius = uniform(0.38, 0.62);
    double slopeX = uniform(-0.3, 0.3), slopeY = uniform(-0.3, 0.3), noise = uniform(4, 14), focus = uniform(0.3, 0.95), motion = uniform(0, 0.6);
    double shadow = uniform(0, 1) < 0.4 ? uniform(0.45, 0.8) : 1, edge = uniform(8, WIDTH - 8), lean = uniform(-1, 1);
    double dirt[4][3];
    int x, y, i;
    for (i = 0; i < 4; i++) dirt[i][0] = uniform(0, WIDTH), dirt[i][1] = uniform(0, HEIGHT), dirt[i][2] = uniform(0.5, 3);
    for (y = 0; y < HEIGHT; y++)
        for (x = 0; x < WIDTH; x++) {
            double u, w, column, row, value = paper, margin;
            int place;
            look(&v, x + 0.5, y + 0.5, &u, &w);
            place = character(u, w, &column, &row);
            if (place >= 0 && place < LENGTH && row > -1 && row < FONT_HEIGHT + 1)
                value += (ink - value) * between(radius + 0.25, radius - 0.25, to_stroke(text[place], column, row));
            /* A frame, and what is behind the plate. */
            margin = fmin(fmin(u - 0.5, WIDTH - 0.5 - u), fmin(w - 1.5, HEIGHT - 1.5 - w));
            value += (ink - value) * between(1.6, 0.8, margin);
            value += (body - value) * between(0.4, -0.4, margin);
            for (i = 0; i < 4; i++) value *= 1 - 0.5 * between(dirt[i][2], dirt[i][2] * 0.3, hypot(x - dirt[i][0], y - dirt[i][1]));
            value *= 1 + slopeX * (x - WIDTH / 2.0) / WIDTH + slopeY * (y - HEIGHT / 2.0) / HEIGHT;
            value *= shadow + (1 - shadow) * between(-3, 3, x - edge + lean * (y - HEIGHT / 2.0));
            light[y * WIDTH + x] = value;
        }
    blur(light, focus + motion, focus);
    for (i = 0; i < PLATE; i++) {
        double value = light[i] + noise * normal();
        pixels[i] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
    }
}

/* ------------------------------------------------------------------------------------------------- Plates */

typedef struct {
    int count;
    uint8_t *pixels; /* [count, HEIGHT, WIDTH] */
    int *text;       /* [count, LENGTH] */
} plates;

static plates drawn(int count, void draw(const int *text, uint8_t *pixels)) {
    plates result;
    int i;
    result.count = count;
    result.pixels = memory((size_t)count, PLATE);
    result.text = memory((size_t)count, LENGTH * sizeof *result.text);
    for (i = 0; i < count * LENGTH; i++) result.text[i] = (int)uniform(0, CLASSES) % CLASSES;
    for (i = 0; i < count; i++) draw(result.text + i * LENGTH, result.pixels + (size_t)i * PLATE);
    return result;
}

static void discard(plates *some) {
    free(some->pixels);
    free(some->text);
}

/* The window around a place of a plate; beyond the plate goes on what is at its edge. */
static void cut(const uint8_t *plate, int place, uint8_t *window) {
    int x, y, start = LEFT + place * PITCH - (WINDOW - PITCH) / 2;
    for (y = 0; y < HEIGHT; y++)
        for (x = 0; x < WINDOW; x++) {
            int from = start + x < 0 ? 0 : start + x >= WIDTH ? WIDTH - 1 : start + x;
            window[y * WINDOW + x] = plate[y * WIDTH + from];
        }
}

/* Made plates, and the first `typed` of some photographs as often as makes them a third, as windows with labels. */
static gan_dataset *training_set(const plates *made, const plates *photographs, int typed) {
    int times = typed > 0 ? (made->count / 2 + typed - 1) / typed : 0, count = (made->count + times * typed) * LENGTH, i, place, n = 0;
    uint8_t *windows = memory((size_t)count, CUT);
    int32_t *labels = memory((size_t)count, sizeof *labels);
    gan_dataset *dataset;
    for (i = 0; i < made->count + times * typed; i++) {
        const plates *from = i < made->count ? made : photographs;
        int which = i < made->count ? i : (i - made->count) % typed;
        for (place = 0; place < LENGTH; place++, n++) {
            cut(from->pixels + (size_t)which * PLATE, place, windows + (size_t)n * CUT);
            labels[n] = from->text[which * LENGTH + place];
        }
    }
    check(gan_dataset_create_bytes(windows, count, HEIGHT, WINDOW, 1, labels, CLASSES, NULL, NULL, &dataset));
    free(labels);
    free(windows);
    return dataset;
}

/* Trains a reader, and tells the share of plates that it reads without a mistake, and of characters. */
static void read_by(gan_dataset *dataset, const plates *tested, int steps, int seed, double *whole, double *single) {
    static uint8_t window[CUT];
    gan_options *options;
    gan_trainer *trainer;
    gan_classifier *reader;
    float *images = memory((size_t)tested->count * LENGTH, CUT * sizeof *images), *chances = memory((size_t)tested->count * LENGTH, CLASSES * sizeof *chances);
    int i, k, right = 0, all = 0;
    check(gan_options_create(&options));
    check(gan_options_set(options, "recipe", "classifier"));
    check(gan_options_set(options, "classifier.channels", "12"));
    check(gan_options_set(options, "classifier.features", "64"));
    check(gan_options_set(options, "classifier.held-out", "0"));
    check(gan_options_set(options, "rate.schedule", "cosine"));
    check(gan_options_set_integer(options, "rate.steps", steps));
    check(gan_options_set_integer(options, "seed", seed));
    check(gan_options_set_integer(options, "threads", threads));
    check(gan_trainer_create(options, dataset, &trainer));
    check(gan_trainer_step(trainer, steps));
    check(gan_trainer_classifier(trainer, &reader));
    for (i = 0; i < tested->count * LENGTH; i++) {
        cut(tested->pixels + (size_t)(i / LENGTH) * PLATE, i % LENGTH, window);
        for (k = 0; k < CUT; k++) images[(size_t)i * CUT + (size_t)k] = (float)window[k] / 255;
    }
    check(gan_classifier_run(reader, images, tested->count * LENGTH, chances, (size_t)tested->count * LENGTH * CLASSES, NULL, 0));
    for (i = 0; i < tested->count; i++) {
        int of_plate = 0, place;
        for (place = 0; place < LENGTH; place++) {
            const float *own = chances + (size_t)(i * LENGTH + place) * CLASSES;
            int best = 0;
            for (k = 1; k < CLASSES; k++)
                if (own[k] > own[best]) best = k;
            of_plate += best == tested->text[i * LENGTH + place];
        }
        right += of_plate, all += of_plate == LENGTH;
    }
    *whole = 100.0 * all / tested->count;
    *single = 100.0 * right / (tested->count * LENGTH);
    free(chances);
    free(images);
    gan_classifier_destroy(reader);
    gan_trainer_destroy(trainer);
    gan_options_destroy(options);
}

/* ------------------------------------------------------------------------------------------- Translating */

static int32_t tell(void *context, const gan_trainer *trainer, int32_t event) {
    double cycle, real, fake, step;
    const long long *last = context;
    if (event != GAN_EVENT_EPOCH) return 0;
    check(gan_trainer_metric((gan_trainer *)trainer, "step", &step));
    check(gan_trainer_metric((gan_trainer *)trainer, "cycle", &cycle));
    check(gan_trainer_metric((gan_trainer *)trainer, "discriminator.real", &real));
    check(gan_trainer_metric((gan_trainer *)trainer, "discriminator.fake", &fake));
    printf("step %.0f of %lld: there and back %.3f, judged %.2f and %.2f\n", step, *last, cycle, real, fake);
    fflush(stdout);
    return 0;
}

static plates translated(const plates *plain, const plates *photographs, long long steps, int seed, int is_wasserstein) {
    static const char *const settings[][2] = {
        {"recipe", "translation"},
        {"translator", "unet"}, /* which takes a quarter of the time of residual here */
        {"generator.channels", "12"},
        {"discriminator.channels", "12"},
        {"batch-size", "8"},
        {"generator.learning-rate", "0.001"},
        {"discriminator.learning-rate", "0.001"},
    };
    static const char *const wasserstein[][2] = {{"loss", "wasserstein"}, {"gradient-penalty", "10"}, {"discriminator.norm", "none"}};
    gan_options *options;
    gan_dataset *kinds[2], *both;
    gan_trainer *trainer;
    gan_generator *generator;
    gan_applier *applier;
    plates made = *plain;
    double an_epoch;
    int i;
    check(gan_options_create(&options));
    for (i = 0; i < (int)(sizeof settings / sizeof *settings); i++) check(gan_options_set(options, settings[i][0], settings[i][1]));
    for (i = 0; is_wasserstein && i < (int)(sizeof wasserstein / sizeof *wasserstein); i++)
        check(gan_options_set(options, wasserstein[i][0], wasserstein[i][1]));
    check(gan_options_set_integer(options, "seed", seed));
    check(gan_options_set_integer(options, "threads", threads));
    check(gan_dataset_create_bytes(plain->pixels, plain->count, HEIGHT, WIDTH, 1, NULL, 0, NULL, NULL, &kinds[0]));
    check(gan_dataset_create_bytes(photographs->pixels, photographs->count, HEIGHT, WIDTH, 1, NULL, 0, NULL, NULL, &kinds[1]));
    check(gan_dataset_combine((const gan_dataset *const *)kinds, 2, "source\ntarget", 0, &both));
    check(gan_trainer_create(options, both, &trainer));
    check(gan_trainer_metric(trainer, "steps-per-epoch", &an_epoch));
    check(gan_trainer_run(trainer, steps / (long long)an_epoch, (gan_progress_fn)tell, &steps));
    check(gan_trainer_step(trainer, steps % (long long)an_epoch));
    check(gan_trainer_generator(trainer, &generator));
    check(gan_applier_create(generator, NULL, &applier));
    made.pixels = memory((size_t)plain->count, PLATE);
    made.text = memory((size_t)plain->count, LENGTH * sizeof *made.text);
    memcpy(made.text, plain->text, (size_t)plain->count * LENGTH * sizeof *made.text);
    for (i = 0; i < plain->count; i++)
        check(gan_applier_apply_bytes(
            applier, 0, plain->pixels + (size_t)i * PLATE, NULL, HEIGHT, WIDTH, made.pixels + (size_t)i * PLATE, PLATE));
    gan_applier_destroy(applier);
    gan_generator_destroy(generator);
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(both);
    gan_dataset_destroy(kinds[0]);
    gan_dataset_destroy(kinds[1]);
    gan_options_destroy(options);
    return made;
}

/* -------------------------------------------------------------------------------------------------- Whole */

int main(int argc, char **argv) {
    static const int typed[] = {0, 100, MOST_TYPED};
    static uint8_t picture[3 * SHOWN * PLATE];
    const char *folder = NULL;
    char path[4096], labels[4096];
    long long count = 2000, steps = 1500, reader_steps = 1500, seed = 0;
    int is_wasserstein = 0, i, k;
    plates plain, photographs, tested, made;
    gan_dataset *dataset;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--plates") == 0) count = number(argv[++i], SHOWN, 100000);
        else if (strcmp(argv[i], "--steps") == 0) steps = number(argv[++i], 1, 1000000);
        else if (strcmp(argv[i], "--reader-steps") == 0) reader_steps = number(argv[++i], 1, 1000000);
        else if (strcmp(argv[i], "--seed") == 0) seed = number(argv[++i], 0, 1000000);
        else if (strcmp(argv[i], "--threads") == 0) threads = number(argv[++i], 0, 256);
        else if (strcmp(argv[i], "--wasserstein") == 0) is_wasserstein = 1;
        else if (argv[i][0] == '-' || argv[i][0] == '\0') usage();
        else if (folder == NULL) folder = argv[i];
        else usage();
    }
    if (folder == NULL) folder = "plates";
    if (strlen(folder) > sizeof path - 64) usage();
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        fprintf(stderr, "10-training-data: the folder %s cannot be made: %s\n", folder, strerror(errno));
        return 1;
    }

    state = 88172645463325252u + (uint64_t)seed * 7919;
    plain = drawn((int)count, plain_plate);
    photographs = drawn((int)count, photographed_plate);
    tested = drawn(TESTED, photographed_plate);
    made = translated(&plain, &photographs, steps, (int)seed, is_wasserstein);

    /* A column each: drawn, made of that, and a photograph of another plate. */
    for (i = 0; i < SHOWN; i++) {
        memcpy(picture + i * PLATE, plain.pixels + (size_t)i * PLATE, PLATE);
        memcpy(picture + (SHOWN + i) * PLATE, made.pixels + (size_t)i * PLATE, PLATE);
        memcpy(picture + (2 * SHOWN + i) * PLATE, photographs.pixels + (size_t)i * PLATE, PLATE);
    }
    snprintf(path, sizeof path, "%s/plates.png", folder);
    check(gan_image_write_png(picture, 3 * SHOWN, HEIGHT, WIDTH, 1, SHOWN, 1, 2, path));
    dataset = training_set(&made, &photographs, 0);
    snprintf(path, sizeof path, "%s/train-images-idx3-ubyte", folder);
    snprintf(labels, sizeof labels, "%s/train-labels-idx1-ubyte", folder);
    check(gan_dataset_write(dataset, path, labels));
    gan_dataset_destroy(dataset);
    printf("%s: %d characters of %d made photographs, with labels; on the first stands ", folder, (int)count * LENGTH, (int)count);
    for (i = 0; i < LENGTH; i++) putchar(alphabet[made.text[i]]);
    printf("\n");

    printf("\nplates read, and characters, of %d photographs:\n", TESTED);
    printf("typed in   plain plates        made photographs\n");
    for (i = 0; i < 3; i++) {
        const plates *taught[2];
        double whole[2], single[2];
        int some = typed[i] < (int)count ? typed[i] : (int)count;
        taught[0] = &plain, taught[1] = &made;
        for (k = 0; k < 2; k++) {
            dataset = training_set(taught[k], &photographs, some);
            read_by(dataset, &tested, (int)reader_steps, (int)seed, &whole[k], &single[k]);
            gan_dataset_destroy(dataset);
        }
        printf("%8d   %5.1f %% (%5.1f %%)   %5.1f %% (%5.1f %%)\n", some, whole[0], single[0], whole[1], single[1]);
        fflush(stdout);
    }
    discard(&made);
    discard(&tested);
    discard(&photographs);
    discard(&plain);
    return 0;
}
