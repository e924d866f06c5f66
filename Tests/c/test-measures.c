/* test-measures: classifiers, measures, and evaluations of generators, data sets and features. */
#include "check.h"

#include <math.h>

enum { CLASSES = 3 };

/* Pictures whose class is the row that is bright. */
static gan_dataset *labelled_dataset(int classes) {
    static uint8_t pixels[IMAGES * PIXELS];
    static int32_t labels[IMAGES];
    gan_dataset *dataset = NULL;
    int i;
    for (i = 0; i < IMAGES * PIXELS; i++) {
        int image = i / PIXELS, row = i % PIXELS / SIDE;
        pixels[i] = (uint8_t)(row / 2 == image % CLASSES ? 200 + image % 50 : i % 13);
    }
    for (i = 0; i < IMAGES; i++) labels[i] = i % CLASSES;
    CHECK_OK(gan_dataset_create_bytes(pixels, IMAGES, SIDE, SIDE, 1, labels, classes, NULL, NULL, &dataset));
    return dataset;
}

static gan_trainer *classifier_trainer(gan_dataset *dataset) {
    gan_options *options = common_options(1);
    gan_trainer *trainer = NULL;
    CHECK_OK(gan_options_set(options, "recipe", "classifier"));
    CHECK_OK(gan_options_set(options, "classifier.channels", "4"));
    CHECK_OK(gan_options_set(options, "classifier.features", "20"));
    CHECK_OK(gan_options_set(options, "classifier.shift", "0"));
    CHECK_OK(gan_options_set(options, "classifier.learning-rate", "0.01"));
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    gan_options_destroy(options);
    return trainer;
}

static gan_generator *conditional_generator(gan_dataset *dataset) {
    gan_options *options = small_options(1);
    gan_trainer *trainer = NULL;
    gan_generator *generator = NULL;
    CHECK_OK(gan_options_set(options, "condition", "labels"));
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    CHECK_OK(gan_trainer_step(trainer, 5));
    CHECK_OK(gan_trainer_generator(trainer, &generator));
    gan_trainer_destroy(trainer);
    gan_options_destroy(options);
    return generator;
}

static void measures_are_listed(void) {
    int32_t count = gan_measure_count(), index;
    int64_t minimum = -7;
    CHECK(count >= 15);
    for (index = 0; index < count; index++) {
        const char *goal = gan_measure_goal(index), *needs = gan_measure_needs(index);
        CHECK(strlen(gan_measure_name(index)) > 3 && strlen(gan_measure_summary(index)) > 20 && strlen(gan_measure_paper(index)) > 20);
        CHECK(strlen(gan_measure_range(index)) > 3 && strlen(gan_measure_samples(index)) > 10);
        CHECK(strcmp(goal, "higher") == 0 || strcmp(goal, "lower") == 0);
        CHECK(strcmp(needs, "features") == 0 || strcmp(needs, "classes") == 0 || strcmp(needs, "labels") == 0 || strcmp(needs, "pictures") == 0
              || strcmp(needs, "rows") == 0);
        CHECK_OK(gan_measure_minimum(index, &minimum));
        CHECK(minimum >= 1);
    }
    minimum = -7;
    CHECK(gan_measure_name(-1) == NULL && gan_measure_name(count) == NULL && gan_measure_goal(count) == NULL);
    CHECK_FAILS(gan_measure_minimum(count, &minimum), GAN_E_INVALID_ARGUMENT, "index");
    CHECK(minimum == -7);
}

