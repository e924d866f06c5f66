/* frei0r's header, from the system, and the one function of it that C writes; see update.c. */
#ifndef GAN_FREI0R_SHIM_H
#define GAN_FREI0R_SHIM_H

#include <frei0r.h>

/* Swift's: f0r_update, with the time in seconds. */
void gan_frei0r_draw(f0r_instance_t instance, double seconds, uint32_t *output);

#endif
