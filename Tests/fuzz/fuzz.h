/* fuzz.h: what the parts of the fuzzer share.
 *
 * A part (calls, threads, files, kills, memory) is a function that makes one case of a seed. Each case runs in a process of its
 * own, with its own folder as the working one; what ends that process, makes it hang, print, or keep a file open is a fault, and
 * so is whatever FAULT says. A fault is told with the part and the seed that make it again: SEED=… fuzz PART.
 */
#ifndef FUZZ_H
#define FUZZ_H

#define _GNU_SOURCE

#include <gan.h>

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT_OF(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* ------------------------------------------------------------------------------------------------ Chance */

/* Each thread has dice of its own, so that what one does is a function of the case's seed and of its number alone. */
void seed_dice(uint64_t seed);
uint64_t dice(void);
/* 0 … below − 1 */
int64_t one_of(int64_t below);
int chance(int percent);

/* --------------------------------------------------------------------------------------------- The judge */

/* Makes a call that has a status, and judges its answer: a documented status, and with a failure a sentence. */
#define CALL(function, ...) settled(#function, (begin(#function), function(__VA_ARGS__)))
/* Makes a call without a status; TEXT judges the string, where there has to be one. */
#define ASK(function, ...) (begin(#function), count_call(#function, 1), function(__VA_ARGS__))
#define ASK_ALONE(function) (begin(#function), count_call(#function, 1), function())
#define DESTROY(function, handle) (begin(#function), count_call(#function, 1), function(handle))

void begin(const char *function);
void count_call(const char *function, int succeeded);
int32_t settled(const char *function, int32_t status);
int32_t settled_quietly(const char *function, int32_t status); /* where the message is another call's */

/* Tells what is wrong and ends the case. */
#define FAULT(...) fault(__FILE__, __LINE__, __VA_ARGS__)
void fault(const char *file, int line, const char *format, ...) __attribute__((noreturn, format(printf, 3, 4)));
#define DEMAND(condition) \
    do {                  \
        if (!(condition)) FAULT("does not hold: %s", #condition); \
    } while (0)

/* What a repeated case did so far, one line a call. */
void trace(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ----------------------------------------------------------------------------------------------- Hostility */

int64_t hostile_integer(void);
int32_t hostile_int32(void);
double hostile_real(void);
const char *hostile_text(void);   /* may be NULL; valid until the thread's next one */
const char *hostile_source(void); /* a path to read from, likewise */
const char *hostile_target(void); /* a path to write to: within the case's folder, or a device that takes it */

/* A buffer with guards around it. */
typedef struct {
    uint8_t *bytes;
    size_t capacity;
    uint8_t *block;
} Buffer;
Buffer buffer_of(size_t capacity);
void free_buffer(Buffer *buffer); /* judges the guards */

/* --------------------------------------------------------------------------------------------------- Files */

typedef struct {
    uint8_t *bytes;
    size_t size;
} Bytes;

Bytes read_whole(const char *path); /* .bytes is NULL where it cannot be read */
void write_whole(const char *path, Bytes contents);
/* Of the corpus that main() read before the first case. */
int corpus_count(void);
Bytes corpus_entry(int index);
/* Changes a copy of a file of any kind, and mends its checksums most of the time. To be freed. */
Bytes mutated(Bytes original);

/* --------------------------------------------------------------------------------------------------- Parts */

void case_of_calls(void);
void case_of_threads(void);
void case_of_files(void);
void case_of_kills(void);
void case_of_memory(void);
void add_to_corpus(const char *path);

/* Of a small GAN. */
gan_options *small_options(void);
gan_dataset *small_dataset(void);
gan_trainer *small_trainer(void);

int memory_may_kill(void);
void forget_printing(void); /* a process that a case starts itself */
extern const char *source_folder; /* the checkout */

#endif
