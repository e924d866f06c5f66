/* The part "files": each kind of file that the library reads, changed, and read by every function that would. */
#include "fuzz.h"

enum { FILES = 60 };

/* Files of every kind as the library writes them, beside those of the checkout. */
static Bytes own[16];
static int own_count;

static void add_own(const char *path) {
    Bytes file = read_whole(path);
    if (file.bytes != NULL && own_count < COUNT_OF(own)) own[own_count++] = file;
}

/* What a list beside pictures says of one that is there. */
static void add_own_text(const char *text) {
    Bytes file = {(uint8_t *)(void *)strdup(text), strlen(text)};
    if (file.bytes != NULL && own_count < COUNT_OF(own)) own[own_count++] = file;
}

/* A volume of runs, of which some are long. */
static void add_own_binvox(void) {
    static const char text[] = "#binvox 1\ndim 8 8 8\ntranslate -0.5 0 1e-3\nscale 2.5\ndata\n\1\377\0\100\1\100\0\201";
    Bytes file = {malloc(sizeof text), sizeof text - 1};
    if (file.bytes == NULL) return;
    memcpy(file.bytes, text, sizeof text);
    if (own_count < COUNT_OF(own)) own[own_count++] = file;
}

static void make_own(void) {
    static const char *const settings[][2] = {{NULL, NULL}, {"preset", "dcgan"}, {"recipe", "infogan"}, {"condition", "labels"}, {"condition", "tags"}};
    gan_generator *generator = NULL;
    gan_sampler *sampler = NULL;
    gan_dataset *dataset = small_dataset();
    int i;
    for (i = 0; i < COUNT_OF(settings); i++) {
        gan_options *options = small_options();
        gan_trainer *trainer = NULL;
        if (settings[i][0] != NULL) gan_options_set(options, settings[i][0], settings[i][1]);
        if (i == 1) gan_options_set(options, "generator.channels", "2"), gan_options_set(options, "discriminator.channels", "2");
        if (CALL(gan_trainer_create, options, dataset, &trainer) == GAN_OK && CALL(gan_trainer_step, trainer, 2) == GAN_OK
            && CALL(gan_trainer_save, trainer, "own.safetensors") == GAN_OK)
            add_own("own.safetensors");
        if (i == 0) {
            DEMAND(CALL(gan_trainer_generator, trainer, &generator) == GAN_OK);
            DEMAND(CALL(gan_generator_save, generator, "own-generator.safetensors") == GAN_OK);
            add_own("own-generator.safetensors");
        }
        DESTROY(gan_trainer_destroy, trainer);
        DESTROY(gan_options_destroy, options);
    }
    DEMAND(CALL(gan_sampler_create, generator, NULL, &sampler) == GAN_OK);
    DEMAND(CALL(gan_sampler_write_idx, sampler, 1, 0, 12, "own.idx") == GAN_OK);
    DEMAND(CALL(gan_sampler_write_npy, sampler, 1, 0, 12, "own.npy") == GAN_OK);
    DEMAND(CALL(gan_sampler_write_png, sampler, 1, 0, 4, 2, 1, 1, "own.png") == GAN_OK);
    add_own("own.idx");
    add_own("own.npy");
    add_own("own.png");
    add_own_binvox();
    add_own_text("file_name,label,tags,text\r\nown.png,\"a \"\"b\"\"\",x|y z,\"one,\ntwo \xC3\xA9\"\r\n");
    add_own_text("{\"file_name\": \"own.png\", \"label\": 3, \"tags\": [\"x\", \"y\"], \"text\": \"\\u00e9\", \"other\": [1, {\"a\": null}]}\n");
    DESTROY(gan_sampler_destroy, sampler);
    DESTROY(gan_generator_destroy, generator);
    DESTROY(gan_dataset_destroy, dataset);
}

static gan_options *reading_options(void) {
    static const char *const names[] = {"data.fit", "data.height", "data.width", "data.channels", "data.minimum", "data.maximum", "data.items", "data.frames"};
    static const char *const values[] = {"crop", "4", "5", "1", "3", "0", "1", "-1", "255", "exact", "2", "clips", "volumes", "volumes", "views"};
    gan_options *options = NULL;
    int i, count = (int)one_of(5);
    if (chance(50) || CALL(gan_options_create, &options) != GAN_OK) return NULL;
    for (i = 0; i < count; i++) CALL(gan_options_set, options, names[one_of(COUNT_OF(names))], values[one_of(COUNT_OF(values))]);
    return options;
}

/* Whatever was opened keeps its promises: sizes, labels, values. */
static void use_dataset(gan_dataset *dataset) {
    int64_t count = 0, number, i;
    int32_t height = 0, width = 0, channels = 0, classes = -1;
    double pixels;
    float *values;
    DEMAND(CALL(gan_dataset_shape, dataset, &count, &height, &width, &channels) == GAN_OK);
    DEMAND(CALL(gan_dataset_classes, dataset, &classes) == GAN_OK);
    DEMAND(count > 0 && height > 0 && width > 0 && channels > 0 && classes >= 0);
    pixels = (double)height * width * channels;
    if (pixels < 1e6) {
        number = count < 20 ? count : 20;
        values = malloc((size_t)(pixels * (double)number) * sizeof(float));
        if (values != NULL && CALL(gan_dataset_read, dataset, count - number, number, values, (size_t)(pixels * (double)number)) == GAN_OK)
            for (i = 0; i < (int64_t)(pixels * (double)number); i++)
                if (!(values[i] >= 0 && values[i] <= 1)) FAULT("an image holds %.9g", (double)values[i]);
        free(values);
    }
    if (classes > 0) {
        int32_t labels[20];
        number = count < 20 ? count : 20;
        DEMAND(CALL(gan_dataset_read_labels, dataset, 0, number, labels, 20) == GAN_OK);
        for (i = 0; i < number; i++) DEMAND(labels[i] >= 0 && labels[i] < classes);
    }
    DESTROY(gan_dataset_destroy, dataset);
}

