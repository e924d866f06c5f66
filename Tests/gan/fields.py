"""What data have besides pictures, in the command: tags of a list, rows of numbers in their units."""
import os
import struct
import zlib

from support import *


def write_png(path, pixels):
    """Grey pixels in rows."""
    def chunk(kind, body):
        return struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body))
    rows = b''.join(b'\0' + bytes(row) for row in pixels)
    with open(path, 'wb') as file:
        file.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', len(pixels[0]), len(pixels), 8, 0, 0, 0, 0))
                   + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))


def photos(folder, count=60):
    """Pictures 8 × 8, bright at the left with the tag "left", and at the top with "top side"."""
    os.makedirs(os.path.join(folder, 'photos'))
    lines = ['file_name,tags']
    for i in range(count):
        tags = [name for bit, name in ((1, 'left'), (2, 'top side')) if i & bit]
        write_png(os.path.join(folder, 'photos', f'{i:03}.png'),
                  [[min(255, 20 + (120 if i & 1 and x < 4 else 0) + (110 if i & 2 and y < 4 else 0)) for x in range(8)] for y in range(8)])
        lines.append(f'{i:03}.png,{"|".join(tags)}')
    with open(os.path.join(folder, 'photos', 'metadata.csv'), 'w') as file:
        file.write('\n'.join(lines) + '\n')


def texts_are_learnt_and_drawn(folder):
    photos(folder)
    few = ['--recipe', 'text-to-image', *TINY, '--set', 'batch-size=20', '--set', 'text.channels=8', '--epochs', '1', '--seed', '7']
    gan(folder, 'train', 'photos', *few, code=65, word='the columns file_name and text')
    with open(os.path.join(folder, 'photos', 'metadata.csv'), 'w', encoding='utf-8') as file:
        file.write('file_name,text\n')
        for i in range(60):
            words = 'an' if i % 3 else 'one', '\N{HANGUL SYLLABLE GAN}' if i & 1 else 'empty'
            file.write(f'{i:03}.png,{" ".join(words)} picture\n')
    gan(folder, 'train', 'photos', *few, '--out', 'text.safetensors')
    for text, name in (('an empty picture', 'a'), ('one \N{HANGUL SYLLABLE GAN}', 'b'), ('an empty?', 'c'), ('an empty!', 'd')):
        gan(folder, 'sample', 'text.safetensors', '--text', text, '--count', '4', '--seed', '1', '--raw', name)
    assert read(folder, 'c') == read(folder, 'd'), 'characters that are not known are one'
    assert len({read(folder, name) for name in 'abc'}) == 3
    gan(folder, 'sample', 'text.safetensors', '--text', 'an empty picture\none \N{HANGUL SYLLABLE GAN}', '--count', '2', '--seed', '1', '--raw', 'e')
    assert read(folder, 'e') == read(folder, 'a')[:64] + read(folder, 'b')[64:128]
    gan(folder, 'sample', 'text.safetensors', '--text', 'a picture of more words than any', '--png', 'x.png', code=64, word='at most 17')
    gan(folder, 'sample', 'text.safetensors', '--sweep', 'text', '--png', 'x.png', code=64, word='--text')
    assert 'in words' in gan(folder, 'inspect', 'text.safetensors').out
    gan(folder, 'resume', 'text.safetensors', 'photos', '--epochs', '2')


