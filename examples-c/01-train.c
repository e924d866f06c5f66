/* 01-train: trains a GAN on images and watches it learn. The main job: `make demo` runs this program.
 *
 *     01-train [data] [output] [--epochs N] [--seed N] [--threads N] [--set NAME=VALUE]...
 *
 * data    a folder or file of images, IDX (MNIST) or PNG; examples-c/data unless given
 * output  a folder, created when it is missing; demo unless given
 * --set   any option of the library; without one it is the tutorial's GAN
 *
 * After every epoch it prints a line,
 *
 *     Epoch: 0001 D loss: -1.234 G loss: -0.567
 *
 * in which epochs count from 0 and both losses are as the networks maximise them. On a terminal a progress bar stands
 * below. After the first and every tenth epoch ten samples go to output/samples/000.png, 009.png, 019.png …: the same
 * ten latents each time, so that the rows show one thing growing. At the end output/digits.safetensors holds the
 * networks, the optimisers and the position. Ctrl-C stops, saves the same file and says how to go on.
 *
 * Build and run, with libgan installed:
 *
 *     cc -std=c99 01-train.c $(pkg-config --cflags --libs gan) -o 01-train && ./01-train
 */
#define _XOPEN_SOURCE 700

#include <gan.h>

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define SAMPLES 10 /* images in a row */

/* What the progress callback needs to know. */
typedef struct {
    const char *output;     /* the folder for the results */
    const char *seed;       /* for the samples too */
    long long target;       /* epochs in all */
    int terminal;           /* whether stdout is one */
    int bar;                /* whether a progress bar is on the screen */
    int failed;             /* whether a row of samples could not be written */
} Watch;

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number) {
    (void)number;
    interrupted = 1;
}

/* ------------------------------------------------------------------------------------------------ Errors */

static void usage(void) {
    fputs("usage: 01-train [data] [output] [--epochs N] [--seed N] [--threads N] [--set NAME=VALUE]...\n"
          "  data       a folder or file of images, IDX or PNG (examples-c/data)\n"
          "  output     the folder for samples and checkpoint (demo)\n"
          "  --epochs   how often to see every image (100)\n"
          "  --seed     what all random numbers come from (0)\n"
          "  --threads  processors to use; 0 is all of them (0)\n"
          "  --set      any option of the library, e.g. --set generator.hidden=256,256\n",
          stderr);
    exit(2);
}

/* Ends the program with the library's sentence when a call failed. */
static void check(int32_t status) {
    if (status == GAN_OK) return;
    fprintf(stderr, "01-train: %s (%s)\n", gan_error_message(), gan_status_name(status));
    exit(1);
}

/* ----------------------------------------------------------------------------------------------- Folders */

/* Creates a folder and those above it. What is there already is fine. */
static void make_folder(const char *path) {
    char part[PATH_MAX];
    struct stat information;
    size_t length = strlen(path), i;
    if (length >= sizeof part) {
        fprintf(stderr, "01-train: the path %s is too long\n", path);
        exit(1);
    }
    memcpy(part, path, length + 1);
    for (i = 1; i <= length; i++) {
        if (part[i] != '/' && part[i] != '\0') continue;
        part[i] = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST) {
            fprintf(stderr, "01-train: the folder %s cannot be created: %s\n", part, strerror(errno));
            exit(1);
        }
        part[i] = path[i];
    }
    if (stat(path, &information) != 0 || !S_ISDIR(information.st_mode)) {
        fprintf(stderr, "01-train: %s is there, but it is no folder\n", path);
        exit(1);
    }
}

/* Writes folder/name into `path`. */
static void join(char path[PATH_MAX], const char *folder, const char *name) {
    int length = snprintf(path, PATH_MAX, "%s/%s", folder, name);
    if (length < 0 || length >= PATH_MAX) {
        fprintf(stderr, "01-train: the path %s/%s is too long\n", folder, name);
        exit(1);
    }
}

/* ----------------------------------------------------------------------------------------------- Printing */

/* A number with four digits that count, as Python's '{:.4}' writes it: "-1.234", "0.05", "1e-05", "2.0". */
static void four_digits(char text[32], double value) {
    snprintf(text, 32, "%.4g", value);
    if (strpbrk(text, ".en") == NULL) strcat(text, ".0"); /* not after an exponent, "nan" or "inf" */
}

