/* test-inputs: recipes, what a generator is made of besides chance, and how a sampler is told; a trainer's own metrics. */
#include "check.h"

enum { CLASSES = 3 };

static gan_dataset *labelled_dataset(void) {
    uint8_t pixels[IMAGES * PIXELS];
    int32_t labels[IMAGES];
    gan_dataset *dataset = NULL;
    int i;
    small_pixels(pixels);
    for (i = 0; i < IMAGES; i++) labels[i] = i % CLASSES;
    CHECK_OK(gan_dataset_create_bytes(pixels, IMAGES, SIDE, SIDE, 1, labels, CLASSES, NULL, NULL, &dataset));
    return dataset;
}

/* A trainer of some settings, "name=value name=value". */
static gan_trainer *trainer_of(const char *settings) {
    gan_options *options = small_options(1);
    gan_dataset *dataset = labelled_dataset();
    gan_trainer *trainer = NULL;
    char copy[256], *setting;
    snprintf(copy, sizeof copy, "%s", settings);
    for (setting = strtok(copy, " "); setting != NULL; setting = strtok(NULL, " ")) {
        char *value = strchr(setting, '=');
        *value++ = '\0';
        CHECK_OK(gan_options_set(options, setting, value));
    }
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    gan_options_destroy(options);
    gan_dataset_destroy(dataset);
    return trainer;
}

static gan_generator *generator_of(const char *settings) {
    gan_trainer *trainer = trainer_of(settings);
    gan_generator *generator = NULL;
    CHECK_OK(gan_trainer_step(trainer, 4));
    CHECK_OK(gan_trainer_generator(trainer, &generator));
    gan_trainer_destroy(trainer);
    return generator;
}

static gan_sampler *sampler_of(gan_generator *generator) {
    gan_sampler *sampler = NULL;
    CHECK_OK(gan_sampler_create(generator, NULL, &sampler));
    return sampler;
}

static void recipes_are_listed(void) {
    int32_t count = gan_recipe_count(), index, found = 0;
    gan_options *options = NULL;
    CHECK(count >= 2);
    CHECK_OK(gan_options_create(&options));
    for (index = 0; index < count; index++) {
        const char *name = gan_recipe_name(index);
        char copy[1024], *option;
        CHECK(name != NULL && name[0] != '\0');
        CHECK(strlen(gan_recipe_summary(index)) > 20 && strlen(gan_recipe_paper(index)) > 20);
        CHECK_OK(gan_options_set(options, "recipe", name));
        snprintf(copy, sizeof copy, "%s", gan_recipe_options(index));
        for (option = strtok(copy, ","); option != NULL; option = strtok(NULL, ",")) {
            size_t size = 0;
            CHECK_OK(gan_options_get(options, option, NULL, 0, &size));
        }
        found += strcmp(name, "gan") == 0 || strcmp(name, "infogan") == 0;
    }
    CHECK(found == 2);
    CHECK(gan_recipe_name(-1) == NULL && gan_recipe_name(count) == NULL && gan_recipe_summary(count) == NULL);
    CHECK(gan_recipe_paper(-1) == NULL && gan_recipe_options(count) == NULL);
    CHECK_FAILS(gan_options_set(options, "recipe", "infogam"), GAN_E_UNKNOWN_NAME, "infogan");
    gan_options_destroy(options);
}

static void text_of(gan_generator *generator, int32_t input, char what, int32_t number, char text[64]) {
    size_t size = 0;
    text[0] = '\0';
    switch (what) {
    case 'n': CHECK_OK(gan_generator_input_name(generator, input, text, 64, &size)); break;
    case 'k': CHECK_OK(gan_generator_input_kind(generator, input, text, 64, &size)); break;
    default: CHECK_OK(gan_generator_input_class_name(generator, input, number, text, 64, &size)); break;
    }
    CHECK(size == strlen(text) + 1);
}

