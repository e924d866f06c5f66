/* test-shapes: volumes become meshes, pictures and files of other programs; and every way in which that can be asked wrongly. */
#include "check.h"

#include <locale.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>

enum { DEPTH = 6, HEIGHT = 8, WIDTH = 7, CELLS = DEPTH * HEIGHT * WIDTH };

/* A chair that differs along every axis: a seat, a back at x = 1, and a leg. */
static void chair(float values[CELLS]) {
    int x, y, z;
    for (x = 0; x < DEPTH; x++)
        for (y = 0; y < HEIGHT; y++)
            for (z = 0; z < WIDTH; z++)
                values[(x * HEIGHT + y) * WIDTH + z] =
                    (x > 0 && x < 5 && z > 0 && z < 6 && (y == 3 || (x == 1 && y > 3))) || (x == 4 && z == 2 && y < 3) ? 0.9f : 0.1f;
}

typedef struct {
    float *positions, *normals;
    int32_t *triangles;
    size_t vertices, faces;
} Mesh;

static Mesh mesh_of(const float *values, int32_t depth, int32_t height, int32_t width) {
    Mesh mesh = {NULL, NULL, NULL, 0, 0};
    size_t vertices = 0, faces = 0;
    CHECK_OK(gan_shape_mesh(values, depth, height, width, 0.5f, NULL, NULL, 0, &mesh.vertices, NULL, 0, &mesh.faces));
    mesh.positions = malloc((mesh.vertices + 1) * 12), mesh.normals = malloc((mesh.vertices + 1) * 12);
    mesh.triangles = malloc((mesh.faces + 1) * 12);
    CHECK_OK(gan_shape_mesh(values, depth, height, width, 0.5f, mesh.positions, mesh.normals, mesh.vertices, &vertices, mesh.triangles,
                            mesh.faces, &faces));
    CHECK(vertices == mesh.vertices && faces == mesh.faces);
    return mesh;
}

static void free_mesh(Mesh *mesh) {
    free(mesh->positions);
    free(mesh->normals);
    free(mesh->triangles);
}

/* Whether triangles of places are a closed surface: from each corner to the next goes one of them, and another goes back. */
static int is_closed(const int32_t *triangles, size_t faces) {
    size_t a, b, there, back;
    for (a = 0; a < 3 * faces; a++) {
        int32_t from = triangles[a], to = triangles[a / 3 * 3 + (a + 1) % 3];
        for (there = back = 0, b = 0; b < 3 * faces; b++) {
            int32_t other = triangles[b], next = triangles[b / 3 * 3 + (b + 1) % 3];
            there += other == from && next == to;
            back += other == to && next == from;
        }
        if (there != 1 || back != 1) return 0;
    }
    return faces > 0;
}

static double enclosed(const Mesh *mesh) {
    double sum = 0;
    size_t i;
    for (i = 0; i < mesh->faces; i++) {
        const float *a = mesh->positions + 3 * mesh->triangles[3 * i], *b = mesh->positions + 3 * mesh->triangles[3 * i + 1],
                    *c = mesh->positions + 3 * mesh->triangles[3 * i + 2];
        sum += a[0] * ((double)b[1] * c[2] - (double)b[2] * c[1]) + a[1] * ((double)b[2] * c[0] - (double)b[0] * c[2]) +
               a[2] * ((double)b[0] * c[1] - (double)b[1] * c[0]);
    }
    return sum / 6;
}

