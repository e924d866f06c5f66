/* handles.h: what a case has made so far, and which of it a call is handed.
 *
 * Destroyed handles stay in the table, so that they are handed in again. */
#ifndef HANDLES_H
#define HANDLES_H

#include "fuzz.h"

#include <pthread.h>

enum { NO_KIND, OPTIONS, DATASET, TRAINER, GENERATOR, SAMPLER, CHECKPOINT, CLASSIFIER, EVALUATION, APPLIER, KINDS };

/* A callback's dataset, and what its function does. Lives as long as the process. */
typedef struct {
    int64_t pixels;
    int ways;     /* of failing, in percent */
    int released; /* how often */
    int is_expected;
} Source;

typedef struct {
    void *handle;
    int kind;
    int is_alive;
    int is_costly; /* options that make large networks, and what was made with them: such a trainer is not trained */
    int64_t latent, pixels; /* of a generator and its samplers */
} Slot;

/* A handle that was chosen, with what is known of it. */
typedef struct {
    void *handle;
    int is_good; /* it is what the call takes, and alive */
    Slot slot;
} Choice;

Choice choose(int kind);
void keep(int kind, void *handle, const Slot *from, int is_costly);
void forget(void *handle);
int is_concurrent(void);
void be_concurrent(int yes);
Source *new_source(int64_t pixels);
void destroy_all(void);
extern pthread_mutex_t table_lock;

/* One call, or a few that belong together. */
void make_a_call(void);

/* The calls, a file for each side of the library. */
void call_about_options(void);
void call_about_datasets(void);
void call_about_fields(void);
void call_about_trainers(void);
void call_about_generators(void);
void call_about_samplers(void);
void call_about_appliers(void);
void call_about_measures(void);
void call_about_tables(void);
void call_about_files(void);

/* Keeps a generator with the sizes that it has. */
void keep_generator(int32_t status, void **made, int could_be, int is_costly);

/* Judges a call that filled a handle in, and keeps what it made, which is read after the call. */
void keep_made(int kind, int32_t status, void **made, int could_be, const Slot *from, int is_costly);
/* Asks for text with random buffers. `call` is a macro's work: see TEXT_OF. */
typedef int32_t (*text_call)(const void *handle, const char *name, int64_t index, int64_t number, char *buffer, size_t capacity, size_t *size);
int32_t ask_text(const char *function, text_call call, Choice of, const char *name, int64_t index, int64_t number);
/* After a call with a handle: one that is none must not have been accepted. */
void judge_choice(const char *function, Choice of, int32_t status);

#define UNTOUCHED ((void *)0x5a5a5a50)

int32_t fill_images(void *context, const int64_t *indices, int64_t count, float *values);
void release_source(void *context);
int32_t on_progress(void *context, gan_trainer *trainer, int32_t event);

#endif
