"""libgan from Python, with the standard library alone: copy this file into your project.

    import gan
    with gan.Dataset.open("digits/") as digits, gan.Trainer(digits) as trainer:
        trainer.run(20)
        trainer.save("digits.safetensors")

Every failure of the library is a gan.Error with its sentence and status; what does not fit into C (a number of 65 bits, a
path with a byte 0, bytes where floats are wanted) is a Python error before it gets there. Handles are closed by `with`, by
close(), or by the garbage collector. Images go in as anything with the buffer protocol or as lists; numbers of another type
are converted by their value, never reinterpreted. Where NumPy can be imported images come out as its arrays,
[count, height, width, channels], and else as array.array("f") or bytes of the same order. Ctrl-C ends training and drawing
within a step or a twentieth of a second; what only writes a file is finished first. A trainer or sampler belongs to one
thread at a time; a generator or dataset may be shared. Calls let other Python threads run. The manual is gan.h. The library
is the file that GAN_LIBRARY names, or libgan.so.0 where the system or an installation around this file has it.
"""

import array
import collections
import ctypes
import operator
import os
import re
import signal
import sys
import threading
import time
import weakref
from ctypes import byref, c_char_p, c_double, c_float, c_int32, c_int64, c_size_t, c_uint64, c_void_p

EPOCH, PROGRESS = 1, 2  # events of Trainer.run
LINEAR, SPHERICAL = 0, 1  # paths of Sampler.path

# The functions of gan.h, in its words. To add one, copy its lines here: what it takes and gives follows from them.
_PROTOTYPES = """
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
int32_t gan_dataset_create_bytes(const uint8_t *pixels, int64_t count, int32_t height, int32_t width, int32_t channels, const int32_t
    *labels, int32_t classes, gan_release_fn release, void *context, gan_dataset **out);
int32_t gan_dataset_create_floats(const float *values, int64_t count, int32_t height, int32_t width, int32_t channels, float minimum,
    float maximum, const int32_t *labels, int32_t classes, gan_release_fn release, void *context, gan_dataset **out);
int32_t gan_dataset_create_callback(gan_fill_fn fill, int64_t count, int32_t height, int32_t width, int32_t channels, gan_release_fn
    release, void *context, gan_dataset **out);
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
int32_t gan_trainer_load_memory(const void *bytes, size_t size, const gan_options *options, gan_dataset *dataset, gan_trainer **out);
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
int32_t gan_sampler_draw_bytes(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, uint8_t *pixels, size_t capacity);
int32_t gan_sampler_decode(gan_sampler *sampler, const float *latents, int64_t count, float *images, size_t capacity);
int32_t gan_sampler_decode_bytes(gan_sampler *sampler, const float *latents, int64_t count, uint8_t *pixels, size_t capacity);
int32_t gan_sampler_path(gan_sampler *sampler, const float *from, const float *to, int32_t path, int64_t count, float *latents, size_t
    capacity);
int32_t gan_sampler_path_at(gan_sampler *sampler, const float *from, const float *to, int32_t path, double place, float *latent, size_t
    capacity);
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
int32_t gan_checkpoint_tensor_shape(const gan_checkpoint *checkpoint, int64_t index, int64_t *shape, size_t capacity, size_t *rank);
int32_t gan_checkpoint_tensor_type(const gan_checkpoint *checkpoint, int64_t index, char *buffer, size_t capacity, size_t *size);
int32_t gan_checkpoint_tensor_read(const gan_checkpoint *checkpoint, int64_t index, float *values, size_t capacity, size_t *count);
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
int32_t gan_evaluate_dataset(const gan_dataset *samples, const gan_dataset *dataset, const gan_classifier *classifier, const gan_options
    *options, gan_evaluation **out);
int32_t gan_evaluate_features(const float *samples, int64_t sample_count, const float *data, int64_t data_count, int32_t width, const
    gan_options *options, gan_evaluation **out);
void gan_evaluation_destroy(gan_evaluation *evaluation);
int32_t gan_evaluation_counts(gan_evaluation *evaluation, int64_t *samples, int64_t *items);
int32_t gan_evaluation_value(gan_evaluation *evaluation, const char *name, double *value, double *spread);
int32_t gan_evaluation_nearest(gan_evaluation *evaluation, int64_t sample, int64_t *item, double *distance);
int32_t gan_evaluation_class(gan_evaluation *evaluation, int64_t sample, int32_t *index, float *probability);
int32_t gan_evaluation_class_counts(gan_evaluation *evaluation, int32_t index, int64_t *samples, int64_t *items);
int32_t gan_trainer_judge(gan_trainer *trainer, const gan_classifier *classifier);
int32_t gan_image_write_png(const uint8_t *pixels, int64_t count, int32_t height, int32_t width, int32_t channels, int32_t columns,
    int32_t margin, int32_t scale, const char *path);
int32_t gan_image_decode(const void *bytes, size_t size, int32_t convert, uint8_t *pixels, size_t capacity, int32_t *height, int32_t
    *width, int32_t *channels);
int32_t gan_image_decode_png(const void *bytes, size_t size, int32_t convert, uint8_t *pixels, size_t capacity, int32_t *height, int32_t
    *width, int32_t *channels);
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
"""

# ------------------------------------------------------------------------------------------------ Finding the library


def _open_library():
    wanted = os.environ.get("GAN_LIBRARY")
    # As the system finds it, and as `make install` put it: this file in share/gan/python, the library in lib.
    beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "lib", "libgan.so.0")
    problems = []
    for path in [wanted] if wanted else ["libgan.so.0", beside, "/usr/local/lib/libgan.so.0"]:
        try:
            return ctypes.CDLL(path)
        except OSError as problem:
            problems.append(str(problem))
    raise ImportError(
        "libgan cannot be loaded: %s. Install it (make install, then ldconfig), or say where it is: "
        "GAN_LIBRARY=/path/to/libgan.so.0%s" % (problems[0], ", which names another file now." if wanted else ".")
    )


_library = _open_library()

# -------------------------------------------------------------------------------------------- From Python to C and back

# ctypes would cut an integer to its type, and a string at a byte 0.
_RANGES = {
    "int32_t": (c_int32, -(2**31), 2**31 - 1),
    "int64_t": (c_int64, -(2**63), 2**63 - 1),
    "uint64_t": (c_uint64, 0, 2**64 - 1),
    "size_t": (c_size_t, 0, 2 ** (8 * ctypes.sizeof(c_size_t)) - 1),
}


class Error(Exception):
    """What a call of the library failed with: the sentence, and `status`, `name` such as -30, "GAN_E_NOT_FOUND"."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status, self.name = status, _gan.gan_status_name(status)

    def __reduce__(self):  # pickled, it crosses processes
        return type(self), (self.status, str(self))


_local = threading.local()  # raised: what a callback raised on its way past C; guard: the signals of the call in progress


def _check(status):
    """On the thread that made the call: the message is that thread's."""
    if status != 0:
        raised, _local.raised = getattr(_local, "raised", None), None
        if raised is not None:
            raise raised
        raise Error(status, _gan.gan_error_message())


def _string(name):
    def convert(value):
        if value is None:
            return None
        text = os.fsencode(value)
        if b"\0" in text:
            raise ValueError("%s is %r, which has a byte 0 inside; C would read it up to there." % (name, value))
        return text

    return convert


