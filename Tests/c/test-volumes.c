/* test-volumes: volumes from arrays and binvox files, the recipes volume and view-to-volume, what they make. */
#include "check.h"

#include <math.h>

enum { ITEMS = 24, LENGTH = 8, VOXELS = LENGTH * LENGTH * LENGTH, VIEW = LENGTH * LENGTH };

/* Plates of all heights: item i is full below y = 1 + i mod 7. Seen from the front, a plate is white up to there. */
static void plates(float *volumes, uint8_t *views) {
    int i, x, y, z;
    for (i = 0; i < ITEMS; i++)
        for (x = 0; x < LENGTH; x++)
            for (y = 0; y < LENGTH; y++) {
                int is_full = y < 1 + i % 7;
                if (views) views[i * VIEW + (LENGTH - 1 - y) * LENGTH + x] = is_full ? 255 : 0;
                for (z = 0; z < LENGTH; z++) volumes[i * VOXELS + (x * LENGTH + y) * LENGTH + z] = is_full ? 1.0F : 0.0F;
            }
}

static gan_dataset *some_volumes(int with_views) {
    static float volumes[ITEMS * VOXELS];
    static uint8_t views[ITEMS * VIEW];
    const int64_t axes[] = {LENGTH, LENGTH, LENGTH, 1};
    gan_dataset *both[2] = {NULL, NULL}, *pairs = NULL;
    plates(volumes, views);
    CHECK_OK(gan_dataset_create_values(volumes, ITEMS, axes, 4, 0, 1, "volume", NULL, NULL, &both[1]));
    if (!with_views) return both[1];
    CHECK_OK(gan_dataset_create_bytes(views, ITEMS, LENGTH, LENGTH, 1, NULL, 0, NULL, NULL, &both[0]));
    CHECK_OK(gan_dataset_combine((const gan_dataset *const *)both, 2, "view\nvolume", 1, &pairs));
    gan_dataset_destroy(both[0]);
    gan_dataset_destroy(both[1]);
    return pairs;
}

static gan_options *small(const char *recipe) {
    gan_options *options = NULL;
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_options_set(options, "recipe", recipe));
    CHECK_OK(gan_options_set(options, "generator.channels", "6"));
    CHECK_OK(gan_options_set(options, "discriminator.channels", "4"));
    CHECK_OK(gan_options_set(options, "batch-size", "8"));
    CHECK_OK(gan_options_set(options, "latent.size", "10"));
    CHECK_OK(gan_options_set(options, "threads", "1"));
    return options;
}

static gan_generator *trained(const char *recipe, gan_trainer **kept) {
    int is_of_views = strcmp(recipe, "volume") != 0;
    gan_options *options = small(recipe);
    gan_dataset *dataset = some_volumes(is_of_views);
    gan_trainer *trainer = NULL;
    gan_generator *generator = NULL;
    if (is_of_views) CHECK_OK(gan_options_set(options, "view.channels", "6"));
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    CHECK_OK(gan_trainer_step(trainer, is_of_views ? 400 : 20));
    CHECK_OK(gan_trainer_generator(trainer, &generator));
    if (kept) *kept = trainer;
    else gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
    return generator;
}

static void volumes_are_drawn(void) {
    static float drawn[4 * VOXELS], again[VOXELS];
    static uint8_t bytes[4 * VOXELS];
    gan_trainer *trainer = NULL;
    gan_generator *generator = trained("volume", &trainer), *read = NULL;
    gan_sampler *sampler = NULL;
    gan_options *options = NULL;
    int64_t axes[5];
    size_t rank = 0;
    int32_t height = 0, width = 0, channels = 0, i, single = 0;
    double accuracy = -1;
    CHECK_OK(gan_trainer_metric(trainer, "discriminator.accuracy", &accuracy));
    CHECK(accuracy >= 0 && accuracy <= 1);
    CHECK_OK(gan_generator_axes(generator, axes, 5, &rank));
    CHECK(rank == 4 && axes[0] == LENGTH && axes[1] == LENGTH && axes[2] == LENGTH && axes[3] == 1);
    CHECK_OK(gan_generator_shape(generator, &height, &width, &channels));
    CHECK(height == LENGTH && width == LENGTH && channels == LENGTH);
    CHECK_OK(gan_generator_save(generator, scratch("v.safetensors")));
    CHECK_OK(gan_generator_load(scratch("v.safetensors"), &read));
    CHECK_OK(gan_sampler_create(read, NULL, &sampler));
    CHECK_OK(gan_sampler_draw(sampler, 5, 0, 4, drawn, 4 * VOXELS));
    CHECK_OK(gan_sampler_draw(sampler, 5, 2, 1, again, VOXELS));
    CHECK(memcmp(again, drawn + 2 * VOXELS, sizeof again) == 0);
    for (i = 0; i < 4 * VOXELS; i++) CHECK(drawn[i] >= 0 && drawn[i] <= 1);
    CHECK_OK(gan_sampler_draw_bytes(sampler, 5, 0, 4, bytes, sizeof bytes));
    for (i = 0; i < 4 * VOXELS; i++) CHECK(fabs(bytes[i] / 255.0 - drawn[i]) < 0.003);
    gan_sampler_destroy(sampler);
    /* The largest piece alone is some of what is there, and nothing else. */
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_options_set(options, "volume.pieces", "1"));
    CHECK_OK(gan_sampler_create(read, options, &sampler));
    CHECK_OK(gan_sampler_draw(sampler, 5, 2, 1, again, VOXELS));
    for (i = 0; i < VOXELS; i++) {
        CHECK(again[i] == drawn[2 * VOXELS + i] || (again[i] == 0 && drawn[2 * VOXELS + i] > 0.5F));
        single += again[i] > 0.5F;
    }
    CHECK_FAILS(gan_sampler_write_png(sampler, 1, 0, 1, 1, 0, 1, scratch("v.png")), GAN_E_MISMATCH, "");
    CHECK_OK(gan_sampler_write_npy(sampler, 1, 0, 2, scratch("v.npy")));
    gan_sampler_destroy(sampler);
    gan_options_destroy(options);
    gan_generator_destroy(read);
    gan_generator_destroy(generator);
    gan_trainer_destroy(trainer);
}

