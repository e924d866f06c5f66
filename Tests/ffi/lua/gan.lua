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
-- A seed or an index beyond 2^53 is written as LuaJIT writes it, 18446744073709551615ULL; numbers that are not whole are
-- refused. What a function does in detail stands in gan.h.

local ffi = require "ffi"
local C = ffi.load "libgan.so.0"

ffi.cdef [[
typedef struct gan_options gan_options;
typedef struct gan_dataset gan_dataset;
typedef struct gan_trainer gan_trainer;
typedef struct gan_generator gan_generator;
typedef struct gan_sampler gan_sampler;
typedef int32_t (*gan_progress_fn)(void *context, gan_trainer *trainer, int32_t event);

const char *gan_version_string(void);
const char *gan_instruction_set(void);
const char *gan_status_name(int32_t status);
const char *gan_error_message(void);

int32_t gan_options_create(gan_options **out);
void gan_options_destroy(gan_options *options);
int32_t gan_options_set(gan_options *options, const char *name, const char *value);
int32_t gan_options_get(const gan_options *options, const char *name, char *buffer, size_t capacity, size_t *size);

int32_t gan_dataset_open(const char *path, const gan_options *options, gan_dataset **out);
int32_t gan_dataset_create_bytes(const char *pixels, int64_t count, int32_t height, int32_t width, int32_t channels,
    const int32_t *labels, int32_t classes, void (*release)(void *), void *context, gan_dataset **out);
int32_t gan_dataset_create_floats(const float *values, int64_t count, int32_t height, int32_t width, int32_t channels,
    float minimum, float maximum, const int32_t *labels, int32_t classes, void (*release)(void *), void *context, gan_dataset **out);
void gan_dataset_destroy(gan_dataset *dataset);
int32_t gan_dataset_shape(const gan_dataset *dataset, int64_t *count, int32_t *height, int32_t *width, int32_t *channels);
int32_t gan_dataset_classes(const gan_dataset *dataset, int32_t *classes);
int32_t gan_dataset_read(const gan_dataset *dataset, int64_t first, int64_t count, float *values, size_t capacity);
int32_t gan_dataset_read_labels(const gan_dataset *dataset, int64_t first, int64_t count, int32_t *labels, size_t capacity);

int32_t gan_trainer_create(const gan_options *options, gan_dataset *dataset, gan_trainer **out);
int32_t gan_trainer_load(const char *path, const gan_options *options, gan_dataset *dataset, gan_trainer **out);
int32_t gan_trainer_save(gan_trainer *trainer, const char *path);
int32_t gan_trainer_step(gan_trainer *trainer, int64_t steps);
int32_t gan_trainer_run(gan_trainer *trainer, int64_t epochs, gan_progress_fn progress, void *context);
int32_t gan_trainer_metric(const gan_trainer *trainer, const char *name, double *value);
int32_t gan_trainer_option(const gan_trainer *trainer, const char *name, char *buffer, size_t capacity, size_t *size);
int32_t gan_trainer_generator(gan_trainer *trainer, gan_generator **out);
void gan_trainer_destroy(gan_trainer *trainer);

int32_t gan_generator_load(const char *path, gan_generator **out);
int32_t gan_generator_load_memory(const char *bytes, size_t size, gan_generator **out);
int32_t gan_generator_save(const gan_generator *generator, const char *path);
void gan_generator_destroy(gan_generator *generator);
int32_t gan_generator_latent_size(const gan_generator *generator, int32_t *size);
int32_t gan_generator_shape(const gan_generator *generator, int32_t *height, int32_t *width, int32_t *channels);
int32_t gan_generator_range(const gan_generator *generator, float *low, float *high);
int32_t gan_generator_option(const gan_generator *generator, const char *name, char *buffer, size_t capacity, size_t *size);

int32_t gan_sampler_create(const gan_generator *generator, const gan_options *options, gan_sampler **out);
void gan_sampler_destroy(gan_sampler *sampler);
int32_t gan_sampler_latents(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, float *latents, size_t capacity);
int32_t gan_sampler_draw(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, float *images, size_t capacity);
int32_t gan_sampler_draw_bytes(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, uint8_t *pixels, size_t capacity);
int32_t gan_sampler_decode(gan_sampler *sampler, const float *latents, int64_t count, float *images, size_t capacity);
int32_t gan_sampler_path(gan_sampler *sampler, const float *from, const float *to, int32_t path, int64_t count, float *latents, size_t capacity);
int32_t gan_sampler_write_png(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, int32_t columns, int32_t margin,
    int32_t scale, const char *path);
int32_t gan_sampler_encode_png(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, int32_t columns, int32_t margin,
    int32_t scale, void *buffer, size_t capacity, size_t *size);
]]

