/* test-options: setting, reading and asking about options, and every way in which that goes wrong. */
#include "check.h"

#include <locale.h>
#include <math.h>

static gan_options *options;

static void fresh(void) {
    gan_options_destroy(options);
    options = NULL;
    CHECK_OK(gan_options_create(&options));
}

static const char *get(const char *name) {
    static char text[256];
    text[0] = '\0';
    CHECK_OK(gan_options_get(options, name, text, sizeof text, NULL));
    return text;
}

static void the_table_describes_every_option(void) {
    int32_t i, other, count = gan_option_count();
    CHECK(count >= 30);
    fresh();
    for (i = 0; i < count; i++) {
        const char *name = gan_option_name(i), *type = gan_option_type(i), *standard = gan_option_default(i);
        const char *summary = gan_option_summary(i), *range = gan_option_range(i), *condition = gan_option_condition(i);
        double low = 12, high = -12;
        int32_t status = gan_option_bounds(i, &low, &high);
        if (name == NULL || type == NULL || standard == NULL || summary == NULL || range == NULL || condition == NULL) {
            CHECK(!"an option without a description");
            continue;
        }
        CHECK(name == gan_option_name(i));
        for (other = 0; other < i; other++) CHECK(strcmp(name, gan_option_name(other)) != 0);
        CHECK(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-") == strlen(name) && *name != '\0');
        CHECK(strstr("integer real boolean choice list text", type) != NULL);
        CHECK(strlen(summary) > 10 && summary[strlen(summary) - 1] == '.');
        if (strcmp(type, "integer") == 0 || strcmp(type, "real") == 0 || strcmp(type, "list") == 0) {
            CHECK(status == GAN_OK && low < high);
        } else if (status != GAN_OK) {
            CHECK(status == GAN_E_INVALID_ARGUMENT && low == 12 && high == -12);
        }
        CHECK_TEXT(get(name), standard);
        CHECK_OK(gan_options_set(options, name, standard)); /* what it is by default is allowed */
        CHECK_TEXT(get(name), standard);
    }
}

/* "NAME=VALUE|NAME=VALUE", of options and values that there are. */
static void conditions_name_options(void) {
    int32_t i, some = 0;
    fresh();
    for (i = 0; i < gan_option_count(); i++) {
        char text[256], *rest = text;
        if (gan_option_condition(i) == NULL) continue;
        snprintf(text, sizeof text, "%s", gan_option_condition(i));
        if (strcmp(gan_option_name(i), "batch-size") == 0) CHECK_TEXT(text, "");
        if (strcmp(gan_option_name(i), "generator.hidden") == 0) CHECK_TEXT(text, "network=mlp");
        if (strcmp(gan_option_name(i), "discriminator.channels") == 0) CHECK_TEXT(text, "network=dcgan|network=resnet|recipe=image-to-image|recipe=super-resolution|recipe=inpainting|recipe=next-frame|recipe=translation|recipe=tags|recipe=volume|recipe=view-to-volume");
        while (*rest != '\0') {
            char *end = strchr(rest, '|'), *value = strchr(rest, '=');
            if (end != NULL) *end = '\0';
            CHECK(value != NULL && value[1] != '\0');
            if (value == NULL) break;
            *value = '\0';
            CHECK_OK(gan_options_set(options, rest, value + 1));
            some++;
            rest = end == NULL ? "" : end + 1;
        }
    }
    CHECK(some >= 6);
}

static void an_index_out_of_range_gives_null(void) {
    static const int32_t wrong[] = {-1, INT32_MIN, INT32_MAX};
    double low = 1, high = 2;
    int i;
    for (i = 0; i < 4; i++) {
        int32_t index = i < 3 ? wrong[i] : gan_option_count();
        CHECK(gan_option_name(index) == NULL && gan_option_type(index) == NULL && gan_option_default(index) == NULL);
        CHECK(gan_option_range(index) == NULL && gan_option_summary(index) == NULL && gan_option_condition(index) == NULL);
        CHECK_FAILS(gan_option_bounds(index, &low, &high), GAN_E_INVALID_ARGUMENT, "index");
        CHECK(low == 1 && high == 2);
    }
    for (i = 0; i < gan_option_count() && strcmp(gan_option_name(i), "batch-size") != 0; i++) {}
    CHECK_FAILS(gan_option_bounds(i, NULL, &high), GAN_E_INVALID_ARGUMENT, "minimum");
    CHECK_FAILS(gan_option_bounds(i, &low, NULL), GAN_E_INVALID_ARGUMENT, "maximum");
    CHECK(low == 1 && high == 2);
}

static void the_tutorial_is_the_default(void) {
    fresh();
    CHECK_TEXT(get("preset"), "mlp");
    CHECK_TEXT(get("batch-size"), "100");
    CHECK_TEXT(get("latent.size"), "128");
    CHECK_TEXT(get("generator.hidden"), "256");
    CHECK_TEXT(get("discriminator.hidden"), "256");
    CHECK_TEXT(get("loss"), "non-saturating");
    CHECK(strtod(get("generator.learning-rate"), NULL) == 2e-4);
    CHECK(strtod(get("discriminator.learning-rate"), NULL) == 2e-4);
    CHECK(strtod(get("generator.beta1"), NULL) == 0.9);
    CHECK(strtod(get("discriminator.beta2"), NULL) == 0.999);
    CHECK(strtod(get("generator.epsilon"), NULL) == 1e-8);
    CHECK(strtod(get("generator.initial-deviation"), NULL) == 0.01);
}

static void values_are_read_as_they_were_set(void) {
    fresh();
    CHECK_OK(gan_options_set(options, "generator.learning-rate", "1.5e-3"));
    CHECK(strtod(get("generator.learning-rate"), NULL) == 1.5e-3);
    CHECK_OK(gan_options_set_real(options, "generator.learning-rate", 0.1));
    CHECK(strtod(get("generator.learning-rate"), NULL) == 0.1);
    CHECK_OK(gan_options_set_real(options, "generator.learning-rate", 1.0 / 3));
    CHECK(strtod(get("generator.learning-rate"), NULL) == 1.0 / 3);
    CHECK_OK(gan_options_set_integer(options, "generator.learning-rate", 1));
    CHECK(strtod(get("generator.learning-rate"), NULL) == 1);
    CHECK_OK(gan_options_set_integer(options, "batch-size", 64));
    CHECK_TEXT(get("batch-size"), "64");
    CHECK_OK(gan_options_set_real(options, "batch-size", 32.0));
    CHECK_TEXT(get("batch-size"), "32");
    CHECK_OK(gan_options_set(options, "seed", "9223372036854775807"));
    CHECK_TEXT(get("seed"), "9223372036854775807");
    CHECK_OK(gan_options_set_integer(options, "seed", INT64_MAX));
    CHECK_TEXT(get("seed"), "9223372036854775807");
    CHECK_OK(gan_options_set(options, "generator.hidden", "512,256,128"));
    CHECK_TEXT(get("generator.hidden"), "512,256,128");
    CHECK_OK(gan_options_set(options, "generator.hidden", ""));
    CHECK_TEXT(get("generator.hidden"), "");
    CHECK_OK(gan_options_set(options, "data.shuffle", "false"));
    CHECK_TEXT(get("data.shuffle"), "false");
    CHECK_OK(gan_options_set_integer(options, "data.shuffle", 1));
    CHECK_TEXT(get("data.shuffle"), "true");
    CHECK_OK(gan_options_set(options, "loss", "minimax"));
    CHECK_TEXT(get("loss"), "minimax");
}

static void an_unknown_name_is_answered_with_the_nearest(void) {
    char text[16] = "untouched";
    size_t size = 77;
    fresh();
    CHECK_FAILS(gan_options_set(options, "batchsize", "1"), GAN_E_UNKNOWN_NAME, "batch-size");
    CHECK_FAILS(gan_options_set(options, "generator.learning_rate", "1"), GAN_E_UNKNOWN_NAME, "generator.learning-rate");
    CHECK_FAILS(gan_options_set_integer(options, "sead", 1), GAN_E_UNKNOWN_NAME, "seed");
    CHECK_FAILS(gan_options_set_real(options, "", 1), GAN_E_UNKNOWN_NAME, "");
    CHECK_FAILS(gan_options_get(options, "Seed", text, sizeof text, &size), GAN_E_UNKNOWN_NAME, "seed");
    CHECK_TEXT(text, "untouched");
    CHECK(size == 77);
    /* Bytes that are no UTF-8 and names without end are refused like any other. */
    CHECK(gan_options_set(options, "\xff\xfe\x80", "1") == GAN_E_UNKNOWN_NAME || gan_options_set(options, "\xff\xfe\x80", "1") == GAN_E_INVALID_ARGUMENT);
    {
        static char endless[100000];
        memset(endless, 'x', sizeof endless - 1);
        CHECK_FAILS(gan_options_set(options, endless, "1"), GAN_E_INVALID_ARGUMENT, "name");
        CHECK_FAILS(gan_options_set(options, "seed", endless), GAN_E_INVALID_ARGUMENT, "value");
        endless[5000] = '\0';
        CHECK_FAILS(gan_options_set(options, endless, "1"), GAN_E_UNKNOWN_NAME, "xxx");
        CHECK(strlen(gan_error_message()) < 2000);
        CHECK_FAILS(gan_options_set(options, "seed", endless), GAN_E_OUT_OF_RANGE, "seed");
        CHECK(strlen(gan_error_message()) < 2000);
    }
}

static void a_bad_value_is_refused_and_the_old_one_stays(void) {
    static const struct { const char *name, *value; } wrong[] = {
        {"batch-size", "0"}, {"batch-size", "-1"}, {"batch-size", "65537"}, {"batch-size", "1.5"}, {"batch-size", ""},
        {"batch-size", "ten"}, {"batch-size", "10 "}, {"batch-size", " 10"}, {"batch-size", "10x"}, {"batch-size", "0x10"},
        {"batch-size", "99999999999999999999999999"}, {"batch-size", "1e99"}, {"seed", "-1"}, {"seed", "9223372036854775808"},
        {"generator.learning-rate", "fast"}, {"generator.learning-rate", "nan"}, {"generator.learning-rate", "inf"},
        {"generator.learning-rate", "-0.1"}, {"generator.learning-rate", "2"}, {"generator.learning-rate", "1e"},
        {"generator.learning-rate", "0,5"}, {"generator.learning-rate", "1e400"}, {"generator.learning-rate", ""},
        {"generator.beta1", "1"}, {"generator.hidden", "256,"}, {"generator.hidden", ",256"}, {"generator.hidden", "256,0"},
        {"generator.hidden", "256,,128"}, {"generator.hidden", "256;128"}, {"generator.hidden", "70000"},
        {"generator.hidden", "-5"}, {"data.shuffle", "yes"}, {"data.shuffle", ""}, {"data.shuffle", "2"},
        {"threads", "-1"}, {"threads", "100000"}, {"latent.size", "0"}, {"image.height", "-1"},
    };
    size_t i;
    char before[256];
    fresh();
    for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        snprintf(before, sizeof before, "%s", get(wrong[i].name));
        CHECK_FAILS(gan_options_set(options, wrong[i].name, wrong[i].value), GAN_E_OUT_OF_RANGE, wrong[i].name);
        CHECK_TEXT(get(wrong[i].name), before);
    }
    {
        char many[400] = "1";
        for (i = 0; i < 70; i++) strcat(many, ",1");
        CHECK_FAILS(gan_options_set(options, "generator.hidden", many), GAN_E_OUT_OF_RANGE, "generator.hidden");
    }
    /* A word that is not among the choices is a name that nobody knows, or a value out of range: the message has the nearest. */
    {
        int32_t status = gan_options_set(options, "loss", "minmax");
        CHECK(status == GAN_E_UNKNOWN_NAME || status == GAN_E_OUT_OF_RANGE);
        CHECK(strstr(gan_error_message(), "minimax") != NULL);
        CHECK_TEXT(get("loss"), "non-saturating");
        status = gan_options_set(options, "generator.activation", "Relu");
        CHECK(status == GAN_E_UNKNOWN_NAME || status == GAN_E_OUT_OF_RANGE);
        CHECK(strstr(gan_error_message(), "relu") != NULL);
    }
    CHECK_FAILS(gan_options_set_integer(options, "batch-size", 0), GAN_E_OUT_OF_RANGE, "batch-size");
    CHECK_FAILS(gan_options_set_integer(options, "batch-size", INT64_MIN), GAN_E_OUT_OF_RANGE, "batch-size");
    CHECK_FAILS(gan_options_set_integer(options, "data.shuffle", 2), GAN_E_OUT_OF_RANGE, "data.shuffle");
    CHECK_FAILS(gan_options_set_integer(options, "loss", 1), GAN_E_OUT_OF_RANGE, "loss");
    CHECK_FAILS(gan_options_set_integer(options, "generator.learning-rate", 7), GAN_E_OUT_OF_RANGE, "generator.learning-rate");
    CHECK_FAILS(gan_options_set_real(options, "batch-size", 2.5), GAN_E_OUT_OF_RANGE, "batch-size");
    CHECK_FAILS(gan_options_set_real(options, "batch-size", 1e300), GAN_E_OUT_OF_RANGE, "batch-size");
    CHECK_FAILS(gan_options_set_real(options, "generator.learning-rate", NAN), GAN_E_OUT_OF_RANGE, "generator.learning-rate");
    CHECK_FAILS(gan_options_set_real(options, "generator.learning-rate", INFINITY), GAN_E_OUT_OF_RANGE, "generator.learning-rate");
    CHECK_FAILS(gan_options_set_real(options, "loss", 1), GAN_E_OUT_OF_RANGE, "loss");
    CHECK_TEXT(get("batch-size"), "100");
}

