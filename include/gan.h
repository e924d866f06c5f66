/* gan.h: generative adversarial networks from C, and from every language that can call C.
 *
 * libgan creates, trains, saves, resumes and samples generative adversarial networks on the CPU, with no Python
 * and no runtime to install. This header is the whole contract: what is not in it is not API.
 *
 * THE FOUR CALLS THAT MATTER
 *
 *     gan_dataset_open("digits/", NULL, &digits);            // images in
 *     gan_trainer_create(NULL, digits, &trainer);            // a GAN for images of that shape
 *     gan_trainer_run(trainer, 100, NULL, NULL);             // 100 epochs
 *     gan_trainer_save(trainer, "digits.safetensors");       // networks, optimisers, position
 *
 * and then, in the same program or another:
 *
 *     gan_generator_load("digits.safetensors", &generator);
 *     gan_sampler_create(generator, NULL, &sampler);
 *     gan_sampler_write_png(sampler, 7, 0, 64, 8, 2, 1, "grid.png");   // seed 7, samples 0...63, 8 a row
 *
 * CONVENTIONS
 *
 * Status.      Every function that can fail returns an int32_t status: GAN_OK (0) or a negative GAN_E_… code. The
 *              numbers are pinned for ever. After a failure gan_error_message() is a sentence that says what was wrong,
 *              what was expected and, where it helps, what to do. On failure out-parameters and buffers stay untouched,
 *              with one exception that is documented where it applies: a size parameter beside GAN_E_BUFFER_TOO_SMALL.
 *              Every function with a status may return GAN_E_OUT_OF_MEMORY, also where its own description leaves it out; one that
 *              takes a handle may return GAN_E_INVALID_HANDLE and GAN_E_BUSY.
 * Host.        No call aborts, exits, prints or leaks, whatever it is handed. NULL where a pointer is required is
 *              GAN_E_INVALID_ARGUMENT; a handle that was destroyed, or that is of another kind, is GAN_E_INVALID_HANDLE.
 * Handles.     gan_options, gan_dataset, gan_trainer, gan_generator, gan_sampler, gan_checkpoint, gan_classifier and
 *              gan_evaluation are opaque. Destroy each once, in any order: children keep what they need alive. Destroying NULL, or a handle a second time, does nothing.
 *              At most 262,144 may be alive at once.
 * Threads.     A handle may be used by one thread at a time, unless its functions say otherwise; different handles
 *              may be used by different threads at once. A call that finds its handle in use by another thread returns
 *              GAN_E_BUSY and changes nothing. A gan_generator is immutable and may be shared freely: give each thread
 *              a gan_sampler of its own. gan_trainer_cancel may be called from any thread.
 *              A call needs 48 KiB of its thread's stack: a thread with 64 KiB will do. With less it returns
 *              GAN_E_OUT_OF_MEMORY (NULL or 0 where it has no status) and changes nothing; destroying works all the same.
 *              pthread_cancel of a thread that is in a call takes effect once the call has returned.
 * Callbacks.   They run on the thread that made the call, and return: they do not leave by longjmp, by an exception of
 *              another language or by pthread_exit. A release function runs on the thread that destroys.
 * Floating     A call computes in an environment of its own, so neither the host's rounding mode nor its exceptions that
 * point.       trap change a result, and gives the host's back with its flags. Callbacks run in the host's.
 * fork.        The library works in a child of fork(), with what the parent made. What another thread of the parent was using
 *              is free in the child, in the state that it was in: a trainer in the middle of a step may have made a part of it,
 *              so load a checkpoint where every bit matters. What that call alone held is lost with its thread. The child
 *              starts threads of its own when it needs some. fork() waits for calls of other threads to reach a place where
 *              they may be copied; that takes microseconds, or for one that reads or writes a file up to a second.
 * Strings.     UTF-8, terminated by 0, of at most 65,536 bytes. Strings returned as const char * are owned by the library
 *              and live for ever, except gan_error_message().
 * Images.      [count, height, width, channels], the channel varying fastest, without gaps. Bytes are 0 (black) to 255.
 * Exactness.   On one machine the result of a call depends on the options, the data and the seed, and on nothing else:
 *              not on the number of threads, not on the batch in which a sample is drawn, not on whether a training was
 *              interrupted and resumed. Between instruction sets (gan_instruction_set) the last bits may differ.
 * Versions.    Nothing here is ever changed, only added to. "Since" names the version that brought a function; what is "settling"
 *              may still change until that version is released.
 */
#ifndef GAN_H
#define GAN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#define GAN_API
#else
#define GAN_API __attribute__((visibility("default")))
#endif

/* ------------------------------------------------------------------------------------------------ Version */

/** The version this header belongs to: 10000 · major + 100 · minor + patch. */
#define GAN_VERSION 200
#define GAN_VERSION_STRING "0.2.0"

/** The version of the library that is loaded, as GAN_VERSION counts.
 *
 *  @return  10000 · major + 100 · minor + patch; compare it with GAN_VERSION.
 *  Threads: any.  Errors: none.  Since: 0.1.0
 */
GAN_API int32_t gan_version(void);

/** The version of the library that is loaded, as text such as "0.2.0".
 *
 *  @return  a string owned by the library, alive for ever.
 *  Threads: any.  Errors: none.  Since: 0.1.0
 */
GAN_API const char *gan_version_string(void);

/** The instruction set that the arithmetic uses: "avx512", "avx2" or "baseline".
 *
 *  The best one that processor and operating system support. The environment variable GAN_ISA, read once, may name
 *  another supported one.
 *
 *  @return  a string owned by the library, alive for ever.
 *  Threads: any.  Errors: none.  Since: 0.1.0
 */
GAN_API const char *gan_instruction_set(void);

/* ------------------------------------------------------------------------------------------------- Errors */

/** Success. */
#define GAN_OK 0

/** An argument is NULL, negative or otherwise impossible. */
#define GAN_E_INVALID_ARGUMENT (-10)
/** A handle was destroyed already, or is not of the kind that the function takes. */
#define GAN_E_INVALID_HANDLE (-11)
/** The caller's buffer is smaller than the result. The message gives the size that is needed. */
#define GAN_E_BUFFER_TOO_SMALL (-12)
/** No option, metric or choice has that name. The message gives the nearest one. */
#define GAN_E_UNKNOWN_NAME (-13)
/** A value is not of its option's type, or outside its range; an item, a size or a number of things is beyond what there is or can
 *  be. */
#define GAN_E_OUT_OF_RANGE (-14)
/** The handle is in use by another thread, or by the very call whose callback made this one. */
#define GAN_E_BUSY (-15)
/** Memory ran out. */
#define GAN_E_OUT_OF_MEMORY (-20)
/** A file or folder does not exist, or a folder holds nothing usable. */
#define GAN_E_NOT_FOUND (-30)
/** The operating system refuses access to a file or folder. */
#define GAN_E_ACCESS (-31)
/** Reading or writing failed. */
#define GAN_E_IO (-32)
/** The disk is full. What was saved before is still there. */
#define GAN_E_NO_SPACE (-33)
/** A file is not of the format that was expected, or is corrupt. */
#define GAN_E_BAD_FORMAT (-40)
/** A file ends too early. */
#define GAN_E_TRUNCATED (-41)
/** A file's contents do not match its checksum. */
#define GAN_E_CHECKSUM (-42)
/** A file was written by a newer version of the library. */
#define GAN_E_NEWER_VERSION (-43)
/** Two things that must agree do not: images and labels, a checkpoint and a dataset, an option and a checkpoint. */
#define GAN_E_MISMATCH (-44)
/** Data hold a value that cannot be used: NaN, infinity, a label out of range, too few items. */
#define GAN_E_BAD_DATA (-45)
/** The training was stopped by gan_trainer_cancel or by the progress callback. It can go on from there. */
#define GAN_E_CANCELLED (-50)
/** The training diverged: a loss, or a number that a checkpoint would hold, is infinite or not a number. */
#define GAN_E_DIVERGED (-51)
/** The caller's callback reported a failure. */
#define GAN_E_CALLBACK (-52)
/** A defect of the library. Please report the message. */
#define GAN_E_INTERNAL (-90)

/** The name of a status, such as "GAN_E_NOT_FOUND" for GAN_E_NOT_FOUND and "GAN_OK" for 0.
 *
 *  @param status  any number.
 *  @return  a string owned by the library, alive for ever; "GAN_E_UNKNOWN" for a number that is no status.
 *  Threads: any.  Errors: none.  Since: 0.1.0
 */
GAN_API const char *gan_status_name(int32_t status);

/** The calling thread's last failure, in a sentence: the argument or file, what it was and what was expected.
 *
 *  @return  a string owned by the library, valid until the next failing call on this thread or the thread's end; ""
 *           when no call on this thread has failed. A successful call does not change it.
 *  Threads: any; each thread has its own.  Errors: none.  Since: 0.1.0
 */
GAN_API const char *gan_error_message(void);

/* ------------------------------------------------------------------------------------------------ Options */

/** A set of named settings. What is not set has its default. Every function that takes options copies them.
 *
 *  The order in which options are set does not matter: "preset" chooses the defaults of others, and an option that was set
 *  keeps its value whatever the preset, set before or after.
 */
typedef struct gan_options gan_options;

/** Creates options in which everything has its default.
 *
 *  @param out  receives the handle.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller destroys it with gan_options_destroy.  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_options_create(gan_options **out);

/** Destroys options. Trainers and datasets made with them are not affected.
 *
 *  @param options  may be NULL.
 *  Threads: one at a time.  Errors: none.  Since: 0.1.0
 */
GAN_API void gan_options_destroy(gan_options *options);

/** Sets one option from text, whatever its type: gan_options_set(o, "generator.learning-rate", "2e-4").
 *
 *  Numbers are written as in C, with a point whatever the locale; lists are separated by commas; booleans are "true" and "false".
 *
 *  @param options  the options to change.
 *  @param name     the option's name, e.g. "batch-size"; gan_option_name lists them all.
 *  @param value    the new value; "" is the empty list for a list.
 *  @return  GAN_OK; GAN_E_UNKNOWN_NAME (the message gives the nearest name); GAN_E_OUT_OF_RANGE; GAN_E_INVALID_ARGUMENT.
 *  Ownership: both strings are copied.  Threads: one at a time.  Since: 0.1.0
 */
GAN_API int32_t gan_options_set(gan_options *options, const char *name, const char *value);

/** Sets an option of type integer, real or boolean (0 or 1) from an integer.
 *
 *  @param options  the options to change.
 *  @param name     the option's name.
 *  @param value    the new value, in the option's own unit.
 *  @return  as gan_options_set.
 *  Ownership: the name is copied.  Threads: one at a time.  Since: 0.1.0
 */
GAN_API int32_t gan_options_set_integer(gan_options *options, const char *name, int64_t value);

/** Sets an option of type real, or one of type integer when the value is whole.
 *
 *  @param options  the options to change.
 *  @param name     the option's name.
 *  @param value    the new value, in the option's own unit; finite.
 *  @return  as gan_options_set.
 *  Ownership: the name is copied.  Threads: one at a time.  Since: 0.1.0
 */
GAN_API int32_t gan_options_set_real(gan_options *options, const char *name, double value);

/** Reads one option as text that gan_options_set takes.
 *
 *  @param options   the options to read.
 *  @param name      the option's name.
 *  @param buffer    receives the text and its terminating 0; NULL with capacity 0 asks for the size only.
 *  @param capacity  the buffer's size in bytes.
 *  @param size      receives the size in bytes with the terminating 0; also beside GAN_E_BUFFER_TOO_SMALL. May be NULL
 *                   when there is a buffer.
 *  @return  GAN_OK, GAN_E_UNKNOWN_NAME, GAN_E_BUFFER_TOO_SMALL, GAN_E_INVALID_ARGUMENT.
 *  Ownership: the caller's buffer.  Threads: one at a time.  Since: 0.1.0
 */
GAN_API int32_t gan_options_get(const gan_options *options, const char *name, char *buffer, size_t capacity, size_t *size);

/** How many options there are. Their indices are 0 … count − 1; an index is not stable between versions, a name is.
 *
 *  @return  the number of options.
 *  Threads: any.  Errors: none.  Since: 0.1.0
 */
GAN_API int32_t gan_option_count(void);

/** An option's name, such as "generator.learning-rate".
 *
 *  @param index  0 … gan_option_count() − 1.
 *  @return  a string owned by the library, alive for ever; NULL when the index is out of range.
 *  Threads: any.  Errors: none.  Since: 0.1.0
 */
GAN_API const char *gan_option_name(int32_t index);

/** An option's type: "integer", "real", "boolean", "choice", "list" (of integers) or "text". Some of type real take the
 *  word "auto" as well; gan_option_range then says so.
 *
 *  @param index  0 … gan_option_count() − 1.
 *  @return  a string owned by the library, alive for ever; NULL when the index is out of range.
 *  Threads: any.  Errors: none.  Since: 0.1.0
 */
GAN_API const char *gan_option_type(int32_t index);

/** An option's default, as text that gan_options_set takes.
 *
 *  @param index  0 … gan_option_count() − 1.
 *  @return  a string owned by the library, alive for ever; NULL when the index is out of range.
 *  Threads: any.  Errors: none.  Since: 0.1.0
 */
GAN_API const char *gan_option_default(int32_t index);

/** The values that an option takes, for people: "1 to 65536" for numbers, "relu|tanh|…" for choices.
 *
 *  @param index  0 … gan_option_count() − 1.
 *  @return  a string owned by the library, alive for ever; NULL when the index is out of range.
 *  Threads: any.  Errors: none.  Since: 0.1.0
 */
GAN_API const char *gan_option_range(int32_t index);

/** What an option means, in a sentence, with its unit.
 *
 *  @param index  0 … gan_option_count() − 1.
 *  @return  a string owned by the library, alive for ever; NULL when the index is out of range.
 *  Threads: any.  Errors: none.  Since: 0.1.0
 */
GAN_API const char *gan_option_summary(int32_t index);

/** The values of other options under which an option has a meaning: "network=mlp", or several of which one is enough,
 *  "generator.activation=leaky-relu|discriminator.activation=leaky-relu". Where none of them holds the option is checked,
 *  kept and saved as any other, and changes nothing.
 *
 *  @param index  0 … gan_option_count() − 1.
 *  @return  a string owned by the library, alive for ever, "" for an option that always has a meaning; NULL when the index is
 *           out of range.
 *  Threads: any.  Errors: none.  Since: 0.2.0 (settling)
 */
GAN_API const char *gan_option_condition(int32_t index);

/** The smallest and the largest value of an option of type integer or real (of each element, for a list).
 *
 *  @param index    0 … gan_option_count() − 1.
 *  @param minimum  receives the smallest value.
 *  @param maximum  receives the largest value.
 *  @return  GAN_OK; GAN_E_INVALID_ARGUMENT for an index out of range, an option without bounds, or NULL.
 *  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_option_bounds(int32_t index, double *minimum, double *maximum);

/* ------------------------------------------------------------------------------------------------ Recipes */

/** How many recipes there are: the values of the option "recipe", which say what is trained. Their indices are 0 … count − 1.
 *
 *  @return  the number of recipes.
 *  Threads: any.  Errors: none.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_recipe_count(void);

/** A recipe's name, such as "gan" or "infogan".
 *
 *  @param index  0 … gan_recipe_count() − 1.
 *  @return  a string owned by the library, alive for ever; NULL when the index is out of range.
 *  Threads: any.  Errors: none.  Since: 0.2.0 (settling)
 */
GAN_API const char *gan_recipe_name(int32_t index);

/** What a recipe makes, in a sentence.
 *
 *  @param index  0 … gan_recipe_count() − 1.
 *  @return  a string owned by the library, alive for ever; NULL when the index is out of range.
 *  Threads: any.  Errors: none.  Since: 0.2.0 (settling)
 */
GAN_API const char *gan_recipe_summary(int32_t index);

/** Where a recipe is from: authors, title, year and address.
 *
 *  @param index  0 … gan_recipe_count() − 1.
 *  @return  a string owned by the library, alive for ever; NULL when the index is out of range.
 *  Threads: any.  Errors: none.  Since: 0.2.0 (settling)
 */
GAN_API const char *gan_recipe_paper(int32_t index);

/** The names of the options that only this recipe has, with commas between them; "" for none.
 *
 *  @param index  0 … gan_recipe_count() − 1.
 *  @return  a string owned by the library, alive for ever; NULL when the index is out of range.
 *  Threads: any.  Errors: none.  Since: 0.2.0 (settling)
 */
GAN_API const char *gan_recipe_options(int32_t index);

/* ------------------------------------------------------------------------------------------------ Dataset */

