/* test-loading: the library as another language's FFI loads it: dlopen, dlsym, first use, dlclose, again.
 *
 * This program is not linked with libgan. It also says how long it takes from dlopen to the first answer.
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int passed, failed;

static void check(int holds, const char *what) {
    if (holds) passed++;
    else {
        failed++;
        fprintf(stderr, "test-loading: does not hold: %s\n", what);
    }
}

static double milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

/* Looks a function up and stores it where `function` points. */
static int find(void *library, const char *name, void *function) {
    void *found = dlsym(library, name);
    memcpy(function, &found, sizeof found);
    return found != NULL;
}

static int use(void *library) {
    const char *(*version)(void), *(*message)(void), *(*name)(int32_t);
    int32_t (*create)(void **), (*set)(void *, const char *, const char *);
    void (*destroy)(void *);
    void *options = NULL;
    int good = 1;
    if (!find(library, "gan_version_string", &version) || !find(library, "gan_error_message", &message)
        || !find(library, "gan_options_create", &create) || !find(library, "gan_options_set", &set)
        || !find(library, "gan_options_destroy", &destroy) || !find(library, "gan_status_name", &name)) return 0;
    good &= strcmp(version(), "0.2.0") == 0;
    good &= create(&options) == 0;
    good &= set(options, "seed", "7") == 0;
    good &= set(options, "sead", "7") == -13 && strstr(message(), "seed") != NULL; /* the message lives in the thread */
    destroy(options);
    return good;
}

static void *load_use_unload(void *argument) {
    int *good = argument;
    void *library = dlopen("libgan.so.0", RTLD_NOW | RTLD_LOCAL);
    *good = library != NULL && use(library) && dlclose(library) == 0;
    return NULL; /* the thread ends after the library was closed, with the thread's message in it */
}

int main(void) {
    double start = milliseconds(), end;
    void *library = dlopen("libgan.so.0", RTLD_NOW | RTLD_LOCAL);
    int round;
    if (library == NULL) {
        fprintf(stderr, "test-loading: %s\n", dlerror());
        printf("loading: 0 passed, 1 failed\n");
        return 1;
    }
    check(use(library), "the first use");
    end = milliseconds();
    check(dlsym(library, "swift_retain") == NULL || dlsym(RTLD_DEFAULT, "swift_retain") == NULL, "Swift's runtime is not exported");
    check(dlclose(library) == 0, "closing");
    for (round = 0; round < 3; round++) {
        int good = 0;
        pthread_t thread;
        pthread_create(&thread, NULL, load_use_unload, &good);
        pthread_join(thread, NULL);
        check(good, "loading, use and unloading on a thread");
    }
    library = dlopen("libgan.so.0", RTLD_LAZY | RTLD_GLOBAL);
    check(library != NULL && use(library), "loading again");
    fprintf(stderr, "from dlopen to the first answers: %.1f ms\n", end - start);
    printf("loading: %d passed, %d failed\n", passed, failed);
    return failed > 0;
}
