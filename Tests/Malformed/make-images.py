"""Writes the malformed images of images/. Needs Python's standard library only."""
import gzip
import os
import struct
import zlib

folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "images")


def put(name, data):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)


def idx(kind, *axes):
    return bytes([0, 0, kind, len(axes)]) + b"".join(struct.pack(">I", a) for a in axes)


def packed(data):
    return gzip.compress(data, mtime=0)


def chunk(name, data, damage=0):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data) ^ damage)


SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png(width, height, rows, depth=8, colour=0, interlace=0):
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    return SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


good = idx(8, 2, 2, 3) + bytes(12)

# IDX, plain.
put("truncated.empty", b"")
put("truncated.idx-three-bytes", good[:3])
put("truncated.idx-axes-missing", good[:9])
put("truncated.idx-last-byte-missing", good[:-1])
put("badFormat.idx-one-byte-too-many", good + b"\0")
put("badFormat.idx-unknown-type", idx(10, 2, 2, 3) + bytes(12))
put("badFormat.idx-no-axes", bytes([0, 0, 8, 0]))
put("badFormat.idx-labels-as-images", idx(8, 4) + bytes(4))
put("badFormat.idx-axis-zero", idx(8, 2, 0, 3))
put("badData.idx-no-items", idx(8, 0, 2, 3))
put("truncated.idx-60-gigabytes", idx(8, 60000, 1000, 1000) + bytes(84))
put("badFormat.idx-overflow", idx(8, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF) + bytes(80))
put("badFormat.idx-255-axes-overflow", idx(14, *([2] * 255)) + bytes(8))
put("badData.idx-float-nan", idx(13, 1, 1, 2) + struct.pack(">ff", 0.5, float("nan")))
put("badData.idx-float-infinite", idx(13, 1, 1, 2) + struct.pack(">ff", 0.5, float("inf")))
put("badData.idx-float-too-large", idx(13, 1, 1, 2) + struct.pack(">ff", 0.5, 1.5))
put("badData.idx-double-beyond-float", idx(14, 1, 1, 2) + struct.pack(">dd", 0.5, 1e300))
put("badFormat.text", b"These are not images.\n")
put("badFormat.one-zero-byte-and-text", b"\0x")

# IDX, gzip.
zipped = packed(good)
put("truncated.gzip-header-only", zipped[:10])
put("truncated.gzip-two-bytes", zipped[:2])
put("truncated.gzip-cut", zipped[:-9])
put("truncated.gzip-without-length", zipped[:-4])
put("checksum.gzip-crc", zipped[:-8] + bytes([zipped[-8] ^ 1]) + zipped[-7:])
put("checksum.gzip-length", zipped[:-1] + bytes([zipped[-1] ^ 1]))
put("badFormat.gzip-garbage-behind", zipped + b"garbage")
put("badFormat.gzip-one-byte-behind", zipped + b"\x1f")
put("badFormat.gzip-zero-behind", zipped + b"\0")
put("truncated.gzip-second-member-cut", packed(good[:8]) + packed(good[8:])[:12])
put("badFormat.gzip-corrupt-block", zipped[:10] + b"\xff" * 20)
put("badFormat.gzip-of-text", packed(b"These are not images either.\n"))
put("truncated.gzip-of-nothing", packed(b""))
put("truncated.gzip-60-gigabytes", packed(idx(8, 60000, 1000, 1000)))
put("truncated.gzip-idx-byte-missing", packed(good[:-1]))
put("badFormat.gzip-idx-byte-too-many", packed(good + b"\0"))

# NPY.


def npy(text, data=b""):
    return b"\x93NUMPY\x01\0" + struct.pack("<H", len(text)) + text.encode() + data


def array(kind="|u1", shape="(2, 2, 3)", order="False"):
    return f"{{'descr': '{kind}', 'fortran_order': {order}, 'shape': {shape}, }}\n"


