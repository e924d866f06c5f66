"""What gan.py promises beyond the library: nothing is reinterpreted, wrapped or cut, errors cross processes, signals arrive.

    python3 behaviour.py DIGITS CHECKPOINT OUTPUT
"""

import array
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import time

if "--no-numpy" in sys.argv:
    sys.argv.remove("--no-numpy")
    sys.modules["numpy"] = None  # import numpy then fails as where there is none

import gan

data, checkpoint, output = sys.argv[1:4]
passed = failed = 0
try:
    import numpy
except ImportError:
    numpy = None


def check(good, what):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print("python: failed:", what, file=sys.stderr)


def refused(kind, what, call, *arguments, **named):
    try:
        call(*arguments, **named)
    except kind as problem:
        check(type(problem) is kind and str(problem), what)
    except Exception as problem:
        check(False, "%s: %r" % (what, problem))
    else:
        check(False, what + ": no error")


def flat(values):
    return memoryview(values).tobytes()


def pictures(drawing):
    refused(gan.Error, "a generator of numbers is no applier", drawing.applier)
    settings = {"recipe": "super-resolution", "scale": 2, "generator.channels": 4, "generator.blocks": 1, "batch-size": 10}
    with gan.Trainer(gan.Dataset.from_bytes([i % 251 for i in range(40 * 64)], 8, 8), settings) as trainer:
        applier = trainer.generator().applier({"threads": 1})
        check(trainer.preview_shape == (8, 28, 1) and len(flat(trainer.preview(0, 2))) == 2 * 8 * 28, "rows of input, output and truth")
        check(flat(trainer.preview(1, 1)) == flat(trainer.preview(0, 2))[8 * 28:], "which are the same each time")
        refused(gan.Error, "rows before the first", trainer.preview, -1, 1)
    check(applier.channels == (1, 1, False) and applier.shape(5, 7) == (10, 14, 1), "an applier tells of itself")
    floats, made = array.array("f", flat(applier.apply([1.0] * 35, 5, 7))), flat(applier.apply_bytes(bytes([255] * 35), 5, 7))
    check(len(floats) == len(made) == 140 and abs(floats[60] * 255 - made[60]) < 0.51, "a picture of a picture")
    refused(ValueError, "a picture is short", applier.apply, [1.0] * 34, 5, 7)
    refused(ValueError, "a mask is short", applier.apply_bytes, bytes(35), 5, 7, mask=b"1")
    refused(TypeError, "a picture without sides", applier.apply, [1.0] * 35)
    refused(gan.Error, "a mask where none is wanted", applier.apply, [1.0] * 35, 5, 7, mask=[1.0] * 35)
    refused(gan.Error, "a picture without a side", applier.apply, [], 0, 7)
    if numpy is not None:
        check(flat(applier.apply(numpy.ones((5, 7, 1), "f8"))) == floats.tobytes(), "the sides are the array's")
    check(applier.frames == 0, "a picture is none of several")
    refused(gan.Error, "frames where none are said", applier.predict, [1.0] * 35, 5, 7)
    frames()


def frames():
    settings = {"recipe": "next-frame", "frames.past": 2, "frames.ahead": 1, "generator.channels": 2, "discriminator.channels": 2, "batch-size": 5}
    with gan.Trainer(gan.Dataset.make("moving", 10, 3), settings) as trainer:
        applier = trainer.generator().applier({"threads": 1})
    given = bytes(i * 7 % 256 for i in range(2 * 35))
    five, two = flat(applier.predict_bytes(given, 5, 7, 5)), flat(applier.predict_bytes(given, 5, 7, 2))
    check(applier.frames == 2 and applier.shape(5, 7) == (5, 7, 1) and len(five) == 175 and five.startswith(two), "frames that follow")
    floats = array.array("f", flat(applier.predict([value / 255 for value in given], 5, 7)))
    check(len(floats) == 35 and abs(floats[12] * 255 - five[12]) < 0.6, "frames of floats")
    check(flat(applier.predict_bytes(given + bytes(35), 5, 7)) != five[:35] == flat(applier.predict_bytes(bytes(35) + given, 5, 7)), "the last ones count")
    refused(ValueError, "a frame is short", applier.predict, [1.0] * 69, 5, 7)
    refused(gan.Error, "too few frames", applier.predict_bytes, bytes(35), 5, 7)
    refused(gan.Error, "a number of frames below 0", applier.predict_bytes, given, 5, 7, -1)
    refused(TypeError, "frames without sides", applier.predict, [1.0] * 70)
    refused(gan.Error, "a picture where frames are read", applier.apply, [1.0] * 35, 5, 7)
    if numpy is not None:
        shaped = numpy.frombuffer(given, "u1").reshape(2, 5, 7, 1)
        check(flat(applier.predict_bytes(shaped, count=5)) == five, "the sides are the array's")


