/* The most floating-point operations a second that a core can do: a loop of multiply-adds whose operands are all in
 * registers, with enough independent sums to cover the latency of a multiply-add twice over. */
#include "CBenchmark.h"

/* Opaque to the compiler, so that it neither foresees the results nor drops them. */
static volatile float factor = 0.999f, addend = 1e-3f;
static volatile float sink;

#define EIGHT(X, b) X(b##0) X(b##1) X(b##2) X(b##3) X(b##4) X(b##5) X(b##6) X(b##7)
#define DECLARE(i) vector s##i = (vector)(addend * 1##i);
#define STEP(i) s##i = MULTIPLY_ADD(s##i, a, b);
#define COLLECT(i) total += s##i;

/* A vector of N lanes and the loop over sums s0 ... of it. The empty assembly keeps the compiler from joining rounds. */
#define PEAK(N, SUMS, LIST)                                                  \
    typedef float vector __attribute__((ext_vector_type(N)));                \
    vector a = (vector)(factor), b = (vector)(addend);                       \
    LIST(DECLARE)                                                            \
    for (int64_t round = 0; round < rounds; round++) {                       \
        LIST(STEP)                                                           \
        __asm__ volatile("");                                                \
    }                                                                        \
    vector total = a;                                                        \
    LIST(COLLECT)                                                            \
    sink = total[0] + total[N - 1];                                          \
    return 2.0 * N * SUMS * (double)rounds;

#define LIST_12(X) EIGHT(X, ) X(8) X(9) X(10) X(11)
#define LIST_24(X) EIGHT(X, ) EIGHT(X, 1) X(20) X(21) X(22) X(23) X(24) X(25) X(26) X(27)

#if defined(__x86_64__)
#define MULTIPLY_ADD(x, y, z) ((x) * (y) + (z))
double bench_peak_baseline(int64_t rounds) { PEAK(4, 12, LIST_12) }
#undef MULTIPLY_ADD
#define MULTIPLY_ADD(x, y, z) __builtin_elementwise_fma(x, y, z)
__attribute__((target("avx2,fma"))) double bench_peak_avx2(int64_t rounds) { PEAK(8, 12, LIST_12) }
__attribute__((target("avx512f,avx512vl,fma"))) double bench_peak_avx512(int64_t rounds) { PEAK(16, 24, LIST_24) }
#else
#define MULTIPLY_ADD(x, y, z) __builtin_elementwise_fma(x, y, z)
double bench_peak_baseline(int64_t rounds) { PEAK(4, 24, LIST_24) }
double bench_peak_avx2(int64_t rounds) { return bench_peak_baseline(rounds); }
double bench_peak_avx512(int64_t rounds) { return bench_peak_baseline(rounds); }
#endif
