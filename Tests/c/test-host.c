/* test-host: the library inside a host that runs out of disk, has no permission, or forks. */
#include "check.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/statvfs.h>

/* Runs a test's body in a child, so that what it does to the process ends with it. 77 means skipped. */
static int in_child(void (*body)(void), int seconds) {
    int result;
    pid_t child;
    fflush(NULL);
    child = fork();
    if (child < 0) return -1;
    if (child == 0) {
        alarm((unsigned)seconds);
        current_failed = 0;
        current_skipped = 0;
        body();
        fflush(NULL);
        _exit(current_failed ? 1 : current_skipped ? 77 : 0);
    }
    if (waitpid(child, &result, 0) != child) return -1;
    return WIFEXITED(result) ? WEXITSTATUS(result) : 1000 + WTERMSIG(result);
}

static void judge(int result, const char *what) {
    if (result == 77) current_skipped = 1;
    else if (result == 1000 + SIGALRM) check_fails(__FILE__, __LINE__, "%s: did not come to an end", what);
    else if (result != 0) check_fails(__FILE__, __LINE__, "%s: the child ended with %d", what, result);
}

/* --------------------------------------------------------------------------------------------- Full disks */

static void a_full_device_is_reported(void) {
    gan_trainer *trainer = small_trainer(1);
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    if (access("/dev/full", W_OK) != 0) {
        gan_trainer_destroy(trainer);
        SKIP("there is no /dev/full");
    }
    CHECK_OK(gan_trainer_generator(trainer, &generator));
    CHECK_OK(gan_sampler_create(generator, NULL, &sampler));
    CHECK_FAILS(gan_trainer_save(trainer, "/dev/full"), GAN_E_NO_SPACE, "/dev/full");
    CHECK_FAILS(gan_generator_save(generator, "/dev/full"), GAN_E_NO_SPACE, "/dev/full");
    CHECK_FAILS(gan_sampler_write_png(sampler, 1, 0, 4, 2, 0, 1, "/dev/full"), GAN_E_NO_SPACE, "/dev/full");
    CHECK_FAILS(gan_sampler_write_idx(sampler, 1, 0, 4, "/dev/full"), GAN_E_NO_SPACE, "/dev/full");
    CHECK_FAILS(gan_sampler_write_npy(sampler, 1, 0, 4, "/dev/full"), GAN_E_NO_SPACE, "/dev/full");
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
    gan_trainer_destroy(trainer);
}

static void fill_a_small_disk(void) {
    const char *folder = scratch("disk");
    char first[192], filler[192], copy[192];
    gan_trainer *trainer;
    gan_dataset *dataset = small_dataset();
    struct statvfs space;
    static char block[1 << 20];
    int file;
    mkdir(folder, 0777);
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) != 0
        || mount("tmpfs", folder, "tmpfs", 0, "size=64k") != 0)
        SKIP("a small file system cannot be mounted");
    snprintf(first, sizeof first, "%s/checkpoint", folder);
    snprintf(filler, sizeof filler, "%s/filler", folder);
    snprintf(copy, sizeof copy, "%s", scratch("copy"));
    trainer = small_trainer(1);
    CHECK_OK(gan_trainer_save(trainer, first));
    CHECK_OK(gan_trainer_save(trainer, copy));
    CHECK_OK(gan_trainer_step(trainer, 5));
    file = open(filler, O_WRONLY | O_CREAT, 0666);
    while (write(file, block, sizeof block) > 0) {}
    close(file);
    CHECK_FAILS(gan_trainer_save(trainer, first), GAN_E_NO_SPACE, "checkpoint");
    CHECK(same_files(first, copy)); /* the earlier one is still there, whole */
    CHECK(statvfs(folder, &space) == 0 && space.f_bfree == 0);
    gan_trainer_destroy(trainer);
    trainer = NULL;
    CHECK_OK(gan_trainer_load(first, NULL, dataset, &trainer));
    unlink(filler);
    CHECK_OK(gan_trainer_save(trainer, first)); /* and with room again it works */
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
    umount(folder);
}

static void the_earlier_checkpoint_survives_a_full_disk(void) { judge(in_child(fill_a_small_disk, 60), "a full disk"); }

/* A file may not grow beyond a limit: that too is told by a status and not by SIGXFSZ. */
static void limit_files(void) {
    gan_trainer *trainer = small_trainer(1);
    struct rlimit limit = {1000, 1000};
    char path[192];
    snprintf(path, sizeof path, "%s", scratch("limited"));
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    CHECK_FAILS(gan_trainer_save(trainer, path), GAN_E_NO_SPACE, "limited");
    CHECK(access(path, F_OK) != 0);
    gan_trainer_destroy(trainer);
}

static void a_limit_on_files_is_a_status(void) { judge(in_child(limit_files, 60), "a limit on files"); }

static void write_to_a_pipe_without_a_reader(void) {
    gan_trainer *trainer = small_trainer(1);
    char path[192];
    int ends[2];
    CHECK(pipe(ends) == 0);
    close(ends[0]);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[1]);
    CHECK_FAILS(gan_trainer_save(trainer, path), GAN_E_IO, "/dev/fd/");
    close(ends[1]);
    gan_trainer_destroy(trainer);
}

