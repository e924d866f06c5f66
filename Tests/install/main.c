/* A program that knows only the installed library: it trains on images of its own, saves, loads and draws. */
#include <gan.h>

#include <stdio.h>

static int failed(int32_t status, const char *deed) {
    if (status == GAN_OK) return 0;
    fprintf(stderr, "%s: %s: %s\n", deed, gan_status_name(status), gan_error_message());
    return 1;
}

int main(int argc, char **argv) {
    static uint8_t pixels[200 * 8 * 8];
    float image[64];
    gan_dataset *dataset = NULL;
    gan_trainer *trainer = NULL;
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    const char *path = argc > 1 ? argv[1] : "consumer.safetensors";
    size_t i;

    if (gan_version() != GAN_VERSION) return 1;
    for (i = 0; i < sizeof pixels; i++) pixels[i] = (uint8_t)(i * i % 256);
    if (failed(gan_dataset_create_bytes(pixels, 200, 8, 8, 1, NULL, 0, NULL, NULL, &dataset), "dataset")
        || failed(gan_trainer_create(NULL, dataset, &trainer), "trainer") || failed(gan_trainer_run(trainer, 2, NULL, NULL), "run")
        || failed(gan_trainer_save(trainer, path), "save") || failed(gan_generator_load(path, &generator), "load")
        || failed(gan_sampler_create(generator, NULL, &sampler), "sampler") || failed(gan_sampler_draw(sampler, 1, 0, 1, image, 64), "draw"))
        return 1;
    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(dataset);
    printf("libgan %s works\n", gan_version_string());
    return 0;
}
