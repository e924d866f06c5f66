/* Convolutions and both gradients against sums in double precision, in one to three dimensions. */
#include "check.h"

enum { FORWARD, INPUT_GRADIENT, WEIGHT_GRADIENT };

/* How many floats are in x, in w and in y. */
typedef struct {
    size_t x, w, y, source, other, result;
    int columns;
} counts;

static counts count(const convolution_arguments *t) {
    counts n = {(size_t)(t->batch * t->in), (size_t)(t->in * t->out), (size_t)(t->batch * t->out), 0, 0, 0, 0};
    for (int i = 0; i < 3; i++) {
        n.x *= (size_t)t->axes[i].x;
        n.w *= (size_t)t->axes[i].window;
        n.y *= (size_t)t->axes[i].y;
    }
    n.source = t->kind == INPUT_GRADIENT ? n.y : n.x;
    n.other = t->kind == WEIGHT_GRADIENT ? n.y : n.w;
    n.result = t->kind == FORWARD ? n.y : t->kind == INPUT_GRADIENT ? n.x : n.w * (size_t)t->chunks;
    n.columns = (int)(t->kind == INPUT_GRADIENT ? t->in : t->out);
    return n;
}

/* Adds every term x · w to y, or y · w to x, or x · y to w; and its size to `sizes`. */
static void add_terms(const convolution_arguments *t, double *sums, double *sizes) {
    const convolution_axis *z = &t->axes[0], *y = &t->axes[1], *x = &t->axes[2];
    for (intptr_t n = 0; n < t->batch; n++)
    for (intptr_t oz = 0; oz < z->y; oz++)
    for (intptr_t oy = 0; oy < y->y; oy++)
    for (intptr_t ox = 0; ox < x->y; ox++)
    for (intptr_t kz = 0; kz < z->window; kz++)
    for (intptr_t ky = 0; ky < y->window; ky++)
    for (intptr_t kx = 0; kx < x->window; kx++) {
        intptr_t iz = oz * z->stride + kz * z->dilation - z->padding, iy = oy * y->stride + ky * y->dilation - y->padding;
        intptr_t ix = ox * x->stride + kx * x->dilation - x->padding;
        if (iz < 0 || iz >= z->x || iy < 0 || iy >= y->x || ix < 0 || ix >= x->x) continue;
        intptr_t to_y = (((n * z->y + oz) * y->y + oy) * x->y + ox) * t->out;
        intptr_t to_x = (((n * z->x + iz) * y->x + iy) * x->x + ix) * t->in;
        intptr_t to_w = ((kz * y->window + ky) * x->window + kx) * t->in * t->out;
        for (intptr_t i = 0; i < t->in; i++) {
            for (intptr_t c = 0; c < t->out; c++) {
                intptr_t w = to_w + i * t->out + c, a, b, to;
                if (t->kind == FORWARD) a = to_x + i, b = w, to = to_y + c;
                else if (t->kind == INPUT_GRADIENT) a = to_y + c, b = w, to = to_x + i;
                else a = to_x + i, b = to_y + c, to = w;
                double term = (double)t->source[a] * (double)t->other[b];
                sums[to] += term;
                sizes[to] += fabs(term);
            }
        }
    }
}

static float *convolve(convolution_arguments t, int parts) {
    counts n = count(&t);
    intptr_t packed = convolution_packed_count(&t), room;
    float *workspace;
    t.result = walled(n.result * sizeof(float));
    for (size_t i = 0; i < n.result; i++) t.result[i] = NAN;
    t.packed = walled((size_t)packed * sizeof(float));
    for (intptr_t i = 0; i < packed; i++) t.packed[i] = NAN;
    for (int part = 0; part < parts; part++) convolution_packing(&t, part, parts);
    room = convolution_workspace(&t);
    workspace = walled((size_t)room * sizeof(float));
    for (int part = 0; part < parts; part++) {
        for (intptr_t i = 0; i < room; i++) workspace[i] = NAN;
        convolution(&t, part, parts, workspace);
    }
    return t.result;
}

static void check(convolution_arguments t, int bias, int derivative) {
    counts n = count(&t);
    size_t results = t.kind == WEIGHT_GRADIENT ? n.w : n.result;
    double *sums = calloc(results + 1, sizeof *sums), *sizes = calloc(results + 1, sizeof *sizes);
    t.source = walled_floats(n.source);
    t.other = walled_floats(n.other);
    if (bias) t.bias = walled_floats((size_t)n.columns);
    if (derivative) {
        t.derivative = (uint8_t)derivative;
        t.derivative_of = walled_floats(n.result);
    }
    t.slope = 0.2f;
    float *one = convolve(t, 1), *three = convolve(t, 3);
    CHECK(same_bits(one, three, n.result), "kind %d, %ld to %ld: three parts differ from one", t.kind, (long)t.in, (long)t.out);
    add_terms(&t, sums, sizes);
    for (size_t i = 0; i < results; i++) {
        double found = 0, x = sums[i];
        for (size_t chunk = 0; chunk < (size_t)t.chunks; chunk++) found += (double)one[chunk * results + i];
        if (bias) x += (double)t.bias[i % (size_t)n.columns];
        x = activated(x, t.activation, (double)t.slope);
        if (derivative) x *= derivative_by_output((double)t.derivative_of[i], derivative, (double)t.slope);
        CHECK(fabs(found - x) <= 1e-6 + 4e-7 * (sizes[i] + fabs(x) + 2),
            "kind %d, batch %ld, %ld to %ld, %ld x %ld x %ld, window %ld %ld %ld, stride %ld, dilation %ld, padding %ld: element %zu is %g, not %g",
            t.kind, (long)t.batch, (long)t.in, (long)t.out, (long)t.axes[0].x, (long)t.axes[1].x, (long)t.axes[2].x,
            (long)t.axes[0].window, (long)t.axes[1].window, (long)t.axes[2].window, (long)t.axes[2].stride, (long)t.axes[2].dilation,
            (long)t.axes[2].padding, i, found, x);
    }
    free(sums);
    free(sizes);
    walls_down();
}