/** Items that a trainer learns from: images, with labels, tags or texts or without, or values of any rank. Immutable: it may be shared
 *  between threads and trainers.
 *
 *  An item has fields (gan_dataset_field_count and what follows it); the first are values, and in most data "image". Which of them a
 *  training reads is its recipe's to say: the recipe "gan" reads images alone, unless "condition" is "labels" or "tags".
 */
typedef struct gan_dataset gan_dataset;

/** Called once when the library no longer needs borrowed memory or a callback's context.
 *  May be called on any thread that destroys the last handle that needs it. It must not call into the library.
 *
 *  @param context  the context given with the memory or the callback.
 *  Since: 0.1.0
 */
typedef void (*gan_release_fn)(void *context);

/** Fills a batch with images, for data that do not fit into memory.
 *
 *  @param context  the context given with the callback.
 *  @param indices  [count], the items wanted, each 0 … count of the dataset − 1, in any order.
 *  @param count    how many.
 *  @param values   [count, height, width, channels] to fill, each value from 0 (black) to 1.
 *  @return  0; anything else stops the call that needed the batch with GAN_E_CALLBACK.
 *  Called on the thread that trains. It must not call into the trainer that called it.  Since: 0.1.0
 */
typedef int32_t (*gan_fill_fn)(void *context, const int64_t *indices, int64_t count, float *values);

/** Opens images from a file or a folder.
 *
 *  A file may be a picture, PNG or JPEG, or an array, IDX (the format of MNIST; plain or gzip; any rank and element type) or
 *  NPY (as numpy.save writes it; booleans, integers, and floats of 4 and 8 bytes). What it is, its contents tell
 *  and not its name. A pipe will do; a device, or a pipe that nobody writes into for 2 seconds, is refused.
 *
 *  A folder may hold
 *  - MNIST's files or those of its relatives (Fashion-MNIST, KMNIST, EMNIST, QMNIST) under their usual names, such as
 *    train-images-idx3-ubyte, t10k-…, emnist-letters-train-…, with or without .gz, also unpacked into folders of their own
 *    names; labels with them; the training split where both are there. EMNIST's images are transposed in its files, and are
 *    read as stored;
 *  - PNG and JPEG files (.png, .jpg, .jpeg, .jpe, .jfif in any case), which become one dataset in the order of their names;
 *  - a sub-folder of such files for each class: labels are the places of the sub-folders in the order of their names' bytes,
 *    and gan_dataset_class_name tells the names. Pictures deeper in a sub-folder belong to its class; sub-folders without
 *    pictures are none. Where all sub-folders are splits (train, test, val, …) the training split is opened.
 *  A folder that holds nothing but one other, which is not itself full of pictures, stands for that. Hidden files and those
 *  that other programs leave behind (Thumbs.db, desktop.ini, __MACOSX, …) are passed over.
 *
 *  metadata.csv (RFC 4180) or metadata.jsonl (an object a line) beside pictures or their sub-folders says more of each picture, as Hugging
 *  Face's ImageFolder has it: file_name, and any of label (a name, or a number where all are), tags (names; between them stands the first
 *  of | and , that occurs in any, else a space; or an array) and text. All pictures have to be in it, and their order stays that of their
 *  names. Without file_name it is about something else, and passed over; so it is where data.metadata is false.
 *
 *  The sub-folders source and target, with pictures of equal names but for their endings, are two fields of those names. So are the
 *  left and right halves of pictures where data.pairs is side-by-side. The sub-folders trainA and trainB (beside testA and testB, which
 *  are passed over) are fields source and target too, with a number of pictures and an order each: two kinds, for the recipe translation.
 *  Where data.items is clips, each sub-folder is one item
 *  [frames, height, width, channels] of its pictures, in the order of their names, in which numbers count as numbers.
 *
 *  Where data.items is volumes (which the recipe volume sets), a folder holds a volume a file, binvox or NPY [depth, height, width], all of one
 *  size, there and in sub-folders, or one array of all whose name begins with "volumes" or "voxels". The axes of a binvox file are x, y
 *  (up) and z. Where it is views (which view-to-volume sets), the sub-folders "views" (pictures) and "volumes" have files of equal names,
 *  or two arrays are called so: fields "view" and "volume". Pictures that lie beside
 *  sub-folders with fewer pictures are opened alone; beside more, it is not clear what is meant (GAN_E_MISMATCH).
 *
 *  Arrays of rank 2 are [count, width] (or rows of data.height × data.width), rank 3 [count, height, width], rank 4
 *  [count, height, width, channels]; of a higher rank the last axes together are channels. Where data.items is clips or volumes, rank 4
 *  is [count, frames or depth, height, width] and rank 5 has channels. Unsigned bytes span 0 … 255;
 *  those of volumes that have no value above 1 span 0 … 1.
 *  Floats and booleans must lie within data.minimum … data.maximum (0 … 1 unless set); other integers span the smallest to
 *  the largest value in the file unless those are set. Floats [count, width] of an NPY file are rows of numbers (of an IDX file where they
 *  leave 0 … 1): they span the smallest to the largest unless those are set, and samples of what learns from them come in their units.
 *
 *  Pictures are converted: to grey (luminance) when every file is grey or data.channels is 1, else to RGB; 16 bits to 8;
 *  transparency over black; CMYK to RGB. Samples are read as they are stored, whatever a file says of gamma and colour
 *  profiles. JPEG files are turned the right way up as their EXIF orientation says; they need libturbojpeg, which is looked
 *  for when the first is decoded. All pictures must have one size, unless data.fit is "crop" and data.height and data.width
 *  are set: then each is scaled and cropped at the centre. With data.fit "patches" (settling) pictures stay as they are, and the items
 *  are patches of data.height × data.width: as many as cover the pictures' area, 256 at least. A training cuts them elsewhere in each
 *  epoch, by its seed; those that are read lie at places that never change. Where data.fit is not set, and the options name a recipe that
 *  makes pictures of pictures, pictures of different sizes, or of one that is larger than 256 × 256 in all, are read as patches.
 *
 *  A file whose name ends in .csv or .tsv, or in either and .gz, is a table: see gan_dataset_create_table. It is read in pieces.
 *
 *  @param path     the file or folder; its bytes need not be UTF-8.
 *  @param options  the data.… and table.… options are used; NULL for the defaults.
 *  @param out      receives the handle.
 *  @return  GAN_OK; GAN_E_NOT_FOUND (also: nothing usable in a folder, JPEG files without libturbojpeg), GAN_E_ACCESS,
 *           GAN_E_IO; GAN_E_BAD_FORMAT, GAN_E_TRUNCATED, GAN_E_CHECKSUM; GAN_E_MISMATCH (labels, sizes, a folder that could
 *           mean several things); GAN_E_BAD_DATA (NaN, values or labels out of range); GAN_E_OUT_OF_RANGE (data.… options
 *           that contradict each other, more than can be addressed); GAN_E_OUT_OF_MEMORY; GAN_E_INVALID_ARGUMENT,
 *           GAN_E_INVALID_HANDLE.
 *  Ownership: the caller destroys it with gan_dataset_destroy. Nothing of the file stays open.  Threads: any.  Since: 0.1.0;
 *  0.2.0 (settling) for JPEG, NPY, sub-folders and the names of MNIST's relatives
 */
GAN_API int32_t gan_dataset_open(const char *path, const gan_options *options, gan_dataset **out);

/** Opens images and labels from two array files, each IDX or NPY.
 *
 *  @param images   path of the images, plain or gzip; its bytes need not be UTF-8.
 *  @param labels   path of the labels, integers of shape [count] or [count, 1], or QMNIST's [count, 8], of which the first
 *                  are the classes; NULL for none.
 *  @param options  the data.… options are used; NULL for the defaults.
 *  @param out      receives the handle.
 *  @return  as gan_dataset_open.
 *  Ownership: the caller destroys it with gan_dataset_destroy.  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_dataset_open_idx(const char *images, const char *labels, const gan_options *options, gan_dataset **out);

/** How many made data sets there are: data that the library makes itself, to try a training on. Their indices are 0 … count − 1.
 *
 *  @return  the number of made data sets.
 *  Threads: any.  Errors: none.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_made_count(void);

/** A made data set's name, such as "ring".
 *
 *  @param index  0 … gan_made_count() − 1.
 *  @return  a string owned by the library, alive for ever; NULL when the index is out of range.
 *  Threads: any.  Errors: none.  Since: 0.2.0 (settling)
 */
GAN_API const char *gan_made_name(int32_t index);

/** What a made data set is, in a sentence, with its source.
 *
 *  @param index  0 … gan_made_count() − 1.
 *  @return  a string owned by the library, alive for ever; NULL when the index is out of range.
 *  Threads: any.  Errors: none.  Since: 0.2.0 (settling)
 */
GAN_API const char *gan_made_summary(int32_t index);

/** Makes one of the data sets that the library makes itself.
 *
 *  "ring" and "grid" are rows of two numbers, from 8 and 25 narrow normal distributions, whose samples show at a glance which of
 *  them a generator has found; "digits" are drawn digits of 28 × 28 with labels; "stacked" are pictures of three digits in red,
 *  green and blue, whose labels, 0 to 999, are the three digits; "moving" are clips [20, 32, 32, 1] of a digit, labelled too, that
 *  moves in a straight line and is thrown back by the sides; "people" is a table.
 *
 *  gan_dataset_open makes the same, with the usual count and seed 0, of a path that is one of these names where no file or
 *  folder has it.
 *
 *  @param name   gan_made_name lists them.
 *  @param count  how many items, or 0 for as many as are usual. Item i of a name and seed is the same whatever the count.
 *  @param seed   any number: other seeds, other items.
 *  @param from   labelled grey pictures of bytes with 10 classes, such as MNIST's, that "stacked" is made of, or grey pictures of bytes
 *                of at most 32 × 32 for "moving"; NULL for drawn digits, and for every other name.
 *  @param out    receives the handle.
 *  @return  GAN_OK; GAN_E_UNKNOWN_NAME (the message gives the nearest name); GAN_E_INVALID_ARGUMENT for a negative count;
 *           GAN_E_OUT_OF_RANGE for a count that no memory holds; GAN_E_MISMATCH for data that it cannot be made of;
 *           GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller destroys it with gan_dataset_destroy; `from` is not kept.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_dataset_make(const char *name, int64_t count, uint64_t seed, const gan_dataset *from, gan_dataset **out);

/** Writes all items of a data set into a file that gan_dataset_open reads, in the data's own values: NPY where the name ends in
 *  ".npy" (bytes or 32-bit floats), else IDX (bytes only). Rows of numbers are [count, width], grey pictures
 *  [count, height, width], others [count, height, width, channels]; clips and volumes have an axis more in front of the height.
 *
 *  @param dataset  what to write. That of a callback is in no memory, and is not written.
 *  @param path     the file to write or replace.
 *  @param labels   a file for the labels, NPY or IDX likewise; NULL for none. It is written first.
 *  @return  GAN_OK; GAN_E_MISMATCH for floats as IDX, for labels of data without, and for a callback's data; GAN_E_OUT_OF_RANGE for
 *           more items than IDX counts; GAN_E_NOT_FOUND, GAN_E_ACCESS, GAN_E_NO_SPACE, GAN_E_IO; GAN_E_INVALID_ARGUMENT.
 *  Ownership: the caller's strings.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_dataset_write(const gan_dataset *dataset, const char *path, const char *labels);

/** Makes a dataset of bytes in memory.
 *
 *  @param pixels    [count, height, width, channels], 0 (black) to 255.
 *  @param count     how many images, at least 1.
 *  @param height    rows of an image, at least 1.
 *  @param width     columns of an image, at least 1.
 *  @param channels  1 for grey, 3 for RGB, or any other number, at least 1.
 *  @param labels    [count], each 0 … classes − 1; NULL for none. Always copied.
 *  @param classes   how many classes the labels name; 0 for the largest label + 1.
 *  @param release   NULL: the pixels are copied. Otherwise they are borrowed, and release(context) is called once, when
 *                   the last handle that needs them is destroyed; the caller keeps them unchanged until then. If this
 *                   call fails, release is not called.
 *  @param context   handed to release.
 *  @param out       receives the handle.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT, GAN_E_BAD_DATA (a label out of range), GAN_E_OUT_OF_RANGE (the sizes
 *           overflow), GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller destroys it with gan_dataset_destroy.  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_dataset_create_bytes(const uint8_t *pixels, int64_t count, int32_t height, int32_t width, int32_t channels,
                                         const int32_t *labels, int32_t classes, gan_release_fn release, void *context,
                                         gan_dataset **out);

/** Makes a dataset of floats in memory.
 *
 *  @param values    [count, height, width, channels], each finite and within minimum … maximum.
 *  @param count     how many images, at least 1.
 *  @param height    rows of an image, at least 1.
 *  @param width     columns of an image, at least 1.
 *  @param channels  values per pixel, at least 1.
 *  @param minimum   the value that is black, e.g. 0.
 *  @param maximum   the value that is white, e.g. 1; greater than minimum.
 *  @param labels    [count], each 0 … classes − 1; NULL for none. Always copied.
 *  @param classes   how many classes the labels name; 0 for the largest label + 1.
 *  @param release   as for gan_dataset_create_bytes.
 *  @param context   handed to release.
 *  @param out       receives the handle.
 *  @return  as gan_dataset_create_bytes; GAN_E_BAD_DATA also for NaN, infinity, or a value out of minimum … maximum.
 *  Ownership: the caller destroys it with gan_dataset_destroy.  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_dataset_create_floats(const float *values, int64_t count, int32_t height, int32_t width, int32_t channels,
                                          float minimum, float maximum, const int32_t *labels, int32_t classes,
                                          gan_release_fn release, void *context, gan_dataset **out);

/** Makes a dataset whose images a callback delivers, batch by batch.
 *
 *  @param fill      delivers images; see gan_fill_fn.
 *  @param count     how many images there are, at least 1.
 *  @param height    rows of an image, at least 1.
 *  @param width     columns of an image, at least 1.
 *  @param channels  values per pixel, at least 1.
 *  @param release   called once with the context when the last handle that needs it is destroyed; may be NULL. If this
 *                   call fails, release is not called.
 *  @param context   handed to fill and release.
 *  @param out       receives the handle.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT, GAN_E_OUT_OF_RANGE, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller destroys it with gan_dataset_destroy.  Threads: any; fill is called by the thread that trains.
 *  Since: 0.1.0
 */
GAN_API int32_t gan_dataset_create_callback(gan_fill_fn fill, int64_t count, int32_t height, int32_t width, int32_t channels,
                                            gan_release_fn release, void *context, gan_dataset **out);

/** Destroys a dataset. Trainers that use it keep its images alive until they are destroyed too.
 *
 *  @param dataset  may be NULL.
 *  Threads: any.  Errors: none.  Since: 0.1.0
 */
GAN_API void gan_dataset_destroy(gan_dataset *dataset);

/** The dataset's size.
 *
 *  @param dataset   the dataset.
 *  @param count     receives the number of images.
 *  @param height    receives the rows of an image.
 *  @param width     receives the columns of an image.
 *  @param channels  receives the values per pixel.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_dataset_shape(const gan_dataset *dataset, int64_t *count, int32_t *height, int32_t *width, int32_t *channels);

/** How many classes the labels name.
 *
 *  @param dataset  the dataset.
 *  @param classes  receives the number of classes; 0 when the dataset has no labels.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_dataset_classes(const gan_dataset *dataset, int32_t *classes);

/** What the data call a class: the name of its sub-folder, or its number as text where classes have no names.
 *
 *  @param dataset   the dataset.
 *  @param index     0 … classes − 1, as labels count.
 *  @param buffer    receives the text, UTF-8, and its terminating 0; NULL with capacity 0 asks for the size only. Bytes of a
 *                   folder's name that are not UTF-8 appear as \xE9.
 *  @param capacity  the buffer's size in bytes.
 *  @param size      receives the size in bytes with the terminating 0; also beside GAN_E_BUFFER_TOO_SMALL. May be NULL
 *                   when there is a buffer.
 *  @return  GAN_OK, GAN_E_BUFFER_TOO_SMALL, GAN_E_INVALID_ARGUMENT (no such class too), GAN_E_INVALID_HANDLE.
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_dataset_class_name(const gan_dataset *dataset, int32_t index, char *buffer, size_t capacity, size_t *size);

/** Reads images, scaled to 0 (black) … 1.
 *
 *  @param dataset   the dataset.
 *  @param first     the first image, from 0.
 *  @param count     how many.
 *  @param values    receives [count, height, width, channels].
 *  @param capacity  the buffer's size in floats.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE, GAN_E_OUT_OF_RANGE (no such images),
 *           GAN_E_BUFFER_TOO_SMALL, GAN_E_CALLBACK, GAN_E_BAD_DATA; GAN_E_BUSY from within the dataset's own fill function.
 *  Ownership: the caller's buffer.  Threads: any, unless the dataset is a callback's: then one at a time.  Since: 0.1.0
 */