static void a_view_becomes_a_volume(void) {
    static float volumes[ITEMS * VOXELS], made[VOXELS], again[VOXELS], view[3 * 3 * VIEW], truth[VOXELS];
    static uint8_t views[ITEMS * VIEW], bytes[VOXELS];
    gan_generator *generator = trained("view-to-volume", NULL);
    gan_applier *applier = NULL;
    gan_sampler *sampler = NULL;
    int64_t axes[4];
    size_t rank = 0;
    int32_t input = 0, output = 0, takes_mask = 0, height = 0, width = 0, i, item;
    plates(volumes, views);
    CHECK_OK(gan_generator_axes(generator, axes, 4, &rank));
    CHECK(rank == 4 && axes[0] == LENGTH && axes[1] == LENGTH && axes[2] == LENGTH && axes[3] == 1);
    CHECK_OK(gan_applier_create(generator, NULL, &applier));
    CHECK_OK(gan_applier_channels(applier, &input, &output, &takes_mask));
    CHECK(input == 1 && output == LENGTH && takes_mask == 0);
    CHECK_OK(gan_applier_shape(applier, 100, 70, &height, &width));
    CHECK(height == LENGTH && width == LENGTH);
    for (item = 0; item < 7; item++) {
        int common = 0, either = 0;
        memcpy(truth, volumes + item * VOXELS, sizeof truth);
        for (i = 0; i < VIEW; i++) view[i] = views[item * VIEW + i] / 255.0F;
        CHECK_OK(gan_applier_apply(applier, 0, view, NULL, LENGTH, LENGTH, made, VOXELS));
        for (i = 0; i < VOXELS; i++) common += made[i] > 0.5F && truth[i] > 0.5F, either += made[i] > 0.5F || truth[i] > 0.5F;
        if (common < 0.8 * either) check_fails(__FILE__, __LINE__, "%d of %d voxels of item %d agree", common, either, item);
    }
    CHECK_OK(gan_applier_apply(applier, 0, view, NULL, LENGTH, LENGTH, again, VOXELS));
    CHECK(memcmp(made, again, sizeof made) == 0); /* the likeliest volume is one */
    CHECK_OK(gan_applier_apply(applier, 3, view, NULL, LENGTH, LENGTH, again, VOXELS));
    CHECK(memcmp(made, again, sizeof made) != 0);
    CHECK_OK(gan_applier_apply_bytes(applier, 0, views + 6 * VIEW, NULL, LENGTH, LENGTH, bytes, sizeof bytes));
    for (i = 0; i < VOXELS; i++) CHECK(fabs(bytes[i] / 255.0 - made[i]) < 0.01);
    /* A picture of another size is scaled. */
    for (i = 0; i < 9 * VIEW; i++) view[i] = views[6 * VIEW + i / (3 * LENGTH) / 3 * LENGTH + i % (3 * LENGTH) / 3] / 255.0F;
    CHECK_OK(gan_applier_apply(applier, 0, view, NULL, 3 * LENGTH, 3 * LENGTH, again, VOXELS));
    for (i = 0; i < VOXELS; i++) CHECK(fabs(again[i] - made[i]) < 1e-4);
    CHECK_FAILS(gan_applier_apply(applier, 0, view, view, LENGTH, LENGTH, made, VOXELS), GAN_E_INVALID_ARGUMENT, "mask");
    CHECK_FAILS(gan_applier_apply(applier, 0, view, NULL, LENGTH, LENGTH, made, VOXELS - 1), GAN_E_BUFFER_TOO_SMALL, "512");
    CHECK_FAILS(gan_applier_apply(applier, 0, view, NULL, 0, LENGTH, made, VOXELS), GAN_E_OUT_OF_RANGE, "65536");
    CHECK_FAILS(gan_applier_predict(applier, 0, view, 1, LENGTH, LENGTH, 1, made, VOXELS), GAN_E_MISMATCH, "");
    /* Of no view in particular. */
    CHECK_OK(gan_sampler_create(generator, NULL, &sampler));
    CHECK_OK(gan_sampler_draw(sampler, 1, 0, 1, made, VOXELS));
    gan_sampler_destroy(sampler);
    gan_applier_destroy(applier);
    gan_generator_destroy(generator);
}

