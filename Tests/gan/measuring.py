"""Classifiers, gan evaluate, and evaluations during a training."""
import csv
import json
import os
import struct
import zlib

from support import *

SMALL = ['--set', 'recipe=classifier', '--set', 'classifier.channels=4', '--set', 'classifier.shift=0', '--set', 'batch-size=20', '--threads', '1']

EVALUATE = ['evaluate', '--threads', '1']


def labelled(folder, count=300):
    """MNIST's files of pictures whose class is where the square is."""
    path = os.path.join(folder, 'labelled')
    if not os.path.exists(path):
        os.mkdir(path)
        pixels, labels = bytearray(), bytearray()
        for index in range(count):
            label = index % 3
            labels.append(label)
            for y in range(HEIGHT):
                for x in range(WIDTH):
                    pixels.append(200 + index % 50 if label * 2 <= y < label * 2 + 3 and 2 <= x < 5 else (index * 3 + y * x) % 20)
        with open(os.path.join(path, 'train-images-idx3-ubyte'), 'wb') as file:
            file.write(struct.pack('>BBBBIII', 0, 0, 8, 3, count, HEIGHT, WIDTH) + pixels)
        with open(os.path.join(path, 'train-labels-idx1-ubyte'), 'wb') as file:
            file.write(struct.pack('>BBBBI', 0, 0, 8, 1, count) + labels)
    return 'labelled'


def judge(folder):
    if not os.path.exists(os.path.join(folder, 'judge.safetensors')):
        gan(folder, 'train', labelled(folder), *SMALL, '--epochs', '6', '-o', 'judge.safetensors', '--quiet')
    return 'judge.safetensors'


def a_classifier_is_trained_and_resumed(folder):
    data = labelled(folder)
    done = gan(folder, 'train', data, '--recipe', 'classifier', *SMALL[2:], '--epochs', '6', '-o', 'judge.safetensors', '--samples', 's')
    assert len(done.out.splitlines()) == 6 and 'accuracy' in done.out and 'gan evaluate' in done.err, done.out + done.err
    assert sorted(os.listdir(os.path.join(folder, 's'))) == ['log.csv', 'loss.png']
    rows = list(csv.DictReader(read(folder, 's/log.csv').decode().splitlines()))
    assert len(rows) == 6 and float(rows[-1]['accuracy']) > 0.9 and float(rows[-1]['classifier.loss']) < float(rows[0]['classifier.loss']), rows
    gan(folder, 'train', data, *SMALL, '--epochs', '3', '-o', 'half.safetensors', '--quiet')
    gan(folder, 'resume', 'half.safetensors', data, '--epochs', '6', '--quiet')
    assert read(folder, 'half.safetensors') == read(folder, 'judge.safetensors')
    gan(folder, 'sample', 'judge.safetensors', '--png', 'x.png', code=65, word='draws nothing')
    write_idx(os.path.join(folder, 'unlabelled.idx'), 100)
    gan(folder, 'train', 'unlabelled.idx', *SMALL, code=65, word='label')


