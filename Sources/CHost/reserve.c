/* The allocator that Swift's runtime sees: the system's, and behind it a reserve.
 *
 * The products are linked with --wrap=malloc and its kin (Package.swift), so that a call of malloc from any object of the library
 * or of Swift's runtime is one of __wrap_malloc, and __real_malloc is the process's own. Where nothing is wrapped (tests, the
 * benchmark) the functions of GanMemory.h are the system's, and the rest of this file is called by nobody. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CHost.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <malloc.h>
#endif

/* --------------------------------------------------------------------------------------------- The reserve */

/* It costs no memory before it is used. Making a trainer of the deepest networks that the options allow takes 4.3 MB in small
 * blocks, a DCGAN's 1.6 MB; arrays that may be larger are asked for beforehand (Base/Memory.swift). */
enum { RESERVE = 8 << 20, GRAIN = 16 };

/* Blocks stand one after the other, each with its size in front. A free one swallows the free ones behind it when somebody looks
 * for room, which begins where the last search ended. */
typedef struct {
    size_t size; /* with this header, a multiple of GRAIN */
    size_t is_used;
} Block;

static _Alignas(4096) unsigned char reserve[RESERVE];
static Block *next_search; /* NULL before the first use */
static size_t in_use;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static Block *behind(Block *block) { return (Block *)((unsigned char *)block + block->size); }
static Block *const no_block = (Block *)(reserve + RESERVE);

static int is_of_reserve(const void *memory) {
    return (uintptr_t)memory - (uintptr_t)reserve < RESERVE;
}

static Block *block_of(void *memory) { return (Block *)memory - 1; }
static size_t room_of(void *memory) { return block_of(memory)->size - sizeof(Block); }

/* Takes `size` bytes out of a free block, if they fit into it on a multiple of `alignment`. */
static void *carve(Block *block, size_t alignment, size_t size) {
    uintptr_t start = (uintptr_t)(block + 1), end = (uintptr_t)behind(block);
    uintptr_t place = (start + alignment - 1) & ~(uintptr_t)(alignment - 1);
    size_t whole = (size + GRAIN - 1) / GRAIN * GRAIN + sizeof(Block);
    if (place - sizeof(Block) + whole > end) return NULL;
    Block *taken = (Block *)place - 1;
    size_t rest = end - (uintptr_t)taken - whole;
    if (taken != block) block->size = (size_t)((unsigned char *)taken - (unsigned char *)block);
    taken->size = whole;
    taken->is_used = 1;
    if (rest > 0) {
        behind(taken)->size = rest;
        behind(taken)->is_used = 0;
    }
    in_use += whole;
    next_search = behind(taken) == no_block ? (Block *)reserve : behind(taken);
    return (void *)place;
}

static void *search(Block *block, size_t alignment, size_t size) {
    for (; block != no_block; block = behind(block)) {
        if (block->is_used) continue;
        while (behind(block) != no_block && !behind(block)->is_used) block->size += behind(block)->size;
        void *memory = carve(block, alignment, size);
        if (memory != NULL) return memory;
    }
    return NULL;
}

static void *take(size_t alignment, size_t size) {
    void *memory = NULL;
    if (size > RESERVE || alignment > 4096) return NULL;
    if (alignment < GRAIN) alignment = GRAIN;
    if (size == 0) size = 1;
    pthread_mutex_lock(&turn);
    if (next_search == NULL) {
        next_search = (Block *)reserve;
        next_search->size = RESERVE;
    }
    memory = search(next_search, alignment, size);
    if (memory == NULL) {
        next_search = (Block *)reserve;
        memory = search(next_search, alignment, size);
    }
    pthread_mutex_unlock(&turn);
    gan_memory_became_short();
    return memory;
}

static void put_back(void *memory) {
    pthread_mutex_lock(&turn);
    in_use -= block_of(memory)->size;
    block_of(memory)->is_used = 0;
    pthread_mutex_unlock(&turn);
}

size_t gan_reserve_in_use(void) { return __atomic_load_n(&in_use, __ATOMIC_RELAXED); }
size_t gan_reserve_size(void) { return RESERVE; }
void gan_reserve_lock(void) { pthread_mutex_lock(&turn); }
void gan_reserve_unlock(void) { pthread_mutex_unlock(&turn); }
void gan_reserve_unlock_in_child(void) { pthread_mutex_init(&turn, (const pthread_mutexattr_t *)0); }

/* -------------------------------------------------------------------------------------- The process's own */

#if defined(__linux__)
#define WEAK __attribute__((weak))
/* 0 where the linker was not asked to wrap. */
WEAK void *__real_malloc(size_t size);
WEAK void *__real_calloc(size_t count, size_t size);
WEAK void *__real_realloc(void *memory, size_t size);
WEAK void __real_free(void *memory);

void *gan_allocate(size_t size) { return __real_malloc ? __real_malloc(size) : malloc(size); }
void *gan_allocate_zeroed(size_t size) { return __real_calloc ? __real_calloc(size, 1) : calloc(size, 1); }

void *gan_reallocate(void *memory, size_t size) {
    if (__real_realloc == NULL) return realloc(memory, size);
    if (memory == NULL || !is_of_reserve(memory)) return __real_realloc(memory, size);
    void *larger = __real_malloc(size);
    if (larger == NULL) return NULL;
    memcpy(larger, memory, room_of(memory) < size ? room_of(memory) : size);
    put_back(memory);
    return larger;
}

