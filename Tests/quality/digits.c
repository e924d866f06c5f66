/* digits: what trainings on real handwritten digits come to, by measures that papers use: `make quality DIGITS=demo/mnist` (hours; a part
 * is asked for by its name), and in short on the digits of examples-c in make check-long.
 * Usage: digits FOLDER SEEDS SHARE [PART…]; SHARE is of the steps that each training is usually given, and from 1 on what papers
 * reach is asked for.
 *
 * labels    5,000 digits of the classes that were asked for, by the preset dcgan with condition=labels after 8 epochs: how many a
 *           classifier calls the same. It never saw a generated digit.
 * codes     5,000 digits of infogan's categorical code, as preset=auto trains it: how many are what the classifier calls the digit of
 *           their code, by the best matching of codes and digits (Chen et al., InfoGAN, 2016, section 7.2).
 * distance  the Fréchet distance of 10,000 digits, in the classifier's features, by dcgan with a moving average after 10 epochs, and by
 *           preset=auto; beside that of one half of the data to the other.
 * stacked   26,000 pictures of three digits: how many of 1,000 combinations there are, and the divergence of their shares from even ones
 *           (Metz et al., Unrolled GANs, 2017; Huang et al. 2501.05441, table 1), by the relativistic loss with R1 and R2.
 */
#include "check.h"

#include <math.h>
#include <time.h>

enum { CLASSES = 10, AREA = 28 * 28, DRAWN = 1000 };

static const char *folder;
static int seeds;
static double share;
static gan_dataset *digits;
static gan_classifier *judge;

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Settings are "name=value", up to NULL. */
static gan_trainer *trained(gan_dataset *data, int seed, const char *const *settings, int64_t steps) {
    gan_options *options = NULL;
    gan_trainer *trainer = NULL;
    char name[64];
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_options_set_integer(options, "seed", seed));
    for (; *settings != NULL; settings++) {
        const char *value = strchr(*settings, '=');
        snprintf(name, sizeof name, "%.*s", (int)(value - *settings), *settings);
        CHECK_OK(gan_options_set(options, name, value + 1));
    }
    CHECK_OK(gan_trainer_create(options, data, &trainer));
    steps = (int64_t)ceil((double)steps * (share < 1 ? share : 1));
    CHECK_OK(gan_trainer_step(trainer, steps < 1 ? 1 : steps));
    gan_options_destroy(options);
    return trainer;
}

static gan_generator *generator_of(gan_trainer *trainer) {
    gan_generator *generator = NULL;
    CHECK_OK(gan_trainer_generator(trainer, &generator));
    return generator;
}

static int64_t epochs(int count, int batch) {
    int64_t items = 0;
    int32_t height, width, channels;
    CHECK_OK(gan_dataset_shape(digits, &items, &height, &width, &channels));
    return count * (items / batch);
}

/* What the judge calls one channel of DRAWN pictures of so many. */
static void judged(const uint8_t *pictures, int channel, int channels, int *classes) {
    static float values[DRAWN * AREA], probabilities[DRAWN * CLASSES];
    int item, pixel, each;
    for (pixel = 0; pixel < DRAWN * AREA; pixel++) values[pixel] = (float)pictures[pixel * channels + channel] / 255;
    CHECK_OK(gan_classifier_run(judge, values, DRAWN, probabilities, DRAWN * CLASSES, NULL, 0));
    for (item = 0; item < DRAWN; item++) {
        const float *of = probabilities + item * CLASSES;
        for (classes[item] = 0, each = 1; each < CLASSES; each++) {
            if (of[each] > of[classes[item]]) classes[item] = each;
        }
    }
}

/* How many of 5,000 digits of the code or class i mod 10 are called each digit. */
static void told_and_called(gan_trainer *trainer, int seed, int counts[CLASSES][CLASSES]) {
    static uint8_t pictures[DRAWN * AREA];
    static int classes[DRAWN];
    gan_generator *generator = generator_of(trainer);
    gan_sampler *sampler = NULL;
    int round, item;
    CHECK_OK(gan_sampler_create(generator, NULL, &sampler));
    memset(counts, 0, CLASSES * sizeof counts[0]);
    for (round = 0; round < 5; round++) {
        CHECK_OK(gan_sampler_draw_bytes(sampler, (uint64_t)seed, round * DRAWN, DRAWN, pictures, sizeof pictures));
        judged(pictures, 0, 1, classes);
        for (item = 0; item < DRAWN; item++) counts[item % CLASSES][classes[item]]++;
    }
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
}