GAN_API int32_t gan_dataset_read(const gan_dataset *dataset, int64_t first, int64_t count, float *values, size_t capacity);

/** Reads labels.
 *
 *  @param dataset   the dataset.
 *  @param first     the first image, from 0.
 *  @param count     how many.
 *  @param labels    receives [count], each 0 … classes − 1.
 *  @param capacity  the buffer's size in labels.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE, GAN_E_OUT_OF_RANGE (no such images),
 *           GAN_E_BUFFER_TOO_SMALL, GAN_E_MISMATCH (the dataset has no labels).
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_dataset_read_labels(const gan_dataset *dataset, int64_t first, int64_t count, int32_t *labels, size_t capacity);

/* ------------------------------------------------------------------------------------------------- Fields */

/** How many fields the items of a dataset have. Their indices are 0 … count − 1; the first are values, such as images.
 *
 *  @param dataset  the dataset.
 *  @param count    receives the number.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_dataset_field_count(const gan_dataset *dataset, int32_t *count);

/** A field's name: "image", "label", "tags", "text", "source" and "target", "clip", "volume", "view", "row" of a table, or what a
 *  program called it.
 *
 *  @param dataset   the dataset.
 *  @param index     0 … count − 1.
 *  @param buffer    receives the text and its terminating 0; NULL with capacity 0 asks for the size only.
 *  @param capacity  the buffer's size in bytes.
 *  @param size      receives the size in bytes with the terminating 0; also beside GAN_E_BUFFER_TOO_SMALL. May be NULL
 *                   when there is a buffer.
 *  @return  GAN_OK, GAN_E_BUFFER_TOO_SMALL, GAN_E_INVALID_ARGUMENT (no such field too), GAN_E_INVALID_HANDLE.
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_dataset_field_name(const gan_dataset *dataset, int32_t index, char *buffer, size_t capacity, size_t *size);

/** A field's kind: "values" (numbers within a range), "label" (one of its classes), "tags" (a 0 or a 1 for each of its tags) or
 *  "text" (indices of characters), or "table" (the row of a table, as networks see it). More kinds may come.
 *
 *  @param dataset   the dataset.
 *  @param index     0 … count − 1.
 *  @param buffer    receives the text and its terminating 0; NULL with capacity 0 asks for the size only.
 *  @param capacity  the buffer's size in bytes.
 *  @param size      receives the size in bytes with the terminating 0.
 *  @return  as gan_dataset_field_name.
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_dataset_field_kind(const gan_dataset *dataset, int32_t index, char *buffer, size_t capacity, size_t *size);

/** The axes of one item of a field: [height, width, channels] of a picture, [frames, height, width, channels] of a clip, none of a
 *  label, [tags], [characters].
 *
 *  @param dataset   the dataset.
 *  @param index     0 … count − 1.
 *  @param shape     receives the size of each axis; NULL with capacity 0 asks for the rank only. No field has more than 5 axes.
 *  @param capacity  the buffer's size in axes.
 *  @param rank      receives the number of axes; also beside GAN_E_BUFFER_TOO_SMALL.
 *  @return  GAN_OK, GAN_E_BUFFER_TOO_SMALL, GAN_E_INVALID_ARGUMENT (no such field too), GAN_E_INVALID_HANDLE.
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_dataset_field_shape(const gan_dataset *dataset, int32_t index, int64_t *shape, size_t capacity, size_t *rank);

/** How many items a field has: those of the dataset, except where data sets that are no pairs were combined.
 *
 *  @param dataset  the dataset.
 *  @param index    0 … count − 1.
 *  @param items    receives the number.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT (no such field too), GAN_E_INVALID_HANDLE.
 *  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_dataset_field_items(const gan_dataset *dataset, int32_t index, int64_t *items);

/** The range of a field's values, as they are stored: 0 and 255 of bytes. 0 and 1 of a callback's values and of tags, 0 and the number
 *  of classes or characters less 1 of labels and texts.
 *
 *  @param dataset  the dataset.
 *  @param index    0 … count − 1.
 *  @param minimum  receives the value that is black, or the least.
 *  @param maximum  receives the value that is white, or the greatest.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT (no such field too), GAN_E_INVALID_HANDLE.
 *  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_dataset_field_range(const gan_dataset *dataset, int32_t index, float *minimum, float *maximum);

/** How many classes a label, tags a field of tags, or characters a text knows; 0 for values. Of a text number 0 is the end and 1 an
 *  unknown character.
 *
 *  @param dataset  the dataset.
 *  @param index    0 … count − 1.
 *  @param classes  receives the number.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT (no such field too), GAN_E_INVALID_HANDLE.
 *  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_dataset_field_classes(const gan_dataset *dataset, int32_t index, int32_t *classes);

/** What a class or a tag is called, or which character it is.
 *
 *  @param dataset   the dataset.
 *  @param index     0 … count − 1, the field.
 *  @param number    0 … classes − 1.
 *  @param buffer    receives the text and its terminating 0; NULL with capacity 0 asks for the size only.
 *  @param capacity  the buffer's size in bytes.
 *  @param size      receives the size in bytes with the terminating 0.
 *  @return  as gan_dataset_field_name; GAN_E_INVALID_ARGUMENT for a class that there is not too.
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_dataset_field_class_name(const gan_dataset *dataset, int32_t index, int32_t number, char *buffer, size_t capacity,
                                             size_t *size);

/** Reads items of a field as numbers: values in the range that gan_dataset_field_range tells, classes and characters by their numbers,
 *  tags as 0 and 1.
 *
 *  @param dataset   the dataset.
 *  @param index     0 … count − 1, the field.
 *  @param first     the first item, from 0.
 *  @param count     how many.
 *  @param values    receives [count] + the field's axes.
 *  @param capacity  the buffer's size in floats.
 *  @return  as gan_dataset_read; GAN_E_INVALID_ARGUMENT for a field that there is not too.
 *  Ownership: the caller's buffer.  Threads: any, unless a callback delivers the field: then one at a time.
 *  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_dataset_field_read(const gan_dataset *dataset, int32_t index, int64_t first, int64_t count, float *values,
                                       size_t capacity);

/** What an item of a field is, in words: the name of its class, its tags with commas between them, its text; "" for values.
 *
 *  @param dataset   the dataset.
 *  @param index     0 … count − 1, the field.
 *  @param item      the item, from 0.
 *  @param buffer    receives the text and its terminating 0; NULL with capacity 0 asks for the size only.
 *  @param capacity  the buffer's size in bytes.
 *  @param size      receives the size in bytes with the terminating 0.
 *  @return  as gan_dataset_field_name; GAN_E_OUT_OF_RANGE (no such item).
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_dataset_field_text(const gan_dataset *dataset, int32_t index, int64_t item, char *buffer, size_t capacity,
                                       size_t *size);

/** Makes a dataset of floats of any rank: rows of a table, pictures, clips, volumes. What is drawn by a generator that learnt from
 *  them has the same units.
 *
 *  @param values   [count] + axes, each finite and within minimum … maximum.
 *  @param count    how many items, at least 1.
 *  @param axes     [rank], the axes of an item, each at least 1; of three or more the last are channels.
 *  @param rank     how many axes, 1 to 5.
 *  @param minimum  the least value. Where it is maximum too, the range is that of the values.
 *  @param maximum  the greatest value.
 *  @param name     the field's name, 1 to 64 letters, digits, points, hyphens and underscores; NULL for "image".
 *  @param release  as for gan_dataset_create_bytes.
 *  @param context  handed to release.
 *  @param out      receives the handle.
 *  @return  as gan_dataset_create_floats.
 *  Ownership: the caller destroys it with gan_dataset_destroy.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_dataset_create_values(const float *values, int64_t count, const int64_t *axes, int32_t rank, float minimum,
                                          float maximum, const char *name, gan_release_fn release, void *context, gan_dataset **out);

/** Makes a dataset with a label more for each item. It shares what the other holds, which stays as it is.
 *
 *  @param dataset  the dataset.
 *  @param name     the field's name, as for gan_dataset_create_values; NULL for "label".
 *  @param labels   [items of the dataset], each 0 … classes − 1. Copied.
 *  @param classes  how many classes there are; 0 for as many as names, or for the largest label + 1.
 *  @param names    the classes' names, a line each; NULL for none.
 *  @param out      receives the handle.
 *  @return  GAN_OK; GAN_E_BAD_DATA (a label out of range), GAN_E_MISMATCH (another number of names, a field of that name is there
 *           already); GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller destroys it with gan_dataset_destroy.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_dataset_add_labels(const gan_dataset *dataset, const char *name, const int32_t *labels, int32_t classes,
                                       const char *names, gan_dataset **out);

/** Makes a dataset with tags more for each item. It shares what the other holds, which stays as it is.
 *
 *  @param dataset  the dataset.
 *  @param name     the field's name, as for gan_dataset_create_values; NULL for "tags".
 *  @param tags     [items of the dataset, number of names], 0 where an item has not the tag. Copied.
 *  @param names    the tags' names, a line each: 1 to 4,096 different ones without comma and semicolon.
 *  @param out      receives the handle.
 *  @return  GAN_OK; GAN_E_BAD_DATA (a name that cannot be), GAN_E_OUT_OF_RANGE (too many), GAN_E_MISMATCH (a field of that name is
 *           there already); GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller destroys it with gan_dataset_destroy.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_dataset_add_tags(const gan_dataset *dataset, const char *name, const uint8_t *tags, const char *names,
                                     gan_dataset **out);

/** Makes a dataset with a text more for each item. It shares what the other holds, which stays as it is. The characters that occur in
 *  the texts are its vocabulary.
 *
 *  @param dataset  the dataset.
 *  @param name     the field's name, as for gan_dataset_create_values; NULL for "text".
 *  @param texts    UTF-8, one text for each item of the dataset with a 0 behind each. Copied.
 *  @param size     how many bytes, with the zeros.
 *  @param length   how many characters (code points) an item has room for, at most 4,096; 0 for those of the longest text.
 *  @param out      receives the handle.
 *  @return  GAN_OK; GAN_E_MISMATCH (another number of texts, a field of that name is there already); GAN_E_BAD_DATA (not UTF-8);
 *           GAN_E_OUT_OF_RANGE (a text that is too long); GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller destroys it with gan_dataset_destroy.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_dataset_add_texts(const gan_dataset *dataset, const char *name, const void *texts, size_t size, int32_t length,
                                      gan_dataset **out);

/** Makes one dataset with the fields of several, which it shares.
 *
 *  @param datasets  [count], the datasets; the first field of the first is what gan_dataset_read reads.
 *  @param count     how many, 1 to 64.
 *  @param names     a line for each dataset: its first field is called that, and its others have it in front, "source.label". NULL, or
 *                   an empty line, leaves names as they are.
 *  @param paired    1: item i of each belongs to item i of the others, and all have as many. 0: each keeps a number of items of its
 *                   own, and a training takes it in an order of its own, as the recipe translation does of "source" and
 *                   "target"; an epoch is one of the first. Other recipes take items whose parts belong together.
 *  @param out       receives the handle.
 *  @return  GAN_OK; GAN_E_MISMATCH (other numbers of items or of names, two fields of one name); GAN_E_INVALID_ARGUMENT,
 *           GAN_E_INVALID_HANDLE, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller destroys it with gan_dataset_destroy, and the others when it likes.  Threads: any.
 *  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_dataset_combine(const gan_dataset *const *datasets, int32_t count, const char *names, int32_t paired,
                                    gan_dataset **out);

/* ------------------------------------------------------------------------------------------------ Trainer */

/** A generator and a discriminator in training, with their optimisers and the position in the data. */
typedef struct gan_trainer gan_trainer;

/** An epoch has ended. */
#define GAN_EVENT_EPOCH 1
/** Steps have been made within an epoch; sent at most about twenty times a second. */
#define GAN_EVENT_PROGRESS 2

/** Called by gan_trainer_run on the calling thread, between steps.
 *
 *  @param context  the context given to gan_trainer_run.
 *  @param trainer  the trainer; inside the callback it may be read (metrics, options), saved and snapshotted, not trained
 *                  or destroyed.
 *  @param event    GAN_EVENT_EPOCH or GAN_EVENT_PROGRESS. Ignore a number you do not know.
 *  @return  0 to go on; anything else stops the run with GAN_E_CANCELLED, after the step that has just been made. Between epochs the
 *           calls come by time, so which step that is differs from run to run; the metric "step" tells. To stop at an exact
 *           step, call gan_trainer_step(trainer, 1) in a loop of your own: it gives the same bits.
 *  Since: 0.1.0
 */
typedef int32_t (*gan_progress_fn)(void *context, gan_trainer *trainer, int32_t event);

/** Creates networks for the images of a dataset, with initial weights drawn from the seed.
 *
 *  With no options it is the tutorial's GAN (Goodfellow et al., "Generative adversarial nets", 2014, with the
 *  non-saturating loss): generator 128 normal variates → 256 ReLU → pixels by a sigmoid; discriminator pixels → 256
 *  ReLU → 1 logit; weights from N(0, 0.01²), biases 0; Adam (2e-4, 0.9, 0.999, 1e-8) for each; batches of 100.
 *
 *  @param options  copied; NULL for the defaults.
 *  @param dataset  what to learn from; the trainer keeps it alive.
 *  @param out      receives the handle.
 *  @return  GAN_OK; GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE; GAN_E_BAD_DATA (fewer images than a batch);
 *           GAN_E_OUT_OF_RANGE (options that contradict each other or overflow); GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller destroys it with gan_trainer_destroy.  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_trainer_create(const gan_options *options, gan_dataset *dataset, gan_trainer **out);

/** Loads a checkpoint to train on, exactly as if the training had never stopped.
 *
 *  @param path     a file written by gan_trainer_save.
 *  @param options  NULL, or options of which those that were set override the checkpoint's: the number of threads, learning
 *                  rates, the Adam constants and the data.… options may differ; anything else must agree with the file.
 *  @param dataset  what to learn from: the same data in the same order for an exact continuation; at least images of
 *                  the same shape.
 *  @param out      receives the handle.
 *  @return  GAN_OK; GAN_E_NOT_FOUND, GAN_E_ACCESS, GAN_E_IO; GAN_E_BAD_FORMAT, GAN_E_TRUNCATED, GAN_E_CHECKSUM,
 *           GAN_E_NEWER_VERSION; GAN_E_MISMATCH (another architecture, image shape, or a file that holds a generator only);
 *           GAN_E_DIVERGED (the file holds what is infinite or not a number); GAN_E_BAD_DATA (fewer images than a batch);
 *           GAN_E_OUT_OF_RANGE (the file's options contradict each other, or its network is larger than can be);
 *           GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller destroys it with gan_trainer_destroy.  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_trainer_load(const char *path, const gan_options *options, gan_dataset *dataset, gan_trainer **out);

/** Loads a checkpoint that is in memory to train on.
 *
 *  @param bytes    the contents of a checkpoint file; not needed after the call.
 *  @param size     how many bytes.
 *  @param options  as for gan_trainer_load.
 *  @param dataset  as for gan_trainer_load.
 *  @param out      receives the handle.
 *  @return  as gan_trainer_load.
 *  Ownership: the caller destroys it with gan_trainer_destroy.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_trainer_load_memory(const void *bytes, size_t size, const gan_options *options, gan_dataset *dataset,
                                        gan_trainer **out);

/** It is not known whether the images are those of before: a callback delivers them, or the checkpoint is of 0.1. */
#define GAN_DATA_UNKNOWN 0
/** The images are those that the checkpoint was trained on, in the same order; or the training is a new one. */
#define GAN_DATA_SAME 1
/** The images, their number or their order are others than those that the checkpoint was trained on. */
#define GAN_DATA_OTHER 2

