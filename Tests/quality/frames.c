/* frames: whether the recipe next-frame says what follows, on clips that the library makes of digits that it has not learnt from. Minutes,
 * so a part of make check-long. Usage: frames [STEPS [SHARPNESS [THREADS]]], 1500, the default and as many as there are processors
 * unless given.
 *
 * Beside three ways that learn nothing, or less: the last frame again; the last frame moved on as it was moved last (the shift by whole
 * pixels that is nearest to the last two frames); and the same network trained on mean square alone, without a discriminator. Told are
 * mean squares beside the first, one to five frames ahead, and the energy of the gradient beside the true frames', which is 1 for what is
 * as sharp.
 */
#include "check.h"

#include <math.h>

enum { CLIPS = 200, LENGTH = 20, EDGE = 32, FRAME = EDGE * EDGE, PAST = 8, AHEAD = 5, START = 4 };

static float clips[CLIPS * LENGTH * FRAME];
static int64_t steps = 1500;
static const char *chosen = NULL, *threads = "0";

typedef struct {
    double error[AHEAD], energy[AHEAD];
} Score;

static double square(const float *a, const float *b) {
    double sum = 0;
    int i;
    for (i = 0; i < FRAME; i++) sum += (double)(a[i] - b[i]) * (a[i] - b[i]);
    return sum / FRAME;
}

/* The mean square of differences between neighbours. */
static double energy(const float *frame) {
    double sum = 0;
    int y, x;
    for (y = 0; y < EDGE; y++)
        for (x = 0; x < EDGE; x++) {
            double here = frame[y * EDGE + x];
            if (y + 1 < EDGE) sum += pow(frame[(y + 1) * EDGE + x] - here, 2);
            if (x + 1 < EDGE) sum += pow(frame[y * EDGE + x + 1] - here, 2);
        }
    return sum;
}

static void moved(const float *frame, int down, int right, float *to) {
    int y, x;
    for (y = 0; y < EDGE; y++)
        for (x = 0; x < EDGE; x++) {
            int row = y - down, column = x - right;
            to[y * EDGE + x] = row >= 0 && row < EDGE && column >= 0 && column < EDGE ? frame[row * EDGE + column] : 0;
        }
}

/* The shift by whole pixels, up to 4 each way, that makes the second frame of the first. */
static void shift_between(const float *first, const float *second, int *down, int *right) {
    float tried[FRAME];
    double best = INFINITY;
    int dy, dx;
    for (dy = -4; dy <= 4; dy++)
        for (dx = -4; dx <= 4; dx++) {
            double error;
            moved(first, dy, dx, tried);
            error = square(tried, second);
            if (error < best) best = error, *down = dy, *right = dx;
        }
}

static const float *frame_of(int clip, int frame) { return clips + (clip * LENGTH + frame) * FRAME; }

static void add(Score *score, int clip, int ahead, const float *said) {
    const float *truth = frame_of(clip, START + PAST + ahead);
    score->error[ahead] += square(said, truth) / CLIPS;
    score->energy[ahead] += energy(said);
}

static void judge_baselines(Score *still, Score *linear, Score *truth) {
    int clip, ahead;
    for (clip = 0; clip < CLIPS; clip++) {
        const float *last = frame_of(clip, START + PAST - 1);
        float before[FRAME], next[FRAME];
        int down = 0, right = 0;
        shift_between(frame_of(clip, START + PAST - 2), last, &down, &right);
        memcpy(before, last, sizeof before);
        for (ahead = 0; ahead < AHEAD; ahead++) {
            moved(before, down, right, next);
            memcpy(before, next, sizeof before);
            add(still, clip, ahead, last);
            add(linear, clip, ahead, next);
            add(truth, clip, ahead, frame_of(clip, START + PAST + ahead));
        }
    }
}

