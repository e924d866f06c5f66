"""What the tests of the command gan need: to run it, images, a model, and readers of what it writes."""
import hashlib
import os
import re
import struct
import subprocess
import sys
import zlib

GAN, MAN, COMPLETIONS = (os.path.abspath(path) for path in sys.argv[1:4])
TOP = os.getcwd()
HEIGHT = WIDTH = 8
COMMANDS = ['train', 'resume', 'sample', 'apply', 'evaluate', 'inspect', 'recipes', 'data', 'options', 'bench']
TINY = ['--set', 'generator.hidden=16', '--set', 'discriminator.hidden=16', '--set', 'latent.size=8', '--threads', '1']


class Skip(Exception):
    pass


def environment(**more):
    values = {'PATH': os.path.dirname(GAN) + ':' + os.environ['PATH'], 'HOME': '/nonexistent', 'TERM': 'xterm', 'LC_ALL': 'C.UTF-8'}
    values.update({name: os.environ[name] for name in ('GAN_ISA', 'LD_LIBRARY_PATH') if name in os.environ})
    values.update(more)
    return values


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err


def gan(folder, *arguments, code=0, word='', env=None, binary=False, stdout=subprocess.PIPE, **more):
    """Runs gan and holds it to the exit code and, where it fails, to the form of its sentence."""
    done = subprocess.run([GAN, *arguments], cwd=folder, env=env or environment(), stdin=subprocess.DEVNULL, stdout=stdout,
                          stderr=subprocess.PIPE, timeout=120, **more)
    err = done.stderr.decode()
    what = f'gan {" ".join(map(str, arguments))}: exit code {done.returncode}: {err}'
    assert done.returncode == code, f'{what} where {code} was expected'
    assert word.lower() in err.lower(), f'{what} does not say "{word}"'
    if code not in (0, 130):
        first = next((line for line in err.split('\n') if line.startswith('gan: ')), '')
        assert len(first) > 12 and first[-1] in '.?!' and ' ' in first[5:], f'no sentence: {err}'
    for trace in ('gan_', 'Error:', 'Fatal', 'ArgumentParser', 'Swift', 'Optional(', 'Failure('):
        assert trace not in err, f'{what} shows its insides'
    out = done.stdout
    return Result(done.returncode, out if binary or out is None else out.decode(), err)


def write_idx(path, count, height=HEIGHT, width=WIDTH):
    """Images in which a network has something to learn: a bright square somewhere on a dark ground."""
    pixels = bytearray()
    for index in range(count):
        top, left = index * 7 % (height - 3), index * 5 % (width - 3)
        for y in range(height):
            for x in range(width):
                pixels.append(200 + (index + x) % 50 if top <= y < top + 3 and left <= x < left + 3 else (index * 3 + y) % 20)
    with open(path, 'wb') as file:
        file.write(struct.pack('>BBBBIII', 0, 0, 8, 3, count, height, width) + pixels)


def data(folder, count=400):
    path = os.path.join(folder, 'images.idx')
    if not os.path.exists(path):
        write_idx(path, count)
    return 'images.idx'


def model(folder, name='digits.safetensors', epochs='2', *more):
    gan(folder, 'train', data(folder), '--epochs', epochs, '--out', name, '--seed', '7', '--quiet', *TINY, *more)
    return name


def read(folder, name):
    with open(os.path.join(folder, name), 'rb') as file:
        return file.read()


def digest(folder, name):
    return hashlib.sha256(read(folder, name)).hexdigest()


def png(contents):
    """Width, height, channels and pixels of a PNG, 8 bits deep, every filter undone."""
    assert contents[:8] == b'\x89PNG\r\n\x1a\n', 'no PNG'
    at, packed, head = 8, b'', None
    while at < len(contents):
        size, kind = struct.unpack('>I4s', contents[at:at + 8])
        body = contents[at + 8:at + 8 + size]
        if kind == b'IHDR':
            head = struct.unpack('>IIBBBBB', body)
        if kind == b'IDAT':
            packed += body
        at += 12 + size
    width, height, depth, colour = head[:4]
    assert depth == 8
    channels = {0: 1, 2: 3, 6: 4}[colour]
    raw, stride, rows, before = zlib.decompress(packed), width * channels, [], bytearray(width * channels)
    for y in range(height):
        kind, row = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for x in range(stride if kind else 0):
            a, b = row[x - channels] if x >= channels else 0, before[x]
            c = before[x - channels] if x >= channels else 0
            if kind == 4:
                guess = a + b - c
                b = min((a, b, c), key=lambda value: abs(guess - value))
            row[x] = (row[x] + {1: a, 2: b, 3: (a + b) // 2, 4: b}[kind]) & 255
        rows.append(bytes(row))
        before = row
    return width, height, channels, b''.join(rows)


def flags_of(command):
    help_text = gan(TOP, *([command] if command else []), '--help', env=environment(COLUMNS='200')).out
    return set(re.findall(r'(?<![\w-])--[a-z]+(?:-[a-z]+)*', help_text.split('OPTIONS:')[1]))


def leave_nothing(folder):
    left = [name for _, _, names in os.walk(folder) for name in names if name.startswith('.gan') or name.endswith(('.trial', '.tmp', '.part'))]
    assert not left, f'left behind: {left}'
