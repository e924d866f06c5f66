/* test-networks: what networks are made of, chosen by options and written down as text. */
#include "check.h"

enum { EDGE = 8, AREA = EDGE * EDGE };

static const char *const convolutions =
    "generator.channels=3;discriminator.channels=4;attention.side=4;generator.upsampling=bilinear;network=dcgan";
static const char *const lists =
    "network=layers;generator.layers=dense 32, norm batch, relu, reshape 4 4 2, upsample 2, conv 1, sigmoid;"
    "discriminator.layers=conv 4 4 2, leaky-relu, dropout 0.3, attention, flatten, dense 1";

static gan_dataset *pictures(void) {
    uint8_t pixels[IMAGES * AREA];
    gan_dataset *dataset = NULL;
    int i;
    for (i = 0; i < IMAGES * AREA; i++) pixels[i] = (uint8_t)(i % AREA * 7 + i / AREA * 37);
    CHECK_OK(gan_dataset_create_bytes(pixels, IMAGES, EDGE, EDGE, 1, NULL, 0, NULL, NULL, &dataset));
    return dataset;
}

/* "NAME=VALUE;NAME=VALUE" */
static void set(gan_options *options, const char *settings) {
    char copy[1024], *setting, *rest = copy;
    snprintf(copy, sizeof copy, "%s", settings);
    while ((setting = strtok_r(rest, ";", &rest)) != NULL) {
        char *value = strchr(setting, '=');
        *value++ = '\0';
        CHECK_OK(gan_options_set(options, setting, value));
    }
}

static gan_options *options_of(const char *settings, const char *more) {
    gan_options *options = small_options(2);
    set(options, settings);
    set(options, more);
    return options;
}

static gan_trainer *trainer_of(gan_options *options) {
    gan_dataset *dataset = pictures();
    gan_trainer *trainer = NULL;
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    gan_options_destroy(options);
    gan_dataset_destroy(dataset);
    return trainer;
}

/* Seven steps, or four, a file, and three more: the same file, from which is drawn. */
static void train(const char *settings, const char *more) {
    gan_trainer *whole = trainer_of(options_of(settings, more)), *begun = trainer_of(options_of(settings, more)), *resumed = NULL;
    gan_dataset *dataset = pictures();
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    float images[5 * AREA], again[AREA];
    char path[3][192];
    int i;
    for (i = 0; i < 3; i++) {
        char name[32];
        snprintf(name, sizeof name, "network-%d", i);
        snprintf(path[i], sizeof path[i], "%s", scratch(name));
    }
    CHECK_OK(gan_trainer_step(whole, 7));
    CHECK_OK(gan_trainer_save(whole, path[0]));
    CHECK_OK(gan_trainer_step(begun, 4));
    CHECK_OK(gan_trainer_save(begun, path[1]));
    CHECK_OK(gan_trainer_load(path[1], NULL, dataset, &resumed));
    CHECK_OK(gan_trainer_step(resumed, 3));
    CHECK_OK(gan_trainer_save(resumed, path[2]));
    CHECK(same_files(path[0], path[2]));
    CHECK_OK(gan_generator_load(path[0], &generator));
    CHECK_OK(gan_sampler_create(generator, NULL, &sampler));
    CHECK_OK(gan_sampler_draw(sampler, 3, 0, 5, images, 5 * AREA));
    for (i = 0; i < 5 * AREA; i++) CHECK(images[i] == images[i]);
    CHECK_OK(gan_sampler_draw(sampler, 3, 2, 1, again, AREA));
    CHECK(memcmp(again, images + 2 * AREA, sizeof again) == 0);
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
    gan_dataset_destroy(dataset);
    gan_trainer_destroy(whole);
    gan_trainer_destroy(begun);
    gan_trainer_destroy(resumed);
}

static void every_network_trains_and_is_saved(void) {
    train(convolutions, "");
    train("", lists);
    train("preset=resnet;batch-size=5;generator.channels=3;discriminator.channels=3", "");
    train("preset=resnet;residual=sngan;batch-size=5;generator.channels=3;discriminator.channels=3;r1=0;r2=0;loss=hinge;discriminator.spectral-norm=true",
          "generator.norm=batch;generator.upsampling=shuffle;attention.side=4");
}