local gan = { EPOCH = 1, PROGRESS = 2, LINEAR = 0, SPHERICAL = 1 }

function gan.version() return ffi.string(C.gan_version_string()) end
function gan.instruction_set() return ffi.string(C.gan_instruction_set()) end

-- Errors ------------------------------------------------------------------------------------------------------------

local Error = { __tostring = function(self) return self.message end }

local function check(status)
    if status == 0 then return end
    error(setmetatable({ status = status, name = ffi.string(C.gan_status_name(status)), message = ffi.string(C.gan_error_message()) }, Error), 0)
end

local function invalid(...)
    error(setmetatable({ status = -10, name = "GAN_E_INVALID_ARGUMENT", message = string.format(...) }, Error), 0)
end

-- Numbers -----------------------------------------------------------------------------------------------------------

-- A number that C takes as 64 bits. Beyond 2^53 a Lua number has lost its last digits, and only an LL or ULL has them all.
local function whole(value, what)
    if type(value) == "cdata" then return value end
    if type(value) ~= "number" or value ~= math.floor(value) or math.abs(value) > 2 ^ 53 then
        invalid("%s is %s; expected a whole number of at most 2^53, or one written with LL or ULL.", what, tostring(value))
    end
    return value
end

local function room(count, size)
    local values = math.max(tonumber(whole(count, "count")), 0) * size
    return ffi.new("float[?]", math.max(values, 1)), values
end

local function items(values, size, what)
    if size == 0 or values % size ~= 0 then invalid("%d values are not a whole number of %s of %d values.", values, what, size) end
    return values / size
end

