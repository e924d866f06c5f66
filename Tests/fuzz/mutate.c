/* Files that lie: a file of any kind is changed a little, below its compression where it has one, and its checksums are mended
 * so that a reader goes on to what the change is about. */
#include "fuzz.h"

#include <zlib.h>

enum { LARGEST = 1 << 20 };

static Bytes copy_of(Bytes original, size_t room) {
    Bytes copy = {malloc(original.size + room + 1), original.size};
    if (copy.bytes == NULL) FAULT("the fuzzer itself has no memory");
    if (original.size > 0) memcpy(copy.bytes, original.bytes, original.size);
    return copy;
}

static uint32_t big32(const uint8_t *at) { return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3]; }
static void put_big32(uint8_t *at, uint32_t value) { at[0] = (uint8_t)(value >> 24), at[1] = (uint8_t)(value >> 16), at[2] = (uint8_t)(value >> 8), at[3] = (uint8_t)value; }

static int starts_with(Bytes file, const char *signature, size_t size) { return file.size >= size && memcmp(file.bytes, signature, size) == 0; }

/* Replaces the bytes [from, to). */
static Bytes replace(Bytes file, size_t from, size_t to, const void *with, size_t size) {
    Bytes result = {malloc(file.size - (to - from) + size + 1), file.size - (to - from) + size};
    if (result.bytes == NULL) FAULT("the fuzzer itself has no memory");
    memcpy(result.bytes, file.bytes, from);
    if (size > 0) memcpy(result.bytes + from, with, size);
    memcpy(result.bytes + from + size, file.bytes + to, file.size - to);
    free(file.bytes);
    return result;
}

/* ------------------------------------------------------------------------------------------------ Changing */

/* A place, more often near the beginning, where the headers are. */
static size_t a_place(Bytes file) { return (size_t)(chance(50) ? one_of((int64_t)(file.size < 64 ? file.size : 64)) : one_of((int64_t)file.size)); }

/* A number that is written as text becomes another. */
static Bytes change_a_number(Bytes file) {
    size_t start = a_place(file), end, i;
    char text[40];
    for (i = 0; i < file.size && !(file.bytes[start] >= '0' && file.bytes[start] <= '9'); i++) start = (start + 1) % file.size;
    if (i == file.size) return file;
    while (start > 0 && file.bytes[start - 1] >= '0' && file.bytes[start - 1] <= '9') start--;
    for (end = start; end < file.size && file.bytes[end] >= '0' && file.bytes[end] <= '9'; end++) {}
    if (end - start > 30) return file;
    switch (one_of(5)) {
    case 0: snprintf(text, sizeof text, "%lld", (long long)hostile_integer()); break;
    case 1: snprintf(text, sizeof text, "%llu", (unsigned long long)strtoull((const char *)file.bytes + start, NULL, 10) + (unsigned long long)one_of(3) - 1); break;
    case 2: snprintf(text, sizeof text, "%g", hostile_real()); break;
    case 3: snprintf(text, sizeof text, "%s", "99999999999999999999999"); break;
    default: snprintf(text, sizeof text, "%lld", (long long)one_of(300)); break;
    }
    return replace(file, start, end, text, strlen(text));
}

/* One word of the text becomes another word of it, or a character of its punctuation another. */
static Bytes change_text(Bytes file) {
    static const char punctuation[] = "{}[]():,\"' \n\\";
    size_t a, b, length;
    if (chance(50)) {
        file.bytes[a_place(file)] = (uint8_t)punctuation[one_of((int64_t)sizeof punctuation - 1)];
        return file;
    }
    a = a_place(file), b = a_place(file), length = (size_t)one_of(24);
    if (a + length > file.size || b + length > file.size) return file;
    memmove(file.bytes + b, file.bytes + a, length);
    return file;
}

