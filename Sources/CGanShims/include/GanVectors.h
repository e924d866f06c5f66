/* Vectors of floats, for the kernels.
 *
 * Swift's own SIMD types compute elementwise operations lane by lane in generic code of the standard library: a square
 * root or a conversion becomes a call to a function that every module shares, and the linker may then keep the copy that
 * was compiled for the newest processor. Partial loads and stores, shuffles and prefetches cannot be said in Swift at
 * all. So each operation is one always-inlined line here, for 4, 8 and 16 lanes; what is made of them is Swift.
 *
 * Everything is expressed with the compiler's portable vectors. Only partial loads and stores have a second
 * form for AVX-512, and multiply-add is two roundings where the processor has no fused one.
 */
#ifndef GAN_VECTORS_H
#define GAN_VECTORS_H

#include <stdint.h>
#include <string.h>

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

#define GAN_INLINE static inline __attribute__((always_inline, unused))

/* A fused multiply-add where there is an instruction for it, else a product and a sum. Never a call. */
#if defined(__FMA__) || defined(__aarch64__)
#define GAN_MULTIPLY_ADD(a, b, c) __builtin_elementwise_fma(a, b, c)
#else
#define GAN_MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#endif

/* Hints that the line at `address` will be read, from the second-level cache, or written soon. Any address is allowed. */
GAN_INLINE void gan_prefetch_second_level(const void *address) { __builtin_prefetch(address, 0, 2); }
/* PREFETCHW by name, since compilers replace it by a plain prefetch where the target is not said to have it; processors
 * without it do nothing. */
GAN_INLINE void gan_prefetch_write(const void *address) {
#if defined(__x86_64__)
    __asm__("prefetchw %0" : : "m"(*(const char *)address));
#else
    __builtin_prefetch(address, 1, 3);
#endif
}

#define GAN_VECTOR_TYPES(N)                                                                                             \
    typedef float gan_float##N __attribute__((ext_vector_type(N)));                                                     \
    typedef int32_t gan_int##N __attribute__((ext_vector_type(N)));                                                     \
    typedef uint64_t gan_wide##N __attribute__((ext_vector_type(N)));                                                   \
    typedef uint8_t gan_byte##N __attribute__((ext_vector_type(N)));                                                    \
    typedef float gan_float_unaligned##N __attribute__((ext_vector_type(N), aligned(4)));

GAN_VECTOR_TYPES(2)
GAN_VECTOR_TYPES(4)
GAN_VECTOR_TYPES(8)
GAN_VECTOR_TYPES(16)

