/* Every elementwise operation and chains of them: values, layouts, in place, ends of vectors. */
#include "check.h"
#include "opcodes.h"

int opcode_operands(int opcode) {
    switch (opcode) {
    case MULTIPLY_ADD: case SELECT: return 3;
    case ADD: case SUBTRACT: case MULTIPLY: case DIVIDE: case MAXIMUM: case MINIMUM: case GREATER: case EQUAL: return 2;
    default: return 1;
    }
}

double opcode_truth(int opcode, double a, double b, double c) {
    switch (opcode) {
    case ADD: return a + b;
    case SUBTRACT: return a - b;
    case MULTIPLY: return a * b;
    case DIVIDE: return a / b;
    case MAXIMUM: return a > b ? a : b;
    case MINIMUM: return a < b ? a : b;
    case MULTIPLY_ADD: return a * b + c;
    case SELECT: return a != 0 ? b : c;
    case GREATER: return a > b;
    case EQUAL: return a == b;
    case NEGATE: return -a;
    case ABSOLUTE: return fabs(a);
    case EXPONENTIAL: return exp(a);
    case LOGARITHM: return log(a);
    case SQUARE_ROOT: return sqrt(a);
    case TANGENT: return tanh(a);
    case LOGISTIC: return a < 0 ? exp(a) / (1 + exp(a)) : 1 / (1 + exp(-a));
    case SOFTPLUS: return fmax(a, 0) + log1p(exp(-fabs(a)));
    default: return NAN;
    }
}

/* A matrix in one of the layouts that an input may have: without gaps, with gaps, one value, one row, one value a row. */
static chain_input input(int layout, int rows, int columns) {
    static const float landmarks[] = {0, 1, -1, 2, -2};
    intptr_t row = layout == 0 ? columns : layout == 1 ? columns + chance_between(1, 9) : layout == 4 ? chance_between(1, 3) : 0;
    intptr_t column = layout == 2 || layout == 4 ? 0 : 1;
    size_t count = (size_t)((rows - 1) * row + (columns - 1) * column + 1);
    float *values = walled(count * sizeof *values);
    /* Repeated small numbers make equality happen. */
    for (size_t i = 0; i < count; i++) values[i] = chance_between(0, 3) == 0 ? landmarks[chance_between(0, 4)] : 4 * chance_float();
    return (chain_input){values, row, column};
}

static double at(const chain_input *input, int i, int j) { return (double)input->pointer[i * input->row + j * input->column]; }

static float *workspace(void) {
    size_t count = (size_t)chain_workspace();
    float *p = walled(count * sizeof *p);
    for (size_t i = 0; i < count; i++) p[i] = NAN;
    return p;
}

void test_operations(void) {
    CHECK(chain_opcodes() == OPCODES, "there are %ld operations, of which %d are tested", (long)chain_opcodes(), OPCODES);
    for (int opcode = 0; opcode < OPCODES; opcode++) {
        for (int round = 0; round < 60; round++) {
            int rows = (int)PICK(1, 1, 2, 3, 7, 20), columns = (int)PICK(1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 33, 64, 100, 257, 600);
            int parts = (int)PICK(1, 2, 3, 8), in_place = round % 3 == 0;
            chain_input inputs[3], given[3];
            for (int n = 0; n < 3; n++) given[n] = inputs[n] = input(in_place && n == 0 ? round & 1 : chance_between(0, 4), rows, columns);
            intptr_t stride = in_place ? inputs[0].row : columns + (int)PICK(0, 0, 3);
            float *result = walled_floats((size_t)((rows - 1) * stride + columns));
            if (in_place) {
                memcpy(result, inputs[0].pointer, (size_t)((rows - 1) * stride + columns) * sizeof *result);
                given[0].pointer = result;
            }
            chain_operation operation = {(uint8_t)opcode, 3, 0, 1, 2};
            chain_output output = {result, stride, 3};
            chain_arguments t = {rows, columns, given, opcode_operands(opcode), &operation, 1, &output, 1, NULL, 0, 1};
            for (int part = 0; part < parts; part++) chain(&t, part, parts, workspace());
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    double truth = opcode_truth(opcode, at(&inputs[0], i, j), at(&inputs[1], i, j), at(&inputs[2], i, j));
                    /* Rounded once (the product and sum too, since it is fused; its truth here is rounded already), or bounded. */
                    CHECK(ulps(result[i * stride + j], truth) <= (opcode < EXPONENTIAL || opcode == SQUARE_ROOT ? 0.5000001 : 2.6),
                        "operation %d, %d x %d, %d parts: (%d, %d) is %.9g, not %.9g", opcode, rows, columns, parts, i, j,
                        (double)result[i * stride + j], truth);
                }
            }
            walls_down();
        }
    }
}