static void meshes_are_closed_and_where_they_should_be(void) {
    float values[CELLS], low[3] = {9, 9, 9}, high[3] = {-9, -9, -9};
    Mesh mesh;
    size_t i;
    chair(values);
    mesh = mesh_of(values, DEPTH, HEIGHT, WIDTH);
    CHECK(is_closed(mesh.triangles, mesh.faces));
    CHECK(enclosed(&mesh) > 0);
    for (i = 0; i < 3 * mesh.vertices; i++) {
        if (mesh.positions[i] < low[i % 3]) low[i % 3] = mesh.positions[i];
        if (mesh.positions[i] > high[i % 3]) high[i % 3] = mesh.positions[i];
    }
    /* In units of the longest side, which is the height: x 1 … 5, y 0 … 8, z 1 … 6, each face half way between two cells. */
    CHECK(fabs(low[0] - 1 / 8.0) < 1e-5 && fabs(high[0] - 5 / 8.0) < 1e-5);
    CHECK(fabs(low[1] - 0.5 / 9 / 8) < 1e-5 && fabs(high[1] - 1 + 0.5 / 9 / 8) < 1e-5); /* beyond the border it is 0, and not 0.1 */
    CHECK(fabs(low[2] - 1 / 8.0) < 1e-5 && fabs(high[2] - 6 / 8.0) < 1e-5);
    for (i = 0; i < mesh.vertices; i++) {
        const float *normal = mesh.normals + 3 * i;
        CHECK(fabs(normal[0] * normal[0] + normal[1] * normal[1] + normal[2] * normal[2] - 1) < 1e-4);
    }
    free_mesh(&mesh);
}