def _index(name, value):
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError("%s is %r; expected a whole number, an int." % (name, value)) from None


def _real(name):
    def convert(value):
        try:
            return float(value)
        except (TypeError, ValueError):
            raise TypeError("%s is %r; expected a number." % (name, value)) from None

    return convert


def _integer(name, kind):
    _, low, high = _RANGES[kind]

    def convert(value):
        whole = _index(name, value)
        if not low <= whole <= high:
            raise OverflowError("%s is %d; expected %d to %d." % (name, whole, low, high))
        return whole

    return convert


class _Functions:
    """The functions of gan.h as Python calls them. A status becomes an Error, a string of the library a str."""

    _prototypes = {}
    for _line in _PROTOTYPES.split(";"):
        _match = re.match(r"\s*(.*[ *])(gan_\w+)\((.*)\)\s*$", _line, re.DOTALL)
        if _match:
            _prototypes[_match.group(2)] = _match.group(1).strip(), re.split(r",\s+", " ".join(_match.group(3).split()))

    def __getattr__(self, name):  # at the first call, so that a library that is older than this file serves as far as it goes
        result, parameters = self._prototypes[name]
        try:
            function = getattr(_library, name)
        except AttributeError:
            raise AttributeError("The library that is loaded, %s, has no %s: it is older than gan.py." % (version(), name)) from None
        types, conversions = [], []
        for position, parameter in enumerate(() if parameters == ["void"] else parameters):
            kind, label = re.match(r"(.*[ *])(\w+)$", parameter).groups()
            kind = kind.strip()
            if kind == "const char *":
                types.append(c_char_p)
                conversions.append((position, _string(label)))
            elif kind in _RANGES:
                types.append(_RANGES[kind][0])
                conversions.append((position, _integer(label, kind)))
            elif kind in ("double", "float"):
                types.append(c_double if kind == "double" else c_float)
                conversions.append((position, _real(label)))
            else:
                types.append(c_void_p)
        function.argtypes = types
        # What takes nothing and gives a number gives no status.
        is_status = result == "int32_t" and bool(types)
        function.restype = {"int32_t": c_int32, "void": None, "const char *": c_char_p}[result]
        is_text = function.restype is c_char_p

        def call(*arguments):
            if conversions:
                arguments = list(arguments)
                for position, convert in conversions:
                    arguments[position] = convert(arguments[position])
            value = function(*arguments)
            if is_status:
                _check(value)
                return None
            return value.decode(errors="replace") if is_text and value is not None else value

        setattr(self, name, call)
        return call


_gan = _Functions()


def _text(function, *arguments):
    """Text that a function copies into a buffer: first its size, then itself."""
    return _sized(function, *arguments)[:-1].decode(errors="surrogateescape")


def _sized(function, *arguments):
    """Bytes that a function copies into a buffer."""
    size = c_size_t()
    function(*arguments, None, 0, byref(size))
    buffer = ctypes.create_string_buffer(max(size.value, 1))
    function(*arguments, buffer, size.value, byref(size))
    return buffer.raw[: size.value]


def _numbers(function, object, *kinds):
    """What a function gives through pointers."""
    values = [kind() for kind in kinds]
    function(object, *map(byref, values))
    return tuple(value.value for value in values)


# ------------------------------------------------------------------------------------------------------------ Arrays

_NAMES = {"f": "float32", "B": "uint8", "i": "int32", "d": "float64", "q": "int64"}
_LIMITS = {"B": (0, 255), "i": (-(2**31), 2**31 - 1)}


def _numpy():
    """NumPy, where it can be imported."""
    global _numpy
    try:
        import numpy
    except ImportError:
        numpy = None
    _numpy = lambda: numpy
    return numpy


def _room(kind, shape):
    """An array for a function to fill, and its address."""
    size, itemsize = 1, array.array(kind).itemsize
    for axis in shape:
        size *= axis
    if size * itemsize > sys.maxsize:
        raise MemoryError("An array of %s values does not fit into memory." % " x ".join(map(str, shape)))
    numpy = _numpy()
    if numpy is not None:
        values = numpy.zeros(shape, _NAMES[kind])
        return values, values.ctypes.data
    values = array.array(kind, (0,)) * size
    return values, values.buffer_info()[0]


def _result(values):
    """What the caller gets of room: bytes as bytes, unless it is NumPy's."""
    return values.tobytes() if isinstance(values, array.array) and values.typecode == "B" else values


def _take(values, kind, what):
    """Numbers of the caller as an array of C's type `kind`, without gaps, and its address. They are converted by value: what is
    no number of that type is refused."""
    numpy = sys.modules.get("numpy") or (hasattr(values, "__array__") and _numpy())
    if numpy and hasattr(values, "__array__"):
        given = numpy.asarray(values)
        if given.dtype.kind not in ("biuf" if kind in "fd" else "biu"):
            raise TypeError("%s are of type %s; expected %s." % (what, given.dtype, _NAMES[kind]))
        if kind in _LIMITS and given.size and not _LIMITS[kind][0] <= int(given.min()) <= int(given.max()) <= _LIMITS[kind][1]:
            raise OverflowError("%s go from %d to %d; expected %d to %d." % (what, given.min(), given.max(), *_LIMITS[kind]))
        with numpy.errstate(over="ignore"):  # infinity, which the library refuses
            taken = numpy.ascontiguousarray(given, dtype=_NAMES[kind])
        return taken, taken.ctypes.data, taken.size
    taken = None
    try:
        view = memoryview(values)
    except TypeError:
        view = None
    if view is not None:
        form = view.format.lstrip("@=")
        if kind in "fd" and view.itemsize == 1:
            raise TypeError('%s are bytes; expected floats. Floats that lie in bytes are array.array("f", those bytes).' % what)
        if form == kind or kind == "B" and form == "c":
            taken = array.array(kind, view.tobytes())
        else:
            try:
                values = memoryview(view.tobytes()).cast(form).tolist()
            except (ValueError, NotImplementedError):
                raise TypeError("%s have the buffer format %r; expected %s." % (what, view.format, _NAMES[kind])) from None
    if taken is None:
        if isinstance(values, (str, int)):
            raise TypeError("%s are a %s; expected numbers." % (what, type(values).__name__))
        try:
            taken = array.array(kind, values)
        except TypeError:
            taken = array.array(kind, list(values))
    return taken, taken.buffer_info()[0], len(taken)


def _whole(values, size, what):
    if size <= 0 or values % size:
        raise ValueError("%d values are not a whole number of %s of %d values." % (values, what, size))
    return values // size


# ----------------------------------------------------------------------------------------------- Signals and callbacks


class _Guard:
    """Python raises what a handler of a signal raises on the way into a callback of C, where nothing can catch it. So while
    the library may call back, handlers are replaced by one that notes the signal, and a callback makes up for it."""

    def __init__(self, callback):
        self.callback = callback  # None where there is none

    def __enter__(self):
        self.noted, self.handlers, self.inside = [], {}, False
        self.before, _local.guard = getattr(_local, "guard", None), self
        if self.callback is not None and threading.current_thread() is threading.main_thread():  # the only one that hears signals
            for number in range(1, signal.NSIG):
                handler = signal.getsignal(number)
                if callable(handler):
                    self.handlers[number] = handler
            for number in list(self.handlers):
                signal.signal(number, self.note)
        return self

    def note(self, number, frame):
        if self.inside:  # within the try of a callback
            self.handlers[number](number, frame)
        else:
            self.noted.append((number, frame))

    def handle(self):
        while self.noted:
            number, frame = self.noted.pop(0)
            self.handlers[number](number, frame)

    def __exit__(self, *_):
        _local.guard = self.before
        for number, handler in self.handlers.items():
            if signal.getsignal(number) == self.note:  # else a callback has set another
                signal.signal(number, handler)
        self.handle()