#define GAN_VECTOR_OPERATIONS(N)                                                                                        \
    GAN_INLINE gan_float##N gan_load_##N(const float *p) { return *(const gan_float_unaligned##N *)p; }                  \
    GAN_INLINE void gan_store_##N(float *p, gan_float##N v) { *(gan_float_unaligned##N *)p = v; }                       \
    GAN_INLINE gan_float##N gan_splat_##N(float x) { return (gan_float##N)(x); }                                        \
    GAN_INLINE gan_float##N gan_add_##N(gan_float##N a, gan_float##N b) { return a + b; }                               \
    GAN_INLINE gan_float##N gan_subtract_##N(gan_float##N a, gan_float##N b) { return a - b; }                          \
    GAN_INLINE gan_float##N gan_multiply_##N(gan_float##N a, gan_float##N b) { return a * b; }                          \
    GAN_INLINE gan_float##N gan_divide_##N(gan_float##N a, gan_float##N b) { return a / b; }                            \
    GAN_INLINE gan_float##N gan_multiply_add_##N(gan_float##N a, gan_float##N b, gan_float##N c) {                      \
        _Pragma("clang fp contract(off)") return GAN_MULTIPLY_ADD(a, b, c);                                             \
    }                                                                                                                   \
    GAN_INLINE gan_float##N gan_square_root_##N(gan_float##N a) { return __builtin_elementwise_sqrt(a); }               \
    GAN_INLINE gan_float##N gan_absolute_##N(gan_float##N a) { return __builtin_elementwise_abs(a); }                   \
    GAN_INLINE gan_float##N gan_negate_##N(gan_float##N a) { return -a; }                                               \
    /* a > b ? x : y and a == b ? x : y, lane by lane; false where either is NaN. */                                    \
    GAN_INLINE gan_float##N gan_where_greater_##N(gan_float##N a, gan_float##N b, gan_float##N x, gan_float##N y) {     \
        return a > b ? x : y;                                                                                           \
    }                                                                                                                   \
    /* a <= b ? x : y; false where either is NaN. */                                                                    \
    GAN_INLINE gan_float##N gan_where_at_most_##N(gan_float##N a, gan_float##N b, gan_float##N x, gan_float##N y) {     \
        return a <= b ? x : y;                                                                                          \
    }                                                                                                                   \
    GAN_INLINE gan_float##N gan_where_equal_##N(gan_float##N a, gan_float##N b, gan_float##N x, gan_float##N y) {       \
        return a == b ? x : y;                                                                                          \
    }                                                                                                                   \
    /* The magnitude of a with the sign of b. */                                                                        \
    GAN_INLINE gan_float##N gan_copy_sign_##N(gan_float##N a, gan_float##N b) {                                         \
        return (gan_float##N)(((gan_int##N)a & 0x7fffffff) | ((gan_int##N)b & (int32_t)0x80000000));                    \
    }                                                                                                                   \
    /* 2 to the power n, for integral n from -126 to 127. */                                                            \
    GAN_INLINE gan_float##N gan_power_of_two_##N(gan_float##N n) {                                                      \
        /* adding 3 * 2^22 leaves the integer in the low bits */                                                        \
        return (gan_float##N)((gan_int##N)(n + (12582912.0f + 127.0f)) << 23);                                          \
    }                                                                                                                   \
    /* For positive normal x = m 2^e with m from 3/4 up to, not including, 3/2: e and m. */                             \
    GAN_INLINE gan_float##N gan_exponent_##N(gan_float##N x) {                                                          \
        return __builtin_convertvector(((gan_int##N)x - 0x3f3504f3) >> 23, gan_float##N);                               \
    }                                                                                                                   \
    GAN_INLINE gan_float##N gan_mantissa_##N(gan_float##N x) {                                                          \
        gan_int##N e = ((gan_int##N)x - 0x3f3504f3) & (int32_t)0xff800000;                                              \
        return (gan_float##N)((gan_int##N)x - e);                                                                       \
    }                                                                                                                   \
    /* The upper 24 bits of N words, as floats.                              */     \
    GAN_INLINE gan_float##N gan_top_24_bits_##N(gan_int##N w) {                                                         \
        return __builtin_convertvector((w >> 8) & 0x00ffffff, gan_float##N);                                            \
    }                                                                                                                   \
    GAN_INLINE gan_int##N gan_load_words_##N(const uint32_t *p) {                                                       \
        gan_int##N v;                                                                                                   \
        memcpy(&v, p, sizeof v);                                                                                        \
        return v;                                                                                                       \
    }                                                                                                                   \
    /* N bytes as floats, and floats from 0 to 255 rounded half to even as N bytes. */                                  \
    GAN_INLINE gan_float##N gan_load_bytes_##N(const uint8_t *p) {                                                      \
        gan_byte##N v;                                                                                                  \
        memcpy(&v, p, N);                                                                                               \
        return __builtin_convertvector(v, gan_float##N);                                                                \
    }                                                                                                                   \
    GAN_INLINE void gan_store_bytes_##N(uint8_t *p, gan_float##N x) {                                                   \
        gan_byte##N v = __builtin_convertvector(                                                                        \
            (gan_int##N)(x + 8388608.0f) & 0xff, gan_byte##N); /* adding 2^23 rounds to an integer in the low bits */    \
        memcpy(p, &v, N);                                                                                               \
    }

GAN_VECTOR_OPERATIONS(4)
GAN_VECTOR_OPERATIONS(8)
GAN_VECTOR_OPERATIONS(16)

/* first + i for every lane i that is not zero, in order: N words may be written, how many count is returned. And whether one
 * of the first `count` lanes (1 to N) is not zero: 1 or 0. */
#define GAN_PLACES(N)                                                                                                   \
    GAN_INLINE intptr_t gan_store_places_##N(gan_float##N v, int32_t first, int32_t *to) {                              \
        float lanes[N];                                                                                                 \
        memcpy(lanes, &v, sizeof lanes);                                                                                \
        intptr_t count = 0;                                                                                             \
        for (int32_t i = 0; i < N; i++) to[count] = first + i, count += lanes[i] != 0;                                  \
        return count;                                                                                                   \
    }                                                                                                                   \
    GAN_INLINE intptr_t gan_any_##N(gan_float##N v, int32_t count) {                                                    \
        float lanes[N];                                                                                                 \
        memcpy(lanes, &v, sizeof lanes);                                                                                \
        intptr_t any = 0;                                                                                               \
        for (int32_t i = 0; i < count; i++) any |= lanes[i] != 0;                                                       \
        return any;                                                                                                     \
    }