put("truncated.npy-signature", b"\x93NUMPY")
put("truncated.npy-description-cut", npy(array())[:40])
put("truncated.npy-last-byte-missing", npy(array(), bytes(11)))
put("badFormat.npy-one-byte-too-many", npy(array(), bytes(13)))
put("truncated.npy-fortran", npy(array(order="True"), bytes(11)))
put("badFormat.npy-objects", npy(array("|O"), bytes(12)))
put("badFormat.npy-type-with-zero", npy(array("<\0f4"), bytes(12)))
put("badFormat.npy-records", npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3,)}\n", bytes(12)))
put("badFormat.npy-overflow", npy(array(shape="(4294967295, 4294967295, 4294967295)"), bytes(12)))
put("badFormat.npy-number-without-end", npy(array(shape="(" + "9" * 300 + ", 1)"), bytes(12)))
put("badFormat.npy-negative", npy(array(shape="(-2, 6)"), bytes(12)))
put("badFormat.npy-not-closed", npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2, 3", bytes(12)))
put("badFormat.npy-no-shape", npy("{'descr': '|u1', 'fortran_order': False}\n", bytes(12)))
put("badFormat.npy-description-of-four-gigabytes", b"\x93NUMPY\x02\0\xff\xff\xff\xff" + bytes(12))
put("badData.npy-no-items", npy(array(shape="(0, 2, 3)")))
put("badData.npy-nan", npy(array("<f4", "(1, 1, 2)"), struct.pack("<ff", 0.5, float("nan"))))
put("truncated.npy-60-gigabytes", npy(array(shape="(60000, 1000, 1000)"), bytes(84)))
put("truncated.gzip-npy-60-gigabytes", packed(npy(array(shape="(60000, 1000, 1000)"))))

# JPEG: what the header tells, for which libturbojpeg is not needed.


def segment(marker, data=b""):
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def frame(width, height, bits=8, colours=1, marker=0xC0):
    return segment(marker, struct.pack(">BHHB", bits, height, width, colours) + b"".join(bytes([i + 1, 0x11, 0]) for i in range(colours)))


def jpeg(*parts):
    return b"\xff\xd8" + b"".join(parts)


scan = segment(0xDA, b"\x01\x01\0\0\x3f\0") + bytes(40)
end = b"\xff\xd9"
put("truncated.jpeg-signature", jpeg(b"\xff"))
put("truncated.jpeg-header-cut", jpeg(frame(4, 3))[:-4])
put("truncated.jpeg-no-scan", jpeg(frame(4, 3)))
put("truncated.jpeg-end-missing", jpeg(frame(4, 3), scan))
put("truncated.jpeg-segment-beyond-the-end", jpeg(b"\xff\xe1\xff\xffExif\0\0"))
put("badFormat.jpeg-no-frame", jpeg(scan, end))
put("badFormat.jpeg-end-at-once", jpeg(end))
put("badFormat.jpeg-frame-without-sizes", jpeg(segment(0xC0, b"\x08\0"), scan, end))
put("badFormat.jpeg-height-zero", jpeg(frame(4, 0), scan, end))
put("badFormat.jpeg-wide-and-high", jpeg(frame(65535, 65535), scan, end))
put("badFormat.jpeg-huge-claim", jpeg(frame(16000, 16000), scan, end))
put("badFormat.jpeg-12-bits", jpeg(frame(4, 3, bits=12), scan, end))
put("badFormat.jpeg-2-colours", jpeg(frame(4, 3, colours=2), scan, end))
put("badFormat.jpeg-lossless", jpeg(frame(4, 3, marker=0xC3), scan, end))
put("badFormat.jpeg-hierarchical", jpeg(frame(4, 3, marker=0xC6), scan, end))

# Of other kinds.
put("badFormat.zip", b"PK\x03\x04" + bytes(26))
put("badFormat.webp", b"RIFF" + struct.pack("<I", 30) + b"WEBPVP8 " + bytes(14))
put("badFormat.heic", b"\0\0\0\x18ftypheic" + bytes(12))

# PNG.
whole = png(4, 3, (b"\0" + bytes(4)) * 3)
put("truncated.png-signature", SIGNATURE)
put("truncated.png-header-cut", whole[:30])
put("truncated.png-header-only", whole[:33])
put("truncated.png-data-cut", whole[:45])
put("truncated.png-end-missing", whole[:-12])
put("checksum.png-header", whole[:29] + bytes([whole[29] ^ 1]) + whole[30:])
put("checksum.png-data", whole[:41] + bytes([whole[41] ^ 1]) + whole[42:])
put("badFormat.png-no-header", SIGNATURE + chunk(b"IDAT", zlib.compress(bytes(8))) + chunk(b"IEND", b"") + bytes(20))
put("badFormat.png-width-zero", png(0, 3, bytes(3)))
put("badFormat.png-wide", png(0x7FFFFFFF, 1, bytes(5)))
put("badFormat.png-huge-claim", png(16000, 16000, bytes(5)))
put("badFormat.png-too-few-rows", png(4, 3, (b"\0" + bytes(4)) * 2))
put("badFormat.png-unknown-colour", png(4, 3, (b"\0" + bytes(4)) * 3, colour=5))
put("badFormat.png-depth-3", png(4, 3, (b"\0" + bytes(4)) * 3, depth=3))
put("badFormat.png-unknown-filter", png(4, 3, (b"\x09" + bytes(4)) * 3))
put("badFormat.png-palette-missing", png(4, 3, (b"\0" + bytes(4)) * 3, colour=3))
put("badFormat.png-not-deflate", SIGNATURE + whole[8:33] + chunk(b"IDAT", b"\xff" * 30) + chunk(b"IEND", b""))
deep = png(4, 3, bytes(100), depth=16, interlace=1)
put("badFormat.png-deep-second-header", deep[:33] + chunk(b"IHDR", b"short") + deep[33:])
put("badFormat.png-deep-too-many-rows", deep)
put("badFormat.png-deep-too-few-rows", png(4, 3, bytes(20), depth=16, interlace=1))
put("badFormat.png-deep-unknown-filter", png(4, 3, (b"\x07" + bytes(8)) * 9, depth=16, interlace=1)[:-12] + whole[-12:])
put("badFormat.png-no-data", SIGNATURE + whole[8:33] + chunk(b"IEND", b""))
put("truncated.png-chunk-of-two-gigabytes", whole[:33] + struct.pack(">I", 0x7FFFFFFF) + b"IDAT" + bytes(20))
