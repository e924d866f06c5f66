/* How threads wait for each other: atomic words, a pause between two looks at one, and sleep until one changes. */
#ifndef GAN_THREADS_H
#define GAN_THREADS_H

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <linux/futex.h>
#include <malloc.h>
#include <sys/syscall.h>
#endif

static inline uint32_t gan_atomic_load(const uint32_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }
/* Sequentially consistent: followed by a load of another word, the two keep their order. */
static inline void gan_atomic_store(uint32_t *word, uint32_t value) { __atomic_store_n(word, value, __ATOMIC_SEQ_CST); }
static inline uint32_t gan_atomic_add(uint32_t *word, uint32_t value) { return __atomic_add_fetch(word, value, __ATOMIC_SEQ_CST); }
static inline uint32_t gan_atomic_load_ordered(const uint32_t *word) { return __atomic_load_n(word, __ATOMIC_SEQ_CST); }

/* Asks for a line of memory that will be read soon; any address will do. */
static inline void gan_prefetch(const void *address) { __builtin_prefetch(address); }

/* Tells the processor that this is a spinning loop. */
static inline void gan_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* Lets another thread that could run on this processor do so. */
static inline void gan_yield(void) { sched_yield(); }

/* A clock for bounding a spin, in nanoseconds. */
static inline uint64_t gan_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Sleeps until `word` is no longer `expected`, or for no reason at all: the caller looks again. */
static inline void gan_sleep_while(const uint32_t *word, uint32_t expected) {
#if defined(__linux__)
    int saved = errno;
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, (void *)0, (void *)0, 0);
    errno = saved;
#else
    /* Where there is no such call in every version of the system: looks, first after 50 microseconds and then more and more
     * rarely, down to once a millisecond, so that an idle team costs little. */
    int saved = errno;
    struct timespec pause = {0, 50000};
    while (__atomic_load_n(word, __ATOMIC_ACQUIRE) == expected) {
        nanosleep(&pause, (struct timespec *)0);
        if (pause.tv_nsec < 800000) pause.tv_nsec *= 2;
        else pause.tv_nsec = 1000000;
    }
    errno = saved;
#endif
}

/* Wakes every thread that sleeps on `word`. */
static inline void gan_wake_all(uint32_t *word) {
#if defined(__linux__)
    int saved = errno;
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, (void *)0, (void *)0, 0);
    errno = saved;
#else
    (void)word;
#endif
}

/* Processors that this thread may run on. */
static inline int32_t gan_processor_count(void) {
#if defined(__linux__)
    unsigned long mask[1024 / sizeof(unsigned long)];
    long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
    int32_t count = 0;
    for (long i = 0; i < bytes / (long)sizeof mask[0]; i++) count += __builtin_popcountl(mask[i]);
    if (count > 0) return count;
#endif
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (int32_t)online : 1;
}

/* Starts a thread with a small stack and with every signal blocked: the host's handlers never run on it. 0 is success. */
static inline int32_t gan_start_thread(uintptr_t *handle, void *(*body)(void *), void *argument) {
    pthread_attr_t attributes;
    sigset_t all, previous;
    pthread_t thread;
    if (pthread_attr_init(&attributes) != 0) return -1;
    pthread_attr_setstacksize(&attributes, 1 << 20);
    sigfillset(&all);
    int masked = pthread_sigmask(SIG_SETMASK, &all, &previous);
    int status = pthread_create(&thread, &attributes, body, argument);
    if (masked == 0) pthread_sigmask(SIG_SETMASK, &previous, (sigset_t *)0);
    pthread_attr_destroy(&attributes);
    if (status != 0) return -1;
    *handle = (uintptr_t)thread;
    return 0;
}
static inline void gan_join_thread(uintptr_t handle) { pthread_join((pthread_t)handle, (void **)0); }

/* Runs `body` in a child of fork() and returns its result, or -1 when it has not ended after `seconds`. Swift hides fork
 * for good reasons; a test of what happens after one needs it. */
static inline int32_t gan_in_child(int32_t (*body)(void *), void *argument, uint32_t seconds) {
    pid_t child = fork();
    if (child < 0) return -2;
    if (child == 0) {
        alarm(seconds);
        _exit(body(argument));
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return -3;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Bytes that malloc has handed out and not got back, 0 where nobody counts them: for tests that nothing is allocated. */
static inline uint64_t gan_heap_bytes(void) {
#if defined(__GLIBC__) && defined(__GLIBC_PREREQ)
#if __GLIBC_PREREQ(2, 33)
    struct mallinfo2 information = mallinfo2();
    return (uint64_t)information.uordblks + (uint64_t)information.hblkhd;
#endif
#endif
    return 0;
}

/* A number, never 0, that is another one in a child of fork(), which tells it that its threads are gone. It is asked at every
 * call of a team, and asking the system for the process's number takes a tenth of a microsecond. */
#pragma GCC visibility push(hidden)
int32_t gan_process(void);
#pragma GCC visibility pop

#endif