def a_model_is_evaluated(folder):
    data, name = labelled(folder), 'c.safetensors'
    gan(folder, 'train', data, '--epochs', '2', '--out', name, '--quiet', *TINY, '--set', 'condition=labels')
    told = json.loads(gan(folder, 'evaluate', name, data, '--classifier', judge(folder), '--count', '200', '--json', '--neighbours', 'n.png',
                          '--classes', 'c.png').out)
    assert told['samples'] == 200 and told['items'] == 300 and len(told['classes']) == 3, told
    for measure in ('frechet-distance', 'frechet-distance-infinity', 'kernel-distance', 'precision', 'recall', 'density', 'coverage', 'copies', 'duplicates',
                    'sliced-wasserstein', 'classifier-score', 'class-entropy', 'modes', 'mode-divergence', 'label-agreement'):
        assert isinstance(told[measure], (int, float)), (measure, told)
    assert told['frechet-distance'] > 0 and 0 <= told['precision'] <= 1 and told['kernel-distance.spread'] > 0
    assert sum(row['samples'] for row in told['classes']) == 200 and sum(row['items'] for row in told['classes']) == 300
    assert png(read(folder, 'n.png'))[0] == 12 * (WIDTH * 2 + 2) + 2 and png(read(folder, 'c.png'))[1] == 3 * (HEIGHT * 2 + 2) + 2
    for threads in ('1', '2', '5'):
        again = json.loads(gan(folder, 'evaluate', name, data, '--classifier', judge(folder), '--count', '200', '--json', '--threads', threads).out)
        assert again == told, (threads, again)
    table = gan(folder, 'evaluate', name, data, '--features', 'random').out
    assert 'random features' in table and 'lower is better' in table and 'modes' not in table, table
    assert not os.path.exists(os.path.join(folder, 'labelled.classifier.safetensors'))
    rows = list(csv.DictReader(gan(folder, 'evaluate', name, data, '--features', 'random', '--count', '50', '--measure', 'recall,precision', '--csv').out.splitlines()))
    assert [row['measure'] for row in rows] == ['recall', 'precision'] and rows[0]['better'] == 'higher'


def folders_are_evaluated(folder):
    data, name = labelled(folder), model(folder)
    gan(folder, 'sample', name, '--count', '60', '--pngs', 'fake', '--scale', '1')
    gan(folder, 'sample', name, '--count', '60', '--seed', '3', '--pngs', 'real', '--scale', '1')
    told = json.loads(gan(folder, 'evaluate', 'fake', 'real', '--json').out)
    same = json.loads(gan(folder, 'evaluate', 'fake', 'fake', '--json').out)
    assert told['samples'] == told['items'] == 60 and told['frechet-distance'] > same['frechet-distance'] and same['copies'] == 1, (told, same)
    # What a folder holds is what the checkpoint draws.
    drawn = json.loads(gan(folder, 'evaluate', name, 'real', '--count', '60', '--json').out)
    assert drawn['frechet-distance'] == told['frechet-distance'], (drawn, told)


def tagged(folder, name='tagged', count=120):
    """A folder of pictures with tags in metadata.csv, whose first tag says where the square is."""
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        os.mkdir(path)
        lines = ['file_name,tags']
        for index in range(count):
            pixels = bytearray(HEIGHT * WIDTH)
            for y in range(3):
                for x in range(3):
                    pixels[(y + index % 2 * 4) * WIDTH + x + index // 2 % 3] = 255
            rows = b''.join(b'\0' + bytes(pixels[y * WIDTH:(y + 1) * WIDTH]) for y in range(HEIGHT))
            chunks = [(b'IHDR', struct.pack('>IIBBBBB', WIDTH, HEIGHT, 8, 0, 0, 0, 0)), (b'IDAT', zlib.compress(rows)), (b'IEND', b'')]
            with open(os.path.join(path, f'{index:03}.png'), 'wb') as file:
                file.write(b'\x89PNG\r\n\x1a\n' + b''.join(struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body)) for kind, body in chunks))
            lines.append(f'{index:03}.png,"' + ','.join(['above', 'below'][index % 2:index % 2 + 1] + ['all']) + '"')
        with open(os.path.join(path, 'metadata.csv'), 'w') as file:
            file.write('\n'.join(lines) + '\n')
    return name


