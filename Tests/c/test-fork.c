/* test-fork: fork() while other threads are in calls, pthread_cancel in a call, and threads with little stack. */
#include "check.h"

#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>

static void pause_milliseconds(int milliseconds) {
    struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
    nanosleep(&time, NULL);
}

/* Runs a test's body in a child of its own making, and tells how it ended. */
static void in_child(void (*body)(void), const char *what) {
    int result = 0;
    pid_t child;
    fflush(NULL);
    child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        alarm(60);
        current_failed = 0;
        body();
        fflush(NULL);
        _exit(current_failed);
    }
    while (waitpid(child, &result, 0) < 0 && errno == EINTR) {}
    if (WIFSIGNALED(result) && WTERMSIG(result) == SIGALRM) check_fails(__FILE__, __LINE__, "%s: the child hangs", what);
    else if (!WIFEXITED(result) || WEXITSTATUS(result) != 0) check_fails(__FILE__, __LINE__, "%s: the child ended with %d", what, result);
}

/* ------------------------------------------------------------------------- Fork while others are in calls */

static int32_t stop, rounds;
static gan_generator *shared_generator;

static int is_over(void) { return __atomic_load_n(&stop, __ATOMIC_SEQ_CST); }
static void count_round(void) { __atomic_fetch_add(&rounds, 1, __ATOMIC_SEQ_CST); }

/* Everything that a call may be in the middle of: the options' and metrics' tables, networks in the making, files, sentences. */
static void *make_and_destroy(void *argument) {
    char path[192];
    (void)argument;
    snprintf(path, sizeof path, "%s", scratch("made"));
    while (!is_over()) {
        gan_trainer *trainer = small_trainer(2), *again = NULL;
        gan_dataset *dataset = small_dataset();
        CHECK_OK(gan_trainer_step(trainer, 2));
        CHECK_OK(gan_trainer_save(trainer, path));
        CHECK_OK(gan_trainer_load(path, NULL, dataset, &again));
        CHECK(gan_trainer_save(trainer, "/no/such/folder") == GAN_E_NOT_FOUND);
        gan_trainer_destroy(again);
        gan_trainer_destroy(trainer);
        gan_dataset_destroy(dataset);
        count_round();
    }
    return NULL;
}

static void *draw(void *argument) {
    gan_sampler *sampler = NULL;
    static float images[100 * PIXELS];
    (void)argument;
    CHECK_OK(gan_sampler_create(shared_generator, NULL, &sampler));
    while (!is_over()) {
        CHECK_OK(gan_sampler_draw(sampler, 1, 0, 100, images, 100 * PIXELS));
        count_round();
    }
    gan_sampler_destroy(sampler);
    return NULL;
}

static gan_options *shared_options;

static void *set_options(void *argument) {
    (void)argument;
    while (!is_over()) {
        CHECK_OK(gan_options_set(shared_options, "generator.hidden", "1,2,3,4,5,6,7,8,9"));
        CHECK_OK(gan_options_set(shared_options, "generator.hidden", "10"));
        CHECK(gan_options_set(shared_options, "no-such-option-of-the-library", "1") == GAN_E_UNKNOWN_NAME);
        count_round();
    }
    return NULL;
}

static void use_everything(void) {
    gan_trainer *trainer = small_trainer(2);
    gan_sampler *sampler = NULL;
    float image[PIXELS];
    char text[64];
    CHECK_OK(gan_trainer_step(trainer, 3));
    gan_trainer_destroy(trainer);
    CHECK_OK(gan_sampler_create(shared_generator, NULL, &sampler));
    CHECK_OK(gan_sampler_draw(sampler, 1, 0, 1, image, PIXELS));
    gan_sampler_destroy(sampler);
    CHECK_OK(gan_options_get(shared_options, "generator.hidden", text, sizeof text, NULL)); /* in use at the fork, perhaps */
    CHECK(strcmp(text, "10") == 0 || strcmp(text, "1,2,3,4,5,6,7,8,9") == 0 || strcmp(text, "128") == 0);
    CHECK_FAILS(gan_options_set(shared_options, "batchsize", "1"), GAN_E_UNKNOWN_NAME, "batch-size");
}

