/* frei0r's header, from the system, the one function of it that C writes (see update.c), and what Swift's modules know of each other. */
#ifndef GAN_FREI0R_SHIM_H
#define GAN_FREI0R_SHIM_H

#include <frei0r.h>

/* The shared part's: f0r_update, with the time in seconds; `input` is NULL for a source. */
void gan_frei0r_draw(f0r_instance_t instance, double seconds, const uint32_t *input, uint32_t *output);

/* A product's own: the Plugin that it is. */
void *gan_frei0r_plugin(void);

#endif