def main():
    generator = gan.Generator.load(checkpoint)
    sampler = generator.sampler()
    latents = array.array("f", flat(sampler.latents(7, 0, 2)))
    images = flat(sampler.draw(7, 0, 2))
    arrays(sampler, latents, images)
    numbers(generator, sampler)
    inputs()
    strings()
    everything(generator, sampler, latents, images)
    made_data()
    inputs()
    errors()
    loading()
    measures(output)
    pictures(generator)
    signals(generator)


def arrays(sampler, latents, images):
    double = array.array("d", latents)
    for name, given in {"a list": list(latents), "doubles": double, "a view of doubles": memoryview(double), "a tuple": tuple(latents)}.items():
        check(flat(sampler.decode(given)) == images, "%s is converted by value" % name)
    check(flat(sampler.decode(memoryview(latents)[::1])) == images, "a view of floats")
    check(flat(sampler.decode(array.array("f", list(reversed(latents)))[::-1])) == images, "reversed twice")
    refused(TypeError, "bytes are no floats", sampler.decode, latents.tobytes())
    refused(TypeError, "a str is no list of floats", sampler.decode, "0" * 128)
    refused(TypeError, "a number is no array of bytes", gan.Dataset.from_bytes, 5, 1, 1)
    refused(OverflowError, "300 is no byte", gan.Dataset.from_bytes, [300, 0], 1, 1)
    refused(OverflowError, "-1 is no byte", gan.Dataset.from_bytes, array.array("b", [-1]), 1, 1)
    refused(TypeError, "0.5 is no byte", gan.Dataset.from_bytes, array.array("d", [0.5]), 1, 1)
    refused(OverflowError, "2^32 is no label", gan.Dataset.from_bytes, bytes(4), 1, 1, labels=[0, 1, 2, 2**32])
    refused(TypeError, "1.5 is no label", gan.Dataset.from_bytes, bytes(2), 1, 1, labels=[0, 1.5])
    refused(ValueError, "three labels for four images", gan.Dataset.from_bytes, bytes(4), 1, 1, labels=[0, 1, 2])
    refused(ValueError, "a latent is short", sampler.decode, [0.0] * 127)
    check(flat(gan.Dataset.from_bytes([0, 255] * 2, 2, 2).read(0, 1)) == array.array("f", [0, 1, 0, 1]).tobytes(), "a list of bytes")
    if numpy is None:
        check(isinstance(sampler.draw(7, 0, 2), array.array) and isinstance(sampler.draw_bytes(7, 0, 2), bytes), "without NumPy the standard library's arrays")
        return
    given = numpy.frombuffer(latents, "f4").reshape(2, 128)
    for name, other in {
        "float64": given.astype("f8"),
        "another byte order": given.astype(">f4"),
        "Fortran's order": numpy.asfortranarray(given),
        "every other column": numpy.repeat(given, 2, axis=1)[:, ::2],
        "read only": numpy.frombuffer(latents.tobytes(), "f4"),
    }.items():
        check(flat(sampler.decode(other)) == images, "an array of %s is converted by value" % name)
    check(flat(sampler.decode(numpy.zeros((1, 128), "i8"))) == flat(sampler.decode([0.0] * 128)), "whole numbers are converted by value")
    refused(TypeError, "complex numbers", sampler.decode, given.astype("c8"))
    refused(TypeError, "objects", sampler.decode, given.astype(object))
    refused(TypeError, "floats are no bytes", gan.Dataset.from_bytes, numpy.zeros((4, 2, 2)))
    refused(OverflowError, "256 is no byte", gan.Dataset.from_bytes, numpy.full((4, 2, 2), 256))
    check(gan.Dataset.from_bytes(numpy.zeros((4, 2, 3, 1), ">i8")).shape == (4, 2, 3, 1), "the shape is the array's")
    floats = numpy.linspace(0, 1, 24).reshape(4, 2, 3)
    check(numpy.array_equal(gan.Dataset.from_floats(floats, labels=numpy.array([0, 1, 2, 2], ">u8")).read(0, 4)[..., 0], floats.astype("f4")), "float64 images keep their values")
    check(sampler.draw(7, 0, 2).shape == (2, 28, 28, 1) and sampler.draw(7, 0, 2).dtype == numpy.float32, "images have their shape")
    check(sampler.latents(7, 0, 2).shape == (2, 128) and sampler.draw_bytes(7, 0, 3).shape == (3, 28, 28, 1), "latents and bytes too")
    check(sampler.draw(7, 0, 0).shape == (0, 28, 28, 1), "no images have a shape too")
    with gan.Dataset.open(data) as digits:
        check(digits.read(0, 2).shape == (2, 28, 28, 1) and digits.read_labels(0, 3).tolist() == [7, 2, 1], "what is read has its shape")