def a_judge_is_trained_once_and_kept_beside_the_data(folder):
    data, kept = labelled(folder), 'labelled.classifier.safetensors'
    name = model(folder)
    first = gan(folder, *EVALUATE, name, data, '--count', '60', '--json')
    told = json.loads(first.out)
    assert 'Training a classifier of labelled' in first.err and kept in first.err, first.err
    assert told['features'] == 'classifier' and told['classifier'] == kept and told['accuracy'] > 0.9 and len(told['classes']) == 3 and told['modes'] >= 1, told
    before = digest(folder, kept)
    again = gan(folder, *EVALUATE, name, data + '/', '--count', '60', '--json')
    assert 'Training' not in again.err and {**json.loads(again.out), 'data': data} == told and digest(folder, kept) == before, again.err
    table = gan(folder, *EVALUATE, name, data, '--count', '60', '--classes', 'c.png').out
    assert 'by the features of labelled.classifier.safetensors, which knows' in table and 'class-entropy' in table, table
    # --classifier FILE tells how good it is where it was trained on these data, and says nothing where it was not.
    named = json.loads(gan(folder, *EVALUATE, name, data, '--count', '60', '--json', '--classifier', kept).out)
    assert named['accuracy'] == told['accuracy'] and named['frechet-distance'] == told['frechet-distance'], named
    # Nothing is kept, nor taken, with --no-cache, and the numbers are the same.
    os.remove(os.path.join(folder, kept))
    other = gan(folder, *EVALUATE, name, data, '--count', '60', '--json', '--no-cache')
    assert not os.path.exists(os.path.join(folder, kept)) and 'classifier' not in json.loads(other.out), other.out
    assert json.loads(other.out)['frechet-distance'] == told['frechet-distance']
    # Data that have changed: the labels alone are enough.
    gan(folder, *EVALUATE, name, data, '--count', '60')
    path = os.path.join(folder, data, 'train-labels-idx1-ubyte')
    labels = bytearray(read(folder, os.path.join(data, 'train-labels-idx1-ubyte')))
    labels[8:] = [(label + 1) % 3 for label in labels[8:]]
    with open(path, 'wb') as file:
        file.write(labels)
    changed = gan(folder, *EVALUATE, name, data, '--count', '60')
    assert 'knows other data' in changed.err and digest(folder, kept) != before, changed.err
    assert 'Training' not in gan(folder, *EVALUATE, name, data, '--count', '60').err
    # What is no judge is left alone, even another checkpoint.
    with open(os.path.join(folder, kept), 'wb') as file:
        file.write(read(folder, name))
    done = gan(folder, *EVALUATE, name, data, '--count', '60', '--measure', 'modes')
    assert 'will not be kept' in done.err and read(folder, kept) == read(folder, name), done.err
    os.remove(os.path.join(folder, kept))
    # A place that cannot be written: a folder of that name is one for root too.
    os.mkdir(os.path.join(folder, kept))
    done = gan(folder, *EVALUATE, name, data, '--count', '60', '--measure', 'modes')
    assert 'not be kept' in done.err and 'modes' in done.out, done.err
    # Pictures that are not compared are not learnt.
    write_idx(os.path.join(folder, 'large.idx'), 20, height=12, width=12)
    assert 'Training' not in gan(folder, *EVALUATE, 'large.idx', data, code=65, word='12×12').err
    leave_nothing(folder)


def features_are_chosen(folder):
    name, data = model(folder), 'images.idx'
    assert json.loads(gan(folder, *EVALUATE, name, data, '--count', '60', '--json').out)['features'] == 'random'
    done = gan(folder, *EVALUATE, name, data, '--count', '60', '--features', 'autoencoder', '--json')
    told = json.loads(done.out)
    assert told['features'] == 'autoencoder' and told['autoencoder'] == 'images.idx.autoencoder.safetensors' and 'modes' not in told and told['frechet-distance'] > 0, told
    assert 'Training an autoencoder' in done.err
    again = gan(folder, *EVALUATE, name, data, '--count', '60', '--classifier', 'images.idx.autoencoder.safetensors')
    assert 'the features of images.idx.autoencoder.safetensors' in again.out and 'Training' not in again.err
    gan(folder, *EVALUATE, name, data, '--features', 'classifier', code=65, word='needs a label for every item')
    gan(folder, *EVALUATE, name, data, '--features', 'clip', code=64, word='random was expected')
    gan(folder, *EVALUATE, name, data, '--features', 'random', '--classifier', 'x', code=64, word='one of them')
    gan(folder, *EVALUATE, name, data, '--classes', 'c.png', code=65, word='no labels')
    gan(folder, *EVALUATE, name, data, '--features', 'random', '--classes', 'c.png', code=64, word="'--features' is random")
    # Few pictures teach nothing.
    few = json.loads(gan(folder, *EVALUATE, name, tagged(folder, 'few', 60), '--count', '60', '--json').out)
    assert few['features'] == 'random'


