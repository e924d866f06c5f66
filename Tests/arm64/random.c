/* Philox 4x32-10 as it is written in the paper, with the known answers that come with the authors' own implementation
 * (Random123), and the variates made of its words. The uniform ones are the same on every instruction set, bit for bit. */
#include "check.h"

static void philox(uint32_t c[4], uint32_t k0, uint32_t k1) {
    for (int round = 0; round < 10; round++, k0 += 0x9E3779B9u, k1 += 0xBB67AE85u) {
        uint64_t p0 = (uint64_t)0xD2511F53u * c[0], p1 = (uint64_t)0xCD9E8D57u * c[2];
        uint32_t next[] = {(uint32_t)(p1 >> 32) ^ c[1] ^ k0, (uint32_t)p1, (uint32_t)(p0 >> 32) ^ c[3] ^ k1, (uint32_t)p0};
        memcpy(c, next, sizeof next);
    }
}

/* The words of the block that columns 4 · block and following of a row are made of. */
static void block_of(uint32_t words[4], int block, uint64_t row, uint32_t stream, uint64_t seed) {
    uint32_t counter[] = {(uint32_t)block, (uint32_t)row, (uint32_t)(row >> 32), stream};
    philox(counter, (uint32_t)seed, (uint32_t)(seed >> 32));
    memcpy(words, counter, sizeof counter);
}

void test_philox(void) {
    static const uint32_t known[][10] = {
        {0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
        {~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
        {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
    };
    for (int n = 0; n < 3; n++) {
        uint32_t words[4];
        memcpy(words, known[n], sizeof words);
        philox(words, known[n][4], known[n][5]);
        CHECK(memcmp(words, known[n] + 6, sizeof words) == 0, "the known answer %d", n);
    }
    /* The first known answer through the kernel: counter 0, key 0. */
    float first[4];
    random_arguments zero = {0, 0, 0, 0, 1, 4, first, 1, 0};
    random_variates(&zero, 0, 1);
    for (int j = 0; j < 4; j++) CHECK(first[j] == (float)(known[0][6 + j] >> 8) * 0x1p-24f, "column %d of the first block", j);
    for (int round = 0; round < 80; round++) {
        static const uint64_t starts[] = {0, 1, 0xfffffffe, 0x123456789abcd};
        uint64_t seed = chance_bits(), start = starts[round % 4];
        uint32_t stream = (uint32_t)chance_bits();
        int rows = chance_between(1, 5), columns = chance_between(1, 150), parts = (int)PICK(1, 2, 3, 8);
        float *y = walled_floats((size_t)(rows * columns));
        random_arguments t = {0, seed, stream, start, rows, columns, y, 1, 0};
        for (int part = 0; part < parts; part++) random_variates(&t, part, parts);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                uint32_t words[4];
                block_of(words, j / 4, start + (uint64_t)i, stream, seed);
                CHECK(y[i * columns + j] == (float)(words[j % 4] >> 8) * 0x1p-24f, "%d x %d, %d parts: (%d, %d)", rows, columns, parts, i, j);
            }
        }
        walls_down();
    }
}

void test_normals(void) {
    static const int widths[] = {1, 3, 4, 15, 16, 17, 63, 64, 65, 1000};
    for (size_t n = 0; n < sizeof widths / sizeof *widths; n++) {
        int columns = widths[n];
        uint64_t seed = chance_bits();
        float *y = walled_floats((size_t)(4 * columns)), *again = walled_floats((size_t)(4 * columns));
        random_arguments t = {1, seed, 7, 3, 4, columns, y, 2, -1};
        random_variates(&t, 0, 1);
        t.y = again;
        for (int part = 0; part < 3; part++) random_variates(&t, part, 3);
        CHECK(same_bits(y, again, (size_t)(4 * columns)), "%d columns: three parts differ from one", columns);
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < columns; j++) {
                uint32_t words[4];
                block_of(words, j / 4, (uint64_t)(3 + i), 7, seed);
                int pair = j % 4 / 2 * 2;
                double u1 = ((words[pair] >> 8) + 1) * 0x1p-24, turn = 2 * 3.14159265358979323846 * ((words[pair + 1] >> 8) * 0x1p-24);
                double z = sqrt(-2 * log(u1)) * (j % 2 == 0 ? cos(turn) : sin(turn));
                CHECK(fabs((double)y[i * columns + j] - (2 * z - 1)) <= 3e-6, "%d columns: (%d, %d) is %g, not %g", columns, i, j,
                    (double)y[i * columns + j], 2 * z - 1);
            }
        }
        walls_down();
    }
}