/* ------------------------------------------------------------------------------------ What the runtime calls */

WEAK int __real_posix_memalign(void **memory, size_t alignment, size_t size);
WEAK void *__real_aligned_alloc(size_t alignment, size_t size);
WEAK size_t __real_malloc_usable_size(void *memory);

void *__wrap_malloc(size_t size) {
    void *memory = __real_malloc(size);
    return memory != NULL ? memory : take(GRAIN, size);
}

void *__wrap_calloc(size_t count, size_t size) {
    size_t bytes;
    void *memory = __real_calloc(count, size);
    if (memory != NULL || __builtin_mul_overflow(count, size, &bytes)) return memory;
    memory = take(GRAIN, bytes);
    return memory != NULL ? memset(memory, 0, bytes) : NULL;
}

void __wrap_free(void *memory) {
    if (is_of_reserve(memory)) put_back(memory);
    else __real_free(memory);
}

void *__wrap_realloc(void *memory, size_t size) {
    if (memory != NULL && is_of_reserve(memory)) {
        if (size == 0) {
            put_back(memory);
            return NULL;
        }
        void *moved = __wrap_malloc(size);
        if (moved == NULL) return NULL;
        memcpy(moved, memory, room_of(memory) < size ? room_of(memory) : size);
        put_back(memory);
        return moved;
    }
    void *moved = __real_realloc(memory, size);
    if (moved != NULL || size == 0) return moved;
    moved = take(GRAIN, size);
    if (moved != NULL && memory != NULL) {
        size_t old = __real_malloc_usable_size(memory);
        memcpy(moved, memory, old < size ? old : size);
        __real_free(memory);
    }
    return moved;
}

int __wrap_posix_memalign(void **memory, size_t alignment, size_t size) {
    int status = __real_posix_memalign(memory, alignment, size);
    if (status != ENOMEM) return status;
    void *taken = take(alignment, size);
    if (taken == NULL) return ENOMEM;
    *memory = taken;
    return 0;
}

void *__wrap_aligned_alloc(size_t alignment, size_t size) {
    void *memory = __real_aligned_alloc(alignment, size);
    return memory != NULL ? memory : take(alignment, size);
}

size_t __wrap_malloc_usable_size(void *memory) {
    return memory != NULL && is_of_reserve(memory) ? room_of(memory) : __real_malloc_usable_size(memory);
}

/* C++'s, for the runtime is written in it: what fails throws, and nobody there catches. */
WEAK void *__real__Znwm(size_t size);
WEAK void *__real__Znam(size_t size);
WEAK void *__real__ZnwmSt11align_val_t(size_t size, size_t alignment);
WEAK void __real__ZdlPv(void *memory);
WEAK void __real__ZdaPv(void *memory);
WEAK void __real__ZdlPvm(void *memory, size_t size);
WEAK void __real__ZdaPvm(void *memory, size_t size);
WEAK void __real__ZdlPvmSt11align_val_t(void *memory, size_t size, size_t alignment);
/* The forms that return NULL instead. */
WEAK void *_ZnwmRKSt9nothrow_t(size_t size, const void *nothrow);
WEAK void *_ZnamRKSt9nothrow_t(size_t size, const void *nothrow);
WEAK void *_ZnwmSt11align_val_tRKSt9nothrow_t(size_t size, size_t alignment, const void *nothrow);
static const char nothrow;

void *__wrap__Znwm(size_t size) {
    void *memory = _ZnwmRKSt9nothrow_t(size, &nothrow);
    if (memory == NULL) memory = take(GRAIN, size);
    return memory != NULL ? memory : __real__Znwm(size);
}

void *__wrap__Znam(size_t size) {
    void *memory = _ZnamRKSt9nothrow_t(size, &nothrow);
    if (memory == NULL) memory = take(GRAIN, size);
    return memory != NULL ? memory : __real__Znam(size);
}

void *__wrap__ZnwmSt11align_val_t(size_t size, size_t alignment) {
    void *memory = _ZnwmSt11align_val_tRKSt9nothrow_t(size, alignment, &nothrow);
    if (memory == NULL) memory = take(alignment, size);
    return memory != NULL ? memory : __real__ZnwmSt11align_val_t(size, alignment);
}

#define DELETING(name, parameters, arguments)         \
    void __wrap_##name parameters {                   \
        if (is_of_reserve(memory)) put_back(memory);  \
        else __real_##name arguments;                 \
    }
DELETING(_ZdlPv, (void *memory), (memory))
DELETING(_ZdaPv, (void *memory), (memory))
DELETING(_ZdlPvm, (void *memory, size_t size), (memory, size))
DELETING(_ZdaPvm, (void *memory, size_t size), (memory, size))
DELETING(_ZdlPvmSt11align_val_t, (void *memory, size_t size, size_t alignment), (memory, size, alignment))

#else
void *gan_allocate(size_t size) { return malloc(size); }
void *gan_allocate_zeroed(size_t size) { return calloc(size, 1); }
void *gan_reallocate(void *memory, size_t size) { return realloc(memory, size); }
#endif
