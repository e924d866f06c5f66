/* test-training: steps, epochs, progress, metrics, cancelling from the callback. */
#include "check.h"

#include <math.h>

static void steps_and_epochs_are_counted(void) {
    gan_trainer *trainer = small_trainer(1);
    CHECK(metric(trainer, "step") == 0 && metric(trainer, "epoch") == 0);
    CHECK(metric(trainer, "steps-per-epoch") == STEPS_PER_EPOCH);
    CHECK(metric(trainer, "images-per-second") == 0);
    CHECK_OK(gan_trainer_step(trainer, 0));
    CHECK(metric(trainer, "step") == 0);
    CHECK_OK(gan_trainer_step(trainer, 5));
    CHECK(metric(trainer, "step") == 5 && metric(trainer, "epoch") == 0);
    CHECK_OK(gan_trainer_run(trainer, 1, NULL, NULL)); /* what remains of the epoch counts as the first */
    CHECK(metric(trainer, "step") == STEPS_PER_EPOCH && metric(trainer, "epoch") == 1);
    CHECK_OK(gan_trainer_run(trainer, 0, NULL, NULL));
    CHECK_OK(gan_trainer_run(trainer, 3, NULL, NULL));
    CHECK(metric(trainer, "step") == 4 * STEPS_PER_EPOCH && metric(trainer, "epoch") == 4);
    CHECK(metric(trainer, "images-per-second") > 0);
    gan_trainer_destroy(trainer);
}

static void metrics_are_described_and_make_sense(void) {
    gan_trainer *trainer = small_trainer(1);
    int32_t i, count = gan_metric_count();
    double real, fake, value = 4;
    CHECK(count >= 8);
    for (i = 0; i < count; i++) {
        const char *name = gan_metric_name(i), *summary = gan_metric_summary(i);
        CHECK(name != NULL && summary != NULL && strlen(summary) > 10);
        if (name != NULL) CHECK_OK(gan_trainer_metric(trainer, name, &value));
    }
    CHECK(gan_metric_name(-1) == NULL && gan_metric_name(count) == NULL && gan_metric_summary(-1) == NULL);
    CHECK(gan_metric_summary(INT32_MAX) == NULL);
    CHECK(isnan(metric(trainer, "discriminator.loss")) && isnan(metric(trainer, "generator.loss")));
    CHECK(isnan(metric(trainer, "discriminator.real")) && isnan(metric(trainer, "discriminator.fake")));
    CHECK_OK(gan_trainer_step(trainer, 1));
    real = metric(trainer, "discriminator.real");
    fake = metric(trainer, "discriminator.fake");
    /* Before the first update the discriminator knows nothing: both probabilities are near a half, and the losses near
       2 log 0.5 and log 0.5. */
    CHECK(fabs(real - 0.5) < 0.05 && fabs(fake - 0.5) < 0.05);
    CHECK(fabs(metric(trainer, "discriminator.loss") - 2 * log(0.5)) < 0.1);
    CHECK(fabs(metric(trainer, "generator.loss") - log(0.5)) < 0.1);
    value = 4;
    CHECK_FAILS(gan_trainer_metric(trainer, "discriminator.los", &value), GAN_E_UNKNOWN_NAME, "discriminator.loss");
    CHECK(value == 4);
    gan_trainer_destroy(trainer);
}

/* Against a generator that stands still the discriminator must win. */
static void the_discriminator_learns(void) {
    gan_options *options = small_options(1);
    gan_dataset *dataset = small_dataset();
    gan_trainer *trainer = NULL;
    CHECK_OK(gan_options_set_real(options, "generator.learning-rate", 0));
    CHECK_OK(gan_options_set_real(options, "discriminator.learning-rate", 0.01));
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    CHECK_OK(gan_trainer_step(trainer, 600));
    CHECK(metric(trainer, "discriminator.loss") > -0.1); /* 0 is the most there is */
    CHECK(metric(trainer, "discriminator.real") > 0.9 && metric(trainer, "discriminator.fake") < 0.1);
    CHECK(metric(trainer, "generator.loss") < -2);
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
}

