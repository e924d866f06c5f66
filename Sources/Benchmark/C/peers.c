/* Matrix products of libraries that happen to be installed, loaded while running. */
#define _GNU_SOURCE
#include "CBenchmark.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

typedef void cblas_sgemm(
    int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a, int lda, const float *b,
    int ldb, float beta, float *c, int ldc);
typedef int dnnl_sgemm(
    char transpose_a, char transpose_b, int64_t m, int64_t n, int64_t k, float alpha, const float *a, int64_t lda,
    const float *b, int64_t ldb, float beta, float *c, int64_t ldc);
typedef void set_threads(int threads);

struct bench_blas {
    char *path;
    cblas_sgemm *cblas;
    dnnl_sgemm *dnnl;
    set_threads *threads;
};

bench_blas *bench_blas_open(const char *const *names) {
    for (; *names != NULL; names++) {
        void *library = dlopen(*names, RTLD_NOW | RTLD_LOCAL);
        if (library == NULL) continue;
        bench_blas *blas = calloc(1, sizeof *blas);
        if (blas == NULL) return NULL;
        blas->path = strdup(*names);
        blas->dnnl = (dnnl_sgemm *)dlsym(library, "dnnl_sgemm");
        if (blas->dnnl == NULL) blas->cblas = (cblas_sgemm *)dlsym(library, "cblas_sgemm");
        blas->threads = (set_threads *)dlsym(library, "openblas_set_num_threads");
        /* Among the libraries that oneDNN itself needs. */
        if (blas->threads == NULL) blas->threads = (set_threads *)dlsym(library, "omp_set_num_threads");
        if ((blas->dnnl != NULL || blas->cblas != NULL) && blas->threads != NULL) return blas;
        free(blas->path);
        free(blas);
    }
    return NULL;
}

const char *bench_blas_path(const bench_blas *blas) { return blas->path; }
void bench_blas_threads(const bench_blas *blas, int32_t threads) { blas->threads(threads); }

void bench_blas_product(
    const bench_blas *blas, int32_t transpose_a, int32_t transpose_b, int32_t m, int32_t n, int32_t k, const float *a,
    const float *b, float *c) {
    int lda = transpose_a ? m : k, ldb = transpose_b ? k : n;
    if (blas->dnnl != NULL)
        blas->dnnl(transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', m, n, k, 1, a, lda, b, ldb, 0, c, n);
    else
        blas->cblas(101, transpose_a ? 112 : 111, transpose_b ? 112 : 111, m, n, k, 1, a, lda, b, ldb, 0, c, n);
}
