/* Calls, threads and fork. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CHost.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#endif

/* ------------------------------------------------------------------------------------------------- The thread */

/* In the thread's static memory: elsewhere the first look at it on each thread would allocate, and end the process where that fails. */
#if defined(__linux__)
#define STATIC_TLS __attribute__((tls_model("initial-exec")))
#else
#define STATIC_TLS
#endif

static _Thread_local STATIC_TLS struct {
    gan_call *call; /* the innermost */
    uint64_t number;
    uintptr_t stack_low, stack_high; /* both 0: not asked yet */
} here;

static uint64_t last_number;
/* In a child of fork(): threads up to that number were the parents', and of them the survivor alone is here. */
static uint64_t left_behind, survivor;

uint64_t gan_thread(void) {
    if (here.number == 0) here.number = __atomic_add_fetch(&last_number, 1, __ATOMIC_RELAXED);
    return here.number;
}

int32_t gan_thread_lives(uint64_t thread) { return thread > left_behind || thread == survivor; }

/* ------------------------------------------------------------------------------------------------- The stack */

static void find_stack(void) {
    here.stack_high = UINTPTR_MAX; /* unknown */
#if defined(__linux__)
    /* The first thread's stack grows, and the kernel says where it ends. */
    if (syscall(SYS_gettid) == (long)getpid()) return;
    int saved = errno;
    pthread_attr_t attributes;
    void *low;
    size_t size;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        if (pthread_attr_getstack(&attributes, &low, &size) == 0) {
            here.stack_low = (uintptr_t)low;
            here.stack_high = (uintptr_t)low + size;
        }
        pthread_attr_destroy(&attributes);
    }
    errno = saved;
#endif
}

uintptr_t gan_stack_left(void) {
    uintptr_t place = (uintptr_t)__builtin_frame_address(0);
    if (here.stack_high == 0) find_stack();
    if (here.stack_low == 0 || place < here.stack_low || place >= here.stack_high) return UINTPTR_MAX;
    return place - here.stack_low;
}

/* --------------------------------------------------------------------------------------- Floating point */

/* Reads what the thread computes in, and sets round to nearest, nothing traps, denormals are numbers. Where that is so already,
 * as nearly everywhere, nothing is set. */
static void take_over(gan_float_environment *host) {
#if defined(__x86_64__)
    uint32_t control;
    __asm__ volatile("stmxcsr %0" : "=m"(control));
    host->control = control;
    if ((control & ~0x3fu) != 0x1f80u) {
        uint32_t own = 0x1f80u;
        __asm__ volatile("ldmxcsr %0" : : "m"(own));
    }
    __asm__ volatile("fnstcw %0" : "=m"(host->x87_control));
    __asm__ volatile("fnstsw %0" : "=m"(host->x87_status));
    if ((host->x87_control & 0x1f3fu) != 0x033fu) {
        uint16_t own = 0x037f;
        __asm__ volatile("fnclex\n\tfldcw %0" : : "m"(own));
    }
#elif defined(__aarch64__)
    uint64_t own = 0;
    __asm__ volatile("mrs %0, fpcr" : "=r"(host->control));
    __asm__ volatile("mrs %0, fpsr" : "=r"(host->status));
    if (host->control != 0) __asm__ volatile("msr fpcr, %0" : : "r"(own));
#else
    (void)host;
#endif
}

/* The other way round; flags that were raised meanwhile are no business of the host's, and trap if it wants traps. */
static void give_back(const gan_float_environment *host) {
#if defined(__x86_64__)
    uint32_t control;
    uint16_t x87_control, x87_status;
    __asm__ volatile("stmxcsr %0" : "=m"(control));
    if (control != (uint32_t)host->control) {
        control = (uint32_t)host->control;
        __asm__ volatile("ldmxcsr %0" : : "m"(control));
    }
    __asm__ volatile("fnstcw %0" : "=m"(x87_control));
    __asm__ volatile("fnstsw %0" : "=m"(x87_status));
    if (x87_control != host->x87_control || ((x87_status ^ host->x87_status) & 0xff) != 0) {
        struct {
            uint16_t control, unused, status, rest[11];
        } environment;
        __asm__ volatile("fnstenv %0" : "=m"(environment));
        environment.control = host->x87_control;
        environment.status = (uint16_t)((environment.status & 0x7f00) | (host->x87_status & 0xff));
        __asm__ volatile("fldenv %0" : : "m"(environment));
    }
#elif defined(__aarch64__)
    uint64_t control;
    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    if (control != host->control) __asm__ volatile("msr fpcr, %0" : : "r"(host->control));
    __asm__ volatile("msr fpsr, %0" : : "r"(host->status));
#else
    (void)host;
#endif
}

/* ------------------------------------------------------------------------------------------------- The lock */

/* Every call takes it once or twice, for some ten instructions, so it is a word: a mutex costs an atomic operation more when it is
 * given back. Who finds it taken for longer sleeps, since its owner may be waiting for this very processor. */
static uint32_t lock;

static void pause_processor(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* Where a thread cannot be cancelled, unlike nanosleep. */
static void sleep_for(const struct timespec *time) {
#if defined(__linux__)
    syscall(SYS_nanosleep, time, (void *)0);
#else
    nanosleep(time, (struct timespec *)0);
#endif
}

static __attribute__((noinline)) void wait_for_lock(void) {
    const struct timespec moment = {0, 20000};
    int saved = errno;
    unsigned tries = 0;
    do {
        for (; __atomic_load_n(&lock, __ATOMIC_RELAXED) != 0; tries++) {
            if (tries < 100) pause_processor();
            else if (tries < 110) sched_yield();
            else sleep_for(&moment);
        }
    } while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE) != 0);
    errno = saved;
}

