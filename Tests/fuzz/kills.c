/* The part "kills": a process that saves is killed at a random moment. The file is the old one or the new one, whole, and what
 * the dead process left the next writer takes away. */
#include "fuzz.h"

#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>

enum { KILLS = 25, WAYS = 4 };

static const char *const names[WAYS] = {"saved/a.safetensors", "saved/a.png", "saved/a.idx", "saved/a.npy"};

/* Two states of everything, of different sizes, so that a file that is neither is seen. */
static gan_trainer *trainers[2];
static gan_sampler *samplers[2];
static Bytes expected[WAYS][2];

static int32_t save(int way, int state, const char *path) {
    switch (way) {
    case 0: return gan_trainer_save(trainers[state], path);
    case 1: return gan_sampler_write_png(samplers[state], 7, 0, 40 + state, 8, 2, 3, path);
    case 2: return gan_sampler_write_idx(samplers[state], 7, 0, 2000 + state, path);
    default: return gan_sampler_write_npy(samplers[state], 7, 0, 2000 + state, path);
    }
}

/* In a process of its own that looks into the folder for the first time, as each does once a minute. */
static void save_elsewhere(int way) {
    int status;
    pid_t child = fork();
    if (child < 0) FAULT("fork: %s", strerror(errno));
    if (child == 0) _exit(save(way, 0, names[way]) != GAN_OK);
    waitpid(child, &status, 0);
    if (status != 0) FAULT("saving failed");
}

static int same(Bytes a, Bytes b) { return a.bytes != NULL && a.size == b.size && memcmp(a.bytes, b.bytes, a.size) == 0; }

/* How many files there are besides those with the names. */
static int left_behind(void) {
    DIR *folder = opendir("saved");
    struct dirent *entry;
    int count = 0, way, is_known;
    if (folder == NULL) FAULT("saved: %s", strerror(errno));
    while ((entry = readdir(folder)) != NULL) {
        is_known = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
        for (way = 0; way < WAYS; way++) is_known |= strcmp(entry->d_name, names[way] + 6) == 0;
        if (!is_known) trace("    left: %s", entry->d_name);
        count += !is_known;
    }
    closedir(folder);
    return count;
}

static void prepare(void) {
    int way, state;
    mkdir("saved", 0777);
    for (state = 0; state < 2; state++) {
        gan_generator *generator = NULL;
        trainers[state] = small_trainer();
        DEMAND(CALL(gan_trainer_step, trainers[state], 3 + 9 * state) == GAN_OK);
        DEMAND(CALL(gan_trainer_generator, trainers[state], &generator) == GAN_OK);
        DEMAND(CALL(gan_sampler_create, generator, NULL, &samplers[state]) == GAN_OK);
        DESTROY(gan_generator_destroy, generator);
        for (way = 0; way < WAYS; way++) {
            /* Not in the folder of the kills, so that the processes that are killed are the first there. */
            DEMAND(CALL(save, way, state, "expected") == GAN_OK);
            expected[way][state] = read_whole("expected");
            if (state == 0) write_whole(names[way], expected[way][state]);
            DEMAND(expected[way][state].bytes != NULL);
        }
    }
    for (way = 0; way < WAYS; way++) DEMAND(!same(expected[way][0], expected[way][1]));
}

static void kill_one(int way) {
    int64_t patience = one_of(chance(50) ? 3000 : 20000);
    int status;
    Bytes found;
    pid_t child = fork();
    if (child < 0) FAULT("fork: %s", strerror(errno));
    if (child == 0) {
        int state;
        forget_printing();
        for (state = 0;; state ^= 1)
            if (save(way, state, names[way]) != GAN_OK) _exit(1);
    }
    usleep((useconds_t)patience);
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    if (!WIFSIGNALED(status)) FAULT("saving failed before the kill, with exit code %d", WEXITSTATUS(status));
    found = read_whole(names[way]);
    if (!same(found, expected[way][0]) && !same(found, expected[way][1]))
        FAULT("%s is neither the old nor the new file after a kill in %lld µs: %zu bytes", names[way], (long long)patience, found.size);
    free(found.bytes);
}

void case_of_kills(void) {
    int i, way, state, leftovers = 0;
    prepare();
    for (i = 0; i < KILLS; i++) {
        way = (int)one_of(WAYS);
        kill_one(way);
        leftovers += left_behind() > 0;
        if (left_behind() > 1) FAULT("more than one file was left behind");
        if (chance(30)) {
            save_elsewhere((int)one_of(WAYS));
            if (left_behind() > 0) FAULT("what a killed process left is still there after the next save");
        }
    }
    trace("    %d of %d kills left a file", leftovers, KILLS);
    save_elsewhere(0);
    DEMAND(left_behind() == 0);
    for (state = 0; state < 2; state++) {
        DESTROY(gan_sampler_destroy, samplers[state]);
        DESTROY(gan_trainer_destroy, trainers[state]);
        for (way = 0; way < WAYS; way++) free(expected[way][state].bytes);
    }
}
