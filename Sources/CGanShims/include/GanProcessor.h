/* Which instruction sets may be used: the processor must have them and the operating system must save their registers. And how
 * large its caches are. */
#ifndef GAN_PROCESSOR_H
#define GAN_PROCESSOR_H

#include <stdint.h>

#if defined(__x86_64__)
#include <cpuid.h>

/* Extended control register 0: the register state that the operating system saves and restores. */
static inline uint64_t gan_saved_state(void) {
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return ((uint64_t)high << 32) | low;
}

/* What the compiler may use for x86-64-v3: AVX, AVX2, BMI1, BMI2, F16C, FMA, LZCNT, MOVBE. */
static inline int32_t gan_processor_has_avx2(void) {
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return 0;
    const uint32_t needed1 = (1u << 0) /* SSE3 */ | (1u << 9) /* SSSE3 */ | (1u << 12) /* FMA */ | (1u << 13) /* CMPXCHG16B */
        | (1u << 19) /* SSE4.1 */ | (1u << 20) /* SSE4.2 */ | (1u << 22) /* MOVBE */ | (1u << 23) /* POPCNT */
        | (1u << 27) /* OSXSAVE */ | (1u << 28) /* AVX */ | (1u << 29) /* F16C */;
    if ((c & needed1) != needed1) return 0;
    if ((gan_saved_state() & 0x6) != 0x6) return 0; /* xmm and ymm */
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
    const uint32_t needed7 = (1u << 3) /* BMI1 */ | (1u << 5) /* AVX2 */ | (1u << 8) /* BMI2 */;
    if ((b & needed7) != needed7) return 0;
    if (!__get_cpuid(0x80000001u, &a, &b, &c, &d)) return 0;
    return (c & (1u << 5)) != 0; /* LZCNT */
}

/* What it may use for x86-64-v4 besides: AVX-512 F, DQ, CD, BW, VL. */
static inline int32_t gan_processor_has_avx512(void) {
    uint32_t a, b, c, d;
    if (!gan_processor_has_avx2()) return 0;
    if ((gan_saved_state() & 0xe6) != 0xe6) return 0; /* xmm, ymm, mask registers, both halves of zmm */
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
    const uint32_t needed = (1u << 16) | (1u << 17) | (1u << 28) | (1u << 30) | (1u << 31);
    return (b & needed) == needed;
}
#else
static inline int32_t gan_processor_has_avx2(void) { return 0; }
static inline int32_t gan_processor_has_avx512(void) { return 0; }
#endif

/* The bytes of one processor's second-level cache, as the operating system tells them; where it does not, a mebibyte. The same
 * at every call. */
#pragma GCC visibility push(hidden)
intptr_t gan_second_level_cache(void);
#pragma GCC visibility pop

#endif
