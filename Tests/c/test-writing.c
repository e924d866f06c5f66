/* test-writing: every function that writes a file: what becomes of the file that was there, on file systems that refuse
 * what others do; and whether saving is known to succeed before it must.
 *
 * The system's calls are this program's own here, so that they fail when a test wants it.
 */
#include "check.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>

/* ----------------------------------------------------------------------------------------- Calls that can be made to fail */

static int folder_sync_fails, file_sync_fails, lock_fails, rename_fails; /* error numbers */

int fsync(int descriptor) {
    static int (*real)(int);
    struct stat information;
    int wanted;
    if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, "fsync");
    wanted = fstat(descriptor, &information) == 0 && S_ISDIR(information.st_mode) ? folder_sync_fails : file_sync_fails;
    if (wanted == 0) return real(descriptor);
    errno = wanted;
    return -1;
}

int flock(int descriptor, int operation) {
    static int (*real)(int, int);
    if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, "flock");
    if (lock_fails == 0) return real(descriptor, operation);
    errno = lock_fails;
    return -1;
}

int renameat(int folder, const char *from, int other, const char *to) {
    static int (*real)(int, const char *, int, const char *);
    if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, "renameat");
    if (rename_fails == 0) return real(folder, from, other, to);
    errno = rename_fails;
    return -1;
}

/* ---------------------------------------------------------------------------------------------- Everything that writes */

static gan_trainer *trainer;
static gan_generator *generator;
static gan_sampler *sampler;

static int32_t save_trainer(const char *path) { return gan_trainer_save(trainer, path); }
static int32_t save_generator(const char *path) { return gan_generator_save(generator, path); }
static int32_t write_samples_png(const char *path) { return gan_sampler_write_png(sampler, 1, 0, 20, 5, 1, 2, path); }
static int32_t write_samples_idx(const char *path) { return gan_sampler_write_idx(sampler, 1, 0, 20, path); }
static int32_t write_samples_npy(const char *path) { return gan_sampler_write_npy(sampler, 1, 0, 20, path); }
static int32_t write_image_png(const char *path) {
    uint8_t pixels[IMAGES * PIXELS];
    small_pixels(pixels);
    return gan_image_write_png(pixels, IMAGES, SIDE, SIDE, 1, 10, 1, 1, path);
}

typedef int32_t (*writer)(const char *path);
static const writer writers[] = {save_trainer, save_generator, write_samples_png, write_samples_idx, write_samples_npy, write_image_png};
enum { WRITERS = sizeof writers / sizeof writers[0] };

static void prepare(void) {
    trainer = small_trainer(1);
    CHECK_OK(gan_trainer_step(trainer, 3));
    CHECK_OK(gan_trainer_generator(trainer, &generator));
    CHECK_OK(gan_sampler_create(generator, NULL, &sampler));
}

static int names_beginning_with(const char *start) {
    DIR *folder = opendir(scratch_folder);
    struct dirent *entry;
    int count = 0;
    if (folder == NULL) return -1;
    while ((entry = readdir(folder)) != NULL) count += strncmp(entry->d_name, start, strlen(start)) == 0;
    closedir(folder);
    return count;
}

static int holds(const char *path, const char *text) {
    size_t size = 0;
    uint8_t *bytes = read_file(path, &size);
    int same = bytes != NULL && size == strlen(text) && memcmp(bytes, text, size) == 0;
    free(bytes);
    return same;
}

/* ----------------------------------------------------------------------------------------------------- What stays */

static void mode_owner_and_links_stay(void) {
    int i;
    for (i = 0; i < WRITERS; i++) {
        const char *path = scratch("kept"), *link = scratch("link");
        struct stat before, after;
        write_file(path, "old", 3);
        CHECK(chmod(path, 0600) == 0);
        if (geteuid() == 0) CHECK(chown(path, 1234, 5678) == 0);
        CHECK(symlink("kept", link) == 0 && stat(path, &before) == 0);
        CHECK_OK(writers[i](link));
        CHECK(stat(path, &after) == 0 && after.st_size > 50);
        CHECK(after.st_mode == before.st_mode && after.st_uid == before.st_uid && after.st_gid == before.st_gid);
        CHECK(lstat(link, &after) == 0 && S_ISLNK(after.st_mode));
        unlink(link);
        unlink(path);
    }
    CHECK(names_beginning_with(".gan") == 0);
}

static void a_folder_that_cannot_be_synced_is_no_failure(void) {
    static const int numbers[] = {EIO, EINVAL, EACCES, EBADF, ENOTSUP};
    int i, k;
    for (k = 0; k < 5; k++) {
        for (i = 0; i < WRITERS; i++) {
            folder_sync_fails = numbers[k];
            CHECK_OK(writers[i](scratch("there")));
            folder_sync_fails = 0;
            CHECK(access(scratch("there"), R_OK) == 0);
            unlink(scratch("there"));
        }
    }
}