static void null_is_refused(void) {
    char text[16] = "untouched";
    size_t size = 5;
    fresh();
    CHECK_FAILS(gan_options_create(NULL), GAN_E_INVALID_ARGUMENT, "out");
    CHECK_FAILS(gan_options_set(NULL, "seed", "1"), GAN_E_INVALID_ARGUMENT, "options");
    CHECK_FAILS(gan_options_set(options, NULL, "1"), GAN_E_INVALID_ARGUMENT, "name");
    CHECK_FAILS(gan_options_set(options, "seed", NULL), GAN_E_INVALID_ARGUMENT, "value");
    CHECK_FAILS(gan_options_set_integer(NULL, "seed", 1), GAN_E_INVALID_ARGUMENT, "options");
    CHECK_FAILS(gan_options_set_integer(options, NULL, 1), GAN_E_INVALID_ARGUMENT, "name");
    CHECK_FAILS(gan_options_set_real(NULL, "seed", 1), GAN_E_INVALID_ARGUMENT, "options");
    CHECK_FAILS(gan_options_set_real(options, NULL, 1), GAN_E_INVALID_ARGUMENT, "name");
    CHECK_FAILS(gan_options_get(NULL, "seed", text, sizeof text, &size), GAN_E_INVALID_ARGUMENT, "options");
    CHECK_FAILS(gan_options_get(options, NULL, text, sizeof text, &size), GAN_E_INVALID_ARGUMENT, "name");
    CHECK_FAILS(gan_options_get(options, "seed", NULL, 4, &size), GAN_E_INVALID_ARGUMENT, "buffer");
    CHECK_FAILS(gan_options_get(options, "seed", NULL, 0, NULL), GAN_E_INVALID_ARGUMENT, "size");
    CHECK_TEXT(text, "untouched");
    CHECK(size == 5);
    gan_options_destroy(NULL);
}

