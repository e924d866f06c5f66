/* What a step of training needs besides: sums and maxima, Adam, pixels, and the mode that the kernels run in. */
#include "check.h"

#include "GanFloatMode.h"

void test_reductions(void) {
    static const int more[][3] = {{1, 100, 784}, {1, 100, 1}, {20, 784, 1}, {1, 5000, 3}, {7, 1000, 1}, {3, 129, 65}, {0, 5, 5}};
    for (int round = 0; round < 200; round++) {
        int listed = round < (int)(sizeof more / sizeof *more);
        int outer = listed ? more[round][0] : chance_between(1, 9), reduced = listed ? more[round][1] : chance_between(0, 70);
        int inner = listed ? more[round][2] : chance_between(1, 70);
        float scale = (float)PICK(1, 0.01);
        float *x = walled_floats((size_t)(outer * reduced * inner));
        for (int kind = 0; kind < 2; kind++) {
            float *one = walled_floats((size_t)(outer * inner));
            reduction_arguments t = {(uint8_t)kind, outer, reduced, inner, x, one, scale};
            reduction(&t, 0, 1);
            t.y = walled_floats((size_t)(outer * inner));
            for (int part = 0; part < 3; part++) reduction(&t, part, 3);
            CHECK(same_bits(t.y, one, (size_t)(outer * inner)), "[%d, %d, %d]: three parts differ from one", outer, reduced, inner);
            for (int o = 0; o < outer; o++) {
                for (int i = 0; i < inner; i++) {
                    double sum = 0, most = -INFINITY, found = (double)one[o * inner + i], wanted;
                    for (int r = 0; r < reduced; r++) {
                        double value = (double)x[(o * reduced + r) * inner + i];
                        sum += value;
                        if (value > most) most = value;
                    }
                    wanted = kind == 0 ? (double)scale * sum : (double)(scale * (float)most);
                    CHECK(found == wanted || (kind == 0 && fabs(found - wanted) <= 1e-6 * (reduced + 1)),
                        "kind %d [%d, %d, %d]: (%d, %d) is %g, not %g", kind, outer, reduced, inner, o, i, found, wanted);
                }
            }
        }
        walls_down();
    }
}

/* Product and step in one do what they do one after the other, to the bit. */
void test_adam_in_a_product(void) {
    for (int round = 0; round < 60; round++) {
        int rows = chance_between(1, 90), columns = chance_between(1, 300), inner = chance_between(1, 110);
        size_t count = (size_t)(rows * columns), bytes = count * sizeof(float);
        const float *a = walled_floats((size_t)(inner * rows)), *b = walled_floats((size_t)(inner * columns));
        float *gradient = walled_floats(count), *scalars = walled(3 * sizeof *scalars), *state[3][3];
        product_arguments t = {0};
        scalars[0] = 1e-2f, scalars[1] = 2, scalars[2] = 30;
        t.rows = rows, t.columns = columns, t.inner = inner;
        t.a = a, t.a_row = 1, t.a_inner = rows, t.b = b, t.b_inner = columns, t.b_column = 1;
        t.c = gradient, t.c_row = columns, t.alpha = 1;
        for (int way = 0; way < 3; way++) {
            for (int i = 0; i < 3; i++) {
                state[way][i] = walled_floats(count);
                if (way > 0) memcpy(state[way][i], state[0][i], bytes);
            }
            for (size_t i = 0; way == 0 && i < count; i++) state[0][2][i] = fabsf(state[0][2][i]);
        }
        product(&t, 0, 1, walled_floats((size_t)product_workspace(&t)));
        for (int way = 0; way < 3; way++) {
            int parts = way == 2 ? 3 : 1;
            adam_arguments step = {state[way][0], state[way][1], state[way][2], gradient, (intptr_t)count, scalars, 0.5f, 0.999f, 1e-8f};
            if (way == 0) adam(&step, 0, 1);
            for (int part = 0; way > 0 && part < parts; part++) {
                float *workspace = walled_floats((size_t)product_adam_workspace(&t, &step));
                product_adam(&t, &step, part, parts, workspace);
            }
            for (int i = 0; i < 3; i++) {
                CHECK(same_bits(state[way][i], state[0][i], count), "%d×%d×%d in %d parts: array %d differs", rows, columns, inner, parts, i);
            }
        }
        walls_down();
    }
}