static void a_file_that_cannot_be_synced_is_one(void) {
    static const int numbers[] = {EIO, ENOSPC, EDQUOT}, harmless[] = {EINVAL, ENOSYS, ENOTSUP};
    int i, k;
    for (k = 0; k < 3; k++) {
        for (i = 0; i < WRITERS; i++) {
            const char *path = scratch("there");
            write_file(path, "old", 3);
            file_sync_fails = numbers[k];
            CHECK_FAILS(writers[i](path), numbers[k] == EIO ? GAN_E_IO : GAN_E_NO_SPACE, path);
            CHECK(holds(path, "old"));
            file_sync_fails = harmless[k]; /* a file system that does not sync */
            CHECK_OK(writers[i](path));
            file_sync_fails = 0;
        }
    }
    CHECK(names_beginning_with(".gan") == 0);
}

static void what_cannot_be_renamed_onto_is_overwritten(void) {
    static const int numbers[] = {EBUSY, EXDEV, EPERM, EACCES};
    int i, k;
    for (k = 0; k < 4; k++) {
        for (i = 0; i < WRITERS; i++) {
            const char *path = scratch("mounted"), *plain = scratch("plain");
            struct stat before, after;
            static uint8_t longer[1 << 16];
            write_file(path, longer, i % 2 ? sizeof longer : 3);
            CHECK(stat(path, &before) == 0);
            CHECK_OK(writers[i](plain));
            rename_fails = numbers[k];
            CHECK_OK(writers[i](path));
            rename_fails = 0;
            CHECK(same_files(path, plain));
            CHECK(stat(path, &after) == 0 && after.st_ino == before.st_ino);
        }
    }
    unlink(scratch("mounted"));
    rename_fails = EBUSY; /* and one that is not there cannot be overwritten */
    CHECK_FAILS(save_trainer(scratch("mounted")), GAN_E_IO, "mounted");
    rename_fails = EIO;
    write_file(scratch("there"), "old", 3);
    CHECK_FAILS(save_trainer(scratch("there")), GAN_E_IO, "there");
    rename_fails = 0;
    CHECK(holds(scratch("there"), "old") && access(scratch("mounted"), F_OK) != 0 && names_beginning_with(".gan") == 0);
}

static void without_locks_files_are_written_and_nothing_is_taken_away(void) {
    mkdir(scratch("without locks"), 0700);
    write_file(scratch("without locks/.gan-new-00112233445566ff.tmp"), "somebody's", 10);
    lock_fails = ENOLCK;
    CHECK_OK(save_trainer(scratch("without locks/m")));
    lock_fails = 0;
    CHECK(access(scratch("without locks/m"), R_OK) == 0);
    CHECK(access(scratch("without locks/.gan-new-00112233445566ff.tmp"), R_OK) == 0);
}

/* A process that is killed while it saves leaves a file, and the next that saves there takes it away; but not that of one
 * that is still at it. */
static void what_a_kill_left_is_taken_away(void) {
    int killed;
    for (killed = 0; killed < 2; killed++) {
        const char *folder = scratch(killed ? "killed" : "live");
        char path[256];
        int ready[2], status, found = 0;
        struct dirent *entry;
        pid_t child, next;
        DIR *list;
        CHECK(mkdir(folder, 0700) == 0 && pipe(ready) == 0);
        child = fork();
        if (child == 0) { /* as a saving process is, for as long as it lasts: it holds the lock on its temporary file */
            char name[256];
            int descriptor;
            snprintf(name, sizeof name, "%s/.gan-new-0123456789abcdef.tmp", folder);
            descriptor = open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
            if (descriptor < 0 || flock(descriptor, LOCK_EX | LOCK_NB) != 0 || write(ready[1], name, 1) != 1) _exit(1);
            for (;;) pause();
        }
        close(ready[1]);
        CHECK(read(ready[0], path, 1) == 1);
        snprintf(path, sizeof path, "%s/m", folder);
        if (killed) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
        }
        next = fork(); /* another process, which has not looked into that folder yet */
        if (next == 0) _exit(save_trainer(path) == GAN_OK ? 0 : 1);
        CHECK(waitpid(next, &status, 0) == next && WIFEXITED(status) && WEXITSTATUS(status) == 0);
        list = opendir(folder);
        while (list != NULL && (entry = readdir(list)) != NULL) found += strncmp(entry->d_name, ".gan", 4) == 0;
        if (list != NULL) closedir(list);
        CHECK(found == (killed ? 0 : 1));
        if (!killed) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
        }
        close(ready[0]);
    }
}

/* A limit for files is a full disk, and no signal. */
static void a_limit_for_files_is_told(void) {
    int i;
    for (i = 0; i < WRITERS; i++) {
        const char *path = scratch("limited");
        int status;
        pid_t child;
        write_file(path, "old", 3);
        child = fork();
        if (child == 0) {
            struct rlimit limit = {60, 60};
            signal(SIGXFSZ, SIG_DFL);
            setrlimit(RLIMIT_FSIZE, &limit);
            if (writers[i](path) != GAN_E_NO_SPACE) _exit(1);
            if (strstr(gan_error_message(), path) == NULL) _exit(2);
            _exit(i == 0 && gan_trainer_check_save(trainer, path) != GAN_E_NO_SPACE ? 3 : 0);
        }
        CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
        CHECK(holds(path, "old") && names_beginning_with(".gan") == 0);
    }
}

