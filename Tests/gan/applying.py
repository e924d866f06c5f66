"""gan apply: pictures of pictures, by models of the recipes that make them."""
import json
import os
import resource
import shutil
import struct
import subprocess
import zlib

from support import *

SMALL = ['--generator.channels', '4', '--discriminator.channels', '4', '--batch-size', '20', '--epochs', '1', '--threads', '1']


def painted(folder, name, height, width, channels=3, alpha=lambda y, x: 255):
    """A PNG file of a pattern: grey, RGB or, with 4 channels, RGBA."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            rows += bytes([x * 9 % 256, y * 11 % 256, (x + y) * 5 % 256])[:min(channels, 3)] + (bytes([alpha(y, x)]) if channels == 4 else b'')
    def chunk(kind, contents):
        return struct.pack('>I', len(contents)) + kind + contents + struct.pack('>I', zlib.crc32(kind + contents))
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as file:
        file.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, {1: 0, 3: 2, 4: 6}[channels], 0, 0, 0)) +
                   chunk(b'IDAT', zlib.compress(bytes(rows))) + chunk(b'IEND', b''))
    return name


def pixels(folder, name):
    """Height, width and the rows of a PNG file's pixels, each a list of tuples."""
    width, height, channels, body = png(read(folder, name))
    found = [tuple(body[at:at + channels]) for at in range(0, len(body), channels)]
    return height, width, [found[y * width:(y + 1) * width] for y in range(height)]


def larger(folder):
    """A model that makes pictures twice as large."""
    done = gan(folder, 'train', data(folder), '--recipe', 'super-resolution', '--scale', '2', '--generator.blocks', '1', *SMALL, '--out', 'larger.safetensors')
    assert 'gan apply larger.safetensors picture.png out.png' in done.err and 'gan sample' not in done.err, done.err
    return 'larger.safetensors'


def filling(folder):
    gan(folder, 'train', data(folder), '--recipe', 'inpainting', *SMALL, '--out', 'filling.safetensors', '--quiet')
    return 'filling.safetensors'


def a_picture_is_made_of_a_picture(folder):
    name = larger(folder)
    painted(folder, 'grey.png', 13, 21, 1)
    gan(folder, 'apply', name, 'grey.png', 'out.png')
    height, width, rows = pixels(folder, 'out.png')
    assert (height, width) == (26, 42) and len({pixel for row in rows for pixel in row}) > 20 and len(rows[0][0]) == 1
    for more in (['--threads', '1'], ['--threads', '3'], ['--tile', '8'], ['--seed', '5']):
        gan(folder, 'apply', name, 'grey.png', 'again.png', '--force', *more)
        assert pixels(folder, 'again.png') == (height, width, rows), more
    # From one pipe to another.
    done = subprocess.run([GAN, 'apply', name, '-', '-'], input=read(folder, 'grey.png'), cwd=folder, env=environment(), capture_output=True, timeout=120)
    assert done.returncode == 0 and done.stdout == read(folder, 'out.png') and not done.stderr, done.stderr
    # What is there is kept.
    before = read(folder, 'out.png')
    painted(folder, 'other.png', 5, 6, 3)
    gan(folder, 'apply', name, 'other.png', 'out.png', code=73, word='--force')
    assert read(folder, 'out.png') == before
    gan(folder, 'apply', name, 'other.png', 'out.png', '--force')
    assert pixels(folder, 'out.png')[:2] == (10, 12)


def what_is_transparent_stays_so(folder):
    painted(folder, 'clear.png', 9, 12, 4, lambda y, x: 0 if x < 4 else 90 if y < 3 else 255)
    gan(folder, 'apply', larger(folder), 'clear.png', 'out.png')
    height, width, rows = pixels(folder, 'out.png')
    assert (height, width) == (18, 24)
    for y, row in enumerate(rows):
        for x, pixel in enumerate(row):
            assert len(pixel) == 4 and pixel[3] == (0 if x < 8 else 90 if y < 6 else 255), (y, x, pixel)


