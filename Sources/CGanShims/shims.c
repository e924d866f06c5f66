/* What of the shims is not in headers: what is asked once and remembered. */
#include "GanProcessor.h"
#include "GanThreads.h"

#include <pthread.h>
#include <unistd.h>

static int32_t generation = 1;
static int generations_are_counted;

static void begin_generation(void) { generation = generation == INT32_MAX ? 1 : generation + 1; }

__attribute__((constructor)) static void count_generations(void) {
    generations_are_counted = pthread_atfork((void (*)(void))0, (void (*)(void))0, begin_generation) == 0;
}

int32_t gan_process(void) { return generations_are_counted ? generation : (int32_t)getpid(); }

intptr_t gan_second_level_cache(void) {
    static intptr_t known; /* whoever comes first finds the same as anybody else */
    intptr_t bytes = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (bytes) return bytes;
#if defined(_SC_LEVEL2_CACHE_SIZE)
    bytes = (intptr_t)sysconf(_SC_LEVEL2_CACHE_SIZE);
#endif
    if (bytes <= 0) bytes = 1 << 20;
    if (bytes < 1 << 18) bytes = 1 << 18;
    if (bytes > 1 << 22) bytes = 1 << 22;
    __atomic_store_n(&known, bytes, __ATOMIC_RELAXED);
    return bytes;
}