def numbers(generator, sampler):
    for what, kind, call in [
        ("a seed of 65 bits", OverflowError, lambda: sampler.draw(2**64 + 5, 0, 1)),
        ("a negative seed", OverflowError, lambda: sampler.draw(-1, 0, 1)),
        ("an index of 64 bits", OverflowError, lambda: sampler.draw(7, 2**63, 1)),
        ("a place outside a path", gan.Error, lambda: sampler.path_at([0.0] * 128, [1.0] * 128, 1.5)),
        ("the end of a path is short", ValueError, lambda: sampler.path_at([0.0] * 128, [1.0], 0.5)),
        ("a path of 33 bits", OverflowError, lambda: sampler.path([0.0] * 128, [1.0] * 128, 2, 2**32)),
        ("columns of 33 bits", OverflowError, lambda: sampler.png(7, 0, 4, columns=2**32 + 2)),
        ("an option of 65 bits", OverflowError, lambda: gan.Options().set_integer("seed", 2**64 + 5)),
        ("steps of 71 bits", OverflowError, lambda: gan.Trainer(gan.Dataset.from_bytes(bytes(800), 2, 2)).step(2**70)),
        ("classes of 33 bits", OverflowError, lambda: gan.Dataset.from_bytes(bytes(4), 1, 1, labels=[0] * 4, classes=2**32 + 1)),
        ("a seed that is not whole", TypeError, lambda: sampler.draw(7.0, 0, 1)),
        ("a count that is not whole", TypeError, lambda: sampler.draw(7, 0, 1.5)),
        ("convert of 33 bits", OverflowError, lambda: gan.decode_png(sampler.png(7, 0, 1), 2**32)),
        ("more than memory holds", MemoryError, lambda: sampler.draw(7, 0, 2**60)),
        ("a count below zero", gan.Error, lambda: sampler.draw(7, 0, -1)),
        ("a last sample beyond 64 bits", gan.Error, lambda: sampler.draw(7, 2**63 - 1, 2)),
    ]:
        refused(kind, what, call)


def made_data():
    with tempfile.TemporaryDirectory() as folder:
        images, labels = os.path.join(folder, "stacked.idx"), os.path.join(folder, "stacked-labels.idx")
        stacked = gan.Dataset.make("stacked", 6, 1, gan.Dataset.make("digits", 20))
        stacked.write(images, labels)
        read = gan.Dataset.open_idx(images, labels)
        check(len(gan.made_data()["ring"]) > 20 and stacked.classes == 1000 and list(read.read_labels(0, 6)) == list(stacked.read_labels(0, 6))
              and flat(read.read(0, 6)) == flat(stacked.read(0, 6)), "data are made, written and read")


def inputs():
    digits = gan.Dataset.from_bytes(bytes(range(240)) * 2, 2, 2, labels=[i % 3 for i in range(120)], classes=3)
    trainer = gan.Trainer(digits, {"condition": "labels", "batch-size": 10, "generator.hidden": "8", "discriminator.hidden": "8"})
    trainer.step(2)
    check(trainer.metrics[:1] == ["step"] and "generator.loss" in trainer.metrics, "a trainer lists its metrics")
    check([recipe.name for recipe in gan.recipes()][:2] == ["gan", "infogan"], "recipes are listed")
    generator = trainer.generator()
    latents, label = generator.inputs
    check(latents.kind == "latent" and label.name == "label" and label.classes == ["0", "1", "2"], "inputs are listed")
    sampler = generator.sampler()
    unset = flat(sampler.draw(1, 0, 3))
    sampler.set("label", [0, 1, 2])
    check(flat(sampler.draw(1, 0, 3)) == unset, "classes in turn are what nobody asks for")
    sampler.set("label", 2)
    check(flat(sampler.draw(1, 0, 3)) != unset and flat(sampler.draw(1, 2, 1)) == unset[32:], "a class that is asked for is drawn")
    sampler.set("label", None)
    check(flat(sampler.draw(1, 0, 3)) == unset, "an input is unset")
    refused(gan.Error, "a class that is not there", sampler.set, "label", "3")


