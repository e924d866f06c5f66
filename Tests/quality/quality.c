/* quality: whether what preset=auto trains is good, by measures that papers use, on data that the library makes. Minutes, so a part of
 * make check-long. Usage: quality [SEEDS [STEPS]], 3 and all of them unless given.
 *
 * ring, grid   2,500 samples: how many modes have one within three deviations, and how many samples are that near to one
 *              (Srivastava et al., VEEGAN, 2017; Lin et al., PacGAN, 2018). Of the data themselves 98.9 % are.
 * labels       1,000 digits of the classes that were asked for: how many the nearest of 10,000 other digits calls the same.
 */
#include "check.h"

static int seeds = 3;
static int64_t most_steps = INT64_MAX;

static gan_trainer *trained(const char *data, int seed, int64_t steps) {
    gan_options *options = NULL;
    gan_dataset *dataset = NULL;
    gan_trainer *trainer = NULL;
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_options_set(options, "preset", "auto"));
    CHECK_OK(gan_options_set_integer(options, "seed", seed));
    CHECK_OK(gan_dataset_make(data, 0, (uint64_t)seed, NULL, &dataset));
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    CHECK_OK(gan_trainer_step(trainer, steps < most_steps ? steps : most_steps));
    gan_options_destroy(options);
    gan_dataset_destroy(dataset);
    return trainer;
}

static gan_sampler *sampler_of(gan_trainer *trainer) {
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    CHECK_OK(gan_trainer_generator(trainer, &generator));
    CHECK_OK(gan_sampler_create(generator, NULL, &sampler));
    gan_generator_destroy(generator);
    return sampler;
}

/* Bytes would be too coarse: floats, which come in the data's units. */
static void mixture(const char *name, int modes, const double (*centres)[2], double deviation) {
    enum { COUNT = 2500 };
    static float values[2 * COUNT];
    int seed, item, mode;
    for (seed = 1; seed <= seeds; seed++) {
        gan_trainer *trainer = trained(name, seed, 40000);
        gan_sampler *sampler = sampler_of(trainer);
        int counts[25] = {0}, found = 0, good = 0;
        CHECK_OK(gan_sampler_draw(sampler, (uint64_t)seed, 0, COUNT, values, 2 * COUNT));
        for (item = 0; item < COUNT; item++) {
            double best = 1e30;
            int at = 0;
            for (mode = 0; mode < modes; mode++) {
                double x = values[2 * item] - centres[mode][0], y = values[2 * item + 1] - centres[mode][1];
                if (x * x + y * y < best) best = x * x + y * y, at = mode;
            }
            if (best < 9 * deviation * deviation) good++, counts[at]++;
        }
        for (mode = 0; mode < modes; mode++) found += counts[mode] > 0;
        printf("%s, seed %d: %d of %d modes, %.1f %% of high quality\n", name, seed, found, modes, 100.0 * good / COUNT);
        fflush(stdout);
        CHECK(found == modes);
        CHECK(good >= 0.97 * COUNT);
        gan_sampler_destroy(sampler);
        gan_trainer_destroy(trainer);
    }
}

static void the_ring_is_found(void) {
    static const double half = 1.4142135623730951;
    static const double centres[8][2] = {{2, 0}, {half, half}, {0, 2}, {-half, half}, {-2, 0}, {-half, -half}, {0, -2}, {half, -half}};
    mixture("ring", 8, centres, 0.02);
}

static void the_grid_is_found(void) {
    static double centres[25][2];
    int mode;
    for (mode = 0; mode < 25; mode++) centres[mode][0] = (mode % 5 - 2) * 2, centres[mode][1] = (mode / 5 - 2) * 2;
    mixture("grid", 25, (const double (*)[2])centres, 0.05);
}

/* The class of the nearest of some digits. */
static int nearest(const uint8_t *image, const uint8_t *digits, const int32_t *labels, int count) {
    int best = INT32_MAX, at = 0, item, pixel;
    for (item = 0; item < count; item++) {
        int sum = 0;
        for (pixel = 0; pixel < 784 && sum < best; pixel++) {
            int difference = image[pixel] - digits[item * 784 + pixel];
            sum += difference * difference;
        }
        if (sum < best) best = sum, at = item;
    }
    return labels[at];
}

static void a_class_that_is_asked_for_is_drawn(void) {
    enum { OTHERS = 10000, COUNT = 1000 };
    static float values[OTHERS * 784];
    static uint8_t others[OTHERS * 784], images[COUNT * 784];
    static int32_t labels[OTHERS];
    gan_dataset *data = NULL;
    int seed, item;
    CHECK_OK(gan_dataset_make("digits", OTHERS, 99, NULL, &data));
    CHECK_OK(gan_dataset_read(data, 0, OTHERS, values, OTHERS * 784));
    CHECK_OK(gan_dataset_read_labels(data, 0, OTHERS, labels, OTHERS));
    for (item = 0; item < OTHERS * 784; item++) others[item] = (uint8_t)(values[item] * 255 + 0.5f);
    gan_dataset_destroy(data);
    for (seed = 1; seed <= seeds; seed++) {
        gan_trainer *trainer = trained("digits", seed, 3000);
        gan_sampler *sampler = sampler_of(trainer);
        int good = 0;
        CHECK_OK(gan_sampler_draw_bytes(sampler, (uint64_t)seed, 0, COUNT, images, COUNT * 784));
        for (item = 0; item < COUNT; item++) good += nearest(images + item * 784, others, labels, OTHERS) == item % 10; /* unset, i mod 10 */
        printf("labels, seed %d: %.1f %% of the digits are of the class that was asked for\n", seed, 100.0 * good / COUNT);
        fflush(stdout);
        CHECK(good >= 0.95 * COUNT);
        gan_sampler_destroy(sampler);
        gan_trainer_destroy(trainer);
    }
}

int main(int count, char **arguments) {
    if (count > 1) seeds = atoi(arguments[1]);
    if (count > 2) most_steps = atoll(arguments[2]);
    RUN(the_ring_is_found);
    RUN(the_grid_is_found);
    RUN(a_class_that_is_asked_for_is_drawn);
    return FINISH("quality");
}