static Score trained(const char *sharpness) {
    Score score = {{0}, {0}};
    gan_options *options = NULL;
    gan_dataset *moving = NULL;
    gan_trainer *trainer = NULL;
    gan_generator *generator = NULL;
    gan_applier *applier = NULL;
    static float said[AHEAD * FRAME];
    int32_t past = 0;
    int clip, ahead;
    CHECK_OK(gan_options_create(&options));
    CHECK_OK(gan_options_set(options, "recipe", "next-frame"));
    CHECK_OK(gan_options_set(options, "preset", "auto"));
    CHECK_OK(gan_options_set_integer(options, "rate.steps", steps));
    CHECK_OK(gan_options_set_integer(options, "pretrain.steps", steps / 4 < 1000 ? steps / 4 : 1000));
    CHECK_OK(gan_options_set(options, "threads", threads));
    if (sharpness != NULL) CHECK_OK(gan_options_set(options, "sharpness", sharpness));
    CHECK_OK(gan_dataset_make("moving", 0, 1, NULL, &moving));
    CHECK_OK(gan_trainer_create(options, moving, &trainer));
    CHECK_OK(gan_trainer_step(trainer, steps));
    CHECK_OK(gan_trainer_generator(trainer, &generator));
    CHECK_OK(gan_applier_create(generator, NULL, &applier));
    CHECK_OK(gan_applier_frames(applier, &past));
    CHECK(past == PAST);
    for (clip = 0; clip < CLIPS; clip++) {
        CHECK_OK(gan_applier_predict(applier, 0, frame_of(clip, START), PAST, EDGE, EDGE, AHEAD, said, AHEAD * FRAME));
        for (ahead = 0; ahead < AHEAD; ahead++) add(&score, clip, ahead, said + ahead * FRAME);
    }
    gan_applier_destroy(applier);
    gan_generator_destroy(generator);
    gan_trainer_destroy(trainer);
    gan_dataset_destroy(moving);
    gan_options_destroy(options);
    return score;
}

static void tell(const char *name, const Score *score, const Score *still, const Score *truth) {
    int ahead;
    printf("%-24s error", name);
    for (ahead = 0; ahead < AHEAD; ahead++) printf(" %.3f", score->error[ahead] / still->error[ahead]);
    printf("  sharpness");
    for (ahead = 0; ahead < AHEAD; ahead++) printf(" %.3f", score->energy[ahead] / truth->energy[ahead]);
    printf("\n");
    fflush(stdout);
}

static void frames_are_said_better_than_by_copies(void) {
    Score still = {{0}, {0}}, linear = {{0}, {0}}, truth = {{0}, {0}}, judged, alone;
    gan_dataset *unseen = NULL;
    int ahead;
    CHECK_OK(gan_dataset_make("moving", CLIPS, 77, NULL, &unseen));
    CHECK_OK(gan_dataset_read(unseen, 0, CLIPS, clips, CLIPS * LENGTH * FRAME));
    gan_dataset_destroy(unseen);
    judge_baselines(&still, &linear, &truth);
    tell("the last frame", &still, &still, &truth);
    tell("linear motion", &linear, &still, &truth);
    alone = trained("0");
    tell("without discriminator", &alone, &still, &truth);
    judged = trained(chosen);
    tell("with discriminator", &judged, &still, &truth);
    CHECK(judged.error[0] <= 0.35 * still.error[0]);
    for (ahead = 0; ahead < AHEAD; ahead++) {
        CHECK(judged.error[ahead] < linear.error[ahead]);
        CHECK(judged.error[ahead] < still.error[ahead]);
        /* Nearer to the truth's. */
        CHECK(fabs(judged.energy[ahead] - truth.energy[ahead]) < fabs(alone.energy[ahead] - truth.energy[ahead]));
    }
}

int main(int count, char **arguments) {
    if (count > 1) steps = atoll(arguments[1]);
    if (count > 2 && arguments[2][0] != '\0') chosen = arguments[2];
    if (count > 3) threads = arguments[3];
    RUN(frames_are_said_better_than_by_copies);
    return FINISH("frames");
}