/* d = (a - b) · c; e = d · d + a; a = e > b ? e : b, an input's register written over; e and a are stored. */
void test_chains(void) {
    static const chain_operation operations[] = {
        {SUBTRACT, 3, 0, 1, 0}, {MULTIPLY, 3, 3, 2, 0}, {MULTIPLY, 4, 3, 3, 0}, {ADD, 4, 4, 0, 0}, {MAXIMUM, 0, 4, 1, 0}};
    for (int round = 0; round < 200; round++) {
        int rows = (int)PICK(1, 2, 3, 7, 20, 70), columns = (int)PICK(1, 2, 3, 4, 5, 15, 16, 17, 33, 100, 257, 600);
        chain_input inputs[3];
        for (int n = 0; n < 3; n++) inputs[n] = input(chance_between(0, 4), rows, columns);
        float *first = NULL;
        for (int parts = 1; parts <= 4; parts++) {
            size_t count = (size_t)(rows * columns);
            float *results = walled_floats(2 * count);
            chain_output outputs[] = {{results, columns, 4}, {results + count, columns, 0}};
            chain_arguments t = {rows, columns, inputs, 3, operations, 5, outputs, 2, NULL, 0, 1};
            for (int part = 0; part < parts; part++) chain(&t, part, parts, workspace());
            if (first) {
                CHECK(same_bits(results, first, 2 * count), "%d x %d: %d parts differ from one", rows, columns, parts);
                continue;
            }
            first = results;
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    float a = (float)at(&inputs[0], i, j), b = (float)at(&inputs[1], i, j), c = (float)at(&inputs[2], i, j);
                    /* Rounded after every operation. */
                    volatile float d = a - b;
                    d = d * c;
                    volatile float e = d * d;
                    e = e + a;
                    CHECK(results[i * columns + j] == e && results[count + (size_t)(i * columns + j)] == (e > b ? e : b),
                        "%d x %d: (%d, %d)", rows, columns, i, j);
                }
            }
        }
        walls_down();
    }
}

/* Registers that are added up over the rows: an input's, and a square that is not stored. */
void test_chain_sums(void) {
    static const chain_operation operations[] = {{SUBTRACT, 2, 0, 1, 0}, {MULTIPLY, 3, 2, 2, 0}};
    for (int round = 0; round < 80; round++) {
        int rows = chance_between(1, 70), columns = (int)PICK(1, 2, 3, 4, 5, 15, 16, 17, 31, 64, 100, 257, 600), chunks = chance_between(1, rows);
        chain_input inputs[] = {input(0, rows, columns), input(chance_between(0, 4), rows, columns)};
        float *first = NULL;
        size_t count = (size_t)(chunks * columns);
        for (int parts = 1; parts <= 3; parts++) {
            float *partial = walled_floats(2 * count), *result = walled_floats((size_t)(rows * columns));
            chain_sum sums[] = {{partial, 3}, {partial + count, 0}};
            chain_output output = {result, columns, 2};
            chain_arguments t = {rows, columns, inputs, 2, operations, 2, &output, 1, sums, 2, chunks};
            for (int part = 0; part < parts; part++) chain(&t, part, parts, workspace());
            if (first) {
                CHECK(same_bits(partial, first, 2 * count), "%d x %d, %d chunks: %d parts differ", rows, columns, chunks, parts);
                continue;
            }
            first = partial;
            for (int chunk = 0; chunk < chunks; chunk++) {
                for (int j = 0; j < columns; j++) {
                    double squares = 0, plain = 0, size = 0;
                    for (int i = rows * chunk / chunks; i < rows * (chunk + 1) / chunks; i++) {
                        double difference = at(&inputs[0], i, j) - at(&inputs[1], i, j);
                        squares += difference * difference;
                        plain += at(&inputs[0], i, j);
                        size += difference * difference + fabs(at(&inputs[0], i, j));
                        CHECK(result[i * columns + j] == (float)difference, "%d x %d: difference (%d, %d)", rows, columns, i, j);
                    }
                    CHECK(fabs((double)partial[chunk * columns + j] - squares) <= 1e-5 * (1 + size)
                            && fabs((double)partial[count + (size_t)(chunk * columns + j)] - plain) <= 1e-5 * (1 + size),
                        "%d x %d: sums of column %d, chunk %d of %d", rows, columns, j, chunk, chunks);
                }
            }
        }
        walls_down();
    }
}