def tags_are_learnt(folder):
    data = tagged(folder)
    done = gan(folder, 'train', data, '--recipe', 'classifier', *SMALL[2:], '--classifier.learning-rate', '1e-2', '--epochs', '12', '-o', 'tags.safetensors', '--samples', 's')
    rows = list(csv.DictReader(read(folder, 's/log.csv').decode().splitlines()))
    assert all(0 <= float(rows[-1][column]) <= 1 for column in ('accuracy', 'accuracy.above', 'accuracy.below', 'accuracy.all')) and float(rows[-1]['accuracy']) > 0.9, rows[-1]
    name = 'gan.safetensors'
    gan(folder, 'train', data, '--epochs', '1', '--out', name, '--quiet', '--batch-size', '20', *TINY)
    told = json.loads(gan(folder, *EVALUATE, name, data, '--json').out)
    assert told['classifier'] == 'tagged.classifier.safetensors' and 'accuracy' in told and 'classes' not in told and 'modes' not in told, told
    gan(folder, *EVALUATE, name, data, '--classes', 'c.png', code=65, word='no labels')


def the_log_has_learning_rates(folder):
    """In the log, in the lines of JSON and in the figure, with the best epoch."""
    data = labelled(folder)
    arguments = ['train', data, '--epochs', '4', '--samples', 's', *TINY, '--rate.schedule', 'cosine', '--rate.steps', '12', '--evaluate.every', '2', '--evaluate.count', '60',
                 '--features', 'random']
    done = gan(folder, *arguments, '--out', 'm.safetensors', '--json')
    start, *epochs, end = [json.loads(line) for line in done.out.splitlines()]
    rates = [epoch['generator.learning-rate'] for epoch in epochs]
    assert rates == sorted(rates, reverse=True) and rates[0] > rates[-1] > 0 and 'discriminator.learning-rate' in epochs[0], epochs
    assert ['best' in epoch for epoch in epochs] == [False, True, False, True] and epochs[1]['best'] is True, epochs
    best = [epoch['epoch'] for epoch in epochs if epoch.get('best')][-1]
    assert end['best-epoch'] == best and end['best-checkpoint'] == 'm-best.safetensors', end
    rows = list(csv.DictReader(read(folder, 's/log.csv').decode().splitlines()))
    assert all(abs(float(row['generator.learning-rate']) / rate - 1) < 1e-6 for row, rate in zip(rows, rates)), rows
    assert png(read(folder, 's/loss.png'))[:2] == (1400, 1840)
    # Rates that stay need no panel; a training that goes on keeps the column.
    gan(folder, 'train', data, '--epochs', '2', '--out', 'c.safetensors', '--samples', 'c', '--quiet', *TINY)
    assert png(read(folder, 'c/loss.png'))[:2] == (1400, 900)
    gan(folder, 'resume', 'c.safetensors', data, '--epochs', '3', '--samples', 'c', '--quiet', '--generator.learning-rate', '1e-5')
    rows = list(csv.DictReader(read(folder, 'c/log.csv').decode().splitlines()))
    assert len(rows) == 3 and rows[0]['generator.learning-rate'] == rows[1]['generator.learning-rate'] != rows[2]['generator.learning-rate'] == '1e-05', rows
    assert png(read(folder, 'c/loss.png'))[:2] == (1400, 1340)


