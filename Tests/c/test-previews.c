/* test-previews: what a training makes of its data by now, beside what it reads and what is true. */
#include "check.h"

enum { ITEMS = 12, LEARNT = 32 };

/* Rows of what is read, what is made of it, and what is true: what is shown of the same item is its own at both ends. */
static void previews_are_rows(void) {
    static uint8_t pixels[ITEMS * LEARNT * LEARNT], *rows, *again;
    gan_options *options = NULL;
    gan_dataset *dataset = NULL;
    gan_trainer *trainer = NULL;
    int32_t height = 0, width = 0, channels = 0;
    size_t size;
    int i;
    for (i = 0; i < ITEMS * LEARNT * LEARNT; i++) pixels[i] = (uint8_t)(i % LEARNT * 5 + i / LEARNT * 11 + i * i % 23 * (i % 3));
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_dataset_create_bytes(pixels, ITEMS, LEARNT, LEARNT, 1, NULL, 0, NULL, NULL, &dataset));
    CHECK_OK(gan_options_set(options, "batch-size", "4"));
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    CHECK_FAILS(gan_trainer_preview_shape(trainer, &height, &width, &channels), GAN_E_MISMATCH, "a sampler draws");
    CHECK_FAILS(gan_trainer_preview(trainer, 0, 1, pixels, sizeof pixels), GAN_E_MISMATCH, "a sampler draws");
    gan_trainer_destroy(trainer);
    CHECK_OK(gan_options_set(options, "recipe", "image-to-image"));
    CHECK_OK(gan_options_set(options, "source", "blurred"));
    CHECK_OK(gan_options_set(options, "generator.channels", "4"));
    CHECK_OK(gan_options_set(options, "discriminator.channels", "4"));
    CHECK_OK(gan_trainer_create(options, dataset, &trainer));
    CHECK_OK(gan_trainer_preview_shape(trainer, &height, &width, &channels));
    CHECK(height == LEARNT && width > 3 * LEARNT && channels == 1);
    size = (size_t)height * (size_t)width;
    rows = malloc(3 * size);
    again = malloc(3 * size);
    CHECK(rows != NULL && again != NULL);
    CHECK_OK(gan_trainer_preview(trainer, 0, 3, rows, 3 * size));
    CHECK_OK(gan_trainer_step(trainer, 3));
    CHECK_OK(gan_trainer_preview(trainer, 0, 3, again, 3 * size));
    CHECK(memcmp(rows, again, 3 * size) != 0); /* what is made of it */
    for (i = 0; i < 3 * height; i++) {
        const size_t line = (size_t)i * (size_t)width;
        CHECK(memcmp(rows + line, again + line, LEARNT) == 0);
        CHECK(memcmp(rows + line + (size_t)width - LEARNT, again + line + (size_t)width - LEARNT, LEARNT) == 0);
    }
    CHECK_OK(gan_trainer_preview(trainer, 2, 1, rows, size));
    CHECK(memcmp(rows, again + 2 * size, size) == 0);
    CHECK_OK(gan_trainer_preview(trainer, 0, 0, NULL, 0));
    CHECK_FAILS(gan_trainer_preview(trainer, 0, 3, rows, 3 * size - 1), GAN_E_BUFFER_TOO_SMALL, "");
    CHECK_FAILS(gan_trainer_preview(trainer, 0, -1, rows, 3 * size), GAN_E_INVALID_ARGUMENT, "count");
    CHECK_FAILS(gan_trainer_preview(trainer, 0, 1, NULL, size), GAN_E_INVALID_ARGUMENT, "pixels");
    CHECK_FAILS(gan_trainer_preview(trainer, INT64_MAX, 3, rows, 3 * size), GAN_E_INVALID_ARGUMENT, "");
    free(rows);
    free(again);
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
    gan_options_destroy(options);
}

int main(void) {
    RUN(previews_are_rows);
    return FINISH("previews");
}
