/* Matrix products against sums in double precision: every layout, gaps, edges of tiles, every write-back. */
#include "check.h"

typedef struct {
    int rows, columns, inner, turned_a, turned_b, gap_a, gap_b, gap_c;
    double alpha, beta;
    int bias, activation, derivative; /* derivative: 0 is none */
} shape;

typedef struct {
    const float *a, *b, *bias, *y;
    float *c;
    int a_leading, b_leading, c_leading;
    size_t c_count;
} operands;

static size_t span(int lines, int length, int leading) {
    return lines == 0 || length == 0 ? 0 : (size_t)(lines - 1) * (size_t)leading + (size_t)length;
}

static operands make(const shape *s) {
    operands o;
    o.a_leading = (s->turned_a ? s->rows : s->inner) + s->gap_a;
    o.b_leading = (s->turned_b ? s->inner : s->columns) + s->gap_b;
    o.c_leading = s->columns + s->gap_c;
    size_t a_count = s->turned_a ? span(s->inner, s->rows, o.a_leading) : span(s->rows, s->inner, o.a_leading);
    float *a = walled_floats(a_count);
    /* In every other case what a rectifier leaves. */
    if (s->rows % 2 == 0)
        for (size_t i = 0; i < a_count; i++) a[i] = fmaxf(a[i], 0);
    o.a = a;
    o.b = walled_floats(s->turned_b ? span(s->columns, s->inner, o.b_leading) : span(s->inner, s->columns, o.b_leading));
    o.bias = walled_floats((size_t)s->columns);
    o.c_count = span(s->rows, s->columns, o.c_leading);
    o.y = walled_floats(o.c_count);
    o.c = walled_floats(o.c_count);
    /* Where beta is 0, C must not be read. */
    if (s->beta == 0)
        for (size_t i = 0; i < o.c_count; i++) o.c[i] = NAN;
    return o;
}

static const float slope = 0.2f;

static float *multiply_with(const shape *s, const operands *o, int parts, int packs, int skips) {
    float *c = walled(o->c_count * sizeof *c), *workspace;
    intptr_t count;
    memcpy(c, o->c, o->c_count * sizeof *c);
    product_arguments t = {
        s->rows, s->columns, s->inner, o->a, s->turned_a ? 1 : o->a_leading, s->turned_a ? o->a_leading : 1,
        o->b, s->turned_b ? 1 : o->b_leading, s->turned_b ? o->b_leading : 1, c, o->c_leading,
        (float)s->alpha, (float)s->beta, s->bias ? o->bias : NULL, (uint8_t)s->activation, (uint8_t)s->derivative,
        s->derivative ? o->y : NULL, s->derivative ? o->c_leading : 0, slope, NULL, (uint8_t)skips};
    if (packs) {
        float *packed = walled((size_t)product_packed_count(s->inner, s->columns) * sizeof *packed);
        product_packing(&t, packed);
        t.packed_b = packed;
    }
    count = product_workspace(&t);
    workspace = walled((size_t)count * sizeof *workspace);
    for (intptr_t i = 0; i < count; i++) workspace[i] = NAN;
    for (int part = 0; part < parts; part++) product(&t, part, parts, workspace);
    return c;
}

static float *multiply(const shape *s, const operands *o, int parts) { return multiply_with(s, o, parts, 0, 0); }

static void compare(const shape *s, const operands *o, const float *c) {
    for (int i = 0; i < s->rows; i++) {
        for (int j = 0; j < s->columns; j++) {
            double sum = 0, size = 0, x;
            const float *a = o->a + (s->turned_a ? i : i * o->a_leading), *b = o->b + (s->turned_b ? j * o->b_leading : j);
            int a_step = s->turned_a ? o->a_leading : 1, b_step = s->turned_b ? 1 : o->b_leading;
            size_t at = (size_t)i * (size_t)o->c_leading + (size_t)j;
            for (int p = 0; p < s->inner; p++) {
                double term = (double)a[p * a_step] * (double)b[p * b_step];
                sum += term;
                size += fabs(term);
            }
            x = s->alpha * sum;
            if (s->beta != 0) x += s->beta * (double)o->c[at];
            if (s->bias) x += (double)o->bias[j];
            x = activated(x, s->activation, (double)slope);
            if (s->derivative) x *= derivative_by_output((double)o->y[at], s->derivative, (double)slope);
            double bound = 1e-6 + 4e-7 * (fabs(s->alpha) * size + fabs(x) + 2);
            CHECK(fabs((double)c[at] - x) <= bound,
                "%d x %d x %d, turned %d %d, gaps %d %d %d, alpha %g beta %g bias %d activation %d derivative %d: (%d, %d) is %g, not %g",
                s->rows, s->columns, s->inner, s->turned_a, s->turned_b, s->gap_a, s->gap_b, s->gap_c, s->alpha, s->beta, s->bias,
                s->activation, s->derivative, i, j, (double)c[at], x);
        }
        if (i + 1 < s->rows && s->gap_c > 0) {
            size_t gap = (size_t)i * (size_t)o->c_leading + (size_t)s->columns;
            CHECK(same_bits(c + gap, o->c + gap, (size_t)s->gap_c), "the gap after row %d was written", i);
        }
    }
}