static void inputs_are_listed(void) {
    gan_generator *plain = generator_of(""), *told = generator_of("condition=labels");
    gan_generator *found = generator_of("recipe=infogan info.categories=4 info.codes=2");
    const char *names[] = {"latents", "c1", "c2", "c3"}, *kinds[] = {"latent", "category", "code", "code"};
    int32_t counts[] = {0, 4, 0, 0}, count = 0, classes = 0, width = 0, input;
    char text[64];
    CHECK_OK(gan_generator_input_count(plain, &count));
    CHECK(count == 1);
    CHECK_OK(gan_generator_input_count(told, &count));
    CHECK(count == 2);
    text_of(told, 1, 'n', 0, text);
    CHECK_TEXT(text, "label");
    CHECK_OK(gan_generator_input_classes(told, 1, &classes));
    CHECK(classes == CLASSES);
    text_of(told, 1, 'c', 2, text);
    CHECK_TEXT(text, "2");
    CHECK_OK(gan_generator_input_count(found, &count));
    CHECK(count == 4);
    for (input = 0; input < count; input++) {
        text_of(found, input, 'n', 0, text);
        CHECK_TEXT(text, names[input]);
        text_of(found, input, 'k', 0, text);
        CHECK_TEXT(text, kinds[input]);
        CHECK_OK(gan_generator_input_classes(found, input, &classes));
        CHECK(classes == counts[input]);
        CHECK_OK(gan_generator_input_width(found, input, &width));
        CHECK(width == (input == 0 ? LATENT : 1));
    }
    CHECK_FAILS(gan_generator_input_name(plain, 1, text, 64, NULL), GAN_E_INVALID_ARGUMENT, "inputs 0");
    CHECK_FAILS(gan_generator_input_kind(plain, -1, text, 64, NULL), GAN_E_INVALID_ARGUMENT, "index");
    CHECK_FAILS(gan_generator_input_class_name(told, 1, CLASSES, text, 64, NULL), GAN_E_INVALID_ARGUMENT, "classes 0");
    CHECK_FAILS(gan_generator_input_class_name(found, 2, 0, text, 64, NULL), GAN_E_INVALID_ARGUMENT, "code");
    CHECK_FAILS(gan_generator_input_classes(told, 1, NULL), GAN_E_INVALID_ARGUMENT, "classes");
    CHECK_FAILS(gan_generator_input_width(NULL, 0, &width), GAN_E_INVALID_ARGUMENT, "generator");
    CHECK_FAILS(gan_generator_input_count(told, NULL), GAN_E_INVALID_ARGUMENT, "count");
    gan_generator_destroy(plain);
    gan_generator_destroy(told);
    gan_generator_destroy(found);
}

