/* ranking: whether measures put seven generators of different quality in the order in which a judge puts them that has seen neither the
 * pictures that they learnt from nor those that measures compare them with. A minute, so a part of make check-long.
 * Usage: ranking DIGITS [THREADS]        (as gan train reads them, such as examples-c/data)
 *
 * The generators: the tutorial's after 1, 5 and 20 epochs, a DCGAN after 1 and 3, one that draws the same twenty pictures again and again,
 * and noise. They learn from the first half of the digits, and are measured beside it. The judge is a classifier of another kind, of fully
 * connected layers, that learnt from the second half, by the Fréchet distance of its features from that half's.
 *
 * Agreement is Kendall's tau: of all pairs of generators, those in the same order less those in the other, as a share of all.
 */
#include "check.h"

#include <math.h>

enum { GENERATORS = 7, COUNT = 4000, SIZE = 784, HALF = 5000 };

static const char *digits_path, *threads = "0";
static gan_dataset *halves[2];
static gan_dataset *samples[GENERATORS];
static const char *names[GENERATORS] = {"tutorial, 1 epoch", "tutorial, 5 epochs", "tutorial, 20 epochs", "DCGAN, 1 epoch", "DCGAN, 3 epochs", "twenty pictures", "noise"};
static double judged[GENERATORS];

static gan_dataset *copy_of(const uint8_t *pixels, int64_t count, const int32_t *labels) {
    gan_dataset *dataset = NULL;
    CHECK_OK(gan_dataset_create_bytes(pixels, count, 28, 28, 1, labels, labels ? 10 : 0, NULL, NULL, &dataset));
    return dataset;
}

static void read_halves(void) {
    static float values[2 * HALF * SIZE];
    static uint8_t pixels[2][HALF * SIZE];
    static int32_t all[2 * HALF], labels[2][HALF];
    gan_dataset *digits = NULL;
    int i;
    CHECK_OK(gan_dataset_open(digits_path, NULL, &digits));
    CHECK_OK(gan_dataset_read(digits, 0, 2 * HALF, values, 2 * HALF * SIZE));
    CHECK_OK(gan_dataset_read_labels(digits, 0, 2 * HALF, all, 2 * HALF));
    /* By turns: the writers of one half are the other's too. */
    for (i = 0; i < 2 * HALF * SIZE; i++) pixels[i / SIZE % 2][i / SIZE / 2 * SIZE + i % SIZE] = (uint8_t)(values[i] * 255 + 0.5f);
    for (i = 0; i < 2 * HALF; i++) labels[i % 2][i / 2] = all[i];
    for (i = 0; i < 2; i++) halves[i] = copy_of(pixels[i], HALF, labels[i]);
    gan_dataset_destroy(digits);
}

static gan_trainer *trainer_of(gan_dataset *data, int64_t epochs, const char *const *settings) {
    gan_options *options = NULL;
    gan_trainer *trainer = NULL;
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_options_set(options, "seed", "3"));
    CHECK_OK(gan_options_set(options, "threads", threads));
    for (; *settings; settings += 2) CHECK_OK(gan_options_set(options, settings[0], settings[1]));
    CHECK_OK(gan_trainer_create(options, data, &trainer));
    CHECK_OK(gan_trainer_run(trainer, epochs, NULL, NULL));
    gan_options_destroy(options);
    return trainer;
}

static void draw(gan_trainer *trainer, int place) {
    static uint8_t pixels[COUNT * SIZE];
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    CHECK_OK(gan_trainer_generator(trainer, &generator));
    CHECK_OK(gan_sampler_create(generator, NULL, &sampler));
    CHECK_OK(gan_sampler_draw_bytes(sampler, 5, 0, COUNT, pixels, COUNT * SIZE));
    samples[place] = copy_of(pixels, COUNT, NULL);
    if (place == 2) {
        int item;
        for (item = 20; item < COUNT; item++) memcpy(pixels + item * SIZE, pixels + item % 20 * SIZE, SIZE);
        samples[5] = copy_of(pixels, COUNT, NULL);
    }
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
}

static void make_generators(void) {
    static const char *const tutorial[] = {
        "generator.hidden", "256,256", "generator.learning-rate", "1e-3", "discriminator.learning-rate", "1e-3", "generator.beta1", "0.5", "discriminator.beta1", "0.5", NULL};
    static const char *const dcgan[] = {"preset", "dcgan", "generator.channels", "16", "discriminator.channels", "16", "generator.learning-rate", "2e-3", NULL};
    static uint8_t pixels[COUNT * SIZE];
    uint32_t state = 1;
    gan_trainer *trainer = trainer_of(halves[0], 1, tutorial);
    int i;
    draw(trainer, 0);
    CHECK_OK(gan_trainer_run(trainer, 4, NULL, NULL));
    draw(trainer, 1);
    CHECK_OK(gan_trainer_run(trainer, 15, NULL, NULL));
    draw(trainer, 2);
    gan_trainer_destroy(trainer);
    trainer = trainer_of(halves[0], 1, dcgan);
    draw(trainer, 3);
    CHECK_OK(gan_trainer_run(trainer, 2, NULL, NULL));
    draw(trainer, 4);
    gan_trainer_destroy(trainer);
    for (i = 0; i < COUNT * SIZE; i++) state = state * 1664525u + 1013904223u, pixels[i] = (uint8_t)(state >> 24);
    samples[6] = copy_of(pixels, COUNT, NULL);
}