/** Tells whether a training that was loaded has the images that it had before. It may go on with others; what comes of it is
 *  then no exact continuation, and its next checkpoint remembers the new images.
 *
 *  @param trainer     the trainer; may be called inside its progress callback.
 *  @param comparison  receives GAN_DATA_UNKNOWN, GAN_DATA_SAME or GAN_DATA_OTHER.
 *  @return  GAN_OK, GAN_E_BUSY, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_trainer_data(const gan_trainer *trainer, int32_t *comparison);

/** Saves networks, optimisers, options and position as a checkpoint (safetensors).
 *
 *  The file appears whole or not at all: it is written beside the target, synced and renamed, so an earlier checkpoint
 *  of that name survives a full disk or a lost machine. The same state always gives the same bytes. Weights are F32
 *  tensors named "generator.0.weight" [inputs, outputs], "generator.0.bias" [outputs], … , for any reader of the format.
 *  A training that diverged is not saved, so that it never takes the place of a checkpoint that is good.
 *
 *  As with every function that writes files, what is replaced leaves its mode and, as far as the system lets it, its owner
 *  to what comes; a symbolic link is written through; a pipe, a device and what is open as /dev/fd/3 are written to
 *  directly; a file that cannot be renamed onto, for it is mounted by itself, is overwritten once all is written beside it;
 *  and what a killed process left beside the target is taken away.
 *
 *  @param trainer  the trainer; may be called inside its progress callback.
 *  @param path     the file to write or replace.
 *  @return  GAN_OK; GAN_E_NOT_FOUND (no such folder), GAN_E_ACCESS, GAN_E_IO, GAN_E_NO_SPACE; GAN_E_DIVERGED;
 *           GAN_E_OUT_OF_RANGE (more than the format holds); GAN_E_BUSY;
 *           GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the path is not kept.  Threads: one at a time.  Since: 0.1.0
 */
GAN_API int32_t gan_trainer_save(gan_trainer *trainer, const char *path);

/** Finds out whether gan_trainer_save would succeed, before hours of training rather than after them.
 *
 *  Does all that saving does, and leaves everything as it was: the checkpoint is written beside the target, so that there
 *  is known to be room for the old one and the new one together, and taken away again; an earlier file stays. Told besides
 *  is a file that the caller could write but not read again. Nothing is written to a pipe or a device.
 *
 *  @param trainer  the trainer; may be called inside its progress callback.
 *  @param path     the file that is to be written or replaced.
 *  @return  GAN_OK; GAN_E_NOT_FOUND (no such folder), GAN_E_ACCESS, GAN_E_IO, GAN_E_NO_SPACE; GAN_E_BUSY;
 *           GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the path is not kept.  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_trainer_check_save(gan_trainer *trainer, const char *path);

/** Saves the same checkpoint into memory: the very bytes of the file.
 *
 *  @param trainer   the trainer; may be called inside its progress callback.
 *  @param buffer    receives the checkpoint's bytes; NULL with capacity 0 asks for the size only.
 *  @param capacity  the buffer's size in bytes.
 *  @param size      receives the checkpoint's size in bytes; also beside GAN_E_BUFFER_TOO_SMALL. Training on may change it a little.
 *  @return  GAN_OK, GAN_E_BUFFER_TOO_SMALL, GAN_E_DIVERGED, GAN_E_BUSY, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE,
 *           GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller's buffer.  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_trainer_save_memory(gan_trainer *trainer, void *buffer, size_t capacity, size_t *size);

/** Trains for a number of steps. A step is one batch: an update of the discriminator, then one of the generator.
 *
 *  A training that diverged stays so: from the step on that makes a loss, a parameter, a moment or a running average infinite or
 *  not a number, this call and all that would train on, save or take a generator return GAN_E_DIVERGED. Of networks with
 *  more than some ten thousand parameters the step may have been one of the 16 before; what is saved, or handed out as a
 *  generator, is always looked through whole, and so is everything after 16 or more steps in one call.
 *
 *  @param trainer  the trainer.
 *  @param steps    how many, 0 or more.
 *  @return  GAN_OK; GAN_E_CANCELLED (after a whole number of steps); GAN_E_DIVERGED; GAN_E_CALLBACK and GAN_E_BAD_DATA
 *           (from a dataset's callback); GAN_E_BUSY; GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Threads: one at a time.  Since: 0.1.0
 */
GAN_API int32_t gan_trainer_step(gan_trainer *trainer, int64_t steps);

/** Trains for a number of epochs, telling a callback how it goes.
 *
 *  An epoch is count / batch-size steps (a last, smaller batch is left out), in an order shuffled anew. When the
 *  trainer stands within an epoch, what remains of it counts as the first.
 *
 *  @param trainer   the trainer.
 *  @param epochs    how many, 0 or more.
 *  @param progress  called between steps; see gan_progress_fn. May be NULL.
 *  @param context   handed to progress.
 *  @return  as gan_trainer_step; GAN_E_CANCELLED also when progress returned non-zero; GAN_E_OUT_OF_RANGE for more steps
 *           than can be counted.
 *  Ownership: progress and context are not kept after the call.  Threads: one at a time.  Since: 0.1.0
 */
GAN_API int32_t gan_trainer_run(gan_trainer *trainer, int64_t epochs, gan_progress_fn progress, void *context);

/** Asks a running gan_trainer_step or gan_trainer_run to stop after the step it is in; it then returns GAN_E_CANCELLED.
 *
 *  A request made while nothing runs is forgotten when the next run begins. It is safe while another thread trains;
 *  destroying the trainer at the same time is safe too, in either order.
 *
 *  @param trainer  the trainer.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Threads: any. It takes locks, so it is not for signal handlers: set a flag there and return non-zero from progress.
 *  Since: 0.1.0
 */
GAN_API int32_t gan_trainer_cancel(gan_trainer *trainer);

/** Reads a metric of the training.
 *
 *  "step", "epoch" (finished ones), "steps-per-epoch", "images-per-second" (of the current or last run; 0 before), and of the
 *  last step (NaN before the first): "discriminator.loss" = mean(log D(x) + log(1 − D(G(z)))) and "generator.loss" =
 *  mean(log D(G(z))) (with the loss minimax, −mean(log(1 − D(G(z))))), both with the tutorial's signs, as they are
 *  maximised, the generator's against the updated discriminator; "discriminator.real" = mean D(x) and
 *  "discriminator.fake" = mean D(G(z)), probabilities from 0 to 1, before the step's updates.
 *
 *  @param trainer  the trainer; may be called inside its progress callback.
 *  @param name     the metric's name; gan_metric_name lists them all.
 *  @param value    receives the value.
 *  @return  GAN_OK, GAN_E_UNKNOWN_NAME, GAN_E_BUSY, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Ownership: the name is not kept.  Threads: one at a time.  Since: 0.1.0
 */
GAN_API int32_t gan_trainer_metric(const gan_trainer *trainer, const char *name, double *value);

/** Reads an option as the trainer resolved it, e.g. the seed it uses, as gan_options_get does.
 *
 *  @param trainer   the trainer; may be called inside its progress callback.
 *  @param name      the option's name.
 *  @param buffer    receives the text and its terminating 0; NULL with capacity 0 asks for the size only.
 *  @param capacity  the buffer's size in bytes.
 *  @param size      receives the size in bytes with the terminating 0; also beside GAN_E_BUFFER_TOO_SMALL. May be NULL
 *                   when there is a buffer.
 *  @return  GAN_OK, GAN_E_UNKNOWN_NAME, GAN_E_BUFFER_TOO_SMALL, GAN_E_BUSY, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Ownership: the caller's buffer.  Threads: one at a time.  Since: 0.1.0
 */
GAN_API int32_t gan_trainer_option(const gan_trainer *trainer, const char *name, char *buffer, size_t capacity, size_t *size);

/** Destroys a trainer. Generators taken from it live on.
 *
 *  @param trainer  may be NULL. While another thread trains it, that run ends as if cancelled, and memory is freed then.
 *  Threads: any.  Errors: none.  Since: 0.1.0
 */
GAN_API void gan_trainer_destroy(gan_trainer *trainer);

/** How many metrics a trainer has: those of every training, and those of its recipe's steps.
 *
 *  @param trainer  the trainer; may be called inside its progress callback.
 *  @param count    receives the number.
 *  @return  GAN_OK, GAN_E_BUSY, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_trainer_metric_count(const gan_trainer *trainer, int32_t *count);

/** The name of one of a trainer's metrics, which gan_trainer_metric takes.
 *
 *  @param trainer   the trainer; may be called inside its progress callback.
 *  @param index     0 … count − 1.
 *  @param buffer    receives the text and its terminating 0; NULL with capacity 0 asks for the size only.
 *  @param capacity  the buffer's size in bytes.
 *  @param size      receives the size in bytes with the terminating 0; also beside GAN_E_BUFFER_TOO_SMALL. May be NULL
 *                   when there is a buffer.
 *  @return  GAN_OK, GAN_E_BUFFER_TOO_SMALL, GAN_E_BUSY, GAN_E_INVALID_ARGUMENT (no such metric too), GAN_E_INVALID_HANDLE.
 *  Ownership: the caller's buffer.  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_trainer_metric_name(const gan_trainer *trainer, int32_t index, char *buffer, size_t capacity, size_t *size);

/** The size of a row of gan_trainer_preview.
 *
 *  @param trainer   the trainer, of a recipe that makes something of the data's items, such as image-to-image, super-resolution and
 *                   inpainting; may be called inside its progress callback.
 *  @param height    receives the height of a row in pixels.
 *  @param width     receives the width of all pictures of a row, and of the black pixels between them.
 *  @param channels  receives 1 (grey) or 3 (RGB).
 *  @return  GAN_OK; GAN_E_MISMATCH for a recipe whose samples a gan_sampler draws; GAN_E_BUSY, GAN_E_INVALID_ARGUMENT,
 *           GAN_E_INVALID_HANDLE, GAN_E_OUT_OF_MEMORY.
 *  Ownership: none.  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_trainer_preview_shape(gan_trainer *trainer, int32_t *height, int32_t *width, int32_t *channels);

/** Shows what a training makes of its data by now: a row of pictures side by side for each of some items, as a rule what is read, what the
 *  networks make of it, and what it should have been. Nothing of the training changes. A small picture has larger pixels beside large ones.
 *
 *  @param trainer   as gan_trainer_preview_shape.
 *  @param first     the first row, from 0. Which item a row shows depends on the training's seed alone, so that the same rows, looked
 *                   at again and again, show one thing growing.
 *  @param count     how many rows, 0 or more.
 *  @param pixels    receives [count, height, width, channels] of gan_trainer_preview_shape, 0 (black) to 255, as
 *                   gan_image_write_png takes them.
 *  @param capacity  the size of pixels in bytes.
 *  @return  as gan_trainer_preview_shape; GAN_E_BUFFER_TOO_SMALL, GAN_E_INVALID_ARGUMENT (rows beyond 2^63 too); GAN_E_DIVERGED when the
 *           networks hold what is no number; GAN_E_CALLBACK and GAN_E_BAD_DATA of a dataset's callback.
 *  Ownership: the caller's buffer.  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_trainer_preview(gan_trainer *trainer, int64_t first, int64_t count, uint8_t *pixels, size_t capacity);

/** How many metrics there are, of all recipes. Their indices are 0 … count − 1; an index is not stable between versions, a name is.
 *
 *  @return  the number of metrics.
 *  Threads: any.  Errors: none.  Since: 0.1.0
 */
GAN_API int32_t gan_metric_count(void);

/** A metric's name, such as "discriminator.loss".
 *
 *  @param index  0 … gan_metric_count() − 1.
 *  @return  a string owned by the library, alive for ever; NULL when the index is out of range.
 *  Threads: any.  Errors: none.  Since: 0.1.0
 */
GAN_API const char *gan_metric_name(int32_t index);

/** What a metric means, in a sentence, with its unit.
 *
 *  @param index  0 … gan_metric_count() − 1.
 *  @return  a string owned by the library, alive for ever; NULL when the index is out of range.
 *  Threads: any.  Errors: none.  Since: 0.1.0
 */
GAN_API const char *gan_metric_summary(int32_t index);

/* ---------------------------------------------------------------------------------------------- Generator */

/** A trained generator. Immutable: any number of threads and samplers may share it. */
typedef struct gan_generator gan_generator;

/** Loads the generator of a checkpoint.
 *
 *  @param path  a file written by gan_trainer_save or gan_generator_save.
 *  @param out   receives the handle.
 *  @return  GAN_OK; GAN_E_NOT_FOUND, GAN_E_ACCESS, GAN_E_IO; GAN_E_BAD_FORMAT, GAN_E_TRUNCATED, GAN_E_CHECKSUM,
 *           GAN_E_NEWER_VERSION, GAN_E_MISMATCH; GAN_E_DIVERGED (the generator holds what is infinite or not a number);
 *           GAN_E_OUT_OF_RANGE (as gan_trainer_load); GAN_E_INVALID_ARGUMENT, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller destroys it with gan_generator_destroy. The file does not stay open.  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_generator_load(const char *path, gan_generator **out);

/** Loads the generator of a checkpoint that is in memory.
 *
 *  @param bytes  the contents of a checkpoint file; not needed after the call.
 *  @param size   how many bytes.
 *  @param out    receives the handle.
 *  @return  as gan_generator_load.
 *  Ownership: the caller destroys it with gan_generator_destroy.  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_generator_load_memory(const void *bytes, size_t size, gan_generator **out);

/** Takes a snapshot of a trainer's generator as it is now; further training does not change it.
 *
 *  @param trainer  the trainer; may be called inside its progress callback.
 *  @param out      receives the handle.
 *  @return  GAN_OK, GAN_E_DIVERGED, GAN_E_BUSY, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller destroys it with gan_generator_destroy.  Threads: one at a time.  Since: 0.1.0
 */
GAN_API int32_t gan_trainer_generator(gan_trainer *trainer, gan_generator **out);

/** Saves a generator alone: a smaller checkpoint that draws samples and cannot be trained on.
 *
 *  @param generator  the generator.
 *  @param path       the file to write or replace, whole or not at all.
 *  @return  as gan_trainer_save.
 *  Ownership: the path is not kept.  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_generator_save(const gan_generator *generator, const char *path);

/** Saves the same checkpoint into memory, for gan_generator_load_memory.
 *
 *  @param generator  the generator.
 *  @param buffer     receives the checkpoint's bytes; NULL with capacity 0 asks for the size only.
 *  @param capacity   the buffer's size in bytes.
 *  @param size       receives the checkpoint's size in bytes; also beside GAN_E_BUFFER_TOO_SMALL.
 *  @return  GAN_OK, GAN_E_BUFFER_TOO_SMALL, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_generator_save_memory(const gan_generator *generator, void *buffer, size_t capacity, size_t *size);

/** Destroys a generator. Samplers that use it live on.
 *
 *  @param generator  may be NULL.
 *  Threads: any.  Errors: none.  Since: 0.1.0
 */
GAN_API void gan_generator_destroy(gan_generator *generator);

/** How many numbers a latent has: the generator's input, drawn from the distribution of the option latent.distribution.
 *
 *  @param generator  the generator.
 *  @param size       receives the number; 0 for a generator that makes pictures of pictures, which has no latent (see gan_applier).
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_generator_latent_size(const gan_generator *generator, int32_t *size);

/** The size of an image. A volume (the recipes volume and view-to-volume), for programs that know pictures alone, is depth rows of height
 *  columns with width · channels values each: see gan_generator_axes.
 *
 *  @param generator  the generator.
 *  @param height     receives the rows.
 *  @param width      receives the columns.
 *  @param channels   receives the values per pixel.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_generator_shape(const gan_generator *generator, int32_t *height, int32_t *width, int32_t *channels);

/** The axes of what is made: of a picture [height, width, channels], of a row of numbers or of a table [n], of a volume [depth, height, width,
 *  channels]. gan_sampler_draw writes each item in this order, the last axis running fastest; so does gan_applier_apply with a model
 *  that makes a volume of a picture.
 *
 *  @param generator  the generator.
 *  @param axes       receives the length of each; NULL with capacity 0 asks for the rank only.
 *  @param capacity   how many axes the buffer holds.
 *  @param rank       receives the number of axes; also beside GAN_E_BUFFER_TOO_SMALL. May be NULL when there is a buffer.
 *  @return  GAN_OK, GAN_E_BUFFER_TOO_SMALL, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_generator_axes(const gan_generator *generator, int64_t *axes, size_t capacity, size_t *rank);

/** The range of the floats that the generator produces: 0 … 1 for a sigmoid, −1 … 1 for tanh and for linear output; the data's own of
 *  values with units, which are rows of numbers and what gan_dataset_create_values makes.
 *
 *  @param generator  the generator.
 *  @param low        receives the value that is black.
 *  @param high       receives the value that is white.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_generator_range(const gan_generator *generator, float *low, float *high);

/** Reads an option that the generator was trained with, as gan_options_get does.
 *
 *  @param generator  the generator.
 *  @param name       the option's name.
 *  @param buffer     receives the text and its terminating 0; NULL with capacity 0 asks for the size only.
 *  @param capacity   the buffer's size in bytes.
 *  @param size       receives the size in bytes with the terminating 0; also beside GAN_E_BUFFER_TOO_SMALL. May be NULL
 *                    when there is a buffer.
 *  @return  GAN_OK, GAN_E_UNKNOWN_NAME, GAN_E_BUFFER_TOO_SMALL, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_generator_option(const gan_generator *generator, const char *name, char *buffer, size_t capacity, size_t *size);

/* ------------------------------------------------------------------------------------------------ Sampler */

