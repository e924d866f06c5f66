"""What the tests of the SQLite extension share: connections, images, models, and how failures are looked at."""

import ctypes
import os
import re
import shutil
import sqlite3
import struct
import sys
import zlib

pictures = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Pictures")
extension, library, scratch = (os.path.abspath(path) for path in sys.argv[1:4])
shutil.rmtree(scratch, ignore_errors=True)
os.makedirs(scratch)
os.chdir(scratch)


def connect(path=":memory:"):
    database = sqlite3.connect(path, check_same_thread=False)
    database.enable_load_extension(True)
    database.load_extension(extension)
    return database


def pixels(i, side=6, channels=1):
    return bytes((i * 37 + p * 7 + i * i * p) % 256 for p in range(side * side * channels))


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(data, side=6, channels=1):
    rows = b"".join(b"\0" + data[side * channels * y:side * channels * (y + 1)] for y in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, {1: 0, 3: 2}[channels], 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


OPTIONS = "batch-size=10; generator.hidden=9,8; discriminator.hidden=7; latent.size=5; seed=42; threads=1"


def with_images(blobs, database=None):
    database = database or connect()
    database.execute("CREATE TABLE images(id INTEGER PRIMARY KEY, image)")
    database.executemany("INSERT INTO images(image) VALUES (?)", [(blob,) for blob in blobs])
    database.commit()
    return database


def raw_images(count=40):
    return [pixels(i) for i in range(count)]


def train(database, out, epochs=2, query="SELECT image FROM images ORDER BY id", options=OPTIONS, size=(6, 6), more=()):
    marks = ", ".join("?" * (4 + len(size) + len(more)))
    return database.execute(f"SELECT * FROM gan_train({marks})", (query, epochs, out, options, *size, *more))


def model(name="model.safetensors", **settings):
    if not os.path.exists(name):
        train(with_images(raw_images()), name, **settings).fetchall()
    return name


def contents(path):
    with open(path, "rb") as file:
        return file.read()


def fails(pattern, database, statement, *arguments):
    try:
        rows = database.execute(statement, arguments).fetchall()
    except sqlite3.Error as error:
        assert re.search(pattern, str(error)), f"{statement} {arguments}: {error!r} does not match {pattern!r}"
        return error
    raise AssertionError(f"{statement} {arguments}: gave {rows!r:.200}")


def sampler_of(path, inputs=()):
    gan = ctypes.CDLL(library)
    generator, sampler = ctypes.c_void_p(), ctypes.c_void_p()
    assert gan.gan_generator_load(path.encode(), ctypes.byref(generator)) == 0
    assert gan.gan_sampler_create(generator, None, ctypes.byref(sampler)) == 0
    for name, value in inputs:
        assert gan.gan_sampler_set(sampler, name.encode(), value.encode()) == 0
    gan.gan_generator_destroy(generator)
    return gan, sampler


def draw_by_library(path, seed, first, count, size, inputs=()):
    gan, sampler = sampler_of(path, inputs)
    images = ctypes.create_string_buffer(count * size)
    assert gan.gan_sampler_draw_bytes(
        sampler, ctypes.c_uint64(seed & (2**64 - 1)), ctypes.c_int64(first), ctypes.c_int64(count), images,
        ctypes.c_size_t(len(images.raw))) == 0
    gan.gan_sampler_destroy(sampler)
    return images.raw


def made_by_library(name, labels=False, tags=(), side=6, common=OPTIONS + "; generator.initial-deviation=0.7", **settings):
    """A model of raw images of 6 × 6 pixels, three classes of them where there are labels, with tags where there are names of some."""
    gan = ctypes.CDLL(library)
    count = len(raw_images())
    images = b"".join(pixels(i, side) for i in range(count))
    options, dataset, trainer = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_void_p()
    assert gan.gan_options_create(ctypes.byref(options)) == 0
    settings = {**dict(setting.strip().split("=") for setting in common.split(";")), **settings}
    for key, value in settings.items():
        assert gan.gan_options_set(options, key.encode(), value.encode()) == 0, key
    classes = (ctypes.c_int32 * count)(*(i % 3 for i in range(count))) if labels else None
    assert gan.gan_dataset_create_bytes(
        images, ctypes.c_int64(count), side, side, 1, classes, 3 if labels else 0, None, None, ctypes.byref(dataset)) == 0
    if tags:
        plain, dataset = dataset, ctypes.c_void_p()
        flags = bytes(i >> place & 1 for i in range(count) for place in range(len(tags)))
        assert gan.gan_dataset_add_tags(plain, None, flags, "\n".join(tags).encode(), ctypes.byref(dataset)) == 0
        gan.gan_dataset_destroy(plain)
    assert gan.gan_trainer_create(options, dataset, ctypes.byref(trainer)) == 0
    assert gan.gan_trainer_step(trainer, ctypes.c_int64(2)) == 0 and gan.gan_trainer_save(trainer, name.encode()) == 0
    for handle, kind in ((trainer, "trainer"), (dataset, "dataset"), (options, "options")):
        getattr(gan, f"gan_{kind}_destroy")(handle)
    return name


def picture_model(name, recipe, **settings):
    database = with_images([png(pixels(i, 16, 3), 16, 3) for i in range(8)])
    options = f"recipe={recipe}; batch-size=4; generator.channels=4; discriminator.channels=4; seed=1; threads=1"
    options += "".join(f"; {key}={value}" for key, value in settings.items())
    database.execute("SELECT gan_train(?, 1, ?, ?)", ("SELECT image FROM images", name, options)).fetchone()
    return os.path.abspath(name)


def png_header(file):
    """Width, height, bits a channel and colour type."""
    return struct.unpack(">IIBB", file[16:26])


def png_of(side, bits, colour, data):
    size = len(data) // side
    rows = b"".join(b"\0" + data[size * y:size * (y + 1)] for y in range(side))
    header = struct.pack(">IIBBBBB", side, side, bits, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
