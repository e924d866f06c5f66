"""Classifiers, gan evaluate, and evaluations during a training."""
import csv
import json
import os
import struct

from support import *

SMALL = ['--set', 'recipe=classifier', '--set', 'classifier.channels=4', '--set', 'classifier.shift=0', '--set', 'batch-size=20', '--threads', '1']


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
    table = gan(folder, 'evaluate', name, data).out
    assert 'random features' in table and 'lower is better' in table and 'modes' not in table, table
    rows = list(csv.DictReader(gan(folder, 'evaluate', name, data, '--count', '50', '--measure', 'recall,precision', '--csv').out.splitlines()))
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


def evaluations_that_cannot_be(folder):
    data, name = labelled(folder), model(folder)
    gan(folder, 'evaluate', name, data, '--measure', 'recal', code=64, word='recall')
    gan(folder, 'evaluate', name, data, '--measure', 'modes', code=65, word='classifier')
    gan(folder, 'evaluate', name, data, '--count', '2', '--measure', 'precision', code=65, word='needs 4 samples')
    gan(folder, 'evaluate', name, data, '--classifier', name, code=65, word='no classifier')
    gan(folder, 'evaluate', judge(folder), data, code=65, word='draws nothing')
    gan(folder, 'evaluate', name, data, '--classes', 'c.png', code=64, word='--classifier')
    gan(folder, 'evaluate', name, 'missing', code=66, word='missing')
    write_idx(os.path.join(folder, 'large.idx'), 20, height=12, width=12)
    gan(folder, 'evaluate', name, 'large.idx', code=65, word='12×12')
    gan(folder, 'evaluate', name, code=64, word='Evaluate what')
    listed = json.loads(gan(folder, 'evaluate', '--list', '--json').out)
    assert len(listed) >= 15 and all(row['paper'] and row['range'] and row['minimum'] >= 1 for row in listed)
    assert all(row['name'] in gan(folder, 'evaluate', '--list').out for row in listed)


def a_training_evaluates_itself(folder):
    data = labelled(folder)
    gan(folder, 'train', data, '--epochs', '4', '--out', 'plain.safetensors', '--quiet', *TINY)
    done = gan(folder, 'train', data, '--epochs', '4', '--out', 'measured.safetensors', '--samples', 's', *TINY, '--set', 'evaluate.every=2',
               '--set', 'evaluate.count=60')
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
    done = gan(folder, 'resume', 'measured.safetensors', data, '--epochs', '6', '--samples', 's', '--set', 'evaluate.every=2', '--set', 'evaluate.count=60', '--json')
    told = [json.loads(line) for line in done.out.splitlines()]
    assert any('evaluate.frechet-distance' in line for line in told), told
    rows = list(csv.DictReader(read(folder, 's/log.csv').decode().splitlines()))
    assert [bool(row['evaluate.frechet-distance']) for row in rows] == [False, True] * 3
    done = gan(folder, 'train', data, '--epochs', '2', '--out', 'judged.safetensors', '--classifier', judge(folder), *TINY, '--set', 'evaluate.every=1',
               '--set', 'evaluate.measure=class-entropy', '--set', 'evaluate.count=60', '--json')
    told = [json.loads(line) for line in done.out.splitlines()]
    assert 0 <= told[1]['evaluate.class-entropy'] <= 1 and 'evaluate.modes' in told[2], told
    # Nothing gets better where nothing is learnt.
    done = gan(folder, 'train', data, '--epochs', '50', '--out', 'ended.safetensors', *TINY, '--set', 'evaluate.every=1', '--set', 'evaluate.count=60',
               '--set', 'evaluate.patience=2', '--set', 'generator.learning-rate=0', '--set', 'discriminator.learning-rate=0')
    assert len(done.out.splitlines()) == 3 and 'evaluate.patience' in done.err, done.out