def a_folder_of_pictures(folder):
    name = larger(folder)
    for place, sides in {'a.png': (5, 6), 'b.png': (8, 8), 'c.PNG': (9, 4)}.items():
        painted(folder, 'in/' + place, *sides)
    done = gan(folder, 'apply', name, 'in', 'made/of/them')
    assert '3 pictures' in done.err and sorted(os.listdir(os.path.join(folder, 'made/of/them'))) == ['a.png', 'b.png', 'c.png'], done.err
    assert pixels(folder, 'made/of/them/c.png')[:2] == (18, 8)
    gan(folder, 'apply', name, 'in/b.png', 'alone.png')
    assert read(folder, 'alone.png') == read(folder, 'made/of/them/b.png')
    os.remove(os.path.join(folder, 'made/of/them/a.png'))
    gan(folder, 'apply', name, 'in', 'made/of/them', code=73, word='--force')
    assert not os.path.exists(os.path.join(folder, 'made/of/them/a.png'))
    done = gan(folder, 'apply', name, 'in', 'made/of/them', '--force', '--quiet')
    assert done.err == '' and len(os.listdir(os.path.join(folder, 'made/of/them'))) == 3
    gan(folder, 'apply', name, 'in', '-', code=64, word='standard output')
    os.mkdir(os.path.join(folder, 'empty'))
    gan(folder, 'apply', name, 'empty', 'x', code=65, word='no PNG or JPEG')
    gan(folder, 'apply', name, 'in/a.png', 'empty', code=64, word='folder')


def holes_are_filled(folder):
    name = filling(folder)
    painted(folder, 'p.png', 20, 30, 1)
    before = pixels(folder, 'p.png')[2]

    def judge(made, is_hole):
        height, width, rows = pixels(folder, made)
        assert (height, width) == (20, 30)
        changed = 0
        for y in range(20):
            for x in range(30):
                if is_hole(y, x):
                    changed += rows[y][x][0] != before[y][x][0]
                else:
                    assert rows[y][x][0] == before[y][x][0], (y, x)
        assert changed > 10, changed

    gan(folder, 'apply', name, 'p.png', 'box.png', '--box', '4,6,7,5', '--box', '25,15,99,99')
    judge('box.png', lambda y, x: 4 <= x < 11 and 6 <= y < 11 or x >= 25 and y >= 15)
    painted(folder, 'm.png', 20, 30, 1)
    # The mask has the pattern's own first channel: white from 128 on.
    gan(folder, 'apply', name, 'p.png', 'mask.png', '--mask', 'm.png')
    judge('mask.png', lambda y, x: before[y][x][0] > 127)
    painted(folder, 'clear.png', 20, 30, 4, lambda y, x: 0 if x >= 20 else 255)
    gan(folder, 'apply', name, 'clear.png', 'clear-out.png')
    height, width, rows = pixels(folder, 'clear-out.png')
    assert (height, width) == (20, 30) and len(rows[0][0]) == 1, rows[0][0]
    # A folder has a mask for each.
    for place in ('one', 'two'):
        painted(folder, f'in/{place}.png', 20, 30, 1)
        painted(folder, f'masks/{place}.png', 20, 30, 1)
    gan(folder, 'apply', name, 'in', 'made', '--mask', 'masks', '--quiet')
    assert read(folder, 'made/two.png') == read(folder, 'mask.png')
    gan(folder, 'apply', name, 'p.png', 'x.png', code=64, word='--mask')
    gan(folder, 'apply', name, 'p.png', 'x.png', '--box', '30,0,5,5', code=64, word='beyond')
    gan(folder, 'apply', name, 'p.png', 'x.png', '--box', '1,2,3', code=64, word='--box')
    gan(folder, 'apply', name, 'p.png', 'x.png', '--box', '1,2,3,0', code=64, word='--box')
    gan(folder, 'apply', name, 'p.png', 'x.png', '--box', '1,2,3,4', '--mask', 'm.png', code=64, word='--mask')
    painted(folder, 'small.png', 3, 3, 1)
    gan(folder, 'apply', name, 'p.png', 'x.png', '--mask', 'small.png', code=65, word='3 × 3')
    assert not os.path.exists(os.path.join(folder, 'x.png'))