def tags_of_a_list_are_learnt_and_drawn(folder):
    photos(folder)
    few = [*TINY, '--set', 'batch-size=20', '--epochs', '1', '--seed', '7']
    done = gan(folder, 'train', 'photos', *few, word='2 tags (left, top side)')
    assert 'condition=tags' in done.err
    plain = read(folder, 'gan.safetensors')
    os.rename(os.path.join(folder, 'photos', 'metadata.csv'), os.path.join(folder, 'metadata.csv'))
    done = gan(folder, 'train', 'photos', *few, '--out', 'other.safetensors')
    assert 'tags' not in done.err and read(folder, 'other.safetensors') == plain, 'tags that nobody is told of change nothing'
    os.rename(os.path.join(folder, 'metadata.csv'), os.path.join(folder, 'photos', 'metadata.csv'))
    gan(folder, 'sample', 'gan.safetensors', '--tags', 'left', '--png', 'x.png', code=64, word='condition=tags')

    done = gan(folder, 'train', 'photos', *few, '--set', 'condition=tags', '--set', 'conditioning=auxiliary', '--out', 'tags.safetensors')
    assert 'passes over' not in done.err
    for tags, name in (('left', 'a'), ('left,top side', 'b'), ('none', 'c'), ('top side , left', 'd')):
        gan(folder, 'sample', 'tags.safetensors', '--tags', tags, '--count', '4', '--seed', '1', '--raw', name)
    assert read(folder, 'b') == read(folder, 'd') and len({read(folder, name) for name in 'abc'}) == 3
    gan(folder, 'sample', 'tags.safetensors', '--tags', 'left;none', '--count', '2', '--seed', '1', '--raw', 'e')
    assert read(folder, 'e') == read(folder, 'a')[:64] + read(folder, 'c')[64:128]
    gan(folder, 'sample', 'tags.safetensors', '--tags', 'lefd', '--png', 'x.png', code=64, word="'left'")
    gan(folder, 'sample', 'tags.safetensors', '--tags', 'beard', '--png', 'x.png', code=64, word="'top side'")
    gan(folder, 'sample', 'tags.safetensors', '--label', '1', '--png', 'x.png', code=64, word="'tags'")
    gan(folder, 'sample', 'tags.safetensors', '--sweep', 'tags', '--png', 'x.png', code=64, word='--tags')
    gan(folder, 'resume', 'tags.safetensors', 'photos', '--epochs', '2')
    gan(folder, 'resume', 'tags.safetensors', 'photos', '--epochs', '3', '--set', 'data.metadata=false', code=65, word='2 tags')

    with open(os.path.join(folder, 'photos', 'metadata.csv'), 'a') as file:
        file.write('"060.png,left\n')
    gan(folder, 'train', 'photos', *few, code=65, word='line 62')


def characters_are_made_by_tags(folder):
    gan(folder, 'data', 'faces', 'faces', '--count', '40', '--seed', '3')
    names = sorted(os.listdir(os.path.join(folder, 'faces')))
    assert names == [f'{i:05}.png' for i in range(40)] + ['metadata.csv'], names
    lines = read(folder, 'faces/metadata.csv').decode().splitlines()
    assert lines[0] == 'file_name,tags' and len(lines) == 41 and all('-hair' in line for line in lines[1:]), lines[:3]
    gan(folder, 'data', 'faces', 'faces', '--count', '40', code=73, word='metadata.csv')
    gan(folder, 'data', 'faces', 'faces', '--count', '40', '--seed', '3', '--force')
    # What stands in the folder is what the name means.
    few = ['--recipe', 'tags', '--generator.channels', '4', '--discriminator.channels', '4', '--generator.blocks', '1', '--epochs', '1', '--threads', '1', '--batch-size', '10']
    done = gan(folder, 'train', 'faces', *few, '-o', 'gan.safetensors')
    assert 'passes over' not in done.err, done.err
    gan(folder, 'sample', 'gan.safetensors', '--tags', 'blue-hair,glasses', '--count', '3', '--seed', '1', '--raw', 'a')
    gan(folder, 'sample', 'gan.safetensors', '--tags', 'blue-hair', '--count', '3', '--seed', '1', '--raw', 'b')
    assert len(read(folder, 'a')) == 3 * 32 * 32 * 3 and read(folder, 'a') != read(folder, 'b')
    gan(folder, 'sample', 'gan.safetensors', '--tags', 'glases', '--png', 'x.png', code=64, word="'glasses'")
    shown = gan(folder, 'inspect', 'gan.safetensors').out
    assert 'blue-hair' in shown and 'block0.first' in shown and 'projection' in shown and '3 × 3 × 4 × 4' in shown, shown
    gan(folder, 'train', 'faces', *few, '--tags.weight', '0', '--tags.judged', 'false', code=64, word='nothing asks')
    os.remove(os.path.join(folder, 'faces', 'metadata.csv'))
    gan(folder, 'train', 'faces', *few, code=65, word='the columns file_name and tags')