-- Floats of a table counted from 1, or of the FFI, and how many there are.
local function floats(values)
    if type(values) == "table" then return ffi.new("float[?]", math.max(#values, 1), values), #values end
    return values, ffi.sizeof(values) / 4
end

-- Text that a function copies into a buffer: first its size, then itself.
local function text(read, object, name)
    local size = ffi.new "size_t[1]"
    check(read(object, name, nil, 0, size))
    local buffer = ffi.new("char[?]", size[0])
    check(read(object, name, buffer, size[0], size))
    return ffi.string(buffer)
end

-- Handles -----------------------------------------------------------------------------------------------------------

local classes = {}
for _, name in ipairs { "options", "dataset", "trainer", "generator", "sampler" } do
    local methods = {}
    classes[name] = { __index = methods, methods = methods, out = "gan_" .. name .. "*[1]", destroy = C["gan_" .. name .. "_destroy"] }
end
local Options, Dataset, Trainer, Generator, Sampler = classes.options.methods, classes.dataset.methods, classes.trainer.methods,
    classes.generator.methods, classes.sampler.methods

-- Makes an object with a function whose last argument receives the handle. ffi.gc is the __gc of a pointer.
local function made(class, make, ...)
    local out = ffi.new(class.out)
    local arguments, count = { ... }, select("#", ...)
    arguments[count + 1] = out
    check(make(unpack(arguments, 1, count + 1)))
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
    check(C.gan_options_set(self.handle, name, tostring(value)))
    return self
end

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

local function labelled(labels, count)
    if labels == nil then return nil end
    if #labels ~= count then invalid("There are %d labels for %d images.", #labels, count) end
    return ffi.new("int32_t[?]", count, labels)
end

--- Images of bytes in a string, 0 (black) to 255; labels, if any, in a table.
function gan.from_bytes(pixels, height, width, channels, labels)
    local count = items(#pixels, height * width * (channels or 1), "images")
    return made(classes.dataset, C.gan_dataset_create_bytes, pixels, count, height, width, channels or 1, labelled(labels, count), 0, nil, nil)
end

--- Images of floats from `black` (0) to `white` (1), in a table or float[?].
function gan.from_floats(values, height, width, channels, black, white, labels)
    local pointer, size = floats(values)
    local count = items(size, height * width * (channels or 1), "images")
    return made(classes.dataset, C.gan_dataset_create_floats, pointer, count, height, width, channels or 1, black or 0, white or 1,
        labelled(labels, count), 0, nil, nil)
end

--- Number of images, height, width, channels.
function Dataset:shape()
    local count, size = ffi.new "int64_t[1]", ffi.new "int32_t[3]"
    check(C.gan_dataset_shape(self.handle, count, size, size + 1, size + 2))
    return tonumber(count[0]), size[0], size[1], size[2]
end

function Dataset:classes()
    local classes = ffi.new "int32_t[1]"
    check(C.gan_dataset_classes(self.handle, classes))
    return classes[0]
end

--- Images as floats from 0 (black) to 1, and how many floats.
function Dataset:read(first, count)
    local _, height, width, channels = self:shape()
    local values, size = room(count, height * width * channels)
    check(C.gan_dataset_read(self.handle, whole(first, "first"), count, values, size))
    return values, size
end

--- Labels in a table.
function Dataset:read_labels(first, count)
    local labels, list = ffi.new("int32_t[?]", math.max(count, 1)), {}
    check(C.gan_dataset_read_labels(self.handle, whole(first, "first"), count, labels, math.max(count, 0)))
    for i = 1, count do list[i] = labels[i - 1] end
    return list
end

-- Training ----------------------------------------------------------------------------------------------------------

function gan.trainer(dataset, options)
    return made(classes.trainer, C.gan_trainer_create, settings(options), dataset.handle)
end

--- Goes on from a checkpoint as if the training had never stopped.
function gan.load_trainer(path, dataset, options)
    return made(classes.trainer, C.gan_trainer_load, path, settings(options), dataset.handle)
end

function Trainer:save(path) check(C.gan_trainer_save(self.handle, path)) end
function Trainer:step(steps) check(C.gan_trainer_step(self.handle, steps or 1)) end

--- Trains. progress(trainer, event) is called after every epoch (gan.EPOCH) and about twenty times a second between
-- (gan.PROGRESS); when it returns true, run fails with GAN_E_CANCELLED. An error in it becomes run's error.
function Trainer:run(epochs, progress)
    if progress == nil then return check(C.gan_trainer_run(self.handle, epochs, nil, nil)) end
    local good, result = true, nil
    -- No error may pass through C.
    local called = ffi.cast("gan_progress_fn", function(_, _, event)
        good, result = pcall(progress, self, event)
        return (not good or result) and 1 or 0
    end)
    local status = C.gan_trainer_run(self.handle, epochs, called, nil)
    called:free()
    if not good then error(result, 0) end
    check(status)
end
-- Compiled code cannot be called back while it is in a call of C.
jit.off(Trainer.run, true)

--- "step", "epoch", "discriminator.loss", … as gan_trainer_metric lists them.
function Trainer:metric(name)
    local value = ffi.new "double[1]"
    check(C.gan_trainer_metric(self.handle, name, value))
    return value[0]
end

function Trainer:option(name) return text(C.gan_trainer_option, self.handle, name) end

--- A snapshot, which further training does not change.
function Trainer:generator() return made(classes.generator, C.gan_trainer_generator, self.handle) end

-- Generators --------------------------------------------------------------------------------------------------------

function gan.load(path) return made(classes.generator, C.gan_generator_load, path) end

--- From the contents of a checkpoint file.
function gan.load_string(bytes) return made(classes.generator, C.gan_generator_load_memory, bytes, #bytes) end

function Generator:save(path) check(C.gan_generator_save(self.handle, path)) end

function Generator:latent_size()
    local size = ffi.new "int32_t[1]"
    check(C.gan_generator_latent_size(self.handle, size))
    return size[0]
end

--- Height, width, channels.
function Generator:shape()
    local size = ffi.new "int32_t[3]"
    check(C.gan_generator_shape(self.handle, size, size + 1, size + 2))
    return size[0], size[1], size[2]
end

--- What is black and what is white among the floats of an image.
function Generator:range()
    local ends = ffi.new "float[2]"
    check(C.gan_generator_range(self.handle, ends, ends + 1))
    return ends[0], ends[1]
end

function Generator:option(name) return text(C.gan_generator_option, self.handle, name) end

--- Draws; one a thread. Sample i under a seed is the same whatever it is drawn together with.
function Generator:sampler(options)
    local sampler = made(classes.sampler, C.gan_sampler_create, self.handle, settings(options))
    local height, width, channels = self:shape()
    sampler.image, sampler.latent = height * width * channels, self:latent_size()
    return sampler
end

-- Samplers ----------------------------------------------------------------------------------------------------------

function Sampler:latents(seed, first, count)
    local values, size = room(count, self.latent)
    check(C.gan_sampler_latents(self.handle, whole(seed, "seed"), whole(first, "first"), count, values, size))
    return values, size
end

--- Samples first … first + count − 1 as floats, and how many floats.
function Sampler:draw(seed, first, count)
    local values, size = room(count, self.image)
    check(C.gan_sampler_draw(self.handle, whole(seed, "seed"), whole(first, "first"), count, values, size))
    return values, size
end

--- Samples as a string of bytes from 0 (black) to 255.
function Sampler:draw_bytes(seed, first, count)
    local size = math.max(tonumber(whole(count, "count")), 0) * self.image
    local pixels = ffi.new("uint8_t[?]", math.max(size, 1))
    check(C.gan_sampler_draw_bytes(self.handle, whole(seed, "seed"), whole(first, "first"), count, pixels, size))
    return ffi.string(pixels, size)
end

--- Images of the caller's latents, which are a table or float[?].
function Sampler:decode(latents)
    local pointer, size = floats(latents)
    local count = items(size, self.latent, "latents")
    local values, values_size = room(count, self.image)
    check(C.gan_sampler_decode(self.handle, pointer, count, values, values_size))
    return values, values_size
end

--- Latents on the way from one to another, both included, for decode. Each is a table, float[?] or a pointer into one.
function Sampler:path(from, to, count, path)
    local values, size = room(count, self.latent)
    if type(from) == "table" then from = floats(from) end
    if type(to) == "table" then to = floats(to) end
    check(C.gan_sampler_path(self.handle, from, to, path or gan.SPHERICAL, count, values, size))
    return values, size
end

local function grid(options)
    options = options or {}
    return options.columns or 8, options.margin or 2, options.scale or 1
end

--- A grid of samples as the bytes of a PNG; { columns = 8, margin = 2, scale = 1 } unless said otherwise.
function Sampler:png(seed, first, count, options)
    local columns, margin, scale = grid(options)
    local size = ffi.new "size_t[1]"
    seed, first = whole(seed, "seed"), whole(first, "first")
    check(C.gan_sampler_encode_png(self.handle, seed, first, count, columns, margin, scale, nil, 0, size))
    local bytes = ffi.new("char[?]", size[0])
    check(C.gan_sampler_encode_png(self.handle, seed, first, count, columns, margin, scale, bytes, size[0], size))
    return ffi.string(bytes, size[0])
end

function Sampler:write_png(path, seed, first, count, options)
    local columns, margin, scale = grid(options)
    check(C.gan_sampler_write_png(self.handle, whole(seed, "seed"), whole(first, "first"), count, columns, margin, scale, path))
end

return gan