def what_cannot_be_applied(folder):
    name = larger(folder)
    painted(folder, 'p.png', 6, 6)
    gan(folder, 'apply', model(folder), 'p.png', 'x.png', code=65, word='pictures of numbers')
    gan(folder, 'apply', 'missing.safetensors', 'p.png', 'x.png', code=66, word='missing')
    gan(folder, 'apply', name, 'missing.png', 'x.png', code=66, word='missing.png')
    gan(folder, 'apply', name, name, 'x.png', code=65, word=name)
    gan(folder, 'apply', name, 'p.png', 'no/such/x.png', code=73, word='no/such')
    gan(folder, 'apply', name, 'p.png', 'x.png', '--box', '1,1,2,2', code=64, word='inpainting')
    gan(folder, 'apply', name, 'p.png', 'x.png', '--mask', 'p.png', code=64, word='inpainting')
    gan(folder, 'apply', name, 'p.png', 'x.png', '--tile', '-1', code=64, word='tile')
    gan(folder, 'apply', name, 'p.png', 'x.png', '--threads', 'x', code=64, word='threads')
    gan(folder, 'apply', name, 'p.png', code=64)
    assert not os.path.exists(os.path.join(folder, 'x.png'))


def samples_of_a_training_are_rows_of_input_output_and_truth(folder):
    """Its lines, log and figure have what was made: no discriminator before it joins."""
    done = gan(folder, 'train', data(folder), '--recipe', 'super-resolution', '--scale', '2', '--generator.blocks', '1', *SMALL, '--pretrain.steps', '20',
               '--epochs', '3', '--out', 'late.safetensors', '--samples', 'late')
    assert 'no samples' not in done.err and 'nan' not in done.out + done.err and 'alike' not in done.err and 'changes nothing' not in done.err, done.err
    assert sorted(os.listdir(os.path.join(folder, 'late'))) == ['0001.png', '0003.png', 'log.csv', 'loss.png']
    # Eight rows of three pictures: the first and the last, the input and the truth, stay as they are, and what is made in between does not.
    (height, width, first), (_, _, last) = pixels(folder, 'late/0001.png'), pixels(folder, 'late/0003.png')
    side = (width - 4) // 2 // 3 - 1
    assert (height, width) == (8 * (2 * side + 2) + 2, 2 * (3 * side + 4) + 4), (height, width)
    places = [slice(2 + 2 * n * (side + 2), 2 + 2 * n * (side + 2) + 2 * side) for n in range(3)]
    assert [[row[place] for row in first] == [row[place] for row in last] for place in places] == [True, False, True]
    assert any(max(pixel) > 0 for row in first for pixel in row[places[2]])
    header, *rows = [line.split(',') for line in read(folder, 'late/log.csv').decode().splitlines()]
    assert rows[0][header.index('discriminator.loss')] == '' and all(rows[-1]) and float(rows[0][header.index('error')]) > 0, rows
    assert rows[0][header.index('steps')] == '20', rows
    done = gan(folder, 'resume', 'late.safetensors', data(folder), '--epochs', '4', '--samples', 'late')
    assert read(folder, 'late/log.csv').decode().splitlines()[1:4] == [','.join(row) for row in rows]
    gan(folder, 'sample', 'late.safetensors', '--png', 'x.png', code=65, word='gan apply')