/** Draws from a generator. One a thread: it owns the memory that drawing needs, so that a draw allocates nothing.
 *
 *  Sample i under seed s is a function of (generator, s, i) alone: drawing 0 … 63 in one call or in 64 gives the same bits.
 */
typedef struct gan_sampler gan_sampler;

/** Creates a sampler.
 *
 *  @param generator  what to draw from; the sampler keeps it alive.
 *  @param options    "threads" and, since 0.2.0, "truncation" and "volume.pieces" are used; NULL for the defaults. With a truncation t above 0 numbers of
 *                    latents beyond -t ... t are drawn anew until none is (Brock et al. 1809.11096, section 3.1), so those within are
 *                    what they are without it; gan_sampler_latents tells them. What the caller decodes or sets is not changed.
 *  @param out        receives the handle.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE, GAN_E_OUT_OF_RANGE (the memory for all threads
 *           cannot be counted, or a truncation below 0.02), GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller destroys it with gan_sampler_destroy.  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_sampler_create(const gan_generator *generator, const gan_options *options, gan_sampler **out);

/** Destroys a sampler.
 *
 *  @param sampler  may be NULL.
 *  Threads: any.  Errors: none.  Since: 0.1.0
 */
GAN_API void gan_sampler_destroy(gan_sampler *sampler);

/** The latents of samples first … first + count − 1 under a seed: what gan_sampler_draw decodes.
 *
 *  @param sampler   the sampler.
 *  @param seed      any number.
 *  @param first     the first sample, from 0.
 *  @param count     how many, 0 or more.
 *  @param latents   receives [count, latent size].
 *  @param capacity  the buffer's size in floats.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE, GAN_E_BUSY, GAN_E_BUFFER_TOO_SMALL.
 *  Ownership: the caller's buffer.  Threads: one at a time.  Since: 0.1.0
 */
GAN_API int32_t gan_sampler_latents(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, float *latents, size_t capacity);

/** Draws samples first … first + count − 1 under a seed, as floats in the generator's range.
 *
 *  @param sampler   the sampler.
 *  @param seed      any number.
 *  @param first     the first sample, from 0.
 *  @param count     how many, 0 or more.
 *  @param images    receives [count, height, width, channels].
 *  @param capacity  the buffer's size in floats.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE, GAN_E_BUSY, GAN_E_BUFFER_TOO_SMALL.
 *  Ownership: the caller's buffer.  Threads: one at a time.  Since: 0.1.0
 */
GAN_API int32_t gan_sampler_draw(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, float *images, size_t capacity);

/** Draws samples as bytes: the generator's range mapped to 0 … 255, rounded to the nearest.
 *
 *  @param sampler   the sampler.
 *  @param seed      any number.
 *  @param first     the first sample, from 0.
 *  @param count     how many, 0 or more.
 *  @param pixels    receives [count, height, width, channels].
 *  @param capacity  the buffer's size in bytes.
 *  @return  as gan_sampler_draw.
 *  Ownership: the caller's buffer.  Threads: one at a time.  Since: 0.1.0
 */
GAN_API int32_t gan_sampler_draw_bytes(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, uint8_t *pixels, size_t capacity);

/** Turns the caller's latents into images, as floats in the generator's range.
 *
 *  @param sampler   the sampler.
 *  @param latents   [count, latent size], finite.
 *  @param count     how many, 0 or more.
 *  @param images    receives [count, height, width, channels].
 *  @param capacity  the buffer's size in floats.
 *  @return  as gan_sampler_draw; GAN_E_BAD_DATA for NaN or infinity in the latents.
 *  Ownership: the caller's buffers.  Threads: one at a time.  Since: 0.1.0
 */
GAN_API int32_t gan_sampler_decode(gan_sampler *sampler, const float *latents, int64_t count, float *images, size_t capacity);

/** Turns the caller's latents into bytes.
 *
 *  @param sampler   the sampler.
 *  @param latents   [count, latent size], finite.
 *  @param count     how many, 0 or more.
 *  @param pixels    receives [count, height, width, channels].
 *  @param capacity  the buffer's size in bytes.
 *  @return  as gan_sampler_decode.
 *  Ownership: the caller's buffers.  Threads: one at a time.  Since: 0.1.0
 */
GAN_API int32_t gan_sampler_decode_bytes(gan_sampler *sampler, const float *latents, int64_t count, uint8_t *pixels, size_t capacity);

/** A straight line between two latents. */
#define GAN_PATH_LINEAR 0
/** A great circle between two latents, at a length that changes evenly (Shoemake, "Animating rotation with quaternion
 *  curves", 1985): normal latents stay as probable on the way as at the ends. */
#define GAN_PATH_SPHERICAL 1

/** Latents along a path from one latent to another, both ends included, evenly spaced.
 *
 *  @param sampler   the sampler.
 *  @param from      [latent size], finite.
 *  @param to        [latent size], finite.
 *  @param path      GAN_PATH_LINEAR or GAN_PATH_SPHERICAL.
 *  @param count     how many, 0 or more; 1 gives `from`.
 *  @param latents   receives [count, latent size], for gan_sampler_decode.
 *  @param capacity  the buffer's size in floats.
 *  @return  as gan_sampler_decode.
 *  Ownership: the caller's buffers.  Threads: one at a time.  Since: 0.1.0
 */
GAN_API int32_t gan_sampler_path(gan_sampler *sampler, const float *from, const float *to, int32_t path, int64_t count, float *latents,
                                 size_t capacity);

/** The latent at one place of a path from one latent to another: for a film whose frames are not evenly spaced, or that a host asks
 *  for one by one.
 *
 *  @param sampler   the sampler.
 *  @param from      [latent size], finite.
 *  @param to        [latent size], finite.
 *  @param path      GAN_PATH_LINEAR or GAN_PATH_SPHERICAL.
 *  @param place     from 0, which gives `from` itself, to 1, which gives `to`.
 *  @param latent    receives [latent size], for gan_sampler_decode.
 *  @param capacity  the buffer's size in floats.
 *  @return  as gan_sampler_decode; GAN_E_OUT_OF_RANGE for a place outside 0 … 1.
 *  Ownership: the caller's buffers.  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_sampler_path_at(gan_sampler *sampler, const float *from, const float *to, int32_t path, double place,
                                    float *latent, size_t capacity);

/** Draws samples into one PNG: a grid, row by row.
 *
 *  @param sampler  the sampler; 1 (grey), 3 (RGB) or 4 (RGBA) channels.
 *  @param seed     any number.
 *  @param first    the first sample, from 0.
 *  @param count    how many, at least 1.
 *  @param columns  images a row, at least 1; a last row that is not full ends in black.
 *  @param margin   black pixels around every image, 0 or more.
 *  @param scale    how many pixels wide and high each pixel becomes, at least 1.
 *  @param path     the file to write or replace, whole or not at all.
 *  @return  GAN_OK; GAN_E_NOT_FOUND (no such folder), GAN_E_ACCESS, GAN_E_IO, GAN_E_NO_SPACE; GAN_E_OUT_OF_RANGE (too large
 *           for PNG); GAN_E_MISMATCH (channels); GAN_E_BUSY, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the path is not kept.  Threads: one at a time.  Since: 0.1.0
 */
GAN_API int32_t gan_sampler_write_png(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, int32_t columns,
                                      int32_t margin, int32_t scale, const char *path);

/** Draws samples into one PNG in memory.
 *
 *  @param sampler   as gan_sampler_write_png, like all arguments up to scale.
 *  @param seed      any number.
 *  @param first     the first sample, from 0.
 *  @param count     how many, at least 1.
 *  @param columns   images a row, at least 1.
 *  @param margin    black pixels around every image, 0 or more.
 *  @param scale     how many pixels wide and high each pixel becomes, at least 1.
 *  @param buffer    receives the file's bytes; NULL with capacity 0 asks for the size only.
 *  @param capacity  the buffer's size in bytes.
 *  @param size      receives the file's size in bytes; also beside GAN_E_BUFFER_TOO_SMALL.
 *  @return  as gan_sampler_write_png; GAN_E_BUFFER_TOO_SMALL.
 *  Ownership: the caller's buffer.  Threads: one at a time.  Since: 0.1.0
 */
GAN_API int32_t gan_sampler_encode_png(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, int32_t columns,
                                       int32_t margin, int32_t scale, void *buffer, size_t capacity, size_t *size);

/** Draws samples into an IDX file of unsigned bytes, [count, height, width] or, with several channels, of rank 4.
 *
 *  @param sampler  the sampler.
 *  @param seed     any number.
 *  @param first    the first sample, from 0.
 *  @param count    how many, 0 or more.
 *  @param path     the file to write or replace, whole or not at all.
 *  @return  as gan_sampler_write_png; any number of channels is taken, and GAN_E_OUT_OF_RANGE means more images than the format counts.
 *  Ownership: the path is not kept.  Threads: one at a time.  Since: 0.1.0
 */
GAN_API int32_t gan_sampler_write_idx(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, const char *path);

/** Draws samples into a NumPy file of floats in the generator's range, [count, height, width, channels]; [count, width] of rows of
 *  numbers.
 *
 *  @param sampler  the sampler.
 *  @param seed     any number.
 *  @param first    the first sample, from 0.
 *  @param count    how many, 0 or more.
 *  @param path     the file to write or replace, whole or not at all.
 *  @return  as gan_sampler_write_png.
 *  Ownership: the path is not kept.  Threads: one at a time.  Since: 0.1.0
 */
GAN_API int32_t gan_sampler_write_npy(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, const char *path);

/* ------------------------------------------------------------------------------------------------- Inputs */

/** How many inputs a generator has: what a sample is made of. Their indices are 0 … count − 1, and the first is the latent.
 *
 *  Inputs that nobody sets have values of their own: a latent and a code are drawn from the seed; the class of sample i is
 *  i mod the number of classes; its tags and its text are those of example i mod their number, of some items from all over the data
 *  (at most 256, and 64 texts), which the checkpoint keeps; a condition is one of the categories of the data's columns, as often as they have
 *  it.
 *
 *  @param generator  the generator.
 *  @param count      receives the number.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_generator_input_count(const gan_generator *generator, int32_t *count);

/** An input's name: "latents"; "label" with condition=labels; "tags" with condition=tags, and of the recipe tags; "text" of the
 *  recipe text-to-image; "c1", "c2", … of the recipe infogan; "condition" of the recipe table, whose classes are called like "city=Seoul".
 *
 *  @param generator  the generator.
 *  @param index      0 … count − 1.
 *  @param buffer     receives the text and its terminating 0; NULL with capacity 0 asks for the size only.
 *  @param capacity   the buffer's size in bytes.
 *  @param size       receives the size in bytes with the terminating 0; also beside GAN_E_BUFFER_TOO_SMALL. May be NULL
 *                    when there is a buffer.
 *  @return  GAN_OK, GAN_E_BUFFER_TOO_SMALL, GAN_E_INVALID_ARGUMENT (no such input too), GAN_E_INVALID_HANDLE.
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_generator_input_name(const gan_generator *generator, int32_t index, char *buffer, size_t capacity, size_t *size);

/** An input's kind: "latent" (numbers, drawn from the seed), "label" (one of the data's classes), "category" (one of those that
 *  the networks found by themselves), "code" (a number from −1 to 1), "tags" (a number from 0 to 1 for each tag), "text"
 *  (what a sample is to show, in words), "picture" or "condition" (one of the categories of a table's columns). More kinds may come.
 *
 *  @param generator  as gan_generator_input_name, like all arguments.
 *  @param index      0 … count − 1.
 *  @param buffer     receives the text and its terminating 0; NULL with capacity 0 asks for the size only.
 *  @param capacity   the buffer's size in bytes.
 *  @param size       receives the size in bytes with the terminating 0.
 *  @return  as gan_generator_input_name.
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_generator_input_kind(const gan_generator *generator, int32_t index, char *buffer, size_t capacity, size_t *size);

/** How many numbers a row of an input has: the latent size, the number of tags, the characters that a text has room
 *  for, and 1 for a label, a category or a code.
 *
 *  @param generator  the generator.
 *  @param index      0 … count − 1.
 *  @param width      receives the number.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT (no such input too), GAN_E_INVALID_HANDLE.
 *  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_generator_input_width(const gan_generator *generator, int32_t index, int32_t *width);

/** How many classes a label or category is one of, or how many tags there are; 0 for other inputs.
 *
 *  @param generator  the generator.
 *  @param index      0 … count − 1.
 *  @param classes    receives the number.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT (no such input too), GAN_E_INVALID_HANDLE.
 *  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_generator_input_classes(const gan_generator *generator, int32_t index, int32_t *classes);

/** What a class or tag is called: the name that the data had for it, or its number as text.
 *
 *  @param generator  the generator.
 *  @param index      0 … count − 1, the input.
 *  @param number     0 … classes − 1, the class.
 *  @param buffer     receives the text and its terminating 0; NULL with capacity 0 asks for the size only.
 *  @param capacity   the buffer's size in bytes.
 *  @param size       receives the size in bytes with the terminating 0.
 *  @return  as gan_generator_input_name; GAN_E_INVALID_ARGUMENT for a class that there is not too.
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_generator_input_class_name(const gan_generator *generator, int32_t index, int32_t number, char *buffer,
                                               size_t capacity, size_t *size);

/** Sets an input of a sampler from text: gan_sampler_set(s, "label", "7"). Whatever is drawn after that, as floats, bytes or
 *  files, is drawn with it.
 *
 *  A class is its name or, where no name is a number itself, its number; a code is a number. Several, with commas between
 *  them, are taken in turn: sample i has number i mod their count. Tags are their names with commas between them,
 *  "smile,glasses", which an image has all, or "none"; with semicolons between those of several images. A text is in UTF-8, in any
 *  language; a character that the training's texts do not have is read as one that is not known. Several stand on lines of their own.
 *
 *  @param sampler  the sampler.
 *  @param input    the input's name.
 *  @param value    the value or values; "" for what the input is without being set.
 *  @return  GAN_OK; GAN_E_UNKNOWN_NAME (no such input, class or tag; the message gives the nearest); GAN_E_OUT_OF_RANGE
 *           (a code outside −1 … 1, a text that is longer than all that were learnt from); GAN_E_BUSY, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE, GAN_E_OUT_OF_MEMORY.
 *  Ownership: both strings are copied.  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_sampler_set(gan_sampler *sampler, const char *input, const char *value);

/** Sets an input of a sampler from numbers: classes by their numbers, codes, latents, tags as rows of numbers from 0 to 1, texts
 *  as rows of characters by their numbers (0 for the end and what follows it, 1 for one that is not known).
 *
 *  @param sampler  the sampler.
 *  @param input    the input's name.
 *  @param values   [count], whole rows: sample i is made of row i mod their number. May be NULL when count is 0.
 *  @param count    how many numbers; 0 for what the input is without being set.
 *  @return  as gan_sampler_set; GAN_E_OUT_OF_RANGE for a class that there is not, for a code outside −1 … 1, and for numbers
 *           that are not whole rows or not finite.
 *  Ownership: the values are copied.  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_sampler_set_values(gan_sampler *sampler, const char *input, const float *values, int64_t count);

/* ------------------------------------------------------------------------------------------------- Tables */

