/* A call of the contract, from its first instruction to its last: what of the host's thread is set aside meanwhile. */
#ifndef GAN_CALL_H
#define GAN_CALL_H

#include <stdint.h>

/* The library exports what begins with gan_; these are not for its users. */
#pragma GCC visibility push(hidden)

/* The floating-point environment of a thread: rounding, exceptions that trap, flags. */
typedef struct gan_float_environment {
    uint64_t control, status;   /* x86: MXCSR, with its flags, in control; arm64: FPCR and FPSR */
    uint16_t x87_control, x87_status;
} gan_float_environment;

/* A call in progress; it lies on the caller's stack, between gan_call_enter and gan_call_leave. */
typedef struct gan_call {
    struct gan_call *outer;         /* the call whose callback made this one */
    gan_float_environment host;     /* what the host computes in */
    int32_t is_brief;               /* whether it was begun by gan_call_enter_briefly */
    int32_t cancelling;             /* what the host had: the cancel state, or in a brief call the cancel type */
    int32_t parked;                 /* outside of the library's own code: fork need not wait for it */
    int32_t memory_was_short;       /* the reserve was touched: see GanMemory.h */
} gan_call;

/* Begins a call: the thread computes as every other (round to nearest, nothing traps, denormals are numbers), it cannot be
 * cancelled (pthread_cancel takes effect once the call has returned), and a fork() of another thread waits for it. */
void gan_call_enter(gan_call *call);
/* The same for a call that reads no file, waits for nobody and calls no function of the host's: the thread could not be cancelled
 * in it anyway, as long as it is not cancelled asynchronously. That saves a third of such a call's time. */
void gan_call_enter_briefly(gan_call *call);
/* Ends it: everything of the host's is as it was. */
void gan_call_leave(gan_call *call);

/* Around each call of a function of the host's: it runs in the host's floating-point environment, which it may change, and fork()
 * does not wait for it. Cancellation stays put off, for the frames of the library between cannot be unwound. Outside of a call
 * they do nothing. */
void gan_host_begin(void);
void gan_host_end(void);

/* Around work that takes long, holds no lock, and touches nothing but numbers: fork() does not wait for it. */
void gan_park(void);
void gan_unpark(void);

/* A number of the calling thread, never 0, that no other thread of this process or of its parents has or had. */
uint64_t gan_thread(void);
/* Whether the thread of that number is in this process: after fork() only the one that called it is. */
int32_t gan_thread_lives(uint64_t thread);

/* Bytes of stack that the calling thread has left; SIZE_MAX where nobody knows (the first thread's grows, and a coroutine's is none
 * of the thread's). */
uintptr_t gan_stack_left(void);

/* A lock, held for moments, that is free in a child of fork() whatever its parent's threads did. */
void gan_lock(void);
void gan_unlock(void);

#pragma GCC visibility pop

#endif