static void a_broken_pipe_is_a_status(void) { judge(in_child(write_to_a_pipe_without_a_reader, 60), "a broken pipe"); }

/* --------------------------------------------------------------------------------------------- Permission */

static char closed[192], readable[192], secret[192];

static void be_nobody(void) {
    gan_dataset *dataset = POISON, *mine;
    gan_generator *generator = POISON;
    gan_trainer *trainer, *out = POISON;
    char path[256];
    if (setgid(65534) != 0 || setuid(65534) != 0) SKIP("the user cannot be changed");
    snprintf(path, sizeof path, "%s/x", closed);
    CHECK_FAILS(gan_dataset_open(closed, NULL, &dataset), GAN_E_ACCESS, closed);
    CHECK_FAILS(gan_dataset_open(path, NULL, &dataset), GAN_E_ACCESS, path);
    CHECK_FAILS(gan_dataset_open(secret, NULL, &dataset), GAN_E_ACCESS, secret);
    CHECK_FAILS(gan_dataset_open_idx(secret, NULL, NULL, &dataset), GAN_E_ACCESS, secret);
    CHECK_FAILS(gan_generator_load(secret, &generator), GAN_E_ACCESS, secret);
    mine = small_dataset();
    CHECK_FAILS(gan_trainer_load(secret, NULL, mine, &out), GAN_E_ACCESS, secret);
    gan_dataset_destroy(mine);
    trainer = small_trainer(1);
    CHECK_FAILS(gan_trainer_save(trainer, path), GAN_E_ACCESS, path);
    snprintf(path, sizeof path, "%s/x", readable);
    CHECK_FAILS(gan_trainer_save(trainer, path), GAN_E_ACCESS, path);
    CHECK_FAILS(gan_trainer_save(trainer, secret), GAN_E_ACCESS, secret);
    gan_trainer_destroy(trainer);
    CHECK(dataset == POISON && generator == POISON && out == POISON);
}

static void what_may_not_be_read_or_written_is_refused(void) {
    snprintf(closed, sizeof closed, "%s", scratch("closed"));
    snprintf(readable, sizeof readable, "%s", scratch("readable"));
    snprintf(secret, sizeof secret, "%s", scratch("readable/secret"));
    if (getuid() != 0) SKIP("only root can become nobody");
    CHECK(mkdir(closed, 0700) == 0 && mkdir(readable, 0755) == 0);
    chmod(scratch_folder, 0755);
    write_file(secret, "secret", 6);
    chmod(secret, 0600);
    judge(in_child(be_nobody, 60), "being nobody");
}

/* ------------------------------------------------------------------------------------------------- Forking */

static gan_trainer *before_fork;
static gan_sampler *sampler_before_fork;

static void work_after_fork(void) {
    gan_trainer *trainer;
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    float image[3 * PIXELS], again[3 * PIXELS];
    char path[192];
    /* What was made before goes on in the child, although the parent's threads are not there. */
    CHECK_OK(gan_trainer_step(before_fork, 10));
    CHECK_OK(gan_sampler_draw(sampler_before_fork, 1, 0, 3, image, 3 * PIXELS));
    snprintf(path, sizeof path, "%s", scratch("child"));
    CHECK_OK(gan_trainer_save(before_fork, path));
    /* And so does what is made now. */
    trainer = small_trainer(2);
    CHECK_OK(gan_trainer_step(trainer, 10));
    CHECK_OK(gan_trainer_generator(trainer, &generator));
    CHECK_OK(gan_sampler_create(generator, NULL, &sampler));
    CHECK_OK(gan_sampler_draw(sampler, 1, 0, 3, again, 3 * PIXELS));
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
    gan_trainer_destroy(trainer);
    gan_sampler_destroy(sampler_before_fork);
    gan_trainer_destroy(before_fork);
}

static void the_library_works_in_a_forked_child(void) {
    gan_generator *generator = NULL;
    char child[192], parent[192];
    before_fork = small_trainer(2);
    CHECK_OK(gan_trainer_step(before_fork, 4));
    CHECK_OK(gan_trainer_generator(before_fork, &generator));
    CHECK_OK(gan_sampler_create(generator, NULL, &sampler_before_fork));
    gan_generator_destroy(generator);
    judge(in_child(work_after_fork, 60), "a forked child");
    CHECK_OK(gan_trainer_step(before_fork, 10)); /* the parent's goes on as well */
    snprintf(child, sizeof child, "%s", scratch("child"));
    snprintf(parent, sizeof parent, "%s", scratch("parent"));
    CHECK_OK(gan_trainer_save(before_fork, parent));
    CHECK(same_files(child, parent));
    gan_sampler_destroy(sampler_before_fork);
    gan_trainer_destroy(before_fork);
}

/* ------------------------------------------------------------------------------------- Small stacks, limits */

