--- libgan from LuaJIT: copy this file into your project.
--
--     local gan = require "gan"
--     local trainer = gan.trainer(gan.open "digits/", { seed = 7 })
--     trainer:run(20)
--     trainer:save "digits.safetensors"
--
-- Every failure is an error whose value is a table { status = -30, name = "GAN_E_NOT_FOUND", message = … } that prints as
-- its message. Handles are closed by :close(), or by the garbage collector. Images and latents are float[?] of the FFI,
-- counted from 0, [count, height, width, channels] without gaps, and their number of values; bytes are strings.
-- A seed or an index beyond 2^53 is written as LuaJIT writes it, 18446744073709551615ULL; numbers that are not whole, or do
-- not fit into C's integer, are refused, and so are strings with a byte 0 inside where C reads up to it. Numbers of another
-- type are converted by their value. Ctrl-C ends training and drawing within a step or a twentieth of a second. The library
-- is the file that the environment's GAN_LIBRARY names, or libgan.so.0 where the system or an installation around this file
-- has it. What a function does in detail stands in gan.h.

local ffi = require "ffi"

-- The functions of gan.h, in its words. To add one, copy its lines here: what it takes and gives follows from them.
local prototypes = [[
int32_t gan_version(void);
const char *gan_version_string(void);
const char *gan_instruction_set(void);
const char *gan_status_name(int32_t status);
const char *gan_error_message(void);
int32_t gan_options_create(gan_options **out);
void gan_options_destroy(gan_options *options);
int32_t gan_options_set(gan_options *options, const char *name, const char *value);
int32_t gan_options_set_integer(gan_options *options, const char *name, int64_t value);
int32_t gan_options_set_real(gan_options *options, const char *name, double value);
int32_t gan_options_get(const gan_options *options, const char *name, char *buffer, size_t capacity, size_t *size);
int32_t gan_option_count(void);
const char *gan_option_name(int32_t index);
const char *gan_option_type(int32_t index);
const char *gan_option_default(int32_t index);
const char *gan_option_range(int32_t index);
const char *gan_option_summary(int32_t index);
const char *gan_option_condition(int32_t index);
int32_t gan_option_bounds(int32_t index, double *minimum, double *maximum);
int32_t gan_recipe_count(void);
const char *gan_recipe_name(int32_t index);
const char *gan_recipe_summary(int32_t index);
const char *gan_recipe_paper(int32_t index);
const char *gan_recipe_options(int32_t index);
int32_t gan_dataset_open(const char *path, const gan_options *options, gan_dataset **out);
int32_t gan_dataset_open_idx(const char *images, const char *labels, const gan_options *options, gan_dataset **out);
int32_t gan_made_count(void);
const char *gan_made_name(int32_t index);
const char *gan_made_summary(int32_t index);
int32_t gan_dataset_make(const char *name, int64_t count, uint64_t seed, const gan_dataset *from, gan_dataset **out);
int32_t gan_dataset_write(const gan_dataset *dataset, const char *path, const char *labels);
int32_t gan_dataset_create_bytes(const uint8_t *pixels, int64_t count, int32_t height, int32_t width, int32_t channels, const
    int32_t *labels, int32_t classes, gan_release_fn release, void *context, gan_dataset **out);
int32_t gan_dataset_create_floats(const float *values, int64_t count, int32_t height, int32_t width, int32_t channels, float
    minimum, float maximum, const int32_t *labels, int32_t classes, gan_release_fn release, void *context, gan_dataset **out);
int32_t gan_dataset_create_callback(gan_fill_fn fill, int64_t count, int32_t height, int32_t width, int32_t channels,
    gan_release_fn release, void *context, gan_dataset **out);
void gan_dataset_destroy(gan_dataset *dataset);
int32_t gan_dataset_shape(const gan_dataset *dataset, int64_t *count, int32_t *height, int32_t *width, int32_t *channels);
int32_t gan_dataset_classes(const gan_dataset *dataset, int32_t *classes);
int32_t gan_dataset_class_name(const gan_dataset *dataset, int32_t index, char *buffer, size_t capacity, size_t *size);
int32_t gan_dataset_read(const gan_dataset *dataset, int64_t first, int64_t count, float *values, size_t capacity);
int32_t gan_dataset_read_labels(const gan_dataset *dataset, int64_t first, int64_t count, int32_t *labels, size_t capacity);
int32_t gan_dataset_field_count(const gan_dataset *dataset, int32_t *count);
int32_t gan_dataset_field_name(const gan_dataset *dataset, int32_t index, char *buffer, size_t capacity, size_t *size);
int32_t gan_dataset_field_kind(const gan_dataset *dataset, int32_t index, char *buffer, size_t capacity, size_t *size);
int32_t gan_dataset_field_shape(const gan_dataset *dataset, int32_t index, int64_t *shape, size_t capacity, size_t *rank);
int32_t gan_dataset_field_items(const gan_dataset *dataset, int32_t index, int64_t *items);
int32_t gan_dataset_field_range(const gan_dataset *dataset, int32_t index, float *minimum, float *maximum);
int32_t gan_dataset_field_classes(const gan_dataset *dataset, int32_t index, int32_t *classes);
int32_t gan_dataset_field_class_name(const gan_dataset *dataset, int32_t index, int32_t number, char *buffer, size_t capacity,
    size_t *size);
int32_t gan_dataset_field_read(const gan_dataset *dataset, int32_t index, int64_t first, int64_t count, float *values, size_t
    capacity);
int32_t gan_dataset_field_text(const gan_dataset *dataset, int32_t index, int64_t item, char *buffer, size_t capacity, size_t
    *size);
int32_t gan_dataset_create_values(const float *values, int64_t count, const int64_t *axes, int32_t rank, float minimum, float
    maximum, const char *name, gan_release_fn release, void *context, gan_dataset **out);
int32_t gan_dataset_add_labels(const gan_dataset *dataset, const char *name, const int32_t *labels, int32_t classes, const char
    *names, gan_dataset **out);
int32_t gan_dataset_add_tags(const gan_dataset *dataset, const char *name, const uint8_t *tags, const char *names, gan_dataset
    **out);
int32_t gan_dataset_add_texts(const gan_dataset *dataset, const char *name, const void *texts, size_t size, int32_t length,
    gan_dataset **out);
int32_t gan_dataset_combine(const gan_dataset *const *datasets, int32_t count, const char *names, int32_t paired, gan_dataset
    **out);
int32_t gan_trainer_create(const gan_options *options, gan_dataset *dataset, gan_trainer **out);
int32_t gan_trainer_load(const char *path, const gan_options *options, gan_dataset *dataset, gan_trainer **out);
int32_t gan_trainer_load_memory(const void *bytes, size_t size, const gan_options *options, gan_dataset *dataset, gan_trainer
    **out);
int32_t gan_trainer_data(const gan_trainer *trainer, int32_t *comparison);
int32_t gan_trainer_save(gan_trainer *trainer, const char *path);
int32_t gan_trainer_save_memory(gan_trainer *trainer, void *buffer, size_t capacity, size_t *size);
int32_t gan_trainer_check_save(gan_trainer *trainer, const char *path);
int32_t gan_trainer_step(gan_trainer *trainer, int64_t steps);
int32_t gan_trainer_run(gan_trainer *trainer, int64_t epochs, gan_progress_fn progress, void *context);
int32_t gan_trainer_cancel(gan_trainer *trainer);
int32_t gan_trainer_metric(const gan_trainer *trainer, const char *name, double *value);
int32_t gan_trainer_metric_count(const gan_trainer *trainer, int32_t *count);
int32_t gan_trainer_metric_name(const gan_trainer *trainer, int32_t index, char *buffer, size_t capacity, size_t *size);
int32_t gan_trainer_option(const gan_trainer *trainer, const char *name, char *buffer, size_t capacity, size_t *size);
void gan_trainer_destroy(gan_trainer *trainer);
int32_t gan_trainer_preview_shape(gan_trainer *trainer, int32_t *height, int32_t *width, int32_t *channels);
int32_t gan_trainer_preview(gan_trainer *trainer, int64_t first, int64_t count, uint8_t *pixels, size_t capacity);
int32_t gan_metric_count(void);
const char *gan_metric_name(int32_t index);
const char *gan_metric_summary(int32_t index);
int32_t gan_generator_load(const char *path, gan_generator **out);
int32_t gan_generator_load_memory(const void *bytes, size_t size, gan_generator **out);
int32_t gan_trainer_generator(gan_trainer *trainer, gan_generator **out);
int32_t gan_generator_save(const gan_generator *generator, const char *path);
int32_t gan_generator_save_memory(const gan_generator *generator, void *buffer, size_t capacity, size_t *size);
void gan_generator_destroy(gan_generator *generator);
int32_t gan_generator_latent_size(const gan_generator *generator, int32_t *size);
int32_t gan_generator_shape(const gan_generator *generator, int32_t *height, int32_t *width, int32_t *channels);
int32_t gan_generator_axes(const gan_generator *generator, int64_t *axes, size_t capacity, size_t *rank);
int32_t gan_generator_range(const gan_generator *generator, float *low, float *high);
int32_t gan_generator_option(const gan_generator *generator, const char *name, char *buffer, size_t capacity, size_t *size);
int32_t gan_generator_input_count(const gan_generator *generator, int32_t *count);
int32_t gan_generator_input_name(const gan_generator *generator, int32_t index, char *buffer, size_t capacity, size_t *size);
int32_t gan_generator_input_kind(const gan_generator *generator, int32_t index, char *buffer, size_t capacity, size_t *size);
int32_t gan_generator_input_width(const gan_generator *generator, int32_t index, int32_t *width);
int32_t gan_generator_input_classes(const gan_generator *generator, int32_t index, int32_t *classes);
int32_t gan_generator_input_class_name(const gan_generator *generator, int32_t index, int32_t number, char *buffer, size_t
    capacity, size_t *size);
int32_t gan_sampler_create(const gan_generator *generator, const gan_options *options, gan_sampler **out);
void gan_sampler_destroy(gan_sampler *sampler);
int32_t gan_sampler_set(gan_sampler *sampler, const char *input, const char *value);
int32_t gan_sampler_set_values(gan_sampler *sampler, const char *input, const float *values, int64_t count);
int32_t gan_sampler_latents(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, float *latents, size_t capacity);
int32_t gan_sampler_draw(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, float *images, size_t capacity);
int32_t gan_sampler_draw_bytes(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, uint8_t *pixels, size_t
    capacity);
int32_t gan_sampler_decode(gan_sampler *sampler, const float *latents, int64_t count, float *images, size_t capacity);
int32_t gan_sampler_decode_bytes(gan_sampler *sampler, const float *latents, int64_t count, uint8_t *pixels, size_t capacity);
int32_t gan_sampler_path(gan_sampler *sampler, const float *from, const float *to, int32_t path, int64_t count, float *latents,
    size_t capacity);
int32_t gan_sampler_path_at(gan_sampler *sampler, const float *from, const float *to, int32_t path, double place, float *latent,
    size_t capacity);
int32_t gan_sampler_write_png(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, int32_t columns, int32_t margin,
    int32_t scale, const char *path);
int32_t gan_sampler_encode_png(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, int32_t columns, int32_t margin,
    int32_t scale, void *buffer, size_t capacity, size_t *size);
int32_t gan_sampler_write_idx(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, const char *path);
int32_t gan_sampler_write_npy(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, const char *path);
int32_t gan_dataset_create_table(const void *text, size_t size, const gan_options *options, gan_dataset **out);
int32_t gan_generator_column_count(const gan_generator *generator, int32_t *count);
int32_t gan_generator_column_name(const gan_generator *generator, int32_t index, char *buffer, size_t capacity, size_t *size);
int32_t gan_generator_column_kind(const gan_generator *generator, int32_t index, char *buffer, size_t capacity, size_t *size);
int32_t gan_generator_column_categories(const gan_generator *generator, int32_t index, int32_t *count);
int32_t gan_generator_column_text(const gan_generator *generator, int32_t index, double cell, char *buffer, size_t capacity,
    size_t *size);
int32_t gan_sampler_where(gan_sampler *sampler, const char *conditions);
int32_t gan_sampler_draw_rows(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, double *cells, size_t capacity);
int32_t gan_sampler_write_csv(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, const char *path);
int32_t gan_applier_create(const gan_generator *generator, const gan_options *options, gan_applier **out);
void gan_applier_destroy(gan_applier *applier);
int32_t gan_applier_channels(gan_applier *applier, int32_t *input, int32_t *output, int32_t *takes_mask);
int32_t gan_applier_shape(gan_applier *applier, int32_t height, int32_t width, int32_t *made_height, int32_t *made_width);
int32_t gan_applier_apply(gan_applier *applier, uint64_t seed, const float *pixels, const float *mask, int32_t height, int32_t width,
    float *made, size_t capacity);
int32_t gan_applier_apply_bytes(gan_applier *applier, uint64_t seed, const uint8_t *pixels, const uint8_t *mask, int32_t height,
    int32_t width, uint8_t *made, size_t capacity);
int32_t gan_applier_frames(gan_applier *applier, int32_t *past);
int32_t gan_applier_predict(gan_applier *applier, uint64_t seed, const float *frames, int32_t given, int32_t height, int32_t width,
    int32_t count, float *made, size_t capacity);
int32_t gan_applier_predict_bytes(gan_applier *applier, uint64_t seed, const uint8_t *frames, int32_t given, int32_t height,
    int32_t width, int32_t count, uint8_t *made, size_t capacity);
int32_t gan_checkpoint_open(const char *path, gan_checkpoint **out);
void gan_checkpoint_destroy(gan_checkpoint *checkpoint);
int32_t gan_checkpoint_text(const gan_checkpoint *checkpoint, const char *name, char *buffer, size_t capacity, size_t *size);
int32_t gan_checkpoint_option(const gan_checkpoint *checkpoint, const char *name, char *buffer, size_t capacity, size_t *size);
int32_t gan_checkpoint_tensor_count(const gan_checkpoint *checkpoint, int64_t *count);
int32_t gan_checkpoint_tensor_name(const gan_checkpoint *checkpoint, int64_t index, char *buffer, size_t capacity, size_t *size);
int32_t gan_checkpoint_tensor_shape(const gan_checkpoint *checkpoint, int64_t index, int64_t *shape, size_t capacity, size_t
    *rank);
int32_t gan_checkpoint_tensor_type(const gan_checkpoint *checkpoint, int64_t index, char *buffer, size_t capacity, size_t *size);
int32_t gan_checkpoint_tensor_read(const gan_checkpoint *checkpoint, int64_t index, float *values, size_t capacity, size_t
    *count);
int32_t gan_classifier_load(const char *path, const gan_options *options, gan_classifier **out);
int32_t gan_classifier_load_memory(const void *bytes, size_t size, const gan_options *options, gan_classifier **out);
int32_t gan_trainer_classifier(gan_trainer *trainer, gan_classifier **out);
void gan_classifier_destroy(gan_classifier *classifier);
int32_t gan_classifier_shape(const gan_classifier *classifier, int32_t *height, int32_t *width, int32_t *channels);
int32_t gan_classifier_target(const gan_classifier *classifier, char *buffer, size_t capacity, size_t *size);
int32_t gan_classifier_classes(const gan_classifier *classifier, int32_t *classes);
int32_t gan_classifier_class_name(const gan_classifier *classifier, int32_t index, char *buffer, size_t capacity, size_t *size);
int32_t gan_classifier_features(const gan_classifier *classifier, int32_t *features);
int32_t gan_classifier_run(gan_classifier *classifier, const float *images, int64_t count, float *probabilities, size_t
    probability_capacity, float *features, size_t feature_capacity);
int32_t gan_measure_count(void);
const char *gan_measure_name(int32_t index);
const char *gan_measure_summary(int32_t index);
const char *gan_measure_paper(int32_t index);
const char *gan_measure_range(int32_t index);
const char *gan_measure_goal(int32_t index);
const char *gan_measure_needs(int32_t index);
const char *gan_measure_samples(int32_t index);
int32_t gan_measure_minimum(int32_t index, int64_t *minimum);
int32_t gan_evaluate_generator(const gan_generator *generator, const gan_dataset *dataset, const gan_classifier *classifier, const
    gan_options *options, uint64_t seed, int64_t count, gan_evaluation **out);
int32_t gan_evaluate_dataset(const gan_dataset *samples, const gan_dataset *dataset, const gan_classifier *classifier, const
    gan_options *options, gan_evaluation **out);
int32_t gan_evaluate_features(const float *samples, int64_t sample_count, const float *data, int64_t data_count, int32_t width,
    const gan_options *options, gan_evaluation **out);
void gan_evaluation_destroy(gan_evaluation *evaluation);
int32_t gan_evaluation_counts(gan_evaluation *evaluation, int64_t *samples, int64_t *items);
int32_t gan_evaluation_value(gan_evaluation *evaluation, const char *name, double *value, double *spread);
int32_t gan_evaluation_nearest(gan_evaluation *evaluation, int64_t sample, int64_t *item, double *distance);
int32_t gan_evaluation_class(gan_evaluation *evaluation, int64_t sample, int32_t *index, float *probability);
int32_t gan_evaluation_class_counts(gan_evaluation *evaluation, int32_t index, int64_t *samples, int64_t *items);
int32_t gan_trainer_judge(gan_trainer *trainer, const gan_classifier *classifier);
int32_t gan_image_write_png(const uint8_t *pixels, int64_t count, int32_t height, int32_t width, int32_t channels, int32_t
    columns, int32_t margin, int32_t scale, const char *path);
int32_t gan_image_decode(const void *bytes, size_t size, int32_t convert, uint8_t *pixels, size_t capacity, int32_t *height,
    int32_t *width, int32_t *channels);
int32_t gan_image_decode_png(const void *bytes, size_t size, int32_t convert, uint8_t *pixels, size_t capacity, int32_t *height,
    int32_t *width, int32_t *channels);
int32_t gan_image_decode_floats(const void *bytes, size_t size, int32_t convert, float *pixels, size_t capacity, int32_t *height,
    int32_t *width, int32_t *channels, int32_t *depth);
int32_t gan_image_encode_png(const float *pixels, int32_t height, int32_t width, int32_t channels, int32_t depth, void *buffer,
    size_t capacity, size_t *size);
int32_t gan_shape_mesh(const float *values, int32_t depth, int32_t height, int32_t width, float level, float *positions,
    float *normals, size_t vertex_capacity, size_t *vertices, int32_t *triangles, size_t triangle_capacity, size_t *faces);
int32_t gan_shape_render(const float *values, int32_t depth, int32_t height, int32_t width, float level, double azimuth,
    double elevation, int32_t side, uint8_t *pixels, size_t capacity);
int32_t gan_shape_write(const float *values, int64_t count, int32_t depth, int32_t height, int32_t width, float level,
    const char *path);
]]

