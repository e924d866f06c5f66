/* Arguments that nobody should pass, and buffers that notice when they are written over. */
#include "fuzz.h"

int64_t hostile_integer(void) {
    static const int64_t values[] = {
        0, 1, -1, 2, 3, 7, 255, 256, 65535, 65536, 65537, INT32_MAX, INT32_MIN, (int64_t)INT32_MAX + 1, UINT32_MAX,
        (int64_t)UINT32_MAX + 1, (int64_t)1 << 53, ((int64_t)1 << 53) + 1, (int64_t)1 << 60, (int64_t)1 << 61, (int64_t)1 << 62,
        INT64_MAX / 4, INT64_MAX / 36, INT64_MAX - 1, INT64_MAX, INT64_MIN, INT64_MIN + 1,
    };
    if (chance(15)) return (int64_t)dice();
    return values[one_of(COUNT_OF(values))];
}

int32_t hostile_int32(void) {
    static const int32_t values[] = {0, 1, -1, 2, 3, 4, 7, 64, 255, 256, 65535, 65536, 65537, 1 << 30, INT32_MAX - 1, INT32_MAX, INT32_MIN};
    return chance(10) ? (int32_t)dice() : values[one_of(COUNT_OF(values))];
}

double hostile_real(void) {
    static const double values[] = {0, -0.0, 1, -1, 0.5, 1e-320, 1e-30, 1e30, 1e300, -1e300, 9007199254740993.0, 9.3e18, -9.3e18, 1.8e19};
    switch (one_of(8)) {
    case 0: return (double)NAN;
    case 1: return (double)INFINITY;
    case 2: return -(double)INFINITY;
    case 3: {
        uint64_t bits = dice();
        double value;
        memcpy(&value, &bits, sizeof value);
        return value;
    }
    default: return values[one_of(COUNT_OF(values))];
    }
}

static __thread char texts[2][70100];
static __thread int turn;

static char *of_length(int64_t length, int letter) {
    char *text = texts[turn ^= 1];
    memset(text, letter, (size_t)length);
    text[length] = 0;
    return text;
}

const char *hostile_text(void) {
    static const char *const values[] = {
        "", " ", "0", "1", "-1", "-0", "+1", "00", "1.5", "1,5", "1e400", "1e-400", "-1e400", "nan", "inf", "-inf", "NaN", "0x10", "1e", "e",
        ".", ",", ",,", "1,", ",1", "1,2,3", "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,"
        "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1", "65536,65536,65536,65536", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
        "18446744073709551616", "340282366920938463463374607431768211456", "true", "false", "TRUE", "auto", "mlp", "dcgan", "label", "latents", "c1",
        "c2", "seed", "kind", "step", "images", "%s%n%s%n", "\xff\xfe", "\xc3", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\nb", "\x1b[2J", "\t", "\x7f",
        "é", "e\xcc\x81", "\xe2\x80\xae", "\xf0\x9f\x98\x80", "1\xc2\xa0", "١", "batch-size ", " batch-size", "Batch-Size", "batch_size", "batchsize",
        "generator.", ".hidden", "generator.hidden.", "../../../../etc/passwd", "\\", "\"", "'", "{}", "gan", "infogan",
    };
    int64_t way = one_of(100);
    char *text;
    if (way < 2) return NULL;
    if (way < 4) return of_length(65534 + one_of(5), chance(50) ? 'x' : '1');
    if (way < 5) return of_length(70000, ',');
    if (way < 6) return of_length(one_of(2000), "\xff\xc3,19e."[one_of(7)]);
    if (way < 12) { /* a few bytes of any kind */
        int64_t i, length = 1 + one_of(12);
        text = of_length(length, ' ');
        for (i = 0; i < length; i++) text[i] = (char)(1 + one_of(255));
        return text;
    }
    if (way < 22) {
        text = of_length(60, 0);
        if (chance(50)) snprintf(text, 60, "%lld", (long long)hostile_integer());
        else snprintf(text, 60, "%.17g", hostile_real());
        return text;
    }
    return values[one_of(COUNT_OF(values))];
}

const char *hostile_source(void) {
    static const char *const values[] = {
        "", ".", "/", "..", "nothing", "nothing/there", "./a.safetensors/b", "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/proc/self/maps",
        "/proc/self", "/proc/self/exe", "a.png", "a.idx", "a.npy", "a.safetensors", "g.safetensors", "folder", "loop", "broken", "file\xff",
    };
    if (chance(12)) return hostile_text();
    return values[one_of(COUNT_OF(values))];
}

const char *hostile_target(void) {
    static const char *const values[] = {
        "a.png", "a.idx", "a.npy", "a.safetensors", "g.safetensors", "folder/new", "folder/b.png", "", ".", "/", "nothing/there", "a.png/b", "/dev/null",
        "/dev/full", "folder", "loop", "broken", "file\xff", "%s%n", "a b", "link", "-",
    };
    switch (one_of(20)) {
    case 0: return NULL;
    case 1: return of_length(255, 'n');
    case 2: return of_length(256, 'n');
    case 3: return of_length(65536 + one_of(3), 'n');
    case 4: return of_length(4096, 'n');
    default: return values[one_of(COUNT_OF(values))];
    }
}

/* ------------------------------------------------------------------------------------------------- Buffers */

enum { GUARD = 64, GUARDING = 0xa7 };

/* The guards are a part of the block on purpose: with a sanitizer they would be found anyway, and without one they are found
 * whatever stands behind. */
Buffer buffer_of(size_t capacity) {
    Buffer buffer;
    buffer.capacity = capacity;
    buffer.block = malloc(capacity + 2 * GUARD);
    if (buffer.block == NULL) FAULT("the fuzzer itself has no memory for %zu bytes", capacity);
    memset(buffer.block, GUARDING, capacity + 2 * GUARD);
    buffer.bytes = buffer.block + GUARD;
    return buffer;
}

void free_buffer(Buffer *buffer) {
    size_t i;
    for (i = 0; i < GUARD; i++)
        if (buffer->block[i] != GUARDING || buffer->bytes[buffer->capacity + i] != GUARDING) FAULT("a buffer was written over");
    free(buffer->block);
    buffer->block = NULL;
}