def strings():
    digits = gan.Dataset.from_bytes(bytes(range(256)) * 2, 2, 2)
    trainer = gan.Trainer(digits)
    for what, call in {
        "load": lambda: gan.Generator.load(checkpoint + "\0x"),
        "open": lambda: gan.Dataset.open(data + "\0x"),
        "save": lambda: trainer.save(os.path.join(output, "nul\0x")),
        "set": lambda: gan.Options({"seed": "7\0x"}),
        "get": lambda: gan.Options()["seed\0x"],
        "metric": lambda: trainer.metric("step\0x"),
    }.items():
        refused(ValueError, "%s takes no byte 0" % what, call)
    check(not os.path.exists(os.path.join(output, "nul")), "nothing was written")


def everything(generator, sampler, latents, images):
    """What digits.py does not use."""
    options = gan.Options()
    options.set_integer("seed", 2**62 + 1)
    options.set_real("generator.learning-rate", 0.25)
    whole = gan.Options({"seed": 7.0, "generator.hidden": [8.0, 4], "generator.learning-rate": 1.0})
    check(whole["seed"] == "7" and whole["generator.hidden"] == "8,4" and float(whole["generator.learning-rate"]) == 1, "a number that is whole is so in any type")
    refused(gan.Error, "7.5 is no seed", gan.Options, {"seed": 7.5})
    refused(TypeError, "None is no seed", gan.Options, {"seed": None})
    refused(TypeError, "bytes are no seed", gan.Options, {"seed": b"7"})
    refused(TypeError, "a word is no number", gan.Options().set_real, "generator.learning-rate", "fast")
    for call in (lambda: sampler.draw(7, 0.0, 1), lambda: sampler.draw(7, 0, 1.0), lambda: gan.Dataset.from_callback(None, 4, 2.0, 2)):
        refused(TypeError, "a float is no count", call)
    check(options["seed"] == str(2**62 + 1) and options["generator.learning-rate"] == "0.25", "options are set from numbers")
    described = {option.name: option for option in gan.describe_options()}
    check(described["batch-size"].minimum == 1 and described["preset"].minimum is None and "loss" in described, "options are described")
    check("discriminator.loss" in gan.metrics() and gan.version_number() >= 100, "metrics and the version")
    check(flat(sampler.decode_bytes(latents)) == flat(sampler.draw_bytes(7, 0, 2)), "latents to bytes")
    here = lambda name: os.path.join(output, name)
    sampler.write_idx(here("written.idx"), 7, 0, 4)
    sampler.write_npy(here("written.npy"), 7, 0, 2)
    with open(here("written.npy"), "rb") as file:
        check(file.read().endswith(images), "a NumPy file")
    with gan.Dataset.open_idx(here("written.idx")) as written:
        check(written.shape == (4, 28, 28, 1) and written.classes == 0, "an IDX file")
    pixels, shape = gan.decode_png(sampler.png(7, 0, 1, 1, 0))
    check(shape == (28, 28, 1) and flat(pixels) == flat(sampler.draw_bytes(7, 0, 1)), "a PNG is decoded")
    gan.write_png(here("again.png"), sampler.draw_bytes(7, 0, 64), 28, 28)
    with open(here("again.png"), "rb") as file:
        check(file.read() == sampler.png(7, 0, 64), "a PNG of the caller's pixels")
    file = gan.Checkpoint(checkpoint)
    check(file.text("kind") == "trainer" and file.option("seed") == "7" and ("generator.1.weight", (256, 256), "F32") in file.tensors(), "a checkpoint tells what it holds")
    weight = flat(file.read("generator.1.weight"))
    check(len(weight) == 4 * 256 * 256 and any(weight), "a checkpoint gives its numbers")
    refused(KeyError, "a tensor that is not there", file.read, "generator.9.weight")
    check(any("dcgan" in option.condition for option in described.values()) and described["seed"].condition == "", "options tell when they matter")
    check(flat(gan.decode_image(sampler.png(7, 0, 1, 1, 0))[0]) == flat(pixels), "a picture is decoded")
    numbers, shape, depth = gan.decode_image_floats(sampler.png(7, 0, 1, 1, 0))
    again, _, deep = gan.decode_image_floats(gan.encode_png(numbers, *shape, depth=16))
    check(depth == 8 and deep == 16 and max(abs(a - b) for a, b in zip(flat(again), flat(numbers))) < 1e-5, "numbers go into a picture and out")
    cell = gan.shape_mesh([1.0], 1, 1, 1)
    check([len(flat(part)) for part in cell] == [72, 72, 96], "a volume becomes a mesh")
    check(min(flat(gan.shape_render([1.0], 1, 1, 1, side=8))) < 255, "and a picture")
    check(len(gan.shape_mesh([0.0, 0.0], 1, 2, 1).triangles) == 0, "an empty one has no triangles")
    gan.shape_write(here("cell.obj"), [1.0], 1, 1, 1)
    refused(ValueError, "too few cells", gan.shape_mesh, [1.0], 2, 2, 2)
    refused(gan.Error, "a format that there is not", gan.shape_write, here("cell.ply"), [1.0], 1, 1, 1)
    with gan.Dataset.open(data) as digits, gan.Trainer(digits) as trainer:
        check(digits.class_names == [str(i) for i in range(10)], "classes have names")
        with gan.Trainer.from_bytes(trainer.to_bytes(), gan.Dataset.from_bytes(bytes(200 * 784), 28, 28)) as other:
            check(other.data == "other", "a training tells of other images")
        trainer.save(here("memory.safetensors"))
        with open(here("memory.safetensors"), "rb") as written:
            check(written.read() == trainer.to_bytes(), "a checkpoint in memory is the file")
        with gan.Trainer.from_bytes(trainer.to_bytes(), digits) as again:
            check(again.data == "same" and again.metric("step") == 0, "a training goes on from memory")
        trainer.check_save(here("memory.safetensors"))
        refused(gan.Error, "a folder that is not there", trainer.check_save, here("no/such/file"))
    check(flat(gan.Generator.from_bytes(generator.to_bytes()).sampler().draw(7, 0, 2)) == images, "a generator in memory")
    generator.save(here("generator.safetensors"))
    check(gan.Checkpoint(here("generator.safetensors")).text("kind") == "generator", "a generator is saved alone")

    asked = []

    def fill(indices):
        asked.extend(indices)
        return [index / 1000 for index in indices]

    with gan.Dataset.from_callback(fill, 1000, 1, 1) as images:
        trainer = gan.Trainer(images)
        check(abs(array.array("f", flat(images.read(500, 1)))[0] - 0.5) < 1e-6, "a function's images are read")
    trainer.step(2)  # the data set is closed, and its function lives on
    check(len(asked) == 201 and trainer.metric("step") == 2, "a function fills batches")

    def broken(indices):
        raise KeyError("mine")

    broken = gan.Dataset.from_callback(broken, 1000, 1, 1)
    refused(KeyError, "an exception of the function comes out of step", gan.Trainer(broken).step)
    refused(KeyError, "and out of run", gan.Trainer(broken).run, 1)
    refused(KeyError, "and out of read", broken.read, 0, 1)
    short = gan.Dataset.from_callback(lambda indices: [0.0], 1000, 1, 1)
    refused(ValueError, "a function that gives too little", gan.Trainer(short).step)