def _callable_from_c(function):
    """What the function raises is raised by the call that called back; C is told a 1."""

    def call(*arguments):
        guard = getattr(_local, "guard", None)
        try:
            if guard is not None:
                guard.inside = True
                guard.handle()
            result = function(*arguments)
            if guard is not None:
                guard.inside = False
            return result
        except BaseException as exception:
            if guard is not None:
                guard.inside = False
            _local.raised = exception
            return 1

    return call


_progress_fn = ctypes.CFUNCTYPE(c_int32, c_void_p, c_void_p, c_int32)
_fill_fn = ctypes.CFUNCTYPE(c_int32, c_void_p, ctypes.POINTER(c_int64), c_int64, c_void_p)


def _in_pieces(pace, name, first, total, work):
    """Calls work(start, count) for all of a total. Python handles signals between calls of C, so on the main thread, which
    hears them, a call takes about a twentieth of a second; how much that is, is kept in `pace`. The results are the same bits."""
    # What no call of C can count, one call refuses.
    if threading.current_thread() is not threading.main_thread() or total <= pace.get(name, first) or total >= 2**63:
        return work(0, total)
    done = 0
    while done < total:
        at_once = pace.get(name, first)
        count = min(at_once, total - done)
        started = time.perf_counter()
        work(done, count)
        spent = max(time.perf_counter() - started, 1e-6)
        pace[name] = max(1, min(int(0.05 * count / spent), 4 * at_once))
        done += count


# ----------------------------------------------------------------------------------------------------- The library

OptionDescription = collections.namedtuple("OptionDescription", "name type default range summary minimum maximum condition")


def version():
    return _gan.gan_version_string()


def version_number():
    """10000 * major + 100 * minor + patch."""
    return _gan.gan_version()


def instruction_set():
    return _gan.gan_instruction_set()


def describe_options():
    """Every option there is, as a list of OptionDescription; minimum and maximum are None for an option without bounds,
    condition is "" for one that always has a meaning."""
    told = [_gan.gan_option_name, _gan.gan_option_type, _gan.gan_option_default, _gan.gan_option_range, _gan.gan_option_summary]
    described = []
    for index in range(_gan.gan_option_count()):
        try:
            bounds = _numbers(_gan.gan_option_bounds, index, c_double, c_double)
        except Error:
            bounds = None, None
        described.append(OptionDescription(*(what(index) for what in told), *bounds, _gan.gan_option_condition(index)))
    return described


def options():
    """Every option there is: {name: (type, default, range, summary)}."""
    return {option.name: option[1:5] for option in describe_options()}


def metrics():
    """Every metric of a trainer: {name: what it means}."""
    return {_gan.gan_metric_name(i): _gan.gan_metric_summary(i) for i in range(_gan.gan_metric_count())}


Recipe = collections.namedtuple("Recipe", "name summary paper options")
Input = collections.namedtuple("Input", "name kind width classes")
Column = collections.namedtuple("Column", "name kind categories")


def recipes():
    """What can be trained, [(name, summary, paper, names of its own options)]: the values of the option "recipe"."""
    return [
        Recipe(_gan.gan_recipe_name(i), _gan.gan_recipe_summary(i), _gan.gan_recipe_paper(i),
               [option for option in _gan.gan_recipe_options(i).split(",") if option])
        for i in range(_gan.gan_recipe_count())
    ]


def made_data():
    """The data sets that the library makes itself: {name: what it is}."""
    return {_gan.gan_made_name(i): _gan.gan_made_summary(i) for i in range(_gan.gan_made_count())}


class _Handle:
    """An object of the library. Using it after close() is an Error: the library knows its handles."""

    def __init__(self, make, *arguments):
        handle = c_void_p()
        make(*arguments, byref(handle))
        self._as_parameter_ = handle
        self.close = weakref.finalize(self, self._destroy, handle)

    @classmethod
    def _made(cls, make, *arguments):
        self = cls.__new__(cls)
        _Handle.__init__(self, make, *arguments)
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __reduce__(self):
        raise TypeError("A %s is an object of this process; save it to a file, and load it where it is wanted." % type(self).__name__)


def _setting(name, value):
    """The text that the library reads as this value. A number that is whole is one to it, whatever its type: 7.0 is 7."""
    plain = value.tolist() if hasattr(value, "tolist") else value  # numbers and arrays of NumPy and its relatives
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, (list, tuple)):
        return ",".join(_setting(name, item) for item in plain)
    if plain is None or isinstance(plain, (bytes, bytearray, memoryview, dict, set)):
        raise TypeError("The option %r is %r; expected a number, a str, a bool, or a list of them." % (name, value))
    if isinstance(plain, float) and plain.is_integer() and abs(plain) <= 2**53:
        return str(int(plain))
    return str(value)


class Options(_Handle):
    """Settings: Options({"seed": 7, "generator.hidden": [256, 256], "data.shuffle": False})."""

    _destroy = _gan.gan_options_destroy

    def __init__(self, settings=()):
        super().__init__(_gan.gan_options_create)
        for name, value in dict(settings).items():
            self[name] = value

    def __setitem__(self, name, value):
        _gan.gan_options_set(self, name, _setting(name, value))

    def __getitem__(self, name):
        return _text(_gan.gan_options_get, self, name)

    def set_integer(self, name, value):
        """Sets an option of type integer, real or boolean."""
        _gan.gan_options_set_integer(self, name, value)

    def set_real(self, name, value):
        """Sets an option of type real, or of type integer to a whole number."""
        _gan.gan_options_set_real(self, name, value)


def _as_options(options):
    return options if options is None or isinstance(options, Options) else Options(options)


Field = collections.namedtuple("Field", "name kind shape items range classes")
Field.__doc__ = """A field of a dataset's items: its name, "values", "label", "tags" or "text", the axes of an item, how many items, the
least and the greatest number, and what its classes, tags or characters are called."""


