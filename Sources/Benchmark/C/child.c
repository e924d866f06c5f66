/* Runs a program and catches what it prints; processor time; folders. */
#define _GNU_SOURCE
#include "CBenchmark.h"

#include <errno.h>
#include <ftw.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

int32_t bench_run(const char *const *arguments, char *output, size_t capacity, uint64_t *started) {
    int ends[2];
    if (pipe(ends) != 0) return -1;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);

    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    *started = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
    pid_t child;
    int failed = posix_spawn(&child, arguments[0], &actions, NULL, (char *const *)arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);

    size_t length = 0;
    while (!failed && length + 1 < capacity) {
        ssize_t count = read(ends[0], output + length, capacity - 1 - length);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        length += (size_t)count;
    }
    output[length] = 0;
    close(ends[0]);
    if (failed) return -1;
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

double bench_processor_seconds(void) {
    double seconds = 0;
    for (int child = 0; child < 2; child++) {
        struct rusage usage;
        if (getrusage(child ? RUSAGE_CHILDREN : RUSAGE_SELF, &usage) != 0) continue;
        seconds += (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec;
        seconds += 1e-6 * ((double)usage.ru_utime.tv_usec + (double)usage.ru_stime.tv_usec);
    }
    return seconds;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void)status, (void)kind, (void)place;
    return remove(path);
}

void bench_remove_folder(const char *path) { nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS); }
