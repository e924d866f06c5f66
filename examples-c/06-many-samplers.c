/* 06-many-samplers: several threads draw from one generator at once, each with a sampler of its own.
 *
 *     06-many-samplers [checkpoint] [--threads N] [--count N] [--seed N]
 *
 * checkpoint  a file that a trainer saved; demo/digits.safetensors unless given
 *
 * A generator never changes, so any number of threads may share it; a sampler owns the memory that drawing needs, so
 * each thread has one. Sample i is the same image whoever draws it: the program compares what the threads drew
 * together with what one sampler draws alone, and says how fast both were.
 *
 *     cc -std=c99 06-many-samplers.c $(pkg-config --cflags --libs gan) -lpthread -o 06-many-samplers && ./06-many-samplers
 */
#define _XOPEN_SOURCE 700

#include <gan.h>

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_THREADS = 64 };

/* One thread's share of the work. */
typedef struct {
    const gan_generator *generator;
    uint64_t seed;
    int64_t first, count;
    uint8_t *pixels;
    size_t size;
    int32_t status;
    char message[256]; /* gan_error_message() belongs to the thread that failed */
} Share;

static void usage(void) {
    fputs("usage: 06-many-samplers [checkpoint] [--threads N] [--count N] [--seed N]\n"
          "  checkpoint  what a trainer saved (demo/digits.safetensors)\n"
          "  --threads   how many threads draw, 1 to 64 (4)\n"
          "  --count     how many samples in all (20000)\n"
          "  --seed      any number (0)\n",
          stderr);
    exit(2);
}

/* Ends the program with the library's sentence when a call failed. */
static void check(int32_t status) {
    if (status == GAN_OK) return;
    fprintf(stderr, "06-many-samplers: %s (%s)\n", gan_error_message(), gan_status_name(status));
    exit(1);
}

static void *memory(size_t count, size_t size) {
    void *bytes = calloc(count, size);
    if (bytes == NULL) {
        fputs("06-many-samplers: no memory\n", stderr);
        exit(1);
    }
    return bytes;
}

/* A whole number from `smallest` to `largest`, or the usage. */
static long long number(const char *text, long long smallest, long long largest) {
    char *end;
    long long value;
    if (text == NULL) usage();
    errno = 0;
    value = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || value < smallest || value > largest) usage();
    return value;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Draws one share with a sampler of its own. The sampler uses one thread: the program brings the others. */
static void *work(void *argument) {
    Share *share = argument;
    gan_options *options = NULL;
    gan_sampler *sampler = NULL;
    share->status = gan_options_create(&options);
    if (share->status == GAN_OK) share->status = gan_options_set_integer(options, "threads", 1);
    if (share->status == GAN_OK) share->status = gan_sampler_create(share->generator, options, &sampler);
    if (share->status == GAN_OK)
        share->status = gan_sampler_draw_bytes(sampler, share->seed, share->first, share->count, share->pixels, share->size);
    if (share->status != GAN_OK) snprintf(share->message, sizeof share->message, "%s", gan_error_message());
    gan_sampler_destroy(sampler);
    gan_options_destroy(options);
    return NULL;
}

/* Lets `threads` threads draw samples 0 … count − 1. Returns the seconds that took. */
static double draw(const gan_generator *generator, uint64_t seed, int64_t count, size_t image, int threads, uint8_t *pixels) {
    Share shares[MOST_THREADS];
    pthread_t ids[MOST_THREADS];
    double start = seconds();
    int i;
    for (i = 0; i < threads; i++) {
        Share *share = &shares[i];
        int64_t end = count * (i + 1) / threads;
        memset(share, 0, sizeof *share);
        share->generator = generator;
        share->seed = seed;
        share->first = count * i / threads;
        share->count = end - share->first;
        share->pixels = pixels + (size_t)share->first * image;
        share->size = (size_t)share->count * image;
        if (pthread_create(&ids[i], NULL, work, share) != 0) {
            fputs("06-many-samplers: a thread could not be started\n", stderr);
            exit(1);
        }
    }
    for (i = 0; i < threads; i++) {
        pthread_join(ids[i], NULL);
        if (shares[i].status == GAN_OK) continue;
        fprintf(stderr, "06-many-samplers: %s (%s)\n", shares[i].message, gan_status_name(shares[i].status));
        exit(1);
    }
    return seconds() - start;
}

int main(int argc, char **argv) {
    const char *checkpoint = NULL;
    long long threads = 4, count = 20000, seed = 0;
    gan_generator *generator = NULL;
    int32_t height, width, channels;
    uint8_t *together, *alone;
    double several, one;
    size_t image;
    int i;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--threads") == 0) threads = number(argv[++i], 1, MOST_THREADS);
        else if (strcmp(argv[i], "--count") == 0) count = number(argv[++i], 1, 10000000);
        else if (strcmp(argv[i], "--seed") == 0) seed = number(argv[++i], 0, INT64_MAX);
        else if (argv[i][0] == '-' || argv[i][0] == '\0') usage();
        else if (checkpoint == NULL) checkpoint = argv[i];
        else usage();
    }
    if (checkpoint == NULL) checkpoint = "demo/digits.safetensors";

    check(gan_generator_load(checkpoint, &generator));
    check(gan_generator_shape(generator, &height, &width, &channels));
    image = (size_t)height * (size_t)width * (size_t)channels;
    together = memory((size_t)count, image);
    alone = memory((size_t)count, image);

    several = draw(generator, (uint64_t)seed, count, image, (int)threads, together);
    one = draw(generator, (uint64_t)seed, count, image, 1, alone);
    gan_generator_destroy(generator);
    printf("%lld threads: %.0f images/s\n1 thread: %.0f images/s\n", threads, (double)count / several, (double)count / one);
    if (memcmp(together, alone, (size_t)count * image) != 0) {
        fputs("06-many-samplers: the images differ\n", stderr);
        return 1;
    }
    printf("The %lld images are the same.\n", count);
    free(alone);
    free(together);
    return 0;
}