static void a_small_buffer_is_refused_with_the_size(void) {
    char text[16];
    size_t size = 0;
    fresh();
    CHECK_OK(gan_options_set(options, "seed", "1234567"));
    CHECK_OK(gan_options_get(options, "seed", NULL, 0, &size));
    CHECK(size == 8);
    memset(text, 'p', sizeof text);
    size = 0;
    CHECK_FAILS(gan_options_get(options, "seed", text, 7, &size), GAN_E_BUFFER_TOO_SMALL, "8");
    CHECK(size == 8 && text[0] == 'p' && text[6] == 'p');
    CHECK_FAILS(gan_options_get(options, "seed", text, 0, NULL), GAN_E_BUFFER_TOO_SMALL, "8");
    size = 0;
    CHECK_OK(gan_options_get(options, "seed", text, 8, &size));
    CHECK_TEXT(text, "1234567");
    CHECK(size == 8 && text[8] == 'p');
}

static void numbers_have_a_point_whatever_the_locale(void) {
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8", "fr_FR.utf8", "ru_RU.UTF-8", "pt_BR.UTF-8"};
    size_t i;
    int found = 0;
    for (i = 0; i < sizeof names / sizeof names[0] && !found; i++) {
        if (setlocale(LC_ALL, names[i]) != NULL && strcmp(localeconv()->decimal_point, ",") == 0) found = 1;
    }
    if (!found) {
        setlocale(LC_ALL, "C");
        SKIP("no locale with a decimal comma is installed");
    }
    fresh();
    CHECK_OK(gan_options_set(options, "generator.learning-rate", "0.25"));
    CHECK_TEXT(get("generator.learning-rate"), "0.25");
    CHECK_FAILS(gan_options_set(options, "generator.learning-rate", "0,5"), GAN_E_OUT_OF_RANGE, "0,5");
    CHECK_OK(gan_options_set_real(options, "generator.learning-rate", 0.125));
    CHECK_TEXT(get("generator.learning-rate"), "0.125");
    {
        /* And so do checkpoints: one that is written in one locale is the one that is written in another. */
        char first[192], second[192];
        gan_trainer *trainer = small_trainer(1);
        snprintf(first, sizeof first, "%s", scratch("comma.safetensors"));
        snprintf(second, sizeof second, "%s", scratch("point.safetensors"));
        CHECK_OK(gan_trainer_save(trainer, first));
        setlocale(LC_ALL, "C");
        CHECK_OK(gan_trainer_save(trainer, second));
        CHECK(same_files(first, second));
        gan_trainer_destroy(trainer);
    }
}

int main(void) {
    RUN(the_table_describes_every_option);
    RUN(conditions_name_options);
    RUN(an_index_out_of_range_gives_null);
    RUN(the_tutorial_is_the_default);
    RUN(values_are_read_as_they_were_set);
    RUN(an_unknown_name_is_answered_with_the_nearest);
    RUN(a_bad_value_is_refused_and_the_old_one_stays);
    RUN(null_is_refused);
    RUN(a_small_buffer_is_refused_with_the_size);
    RUN(numbers_have_a_point_whatever_the_locale);
    gan_options_destroy(options);
    return FINISH("options");
}