static void a_class_that_is_asked_for_is_drawn(void) {
    enum { COUNT = 9 };
    float unset[COUNT * PIXELS], other[COUNT * PIXELS], numbers[] = {2, 0};
    gan_generator *generator = generator_of("condition=labels");
    gan_sampler *sampler = sampler_of(generator);
    int i;
    CHECK_OK(gan_sampler_draw(sampler, 5, 0, COUNT, unset, COUNT * PIXELS));
    CHECK_OK(gan_sampler_set(sampler, "label", "0,1,2"));
    CHECK_OK(gan_sampler_draw(sampler, 5, 0, COUNT, other, COUNT * PIXELS));
    CHECK(memcmp(unset, other, sizeof unset) == 0);
    CHECK_OK(gan_sampler_set(sampler, "label", "1"));
    CHECK_OK(gan_sampler_draw(sampler, 5, 0, COUNT, other, COUNT * PIXELS));
    for (i = 0; i < COUNT; i++) {
        int same = memcmp(unset + i * PIXELS, other + i * PIXELS, PIXELS * sizeof(float)) == 0;
        CHECK(same == (i % CLASSES == 1));
    }
    /* Rows are numbered by sample: the sixth sample has the second number. */
    CHECK_OK(gan_sampler_set_values(sampler, "label", numbers, 2));
    CHECK_OK(gan_sampler_draw(sampler, 5, 0, COUNT, unset, COUNT * PIXELS));
    CHECK_OK(gan_sampler_draw(sampler, 5, 5, 3, other, COUNT * PIXELS));
    CHECK(memcmp(unset + 5 * PIXELS, other, 3 * PIXELS * sizeof(float)) == 0);
    CHECK_FAILS(gan_sampler_set(sampler, "label", "3"), GAN_E_UNKNOWN_NAME, "classes 0");
    CHECK_FAILS(gan_sampler_set(sampler, "lable", "1"), GAN_E_UNKNOWN_NAME, "Did you mean 'label'?");
    CHECK_FAILS(gan_sampler_set(sampler, "label", "one"), GAN_E_UNKNOWN_NAME, "one");
    CHECK_FAILS(gan_sampler_set(sampler, "label", "1,,2"), GAN_E_UNKNOWN_NAME, "label");
    CHECK_FAILS(gan_sampler_set(sampler, "label", NULL), GAN_E_INVALID_ARGUMENT, "value");
    CHECK_FAILS(gan_sampler_set_values(sampler, "label", NULL, 1), GAN_E_INVALID_ARGUMENT, "values");
    CHECK_FAILS(gan_sampler_set_values(sampler, "label", numbers, -1), GAN_E_INVALID_ARGUMENT, "count");
    CHECK_FAILS(gan_sampler_set_values(sampler, "label", numbers, INT64_MAX), GAN_E_OUT_OF_RANGE, "count");
    CHECK_FAILS(gan_sampler_set_values(NULL, "label", numbers, 1), GAN_E_INVALID_ARGUMENT, "sampler");
    CHECK_OK(gan_sampler_draw(sampler, 5, 0, COUNT, other, COUNT * PIXELS));
    CHECK(memcmp(unset, other, sizeof unset) == 0);
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
}

static void codes_change_what_is_drawn(void) {
    enum { COUNT = 4 };
    float one[COUNT * PIXELS], other[COUNT * PIXELS], far = 1.5f, half[] = {0.25f, 0.5f, 0.75f};
    gan_generator *generator = generator_of("recipe=infogan info.categories=3 info.codes=1");
    gan_sampler *sampler = sampler_of(generator);
    CHECK_OK(gan_sampler_set(sampler, "c1", "2"));
    CHECK_OK(gan_sampler_set(sampler, "c2", "-1"));
    CHECK_OK(gan_sampler_draw(sampler, 5, 0, COUNT, one, COUNT * PIXELS));
    CHECK_OK(gan_sampler_set(sampler, "c2", "1"));
    CHECK_OK(gan_sampler_draw(sampler, 5, 0, COUNT, other, COUNT * PIXELS));
    CHECK(memcmp(one, other, sizeof one) != 0);
    CHECK_FAILS(gan_sampler_set_values(sampler, "c2", &far, 1), GAN_E_OUT_OF_RANGE, "-1 to 1");
    CHECK_FAILS(gan_sampler_set(sampler, "c2", "much"), GAN_E_OUT_OF_RANGE, "much");
    CHECK_FAILS(gan_sampler_set(sampler, "c1", "3"), GAN_E_UNKNOWN_NAME, "c1");
    CHECK_FAILS(gan_sampler_set_values(sampler, "c1", half, 3), GAN_E_OUT_OF_RANGE, "c1");
    CHECK_FAILS(gan_sampler_set_values(sampler, "latents", half, 3), GAN_E_OUT_OF_RANGE, "rows");
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
}