void test_adam(void) {
    static const int counts[] = {0, 1, 3, 4, 5, 15, 16, 17, 31, 64, 100, 4099};
    for (size_t n = 0; n < sizeof counts / sizeof *counts; n++) {
        int count = counts[n];
        size_t bytes = (size_t)count * sizeof(float);
        float *p[2], *m[2], *v[2], *scalars = walled(3 * sizeof *scalars);
        double *truth = calloc((size_t)(3 * count + 1), sizeof *truth), *tm = truth + count, *tv = tm + count;
        for (int parts = 0; parts < 2; parts++) {
            p[parts] = walled_floats((size_t)count);
            m[parts] = memset(walled(bytes), 0, bytes);
            v[parts] = memset(walled(bytes), 0, bytes);
        }
        memcpy(p[1], p[0], bytes);
        for (int i = 0; i < count; i++) truth[i] = (double)p[0][i];
        for (int step = 1; step <= 5; step++) {
            const float *g = walled_floats((size_t)count);
            double beta2 = (double)0.999f, correction1 = 1 / (1 - pow(0.5, step)), correction2 = 1 / (1 - pow(beta2, step));
            scalars[0] = 2e-3f, scalars[1] = (float)correction1, scalars[2] = (float)correction2;
            for (int way = 0; way < 2; way++) {
                adam_arguments t = {p[way], m[way], v[way], g, count, scalars, 0.5f, 0.999f, 1e-8f};
                for (int part = 0; part < 1 + 2 * way; part++) adam(&t, part, 1 + 2 * way);
            }
            for (int i = 0; i < count; i++) {
                double x = (double)g[i];
                tm[i] = 0.5 * tm[i] + 0.5 * x;
                tv[i] = beta2 * tv[i] + (1 - beta2) * x * x;
                truth[i] -= 2e-3 * tm[i] * correction1 / (sqrt(tv[i] * correction2) + 1e-8);
            }
        }
        for (int i = 0; i < count; i++)
            CHECK(fabs((double)p[0][i] - truth[i]) <= 1e-6 && fabs((double)m[0][i] - tm[i]) <= 1e-6
                    && fabs((double)v[0][i] - tv[i]) <= 1e-6 * tv[i] + 1e-9,
                "parameter %d of %d: %g, not %g", i, count, (double)p[0][i], truth[i]);
        CHECK(same_bits(p[0], p[1], (size_t)count) && same_bits(m[0], m[1], (size_t)count) && same_bits(v[0], v[1], (size_t)count),
            "%d parameters: three parts differ from one", count);
        free(truth);
        walls_down();
    }
}

void test_bytes(void) {
    for (int count = 0; count <= 70; count++) {
        uint8_t *bytes = walled((size_t)count), *back = walled((size_t)count);
        float *values = walled_floats((size_t)count);
        for (int i = 0; i < count; i++) bytes[i] = (uint8_t)chance_bits();
        scale_bytes(bytes, values, count, 1 / 127.5f, -1);
        for (int i = 0; i < count; i++)
            CHECK(fabs((double)values[i] - (bytes[i] / 127.5 - 1)) <= 2.5e-7, "byte %d as %g", bytes[i], (double)values[i]);
        quantize(values, back, count, 127.5f, 127.5f);
        CHECK(memcmp(back, bytes, (size_t)count) == 0, "%d bytes there and back", count);
        walls_down();
    }
    for (int byte = 0; byte < 256; byte++) {
        uint8_t there = (uint8_t)byte, back;
        float value;
        scale_bytes(&there, &value, 1, 1, 0);
        quantize(&value, &back, 1, 1, 0);
        CHECK(value == (float)byte && back == there, "byte %d as %g as %d", byte, (double)value, back);
    }
    /* Half to even, ends, no number: in whole vectors and in what is left of one. */
    static const float odd[] = {
        NAN, -INFINITY, INFINITY, -1, 256, 254.5f, 255.5f, 0.5f, 1.5f, 2.5f, -0.0f, 0.49999997f, 0x1p-149f, 127.5f, 1e30f};
    static const uint8_t expected[] = {0, 0, 255, 0, 255, 254, 255, 0, 2, 2, 0, 0, 0, 128, 255};
    for (int first = 0; first < 4; first++) {
        uint8_t found[15];
        quantize(odd + first, found, 15 - first, 1, 0);
        CHECK(memcmp(found, expected + first, (size_t)(15 - first)) == 0, "values that are special, from %d", first);
    }
}

/* Kernels run with numbers below 2^-126 taken as zero; the thread's own mode comes back afterwards. */
void test_float_mode(void) {
    float tiny[] = {0x1p-127f, 0x1p-127f, 0x1p-127f, 0x1p-127f}, small[] = {0x1p-100f, 0x1p-100f, 0x1p-100f, 0x1p-100f}, sums[4], products[4];
    float *workspace = walled((size_t)chain_workspace() * sizeof *workspace);
    chain_input inputs[] = {{tiny, 4, 1}, {small, 4, 1}};
    chain_operation operations[] = {{0, 2, 0, 0, 0}, {2, 3, 1, 1, 0}}; /* tiny + tiny, small · small */
    chain_output outputs[] = {{sums, 4, 2}, {products, 4, 3}};
    chain_arguments t = {1, 4, inputs, 2, operations, 2, outputs, 2, NULL, 0, 1};
    small[0] = 0x1p-65f; /* its square is 2^-130 */
    chain(&t, 0, 1, workspace);
    CHECK(sums[3] == 0x1p-126f && products[0] == 0x1p-130f && products[3] == 0, "small numbers in the host's mode");
    uint64_t before = gan_enter_float_mode();
    chain(&t, 0, 1, workspace);
    gan_leave_float_mode(before);
    CHECK(sums[3] == 0 && products[0] == 0, "small numbers in the kernels' mode: %g and %g", (double)sums[3], (double)products[0]);
    chain(&t, 0, 1, workspace);
    CHECK(sums[3] == 0x1p-126f && products[0] == 0x1p-130f, "small numbers in the host's mode again");
}
