/* test-compatibility: checkpoints of 0.1 in Tests/c/fixtures-0.1 load, draw the same bytes and train on to the same bits.
 *
 * expected.txt there has a line for each checkpoint and instruction set: the file, the set, and hashes of four images as floats, of
 * the same as bytes, and of all tensors after three more steps. A line is for ever: what differs from it is a fault of the library.
 * "test-compatibility make" wrote files and lines with 0.1.0. The package safetensors of Python, release 0.8.0, read one of the files
 * and saved it again unchanged, as "…-resaved".
 */
#include "check.h"

#define FOLDER "Tests/c/fixtures-0.1/"

enum { COUNT = 24, MOST = 32 * 32 * 3, DRAWN = 4, STEPS = 3 };

static const struct {
    const char *file;
    int side, channels;
    const char *settings; /* besides those of all */
    const char *like; /* whose line it is */
} fixtures[] = {
    {"mlp-28x28x1", 28, 1, "generator.hidden=4,3 discriminator.hidden=4", "mlp-28x28x1"},
    {"dcgan-28x28x1", 28, 1, "preset=dcgan generator.channels=2 discriminator.channels=2", "dcgan-28x28x1"},
    {"dcgan-32x32x3", 32, 3, "preset=dcgan generator.channels=2 discriminator.channels=2 generator.activation=leaky-relu", "dcgan-32x32x3"},
    {"dcgan-28x28x1-resaved", 28, 1, NULL, "dcgan-28x28x1"},
};
enum { FIXTURES = sizeof fixtures / sizeof fixtures[0] };

/* FNV-1a, 64 bits. */
static uint64_t hash(const void *bytes, size_t size) {
    const uint8_t *at = bytes;
    uint64_t value = 0xcbf29ce484222325u;
    while (size-- > 0) value = (value ^ *at++) * 0x100000001b3u;
    return value;
}

/* Blobs on a dark ground, from whole numbers alone. */
static gan_dataset *images(int index) {
    static uint8_t pixels[COUNT * MOST];
    const int side = fixtures[index].side, channels = fixtures[index].channels;
    gan_dataset *dataset = NULL;
    int item, y, x, c, at = 0;
    for (item = 0; item < COUNT; item++)
        for (y = 0; y < side; y++)
            for (x = 0; x < side; x++)
                for (c = 0; c < channels; c++) {
                    int dy = y - side / 2 + item % 5 - 2, dx = x - side / 2 + item % 7 - 3, far = dy * dy + dx * dx;
                    pixels[at++] = (uint8_t)(far < 60 + 10 * (item % 4) ? 255 - far - 40 * c : far % 97 == 0 ? 20 : 0);
                }
    CHECK_OK(gan_dataset_create_bytes(pixels, COUNT, side, side, channels, NULL, 0, NULL, NULL, &dataset));
    return dataset;
}

static const char *fixture(int index) {
    static char path[192];
    snprintf(path, sizeof path, FOLDER "%s.safetensors", fixtures[index].file);
    return path;
}

/* The three numbers of a line. */
typedef struct {
    uint64_t floats, bytes, trained;
} Line;