static Bytes change_once(Bytes file) {
    static const uint32_t words[] = {0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000u, 0xffffffffu, 0x40000000, 60000};
    size_t place, length, i;
    uint32_t word = words[one_of(COUNT_OF(words))];
    if (file.size == 0) return file;
    place = a_place(file);
    switch (one_of(14)) {
    case 0:
    case 1: file.bytes[place] ^= (uint8_t)(1 << one_of(8)); return file;
    case 2: file.bytes[place] = (uint8_t)dice(); return file;
    case 3: file.bytes[place] = (uint8_t)word; return file;
    case 4:
    case 5:
        if (place + 4 <= file.size) put_big32(file.bytes + place, word);
        return file;
    case 6:
        for (i = 0; i < 4 && place + i < file.size; i++) file.bytes[place + i] = (uint8_t)(word >> (8 * i));
        return file;
    case 7: {
        uint64_t wide = (uint64_t)hostile_integer();
        for (i = 0; i < 8 && place + i < file.size; i++) file.bytes[place + i] = (uint8_t)(wide >> (8 * i));
        return file;
    }
    case 8: /* cut, or cut out */
        length = chance(50) ? file.size - place : (size_t)one_of((int64_t)(file.size - place < 64 ? file.size - place : 64) + 1);
        return replace(file, place, place + length, NULL, 0);
    case 9: { /* twice */
        Bytes part;
        length = (size_t)one_of((int64_t)(file.size - place < 400 ? file.size - place : 400) + 1);
        part = copy_of((Bytes){file.bytes + place, length}, 0);
        file = replace(file, place, place, part.bytes, part.size);
        free(part.bytes);
        return file;
    }
    case 10: { /* a piece of another file */
        Bytes other = corpus_entry((int)one_of(corpus_count()));
        size_t from = other.size > 0 ? (size_t)one_of((int64_t)other.size) : 0;
        length = (size_t)one_of((int64_t)(other.size - from < 200 ? other.size - from : 200) + 1);
        return replace(file, place, chance(50) || place + length > file.size ? place : place + length, other.bytes + from, length);
    }
    case 11: return change_text(file);
    default: return change_a_number(file);
    }
}

static Bytes change(Bytes file) {
    int64_t times = chance(60) ? 1 : 1 + one_of(6);
    for (; times > 0 && file.size < LARGEST; times--) file = change_once(file);
    return file;
}

/* ------------------------------------------------------------------------------------------- Compression */

/* What a zlib (15), gzip (31) or raw stream (−15) holds. Of one that is damaged, what comes before that. */
static Bytes inflated(Bytes packed, int bits) {
    Bytes result = {malloc(LARGEST + 1), 0};
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    if (result.bytes == NULL || inflateInit2(&stream, bits) != Z_OK) FAULT("the fuzzer itself has no memory");
    stream.next_in = packed.bytes;
    stream.avail_in = (uInt)packed.size;
    stream.next_out = result.bytes;
    stream.avail_out = LARGEST;
    inflate(&stream, Z_FINISH);
    result.size = stream.total_out;
    inflateEnd(&stream);
    return result;
}

static Bytes deflated(Bytes plain, int bits) {
    z_stream stream;
    Bytes result;
    memset(&stream, 0, sizeof stream);
    if (deflateInit2(&stream, (int)one_of(10), Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY) != Z_OK) FAULT("the fuzzer itself has no memory");
    result.size = deflateBound(&stream, plain.size) + 64;
    result.bytes = malloc(result.size);
    if (result.bytes == NULL) FAULT("the fuzzer itself has no memory");
    stream.next_in = plain.bytes;
    stream.avail_in = (uInt)plain.size;
    stream.next_out = result.bytes;
    stream.avail_out = (uInt)result.size;
    deflate(&stream, Z_FINISH);
    result.size = stream.total_out;
    deflateEnd(&stream);
    return result;
}

/* The last eight bytes are the contents' checksum and length. */
static void mend_gzip(Bytes file) {
    Bytes contents;
    uint32_t check;
    int i;
    if (file.size < 18) return;
    contents = inflated(file, 31);
    check = (uint32_t)crc32(0, contents.bytes, (uInt)contents.size);
    for (i = 0; i < 4; i++) {
        file.bytes[file.size - 8 + (size_t)i] = (uint8_t)(check >> (8 * i));
        file.bytes[file.size - 4 + (size_t)i] = (uint8_t)(contents.size >> (8 * i));
    }
    free(contents.bytes);
}

static Bytes change_gzip(Bytes file) {
    Bytes contents, packed;
    if (chance(30)) {
        file = change(file);
        if (chance(80)) mend_gzip(file);
        return file;
    }
    contents = change(inflated(file, 31));
    packed = deflated(contents, 31);
    free(contents.bytes);
    free(file.bytes);
    if (chance(10)) packed = change(packed);
    return packed;
}