static void *train_on_a_small_stack(void *argument) {
    gan_trainer *trainer = small_trainer(2);
    gan_generator *generator = NULL;
    (void)argument;
    CHECK_OK(gan_trainer_run(trainer, 2, NULL, NULL));
    CHECK_OK(gan_trainer_generator(trainer, &generator));
    gan_generator_destroy(generator);
    gan_trainer_destroy(trainer);
    return NULL;
}

static void a_small_stack_is_enough(void) {
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    CHECK(pthread_attr_setstacksize(&attributes, 256 * 1024) == 0);
    CHECK(pthread_create(&thread, &attributes, train_on_a_small_stack, NULL) == 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
}

/* When the process may not have the memory, the sizes that need it are refused, and smaller ones still work. */
static void limit_memory(void) {
    gan_dataset *dataset = small_dataset();
    gan_options *options = small_options(1);
    gan_trainer *trainer = POISON;
    struct rlimit limit = {(rlim_t)6 << 30, (rlim_t)6 << 30};
    CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
    CHECK_OK(gan_options_set(options, "generator.hidden", "65536,65536,65536"));
    CHECK_FAILS(gan_trainer_create(options, dataset, &trainer), GAN_E_OUT_OF_MEMORY, "memory");
    CHECK_OK(gan_options_set(options, "generator.hidden", "64"));
    CHECK_OK(gan_options_set(options, "discriminator.hidden", "65536,30000"));
    CHECK_FAILS(gan_trainer_create(options, dataset, &trainer), GAN_E_OUT_OF_MEMORY, "memory");
    CHECK(trainer == POISON);
    CHECK_OK(gan_options_set(options, "discriminator.hidden", "64"));
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    CHECK_OK(gan_trainer_step(trainer, 1));
    gan_trainer_destroy(trainer);
    gan_options_destroy(options);
    gan_dataset_destroy(dataset);
}

static void memory_that_is_not_there_is_a_status(void) { judge(in_child(limit_memory, 60), "a limit on memory"); }

/* The system would promise this memory and kill the process that fills it. */
static void a_network_larger_than_the_machine_is_a_status(void) {
    gan_dataset *dataset = small_dataset();
    gan_options *options = small_options(1);
    gan_trainer *trainer = POISON;
    char layers[64 * 6 + 1] = "65536";
    int layer;
    for (layer = 1; layer < 64; layer++) strcat(layers, ",65536");
    CHECK_OK(gan_options_set(options, "generator.hidden", layers));
    CHECK_FAILS(gan_trainer_create(options, dataset, &trainer), GAN_E_OUT_OF_MEMORY, "available");
    CHECK(trainer == POISON);
    gan_options_destroy(options);
    gan_dataset_destroy(dataset);
}

static int open_files(void) {
    int file, number = 0;
    for (file = 0; file < 256; file++) number += fcntl(file, F_GETFD) >= 0;
    return number;
}

static void no_file_stays_open(void) {
    char path[192];
    gan_trainer *trainer = small_trainer(1);
    gan_generator *generator = NULL;
    gan_dataset *dataset = NULL;
    int before = open_files(), i;
    snprintf(path, sizeof path, "%s", scratch("open"));
    for (i = 0; i < 5; i++) {
        CHECK_OK(gan_trainer_save(trainer, path));
        CHECK_OK(gan_generator_load(path, &generator));
        gan_generator_destroy(generator);
        CHECK(gan_dataset_open(path, NULL, &dataset) == GAN_E_BAD_FORMAT);
        CHECK(gan_trainer_save(trainer, "/no/such/folder/x") == GAN_E_NOT_FOUND);
    }
    CHECK(open_files() == before);
    gan_trainer_destroy(trainer);
}

/* Whether a signal is as a process inherits it: with its default, or ignored (as a shell's background jobs ignore
 * SIGINT), but with no handler. */
static int has_no_handler(int signal) {
    struct sigaction action;
    return sigaction(signal, NULL, &action) == 0 && (action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN);
}

static void the_host_keeps_its_settings(void) {
    sigset_t mask;
    gan_trainer *trainer = small_trainer(2);
    CHECK_OK(gan_trainer_step(trainer, 2));
    gan_trainer_destroy(trainer);
    CHECK(has_no_handler(SIGPIPE));
    CHECK(has_no_handler(SIGINT));
    CHECK(has_no_handler(SIGSEGV));
    CHECK(pthread_sigmask(SIG_SETMASK, NULL, &mask) == 0 && !sigismember(&mask, SIGPIPE));
}

int main(void) {
    RUN(the_host_keeps_its_settings);
    RUN(a_full_device_is_reported);
    RUN(the_earlier_checkpoint_survives_a_full_disk);
    RUN(a_limit_on_files_is_a_status);
    RUN(a_broken_pipe_is_a_status);
    RUN(what_may_not_be_read_or_written_is_refused);
    RUN(the_library_works_in_a_forked_child);
    RUN(a_small_stack_is_enough);
    RUN(memory_that_is_not_there_is_a_status);
    RUN(a_network_larger_than_the_machine_is_a_status);
    RUN(no_file_stays_open);
    return FINISH("host");
}