def the_four_lines_of_the_manual(folder):
    """Word for word, but for the number of epochs: with made digits, and with a folder of files of MNIST."""
    gan(folder, 'data', 'digits', 'mnist', '--count', '600', '--quiet')
    few = ['--epochs', '1', '--quiet']
    for data in ('digits', 'mnist'):
        gan(folder, 'train', data, '--recipe', 'classifier', '-o', 'judge.safetensors', *few, '--force')
        gan(folder, 'train', data, '--condition', 'labels', '--preset', 'mlp', '-o', 'c.safetensors', *few, '--force')
        told = json.loads(gan(folder, *EVALUATE, 'c.safetensors', data, '--classifier', 'judge.safetensors', '--count', '10000', '--json').out)
        assert told['samples'] == 10000 and len(told['classes']) == 10 and 0 <= told['label-agreement'] <= 1 and 'accuracy' in told, told
        gan(folder, 'train', data, '--set', 'evaluate.every=5', '--preset', 'mlp', '--epochs', '5', '--quiet', '--force')
        assert os.path.exists(os.path.join(folder, 'gan-best.safetensors')) and os.path.exists(os.path.join(folder, f'{data}.classifier.safetensors'))
    gan(folder, 'sample', 'c.safetensors', '--count', '20', '--pngs', 'fake', '--scale', '1')
    gan(folder, 'sample', 'c.safetensors', '--count', '20', '--seed', '1', '--pngs', 'real', '--scale', '1')
    assert 'frechet-distance' in gan(folder, *EVALUATE, 'fake/', 'real/').out


def evaluations_that_cannot_be(folder):
    data, name = labelled(folder), model(folder)
    gan(folder, 'evaluate', name, data, '--measure', 'recal', code=64, word='recall')
    gan(folder, 'evaluate', name, data, '--measure', 'modes', '--features', 'random', code=65, word='classifier')
    gan(folder, 'evaluate', name, data, '--count', '2', '--measure', 'precision', '--features', 'random', code=65, word='needs 4 samples')
    gan(folder, 'evaluate', name, data, '--classifier', name, code=65, word='no classifier')
    gan(folder, 'evaluate', judge(folder), data, code=65, word='draws nothing')
    gan(folder, 'evaluate', name, 'missing', code=66, word='missing')
    write_idx(os.path.join(folder, 'large.idx'), 20, height=12, width=12)
    gan(folder, 'evaluate', name, 'large.idx', code=65, word='12×12')
    gan(folder, 'evaluate', name, code=64, word='Evaluate what')
    # Too few: what is left out, and why; and where nothing is left, that is no success.
    write_idx(os.path.join(folder, 'one.idx'), 1)
    write_idx(os.path.join(folder, 'nine.idx'), 9)
    gan(folder, 'evaluate', 'one.idx', 'images.idx', code=65, word='Nothing can be measured of 1 sample: 2 or more are needed')
    done = gan(folder, 'evaluate', 'images.idx', 'nine.idx')
    assert 'recall' in done.out and 'frechet-distance-infinity' not in done.out and 'there are 9 items of the data' in done.err and 'from 100 on' in done.err, done.err
    for names in ('', ','):
        gan(folder, 'evaluate', 'one.idx', 'images.idx', '--measure', names, code=64, word='got none')
    assert gan(folder, 'evaluate', 'nine.idx', 'nine.idx', '--measure', 'recall,recall', '--csv').out.count('recall') == 1
    gan(folder, 'evaluate', name, data, '--count', '99999999999', '--features', 'random', code=64, word='at most 4194304')
    # Features that are the same for all pictures: nothing is wrong with them.
    with open(os.path.join(folder, 'grey.idx'), 'wb') as file:
        file.write(struct.pack('>BBBBIII', 0, 0, 8, 3, 120, HEIGHT, WIDTH) + bytes([7]) * (120 * HEIGHT * WIDTH))
    told = json.loads(gan(folder, 'evaluate', 'grey.idx', 'grey.idx', '--json').out)
    assert told['frechet-distance'] == 0 and told['duplicates'] == 1 and all(value is not None for value in told.values()), told
    assert json.loads(gan(folder, 'evaluate', 'grey.idx', 'images.idx', '--json').out)['frechet-distance'] > 0
    # Rows of few numbers, of whose features most are sums of others.
    values = [(index * 7919 % 1009) / 1009 for index in range(800)]
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (200, 4), }".ljust(117) + b'\n'
    with open(os.path.join(folder, 'rows.npy'), 'wb') as file:
        file.write(b'\x93NUMPY\x01\x00' + struct.pack('<H', len(header)) + header + struct.pack('<800f', *values))
    assert abs(json.loads(gan(folder, 'evaluate', 'rows.npy', 'rows.npy', '--json').out)['frechet-distance']) < 1e-6
    listed = json.loads(gan(folder, 'evaluate', '--list', '--json').out)
    assert len(listed) >= 15 and all(row['paper'] and row['range'] and row['minimum'] >= 1 for row in listed)
    assert all(row['name'] in gan(folder, 'evaluate', '--list').out for row in listed)