/** Opens a table that a program has in memory, as comma-separated values (RFC 4180): what gan_dataset_open does with a file whose name ends in
 *  .csv or .tsv.
 *
 *  The first line names the columns, unless it has a number, a date or an empty cell (table.header). Semicolons or tabulators may stand
 *  between cells instead, where the first line has no comma. An empty cell is a missing value; in a column of numbers or dates NA, N/A, NaN,
 *  null, None, nil and ? are too, in any case of letters. Spaces around a cell are no part of it.
 *
 *  A column is of dates where all of its cells are (2026-11-28, or with 17:30 or 17:30:05 behind a space or a T, and a Z); of numbers where all
 *  are; of categories where they are texts, or numbers of at most 20 different values with ten rows each on average. Numbers that begin with a
 *  0 that means nothing, such as 01234, are texts. table.categorical and table.continuous name columns that are to be what they say, and
 *  table.leave-out those that are passed over. Of categories a column has at most 1,000, and all columns together 4,096.
 *
 *  The dataset has one field, "row": as many numbers as networks see of a row, those of quantities by the mode of a mixture of normal
 *  distributions (Xu et al. 1907.00503, section 4.2). A training that has no recipe set takes the recipe table.
 *
 *  @param text     the table, UTF-8, also with a mark of it in front. Copied.
 *  @param size     how many bytes.
 *  @param options  the table.… options are used; NULL for the defaults.
 *  @param out      receives the handle.
 *  @return  GAN_OK; GAN_E_BAD_FORMAT, GAN_E_TRUNCATED (no such values, another number of cells in a line, not UTF-8; the message has the number
 *           of the line); GAN_E_BAD_DATA (no rows, two columns of one name, too many categories, a column that cannot be what an option says);
 *           GAN_E_UNKNOWN_NAME (an option names no column); GAN_E_OUT_OF_RANGE (too many columns); GAN_E_INVALID_ARGUMENT,
 *           GAN_E_INVALID_HANDLE, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller destroys it with gan_dataset_destroy.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_dataset_create_table(const void *text, size_t size, const gan_options *options, gan_dataset **out);

/** How many columns the rows have that a generator of the recipe table makes. Their indices are 0 … count − 1, in the order of the data.
 *
 *  @param generator  the generator.
 *  @param count      receives the number.
 *  @return  GAN_OK, GAN_E_MISMATCH (it makes no rows of a table), GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_generator_column_count(const gan_generator *generator, int32_t *count);

/** A column's name.
 *
 *  @param generator  the generator.
 *  @param index      0 … count − 1.
 *  @param buffer     receives the text and its terminating 0; NULL with capacity 0 asks for the size only.
 *  @param capacity   the buffer's size in bytes.
 *  @param size       receives the size in bytes with the terminating 0; also beside GAN_E_BUFFER_TOO_SMALL. May be NULL
 *                    when there is a buffer.
 *  @return  GAN_OK, GAN_E_BUFFER_TOO_SMALL, GAN_E_MISMATCH (it makes no rows of a table), GAN_E_INVALID_ARGUMENT (no such column too),
 *           GAN_E_INVALID_HANDLE.
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_generator_column_name(const gan_generator *generator, int32_t index, char *buffer, size_t capacity, size_t *size);

/** A column's kind: "category", "integer", "real" or "date".
 *
 *  @param generator  as gan_generator_column_name, like all arguments.
 *  @param index      0 … count − 1.
 *  @param buffer     receives the text and its terminating 0; NULL with capacity 0 asks for the size only.
 *  @param capacity   the buffer's size in bytes.
 *  @param size       receives the size in bytes with the terminating 0.
 *  @return  as gan_generator_column_name.
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_generator_column_kind(const gan_generator *generator, int32_t index, char *buffer, size_t capacity, size_t *size);

/** How many categories a column has, without the missing value; 0 for a column of numbers or dates. gan_generator_column_text tells what they
 *  are called.
 *
 *  @param generator  the generator.
 *  @param index      0 … count − 1.
 *  @param count      receives the number.
 *  @return  GAN_OK, GAN_E_MISMATCH (it makes no rows of a table), GAN_E_INVALID_ARGUMENT (no such column too), GAN_E_INVALID_HANDLE.
 *  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_generator_column_categories(const gan_generator *generator, int32_t index, int32_t *count);

/** A cell as text, as the data write such a cell: a category's name, a number with as many decimals, a date; of NaN, and of a category that there
 *  is not, what the data had where a value was missing (often nothing).
 *
 *  @param generator  the generator.
 *  @param index      0 … count − 1, the column.
 *  @param cell       the number that the cell is (gan_sampler_draw_rows).
 *  @param buffer     receives the text and its terminating 0; NULL with capacity 0 asks for the size only.
 *  @param capacity   the buffer's size in bytes.
 *  @param size       receives the size in bytes with the terminating 0.
 *  @return  as gan_generator_column_name.
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_generator_column_text(const gan_generator *generator, int32_t index, double cell, char *buffer, size_t capacity,
                                          size_t *size);

/** Asks the rows that a sampler draws to meet conditions, until it is told others: gan_sampler_where(s, "city=Seoul\nage>=30"). Row i is
 *  then the i-th of the rows under a seed that meet all of them. Samples that are drawn as numbers or pictures know nothing of it, but that
 *  they are made under the category that was asked for.
 *
 *  @param sampler     the sampler.
 *  @param conditions  a line each: a column's name, one of =, !=, <, <=, > and >=, and a value. Categories are = or !=, and compared where all are
 *                     numbers; nothing behind = asks for a missing value. NULL or "" for any rows.
 *  @return  GAN_OK; GAN_E_UNKNOWN_NAME (no such column or category; the message gives the nearest); GAN_E_OUT_OF_RANGE (what no row can meet:
 *           beyond the range of the data, or one condition against another); GAN_E_MISMATCH (the generator makes no rows of a table);
 *           GAN_E_BUSY, GAN_E_INVALID_ARGUMENT (also: what is no condition), GAN_E_INVALID_HANDLE, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the string is copied.  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_sampler_where(gan_sampler *sampler, const char *conditions);

/** Draws rows of a table as numbers.
 *
 *  @param sampler   the sampler.
 *  @param seed      any number.
 *  @param first     the first row, from 0. With conditions, those before it are made too, unless the last call ended there; at most
 *                   1,000,000,000 then.
 *  @param count     how many, 0 or more.
 *  @param cells     receives [count, columns]: of a category its place among the column's, from 0; a number; of a date the seconds since the
 *                   beginning of 1970; NaN where a value is missing.
 *  @param capacity  how many numbers the buffer holds.
 *  @return  GAN_OK; GAN_E_BUFFER_TOO_SMALL; GAN_E_MISMATCH (the generator makes no rows of a table); GAN_E_OUT_OF_RANGE (of 20,000 rows and more
 *           fewer than one in as many meets the conditions; some of the buffer is filled by then); GAN_E_BUSY, GAN_E_INVALID_ARGUMENT,
 *           GAN_E_INVALID_HANDLE, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller's buffer.  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_sampler_draw_rows(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, double *cells, size_t capacity);

/** Draws rows of a table into a file of comma-separated values (RFC 4180, lines end with a line feed), with a line of the columns' names in front.
 *
 *  @param sampler  the sampler.
 *  @param seed     any number.
 *  @param first    the first row, as of gan_sampler_draw_rows.
 *  @param count    how many, 0 or more.
 *  @param path     the file to write or replace, whole or not at all.
 *  @return  as gan_sampler_write_png; GAN_E_MISMATCH and GAN_E_OUT_OF_RANGE as gan_sampler_draw_rows.
 *  Ownership: the path is not kept.  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_sampler_write_csv(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, const char *path);

/* ------------------------------------------------------------------------------------------------ Applier */

/** A network that makes pictures of pictures (the recipes image-to-image, super-resolution, inpainting and translation), for pictures of
 *  any size; or that says which frames follow some frames of a film (the recipe next-frame); or
 *  that makes a volume of a picture of what is in it (view-to-volume). Of a picture of another size than the views that this learnt from
 *  it takes the centre, scaled so that it covers them. gan_generator_axes tells the axes of the volume; its values, from 0 (empty) to 1
 *  (full), lie as those of a picture of depth rows, height columns and width · channels channels would.
 *
 *  A size is planned when it first comes, and kept. Pictures whose intermediate values would take more than 256 MiB are made in
 *  tiles, which overlap by as much as a pixel depends on: what is made is the same. The option tile cuts smaller. Models with
 *  generator.norm instance (which translation has unless another is set) or layer, in which every pixel depends on all, models of
 *  image-to-image with noise (dropout above 0) and models of next-frame with memory=lstm are not cut. The last take frames of the size
 *  alone that they learnt from.
 *
 *  Values are from 0 (black) to 1, or 0 to 255; others are brought to the nearer end.
 */
typedef struct gan_applier gan_applier;

/** Makes an applier of a generator.
 *
 *  @param generator  the generator; may be destroyed afterwards.
 *  @param options    threads, tile, reverse and volume.pieces are read, and nothing else; NULL for the defaults. With reverse a model of the recipe
 *                    translation makes pictures of the source's kind of the target's.
 *  @param out        receives the handle.
 *  @return  GAN_OK; GAN_E_MISMATCH (a generator that makes pictures of numbers: see gan_sampler_create; or reverse, and a model that
 *           makes pictures one way only); GAN_E_OUT_OF_MEMORY,
 *           GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Ownership: the caller destroys it with gan_applier_destroy.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_applier_create(const gan_generator *generator, const gan_options *options, gan_applier **out);

/** Destroys an applier.
 *
 *  @param applier  may be NULL.
 *  Threads: any; an applier in use lives until that call returns.  Errors: none.  Since: 0.2.0 (settling)
 */
GAN_API void gan_applier_destroy(gan_applier *applier);

/** What is read of a picture, and made of it.
 *
 *  @param applier     the applier.
 *  @param input       receives the channels of a picture that is read: 1 for grey, 3 for RGB.
 *  @param output      receives the channels of a picture that is made.
 *  @param takes_mask  receives 1 for a model that fills holes, which wants a mask with every picture; else 0.
 *  @return  GAN_OK, GAN_E_BUSY, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_applier_channels(gan_applier *applier, int32_t *input, int32_t *output, int32_t *takes_mask);

/** The sides of what is made of a picture.
 *
 *  @param applier      the applier.
 *  @param height       the picture's rows, 1 … 65536.
 *  @param width        its columns, 1 … 65536.
 *  @param made_height  receives the rows of what is made.
 *  @param made_width   receives its columns.
 *  @return  GAN_OK, GAN_E_OUT_OF_RANGE, GAN_E_MISMATCH (a model of next-frame with memory=lstm, and other sides than it learnt from),
 *           GAN_E_BUSY, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_applier_shape(gan_applier *applier, int32_t height, int32_t width, int32_t *made_height, int32_t *made_width);

/** Makes a picture of a picture, as floats.
 *
 *  @param applier   the applier.
 *  @param seed      what noise in the network (option dropout) is made from; the same seed makes the same picture. Of a volume 0 makes the
 *                   likeliest one, and another seed one of those that the picture may show as well.
 *  @param pixels    [height, width, input channels], 0 … 1.
 *  @param mask      for a model that fills holes [height, width], above 0.5 where the picture is missing: the rest stays to the bit;
 *                   else NULL.
 *  @param height    rows, 1 … 65536.
 *  @param width     columns, 1 … 65536.
 *  @param made      receives [made height, made width, output channels], 0 … 1; must not overlap pixels.
 *  @param capacity  the buffer's size in floats.
 *  @return  GAN_OK; GAN_E_BUFFER_TOO_SMALL; GAN_E_OUT_OF_RANGE (sides); GAN_E_BUSY, GAN_E_OUT_OF_MEMORY; GAN_E_INVALID_ARGUMENT (pixels that
 *           are no numbers, a mask that is missing or not wanted), GAN_E_INVALID_HANDLE; GAN_E_MISMATCH (a model of next-frame: see
 *           gan_applier_predict).
 *  Ownership: the caller's buffers.  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_applier_apply(gan_applier *applier, uint64_t seed, const float *pixels, const float *mask, int32_t height, int32_t width,
                                  float *made, size_t capacity);

/** Makes a picture of a picture, as bytes: gan_applier_apply with 0 … 255 for 0 … 1.
 *
 *  @param applier   the applier.
 *  @param seed      as for gan_applier_apply.
 *  @param pixels    [height, width, input channels].
 *  @param mask      as for gan_applier_apply, above 127 where the picture is missing.
 *  @param height    rows, 1 … 65536.
 *  @param width     columns, 1 … 65536.
 *  @param made      receives [made height, made width, output channels]; must not overlap pixels.
 *  @param capacity  the buffer's size in bytes.
 *  @return  as gan_applier_apply.
 *  Ownership: the caller's buffers.  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_applier_apply_bytes(gan_applier *applier, uint64_t seed, const uint8_t *pixels, const uint8_t *mask, int32_t height,
                                        int32_t width, uint8_t *made, size_t capacity);

/** How many frames a model of the recipe next-frame looks at, to say which one follows.
 *
 *  @param applier  the applier.
 *  @param past     receives their number; 0 for a model that makes a picture of one picture.
 *  @return  GAN_OK, GAN_E_BUSY, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_applier_frames(gan_applier *applier, int32_t *past);

/** Says which frames follow, as floats: each of as many before it as gan_applier_frames tells, its own included, so that any number
 *  may be asked for. However many that is, the first ones are the same (Lotter, Kreiman & Cox 1511.06380).
 *
 *  @param applier   the applier.
 *  @param seed      what noise in the network is made from; the recipe next-frame has none.
 *  @param frames    [given, height, width, input channels], the oldest first, 0 … 1.
 *  @param given     how many there are: as many as gan_applier_frames tells, or more, of which the last are looked at.
 *  @param height    rows of a frame, 1 … 65536.
 *  @param width     columns of a frame, 1 … 65536.
 *  @param count     how many frames to say, 0 … 65536.
 *  @param made      receives [count, height, width, output channels], 0 … 1; must not overlap frames.
 *  @param capacity  the buffer's size in floats.
 *  @return  GAN_OK; GAN_E_MISMATCH (a model of another recipe; sides that it did not learn from, with memory=lstm); GAN_E_BUFFER_TOO_SMALL;
 *           GAN_E_OUT_OF_RANGE (too few frames, sides, count); GAN_E_BUSY, GAN_E_OUT_OF_MEMORY; GAN_E_INVALID_ARGUMENT (pixels that are
 *           no numbers), GAN_E_INVALID_HANDLE.
 *  Ownership: the caller's buffers.  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_applier_predict(gan_applier *applier, uint64_t seed, const float *frames, int32_t given, int32_t height, int32_t width,
                                    int32_t count, float *made, size_t capacity);

/** Says which frames follow, as bytes: gan_applier_predict with 0 … 255 for 0 … 1.
 *
 *  @param applier   the applier.
 *  @param seed      as for gan_applier_predict.
 *  @param frames    [given, height, width, input channels], the oldest first.
 *  @param given     as for gan_applier_predict.
 *  @param height    rows of a frame, 1 … 65536.
 *  @param width     columns of a frame, 1 … 65536.
 *  @param count     how many frames to say, 0 … 65536.
 *  @param made      receives [count, height, width, output channels]; must not overlap frames.
 *  @param capacity  the buffer's size in bytes.
 *  @return  as gan_applier_predict.
 *  Ownership: the caller's buffers.  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_applier_predict_bytes(gan_applier *applier, uint64_t seed, const uint8_t *frames, int32_t given, int32_t height,
                                          int32_t width, int32_t count, uint8_t *made, size_t capacity);

/* -------------------------------------------------------------------------------------------- Checkpoints */

/** A checkpoint that was read and verified, to be looked at: what it is, its options, and the tensors in it. Immutable:
 *  any number of threads may share it. To draw from it use gan_generator_load, to train on gan_trainer_load.
 *
 *  Another program may read the file (it is safetensors) and save it again: as long as metadata and tensors are the same, so is the
 *  checkpoint, however they are written. A program that changes weights adds the text "edited" to the metadata, whatever it says.
 *  The checksum then means nothing and is not looked at; names, shapes and the type F32 must still be those that the options
 *  ask for, and all numbers finite. What libgan saves after that is its own again, with a checksum.
 */
typedef struct gan_checkpoint gan_checkpoint;

/** Opens a checkpoint to look at. The whole file is read and its checksum verified.
 *
 *  @param path  a file written by gan_trainer_save or gan_generator_save.
 *  @param out   receives the handle.
 *  @return  GAN_OK; GAN_E_NOT_FOUND, GAN_E_ACCESS, GAN_E_IO; GAN_E_BAD_FORMAT, GAN_E_TRUNCATED, GAN_E_CHECKSUM,
 *           GAN_E_NEWER_VERSION; GAN_E_INVALID_ARGUMENT, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller destroys it with gan_checkpoint_destroy. The file does not stay open.  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_checkpoint_open(const char *path, gan_checkpoint **out);

/** Destroys a checkpoint's handle. The file stays.
 *
 *  @param checkpoint  may be NULL.
 *  Threads: any.  Errors: none.  Since: 0.1.0
 */
GAN_API void gan_checkpoint_destroy(gan_checkpoint *checkpoint);

