/* Runs the tests of the arm64 kernels; the last line is "kernels: N passed, N failed". */
#include "check.h"

#include <stdarg.h>
#include <sys/mman.h>
#include <unistd.h>

int check_failures;
static const char *current;

void check_fails(const char *format, ...) {
    va_list arguments;
    if (++check_failures > 5) return;
    fprintf(stderr, "%s: ", current);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

static uint64_t chance;
void chance_seed(uint64_t seed) { chance = seed; }
uint64_t chance_bits(void) {
    uint64_t z = chance += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}
int chance_between(int low, int high) { return low + (int)(chance_bits() % (uint64_t)(high - low + 1)); }
float chance_float(void) { return (float)(int32_t)(chance_bits() >> 40) * 0x1p-23f - 1; }
double pick(const double *values, size_t count) { return values[chance_bits() % count]; }

static struct {
    void *base;
    size_t length;
} walls[256];
static int wall_count;

void *walled(size_t bytes) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE), inside = (bytes + page) / page * page, length = inside + 2 * page;
    char *base = mmap(NULL, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED || wall_count == 256 || mprotect(base + page, inside, PROT_READ | PROT_WRITE) != 0) {
        perror("walled memory");
        exit(1);
    }
    walls[wall_count].base = base;
    walls[wall_count++].length = length;
    return chance_bits() & 1 ? base + page : base + page + inside - bytes;
}

float *walled_floats(size_t count) {
    float *p = walled(count * sizeof(float));
    for (size_t i = 0; i < count; i++) p[i] = chance_float();
    return p;
}

void walls_down(void) {
    while (wall_count > 0) {
        wall_count--;
        munmap(walls[wall_count].base, walls[wall_count].length);
    }
}

double ulps(float value, double truth) {
    float nearest = (float)truth;
    if (isnan(value) || isnan(truth)) return isnan(value) && isnan(truth) ? 0 : INFINITY;
    if (value == nearest) return 0;
    if (isinf(nearest) || isinf(value)) {
        /* On the edge of the range the nearest float may be the largest one. */
        return fabs(truth) >= 0x1.fffffep127 && fabs(value) >= 0x1.fffffep127 && !isinf(truth) ? 1 : INFINITY;
    }
    float magnitude = fabsf(nearest);
    double unit = magnitude < 0x1p-126f ? 0x1p-149 : ldexp(1, ilogbf(magnitude) - 23);
    return fabs((double)value - truth) / unit;
}

int same_bits(const float *a, const float *b, size_t count) { return memcmp(a, b, count * sizeof *a) == 0; }

double activated(double x, int activation, double slope) {
    switch (activation) {
    case RELU: return x > 0 ? x : 0;
    case LEAKY_RELU: return x > 0 ? x : slope * x;
    case SIGMOID: return 1 / (1 + exp(-x));
    case TANH: return tanh(x);
    default: return x;
    }
}

double derivative_by_output(double y, int activation, double slope) {
    switch (activation) {
    case RELU: return y > 0;
    case LEAKY_RELU: return y > 0 ? 1 : slope;
    case SIGMOID: return y * (1 - y);
    case TANH: return 1 - y * y;
    default: return 1;
    }
}

int main(void) {
#define TEST(function) {#function, function}
    static const struct {
        const char *name;
        void (*run)(void);
    } tests[] = {
        TEST(test_products), TEST(test_products_company), TEST(test_convolutions), TEST(test_convolution_layers),
        TEST(test_convolutions_company), TEST(test_operations), TEST(test_chains), TEST(test_functions),
        TEST(test_special_values), TEST(test_chain_sums), TEST(test_reductions), TEST(test_adam), TEST(test_adam_in_a_product), TEST(test_philox),
        TEST(test_normals), TEST(test_bytes), TEST(test_float_mode),
    };
    int passed = 0, failed = 0;
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        current = tests[i].name;
        check_failures = 0;
        chance_seed(i + 1);
        tests[i].run();
        walls_down();
        if (check_failures > 0) failed++;
        else passed++;
    }
    printf("kernels: %d passed, %d failed\n", passed, failed);
    return failed > 0;
}
