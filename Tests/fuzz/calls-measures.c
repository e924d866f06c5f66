/* Calls about classifiers, measures and evaluations. */
#include "handles.h"

static int32_t name_of_class(const void *handle, const char *name, int64_t index, int64_t number, char *buffer, size_t capacity, size_t *size) {
    (void)name, (void)number;
    return gan_classifier_class_name(handle, (int32_t)index, buffer, capacity, size);
}

static int32_t target_of(const void *handle, const char *name, int64_t index, int64_t number, char *buffer, size_t capacity, size_t *size) {
    (void)name, (void)index, (void)number;
    return gan_classifier_target(handle, buffer, capacity, size);
}

static void make_a_classifier(void) {
    const char *path = chance(60) ? "j.safetensors" : hostile_source();
    Choice options = choose(OPTIONS), of = choose(TRAINER);
    int is_without = chance(50), could_be = is_without || options.handle == NULL || options.is_good;
    void *made = UNTOUCHED;
    int32_t status;
    switch (one_of(3)) {
    case 0: status = CALL(gan_classifier_load, path, is_without ? NULL : options.handle, (gan_classifier **)&made); break;
    case 1: {
        Bytes file = read_whole("j.safetensors");
        if (file.bytes == NULL || chance(50)) {
            Bytes other = mutated(file.bytes != NULL ? file : corpus_entry((int)one_of(corpus_count())));
            free(file.bytes);
            file = other;
        }
        status = CALL(gan_classifier_load_memory, chance(97) ? file.bytes : NULL, file.size, is_without ? NULL : options.handle, (gan_classifier **)&made);
        free(file.bytes);
        break;
    }
    default:
        status = CALL(gan_trainer_classifier, of.handle, (gan_classifier **)&made);
        could_be = of.is_good;
    }
    keep_made(CLASSIFIER, status, &made, could_be, NULL, 0);
}

static void use_a_classifier(void) {
    Choice of = choose(CLASSIFIER), trainer = choose(TRAINER);
    static float images[4 * 36];
    int32_t height = -7, width = -7, channels = -7, classes = -7, features = -7, status;
    int64_t count = chance(75) ? one_of(4) : chance(50) ? -1 - one_of(9) : (int64_t)1 << (50 + one_of(13));
    Buffer probabilities = buffer_of((size_t)one_of(chance(70) ? 400 : 9) * 4), vectors = buffer_of((size_t)one_of(chance(70) ? 4000 : 9) * 4);
    size_t i;
    int is_without;
    ask_text("gan_classifier_class_name", name_of_class, of, NULL, chance(70) ? one_of(4) : hostile_int32(), 0);
    ask_text("gan_classifier_target", target_of, of, NULL, 0, 0);
    status = CALL(gan_classifier_shape, of.handle, &height, &width, chance(97) ? &channels : NULL);
    judge_choice("gan_classifier_shape", of, status);
    if (status == GAN_OK) DEMAND(height > 0 && width > 0 && channels > 0);
    status = CALL(gan_classifier_classes, of.handle, chance(97) ? &classes : NULL);
    if (status == GAN_OK) DEMAND(classes >= 2);
    status = CALL(gan_classifier_features, of.handle, chance(97) ? &features : NULL);
    if (status == GAN_OK) DEMAND(features >= 1);
    /* Where the shape is another one, no images are read. */
    if (height * width * channels != 36 && count > 0 && count < 5) count = 0;
    for (i = 0; i < 4 * 36; i++) images[i] = (float)(i % 7) / 7;
    if (chance(20)) images[one_of(4 * 36)] = (float)hostile_real();
    status = CALL(gan_classifier_run, of.handle, chance(95) ? images : NULL, count, chance(80) ? (float *)(void *)probabilities.bytes : NULL,
                  probabilities.capacity / 4, chance(80) ? (float *)(void *)vectors.bytes : NULL, vectors.capacity / 4);
    judge_choice("gan_classifier_run", of, status);
    if (status == GAN_OK) DEMAND(count >= 0);
    else
        for (i = 0; i < probabilities.capacity; i++)
            if (probabilities.bytes[i] != 0xa7) FAULT("a failed call wrote its buffer");
    free_buffer(&probabilities);
    free_buffer(&vectors);
    is_without = of.handle == NULL || chance(20);
    status = CALL(gan_trainer_judge, trainer.handle, is_without ? NULL : of.handle);
    if (is_without || of.is_good) judge_choice("gan_trainer_judge", trainer, status);
}

static void list_measures(void) {
    int32_t index = chance(70) ? (int32_t)one_of(ASK_ALONE(gan_measure_count)) : hostile_int32();
    int is_there = index >= 0 && index < ASK_ALONE(gan_measure_count);
    int64_t minimum = -7;
    DEMAND((ASK(gan_measure_name, index) != NULL) == is_there);
    DEMAND((ASK(gan_measure_summary, index) != NULL) == is_there);
    DEMAND((ASK(gan_measure_paper, index) != NULL) == is_there);
    DEMAND((ASK(gan_measure_range, index) != NULL) == is_there);
    DEMAND((ASK(gan_measure_goal, index) != NULL) == is_there);
    DEMAND((ASK(gan_measure_needs, index) != NULL) == is_there);
    DEMAND((ASK(gan_measure_samples, index) != NULL) == is_there);
    if (CALL(gan_measure_minimum, index, chance(97) ? &minimum : NULL) == GAN_OK) DEMAND(is_there && minimum >= 1);
    else DEMAND(minimum == -7);
}

