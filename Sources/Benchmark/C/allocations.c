/* Counts allocations by taking the place of the C library's functions, for the whole process: the library, Swift's
 * runtime, libstdc++. While nothing is counted, a call costs one branch more than it would. */
#define _GNU_SOURCE
#include "CBenchmark.h"

static int32_t counting;
static int64_t allocations;

void bench_count_allocations(int32_t on) {
    __atomic_store_n(&allocations, 0, __ATOMIC_SEQ_CST);
    __atomic_store_n(&counting, on, __ATOMIC_SEQ_CST);
}
int64_t bench_allocations(void) { return __atomic_load_n(&allocations, __ATOMIC_SEQ_CST); }

#if defined(__GLIBC__)
#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static inline void count(void) {
    if (__builtin_expect(__atomic_load_n(&counting, __ATOMIC_RELAXED), 0)) __atomic_fetch_add(&allocations, 1, __ATOMIC_RELAXED);
}

void *malloc(size_t size) {
    count();
    return __libc_malloc(size);
}
void *calloc(size_t number, size_t size) {
    count();
    return __libc_calloc(number, size);
}
void *realloc(void *memory, size_t size) {
    count();
    return __libc_realloc(memory, size);
}
void *memalign(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}
void *aligned_alloc(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}
int posix_memalign(void **memory, size_t alignment, size_t size) {
    count();
    void *result = __libc_memalign(alignment, size);
    if (result == NULL) return ENOMEM;
    *memory = result;
    return 0;
}
void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset) {
    count();
    return (void *)syscall(SYS_mmap, address, length, protection, flags, file, offset);
}
#endif
