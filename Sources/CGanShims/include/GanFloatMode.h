/* The floating-point mode that kernels run in, which is not the host's business and must not depend on it. */
#ifndef GAN_FLOAT_MODE_H
#define GAN_FLOAT_MODE_H

#include <stdint.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

/* Enters the mode and returns what was before: round to nearest, no traps (a host may have asked for some), and numbers
 * below 2^-126 taken as zero. Moments of parameters that no longer matter decay into that range and stay there, where every
 * operation costs the processor a hundred cycles. */
static inline uint64_t gan_enter_float_mode(void) {
#if defined(__x86_64__)
    uint64_t before = _mm_getcsr();
    _mm_setcsr(0x1f80u | 0x8040u); /* all exceptions masked; flush to zero, denormals are zero */
    return before;
#elif defined(__aarch64__)
    uint64_t before, wanted = (uint64_t)1 << 24; /* FPCR.FZ alone */
    __asm__ volatile("mrs %0, fpcr" : "=r"(before));
    __asm__ volatile("msr fpcr, %0" : : "r"(wanted));
    return before;
#else
    return 0;
#endif
}

static inline void gan_leave_float_mode(uint64_t before) {
#if defined(__x86_64__)
    _mm_setcsr((unsigned)before);
#elif defined(__aarch64__)
    __asm__ volatile("msr fpcr, %0" : : "r"(before));
#else
    (void)before;
#endif
}

#endif