static const convolution_axis none = {1, 1, 1, 1, 1, 0};

static convolution_arguments by_chance(int largest) {
    int rank = chance_between(1, 3);
    convolution_arguments t = {.kind = (uint8_t)chance_between(FORWARD, WEIGHT_GRADIENT), .axes = {none, none, none}, .chunks = 1};
    for (int i = 3 - rank; i < 3; i++) {
        convolution_axis axis = {chance_between(1, largest), 1, chance_between(1, 5), chance_between(1, 4), (int)PICK(1, 1, 1, 2, 3),
            (int)PICK(0, 0, 1, 1, 2, 7)};
        intptr_t room = axis.x + axis.padding + (int)PICK(0, 0, 1, 1, 2, 7) - (axis.window - 1) * axis.dilation - 1;
        if (room >= 0) axis.y = room / axis.stride + 1; /* else as much padding follows as the window needs */
        t.axes[i] = axis;
    }
    t.batch = rank == 3 ? (int)PICK(1, 2, 4, 9) : (int)PICK(1, 1, 2, 3, 5, 7, 12, 13, 14, 17);
    t.in = rank == 3 ? (int)PICK(1, 2, 3, 8, 17) : (int)PICK(1, 1, 2, 3, 4, 5, 8, 16, 17, 33);
    t.out = rank == 3 ? (int)PICK(1, 2, 3, 8, 17) : (int)PICK(1, 1, 2, 3, 4, 5, 8, 16, 17, 33);
    if (t.kind == WEIGHT_GRADIENT) t.chunks = (int)PICK(1, 1, 2, 3);
    else t.activation = (uint8_t)PICK(IDENTITY, IDENTITY, RELU, LEAKY_RELU, SIGMOID, TANH);
    return t;
}

void test_convolutions(void) {
    for (int n = 0; n < 250; n++) {
        convolution_arguments t = by_chance(8);
        int write_back = t.kind != WEIGHT_GRADIENT;
        check(t, write_back && chance_between(0, 1), write_back && chance_between(0, 1) ? chance_between(RELU, TANH) : 0);
    }
}

/* What small networks have: images whose rows collide in the cache, several groups of images, panels of all widths. */
void test_convolution_layers(void) {
    static const int layers[][8] = {
        /* batch, in, out, x, y, window, stride, padding */
        {15, 1, 24, 28, 14, 4, 2, 1}, {13, 1, 20, 28, 14, 5, 2, 2}, {3, 64, 12, 8, 4, 4, 2, 1}, {16, 64, 5, 8, 4, 4, 2, 1},
        {15, 3, 13, 16, 8, 4, 2, 1}, {2, 16, 3, 9, 9, 3, 1, 1}, {13, 32, 10, 8, 8, 3, 1, 1}, {33, 5, 70, 4, 1, 4, 1, 0},
    };
    for (int kind = FORWARD; kind <= WEIGHT_GRADIENT; kind++) {
        for (size_t n = 0; n < sizeof layers / sizeof *layers; n++) {
            const int *l = layers[n];
            convolution_axis axis = {l[3], l[4], l[5], l[6], 1, l[7]};
            convolution_arguments t = {.kind = (uint8_t)kind, .batch = l[0], .in = l[1], .out = l[2], .axes = {none, axis, axis}, .chunks = 1};
            if (kind == WEIGHT_GRADIENT) t.chunks = 1 + (int)n;
            else t.activation = TANH;
            check(t, kind != WEIGHT_GRADIENT && n % 2 == 0, 0);
        }
    }
}

/* An image's result has the same bits in a batch of any size, at any place in it. */
void test_convolutions_company(void) {
    for (int round = 0; round < 16; round++) {
        convolution_arguments t = by_chance(7);
        t.kind = round % 2 == 0 ? FORWARD : INPUT_GRADIENT;
        t.chunks = 1;
        t.batch = 31;
        counts n = count(&t);
        t.source = walled_floats(n.source);
        t.other = walled_floats(n.other);
        float *expected = convolve(t, 1);
        for (int batch = 1; batch < 31; batch += 4) {
            int first = chance_between(0, 31 - batch);
            convolution_arguments some = t;
            some.batch = batch;
            some.source = t.source + n.source / 31 * (size_t)first;
            CHECK(same_bits(convolve(some, 2), expected + n.result / 31 * (size_t)first, n.result / 31 * (size_t)batch),
                "%d images of 31, kind %d", batch, t.kind);
        }
        walls_down();
    }
}
