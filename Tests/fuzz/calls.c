/* The parts "calls" and "threads": many calls, valid and not, on what the case made before. */
#include "handles.h"

#include <fcntl.h>

enum { CALLS = 1500, THREADS = 4, CALLS_OF_A_THREAD = 250 };

/* What the paths of hostility.c name. */
static void make_folder(void) {
    mkdir("folder", 0777);
    if (symlink("loop", "loop") != 0 || symlink("nothing", "broken") != 0 || symlink("folder/linked", "link") != 0) FAULT("%s", strerror(errno));
}

/* A training of each kind of input that a sampler can be told. */
static gan_trainer *first_trainer(void) {
    static const char *const settings[][2] = {{"seed", "1"}, {"recipe", "infogan"}, {"condition", "labels"}, {"condition", "tags"}, {"preset", "dcgan"}};
    int way = (int)one_of(COUNT_OF(settings));
    gan_options *options = small_options();
    gan_dataset *dataset = small_dataset();
    gan_trainer *trainer = NULL;
    CALL(gan_options_set, options, settings[way][0], settings[way][1]);
    CALL(gan_options_set, options, "generator.channels", "2");
    CALL(gan_options_set, options, "discriminator.channels", "2");
    if (CALL(gan_trainer_create, options, dataset, &trainer) != GAN_OK) trainer = small_trainer();
    keep(OPTIONS, options, NULL, 0);
    keep(DATASET, dataset, NULL, 0);
    return trainer;
}

static gan_options *common_options(void);

/* A classifier's training, of the data that the others have. */
static gan_classifier *first_classifier(void) {
    gan_options *options = common_options();
    gan_dataset *dataset = small_dataset();
    gan_trainer *trainer = NULL;
    gan_classifier *classifier = NULL;
    DEMAND(CALL(gan_options_set, options, "recipe", "classifier") == GAN_OK);
    DEMAND(CALL(gan_options_set, options, "classifier.channels", "2") == GAN_OK);
    DEMAND(CALL(gan_trainer_create, options, dataset, &trainer) == GAN_OK);
    DEMAND(CALL(gan_trainer_save, trainer, "j.safetensors") == GAN_OK);
    DEMAND(CALL(gan_trainer_classifier, trainer, &classifier) == GAN_OK);
    DESTROY(gan_options_destroy, options);
    DESTROY(gan_dataset_destroy, dataset);
    keep(TRAINER, trainer, NULL, 0);
    return classifier;
}

/* What makes pictures of pictures, of each recipe that does. */
static void keep_first_applier(void) {
    static const char *const recipes[] = {"super-resolution", "image-to-image", "inpainting", "next-frame", "translation", "view-to-volume"};
    static const int64_t axes[] = {8, 8, 8, 1};
    static uint8_t pixels[40 * 64];
    static float voxels[40 * 512];
    gan_options *options = common_options();
    gan_dataset *dataset = NULL;
    gan_trainer *trainer = NULL;
    gan_generator *generator = NULL;
    gan_applier *applier = NULL;
    Slot known = {0};
    int32_t latent = 0;
    int i, which = (int)one_of(COUNT_OF(recipes));
    for (i = 0; i < 40 * 64; i++) pixels[i] = (uint8_t)(i % 64 * 7 + i / 64 * 37);
    if (which == 3) DEMAND(CALL(gan_dataset_make, "moving", 10, 1, NULL, &dataset) == GAN_OK);
    else DEMAND(CALL(gan_dataset_create_bytes, pixels, 40, 8, 8, 1, NULL, 0, NULL, NULL, &dataset) == GAN_OK);
    if (which == 4) {
        gan_dataset *kinds[2] = {dataset, dataset}, *both = NULL;
        DEMAND(CALL(gan_dataset_combine, (const gan_dataset *const *)kinds, 2, "source\ntarget", 0, &both) == GAN_OK);
        DESTROY(gan_dataset_destroy, dataset);
        dataset = both;
    }
    if (which == 5) {
        gan_dataset *parts[2] = {dataset, NULL}, *both = NULL;
        for (i = 0; i < 40 * 512; i++) voxels[i] = (float)(i / 64 % 7 > 2);
        DEMAND(CALL(gan_dataset_create_values, voxels, 40, axes, 4, 0, 1, "volume", NULL, NULL, &parts[1]) == GAN_OK);
        DEMAND(CALL(gan_dataset_combine, (const gan_dataset *const *)parts, 2, "view\nvolume", 1, &both) == GAN_OK);
        DESTROY(gan_dataset_destroy, parts[1]);
        DESTROY(gan_dataset_destroy, dataset);
        dataset = both;
    }
    DEMAND(CALL(gan_options_set, options, "recipe", recipes[which]) == GAN_OK);
    if (which == 5) DEMAND(CALL(gan_options_set, options, "view.channels", "2") == GAN_OK);
    if (which == 3) DEMAND(CALL(gan_options_set, options, "frames.past", "3") == GAN_OK);
    if (which == 0) DEMAND(CALL(gan_options_set, options, "scale", "2") == GAN_OK);
    if (which == 1) DEMAND(CALL(gan_options_set, options, "source", "edges") == GAN_OK);
    DEMAND(CALL(gan_options_set, options, "generator.channels", "2") == GAN_OK);
    DEMAND(CALL(gan_options_set, options, "discriminator.channels", "2") == GAN_OK);
    DEMAND(CALL(gan_options_set, options, "generator.blocks", "1") == GAN_OK);
    DEMAND(CALL(gan_options_set, options, "tile", chance(50) ? "8" : "0") == GAN_OK);
    DEMAND(CALL(gan_trainer_create, options, dataset, &trainer) == GAN_OK);
    DEMAND(CALL(gan_trainer_generator, trainer, &generator) == GAN_OK);
    DEMAND(CALL(gan_applier_create, generator, options, &applier) == GAN_OK);
    DEMAND(CALL(gan_generator_latent_size, generator, &latent) == GAN_OK);
    known.latent = latent;
    known.pixels = which == 3 ? 1024 : which == 5 ? 512 : 64;
    keep(OPTIONS, options, NULL, 0);
    keep(DATASET, dataset, NULL, 0);
    keep(TRAINER, trainer, NULL, 0);
    keep(GENERATOR, generator, &known, 0);
    keep(APPLIER, applier, NULL, 0);
}