static void minimax_differs_from_non_saturating(void) {
    gan_options *options = small_options(1);
    gan_dataset *dataset = small_dataset();
    gan_trainer *one = small_trainer(1), *two = NULL;
    char first[192], second[192];
    CHECK_OK(gan_options_set(options, "loss", "minimax"));
    CHECK_OK(gan_trainer_create(options, dataset, &two));
    CHECK_OK(gan_trainer_step(one, 5));
    CHECK_OK(gan_trainer_step(two, 5));
    snprintf(first, sizeof first, "%s", scratch("non-saturating"));
    snprintf(second, sizeof second, "%s", scratch("minimax"));
    CHECK_OK(gan_trainer_save(one, first));
    CHECK_OK(gan_trainer_save(two, second));
    CHECK(!same_files(first, second));
    gan_trainer_destroy(one);
    gan_trainer_destroy(two);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
}

static void every_activation_output_and_distribution_trains(void) {
    static const char *const activations[] = {"relu", "leaky-relu", "sigmoid", "tanh", "linear"};
    static const char *const outputs[] = {"sigmoid", "tanh", "linear"};
    gan_dataset *dataset = small_dataset();
    int i;
    for (i = 0; i < 5; i++) {
        gan_options *options = small_options(1);
        gan_trainer *trainer = NULL;
        gan_generator *generator = NULL;
        float low = 9, high = 9;
        CHECK_OK(gan_options_set(options, "generator.activation", activations[i]));
        CHECK_OK(gan_options_set(options, "discriminator.activation", activations[4 - i]));
        CHECK_OK(gan_options_set(options, "generator.output", outputs[i % 3]));
        CHECK_OK(gan_options_set(options, "latent.distribution", i % 2 ? "uniform" : "normal"));
        CHECK_OK(gan_options_set(options, "generator.hidden", i == 2 ? "" : "5,6,7"));
        CHECK_OK(gan_options_set(options, "data.shuffle", i % 2 ? "false" : "true"));
        CHECK_OK(gan_trainer_create(options, dataset, &trainer));
        CHECK_OK(gan_trainer_run(trainer, 2, NULL, NULL));
        CHECK(isfinite(metric(trainer, "generator.loss")));
        CHECK_OK(gan_trainer_generator(trainer, &generator));
        CHECK_OK(gan_generator_range(generator, &low, &high));
        CHECK(high == 1 && low == (i % 3 == 0 ? 0 : -1));
        gan_generator_destroy(generator);
        gan_trainer_destroy(trainer);
        gan_options_destroy(options);
    }
    gan_dataset_destroy(dataset);
}

/* ----------------------------------------------------------------------------------------------- Progress */

typedef struct {
    int epochs, others, stop_after;
    double last_epoch;
    gan_generator *snapshot;
    const char *path;
} Watch;

static int32_t watch_epochs(void *context, gan_trainer *trainer, int32_t event) {
    Watch *watch = context;
    if (event == GAN_EVENT_EPOCH) {
        watch->epochs++;
        watch->last_epoch = metric(trainer, "epoch");
        CHECK(watch->last_epoch == watch->epochs);
        CHECK(metric(trainer, "step") == watch->epochs * STEPS_PER_EPOCH);
    } else {
        CHECK(event == GAN_EVENT_PROGRESS);
        watch->others++;
    }
    return watch->epochs == watch->stop_after;
}

static void progress_is_told_of_every_epoch(void) {
    gan_trainer *trainer = small_trainer(1);
    Watch watch = {0, 0, -1, 0, NULL, NULL};
    CHECK_OK(gan_trainer_run(trainer, 5, watch_epochs, &watch));
    CHECK(watch.epochs == 5 && watch.last_epoch == 5);
    gan_trainer_destroy(trainer);
}

static void progress_stops_the_run_and_it_can_go_on(void) {
    gan_trainer *trainer = small_trainer(1), *other = small_trainer(1);
    Watch watch = {0, 0, 2, 0, NULL, NULL};
    char first[192], second[192];
    CHECK_FAILS(gan_trainer_run(trainer, 5, watch_epochs, &watch), GAN_E_CANCELLED, "");
    CHECK(watch.epochs == 2 && metric(trainer, "epoch") == 2);
    watch.stop_after = -1;
    CHECK_OK(gan_trainer_run(trainer, 3, watch_epochs, &watch));
    CHECK(watch.epochs == 5);
    CHECK_OK(gan_trainer_run(other, 5, NULL, NULL));
    snprintf(first, sizeof first, "%s", scratch("stopped"));
    snprintf(second, sizeof second, "%s", scratch("unbroken"));
    CHECK_OK(gan_trainer_save(trainer, first));
    CHECK_OK(gan_trainer_save(other, second));
    CHECK(same_files(first, second));
    gan_trainer_destroy(trainer);
    gan_trainer_destroy(other);
}

