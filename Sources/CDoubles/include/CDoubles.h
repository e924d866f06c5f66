#ifndef GAN_DOUBLES_H
#define GAN_DOUBLES_H
#include <stdint.h>

/* Of the library alone, which exports what gan.h has and nothing else. */
#pragma GCC visibility push(hidden)

/* A matrix product in double precision: the one kernel of the room Measures. In C, where one file says for each function which
   instruction set it is compiled for; what is trained and drawn goes through the kernels of the room Kernels, in single precision. */

/* `set` is 0 for what every processor of the architecture has, 1 for AVX2 with FMA, 2 for AVX-512. */

/* How many rows of A, and columns of B, a panel has. */
int64_t gan_double_rows(int32_t set);
int64_t gan_double_columns(int32_t set);

/* C = A · B, or C += A · B where `adds` is not 0. A is `row_panels` panels, each [inner][rows of a panel], and B `column_panels`,
   each [inner][columns of a panel], one behind the other; C is whole panels of both, `c_stride` doubles from row to row.

   Every element is one chain of multiply-adds in the order of `inner`, whose bits depend on its row of A and its column of B
   alone, and are the same when the two change places. Going on from the sum that is there does not change them. */
void gan_double_product(
    int32_t set, const double *a, int64_t row_panels, const double *b, int64_t column_panels, int64_t inner, double *c, int64_t c_stride,
    int32_t adds);

#pragma GCC visibility pop

#endif
