/* What Swift cannot say: the processor's own description of itself, hints to it, its vectors, and how threads wait for
 * each other. Header-only but for the checksum, whose instruction not every processor has. */
#ifndef CGANSHIMS_H
#define CGANSHIMS_H

#include "GanChecksum.h"
#include "GanFloatMode.h"
#include "GanProcessor.h"
#include "GanThreads.h"
#include "GanVectors.h"

#endif
