/* The functions of one variable over the whole number line, within the units in the last place that
 * Sources/Kernels/VectorFunctions.swift promises; and the values that are special. */
#include "check.h"
#include "opcodes.h"

static void apply(int opcode, const float *a, const float *b, const float *c, float *result, int count) {
    float *workspace = walled((size_t)chain_workspace() * sizeof *workspace);
    chain_input inputs[] = {{a, count, 1}, {b ? b : a, count, 1}, {c ? c : a, count, 1}};
    chain_operation operation = {(uint8_t)opcode, 3, 0, 1, 2};
    chain_output output = {result, count, 3};
    chain_arguments t = {1, count, inputs, 3, &operation, 1, &output, 1, NULL, 0, 1};
    chain(&t, 0, 1, workspace);
}

/* Every exponent with some fractions of each, the neighbours of landmarks, and a dense walk; of both signs. */
static int sweep(float *values) {
    static const float landmarks[] = {
        0, 0.3465f, 0.625f, 0.707107f, 1, 1.41421f, 2, 9.01f, 16.6f, 87.3365f, 88.0297f, 88.7228f, 103.279f, 103.972f, 104};
    int count = 0;
    for (uint32_t exponent = 0; exponent < 255; exponent++) {
        for (int n = 0; n < 60; n++) {
            uint32_t bits = exponent << 23 | (uint32_t)(chance_bits() & 0x7fffff);
            memcpy(values + count++, &bits, sizeof bits);
        }
    }
    for (size_t n = 0; n < sizeof landmarks / sizeof *landmarks; n++) {
        float up = landmarks[n], down = up;
        for (int i = 0; i < 50; i++) {
            values[count++] = up;
            values[count++] = down;
            up = nextafterf(up, INFINITY);
            down = nextafterf(down, -INFINITY);
        }
    }
    for (int i = 0; i < 20000; i++) values[count++] = (float)i * 0.0052f;
    for (int i = 0, half = count; i < half; i++) values[count++] = -values[i];
    return count;
}

void test_functions(void) {
    static const int functions[] = {EXPONENTIAL, LOGARITHM, SQUARE_ROOT, TANGENT, LOGISTIC, SOFTPLUS};
    static const double promised[] = {1.5, 1.5, 0, 1.5, 2, 2.6}; /* a square root is the nearest float */
    static const char *const names[] = {"exponential", "logarithm", "square root", "tanh", "sigmoid", "softplus"};
    float *values = malloc(100000 * sizeof *values);
    int count = sweep(values);
    float *results = walled((size_t)count * sizeof *results);
    for (int n = 0; n < 6; n++) {
        double worst = 0;
        float place = 0;
        apply(functions[n], values, NULL, NULL, results, count);
        for (int i = 0; i < count; i++) {
            double error = ulps(results[i], opcode_truth(functions[n], (double)values[i], 0, 0));
            if (error > worst) worst = error, place = values[i];
        }
        CHECK(worst <= promised[n], "%s at %a", names[n], (double)place);
        printf("%s: at most %.3f units in the last place, at %g\n", names[n], worst, (double)place);
    }
    free(values);
}

static int same(float a, float b) { return a == b || (isnan(a) && isnan(b)); }

void test_special_values(void) {
    static const float tiny = 0x1p-149f;
    const struct {
        int opcode;
        float x, y;
    } cases[] = {
        {EXPONENTIAL, -INFINITY, 0}, {EXPONENTIAL, INFINITY, INFINITY}, {EXPONENTIAL, 0, 1}, {EXPONENTIAL, 89, INFINITY},
        {EXPONENTIAL, 1e30f, INFINITY}, {EXPONENTIAL, -1e30f, 0}, {EXPONENTIAL, -103, tiny}, {LOGARITHM, 0, -INFINITY},
        {LOGARITHM, -0.0f, -INFINITY}, {LOGARITHM, INFINITY, INFINITY}, {LOGARITHM, 1, 0}, {LOGARITHM, -1, NAN},
        {LOGARITHM, -INFINITY, NAN}, {LOGARITHM, tiny, -103.27893f}, {TANGENT, INFINITY, 1}, {TANGENT, -INFINITY, -1}, {TANGENT, 20, 1},
        {TANGENT, -20, -1}, {TANGENT, tiny, tiny}, {TANGENT, 0, 0}, {LOGISTIC, INFINITY, 1}, {LOGISTIC, -INFINITY, 0}, {LOGISTIC, 0, 0.5f},
        {LOGISTIC, -103, tiny}, {SOFTPLUS, INFINITY, INFINITY}, {SOFTPLUS, -INFINITY, 0}, {SOFTPLUS, 100, 100}, {SOFTPLUS, -103, tiny},
        {SOFTPLUS, 3e38f, 3e38f}, {SQUARE_ROOT, -1, NAN}, {SQUARE_ROOT, INFINITY, INFINITY}, {ABSOLUTE, -INFINITY, INFINITY},
    };
    float y[4];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        apply(cases[i].opcode, &cases[i].x, NULL, NULL, y, 1);
        CHECK(same(y[0], cases[i].y), "operation %d of %g is %g, not %g", cases[i].opcode, (double)cases[i].x, (double)y[0],
            (double)cases[i].y);
    }
    for (int opcode = NEGATE; opcode < OPCODES; opcode++) {
        float nan = NAN;
        apply(opcode, &nan, NULL, NULL, y, 1);
        CHECK(isnan(y[0]), "operation %d of no number", opcode);
    }
    float zero = 0, minus = -0.0f;
    apply(TANGENT, &minus, NULL, NULL, y, 1);
    CHECK(signbit(y[0]), "tanh of minus zero");
    apply(NEGATE, &zero, NULL, NULL, y, 1);
    CHECK(signbit(y[0]), "minus zero");
    /* What is made from something that is no number is none. */
    static const float a[] = {NAN, 1, 2, 3}, b[] = {1, NAN, 1, 4};
    apply(MAXIMUM, a, b, NULL, y, 4);
    CHECK(isnan(y[0]) && isnan(y[1]) && y[2] == 2 && y[3] == 4, "maximum");
    apply(MINIMUM, a, b, NULL, y, 4);
    CHECK(isnan(y[0]) && isnan(y[1]) && y[2] == 1 && y[3] == 3, "minimum");
    static const float choices[] = {NAN, 0, -0.0f, 3}, ones[] = {1, 1, 1, 1}, twos[] = {2, 2, 2, 2};
    apply(SELECT, choices, ones, twos, y, 4);
    CHECK(isnan(y[0]) && y[1] == 2 && y[2] == 2 && y[3] == 1, "select");
    static const float c[] = {NAN, 2, 1, 0}, d[] = {0, 1, 1, -0.0f};
    apply(GREATER, c, d, NULL, y, 4);
    CHECK(isnan(y[0]) && y[1] == 1 && y[2] == 0 && y[3] == 0, "greater");
    apply(EQUAL, c, d, NULL, y, 4);
    CHECK(isnan(y[0]) && y[1] == 0 && y[2] == 1 && y[3] == 1, "equal");
}
