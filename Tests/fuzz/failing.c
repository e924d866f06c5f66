/* failing: an allocator that fails when it is told to, to be preloaded (LD_PRELOAD) by the fuzzer's part "memory".
 *
 * From fuzz_fail_after(n, how_many) on, the n-th allocation of the process, counted from 0, and how_many − 1 after it have no
 * memory. fuzz_fail_never() ends that and returns how many were refused. */
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static int64_t made, first, last, refused;
static int is_on;

void fuzz_fail_after(int64_t after, int64_t how_many);
int64_t fuzz_fail_never(void);

void fuzz_fail_after(int64_t after, int64_t how_many) {
    made = refused = 0;
    first = after;
    last = how_many > INT64_MAX - after ? INT64_MAX : after + how_many;
    __atomic_store_n(&is_on, 1, __ATOMIC_SEQ_CST);
}

int64_t fuzz_fail_never(void) {
    __atomic_store_n(&is_on, 0, __ATOMIC_SEQ_CST);
    return __atomic_load_n(&refused, __ATOMIC_SEQ_CST);
}

static int refuses(void) {
    int64_t number;
    if (!__atomic_load_n(&is_on, __ATOMIC_SEQ_CST)) return 0;
    number = __atomic_fetch_add(&made, 1, __ATOMIC_SEQ_CST);
    if (number < first || number >= last) return 0;
    __atomic_fetch_add(&refused, 1, __ATOMIC_SEQ_CST);
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size) { return refuses() ? NULL : __libc_malloc(size); }
void *calloc(size_t count, size_t size) { return refuses() ? NULL : __libc_calloc(count, size); }
void *realloc(void *memory, size_t size) { return refuses() ? NULL : __libc_realloc(memory, size); }
void *memalign(size_t alignment, size_t size) { return refuses() ? NULL : __libc_memalign(alignment, size); }
void *aligned_alloc(size_t alignment, size_t size) { return refuses() ? NULL : __libc_memalign(alignment, size); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
    void *result = refuses() ? NULL : __libc_memalign(alignment, size);
    if (result == NULL) return ENOMEM;
    *memory = result;
    return 0;
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset) {
    if (flags & MAP_ANONYMOUS && refuses()) return MAP_FAILED;
    return (void *)syscall(SYS_mmap, address, length, protection, flags, file, offset);
}