def texts_and_volumes_are_made(folder):
    gan(folder, 'data', 'words', 'words', '--count', '12', '--seed', '3')
    lines = read(folder, 'words/metadata.csv').decode().splitlines()
    assert lines[0] == 'file_name,text' and len(lines) == 13 and lines[1].startswith('00000.png,"'), lines[:3]
    gan(folder, 'data', 'words', 'words', code=73, word='metadata.csv')
    gan(folder, 'data', 'furniture', 'furniture', '--count', '11')
    for kind, ending in ('views', 'png'), ('volumes', 'binvox'):
        names = sorted(os.listdir(os.path.join(folder, 'furniture', kind)))
        assert names == [f'{i:05}.{ending}' for i in range(11)], names
    gan(folder, 'data', 'furniture', 'furniture', code=73, word='views')
    # What is near is brighter than what is far.
    picture = read(folder, 'furniture/views/00003.png')
    at = picture.index(b'IDAT')
    assert len(set(zlib.decompress(picture[at + 4:at + 4 + struct.unpack('>I', picture[at - 4:at])[0]]))) > 12
    few = ['--generator.channels', '4', '--discriminator.channels', '4', '--epochs', '1', '--threads', '1', '--batch-size', '5', '--quiet']
    gan(folder, 'train', 'furniture', '--recipe', 'view-to-volume', *few, '-o', 'v.safetensors')
    gan(folder, 'apply', 'v.safetensors', 'furniture/views/00003.png', 'shape.binvox')
    assert read(folder, 'shape.binvox').startswith(b'#binvox 1\ndim 16 16 16\n')
    gan(folder, 'data', 'furniture', 'all.idx', '--count', '11')
    assert read(folder, 'all.idx')[:20] == bytes([0, 0, 8, 4, 0, 0, 0, 11, 0, 0, 0, 16, 0, 0, 0, 16, 0, 0, 0, 16])
    gan(folder, 'train', 'all.idx', '--recipe', 'volume', *few, '-o', 's.safetensors')
    gan(folder, 'sample', 's.safetensors', '--count', '2', '--npy', 'shapes.npy')
    assert b"'shape': (2, 16, 16, 16)" in read(folder, 'shapes.npy')


def npy(path, shape, numbers):
    text = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
    text += ' ' * ((64 - (11 + len(text)) % 64) % 64) + '\n'
    with open(path, 'wb') as file:
        file.write(b'\x93NUMPY\x01\x00' + struct.pack('<H', len(text)) + text.encode() + struct.pack(f'<{len(numbers)}f', *numbers))


def rows_of_numbers_keep_their_units(folder):
    numbers = [step * 2 - 4 + (i * 37 % 11 - 5) / 100 for i in range(200) for step in (i % 5, i // 5 % 5)]
    npy(os.path.join(folder, 'grid.npy'), (200, 2), numbers)
    gan(folder, 'train', 'grid.npy', *TINY, '--set', 'batch-size=20', '--set', 'generator.output=linear', '--epochs', '3', '--quiet')
    gan(folder, 'sample', 'gan.safetensors', '--count', '50', '--npy', 'made.npy')
    made = read(folder, 'made.npy')
    assert b"'shape': (50, 2)" in made, made[:128]
    values = struct.unpack('<100f', made[-400:])
    middle = (max(numbers) + min(numbers)) / 2
    assert all(abs(value - middle) < 10 for value in values) and max(values) - min(values) > 0.01
    # What was drawn is read again, and goes on being rows.
    gan(folder, 'train', 'made.npy', *TINY, '--set', 'batch-size=20', '--epochs', '1', '--out', 'again.safetensors', '--quiet')
    gan(folder, 'resume', 'gan.safetensors', 'made.npy', '--epochs', '9', code=65, word='data.minimum')
    npy(os.path.join(folder, 'nan.npy'), (2, 2), [0, 1, float('nan'), 3])
    gan(folder, 'train', 'nan.npy', '--set', 'batch-size=1', code=65, word='finite')
