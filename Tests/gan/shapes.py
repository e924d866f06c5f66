"""Shapes: volumes drawn and made of pictures, as files of other programs."""
import ctypes
import os
import struct

from pictures import raw_png
from support import *

SMALL = ['--generator.channels', '3', '--discriminator.channels', '4', '--batch-size', '10', '--latent.size', '5', '--average.decay', '0',
         '--threads', '1', '--quiet']
SIDE = 8


def voxels(index):
    """A plate whose place and height depend on the item, [x, y, z] of bytes."""
    return bytes(255 if index % 5 <= x <= index % 5 + index // 5 % 3 and y < 2 + index % 6 else 0
                 for x in range(SIDE) for y in range(SIDE) for z in range(SIDE))


def view(index):
    return bytes(255 if index % 5 <= x <= index % 5 + index // 5 % 3 and SIDE - 1 - y < 2 + index % 6 else 0 for y in range(SIDE) for x in range(SIDE))


def photo(folder, name, index):
    pixels = view(index)
    raw_png(folder, name, SIDE, SIDE, 8, 0, b''.join(b'\0' + pixels[row * SIDE:(row + 1) * SIDE] for row in range(SIDE)))


def write_volumes(folder, name, count=40):
    write_array(folder, name, (count, SIDE, SIDE, SIDE), b''.join(voxels(i) for i in range(count)))


def write_array(folder, name, axes, values):
    with open(os.path.join(folder, name), 'wb') as file:
        file.write(bytes([0, 0, 8, len(axes)]) + struct.pack(f'>{len(axes)}I', *axes) + values)


def volume_model(folder, made='v.safetensors'):
    write_volumes(folder, 'voxels.idx')
    gan(folder, 'train', 'voxels.idx', '--recipe', 'volume', '--epochs', '2', '--seed', '7', '-o', made, *SMALL)
    return made


def view_model(folder, made='p.safetensors'):
    os.mkdir(os.path.join(folder, 'pairs'))
    write_volumes(folder, 'pairs/volumes.idx')
    write_array(folder, 'pairs/views.idx', (40, SIDE, SIDE), b''.join(view(i) for i in range(40)))
    gan(folder, 'train', 'pairs', '--recipe', 'view-to-volume', '--epochs', '2', '--seed', '7', '-o', made, '--view.channels', '3', *SMALL)
    return made


def numbers(folder, name):
    """An NPY file's axes and floats."""
    file = read(folder, name)
    assert file[:6] == b'\x93NUMPY' and b"'<f4'" in file[:128]
    axes = tuple(int(n) for n in re.search(rb"'shape': \(([^)]*)\)", file[:128]).group(1).replace(b' ', b'').split(b',') if n)
    return axes, struct.unpack(f'<{(len(file) - 128) // 4}f', file[128:])


def surface(folder, name):
    """An OBJ file's vertices and triangles, which are closed."""
    lines = read(folder, name).decode().splitlines()
    vertices = [tuple(float(word) for word in line.split()[1:]) for line in lines if line.startswith('v ')]
    triangles = [tuple(int(word.split('/')[0]) - 1 for word in line.split()[1:]) for line in lines if line.startswith('f ')]
    edges = [(a[i], a[(i + 1) % 3]) for a in triangles for i in range(3)]
    assert len(set(edges)) == len(edges) and all((b, a) in set(edges) for a, b in edges[:300]), f'{name} is not closed'
    return vertices, triangles


def level_of(values):
    """A number of which about half are greater, so that a network that learnt little makes shapes all the same."""
    return sorted(values)[len(values) // 2]


def volumes_are_drawn_as_shapes(folder):
    made = volume_model(folder)
    done = gan(folder, 'sample', made, '--count', '3', '--seed', '5', '--npy', 'three.npy')
    assert '3 shapes of 8 × 8 × 8 → three.npy' in done.err, done.err
    axes, values = numbers(folder, 'three.npy')
    assert axes in ((3, SIDE, SIDE, SIDE), (3, SIDE, SIDE, SIDE, 1)) and len(values) == 3 * SIDE ** 3 and 0 <= min(values) < max(values) <= 1
    level = repr(level_of(values))
    # One shape unless more are asked for, in the file that was named.
    done = gan(folder, 'sample', made, '--seed', '5', '--level', level, '--obj', 'one.obj', '--stl', 'one.stl', '--binvox', 'one.binvox')
    assert '1 shape of 8 × 8 × 8 → one.obj, one.stl, one.binvox' in done.err, done.err
    vertices, triangles = surface(folder, 'one.obj')
    assert triangles and all(0 <= place <= 1 for vertex in vertices for place in vertex)
    assert len(read(folder, 'one.stl')) == 84 + 50 * len(triangles)
    file = read(folder, 'one.binvox')
    runs = file[file.index(b'data\n') + 5:]
    cells = b''.join(bytes([runs[i]]) * runs[i + 1] for i in range(0, len(runs), 2))
    assert cells == bytes(values[(x * SIDE + y) * SIDE + z] > float(level) for x in range(SIDE) for z in range(SIDE) for y in range(SIDE)), 'binvox has the cells, y fastest'
    # Several are numbered as samples are, and each is the same whatever is drawn with it.
    done = gan(folder, 'sample', made, '--seed', '5', '--count', '3', '--level', level, '--obj', 'all.obj')
    assert 'all-000000.obj … all-000002.obj' in done.err and not os.path.exists(os.path.join(folder, 'all.obj')), done.err
    assert read(folder, 'all-000000.obj') == read(folder, 'one.obj') and read(folder, 'all-000001.obj') != read(folder, 'one.obj')
    gan(folder, 'sample', made, '--seed', '5', '--first', '1', '--count', '2', '--level', level, '--obj', 'some.obj')
    assert read(folder, 'some-000002.obj') == read(folder, 'all-000002.obj')
    gan(folder, 'sample', made, '--seed', '5', '--count', '3', '--level', level, '--obj', 'all.obj')  # over what was made before
    gan(folder, 'sample', made, '--level', '2', '--obj', 'none.obj', word='none.obj" is empty')
    assert surface(folder, 'none.obj') == ([], [])
    gan(folder, 'sample', made, '--interpolate', '0,1', '--frames', '2', '--level', level, '--obj', 'way.obj', '--npy', 'way.npy')
    assert numbers(folder, 'way.npy')[0][:4] == (2, SIDE, SIDE, SIDE) and surface(folder, 'way-000001.obj')[1]


def shapes_are_shown_from_all_around(folder):
    made = volume_model(folder)
    gan(folder, 'sample', made, '--seed', '5', '--count', '5', '--npy', 'five.npy')
    _, values = numbers(folder, 'five.npy')
    level = level_of(values)
    gan(folder, 'sample', made, '--seed', '5', '--count', '5', '--level', repr(level), '--png', 'sheet.png', '--pngs', 'each')
    assert png(read(folder, 'sheet.png'))[:3] == (3 * 257 + 1, 2 * 257 + 1, 1)
    assert sorted(os.listdir(os.path.join(folder, 'each'))) == [f'00000{i}.png' for i in range(5)]
    assert png(read(folder, 'each/000003.png'))[:3] == (256, 256, 1)
    gan(folder, 'sample', made, '--count', '4', '--columns', '4', '--margin', '0', '--scale', '1', '--png', 'row.png')
    for where in ('--png', 'large.png'), ('--pngs', 'large'):
        gan(folder, 'sample', made, '--count', '2', '--scale', '65', *where, code=64, word="'--scale' is 65")
        assert not os.path.exists(os.path.join(folder, where[1]))
    assert png(read(folder, 'row.png'))[:3] == (4 * 128, 128, 1)
    out = gan(folder, 'sample', made, '--seed', '5', '--count', '5', '--level', repr(level), '--png', '-', binary=True).out
    assert out == read(folder, 'sheet.png')
    gan(folder, 'sample', made, '--count', '100000', '--columns', '1', '--png', 'much.png', code=64, word='--count')
    # The library's own sheet is the same.
    library = os.path.join(os.path.dirname(GAN), '..', 'lib', 'libgan.so.0')
    if os.path.exists(library):
        array = (ctypes.c_float * len(values))(*values)
        path = os.path.join(folder, 'library.png').encode()
        status = ctypes.CDLL(library).gan_shape_write(array, ctypes.c_int64(5), SIDE, SIDE, SIDE, ctypes.c_float(level), path)
        assert status == 0 and png(read(folder, 'library.png')) == png(read(folder, 'sheet.png'))


def pictures_become_shapes(folder):
    made = view_model(folder)
    write_array(folder, 'views.idx', (3, SIDE, SIDE), b''.join(view(i) for i in (4, 11, 23)))
    done = gan(folder, 'apply', made, 'views.idx', 'three.npy', word='3 shapes of 8 × 8 × 8 → three.npy')
    axes, values = numbers(folder, 'three.npy')
    assert axes == (3, SIDE, SIDE, SIDE) and 0 <= min(values) < max(values) <= 1
    level = repr(level_of(values))
    gan(folder, 'apply', made, 'views.idx', 'all.stl', '--level', level)
    photo(folder, 'photo.png', 4)
    for name in ('photo.obj', 'photo.STL', 'photo.binvox', 'photo.npy', 'photo.png.png'):
        assert gan(folder, 'apply', made, 'photo.png', name, '--level', level).err == ''
    assert read(folder, 'photo.STL') == read(folder, 'all-000000.stl') and numbers(folder, 'photo.npy') == ((1, SIDE, SIDE, SIDE), values[:SIDE ** 3])
    assert png(read(folder, 'photo.png.png'))[:3] == (258, 258, 1) and surface(folder, 'photo.obj')[1]
    assert gan(folder, 'apply', made, 'photo.png', '-', '--level', level, binary=True).out == read(folder, 'photo.png.png')
    os.mkdir(os.path.join(folder, 'photos'))
    photo(folder, 'photos/a.png', 4)
    photo(folder, 'photos/b.png', 11)
    gan(folder, 'apply', made, 'photos', 'two.npy')
    assert numbers(folder, 'two.npy') == ((2, SIDE, SIDE, SIDE), values[:2 * SIDE ** 3])
    gan(folder, 'apply', made, 'photos', 'two.obj', '--level', level, word='two-000000.obj … two-000001.obj')
    gan(folder, 'apply', made, 'photo.png', 'again.obj', '--seed', '3', '--level', level)
    for arguments, code, word in (
            (('photo.png', 'photo.obj'), 73, '--force'), (('photos', 'two.obj'), 73, 'two-000000.obj'), (('photo.png', 'photo.txt'), 64, '.binvox'),
            (('photo.png', 'photo'), 64, '.obj'), (('photo.png', 'a/b.obj'), 73, 'folder'), (('none.png', 'x.obj'), 66, 'none.png'),
            (('photo.png', 'x.obj', '--frames', '2'), 64, '--frames'), (('photo.png', 'x.obj', '--box', '1,1,2,2'), 64, '--box'),
            (('photos', 'x.npy', '--skip'), 64, '--skip'), (('photo.png', 'x.obj', '--level', 'nan'), 64, '--level'),
            (('p.safetensors', 'x.obj'), 65, 'p.safetensors')):
        gan(folder, 'apply', made, *arguments, code=code, word=word)
    gan(folder, 'apply', made, 'photo.png', 'photo.obj', '--level', level, '--force')
    gan(folder, 'sample', made, '--obj', 'x.obj', code=65, word='gan apply p.safetensors')
    assert not any(name.startswith('x') for name in os.listdir(folder))


def what_makes_no_shapes_says_so(folder):
    digits, made = model(folder), volume_model(folder)
    for flag in ('obj', 'stl', 'binvox'):
        gan(folder, 'sample', digits, f'--{flag}', f'x.{flag}', code=65, word=f"'--{flag}'")
        gan(folder, 'sample', made, f'--{flag}', 'x.txt', code=64, word=f'.{flag}')
        gan(folder, 'sample', made, f'--{flag}', '-', code=64, word=f'.{flag}')
    gan(folder, 'sample', digits, '--level', '0.5', '--png', 'x.png', code=65, word="'--level'")
    gan(folder, 'sample', made, '--level', 'inf', '--obj', 'x.obj', code=64, word='--level')
    gan(folder, 'sample', made, '--obj', 'x.obj', '--csv', 'x.csv', code=64, word="'--csv'")
    gan(folder, 'sample', made, '--obj', 'no/x.obj', code=73, word='folder')
    with open(os.path.join(folder, 'mine.obj'), 'w') as file:
        file.write('# Blender 4.0\nv 0 0 0\n')
    gan(folder, 'sample', made, '--obj', 'mine.obj', code=73, word='mine.obj')
    os.rename(os.path.join(folder, 'mine.obj'), os.path.join(folder, 'mine-000001.obj'))
    gan(folder, 'sample', made, '--count', '2', '--obj', 'mine.obj', code=73, word='mine-000001.obj')
    assert not os.path.exists(os.path.join(folder, 'mine-000000.obj'))
    gan(folder, 'sample', made, '--count', '2', '--obj', 'mine.obj', '--force')
    os.symlink('v.safetensors', os.path.join(folder, 'link-000000.obj'))
    gan(folder, 'sample', made, '--count', '2', '--force', '--obj', 'link.obj', code=64, word='v.safetensors')
    gan(folder, 'apply', digits, 'images.idx', 'x.obj', code=65)
    assert not any(name.startswith('x') for name in os.listdir(folder))