def fails_elsewhere(path):
    gan.Generator.load(path)


def inputs():
    """What samples are made of besides chance; sample i has class i mod 2 unless it is told."""
    recipes = {recipe.name: recipe for recipe in gan.recipes()}
    check("info.categories" in recipes["infogan"].options and "condition" in recipes["gan"].options, "recipes are listed")
    check(all(len(recipe.summary) > 20 and len(recipe.paper) > 20 for recipe in recipes.values()), "recipes say what they are")
    trainer = gan.Trainer(gan.Dataset.from_bytes(bytes(range(200)) * 2, 2, 1, labels=[0, 1] * 100), {"condition": "labels"})
    trainer.step(2)
    check("generator.loss" in trainer.metrics and all(trainer.metric(name) is not None for name in trainer.metrics), "a trainer lists its metrics")
    generator = trainer.generator()
    check(generator.inputs == [("latents", "latent", generator.latent_size, []), ("label", "label", 1, ["0", "1"])], "a generator lists its inputs")
    sampler = generator.sampler()
    draw = lambda: flat(sampler.draw(7, 0, 2))
    free = draw()
    sampler.set("label", "1")
    one = draw()
    check(one[:8] != free[:8] and one[8:] == free[8:], "an input is set")
    for value, expected in [(None, free), (1, one), ("", free), (1.0, one), ("0,1", free), ([1], one), ((0, 1), free), (array.array("d", [1]), one)]:
        sampler.set("label", value)
        check(draw() == expected, "an input is set to %r" % (value,))
    if numpy is not None:
        for value, expected in [(numpy.array([0, 1]), free), (numpy.int64(1), one), (numpy.float32(0), None), (numpy.float64(1), one)]:
            sampler.set("label", value)
            check(draw() == expected if expected else draw()[8:] != free[8:], "an input is set to %r" % (value,))
    refused(gan.Error, "a class that is not there", sampler.set, "label", "2")
    refused(gan.Error, "a class's number that is not there", sampler.set, "label", [2])
    refused(gan.Error, "an input that is not there", sampler.set, "labels", "1")
    refused(ValueError, "an input takes no byte 0", sampler.set, "label", "1\0")
    refused(TypeError, "bytes are no rows", sampler.set, "label", b"1234")