def weights_that_are_too_large_stop_nobody(folder):
    """A file may say anything: what comes of it is no number, and no pixel is that."""
    whole = read(folder, larger(folder))
    size = struct.unpack('<Q', whole[:8])[0]
    header = json.loads(whole[8:8 + size])
    header['__metadata__']['edited'] = 'weights as large as can be, of both signs, so that infinity is taken from infinity'
    contents = bytearray(whole[8 + size:])
    for name, entry in header.items():
        if name.startswith(('generator.', 'average.generator.')) and name.endswith('weight'):
            first, last = entry['data_offsets']
            contents[first:last] = (struct.pack('<ff', 3e38, -3e38) * (last - first))[:last - first]
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    with open(os.path.join(folder, 'huge.safetensors'), 'wb') as file:
        file.write(struct.pack('<Q', len(text)) + text + contents)
    painted(folder, 'p.png', 9, 7)
    gan(folder, 'apply', 'huge.safetensors', 'p.png', 'huge.png')
    assert pixels(folder, 'huge.png')[:2] == (18, 14)


def kinds(folder):
    """Two kinds of small pictures, of different counts, in folders."""
    for number in range(12):
        painted(folder, f'plain/{number:02}.png', 8, 12, 1)
    for number in range(9):
        painted(folder, f'odd/{number:02}.png', 8, 12, 1, lambda y, x: 255)
    return ['plain', 'odd']


TRANSLATION = ['--recipe', 'translation', '--generator.channels', '3', '--discriminator.channels', '3', '--generator.blocks', '1', '--generator.learning-rate', '0.02', '--batch-size', '4', '--threads', '1']


def two_kinds_are_translated(folder):
    one, two = kinds(folder)
    done = gan(folder, 'train', one, two, *TRANSLATION, '--epochs', '2', '--out', 't.safetensors')
    assert '12 images of 8 × 12 × 1 from plain and 9 images from odd' in done.err, done.err
    gan(folder, 'apply', 't.safetensors', 'plain', 'there')
    gan(folder, 'apply', 't.safetensors', 'plain', 'back', '--reverse')
    assert sorted(os.listdir(os.path.join(folder, 'there'))) == [f'{number:02}.png' for number in range(12)]
    assert read(folder, 'there/03.png') != read(folder, 'back/03.png')
    # In one folder; and on, from the middle, to the same bits.
    os.mkdir(os.path.join(folder, 'both'))
    for name, place in (('plain', 'trainA'), ('odd', 'trainB'), ('odd', 'testA')):
        shutil.copytree(os.path.join(folder, name), os.path.join(folder, 'both', place))
    gan(folder, 'train', 'both', *TRANSLATION, '--epochs', '2', '--out', 'b.safetensors', '--quiet')
    assert read(folder, 'b.safetensors') == read(folder, 't.safetensors')
    gan(folder, 'train', one, two, *TRANSLATION, '--epochs', '1', '--out', 'half.safetensors', '--quiet')
    assert gan(folder, 'resume', 'half.safetensors', one, two, '--epochs', '2', '--quiet').err == ''
    assert read(folder, 'half.safetensors') == read(folder, 't.safetensors')
    os.remove(os.path.join(folder, 'odd/08.png'))
    gan(folder, 'resume', 't.safetensors', one, two, '--epochs', '3', '--quiet', code=3, word='"plain" and "odd" do not hold')
    gan(folder, 'resume', 't.safetensors', one, '--epochs', '3', code=65, word='sources of 8×12×1')
    gan(folder, 'train', one, *TRANSLATION, '--epochs', '1', code=65, word='two data sets')
    gan(folder, 'train', one, two, '--recipe', 'inpainting', '--epochs', '1', code=64, word='takes one data set')
    painted(folder, 'wide/0.png', 8, 14, 1)
    gan(folder, 'train', one, 'wide', *TRANSLATION, '--set', 'batch-size=1', '--epochs', '1', code=65, word='8×14')
    gan(folder, 'apply', larger(folder), 'plain', 'x', '--reverse', code=65, word='one way only')