static double value(gan_evaluation *evaluation, const char *measure) {
    double found = NAN;
    CHECK_OK(gan_evaluation_value(evaluation, measure, &found, NULL));
    return found;
}

static void ask_the_judge(void) {
    static const char *const settings[] = {"recipe", "classifier", "classifier.network", "mlp", "classifier.hidden", "512,256,64", NULL};
    gan_trainer *trainer = trainer_of(halves[1], 12, settings);
    gan_classifier *judge = NULL;
    int i;
    CHECK_OK(gan_trainer_classifier(trainer, &judge));
    for (i = 0; i < GENERATORS; i++) {
        gan_evaluation *evaluation = NULL;
        CHECK_OK(gan_evaluate_dataset(samples[i], halves[1], judge, NULL, &evaluation));
        judged[i] = value(evaluation, "frechet-distance");
        gan_evaluation_destroy(evaluation);
    }
    gan_classifier_destroy(judge);
    gan_trainer_destroy(trainer);
}

static double agreement(const double *ours, int is_lower) {
    int i, j, sum = 0;
    for (i = 0; i < GENERATORS; i++)
        for (j = 0; j < i; j++) {
            double a = (ours[i] - ours[j]) * (is_lower ? 1 : -1), b = judged[i] - judged[j];
            sum += a * b > 0 ? 1 : a * b < 0 ? -1 : 0;
        }
    return sum / (GENERATORS * (GENERATORS - 1) / 2.0);
}

/* Those that look at all of the distribution have to agree; precision and density alone are content with few good pictures. Among the worst
 * there is no order that judges share (which of noise and of a generator's first blots is further from digits?), so not all pairs agree:
 * 0.62 for the Fréchet distances and 0.71 for the two others were seen by a classifier's features. */
static const struct {
    const char *name;
    int is_lower;
    double least;
} measures[] = {
    {"frechet-distance", 1, 0.5}, {"frechet-distance-infinity", 1, 0.5}, {"kernel-distance", 1, 0.5}, {"coverage", 0, 0.5}, {"recall", 0, -1}, {"precision", 0, -1}, {"density", 0, -1},
};

/* What features without labels make of it is told; that they agree is demanded of a classifier's alone. */
static void rank(const char *features, gan_classifier *classifier, int is_demanded) {
    enum { MEASURES = sizeof measures / sizeof measures[0] };
    static double values[MEASURES][GENERATORS];
    int i, m;
    for (i = 0; i < GENERATORS; i++) {
        gan_evaluation *evaluation = NULL;
        CHECK_OK(gan_evaluate_dataset(samples[i], halves[0], classifier, NULL, &evaluation));
        for (m = 0; m < MEASURES; m++) values[m][i] = value(evaluation, measures[m].name);
        gan_evaluation_destroy(evaluation);
    }
    printf("\n%-28s%10s", features, "judge");
    for (m = 0; m < MEASURES; m++) printf("%27s", measures[m].name);
    for (i = 0; i < GENERATORS; i++) {
        printf("\n%-28s%10.4g", names[i], judged[i]);
        for (m = 0; m < MEASURES; m++) printf("%27.4g", values[m][i]);
    }
    printf("\n%-38s", "Kendall's tau");
    for (m = 0; m < MEASURES; m++) printf("%27.2f", agreement(values[m], measures[m].is_lower));
    printf("\n");
    fflush(stdout);
    for (m = 0; m < MEASURES; m++) CHECK(agreement(values[m], measures[m].is_lower) >= (is_demanded ? measures[m].least : -1));
    /* Whatever the features, the best is known from the worst of all. */
    CHECK(values[0][4] < values[0][0] && values[0][4] < values[0][6]);
}

static void a_classifier_ranks_as_the_judge_does(void) {
    static const char *const settings[] = {"recipe", "classifier", "classifier.channels", "16", NULL};
    gan_trainer *trainer = trainer_of(halves[0], 5, settings);
    gan_classifier *classifier = NULL;
    CHECK_OK(gan_trainer_classifier(trainer, &classifier));
    rank("a classifier's features", classifier, 1);
    gan_classifier_destroy(classifier);
    gan_trainer_destroy(trainer);
}

static void an_autoencoder_ranks(void) {
    static const char *const settings[] = {"recipe", "autoencoder", "autoencoder.channels", "8", NULL};
    gan_trainer *trainer = trainer_of(halves[0], 5, settings);
    gan_classifier *encoder = NULL;
    CHECK_OK(gan_trainer_classifier(trainer, &encoder));
    rank("an autoencoder's features", encoder, 0);
    gan_classifier_destroy(encoder);
    gan_trainer_destroy(trainer);
}

static void random_features_rank(void) { rank("random features", NULL, 0); }

int main(int count, char **arguments) {
    int i;
    digits_path = count > 1 ? arguments[1] : "examples-c/data";
    if (count > 2) threads = arguments[2];
    read_halves();
    make_generators();
    ask_the_judge();
    RUN(a_classifier_ranks_as_the_judge_does);
    RUN(an_autoencoder_ranks);
    RUN(random_features_rank);
    for (i = 0; i < GENERATORS; i++) gan_dataset_destroy(samples[i]);
    for (i = 0; i < 2; i++) gan_dataset_destroy(halves[i]);
    return FINISH("ranking");
}
