/* test-threads: sharing a generator and a dataset, cancelling and destroying from another thread, busy handles. */
#include "check.h"

#include <pthread.h>
#include <time.h>

static void pause_milliseconds(int milliseconds) {
    struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
    nanosleep(&time, NULL);
}

/* -------------------------------------------------------------------------------------- Many samplers */

enum { WORKERS = 8, EACH = 60 };

typedef struct {
    const gan_generator *generator;
    int number;
    float images[EACH * PIXELS];
    int32_t status;
} Worker;

static void *draw(void *argument) {
    Worker *worker = argument;
    gan_sampler *sampler = NULL;
    int i;
    worker->status = gan_sampler_create(worker->generator, NULL, &sampler);
    for (i = 0; i < EACH && worker->status == GAN_OK; i++)
        worker->status = gan_sampler_draw(sampler, 6, worker->number * EACH + i, 1, worker->images + i * PIXELS, PIXELS);
    gan_sampler_destroy(sampler);
    return NULL;
}

static void samplers_share_a_generator(void) {
    static Worker workers[WORKERS];
    static float alone[WORKERS * EACH * PIXELS];
    pthread_t threads[WORKERS];
    gan_generator *generator = small_generator();
    gan_sampler *sampler = NULL;
    int i;
    for (i = 0; i < WORKERS; i++) {
        workers[i].generator = generator;
        workers[i].number = i;
        CHECK(pthread_create(&threads[i], NULL, draw, &workers[i]) == 0);
    }
    CHECK_OK(gan_sampler_create(generator, NULL, &sampler));
    CHECK_OK(gan_sampler_draw(sampler, 6, 0, WORKERS * EACH, alone, WORKERS * EACH * PIXELS));
    for (i = 0; i < WORKERS; i++) {
        pthread_join(threads[i], NULL);
        CHECK(workers[i].status == GAN_OK);
        CHECK(memcmp(workers[i].images, alone + i * EACH * PIXELS, sizeof workers[i].images) == 0);
    }
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
}

/* -------------------------------------------------------------------------------------- Many trainers */

typedef struct {
    gan_dataset *dataset;
    char path[192];
    int32_t status;
} Learner;

static void *learn(void *argument) {
    Learner *learner = argument;
    gan_options *options = NULL;
    gan_trainer *trainer = NULL;
    options = small_options(2);
    learner->status = gan_trainer_create(options, learner->dataset, &trainer);
    if (learner->status == GAN_OK) learner->status = gan_trainer_run(trainer, 4, NULL, NULL);
    if (learner->status == GAN_OK) learner->status = gan_trainer_save(trainer, learner->path);
    gan_trainer_destroy(trainer);
    gan_options_destroy(options);
    return NULL;
}

static void trainers_share_a_dataset(void) {
    enum { LEARNERS = 4 };
    static Learner learners[LEARNERS];
    pthread_t threads[LEARNERS];
    gan_dataset *dataset = small_dataset();
    char name[32];
    int i;
    for (i = 0; i < LEARNERS; i++) {
        learners[i].dataset = dataset;
        snprintf(name, sizeof name, "learner-%d", i);
        snprintf(learners[i].path, sizeof learners[i].path, "%s", scratch(name));
    }
    for (i = 0; i < LEARNERS; i++) CHECK(pthread_create(&threads[i], NULL, learn, &learners[i]) == 0);
    for (i = 0; i < LEARNERS; i++) {
        pthread_join(threads[i], NULL);
        CHECK(learners[i].status == GAN_OK);
        CHECK(same_files(learners[0].path, learners[i].path));
    }
    gan_dataset_destroy(dataset);
}

/* ------------------------------------------------------------------------------- Cancelling and destroying */

typedef struct {
    gan_trainer *trainer;
    int32_t started;
    int32_t status;
} Run;

static int32_t tell(void *context, gan_trainer *trainer, int32_t event) {
    Run *run = context;
    (void)trainer, (void)event;
    __atomic_store_n(&run->started, 1, __ATOMIC_SEQ_CST);
    return 0;
}

static void *train(void *argument) {
    Run *run = argument;
    run->status = gan_trainer_run(run->trainer, 1000000000, tell, run);
    return NULL;
}

static void begin(Run *run, pthread_t *thread) {
    int i;
    memset(run, 0, sizeof *run);
    run->trainer = small_trainer(2);
    CHECK(pthread_create(thread, NULL, train, run) == 0);
    for (i = 0; i < 5000 && !__atomic_load_n(&run->started, __ATOMIC_SEQ_CST); i++) pause_milliseconds(1);
    CHECK(__atomic_load_n(&run->started, __ATOMIC_SEQ_CST));
}