static void names_of_classes_survive_the_file(void) {
    gan_trainer *trainer = trainer_of("condition=labels average.decay=0.9");
    gan_generator *loaded = NULL;
    gan_sampler *one = NULL, *other = NULL;
    float drawn[6 * PIXELS], again[6 * PIXELS];
    const char *path = scratch("told.safetensors");
    gan_generator *generator = NULL;
    CHECK_OK(gan_trainer_step(trainer, 3));
    CHECK_OK(gan_trainer_save(trainer, path));
    CHECK_OK(gan_trainer_generator(trainer, &generator));
    CHECK_OK(gan_generator_load(path, &loaded));
    one = sampler_of(generator);
    other = sampler_of(loaded);
    CHECK_OK(gan_sampler_set(one, "label", "2"));
    CHECK_OK(gan_sampler_set(other, "label", "2"));
    CHECK_OK(gan_sampler_draw(one, 1, 0, 6, drawn, 6 * PIXELS));
    CHECK_OK(gan_sampler_draw(other, 1, 0, 6, again, 6 * PIXELS));
    CHECK(memcmp(drawn, again, sizeof drawn) == 0);
    gan_sampler_destroy(one);
    gan_sampler_destroy(other);
    gan_generator_destroy(loaded);
    gan_generator_destroy(generator);
    gan_trainer_destroy(trainer);
}

static void a_trainer_lists_its_metrics(void) {
    gan_trainer *plain = trainer_of(""), *found = trainer_of("recipe=infogan info.categories=3");
    int32_t few = 0, more = 0, index, has = 0;
    CHECK_OK(gan_trainer_metric_count(plain, &few));
    CHECK_OK(gan_trainer_metric_count(found, &more));
    CHECK(few == 10 && more == 12);
    CHECK_OK(gan_trainer_step(found, 1));
    for (index = 0; index < more; index++) {
        char name[64];
        CHECK_OK(gan_trainer_metric_name(found, index, name, sizeof name, NULL));
        CHECK(metric(found, name) == metric(found, name));
        has += strcmp(name, "information") == 0;
    }
    CHECK(has == 1);
    CHECK_FAILS(gan_trainer_metric_name(plain, few, NULL, 0, NULL), GAN_E_INVALID_ARGUMENT, "metrics");
    CHECK_FAILS(gan_trainer_metric_count(plain, NULL), GAN_E_INVALID_ARGUMENT, "count");
    gan_trainer_destroy(plain);
    gan_trainer_destroy(found);
}

static void what_data_lack_is_said(void) {
    gan_options *options = small_options(1);
    gan_dataset *dataset = small_dataset();
    gan_trainer *trainer = NULL;
    gan_generator *plain = generator_of("");
    gan_sampler *sampler = sampler_of(plain);
    CHECK_OK(gan_options_set(options, "condition", "labels"));
    CHECK_FAILS(gan_trainer_create(options, dataset, &trainer), GAN_E_MISMATCH, "label");
    CHECK_FAILS(gan_sampler_set(sampler, "label", "7"), GAN_E_UNKNOWN_NAME, "latents");
    gan_sampler_destroy(sampler);
    gan_generator_destroy(plain);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
}

