"""gan apply on pictures of every kind: deep, odd, palettes, animated, broken, arrays; and where it may not write."""
import os
import struct
import zlib

import applying
from support import *


def chunk(kind, contents):
    return struct.pack('>I', len(contents)) + kind + contents + struct.pack('>I', zlib.crc32(kind + contents))


def raw_png(folder, name, width, height, depth, colour, rows, *more, interlaced=0):
    """Any PNG file: rows with their filter in front, and chunks before the pixels."""
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as file:
        file.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, depth, colour, 0, 0, interlaced)) +
                   b''.join(chunk(*one) for one in more) + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))
    return name


def deep(folder, name):
    """Width, height, colour type and samples of a PNG file of 16 bits a channel, whose rows have the filters 0 or 1."""
    contents = read(folder, name)
    width, height, depth, colour = struct.unpack('>IIBB', contents[16:26])
    assert depth == 16, f'{name} has {depth} bits'
    channels, at, packed = {0: 1, 2: 3, 6: 4}[colour], 8, b''
    while at < len(contents):
        size, kind = struct.unpack('>I4s', contents[at:at + 8])
        packed += contents[at + 8:at + 8 + size] if kind == b'IDAT' else b''
        at += 12 + size
    raw, stride, values = zlib.decompress(packed), 2 * channels * width, []
    for y in range(height):
        kind, row = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for x in range(2 * channels, stride if kind == 1 else 0):
            row[x] = (row[x] + row[x - 2 * channels]) & 255
        values += struct.unpack(f'>{channels * width}H', row)
    return width, height, colour, values


def sixteen_bits_stay(folder):
    fills = applying.filling(folder)
    # Grey, and of it the same in colour, in a model of grey pictures: what is not filled is as it was to the bit.
    samples = [(x * 811 + y * 1709) % 65536 for y in range(16) for x in range(18)]
    rows = b''.join(b'\0' + struct.pack('>18H', *samples[18 * y:18 * y + 18]) for y in range(16))
    raw_png(folder, 'grey16.png', 18, 16, 16, 0, rows)
    gan(folder, 'apply', fills, 'grey16.png', 'filled.png', '--box', '4,5,6,7')
    width, height, colour, values = deep(folder, 'filled.png')
    assert (width, height, colour) == (18, 16, 0)
    for place in range(18 * 16):
        inside = 4 <= place % 18 < 10 and 5 <= place // 18 < 12
        assert inside or values[place] == samples[place], (place, values[place], samples[place])
    assert values != samples
    # Colour, opacity, a colour that stands for nothing, interlacing.
    twice = applying.larger(folder)
    rgba = b''.join(b'\0' + struct.pack('>72H', *((x * 900 + y) % 65536 for x in range(72))) for y in range(16))
    raw_png(folder, 'rgba16.png', 18, 16, 16, 6, rgba)
    gan(folder, 'apply', twice, 'rgba16.png', 'rgba.png')
    width, height, colour, values = deep(folder, 'rgba.png')
    assert (width, height, colour) == (36, 32, 6)
    assert values[3::4][:4] == [2700, 2700, 6300, 6300]
    raw_png(folder, 'absent16.png', 18, 16, 16, 0, rows, (b'tRNS', struct.pack('>H', samples[20])))
    gan(folder, 'apply', twice, 'absent16.png', 'absent.png')
    assert deep(folder, 'absent.png')[2] == 6 and deep(folder, 'absent.png')[3][3::4].count(0) == 4 * samples.count(samples[20])
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    woven = b''.join(b'\0' + struct.pack(f'>{len(range(left, 18, across))}H', *(samples[18 * y + x] for x in range(left, 18, across)))
                     for left, top, across, down in passes for y in range(top, 16, down))
    raw_png(folder, 'woven16.png', 18, 16, 16, 0, woven, interlaced=1)
    gan(folder, 'apply', fills, 'woven16.png', 'woven.png', '--box', '4,5,6,7')
    assert read(folder, 'woven.png') == read(folder, 'filled.png')


