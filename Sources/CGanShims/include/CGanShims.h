/* What Swift cannot say: the processor's own description of itself, and a hint to it. Header-only. */
#ifndef CGANSHIMS_H
#define CGANSHIMS_H

#include <stdint.h>

#endif