static void what_is_asked_wrongly_is_said(void) {
    float values[CELLS], positions[3], nan = (float)NAN;
    int32_t triangles[3];
    size_t vertices = 77, faces = 78;
    uint8_t pixels[64];
    const char *path = scratch("wrong.obj");
    chair(values);
    CHECK_FAILS(gan_shape_mesh(NULL, DEPTH, HEIGHT, WIDTH, 0.5f, NULL, NULL, 0, &vertices, NULL, 0, &faces), GAN_E_INVALID_ARGUMENT, "values");
    CHECK_FAILS(gan_shape_mesh(values, DEPTH, HEIGHT, WIDTH, 0.5f, NULL, NULL, 0, NULL, NULL, 0, &faces), GAN_E_INVALID_ARGUMENT, "vertices");
    CHECK_FAILS(gan_shape_mesh(values, DEPTH, HEIGHT, WIDTH, 0.5f, NULL, NULL, 0, &vertices, NULL, 0, NULL), GAN_E_INVALID_ARGUMENT, "faces");
    CHECK_FAILS(gan_shape_mesh(values, 0, HEIGHT, WIDTH, 0.5f, NULL, NULL, 0, &vertices, NULL, 0, &faces), GAN_E_INVALID_ARGUMENT, "depth");
    CHECK_FAILS(gan_shape_mesh(values, DEPTH, -3, WIDTH, 0.5f, NULL, NULL, 0, &vertices, NULL, 0, &faces), GAN_E_INVALID_ARGUMENT, "height");
    CHECK_FAILS(gan_shape_mesh(values, DEPTH, HEIGHT, 513, 0.5f, NULL, NULL, 0, &vertices, NULL, 0, &faces), GAN_E_OUT_OF_RANGE, "width");
    CHECK_FAILS(gan_shape_mesh(values, DEPTH, HEIGHT, WIDTH, nan, NULL, NULL, 0, &vertices, NULL, 0, &faces), GAN_E_INVALID_ARGUMENT, "level");
    CHECK_FAILS(gan_shape_mesh(values, DEPTH, HEIGHT, WIDTH, 0.5f, NULL, NULL, 5, &vertices, NULL, 0, &faces), GAN_E_INVALID_ARGUMENT, "capacities");
    CHECK(vertices == 77 && faces == 78);
    CHECK_FAILS(gan_shape_mesh(values, DEPTH, HEIGHT, WIDTH, 0.5f, positions, NULL, 1, &vertices, triangles, 1, &faces), GAN_E_BUFFER_TOO_SMALL, "vertices");
    CHECK(vertices > 50 && faces > 100);
    CHECK_FAILS(gan_shape_mesh(values, DEPTH, HEIGHT, WIDTH, 0.5f, positions, NULL, SIZE_MAX, &vertices, triangles, 1, &faces), GAN_E_BUFFER_TOO_SMALL, "triangles");
    CHECK_FAILS(gan_shape_mesh(values, DEPTH, HEIGHT, WIDTH, 0.5f, positions, NULL, SIZE_MAX, &vertices, NULL, SIZE_MAX, &faces), GAN_E_INVALID_ARGUMENT, "triangles");

    CHECK_FAILS(gan_shape_render(NULL, DEPTH, HEIGHT, WIDTH, 0.5f, 0, 0, 8, pixels, 64), GAN_E_INVALID_ARGUMENT, "values");
    CHECK_FAILS(gan_shape_render(values, DEPTH, HEIGHT, WIDTH, 0.5f, 0, 0, 8, NULL, 64), GAN_E_INVALID_ARGUMENT, "pixels");
    CHECK_FAILS(gan_shape_render(values, DEPTH, HEIGHT, WIDTH, 0.5f, 0, 0, 9, pixels, 64), GAN_E_BUFFER_TOO_SMALL, "81");
    CHECK_FAILS(gan_shape_render(values, DEPTH, HEIGHT, WIDTH, 0.5f, 0, 0, 0, pixels, 64), GAN_E_INVALID_ARGUMENT, "side");
    CHECK_FAILS(gan_shape_render(values, DEPTH, HEIGHT, WIDTH, 0.5f, 0, 0, 5000, pixels, 64), GAN_E_OUT_OF_RANGE, "side");
    CHECK_FAILS(gan_shape_render(values, DEPTH, HEIGHT, WIDTH, 0.5f, NAN, 0, 8, pixels, 64), GAN_E_OUT_OF_RANGE, "azimuth");
    CHECK_FAILS(gan_shape_render(values, DEPTH, HEIGHT, WIDTH, 0.5f, 0, INFINITY, 8, pixels, 64), GAN_E_OUT_OF_RANGE, "elevation");

    CHECK_FAILS(gan_shape_write(NULL, 1, DEPTH, HEIGHT, WIDTH, 0.5f, path), GAN_E_INVALID_ARGUMENT, "values");
    CHECK_FAILS(gan_shape_write(values, 1, DEPTH, HEIGHT, WIDTH, 0.5f, NULL), GAN_E_INVALID_ARGUMENT, "path");
    CHECK_FAILS(gan_shape_write(values, 0, DEPTH, HEIGHT, WIDTH, 0.5f, path), GAN_E_INVALID_ARGUMENT, "count");
    CHECK_FAILS(gan_shape_write(values, INT64_MAX, DEPTH, HEIGHT, WIDTH, 0.5f, path), GAN_E_OUT_OF_RANGE, "volumes");
    CHECK_FAILS(gan_shape_write(values, 2, DEPTH, HEIGHT / 2, WIDTH, 0.5f, path), GAN_E_INVALID_ARGUMENT, "one shape");
    CHECK_FAILS(gan_shape_write(values, 1, DEPTH, HEIGHT, WIDTH, 0.5f, scratch("wrong.ply")), GAN_E_INVALID_ARGUMENT, ".obj");
    CHECK_FAILS(gan_shape_write(values, 1, DEPTH, HEIGHT, WIDTH, 0.5f, "obj"), GAN_E_INVALID_ARGUMENT, ".obj");
    CHECK_FAILS(gan_shape_write(values, 1, DEPTH, HEIGHT, WIDTH, 0.5f, "/tmp/a.obj/b"), GAN_E_INVALID_ARGUMENT, ".obj");
    CHECK_FAILS(gan_shape_write(values, 1, DEPTH, HEIGHT, WIDTH, 0.5f, "/no/such/folder/a.stl"), GAN_E_NOT_FOUND, "folder");
    CHECK_FAILS(gan_shape_write(values, 1000000, 1, 1, 1, 0.5f, scratch("wrong.png")), GAN_E_OUT_OF_RANGE, "PNG");
    CHECK(access(path, F_OK) != 0);
}

/* --------------------------------------------------------------------------------------------------- Files */