static void check(const shape *s) {
    operands o = make(s);
    float *one = multiply(s, &o, 1);
    compare(s, &o, one);
    for (int parts = 2; parts <= 8; parts *= 2) {
        float *c = multiply(s, &o, parts);
        CHECK(same_bits(c, one, o.c_count), "%d x %d x %d: %d parts differ from one", s->rows, s->columns, s->inner, parts);
        if (!s->turned_a) {
            float *sparse = multiply_with(s, &o, parts, 0, 1);
            CHECK(same_bits(sparse, one, o.c_count), "%d x %d x %d: zeros left out make a difference", s->rows, s->columns, s->inner);
        }
        if (!s->turned_b) {
            float *packed = multiply_with(s, &o, parts, 1, 0);
            CHECK(same_bits(packed, one, o.c_count), "%d x %d x %d: B packed beforehand makes a difference", s->rows, s->columns, s->inner);
        }
    }
    walls_down();
}

void test_products(void) {
    for (int n = 0; n < 400; n++) {
        shape s = {
            chance_between(1, 70), chance_between(1, 70), chance_between(0, 70), chance_between(0, 1), chance_between(0, 1),
            (int)PICK(0, 0, 1, 5, 16), (int)PICK(0, 0, 1, 5, 16), (int)PICK(0, 0, 1, 5, 16), PICK(1, 1, 0.5, -2, 0),
            PICK(0, 0, 1, -0.5), chance_between(0, 1), chance_between(IDENTITY, TANH), (int)PICK(0, 0, 0, RELU, LEAKY_RELU, SIGMOID, TANH)};
        check(&s);
    }
    /* Small tiles of every height, with a single and with several panels beside each other. */
    for (int rows = 1; rows <= 26; rows++) {
        for (int columns = 1; columns <= 41; columns += columns < 18 ? 1 : 11) {
            shape s = {.rows = rows, .columns = columns, .inner = 9, .turned_a = rows & 1, .turned_b = columns & 1, .alpha = 1};
            check(&s);
        }
    }
    /* Blocks of the inner dimension and of rows; the layers of a small network; single rows of wide tiles; operands for
     * which a panel is packed by the tiles of the one before. */
    static const int sizes[][5] = {
        {40, 37, 1100, 0, 0}, {7, 37, 1500, 0, 1}, {3, 70, 1500, 1, 0}, {530, 9, 520, 1, 1}, {33, 5, 2000, 1, 0}, {600, 3, 700, 0, 1},
        {50, 40, 1024, 0, 0}, {1100, 11, 130, 1, 0}, {100, 1, 256, 0, 0}, {100, 1, 256, 0, 1}, {256, 1, 100, 1, 0}, {1, 784, 256, 0, 0},
        {1, 784, 64, 0, 1}, {1, 1, 1000, 0, 0}, {100, 256, 1, 0, 1}, {256, 1, 1, 1, 0}, {1, 1041, 33, 0, 0}, {1, 31, 33, 0, 0},
        {1, 129, 0, 0, 0}, {20, 784, 100, 0, 1}, {28, 8803, 29, 1, 0}, {32, 8803, 29, 0, 0},
        {35, 8803, 29, 1, 0}, {38, 8803, 29, 0, 0},
    };
    for (size_t n = 0; n < sizeof sizes / sizeof *sizes; n++) {
        const int *z = sizes[n];
        shape s = {.rows = z[0], .columns = z[1], .inner = z[2], .turned_a = z[3], .turned_b = z[4], .alpha = 1};
        check(&s);
        s.gap_b = 3, s.gap_c = 5, s.bias = 1, s.activation = LEAKY_RELU, s.beta = n & 1 ? 0.5 : 0;
        if (s.rows * s.columns * s.inner < 9000000) check(&s);
    }
}

/* An element's bits do not depend on how many rows and columns there are beside it. */
void test_products_company(void) {
    static const int shapes[][3] = {{150, 100, 0}, {40, 300, 0}, {5, 300, 0}, {40, 200, 1}, {1, 700, 0}, {3, 33, 1}};
    for (size_t n = 0; n < sizeof shapes / sizeof *shapes; n++) {
        shape whole = {
            .rows = 61, .columns = shapes[n][0], .inner = shapes[n][1], .turned_b = shapes[n][2], .alpha = 1, .bias = 1, .activation = TANH};
        operands o = make(&whole);
        float *expected = multiply(&whole, &o, 1);
        for (int rows = 1; rows <= 60; rows++) {
            shape some = whole;
            operands part = o;
            some.rows = rows;
            part.c_count = (size_t)(rows * whole.columns);
            CHECK(same_bits(multiply(&some, &part, 2), expected, part.c_count), "%d rows of %d columns", rows, whole.columns);
        }
        for (int columns = 1; columns <= whole.columns && columns <= 40; columns += 3) {
            shape some = whole;
            some.columns = columns;
            float *c = multiply(&some, &o, 1); /* B and C keep their layout */
            for (int i = 0; i < whole.rows; i++)
                CHECK(same_bits(c + i * whole.columns, expected + i * whole.columns, (size_t)columns), "%d of %d columns, row %d", columns,
                    whole.columns, i);
        }
        walls_down();
    }
}