def a_training_evaluates_itself(folder):
    data = labelled(folder)
    gan(folder, 'train', data, '--epochs', '4', '--out', 'plain.safetensors', '--quiet', *TINY)
    done = gan(folder, 'train', data, '--epochs', '4', '--out', 'measured.safetensors', '--samples', 's', *TINY, '--set', 'evaluate.every=2',
               '--set', 'evaluate.count=60', '--features', 'random')
    assert read(folder, 'plain.safetensors') == read(folder, 'measured.safetensors')
    lines = done.out.splitlines()
    assert 'frechet-distance' not in lines[0] and 'frechet-distance' in lines[1] and 'the best' in lines[1], done.out
    rows = list(csv.DictReader(read(folder, 's/log.csv').decode().splitlines()))
    assert [bool(row['evaluate.frechet-distance']) for row in rows] == [False, True, False, True] and float(rows[1]['evaluate.recall']) >= 0
    best = min((float(row['evaluate.frechet-distance']), int(row['epoch'])) for row in rows if row['evaluate.frechet-distance'])[1]
    assert f'The best was epoch {best}' in done.err, done.err
    assert f'epochs       {best},' in gan(folder, 'inspect', 'measured-best.safetensors').out
    colours = png(read(folder, 's/loss.png'))
    assert colours[:2] == (1400, 1400) and bytes((0, 158, 115)) in {colours[3][at:at + 3] for at in range(0, len(colours[3]), 3)}
    # Going on keeps the columns and the best.
    done = gan(folder, 'resume', 'measured.safetensors', data, '--epochs', '6', '--samples', 's', '--set', 'evaluate.every=2', '--set', 'evaluate.count=60', '--json', '--features', 'random')
    told = [json.loads(line) for line in done.out.splitlines()]
    assert any('evaluate.frechet-distance' in line for line in told), told
    rows = list(csv.DictReader(read(folder, 's/log.csv').decode().splitlines()))
    assert [bool(row['evaluate.frechet-distance']) for row in rows] == [False, True] * 3
    done = gan(folder, 'train', data, '--epochs', '2', '--out', 'judged.safetensors', '--classifier', judge(folder), *TINY, '--set', 'evaluate.every=1',
               '--set', 'evaluate.measure=class-entropy', '--set', 'evaluate.count=60', '--json')
    told = [json.loads(line) for line in done.out.splitlines()]
    assert 0 <= told[1]['evaluate.class-entropy'] <= 1 and 'evaluate.modes' in told[2], told
    # Nothing gets better where nothing is learnt.
    done = gan(folder, 'train', data, '--epochs', '50', '--out', 'ended.safetensors', *TINY, '--set', 'evaluate.every=1', '--set', 'evaluate.count=60', '--features', 'random',
               '--set', 'evaluate.patience=2', '--set', 'generator.learning-rate=0', '--set', 'discriminator.learning-rate=0')
    assert len(done.out.splitlines()) == 3 and 'evaluate.patience' in done.err, done.out
