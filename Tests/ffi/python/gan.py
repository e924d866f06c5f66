"""libgan from Python, with the standard library alone: copy this file into your project.

    import gan
    with gan.Dataset.open("digits/") as digits, gan.Trainer(digits) as trainer:
        trainer.run(20)
        trainer.save("digits.safetensors")

Every failure is a gan.Error with the library's sentence and its status. Handles are closed by `with`, by close(), or by
the garbage collector. Images go in as anything with the buffer protocol (bytes, array, NumPy), and come out as
array.array("f") or bytes, [count, height, width, channels] without gaps: numpy.asarray(images).reshape(-1, 28, 28, 1).
A trainer or sampler belongs to one thread at a time; a generator or dataset may be shared. Calls let other Python
threads run. The manual is gan.h. The library is found as libgan.so.0, or where GAN_LIBRARY says.
"""

import array
import ctypes
import os
import signal
import threading
import weakref
from ctypes import POINTER, byref, c_char_p, c_double, c_float, c_int32, c_int64, c_size_t, c_uint8, c_uint64, c_void_p

EPOCH, PROGRESS = 1, 2  # events of Trainer.run
LINEAR, SPHERICAL = 0, 1  # paths of Sampler.path

_library = ctypes.CDLL(os.environ.get("GAN_LIBRARY", "libgan.so.0"))


class Error(Exception):
    """What a call of the library failed with: the sentence, and `status`, `name` such as -30, "GAN_E_NOT_FOUND"."""

    def __init__(self, status):
        super().__init__(_text("gan_error_message"))
        self.status, self.name = status, _text("gan_status_name", c_int32(status))


def _text(function, *arguments):
    function = getattr(_library, function)
    function.restype = c_char_p
    result = function(*arguments)
    return None if result is None else result.decode()


def _checked(status, function, arguments):
    if status != 0:  # on the thread that made the call: the message is that thread's
        raise Error(status)


def _function(name, *types):
    function = getattr(_library, "gan_" + name)
    function.argtypes, function.restype, function.errcheck = types, c_int32, _checked
    return function


def _path(path):
    return os.fsencode(path)


# Functions with the same arguments share a line.
_out, _floats, _bytes, _int, _draw = POINTER(c_void_p), POINTER(c_float), POINTER(c_uint8), POINTER(c_int32), (c_uint64, c_int64, c_int64)
_progress = ctypes.CFUNCTYPE(c_int32, c_void_p, c_void_p, c_int32)
_option = (c_void_p, c_char_p, c_char_p, c_size_t, POINTER(c_size_t))
_options_create, _options_set = _function("options_create", _out), _function("options_set", c_void_p, c_char_p, c_char_p)
_dataset_open = _function("dataset_open", c_char_p, c_void_p, _out)
_dataset_open_idx = _function("dataset_open_idx", c_char_p, c_char_p, c_void_p, _out)
_memory = (c_int64, c_int32, c_int32, c_int32)
_dataset_bytes = _function("dataset_create_bytes", c_char_p, *_memory, _int, c_int32, c_void_p, c_void_p, _out)
_dataset_floats = _function("dataset_create_floats", _floats, *_memory, c_float, c_float, _int, c_int32, c_void_p, c_void_p, _out)
_dataset_shape = _function("dataset_shape", c_void_p, POINTER(c_int64), _int, _int, _int)
_dataset_classes = _function("dataset_classes", c_void_p, _int)
_dataset_read = _function("dataset_read", c_void_p, c_int64, c_int64, _floats, c_size_t)
_dataset_read_labels = _function("dataset_read_labels", c_void_p, c_int64, c_int64, _int, c_size_t)
_trainer_create = _function("trainer_create", c_void_p, c_void_p, _out)
_trainer_load = _function("trainer_load", c_char_p, c_void_p, c_void_p, _out)
_trainer_save = _function("trainer_save", c_void_p, c_char_p)
_trainer_step = _function("trainer_step", c_void_p, c_int64)
_trainer_run = _function("trainer_run", c_void_p, c_int64, _progress, c_void_p)
_trainer_cancel = _function("trainer_cancel", c_void_p)
_trainer_metric = _function("trainer_metric", c_void_p, c_char_p, POINTER(c_double))
_trainer_generator = _function("trainer_generator", c_void_p, _out)
_generator_load = _function("generator_load", c_char_p, _out)
_generator_load_memory = _function("generator_load_memory", c_char_p, c_size_t, _out)
_generator_save = _function("generator_save", c_void_p, c_char_p)
_generator_latent_size = _function("generator_latent_size", c_void_p, _int)
_generator_shape = _function("generator_shape", c_void_p, _int, _int, _int)
_generator_range = _function("generator_range", c_void_p, _floats, _floats)
_sampler_create = _function("sampler_create", c_void_p, c_void_p, _out)
_sampler_latents = _function("sampler_latents", c_void_p, *_draw, _floats, c_size_t)
_sampler_draw = _function("sampler_draw", c_void_p, *_draw, _floats, c_size_t)
_sampler_draw_bytes = _function("sampler_draw_bytes", c_void_p, *_draw, c_void_p, c_size_t)
_sampler_decode = _function("sampler_decode", c_void_p, _floats, c_int64, _floats, c_size_t)
_sampler_path = _function("sampler_path", c_void_p, _floats, _floats, c_int32, c_int64, _floats, c_size_t)
_grid = (c_void_p, *_draw, c_int32, c_int32, c_int32)
_sampler_encode_png = _function("sampler_encode_png", *_grid, c_char_p, c_size_t, POINTER(c_size_t))
_sampler_write_png = _function("sampler_write_png", *_grid, c_char_p)