/* What one trainer cannot be, with a word of the sentence that says so. */
static void contradictions_are_refused(void) {
    static const char *const cases[][2] = {
        {"packing=3", "packing"}, {"packing=64", "packing"}, {"accumulate=3", "accumulate"}, {"accumulate=2 packing=2", "parts"},
        {"label-smoothing=0.1 loss=wasserstein", "label-smoothing"}, {"label-smoothing=0.1 loss=hinge", "label-smoothing"},
        {"label-smoothing=0.1 loss=relativistic-average", "label-smoothing"}, {"weight-clip=0.01 gradient-penalty=10", "gradient-penalty"},
        {"noise=0.1", "noise.steps"}, {"rate.schedule=linear", "rate.steps"}, {"augment.target=0.6", "augment"},
        {"conditioning=projection", "condition=labels"}, {"preset=dcgan generator.norm=batch-by-class", "condition=labels"},
        {"preset=dcgan r1=1", "discriminator.norm"}, {"preset=dcgan gradient-penalty=10 loss=wasserstein", "discriminator.norm"},
        {"recipe=infogan condition=labels", "recipe=gan"}, {"info.categories=3", "recipe=infogan"}, {"recipe=infogan packing=3", "packing"}, {"recipe=infogan preset=dcgan dragan=1", "discriminator.norm"},
    };
    size_t i;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        gan_options *options = small_options(1);
        static uint8_t pixels[20 * 64];
        static int32_t labels[20];
        gan_dataset *dataset = NULL;
        gan_trainer *trainer = NULL;
        char copy[256], *setting;
        labels[1] = 1;
        CHECK_OK(gan_dataset_create_bytes(pixels, 20, 8, 8, 1, labels, 2, NULL, NULL, &dataset));
        snprintf(copy, sizeof copy, "%s", cases[i][0]);
        for (setting = strtok(copy, " "); setting != NULL; setting = strtok(NULL, " ")) {
            char *value = strchr(setting, '=');
            *value++ = '\0';
            CHECK_OK(gan_options_set(options, setting, value));
        }
        CHECK_FAILS(gan_trainer_create(options, dataset, &trainer), GAN_E_OUT_OF_RANGE, cases[i][1]);
        CHECK(trainer == NULL);
        gan_options_destroy(options);
        gan_dataset_destroy(dataset);
    }
}

/* A sampler that draws anew what is beyond a limit, and a number too small for one. */
static void truncation_bounds_latents(void) {
    gan_generator *generator = generator_of("");
    gan_options *options = NULL;
    gan_sampler *free_one = sampler_of(generator), *bounded = NULL;
    float latents[40 * LATENT], all[40 * LATENT], images[40 * PIXELS], decoded[40 * PIXELS];
    int i, beyond = 0;
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_options_set(options, "truncation", "0.01"));
    CHECK_FAILS(gan_sampler_create(generator, options, &bounded), GAN_E_OUT_OF_RANGE, "truncation");
    CHECK(bounded == NULL);
    CHECK_OK(gan_options_set(options, "truncation", "0.8"));
    CHECK_OK(gan_sampler_create(generator, options, &bounded));
    CHECK_OK(gan_sampler_latents(free_one, 5, 3, 40, all, 40 * LATENT));
    CHECK_OK(gan_sampler_latents(bounded, 5, 3, 40, latents, 40 * LATENT));
    for (i = 0; i < 40 * LATENT; i++) {
        int is_beyond = all[i] > 0.8f || all[i] < -0.8f;
        CHECK(latents[i] <= 0.8f && latents[i] >= -0.8f && (is_beyond || latents[i] == all[i]));
        beyond += is_beyond;
    }
    CHECK(beyond > 0);
    CHECK_OK(gan_sampler_draw(bounded, 5, 3, 40, images, 40 * PIXELS));
    CHECK_OK(gan_sampler_decode(free_one, latents, 40, decoded, 40 * PIXELS));
    CHECK(memcmp(images, decoded, sizeof images) == 0);
    CHECK_OK(gan_sampler_decode(bounded, all, 40, decoded, 40 * PIXELS)); /* the caller's are as they are */
    CHECK_OK(gan_sampler_draw(free_one, 5, 3, 40, images, 40 * PIXELS));
    CHECK(memcmp(images, decoded, sizeof images) == 0);
    gan_sampler_destroy(bounded);
    gan_sampler_destroy(free_one);
    gan_generator_destroy(generator);
    gan_options_destroy(options);
}

int main(void) {
    RUN(recipes_are_listed);
    RUN(inputs_are_listed);
    RUN(a_class_that_is_asked_for_is_drawn);
    RUN(codes_change_what_is_drawn);
    RUN(names_of_classes_survive_the_file);
    RUN(a_trainer_lists_its_metrics);
    RUN(what_data_lack_is_said);
    RUN(contradictions_are_refused);
    RUN(truncation_bounds_latents);
    return FINISH("inputs");
}
