"""How often pictures of the recipe text-to-image show what their text says, of combinations of words that were seen in training and of twelve
that never were: coloured digits of two sizes.                                                                           (needs numpy)

    words.py make MNIST OUT [COUNT]    writes pictures with captions into OUT/words, for the models, and grey ones of other digits with labels
                                       into OUT/greys, for a judge: gan train OUT/words --recipe text-to-image -o words.safetensors
                                       and gan train OUT/greys --recipe classifier --epochs 6 -o judge.safetensors
    words.py judge JUDGE MODEL…        draws 12 pictures of each combination of words, from the same latents, and judges them: the colour and
                                       the size by themselves, the digit by JUDGE, on their grey

MNIST is a folder of its files. The wrapper finds the library as GAN_LIBRARY says.
"""
import gzip
import os
import random
import struct
import sys
import zlib

import numpy

SIDE = 32
DIGITS = 'zero one two three four five six seven eight nine'.split()
COLOURS = {'red': (230, 40, 40), 'green': (40, 200, 60), 'blue': (60, 90, 240), 'yellow': (235, 220, 50), 'white': (240, 240, 240), 'purple': (170, 60, 210)}
SIZES = {'big': 1.0, 'small': 0.6}
FORMS = ('a {s} {c} {d}', '{s} {c} {d}', 'the {c} {d} is {s}', '{c} {s} {d}')
dice = random.Random(1)
UNSEEN = set()
while len(UNSEEN) < 12: UNSEEN.add((dice.randrange(10), dice.choice(list(COLOURS)), dice.choice(list(SIZES))))
ALL = [(digit, colour, size) for digit in range(10) for colour in COLOURS for size in SIZES]


def idx(path):
    contents = gzip.open(path + '.gz').read() if os.path.exists(path + '.gz') else open(path, 'rb').read()
    rank = contents[3]
    return numpy.frombuffer(contents, numpy.uint8, offset=4 + 4 * rank).reshape(struct.unpack(f'>{rank}I', contents[4:4 + 4 * rank]))


def placed(digit, size, dice):
    """A digit of 28 × 28 at its size somewhere in a picture, 0 … 1."""
    side = round(28 * SIZES[size])
    taken = ((numpy.arange(side * 4) + 0.5) / (side * 4) * 28).astype(int)
    small = digit[numpy.ix_(taken, taken)].reshape(side, 4, side, 4).mean((1, 3)) / 255
    y, x = (2, 2) if size == 'big' else (dice.randint(0, SIDE - side), dice.randint(0, SIDE - side))
    picture = numpy.zeros((SIDE, SIDE))
    picture[y:y + side, x:x + side] = small
    return picture


def write_png(path, picture):
    rows = b''.join(b'\0' + row.tobytes() for row in picture)
    def chunk(kind, body): return struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body))
    with open(path, 'wb') as file:
        file.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', SIDE, SIDE, 8, 2, 0, 0, 0)) + chunk(b'IDAT', zlib.compress(rows, 1)) + chunk(b'IEND', b''))


def make(mnist, out, count=12000):
    images, labels = (idx(os.path.join(mnist, 'train-' + name)) for name in ('images-idx3-ubyte', 'labels-idx1-ubyte'))
    os.makedirs(out + '/words', exist_ok=True)
    os.makedirs(out + '/greys', exist_ok=True)
    item, used = 0, 0
    with open(out + '/words/metadata.csv', 'w') as file:
        file.write('file_name,text\n')
        while item < count:
            digit, colour, size = int(labels[used]), dice.choice(list(COLOURS)), dice.choice(list(SIZES))
            picture = placed(images[used], size, dice)[:, :, None] * numpy.array(COLOURS[colour])
            used += 1
            if (digit, colour, size) in UNSEEN: continue
            write_png(f'{out}/words/{item:05}.png', picture.clip(0, 255).astype(numpy.uint8))
            file.write(f'{item:05}.png,{dice.choice(FORMS).format(s=size, c=colour, d=DIGITS[digit])}\n')
            item += 1
    # Digits that no model has seen, as light as the grey of one colour or another.
    rest = range(used, min(used + 20000, len(images)))
    greys = numpy.stack([placed(images[i], dice.choice(list(SIZES)), dice) * dice.uniform(110, 240) for i in rest]).astype(numpy.uint8)
    with open(out + '/greys/train-images-idx3-ubyte', 'wb') as file: file.write(struct.pack('>IIII', 0x803, *greys.shape) + greys.tobytes())
    with open(out + '/greys/train-labels-idx1-ubyte', 'wb') as file: file.write(struct.pack('>II', 0x801, len(greys)) + labels[rest.start:rest.stop].tobytes())


def colour_of(picture):
    """That whose direction the light of the picture has; white and grey are one."""
    light = picture.max(2)
    mean = (picture * light[:, :, None]).sum((0, 1))
    near = {name: numpy.dot(mean, colour) / numpy.linalg.norm(colour) for name, colour in COLOURS.items()}
    return max(near, key=near.get)


def size_of(picture):
    """By the height of what is half as light as the lightest."""
    rows = numpy.flatnonzero(picture.max((1, 2)) > 0.4 * picture.max())
    return 'big' if rows[-1] - rows[0] + 1 > 0.5 * (20 + 12) else 'small'


def judge(judge, models):
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../Sources/Bindings/python'))
    import gan
    judge = gan.Classifier.load(judge)
    for path in models:
        generator = gan.Generator.load(path)
        sampler, (low, high) = gan.Sampler(generator), generator.range
        right = {True: [], False: []}
        for digit, colour, size in ALL:
            sampler.set('text', '\n'.join(form.format(s=size, c=colour, d=DIGITS[digit]) for form in FORMS))
            drawn = numpy.clip((numpy.asarray(sampler.draw(3, 0, 12)).reshape(12, SIDE, SIDE, 3) - low) / (high - low), 0, 1)
            probabilities, _ = judge(numpy.ascontiguousarray(drawn.max(3), dtype=numpy.float32))
            digits = numpy.asarray(probabilities).reshape(12, 10).argmax(1)
            for picture, told in zip(drawn, digits):
                right[(digit, colour, size) in UNSEEN].append((told == digit, colour_of(picture) == colour, size_of(picture) == size))
        print(path)
        for what, unseen in (('seen', False), ('unseen', True)):
            shares = 100 * numpy.array(right[unseen]).mean(0)
            print(f'  {what:7} digit {shares[0]:6.2f} %   colour {shares[1]:6.2f} %   size {shares[2]:6.2f} %   all {100 * numpy.array(right[unseen]).all(1).mean():6.2f} %', flush=True)


if len(sys.argv) >= 4 and sys.argv[1] == 'make':
    make(sys.argv[2], sys.argv[3], *map(int, sys.argv[4:5]))
elif len(sys.argv) >= 4 and sys.argv[1] == 'judge':
    judge(sys.argv[2], sys.argv[3:])
else:
    sys.exit(__doc__)