static void a_classifier_tells_classes(void) {
    gan_dataset *dataset = labelled_dataset(0);
    gan_trainer *trainer = classifier_trainer(dataset);
    gan_classifier *classifier = NULL, *loaded = NULL, *other = POISON;
    gan_generator *generator = POISON;
    const char *path = scratch("judge.safetensors");
    float images[4 * PIXELS], probabilities[4 * CLASSES], again[4 * CLASSES], features[4 * 20];
    int32_t classes = 0, width = 0, height = 0, columns = 0, channels = 0;
    size_t size = 0;
    char name[8];
    uint8_t *bytes;
    int i, row;
    CHECK_OK(gan_trainer_run(trainer, 12, NULL, NULL));
    CHECK(metric(trainer, "accuracy") > 0.9);
    CHECK(metric(trainer, "classifier.loss") < 0.5);
    CHECK_OK(gan_trainer_save(trainer, path));
    CHECK_OK(gan_trainer_classifier(trainer, &classifier));
    CHECK_FAILS(gan_trainer_generator(trainer, &generator), GAN_E_MISMATCH, "draws nothing");
    CHECK(generator == POISON);
    CHECK_OK(gan_classifier_load(path, NULL, &loaded));
    CHECK_OK(gan_classifier_shape(loaded, &height, &columns, &channels));
    CHECK(height == SIDE && columns == SIDE && channels == 1);
    CHECK_OK(gan_classifier_classes(loaded, &classes));
    CHECK_OK(gan_classifier_features(loaded, &width));
    CHECK(classes == CLASSES && width == 20);
    CHECK_OK(gan_classifier_target(loaded, name, sizeof name, &size));
    CHECK_TEXT(name, "labels");
    CHECK_FAILS(gan_classifier_target(loaded, name, 3, &size), GAN_E_BUFFER_TOO_SMALL, "7");
    CHECK(size == 7);
    CHECK_OK(gan_classifier_class_name(loaded, 2, name, sizeof name, &size));
    CHECK_TEXT(name, "2");
    CHECK_FAILS(gan_classifier_class_name(loaded, 3, name, sizeof name, &size), GAN_E_INVALID_ARGUMENT, "index");
    CHECK_OK(gan_dataset_read(dataset, 0, 4, images, 4 * PIXELS));
    CHECK_OK(gan_classifier_run(loaded, images, 4, probabilities, 4 * CLASSES, features, 4 * 20));
    for (row = 0; row < 4; row++) {
        float *p = probabilities + row * CLASSES;
        CHECK(fabsf(p[0] + p[1] + p[2] - 1) < 1e-5f);
        CHECK(p[row % CLASSES] > 0.5f);
    }
    CHECK_OK(gan_classifier_run(classifier, images, 4, again, 4 * CLASSES, NULL, 0));
    CHECK(memcmp(probabilities, again, sizeof again) == 0);
    CHECK_OK(gan_classifier_run(classifier, images + PIXELS, 1, again, CLASSES, NULL, 0));
    CHECK(memcmp(probabilities + CLASSES, again, CLASSES * sizeof(float)) == 0);
    CHECK_OK(gan_classifier_run(classifier, NULL, 0, NULL, 0, NULL, 0));
    CHECK_FAILS(gan_classifier_run(loaded, images, 4, probabilities, 4 * CLASSES - 1, NULL, 0), GAN_E_BUFFER_TOO_SMALL, "12");
    CHECK_FAILS(gan_classifier_run(loaded, images, -1, NULL, 0, NULL, 0), GAN_E_INVALID_ARGUMENT, "count");
    CHECK_FAILS(gan_classifier_run(loaded, NULL, 1, NULL, 0, NULL, 0), GAN_E_INVALID_ARGUMENT, "images");
    images[PIXELS + 7] = NAN;
    CHECK_FAILS(gan_classifier_run(loaded, images, 4, NULL, 0, NULL, 0), GAN_E_BAD_DATA, "element 7 of image 1");
    gan_classifier_destroy(loaded);
    CHECK_FAILS(gan_classifier_classes(loaded, &classes), GAN_E_INVALID_HANDLE, "classifier");
    bytes = read_file(path, &size);
    for (i = 0; i < 2; i++) {
        loaded = NULL;
        CHECK_OK(gan_classifier_load_memory(bytes, size, NULL, &loaded));
        gan_classifier_destroy(loaded);
    }
    bytes[size - 1] ^= 1;
    CHECK_FAILS(gan_classifier_load_memory(bytes, size, NULL, &other), GAN_E_CHECKSUM, "damaged");
    CHECK_FAILS(gan_classifier_load(scratch("nothing"), NULL, &other), GAN_E_NOT_FOUND, "nothing");
    CHECK(other == POISON);
    free(bytes);
    gan_classifier_destroy(classifier);
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
}

