/* test-divergence: a training whose numbers are no longer finite says so, stays so, and replaces no checkpoint. */
#include "check.h"

#include <math.h>

static void a_training_that_diverges_says_so(void) {
    gan_options *options = small_options(1);
    gan_dataset *dataset = small_dataset();
    gan_trainer *trainer = NULL;
    int32_t status = GAN_OK;
    int i;
    /* Steps as wide as they may be, in deep networks of linear layers, soon reach numbers that no float holds. */
    CHECK_OK(gan_options_set(options, "generator.hidden", "8,8,8,8,8,8,8,8,8,8,8,8"));
    CHECK_OK(gan_options_set(options, "generator.activation", "linear"));
    CHECK_OK(gan_options_set(options, "generator.output", "linear"));
    CHECK_OK(gan_options_set(options, "discriminator.hidden", "8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8"));
    CHECK_OK(gan_options_set(options, "discriminator.activation", "linear"));
    CHECK_OK(gan_options_set_real(options, "generator.learning-rate", 1));
    CHECK_OK(gan_options_set_real(options, "discriminator.learning-rate", 1));
    CHECK_OK(gan_options_set_real(options, "generator.initial-deviation", 10));
    CHECK_OK(gan_options_set_real(options, "discriminator.initial-deviation", 10));
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    for (i = 0; i < 100 && status == GAN_OK; i++) status = gan_trainer_step(trainer, 100);
    CHECK(status == GAN_E_DIVERGED);
    if (status == GAN_E_DIVERGED) CHECK(strstr(gan_error_message(), "learning-rate") != NULL || strstr(gan_error_message(), "learning rate") != NULL);
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
}

/* All that a training keeps, read back from a checkpoint in memory: whether it is finite. */
static int checkpoint_is_finite(const char *path) {
    static float values[200000];
    gan_checkpoint *checkpoint = NULL;
    int64_t count = 0, index;
    size_t size = 0, i;
    int finite = 1;
    CHECK_OK(gan_checkpoint_open(path, &checkpoint));
    CHECK_OK(gan_checkpoint_tensor_count(checkpoint, &count));
    for (index = 0; index < count; index++) {
        CHECK_OK(gan_checkpoint_tensor_read(checkpoint, index, values, 200000, &size));
        for (i = 0; i < size; i++) finite &= isfinite(values[i]) != 0;
    }
    gan_checkpoint_destroy(checkpoint);
    return finite;
}

/* A rectifier makes 0 of what is not a number, tanh and sigmoid make 1 of what is infinite, and the losses look well. Whatever the settings:
   what a step says is OK holds numbers, what does not stays diverged, and the last good checkpoint stays good. (Of the first six 0.1 said
   nothing in 300 steps, or said it once and was content with the step after.) */