ffi.cdef [[
typedef struct gan_options gan_options;
typedef struct gan_dataset gan_dataset;
typedef struct gan_trainer gan_trainer;
typedef struct gan_generator gan_generator;
typedef struct gan_sampler gan_sampler;
typedef struct gan_applier gan_applier;
typedef struct gan_checkpoint gan_checkpoint;
typedef struct gan_classifier gan_classifier;
typedef struct gan_evaluation gan_evaluation;
typedef void (*gan_release_fn)(void *context);
typedef int32_t (*gan_fill_fn)(void *context, const int64_t *indices, int64_t count, float *values);
typedef int32_t (*gan_progress_fn)(void *context, gan_trainer *trainer, int32_t event);
]]
ffi.cdef(prototypes)

-- As the system finds it, and as `make install` put it: this file in share/gan/lua, the library in lib.
local function open_library()
    local named = os.getenv "GAN_LIBRARY"
    local here = debug.getinfo(1, "S").source:match "^@(.*/)" or "./"
    local problem
    for _, path in ipairs(named and { named } or { "libgan.so.0", here .. "../../../lib/libgan.so.0", "/usr/local/lib/libgan.so.0" }) do
        local good, library = pcall(ffi.load, path)
        if good then return library end
        problem = problem or library
    end
    error("libgan cannot be loaded: " .. problem .. ". Install it (make install, then ldconfig), or say where it is: "
        .. "GAN_LIBRARY=/path/to/libgan.so.0" .. (named and ", which names another file now." or "."), 0)
