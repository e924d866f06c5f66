/* What the benchmark says in C: loops of nothing but arithmetic for each instruction set, counting allocations, other
 * people's matrix products, and running a child. */
#ifndef CBENCHMARK_H
#define CBENCHMARK_H

#include <stddef.h>
#include <stdint.h>

/* Each does `rounds` rounds of multiply-adds on independent registers and returns how many floating-point operations that
 * was. Only to be called where the processor has the set. */
double bench_peak_baseline(int64_t rounds);
double bench_peak_avx2(int64_t rounds);
double bench_peak_avx512(int64_t rounds);

/* From now on, or no longer, every call of malloc and its kin is counted, whoever makes it; so is mmap. */
void bench_count_allocations(int32_t on);
int64_t bench_allocations(void);

/* C [m, n] = op(A) op(B), row-major without gaps. */
typedef struct bench_blas bench_blas;
/* Loads a library that has cblas_sgemm or dnnl_sgemm, or gives NULL. */
bench_blas *bench_blas_open(const char *const *names);
const char *bench_blas_path(const bench_blas *blas);
void bench_blas_threads(const bench_blas *blas, int32_t threads);
void bench_blas_product(
    const bench_blas *blas, int32_t transpose_a, int32_t transpose_b, int32_t m, int32_t n, int32_t k, const float *a,
    const float *b, float *c);

/* Runs a program with its standard output caught (at most `capacity` - 1 bytes and a 0), waits for it, and returns its
 * exit status, or -1. The moment before it was started is stored in `started`, in nanoseconds of the monotonic clock. */
int32_t bench_run(const char *const *arguments, char *output, size_t capacity, uint64_t *started);

/* Seconds of processor time that this process and the children it has waited for have used. */
double bench_processor_seconds(void);

/* Removes a folder and all that is in it. */
void bench_remove_folder(const char *path);

#endif
