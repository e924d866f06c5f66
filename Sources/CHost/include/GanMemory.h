/* Memory when there is none. Swift's runtime ends the process where an allocation fails. So the products are linked such that its
 * calls of the allocator arrive in reserve.c (Package.swift: `wrapped`), which answers from a small reserve while the system has
 * nothing; the call that this happened in then fails with GAN_E_OUT_OF_MEMORY and gives back what it took. */
#ifndef GAN_MEMORY_H
#define GAN_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

/* As malloc, calloc and realloc, from the system alone: NULL where it has nothing. For all whose failure the caller can tell.
 * What they return is freed by free. */
void *gan_allocate(size_t size);
void *gan_allocate_zeroed(size_t size);
void *gan_reallocate(void *memory, size_t size);

/* Whether the reserve was touched since the call that the thread is in began. */
int32_t gan_memory_is_short(void);

/* Bytes of the reserve that are in use; its size. For tests. */
size_t gan_reserve_in_use(void);
size_t gan_reserve_size(void);

/* Around fork(): the reserve is whole in both processes. */
void gan_reserve_lock(void);
void gan_reserve_unlock(void);
void gan_reserve_unlock_in_child(void);

/* Told by the reserve, kept by the call (call.c). */
void gan_memory_became_short(void);

#pragma GCC visibility pop

#endif