end

local library = open_library()
local gan = { EPOCH = 1, PROGRESS = 2, LINEAR = 0, SPHERICAL = 1 }

-- Errors ------------------------------------------------------------------------------------------------------------

local C -- the functions, made below
local Error = { __tostring = function(self) return self.message end }

local function failure(status, name, message)
    error(setmetatable({ status = status, name = name, message = message }, Error), 0)
end

local function invalid(...)
    failure(-10, "GAN_E_INVALID_ARGUMENT", string.format(...))
end

local thrown -- a table with the error of a callback, on its way past C, through which none may go

local function check(status)
    if status == 0 then return end
    local late = thrown
    thrown = nil
    if late then error(late[1], 0) end
    failure(status, C.gan_status_name(status), C.gan_error_message())
end

-- LuaJIT makes Ctrl-C an error of whatever Lua runs next, and that may be a callback before it has reached its pcall. So the
-- signal waits while the library may call back, but for what a callback runs within its pcall.
local interrupt = ffi.new("uint64_t[16]", { 2 }) -- a set of signals, as large as Linux has it, with SIGINT alone
local waits = jit.os == "Linux"
if waits then ffi.cdef [[int gan_sigprocmask(int how, const void *set, void *old) __asm__("sigprocmask");]] end

local function hold(before) if waits then ffi.C.gan_sigprocmask(0, interrupt, before) end end
local function let(before) if waits then ffi.C.gan_sigprocmask(2, before, nil) end end

local outside -- the mask of the caller of what is calling back

-- Calls a function that may call back.
local function guarded(call, ...)
    local before, around = ffi.new "uint64_t[16]", outside
    hold(before)
    outside = before
    local good, problem = pcall(call, ...)
    outside = around
    let(before)
    if not good then error(problem, 0) end
end

-- A function as C may call it: its error is raised by the call that called back, and C is told a 1.
local function called_back(type, call)
    return ffi.cast(type, function(...)
        local good, result = pcall(function(...)
            let(outside)
            local result = call(...)
            hold(nil)
            return result
        end, ...)
        hold(nil)
        if not good then thrown = { result } end
        return (not good or result) and 1 or 0
    end)
end

-- Numbers and strings -----------------------------------------------------------------------------------------------

local ranges = {
    int32_t = { -2147483648LL, 2147483647LL }, int64_t = { -9223372036854775807LL - 1, 9223372036854775807LL },
    uint64_t = { 0ULL, 18446744073709551615ULL }, size_t = { 0ULL, 18446744073709551615ULL },
}

-- A number for C, which would cut it to its type. Beyond 2^53 a Lua number has lost its last digits; an LL or ULL has them all.
local function whole(value, kind, what)
    local low, high = ranges[kind][1], ranges[kind][2]
    local fits
    if ffi.istype("uint64_t", value) then
        fits = value <= ffi.cast("uint64_t", high)
    elseif ffi.istype("int64_t", value) then
        fits = value >= 0LL or ffi.istype("int64_t", low) -- an LL beside a ULL would count as one
        if kind == "int32_t" then fits = value >= low and value <= high end
    else
        value = type(value) == "cdata" and tonumber(value) or value
        fits = type(value) == "number" and value == math.floor(value) and math.abs(value) <= 2 ^ 53
            and value >= tonumber(low) and value <= tonumber(high)
    end
    if not fits then
        invalid("%s is %s; expected a whole number from %s to %s, one beyond 2^53 written with LL or ULL.", what, tostring(value),
            (tostring(low):gsub("U?LL", "")), (tostring(high):gsub("U?LL", "")))
    end
    return value
end

local function text_argument(value, what)
    if value ~= nil and type(value) ~= "string" then invalid("%s is a %s; expected a string.", what, type(value)) end
    if value and value:find("\0", 1, true) then invalid("%s has a byte 0 inside; C would read it up to there.", what) end
    return value
end

-- The functions of gan.h as Lua calls them: arguments are checked, a status becomes an error, a string of the library Lua's.
local declared = {}
for result, name, parameters in prototypes:gmatch "([%w_ ]+[ *])(gan_[%w_]+)%(([^()]*)%)" do
    declared[name] = { result = result:gsub("%s+$", ""), parameters = parameters:gsub("%s+", " ") }
end