class Dataset(_Handle):
    """Images, with labels or without, or other fields. Made by open, open_idx, from_bytes, from_floats, from_values, from_callback, combine,
    and of another one by with_labels, with_tags and with_texts."""

    _destroy = _gan.gan_dataset_destroy
    _kept = None  # the function that fills batches, which the trainers keep too

    def __init__(self):
        raise TypeError("Use Dataset.open, open_idx, from_bytes, from_floats, from_values, from_callback or combine.")

    @classmethod
    def open(cls, path, options=None):
        return cls._made(_gan.gan_dataset_open, path, _as_options(options))

    @classmethod
    def open_idx(cls, images, labels=None, options=None):
        return cls._made(_gan.gan_dataset_open_idx, images, labels, _as_options(options))

    @classmethod
    def make(cls, name, count=0, seed=0, made_of=None):
        """Data that the library makes itself: a name of made_data(); made_of is the Dataset of digits that some are made of."""
        return cls._made(_gan.gan_dataset_make, name, count, seed, made_of)

    def write(self, path, labels=None):
        """Writes everything into a file, NPY where its name ends in .npy, else IDX; labels into another."""
        _gan.gan_dataset_write(self, path, labels)

    @classmethod
    def from_bytes(cls, pixels, height=None, width=None, channels=None, labels=None, classes=0):
        """Images of bytes, 0 (black) to 255. The sizes may be left out where the array has them: [count, height, width] or
        [count, height, width, channels]."""
        return cls._from_memory(_gan.gan_dataset_create_bytes, "B", "pixels", pixels, (height, width, channels), (), labels, classes)

    @classmethod
    def from_floats(cls, values, height=None, width=None, channels=None, minimum=0.0, maximum=1.0, labels=None, classes=0):
        """Images of floats from minimum (black) to maximum (white)."""
        return cls._from_memory(_gan.gan_dataset_create_floats, "f", "values", values, (height, width, channels), (minimum, maximum), labels, classes)

    @classmethod
    def _from_memory(cls, make, kind, what, values, sizes, ends, labels, classes):
        height, width, channels = sizes
        if height is None or width is None:
            shape = getattr(values, "shape", ())
            if len(shape) not in (3, 4):
                raise ValueError("height and width are missing, and the %s have no shape of 3 or 4 axes." % what)
            height, width, channels = shape[1], shape[2], shape[3] if len(shape) == 4 else 1
        channels = 1 if channels is None else channels
        kept, address, length = _take(values, kind, what)
        count = _whole(length, height * width * channels, "images")
        labelled, where = None, None
        if labels is not None:
            labelled, where, named = _take(labels, "i", "labels")
            if named != count:
                raise ValueError("There are %d labels for %d images." % (named, count))
        return cls._made(make, address, count, height, width, channels, *ends, where, classes, None, None)

    @classmethod
    def from_callback(cls, fill, count, height, width, channels=1):
        """Images that a function delivers when they are needed: fill(indices) gives len(indices) images of floats from 0
        (black) to 1. It is called on the thread that trains; what it raises, the call that needed images raises."""
        size = _index("height", height) * _index("width", width) * _index("channels", channels)

        def filled(context, indices, wanted, values):
            kept, address, length = _take(fill(indices[:wanted]), "f", "images")
            if length != wanted * size:
                raise ValueError("The callback gave %d values for %d images of %d values." % (length, wanted, size))
            ctypes.memmove(values, address, 4 * length)
            return 0

        function = _fill_fn(_callable_from_c(filled))
        made = cls._made(_gan.gan_dataset_create_callback, function, count, height, width, channels, None, None)
        made._kept = function
        return made

    @classmethod
    def from_values(cls, values, axes=None, minimum=0.0, maximum=0.0, name=None):
        """Floats of any rank, [count] + axes, which may be left out where the array has them. The range is that of the values, unless it
        is given."""
        axes = tuple(getattr(values, "shape", ())[1:] if axes is None else axes)
        kept, address, length = _take(values, "f", "values")
        size = 1
        for axis in axes:
            size *= operator.index(axis)
        sizes = (c_int64 * max(len(axes), 1))(*axes)
        count = _whole(length, size, "items")
        return cls._made(_gan.gan_dataset_create_values, address, count, sizes, len(axes), minimum, maximum, name, None, None)

    @classmethod
    def from_csv(cls, text, options=None):
        """A table out of memory, str or bytes, as comma-separated values: what open does with a file that ends in .csv."""
        text = text.encode() if isinstance(text, str) else bytes(text)
        return cls._made(_gan.gan_dataset_create_table, text, len(text), _as_options(options))

    @classmethod
    def combine(cls, datasets, paired=True):
        """The fields of several datasets as those of one: {"source": sketches, "target": photos}. Those that are not paired have each a
        number of items of their own, and are taken in an order of their own."""
        handles = (c_void_p * max(len(datasets), 1))(*[dataset._as_parameter_ for dataset in datasets.values()])
        made = cls._made(_gan.gan_dataset_combine, handles, len(datasets), "\n".join(datasets), 1 if paired else 0)
        made._kept = tuple(dataset._kept for dataset in datasets.values() if dataset._kept) or None
        return made

    def _with(self, function, *arguments):
        made = self._made(function, self, *arguments)
        made._kept = self._kept
        return made

    def with_labels(self, labels, names=(), classes=0, name=None):
        """The same dataset with a label more for each item."""
        kept, address, length = _take(labels, "i", "labels")
        self._each(length, "labels", 1)
        return self._with(_gan.gan_dataset_add_labels, name, address, classes, "\n".join(names))

    def with_tags(self, tags, names, name=None):
        """The same dataset with tags, [count, len(names)] zeros and ones."""
        kept, address, length = _take(tags, "B", "tags")
        self._each(length, "tags", len(names))
        return self._with(_gan.gan_dataset_add_tags, name, address, "\n".join(names))

    def with_texts(self, texts, length=0, name=None):
        """The same dataset with a text for each item, of at most `length` characters."""
        whole = b"".join(_string("texts")(text) + b"\0" for text in texts)
        return self._with(_gan.gan_dataset_add_texts, name, whole, len(whole), length)

    def _each(self, length, what, size):
        if length != self.shape[0] * size:
            raise ValueError("There are %d %s for %d items; expected %d for each." % (length, what, self.shape[0], size))

    @property
    def fields(self):
        """What an item has."""
        return [self._field(index) for index in range(_numbers(_gan.gan_dataset_field_count, self, c_int32)[0])]

    def _field(self, index):
        rank, items, low, high, classes = c_size_t(), c_int64(), c_float(), c_float(), c_int32()
        sizes = (c_int64 * 8)()
        _gan.gan_dataset_field_shape(self, index, sizes, 8, byref(rank))
        _gan.gan_dataset_field_items(self, index, byref(items))
        _gan.gan_dataset_field_range(self, index, byref(low), byref(high))
        _gan.gan_dataset_field_classes(self, index, byref(classes))
        return Field(
            _text(_gan.gan_dataset_field_name, self, index), _text(_gan.gan_dataset_field_kind, self, index), tuple(sizes[: rank.value]),
            items.value, (low.value, high.value),
            [_text(_gan.gan_dataset_field_class_name, self, index, number) for number in range(classes.value)])

    def _index(self, field):
        """A field's number, by its name or number."""
        if isinstance(field, str):
            names = [one.name for one in self.fields]
            if field not in names:
                raise KeyError("There is no field %r among %s." % (field, ", ".join(names)))
            return names.index(field)
        return field

    def read_field(self, field, first, count):
        """Items of a field as floats, within its range."""
        index = self._index(field)
        values, address = _room("f", (max(count, 0), *self._field(index).shape))
        with _Guard(self._kept):
            _gan.gan_dataset_field_read(self, index, first, count, address, _length(values))
        return values

    def field_text(self, field, item):
        """The name of an item's class, its tags with commas between them, or its text."""
        return _text(_gan.gan_dataset_field_text, self, self._index(field), item)

    @property
    def shape(self):
        """(count, height, width, channels)"""
        return _numbers(_gan.gan_dataset_shape, self, c_int64, c_int32, c_int32, c_int32)

    @property
    def classes(self):
        return _numbers(_gan.gan_dataset_classes, self, c_int32)[0]

    @property
    def class_names(self):
        """What the data call their classes, in a list."""
        return [_text(_gan.gan_dataset_class_name, self, index) for index in range(self.classes)]

    def read(self, first, count):
        """Images as floats from 0 (black) to 1."""
        values, address = _room("f", (max(count, 0), *self.shape[1:]))
        with _Guard(self._kept):
            _gan.gan_dataset_read(self, first, count, address, _length(values))
        return values

    def read_labels(self, first, count):
        """Labels in an array of NumPy, or in a list."""
        labels, address = _room("i", (max(count, 0),))
        _gan.gan_dataset_read_labels(self, first, count, address, len(labels))
        return labels if _numpy() else list(labels)