static void a_child_works_whatever_other_threads_were_in(void) {
    void *(*const bodies[])(void *) = {make_and_destroy, draw, set_options};
    pthread_t threads[3];
    int i;
    shared_generator = small_generator();
    CHECK_OK(gan_options_create(&shared_options));
    CHECK_OK(gan_options_set(shared_options, "generator.hidden", "128"));
    stop = rounds = 0;
    for (i = 0; i < 3; i++) CHECK(pthread_create(&threads[i], NULL, bodies[i], NULL) == 0);
    for (i = 0; i < 60 && !current_failed; i++) in_child(use_everything, "other threads in calls");
    __atomic_store_n(&stop, 1, __ATOMIC_SEQ_CST);
    for (i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    CHECK(rounds > 3); /* the parent's threads went on */
    gan_options_destroy(shared_options);
    gan_generator_destroy(shared_generator);
}

/* The very first calls initialise what is global, and a fork may come in the middle of that. So it must happen in a child that has
 * called nothing yet. */
static void *first_call(void *argument) {
    (void)argument;
    CHECK(gan_option_count() > 10 && gan_option_name(0) != NULL);
    return NULL;
}

static void look_up(void) { CHECK(gan_option_count() > 10 && gan_option_default(3) != NULL); }

static void fork_during_the_first_call(void) {
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, first_call, NULL) == 0);
    in_child(look_up, "a fork in the first call");
    pthread_join(thread, NULL);
}

static void the_first_call_may_be_forked_through(void) {
    int i;
    for (i = 0; i < 40 && !current_failed; i++) in_child(fork_during_the_first_call, "first calls");
}

/* ------------------------------------------------------------------------- Objects that were in use are free */

static gan_trainer *in_use;
static int32_t started;

static int32_t go_on(void *context, gan_trainer *trainer, int32_t event) {
    (void)context, (void)trainer, (void)event;
    __atomic_store_n(&started, 1, __ATOMIC_SEQ_CST);
    return is_over();
}

static void *train_until_told(void *argument) {
    (void)argument;
    CHECK(gan_trainer_run(in_use, 1000000000, go_on, NULL) == GAN_E_CANCELLED);
    return NULL;
}

static void use_what_another_thread_used(void) {
    double step = metric(in_use, "step");
    CHECK(step >= 1);
    CHECK_OK(gan_trainer_step(in_use, 5));
    CHECK(metric(in_use, "step") == step + 5);
    gan_trainer_destroy(in_use);
}

static void what_another_thread_used_is_free_in_the_child(void) {
    pthread_t thread;
    double value;
    int i;
    in_use = small_trainer(2);
    stop = started = 0;
    CHECK(pthread_create(&thread, NULL, train_until_told, NULL) == 0);
    for (i = 0; i < 5000 && !__atomic_load_n(&started, __ATOMIC_SEQ_CST); i++) pause_milliseconds(1);
    for (i = 0; i < 20 && !current_failed; i++) in_child(use_what_another_thread_used, "a trainer in use");
    CHECK(gan_trainer_metric(in_use, "step", &value) == GAN_E_BUSY); /* and not in the parent */
    __atomic_store_n(&stop, 1, __ATOMIC_SEQ_CST);
    pthread_join(thread, NULL);
    gan_trainer_destroy(in_use);
}

/* A callback that forks: in the child it is this very thread that uses the trainer, and the run goes on there too. */
static int32_t fork_once(void *context, gan_trainer *trainer, int32_t event) {
    pid_t *child = context;
    double value = 0;
    (void)event;
    if (*child < 0) {
        fflush(NULL);
        *child = fork();
        if (*child == 0) alarm(60);
    }
    CHECK_OK(gan_trainer_metric(trainer, "step", &value));
    return value >= 3 * STEPS_PER_EPOCH;
}

static void a_callback_may_fork(void) {
    gan_trainer *trainer = small_trainer(2);
    pid_t child = -1;
    int result = 0;
    CHECK(gan_trainer_run(trainer, 100, fork_once, &child) == GAN_E_CANCELLED);
    CHECK(metric(trainer, "step") == 3 * STEPS_PER_EPOCH);
    gan_trainer_destroy(trainer);
    if (child == 0) _exit(current_failed);
    while (waitpid(child, &result, 0) < 0 && errno == EINTR) {}
    CHECK(WIFEXITED(result) && WEXITSTATUS(result) == 0);
}

/* A dataset whose fill function another thread is in: the child fills by itself. */
static gan_dataset *callback_dataset;
static int32_t in_fill, fill_may_end;

static int32_t fill_slowly(void *context, const int64_t *indices, int64_t count, float *values) {
    int64_t i;
    (void)context, (void)indices;
    __atomic_store_n(&in_fill, 1, __ATOMIC_SEQ_CST);
    while (!__atomic_load_n(&fill_may_end, __ATOMIC_SEQ_CST)) pause_milliseconds(1);
    for (i = 0; i < count * PIXELS; i++) values[i] = 0.5f;
    return 0;
}