static void make_an_evaluation(void) {
    static float rows[400];
    Choice generator = choose(GENERATOR), dataset = choose(DATASET), samples = choose(DATASET), judge = choose(CLASSIFIER), options = choose(OPTIONS);
    int has_judge = chance(60), has_options = chance(30), i;
    int could_be = (!has_judge || judge.handle == NULL || judge.is_good) && (!has_options || options.handle == NULL || options.is_good);
    int64_t count = chance(80) ? 1 + one_of(60) : chance(50) ? -one_of(9) : hostile_integer();
    void *made = UNTOUCHED;
    int32_t status, width = chance(85) ? 1 + (int32_t)one_of(8) : -(int32_t)one_of(9);
    /* What takes minutes is no fault. */
    if (generator.slot.is_costly || dataset.slot.is_costly || samples.slot.is_costly || count > 1 << 22) count = 0;
    if (count > 60) count = 60;
    switch (one_of(3)) {
    case 0:
        status = CALL(gan_evaluate_generator, generator.handle, dataset.handle, has_judge ? judge.handle : NULL, has_options ? options.handle : NULL,
                      dice(), count, (gan_evaluation **)&made);
        could_be = could_be && generator.is_good && dataset.is_good && count > 0;
        break;
    case 1:
        if (dataset.slot.is_costly || samples.slot.is_costly) return;
        status = CALL(gan_evaluate_dataset, samples.handle, dataset.handle, has_judge ? judge.handle : NULL, has_options ? options.handle : NULL,
                      (gan_evaluation **)&made);
        could_be = could_be && samples.is_good && dataset.is_good;
        break;
    default:
        for (i = 0; i < COUNT_OF(rows); i++) rows[i] = (float)((i * 37 + i * i % 11) % 17) / 8;
        if (chance(20)) rows[one_of(COUNT_OF(rows))] = (float)hostile_real();
        if (width > 0 && count > COUNT_OF(rows) / width) count = COUNT_OF(rows) / width;
        status = CALL(gan_evaluate_features, chance(97) ? rows : NULL, count, chance(97) ? rows : NULL, chance(90) ? count : -count, width,
                      has_options ? options.handle : NULL, (gan_evaluation **)&made);
        could_be = (!has_options || options.handle == NULL || options.is_good) && count > 0 && width > 0;
    }
    keep_made(EVALUATION, status, &made, could_be, NULL, 0);
}

static void use_an_evaluation(void) {
    Choice of = choose(EVALUATION);
    const char *name = chance(85) ? ASK(gan_measure_name, (int32_t)one_of(ASK_ALONE(gan_measure_count))) : hostile_text();
    double value = -7, spread = -7, distance = -7;
    int64_t samples = -7, items = -7, item = -7, sample = chance(70) ? one_of(60) : hostile_integer();
    int32_t index = -7, status;
    float probability = -7;
    status = CALL(gan_evaluation_counts, of.handle, chance(97) ? &samples : NULL, &items);
    judge_choice("gan_evaluation_counts", of, status);
    if (status == GAN_OK) DEMAND(samples >= 1 && items >= 1);
    status = CALL(gan_evaluation_value, of.handle, name, chance(97) ? &value : NULL, chance(80) ? &spread : NULL);
    judge_choice("gan_evaluation_value", of, status);
    if (status == GAN_OK) DEMAND(!isnan(value));
    else DEMAND(value == -7 && spread == -7);
    status = CALL(gan_evaluation_nearest, of.handle, sample, chance(97) ? &item : NULL, chance(80) ? &distance : NULL);
    judge_choice("gan_evaluation_nearest", of, status);
    if (status == GAN_OK && items > 0) DEMAND(sample >= 0 && item >= 0);
    status = CALL(gan_evaluation_class, of.handle, sample, chance(97) ? &index : NULL, chance(80) ? &probability : NULL);
    judge_choice("gan_evaluation_class", of, status);
    if (status == GAN_OK) DEMAND(index >= 0 && sample >= 0);
    status = CALL(gan_evaluation_class_counts, of.handle, chance(70) ? (int32_t)one_of(4) : hostile_int32(), chance(97) ? &samples : NULL, &items);
    judge_choice("gan_evaluation_class_counts", of, status);
}

void call_about_measures(void) {
    Choice of;
    switch (one_of(8)) {
    case 0: make_a_classifier(); break;
    case 1: use_a_classifier(); break;
    case 2: list_measures(); break;
    case 3:
        of = choose(chance(50) ? CLASSIFIER : EVALUATION);
        forget(of.handle);
        break;
    case 4:
    case 5: make_an_evaluation(); break;
    default: use_an_evaluation();
    }
}
