/* What the tests of the arm64 kernels share: counting, chance that is the same in every run, memory with walls. */
#ifndef ARM64_CHECK_H
#define ARM64_CHECK_H

#include "kernels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A test passes when every CHECK in it holds. The first few that do not are told; the test goes on. */
extern int check_failures;
void check_fails(const char *format, ...) __attribute__((format(printf, 1, 2)));
#define CHECK(condition, ...)                       \
    do {                                            \
        if (!(condition)) check_fails(__VA_ARGS__); \
    } while (0)

void test_products(void);
void test_products_company(void);
void test_convolutions(void);
void test_convolution_layers(void);
void test_convolutions_company(void);
void test_operations(void);
void test_chains(void);
void test_functions(void);
void test_special_values(void);
void test_chain_sums(void);
void test_reductions(void);
void test_adam(void);
void test_adam_in_a_product(void);
void test_philox(void);
void test_normals(void);
void test_bytes(void);
void test_float_mode(void);

/* SplitMix64. */
void chance_seed(uint64_t seed);
uint64_t chance_bits(void);
int chance_between(int low, int high); /* both included */
float chance_float(void);              /* from -1 up to 1 */
#define PICK(...) pick((const double[]){__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / sizeof(double))
double pick(const double *values, size_t count);

/* Memory that ends exactly where a page begins that cannot be touched (or, by chance, begins where such a page ends): a
 * kernel that reads or writes a byte too many ends the program. Floats are filled by chance. All of it lives until
 * walls_down. */
void *walled(size_t bytes);
float *walled_floats(size_t count);
void walls_down(void);

/* The distance of a float from the true value, in units in the last place of the float nearest to that. */
double ulps(float value, double truth);

int same_bits(const float *a, const float *b, size_t count);

/* What a write-back does, in double precision. */
enum { IDENTITY, RELU, LEAKY_RELU, SIGMOID, TANH };
double activated(double x, int activation, double slope);
double derivative_by_output(double y, int activation, double slope);

#endif
