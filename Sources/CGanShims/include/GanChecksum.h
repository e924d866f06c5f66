/* A part of the cyclic redundancy check of gzip (ISO 3309, CRC-32), many times as fast as by tables. */
#ifndef GAN_CHECKSUM_H
#define GAN_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* The library exports what begins with gan_; these are not for its users. */
#pragma GCC visibility push(hidden)

/* Whether the processor multiplies without carries, which gan_crc32_fold needs. */
int32_t gan_processor_folds_checksums(void);

/* Sixteen bytes whose check, beginning with `state`, is that of all `count` bytes beginning with `state`: `count` is a
 * multiple of 64 and not 0. The inverted check of zlib is `state` and result here; sixteen bytes begin with state 0. */
void gan_crc32_fold(const uint8_t *bytes, size_t count, uint32_t state, uint8_t folded[16]);

#pragma GCC visibility pop

#endif
