/* The benchmark's idea of a host: a small C program on gan.h, started anew for each measurement of what a start costs.
 *
 *     host step DATA THREADS            trains one step on DATA and prints the time of the monotonic clock
 *     host sample CHECKPOINT THREADS    draws one sample of CHECKPOINT and prints the time
 *     host memory DATA THREADS STEPS    trains STEPS steps and prints the resident memory, now and at most, in KiB
 *     host draws CHECKPOINT THREADS N   draws N samples and prints the resident memory likewise
 */
#define _GNU_SOURCE
#include <gan.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void check(int32_t status) {
    if (status == GAN_OK) return;
    fprintf(stderr, "host: %s: %s\n", gan_status_name(status), gan_error_message());
    exit(1);
}

static void print_time(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    printf("%lld\n", (long long)now.tv_sec * 1000000000ll + now.tv_nsec);
}

/* A line of /proc/self/status, in KiB; 0 where there is none. */
static long status_line(const char *name) {
    char line[256];
    long value = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, name, strlen(name)) == 0) value = atol(line + strlen(name));
    if (file != NULL) fclose(file);
    return value;
}

int main(int count, char **arguments) {
    const char *what = count > 3 ? arguments[1] : "";
    gan_options *options = NULL;
    gan_dataset *dataset = NULL;
    gan_trainer *trainer = NULL;
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;

    check(gan_options_create(&options));
    if (count > 3) check(gan_options_set(options, "threads", arguments[3]));
    if (strcmp(what, "step") == 0 || strcmp(what, "memory") == 0) {
        check(gan_dataset_open(arguments[2], NULL, &dataset));
        check(gan_trainer_create(options, dataset, &trainer));
        check(gan_trainer_step(trainer, count > 4 ? atol(arguments[4]) : 1));
        if (strcmp(what, "step") == 0) print_time();
        else printf("%ld %ld\n", status_line("VmRSS:"), status_line("VmHWM:"));
    } else if (strcmp(what, "sample") == 0 || strcmp(what, "draws") == 0) {
        const int64_t number = count > 4 ? atol(arguments[4]) : 1;
        float *image;
        int32_t height, width, channels;
        size_t size;
        check(gan_generator_load(arguments[2], &generator));
        check(gan_generator_shape(generator, &height, &width, &channels));
        size = (size_t)height * (size_t)width * (size_t)channels * (size_t)number;
        image = malloc(size * sizeof *image);
        if (image == NULL) return 1;
        check(gan_sampler_create(generator, options, &sampler));
        check(gan_sampler_draw(sampler, 1, 0, number, image, size));
        if (strcmp(what, "sample") == 0) print_time();
        else printf("%ld %ld\n", status_line("VmRSS:"), status_line("VmHWM:"));
        free(image);
    } else {
        fprintf(stderr, "usage: host step DATA THREADS | sample CHECKPOINT THREADS | memory DATA THREADS STEPS | draws CHECKPOINT THREADS N\n");
        return 2;
    }
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
    return 0;
}
