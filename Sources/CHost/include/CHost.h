/* What stands between the library and the process that it is a guest in: the state of the thread that calls, fork, and what
 * happens when memory runs out. */
#ifndef CHOST_H
#define CHOST_H

#include "GanCall.h"
#include "GanMemory.h"
#include "GanRoll.h"

#endif