def _length(values):
    return len(values) if isinstance(values, array.array) else values.size


class Trainer(_Handle):
    """A generator and a discriminator in training. Options may be a dictionary."""

    _destroy = _gan.gan_trainer_destroy

    def __init__(self, dataset, options=None):
        self._begin(dataset, _gan.gan_trainer_create, _as_options(options), dataset)

    @classmethod
    def load(cls, path, dataset, options=None):
        """Goes on from a checkpoint as if the training had never stopped."""
        self = cls.__new__(cls)
        self._begin(dataset, _gan.gan_trainer_load, path, _as_options(options), dataset)
        return self

    @classmethod
    def from_bytes(cls, checkpoint, dataset, options=None):
        """Goes on from the contents of a checkpoint file."""
        kept, address, length = _take(checkpoint, "B", "the checkpoint's bytes")
        self = cls.__new__(cls)
        self._begin(dataset, _gan.gan_trainer_load_memory, address, length, _as_options(options), dataset)
        return self

    def _begin(self, dataset, make, *arguments):
        _Handle.__init__(self, make, *arguments)
        self._kept, self._pace, self._cancels = dataset._kept, {}, 0

    def save(self, path):
        _gan.gan_trainer_save(self, path)

    def to_bytes(self):
        """What save writes, as bytes."""
        return _sized(_gan.gan_trainer_save_memory, self)

    def check_save(self, path):
        """Raises what save would raise, and leaves everything as it was."""
        _gan.gan_trainer_check_save(self, path)

    @property
    def data(self):
        """Whether a training that was loaded has the images that it had before: "same", "other" or "unknown"."""
        return {1: "same", 2: "other"}.get(_numbers(_gan.gan_trainer_data, self, c_int32)[0], "unknown")

    def step(self, steps=1):
        """Trains for so many steps. An exception of a signal's handler, such as KeyboardInterrupt, is raised between two steps,
        and the trainer can be saved or go on from there."""
        cancels = self._cancels

        def work(done, count):
            if self._cancels != cancels and done:
                raise Error(-50, "The training was cancelled after step %d." % self.metric("step"))
            _gan.gan_trainer_step(self, count)

        steps = _index("steps", steps)
        if self._kept is None:
            _in_pieces(self._pace, "step", 1, steps, work)
        else:
            with _Guard(self._kept):
                _gan.gan_trainer_step(self, steps)

    def run(self, epochs, progress=None):
        """Trains. progress(trainer, event) is called after every epoch (EPOCH) and about twenty times a second
        (PROGRESS); when it returns something true, run ends with the Error GAN_E_CANCELLED. What it raises, run raises;
        so is what a signal's handler raises, such as KeyboardInterrupt, and the trainer can be saved after it."""

        def call(context, trainer, event):
            return 1 if progress is not None and progress(self, event) else 0

        function = _progress_fn(_callable_from_c(call))
        with _Guard(function):
            _gan.gan_trainer_run(self, epochs, function, None)

    def cancel(self):
        """Ends a run; may be called from any thread."""
        self._cancels += 1
        _gan.gan_trainer_cancel(self)

    def metric(self, name):
        """"step", "epoch", "discriminator.loss", "generator.loss", … as gan.metrics lists them."""
        value = c_double()
        _gan.gan_trainer_metric(self, name, byref(value))
        return value.value

    @property
    def metrics(self):
        """The names of this training's metrics."""
        count = _numbers(_gan.gan_trainer_metric_count, self, c_int32)[0]
        return [_text(_gan.gan_trainer_metric_name, self, index) for index in range(count)]

    def option(self, name):
        return _text(_gan.gan_trainer_option, self, name)

    @property
    def preview_shape(self):
        """(height, width, channels) of a row of a preview."""
        return _numbers(_gan.gan_trainer_preview_shape, self, c_int32, c_int32, c_int32)

    def preview(self, first, count):
        """Rows of what is read of the data, what is made of it and the truth, as bytes."""
        first, count = _index("first", first), _index("count", count)
        values, address = _room("B", (max(count, 0), *self.preview_shape))
        _gan.gan_trainer_preview(self, first, count, address, _length(values))
        return _result(values)

    def generator(self):
        """A snapshot, which further training does not change."""
        return Generator._made(_gan.gan_trainer_generator, self)

    def classifier(self):
        """A snapshot of what the recipe classifier trains."""
        return Classifier._made(_gan.gan_trainer_classifier, self)

    def judge(self, classifier):
        """Lets a classifier judge in the evaluations of the option evaluate.every; None for random features."""
        _gan.gan_trainer_judge(self, classifier)


class Generator(_Handle):
    """A trained generator: immutable, and shared freely between threads."""

    _destroy = _gan.gan_generator_destroy

    def __init__(self):
        raise TypeError("Use Generator.load, Generator.from_bytes or Trainer.generator.")

    @classmethod
    def load(cls, path):
        return cls._made(_gan.gan_generator_load, path)

    @classmethod
    def from_bytes(cls, checkpoint):
        """From the contents of a checkpoint file."""
        kept, address, length = _take(checkpoint, "B", "the checkpoint's bytes")
        return cls._made(_gan.gan_generator_load_memory, address, length)

    def save(self, path):
        _gan.gan_generator_save(self, path)

    def to_bytes(self):
        """What save writes, as bytes."""
        return _sized(_gan.gan_generator_save_memory, self)

    @property
    def latent_size(self):
        return _numbers(_gan.gan_generator_latent_size, self, c_int32)[0]

    @property
    def shape(self):
        """(height, width, channels)"""
        return _numbers(_gan.gan_generator_shape, self, c_int32, c_int32, c_int32)

    @property
    def axes(self):
        """Axes of what is made: (height, width, channels), (n,), (depth, height, width, channels)."""
        axes, rank = (c_int64 * 8)(), c_size_t()
        _gan.gan_generator_axes(self, axes, 8, byref(rank))
        return tuple(axes[: rank.value])

    @property
    def range(self):
        """What is black and what is white among the floats of an image."""
        return _numbers(_gan.gan_generator_range, self, c_float, c_float)

    @property
    def inputs(self):
        """What samples are made of, [(name, kind, numbers a row, names of classes)]; Sampler.set sets all but the first."""
        count = _numbers(_gan.gan_generator_input_count, self, c_int32)[0]
        return [self._input(index) for index in range(count)]

    def _input(self, index):
        width, classes = c_int32(), c_int32()
        _gan.gan_generator_input_width(self, index, byref(width))
        _gan.gan_generator_input_classes(self, index, byref(classes))
        return Input(
            _text(_gan.gan_generator_input_name, self, index), _text(_gan.gan_generator_input_kind, self, index), width.value,
            [_text(_gan.gan_generator_input_class_name, self, index, number) for number in range(classes.value)])

    @property
    def columns(self):
        """Of the rows that a generator of the recipe table makes: [(name, kind, categories)]."""
        return [self._column(index) for index in range(_numbers(_gan.gan_generator_column_count, self, c_int32)[0])]

    def _column(self, index):
        count = c_int32()
        _gan.gan_generator_column_categories(self, index, byref(count))
        return Column(
            _text(_gan.gan_generator_column_name, self, index), _text(_gan.gan_generator_column_kind, self, index),
            [self.cell_text(index, number) for number in range(count.value)])

    def cell_text(self, index, cell):
        """A cell of Sampler.draw_rows as the data write it."""
        return _text(_gan.gan_generator_column_text, self, index, float(cell))

    def option(self, name):
        return _text(_gan.gan_generator_option, self, name)

    def sampler(self, options=None):
        return Sampler(self, options)

    def applier(self, options=None):
        return Applier(self, options)


