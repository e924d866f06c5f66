/* The roll of a team's call: which of its members are there. One word, so that to join and to close it exclude each other. */
#ifndef GAN_ROLL_H
#define GAN_ROLL_H

#include <stdint.h>

/* From its highest bit: 32 bits the number of the call, 1 bit whether every member takes its own part, 1 bit closed, 16 bits how
 * many have joined. */
#define GAN_ROLL_EVERYBODY ((uint64_t)1 << 17)
#define GAN_ROLL_CLOSED ((uint64_t)1 << 16)

static inline uint64_t gan_roll(const uint64_t *roll) { return __atomic_load_n(roll, __ATOMIC_ACQUIRE); }
static inline void gan_roll_open(uint64_t *roll, uint32_t call, uint64_t flags) {
    __atomic_store_n(roll, (uint64_t)call << 32 | flags, __ATOMIC_SEQ_CST);
}
/* Replaces `expected` by `wanted`; 0 where it was something else. */
static inline int32_t gan_roll_change(uint64_t *roll, uint64_t expected, uint64_t wanted) {
    return __atomic_compare_exchange_n(roll, &expected, wanted, 0, __ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE);
}
static inline uint32_t gan_roll_call(uint64_t roll) { return (uint32_t)(roll >> 32); }
static inline int32_t gan_roll_is_closed(uint64_t roll) { return (roll & GAN_ROLL_CLOSED) != 0; }
static inline int32_t gan_roll_is_for_everybody(uint64_t roll) { return (roll & GAN_ROLL_EVERYBODY) != 0; }
static inline uint64_t gan_roll_closed(uint64_t roll) { return roll | GAN_ROLL_CLOSED; }
static inline int32_t gan_roll_joined(uint64_t roll) { return (int32_t)(roll & 0xffff); }

#endif
