/* test-handles: every order of destroying, handles that were destroyed, of another kind, or never were handles. */
#include "check.h"

typedef struct {
    gan_options *options;
    gan_dataset *dataset;
    gan_trainer *trainer;
    gan_generator *generator;
    gan_sampler *sampler;
} Set;

static Set make(void) {
    Set set;
    memset(&set, 0, sizeof set);
    set.options = small_options(2);
    set.dataset = small_dataset();
    CHECK_OK(gan_trainer_create(set.options, set.dataset, &set.trainer));
    CHECK_OK(gan_trainer_step(set.trainer, 2));
    CHECK_OK(gan_trainer_generator(set.trainer, &set.generator));
    CHECK_OK(gan_sampler_create(set.generator, set.options, &set.sampler));
    return set;
}

static void destroy(Set *set, int which) {
    switch (which) {
    case 0: gan_options_destroy(set->options); break;
    case 1: gan_dataset_destroy(set->dataset); break;
    case 2: gan_trainer_destroy(set->trainer); break;
    case 3: gan_generator_destroy(set->generator); break;
    default: gan_sampler_destroy(set->sampler); break;
    }
}

/* Whether each handle works, as long as it lives, whatever has been destroyed before it. */
static void use(const Set *set, unsigned gone) {
    char text[32];
    int64_t count;
    int32_t size, height, width, channels;
    double value;
    float image[PIXELS];
#define EXPECT(which, call)                                                             \
    do {                                                                                \
        if (gone & 1u << (which)) CHECK_FAILS(call, GAN_E_INVALID_HANDLE, "destroyed"); \
        else CHECK_OK(call);                                                            \
    } while (0)
    EXPECT(0, gan_options_get(set->options, "seed", text, sizeof text, NULL));
    EXPECT(1, gan_dataset_shape(set->dataset, &count, &height, &width, &channels));
    EXPECT(2, gan_trainer_step(set->trainer, 1));
    EXPECT(2, gan_trainer_metric(set->trainer, "step", &value));
    EXPECT(3, gan_generator_latent_size(set->generator, &size));
    EXPECT(4, gan_sampler_draw(set->sampler, 1, 0, 1, image, PIXELS));
#undef EXPECT
}

static void every_order_of_destroying_is_safe(void) {
    int order[5] = {0, 1, 2, 3, 4}, rounds = 0, i, j;
    for (;;) {
        Set set = make();
        unsigned gone = 0;
        for (i = 0; i < 5; i++) {
            destroy(&set, order[i]);
            gone |= 1u << order[i];
            use(&set, gone);
        }
        for (i = 0; i < 5; i++) destroy(&set, i); /* a second time: nothing happens */
        rounds++;
        /* The next permutation in the order of dictionaries. */
        for (i = 3; i >= 0 && order[i] > order[i + 1]; i--) {}
        if (i < 0) break;
        for (j = 4; order[j] < order[i]; j--) {}
        {
            int swap = order[i], left = i + 1, right = 4;
            order[i] = order[j];
            order[j] = swap;
            for (; left < right; left++, right--) swap = order[left], order[left] = order[right], order[right] = swap;
        }
    }
    CHECK(rounds == 120);
}