static void obj_holds_the_mesh(void) {
    float values[CELLS];
    const char *path = scratch("chair.obj");
    size_t size = 0, vertices = 0, normals = 0, faces = 0;
    char *text, *line, *rest;
    int is_exact = 1;
    Mesh mesh;
    chair(values);
    mesh = mesh_of(values, DEPTH, HEIGHT, WIDTH);
    /* A locale with a comma in its numbers, where there is one. */
    setlocale(LC_ALL, "de_DE.UTF-8");
    CHECK_OK(gan_shape_write(values, 1, DEPTH, HEIGHT, WIDTH, 0.5f, path));
    setlocale(LC_ALL, "C");
    text = (char *)read_file(path, &size);
    for (line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        double number[3];
        int corner[6];
        if (sscanf(line, "v %lf %lf %lf", number, number + 1, number + 2) == 3) {
            int axis;
            for (axis = 0; axis < 3; axis++) is_exact &= fabs(number[axis] - mesh.positions[3 * vertices + axis]) < 6e-7;
            vertices++;
        } else if (sscanf(line, "vn %lf %lf %lf", number, number + 1, number + 2) == 3) {
            int axis;
            for (axis = 0; axis < 3; axis++) is_exact &= fabs(number[axis] - mesh.normals[3 * normals + axis]) < 6e-7;
            normals++;
        } else if (sscanf(line, "f %d//%d %d//%d %d//%d", corner, corner + 1, corner + 2, corner + 3, corner + 4, corner + 5) == 6) {
            int at;
            for (at = 0; at < 6; at++) is_exact &= corner[at] == mesh.triangles[3 * faces + at / 2] + 1;
            faces++;
        } else CHECK(line[0] == '#' || strcmp(line, "o shape") == 0);
    }
    CHECK(is_exact && vertices == mesh.vertices && normals == mesh.vertices && faces == mesh.faces);
    free(text);
    free_mesh(&mesh);
}