GAN_PLACES(4)
GAN_PLACES(8)
#if defined(__AVX512F__)
GAN_INLINE intptr_t gan_store_places_16(gan_float16 v, int32_t first, int32_t *to) {
    __mmask16 mask = _mm512_cmp_ps_mask((__m512)v, _mm512_setzero_ps(), _CMP_NEQ_UQ);
    __m512i places = _mm512_add_epi32(
        _mm512_set1_epi32(first), _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
    _mm512_storeu_si512(to, _mm512_maskz_compress_epi32(mask, places));
    return __builtin_popcount(mask);
}
GAN_INLINE intptr_t gan_any_16(gan_float16 v, int32_t count) {
    return _mm512_mask_cmp_ps_mask((__mmask16)((1u << count) - 1), (__m512)v, _mm512_setzero_ps(), _CMP_NEQ_UQ) != 0;
}
#else
GAN_PLACES(16)
#endif

/* The first `count` lanes (0 < count < N): not a byte beyond them is read or written. The other lanes read as 0. The masks
 * of AVX2 would serve too, but emulators fault on the lanes that are masked out. */
#define GAN_PARTIAL_BY_COPY(N)                                                                                          \
    GAN_INLINE gan_float##N gan_load_partial_##N(const float *p, int32_t count) {                                       \
        float lanes[N] __attribute__((aligned(64))) = {0};                                                              \
        for (int32_t i = 0; i < count; i++) lanes[i] = p[i];                                                            \
        return *(const gan_float##N *)lanes;                                                                            \
    }                                                                                                                   \
    GAN_INLINE void gan_store_partial_##N(float *p, gan_float##N v, int32_t count) {                                    \
        float lanes[N] __attribute__((aligned(64)));                                                                    \
        *(gan_float##N *)lanes = v;                                                                                     \
        for (int32_t i = 0; i < count; i++) p[i] = lanes[i];                                                            \
    }

GAN_PARTIAL_BY_COPY(4)
GAN_PARTIAL_BY_COPY(8)
#if defined(__AVX512F__)
GAN_INLINE gan_float16 gan_load_partial_16(const float *p, int32_t count) {
    return (gan_float16)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), p);
}
GAN_INLINE void gan_store_partial_16(float *p, gan_float16 v, int32_t count) {
    _mm512_mask_storeu_ps(p, (__mmask16)((1u << count) - 1), (__m512)v);
}
#else
GAN_PARTIAL_BY_COPY(16)
#endif