/** Reads what a checkpoint says about itself.
 *
 *  "kind" is "trainer" (networks, optimisers and position, to train on) or "generator" (to draw from alone); "step" is the
 *  number of training steps made; "seed" is the training's seed. Since 0.2.0 (settling) also "images": how many images the data
 *  had with which the training was saved; "edited": "true" where another program has changed the file and says so, else "false";
 *  and "data": the images of the training as a JSON object of texts, "count", "height", "width", "channels" and, unless a callback
 *  delivered them, "crc32" of their values. What the file does not say, as those of libgan 0.1 and generators alone, is "".
 *
 *  @param checkpoint  the checkpoint.
 *  @param name        "kind", "step", "seed", "images", "data" or "edited".
 *  @param buffer      receives the text and its terminating 0; NULL with capacity 0 asks for the size only.
 *  @param capacity    the buffer's size in bytes.
 *  @param size        receives the size in bytes with the terminating 0; also beside GAN_E_BUFFER_TOO_SMALL. May be NULL
 *                     when there is a buffer.
 *  @return  GAN_OK, GAN_E_UNKNOWN_NAME, GAN_E_BUFFER_TOO_SMALL, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_checkpoint_text(const gan_checkpoint *checkpoint, const char *name, char *buffer, size_t capacity, size_t *size);

/** Reads an option that the checkpoint was trained with, as gan_options_get does. One that the file does not keep, such as
 *  the number of threads, has its default.
 *
 *  @param checkpoint  the checkpoint.
 *  @param name        the option's name.
 *  @param buffer      receives the text and its terminating 0; NULL with capacity 0 asks for the size only.
 *  @param capacity    the buffer's size in bytes.
 *  @param size        receives the size in bytes with the terminating 0; also beside GAN_E_BUFFER_TOO_SMALL. May be NULL
 *                     when there is a buffer.
 *  @return  GAN_OK, GAN_E_UNKNOWN_NAME, GAN_E_BUFFER_TOO_SMALL, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_checkpoint_option(const gan_checkpoint *checkpoint, const char *name, char *buffer, size_t capacity, size_t *size);

/** How many tensors the checkpoint holds.
 *
 *  @param checkpoint  the checkpoint.
 *  @param count       receives the number.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_checkpoint_tensor_count(const gan_checkpoint *checkpoint, int64_t *count);

/** A tensor's name: network, layer and parameter, such as "generator.0.weight"; what Adam keeps about a parameter is named
 *  after it, "generator.0.weight.adam.m" (the mean of its gradients) and "….adam.v" (of their squares).
 *
 *  @param checkpoint  the checkpoint.
 *  @param index       0 … count − 1, in the order of the file.
 *  @param buffer      receives the name and its terminating 0; NULL with capacity 0 asks for the size only.
 *  @param capacity    the buffer's size in bytes.
 *  @param size        receives the size in bytes with the terminating 0; also beside GAN_E_BUFFER_TOO_SMALL. May be NULL
 *                     when there is a buffer.
 *  @return  GAN_OK, GAN_E_BUFFER_TOO_SMALL, GAN_E_INVALID_ARGUMENT (no such tensor too), GAN_E_INVALID_HANDLE.
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_checkpoint_tensor_name(const gan_checkpoint *checkpoint, int64_t index, char *buffer, size_t capacity, size_t *size);

/** A tensor's shape: [inputs, outputs] for the weights of a fully connected layer, the last axis varying fastest.
 *
 *  @param checkpoint  the checkpoint.
 *  @param index       0 … count − 1, in the order of the file.
 *  @param shape       receives the size of each axis; NULL with capacity 0 asks for the rank only. No tensor has more
 *                     than 64 axes.
 *  @param capacity    the buffer's size in axes.
 *  @param rank        receives the number of axes, 0 for a single number; also beside GAN_E_BUFFER_TOO_SMALL.
 *  @return  GAN_OK, GAN_E_BUFFER_TOO_SMALL, GAN_E_INVALID_ARGUMENT (no such tensor too), GAN_E_INVALID_HANDLE.
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_checkpoint_tensor_shape(const gan_checkpoint *checkpoint, int64_t index, int64_t *shape, size_t capacity,
                                            size_t *rank);

/** The type of a tensor's elements by the name that the format has for it: "F32" for all that libgan writes.
 *
 *  @param checkpoint  the checkpoint.
 *  @param index       0 … count − 1, in the order of the file.
 *  @param buffer      receives the name and its terminating 0; NULL with capacity 0 asks for the size only.
 *  @param capacity    the buffer's size in bytes.
 *  @param size        receives the size in bytes with the terminating 0; also beside GAN_E_BUFFER_TOO_SMALL. May be NULL
 *                     when there is a buffer.
 *  @return  GAN_OK, GAN_E_BUFFER_TOO_SMALL, GAN_E_INVALID_ARGUMENT (no such tensor too), GAN_E_INVALID_HANDLE.
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_checkpoint_tensor_type(const gan_checkpoint *checkpoint, int64_t index, char *buffer, size_t capacity,
                                           size_t *size);

/** Reads a tensor's numbers.
 *
 *  @param checkpoint  the checkpoint.
 *  @param index       0 … count − 1, in the order of the file.
 *  @param values      receives [the tensor's shape], the last axis varying fastest; NULL with capacity 0 asks for the number
 *                     only.
 *  @param capacity    the buffer's size in floats.
 *  @param count       receives the number of values, 1 for a single number; also beside GAN_E_BUFFER_TOO_SMALL.
 *  @return  GAN_OK, GAN_E_BUFFER_TOO_SMALL, GAN_E_MISMATCH (of another type than F32), GAN_E_INVALID_ARGUMENT (no such tensor
 *           too), GAN_E_INVALID_HANDLE.
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_checkpoint_tensor_read(const gan_checkpoint *checkpoint, int64_t index, float *values, size_t capacity,
                                           size_t *count);

/* --------------------------------------------------------------------------------------------- Classifier */

/** A network that tells the class of a picture, or which tags it has, as the recipe "classifier" trains it: probabilities and
 *  features. One that the recipe "autoencoder" trains, which needs no labels, tells features alone.
 *
 *     gan_options_set(options, "recipe", "classifier");
 *     gan_trainer_create(options, digits, &trainer);         // digits with labels
 *     gan_trainer_run(trainer, 10, NULL, NULL);              // the metric "accuracy" tells of pictures that were held out
 *     gan_trainer_save(trainer, "judge.safetensors");
 *     gan_classifier_load("judge.safetensors", NULL, &judge);
 */
typedef struct gan_classifier gan_classifier;

/** Loads the classifier of a checkpoint, file or pipe.
 *
 *  @param path     a checkpoint of the recipe "classifier" or "autoencoder".
 *  @param options  may be NULL; only the number of threads is taken from them.
 *  @param out      receives the handle.
 *  @return  GAN_OK; what gan_generator_load returns; GAN_E_MISMATCH (of another recipe).
 *  Ownership: the caller destroys it with gan_classifier_destroy.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_classifier_load(const char *path, const gan_options *options, gan_classifier **out);

/** Loads a classifier from a checkpoint in memory, as gan_classifier_load does from a file.
 *
 *  @param bytes    the contents of a checkpoint; not needed after the call.
 *  @param size     how many bytes.
 *  @param options  may be NULL; only the number of threads is taken from them.
 *  @param out      receives the handle.
 *  @return  GAN_OK; what gan_generator_load_memory returns; GAN_E_MISMATCH (of another recipe).
 *  Ownership: the caller destroys it with gan_classifier_destroy.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_classifier_load_memory(const void *bytes, size_t size, const gan_options *options, gan_classifier **out);

/** Copies the classifier of a training as it is now. May be called in the progress callback.
 *
 *  @param trainer  a trainer of the recipe "classifier" or "autoencoder".
 *  @param out      receives the handle.
 *  @return  GAN_OK, GAN_E_MISMATCH (another recipe), GAN_E_DIVERGED, GAN_E_INVALID_ARGUMENT, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller destroys it with gan_classifier_destroy.  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_trainer_classifier(gan_trainer *trainer, gan_classifier **out);

/** Destroys a classifier. Evaluations made with it, and trainers that it judges, are not affected.
 *
 *  @param classifier  may be NULL.
 *  Threads: one at a time.  Errors: none.  Since: 0.2.0 (settling)
 */
GAN_API void gan_classifier_destroy(gan_classifier *classifier);

/** The shape of the images that the classifier takes.
 *
 *  @param classifier  the classifier.
 *  @param height      receives the rows.
 *  @param width       receives the columns.
 *  @param channels    receives the values per pixel.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_classifier_shape(const gan_classifier *classifier, int32_t *height, int32_t *width, int32_t *channels);

/** What the classifier tells of a picture beside its features: "labels", which one class it is of, with probabilities that sum to
 *  1; "tags", of each tag whether the picture has it, with a probability of its own; or nothing, "", where it is an
 *  autoencoder's.
 *
 *  @param classifier  the classifier.
 *  @param buffer      receives the word and its terminating 0; NULL with capacity 0 asks for the size only.
 *  @param capacity    the buffer's size in bytes.
 *  @param size        receives the size in bytes with the terminating 0; also beside GAN_E_BUFFER_TOO_SMALL. May be NULL
 *                     when there is a buffer.
 *  @return  GAN_OK, GAN_E_BUFFER_TOO_SMALL, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_classifier_target(const gan_classifier *classifier, char *buffer, size_t capacity, size_t *size);

/** How many classes the classifier tells apart, or how many tags it knows.
 *
 *  @param classifier  the classifier.
 *  @param classes     receives the number: 2 or more classes, 1 or more tags, 0 of an autoencoder.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_classifier_classes(const gan_classifier *classifier, int32_t *classes);

/** What a class, or a tag, is called in the data that the classifier was trained on; its number as text where they had no names.
 *
 *  @param classifier  the classifier.
 *  @param index       0 … classes − 1.
 *  @param buffer      receives the name and its terminating 0; NULL with capacity 0 asks for the size only.
 *  @param capacity    the buffer's size in bytes.
 *  @param size        receives the size in bytes with the terminating 0; also beside GAN_E_BUFFER_TOO_SMALL. May be NULL
 *                     when there is a buffer.
 *  @return  GAN_OK, GAN_E_BUFFER_TOO_SMALL, GAN_E_INVALID_ARGUMENT (no such class too), GAN_E_INVALID_HANDLE.
 *  Ownership: the caller's buffer.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_classifier_class_name(const gan_classifier *classifier, int32_t index, char *buffer, size_t capacity,
                                          size_t *size);

/** How many numbers the features of an image are: the outputs of the layer before the last, or what an autoencoder makes the
 *  image again of.
 *
 *  @param classifier  the classifier.
 *  @param features    receives the number.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_classifier_features(const gan_classifier *classifier, int32_t *features);

/** Tells the classes, or the tags, of images. What it says of an image does not depend on the others.
 *
 *  @param classifier            the classifier.
 *  @param images                [count, height, width, channels], from 0 (black) to 1, as gan_dataset_read gives them.
 *  @param count                 how many, 0 or more.
 *  @param probabilities         receives [count, classes], rows that sum to 1, or [count, tags], each from 0 to 1; NULL where they
 *                               are not wanted. Of an autoencoder there are none.
 *  @param probability_capacity  the size of that buffer in floats.
 *  @param features              receives [count, features]; NULL where they are not wanted.
 *  @param feature_capacity      the size of that buffer in floats.
 *  @return  GAN_OK, GAN_E_BUFFER_TOO_SMALL, GAN_E_BAD_DATA (NaN or infinity), GAN_E_INVALID_ARGUMENT, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller's buffers.  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_classifier_run(gan_classifier *classifier, const float *images, int64_t count, float *probabilities,
                                   size_t probability_capacity, float *features, size_t feature_capacity);

/* ----------------------------------------------------------------------------------------------- Measures */

/** How many measures there are: numbers that say how good samples are beside data. Their list may grow; a measure's meaning
 *  never changes.
 *
 *  @return  the number; indices run from 0 to it − 1.
 *  Threads: any.  Errors: none.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_measure_count(void);

/** A measure's name, such as "frechet-distance" or "recall".
 *
 *  @param index  0 … gan_measure_count() − 1.
 *  @return  a string owned by the library, alive for ever; NULL when the index is out of range.
 *  Threads: any.  Errors: none.  Since: 0.2.0 (settling)
 */
GAN_API const char *gan_measure_name(int32_t index);

/** What a measure is, in a sentence.
 *
 *  @param index  0 … gan_measure_count() − 1.
 *  @return  a string owned by the library, alive for ever; NULL when the index is out of range.
 *  Threads: any.  Errors: none.  Since: 0.2.0 (settling)
 */
GAN_API const char *gan_measure_summary(int32_t index);

/** Where a measure is from: authors, title, year and address.
 *
 *  @param index  0 … gan_measure_count() − 1.
 *  @return  a string owned by the library, alive for ever; NULL when the index is out of range.
 *  Threads: any.  Errors: none.  Since: 0.2.0 (settling)
 */
GAN_API const char *gan_measure_paper(int32_t index);

/** What values a measure has, for people, such as "0 to 1".
 *
 *  @param index  0 … gan_measure_count() − 1.
 *  @return  a string owned by the library, alive for ever; NULL when the index is out of range.
 *  Threads: any.  Errors: none.  Since: 0.2.0 (settling)
 */
GAN_API const char *gan_measure_range(int32_t index);

/** What is good: "higher" or "lower".
 *
 *  @param index  0 … gan_measure_count() − 1.
 *  @return  a string owned by the library, alive for ever; NULL when the index is out of range.
 *  Threads: any.  Errors: none.  Since: 0.2.0 (settling)
 */
GAN_API const char *gan_measure_goal(int32_t index);

/** What a measure is made of: "features" of both sides; "classes", which a classifier tells; "labels", which are that and
 *  classes that samples were to be of; "pictures", the pixels themselves; "rows", the cells of a table. Features of rows are quantities in
 *  the data's deviations, and a number for each category.
 *
 *  @param index  0 … gan_measure_count() − 1.
 *  @return  a string owned by the library, alive for ever; NULL when the index is out of range.
 *  Threads: any.  Errors: none.  Since: 0.2.0 (settling)
 */
GAN_API const char *gan_measure_needs(int32_t index);

/** How a measure depends on the number of samples, for people.
 *
 *  @param index  0 … gan_measure_count() − 1.
 *  @return  a string owned by the library, alive for ever; NULL when the index is out of range.
 *  Threads: any.  Errors: none.  Since: 0.2.0 (settling)
 */
GAN_API const char *gan_measure_samples(int32_t index);

/** How many samples, and how many items of the data, a measure needs at least.
 *
 *  @param index    0 … gan_measure_count() − 1.
 *  @param minimum  receives the number, at least 1.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT (no such measure too).
 *  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_measure_minimum(int32_t index, int64_t *minimum);

/* --------------------------------------------------------------------------------------------- Evaluation */

/** Samples beside data, by features of both. What measures have in common is found once.
 *
 *  Features are those of a classifier or an autoencoder, or without one those of a convolutional network whose weights are
 *  random and always the same (256 numbers; as Naeem et al., arxiv.org/abs/2002.09797, section 4.2, judge pictures that
 *  ImageNet's networks do not know), or the caller's own. Values of different features are not comparable, nor are those that
 *  networks trained on ImageNet give. Data of more than 65,536 items are represented by so many of them, always the same.
 *
 *     gan_evaluate_generator(generator, digits, judge, NULL, 7, 10000, &evaluation);
 *     gan_evaluation_value(evaluation, "frechet-distance", &distance, NULL);
 */
typedef struct gan_evaluation gan_evaluation;

