/* What of the shims is not in headers: what is asked once and remembered. */
#include "GanProcessor.h"

#include <unistd.h>

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