/* ----------------------------------------------------------------------------------------------------- PNG */

/* A chunk is its length, its kind, its data, and the checksum of kind and data. */
static void mend_png(Bytes file) {
    size_t at = 8;
    while (at + 12 <= file.size) {
        size_t length = big32(file.bytes + at);
        if (length > file.size - at - 12) length = file.size - at - 12;
        if (chance(97)) put_big32(file.bytes + at, (uint32_t)length);
        put_big32(file.bytes + at + 8 + length, (uint32_t)crc32(0, file.bytes + at + 4, (uInt)(length + 4)));
        at += 12 + length;
    }
}

/* Changes the rows below their compression. */
static Bytes change_rows(Bytes file) {
    size_t at = 8, length;
    while (at + 12 <= file.size) {
        length = big32(file.bytes + at);
        if (length > file.size - at - 12) return file;
        if (memcmp(file.bytes + at + 4, "IDAT", 4) == 0) {
            Bytes rows = change(inflated((Bytes){file.bytes + at + 8, length}, 15)), packed = deflated(rows, 15);
            put_big32(file.bytes + at, (uint32_t)packed.size);
            file = replace(file, at + 8, at + 8 + length, packed.bytes, packed.size);
            free(rows.bytes);
            free(packed.bytes);
            return file;
        }
        at += 12 + length;
    }
    return file;
}

/* The header's numbers, each by itself: width, height, depth, colour, compression, filter, interlace. */
static Bytes change_png_header(Bytes file) {
    static const uint8_t depths[] = {1, 2, 4, 8, 16, 0, 3, 255}, colours[] = {0, 2, 3, 4, 6, 1, 5, 255};
    if (file.size < 33) return file;
    switch (one_of(6)) {
    case 0: put_big32(file.bytes + 16, (uint32_t)(chance(60) ? one_of(40) : hostile_integer())); break;
    case 1: put_big32(file.bytes + 20, (uint32_t)(chance(60) ? one_of(40) : hostile_integer())); break;
    case 2: file.bytes[24] = depths[one_of(8)]; break;
    case 3: file.bytes[25] = colours[one_of(8)]; break;
    case 4: file.bytes[28] ^= 1; break;
    default: file.bytes[26 + one_of(3)] = (uint8_t)dice(); break;
    }
    return file;
}

static Bytes change_png(Bytes file) {
    switch (one_of(3)) {
    case 0: file = change_rows(file); break;
    case 1: file = change_png_header(file); break;
    default: file = change(file); break;
    }
    if (chance(92)) mend_png(file);
    return file;
}

/* ---------------------------------------------------------------------------------------------------- JPEG */

/* Inside a segment, whose length stays what it was; or anywhere. */
static Bytes change_jpeg(Bytes file) {
    size_t at = 2, places[64], length;
    int count = 0;
    while (at + 4 <= file.size && file.bytes[at] == 0xff && count < COUNT_OF(places)) {
        places[count++] = at;
        length = (size_t)file.bytes[at + 2] << 8 | file.bytes[at + 3];
        if (file.bytes[at + 1] == 0xda) break;
        at += 2 + length;
    }
    if (count == 0 || chance(30)) return change(file);
    at = places[one_of(count)];
    length = (size_t)file.bytes[at + 2] << 8 | file.bytes[at + 3];
    switch (one_of(4)) {
    case 0: file.bytes[at + 1] = (uint8_t)(0xc0 + one_of(64)); break;
    case 1: file.bytes[at + 2 + (size_t)one_of(2)] = (uint8_t)dice(); break;
    default:
        if (length > 2) at += 4 + (size_t)one_of((int64_t)length - 2);
        if (at < file.size) file.bytes[at] = chance(50) ? (uint8_t)dice() : "\0\1\x7f\x80\xff"[one_of(5)];
    }
    return file;
}

/* ----------------------------------------------------------------------------------------------------- NPY */