void gan_lock(void) {
    if (__builtin_expect(__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE) != 0, 0)) wait_for_lock();
}

void gan_unlock(void) { __atomic_store_n(&lock, 0, __ATOMIC_RELEASE); }

/* ------------------------------------------------------------------------------------------------- Fork */

/* Swift's runtime has locks that only it knows, and initialises what is global when it is first used. A child of fork() that
 * finds one of them held by a thread that it has not would wait for ever. So fork() waits, here, until no other thread is in the
 * library's own code: each call counts itself in, and out again where it runs kernels, calls the host or has returned. */
static uint32_t inside;  /* calls that fork() must wait for */
static uint32_t forking; /* 1 while somebody forks: nobody comes in */
static uint64_t forker;  /* who does */
static pthread_mutex_t fork_turn = PTHREAD_MUTEX_INITIALIZER;
static int held; /* whether fork() holds the locks below */

/* What is waited for at most: a call that reads from a pipe, say, may wait for the very process that is to be forked. */
enum { LONGEST_WAIT_IN_MILLISECONDS = 1000 };

static void sleep_while(uint32_t *word, uint32_t expected, const struct timespec *most) {
#if defined(__linux__)
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, most, (void *)0, 0);
#else
    struct timespec pause = {0, 100000};
    (void)word, (void)expected, (void)most;
    nanosleep(&pause, (struct timespec *)0);
#endif
}

static void wake(uint32_t *word) {
#if defined(__linux__)
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, (void *)0, (void *)0, 0);
#else
    (void)word;
#endif
}

static void go_out(void) {
    __atomic_sub_fetch(&inside, 1, __ATOMIC_SEQ_CST);
    if (__builtin_expect(__atomic_load_n(&forking, __ATOMIC_SEQ_CST) != 0, 0)) {
        int saved = errno;
        wake(&inside);
        errno = saved;
    }
}

static void come_in(void) {
    for (;;) {
        __atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST);
        if (__builtin_expect(__atomic_load_n(&forking, __ATOMIC_SEQ_CST) == 0, 1)) return;
        /* The host's own handlers may call while it forks. */
        if (__atomic_load_n(&forker, __ATOMIC_RELAXED) == gan_thread()) return;
        int saved = errno;
        go_out();
        sleep_while(&forking, 1, (const struct timespec *)0);
        errno = saved;
    }
}

static void before_fork(void) {
    struct timespec start, now;
    const struct timespec moment = {0, 10000000};
    int saved = errno;
    pthread_mutex_lock(&fork_turn);
    __atomic_store_n(&forker, gan_thread(), __ATOMIC_RELAXED);
    __atomic_store_n(&forking, 1, __ATOMIC_SEQ_CST);
    uint32_t own = here.call != 0 && !here.call->parked;
    held = 0;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (;;) {
        uint32_t others = __atomic_load_n(&inside, __ATOMIC_SEQ_CST);
        if (others <= own) break;
        sleep_while(&inside, others, &moment);
        clock_gettime(CLOCK_MONOTONIC, &now);
        if ((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000 >= LONGEST_WAIT_IN_MILLISECONDS) {
            /* Somebody is still there: at least what is ours is whole in the child. */
            if (own == 0) {
                gan_lock();
                gan_reserve_lock();
                held = 1;
            }
            break;
        }
    }
    errno = saved;
}

static void open_again(void) {
    __atomic_store_n(&forker, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&forking, 0, __ATOMIC_SEQ_CST);
}

static void after_fork_in_parent(void) {
    int saved = errno;
    if (held) {
        gan_reserve_unlock();
        gan_unlock();
    }
    open_again();
    wake(&forking);
    pthread_mutex_unlock(&fork_turn);
    errno = saved;
}

static void after_fork_in_child(void) {
    survivor = gan_thread();
    left_behind = last_number;
    inside = here.call != 0 && !here.call->parked;
    gan_unlock();
    pthread_mutex_init(&fork_turn, (const pthread_mutexattr_t *)0);
    gan_reserve_unlock_in_child();
    open_again();
}

__attribute__((constructor)) static void watch_forks(void) {
    (void)pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}


/* ------------------------------------------------------------------------------------------------- Calls */

static void enter(gan_call *call) {
    come_in();
    call->parked = 0;
    call->memory_was_short = 0;
    call->outer = here.call;
    here.call = call;
    take_over(&call->host);
}

void gan_call_enter(gan_call *call) {
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &call->cancelling);
    call->is_brief = 0;
    enter(call);
}

/* To change the state takes two atomic operations, and to find the type as it is nearly everywhere none. */
void gan_call_enter_briefly(gan_call *call) {
    pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &call->cancelling);
    call->is_brief = 1;
    enter(call);
}

void gan_call_leave(gan_call *call) {
    give_back(&call->host);
    here.call = call->outer;
    go_out();
    if (!call->is_brief) pthread_setcancelstate(call->cancelling, (int *)0);
    else if (call->cancelling != PTHREAD_CANCEL_DEFERRED) pthread_setcanceltype(call->cancelling, (int *)0);
}

void gan_host_begin(void) {
    if (here.call == 0) return;
    gan_park();
    give_back(&here.call->host);
}

void gan_host_end(void) {
    if (here.call == 0) return;
    take_over(&here.call->host);
    gan_unpark();
}

void gan_park(void) {
    if (here.call == 0 || here.call->parked++ > 0) return;
    go_out();
}

void gan_unpark(void) {
    if (here.call == 0 || --here.call->parked > 0) return;
    /* Not before: a fork() that counts this call is over once it is in. */
    come_in();
}

void gan_memory_became_short(void) {
    if (here.call != 0) here.call->memory_was_short = 1;
}

int32_t gan_memory_is_short(void) { return here.call != 0 && here.call->memory_was_short; }
