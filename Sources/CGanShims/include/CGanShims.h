/* What Swift cannot say: the processor's own description of itself, hints to it, its vectors, and how threads wait for
 * each other. Header-only. */
#ifndef CGANSHIMS_H
#define CGANSHIMS_H

#include "GanFloatMode.h"
#include "GanProcessor.h"
#include "GanThreads.h"
#include "GanVectors.h"

#endif