static float real_at(const uint8_t *bytes) {
    uint32_t bits = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

static void stl_holds_the_triangles(void) {
    float values[CELLS];
    const char *path = scratch("chair.STL");
    size_t size = 0, i;
    uint8_t *bytes;
    int is_exact = 1;
    Mesh mesh;
    chair(values);
    mesh = mesh_of(values, DEPTH, HEIGHT, WIDTH);
    CHECK_OK(gan_shape_write(values, 1, DEPTH, HEIGHT, WIDTH, 0.5f, path));
    bytes = read_file(path, &size);
    CHECK(size == 84 + 50 * mesh.faces && memcmp(bytes, "solid", 5) != 0);
    CHECK(bytes[80] + 256u * bytes[81] == mesh.faces);
    for (i = 0; i < mesh.faces && size == 84 + 50 * mesh.faces; i++) {
        const uint8_t *triangle = bytes + 84 + 50 * i;
        float corner[9], normal[3], edge[6];
        int n;
        for (n = 0; n < 9; n++) {
            corner[n] = real_at(triangle + 12 + 4 * n);
            is_exact &= corner[n] == mesh.positions[3 * mesh.triangles[3 * i + n / 3] + n % 3];
        }
        /* The normal is that of the right hand. */
        for (n = 0; n < 3; n++) normal[n] = real_at(triangle + 4 * n), edge[n] = corner[3 + n] - corner[n], edge[3 + n] = corner[6 + n] - corner[n];
        is_exact &= normal[0] * (edge[1] * edge[5] - edge[2] * edge[4]) + normal[1] * (edge[2] * edge[3] - edge[0] * edge[5]) +
                        normal[2] * (edge[0] * edge[4] - edge[1] * edge[3]) > 0;
        is_exact &= fabs(normal[0] * normal[0] + normal[1] * normal[1] + normal[2] * normal[2] - 1) < 1e-4;
    }
    CHECK(is_exact);
    free(bytes);
    free_mesh(&mesh);
}

static void binvox_holds_the_cells(void) {
    static const char header[] = "#binvox 1\ndim 8 8 8\ntranslate 0 0 0\nscale 1\ndata\n";
    float values[CELLS];
    const char *path = scratch("chair.binvox");
    size_t size = 0, at, place = 0;
    uint8_t *bytes, cells[512];
    int x, y, z, is_exact = 1;
    chair(values);
    CHECK_OK(gan_shape_write(values, 1, DEPTH, HEIGHT, WIDTH, 0.5f, path));
    bytes = read_file(path, &size);
    CHECK(size > sizeof header && memcmp(bytes, header, sizeof header - 1) == 0);
    for (at = sizeof header - 1; at + 1 < size; at += 2) {
        int run = bytes[at + 1];
        CHECK(run > 0 && place + (size_t)run <= 512);
        while (run-- > 0 && place < 512) cells[place++] = bytes[at];
    }
    CHECK(at == size && place == 512);
    /* y is the fastest, then z; what is filled up is empty. */
    for (x = 0; x < 8; x++)
        for (z = 0; z < 8; z++)
            for (y = 0; y < 8; y++) {
                int inside = x < DEPTH && y < HEIGHT && z < WIDTH && values[(x * HEIGHT + y) * WIDTH + z] > 0.5f;
                is_exact &= cells[(x * 8 + z) * 8 + y] == inside;
            }
    CHECK(is_exact);
    free(bytes);
}

static void npy_holds_the_numbers(void) {
    float values[CELLS];
    const char *path = scratch("chairs.npy");
    size_t size = 0;
    uint8_t *bytes;
    chair(values);
    values[0] = 0.25f;
    CHECK_OK(gan_shape_write(values, 2, DEPTH / 2, HEIGHT, WIDTH, 0.5f, path));
    bytes = read_file(path, &size);
    CHECK(size == 128 + sizeof values && memcmp(bytes + 128, values, sizeof values) == 0);
    CHECK(size > 128 && strstr((char *)bytes + 10, "(2, 3, 8, 7)") != NULL);
    free(bytes);
}

static void png_shows_views(void) {
    float values[CELLS];
    const char *path = scratch("chairs.png"), *one = scratch("chair.png");
    size_t size = 0, i;
    uint8_t *bytes, *pixels = malloc(258 * 258), view[128 * 128];
    int32_t height = 0, width = 0, channels = 0, row;
    int is_same = 1;
    chair(values);
    CHECK_OK(gan_shape_write(values, 1, DEPTH, HEIGHT, WIDTH, 0.5f, one));
    bytes = read_file(one, &size);
    CHECK_OK(gan_image_decode_png(bytes, size, 1, pixels, 258 * 258, &height, &width, &channels));
    CHECK(height == 258 && width == 258 && pixels[0] == 0);
    free(bytes);
    for (i = 0; i < 4; i++) {
        CHECK_OK(gan_shape_render(values, DEPTH, HEIGHT, WIDTH, 0.5f, 35 + 90 * (double)i, 25, 128, view, sizeof view));
        for (row = 0; row < 128; row++) is_same &= memcmp(view + 128 * row, pixels + (1 + i / 2 * 128 + (size_t)row) * 258 + 1 + i % 2 * 128, 128) == 0;
    }
    CHECK(is_same);
    /* Two are beside each other. */
    CHECK_OK(gan_shape_write(values, 2, DEPTH, HEIGHT / 2, WIDTH, 0.5f, path));
    bytes = read_file(path, &size);
    CHECK_OK(gan_image_decode_png(bytes, size, 1, NULL, 0, &height, &width, &channels));
    CHECK(height == 258 && width == 515);
    free(bytes);
    free(pixels);
}

/* From the front x goes to the right and y upwards; from the right, -z goes to the right; from above, -z upwards. */
static void views_are_from_where_they_say(void) {
    static const struct {
        int cell[3];
        double azimuth, elevation;
        int row, column;
    } cases[] = {{{3, 0, 0}, 0, 0, 30, 30}, {{0, 3, 0}, 0, 0, 10, 10}, {{0, 0, 0}, 90, 0, 30, 30}, {{0, 0, 3}, 90, 0, 30, 10},
                 {{3, 0, 0}, 0, 90, 10, 30}, {{0, 0, 3}, 0, 90, 30, 10}, {{3, 0, 0}, 180, 0, 30, 10}};
    size_t i;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        float values[64];
        uint8_t view[40 * 40];
        double sum = 0, across = 0, down = 0;
        int at;
        memset(values, 0, sizeof values);
        values[(cases[i].cell[0] * 4 + cases[i].cell[1]) * 4 + cases[i].cell[2]] = 1;
        CHECK_OK(gan_shape_render(values, 4, 4, 4, 0.5f, cases[i].azimuth, cases[i].elevation, 40, view, sizeof view));
        for (at = 0; at < 1600; at++) {
            double ink = 255 - view[at];
            sum += ink, across += ink * (at % 40), down += ink * (at / 40);
        }
        CHECK(sum > 0);
        if (fabs(across / sum - cases[i].column) > 3 || fabs(down / sum - cases[i].row) > 3)
            check_fails(__FILE__, __LINE__, "view %d is at row %g and column %g", (int)i, down / sum, across / sum);
    }
}