static int32_t do_everything(void *context, gan_trainer *trainer, int32_t event) {
    Watch *watch = context;
    char text[32];
    if (event != GAN_EVENT_EPOCH) return 0;
    CHECK_OK(gan_trainer_option(trainer, "seed", text, sizeof text, NULL));
    CHECK_TEXT(text, "42");
    CHECK_OK(gan_trainer_save(trainer, watch->path));
    gan_generator_destroy(watch->snapshot);
    watch->snapshot = NULL;
    CHECK_OK(gan_trainer_generator(trainer, &watch->snapshot));
    /* Training inside the callback is refused. */
    CHECK_FAILS(gan_trainer_step(trainer, 1), GAN_E_BUSY, "trainer");
    CHECK_FAILS(gan_trainer_run(trainer, 1, NULL, NULL), GAN_E_BUSY, "trainer");
    watch->epochs++;
    return 0;
}

static void the_callback_may_read_save_and_snapshot(void) {
    gan_trainer *trainer = small_trainer(2);
    char inside[192], after[192];
    Watch watch = {0, 0, -1, 0, NULL, NULL};
    snprintf(inside, sizeof inside, "%s", scratch("inside"));
    snprintf(after, sizeof after, "%s", scratch("after"));
    watch.path = inside;
    CHECK_OK(gan_trainer_run(trainer, 3, do_everything, &watch));
    CHECK(watch.epochs == 3 && metric(trainer, "epoch") == 3);
    CHECK_OK(gan_trainer_save(trainer, after));
    CHECK(same_files(inside, after));
    gan_trainer_destroy(trainer);
    {
        /* The snapshot and a generator loaded from the file draw the same. */
        gan_generator *loaded = NULL;
        gan_sampler *one = NULL, *two = NULL;
        float a[3 * PIXELS], b[3 * PIXELS];
        CHECK_OK(gan_generator_load(inside, &loaded));
        CHECK_OK(gan_sampler_create(watch.snapshot, NULL, &one));
        CHECK_OK(gan_sampler_create(loaded, NULL, &two));
        CHECK_OK(gan_sampler_draw(one, 5, 0, 3, a, 3 * PIXELS));
        CHECK_OK(gan_sampler_draw(two, 5, 0, 3, b, 3 * PIXELS));
        CHECK(memcmp(a, b, sizeof a) == 0);
        gan_sampler_destroy(one);
        gan_sampler_destroy(two);
        gan_generator_destroy(loaded);
        gan_generator_destroy(watch.snapshot);
    }
}

static int32_t destroy_it(void *context, gan_trainer *trainer, int32_t event) {
    (void)event;
    ++*(int *)context;
    gan_trainer_destroy(trainer); /* not allowed, and harmless */
    return 0;
}

static void destroying_inside_the_callback_is_harmless(void) {
    gan_trainer *trainer = small_trainer(1);
    int calls = 0;
    int32_t status = gan_trainer_run(trainer, 3, destroy_it, &calls);
    CHECK(calls >= 1);
    CHECK(status == GAN_OK || status == GAN_E_CANCELLED);
    gan_trainer_destroy(trainer);
}

/* ------------------------------------------------------------------------------------------- What is wrong */