def pairs_may_be_two_data_sets(folder):
    one, two = kinds(folder)
    gan(folder, 'train', one, one, '--recipe', 'image-to-image', *SMALL, '--batch-size', '4', '--out', 'p.safetensors', '--quiet')
    gan(folder, 'train', one, two, '--recipe', 'image-to-image', *SMALL, code=65, word="'target' has 9 items")


def what_had_labels_has_them_afterwards(folder):
    name = larger(folder)
    for place in ('cats/1.png', 'cats/2.jpeg.png', 'dogs/deep/3.png'):
        painted(folder, 'in/' + place, 6, 6, 1)
    painted(folder, 'in/.hidden/4.png', 6, 6, 1)
    os.symlink('..', os.path.join(folder, 'in/dogs/loop'))
    done = gan(folder, 'apply', name, 'in', 'out')
    found = sorted(os.path.relpath(os.path.join(place, file), os.path.join(folder, 'out')) for place, _, files in os.walk(os.path.join(folder, 'out')) for file in files)
    assert found == ['cats/1.png', 'cats/2.jpeg.png', 'dogs/deep/3.png'] and '3 pictures' in done.err, (found, done.err)
    gan(folder, 'apply', name, 'in', 'in/out', code=64, word='name a folder elsewhere')
    # Lists: the names that pictures get, and all else as it is.
    os.remove(os.path.join(folder, 'in/dogs/loop'))
    for text, kind, expected in [
        ('note,file_name,label\r\n"a, ""b"".jpg",cats/1.PNG,"x.jpg"\r\n,"cats/2.jpeg.png",y\r\n,dogs/deep/3.png,x.jpg', 'csv',
         'note,file_name,label\r\n"a, ""b"".jpg",cats/1.png,"x.jpg"\r\n,"cats/2.jpeg.png",y\r\n,dogs/deep/3.png,x.jpg'),
        ('{"label": "file_name", "file_name" : "cats/1.jpg"}\n{"file_name":"cats/2.jpeg.png","label":"a.jpg"}\n{"label": 3, "file_name": "dogs/deep/3.png"}\n', 'jsonl',
         '{"label": "file_name", "file_name" : "cats/1.png"}\n{"file_name":"cats/2.jpeg.png","label":"a.jpg"}\n{"label": 3, "file_name": "dogs/deep/3.png"}\n'),
    ]:
        for other in ('csv', 'jsonl'):
            if os.path.exists(os.path.join(folder, f'in/metadata.{other}')):
                os.remove(os.path.join(folder, f'in/metadata.{other}'))
        with open(os.path.join(folder, f'in/metadata.{kind}'), 'w', newline='') as file:
            file.write(text)
        done = gan(folder, 'apply', name, 'in', 'listed-' + kind)
        assert read(folder, f'listed-{kind}/metadata.{kind}').decode() == expected, read(folder, f'listed-{kind}/metadata.{kind}')
        assert f'with metadata.{kind}' in done.err
        gan(folder, 'apply', name, 'in', 'listed-' + kind, code=73, word='--force')
    # What is left out is not in the list either.
    with open(os.path.join(folder, 'in/cats/1.png'), 'wb') as file:
        file.write(b'no picture')
    with open(os.path.join(folder, 'in/metadata.jsonl'), 'w') as file:
        file.write('{"file_name": "cats/1.png", "label": 1}\n{"file_name": "cats/2.jpeg.png", "label": 2}\n{"file_name": "./dogs/deep/3.png", "label": 1}\n')
    done = gan(folder, 'apply', name, 'in', 'fewer', '--skip')
    assert read(folder, 'fewer/metadata.jsonl').decode() == '{"file_name": "cats/2.jpeg.png", "label": 2}\n{"file_name": "./dogs/deep/3.png", "label": 1}\n' and '1 left out' in done.err
    os.remove(os.path.join(folder, 'in/metadata.jsonl'))
    with open(os.path.join(folder, 'in/metadata.csv'), 'w', newline='') as file:
        file.write('label,file_name\r\n1,cats/1.png\r\n2,"cats/2.jpeg.png"\r\n1,./dogs/deep/3.png\r\n')
    gan(folder, 'apply', name, 'in', 'fewer-csv', '--skip')
    assert read(folder, 'fewer-csv/metadata.csv') == b'label,file_name\r\n2,"cats/2.jpeg.png"\r\n1,./dogs/deep/3.png\r\n'
    os.remove(os.path.join(folder, 'in/metadata.csv'))
    painted(folder, 'in/cats/1.png', 6, 6, 1)
    with open(os.path.join(folder, 'in/metadata.jsonl'), 'w') as file:
        file.write('{"about": "something else"}\n')
    gan(folder, 'apply', name, 'in', 'unlisted')
    assert not os.path.exists(os.path.join(folder, 'unlisted/metadata.jsonl'))
    # And it trains what tells classes apart.
    for number in range(30):
        painted(folder, f'many/{"ab"[number % 2]}/{number}.png', 8 , 8, 1)
    gan(folder, 'apply', name, 'many', 'made', '--quiet')
    gan(folder, 'train', 'made', '--recipe', 'classifier', '--classifier.channels', '2', '--batch-size', '10', '--epochs', '1', '--out', 'judge.safetensors', '--quiet')