static void another_thread_cancels(void) {
    Run run;
    pthread_t thread;
    double step;
    begin(&run, &thread);
    CHECK_OK(gan_trainer_cancel(run.trainer));
    pthread_join(thread, NULL);
    CHECK(run.status == GAN_E_CANCELLED);
    step = metric(run.trainer, "step");
    CHECK(step >= 1);
    CHECK_OK(gan_trainer_cancel(run.trainer)); /* while nothing runs: forgotten */
    CHECK_OK(gan_trainer_step(run.trainer, 3));
    CHECK(metric(run.trainer, "step") == step + 3);
    gan_trainer_destroy(run.trainer);
}

static void a_handle_in_use_is_busy(void) {
    Run run;
    pthread_t thread;
    double value = 5;
    gan_generator *generator = POISON;
    begin(&run, &thread);
    CHECK_FAILS(gan_trainer_step(run.trainer, 1), GAN_E_BUSY, "trainer");
    CHECK_FAILS(gan_trainer_run(run.trainer, 1, NULL, NULL), GAN_E_BUSY, "trainer");
    CHECK_FAILS(gan_trainer_save(run.trainer, scratch("busy")), GAN_E_BUSY, "trainer");
    CHECK_FAILS(gan_trainer_metric(run.trainer, "step", &value), GAN_E_BUSY, "trainer");
    CHECK_FAILS(gan_trainer_generator(run.trainer, &generator), GAN_E_BUSY, "trainer");
    CHECK(value == 5 && generator == POISON);
    CHECK_OK(gan_trainer_cancel(run.trainer));
    pthread_join(thread, NULL);
    CHECK_OK(gan_trainer_metric(run.trainer, "step", &value));
    gan_trainer_destroy(run.trainer);
}

static void destroying_ends_a_run(void) {
    Run run;
    pthread_t thread;
    int i;
    for (i = 0; i < 10; i++) {
        begin(&run, &thread);
        gan_trainer_destroy(run.trainer);
        pthread_join(thread, NULL);
        CHECK(run.status == GAN_E_CANCELLED);
        CHECK_FAILS(gan_trainer_step(run.trainer, 1), GAN_E_INVALID_HANDLE, "trainer");
    }
}

static void *cancel(void *argument) {
    gan_trainer *trainer = argument;
    int i;
    for (i = 0; i < 300; i++) {
        int32_t status = gan_trainer_cancel(trainer);
        if (status != GAN_OK && status != GAN_E_INVALID_HANDLE) CHECK(!"cancelling failed");
    }
    return NULL;
}

static void cancelling_and_destroying_may_race(void) {
    int i;
    for (i = 0; i < 40; i++) {
        gan_trainer *trainer = small_trainer(1);
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, cancel, trainer) == 0);
        if (i % 2) pause_milliseconds(1);
        gan_trainer_destroy(trainer);
        pthread_join(thread, NULL);
    }
}

/* ------------------------------------------------------------------------------------ First use at once */

static int32_t mark;

static void *use_a_shared_sampler(void *argument) {
    gan_sampler *sampler = argument;
    float image[PIXELS];
    int i, good = 0;
    for (i = 0; i < 2000; i++) {
        int32_t status = gan_sampler_draw(sampler, 1, i, 1, image, PIXELS);
        if (status == GAN_OK) good++;
        else if (status != GAN_E_BUSY) CHECK(!"neither drawn nor busy");
    }
    __atomic_fetch_add(&mark, good, __ATOMIC_SEQ_CST);
    return NULL;
}

static void one_sampler_on_two_threads_is_refused_not_broken(void) {
    gan_generator *generator = small_generator();
    gan_sampler *sampler = NULL;
    pthread_t threads[3];
    int i;
    CHECK_OK(gan_sampler_create(generator, NULL, &sampler));
    gan_generator_destroy(generator);
    for (i = 0; i < 3; i++) CHECK(pthread_create(&threads[i], NULL, use_a_shared_sampler, sampler) == 0);
    for (i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    CHECK(__atomic_load_n(&mark, __ATOMIC_SEQ_CST) > 0);
    gan_sampler_destroy(sampler);
}

int main(void) {
    RUN(samplers_share_a_generator);
    RUN(trainers_share_a_dataset);
    RUN(another_thread_cancels);
    RUN(a_handle_in_use_is_busy);
    RUN(destroying_ends_a_run);
    RUN(cancelling_and_destroying_may_race);
    RUN(one_sampler_on_two_threads_is_refused_not_broken);
    return FINISH("threads");
}