static void *read_one(void *argument) {
    float values[PIXELS];
    (void)argument;
    CHECK_OK(gan_dataset_read(callback_dataset, 0, 1, values, PIXELS));
    return NULL;
}

static void fill_in_the_child(void) {
    __atomic_store_n(&fill_may_end, 1, __ATOMIC_SEQ_CST);
    read_one(NULL);
    gan_dataset_destroy(callback_dataset);
}

static void a_fill_function_in_use_is_free_in_the_child(void) {
    pthread_t threads[2];
    int i;
    in_fill = fill_may_end = 0;
    CHECK_OK(gan_dataset_create_callback(fill_slowly, 10, SIDE, SIDE, 1, NULL, NULL, &callback_dataset));
    for (i = 0; i < 2; i++) CHECK(pthread_create(&threads[i], NULL, read_one, NULL) == 0); /* one of them waits for its turn */
    while (!__atomic_load_n(&in_fill, __ATOMIC_SEQ_CST)) pause_milliseconds(1);
    pause_milliseconds(20);
    for (i = 0; i < 3; i++) in_child(fill_in_the_child, "a fill function in use");
    __atomic_store_n(&fill_may_end, 1, __ATOMIC_SEQ_CST);
    for (i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    gan_dataset_destroy(callback_dataset);
}

/* ------------------------------------------------------------------------------------------- Cancellation */

static int32_t returned;

static void *train_and_be_cancelled(void *argument) {
    int how = *(int *)argument, old;
    if (how) pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
    CHECK(gan_trainer_run(in_use, 1000000000, go_on, NULL) == GAN_E_CANCELLED);
    __atomic_store_n(&returned, 1, __ATOMIC_SEQ_CST); /* not reached when cancelled asynchronously */
    for (;;) pthread_testcancel();
    return NULL;
}

static void cancelling_a_thread_waits_for_the_call(void) {
    int how;
    for (how = 0; how < 2; how++) {
        pthread_t thread;
        void *result = NULL;
        int i;
        in_use = small_trainer(2);
        stop = started = returned = 0;
        CHECK(pthread_create(&thread, NULL, train_and_be_cancelled, &how) == 0);
        for (i = 0; i < 5000 && !__atomic_load_n(&started, __ATOMIC_SEQ_CST); i++) pause_milliseconds(1);
        CHECK(pthread_cancel(thread) == 0);
        pause_milliseconds(20);
        CHECK(!__atomic_load_n(&returned, __ATOMIC_SEQ_CST)); /* it trains on */
        __atomic_store_n(&stop, 1, __ATOMIC_SEQ_CST);
        pthread_join(thread, &result);
        CHECK(result == PTHREAD_CANCELED);
        CHECK(__atomic_load_n(&returned, __ATOMIC_SEQ_CST) == !how);
        CHECK_OK(gan_trainer_step(in_use, 1)); /* and nothing is held */
        gan_trainer_destroy(in_use);
    }
}

/* Saving syncs and waits, at places where a thread can be cancelled. */
static void *save_for_ever(void *argument) {
    const char *path = argument;
    for (;;) {
        CHECK_OK(gan_trainer_save(in_use, path));
        pthread_testcancel();
    }
    return NULL;
}

static void cancelling_leaves_no_half_file(void) {
    char path[192];
    int i;
    snprintf(path, sizeof path, "%s", scratch("cancelled"));
    in_use = small_trainer(1);
    for (i = 0; i < 30; i++) {
        pthread_t thread;
        gan_generator *generator = NULL;
        CHECK(pthread_create(&thread, NULL, save_for_ever, path) == 0);
        pause_milliseconds(i % 5);
        pthread_cancel(thread);
        pthread_join(thread, NULL);
        CHECK_OK(gan_trainer_save(in_use, path));
        CHECK_OK(gan_generator_load(path, &generator));
        gan_generator_destroy(generator);
    }
    gan_trainer_destroy(in_use);
}

static void *tell_cancel_state(void *argument) {
    int old = -1;
    (void)argument;
    CHECK(gan_option_count() > 0);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
    CHECK(old == PTHREAD_CANCEL_ENABLE);
    CHECK(gan_options_create(NULL) == GAN_E_INVALID_ARGUMENT);
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old);
    CHECK(old == PTHREAD_CANCEL_DISABLE);
    return NULL;
}