def arrays_become_arrays(folder):
    name = larger(folder)
    images, labels = bytes(x * y % 251 for y in range(6 * 5) for x in range(4)), bytes([0, 1, 2, 1, 0, 2])
    os.mkdir(os.path.join(folder, 'mnist'))
    for place, head, body in (('train-images-idx3-ubyte', struct.pack('>IIII', 0x803, 6, 5, 4), images), ('train-labels-idx1-ubyte', struct.pack('>II', 0x801, 6), labels)):
        with open(os.path.join(folder, 'mnist', place), 'wb') as file:
            file.write(head + body)
    gan(folder, 'apply', name, 'mnist', 'made')
    assert read(folder, 'made/train-labels-idx1-ubyte') == read(folder, 'mnist/train-labels-idx1-ubyte')
    made = read(folder, 'made/train-images-idx3-ubyte')
    assert made[:16] == struct.pack('>IIII', 0x803, 6, 10, 8) and len(made) == 16 + 6 * 80
    gan(folder, 'apply', name, 'mnist/train-images-idx3-ubyte', 'alone.idx')
    assert read(folder, 'alone.idx') == made
    gan(folder, 'apply', name, 'mnist', 'made', code=73, word='--force')
    gan(folder, 'apply', name, 'mnist/train-images-idx3-ubyte', '-', code=64, word='standard output')
    gan(folder, 'apply', filling(folder), 'mnist/train-images-idx3-ubyte', 'x.idx', code=64, word='fills holes')


def only_what_was_chosen_is_told(folder):
    """The preset chooses networks for the recipes that have the presets' networks."""
    done = gan(folder, 'train', data(folder), '--recipe', 'inpainting', '--batch-size', '20', '--epochs', '1', '--threads', '1')
    assert 'fully connected' not in done.err and 'convolutional networks' not in done.err, done.err


def following(folder):
    """A model that looks at three frames."""
    gan(folder, 'data', 'moving', 'clips.idx', '--count', '24', '--quiet')
    done = gan(folder, 'train', 'clips.idx', '--recipe', 'next-frame', '--frames.past', '3', '--memory', 'convolutional', *SMALL[:4], '--batch-size', '8',
               '--epochs', '2', '--threads', '1', '--out', 'next.safetensors', '--samples', 'rows', '--every', '1', '--force')
    # Three frames that are looked at, two that are said, two true ones; eight such rows.
    assert sorted(os.listdir(os.path.join(folder, 'rows'))) == ['0001.png', '0002.png', 'log.csv', 'loss.png'], os.listdir(os.path.join(folder, 'rows'))
    height, width, rows = pixels(folder, 'rows/0002.png')
    across, down = width // 7 // 2, height // 8 // 2
    assert 32 <= across <= 36 and 32 <= down <= 36 and len(rows[0][0]) == 1, (height, width)
    assert '24 clips of 20 frames of 32 × 32 × 1' in done.err and 'gan apply next.safetensors frames out --frames 5' in done.err, done.err
    return 'next.safetensors'


