/* test-library: versions, names of statuses, the error message and its threads.
 *
 * With the argument --isa it only prints the instruction set in use, for the script that runs every one of them.
 */
#include "check.h"

#include <pthread.h>

static void versions_agree_with_the_header(void) {
    CHECK(gan_version() == GAN_VERSION);
    CHECK_TEXT(gan_version_string(), GAN_VERSION_STRING);
    CHECK(gan_version_string() == gan_version_string());
}

static void the_instruction_set_is_a_known_one(void) {
    const char *name = gan_instruction_set();
    const char *wanted = getenv("GAN_ISA");
    CHECK(strcmp(name, "avx512") == 0 || strcmp(name, "avx2") == 0 || strcmp(name, "baseline") == 0);
    if (wanted != NULL && strcmp(wanted, "baseline") == 0) CHECK_TEXT(name, "baseline");
}

/* The numbers are pinned for ever; these are written out on purpose. */
static void statuses_have_their_numbers_and_names(void) {
    static const struct { int32_t number; const char *name; } all[] = {
        {0, "GAN_OK"}, {-10, "GAN_E_INVALID_ARGUMENT"}, {-11, "GAN_E_INVALID_HANDLE"}, {-12, "GAN_E_BUFFER_TOO_SMALL"},
        {-13, "GAN_E_UNKNOWN_NAME"}, {-14, "GAN_E_OUT_OF_RANGE"}, {-15, "GAN_E_BUSY"}, {-20, "GAN_E_OUT_OF_MEMORY"},
        {-30, "GAN_E_NOT_FOUND"}, {-31, "GAN_E_ACCESS"}, {-32, "GAN_E_IO"}, {-33, "GAN_E_NO_SPACE"},
        {-40, "GAN_E_BAD_FORMAT"}, {-41, "GAN_E_TRUNCATED"}, {-42, "GAN_E_CHECKSUM"}, {-43, "GAN_E_NEWER_VERSION"},
        {-44, "GAN_E_MISMATCH"}, {-45, "GAN_E_BAD_DATA"}, {-50, "GAN_E_CANCELLED"}, {-51, "GAN_E_DIVERGED"},
        {-52, "GAN_E_CALLBACK"}, {-90, "GAN_E_INTERNAL"},
    };
    size_t i;
    for (i = 0; i < sizeof all / sizeof all[0]; i++) CHECK_TEXT(gan_status_name(all[i].number), all[i].name);
    CHECK(GAN_E_INVALID_ARGUMENT == -10 && GAN_E_INVALID_HANDLE == -11 && GAN_E_BUFFER_TOO_SMALL == -12);
    CHECK(GAN_E_UNKNOWN_NAME == -13 && GAN_E_OUT_OF_RANGE == -14 && GAN_E_BUSY == -15 && GAN_E_OUT_OF_MEMORY == -20);
    CHECK(GAN_E_NOT_FOUND == -30 && GAN_E_ACCESS == -31 && GAN_E_IO == -32 && GAN_E_NO_SPACE == -33);
    CHECK(GAN_E_BAD_FORMAT == -40 && GAN_E_TRUNCATED == -41 && GAN_E_CHECKSUM == -42 && GAN_E_NEWER_VERSION == -43);
    CHECK(GAN_E_MISMATCH == -44 && GAN_E_BAD_DATA == -45 && GAN_E_CANCELLED == -50 && GAN_E_DIVERGED == -51);
    CHECK(GAN_E_CALLBACK == -52 && GAN_E_INTERNAL == -90);
    CHECK_TEXT(gan_status_name(1), "GAN_E_UNKNOWN");
    CHECK_TEXT(gan_status_name(-1), "GAN_E_UNKNOWN");
    CHECK_TEXT(gan_status_name(INT32_MIN), "GAN_E_UNKNOWN");
    CHECK_TEXT(gan_status_name(INT32_MAX), "GAN_E_UNKNOWN");
}

static void the_message_is_empty_before_the_first_failure(void) { CHECK_TEXT(gan_error_message(), ""); }

static void a_success_leaves_the_message_alone(void) {
    gan_options *options = NULL;
    char before[512];
    CHECK_FAILS(gan_options_create(NULL), GAN_E_INVALID_ARGUMENT, "out");
    snprintf(before, sizeof before, "%s", gan_error_message());
    CHECK_OK(gan_options_create(&options));
    CHECK_TEXT(gan_error_message(), before);
    CHECK_FAILS(gan_options_set(options, "no-such-option", "1"), GAN_E_UNKNOWN_NAME, "no-such-option");
    gan_options_destroy(options);
    CHECK(strstr(gan_error_message(), "no-such-option") != NULL);
}

static void *fail_elsewhere(void *argument) {
    char *message = argument;
    CHECK_TEXT(gan_error_message(), "");
    CHECK(gan_options_create(NULL) == GAN_E_INVALID_ARGUMENT);
    snprintf(message, 512, "%s", gan_error_message());
    return NULL;
}

static void every_thread_has_its_own_message(void) {
    char here[512], there[512] = "";
    pthread_t thread;
    gan_dataset *dataset = NULL;
    CHECK_FAILS(gan_dataset_open("/no/such/folder", NULL, &dataset), GAN_E_NOT_FOUND, "/no/such/folder");
    snprintf(here, sizeof here, "%s", gan_error_message());
    CHECK(pthread_create(&thread, NULL, fail_elsewhere, there) == 0);
    pthread_join(thread, NULL);
    CHECK_TEXT(gan_error_message(), here);
    CHECK(there[0] != '\0' && strcmp(here, there) != 0);
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "--isa") == 0) {
        puts(gan_instruction_set());
        return 0;
    }
    RUN(the_message_is_empty_before_the_first_failure);
    RUN(versions_agree_with_the_header);
    RUN(the_instruction_set_is_a_known_one);
    RUN(statuses_have_their_numbers_and_names);
    RUN(a_success_leaves_the_message_alone);
    RUN(every_thread_has_its_own_message);
    return FINISH("library");
}