static void the_network_is_the_presets(void) {
    static const char *const presets[] = {"mlp", "dcgan", "resnet"};
    char text[32];
    int i;
    gan_options *options = small_options(1);
    for (i = 0; i < 3; i++) {
        CHECK_OK(gan_options_set(options, "preset", presets[i]));
        CHECK_OK(gan_options_get(options, "network", text, sizeof text, NULL));
        CHECK_TEXT(text, presets[i]);
    }
    CHECK_OK(gan_options_set(options, "network", "dcgan"));
    CHECK_OK(gan_options_get(options, "network", text, sizeof text, NULL));
    CHECK_TEXT(text, "dcgan");
    CHECK_FAILS(gan_options_set(options, "network", "resnets"), GAN_E_UNKNOWN_NAME, "resnet");
    gan_options_destroy(options);
}

static void a_text_is_refused_where_it_is_wrong(void) {
    static const struct { const char *text, *word; } wrong[] = {
        {"dens 3", "at character 1, 'dens'"}, {"dens 3", "Did you mean 'dense'?"}, {"dense 256, relu dense 4", "at character 17, 'dense'"},
        {"dense", "at the end"}, {"conv 64 4 x", "at character 11, 'x'"}, {"dropout 2", "at character 9, '2'"}, {"relu,", "at the end"},
        {"norm badly", "batch-by-class"}, {"reshape 0", "'0'"}, {"upsample 3 bilinear", "'bilinear'"}, {"\xc3\xa9", "at character 1"},
    };
    char text[256];
    size_t i;
    gan_options *options = small_options(1);
    CHECK_OK(gan_options_set(options, "generator.layers", " dense 4,relu "));
    for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        CHECK_FAILS(gan_options_set(options, "generator.layers", wrong[i].text), GAN_E_OUT_OF_RANGE, wrong[i].word);
        CHECK_OK(gan_options_get(options, "generator.layers", text, sizeof text, NULL));
        CHECK_TEXT(text, " dense 4,relu ");
    }
    CHECK_FAILS(gan_options_set_integer(options, "generator.layers", 3), GAN_E_OUT_OF_RANGE, "text");
    CHECK_FAILS(gan_options_set_real(options, "generator.layers", 3), GAN_E_OUT_OF_RANGE, "text");
    {
        static char endless[60000];
        memset(endless, ' ', sizeof endless - 1);
        CHECK_FAILS(gan_options_set(options, "generator.layers", endless), GAN_E_OUT_OF_RANGE, "16384");
        memcpy(endless, "reshape 4", 9);
        endless[9000] = '5';
        endless[9001] = '\0';
        CHECK_OK(gan_options_set(options, "generator.layers", endless));
    }
    gan_options_destroy(options);
}

static void sizes_that_do_not_fit_are_refused(void) {
    static const struct { const char *settings, *word; } wrong[] = {
        {"network=layers", "generator.layers"},
        {"network=layers;generator.layers=dense 63, sigmoid;discriminator.layers=relu", "at character 1, 'dense 63'"},
        {"network=layers;generator.layers=dense 64;discriminator.layers=conv 4, conv 4 3 3", "at character 9, 'conv 4 3 3'"},
        {"network=layers;generator.layers=dense 64, conv 4;discriminator.layers=relu", "reshape"},
        {"network=layers;generator.layers=dense 64, reshape 8 8 2;discriminator.layers=relu", "128 numbers"},
        {"network=layers;generator.layers=dense 65536, reshape 65536 1 1, upsample 16, upsample 16, upsample 16, upsample 16;discriminator.layers=relu", "too much"},
        {"network=dcgan;levels=2", "levels"}, {"network=resnet;attention.side=5", "4, 8"}, {"network=dcgan;attention.side=8", "attention.side"},
    };
    gan_dataset *dataset = pictures(), *odd = small_dataset();
    gan_trainer *trainer = POISON;
    size_t i;
    for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        gan_options *options = options_of(wrong[i].settings, "");
        CHECK_FAILS(gan_trainer_create(options, dataset, &trainer), GAN_E_OUT_OF_RANGE, wrong[i].word);
        CHECK(trainer == POISON && strlen(gan_error_message()) < 1000);
        gan_options_destroy(options);
    }
    {
        gan_options *options = options_of("network=resnet", "");
        CHECK_FAILS(gan_trainer_create(options, odd, &trainer), GAN_E_OUT_OF_RANGE, "6×6");
        gan_options_destroy(options);
    }
    gan_dataset_destroy(dataset);
    gan_dataset_destroy(odd);
}

int main(void) {
    RUN(every_network_trains_and_is_saved);
    RUN(the_network_is_the_presets);
    RUN(a_text_is_refused_where_it_is_wrong);
    RUN(sizes_that_do_not_fit_are_refused);
    return FINISH("networks");
}
