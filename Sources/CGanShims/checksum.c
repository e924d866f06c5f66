/* CRC-32 by folding: V. Gopal, E. Ozturk and others, "Fast CRC computation for generic polynomials using PCLMULQDQ
 * instruction", Intel, 2009. A polynomial is congruent to a shorter one when its first bits, times x to the power of their
 * distance modulo the CRC's polynomial, are added to the bits that far away. */
#include "CGanShims.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

int32_t gan_processor_folds_checksums(void) {
    uint32_t a, b, c, d;
    return __get_cpuid(1, &a, &b, &c, &d) && (c & (1u << 1)) != 0;
}

#define FOLDS __attribute__((target("pclmul")))

/* `x` moved by the distance that `powers` stand for, added to `next`. */
FOLDS static inline __m128i folded_onto(__m128i x, __m128i powers, __m128i next) {
    __m128i low = _mm_clmulepi64_si128(x, powers, 0x00), high = _mm_clmulepi64_si128(x, powers, 0x11);
    return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

FOLDS void gan_crc32_fold(const uint8_t *bytes, size_t count, uint32_t state, uint8_t folded[16]) {
    /* x^(4*128+32), x^(4*128-32), x^(128+32), x^(128-32) modulo the polynomial, bits in the check's own reversed order. */
    const __m128i by_64_bytes = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4);
    const __m128i by_16_bytes = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
    const __m128i *next = (const __m128i *)bytes, *end = (const __m128i *)(bytes + count);
    __m128i a = _mm_xor_si128(_mm_loadu_si128(next), _mm_cvtsi32_si128((int32_t)state));
    __m128i b = _mm_loadu_si128(next + 1), c = _mm_loadu_si128(next + 2), d = _mm_loadu_si128(next + 3);
    for (next += 4; next < end; next += 4) {
        a = folded_onto(a, by_64_bytes, _mm_loadu_si128(next));
        b = folded_onto(b, by_64_bytes, _mm_loadu_si128(next + 1));
        c = folded_onto(c, by_64_bytes, _mm_loadu_si128(next + 2));
        d = folded_onto(d, by_64_bytes, _mm_loadu_si128(next + 3));
    }
    a = folded_onto(folded_onto(folded_onto(a, by_16_bytes, b), by_16_bytes, c), by_16_bytes, d);
    _mm_storeu_si128((__m128i *)folded, a);
}
#else
int32_t gan_processor_folds_checksums(void) { return 0; }
void gan_crc32_fold(const uint8_t *bytes, size_t count, uint32_t state, uint8_t folded[16]) {
    (void)bytes, (void)count, (void)state, (void)folded;
}
#endif