static double value_of(gan_evaluation *evaluation, const char *name) {
    double value = -7;
    CHECK_OK(gan_evaluation_value(evaluation, name, &value, NULL));
    return value;
}

static void a_generator_is_evaluated(void) {
    gan_dataset *dataset = labelled_dataset(0), *other = small_dataset();
    gan_trainer *training = classifier_trainer(dataset);
    gan_classifier *judge = NULL;
    gan_generator *generator = conditional_generator(dataset);
    gan_options *options = small_options(3);
    gan_evaluation *evaluation = NULL, *again = NULL, *none = POISON;
    int64_t samples = 0, items = 0, item = -1, sum = 0, all = 0;
    double distance = -1, spread = 0, value = 0;
    int32_t index;
    float probability = 0;
    CHECK_OK(gan_trainer_run(training, 6, NULL, NULL));
    CHECK_OK(gan_trainer_classifier(training, &judge));
    CHECK_OK(gan_evaluate_generator(generator, dataset, judge, NULL, 7, 110, &evaluation));
    CHECK_OK(gan_evaluate_generator(generator, dataset, judge, options, 7, 110, &again));
    CHECK_OK(gan_evaluation_counts(evaluation, &samples, &items));
    CHECK(samples == 110 && items == IMAGES);
    for (index = 0; index < gan_measure_count(); index++) {
        const char *name = gan_measure_name(index);
        if (strcmp(gan_measure_needs(index), "pictures") == 0) {
            CHECK_FAILS(gan_evaluation_value(evaluation, name, &value, &spread), GAN_E_MISMATCH, "7×7");
            continue;
        }
        if (strcmp(gan_measure_needs(index), "rows") == 0) {
            CHECK_FAILS(gan_evaluation_value(evaluation, name, &value, &spread), GAN_E_MISMATCH, "rows of a table");
            continue;
        }
        CHECK_OK(gan_evaluation_value(evaluation, name, &value, &spread));
        CHECK(!isnan(value) && value == value_of(again, name));
    }
    CHECK_OK(gan_evaluation_nearest(evaluation, 109, &item, &distance));
    CHECK(item >= 0 && item < IMAGES && distance >= 0);
    CHECK_OK(gan_evaluation_class(evaluation, 5, &index, &probability));
    CHECK(index >= 0 && index < CLASSES && probability > 0.3f);
    for (index = 0; index < CLASSES; index++) {
        CHECK_OK(gan_evaluation_class_counts(evaluation, index, &samples, &items));
        sum += samples;
        all += items;
    }
    CHECK(sum == 110 && all == IMAGES);
    CHECK_FAILS(gan_evaluation_class_counts(evaluation, CLASSES, &samples, &items), GAN_E_INVALID_ARGUMENT, "classes 0 … 2");
    CHECK_FAILS(gan_evaluation_nearest(evaluation, 110, &item, NULL), GAN_E_INVALID_ARGUMENT, "sample");
    CHECK_FAILS(gan_evaluation_value(evaluation, "recal", &value, NULL), GAN_E_UNKNOWN_NAME, "recall");
    CHECK_FAILS(gan_evaluation_value(evaluation, "recall", NULL, NULL), GAN_E_INVALID_ARGUMENT, "value");
    CHECK_FAILS(gan_evaluate_generator(generator, dataset, judge, NULL, 7, 0, &none), GAN_E_INVALID_ARGUMENT, "count");
    CHECK_FAILS(gan_evaluate_generator(generator, dataset, judge, NULL, 7, (int64_t)1 << 40, &none), GAN_E_OUT_OF_RANGE, "count");
    gan_evaluation_destroy(again);
    /* Without a classifier, and beside data without labels. */
    again = NULL;
    CHECK_OK(gan_evaluate_generator(generator, other, NULL, NULL, 7, 50, &again));
    CHECK(value_of(again, "frechet-distance") > 0);
    CHECK_FAILS(gan_evaluation_value(again, "modes", &value, NULL), GAN_E_MISMATCH, "classifier");
    CHECK_FAILS(gan_evaluation_class(again, 0, &index, NULL), GAN_E_MISMATCH, "classifier");
    CHECK_FAILS(gan_evaluation_value(again, "frechet-distance-infinity", &value, NULL), GAN_E_MISMATCH, "100");
    CHECK(none == POISON);
    gan_evaluation_destroy(again);
    gan_evaluation_destroy(again);
    gan_dataset_destroy(dataset);
    gan_generator_destroy(generator);
    gan_classifier_destroy(judge);
    CHECK(value_of(evaluation, "recall") >= 0);
    gan_evaluation_destroy(evaluation);
    gan_trainer_destroy(training);
    gan_dataset_destroy(other);
    gan_options_destroy(options);
}