static void the_judge_knows_digits(void) {
    const char *settings[] = {"recipe=classifier", NULL};
    double begin = seconds(), accuracy = 0;
    gan_trainer *trainer;
    CHECK_OK(gan_dataset_open(folder, NULL, &digits));
    trainer = trained(digits, 99, settings, 1);
    CHECK_OK(gan_trainer_run(trainer, share < 1 ? 1 : 3, NULL, NULL));
    CHECK_OK(gan_trainer_classifier(trainer, &judge));
    CHECK_OK(gan_trainer_metric(trainer, "accuracy", &accuracy));
    printf("judge: right about %.1f %% of the digits that it did not learn from, %.0f s\n", 100 * accuracy, seconds() - begin);
    fflush(stdout);
    CHECK(share < 1 || accuracy >= 0.98);
    gan_trainer_destroy(trainer);
}

static void a_class_that_is_asked_for_is_drawn(void) {
    const char *settings[] = {"preset=dcgan", "condition=labels", NULL};
    int counts[CLASSES][CLASSES], seed, each;
    for (seed = 1; seed <= seeds; seed++) {
        double begin = seconds();
        gan_trainer *trainer = trained(digits, seed, settings, epochs(8, 64));
        int good = 0;
        told_and_called(trainer, seed, counts);
        for (each = 0; each < CLASSES; each++) good += counts[each][each];
        printf("labels, seed %d: %.1f %% of the digits are of the class that was asked for, %.0f s\n", seed, good / 50.0, seconds() - begin);
        fflush(stdout);
        CHECK(share < 1 || good >= 0.98 * 5000);
        gan_trainer_destroy(trainer);
    }
}

/* The largest sum of one number of each row and each column, by sets of columns that are taken. */
static int best_matching(int counts[CLASSES][CLASSES]) {
    static int best[1 << CLASSES];
    int set, row, column;
    for (set = 0; set < 1 << CLASSES; set++) {
        best[set] = 0;
        for (row = -1, column = 0; column < CLASSES; column++) row += set >> column & 1;
        for (column = 0; column < CLASSES; column++) {
            if (set >> column & 1 && best[set ^ 1 << column] + counts[row][column] > best[set]) {
                best[set] = best[set ^ 1 << column] + counts[row][column];
            }
        }
    }
    return best[(1 << CLASSES) - 1];
}

static void codes_find_the_digits(void) {
    const char *settings[] = {"preset=auto", "recipe=infogan", NULL};
    int counts[CLASSES][CLASSES], seed, most = 0, sum = 0;
    for (seed = 1; seed <= seeds; seed++) {
        double begin = seconds();
        gan_trainer *trainer = trained(digits, seed, settings, 10000);
        int good;
        told_and_called(trainer, seed, counts);
        good = best_matching(counts);
        printf("codes, seed %d: %.1f %% of the digits are their code's, %.0f s\n", seed, good / 50.0, seconds() - begin);
        fflush(stdout);
        sum += good;
        if (good > most) most = good;
        gan_trainer_destroy(trainer);
    }
    CHECK(share < 1 || most >= 0.95 * 5000);
    CHECK(share < 1 || sum >= 0.90 * 5000 * seeds);
}

static double distance_of(gan_trainer *trainer) {
    gan_generator *generator = generator_of(trainer);
    gan_evaluation *evaluation = NULL;
    double value = NAN;
    CHECK_OK(gan_evaluate_generator(generator, digits, judge, NULL, 1, 10000, &evaluation));
    CHECK_OK(gan_evaluation_value(evaluation, "frechet-distance", &value, NULL));
    gan_evaluation_destroy(evaluation);
    gan_generator_destroy(generator);
    return value;
}