/* Calls that only look something up leave the state alone. Cancelled before and between, the thread ends in none of them: there is
 * no place in them where a thread can be cancelled, and asynchronous cancellation is put off. */
static int brief_calls_made;

static void *look_up_while_cancelled(void *argument) {
    gan_generator *generator = argument;
    gan_options *options = NULL;
    gan_checkpoint *none = NULL;
    char text[64];
    int32_t number;
    double low, high;
    int i, old;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
    CHECK_OK(gan_options_create(&options));
    pthread_cancel(pthread_self());
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old); /* pending from here on */
    for (i = 0; i < 100; i++) {
        CHECK(gan_option_count() > 0 && gan_option_name(0) != NULL && gan_metric_count() > 0 && gan_recipe_count() > 0);
        CHECK(gan_option_bounds(i, &low, &high) != GAN_E_INTERNAL);
        CHECK_OK(gan_generator_latent_size(generator, &number));
        CHECK_OK(gan_generator_option(generator, "seed", text, sizeof text, NULL));
        CHECK_OK(gan_generator_input_count(generator, &number));
        CHECK_OK(gan_generator_input_name(generator, 0, text, sizeof text, NULL));
        CHECK(gan_generator_latent_size((gan_generator *)options, &number) == GAN_E_INVALID_HANDLE);
        CHECK(gan_generator_latent_size(NULL, &number) == GAN_E_INVALID_ARGUMENT);
        CHECK(gan_generator_option(generator, "no such option", text, sizeof text, NULL) == GAN_E_UNKNOWN_NAME);
        CHECK_OK(gan_options_set(options, "generator.hidden", "16,32"));
        CHECK(gan_options_set(options, "generator.hiden", "16,32") == GAN_E_UNKNOWN_NAME);
        CHECK_OK(gan_options_get(options, "seed", text, sizeof text, NULL));
        CHECK(gan_checkpoint_text(none, "kind", text, sizeof text, NULL) == GAN_E_INVALID_ARGUMENT);
    }
    brief_calls_made = i;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
    CHECK(old == PTHREAD_CANCEL_ENABLE);
    gan_options_destroy(options);
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old);
    pthread_testcancel();
    return NULL;
}

static void *look_up_for_ever(void *argument) {
    int old, number;
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
    for (;;) {
        int32_t size;
        if (gan_generator_latent_size(argument, &size) != GAN_OK) return NULL;
        pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &number);
        if (number != PTHREAD_CANCEL_ASYNCHRONOUS) return NULL;
    }
}

/* A call that was never left would be waited for a second long. */
static int fork_is_quick(void) {
    struct timespec start, end;
    pid_t child;
    clock_gettime(CLOCK_MONOTONIC, &start);
    child = fork();
    if (child == 0) _exit(0);
    clock_gettime(CLOCK_MONOTONIC, &end);
    waitpid(child, NULL, 0);
    return child > 0 && (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) * 1e-9 < 0.9;
}

static void cancelling_a_brief_call_waits_for_it(void) {
    gan_generator *generator = NULL;
    pthread_t thread;
    void *result = NULL;
    int i;
    int32_t size;
    gan_trainer *trainer = small_trainer(1);
    CHECK_OK(gan_trainer_generator(trainer, &generator));
    gan_trainer_destroy(trainer);
    CHECK(pthread_create(&thread, NULL, look_up_while_cancelled, generator) == 0);
    pthread_join(thread, &result);
    CHECK(result == PTHREAD_CANCELED && brief_calls_made == 100);
    for (i = 0; i < 200; i++) {
        CHECK(pthread_create(&thread, NULL, look_up_for_ever, generator) == 0);
        if (i % 4 == 0) pause_milliseconds(1);
        pthread_cancel(thread);
        pthread_join(thread, &result);
        CHECK(result == PTHREAD_CANCELED);
        CHECK_OK(gan_generator_latent_size(generator, &size)); /* no lock is held by who has gone */
    }
    CHECK(fork_is_quick());
    gan_generator_destroy(generator);
}

static void the_cancel_state_is_the_hosts(void) {
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, tell_cancel_state, NULL) == 0);
    pthread_join(thread, NULL);
}

/* ------------------------------------------------------------------------------------------- Small stacks */