static void data_are_evaluated(void) {
    gan_dataset *dataset = labelled_dataset(0), *others = labelled_dataset(5);
    gan_trainer *training = classifier_trainer(dataset);
    gan_classifier *judge = NULL;
    gan_evaluation *evaluation = NULL, *none = POISON;
    uint8_t large[2 * 8 * 8] = {0};
    gan_dataset *larger = NULL;
    CHECK_OK(gan_trainer_run(training, 12, NULL, NULL));
    CHECK_OK(gan_trainer_classifier(training, &judge));
    CHECK_OK(gan_evaluate_dataset(dataset, dataset, judge, NULL, &evaluation));
    CHECK(fabs(value_of(evaluation, "frechet-distance")) < 1e-6);
    CHECK(value_of(evaluation, "precision") == 1 && value_of(evaluation, "recall") == 1 && value_of(evaluation, "copies") == 1);
    CHECK(value_of(evaluation, "modes") == CLASSES && value_of(evaluation, "mode-divergence") == 0);
    CHECK(value_of(evaluation, "label-agreement") > 0.9);
    gan_evaluation_destroy(evaluation);
    CHECK_FAILS(gan_evaluate_dataset(others, dataset, judge, NULL, &none), GAN_E_MISMATCH, "classes");
    CHECK_OK(gan_dataset_create_bytes(large, 2, 8, 8, 1, NULL, 0, NULL, NULL, &larger));
    CHECK_FAILS(gan_evaluate_dataset(larger, dataset, NULL, NULL, &none), GAN_E_MISMATCH, "8×8×1");
    CHECK_FAILS(gan_evaluate_dataset(dataset, larger, judge, NULL, &none), GAN_E_MISMATCH, "8×8×1");
    CHECK(none == POISON);
    gan_classifier_destroy(judge);
    gan_trainer_destroy(training);
    gan_dataset_destroy(larger);
    gan_dataset_destroy(others);
    gan_dataset_destroy(dataset);
}