static int columns_of_terminal(void) {
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
    return 80;
}

static void erase_bar(Watch *watch) {
    if (!watch->bar) return;
    fputs("\r\033[K", stdout);
    watch->bar = 0;
}

/* "1234 images/s" or, where columns are few, "1k/s". */
static void speed_text(char text[32], double speed, int narrow) {
    if (!narrow) snprintf(text, 32, "%.0f images/s", speed);
    else if (speed >= 1000) snprintf(text, 32, "%.0fk/s", speed / 1000);
    else snprintf(text, 32, "%.0f/s", speed);
}

static void time_text(char text[32], double seconds) {
    if (!(seconds >= 0 && seconds < 360000)) snprintf(text, 32, "-:--");
    else if (seconds < 3600) snprintf(text, 32, "%d:%02d", (int)seconds / 60, (int)seconds % 60);
    else snprintf(text, 32, "%d:%02d:%02d", (int)seconds / 3600, (int)seconds / 60 % 60, (int)seconds % 60);
}

/* " 37% [=======>            ] 81234 images/s, 0:12 left", as wide as the terminal allows without wrapping. */
static void draw_bar(Watch *watch, double done, double speed, double seconds_left) {
    char line[512], rate[32], left[32], tail[80];
    int columns = columns_of_terminal() - 1, narrow, room, full, i, at;
    if (columns > (int)sizeof line - 1) columns = (int)sizeof line - 1;
    narrow = columns < 60;
    speed_text(rate, speed, narrow);
    time_text(left, seconds_left);
    snprintf(tail, sizeof tail, narrow ? " %s %s" : " %s, %s left", rate, left);
    at = snprintf(line, sizeof line, "%3d%%", (int)(done * 100));
    room = columns - at - (int)strlen(tail) - 3;
    if (room >= 4) {
        full = (int)(done * room);
        line[at++] = ' ';
        line[at++] = '[';
        for (i = 0; i < room; i++) line[at++] = i < full ? '=' : i == full ? '>' : ' ';
        line[at++] = ']';
    }
    snprintf(line + at, sizeof line - (size_t)at, "%s", tail);
    line[columns > 0 ? columns : 0] = '\0';
    fputs("\r\033[K", stdout);
    fputs(line, stdout);
    fflush(stdout);
    watch->bar = 1;
}

/* ----------------------------------------------------------------------------------------------- Training */

/* Ten samples of the generator as it is now. Returns a status. */
static int32_t write_row(Watch *watch, gan_trainer *trainer, long long epoch) {
    char name[40], path[PATH_MAX];
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    int32_t status;
    snprintf(name, sizeof name, "samples/%03lld.png", epoch);
    join(path, watch->output, name);
    status = gan_trainer_generator(trainer, &generator);
    if (status == GAN_OK) status = gan_sampler_create(generator, NULL, &sampler);
    if (status == GAN_OK)
        status = gan_sampler_write_png(sampler, strtoull(watch->seed, NULL, 10), 0, SAMPLES, SAMPLES, 2, 2, path);
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
    return status;
}

static double metric(const gan_trainer *trainer, const char *name) {
    double value = 0;
    check(gan_trainer_metric(trainer, name, &value));
    return value;
}

/* The library calls this between steps: at the end of every epoch, and about twenty times a second within. */
static int32_t progress(void *context, gan_trainer *trainer, int32_t event) {
    Watch *watch = context;
    long long finished = (long long)metric(trainer, "epoch");
    if (event == GAN_EVENT_EPOCH) {
        char d[32], g[32];
        long long epoch = finished - 1;
        four_digits(d, metric(trainer, "discriminator.loss"));
        four_digits(g, metric(trainer, "generator.loss"));
        erase_bar(watch);
        printf("Epoch: %04lld D loss: %s G loss: %s\n", epoch, d, g);
        fflush(stdout);
        if (epoch == 0 || finished % 10 == 0) {
            if (write_row(watch, trainer, epoch) != GAN_OK) {
                watch->failed = 1; /* the sentence stays in gan_error_message() */
                fprintf(stderr, "01-train: %s\n", gan_error_message());
                return 1;
            }
        }
    }
    if (watch->terminal && finished < watch->target) {
        double steps = metric(trainer, "step"), per_epoch = metric(trainer, "steps-per-epoch");
        double total = per_epoch * (double)watch->target, speed = metric(trainer, "images-per-second");
        char batch[32];
        check(gan_trainer_option(trainer, "batch-size", batch, sizeof batch, NULL));
        draw_bar(watch, steps / total, speed, speed > 0 ? (total - steps) * strtod(batch, NULL) / speed : -1);
    }
    return interrupted && finished < watch->target;
}