def what_memory_does_not_hold_is_refused(folder):
    name = following(folder)
    with open(os.path.join(folder, 'large.idx'), 'wb') as file:
        file.write(bytes([0, 0, 8, 3]) + struct.pack('>III', 3, 512, 512) + bytes(3 * 512 * 512))
    limited = {'preexec_fn': lambda: resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))}
    gan(folder, 'apply', name, 'large.idx', 'out', '--frames', '65536', code=71, word='ask for fewer', **limited)
    assert not os.path.exists(os.path.join(folder, 'out'))
    gan(folder, 'apply', name, 'large.idx', 'out', '--frames', '1', **limited)


def frames_follow_frames(folder):
    name = following(folder)
    for frame in range(11):
        painted(folder, f'frames/{frame}.png', 20, 30, 1)
    done = gan(folder, 'apply', name, 'frames', 'out', '--frames', '5')
    assert '5 frames' in done.err and sorted(os.listdir(os.path.join(folder, 'out'))) == [f'000{number}.png' for number in range(1, 6)], done.err
    height, width, rows = pixels(folder, 'out/0005.png')
    assert (height, width) == (20, 30) and len(rows[0][0]) == 1 and len({pixel for row in rows for pixel in row}) > 5
    five = [read(folder, f'out/000{number}.png') for number in range(1, 6)]
    gan(folder, 'apply', name, 'frames', 'out', '--frames', '2', code=73, word='--force')
    gan(folder, 'apply', name, 'frames', 'two', '--frames', '2', '--quiet')
    assert [read(folder, f'two/000{number}.png') for number in (1, 2)] == five[:2]
    done = gan(folder, 'apply', name, 'frames', 'one')
    assert os.listdir(os.path.join(folder, 'one')) == ['0001.png'] and read(folder, 'one/0001.png') == five[0] and '1 frame ' in done.err, done.err
    # Frames come in the order of their numbers: 10 is the last, and another one there changes what follows.
    with open(os.path.join(folder, 'frames/10.png'), 'rb') as file:
        light = file.read()
    painted(folder, 'frames/10.png', 20, 30, 4, lambda y, x: 255)
    gan(folder, 'apply', name, 'frames', 'in-colour', '--quiet')
    with open(os.path.join(folder, 'frames/10.png'), 'wb') as file:
        file.write(light)
    assert read(folder, 'in-colour/0001.png') != five[0]
    # A folder of folders, an array of a clip, and one of several.
    for frame in range(4):
        painted(folder, f'clips/b/{frame}.png', 16, 12, 1)
        painted(folder, f'clips/a/{frame}.png', 8, 8, 3)
    done = gan(folder, 'apply', name, 'clips', 'both', '--frames', '2')
    assert sorted(os.listdir(os.path.join(folder, 'both'))) == ['a', 'b'] and '2 clips' in done.err and pixels(folder, 'both/b/0002.png')[:2] == (16, 12), done.err
    whole = read(folder, 'clips.idx')
    one = bytes([0, 0, 8, 3]) + struct.pack('>III', 20, 32, 32) + whole[20:20 + 20 * 1024]
    with open(os.path.join(folder, 'one.idx'), 'wb') as file:
        file.write(one)
    gan(folder, 'apply', name, 'one.idx', 'of-one', '--frames', '2', '--quiet')
    gan(folder, 'apply', name, 'clips.idx', 'of-many', '--frames', '2', '--quiet')
    assert len(os.listdir(os.path.join(folder, 'of-many'))) == 24
    assert read(folder, 'of-many/0001/0002.png') == read(folder, 'of-one/0002.png') != read(folder, 'of-many/0002/0002.png')