#if defined(__AVX512F__)
/* 1 / sqrt(x) and 1 / x to 14 bits, at a fraction of the time of a square root or a division. */
GAN_INLINE gan_float16 gan_rough_inverse_root_16(gan_float16 x) { return (gan_float16)_mm512_rsqrt14_ps((__m512)x); }
GAN_INLINE gan_float16 gan_rough_inverse_16(gan_float16 x) { return (gan_float16)_mm512_rcp14_ps((__m512)x); }
/* x times two to the power of n, rounded once. */
GAN_INLINE gan_float16 gan_scale_16(gan_float16 x, gan_float16 n) { return (gan_float16)_mm512_scalef_ps((__m512)x, (__m512)n); }
#endif

/* Turns a block of N by N round: row i of the source (`stride` floats apart) becomes column i of the destination, whose
 * rows are `columns` floats apart. Of the source only the first `rows` rows exist (1 to N); the last one stands in for those
 * that do not. Rows are joined by quarters while loading, so that what is left to shuffle stays inside 128-bit lanes. */
GAN_INLINE const float *gan_row(const float *p, intptr_t stride, int32_t row, int32_t rows) {
    return p + (row < rows ? row : rows - 1) * stride;
}

GAN_INLINE void gan_transpose_4(const float *p, intptr_t stride, int32_t rows, float *q, intptr_t columns) {
    gan_float4 r0 = gan_load_4(p), r1 = gan_load_4(gan_row(p, stride, 1, rows));
    gan_float4 r2 = gan_load_4(gan_row(p, stride, 2, rows)), r3 = gan_load_4(gan_row(p, stride, 3, rows));
    gan_float4 a = __builtin_shufflevector(r0, r1, 0, 4, 1, 5), b = __builtin_shufflevector(r2, r3, 0, 4, 1, 5);
    gan_float4 c = __builtin_shufflevector(r0, r1, 2, 6, 3, 7), d = __builtin_shufflevector(r2, r3, 2, 6, 3, 7);
    gan_store_4(q, __builtin_shufflevector(a, b, 0, 1, 4, 5));
    gan_store_4(q + columns, __builtin_shufflevector(a, b, 2, 3, 6, 7));
    gan_store_4(q + 2 * columns, __builtin_shufflevector(c, d, 0, 1, 4, 5));
    gan_store_4(q + 3 * columns, __builtin_shufflevector(c, d, 2, 3, 6, 7));
}