/* In a host that has closed them, no file gets the number of a standard stream, and then the host's messages. */
static void closed_standard_streams_stay_closed(void) {
    int status;
    pid_t child = fork();
    if (child == 0) {
        int i;
        close(0);
        close(1);
        close(2);
        for (i = 0; i < WRITERS; i++)
            if (writers[i](scratch("closed")) != GAN_OK) _exit(1);
        _exit(fcntl(0, F_GETFD) == -1 && fcntl(1, F_GETFD) == -1 && fcntl(2, F_GETFD) == -1 ? 0 : 2);
    }
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* -------------------------------------------------------------------------------------------------- Known beforehand */

static void a_check_leaves_everything_as_it_was(void) {
    const char *path = scratch("checked");
    CHECK_OK(gan_trainer_check_save(trainer, path));
    CHECK(access(path, F_OK) != 0);
    write_file(path, "old", 3);
    CHECK_OK(gan_trainer_check_save(trainer, path));
    CHECK(holds(path, "old"));
    CHECK(names_beginning_with(".gan") == 0);
    /* Nothing goes to a device, and nobody waits for a pipe's reader. */
    CHECK_OK(gan_trainer_check_save(trainer, "/dev/null"));
    if (access("/dev/full", W_OK) == 0) CHECK_OK(gan_trainer_check_save(trainer, "/dev/full"));
    CHECK(mkfifo(scratch("fifo"), 0600) == 0);
    CHECK_OK(gan_trainer_check_save(trainer, scratch("fifo")));
}

static void a_check_finds_what_saving_would(void) {
    const char *path = scratch("checked");
    CHECK_FAILS(gan_trainer_check_save(trainer, "/no/such/folder/x"), GAN_E_NOT_FOUND, "/no/such/folder");
    CHECK_FAILS(gan_trainer_check_save(trainer, scratch_folder), GAN_E_IO, "folder");
    CHECK_FAILS(gan_trainer_check_save(trainer, ""), GAN_E_INVALID_ARGUMENT, "path");
    CHECK_FAILS(gan_trainer_check_save(trainer, NULL), GAN_E_INVALID_ARGUMENT, "path");
    CHECK_FAILS(gan_trainer_check_save(NULL, path), GAN_E_INVALID_ARGUMENT, "trainer");
    CHECK_FAILS(gan_trainer_check_save((gan_trainer *)sampler, path), GAN_E_INVALID_HANDLE, "trainer");
    file_sync_fails = ENOSPC;
    CHECK_FAILS(gan_trainer_check_save(trainer, path), GAN_E_NO_SPACE, path);
    file_sync_fails = 0;
    if (geteuid() != 0) return;
    CHECK(chmod(scratch_folder, 0777) == 0);
    write_file(path, "old", 3);
    CHECK(chmod(path, 0222) == 0 && seteuid(65534) == 0);
    CHECK_FAILS(gan_trainer_check_save(trainer, path), GAN_E_ACCESS, "not read again");
    CHECK(seteuid(0) == 0 && chmod(path, 0444) == 0 && seteuid(65534) == 0);
    CHECK_FAILS(gan_trainer_check_save(trainer, path), GAN_E_ACCESS, path);
    CHECK_FAILS(gan_trainer_save(trainer, path), GAN_E_ACCESS, path);
    CHECK(seteuid(0) == 0);
    CHECK(holds(path, "old") && names_beginning_with(".gan") == 0);
}

static int32_t check_inside(void *context, gan_trainer *now, int32_t event) {
    (void)event;
    *(int32_t *)context = gan_trainer_check_save(now, scratch("inside"));
    return 0;
}

static void a_check_may_be_made_in_a_callback(void) {
    int32_t status = GAN_E_INTERNAL;
    CHECK_OK(gan_trainer_run(trainer, 1, check_inside, &status));
    CHECK(status == GAN_OK && access(scratch("inside"), F_OK) != 0);
}

int main(void) {
    prepare();
    RUN(mode_owner_and_links_stay);
    RUN(a_folder_that_cannot_be_synced_is_no_failure);
    RUN(a_file_that_cannot_be_synced_is_one);
    RUN(what_cannot_be_renamed_onto_is_overwritten);
    RUN(without_locks_files_are_written_and_nothing_is_taken_away);
    RUN(what_a_kill_left_is_taken_away);
    RUN(a_limit_for_files_is_told);
    RUN(closed_standard_streams_stay_closed);
    RUN(a_check_leaves_everything_as_it_was);
    RUN(a_check_finds_what_saving_would);
    RUN(a_check_may_be_made_in_a_callback);
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
    gan_trainer_destroy(trainer);
    return FINISH("writing");
}