/* Every function that takes a handle, with this pointer in its place. */
static void try_all(void *handle, int kind, int32_t expected, const char *word) {
    char text[32] = "same";
    size_t size = 99;
    int64_t count = 98;
    int32_t a = 1, b = 2, c = 3;
    double value = 97;
    float low = 96, high = 95, image[PIXELS] = {0};
    uint8_t pixels[PIXELS] = {0};
    void *out = POISON;
    Set good = make();
    if (kind != 0) {
        CHECK_FAILS(gan_options_set(handle, "seed", "1"), expected, word);
        CHECK_FAILS(gan_options_set_integer(handle, "seed", 1), expected, word);
        CHECK_FAILS(gan_options_set_real(handle, "seed", 1), expected, word);
        CHECK_FAILS(gan_options_get(handle, "seed", text, sizeof text, &size), expected, word);
        CHECK_FAILS(gan_dataset_open("examples-c", handle, (gan_dataset **)&out), expected, word);
        CHECK_FAILS(gan_dataset_open_idx("a", "b", handle, (gan_dataset **)&out), expected, word);
        CHECK_FAILS(gan_trainer_create(handle, good.dataset, (gan_trainer **)&out), expected, word);
        CHECK_FAILS(gan_trainer_load("a", handle, good.dataset, (gan_trainer **)&out), expected, word);
        CHECK_FAILS(gan_sampler_create(good.generator, handle, (gan_sampler **)&out), expected, word);
        gan_options_destroy(handle);
    }
    if (kind != 1) {
        CHECK_FAILS(gan_dataset_shape(handle, &count, &a, &b, &c), expected, word);
        CHECK_FAILS(gan_dataset_classes(handle, &a), expected, word);
        CHECK_FAILS(gan_dataset_read(handle, 0, 1, image, PIXELS), expected, word);
        CHECK_FAILS(gan_dataset_read_labels(handle, 0, 1, &a, 1), expected, word);
        CHECK_FAILS(gan_trainer_create(NULL, handle, (gan_trainer **)&out), expected, word);
        CHECK_FAILS(gan_trainer_load("a", NULL, handle, (gan_trainer **)&out), expected, word);
        gan_dataset_destroy(handle);
    }
    if (kind != 2) {
        CHECK_FAILS(gan_trainer_save(handle, "/tmp/gan-test-never"), expected, word);
        CHECK_FAILS(gan_trainer_step(handle, 1), expected, word);
        CHECK_FAILS(gan_trainer_run(handle, 1, NULL, NULL), expected, word);
        CHECK_FAILS(gan_trainer_cancel(handle), expected, word);
        CHECK_FAILS(gan_trainer_metric(handle, "step", &value), expected, word);
        CHECK_FAILS(gan_trainer_option(handle, "seed", text, sizeof text, &size), expected, word);
        CHECK_FAILS(gan_trainer_generator(handle, (gan_generator **)&out), expected, word);
        gan_trainer_destroy(handle);
    }
    if (kind != 3) {
        CHECK_FAILS(gan_generator_save(handle, "/tmp/gan-test-never"), expected, word);
        CHECK_FAILS(gan_generator_latent_size(handle, &a), expected, word);
        CHECK_FAILS(gan_generator_shape(handle, &a, &b, &c), expected, word);
        CHECK_FAILS(gan_generator_axes(handle, NULL, 0, &size), expected, word);
        CHECK_FAILS(gan_generator_range(handle, &low, &high), expected, word);
        CHECK_FAILS(gan_generator_option(handle, "seed", text, sizeof text, &size), expected, word);
        CHECK_FAILS(gan_sampler_create(handle, NULL, (gan_sampler **)&out), expected, word);
        gan_generator_destroy(handle);
    }
    if (kind != 4) {
        CHECK_FAILS(gan_sampler_latents(handle, 1, 0, 1, image, PIXELS), expected, word);
        CHECK_FAILS(gan_sampler_draw(handle, 1, 0, 1, image, PIXELS), expected, word);
        CHECK_FAILS(gan_sampler_draw_bytes(handle, 1, 0, 1, pixels, PIXELS), expected, word);
        CHECK_FAILS(gan_sampler_decode(handle, image, 1, image, PIXELS), expected, word);
        CHECK_FAILS(gan_sampler_decode_bytes(handle, image, 1, pixels, PIXELS), expected, word);
        CHECK_FAILS(gan_sampler_path(handle, image, image, 0, 1, image, PIXELS), expected, word);
        CHECK_FAILS(gan_sampler_path_at(handle, image, image, 0, 0.5, image, PIXELS), expected, word);
        CHECK_FAILS(gan_sampler_write_png(handle, 1, 0, 1, 1, 0, 1, "/tmp/gan-test-never"), expected, word);
        CHECK_FAILS(gan_sampler_encode_png(handle, 1, 0, 1, 1, 0, 1, NULL, 0, &size), expected, word);
        CHECK_FAILS(gan_sampler_write_idx(handle, 1, 0, 1, "/tmp/gan-test-never"), expected, word);
        CHECK_FAILS(gan_sampler_write_npy(handle, 1, 0, 1, "/tmp/gan-test-never"), expected, word);
        gan_sampler_destroy(handle);
    }
    CHECK(out == POISON && size == 99 && count == 98 && value == 97 && low == 96 && high == 95 && a == 1 && b == 2 && c == 3);
    CHECK_TEXT(text, "same");
    CHECK(access("/tmp/gan-test-never", F_OK) != 0);
    use(&good, 0); /* nothing else was harmed */
    {
        int i;
        for (i = 0; i < 5; i++) destroy(&good, i);
    }
}