static void digits_are_near_the_data(void) {
    const char *convolutional[] = {"preset=dcgan", "average.decay=0.999", NULL}, *automatic[] = {"preset=auto", NULL};
    const struct { const char *name; const char *const *settings; int64_t steps; double asked; } ways[] = {
        {"dcgan, 10 epochs", convolutional, epochs(10, 64), 60}, {"auto, 20,000 steps", automatic, 20000, 25}};
    int way, seed;
    for (way = 0; way < 2; way++) {
        for (seed = 1; seed <= seeds; seed++) {
            double begin = seconds(), distance;
            gan_trainer *trainer = trained(digits, seed, ways[way].settings, ways[way].steps);
            distance = distance_of(trainer);
            printf("distance, %s, seed %d: %.1f, %.0f s\n", ways[way].name, seed, distance, seconds() - begin);
            fflush(stdout);
            CHECK(share < 1 || distance <= ways[way].asked);
            gan_trainer_destroy(trainer);
        }
    }
}

static void stacked_digits_are_all_there(void) {
    enum { COMBINATIONS = 1000, PICTURES = 26 };
    static uint8_t pictures[DRAWN * AREA * 3];
    static int classes[3][DRAWN];
    const char *settings[] = {"preset=auto", "loss=relativistic", "r1=1", "r2=1", "condition=none", NULL};
    gan_dataset *data = NULL;
    int seed, round, item, channel;
    CHECK_OK(gan_dataset_make("stacked", 0, 1, digits, &data));
    for (seed = 1; seed <= seeds; seed++) {
        double begin = seconds(), divergence = 0;
        gan_trainer *trainer = trained(data, seed, settings, 60000);
        gan_generator *generator = generator_of(trainer);
        gan_sampler *sampler = NULL;
        int counts[COMBINATIONS] = {0}, found = 0;
        CHECK_OK(gan_sampler_create(generator, NULL, &sampler));
        for (round = 0; round < PICTURES; round++) {
            CHECK_OK(gan_sampler_draw_bytes(sampler, (uint64_t)seed, round * DRAWN, DRAWN, pictures, sizeof pictures));
            for (channel = 0; channel < 3; channel++) judged(pictures, channel, 3, classes[channel]);
            for (item = 0; item < DRAWN; item++) counts[classes[0][item] * 100 + classes[1][item] * 10 + classes[2][item]]++;
        }
        for (item = 0; item < COMBINATIONS; item++) {
            double of = (double)counts[item] / (PICTURES * DRAWN);
            found += counts[item] > 0;
            if (of > 0) divergence += of * log(of * COMBINATIONS);
        }
        printf("stacked, seed %d: %d of 1000 combinations, divergence %.3f, %.0f s\n", seed, found, divergence, seconds() - begin);
        fflush(stdout);
        CHECK(share < 1 || (found == COMBINATIONS && divergence <= 0.1));
        gan_sampler_destroy(sampler);
        gan_generator_destroy(generator);
        gan_trainer_destroy(trainer);
    }
    gan_dataset_destroy(data);
}

static int count;
static char **arguments;

static int is_asked_for(const char *part) {
    int each;
    for (each = 4; each < count; each++) {
        if (strcmp(arguments[each], part) == 0) return 1;
    }
    return count <= 4;
}

int main(int argument_count, char **argument_list) {
    count = argument_count, arguments = argument_list;
    if (count < 4) {
        fprintf(stderr, "usage: digits FOLDER SEEDS SHARE [labels|codes|distance|stacked …]\n");
        return 2;
    }
    folder = arguments[1], seeds = atoi(arguments[2]), share = atof(arguments[3]);
    RUN(the_judge_knows_digits);
    if (judge != NULL) {
        if (is_asked_for("labels")) RUN(a_class_that_is_asked_for_is_drawn);
        if (is_asked_for("codes")) RUN(codes_find_the_digits);
        if (is_asked_for("distance")) RUN(digits_are_near_the_data);
        if (is_asked_for("stacked")) RUN(stacked_digits_are_all_there);
    }
    gan_classifier_destroy(judge);
    gan_dataset_destroy(digits);
    return FINISH("digits");
}
