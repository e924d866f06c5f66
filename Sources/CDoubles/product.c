#include "CDoubles.h"

/* The micro-kernel after BLIS: a tile of ROWS × 2 vectors of C lives in registers while the inner dimension passes by. The tile's
   height leaves two registers for a row of B and one for an element of A. */
#define PRODUCT(NAME, TARGET, WIDTH, ROWS)                                                                                              \
    typedef double NAME##_vector __attribute__((vector_size(8 * WIDTH), aligned(8)));                                                   \
    TARGET static inline void NAME##_tile(                                                                                              \
        const double *a, const double *b, int64_t inner, double *c, int64_t c_stride, int32_t adds) {                                   \
        NAME##_vector sums[ROWS][2];                                                                                                    \
        _Pragma("clang loop unroll(full)") for (int row = 0; row < ROWS; row++) {                                                       \
            const NAME##_vector *before = (const NAME##_vector *)(c + row * c_stride);                                                  \
            const NAME##_vector none = {0};                                                                                             \
            sums[row][0] = adds ? before[0] : none;                                                                                     \
            sums[row][1] = adds ? before[1] : none;                                                                                     \
        }                                                                                                                               \
        for (int64_t step = 0; step < inner; step++) {                                                                                  \
            const NAME##_vector left = *(const NAME##_vector *)b, right = *(const NAME##_vector *)(b + WIDTH);                          \
            _Pragma("clang loop unroll(full)") for (int row = 0; row < ROWS; row++) {                                                   \
                sums[row][0] += a[row] * left;                                                                                          \
                sums[row][1] += a[row] * right;                                                                                         \
            }                                                                                                                           \
            a += ROWS;                                                                                                                  \
            b += 2 * WIDTH;                                                                                                             \
        }                                                                                                                               \
        _Pragma("clang loop unroll(full)") for (int row = 0; row < ROWS; row++) {                                                       \
            NAME##_vector *after = (NAME##_vector *)(c + row * c_stride);                                                               \
            after[0] = sums[row][0];                                                                                                    \
            after[1] = sums[row][1];                                                                                                    \
        }                                                                                                                               \
    }                                                                                                                                   \
    TARGET static void NAME##_product(                                                                                                  \
        const double *a, int64_t row_panels, const double *b, int64_t column_panels, int64_t inner, double *c, int64_t c_stride,        \
        int32_t adds) {                                                                                                                 \
        for (int64_t column = 0; column < column_panels; column++)                                                                      \
            for (int64_t row = 0; row < row_panels; row++)                                                                              \
                NAME##_tile(                                                                                                            \
                    a + row * ROWS * inner, b + column * 2 * WIDTH * inner, inner, c + row * ROWS * c_stride + column * 2 * WIDTH,      \
                    c_stride, adds);                                                                                                    \
    }

/* A product and a sum are one rounding where the instruction set has that, whatever the compiler was told elsewhere. */
#pragma clang fp contract(fast)

PRODUCT(plain, , 2, 4)
#if defined(__x86_64__)
PRODUCT(avx2, __attribute__((target("avx2,fma"))), 4, 6)
PRODUCT(avx512, __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,fma"))), 8, 12)
#endif

int64_t gan_double_rows(int32_t set) { return set == 2 ? 12 : set == 1 ? 6 : 4; }
int64_t gan_double_columns(int32_t set) { return set == 2 ? 16 : set == 1 ? 8 : 4; }

void gan_double_product(
    int32_t set, const double *a, int64_t row_panels, const double *b, int64_t column_panels, int64_t inner, double *c, int64_t c_stride,
    int32_t adds) {
#if defined(__x86_64__)
    if (set == 2) { avx512_product(a, row_panels, b, column_panels, inner, c, c_stride, adds); return; }
    if (set == 1) { avx2_product(a, row_panels, b, column_panels, inner, c, c_stride, adds); return; }
#endif
    (void)set;
    plain_product(a, row_panels, b, column_panels, inner, c, c_stride, adds);
}
