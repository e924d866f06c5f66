"""What the programs here share: files as arrays, shrinking as benchmarks do it, and how near pictures are. Needs numpy."""
import gzip
import struct
import zlib

import numpy


def idx(path):
    """An IDX file of bytes, plain or gzip."""
    contents = open(path, 'rb').read()
    if contents[:2] == b'\x1f\x8b': contents = gzip.decompress(contents)
    axes = [int.from_bytes(contents[4 + 4 * i:8 + 4 * i], 'big') for i in range(contents[3])]
    return numpy.frombuffer(contents, numpy.uint8, offset=4 + 4 * len(axes)).reshape(axes)


def read_png(path):
    """[height, width, channels] of a PNG of 8 bits that is not interlaced."""
    contents = open(path, 'rb').read()
    at, data, header = 8, b'', None
    while at < len(contents):
        length, kind = struct.unpack('>I4s', contents[at:at + 8])
        body = contents[at + 8:at + 8 + length]
        if kind == b'IHDR': header = struct.unpack('>IIBBBBB', body)
        if kind == b'IDAT': data += body
        at += 12 + length
    width, height, depth, colour, _, _, interlaced = header
    assert depth == 8 and not interlaced and colour in (0, 2, 4, 6), path + ' is a PNG of another kind'
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    raw = numpy.frombuffer(zlib.decompress(data), numpy.uint8).reshape(height, width * channels + 1)
    pixels = numpy.zeros((height + 1, width * channels), numpy.int64)
    for y in range(height):
        line, above, kind = raw[y, 1:].astype(numpy.int64), pixels[y], raw[y, 0]
        if kind == 2: line = line + above
        elif kind in (1, 3, 4):
            line = line.copy()
            for x in range(width * channels):
                left = line[x - channels] if x >= channels else 0
                if kind == 1: guess = left
                elif kind == 3: guess = (left + above[x]) // 2
                else:
                    corner = above[x - channels] if x >= channels else 0
                    base = left + above[x] - corner
                    a, b, c = abs(base - left), abs(base - above[x]), abs(base - corner)
                    guess = left if a <= b and a <= c else above[x] if b <= c else corner
                line[x] = (line[x] + guess) & 255
        pixels[y + 1] = line & 255
    picture = pixels[1:].reshape(height, width, channels).astype(numpy.uint8)
    return picture[:, :, :1] if channels in (1, 2) else picture[:, :, :3]


def write_png(path, picture):
    height, width, channels = picture.shape
    def chunk(kind, contents):
        return struct.pack('>I', len(contents)) + kind + contents + struct.pack('>I', zlib.crc32(kind + contents))
    rows = b''.join(b'\0' + picture[y].tobytes() for y in range(height))
    with open(path, 'wb') as file:
        file.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 0 if channels == 1 else 2, 0, 0, 0))
                   + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))


def cubic(x):
    """Keys's kernel, a = -1/2."""
    x = numpy.abs(x)
    return numpy.where(x <= 1, 1.5 * x ** 3 - 2.5 * x ** 2 + 1, numpy.where(x < 2, -0.5 * x ** 3 + 2.5 * x ** 2 - 4 * x + 2, 0))


def resized(picture, sides):
    """As MATLAB's imresize by a factor: widened against aliasing where it shrinks, edges mirrored."""
    result = picture.astype(numpy.float64)
    for axis, side in enumerate(sides):
        length = result.shape[axis]
        scale = side / length
        wide = min(scale, 1)
        centres = (numpy.arange(side) + 0.5) / scale - 0.5
        first = numpy.floor(centres - 2 / wide).astype(int)
        places = first[:, None] + numpy.arange(int(numpy.ceil(4 / wide)) + 2)[None, :]
        weights = cubic((centres[:, None] - places) * wide)
        weights /= weights.sum(axis=1, keepdims=True)
        mirrored = numpy.mod(places, 2 * length)
        mirrored = numpy.where(mirrored >= length, 2 * length - 1 - mirrored, mirrored)
        matrix = numpy.zeros((side, length))
        for tap in range(places.shape[1]): numpy.add.at(matrix, (numpy.arange(side), mirrored[:, tap]), weights[:, tap])
        result = numpy.moveaxis(numpy.tensordot(matrix, result, (1, axis)), 0, axis)
    return numpy.clip(numpy.round(result), 0, 255).astype(numpy.uint8)


def luminance(picture):
    if picture.shape[2] == 1: return picture[:, :, 0].astype(numpy.float64)
    return 16 + picture.astype(numpy.float64) @ numpy.array([65.481, 128.553, 24.966]) / 255


def psnr(made, truth, border):
    a, b = (luminance(x)[border:-border, border:-border] for x in (made, truth))
    return 10 * numpy.log10(255 ** 2 / numpy.mean((a - b) ** 2))