/* Of tags each is told by itself, and of pictures without labels features alone. */
static void tags_are_told_and_an_autoencoder_tells_features(void) {
    static uint8_t flags[IMAGES * 2];
    gan_dataset *dataset = labelled_dataset(0), *tagged = NULL, *plain = small_dataset();
    gan_options *options = common_options(1);
    gan_trainer *trainer = NULL;
    gan_classifier *classifier = NULL;
    gan_evaluation *evaluation = NULL;
    float images[4 * PIXELS], probabilities[4 * 2], features[4 * 7], untouched = 7;
    int32_t count = -1;
    double value = 0;
    char text[16];
    size_t size = 0;
    int i;
    for (i = 0; i < IMAGES; i++) flags[2 * i] = i % CLASSES == 0, flags[2 * i + 1] = 1;
    CHECK_OK(gan_dataset_add_tags(dataset, NULL, flags, "third\nalways", &tagged));
    CHECK_OK(gan_options_set(options, "recipe", "classifier"));
    CHECK_OK(gan_options_set(options, "classifier.target", "tags"));
    CHECK_OK(gan_options_set(options, "classifier.channels", "4"));
    CHECK_OK(gan_options_set(options, "classifier.shift", "0"));
    CHECK_OK(gan_options_set(options, "classifier.learning-rate", "0.01"));
    CHECK_OK(gan_trainer_create(options, tagged, &trainer));
    CHECK_OK(gan_trainer_run(trainer, 12, NULL, NULL));
    CHECK(metric(trainer, "accuracy") > 0.9 && metric(trainer, "accuracy.third") > 0.9 && metric(trainer, "accuracy.always") == 1);
    CHECK_FAILS(gan_trainer_metric(trainer, "accuracy.thirt", &value), GAN_E_UNKNOWN_NAME, "accuracy.third");
    CHECK_OK(gan_trainer_classifier(trainer, &classifier));
    CHECK_OK(gan_classifier_target(classifier, text, sizeof text, &size));
    CHECK_TEXT(text, "tags");
    CHECK_OK(gan_classifier_classes(classifier, &count));
    CHECK(count == 2);
    CHECK_OK(gan_classifier_class_name(classifier, 0, text, sizeof text, NULL));
    CHECK_TEXT(text, "third");
    CHECK_OK(gan_dataset_read(tagged, 0, 4, images, 4 * PIXELS));
    CHECK_OK(gan_classifier_run(classifier, images, 4, probabilities, 4 * 2, NULL, 0));
    for (i = 0; i < 4; i++) CHECK((probabilities[2 * i] > 0.5f) == (i % CLASSES == 0) && probabilities[2 * i + 1] > 0.5f);
    CHECK_OK(gan_evaluate_dataset(tagged, tagged, classifier, NULL, &evaluation));
    CHECK(fabs(value_of(evaluation, "frechet-distance")) < 1e-6);
    CHECK_FAILS(gan_evaluation_value(evaluation, "modes", &value, NULL), GAN_E_MISMATCH, "classifier");
    CHECK_FAILS(gan_evaluation_class(evaluation, 0, &count, NULL), GAN_E_MISMATCH, "classifier");
    gan_evaluation_destroy(evaluation);
    gan_classifier_destroy(classifier);
    gan_trainer_destroy(trainer);
    gan_options_destroy(options);

    options = common_options(1);
    CHECK_OK(gan_options_set(options, "recipe", "autoencoder"));
    CHECK_OK(gan_options_set(options, "autoencoder.channels", "2"));
    CHECK_OK(gan_options_set(options, "autoencoder.features", "7"));
    CHECK_OK(gan_trainer_create(options, plain, &trainer));
    CHECK_OK(gan_trainer_run(trainer, 2, NULL, NULL));
    CHECK(metric(trainer, "autoencoder.loss") > 0 && isnan(metric(trainer, "accuracy")));
    CHECK(fabs(metric(trainer, "autoencoder.learning-rate") - 1e-3) < 1e-9);
    CHECK_OK(gan_trainer_save(trainer, scratch("encoder.safetensors")));
    CHECK_OK(gan_classifier_load(scratch("encoder.safetensors"), NULL, &classifier));
    CHECK_OK(gan_classifier_target(classifier, text, sizeof text, &size));
    CHECK_TEXT(text, "");
    CHECK_OK(gan_classifier_classes(classifier, &count));
    CHECK(count == 0);
    CHECK_FAILS(gan_classifier_class_name(classifier, 0, text, sizeof text, NULL), GAN_E_INVALID_ARGUMENT, "tells no classes");
    CHECK_OK(gan_classifier_run(classifier, images, 4, &untouched, 0, features, 4 * 7));
    CHECK(untouched == 7);
    for (i = 0; i < 4 * 7; i++) CHECK(isfinite(features[i]));
    CHECK_OK(gan_evaluate_dataset(plain, plain, classifier, NULL, &evaluation));
    CHECK(value_of(evaluation, "recall") == 1);
    gan_evaluation_destroy(evaluation);
    gan_classifier_destroy(classifier);
    gan_trainer_destroy(trainer);
    gan_options_destroy(options);
    gan_dataset_destroy(plain);
    gan_dataset_destroy(tagged);
    gan_dataset_destroy(dataset);
}