/* Four floats of rows i and i + 4 (and i + 8 and i + 12) side by side. */
GAN_INLINE gan_float8 gan_join_8(const float *p, intptr_t stride, int32_t i, int32_t rows) {
    return __builtin_shufflevector(
        gan_load_4(gan_row(p, stride, i, rows)), gan_load_4(gan_row(p, stride, i + 4, rows)), 0, 1, 2, 3, 4, 5, 6, 7);
}
GAN_INLINE gan_float16 gan_join_rows_16(const float *p0, const float *p1, const float *p2, const float *p3) {
#if defined(__AVX512F__)
    /* Inserting from memory keeps off the one port that shuffles need; the compiler would insert from registers. */
    __m512 v = _mm512_zextps128_ps512(_mm_loadu_ps(p0));
    __asm__("vinsertf32x4 $1, %1, %0, %0" : "+v"(v) : "m"(*(const __m128_u *)p1));
    __asm__("vinsertf32x4 $2, %1, %0, %0" : "+v"(v) : "m"(*(const __m128_u *)p2));
    __asm__("vinsertf32x4 $3, %1, %0, %0" : "+v"(v) : "m"(*(const __m128_u *)p3));
    return (gan_float16)v;
#else
    return __builtin_shufflevector(
        __builtin_shufflevector(gan_load_4(p0), gan_load_4(p1), 0, 1, 2, 3, 4, 5, 6, 7),
        __builtin_shufflevector(gan_load_4(p2), gan_load_4(p3), 0, 1, 2, 3, 4, 5, 6, 7),
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#endif
}
GAN_INLINE gan_float16 gan_join_16(const float *p, intptr_t stride, int32_t i, int32_t rows) {
    return gan_join_rows_16(
        gan_row(p, stride, i, rows), gan_row(p, stride, i + 4, rows), gan_row(p, stride, i + 8, rows),
        gan_row(p, stride, i + 12, rows));
}

GAN_INLINE void gan_transpose_half_8(gan_float8 r0, gan_float8 r1, gan_float8 r2, gan_float8 r3, float *q, intptr_t columns) {
    gan_float8 a = __builtin_shufflevector(r0, r1, 0, 8, 1, 9, 4, 12, 5, 13);
    gan_float8 b = __builtin_shufflevector(r2, r3, 0, 8, 1, 9, 4, 12, 5, 13);
    gan_float8 c = __builtin_shufflevector(r0, r1, 2, 10, 3, 11, 6, 14, 7, 15);
    gan_float8 d = __builtin_shufflevector(r2, r3, 2, 10, 3, 11, 6, 14, 7, 15);
    gan_store_8(q, __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13));
    gan_store_8(q + columns, __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15));
    gan_store_8(q + 2 * columns, __builtin_shufflevector(c, d, 0, 1, 8, 9, 4, 5, 12, 13));
    gan_store_8(q + 3 * columns, __builtin_shufflevector(c, d, 2, 3, 10, 11, 6, 7, 14, 15));
}

GAN_INLINE void gan_transpose_8(const float *p, intptr_t stride, int32_t rows, float *q, intptr_t columns) {
    for (int half = 0; half < 2; half++, p += 4, q += 4 * columns) {
        gan_transpose_half_8(
            gan_join_8(p, stride, 0, rows), gan_join_8(p, stride, 1, rows), gan_join_8(p, stride, 2, rows),
            gan_join_8(p, stride, 3, rows), q, columns);
    }
}