def any_picture_is_taken(folder):
    name = applying.larger(folder)
    for width, height in (1, 1), (1, 50), (50, 1), (2, 3), (5000, 1), (1, 5000), (63, 65):
        applying.painted(folder, 'odd.png', height, width)
        gan(folder, 'apply', name, 'odd.png', 'out.png', '--force')
        assert applying.pixels(folder, 'out.png')[:2] == (2 * height, 2 * width)
        gan(folder, 'apply', name, 'odd.png', 'tiled.png', '--force', '--tile', '16')
        assert read(folder, 'tiled.png') == read(folder, 'out.png')
    # A palette, with and without transparency; one, two and four bits.
    rows = b''.join(b'\0' + bytes((x + y) % 3 for x in range(9)) for y in range(7))
    raw_png(folder, 'palette.png', 9, 7, 8, 3, rows, (b'PLTE', bytes([255, 0, 0, 0, 255, 0, 9, 9, 200])))
    gan(folder, 'apply', name, 'palette.png', 'out.png', '--force')
    assert applying.pixels(folder, 'out.png')[:2] == (14, 18)
    raw_png(folder, 'clear.png', 9, 7, 8, 3, rows, (b'PLTE', bytes([255, 0, 0, 0, 255, 0, 9, 9, 200])), (b'tRNS', b'\x00\x80'))
    gan(folder, 'apply', name, 'clear.png', 'out.png', '--force')
    assert {pixel[3] for row in applying.pixels(folder, 'out.png')[2] for pixel in row} == {0, 128, 255}
    for depth in 1, 2, 4:
        raw_png(folder, 'few.png', 8, 4, depth, 0, (b'\0' + b'\x5a' * depth) * 4)
        gan(folder, 'apply', name, 'few.png', 'out.png', '--force')
        assert applying.pixels(folder, 'out.png')[:2] == (8, 16)


def bad_pictures_are_named_or_left_out(folder):
    name = applying.larger(folder)
    for index in range(3):
        applying.painted(folder, f'in/{index}.png', 6 + index, 7)
    rows = b''.join(b'\0' + bytes(9) for y in range(7))
    raw_png(folder, 'animated.png', 9, 7, 8, 0, rows, (b'acTL', struct.pack('>II', 3, 0)))
    raw_png(folder, 'still.png', 9, 7, 8, 0, rows, (b'acTL', struct.pack('>II', 1, 0)))
    gan(folder, 'apply', name, 'animated.png', 'x.png', code=65, word='animated.png" is animated')
    gan(folder, 'apply', name, 'still.png', 'still-out.png')
    gan(folder, 'apply', name, 'in', 'fine', '--skip')
    for place, contents in ('1b.png', read(folder, 'in/1.png')[:60]), ('1c.png', b'no picture'), ('1d.png', b''), ('1e.png', read(folder, 'animated.png')):
        with open(os.path.join(folder, 'in', place), 'wb') as file:
            file.write(contents)
        done = gan(folder, 'apply', name, 'in', 'out-' + place, code=65, word=place)
        assert '--skip' in done.err and not os.path.exists(os.path.join(folder, 'out-' + place, '2.png'))
        done = gan(folder, 'apply', name, 'in', 'skipped-' + place, '--skip')
        assert done.err.count('Left out: ') == 1 and place in done.err and '3 pictures' in done.err and '1 left out' in done.err, done.err
        assert sorted(os.listdir(os.path.join(folder, 'skipped-' + place))) == ['0.png', '1.png', '2.png']
        for index in range(3):
            assert read(folder, f'skipped-{place}/{index}.png') == read(folder, f'fine/{index}.png')
        os.remove(os.path.join(folder, 'in', place))
    os.makedirs(os.path.join(folder, 'all'))
    with open(os.path.join(folder, 'all', 'a.png'), 'wb') as file:
        file.write(b'no picture')
    gan(folder, 'apply', name, 'all', 'none', '--skip', code=65, word='None of')
    gan(folder, 'apply', name, 'in/0.png', 'x.png', '--skip', code=64, word='--skip')


def outputs_are_not_inputs(folder):
    name = applying.larger(folder)
    applying.painted(folder, 'p.png', 6, 7)
    before = read(folder, 'p.png')
    gan(folder, 'apply', name, 'p.png', 'p.png', code=73, word='--force')
    assert read(folder, 'p.png') == before
    gan(folder, 'apply', name, 'p.png', 'p.png', '--force')  # who insists may
    assert applying.pixels(folder, 'p.png')[:2] == (12, 14)
    held = digest(folder, name)
    gan(folder, 'apply', name, 'p.png', name, '--force', code=64, word='.safetensors')
    os.symlink(name, os.path.join(folder, 'link.png'))
    gan(folder, 'apply', name, 'p.png', 'link.png', '--force', code=64, word='the checkpoint')
    assert digest(folder, name) == held
    gan(folder, 'apply', name, 'p.png', 'x.jpg', code=64, word='.jpg')
    os.makedirs(os.path.join(folder, 'in'))
    os.rename(os.path.join(folder, 'p.png'), os.path.join(folder, 'in', 'p.png'))
    gan(folder, 'apply', name, 'in', 'in', code=73, word='--force')
    gan(folder, 'apply', name, 'in', 'in', '--force')
    assert applying.pixels(folder, 'in/p.png')[:2] == (24, 28)