static void empty_and_odd_volumes_are_written(void) {
    static const char *const names[] = {"none.obj", "none.stl", "none.binvox", "none.npy", "none.png"};
    float values[27];
    uint8_t view[100];
    size_t vertices = 9, faces = 9, i;
    memset(values, 0, sizeof values);
    values[13] = (float)NAN, values[0] = -(float)INFINITY;
    CHECK_OK(gan_shape_mesh(values, 3, 3, 3, 0.5f, NULL, NULL, 0, &vertices, NULL, 0, &faces));
    CHECK(vertices == 0 && faces == 0);
    for (i = 0; i < 5; i++) CHECK_OK(gan_shape_write(values, 1, 3, 3, 3, 0.5f, scratch(names[i])));
    CHECK_OK(gan_shape_render(values, 3, 3, 3, 0.5f, 0, 0, 10, view, sizeof view));
    for (i = 0; i < 100; i++) CHECK(view[i] == 255);
    values[13] = (float)INFINITY;
    CHECK_OK(gan_shape_mesh(values, 3, 3, 3, 0.5f, NULL, NULL, 0, &vertices, NULL, 0, &faces));
    CHECK(vertices == 6 && faces == 8);
}

/* A disk that is full leaves what was there before. */
static void failures_leave_the_old_file(void) {
    static const char *const names[] = {"kept.obj", "kept.stl", "kept.binvox", "kept.npy", "kept.png"};
    static float values[32 * 32 * 32];
    struct rlimit old, small = {200, RLIM_INFINITY};
    size_t i;
    for (i = 0; i < 32 * 32 * 32; i++) values[i] = i * 2654435761u >> 20 & 1 ? 1.0f : 0.0f;
    getrlimit(RLIMIT_FSIZE, &old);
    small.rlim_max = old.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    for (i = 0; i < 5; i++) {
        const char *path = scratch(names[i]);
        size_t size = 0;
        uint8_t *bytes;
        int32_t status;
        write_file(path, "old", 3);
        setrlimit(RLIMIT_FSIZE, &small);
        status = gan_shape_write(values, 1, 32, 32, 32, 0.5f, path);
        setrlimit(RLIMIT_FSIZE, &old);
        CHECK(status == GAN_E_NO_SPACE || status == GAN_E_IO);
        bytes = read_file(path, &size);
        CHECK(bytes != NULL && size == 3 && memcmp(bytes, "old", 3) == 0);
        free(bytes);
    }
    signal(SIGXFSZ, SIG_DFL);
}

int main(void) {
    RUN(meshes_are_closed_and_where_they_should_be);
    RUN(what_is_asked_wrongly_is_said);
    RUN(obj_holds_the_mesh);
    RUN(stl_holds_the_triangles);
    RUN(binvox_holds_the_cells);
    RUN(npy_holds_the_numbers);
    RUN(png_shows_views);
    RUN(views_are_from_where_they_say);
    RUN(empty_and_odd_volumes_are_written);
    RUN(failures_leave_the_old_file);
    return FINISH("shapes");
}
