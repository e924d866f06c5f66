"""The library and its checkpoints as another language sees them: nothing here but Python's own modules.

A safetensors reader of thirty lines opens a checkpoint that a C program saved; the generator's weights are applied in
double precision to latents that the library gave through its C interface; the images must be the library's.

Usage: foreign.py LIBRARY CHECKPOINT
"""
import array
import ctypes
import json
import math
import os
import shutil
import struct
import sys
import tempfile
import zlib

library_path, checkpoint = sys.argv[1:3]
passed = failed = 0


def check(holds, what):
    global passed, failed
    if holds:
        passed += 1
    else:
        failed += 1
        print("foreign: failed:", what, file=sys.stderr)


# The file.
blob = open(checkpoint, "rb").read()
(length,) = struct.unpack("<Q", blob[:8])
header = json.loads(blob[8 : 8 + length])
metadata = header.pop("__metadata__")
check(length % 8 == 0, "the data are aligned to eight bytes")
check(all(isinstance(value, str) for value in metadata.values()), "the metadata are texts")
tensors, end = {}, 0
for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
    start, stop = entry["data_offsets"]
    check(start == end and stop - start == 4 * math.prod(entry["shape"]) and entry["dtype"] == "F32", name + " follows without a gap")
    tensors[name] = array.array("f", blob[8 + length + start : 8 + length + stop])
    end = stop
check(8 + length + end == len(blob), "nothing comes after the last tensor")

# The checksum: CRC-32 of the file with zeros for its own digits.
digits = metadata["checksum"]
quoted = b'"checksum":"' + digits.encode() + b'"'
check(blob.count(quoted) == 1, "the checksum stands in the metadata once")
check("%08x" % zlib.crc32(blob.replace(quoted, b'"checksum":"00000000"')) == digits, "the checksum is that of the file")
options = json.loads(metadata["options"])
check(metadata["format"] == "libgan" and options["preset"] == "mlp", "the metadata say what the file is")

# The library.
gan = ctypes.CDLL(library_path)
generator, sampler = ctypes.c_void_p(), ctypes.c_void_p()
check(gan.gan_generator_load(checkpoint.encode(), ctypes.byref(generator)) == 0, "the library loads it")
check(gan.gan_sampler_create(generator, None, ctypes.byref(sampler)) == 0, "a sampler is made")
inputs, outputs = header["generator.0.weight"]["shape"][0], header["generator.1.weight"]["shape"][1]
hidden = header["generator.0.weight"]["shape"][1]
count, seed = 3, 2**64 - 5
latents = (ctypes.c_float * (count * inputs))()
images = (ctypes.c_float * (count * outputs))()
arguments = sampler, ctypes.c_uint64(seed), ctypes.c_int64(7), ctypes.c_int64(count)
check(gan.gan_sampler_latents(*arguments, latents, ctypes.c_size_t(len(latents))) == 0, "latents")
check(gan.gan_sampler_draw(*arguments, images, ctypes.c_size_t(len(images))) == 0, "images")


def layer(vector, weight, bias, width):
    return [bias[j] + sum(x * weight[i * width + j] for i, x in enumerate(vector) if x) for j in range(width)]


# The generator once more.
worst = 0.0
for item in range(count):
    z = latents[item * inputs : (item + 1) * inputs]
    h = [max(0.0, x) for x in layer(z, tensors["generator.0.weight"], tensors["generator.0.bias"], hidden)]
    logits = layer(h, tensors["generator.1.weight"], tensors["generator.1.bias"], outputs)
    for got, logit in zip(images[item * outputs : (item + 1) * outputs], logits):
        worst = max(worst, abs(got - 1 / (1 + math.exp(-logit))))
check(worst < 1e-5, "the images agree; the largest difference is %g" % worst)
check(max(images) > 0.5 and min(images) < 0.1, "the images have light and dark")

# Saved again by another program: names in another order, blanks in the header.
def save(tensors, path, metadata):
    entries, data = {"__metadata__": metadata}, b""
    for name in sorted(tensors):
        shape, values = tensors[name]
        entries[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(entries).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def status_of(path):
    handle = ctypes.c_void_p()
    status = gan.gan_generator_load(path.encode(), ctypes.byref(handle))
    if status == 0:
        gan.gan_generator_destroy(handle)
    return status


copies = {name: (header[name]["shape"], bytes(values)) for name, values in tensors.items()}
with tempfile.TemporaryDirectory() as folder:
    again = os.path.join(folder, "again.safetensors")
    save(copies, again, metadata)
    check(status_of(again) == 0, "the same contents, written otherwise, are the same checkpoint")
    name = "generator.0.bias"
    copies[name] = copies[name][0], bytes(4) + copies[name][1][4:]
    save(copies, again, metadata)
    check(status_of(again) == -42, "a change is found, however the file is written")
    save(copies, again, {**metadata, "edited": "a bias is 0"})
    check(status_of(again) == 0, "a change that says so is taken")
    del metadata["checksum"]
    save(copies, again, {**metadata, "edited": "a bias is 0"})
    check(status_of(again) == 0, "and needs no checksum")
    save(copies, again, metadata)
    check(status_of(again) == -40, "without either it is no checkpoint")
    # The README's words, where there is the package that they need.
    try:
        import safetensors.numpy
    except ImportError:
        print("skipped: the README's lines that change weights (no package safetensors)")
    else:
        words = open("README.md").read().split("```python\nfrom safetensors", 1)[1].split("```", 1)[0]
        shutil.copy(checkpoint, os.path.join(folder, "digits.safetensors"))
        top = os.getcwd()
        os.chdir(folder)
        exec("from safetensors" + words)
        os.chdir(top)
        check(status_of(os.path.join(folder, "edited.safetensors")) == 0, "the README's way to change weights")

gan.gan_sampler_destroy(sampler)
gan.gan_generator_destroy(generator)
print("foreign: %d passed, %d failed" % (passed, failed))
sys.exit(failed > 0)