/* Rows i, i + 4, i + 8 and i + 12 of four columns have become lane i of r0 ... r3. */
GAN_INLINE void gan_transpose_quarter_16(gan_float16 r0, gan_float16 r1, gan_float16 r2, gan_float16 r3, float *q, intptr_t columns) {
    gan_float16 a = __builtin_shufflevector(r0, r1, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
    gan_float16 b = __builtin_shufflevector(r2, r3, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
    gan_float16 c = __builtin_shufflevector(r0, r1, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
    gan_float16 d = __builtin_shufflevector(r2, r3, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
    gan_store_16(q, __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29));
    gan_store_16(q + columns, __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31));
    gan_store_16(q + 2 * columns, __builtin_shufflevector(c, d, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29));
    gan_store_16(q + 3 * columns, __builtin_shufflevector(c, d, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31));
}

GAN_INLINE void gan_transpose_16(const float *p, intptr_t stride, int32_t rows, float *q, intptr_t columns) {
    if (rows < 16) {
        for (int quarter = 0; quarter < 4; quarter++, p += 4, q += 4 * columns) {
            gan_transpose_quarter_16(
                gan_join_16(p, stride, 0, rows), gan_join_16(p, stride, 1, rows), gan_join_16(p, stride, 2, rows),
                gan_join_16(p, stride, 3, rows), q, columns);
        }
        return;
    }
    const float *p0 = p, *p1 = p0 + 4 * stride, *p2 = p1 + 4 * stride, *p3 = p2 + 4 * stride;
    /* Four addresses and two distances fit into registers; compilers would keep sixteen addresses, on the stack. */
    __asm__("" : "+r"(p0), "+r"(p1), "+r"(p2), "+r"(p3), "+r"(stride));
    intptr_t s2 = 2 * stride, s3 = 3 * stride;
    _Pragma("clang loop unroll(full)") for (int quarter = 0; quarter < 4; quarter++, q += 4 * columns) {
        gan_transpose_quarter_16(
            gan_join_rows_16(p0, p1, p2, p3), gan_join_rows_16(p0 + stride, p1 + stride, p2 + stride, p3 + stride),
            gan_join_rows_16(p0 + s2, p1 + s2, p2 + s2, p3 + s2), gan_join_rows_16(p0 + s3, p1 + s3, p2 + s3, p3 + s3), q, columns);
        p0 += 4, p1 += 4, p2 += 4, p3 += 4;
    }
}

/* The same for the first four elements of N rows: a turn of a few registers. */
GAN_INLINE void gan_transpose_steps_4(const float *p, intptr_t stride, float *q, intptr_t columns) {
    gan_transpose_4(p, stride, 4, q, columns);
}
GAN_INLINE void gan_transpose_steps_8(const float *p, intptr_t stride, float *q, intptr_t columns) {
    gan_transpose_half_8(
        gan_join_8(p, stride, 0, 8), gan_join_8(p, stride, 1, 8), gan_join_8(p, stride, 2, 8), gan_join_8(p, stride, 3, 8), q, columns);
}
GAN_INLINE void gan_transpose_steps_16(const float *p, intptr_t stride, float *q, intptr_t columns) {
    intptr_t s4 = 4 * stride, s8 = 8 * stride, s12 = 12 * stride;
    const float *p1 = p + stride, *p2 = p1 + stride, *p3 = p2 + stride;
    gan_transpose_quarter_16(
        gan_join_rows_16(p, p + s4, p + s8, p + s12), gan_join_rows_16(p1, p1 + s4, p1 + s8, p1 + s12),
        gan_join_rows_16(p2, p2 + s4, p2 + s8, p2 + s12), gan_join_rows_16(p3, p3 + s4, p3 + s8, p3 + s12), q, columns);
}

/* The sum and the maximum of the lanes, always by halves: the same tree, whatever the vector holds. NaN passes. */
GAN_INLINE float gan_sum_4(gan_float4 v) { return (v[0] + v[2]) + (v[1] + v[3]); }
GAN_INLINE float gan_sum_8(gan_float8 v) { return gan_sum_4(v.lo + v.hi); }
GAN_INLINE float gan_sum_16(gan_float16 v) { return gan_sum_8(v.lo + v.hi); }
GAN_INLINE float gan_largest_of_two(float a, float b) { return a > b || a != a ? a : b; }
GAN_INLINE float gan_largest_4(gan_float4 v) {
    return gan_largest_of_two(gan_largest_of_two(v[0], v[2]), gan_largest_of_two(v[1], v[3]));
}
GAN_INLINE float gan_largest_8(gan_float8 v) { return gan_largest_4(v.lo > v.hi || v.lo != v.lo ? v.lo : v.hi); }
GAN_INLINE float gan_largest_16(gan_float16 v) { return gan_largest_8(v.lo > v.hi || v.lo != v.lo ? v.lo : v.hi); }

/* Room on the stack for one step of the random generator, and for the tail of a row of bytes. */
typedef struct {
    uint32_t words[256];
    float values[256];
} gan_random_scratch;
typedef struct {
    uint8_t bytes[16];
    float values[16];
} gan_bytes_scratch;

/* The high halves of the lanes of a wide vector, in both halves: a shuffle, where a shift would wait for the multiplier. */
GAN_INLINE gan_wide2 gan_high_2(gan_wide2 v) { return (gan_wide2)__builtin_shufflevector((gan_int4)v, (gan_int4)v, 1, 1, 3, 3); }
GAN_INLINE gan_wide4 gan_high_4(gan_wide4 v) {
    return (gan_wide4)__builtin_shufflevector((gan_int8)v, (gan_int8)v, 1, 1, 3, 3, 5, 5, 7, 7);
}
GAN_INLINE gan_wide8 gan_high_8(gan_wide8 v) {
    return (gan_wide8)__builtin_shufflevector(
        (gan_int16)v, (gan_int16)v, 1, 1, 3, 3, 5, 5, 7, 7, 9, 9, 11, 11, 13, 13, 15, 15);
}

/* Ten rounds of Philox 4x32 (Salmon et al., SC 2011) on N counters (first + lane, c1, c2, c3): word w of counter `lane` goes
 * to words[w N + lane]. A word lives in the low half of a 64-bit lane, where multiplying it gives all 64 bits at once; what
 * is in the high half does not matter. */
#define GAN_PHILOX_HALF(N, H)                                                                                           \
    GAN_INLINE void gan_philox_half_##N(                                                                                \
        gan_wide##H x0, uint32_t c1, uint32_t c2, uint32_t c3, uint32_t k0, uint32_t k1, gan_wide##H out[4]) {          \
        gan_wide##H x1 = (gan_wide##H)((uint64_t)c1), x2 = (gan_wide##H)((uint64_t)c2), x3 = (gan_wide##H)((uint64_t)c3); \
        _Pragma("clang loop unroll(full)") for (int round = 0; round < 10; round++) {                                   \
            gan_wide##H p0 = (x0 & 0xffffffffu) * (gan_wide##H)(0xD2511F53ull);                                         \
            gan_wide##H p1 = (x2 & 0xffffffffu) * (gan_wide##H)(0xCD9E8D57ull);                                         \
            x0 = gan_high_##H(p1) ^ x1 ^ (gan_wide##H)((uint64_t)k0);                                                   \
            x2 = gan_high_##H(p0) ^ x3 ^ (gan_wide##H)((uint64_t)k1);                                                   \
            x1 = p1;                                                                                                    \
            x3 = p0;                                                                                                    \
            k0 += 0x9E3779B9u;                                                                                          \
            k1 += 0xBB67AE85u;                                                                                          \
        }                                                                                                               \
        out[0] = x0, out[1] = x1, out[2] = x2, out[3] = x3;                                                             \
    }                                                                                                                   \
    GAN_INLINE void gan_philox_##N(                                                                                     \
        uint32_t first, uint32_t c1, uint32_t c2, uint32_t c3, uint32_t k0, uint32_t k1, uint32_t *words) {             \
        gan_wide##H low, high, a[4], b[4];                                                                              \
        for (int i = 0; i < H; i++) low[i] = (uint32_t)(first + (uint32_t)i), high[i] = (uint32_t)(first + (uint32_t)(H + i)); \
        gan_philox_half_##N(low, c1, c2, c3, k0, k1, a);                                                                \
        gan_philox_half_##N(high, c1, c2, c3, k0, k1, b);                                                               \
        for (int w = 0; w < 4; w++) {                                                                                   \
            gan_int##N v = gan_narrow_##N(a[w], b[w]);                                                                  \
            memcpy(words + w * N, &v, sizeof v);                                                                        \
        }                                                                                                               \
    }

/* The low halves of the lanes of two wide vectors, side by side. */
GAN_INLINE gan_int4 gan_narrow_4(gan_wide2 a, gan_wide2 b) {
    return __builtin_shufflevector((gan_int4)a, (gan_int4)b, 0, 2, 4, 6);
}
GAN_INLINE gan_int8 gan_narrow_8(gan_wide4 a, gan_wide4 b) {
    return __builtin_shufflevector((gan_int8)a, (gan_int8)b, 0, 2, 4, 6, 8, 10, 12, 14);
}
GAN_INLINE gan_int16 gan_narrow_16(gan_wide8 a, gan_wide8 b) {
    return __builtin_shufflevector(
        (gan_int16)a, (gan_int16)b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
}

GAN_PHILOX_HALF(4, 2)
GAN_PHILOX_HALF(8, 4)
GAN_PHILOX_HALF(16, 8)

#endif