static Line measured(int index) {
    static float drawn[DRAWN * MOST];
    static uint8_t pixels[DRAWN * MOST];
    const size_t count = (size_t)(DRAWN * fixtures[index].side * fixtures[index].side * fixtures[index].channels);
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    gan_dataset *dataset = images(index);
    gan_trainer *trainer = NULL;
    Line line = {0, 0, 0};
    const char *saved = scratch("trained.safetensors");
    uint8_t *file;
    size_t size = 0;
    if (CHECK_OK(gan_generator_load(fixture(index), &generator)) && CHECK_OK(gan_sampler_create(generator, NULL, &sampler))) {
        CHECK_OK(gan_sampler_draw(sampler, 7, 3, DRAWN, drawn, count));
        CHECK_OK(gan_sampler_draw_bytes(sampler, 7, 3, DRAWN, pixels, count));
        line.floats = hash(drawn, count * sizeof(float));
        line.bytes = hash(pixels, count);
    }
    if (CHECK_OK(gan_trainer_load(fixture(index), NULL, dataset, &trainer)) && CHECK_OK(gan_trainer_step(trainer, STEPS))
        && CHECK_OK(gan_trainer_save(trainer, saved)) && (file = read_file(saved, &size)) != NULL) {
        uint64_t header = 0;
        int i;
        for (i = 7; i >= 0; i--) header = header << 8 | file[i];
        CHECK(header < size - 8);
        if (header < size - 8) line.trained = hash(file + 8 + header, size - 8 - header);
        free(file);
    }
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
    return line;
}

static int expected(int index, Line *line) {
    FILE *file = fopen(FOLDER "expected.txt", "r");
    char name[64], set[32];
    unsigned long long floats, bytes, trained;
    int found = 0;
    CHECK(file != NULL);
    if (file == NULL) return 0;
    while (!found && fscanf(file, "%63s %31s %llx %llx %llx", name, set, &floats, &bytes, &trained) == 5)
        found = strcmp(name, fixtures[index].like) == 0 && strcmp(set, gan_instruction_set()) == 0;
    fclose(file);
    if (found) line->floats = floats, line->bytes = bytes, line->trained = trained;
    return found;
}

static void check_fixture(int index) {
    Line wanted = {0, 0, 0}, got;
    if (!expected(index, &wanted)) SKIP("nobody wrote down what this instruction set gives");
    got = measured(index);
    CHECK(got.floats == wanted.floats);
    CHECK(got.bytes == wanted.bytes);
    CHECK(got.trained == wanted.trained);
}

static void the_default_gan_is_as_it_was(void) { check_fixture(0); }
static void a_grey_dcgan_is_as_it_was(void) { check_fixture(1); }
static void a_colour_dcgan_is_as_it_was(void) { check_fixture(2); }
static void what_another_program_saved_again_is_the_same(void) { check_fixture(3); }

/* Writes a checkpoint, as an early version did. */
static void make(int index) {
    gan_dataset *dataset = images(index);
    gan_options *options = NULL;
    gan_trainer *trainer = NULL;
    char text[256], *setting;
    snprintf(text, sizeof text, "batch-size=8 latent.size=8 seed=11 %s", fixtures[index].settings);
    CHECK_OK(gan_options_create(&options));
    for (setting = strtok(text, " "); setting != NULL; setting = strtok(NULL, " ")) {
        char *value = strchr(setting, '=');
        *value++ = '\0';
        CHECK_OK(gan_options_set(options, setting, value));
    }
    if (CHECK_OK(gan_trainer_create(options, dataset, &trainer))) {
        CHECK_OK(gan_trainer_step(trainer, 10));
        CHECK_OK(gan_trainer_save(trainer, fixture(index)));
    }
    gan_trainer_destroy(trainer);
    gan_options_destroy(options);
    gan_dataset_destroy(dataset);
}

int main(int argc, char **argv) {
    int index;
    if (argc > 1) {
        for (index = 0; index < FIXTURES; index++) {
            Line line;
            if (fixtures[index].settings == NULL) continue;
            if (strcmp(argv[1], "make") == 0) make(index);
            line = measured(index);
            printf("%s %s %016llx %016llx %016llx\n", fixtures[index].file, gan_instruction_set(), (unsigned long long)line.floats,
                   (unsigned long long)line.bytes, (unsigned long long)line.trained);
        }
        return current_failed;
    }
    RUN(the_default_gan_is_as_it_was);
    RUN(a_grey_dcgan_is_as_it_was);
    RUN(a_colour_dcgan_is_as_it_was);
    RUN(what_another_program_saved_again_is_the_same);
    return FINISH("compatibility");
}