C = setmetatable({}, { __index = function(functions, name)
    local good, call = pcall(function() return library[name] end)
    if not good then
        error("The library that is loaded, " .. ffi.string(library.gan_version_string()) .. ", has no " .. name .. ": it is older than gan.lua.", 0)
    end
    local checks, count = {}, 0
    for kind, label in (declared[name].parameters .. ","):gmatch " ?([^,]-[ *])([%w_]+)," do
        count = count + 1
        kind = kind:gsub("%s+$", "")
        if ranges[kind] then checks[#checks + 1] = { count, whole, kind, label }
        elseif kind == "const char *" then checks[#checks + 1] = { count, text_argument, label } end
    end
    local is_text = declared[name].result == "const char *"
    local is_status = declared[name].result == "int32_t" and count > 0 -- what takes nothing and gives a number gives no status
    local function checked(...)
        local arguments = { ... }
        for i = 1, #checks do
            local one = checks[i]
            arguments[one[1]] = one[2](arguments[one[1]], one[3], one[4])
        end
        local value = call(unpack(arguments, 1, count))
        if is_status then return check(value) end
        if is_text then return value ~= nil and ffi.string(value) or nil end
        return value
    end
    jit.off(checked) -- compiled code cannot be called back while it is in a call of C
    functions[name] = checked
    return checked
end })

function gan.version() return C.gan_version_string() end
function gan.version_number() return C.gan_version() end
function gan.instruction_set() return C.gan_instruction_set() end

--- Every option there is: tables of name, type, default, range, summary, condition, and minimum and maximum where there are bounds.
function gan.describe_options()
    local all, bounds = {}, ffi.new "double[2]"
    for i = 0, C.gan_option_count() - 1 do
        local one = { name = C.gan_option_name(i), type = C.gan_option_type(i), default = C.gan_option_default(i),
            range = C.gan_option_range(i), summary = C.gan_option_summary(i), condition = C.gan_option_condition(i) }
        if pcall(C.gan_option_bounds, i, bounds, bounds + 1) then one.minimum, one.maximum = bounds[0], bounds[1] end
        all[i + 1] = one
    end
    return all
end

--- Every metric of a trainer: name = what it means.
function gan.describe_metrics()
    local all = {}
    for i = 0, C.gan_metric_count() - 1 do all[C.gan_metric_name(i)] = C.gan_metric_summary(i) end
    return all
end

--- The data sets that the library makes itself: what they are, by their names.
function gan.made_data()
    local all = {}
    for i = 0, C.gan_made_count() - 1 do all[C.gan_made_name(i)] = C.gan_made_summary(i) end
    return all
end

--- What can be trained: the values of the option "recipe".
function gan.recipes()
    local all = {}
    for i = 0, C.gan_recipe_count() - 1 do
        all[i + 1] = { name = C.gan_recipe_name(i), summary = C.gan_recipe_summary(i), paper = C.gan_recipe_paper(i),
            options = C.gan_recipe_options(i) }
    end
    return all
end

-- Arrays ------------------------------------------------------------------------------------------------------------

local function room(count, size, type)
    local values = math.max(tonumber(whole(count, "int64_t", "count")), 0) * size
    if values > 2 ^ 40 then failure(-20, "GAN_E_OUT_OF_MEMORY", string.format("%.0f values do not fit into memory.", values)) end
    return ffi.new(type or "float[?]", math.max(values, 1)), values
end

-- Numbers of a table counted from 1, or of an array of the FFI, as an array of C's `type`; and how many there are. They are
-- converted by value, never reinterpreted.
local function numbers(values, type_name, what)
    local size
    if type(values) == "table" then
        size = #values
    elseif type(values) == "cdata" then
        local element = tostring(ffi.typeof(values)):match "^ctype<([%w_ ]+) %["
        size = element and ffi.sizeof(values) / ffi.sizeof(element)
        if element == type_name or element == "unsigned char" and type_name == "uint8_t" or element == "int" and type_name == "int32_t" then
            return values, size
        end
    end
    if not size then invalid("%s are a %s; expected a table or an array of numbers.", what, type(values) == "cdata" and tostring(ffi.typeof(values)) or type(values)) end
    local first, taken = type(values) == "table" and 1 or 0, ffi.new(type_name .. "[?]", math.max(size, 1))
    local low, high = -math.huge, math.huge
    if type_name == "uint8_t" then low, high = 0, 255 elseif type_name == "int32_t" then low, high = -2 ^ 31, 2 ^ 31 - 1 end
    for i = 0, size - 1 do
        local value = tonumber(values[first + i])
        if not value or low > -math.huge and (value ~= math.floor(value) or value < low or value > high) then
            invalid("%s hold %s, which is no %s.", what, tostring(values[first + i]), type_name)
        end
        taken[i] = value
    end
    return taken, size
end

local function items(values, size, what)
    if size <= 0 or values % size ~= 0 then invalid("%d values are not a whole number of %s of %d values.", values, what, size) end
    return values / size
end

-- What a function copies into a buffer: first its size, then itself.
local function sized(read, ...)
    local arguments, count = { ... }, select("#", ...)
    local size = ffi.new "size_t[1]"
    local function call(buffer, capacity)
        arguments[count + 1], arguments[count + 2], arguments[count + 3] = buffer, capacity, size
        read(unpack(arguments, 1, count + 3))
    end
    call(nil, 0)
    local capacity = tonumber(size[0])
    local buffer = ffi.new("char[?]", math.max(capacity, 1))
    call(buffer, capacity)
    return ffi.string(buffer, tonumber(size[0]))
end

local function text(...) return sized(...):sub(1, -2) end -- without the terminating 0

-- Calls work(start, count) for all of a total. Lua hears Ctrl-C between calls of C, so one takes about a twentieth of a second;
-- how much that is, is kept in `pace`. The results are the same bits.
local function in_pieces(pace, name, first, total, work)
    total = tonumber(total)
    local done = 0
    repeat
        local at_once = pace[name] or first
        local count = math.min(at_once, total - done)
        local started = os.clock()
        work(done, count)
        if total > at_once then pace[name] = math.max(1, math.min(math.floor(0.05 * count / math.max(os.clock() - started, 1e-6)), 4 * at_once)) end
        done = done + count
    until done >= total
end
jit.off(in_pieces)

-- Handles -----------------------------------------------------------------------------------------------------------

local classes = {}
for _, name in ipairs { "options", "dataset", "trainer", "generator", "sampler", "applier", "checkpoint", "classifier", "evaluation" } do
    local methods = {}
    classes[name] = { __index = methods, methods = methods, out = "gan_" .. name .. "*[1]" }
end
classes.options.destroy, classes.dataset.destroy = library.gan_options_destroy, library.gan_dataset_destroy
classes.trainer.destroy, classes.generator.destroy = library.gan_trainer_destroy, library.gan_generator_destroy
classes.sampler.destroy, classes.checkpoint.destroy = library.gan_sampler_destroy, library.gan_checkpoint_destroy
classes.classifier.destroy, classes.evaluation.destroy = library.gan_classifier_destroy, library.gan_evaluation_destroy
classes.applier.destroy = library.gan_applier_destroy
local Options, Dataset, Trainer, Generator, Sampler = classes.options.methods, classes.dataset.methods, classes.trainer.methods,
    classes.generator.methods, classes.sampler.methods
local Checkpoint, Classifier, Evaluation = classes.checkpoint.methods, classes.classifier.methods, classes.evaluation.methods
local Applier = classes.applier.methods

-- Makes an object with a function whose last argument receives the handle. ffi.gc is the __gc of a pointer.
local function made(class, make, ...)
    local out = ffi.new(class.out)
    local arguments, count = { ... }, select("#", ...)
    arguments[count + 1] = out
    make(unpack(arguments, 1, count + 1))
    return setmetatable({ handle = ffi.gc(out[0], class.destroy) }, class)
end

for _, class in pairs(classes) do
    -- What is used afterwards is GAN_E_INVALID_HANDLE: the library knows its handles.
    function class.methods:close()
        class.destroy(ffi.gc(self.handle, nil))
    end
end

function gan.options(settings)
    local self = made(classes.options, C.gan_options_create)
    for name, value in pairs(settings or {}) do self:set(name, value) end
    return self
end

--- Numbers, strings, booleans, and tables for lists.
function Options:set(name, value)
    if type(value) == "table" then value = table.concat(value, ",")
    elseif type(value) == "number" then value = string.format("%.17g", value)
    elseif type(value) == "cdata" then value = tostring(value):gsub("U?LL$", "") end
    C.gan_options_set(self.handle, name, tostring(value))
    return self
end

--- Options of type integer, real or boolean; of type real, or integer to a whole number.
function Options:set_integer(name, value) C.gan_options_set_integer(self.handle, name, value); return self end
function Options:set_real(name, value) C.gan_options_set_real(self.handle, name, value); return self end

function Options:get(name) return text(C.gan_options_get, self.handle, name) end

-- The handle of options, of a table of settings, or of nothing.
local function settings(options)
    if options == nil or getmetatable(options) == classes.options then return options and options.handle end
    return gan.options(options).handle -- a handle is alive as long as somebody has it
end

-- Datasets ----------------------------------------------------------------------------------------------------------

--- Images from a file or a folder: IDX (MNIST) or PNG.
function gan.open(path, options)
    return made(classes.dataset, C.gan_dataset_open, path, settings(options))
end

--- Images, and labels if any, from two files.
function gan.open_idx(images, labels, options)
    return made(classes.dataset, C.gan_dataset_open_idx, images, labels, settings(options))
end

--- Data that the library makes itself: a name of made_data; from is the dataset of digits that some are made of.
function gan.make(name, count, seed, from)
    return made(classes.dataset, C.gan_dataset_make, name, count or 0, seed or 0, from and from.handle)
end

local function labelled(labels, count)
    if labels == nil then return nil end
    local taken, size = numbers(labels, "int32_t", "labels")
    if size ~= count then invalid("There are %d labels for %d images.", size, count) end
    return taken
end

local function image_size(height, width, channels)
    return tonumber(whole(height, "int32_t", "height")) * tonumber(whole(width, "int32_t", "width")) * tonumber(whole(channels, "int32_t", "channels"))
end

--- Images of bytes in a string, table or uint8_t[?], 0 (black) to 255; labels, if any, in a table.
function gan.from_bytes(pixels, height, width, channels, labels)
    channels = channels or 1
    local bytes, size
    if type(pixels) == "string" then bytes, size = ffi.cast("const uint8_t *", pixels), #pixels else bytes, size = numbers(pixels, "uint8_t", "pixels") end
    local count = items(size, image_size(height, width, channels), "images")
    local dataset = made(classes.dataset, C.gan_dataset_create_bytes, bytes, count, height, width, channels, labelled(labels, count), 0, nil, nil)
    return dataset -- no tail call, which would let the string go
end

--- Images of floats from `black` (0) to `white` (1), in a table or float[?].
function gan.from_floats(values, height, width, channels, black, white, labels)
    channels = channels or 1
    local pointer, size = numbers(values, "float", "values")
    local count = items(size, image_size(height, width, channels), "images")
    return made(classes.dataset, C.gan_dataset_create_floats, pointer, count, height, width, channels, black or 0, white or 1,
        labelled(labels, count), 0, nil, nil)
end

--- Images that a function delivers when they are needed: fill(indices, count, values) fills the float * `values`, [count,
-- height, width, channels], with numbers from 0 (black) to 1; indices is an int64_t *. Its error becomes the error of the call
-- that needed the images.
function gan.from_callback(fill, count, height, width, channels)
    local called = called_back("gan_fill_fn", function(_, indices, wanted, values) fill(indices, tonumber(wanted), values) end)
    local kept = newproxy(true) -- what keeps the callback as long as a dataset or trainer needs it
    getmetatable(kept).__gc = function() called:free() end
    local dataset = made(classes.dataset, C.gan_dataset_create_callback, called, count, height, width, channels or 1, nil, nil)
    dataset.kept = kept
    return dataset
end

--- Values of any rank, [count] + axes, in a table or float[?]; their range is their own unless it is given.
function gan.from_values(values, axes, minimum, maximum, name)
    local pointer, size = numbers(values, "float", "values")
    local sizes, each = ffi.new("int64_t[?]", math.max(#axes, 1)), 1
    for i = 1, #axes do
        sizes[i - 1] = whole(axes[i], "int64_t", "an axis")
        each = each * tonumber(axes[i])
    end
    return made(classes.dataset, C.gan_dataset_create_values, pointer, items(size, each, "items"), sizes, #axes, minimum or 0, maximum or 0,
        name, nil, nil)
end

--- A table out of a string of comma-separated values: what gan.open does with a file that ends in .csv.
function gan.from_csv(csv, options)
    return made(classes.dataset, C.gan_dataset_create_table, ffi.cast("const char *", csv), #csv, settings(options))
end

--- The fields of several datasets as those of one: gan.combine({ { "source", sketches }, { "target", photos } }). Those that are not paired
-- have each a number of items of their own, and are taken in an order of their own.
function gan.combine(parts, unpaired)
    local handles, names, kept = ffi.new("const gan_dataset *[?]", math.max(#parts, 1)), {}, {}
    for i, part in ipairs(parts) do names[i], handles[i - 1], kept[i] = part[1], part[2].handle, part[2] end
    local dataset = made(classes.dataset, C.gan_dataset_combine, handles, #parts, table.concat(names, "\n"), unpaired and 0 or 1)
    dataset.kept = kept
    return dataset
end

local function with(self, ...)
    local dataset = made(classes.dataset, ...)
    dataset.kept = self.kept
    return dataset
end

local function each(self, size, what, width)
    local count = self:shape()
    if size ~= count * width then invalid("There are %d %s for %d items; expected %d for each.", size, what, count, width) end
end

--- The same dataset with a label more for each item, in a table; names of the classes, if any.
function Dataset:with_labels(labels, names, name, count)
    local taken, size = numbers(labels, "int32_t", "labels")
    each(self, size, "labels", 1)
    return with(self, C.gan_dataset_add_labels, self.handle, name, taken, count or 0, names and table.concat(names, "\n"))
end

--- The same dataset with tags, [count, #names] zeros and ones.
function Dataset:with_tags(tags, names, name)
    local taken, size = numbers(tags, "uint8_t", "tags")
    each(self, size, "tags", #names)
    return with(self, C.gan_dataset_add_tags, self.handle, name, taken, table.concat(names, "\n"))
end

--- The same dataset with a text for each item, of at most `length` characters; 0 or nil for those of the longest.
function Dataset:with_texts(texts, length, name)
    local list = {}
    for i, text in ipairs(texts) do list[i] = text_argument(text, "a text") .. "\0" end
    local whole_text = table.concat(list)
    return with(self, C.gan_dataset_add_texts, self.handle, name, ffi.cast("const char *", whole_text), #whole_text, length or 0)
end

--- What an item has: tables of name, kind, shape, items, minimum, maximum, and classes, counted from 1.
function Dataset:fields()
    local count, all = ffi.new "int32_t[1]", {}
    C.gan_dataset_field_count(self.handle, count)
    for i = 0, count[0] - 1 do
        local one = { name = text(C.gan_dataset_field_name, self.handle, i), kind = text(C.gan_dataset_field_kind, self.handle, i), shape = {}, classes = {} }
        local axes, rank, size, ends = ffi.new "int64_t[8]", ffi.new "size_t[1]", ffi.new "int64_t[1]", ffi.new "float[2]"
        C.gan_dataset_field_shape(self.handle, i, axes, 8, rank)
        for axis = 1, tonumber(rank[0]) do one.shape[axis] = tonumber(axes[axis - 1]) end
        C.gan_dataset_field_items(self.handle, i, size)
        C.gan_dataset_field_range(self.handle, i, ends, ends + 1)
        one.items, one.minimum, one.maximum = tonumber(size[0]), ends[0], ends[1]
        C.gan_dataset_field_classes(self.handle, i, count)
        for number = 0, count[0] - 1 do one.classes[number + 1] = text(C.gan_dataset_field_class_name, self.handle, i, number) end
        all[i + 1] = one
        C.gan_dataset_field_count(self.handle, count)
    end
    return all
end

--- Items of field number `index`, from 0, as floats within its range, and how many floats.
function Dataset:read_field(index, first, count)
    local axes, rank, width = ffi.new "int64_t[8]", ffi.new "size_t[1]", 1
    C.gan_dataset_field_shape(self.handle, index, axes, 8, rank)
    for axis = 1, tonumber(rank[0]) do width = width * tonumber(axes[axis - 1]) end
    local values, size = room(count, width)
    guarded(C.gan_dataset_field_read, self.handle, index, first, count, values, size)
    return values, size
end

--- The name of an item's class, its tags with commas between them, or its text.
function Dataset:field_text(index, item) return text(C.gan_dataset_field_text, self.handle, index, item) end

--- Number of images, height, width, channels.
function Dataset:shape()
    local count, size = ffi.new "int64_t[1]", ffi.new "int32_t[3]"
    C.gan_dataset_shape(self.handle, count, size, size + 1, size + 2)
    return tonumber(count[0]), size[0], size[1], size[2]
end

function Dataset:classes()
    local classes = ffi.new "int32_t[1]"
    C.gan_dataset_classes(self.handle, classes)
    return classes[0]
end

--- What the data call a class, counted from 0 as labels are.
function Dataset:class_name(index) return text(C.gan_dataset_class_name, self.handle, index) end

--- Images as floats from 0 (black) to 1, and how many floats.
function Dataset:read(first, count)
    local _, height, width, channels = self:shape()
    local values, size = room(count, height * width * channels)
    guarded(C.gan_dataset_read, self.handle, first, count, values, size)
    return values, size
end

--- Labels in a table.
function Dataset:read_labels(first, count)
    local labels, size = room(count, 1, "int32_t[?]")
    local list = {}
    C.gan_dataset_read_labels(self.handle, first, count, labels, size)
    for i = 1, count do list[i] = labels[i - 1] end
    return list
end

--- Writes everything into a file, NPY where its name ends in .npy, else IDX; labels into another.
function Dataset:write(path, labels)
    C.gan_dataset_write(self.handle, path, labels)
end

-- Training ----------------------------------------------------------------------------------------------------------

local function trainer_of(dataset, ...)
    local trainer = made(classes.trainer, ...)
    trainer.kept, trainer.pace = dataset.kept, {}
    return trainer
end

function gan.trainer(dataset, options)
    return trainer_of(dataset, C.gan_trainer_create, settings(options), dataset.handle)
end

--- Goes on from a checkpoint as if the training had never stopped.
function gan.load_trainer(path, dataset, options)
    return trainer_of(dataset, C.gan_trainer_load, path, settings(options), dataset.handle)
end

--- Goes on from the contents of a checkpoint file.
function gan.load_trainer_string(bytes, dataset, options)
    if type(bytes) ~= "string" then invalid("The checkpoint is a %s; expected a string of its bytes.", type(bytes)) end
    local trainer = trainer_of(dataset, C.gan_trainer_load_memory, bytes, #bytes, settings(options), dataset.handle)
    return trainer
end

function Trainer:save(path) C.gan_trainer_save(self.handle, path) end

--- What save writes, as a string.
function Trainer:to_string() return sized(C.gan_trainer_save_memory, self.handle) end

--- Fails as save would, and leaves everything as it was.
function Trainer:check_save(path) C.gan_trainer_check_save(self.handle, path) end

--- Whether a training that was loaded has the images that it had before: "same", "other" or "unknown".
function Trainer:data()
    local comparison = ffi.new "int32_t[1]"
    C.gan_trainer_data(self.handle, comparison)
    return ({ "same", "other" })[comparison[0]] or "unknown"
end

function Trainer:step(steps)
    steps = whole(steps or 1, "int64_t", "steps")
    if self.kept then return guarded(C.gan_trainer_step, self.handle, steps) end
    in_pieces(self.pace, "step", 1, steps, function(_, count) C.gan_trainer_step(self.handle, count) end)
end

--- Trains. progress(trainer, event) is called after every epoch (gan.EPOCH) and about twenty times a second between
-- (gan.PROGRESS); when it returns true, run fails with GAN_E_CANCELLED. An error in it becomes run's error.
function Trainer:run(epochs, progress)
    epochs = whole(epochs, "int64_t", "epochs")
    if progress == nil then
        local an_epoch = self:metric "steps-per-epoch"
        local steps = tonumber(epochs) * an_epoch - self:metric "step" % an_epoch
        if epochs > 0 and steps < 2 ^ 53 then return self:step(steps) end
    end
    local called = progress and called_back("gan_progress_fn", function(_, _, event) return progress(self, event) end)
    local good, problem = pcall(guarded, C.gan_trainer_run, self.handle, epochs, called, nil)
    if called then called:free() end
    if not good then error(problem, 0) end
end

--- Ends a run from its progress function.
function Trainer:cancel() C.gan_trainer_cancel(self.handle) end

--- "step", "epoch", "discriminator.loss", … as gan_trainer_metric lists them.
function Trainer:metric(name)
    local value = ffi.new "double[1]"
    C.gan_trainer_metric(self.handle, name, value)
    return value[0]
end

--- The names of this training's metrics.
function Trainer:metrics()
    local count, all = ffi.new "int32_t[1]", {}
    C.gan_trainer_metric_count(self.handle, count)
    for i = 0, count[0] - 1 do all[i + 1] = text(C.gan_trainer_metric_name, self.handle, i) end
    return all
end

function Trainer:option(name) return text(C.gan_trainer_option, self.handle, name) end

--- Height, width, channels of a row of a preview.
function Trainer:preview_shape()
    local size = ffi.new "int32_t[3]"
    C.gan_trainer_preview_shape(self.handle, size, size + 1, size + 2)
    return size[0], size[1], size[2]
end

--- Rows of what is read of the data, what is made of it and the truth, as a string of bytes.
function Trainer:preview(first, count)
    local height, width, channels = self:preview_shape()
    local pixels, total = room(count, height * width * channels, "uint8_t[?]")
    C.gan_trainer_preview(self.handle, first, count, pixels, total)
    return ffi.string(pixels, total)
end

--- A snapshot, which further training does not change.
function Trainer:generator() return made(classes.generator, C.gan_trainer_generator, self.handle) end

--- A snapshot of what the recipe classifier trains.
function Trainer:classifier() return made(classes.classifier, C.gan_trainer_classifier, self.handle) end

--- Lets a classifier judge in the evaluations of the option evaluate.every; nil for random features.
function Trainer:judge(classifier) C.gan_trainer_judge(self.handle, classifier and classifier.handle) end

-- Generators --------------------------------------------------------------------------------------------------------

function gan.load(path) return made(classes.generator, C.gan_generator_load, path) end

--- From the contents of a checkpoint file.
function gan.load_string(bytes)
    if type(bytes) ~= "string" then invalid("The checkpoint is a %s; expected a string of its bytes.", type(bytes)) end
    return made(classes.generator, C.gan_generator_load_memory, bytes, #bytes)
end

function Generator:save(path) C.gan_generator_save(self.handle, path) end

--- What save writes, as a string.
function Generator:to_string() return sized(C.gan_generator_save_memory, self.handle) end

function Generator:latent_size()
    local size = ffi.new "int32_t[1]"
    C.gan_generator_latent_size(self.handle, size)
    return size[0]
end

--- Height, width, channels.
function Generator:shape()
    local size = ffi.new "int32_t[3]"
    C.gan_generator_shape(self.handle, size, size + 1, size + 2)
    return size[0], size[1], size[2]
end

--- Axes of what is made: {height, width, channels}, {n}, {depth, height, width, channels}.
function Generator:axes()
    local axes, rank, all = ffi.new "int64_t[8]", ffi.new "size_t[1]", {}
    C.gan_generator_axes(self.handle, axes, 8, rank)
    for axis = 1, tonumber(rank[0]) do all[axis] = tonumber(axes[axis - 1]) end
    return all
end

--- What is black and what is white among the floats of an image.
function Generator:range()
    local ends = ffi.new "float[2]"
    C.gan_generator_range(self.handle, ends, ends + 1)
    return ends[0], ends[1]
end

--- What samples are made of; Sampler:set sets all but the first. Classes are their names, by their numbers from 0 on.
function Generator:inputs()
    local number, all = ffi.new "int32_t[1]", {}
    C.gan_generator_input_count(self.handle, number)
    for i = 0, number[0] - 1 do
        local one = { name = text(C.gan_generator_input_name, self.handle, i), kind = text(C.gan_generator_input_kind, self.handle, i), classes = {} }
        C.gan_generator_input_width(self.handle, i, number)
        one.width = number[0]
        C.gan_generator_input_classes(self.handle, i, number)
        for class = 0, number[0] - 1 do one.classes[class] = text(C.gan_generator_input_class_name, self.handle, i, class) end
        all[i + 1] = one
    end
    return all
end

--- A cell of Sampler:draw_rows, of a column counted from 1, as the data write it.
function Generator:cell_text(column, cell) return text(C.gan_generator_column_text, self.handle, column - 1, cell) end

--- The columns of the rows that a generator of the recipe table makes: name, kind, and categories, by their numbers from 0 on.
function Generator:columns()
    local number, all = ffi.new "int32_t[1]", {}
    C.gan_generator_column_count(self.handle, number)
    for i = 0, number[0] - 1 do
        local one = { name = text(C.gan_generator_column_name, self.handle, i), kind = text(C.gan_generator_column_kind, self.handle, i), categories = {} }
        C.gan_generator_column_categories(self.handle, i, number)
        for category = 0, number[0] - 1 do one.categories[category] = self:cell_text(i + 1, category) end
        all[i + 1] = one
    end
    return all
end

function Generator:option(name) return text(C.gan_generator_option, self.handle, name) end

--- Draws; one a thread. Sample i under a seed is the same whatever it is drawn together with.
function Generator:sampler(options)
    local sampler = made(classes.sampler, C.gan_sampler_create, self.handle, settings(options))
    local height, width, channels = self:shape()
    sampler.pace = {}
    sampler.image, sampler.latent = height * width * channels, self:latent_size()
    return sampler
end

--- Makes pictures of pictures, of any size: what the recipes image-to-image, super-resolution and inpainting train.
function Generator:applier(options) return made(classes.applier, C.gan_applier_create, self.handle, settings(options)) end

-- Samplers ----------------------------------------------------------------------------------------------------------

-- An array of so many items that a function of a seed, a first sample and a count fills.
local function drawn(sampler, name, size, type, seed, first, count)
    local values, total = room(count, size, type)
    whole(first, "int64_t", "first")
    in_pieces(sampler.pace, name, 64, count, function(start, part)
        C[name](sampler.handle, seed, start == 0 and first or first + start, part, values + start * size, math.max(part, 0) * size)
    end)
    return values, total
end

--- Sets an input from text ("7", a class's name, "0,1,2"), a number, or rows in a table or an array; nil unsets it.
function Sampler:set(name, value)
    if value == nil or type(value) == "string" then
        C.gan_sampler_set(self.handle, name, value or "")
    else
        local pointer, size = numbers(type(value) == "number" and { value } or value, "float", "an input's rows")
        C.gan_sampler_set_values(self.handle, name, pointer, size)
    end
end

--- What draw decodes, and how many floats.
function Sampler:latents(seed, first, count) return drawn(self, "gan_sampler_latents", self.latent, "float[?]", seed, first, count) end

--- Samples first … first + count − 1 as floats, and how many floats.
function Sampler:draw(seed, first, count) return drawn(self, "gan_sampler_draw", self.image, "float[?]", seed, first, count) end

--- Samples as a string of bytes from 0 (black) to 255.
function Sampler:draw_bytes(seed, first, count)
    return ffi.string(drawn(self, "gan_sampler_draw_bytes", self.image, "uint8_t[?]", seed, first, count))
end

local function decoded(sampler, name, type, latents)
    local pointer, size = numbers(latents, "float", "latents")
    local count = items(size, sampler.latent, "latents")
    local values, total = room(count, sampler.image, type)
    in_pieces(sampler.pace, name, 64, count, function(start, part)
        C[name](sampler.handle, pointer + start * sampler.latent, part, values + start * sampler.image, part * sampler.image)
    end)
    return values, total
end

--- Images of the caller's latents, which are a table or an array; as a string of bytes.
function Sampler:decode(latents) return decoded(self, "gan_sampler_decode", "float[?]", latents) end
function Sampler:decode_bytes(latents) return ffi.string(decoded(self, "gan_sampler_decode_bytes", "uint8_t[?]", latents)) end

local function one_latent(self, values)
    if ffi.istype("float *", values) or ffi.istype("const float *", values) then return values end
    local pointer, size = numbers(values, "float", "a latent's numbers")
    if size < self.latent then invalid("A latent has %d numbers; here are %d.", self.latent, size) end
    return pointer
end

--- Latents on the way from one to another, both included, for decode. Each is a table, an array, or a float * into one, whose
-- length nobody can check.
function Sampler:path(from, to, count, path)
    local values, size = room(count, self.latent)
    from, to = one_latent(self, from), one_latent(self, to)
    C.gan_sampler_path(self.handle, from, to, path or gan.SPHERICAL, count, values, size)
    return values, size
end

--- The latent at a place, from 0 to 1, of that way.
function Sampler:path_at(from, to, place, path)
    local values, size = room(1, self.latent)
    from, to = one_latent(self, from), one_latent(self, to)
    C.gan_sampler_path_at(self.handle, from, to, path or gan.SPHERICAL, place, values, size)
    return values, size
end

local function grid(options)
    options = options or {}
    return options.columns or 8, options.margin or 2, options.scale or 1
end

--- A grid of samples as the bytes of a PNG; { columns = 8, margin = 2, scale = 1 } unless said otherwise.
function Sampler:png(seed, first, count, options)
    local columns, margin, scale = grid(options)
    return sized(C.gan_sampler_encode_png, self.handle, seed, first, count, columns, margin, scale)
end

function Sampler:write_png(path, seed, first, count, options)
    local columns, margin, scale = grid(options)
    C.gan_sampler_write_png(self.handle, seed, first, count, columns, margin, scale, path)
end

--- Samples as an IDX file of bytes, which gan.open reads; as a NumPy file of floats in the generator's range.
function Sampler:write_idx(path, seed, first, count) C.gan_sampler_write_idx(self.handle, seed, first, count, path) end
function Sampler:write_npy(path, seed, first, count) C.gan_sampler_write_npy(self.handle, seed, first, count, path) end

--- What rows of a table are to meet, "city=Seoul", a line each; nil for any.
function Sampler:where(conditions) C.gan_sampler_where(self.handle, conditions) end

--- Rows of a table of so many columns, and how many numbers: places of categories, numbers, seconds since 1970; NaN where a value is missing.
function Sampler:draw_rows(seed, first, count, columns)
    local values, size = room(count, columns, "double[?]")
    C.gan_sampler_draw_rows(self.handle, seed, first, count, values, size)
    return values, size
end

--- Rows of a table as comma-separated values.
function Sampler:write_csv(path, seed, first, count) C.gan_sampler_write_csv(self.handle, seed, first, count, path) end

-- Appliers ----------------------------------------------------------------------------------------------------------

--- The channels of what is read and of what is made, and whether a mask goes with every picture.
function Applier:channels()
    local numbers = ffi.new "int32_t[3]"
    C.gan_applier_channels(self.handle, numbers, numbers + 1, numbers + 2)
    return numbers[0], numbers[1], numbers[2] ~= 0
end

--- Height, width, channels of what is made of a picture.
function Applier:shape(height, width)
    local sides, _, channels = ffi.new "int32_t[2]", self:channels()
    C.gan_applier_shape(self.handle, height, width, sides, sides + 1)
    return sides[0], sides[1], channels
end

local function applied(applier, name, type_name, take, pixels, height, width, mask, seed)
    local rows, columns, channels = applier:shape(height, width)
    local picture, size = take(pixels, type_name, "pixels")
    local missing, covered
    if mask ~= nil then missing, covered = take(mask, type_name, "a mask's values") end
    local expected = height * width * applier:channels()
    if size ~= expected then invalid("A picture of %d x %d has %d values; here are %d.", height, width, expected, size) end
    if covered and covered ~= height * width then invalid("A mask of %d x %d has %d values; here are %d.", height, width, height * width, covered) end
    local values, total = room(rows, columns * channels, type_name .. "[?]")
    C[name](applier.handle, seed or 0, picture, missing, height, width, values, total)
    return values, total
end

--- Of a picture of floats from 0 to 1 in a table or an array, as float[?], and how many. mask is above 0.5 where it is missing.
function Applier:apply(pixels, height, width, mask, seed)
    return applied(self, "gan_applier_apply", "float", numbers, pixels, height, width, mask, seed)
end

local function bytes_of(values, type_name, what)
    if type(values) == "string" then return ffi.cast("const uint8_t *", values), #values end
    return numbers(values, type_name, what)
end

--- Of a picture of bytes in a string, a table or an array, as a string; mask is above 127 where it is missing.
function Applier:apply_bytes(pixels, height, width, mask, seed)
    return ffi.string(applied(self, "gan_applier_apply_bytes", "uint8_t", bytes_of, pixels, height, width, mask, seed))
end

--- How many frames are looked at to say which one follows; 0 for a model that makes a picture of one picture.
function Applier:frames()
    local past = ffi.new "int32_t[1]"
    C.gan_applier_frames(self.handle, past)
    return past[0]
end

local function predicted(applier, name, type_name, take, frames, height, width, count, seed)
    local rows, columns, channels = applier:shape(height, width)
    local given, size = take(frames, type_name, "the frames' values")
    local frame = height * width * applier:channels()
    if size % frame ~= 0 then invalid("A frame of %d x %d has %d values; here are %d.", height, width, frame, size) end
    count = count or 1
    local values, total = room(count, rows * columns * channels, type_name .. "[?]")
    C[name](applier.handle, seed or 0, given, size / frame, height, width, count, values, total)
    return values, total
end

--- The count frames that follow frames of floats from 0 to 1, the oldest first, as float[?], and how many values.
function Applier:predict(frames, height, width, count, seed)
    return predicted(self, "gan_applier_predict", "float", numbers, frames, height, width, count, seed)
end

--- The same of bytes in a string, a table or an array, as a string.
function Applier:predict_bytes(frames, height, width, count, seed)
    return ffi.string(predicted(self, "gan_applier_predict_bytes", "uint8_t", bytes_of, frames, height, width, count, seed))
end

-- Checkpoints and pictures -------------------------------------------------------------------------------------------

--- A checkpoint to be looked at; to draw from it use gan.load, to train on gan.load_trainer.
function gan.checkpoint(path) return made(classes.checkpoint, C.gan_checkpoint_open, path) end

--- "kind", "step" or "seed".
function Checkpoint:text(name) return text(C.gan_checkpoint_text, self.handle, name) end
function Checkpoint:option(name) return text(C.gan_checkpoint_option, self.handle, name) end

--- Tables of a name, a shape and a type, in the order of the file.
function Checkpoint:tensors()
    local count, axes, rank, list = ffi.new "int64_t[1]", ffi.new "int64_t[64]", ffi.new "size_t[1]", {} -- no tensor has more axes
    C.gan_checkpoint_tensor_count(self.handle, count)
    for i = 0, tonumber(count[0]) - 1 do
        local shape = {}
        C.gan_checkpoint_tensor_shape(self.handle, i, axes, 64, rank)
        for axis = 1, tonumber(rank[0]) do shape[axis] = tonumber(axes[axis - 1]) end
        list[i + 1] = { name = text(C.gan_checkpoint_tensor_name, self.handle, i), shape = shape, type = text(C.gan_checkpoint_tensor_type, self.handle, i) }
    end
    return list
end

--- The numbers of the tensor with this place in tensors, counted from 1, as float[?]; and how many.
function Checkpoint:read(place)
    local count = ffi.new "size_t[1]"
    C.gan_checkpoint_tensor_read(self.handle, place - 1, nil, 0, count)
    local values, size = room(tonumber(count[0]), 1)
    C.gan_checkpoint_tensor_read(self.handle, place - 1, values, size, count)
    return values, size
end

-- Classifiers and evaluations ----------------------------------------------------------------------------------------

--- What the recipe classifier trained.
function gan.load_classifier(path, options) return made(classes.classifier, C.gan_classifier_load, path, settings(options)) end

--- From the contents of a checkpoint file.
function gan.load_classifier_string(bytes, options)
    if type(bytes) ~= "string" then invalid("The checkpoint is a %s; expected a string of its bytes.", type(bytes)) end
    return made(classes.classifier, C.gan_classifier_load_memory, bytes, #bytes, settings(options))
end

local function number_of(read, handle)
    local number = ffi.new "int32_t[1]"
    read(handle, number)
    return number[0]
end

--- Height, width, channels.
function Classifier:shape()
    local size = ffi.new "int32_t[3]"
    C.gan_classifier_shape(self.handle, size, size + 1, size + 2)
    return size[0], size[1], size[2]
end

-- What it tells beside features: "labels", "tags", or "" for an autoencoder.
function Classifier:target() return text(C.gan_classifier_target, self.handle) end
function Classifier:classes() return number_of(C.gan_classifier_classes, self.handle) end
function Classifier:class_name(index) return text(C.gan_classifier_class_name, self.handle, index) end
function Classifier:features() return number_of(C.gan_classifier_features, self.handle) end

--- Class probabilities and features, float[?] each, of images of floats from 0 (black) to 1 in a table or an array; and how many images.
function Classifier:run(images)
    local height, width, channels = self:shape()
    local pointer, size = numbers(images, "float", "images")
    local count = items(size, height * width * channels, "images")
    local probabilities, all = room(count, self:classes())
    local features, more = room(count, self:features())
    C.gan_classifier_run(self.handle, pointer, count, probabilities, all, features, more)
    return probabilities, features, count
end

--- What evaluations can measure.
function gan.measures()
    local all, minimum = {}, ffi.new "int64_t[1]"
    for i = 0, C.gan_measure_count() - 1 do
        C.gan_measure_minimum(i, minimum)
        all[i + 1] = { name = C.gan_measure_name(i), summary = C.gan_measure_summary(i), paper = C.gan_measure_paper(i), range = C.gan_measure_range(i),
            goal = C.gan_measure_goal(i), needs = C.gan_measure_needs(i), samples = C.gan_measure_samples(i), minimum = tonumber(minimum[0]) }
    end
    return all
end

--- Samples 0 … count − 1 under a seed beside data; { classifier =, count = 10000, seed = 0, options = } unless said otherwise.
function gan.evaluate(generator, dataset, options)
    options = options or {}
    local judge = options.classifier and options.classifier.handle
    local evaluation
    guarded(function()
        evaluation = made(classes.evaluation, C.gan_evaluate_generator, generator.handle, dataset.handle, judge, settings(options.options), options.seed or 0,
            options.count or 10000)
    end)
    return evaluation
end

--- Pictures beside data.
function gan.evaluate_dataset(samples, dataset, options)
    options = options or {}
    local judge, evaluation = options.classifier and options.classifier.handle, nil
    guarded(function()
        evaluation = made(classes.evaluation, C.gan_evaluate_dataset, samples.handle, dataset.handle, judge, settings(options.options))
    end)
    return evaluation
end

--- Features of any network, rows of `width` numbers in tables or arrays.
function gan.evaluate_features(samples, data, width, options)
    local mine, some = numbers(samples, "float", "features")
    local theirs, others = numbers(data, "float", "features")
    return made(classes.evaluation, C.gan_evaluate_features, mine, items(some, width, "samples"), theirs, items(others, width, "items"), width, settings(options))
end

--- How many samples and how many items of the data.
function Evaluation:counts()
    local counts = ffi.new "int64_t[2]"
    C.gan_evaluation_counts(self.handle, counts, counts + 1)
    return tonumber(counts[0]), tonumber(counts[1])
end

--- A measure's value and its spread, which is not a number where it has none.
function Evaluation:value(name)
    local value = ffi.new "double[2]"
    C.gan_evaluation_value(self.handle, name, value, value + 1)
    return value[0], value[1]
end

--- The item of the data nearest to a sample, both counted from 0, and how far their features are from each other.
function Evaluation:nearest(sample)
    local item, distance = ffi.new "int64_t[1]", ffi.new "double[1]"
    C.gan_evaluation_nearest(self.handle, sample, item, distance)
    return tonumber(item[0]), distance[0]
end

--- What the classifier takes a sample for, and how sure it is.
function Evaluation:class(sample)
    local index, probability = ffi.new "int32_t[1]", ffi.new "float[1]"
    C.gan_evaluation_class(self.handle, sample, index, probability)
    return index[0], probability[0]
end

--- How many samples, and how many items, the classifier takes for a class.
function Evaluation:class_counts(index)
    local counts = ffi.new "int64_t[2]"
    C.gan_evaluation_class_counts(self.handle, index, counts, counts + 1)
    return tonumber(counts[0]), tonumber(counts[1])
end

local function decoded_file(decode, file, convert)
    if type(file) ~= "string" then invalid("The file is a %s; expected a string of its bytes.", type(file)) end
    local size = ffi.new "int32_t[3]"
    decode(file, #file, convert or 0, nil, 0, size, size + 1, size + 2)
    local pixels, values = room(size[0], size[1] * size[2], "uint8_t[?]")
    decode(file, #file, convert or 0, pixels, values, size, size + 1, size + 2)
    return ffi.string(pixels, values), size[0], size[1], size[2]
end

--- The pixels of a PNG or JPEG file in a string, as a string of bytes, and height, width, channels; convert is 0 for the file's
-- own channels, 1 for grey, 3 for RGB, 4 for RGBA. The second takes PNG alone, and no 4.
function gan.decode_image(file, convert) return decoded_file(C.gan_image_decode, file, convert) end
function gan.decode_png(file, convert) return decoded_file(C.gan_image_decode_png, file, convert) end

--- The same as float[?] from 0 to 1, with all of 16 bits; height, width, channels; and how many bits a channel the file has, 8 or 16.
function gan.decode_image_floats(file, convert)
    if type(file) ~= "string" then invalid("The file is a %s; expected a string of its bytes.", type(file)) end
    local size = ffi.new "int32_t[4]"
    C.gan_image_decode_floats(file, #file, convert or 0, nil, 0, size, size + 1, size + 2, size + 3)
    local pixels, values = room(size[0], size[1] * size[2])
    C.gan_image_decode_floats(file, #file, convert or 0, pixels, values, size, size + 1, size + 2, size + 3)
    return pixels, size[0], size[1], size[2], size[3]
end

--- One picture of numbers from 0 to 1, a table or an array, as the bytes of a PNG with 8 (unless given) or 16 bits a channel.
function gan.encode_png(pixels, height, width, channels, depth)
    local values, count = numbers(pixels, "float", "pixels")
    if count ~= height * width * (channels or 1) then
        invalid("A picture of %d x %d x %d has %d values; here are %d.", height, width, channels or 1, height * width * (channels or 1), count)
    end
    return sized(C.gan_image_encode_png, values, height, width, channels or 1, depth or 8)
end

--- Writes the caller's images, a string, table or uint8_t[?] of bytes, into one PNG: a grid as Sampler:png makes it.
function gan.write_png(path, pixels, height, width, channels, options)
    channels = channels or 1
    local bytes, size
    if type(pixels) == "string" then bytes, size = ffi.cast("const uint8_t *", pixels), #pixels else bytes, size = numbers(pixels, "uint8_t", "pixels") end
    local count = items(size, image_size(height, width, channels), "images")
    local columns, margin, scale = grid(options)
    C.gan_image_write_png(bytes, count, height, width, channels, columns, margin, scale, path)
end

local function volume(values, depth, height, width, several)
    local taken, count = numbers(values, "float", "values")
    if not several and count ~= depth * height * width then
        invalid("A volume of %d x %d x %d has %d values; here are %d.", depth, height, width, depth * height * width, count)
    end
    return taken, items(count, depth * height * width, "volumes")
end

--- The surface of the shape that a volume [depth, height, width] holds, whose axes are x, y (up) and z: float[?] of the vertices, three
-- each, float[?] of their normals, outwards, int32_t[?] of the triangles, three vertices each and counted from 0; how many vertices, and how
-- many triangles. The level is 0.5 unless given.
function gan.shape_mesh(values, depth, height, width, level)
    local taken = volume(values, depth, height, width)
    level = level or 0.5
    local counts = ffi.new "size_t[2]"
    C.gan_shape_mesh(taken, depth, height, width, level, nil, nil, 0, counts, nil, 0, counts + 1)
    local vertices, faces = tonumber(counts[0]), tonumber(counts[1])
    local positions, normals, triangles = room(vertices, 3), room(vertices, 3), room(faces, 3, "int32_t[?]")
    C.gan_shape_mesh(taken, depth, height, width, level, positions, normals, vertices, counts, triangles, faces, counts + 1)
    return positions, normals, triangles, vertices, faces
end

--- A picture of it as a string of bytes; options are level, azimuth (0 from the front, 90 from the right), elevation, both in degrees, and side.
function gan.shape_render(values, depth, height, width, options)
    options = options or {}
    local taken, side = volume(values, depth, height, width), options.side or 128
    local pixels, size = room(side, side, "uint8_t[?]")
    C.gan_shape_render(taken, depth, height, width, options.level or 0.5, options.azimuth or 35, options.elevation or 25, side, pixels, size)
    return ffi.string(pixels, size)
end

--- Writes the shape of a volume: .obj, .stl, .binvox; or of several: .npy, or .png with views of each.
function gan.shape_write(path, values, depth, height, width, level)
    local taken, count = volume(values, depth, height, width, true)
    C.gan_shape_write(taken, count, depth, height, width, level or 0.5, path)
end

return gan