static void on_stack(size_t bytes, void *(*body)(void *), void *argument) {
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    CHECK(pthread_attr_setstacksize(&attributes, bytes) == 0);
    CHECK(pthread_create(&thread, &attributes, body, argument) == 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
}

static int32_t never(void *context, gan_trainer *trainer, int32_t event) {
    (void)context, (void)trainer, (void)event;
    return 0;
}

/* Every kind of call, on a thread on which most of them would overrun the stack. */
static void *call_with_little_stack(void *argument) {
    void **objects = argument;
    gan_options *options = POISON;
    gan_dataset *dataset = POISON;
    gan_trainer *trainer = POISON;
    double value = 5;
    CHECK(gan_options_create(&options) == GAN_E_OUT_OF_MEMORY && options == POISON);
    CHECK_FAILS(gan_dataset_open("/tmp", NULL, &dataset), GAN_E_OUT_OF_MEMORY, "48 KiB");
    CHECK(gan_trainer_create(NULL, objects[0], &trainer) == GAN_E_OUT_OF_MEMORY && trainer == POISON);
    CHECK(gan_trainer_run(objects[1], 1, never, NULL) == GAN_E_OUT_OF_MEMORY);
    CHECK(gan_trainer_metric(objects[1], "step", &value) == GAN_E_OUT_OF_MEMORY && value == 5);
    CHECK(gan_option_count() == 0 && gan_option_name(0) == NULL && gan_metric_summary(0) == NULL);
    CHECK_TEXT(gan_status_name(GAN_OK), "GAN_OK");
    CHECK(gan_version() > 0);
    gan_sampler_destroy(objects[2]); /* this always works */
    gan_trainer_destroy(objects[1]);
    gan_dataset_destroy(objects[0]);
    return NULL;
}

static void little_stack_is_a_status(void) {
    gan_generator *generator = small_generator();
    gan_sampler *sampler = NULL;
    void *objects[3];
    objects[0] = small_dataset();
    objects[1] = small_trainer(2);
    CHECK_OK(gan_sampler_create(generator, NULL, &sampler));
    objects[2] = sampler;
    on_stack(PTHREAD_STACK_MIN, call_with_little_stack, objects);
    CHECK(gan_trainer_step(objects[1], 1) == GAN_E_INVALID_HANDLE); /* it was destroyed there */
    gan_generator_destroy(generator);
}

static void *do_everything(void *argument) {
    gan_options *options = small_options(2);
    gan_dataset *dataset = small_dataset(), *opened = NULL;
    gan_trainer *trainer = NULL;
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    char path[192], picture[192];
    static uint8_t pixels[IMAGES * PIXELS];
    snprintf(path, sizeof path, "%s.safetensors", (char *)argument);
    snprintf(picture, sizeof picture, "%s.png", (char *)argument);
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    CHECK_OK(gan_trainer_run(trainer, 2, never, NULL));
    CHECK_OK(gan_trainer_save(trainer, path));
    gan_trainer_destroy(trainer);
    CHECK_OK(gan_trainer_load(path, options, dataset, &trainer));
    CHECK_OK(gan_trainer_generator(trainer, &generator));
    gan_trainer_destroy(trainer);
    small_pixels(pixels);
    CHECK_OK(gan_dataset_create_bytes(pixels, 60, 8, 8, 1, NULL, 0, NULL, NULL, &opened));
    CHECK_OK(gan_options_set(options, "preset", "dcgan"));
    CHECK_OK(gan_trainer_create(options, opened, &trainer));
    gan_dataset_destroy(opened);
    CHECK_OK(gan_trainer_step(trainer, 1));
    gan_trainer_destroy(trainer);
    CHECK_OK(gan_sampler_create(generator, NULL, &sampler));
    CHECK_OK(gan_sampler_write_png(sampler, 1, 0, 20, 5, 1, 2, picture));
    CHECK_OK(gan_dataset_open(picture, NULL, &opened));
    gan_dataset_destroy(opened);
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
    return NULL;
}

static void sixty_four_kilobytes_are_enough(void) {
    char path[192];
    snprintf(path, sizeof path, "%s", scratch("small-stack"));
    on_stack(64 * 1024, do_everything, path);
}

int main(void) {
    RUN(the_first_call_may_be_forked_through); /* before any other call */
    RUN(a_child_works_whatever_other_threads_were_in);
    RUN(what_another_thread_used_is_free_in_the_child);
    RUN(a_callback_may_fork);
    RUN(a_fill_function_in_use_is_free_in_the_child);
    RUN(cancelling_a_thread_waits_for_the_call);
    RUN(cancelling_leaves_no_half_file);
    RUN(cancelling_a_brief_call_waits_for_it);
    RUN(the_cancel_state_is_the_hosts);
    RUN(little_stack_is_a_status);
    RUN(sixty_four_kilobytes_are_enough);
    return FINISH("fork");
}