def errors():
    try:
        gan.Generator.load("no-such-file.safetensors")
    except gan.Error as error:
        copy = pickle.loads(pickle.dumps(error))
        check((type(copy), copy.status, copy.name, str(copy)) == (gan.Error, -30, "GAN_E_NOT_FOUND", str(error)), "an error is pickled")
    with multiprocessing.Pool(1) as pool:
        try:
            pool.apply_async(fails_elsewhere, ("no-such-file.safetensors",)).get(60)
            check(False, "an error of another process")
        except gan.Error as error:
            check(error.name == "GAN_E_NOT_FOUND" and "no-such-file" in str(error), "an error of another process arrives")
    refused(TypeError, "a handle is not pickled", pickle.dumps, gan.Options())


def loading():
    environment = dict(os.environ, GAN_LIBRARY="/no/such/libgan.so")
    told = subprocess.run([sys.executable, "-c", "import gan"], stderr=subprocess.PIPE, env=environment).stderr.decode()
    check("ImportError: libgan cannot be loaded" in told and "/no/such/libgan.so" in told and "GAN_LIBRARY=" in told, "a missing library is explained")


class Alarm(Exception):
    pass


def measures(output):
    rows = bytes(255 if i // 64 % 2 == i % 64 // 32 else 0 for i in range(40 * 64))
    halves = gan.Dataset.from_bytes(rows, 8, 8, labels=[i % 2 for i in range(40)])
    judged = gan.Trainer(halves, {"recipe": "classifier", "classifier.channels": 2, "batch-size": 10})
    judged.run(2)
    judged.save(os.path.join(output, "judge"))
    judge, images = judged.classifier(), halves.read(0, 3)
    check(judge.class_names == ["0", "1"] and judge.shape == (8, 8, 1) and judge.features > 0 and judge.target == "labels", "a classifier tells of itself")
    probabilities, features = judge(images)
    check(len(flat(probabilities)) == 24 and len(flat(features)) == 12 * judge.features, "and of pictures")
    for other in gan.Classifier.load(os.path.join(output, "judge")), gan.Classifier.from_bytes(judged.to_bytes()):
        check(flat(other(images)[0]) == flat(probabilities), "a classifier is loaded")
    refused(gan.Error, "a classifier draws nothing", judged.generator)
    with gan.Evaluation.of_dataset(halves, halves, judge) as same:
        check(same["copies"] == 1 and same.counts == (40, 40) and same.nearest(3)[1] == 0, "data beside themselves are copies")
        check(same.class_of(0)[1] >= 0.5 and same.class_counts(0)[0] + same.class_counts(1)[0] == 40, "classes are told")
    drawing = gan.Trainer(halves, {"batch-size": 10, "evaluate.every": 1, "evaluate.count": 16})
    drawing.judge(judge)
    drawing.run(1)
    drawn = gan.Evaluation.of_generator(drawing.generator(), halves, count=20)
    check(drawing.metric("evaluate.modes") >= 1 and drawn["recall"] >= 0, "a generator is evaluated")
    known = gan.Evaluation.of_features([3, 0, -3, 0, 0, 1, 0, -1], [1, 0, -1, 0, 0, 1, 0, -1], 2)
    value, spread = known.value("frechet-distance")
    check(abs(value - 8 / 3) < 1e-12 and spread != spread, "the distance of features")
    check(len(gan.measures()) >= 15 and gan.measures()[0].minimum >= 1 and gan.measures()[0].goal == "lower", "measures are listed")
    refused(gan.Error, "a measure that is not there", known.value, "recal")
    refused(ValueError, "features that are no rows", gan.Evaluation.of_features, [1], [1, 2], 2)


def signals(generator):
    """Ctrl-C, and another signal whose handler raises, in whatever the library does."""

    def alarm(number, frame):
        raise Alarm

    signal.signal(signal.SIGINT, signal.default_int_handler)  # who started us may have had it ignored
    signal.signal(signal.SIGUSR1, alarm)
    digits = gan.Dataset.open(data)
    drawing = generator.sampler({"threads": 1})
    slow = gan.Trainer(gan.Dataset.from_callback(lambda indices: [0.0] * len(indices), 1000, 1, 1))

    def watch(trainer, event):
        while trainer.metric("step") > 200:  # Python's own time, in a callback
            time.sleep(0.01)

    latents = [0.5] * 128 * 20000
    for number, kind in (signal.SIGINT, KeyboardInterrupt), (signal.SIGUSR1, Alarm):
        trainer = gan.Trainer(digits)
        for what, call in {
            "step": lambda: trainer.step(10**9),
            "run": lambda: trainer.run(10**6),
            "run with progress": lambda: trainer.run(10**6, lambda trainer, event: None),
            "a callback of run": lambda: trainer.run(10**6, watch),
            "step that calls back": lambda: slow.step(10**9),
            "draw": lambda: [drawing.draw(7, 0, 20000) for _ in range(1000)],
            "draw_bytes": lambda: [drawing.draw_bytes(7, 0, 20000) for _ in range(1000)],
            "decode": lambda: [drawing.decode(latents) for _ in range(1000)],
        }.items():
            sent = []
            timer = threading.Timer(0.2, lambda: (sent.append(time.perf_counter()), os.kill(os.getpid(), number)))
            timer.start()
            try:
                call()
                check(False, "%s ends %s" % (number, what))
            except kind:
                late = time.perf_counter() - sent[0]
                check(late < 2, "%s in %s comes %.2f s late" % (number, what, late))  # a tenth of that, on a machine with time
                print("%-20s %-22s %.3f s" % (kind.__name__, what, late))
            except BaseException as problem:
                check(False, "%s ends %s with %r" % (number, what, problem))
            timer.join()
            check(signal.getsignal(signal.SIGINT) is signal.default_int_handler and signal.getsignal(signal.SIGUSR1) is alarm, "handlers are as they were")
        step = trainer.metric("step")
        trainer.step(1)
        check(trainer.metric("step") == step + 1 and step == int(step), "the trainer goes on")

    # What was done in pieces has the bits of what was done at once; a trainer that is cancelled between pieces stops.
    one, other = (gan.Trainer(digits, {"seed": 3}) for _ in range(2))
    one.step(50)
    thread = threading.Thread(target=other.step, args=(50,))  # not in pieces: no signals there
    thread.start()
    thread.join()
    one.save(os.path.join(output, "one")), other.save(os.path.join(output, "other"))
    with open(os.path.join(output, "one"), "rb") as a, open(os.path.join(output, "other"), "rb") as b:
        check(a.read() == b.read(), "steps in pieces are the same steps")
    fresh, pieces = generator.sampler(), generator.sampler()
    whole = []
    thread = threading.Thread(target=lambda: whole.append(flat(fresh.draw(7, 5, 3000))))
    thread.start()
    thread.join()
    check(flat(pieces.draw(7, 5, 3000)) == whole[0], "images in pieces are the same images")
    threading.Timer(0.2, one.cancel).start()
    refused(gan.Error, "a step is cancelled from another thread", one.step, 10**9)


if __name__ == "__main__":
    main()
    print("python: %d passed, %d failed" % (passed, failed))
    sys.exit(failed > 0)