def write_npy(folder, name, kind, shape, values):
    head = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {tuple(shape)!r}, }}"
    head += ' ' * (63 - (len(head) + 10) % 64) + '\n'
    with open(os.path.join(folder, name), 'wb') as file:
        file.write(b'\x93NUMPY\1\0' + struct.pack('<H', len(head)) + head.encode() + struct.pack(f'<{len(values)}{"f" if kind == "<f4" else "B"}', *values))
    return name


def read_npy(folder, name):
    contents = read(folder, name)
    size, = struct.unpack('<H', contents[8:10])
    head = eval(contents[10:10 + size])
    assert head['descr'] == '<f4' and not head['fortran_order']
    body = contents[10 + size:]
    return head['shape'], list(struct.unpack(f'<{len(body) // 4}f', body))


def arrays_go_in_and_out(folder):
    name = applying.larger(folder)
    values = [(x * 7 + y * 3) % 11 / 10 for y in range(6) for x in range(8)]
    write_npy(folder, 'one.npy', '<f4', (6, 8), values)
    gan(folder, 'apply', name, 'one.npy', 'one-out.npy')
    shape, made = read_npy(folder, 'one-out.npy')
    assert shape == (1, 12, 16) and all(0 <= value <= 1 for value in made) and len(set(made)) > 50
    write_npy(folder, 'two.npy', '<f4', (2, 6, 8, 1), values + values[::-1])
    gan(folder, 'apply', name, 'two.npy', 'two-out.npy')
    shape, both = read_npy(folder, 'two-out.npy')
    assert shape == (2, 12, 16) and both[:192] == made and both[192:] != made
    # Bytes, a picture file on either side.
    write_npy(folder, 'bytes.npy', '|u1', (6, 8), [round(255 * value) for value in values])
    rows = b''.join(b'\0' + bytes(round(255 * value) for value in values[8 * y:8 * y + 8]) for y in range(6))
    raw_png(folder, 'bytes.png', 8, 6, 8, 0, rows)
    gan(folder, 'apply', name, 'bytes.npy', 'a.npy')
    gan(folder, 'apply', name, 'bytes.png', 'b.npy')
    one, other = read_npy(folder, 'a.npy'), read_npy(folder, 'b.npy')
    assert one[0] == other[0] and max(abs(a - b) for a, b in zip(one[1], other[1])) < 1e-5
    gan(folder, 'apply', name, 'one.npy', 'one.png')
    assert deep(folder, 'one.png')[3] == [int(value * 65535 + 0.5) for value in made]
    gan(folder, 'apply', name, 'two.npy', 'two.png', code=64, word='2 pictures')
    gan(folder, 'apply', name, 'one.npy', 'one-out.npy', code=73, word='--force')
    write_npy(folder, 'wide.npy', '<f4', (6, 8), [9 * value for value in values])
    gan(folder, 'apply', name, 'wide.npy', 'x.npy', code=65, word='0 to 1')
    write_npy(folder, 'colours.npy', '<f4', (1, 4, 4, 3), values)
    gan(folder, 'apply', name, 'colours.npy', 'x.npy', code=65, word='channels')
    with open(os.path.join(folder, 'broken.npy'), 'wb') as file:
        file.write(read(folder, 'one.npy')[:100])
    gan(folder, 'apply', name, 'broken.npy', 'x.npy', code=65)
    fills = applying.filling(folder)
    gan(folder, 'apply', fills, 'one.npy', 'x.npy', code=64, word='--box')
    gan(folder, 'apply', fills, 'one.npy', 'filled.npy', '--box', '1,1,2,2')
    shape, made = read_npy(folder, 'filled.npy')
    assert sum(abs(a - b) > 1e-6 for a, b in zip(made, values)) <= 4
