/* SQLite's header for extensions, from the system, and what Swift cannot say about it. */
#ifndef GAN_SQLITE_SHIM_H
#define GAN_SQLITE_SHIM_H

#include <sqlite3ext.h>

/* SQLite hands these out by their first member; the object behind it is Swift's. */
typedef struct GanTable {
    sqlite3_vtab base;
    void *object;
} GanTable;

typedef struct GanCursor {
    sqlite3_vtab_cursor base;
    void *object;
} GanCursor;

/* A function of variable arguments, which Swift cannot call. */
static inline int gan_sqlite_direct_only(const sqlite3_api_routines *api, sqlite3 *database) {
    return api->vtab_config(database, SQLITE_VTAB_DIRECTONLY);
}

/* The same. */
static inline void gan_sqlite_log(const sqlite3_api_routines *api, int code, const char *sentence) {
    api->log(code, "%s", sentence);
}

/* A cast, which Swift does not see: SQLite copies the bytes. */
static inline void gan_sqlite_result_blob_copy(const sqlite3_api_routines *api, sqlite3_context *context, const void *bytes,
                                               sqlite3_uint64 size) {
    api->result_blob64(context, bytes, size, SQLITE_TRANSIENT);
}

static inline void gan_sqlite_result_text_copy(const sqlite3_api_routines *api, sqlite3_context *context, const char *text,
                                               sqlite3_uint64 size) {
    api->result_text64(context, text, size, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* What SQLite looks for: in a file called gan or libgan, and in one of any name. */
int sqlite3_gan_init(sqlite3 *database, char **message, const sqlite3_api_routines *api);
int sqlite3_extension_init(sqlite3 *database, char **message, const sqlite3_api_routines *api);

#endif