/* Enough of each kind to begin with. */
static void make_first_handles(void) {
    gan_trainer *trainer = first_trainer();
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    gan_checkpoint *checkpoint = NULL;
    Slot known = {0};
    int32_t latent = 0;
    DEMAND(CALL(gan_trainer_save, trainer, "a.safetensors") == GAN_OK);
    DEMAND(CALL(gan_trainer_generator, trainer, &generator) == GAN_OK);
    DEMAND(CALL(gan_generator_save, generator, "g.safetensors") == GAN_OK);
    DEMAND(CALL(gan_sampler_create, generator, NULL, &sampler) == GAN_OK);
    DEMAND(CALL(gan_checkpoint_open, "a.safetensors", &checkpoint) == GAN_OK);
    DEMAND(CALL(gan_generator_latent_size, generator, &latent) == GAN_OK);
    known.latent = latent;
    known.pixels = 36;
    keep(TRAINER, trainer, NULL, 0);
    keep(GENERATOR, generator, &known, 0);
    keep(SAMPLER, sampler, &known, 0);
    keep(CHECKPOINT, checkpoint, NULL, 0);
    keep(CLASSIFIER, first_classifier(), NULL, 0);
    keep_first_applier();
}

/* What every recipe reads. */
static gan_options *common_options(void) {
    gan_options *options = NULL;
    DEMAND(CALL(gan_options_create, &options) == GAN_OK);
    DEMAND(CALL(gan_options_set, options, "batch-size", "10") == GAN_OK);
    DEMAND(CALL(gan_options_set, options, "seed", "42") == GAN_OK);
    DEMAND(CALL(gan_options_set, options, "threads", "1") == GAN_OK);
    return options;
}

gan_options *small_options(void) {
    gan_options *options = common_options();
    DEMAND(CALL(gan_options_set, options, "latent.size", "5") == GAN_OK);
    DEMAND(CALL(gan_options_set, options, "generator.hidden", "9,8") == GAN_OK);
    DEMAND(CALL(gan_options_set, options, "discriminator.hidden", "7") == GAN_OK);
    return options;
}

gan_dataset *small_dataset(void) {
    static uint8_t pixels[120 * 36];
    static int32_t labels[120];
    static uint8_t tags[120 * 2];
    gan_dataset *plain = NULL, *dataset = NULL;
    int i;
    for (i = 0; i < 120 * 2; i++) tags[i] = (uint8_t)(i % 3 == 0);
    for (i = 0; i < 120 * 36; i++) pixels[i] = (uint8_t)(i % 36 * 7 + i / 36 * 37 + i * i % 11);
    for (i = 0; i < 120; i++) labels[i] = i % 3;
    DEMAND(CALL(gan_dataset_create_bytes, pixels, 120, 6, 6, 1, labels, 0, NULL, NULL, &plain) == GAN_OK);
    DEMAND(CALL(gan_dataset_add_tags, plain, NULL, tags, "smile\nhat", &dataset) == GAN_OK);
    DESTROY(gan_dataset_destroy, plain);
    return dataset;
}

gan_trainer *small_trainer(void) {
    gan_options *options = small_options();
    gan_dataset *dataset = small_dataset();
    gan_trainer *trainer = NULL;
    DEMAND(CALL(gan_trainer_create, options, dataset, &trainer) == GAN_OK);
    DESTROY(gan_options_destroy, options);
    DESTROY(gan_dataset_destroy, dataset);
    return trainer;
}

void case_of_calls(void) {
    int i;
    make_folder();
    make_first_handles();
    for (i = 0; i < CALLS; i++) make_a_call();
    destroy_all();
}

/* -------------------------------------------------------------------------------------------------- Threads */

static void *call_often(void *seed) {
    int i;
    seed_dice(*(uint64_t *)seed);
    for (i = 0; i < CALLS_OF_A_THREAD; i++) make_a_call();
    return NULL;
}

/* Every thread uses what all have made. Which call meets which is not a function of the seed, so a fault may take a few tries. */
void case_of_threads(void) {
    pthread_t threads[THREADS];
    uint64_t seeds[THREADS];
    int i;
    make_folder();
    make_first_handles();
    be_concurrent(1);
    for (i = 0; i < THREADS; i++) {
        seeds[i] = dice();
        if (pthread_create(&threads[i], NULL, call_often, &seeds[i]) != 0) FAULT("no thread");
    }
    for (i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    destroy_all();
}