class Sampler(_Handle):
    """Draws from a generator; one a thread. Sample i under a seed is the same whatever it is drawn together with."""

    _destroy = _gan.gan_sampler_destroy

    def __init__(self, generator, options=None):
        super().__init__(_gan.gan_sampler_create, generator, _as_options(options))
        self._image, self._latent, self._pace, self._generator = generator.shape, generator.latent_size, {}, generator

    def _filled(self, function, kind, shape, count, *before):
        """An array of so many items that a function fills, which takes the first item and how many."""
        count = _index("count", count)
        values, address = _room(kind, (max(count, 0), *shape))
        size = _length(values) // max(count, 1)
        first = _index("first", before[-1])

        def work(start, part):
            function(self, *before[:-1], first + start, part, address + start * size * values.itemsize, max(part, 0) * size)

        _in_pieces(self._pace, function, 64, count, work)
        return _result(values)

    def set(self, name, value):
        """Sets an input from text ("7", a class's name, "0,1,2"), a number, or an array of rows; "" or None unsets it."""
        if value is None or isinstance(value, (str, int)):
            return _gan.gan_sampler_set(self, name, "" if value is None else str(value))
        if isinstance(value, float):
            value = [value]
        kept, address, length = _take(value, "f", "an input's rows")
        _gan.gan_sampler_set_values(self, name, address, length)

    def latents(self, seed, first, count):
        """What draw decodes, [count, latent size]."""
        return self._filled(_gan.gan_sampler_latents, "f", (self._latent,), count, seed, first)

    def draw(self, seed, first, count):
        """Samples first … first + count - 1 as floats in the generator's range."""
        return self._filled(_gan.gan_sampler_draw, "f", self._image, count, seed, first)

    def draw_bytes(self, seed, first, count):
        """Samples as bytes from 0 (black) to 255."""
        return self._filled(_gan.gan_sampler_draw_bytes, "B", self._image, count, seed, first)

    def _decoded(self, function, kind, latents):
        kept, source, length = _take(latents, "f", "latents")
        count = _whole(length, self._latent, "latents")
        values, address = _room(kind, (count, *self._image))
        size = _length(values) // max(count, 1)

        def work(start, part):
            function(self, source + 4 * start * self._latent, part, address + start * size * values.itemsize, part * size)

        _in_pieces(self._pace, function, 64, count, work)
        return _result(values)

    def decode(self, latents):
        """Images of the caller's latents."""
        return self._decoded(_gan.gan_sampler_decode, "f", latents)

    def decode_bytes(self, latents):
        """Images of the caller's latents, as bytes."""
        return self._decoded(_gan.gan_sampler_decode_bytes, "B", latents)

    def path(self, start, end, count, path=SPHERICAL):
        """Latents from one to another, both included, for decode."""
        kept, start, end = self._ends(start, end)
        values, address = _room("f", (max(count, 0), self._latent))
        _gan.gan_sampler_path(self, start, end, path, count, address, _length(values))
        return values

    def path_at(self, start, end, place, path=SPHERICAL):
        """The latent at a place, from 0 to 1, of the way from one to another, for decode."""
        kept, start, end = self._ends(start, end)
        values, address = _room("f", (1, self._latent))
        _gan.gan_sampler_path_at(self, start, end, path, place, address, _length(values))
        return values

    def _ends(self, start, end):
        (kept, start, one), (kept_too, end, other) = _take(start, "f", "latents"), _take(end, "f", "latents")
        if one != self._latent or other != self._latent:
            raise ValueError("A latent has %d numbers." % self._latent)
        return (kept, kept_too), start, end

    def png(self, seed, first, count, columns=8, margin=2, scale=1):
        """A grid of samples as the bytes of a PNG."""
        return _sized(_gan.gan_sampler_encode_png, self, seed, first, count, columns, margin, scale)

    def write_png(self, path, seed, first, count, columns=8, margin=2, scale=1):
        _gan.gan_sampler_write_png(self, seed, first, count, columns, margin, scale, path)

    def write_idx(self, path, seed, first, count):
        """Samples as an IDX file of bytes, which Dataset.open reads."""
        _gan.gan_sampler_write_idx(self, seed, first, count, path)

    def write_npy(self, path, seed, first, count):
        """Samples as a NumPy file of floats in the generator's range."""
        _gan.gan_sampler_write_npy(self, seed, first, count, path)

    def where(self, conditions):
        """What rows of a table are to meet: "city=Seoul", or a list of such; None for any rows."""
        if not isinstance(conditions, (str, type(None))):
            conditions = "\n".join(conditions)
        _gan.gan_sampler_where(self, conditions)

    def draw_rows(self, seed, first, count):
        """Rows of a table, [count, columns]: places of categories, numbers, seconds since 1970; nan where a value is missing."""
        columns = _numbers(_gan.gan_generator_column_count, self._generator, c_int32)[0]
        values, address = _room("d", (max(_index("count", count), 0), columns))
        _gan.gan_sampler_draw_rows(self, seed, first, count, address, _length(values))
        return _result(values)

    def write_csv(self, path, seed, first, count):
        """Rows of a table as comma-separated values."""
        _gan.gan_sampler_write_csv(self, seed, first, count, path)


