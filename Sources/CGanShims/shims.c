/* The shims are header-only; this file gives the target an object to link. */
#include "CGanShims.h"