/* A whole number of at least `smallest`, or the usage. */
static const char *number(const char *text, long long smallest) {
    char *end;
    long long value;
    errno = 0;
    value = text != NULL ? strtoll(text, &end, 10) : 0;
    if (text == NULL || end == text || *end != '\0' || errno != 0 || value < smallest) usage();
    return text;
}

/* Sets an option from NAME=VALUE; the library knows what is right. */
static void set(gan_options *options, const char *text) {
    char name[128];
    const char *equals = text != NULL ? strchr(text, '=') : NULL;
    if (equals == NULL || (size_t)(equals - text) >= sizeof name) usage();
    memcpy(name, text, (size_t)(equals - text));
    name[equals - text] = '\0';
    check(gan_options_set(options, name, equals + 1));
}

int main(int argc, char **argv) {
    const char *data = NULL, *output = NULL, *epochs = "100", *seed = "0", *threads = "0";
    char samples[PATH_MAX], checkpoint[PATH_MAX];
    struct sigaction action;
    gan_options *options = NULL;
    gan_dataset *dataset = NULL;
    gan_trainer *trainer = NULL;
    int64_t count;
    int32_t height, width, channels, status;
    Watch watch;
    int i;

    check(gan_options_create(&options));
    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--set") == 0) set(options, argv[++i]);
        else if (strcmp(argv[i], "--epochs") == 0) epochs = number(argv[++i], 1);
        else if (strcmp(argv[i], "--seed") == 0) seed = number(argv[++i], 0);
        else if (strcmp(argv[i], "--threads") == 0) threads = number(argv[++i], 0);
        else if (argv[i][0] == '-' || argv[i][0] == '\0') usage();
        else if (data == NULL) data = argv[i];
        else if (output == NULL) output = argv[i];
        else usage();
    }
    if (data == NULL) data = "examples-c/data";
    if (output == NULL) output = "demo";

    /* The settings that differ from the defaults, and the images. */
    check(gan_options_set(options, "seed", seed));
    check(gan_options_set(options, "threads", threads));
    check(gan_dataset_open(data, options, &dataset));
    check(gan_dataset_shape(dataset, &count, &height, &width, &channels));
    check(gan_trainer_create(options, dataset, &trainer));

    join(samples, output, "samples");
    join(checkpoint, output, "digits.safetensors");
    make_folder(samples);
    fprintf(stderr, "%lld images of %d x %d x %d from %s, libgan %s on %s\n", (long long)count, (int)height, (int)width,
            (int)channels, data, gan_version_string(), gan_instruction_set());

    /* Ctrl-C and a request to end set a flag; the next progress event sees it. */
    memset(&action, 0, sizeof action);
    action.sa_handler = on_interrupt;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);

    memset(&watch, 0, sizeof watch);
    watch.output = output;
    watch.seed = seed;
    watch.target = strtoll(epochs, NULL, 10);
    watch.terminal = isatty(STDOUT_FILENO);
    status = gan_trainer_run(trainer, watch.target, progress, &watch);
    erase_bar(&watch);
    if (status != GAN_E_CANCELLED) check(status);

    check(gan_trainer_save(trainer, checkpoint));
    if (status == GAN_E_CANCELLED) {
        long long finished = (long long)metric(trainer, "epoch");
        fprintf(stderr, "Stopped after %lld whole epochs and saved %s. Go on with\n    03-resume %s %s --epochs %lld\n", finished,
                checkpoint, checkpoint, data, watch.target - finished);
    } else {
        fprintf(stderr, "Samples are in %s, the checkpoint is %s\n", samples, checkpoint);
    }

    gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
    return watch.failed ? 1 : status == GAN_E_CANCELLED ? 130 : 0; /* 130 is the shell's number for Ctrl-C */
}