static void divergence_is_told_and_stays(void) {
    static const char *const settings[] = {
        "seed=460 generator.hidden=32,32,32 discriminator.hidden=16,16 generator.activation=leaky-relu discriminator.activation=leaky-relu "
        "generator.output=tanh discriminator.learning-rate=0.1 discriminator.initial-deviation=1 generator.beta1=0 discriminator.beta2=0 generator.beta2=0",
        "seed=955 generator.hidden=8,8,8,8 discriminator.hidden=7 generator.activation=tanh discriminator.activation=relu generator.output=linear "
        "generator.initial-deviation=10 generator.beta1=0 discriminator.beta2=0 generator.beta2=0.9",
        "seed=8 generator.hidden=32,32,32 discriminator.hidden=8,8,8,8,8,8 generator.activation=linear discriminator.activation=linear "
        "generator.output=linear loss=minimax generator.initial-deviation=10 discriminator.initial-deviation=1 generator.beta1=0.5 generator.beta2=0.9",
        "seed=50 generator.hidden=8,8,8,8 discriminator.hidden=7 generator.activation=linear discriminator.activation=leaky-relu "
        "generator.output=linear generator.initial-deviation=10 discriminator.initial-deviation=10 discriminator.beta2=0.5 generator.beta2=0",
        "seed=615 generator.hidden= discriminator.hidden=32,32,32 generator.output=tanh discriminator.learning-rate=0.1 loss=minimax "
        "discriminator.initial-deviation=1 discriminator.beta2=0.5 generator.beta2=0.9",
        "seed=421 generator.hidden=16 discriminator.hidden=32,32,32 generator.activation=leaky-relu generator.output=tanh "
        "generator.initial-deviation=10 generator.beta1=0.5 discriminator.beta2=0.5 generator.beta2=0",
        /* Networks of which a step looks through a part. */
        "seed=8 generator.hidden=200,200 discriminator.hidden=90,90,90,90,90 generator.activation=linear discriminator.activation=linear "
        "generator.output=linear loss=minimax generator.initial-deviation=10 discriminator.initial-deviation=1 generator.beta1=0.5 generator.beta2=0.9",
        "seed=460 generator.hidden=200,200,200 discriminator.hidden=150,150 generator.activation=leaky-relu discriminator.activation=leaky-relu "
        "generator.output=tanh discriminator.learning-rate=0.1 discriminator.initial-deviation=1 generator.beta1=0 discriminator.beta2=0 generator.beta2=0",
    };
    enum { SETTINGS = sizeof settings / sizeof settings[0], SMALL = 6 };
    static const int steps[] = {1, 7, 300};
    gan_dataset *dataset = small_dataset();
    int setting, kind, made, diverged = 0;
    for (setting = 0; setting < SETTINGS; setting++)
        for (kind = 0; kind < 3; kind++) {
            gan_options *options = small_options(1);
            gan_trainer *trainer = NULL;
            gan_generator *generator = POISON;
            int32_t status = GAN_OK, saved;
            uint8_t byte = 7, *before, *after;
            size_t size = 5, size_before = 0, size_after = 0;
            double step;
            char path[192], text[600], *part;
            snprintf(path, sizeof path, "%s", scratch("good"));
            snprintf(text, sizeof text, "generator.learning-rate=1 discriminator.learning-rate=1 %s", settings[setting]);
            for (part = strtok(text, " "); part != NULL; part = strtok(NULL, " ")) {
                char *value = strchr(part, '=');
                *value++ = '\0';
                CHECK_OK(gan_options_set(options, part, value));
            }
            CHECK_OK(gan_trainer_create(options, dataset, &trainer));
            CHECK_OK(gan_trainer_save(trainer, path));
            for (made = 0; made < 300 && status == GAN_OK; made += steps[kind]) {
                status = gan_trainer_step(trainer, steps[kind]);
                if (status != GAN_OK) break;
                saved = gan_trainer_save(trainer, path);
                if (saved != GAN_OK && (setting < SMALL || steps[kind] >= 16))
                    check_fails(__FILE__, __LINE__, "setting %d: step says OK, save says %s", setting, gan_status_name(saved));
                status = saved;
            }
            CHECK(status == GAN_OK || status == GAN_E_DIVERGED);
            CHECK(checkpoint_is_finite(path));
            if (status == GAN_E_DIVERGED) {
                diverged++;
                CHECK(strstr(gan_error_message(), "learning rate") != NULL);
                step = metric(trainer, "step");
                before = read_file(path, &size_before);
                CHECK_FAILS(gan_trainer_step(trainer, 1), GAN_E_DIVERGED, "diverged");
                CHECK_FAILS(gan_trainer_step(trainer, 0), GAN_E_DIVERGED, "diverged");
                CHECK_FAILS(gan_trainer_run(trainer, 1, NULL, NULL), GAN_E_DIVERGED, "diverged");
                CHECK_FAILS(gan_trainer_save(trainer, path), GAN_E_DIVERGED, "diverged");
                CHECK_FAILS(gan_trainer_save_memory(trainer, &byte, SIZE_MAX, &size), GAN_E_DIVERGED, "diverged");
                CHECK_FAILS(gan_trainer_generator(trainer, &generator), GAN_E_DIVERGED, "diverged");
                CHECK(metric(trainer, "step") == step && generator == POISON && byte == 7 && size == 5);
                after = read_file(path, &size_after);
                CHECK(before != NULL && after != NULL && size_before == size_after && memcmp(before, after, size_before) == 0);
                free(before);
                free(after);
            }
            gan_trainer_destroy(trainer);
            gan_options_destroy(options);
        }
    /* With other instruction sets, whose last bits differ, a training may come to another end. */
    CHECK(diverged >= 3 * SETTINGS / 2);
    gan_dataset_destroy(dataset);
}

int main(void) {
    RUN(a_training_that_diverges_says_so);
    RUN(divergence_is_told_and_stays);
    return FINISH("divergence");
}