static void use_generator(gan_generator *generator) {
    gan_sampler *sampler = NULL;
    int32_t latent = 0, height = 0, width = 0, channels = 0;
    DEMAND(CALL(gan_generator_latent_size, generator, &latent) == GAN_OK && latent > 0);
    DEMAND(CALL(gan_generator_shape, generator, &height, &width, &channels) == GAN_OK && height > 0 && width > 0 && channels > 0);
    if ((double)height * width * channels < 1e5 && CALL(gan_sampler_create, generator, NULL, &sampler) == GAN_OK) {
        Buffer images = buffer_of((size_t)height * (size_t)width * (size_t)channels * 3 * sizeof(float));
        CALL(gan_sampler_draw, sampler, dice(), one_of(1000), 3, (float *)(void *)images.bytes, images.capacity / sizeof(float));
        free_buffer(&images);
        DESTROY(gan_sampler_destroy, sampler);
    }
    CALL(gan_generator_save, generator, "again.safetensors");
    DESTROY(gan_generator_destroy, generator);
}

static void use_checkpoint(gan_checkpoint *checkpoint) {
    static const char *const texts[] = {"kind", "step", "seed", "images"};
    int64_t count = 0, i, shape[64];
    char text[4096];
    size_t size;
    int option;
    DEMAND(CALL(gan_checkpoint_tensor_count, checkpoint, &count) == GAN_OK && count >= 0);
    for (i = 0; i < count && i < 100; i++) {
        CALL(gan_checkpoint_tensor_name, checkpoint, i, text, sizeof text, &size);
        DEMAND(CALL(gan_checkpoint_tensor_shape, checkpoint, i, shape, 64, &size) == GAN_OK && size <= 64);
    }
    for (i = 0; i < 4; i++) CALL(gan_checkpoint_text, checkpoint, texts[i], text, sizeof text, &size);
    for (option = 0; option < gan_option_count(); option++)
        CALL(gan_checkpoint_option, checkpoint, gan_option_name(option), text, sizeof text, &size);
    DESTROY(gan_checkpoint_destroy, checkpoint);
}

static void use_trainer(gan_trainer *trainer) {
    double value;
    CALL(gan_trainer_metric, trainer, "step", &value);
    CALL(gan_trainer_step, trainer, 2);
    CALL(gan_trainer_save, trainer, "again.safetensors");
    DESTROY(gan_trainer_destroy, trainer);
}

static void read_by_all(Bytes file) {
    static const char *const names[] = {"lies", "lies.png", "lies.jpg", "train-images-idx3-ubyte", "lies.npy", "metadata.csv", "metadata.jsonl"};
    const char *name = names[one_of(COUNT_OF(names))];
    gan_options *options = reading_options();
    gan_dataset *dataset = NULL;
    gan_generator *generator = NULL;
    gan_checkpoint *checkpoint = NULL;
    gan_trainer *trainer = NULL;
    int32_t height = 0, width = 0, channels = 0, status;
    uint8_t *pixels;
    write_whole(name, file);
    status = CALL(gan_image_decode, file.bytes, file.size, "\0\1\3"[one_of(3)], NULL, 0, &height, &width, &channels);
    if (status == GAN_OK && (double)height * width * channels < 4e7 && (pixels = malloc((size_t)height * (size_t)width * (size_t)channels)) != NULL) {
        /* Of all three ways the same sizes. */
        int32_t rows = height, columns = width;
        CALL(gan_image_decode, file.bytes, file.size, channels, pixels, (size_t)height * (size_t)width * (size_t)channels, &height, &width, &channels);
        DEMAND(height == rows && width == columns);
        free(pixels);
    }
    if (CALL(gan_dataset_open, name[0] != 'm' && chance(80) ? name : ".", options, &dataset) == GAN_OK) use_dataset(dataset);
    dataset = NULL;
    if (chance(50) && CALL(gan_dataset_open_idx, chance(50) ? name : "own.idx", chance(50) ? name : NULL, options, &dataset) == GAN_OK) use_dataset(dataset);
    if (CALL(gan_generator_load_memory, file.bytes, file.size, &generator) == GAN_OK) use_generator(generator);
    generator = NULL;
    if (chance(30) && CALL(gan_generator_load, name, &generator) == GAN_OK) use_generator(generator);
    if (CALL(gan_checkpoint_open, name, &checkpoint) == GAN_OK) {
        use_checkpoint(checkpoint);
        dataset = small_dataset();
        if (CALL(gan_trainer_load, name, NULL, dataset, &trainer) == GAN_OK) use_trainer(trainer);
        DESTROY(gan_dataset_destroy, dataset);
    }
    DESTROY(gan_options_destroy, options);
    unlink(name);
}

void case_of_files(void) {
    int i;
    make_own();
    for (i = 0; i < FILES; i++) {
        Bytes original = chance(45) ? own[one_of(own_count)] : corpus_entry((int)one_of(corpus_count()));
        Bytes file = mutated(original);
        if (chance(10)) { /* once more */
            Bytes other = mutated(file);
            free(file.bytes);
            file = other;
        }
        read_by_all(file);
        free(file.bytes);
    }
    for (i = 0; i < own_count; i++) free(own[i].bytes);
}