static void bad_arguments_are_refused(void) {
    gan_trainer *trainer = small_trainer(1), *out = POISON;
    gan_dataset *dataset = small_dataset();
    gan_options *options = small_options(1);
    gan_generator *generator = POISON;
    double value = 3;
    char text[8] = "same";
    size_t size = 9;
    CHECK_FAILS(gan_trainer_create(NULL, NULL, &out), GAN_E_INVALID_ARGUMENT, "dataset");
    CHECK_FAILS(gan_trainer_create(NULL, dataset, NULL), GAN_E_INVALID_ARGUMENT, "out");
    CHECK_FAILS(gan_trainer_load(NULL, NULL, dataset, &out), GAN_E_INVALID_ARGUMENT, "path");
    CHECK_FAILS(gan_trainer_load("x", NULL, NULL, &out), GAN_E_INVALID_ARGUMENT, "dataset");
    CHECK_FAILS(gan_trainer_load("x", NULL, dataset, NULL), GAN_E_INVALID_ARGUMENT, "out");
    CHECK_FAILS(gan_trainer_save(NULL, "x"), GAN_E_INVALID_ARGUMENT, "trainer");
    CHECK_FAILS(gan_trainer_save(trainer, NULL), GAN_E_INVALID_ARGUMENT, "path");
    CHECK_FAILS(gan_trainer_step(NULL, 1), GAN_E_INVALID_ARGUMENT, "trainer");
    CHECK_FAILS(gan_trainer_step(trainer, -1), GAN_E_INVALID_ARGUMENT, "steps");
    CHECK_FAILS(gan_trainer_run(NULL, 1, NULL, NULL), GAN_E_INVALID_ARGUMENT, "trainer");
    CHECK_FAILS(gan_trainer_run(trainer, -1, NULL, NULL), GAN_E_INVALID_ARGUMENT, "epochs");
    CHECK_FAILS(gan_trainer_cancel(NULL), GAN_E_INVALID_ARGUMENT, "trainer");
    CHECK_FAILS(gan_trainer_metric(NULL, "step", &value), GAN_E_INVALID_ARGUMENT, "trainer");
    CHECK_FAILS(gan_trainer_metric(trainer, NULL, &value), GAN_E_INVALID_ARGUMENT, "name");
    CHECK_FAILS(gan_trainer_metric(trainer, "step", NULL), GAN_E_INVALID_ARGUMENT, "value");
    CHECK_FAILS(gan_trainer_option(NULL, "seed", text, sizeof text, &size), GAN_E_INVALID_ARGUMENT, "trainer");
    CHECK_FAILS(gan_trainer_option(trainer, NULL, text, sizeof text, &size), GAN_E_INVALID_ARGUMENT, "name");
    CHECK_FAILS(gan_trainer_option(trainer, "seed", NULL, 3, &size), GAN_E_INVALID_ARGUMENT, "buffer");
    CHECK_FAILS(gan_trainer_option(trainer, "seat", text, sizeof text, &size), GAN_E_UNKNOWN_NAME, "seed");
    CHECK(size == 9);
    CHECK_FAILS(gan_trainer_option(trainer, "seed", text, 2, &size), GAN_E_BUFFER_TOO_SMALL, "3");
    CHECK(size == 3);
    CHECK_FAILS(gan_trainer_generator(NULL, &generator), GAN_E_INVALID_ARGUMENT, "trainer");
    CHECK_FAILS(gan_trainer_generator(trainer, NULL), GAN_E_INVALID_ARGUMENT, "out");
    CHECK_OK(gan_options_set_integer(options, "batch-size", IMAGES + 1));
    CHECK_FAILS(gan_trainer_create(options, dataset, &out), GAN_E_BAD_DATA, "121");
    CHECK_OK(gan_options_set_integer(options, "batch-size", IMAGES));
    CHECK_OK(gan_options_set_integer(options, "image.height", 7));
    {
        int32_t status = gan_trainer_create(options, dataset, &out);
        CHECK(status == GAN_E_OUT_OF_RANGE || status == GAN_E_MISMATCH);
        CHECK(strstr(gan_error_message(), "image.height") != NULL);
    }
    CHECK(out == POISON && generator == POISON && value == 3);
    CHECK_TEXT(text, "same");
    gan_trainer_destroy(NULL);
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
}

int main(void) {
    RUN(steps_and_epochs_are_counted);
    RUN(metrics_are_described_and_make_sense);
    RUN(the_discriminator_learns);
    RUN(minimax_differs_from_non_saturating);
    RUN(every_activation_output_and_distribution_trains);
    RUN(progress_is_told_of_every_epoch);
    RUN(progress_stops_the_run_and_it_can_go_on);
    RUN(the_callback_may_read_save_and_snapshot);
    RUN(destroying_inside_the_callback_is_harmless);
    RUN(bad_arguments_are_refused);
    return FINISH("training");
}
