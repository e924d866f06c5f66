/* The kernels of Sources/KernelsBaseline as C calls them, for the tests of arm64: Kernels.swift hands each of these on to the
 * kernel table. What the fields mean is said in Sources/Kernels/KernelTable.swift and ConvolutionArguments.swift; the numbers
 * of enumerations are those of Swift's raw values. */
#ifndef ARM64_KERNELS_H
#define ARM64_KERNELS_H

#include <stdint.h>

typedef struct {
    intptr_t rows, columns, inner;
    const float *a;
    intptr_t a_row, a_inner;
    const float *b;
    intptr_t b_inner, b_column;
    float *c;
    intptr_t c_row;
    float alpha, beta;
    const float *bias;
    uint8_t activation, derivative;
    const float *derivative_of;
    intptr_t derivative_row;
    float slope;
    const float *packed_b;
    uint8_t skips_zeros;
} product_arguments;

intptr_t product_packed_count(intptr_t inner, intptr_t columns);
void product_packing(const product_arguments *arguments, float *packed);
intptr_t product_workspace(const product_arguments *arguments);
void product(const product_arguments *arguments, intptr_t part, intptr_t parts, float *workspace);

typedef struct {
    intptr_t x, y, window, stride, dilation, padding;
} convolution_axis;

typedef struct {
    uint8_t kind;
    intptr_t batch, in, out;
    convolution_axis axes[3]; /* z, y, x */
    const float *source, *other;
    float *result, *packed;
    intptr_t chunks;
    const float *bias;
    uint8_t activation;
    const float *derivative_of;
    uint8_t derivative;
    float slope;
} convolution_arguments;

intptr_t convolution_packed_count(const convolution_arguments *arguments);
intptr_t convolution_workspace(const convolution_arguments *arguments);
void convolution_packing(const convolution_arguments *arguments, intptr_t part, intptr_t parts);
void convolution(const convolution_arguments *arguments, intptr_t part, intptr_t parts, float *workspace);

typedef struct {
    const float *pointer;
    intptr_t row, column;
} chain_input;

typedef struct {
    uint8_t opcode, destination, a, b, c;
} chain_operation;

typedef struct {
    float *pointer;
    intptr_t row;
    uint8_t from;
} chain_output;

typedef struct {
    float *partial;
    uint8_t from;
} chain_sum;

typedef struct {
    intptr_t rows, columns;
    const chain_input *inputs;
    intptr_t input_count;
    const chain_operation *operations;
    intptr_t operation_count;
    const chain_output *outputs;
    intptr_t output_count;
    const chain_sum *sums;
    intptr_t sum_count, sum_chunks;
} chain_arguments;

intptr_t chain_opcodes(void);
intptr_t chain_workspace(void);
void chain(const chain_arguments *arguments, intptr_t part, intptr_t parts, float *workspace);

typedef struct {
    uint8_t kind; /* 0: sum, 1: maximum */
    intptr_t outer, reduced, inner;
    const float *x;
    float *y;
    float scale;
} reduction_arguments;

void reduction(const reduction_arguments *arguments, intptr_t part, intptr_t parts);

typedef struct {
    uint8_t distribution; /* 0: uniform, 1: normal */
    uint64_t seed;
    uint32_t stream;
    uint64_t first_row;
    intptr_t rows, columns;
    float *y;
    float scale, offset;
} random_arguments;

void random_variates(const random_arguments *arguments, intptr_t part, intptr_t parts);

typedef struct {
    float *parameters, *first_moment, *second_moment;
    const float *gradient;
    intptr_t count;
    const float *scalars;
    float beta1, beta2, epsilon;
} adam_arguments;

void adam(const adam_arguments *arguments, intptr_t part, intptr_t parts);
/* The same within the product that is the gradient; `gradient` and `count` do not matter. */
intptr_t product_adam_workspace(const product_arguments *arguments, const adam_arguments *step);
void product_adam(const product_arguments *arguments, const adam_arguments *step, intptr_t part, intptr_t parts, float *workspace);

void scale_bytes(const uint8_t *bytes, float *values, intptr_t count, float scale, float offset);
void quantize(const float *values, uint8_t *bytes, intptr_t count, float scale, float offset);

#endif