class Applier(_Handle):
    """Makes pictures of pictures, of any size, what the recipes image-to-image, super-resolution and inpainting train; or says which
    frames follow, what next-frame trains. One thread at a time; a picture that is begun is finished before a signal is heard."""

    _destroy = _gan.gan_applier_destroy

    def __init__(self, generator, options=None):
        super().__init__(_gan.gan_applier_create, generator, _as_options(options))

    @property
    def channels(self):
        """(channels of what is read, channels of what is made, whether a mask goes with every picture)"""
        read, made, takes_mask = _numbers(_gan.gan_applier_channels, self, c_int32, c_int32, c_int32)
        return read, made, bool(takes_mask)

    def shape(self, height, width):
        """The (height, width, channels) of what is made of a picture."""
        rows, columns = c_int32(), c_int32()
        _gan.gan_applier_shape(self, height, width, byref(rows), byref(columns))
        return rows.value, columns.value, self.channels[1]

    def apply(self, pixels, height=None, width=None, mask=None, seed=0):
        """Of a picture of floats from 0 to 1. The mask, of as many numbers as the picture has pixels, is above 0.5 where it is
        missing. The sides may be left out for an array that has them."""
        return self._applied(_gan.gan_applier_apply, "f", pixels, height, width, mask, seed)

    def apply_bytes(self, pixels, height=None, width=None, mask=None, seed=0):
        """The same of bytes; the mask is above 127 where the picture is missing."""
        return self._applied(_gan.gan_applier_apply_bytes, "B", pixels, height, width, mask, seed)

    def _applied(self, function, kind, pixels, height, width, mask, seed):
        if height is None or width is None:
            sides = getattr(pixels, "shape", ())
            if len(sides) < 2:
                raise TypeError("height and width are missing; only an array with a shape does without.")
            height, width = sides[:2]
        shape = self.shape(height, width)
        kept, address, length = _take(pixels, kind, "pixels")
        kept_too, missing, covered = (None, None, None) if mask is None else _take(mask, kind, "the mask's values")
        for what, given, expected in ("A picture", length, height * width * self.channels[0]), ("A mask", covered, height * width):
            if given is not None and given != expected:
                raise ValueError("%s of %d x %d has %d values; here are %d." % (what, height, width, expected, given))
        values, made = _room(kind, shape)
        function(self, seed, address, missing, height, width, made, _length(values))
        return _result(values)

    @property
    def frames(self):
        """How many frames are looked at to say which one follows; 0 for a model that makes a picture of one picture."""
        return _numbers(_gan.gan_applier_frames, self, c_int32)[0]

    def predict(self, frames, height=None, width=None, count=1, seed=0):
        """The frames that follow frames of floats from 0 to 1, the oldest first; as many as are asked for, however many are given beyond
        those that are looked at. The sides may be left out for an array [frames, height, width, ...]."""
        return self._predicted(_gan.gan_applier_predict, "f", frames, height, width, count, seed)

    def predict_bytes(self, frames, height=None, width=None, count=1, seed=0):
        """The same of bytes."""
        return self._predicted(_gan.gan_applier_predict_bytes, "B", frames, height, width, count, seed)

    def _predicted(self, function, kind, frames, height, width, count, seed):
        if height is None or width is None:
            sides = getattr(frames, "shape", ())
            if len(sides) < 3:
                raise TypeError("height and width are missing; only an array with a shape does without.")
            height, width = sides[1:3]
        shape = self.shape(height, width)
        kept, address, length = _take(frames, kind, "the frames' values")
        size = height * width * self.channels[0]
        if length % size:
            raise ValueError("A frame of %d x %d has %d values; here are %d." % (height, width, size, length))
        values, made = _room(kind, (max(count, 0),) + shape)
        function(self, seed, address, length // size, height, width, count, made, _length(values))
        return _result(values)


Tensor = collections.namedtuple("Tensor", "name shape type")


class Checkpoint(_Handle):
    """A checkpoint to be looked at; to draw from it load a Generator, to train on a Trainer. It may be shared."""

    _destroy = _gan.gan_checkpoint_destroy

    def __init__(self, path):
        super().__init__(_gan.gan_checkpoint_open, path)

    def text(self, name):
        """"kind", "step" or "seed"."""
        return _text(_gan.gan_checkpoint_text, self, name)

    def option(self, name):
        return _text(_gan.gan_checkpoint_option, self, name)

    def tensors(self):
        """The name, shape and type of every tensor, in the order of the file."""
        count = _numbers(_gan.gan_checkpoint_tensor_count, self, c_int64)[0]
        return [Tensor(_text(_gan.gan_checkpoint_tensor_name, self, i), self._shape(i), _text(_gan.gan_checkpoint_tensor_type, self, i)) for i in range(count)]

    def read(self, name):
        """The numbers of a tensor."""
        for index, tensor in enumerate(self.tensors()):
            if tensor.name == name:
                values, address = _room("f", tensor.shape)
                _gan.gan_checkpoint_tensor_read(self, index, address, _length(values), byref(c_size_t()))
                return values
        raise KeyError(name)

    def _shape(self, index):
        axes, rank = (c_int64 * 64)(), c_size_t()  # no tensor has more
        _gan.gan_checkpoint_tensor_shape(self, index, axes, 64, byref(rank))
        return tuple(axes[: rank.value])


class Classifier(_Handle):
    """Tells the classes of pictures; what the recipe classifier trains. One thread at a time."""

    _destroy = _gan.gan_classifier_destroy

    def __init__(self):
        raise TypeError("Use Classifier.load, Classifier.from_bytes or Trainer.classifier.")

    @classmethod
    def load(cls, path, options=None):
        return cls._made(_gan.gan_classifier_load, path, _as_options(options))

    @classmethod
    def from_bytes(cls, checkpoint, options=None):
        """From the contents of a checkpoint file."""
        kept, address, length = _take(checkpoint, "B", "the checkpoint's bytes")
        return cls._made(_gan.gan_classifier_load_memory, address, length, _as_options(options))

    @property
    def shape(self):
        """(height, width, channels)"""
        return _numbers(_gan.gan_classifier_shape, self, c_int32, c_int32, c_int32)

    @property
    def target(self):
        """What it tells beside features: 'labels', 'tags', or '' for an autoencoder."""
        return _text(_gan.gan_classifier_target, self)

    @property
    def class_names(self):
        return [_text(_gan.gan_classifier_class_name, self, index) for index in range(_numbers(_gan.gan_classifier_classes, self, c_int32)[0])]

    @property
    def features(self):
        """How many numbers the features of a picture are."""
        return _numbers(_gan.gan_classifier_features, self, c_int32)[0]

    def __call__(self, images):
        """Class probabilities [count, classes] and features [count, features] of images of floats from 0 (black) to 1."""
        height, width, channels = self.shape
        kept, address, length = _take(images, "f", "images")
        count = _whole(length, height * width * channels, "images")
        probabilities, where = _room("f", (count, _numbers(_gan.gan_classifier_classes, self, c_int32)[0]))
        features, there = _room("f", (count, self.features))
        _gan.gan_classifier_run(self, address, count, where, _length(probabilities), there, _length(features))
        return probabilities, features


Measure = collections.namedtuple("Measure", "name summary paper range goal needs samples minimum")


def measures():
    """What evaluations can measure."""
    told = (_gan.gan_measure_name, _gan.gan_measure_summary, _gan.gan_measure_paper, _gan.gan_measure_range, _gan.gan_measure_goal,
            _gan.gan_measure_needs, _gan.gan_measure_samples)
    return [Measure(*(what(index) for what in told), _numbers(_gan.gan_measure_minimum, index, c_int64)[0]) for index in range(_gan.gan_measure_count())]


class Evaluation(_Handle):
    """Samples beside data: evaluation["frechet-distance"]. Made by of_generator, of_dataset and of_features."""

    _destroy = _gan.gan_evaluation_destroy

    def __init__(self):
        raise TypeError("Use Evaluation.of_generator, Evaluation.of_dataset or Evaluation.of_features.")

    @classmethod
    def of_generator(cls, generator, dataset, classifier=None, count=10000, seed=0, options=None):
        """Samples 0 … count - 1 under the seed."""
        with _Guard(dataset._kept):
            return cls._made(_gan.gan_evaluate_generator, generator, dataset, classifier, _as_options(options), seed, count)

    @classmethod
    def of_dataset(cls, samples, dataset, classifier=None, options=None):
        """Pictures, whoever made them."""
        with _Guard(samples._kept or dataset._kept):
            return cls._made(_gan.gan_evaluate_dataset, samples, dataset, classifier, _as_options(options))

    @classmethod
    def of_features(cls, samples, data, width=None, options=None):
        """Features of any network, [count, width]; width may be left out where the array has a shape."""
        width = samples.shape[-1] if width is None else width
        (kept, mine, some), (kept_too, theirs, others) = _take(samples, "f", "features"), _take(data, "f", "features")
        return cls._made(
            _gan.gan_evaluate_features, mine, _whole(some, width, "samples"), theirs, _whole(others, width, "items"), width, _as_options(options))

    @property
    def counts(self):
        """How many samples and how many items of the data."""
        return _numbers(_gan.gan_evaluation_counts, self, c_int64, c_int64)

    def value(self, name):
        """A measure's value and its spread, which is NaN where the measure has none."""
        value, spread = c_double(), c_double()
        _gan.gan_evaluation_value(self, name, byref(value), byref(spread))
        return value.value, spread.value

    def __getitem__(self, name):
        return self.value(name)[0]

    def nearest(self, sample):
        """The item of the data nearest to a sample, and how far their features are from each other."""
        item, distance = c_int64(), c_double()
        _gan.gan_evaluation_nearest(self, sample, byref(item), byref(distance))
        return item.value, distance.value

    def class_of(self, sample):
        """What the classifier takes a sample for, and how sure it is."""
        index, probability = c_int32(), c_float()
        _gan.gan_evaluation_class(self, sample, byref(index), byref(probability))
        return index.value, probability.value

    def class_counts(self, index):
        """How many samples, and how many items, the classifier takes for a class."""
        samples, items = c_int64(), c_int64()
        _gan.gan_evaluation_class_counts(self, index, byref(samples), byref(items))
        return samples.value, items.value


def decode_image(file, convert=0):
    """The pixels of a PNG or JPEG file that is in memory, and (height, width, channels); convert is 0 for the file's own
    channels, 1 for grey, 3 for RGB."""
    return _decoded(_gan.gan_image_decode, file, convert)


def decode_png(file, convert=0):
    """The same of PNG alone."""
    return _decoded(_gan.gan_image_decode_png, file, convert)


def _decoded(function, file, convert):
    kept, address, length = _take(file, "B", "the file's bytes")
    height, width, channels = c_int32(), c_int32(), c_int32()
    found = byref(height), byref(width), byref(channels)
    function(address, length, convert, None, 0, *found)
    shape = height.value, width.value, channels.value
    pixels, where = _room("B", shape)
    function(address, length, convert, where, _length(pixels), *found)
    return _result(pixels), shape


def decode_image_floats(file, convert=0):
    """The same as numbers from 0 to 1, with all of 16 bits; (height, width, channels); and how many bits a channel the file has, 8 or 16."""
    kept, address, length = _take(file, "B", "the file's bytes")
    numbers = [c_int32() for _ in range(4)]
    found = [byref(number) for number in numbers]
    _gan.gan_image_decode_floats(address, length, convert, None, 0, *found)
    shape = tuple(number.value for number in numbers[:3])
    pixels, where = _room("f", shape)
    _gan.gan_image_decode_floats(address, length, convert, where, _length(pixels), *found)
    return _result(pixels), shape, numbers[3].value


def encode_png(pixels, height=None, width=None, channels=None, depth=8):
    """One picture of numbers from 0 to 1 as the bytes of a PNG, with 8 or 16 bits a channel. The sides may be left out for an array that
    has them."""
    if height is None or width is None:
        height, width, channels = pixels.shape[0], pixels.shape[1], pixels.shape[2] if len(pixels.shape) == 3 else 1
    channels = 1 if channels is None else channels
    kept, address, length = _take(pixels, "f", "pixels")
    if length != height * width * channels:
        raise ValueError("A picture of %d x %d x %d has %d values; here are %d." % (height, width, channels, height * width * channels, length))
    return _sized(_gan.gan_image_encode_png, address, height, width, channels, depth)


def write_png(path, pixels, height=None, width=None, channels=None, columns=8, margin=2, scale=1):
    """Writes the caller's images, bytes from 0 (black) to 255, into one PNG: a grid, row by row."""
    if height is None or width is None:
        height, width, channels = pixels.shape[1], pixels.shape[2], pixels.shape[3] if len(pixels.shape) == 4 else 1
    channels = 1 if channels is None else channels
    kept, address, length = _take(pixels, "B", "pixels")
    count = _whole(length, height * width * channels, "images")
    _gan.gan_image_write_png(address, count, height, width, channels, columns, margin, scale, path)


Mesh = collections.namedtuple("Mesh", "positions normals triangles")
Mesh.__doc__ = """A closed surface: x, y (up) and z of each vertex, its normal outwards, and three vertices a triangle, anticlockwise from outside."""


def _volume(values, depth, height, width, several):
    """The caller's volumes as floats, and how many there are; the sides may be left out for an array that has them."""
    if depth is None or height is None or width is None:
        depth, height, width = tuple(values.shape)[-3:]
    kept, address, length = _take(values, "f", "the volume's values")
    count = _whole(length, depth * height * width, "volumes")
    if count != 1 and not several:
        raise ValueError("A volume of %d x %d x %d has %d values; here are %d." % (depth, height, width, depth * height * width, length))
    return kept, address, count, (depth, height, width)


def shape_mesh(values, depth=None, height=None, width=None, level=0.5):
    """The surface of the shape that a volume [depth, height, width] holds, whose axes are x, y (up) and z: a Mesh."""
    kept, address, _, sides = _volume(values, depth, height, width, False)
    vertices, faces = c_size_t(), c_size_t()
    _gan.gan_shape_mesh(address, *sides, level, None, None, 0, byref(vertices), None, 0, byref(faces))
    positions, normals, triangles = _room("f", (vertices.value, 3)), _room("f", (vertices.value, 3)), _room("i", (faces.value, 3))
    if vertices.value:
        _gan.gan_shape_mesh(
            address, *sides, level, positions[1], normals[1], vertices.value, byref(vertices), triangles[1], faces.value, byref(faces))
    return Mesh(_result(positions[0]), _result(normals[0]), _result(triangles[0]))


def shape_render(values, depth=None, height=None, width=None, level=0.5, azimuth=35.0, elevation=25.0, side=128):
    """A picture of the shape that a volume holds, [side, side] bytes; seen from the front at azimuth 0 and from the right at 90, in degrees."""
    kept, address, _, sides = _volume(values, depth, height, width, False)
    pixels, where = _room("B", (side, side))
    _gan.gan_shape_render(address, *sides, level, azimuth, elevation, side, where, _length(pixels))
    return _result(pixels)


def shape_write(path, values, depth=None, height=None, width=None, level=0.5):
    """Writes the shape of a volume: .obj, .stl, .binvox; or of several: .npy, or .png with views of each."""
    kept, address, count, sides = _volume(values, depth, height, width, True)
    _gan.gan_shape_write(address, count, *sides, level, path)
