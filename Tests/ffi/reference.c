/* What every language's program must reproduce, bit for bit: three epochs in one go, and samples of the result.
 *
 *     reference DATA OUTPUT
 *
 * OUTPUT/digits.safetensors   the checkpoint
 * OUTPUT/images.f32, .u8      samples 0 ... 63 of seed 7, as floats and as bytes
 * OUTPUT/far.f32              two samples of a seed and an index that 53 bits cannot hold and 32 cannot
 * OUTPUT/path.f32             five images on the great circle from sample 0 to sample 1
 * OUTPUT/grid.png, written.png   samples 0 ... 63 as a picture
 */
#include <gan.h>

#include <stdio.h>
#include <stdlib.h>

enum { IMAGE = 28 * 28, LATENT = 128 };

static const char *output;

static void check(int32_t status) {
    if (status == GAN_OK) return;
    fprintf(stderr, "reference: %s: %s\n", gan_status_name(status), gan_error_message());
    exit(1);
}

static const char *in_output(const char *name) {
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s", output, name);
    return path;
}

static void write_file(const char *name, const void *bytes, size_t size) {
    FILE *file = fopen(in_output(name), "wb");
    if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
        fprintf(stderr, "reference: %s cannot be written\n", name);
        exit(1);
    }
}

int main(int argc, char **argv) {
    static float images[64 * IMAGE], latents[2 * LATENT], way[5 * LATENT];
    static uint8_t pixels[64 * IMAGE];
    gan_options *options;
    gan_dataset *digits;
    gan_trainer *trainer;
    gan_generator *generator;
    gan_sampler *sampler;

    if (argc != 3) return 2;
    output = argv[2];
    check(gan_options_create(&options));
    check(gan_options_set_integer(options, "seed", 7));
    check(gan_options_set(options, "generator.hidden", "256,256"));
    check(gan_options_set_real(options, "generator.learning-rate", 1e-3));
    check(gan_options_set_real(options, "discriminator.learning-rate", 1e-3));
    check(gan_dataset_open(argv[1], options, &digits));
    check(gan_trainer_create(options, digits, &trainer));
    check(gan_trainer_run(trainer, 3, NULL, NULL));
    check(gan_trainer_save(trainer, in_output("digits.safetensors")));

    check(gan_trainer_generator(trainer, &generator));
    check(gan_sampler_create(generator, NULL, &sampler));
    check(gan_sampler_draw(sampler, 7, 0, 64, images, 64 * IMAGE));
    write_file("images.f32", images, sizeof images);
    check(gan_sampler_draw_bytes(sampler, 7, 0, 64, pixels, 64 * IMAGE));
    write_file("images.u8", pixels, sizeof pixels);
    check(gan_sampler_draw(sampler, UINT64_MAX - 4, INT64_C(1) << 40, 2, images, 2 * IMAGE));
    write_file("far.f32", images, 2 * IMAGE * sizeof(float));
    check(gan_sampler_latents(sampler, 7, 0, 2, latents, 2 * LATENT));
    check(gan_sampler_path(sampler, latents, latents + LATENT, GAN_PATH_SPHERICAL, 5, way, 5 * LATENT));
    check(gan_sampler_decode(sampler, way, 5, images, 5 * IMAGE));
    write_file("path.f32", images, 5 * IMAGE * sizeof(float));
    check(gan_sampler_write_png(sampler, 7, 0, 64, 8, 2, 1, in_output("grid.png")));
    check(gan_sampler_write_png(sampler, 7, 0, 64, 8, 2, 1, in_output("written.png")));

    gan_sampler_destroy(sampler);
    gan_generator_destroy(generator);
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(digits);
    gan_options_destroy(options);
    return 0;
}