def what_frames_are_refused(folder):
    name = following(folder)
    for frame in range(4):
        painted(folder, f'frames/{frame}.png', 20, 30, 1)
        painted(folder, f'uneven/{frame}.png', 20, 30 + frame, 1)
        if frame < 2:
            painted(folder, f'few/{frame}.png', 20, 30, 1)
    gan(folder, 'apply', name, 'few', 'x', code=65, word='2 frames, and the model looks at 3')
    gan(folder, 'apply', name, 'uneven', 'x', code=65, word='uneven')
    gan(folder, 'apply', name, 'frames/1.png', 'x', code=65, word='1 frame')
    gan(folder, 'apply', name, 'missing', 'x', code=66, word='missing')
    os.mkdir(os.path.join(folder, 'empty'))
    gan(folder, 'apply', name, 'empty', 'x', code=65, word='no PNG or JPEG')
    gan(folder, 'apply', name, '-', 'x', code=64, word='frames')
    gan(folder, 'apply', name, 'frames', '-', code=64, word='folder')
    gan(folder, 'apply', name, 'frames', 'frames/1.png', code=73, word='no folder')
    gan(folder, 'apply', name, 'frames', 'x', '--frames', '0', code=64, word='--frames')
    gan(folder, 'apply', name, 'frames', 'x', '--frames', '65537', code=64, word='65536')
    gan(folder, 'apply', name, 'frames', 'x', '--box', '1,1,2,2', code=64, word='inpainting')
    gan(folder, 'apply', larger(folder), 'frames/1.png', 'x.png', '--frames', '2', code=64, word='next-frame')
    # Clips that are too short, and pictures that are no clips.
    gan(folder, 'train', 'clips.idx', '--recipe', 'next-frame', '--frames.past', '19', '--out', 'x.safetensors', code=65, word='frames.past to 18')
    gan(folder, 'train', data(folder), '--recipe', 'next-frame', '--out', 'x.safetensors', code=65, word='axes')
    gan(folder, 'train', 'digits', '--recipe', 'next-frame', '--out', 'x.safetensors', code=65, word='learns from clips')
    assert not os.path.exists(os.path.join(folder, 'x'))


def a_training_of_clips_goes_on(folder):
    """The checkpoint knows that its data are clips; folders are read as well as arrays."""
    name = following(folder)
    whole = ['--frames.past', '3', *SMALL[:4], '--batch-size', '8', '--threads', '1', '--quiet']
    gan(folder, 'train', 'clips.idx', '--recipe', 'next-frame', *whole, '--epochs', '3', '--rate.steps', '6', '--rate.schedule', 'cosine', '--out', 'three.safetensors')
    gan(folder, 'train', 'clips.idx', '--recipe', 'next-frame', *whole, '--epochs', '1', '--rate.steps', '6', '--rate.schedule', 'cosine', '--out', 'on.safetensors')
    gan(folder, 'resume', 'on.safetensors', 'clips.idx', '--epochs', '3', '--threads', '1', '--quiet')
    assert read(folder, 'on.safetensors') == read(folder, 'three.safetensors')
    for clip in range(8):
        for frame in range(6):
            painted(folder, f'film/{clip}/{frame}.png', 8, 8, 3)
    done = gan(folder, 'train', 'film', '--recipe', 'next-frame', *whole[:-1], '--epochs', '1', '--out', 'colour.safetensors')
    assert '8 clips of 6 frames of 8 × 8 × 3' in done.err, done.err
    gan(folder, 'apply', 'colour.safetensors', 'film/1', 'out', '--frames', '2')
    assert len(pixels(folder, 'out/0002.png')[2][0][0]) == 3
    gan(folder, 'sample', name, '--png', 'x.png', code=65, word='gan apply')