static void write_bytes(const char *path, const void *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL && fwrite(bytes, 1, size, file) == size);
    if (file) fclose(file);
}

/* What is no volume is told, whatever is asked of it. */
static void what_cannot_be_used_is_said(void) {
    static const struct { const char *contents; size_t cut; int32_t status; const char *word; } files[] = {
        {"#binvox 1\ndim 8 8 8\ntranslate 0 0 0\nscale 1\ndata\n\1\377\0\377\1\2", 0, GAN_OK, NULL},
        {"#binvox 1\ndim 8 8 8\ntranslate 0 0 0\nscale 1\ndata\n\1\377\0\377\1\2", 2, GAN_E_TRUNCATED, "cut short"},
        {"#binvox 1\ndim 8 8 8\ntranslate 0 0 0\nscale 1\ndata\n\1\377\0\377\1\2\1\1", 0, GAN_E_BAD_FORMAT, "more voxels"},
        {"#binvox 1\ndim 65536 65536 65536\ndata\n\1\377\0\377\1\2", 0, GAN_E_TRUNCATED, "at most"},
        {"#binvox 1\ndim 8 8\ndata\n\1\377\0\377\1\2", 0, GAN_E_BAD_FORMAT, "three sides"},
        {"#binvox 1\ndim 8 8 8\ndata\n\1\377\0\377\3\2", 0, GAN_E_BAD_FORMAT, "value 3"},
    };
    static const uint8_t zeros[4096];
    gan_options *options = small("volume");
    gan_dataset *dataset = NULL, *views = NULL;
    gan_trainer *trainer = NULL;
    size_t i;
    for (i = 0; i < sizeof files / sizeof *files; i++) {
        const char *start = strstr(files[i].contents, "data\n");
        /* The runs hold zeros, which end a string. */
        size_t size = (size_t)(start - files[i].contents) + 5 + (i == 2 ? 8 : 6) - files[i].cut;
        write_bytes(scratch("one.binvox"), files[i].contents, size);
        if (files[i].status == GAN_OK) CHECK_OK(gan_dataset_open(scratch("one.binvox"), options, &dataset));
        else CHECK_FAILS(gan_dataset_open(scratch("one.binvox"), options, &dataset), files[i].status, files[i].word);
        gan_dataset_destroy(dataset);
        dataset = NULL;
    }
    CHECK_FAILS(gan_dataset_open(scratch("one.binvox"), NULL, &dataset), GAN_E_BAD_FORMAT, "binvox");
    write_bytes(scratch("flat.idx"), "\0\0\10\3\0\0\0\4\0\0\0\10\0\0\0\10", 16);
    {
        FILE *file = fopen(scratch("flat.idx"), "ab");
        CHECK(file != NULL && fwrite(zeros, 1, 256, file) == 256);
        if (file) fclose(file);
    }
    CHECK_FAILS(gan_dataset_open(scratch("flat.idx"), options, &dataset), GAN_E_BAD_FORMAT, "[count, depth, height, width]");
    /* Pictures are no volumes, and volumes without views are no pairs. */
    CHECK_OK(gan_dataset_create_bytes(zeros, 16, LENGTH, LENGTH, 1, NULL, 0, NULL, NULL, &views));
    CHECK_FAILS(gan_trainer_create(options, views, &trainer), GAN_E_MISMATCH, "volumes");
    dataset = some_volumes(0);
    CHECK_OK(gan_options_set(options, "volume.accuracy", "0.5"));
    CHECK_FAILS(gan_options_set(options, "volume.accuracy", "1.5"), GAN_E_OUT_OF_RANGE, "volume.accuracy");
    CHECK_OK(gan_options_set(options, "recipe", "view-to-volume"));
    CHECK_FAILS(gan_trainer_create(options, dataset, &trainer), GAN_E_MISMATCH, "views");
    CHECK_FAILS(gan_dataset_open(scratch("flat.idx"), options, &dataset), GAN_E_MISMATCH, "combined as pairs");
    gan_dataset_destroy(views);
    gan_options_destroy(options);
}

int main(void) {
    RUN(volumes_are_drawn);
    RUN(a_view_becomes_a_volume);
    RUN(what_cannot_be_used_is_said);
    return FINISH("volumes");
}
