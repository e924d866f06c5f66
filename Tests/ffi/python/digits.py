"""A GAN for digits from Python: trains, stops, goes on, saves, loads, draws. Its files equal those that C writes.

    python3 digits.py DATA OUTPUT
"""

import array
import os
import signal
import sys
import threading
from pathlib import Path

import gan

data, output = Path(sys.argv[1]), Path(sys.argv[2])
passed = failed = 0


def check(good, what):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print("python: failed:", what, file=sys.stderr)


def fails(status, call, *arguments):
    """The sentence of the error that a call must fail with."""
    try:
        call(*arguments)
    except gan.Error as error:
        check(error.name == status, "%s instead of %s: %s" % (error.name, status, error))
        return str(error)
    check(False, "no error, but %s was expected" % status)
    return ""


def flat(values, kind="f"):
    """The numbers of an array, which is NumPy's or not, one after the other: floats, or of another kind."""
    return array.array(kind, memoryview(values).tobytes())


settings = {"seed": 7, "generator.hidden": [256, 256], "generator.learning-rate": 1e-3, "discriminator.learning-rate": 1e-3}


def progress(trainer, event):
    if event == gan.EPOCH:
        losses = trainer.metric("discriminator.loss"), trainer.metric("generator.loss")
        print("epoch %d   discriminator %.3f   generator %.3f" % (trainer.metric("epoch"), *losses))
    return event == gan.EPOCH and trainer.metric("epoch") == 2


print("libgan %s on %s from Python %d.%d" % (gan.version(), gan.instruction_set(), *sys.version_info[:2]))
with gan.Dataset.open(data) as digits:
    print("%d images of %d x %d x %d in %d classes" % (*digits.shape, digits.classes))
    check(digits.shape == (10000, 28, 28, 1) and digits.classes == 10, "the shape of the dataset")
    check(max(flat(digits.read(9999, 1))) <= 1 and list(digits.read_labels(0, 3)) == [7, 2, 1], "images and labels are read")

    # Two of three epochs, then the callback stops the run; another trainer goes on with the file.
    with gan.Trainer(digits, settings) as trainer:
        check(trainer.option("generator.hidden") == "256,256", "an option of the trainer")
        fails("GAN_E_CANCELLED", trainer.run, 3, progress)
        trainer.save(output / "stopped.safetensors")

        def raises(trainer, event):
            raise KeyError("mine")

        try:
            trainer.run(1, raises)
            check(False, "an exception of the callback comes out of run")
        except KeyError:
            check(True, "an exception of the callback comes out of run")
        # Ctrl-C ends a run, though most of it is spent outside Python.
        signal.signal(signal.SIGINT, signal.default_int_handler)  # who started us may have had it ignored
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
        try:
            trainer.run(300)
            check(False, "Ctrl-C ends a run")
        except KeyboardInterrupt:
            check(trainer.metric("step") > 0, "Ctrl-C ends a run")
    with gan.Trainer.load(output / "stopped.safetensors", digits) as trainer:
        trainer.run(1, progress)
        check(trainer.metric("epoch") == 3 and trainer.metric("step") == 300, "the metrics")
        trainer.save(output / "digits.safetensors")
        with trainer.generator() as snapshot, snapshot.sampler() as sampler:
            taken = flat(sampler.draw(7, 0, 64))