/* Ten bytes, the last two the length of the text behind them. */
static Bytes change_npy(Bytes file) {
    size_t length, before = file.size;
    int64_t difference;
    if (file.size < 12) return change(file);
    length = (size_t)file.bytes[8] | (size_t)file.bytes[9] << 8;
    if (length + 10 > file.size || chance(20)) return change(file);
    if (chance(70)) {
        Bytes header = change(copy_of((Bytes){file.bytes + 10, length}, 0));
        file = replace(file, 10, 10 + length, header.bytes, header.size);
        free(header.bytes);
    } else if (file.size > length + 10) {
        Bytes data = change(copy_of((Bytes){file.bytes + 10 + length, file.size - 10 - length}, 0));
        file = replace(file, 10 + length, file.size, data.bytes, data.size);
        free(data.bytes);
        return file;
    }
    difference = (int64_t)file.size - (int64_t)before + (int64_t)length;
    if (chance(90)) file.bytes[8] = (uint8_t)difference, file.bytes[9] = (uint8_t)(difference >> 8);
    return file;
}

/* --------------------------------------------------------------------------------------------- Checkpoints */

/* The checksum is that of the whole file, with the character 0 for its eight digits. */
static void mend_checkpoint(Bytes file) {
    static const char key[] = "\"checksum\":\"";
    size_t at;
    char digits[9];
    uint8_t *place = memmem(file.bytes, file.size, key, sizeof key - 1);
    if (place == NULL) return;
    at = (size_t)(place - file.bytes) + sizeof key - 1;
    if (at + 8 > file.size) return;
    memset(file.bytes + at, '0', 8);
    snprintf(digits, sizeof digits, "%08lx", (unsigned long)crc32(0, file.bytes, (uInt)file.size));
    memcpy(file.bytes + at, digits, 8);
}

/* Eight bytes, the length of the header; the header; the tensors. */
static Bytes change_checkpoint(Bytes file) {
    uint64_t length = 0;
    int i;
    for (i = 7; i >= 0; i--) length = length << 8 | (i < (int)file.size ? file.bytes[i] : 0);
    if (file.size < 16 || length > file.size - 8 || chance(10)) file = change(file);
    else if (chance(80)) {
        Bytes header = copy_of((Bytes){file.bytes + 8, length}, 0);
        int64_t times = chance(60) ? 1 : 1 + one_of(4);
        for (; times > 0 && header.size > 0; times--) {
            size_t place = (size_t)one_of((int64_t)header.size);
            switch (one_of(6)) {
            case 0:
            case 1: header = change_a_number(header); break;
            case 2: header = change_text(header); break;
            case 3: { /* a value that an option of the file has, to be read as one */
                const char *text = hostile_text();
                size_t size = text == NULL ? 0 : strlen(text) < 3000 ? strlen(text) : 3000;
                uint8_t *colon = memchr(header.bytes + place, ':', header.size - place);
                uint8_t *open = colon == NULL ? NULL : memchr(colon, '"', header.size - (size_t)(colon - header.bytes));
                uint8_t *close = open == NULL ? NULL : memchr(open + 1, '"', header.size - (size_t)(open + 1 - header.bytes));
                if (close != NULL) header = replace(header, (size_t)(open + 1 - header.bytes), (size_t)(close - header.bytes), text, size);
                break;
            }
            default: header = change_once(header); break;
            }
        }
        file = replace(file, 8, 8 + length, header.bytes, header.size);
        if (chance(95))
            for (i = 0; i < 8; i++) file.bytes[i] = (uint8_t)((uint64_t)header.size >> (8 * i));
        free(header.bytes);
    } else if (file.size > length + 8) { /* weights that are infinite, and others */
        size_t data = (size_t)length + 8;
        int64_t times = 1 + one_of(8);
        for (; times > 0; times--) {
            size_t place = data + (size_t)one_of((int64_t)(file.size - data)) / 4 * 4;
            float value = (float)hostile_real();
            if (place + 4 <= file.size) memcpy(file.bytes + place, &value, 4);
        }
    }
    if (chance(95)) mend_checkpoint(file);
    return file;
}

Bytes mutated(Bytes original) {
    Bytes file = copy_of(original, 0);
    if (file.size == 0 || chance(4)) return change(file);
    if (starts_with(file, "\x1f\x8b", 2)) return change_gzip(file);
    if (starts_with(file, "\x89PNG", 4)) return change_png(file);
    if (starts_with(file, "\xff\xd8", 2)) return change_jpeg(file);
    if (starts_with(file, "\x93NUMPY", 6)) return change_npy(file);
    if (file.size > 9 && file.bytes[8] == '{') return change_checkpoint(file);
    return change(file);
}
