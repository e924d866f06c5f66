/* f0r_update, which has to know who calls: frei0r gives the time in seconds, but ffmpeg's libavfilter hands over
 * milliseconds (libavfilter/vf_frei0r.c, in every version up to now). Nothing in the interface tells the two apart, so the
 * library that the call comes from does. Only C can ask where it returns to.
 */
#define _GNU_SOURCE
#include "shim.h"

#include <dlfcn.h>
#include <string.h>

static int counts_milliseconds(const void *caller) {
    /* Shared, or inside programs that were linked with it. */
    static const char *const names[] = {"libavfilter", "ffmpeg", "ffplay", "ffprobe", "mpv"};
    Dl_info from;
    const char *name;
    size_t i;
    if (dladdr(caller, &from) == 0 || from.dli_fname == NULL) return 0;
    name = strrchr(from.dli_fname, '/');
    name = name != NULL ? name + 1 : from.dli_fname;
    for (i = 0; i < sizeof names / sizeof *names; i++)
        if (strncmp(name, names[i], strlen(names[i])) == 0) return 1;
    return 0;
}

__attribute__((visibility("default"))) void f0r_update(f0r_instance_t instance, double time, const uint32_t *input, uint32_t *output) {
    if (counts_milliseconds(__builtin_return_address(0))) time /= 1000;
    gan_frei0r_draw(instance, time, input, output);
}
