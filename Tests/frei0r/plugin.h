/* A plugin as hosts of frei0r load it, and what the tests of both ask of it. */
#ifndef PLUGIN_H
#define PLUGIN_H

#include "check.h"

#include <dlfcn.h>
#include <frei0r.h>

static struct {
    void *library;
    int (*init)(void);
    void (*deinit)(void);
    void (*plugin_info)(f0r_plugin_info_t *);
    void (*param_info)(f0r_param_info_t *, int);
    f0r_instance_t (*construct)(unsigned, unsigned);
    void (*destruct)(f0r_instance_t);
    void (*set)(f0r_instance_t, f0r_param_t, int);
    void (*get)(f0r_instance_t, f0r_param_t, int);
    void (*update)(f0r_instance_t, double, const uint32_t *, uint32_t *);
} plugin;

/* POSIX lets a function's address be a void *, and ISO C has no words for it. */
static void symbol(const char *name, void *function) {
    void *address = dlsym(plugin.library, name);
    if (address == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    memcpy(function, &address, sizeof address);
}

static void load(const char *path) {
    plugin.library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (plugin.library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    symbol("f0r_init", &plugin.init);
    symbol("f0r_deinit", &plugin.deinit);
    symbol("f0r_get_plugin_info", &plugin.plugin_info);
    symbol("f0r_get_param_info", &plugin.param_info);
    symbol("f0r_construct", &plugin.construct);
    symbol("f0r_destruct", &plugin.destruct);
    symbol("f0r_set_param_value", &plugin.set);
    symbol("f0r_get_param_value", &plugin.get);
    symbol("f0r_update", &plugin.update);
}

/* ------------------------------------------------------------------------------------------- Small helpers */

static void set_number(f0r_instance_t instance, int index, double value) { plugin.set(instance, &value, index); }

static UNUSED double get_number(f0r_instance_t instance, int index) {
    double value = -77;
    plugin.get(instance, &value, index);
    return value;
}

static void set_text(f0r_instance_t instance, int index, const char *value) {
    char *text = (char *)value;
    plugin.set(instance, &text, index);
}

static int same(const uint32_t *a, const uint32_t *b, int count) { return memcmp(a, b, (size_t)count * 4) == 0; }

/* Light pixels are letters. */
static int letters(const uint32_t *pixels, int count) {
    int i, light = 0;
    for (i = 0; i < count; i++) light += (pixels[i] & 255) > 200;
    return light;
}

#endif
