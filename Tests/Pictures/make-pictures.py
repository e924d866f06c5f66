"""Writes the pictures of this folder: small JPEG files of every kind that people bring, and beside each the pixels that
Pillow decodes, turned as EXIF says, as PNG. Needs Pillow and NumPy, which the tests do not."""
import os
import struct

import numpy
from PIL import Image, ImageOps

folder = os.path.dirname(os.path.abspath(__file__))
y, x = numpy.mgrid[0:11, 0:17]
colour = numpy.stack([40 + 10 * x, 230 - 15 * y, 60 + 5 * x + 6 * y], 2).astype(numpy.uint8)
colour[2:5, 2:6] = [250, 20, 30]  # so that every way of turning it is another picture
grey = (20 + 9 * x + 5 * y).astype(numpy.uint8)


def exif(orientation, order="MM"):
    """A TIFF file of one directory: a tag that nobody asks for, and the orientation."""
    sign = ">" if order == "MM" else "<"
    body = order.encode() + struct.pack(sign + "HIH", 42, 8, 2)
    body += struct.pack(sign + "HHIHH", 0x0100, 3, 1, 17, 0)
    body += struct.pack(sign + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"Exif\0\0" + body + struct.pack(sign + "I", 0)


def put(name, image, **how):
    path = os.path.join(folder, name + ".jpg")
    image.save(path, "JPEG", **{"quality": 90, "optimize": True, **how})
    with Image.open(path) as read:
        read = ImageOps.exif_transpose(read)
        read = read.convert("L" if read.mode == "L" else "RGB")
        read.save(os.path.join(folder, name + ".png"), optimize=True)
    assert os.path.getsize(path) < 2048, path


rgb = Image.fromarray(colour)
put("baseline", rgb, subsampling=0)
put("baseline-420", rgb, subsampling=2)
put("progressive", rgb, progressive=True, subsampling=1)
put("grey", Image.fromarray(grey))
put("grey-progressive", Image.fromarray(grey), progressive=True)
put("restarts", rgb, restart_marker_blocks=1)
put("rgb", rgb, keep_rgb=True)
put("cmyk", rgb.convert("CMYK"))
for orientation in range(1, 9):
    put(f"orientation-{orientation}", rgb, exif=exif(orientation, "MM" if orientation % 2 else "II"), subsampling=0)

# The same with a colour transform, as Photoshop writes them: cyan, magenta and yellow as luminance and two differences.
with open(os.path.join(folder, "cmyk.jpg"), "rb") as file:
    data = bytearray(file.read())
adobe = data.find(b"Adobe")
assert adobe > 0
data[adobe + 11] = 2
with open(os.path.join(folder, "ycck.jpg"), "wb") as file:
    file.write(data)
with Image.open(os.path.join(folder, "ycck.jpg")) as read:
    read.convert("RGB").save(os.path.join(folder, "ycck.png"), optimize=True)

# Bytes that do not belong there, between two parts, as many a camera leaves them.
with open(os.path.join(folder, "baseline.jpg"), "rb") as file:
    data = file.read()
cut = data.find(b"\xff\xdb")
with open(os.path.join(folder, "extraneous.jpg"), "wb") as file:
    file.write(data[:cut] + b"\0\1\2" + data[cut:])
with Image.open(os.path.join(folder, "baseline.jpg")) as read:
    read.save(os.path.join(folder, "extraneous.png"), optimize=True)