with gan.Generator.load(output / "digits.safetensors") as generator, generator.sampler({"threads": 1}) as sampler:
    check(generator.shape == (28, 28, 1) == generator.axes and generator.range == (0, 1) and generator.latent_size == 128, "the generator's shape")
    check(generator.option("seed") == "7", "an option of the generator")
    images, latents = flat(sampler.draw(7, 0, 64)), flat(sampler.latents(7, 0, 64))
    check(images == taken and images == flat(sampler.decode(latents)), "a snapshot, a file and decoding give the same images")
    way = sampler.path(latents[:128], latents[128:256], 5)
    check(flat(way)[:128] == latents[:128], "a path begins where it should")
    check(flat(sampler.path_at(latents[:128], latents[128:256], 0.25)) == flat(way)[128:256], "a place of a path")
    (output / "images.f32").write_bytes(images.tobytes())
    (output / "images.u8").write_bytes(bytes(sampler.draw_bytes(7, 0, 64)))
    (output / "far.f32").write_bytes(sampler.draw(2**64 - 5, 2**40, 2).tobytes())
    (output / "path.f32").write_bytes(sampler.decode(way).tobytes())
    (output / "grid.png").write_bytes(sampler.png(7, 0, 64))
    sampler.write_png(output / "written.png", 7, 0, 64)

    pixels = bytes(sampler.draw_bytes(1, 0, 1))
    for row in range(0, 28, 2):
        print("".join(" .:-=+*#%@"[value * 10 // 256] for value in pixels[row * 28 : row * 28 + 28]))

with gan.Generator.from_bytes((output / "digits.safetensors").read_bytes()) as generator, generator.sampler() as sampler:
    check(flat(sampler.draw(7, 0, 64)) == images, "a generator from memory draws the same")
with gan.Dataset.from_bytes(bytes(range(256)) * 50, 8, 8) as noise, gan.Trainer(noise) as trainer:
    trainer.step(3)
    check(trainer.metric("step") == 3, "training on bytes from memory")
with gan.Dataset.from_floats([0.0, 0.5, 1.0, 0.25] * 2, 2, 2, labels=[4, 0]) as floats:
    check(list(flat(floats.read(1, 1))) == [0, 0.5, 1, 0.25] and list(floats.read_labels(0, 2)) == [4, 0], "a dataset of floats")
    told = floats.with_tags([1, 0, 1, 1], ["hat", "smile"]).with_texts(["a é", "b"]).with_labels([0, 1], ["no", "yes"], name="answer")
    with gan.Dataset.combine({"source": told, "target": gan.Dataset.from_values([1.0, 2.0, 3.0, 4.0], [2])}) as pairs:
        fields = pairs.fields
        check(len(fields) == 6 and fields[2] == ("source.tags", "tags", (2,), 2, (0, 1), ["hat", "smile"]) and fields[5] == ("target", "values", (2,), 2, (1, 4), []), "fields of a dataset")
        check(pairs.field_text("source.tags", 1) == "hat,smile" and pairs.field_text(3, 0) == "a é" and pairs.field_text(4, 1) == "yes", "items of fields in words")
        check(list(flat(pairs.read_field("target", 1, 1))) == [3, 4], "items of fields")

small = {"batch-size": 50, "generator.hidden": "8", "discriminator.hidden": "8"}
with gan.Dataset.from_csv("city,size\n" + "Seoul,1.5\nBusan,2.5\n" * 100, small) as table, gan.Trainer(table, small) as trainer:
    trainer.step(2)
    with trainer.generator() as made, made.sampler() as rows:
        check(made.columns[0] == ("city", "category", ["Busan", "Seoul"]) and made.cell_text(0, 1) == "Seoul", "columns of a table")
        rows.where("city=Seoul")
        check(list(flat(rows.draw_rows(7, 0, 3), "d"))[::2] == [1, 1, 1], "rows of a table")
        rows.write_csv(output / "rows.csv", 7, 0, 3)
        check((output / "rows.csv").read_text().startswith("city,size\nSeoul,"), "a table in a file")

check("no-such-file" in fails("GAN_E_NOT_FOUND", gan.Generator.load, "no-such-file.safetensors"), "the sentence names the file")
check("batch-size" in fails("GAN_E_UNKNOWN_NAME", gan.Options, {"batchsize": 64}), "the sentence gives the nearest option")
check("batch-size" in gan.options() and gan.Options({"batch-size": 64})["batch-size"] == "64", "options are listed and read")
fails("GAN_E_INVALID_HANDLE", sampler.draw, 7, 0, 1)

print("python: %d passed, %d failed" % (passed, failed))
sys.exit(failed > 0)