/* Two points on each axis: the moments, and so the distance, are known without arithmetic. */
static void features_are_evaluated(void) {
    float a[4 * 2] = {3, 0, -3, 0, 0, 1, 0, -1}, b[4 * 2] = {1, 0.5f, -1, 0.5f, 0, 1.5f, 0, -0.5f};
    gan_evaluation *evaluation = NULL, *none = POISON;
    double scale = sqrt(2.0 / 3), expected = 0.25 + (3 - 1) * (3 - 1) * scale * scale, value = 0;
    int64_t samples = 0, items = 0;
    CHECK_OK(gan_evaluate_features(a, 4, b, 4, 2, NULL, &evaluation));
    CHECK(fabs(value_of(evaluation, "frechet-distance") - expected) < 1e-12);
    CHECK_FAILS(gan_evaluation_value(evaluation, "sliced-wasserstein", &value, NULL), GAN_E_MISMATCH, "16");
    CHECK_FAILS(gan_evaluation_value(evaluation, "label-agreement", &value, NULL), GAN_E_MISMATCH, "classifier");
    CHECK_FAILS(gan_evaluation_value(evaluation, "density", &value, NULL), GAN_E_MISMATCH, "needs 6");
    CHECK_OK(gan_evaluation_counts(evaluation, &samples, &items));
    CHECK(samples == 4 && items == 4);
    gan_evaluation_destroy(evaluation);
    a[5] = INFINITY;
    CHECK_FAILS(gan_evaluate_features(a, 4, b, 4, 2, NULL, &none), GAN_E_BAD_DATA, "Number 1 of row 2");
    CHECK_FAILS(gan_evaluate_features(b, 4, NULL, 4, 2, NULL, &none), GAN_E_INVALID_ARGUMENT, "data");
    CHECK_FAILS(gan_evaluate_features(b, 4, b, 4, 0, NULL, &none), GAN_E_INVALID_ARGUMENT, "width");
    CHECK_FAILS(gan_evaluate_features(b, 0, b, 4, 2, NULL, &none), GAN_E_INVALID_ARGUMENT, "sample_count");
    CHECK_FAILS(gan_evaluate_features(b, INT64_MAX, b, 4, 2, NULL, &none), GAN_E_OUT_OF_RANGE, "sample_count");
    CHECK(none == POISON);
}

/* A training that measures itself ends in the same networks. */
static void trainings_evaluate_themselves(void) {
    gan_dataset *dataset = labelled_dataset(0);
    gan_trainer *training = classifier_trainer(dataset), *plain = NULL, *measured = NULL;
    gan_classifier *judge = NULL;
    gan_options *options = small_options(1);
    CHECK_OK(gan_trainer_run(training, 3, NULL, NULL));
    CHECK_OK(gan_trainer_classifier(training, &judge));
    CHECK_OK(gan_trainer_create(options, dataset, &plain));
    CHECK_OK(gan_options_set(options, "evaluate.every", "2"));
    CHECK_OK(gan_options_set(options, "evaluate.count", "40"));
    CHECK_OK(gan_options_set(options, "evaluate.measure", "class-entropy"));
    CHECK_OK(gan_trainer_create(options, dataset, &measured));
    CHECK_OK(gan_trainer_judge(measured, judge));
    CHECK_OK(gan_trainer_run(plain, 4, NULL, NULL));
    CHECK_OK(gan_trainer_run(measured, 4, NULL, NULL));
    CHECK(metric(measured, "evaluate.frechet-distance") > 0);
    CHECK(metric(measured, "evaluate.class-entropy") >= 0);
    CHECK(metric(measured, "evaluate.best-epoch") == 2 || metric(measured, "evaluate.best-epoch") == 4);
    CHECK(isnan(metric(plain, "evaluate.frechet-distance")));
    CHECK_OK(gan_trainer_save(plain, scratch("plain")));
    CHECK_OK(gan_trainer_save(measured, scratch("measured")));
    CHECK(same_files(scratch("plain"), scratch("measured")));
    gan_trainer_destroy(plain);
    gan_trainer_destroy(measured);
    gan_trainer_destroy(training);
    gan_classifier_destroy(judge);
    gan_options_destroy(options);
    gan_dataset_destroy(dataset);
}

int main(void) {
    RUN(measures_are_listed);
    RUN(a_classifier_tells_classes);
    RUN(a_generator_is_evaluated);
    RUN(data_are_evaluated);
    RUN(tags_are_told_and_an_autoencoder_tells_features);
    RUN(features_are_evaluated);
    RUN(trainings_evaluate_themselves);
    return FINISH("measures");
}