static void a_handle_of_another_kind_is_refused(void) {
    Set set = make();
    try_all(set.options, 0, GAN_E_INVALID_HANDLE, "options");
    try_all(set.dataset, 1, GAN_E_INVALID_HANDLE, "dataset");
    try_all(set.trainer, 2, GAN_E_INVALID_HANDLE, "trainer");
    try_all(set.generator, 3, GAN_E_INVALID_HANDLE, "generator");
    try_all(set.sampler, 4, GAN_E_INVALID_HANDLE, "sampler");
    use(&set, 0); /* destroying it as something else did nothing */
    {
        int i;
        for (i = 0; i < 5; i++) destroy(&set, i);
    }
}

static void what_never_was_a_handle_is_refused(void) {
    int here = 0, i;
    void *wrong[6];
    wrong[0] = (void *)1;
    wrong[1] = (void *)8;
    wrong[2] = &here;
    wrong[3] = (void *)UINTPTR_MAX;
    wrong[4] = (void *)(UINTPTR_MAX / 2);
    wrong[5] = POISON;
    for (i = 0; i < 6; i++) try_all(wrong[i], -1, GAN_E_INVALID_HANDLE, "");
}

static void handles_are_used_again_and_stale_ones_are_not(void) {
    gan_options *first = NULL, *last = NULL;
    int i;
    CHECK_OK(gan_options_create(&first));
    gan_options_destroy(first);
    for (i = 0; i < 20000; i++) {
        CHECK_OK(gan_options_create(&last));
        if (last == first) CHECK(!"a new handle is equal to one that was destroyed");
        gan_options_destroy(last);
        last = NULL;
    }
    CHECK_FAILS(gan_options_set(first, "seed", "1"), GAN_E_INVALID_HANDLE, "options");
}

/* Hosts that put other things into a pointer's upper bits keep 47 of it, and a handle fits, in whatever order slots are used. */
static void a_handle_has_47_bits(void) {
    gan_options *options = NULL;
    uintptr_t all = 0;
    int i;
    for (i = 0; i < 200000; i++) {
        CHECK_OK(gan_options_create(&options));
        all |= (uintptr_t)options;
        gan_options_destroy(options);
    }
    CHECK(all != 0 && (uint64_t)all >> 47 == 0);
}

/* One bit of a handle's number changed: another slot, or another time, but no handle. */
static void a_number_nearly_a_handle_is_none(void) {
    gan_options *options = NULL;
    char text[24];
    int bit;
    CHECK_OK(gan_options_create(&options));
    for (bit = 0; bit < (int)sizeof(void *) * 8; bit++) {
        gan_options *wrong = (gan_options *)((uintptr_t)options ^ (uintptr_t)1 << bit);
        int32_t status = gan_options_get(wrong, "seed", text, sizeof text, NULL);
        CHECK(status == GAN_E_INVALID_HANDLE || (wrong == NULL && status == GAN_E_INVALID_ARGUMENT));
    }
    CHECK_OK(gan_options_get(options, "seed", text, sizeof text, NULL));
    gan_options_destroy(options);
}

static void many_handles_may_live_at_once(void) {
    enum { MANY = 3000 };
    static gan_options *all[MANY];
    char text[24];
    int i;
    for (i = 0; i < MANY; i++) {
        CHECK_OK(gan_options_create(&all[i]));
        CHECK_OK(gan_options_set_integer(all[i], "seed", i));
    }
    for (i = 0; i < MANY; i++) {
        CHECK_OK(gan_options_get(all[i], "seed", text, sizeof text, NULL));
        if (atoi(text) != i) check_fails(__FILE__, __LINE__, "options %d have seed %s", i, text);
    }
    for (i = 0; i < MANY; i++) gan_options_destroy(all[i]);
}

int main(void) {
    RUN(every_order_of_destroying_is_safe);
    RUN(a_handle_of_another_kind_is_refused);
    RUN(what_never_was_a_handle_is_refused);
    RUN(handles_are_used_again_and_stale_ones_are_not);
    RUN(a_handle_has_47_bits);
    RUN(a_number_nearly_a_handle_is_none);
    RUN(many_handles_may_live_at_once);
    return FINISH("handles");
}
