"""Writes the fixtures with the safetensors package, so that the library's reader is tested on bytes it did not write.

    python3 -m venv venv && venv/bin/pip install safetensors numpy && venv/bin/python make.py
"""
import pathlib
import zlib

import numpy
from safetensors.numpy import save

folder = pathlib.Path(__file__).parent
METADATA = {
    "format": "libgan",
    "format-version": "1",
    "kind": "generator",
    "options": '{"latent.size":"2","note":"caf\\u00e9 \\ud83d\\ude00 \\"quoted\\""}',
    "seed": "18446744073709551615",
    "step": "1234",
    "checksum": "00000000",
}


def seal(contents: bytes) -> bytes:
    """Puts the checksum in the place of its zeros: CRC-32 of the whole file with the digits as zeros."""
    mark = b'"checksum":"00000000"'
    assert contents.count(mark) == 1
    return contents.replace(mark, b'"checksum":"%08x"' % zlib.crc32(contents))


tensors = {
    "generator.0.weight": numpy.array([[0.5, -1.25, 3.0], [numpy.inf, 1e-40, -0.0]], numpy.float32),
    "generator.0.bias": numpy.array([1, 2, 3], numpy.float32),
    "scalar": numpy.array(7, numpy.float32),
    "empty": numpy.zeros([0, 4], numpy.float32),
}
(folder / "from-python.safetensors").write_bytes(seal(save(tensors, METADATA)))
tensors["half"] = numpy.array([1, 2, 3], numpy.float16)
(folder / "half-precision.safetensors").write_bytes(seal(save(tensors, METADATA)))
(folder / "not-a-checkpoint.safetensors").write_bytes(save({"weight": numpy.ones([2], numpy.float64)}))