/** Draws samples and puts them beside data.
 *
 *  @param generator   the generator; of a conditional one sample i is of class i mod classes.
 *  @param dataset     the data, of the generator's shape.
 *  @param classifier  makes the features, and, where it tells classes, is needed by measures of them; NULL for random features.
 *                     Of the same shape, and of the data's number of classes where they have labels.
 *  @param options     may be NULL; only the number of threads is taken from them, on which no value depends.
 *  @param seed        samples 0 … count − 1 under this seed are taken, as the bytes that gan_sampler_draw_bytes makes.
 *  @param count       how many, 1 … 4,194,304.
 *  @param out         receives the handle.
 *  @return  GAN_OK; GAN_E_MISMATCH (other shapes or classes); GAN_E_CALLBACK, GAN_E_BAD_DATA (a dataset's callback);
 *           GAN_E_OUT_OF_RANGE, GAN_E_INVALID_ARGUMENT, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller destroys it with gan_evaluation_destroy; it needs none of the others afterwards.  Threads: any.
 *  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_evaluate_generator(const gan_generator *generator, const gan_dataset *dataset, const gan_classifier *classifier,
                                       const gan_options *options, uint64_t seed, int64_t count, gan_evaluation **out);

/** Puts pictures beside data, whoever made them.
 *
 *  @param samples     the pictures. Their labels, where they have some, are the classes that they were to be of. Of more
 *                     than 65,536 so many are taken.
 *  @param dataset     the data, of the same shape.
 *  @param classifier  as for gan_evaluate_generator; may be NULL.
 *  @param options     may be NULL; only the number of threads is taken from them.
 *  @param out         receives the handle.
 *  @return  as gan_evaluate_generator.
 *  Ownership: the caller destroys it with gan_evaluation_destroy; it needs none of the others afterwards.  Threads: any.
 *  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_evaluate_dataset(const gan_dataset *samples, const gan_dataset *dataset, const gan_classifier *classifier,
                                     const gan_options *options, gan_evaluation **out);

/** Puts features beside features, of any network.
 *
 *  @param samples       [sample_count, width], finite numbers; not needed after the call.
 *  @param sample_count  how many rows, 1 … 4,194,304.
 *  @param data          [data_count, width], finite numbers; not needed after the call.
 *  @param data_count    how many rows, 1 … 4,194,304.
 *  @param width         how many features a row has, at least 1.
 *  @param options       may be NULL; only the number of threads is taken from them.
 *  @param out           receives the handle.
 *  @return  GAN_OK, GAN_E_BAD_DATA (NaN or infinity), GAN_E_OUT_OF_RANGE, GAN_E_INVALID_ARGUMENT, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller destroys it with gan_evaluation_destroy.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_evaluate_features(const float *samples, int64_t sample_count, const float *data, int64_t data_count,
                                      int32_t width, const gan_options *options, gan_evaluation **out);

/** Destroys an evaluation.
 *
 *  @param evaluation  may be NULL.
 *  Threads: one at a time.  Errors: none.  Since: 0.2.0 (settling)
 */
GAN_API void gan_evaluation_destroy(gan_evaluation *evaluation);

/** How many samples and how many items of the data are compared.
 *
 *  @param evaluation  the evaluation.
 *  @param samples     receives the number of samples.
 *  @param items       receives the number of items.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT, GAN_E_INVALID_HANDLE.
 *  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_evaluation_counts(gan_evaluation *evaluation, int64_t *samples, int64_t *items);

/** A measure's value, the same for any number of threads.
 *
 *  @param evaluation  the evaluation.
 *  @param name        the measure's name; gan_measure_name lists them all.
 *  @param value       receives the value.
 *  @param spread      receives a standard deviation where the measure has one (gan_measure_samples says of what), else NaN;
 *                     may be NULL.
 *  @return  GAN_OK; GAN_E_UNKNOWN_NAME (the message gives the nearest name); GAN_E_MISMATCH (too few samples or items, no
 *           classifier, no labels, no pictures, or pictures that are too small: the message says what it needs);
 *           GAN_E_INVALID_ARGUMENT, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the name is not kept.  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_evaluation_value(gan_evaluation *evaluation, const char *name, double *value, double *spread);

/** The item of the data that is nearest to a sample, by their features.
 *
 *  @param evaluation  the evaluation.
 *  @param sample      0 … samples − 1. (With gan_evaluate_dataset in an order of the library's own where samples are left out,
 *                     else as in their data set.)
 *  @param item        receives the item's number in the data set, or the row of the caller's features.
 *  @param distance    receives how far their features are from each other; may be NULL.
 *  @return  GAN_OK, GAN_E_INVALID_ARGUMENT (no such sample too), GAN_E_OUT_OF_MEMORY.
 *  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_evaluation_nearest(gan_evaluation *evaluation, int64_t sample, int64_t *item, double *distance);

/** The class that the classifier takes a sample for.
 *
 *  @param evaluation   the evaluation.
 *  @param sample       0 … samples − 1.
 *  @param index        receives the class.
 *  @param probability  receives how sure it is, up to 1; may be NULL.
 *  @return  GAN_OK, GAN_E_MISMATCH (no classifier), GAN_E_INVALID_ARGUMENT (no such sample too).
 *  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_evaluation_class(gan_evaluation *evaluation, int64_t sample, int32_t *index, float *probability);

/** How many samples, and how many items of the data, the classifier takes for a class: the histograms of both.
 *
 *  @param evaluation  the evaluation.
 *  @param index       0 … classes − 1.
 *  @param samples     receives the number of samples.
 *  @param items       receives the number of items.
 *  @return  GAN_OK, GAN_E_MISMATCH (no classifier), GAN_E_INVALID_ARGUMENT (no such class too).
 *  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_evaluation_class_counts(gan_evaluation *evaluation, int32_t index, int64_t *samples, int64_t *items);

/** Lets a classifier judge in the evaluations that a training makes of itself (option "evaluate.every").
 *
 *  After every so many epochs the trainer measures its generator against the data it learns from, before the progress
 *  callback hears of the epoch. The values are the metrics "evaluate." with a measure's name behind it; "evaluate.stale" is 0
 *  where "evaluate.measure" was never better, and then the training is worth saving. With "evaluate.patience" gan_trainer_run
 *  ends, with GAN_OK, after as many evaluations without a better one. Nothing that is trained changes by it.
 *
 *  @param trainer     the trainer.
 *  @param classifier  of the trainer's images and classes; NULL for random features, as at the beginning.
 *  @return  GAN_OK, GAN_E_MISMATCH (of another shape, or other classes), GAN_E_INVALID_ARGUMENT.
 *  Ownership: the classifier may be destroyed.  Threads: one at a time.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_trainer_judge(gan_trainer *trainer, const gan_classifier *classifier);

/* ------------------------------------------------------------------------------------------------- Images */

/** Writes the caller's images into one PNG: a grid, row by row.
 *
 *  @param pixels    [count, height, width, channels], 0 (black) to 255.
 *  @param count     how many, at least 1.
 *  @param height    rows of an image, at least 1.
 *  @param width     columns of an image, at least 1.
 *  @param channels  1 (grey), 3 (RGB) or 4 (RGBA).
 *  @param columns   images a row, at least 1; a last row that is not full ends in black.
 *  @param margin    black pixels around every image, 0 or more.
 *  @param scale     how many pixels wide and high each pixel becomes, at least 1.
 *  @param path      the file to write or replace, whole or not at all.
 *  @return  GAN_OK; GAN_E_NOT_FOUND (no such folder), GAN_E_ACCESS, GAN_E_IO, GAN_E_NO_SPACE; GAN_E_OUT_OF_RANGE (too large
 *           for PNG); GAN_E_INVALID_ARGUMENT, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the pixels stay the caller's.  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_image_write_png(const uint8_t *pixels, int64_t count, int32_t height, int32_t width, int32_t channels,
                                    int32_t columns, int32_t margin, int32_t scale, const char *path);

/** Decodes a PNG file that is in memory.
 *
 *  Grey, palette, 16 bits, interlaced and alpha are converted as gan_dataset_open converts them: 16 bits to 8,
 *  transparency over black, samples as they are stored.
 *
 *  @param bytes     the contents of a PNG file; not needed after the call.
 *  @param size      how many bytes.
 *  @param convert   0 for 1 channel where the file is grey and 3 where it has colours or a palette; 1 for grey
 *                   (luminance) and 3 for RGB whatever the file holds.
 *  @param pixels    receives [height, width, channels], 0 (black) to 255; NULL with capacity 0 asks for the shape only,
 *                   and then only the header is read.
 *  @param capacity  the buffer's size in bytes.
 *  @param height    receives the rows; like width and channels also beside GAN_E_BUFFER_TOO_SMALL.
 *  @param width     receives the columns.
 *  @param channels  receives the values per pixel, 1 or 3.
 *  @return  GAN_OK; GAN_E_BAD_FORMAT, GAN_E_TRUNCATED, GAN_E_CHECKSUM; GAN_E_BUFFER_TOO_SMALL; GAN_E_OUT_OF_RANGE (more
 *           than 2,147,483,647 values); GAN_E_INVALID_ARGUMENT,
 *           GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller's buffers.  Threads: any.  Since: 0.1.0
 */
GAN_API int32_t gan_image_decode_png(const void *bytes, size_t size, int32_t convert, uint8_t *pixels, size_t capacity,
                                     int32_t *height, int32_t *width, int32_t *channels);

/** Decodes a picture file that is in memory, PNG or JPEG, as gan_dataset_open converts them: a JPEG file is turned the right
 *  way up.
 *
 *  @param bytes     the contents of a PNG or JPEG file; not needed after the call.
 *  @param size      how many bytes.
 *  @param convert   0 for 1 channel where the file is grey and 3 where it has colours or a palette; 1 for grey
 *                   (luminance) and 3 for RGB whatever the file holds; 4 for RGBA, colours as they are stored.
 *  @param pixels    receives [height, width, channels], 0 (black) to 255; NULL with capacity 0 asks for the shape only,
 *                   and then only the header is read, for which libturbojpeg is not needed.
 *  @param capacity  the buffer's size in bytes.
 *  @param height    receives the rows; like width and channels also beside GAN_E_BUFFER_TOO_SMALL.
 *  @param width     receives the columns.
 *  @param channels  receives the values per pixel, 1, 3 or 4.
 *  @return  GAN_OK; GAN_E_BAD_FORMAT, GAN_E_TRUNCATED, GAN_E_CHECKSUM; GAN_E_NOT_FOUND (a JPEG file, and libturbojpeg is not
 *           installed); GAN_E_BUFFER_TOO_SMALL; GAN_E_INVALID_ARGUMENT, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller's buffers.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_image_decode(const void *bytes, size_t size, int32_t convert, uint8_t *pixels, size_t capacity,
                                 int32_t *height, int32_t *width, int32_t *channels);

/** Decodes a picture file that is in memory to numbers, with all of 16 bits a channel where gan_image_decode rounds to 8.
 *
 *  @param bytes     the contents of a PNG or JPEG file; not needed after the call.
 *  @param size      how many bytes.
 *  @param convert   as for gan_image_decode; a file in colours has 8 bits where grey is asked for.
 *  @param pixels    receives [height, width, channels], 0 (black) to 1, opacity as well; NULL with capacity 0 asks for the shape and the depth
 *                   only, and then only the header is read.
 *  @param capacity  the buffer's size in floats.
 *  @param height    receives the rows; like width and channels also beside GAN_E_BUFFER_TOO_SMALL.
 *  @param width     receives the columns.
 *  @param channels  receives the values per pixel, 1, 3 or 4.
 *  @param depth     receives the bits a channel: 16 for a PNG file that has 16, else 8.
 *  @return  as gan_image_decode.
 *  Ownership: the caller's buffers.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_image_decode_floats(const void *bytes, size_t size, int32_t convert, float *pixels, size_t capacity, int32_t *height,
                                        int32_t *width, int32_t *channels, int32_t *depth);

/** Encodes a picture as a PNG file in memory. The same pixels give the same bytes.
 *
 *  @param pixels    [height, width, channels], 0 (black) to 1; others are brought to the nearer end, and what is no number is black.
 *  @param height    rows.
 *  @param width     columns.
 *  @param channels  1 for grey, 3 for RGB, 4 for RGBA, whose colours are not multiplied by the opacity.
 *  @param depth     bits a channel, 8 or 16.
 *  @param buffer    receives the file; NULL with capacity 0 asks for its size.
 *  @param capacity  the buffer's size in bytes.
 *  @param size      receives the file's size in bytes, also beside GAN_E_BUFFER_TOO_SMALL.
 *  @return  GAN_OK; GAN_E_BUFFER_TOO_SMALL; GAN_E_OUT_OF_RANGE (more pixels than PNG takes), GAN_E_INVALID_ARGUMENT,
 *           GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller's buffers.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_image_encode_png(const float *pixels, int32_t height, int32_t width, int32_t channels, int32_t depth, void *buffer,
                                     size_t capacity, size_t *size);

/* ------------------------------------------------------------------------------------------------- Shapes */

/** The surface of the shape that a volume holds, as a mesh of triangles.
 *
 *  A volume is [depth, height, width] numbers, as a generator of volumes draws them. What is greater than a level is inside, all else and what is
 *  no number is outside, and so is everything beyond the border. The axes are x, y, which is up, and z, in this order, and right-handed:
 *  from the front, +z, x goes to the right. The volume's longest side is 1 long and begins at 0, so that a cell of 32 has its middle at
 *  1/64, 3/64 and so on.
 *
 *  The surface is closed, also where the shape reaches the border: each edge of a triangle is shared by exactly one other, which goes along it
 *  the other way. (Marching cubes, Lorensen and Cline 1987, doi.org/10.1145/37402.37422; Nielson and Hamann's asymptotic
 *  decider, 1991, says what hangs together where four neighbours leave that open.) Of a volume with nothing inside it has no triangles.
 *
 *  @param values             [depth, height, width], of which width varies fastest.
 *  @param depth              cells along x, 1 … 512.
 *  @param height             cells along y, 1 … 512.
 *  @param width              cells along z, 1 … 512.
 *  @param level              where the surface lies, between cells linearly; 0.5 for volumes from 0 to 1. Finite. (Beyond the border the
 *                            numbers are 0, or, where that would be inside, level − 1.)
 *  @param positions          receives x, y and z of each vertex; NULL, like normals and triangles, with capacities of 0 asks for the sizes only.
 *  @param normals            receives x, y and z of each vertex's normal, of length 1, outwards: the slope of the numbers there. May be NULL.
 *  @param vertex_capacity    how many vertices the buffers have room for, of three floats each.
 *  @param vertices           receives the number of vertices; like faces also beside GAN_E_BUFFER_TOO_SMALL.
 *  @param triangles          receives three numbers of vertices for each triangle, anticlockwise as seen from outside.
 *  @param triangle_capacity  how many triangles the buffer has room for, of three numbers each.
 *  @param faces              receives the number of triangles.
 *  @return  GAN_OK; GAN_E_BUFFER_TOO_SMALL; GAN_E_OUT_OF_RANGE (more cells), GAN_E_INVALID_ARGUMENT, GAN_E_OUT_OF_MEMORY.
 *  Ownership: the caller's buffers.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_shape_mesh(const float *values, int32_t depth, int32_t height, int32_t width, float level, float *positions,
                               float *normals, size_t vertex_capacity, size_t *vertices, int32_t *triangles, size_t triangle_capacity,
                               size_t *faces);

/** A picture of the shape that a volume holds, in parallel projection, with one light from above the viewer's left.
 *
 *  @param values     [depth, height, width], as for gan_shape_mesh.
 *  @param depth      cells along x.
 *  @param height     cells along y.
 *  @param width      cells along z.
 *  @param level      where the surface lies.
 *  @param azimuth    in degrees, where one looks from: 0 is the front, +z, 90 the right, +x.
 *  @param elevation  in degrees: 0 is level, 90 from above.
 *  @param side       of the picture in pixels, 1 … 4096. The volume's box fits into it from every azimuth, and has the same size from all.
 *  @param pixels     receives [side, side], 0 (black) to 255; white where there is no shape.
 *  @param capacity   the buffer's size in bytes.
 *  @return  as gan_shape_mesh.
 *  Ownership: the caller's buffers.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_shape_render(const float *values, int32_t depth, int32_t height, int32_t width, float level, double azimuth,
                                 double elevation, int32_t side, uint8_t *pixels, size_t capacity);

/** Writes shapes in the format that the end of the file's name says.
 *
 *     .obj     Wavefront's text: the mesh of gan_shape_mesh with its normals, to six decimals; one shape
 *     .stl     binary, for printers: the same triangles; one shape
 *     .binvox  0 or 1 a cell, run lengths (www.patrickmin.com/binvox); always a cube, filled up with empty cells; one shape
 *     .npy     the numbers themselves, [count, depth, height, width]
 *     .png     of each shape a square of four views (azimuth 35, 125, 215, 305, elevation 25, 128 pixels each), nearly a square of these
 *
 *  @param values  [count, depth, height, width].
 *  @param count   how many, at least 1.
 *  @param depth   as for gan_shape_mesh, like height, width and level.
 *  @param height  cells along y.
 *  @param width   cells along z.
 *  @param level   what is greater is inside; not asked for .npy.
 *  @param path    the file to write or replace, whole or not at all.
 *  @return  GAN_OK; GAN_E_NOT_FOUND (no such folder), GAN_E_ACCESS, GAN_E_IO, GAN_E_NO_SPACE; GAN_E_OUT_OF_RANGE (more cells, too large for
 *           PNG); GAN_E_INVALID_ARGUMENT (another format, several shapes for a file of one), GAN_E_OUT_OF_MEMORY.
 *  Ownership: the values stay the caller's.  Threads: any.  Since: 0.2.0 (settling)
 */
GAN_API int32_t gan_shape_write(const float *values, int64_t count, int32_t depth, int32_t height, int32_t width, float level, const char *path);

#ifdef __cplusplus
}
#endif

#endif /* GAN_H */