def version():
    return _text("gan_version_string")


def instruction_set():
    return _text("gan_instruction_set")


def options():
    """Every option there is: {name: (type, default, range, summary)}."""
    told = lambda what, index: _text("gan_option_" + what, c_int32(index))
    return {told("name", i): tuple(told(what, i) for what in ("type", "default", "range", "summary")) for i in range(_library.gan_option_count())}


def _new_floats(count):
    values = array.array("f", bytes(4 * count))
    return values, (c_float * count).from_buffer(values)


def _take(values, kind):
    """A copy of a buffer, or of a list of numbers, as an array of C's `kind`."""
    try:
        view = memoryview(values).cast("B")
    except TypeError:
        values = list(values)
        return (kind * len(values))(*values)
    return (kind * (view.nbytes // ctypes.sizeof(kind))).from_buffer_copy(view)


class _Handle:
    """An object of the library. Using it after close() is an Error: the library knows its handles."""

    def __init__(self, make, *arguments):
        handle = c_void_p()
        make(*arguments, byref(handle))
        self._as_parameter_ = handle
        destroy = getattr(_library, self._destroy)
        destroy.argtypes, destroy.restype = (c_void_p,), None
        self.close = weakref.finalize(self, destroy, handle)

    @classmethod
    def _made(cls, make, *arguments):
        self = cls.__new__(cls)
        _Handle.__init__(self, make, *arguments)
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _text_option(self, function, name):
        size = c_size_t()
        function(self, name.encode(), None, 0, byref(size))
        buffer = ctypes.create_string_buffer(size.value)
        function(self, name.encode(), buffer, size, byref(size))
        return buffer.value.decode()


class Options(_Handle):
    """Settings: Options({"seed": 7, "generator.hidden": [256, 256], "data.shuffle": False})."""

    _destroy = "gan_options_destroy"

    def __init__(self, settings=()):
        super().__init__(_options_create)
        for name, value in dict(settings).items():
            self[name] = value

    def __setitem__(self, name, value):
        if isinstance(value, bool):
            value = "true" if value else "false"
        elif isinstance(value, (list, tuple)):
            value = ",".join(map(str, value))
        _options_set(self, name.encode(), str(value).encode())

    def __getitem__(self, name):
        return self._text_option(_function("options_get", *_option), name)


def _as_options(options):
    return options if options is None or isinstance(options, Options) else Options(options)


class Dataset(_Handle):
    """Images, with labels or without. Made by open, open_idx, from_bytes and from_floats."""

    _destroy = "gan_dataset_destroy"

    def __init__(self):
        raise TypeError("Use Dataset.open, open_idx, from_bytes or from_floats.")

    @classmethod
    def open(cls, path, options=None):
        return cls._made(_dataset_open, _path(path), _as_options(options))

    @classmethod
    def open_idx(cls, images, labels=None, options=None):
        return cls._made(_dataset_open_idx, _path(images), None if labels is None else _path(labels), _as_options(options))

    @classmethod
    def from_bytes(cls, pixels, height, width, channels=1, labels=None, classes=0):
        pixels = bytes(pixels)
        count = cls._count(len(pixels), height * width * channels)
        return cls._made(_dataset_bytes, pixels, count, height, width, channels, cls._labels(labels, count), classes, None, None)

    @classmethod
    def from_floats(cls, values, height, width, channels=1, minimum=0.0, maximum=1.0, labels=None, classes=0):
        values = _take(values, c_float)
        count = cls._count(len(values), height * width * channels)
        return cls._made(_dataset_floats, values, count, height, width, channels, minimum, maximum, cls._labels(labels, count), classes, None, None)

    @staticmethod
    def _count(values, size):
        if size <= 0 or values % size:
            raise ValueError("%d values are not a whole number of images of %d values." % (values, size))
        return values // size

    @staticmethod
    def _labels(labels, count):
        if labels is not None and len(labels) != count:
            raise ValueError("There are %d labels for %d images." % (len(labels), count))
        return None if labels is None else _take(list(labels), c_int32)

    @property
    def shape(self):
        """(count, height, width, channels)"""
        count, height, width, channels = c_int64(), c_int32(), c_int32(), c_int32()
        _dataset_shape(self, byref(count), byref(height), byref(width), byref(channels))
        return count.value, height.value, width.value, channels.value

    @property
    def classes(self):
        classes = c_int32()
        _dataset_classes(self, byref(classes))
        return classes.value

    def read(self, first, count):
        """Images as floats from 0 (black) to 1."""
        _, height, width, channels = self.shape
        values, pointer = _new_floats(max(count, 0) * height * width * channels)
        _dataset_read(self, first, count, pointer, len(values))
        return values

    def read_labels(self, first, count):
        labels = (c_int32 * max(count, 0))()
        _dataset_read_labels(self, first, count, labels, len(labels))
        return list(labels)


class Trainer(_Handle):
    """A generator and a discriminator in training. Options may be a dictionary."""

    _destroy = "gan_trainer_destroy"

    def __init__(self, dataset, options=None):
        super().__init__(_trainer_create, _as_options(options), dataset)

    @classmethod
    def load(cls, path, dataset, options=None):
        """Goes on from a checkpoint as if the training had never stopped."""
        return cls._made(_trainer_load, _path(path), _as_options(options), dataset)

    def save(self, path):
        _trainer_save(self, _path(path))

    def step(self, steps=1):
        _trainer_step(self, steps)

    def run(self, epochs, progress=None):
        """Trains. progress(trainer, event) is called after every epoch (EPOCH) and about twenty times a second
        (PROGRESS); when it returns something true, run ends with the Error GAN_E_CANCELLED. What it raises, run raises;
        Ctrl-C is one such exception, so the trainer can be saved after it."""
        raised, signals = [], []

        def call(context, trainer, event):
            try:
                return 1 if signals or (progress is not None and progress(self, event)) else 0
            except BaseException as exception:  # no exception can pass through the library
                raised.append(exception)
                return 1

        # Python would raise what a signal asks for on the way into call, where nothing can catch it. So Ctrl-C is noted, and
        # handled after the run. Only the main thread hears signals.
        handler = signal.getsignal(signal.SIGINT)
        heard = callable(handler) and threading.current_thread() is threading.main_thread()
        if heard:
            signal.signal(signal.SIGINT, lambda number, frame: signals.append((number, frame)))
        failure = None
        try:
            _trainer_run(self, epochs, _progress(call), None)
        except Error as error:
            failure = error
        finally:
            if heard:
                signal.signal(signal.SIGINT, handler)
        for number, frame in signals:
            handler(number, frame)
        if raised or failure:
            raise raised[0] if raised else failure

    def cancel(self):
        """Ends a run; may be called from any thread."""
        _trainer_cancel(self)

    def metric(self, name):
        """"step", "epoch", "discriminator.loss", "generator.loss", … as gan.h lists them."""
        value = c_double()
        _trainer_metric(self, name.encode(), byref(value))
        return value.value

    def option(self, name):
        return self._text_option(_function("trainer_option", *_option), name)

    def generator(self):
        """A snapshot, which further training does not change."""
        return Generator._made(_trainer_generator, self)


class Generator(_Handle):
    """A trained generator: immutable, and shared freely between threads."""

    _destroy = "gan_generator_destroy"

    def __init__(self):
        raise TypeError("Use Generator.load, Generator.from_bytes or Trainer.generator.")

    @classmethod
    def load(cls, path):
        return cls._made(_generator_load, _path(path))

    @classmethod
    def from_bytes(cls, checkpoint):
        return cls._made(_generator_load_memory, bytes(checkpoint), len(checkpoint))

    def save(self, path):
        _generator_save(self, _path(path))

    @property
    def latent_size(self):
        size = c_int32()
        _generator_latent_size(self, byref(size))
        return size.value

    @property
    def shape(self):
        """(height, width, channels)"""
        height, width, channels = c_int32(), c_int32(), c_int32()
        _generator_shape(self, byref(height), byref(width), byref(channels))
        return height.value, width.value, channels.value

    @property
    def range(self):
        """What is black and what is white among the floats of an image."""
        low, high = c_float(), c_float()
        _generator_range(self, byref(low), byref(high))
        return low.value, high.value

    def option(self, name):
        return self._text_option(_function("generator_option", *_option), name)

    def sampler(self, options=None):
        return Sampler(self, options)


class Sampler(_Handle):
    """Draws from a generator; one a thread. Sample i under a seed is the same whatever it is drawn together with."""

    _destroy = "gan_sampler_destroy"

    def __init__(self, generator, options=None):
        super().__init__(_sampler_create, generator, _as_options(options))
        height, width, channels = generator.shape
        self._pixels, self._latent_size = height * width * channels, generator.latent_size

    def latents(self, seed, first, count):
        values, pointer = _new_floats(max(count, 0) * self._latent_size)
        _sampler_latents(self, seed, first, count, pointer, len(values))
        return values

    def draw(self, seed, first, count):
        """Samples first … first + count - 1 as floats."""
        values, pointer = _new_floats(max(count, 0) * self._pixels)
        _sampler_draw(self, seed, first, count, pointer, len(values))
        return values

    def draw_bytes(self, seed, first, count):
        """Samples as bytes from 0 (black) to 255."""
        pixels = bytearray(max(count, 0) * self._pixels)
        _sampler_draw_bytes(self, seed, first, count, (c_uint8 * len(pixels)).from_buffer(pixels), len(pixels))
        return bytes(pixels)

    def decode(self, latents):
        """Images of the caller's latents."""
        latents = _take(latents, c_float)
        count = Dataset._count(len(latents), self._latent_size)
        values, pointer = _new_floats(count * self._pixels)
        _sampler_decode(self, latents, count, pointer, len(values))
        return values

    def path(self, start, end, count, path=SPHERICAL):
        """Latents from one to another, both included, for decode."""
        start, end = _take(start, c_float), _take(end, c_float)
        if len(start) != self._latent_size or len(end) != self._latent_size:
            raise ValueError("A latent has %d numbers." % self._latent_size)
        values, pointer = _new_floats(max(count, 0) * self._latent_size)
        _sampler_path(self, start, end, path, count, pointer, len(values))
        return values

    def png(self, seed, first, count, columns=8, margin=2, scale=1):
        """A grid of samples as the bytes of a PNG."""
        size = c_size_t()
        grid = (self, seed, first, count, columns, margin, scale)
        _sampler_encode_png(*grid, None, 0, byref(size))
        buffer = ctypes.create_string_buffer(size.value)
        _sampler_encode_png(*grid, buffer, size, byref(size))
        return buffer.raw[: size.value]

    def write_png(self, path, seed, first, count, columns=8, margin=2, scale=1):
        _sampler_write_png(self, seed, first, count, columns, margin, scale, _path(path))
