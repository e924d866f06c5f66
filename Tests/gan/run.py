"""Tests of the command gan, as a user types it: in an empty folder, with a wrong argument beside each right one.

Usage: run.py PATH-OF-GAN MAN-PAGE FOLDER-OF-COMPLETIONS      (from the top folder of the sources)
A test is a function of one argument, a fresh folder; those of the other files here are run too. The last line is "gan: N passed, N failed".
"""
import csv
import hashlib
import json
import os
import re
import resource
import shlex
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib

import applying
import completing
import fields
import measuring
import mistakes
import pictures
import saving
import shapes
import stopping
import tables
import terminal
import wording
import writing
from support import *


# ------------------------------------------------------------------------------------------ As the user types it

def the_main_road(folder):
    images = data(folder)
    done = gan(folder, 'train', images, '--epochs', '20', '--out', 'digits.safetensors', '--samples', 'DIR', '--seed', '7', '--threads', '2',
               '--set', 'generator.hidden=32,32')
    lines = done.out.splitlines()
    assert len(lines) == 20 and re.fullmatch(r'epoch  1/20  D loss +-?\d+\.\d{4}  G loss +-?\d+\.\d{4}  [\d,]+ images/s', lines[0]), done.out
    assert 'gan sample digits.safetensors' in done.err
    assert sorted(os.listdir(os.path.join(folder, 'DIR'))) == ['0001.png', '0010.png', '0020.png', 'log.csv', 'loss.png']
    assert png(read(folder, 'DIR/0010.png'))[:3] == (10 * (WIDTH * 2 + 2) + 2, HEIGHT * 2 + 4, 1), f'ten images in a row: {png(read(folder, "DIR/0010.png"))[:3]}'
    rows = list(csv.DictReader(read(folder, 'DIR/log.csv').decode().splitlines()))
    assert [int(row['epoch']) for row in rows] == list(range(1, 21)) and int(rows[-1]['step']) == 80
    assert all(float(row['discriminator.loss']) < 0 < float(row['discriminator.real']) < 1 for row in rows)

    done = gan(folder, 'resume', 'digits.safetensors', images, '--epochs', '40')
    assert [line.split()[1] for line in done.out.splitlines()] == [f'{epoch}/40' for epoch in range(21, 41)]
    gan(folder, 'sample', 'digits.safetensors', '--count', '64', '--seed', '1', '--first', '0', '--png', 'grid.png')
    side = 8 * (WIDTH * 2 + 1) + 1
    width, height, channels, pixels = png(read(folder, 'grid.png'))
    assert (width, height, channels) == (side, side, 1) and max(pixels) > 100
    shown = gan(folder, 'inspect', 'digits.safetensors').out
    for word in ('Generator', 'Discriminator', '32 × 32', 'epochs       40, of 4 steps each', 'steps        160', 'generator.hidden                 32,32', 'total'):
        assert word in shown, f'{word} is not in\n{shown}'
    leave_nothing(folder)


def options_are_those_of_the_library(folder):
    everything = gan(folder, 'options').out
    table = json.loads(gan(folder, 'options', '--json').out)
    assert len(table) >= 30 and all(row['name'] in everything and row['summary'] for row in table)
    one = gan(folder, 'options', 'batch-size').out
    assert 'batch-size' in one and 'default 100' in one and 'latent' not in one
    group = gan(folder, 'options', 'discriminator').out
    assert 'discriminator.hidden' in group and 'generator.hidden' not in group
    gan(folder, 'options', 'batchsize', code=64, word="'batch-size'")
    gan(folder, 'options', '--jsn', code=64, word='json')
    gan(folder, 'options', 'seed', 'more', code=64, word='more')
    for row in table:  # each is a flag, and each is set with --set
        if row['default']:
            value = f'{row["name"]}={row["default"]}'
            gan(folder, 'train', 'missing', '--' + value, code=66)
            gan(folder, 'train', 'missing', '--set', value, code=66)


def options_as_flags_do_the_same(folder):
    images = data(folder)
    gan(folder, 'train', images, '--epochs', '1', '--out', 'a', '-q', '--set', 'batch-size=50', '--set', 'generator.hidden=9')
    gan(folder, 'train', images, '--epochs', '1', '--out', 'b', '-q', '--batch-size', '50', '--generator.hidden=9')
    assert digest(folder, 'a') == digest(folder, 'b')


def samples_in_every_format_are_the_same(folder):
    name, size = model(folder), HEIGHT * WIDTH
    raw = gan(folder, 'sample', name, '--count', '10', '--seed', '3', '--raw', '-', binary=True).out
    assert len(raw) == 10 * size
    gan(folder, 'sample', name, '--count', '10', '--seed', '3', '--raw', 'r', '--idx', 'i', '--npy', 'n.npy', '--pngs', 'all/of/them', '--scale', '1')
    assert read(folder, 'r') == raw
    assert read(folder, 'i') == struct.pack('>BBBBIII', 0, 0, 8, 3, 10, HEIGHT, WIDTH) + raw
    floats = read(folder, 'n.npy')
    assert floats[:6] == b'\x93NUMPY' and b"(10, 8, 8, 1)" in floats[:128]
    values = struct.unpack(f'<{10 * size}f', floats[-40 * size:])
    assert all(abs(value * 255 - byte) <= 0.501 for value, byte in zip(values, raw))
    assert sorted(os.listdir(os.path.join(folder, 'all/of/them')))[9] == '000009.png'
    assert png(read(folder, 'all/of/them/000004.png')) == (WIDTH, HEIGHT, 1, raw[4 * size:5 * size])
    later = gan(folder, 'sample', name, '--first', '4', '--count', '1', '--seed', '3', '--raw', '-', binary=True).out
    assert later == raw[4 * size:5 * size], 'an image depends on what is drawn with it'
    gan(folder, 'sample', name, '--count', '10', '--png', 'g.png', '--columns', '5', '--scale', '3', '--margin', '0')
    assert png(read(folder, 'g.png'))[:2] == (5 * WIDTH * 3, 2 * HEIGHT * 3)
    assert gan(folder, 'sample', name, '--count', '10', '--png', '-', '--columns', '5', '--scale', '3', '--margin', '0', binary=True).out == read(folder, 'g.png')
    for limit, same in (('0', True), ('50', True), ('0.5', False)):
        drawn = gan(folder, 'sample', name, '--count', '10', '--seed', '3', '--truncation', limit, '--raw', '-', binary=True).out
        assert len(drawn) == len(raw) and (drawn == raw) == same, limit
    gan(folder, 'sample', name, '--truncation', '0.001', '--png', 'x.png', code=64, word='truncation')
    gan(folder, 'sample', name, '--truncation', '-1', '--png', 'x.png', code=64, word='truncation')
    leave_nothing(folder)


def ways_between_samples(folder):
    name, size = model(folder), HEIGHT * WIDTH
    ends = [gan(folder, 'sample', name, '--first', i, '--count', '1', '--seed', '5', '--raw', '-', binary=True).out for i in '12']
    arguments = ['sample', name, '--seed', '5', '--interpolate', '1,2', '--frames', '60']
    raw = gan(folder, *arguments, '--raw', '-', binary=True).out
    assert len(raw) == 60 * size and raw[:size] == ends[0] and raw[-size:] == ends[1] and ends[0] != ends[1]
    gan(folder, *arguments, '--png', 'way.png', '--idx', 'way.idx', '--npy', 'way.npy', '--pngs', 'way', '--scale', '1')
    assert read(folder, 'way.idx') == struct.pack('>BBBBIII', 0, 0, 8, 3, 60, HEIGHT, WIDTH) + raw
    floats = read(folder, 'way.npy')
    head = 10 + struct.unpack('<H', floats[8:10])[0]
    assert head % 64 == 0 and floats[head - 1:head] == b'\n' and len(floats) == head + 4 * 60 * size
    assert abs(struct.unpack('<f', floats[head:head + 4])[0] * 255 - raw[0]) <= 0.501
    assert len(os.listdir(os.path.join(folder, 'way'))) == 60
    assert png(read(folder, 'way/000059.png'))[3] == ends[1]
    gan(folder, *arguments, '--png', 'way.png')
    assert gan(folder, *arguments, '--png', '-', binary=True).out == read(folder, 'way.png')
    for wrong in ('1', '1,2,3', 'a,b', '-1,2', '1,', ''):
        gan(folder, 'sample', name, f'--interpolate={wrong}', '--png', 'x.png', code=64, word='interpolate')
    gan(folder, 'sample', name, '--frames', '9', '--png', 'x.png', code=64, word='--interpolate')


def inspecting_tells_all(folder):
    name = model(folder)
    found = json.loads(gan(folder, 'inspect', name, '--json').out)
    assert found['kind'] == 'trainer' and found['step'] == 8 and found['seed'] == 7 and found['bytes'] == len(read(folder, name))
    assert found['images'] == 400 and found['epochs'] == 2
    assert found['networks']['generator']['parameters'] == 8 * 16 + 16 + 16 * 64 + 64
    assert found['networks']['discriminator']['parameters'] == 64 * 16 + 16 + 16 + 1
    assert found['networks']['generator']['tensors'][0] == {'name': 'generator.0.weight', 'shape': [8, 16], 'count': 128}
    assert found['options']['latent.size'] == '8' and found['optimiser-numbers'] == 2 * (1232 + 1057)
    gan(folder, 'inspect', code=64, word='checkpoint')
    gan(folder, 'inspect', name, '--jso', code=64, word='--json')
    gan(folder, 'inspect', 'missing', code=66, word='missing')
    gan(folder, 'train', data(folder), '--epochs', '1', '--out', 'd', '-q', '--preset', 'dcgan', '--set', 'generator.channels=4', '--set', 'discriminator.channels=4')
    shown = gan(folder, 'inspect', 'd').out
    assert 'gamma' in shown and 'preset                           dcgan' in shown, shown
    layers = [int(line[2]) for line in shown.split('Generator')[1].split('Discriminator')[0].splitlines() if re.match(r'  \d', line)]
    assert layers == sorted(set(layers)), f'the parameters of a layer are not together: {shown}'


def reports_for_machines(folder):
    lines = gan(folder, 'train', data(folder), '--epochs', '3', '--out', 'm', '--json', *TINY).out.splitlines()
    events = [json.loads(line) for line in lines]
    assert [event['event'] for event in events] == ['start', 'epoch', 'epoch', 'epoch', 'end']
    assert events[0]['images'] == 400 and events[0]['steps-per-epoch'] == 4 and events[2]['epoch'] == 2 and events[2]['step'] == 8
    assert events[-1] == {'event': 'end', 'status': 'finished', 'epoch': 3, 'step': 12, 'checkpoint': 'm'}
    assert -10 < events[1]['discriminator.loss'] < 0 and events[1]['images-per-second'] > 0
    found = json.loads(gan(folder, 'bench', '--seconds', '0.05', '--json', '--threads', '1', '--size', '8x8x3', *TINY).out)
    assert found['threads'] == 1 and abs(found['steps-per-second'] * found['seconds-per-step'] - 1) < 1e-6
    shown = gan(folder, 'bench', '--seconds', '0.05', '--size', '8x8x1').out
    assert 'steps/s' in shown and 'images/s' in shown and 'drawing 1 image' in shown


def quiet_is_quiet(folder):
    done = gan(folder, 'train', data(folder), '--epochs', '2', '--out', 'm', '-q', *TINY)
    assert done.out == '' and done.err == ''
    done = gan(folder, 'sample', 'm', '--png', 'x.png', '--quiet')
    assert done.out == '' and done.err == ''


# --------------------------------------------------------------------------------------------------- Typed wrongly

def wrong_arguments_are_refused(folder):
    name, images = model(folder), data(folder)
    for arguments, word in [
        (['trian'], 'The commands are train'), (['trian', 'x', '--epochs', '3'], "'trian'"), (['train'], 'needs <data> (the images: a file or a folder)'), (['train', images, 'more'], 'more'),
        (['train', images, '--epochs', '0'], "'--epochs' is 0"), (['train', images, '--epochs', 'ten'], 'ten'),
        (['train', images, '--epochs', '-3'], 'epochs'), (['train', images, '--epochs', '99999999999999999999'], 'epochs'),
        (['train', images, '--epochs', '9000000000000000000'], 'counted'), (['train', images, '--every', '0'], "'--every' is 0"),
        (['train', images, '--epoch', '3'], '--epochs'), (['train', images, '--seed', '-1'], "'seed'"), (['train', images, '--seed', 'x'], "'seed'"),
        (['train', images, '--threads', '-1'], "'threads'"), (['train', images, '--threads', '9999'], '256'),
        (['train', images, '--set', 'batch-size'], 'NAME=VALUE'), (['train', images, '--set', '=3'], 'NAME=VALUE'),
        (['train', images, '--set', 'batchsize=3'], "Did you mean 'batch-size'"), (['train', images, '--set', 'batch-size=x'], 'batch-size'),
        (['train', images, '--generator.hiden', '3'], "Did you mean 'generator.hidden'"), (['train', images, '--batchsize', '3'], '--batch-size'),
        (['train', images, '--batch-size'], "'--batch-size' takes a value"), (['train', images, '--set', 'generator.hidden=1,x'], 'generator.hidden'),
        (['train', images, '--out', ''], 'empty'), (['train', images, '--samples', ''], 'empty'), (['train', '', '--epochs', '1'], ''),
        (['resume'], 'gan resume photos.safetensors photos --epochs 40'), (['resume', name], '<data>'), (['resume', name, images], '--epochs'),
        (['resume', name, images, '--epochs', '0'], "'--epochs' is 0"), (['resume', name, images, '--epochs', '5', '--seed', '3'], '--seed'),
        (['sample'], '<checkpoint>'), (['sample', name], '--png FILE'), (['sample', name, '--png', 'x', '--count', '0'], "'--count' is 0"),
        (['sample', name, '--png', 'x', '--count', '-5'], "'--count' is -5"), (['sample', name, '--png', 'x', '--first', '-1'], "'--first' is -1"),
        (['sample', name, '--png', 'x', '--seed', '-1'], '--seed'), (['sample', name, '--png', 'x', '--columns', '0'], "'--columns' is 0"),
        (['sample', name, '--png', 'x', '--scale', '0'], "'--scale' is 0"), (['sample', name, '--png', 'x', '--margin', '-1'], "'--margin' is -1"),
        (['sample', name, '--png', 'x', '--count', '9000000000000'], ''), (['sample', name, '--png', '-', '--raw', '-'], 'standard output'),
        (['sample', name, '--idx', '-'], "'--idx'"), (['sample', name, '--png', 'x', '--first', str(2 ** 63 - 1)], 'first'),
        (['sample', name, '--png', 'x', '--jpg', 'x'], '--jpg'), (['inspect', name, name], name), (['bench', '--size', '28'], "'--size'"),
        (['bench', '--size', '0x1x1'], "'--size'"), (['bench', '--seconds', '0'], "'--seconds'"), (['bench', '--seconds', 'nan'], "'--seconds'"),
        (['bench', '--set', 'batchsize=3'], "'batch-size'"),
    ]:
        gan(folder, *arguments, code=64, word=word)
    assert not os.path.exists(os.path.join(folder, 'x')), 'a refused command has written something'
    gan(folder, 'train', b'\xff\xfe', code=64, word="'\\xFF\\xFE', is not UTF-8")


def help_is_success(folder):
    for command in COMMANDS:
        one, two = gan(folder, command, '--help'), gan(folder, 'help', command)
        assert one.out == two.out and 'USAGE: gan ' + command in one.out and one.err == ''
    assert 'SUBCOMMANDS' in gan(folder).out
    assert re.fullmatch(r'gan \d+\.\d+\.\d+\n', gan(folder, '--version').out)


def inputs_that_are_missing_or_of_another_kind(folder):
    name, images = model(folder), data(folder)
    with open(os.path.join(folder, 'text'), 'w') as file:
        file.write('This is no model, and it is no picture either.\n')
    header = b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
    with open(os.path.join(folder, 'foreign.safetensors'), 'wb') as file:
        file.write(struct.pack('<Q', len(header)) + header + bytes(8))
    good = read(folder, name)
    for broken, contents in [('cut', good[:-5]), ('flipped', good[:-9] + bytes([good[-9] ^ 4]) + good[-8:]),
                             ('newer', good.replace(b'"format-version":"1"', b'"format-version":"3"')), ('empty', b'')]:
        with open(os.path.join(folder, broken), 'wb') as file:
            file.write(contents)
    for command in (['sample'], ['inspect'], ['resume']):
        rest = {'sample': ['--png', 'x.png'], 'inspect': [], 'resume': [images, '--epochs', '9']}[command[0]]
        gan(folder, *command, 'missing.safetensors', *rest, code=66, word='missing.safetensors')
        for broken, word in [('cut', 'cut short'), ('flipped', 'damaged'), ('newer', 'newer libgan'), ('empty', 'empty'), ('text', 'safetensors'),
                             ('foreign.safetensors', 'not a checkpoint of libgan'), (images, 'safetensors')]:
            gan(folder, *command, broken, *rest, code=65, word=word)
    gan(folder, 'train', 'missing', '--out', 'y', code=66, word='missing')
    gan(folder, 'train', 'text', '--out', 'y', code=65, word='text')
    os.mkdir(os.path.join(folder, 'nothing'))
    gan(folder, 'train', 'nothing', '--out', 'y', code=66, word='nothing')
    write_idx(os.path.join(folder, 'larger.idx'), 200, 10, 12)
    gan(folder, 'resume', name, 'larger.idx', '--epochs', '9', code=65, word='10')
    gan(folder, 'resume', name, images, '--epochs', '9', '--set', 'generator.hidden=5', code=65, word='generator.hidden')
    write_idx(os.path.join(folder, 'few.idx'), 20)
    gan(folder, 'train', 'few.idx', '--out', 'y', '--preset', 'mlp', code=65, word='batch-size')
    assert digest(folder, name) == hashlib.sha256(good).hexdigest()
    for never in ('x.png', 'y'):
        assert not os.path.exists(os.path.join(folder, never))


def targets_that_cannot_be_written_are_found_at_once(folder):
    name, images = model(folder), data(folder)
    os.mkdir(os.path.join(folder, 'folder'))
    many = ['--epochs', '1000000']  # would last for hours
    for out in ('no/such/folder/x', 'folder', 'folder/', images + '/x', '/proc/x'):
        done = gan(folder, 'train', images, *many, '--out', out, code=73)
        assert done.out == ''
        gan(folder, 'resume', name, images, *many, '--out', out, code=73)
        for kind in ('--png', '--idx', '--npy', '--raw'):
            gan(folder, 'sample', name, kind, out, code=73)
    for samples in (images, images + '/below', '/proc/below'):
        assert gan(folder, 'train', images, *many, '--samples', samples, code=73).out == ''
        gan(folder, 'sample', name, '--pngs', samples, code=73)
    os.makedirs(os.path.join(folder, 'taken/loss.png'))
    gan(folder, 'train', images, *many, '--samples', 'taken', code=73, word='loss.png')
    leave_nothing(folder)


# -------------------------------------------------------------------------------------------- Pipes, disks, terminals

def a_reader_that_leaves_ends_it_quietly(folder):
    name, images = model(folder), data(folder)
    for arguments in (['options'], ['inspect', name], ['sample', name, '--count', '100000', '--raw', '-', '-q'], ['--help'],
                      ['train', images, '--epochs', '100000', '--out', 'm', *TINY]):
        process = subprocess.Popen([GAN, *arguments], cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if arguments[0] in ('train', 'sample'):
            process.stdout.read(20)
        process.stdout.close()
        err = process.stderr.read().decode()
        assert process.wait(60) == -signal.SIGPIPE, f'{arguments}: {process.returncode} {err}'
        assert 'gan:' not in err and (arguments[0] == 'train' or err == ''), err
    gan(folder, 'inspect', 'm')  # what had been trained was saved
    first = subprocess.run(f'{shlex.quote(GAN)} options | head -1', shell=True, capture_output=True, env=environment())
    assert first.stdout == b'THE TRAINING\n' and first.stderr == b''


def a_full_disk_is_said(folder):
    name, images = model(folder), data(folder)
    if os.path.exists('/dev/full'):
        with open('/dev/full', 'wb') as full:
            for arguments in (['options'], ['inspect', name], ['--help'], ['sample', name, '--raw', '-'], ['train', images, '--epochs', '9', '--out', 'm']):
                gan(folder, *arguments, code=74, word='space', stdout=full)
        gan(folder, 'sample', name, '--raw', '/dev/full', code=74, word='space')

    def limit():  # files end after 4096 bytes
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    before = digest(folder, name)
    done = gan(folder, 'train', images, '--epochs', '1000000', '--out', name, code=74, word=name, preexec_fn=limit)
    assert done.out == '' and digest(folder, name) == before
    gan(folder, 'sample', name, '--count', '1000', '--interpolate', '1,2', '--frames', '500', '--raw', 'x', code=74, word='x', preexec_fn=limit)
    assert not os.path.exists(os.path.join(folder, 'x'))
    leave_nothing(folder)


def a_full_file_system_is_found_before_training(folder):
    place, images = os.path.join(folder, 'small'), data(folder)
    os.mkdir(place)
    if subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place], capture_output=True).returncode != 0:
        raise Skip('no right to mount a small file system')
    try:
        done = gan(folder, 'train', images, '--epochs', '1000000', '--out', 'small/m.safetensors', '--generator.hidden', '256', code=74, word='space')
        assert done.out == '' and os.listdir(place) == []
    finally:
        subprocess.run(['umount', place], check=True)


def without_a_terminal_lines_are_plain(folder):
    for more in ({}, {'TERM': ''}, {'COLUMNS': '40'}):
        with open(os.path.join(folder, 'out'), 'wb') as out:
            gan(folder, 'train', data(folder), '--epochs', '3', '--out', 'm', stdout=out, env=environment(**more), start_new_session=True)
        lines = read(folder, 'out').decode().split('\n')
        assert len(lines) == 4 and lines[3] == '' and not re.search(r'[\x00-\x09\x0b-\x1f]', ''.join(lines)), lines
        assert 'images/s' in lines[0]


def the_bar_fits_every_terminal(folder):
    data(folder, 4000)
    for columns in (132, 80, 60, 40, 20, 5):
        code, text = terminal.run([GAN, 'train', 'images.idx', '--epochs', '3', '--out', 'm', '--threads', '1', '--set', 'generator.hidden=512,512'], columns, folder, environment())
        assert code == 0, text
        bars = [bar for bar in re.findall(r'\r([^\r\n]*?)\x1b\[K', text) if bar]
        assert len(bars) >= 3 and all(len(bar) <= max(columns - 3, 0) for bar in bars), f'{columns}: {bars[:3]}'
        if columns >= 80:
            assert all(re.fullmatch(r'epoch \d/3 step \d+/40 \[=*>? *\] {1,2}D -?\d+\.\d+ {1,2}G -?\d+\.\d+ {1,2}[\d,]+ images/s {1,2}\d+:\d\d left', bar) for bar in bars[1:]), bars
        elif columns >= 40:
            assert all('[' in bar and 'D' in bar and 'G' in bar and '/s' in bar and ':' in bar for bar in bars[1:]), bars
        if columns >= 60:
            assert re.fullmatch(r'(epoch )?1/3 step 0/40 \[>? *\] {1,2}(making the )?first step', bars[0]), bars[0]
        shown = terminal.screen(text, columns)
        assert not any('[' in line for line in shown), f'a bar stayed on the screen: {shown}'
        if columns >= 40:
            assert sum(1 for line in shown if re.match(r'(epoch )?\d/3 ', line)) == 3, shown
    code, text = terminal.run([GAN, 'train', 'images.idx', '--epochs', '1', '--out', 'n'], 80, folder, environment(TERM='dumb'))
    assert code == 0 and '\x1b' not in text and '[' not in text
    code, text = terminal.run([GAN, 'sample', 'm', '--raw', '-'], 80, folder, environment())
    assert code == 64 and 'terminal' in text


def help_and_tables_fit_the_terminal(folder):
    name = model(folder)
    for columns in (80, 40):
        for arguments in (['options'], ['inspect', name], ['bench', '--seconds', '0.02']):
            code, text = terminal.run([GAN, *arguments], columns, folder, environment())
            wide = [line for line in text.replace('\r', '').split('\n') if len(line) > columns]
            assert code == 0 and not wide, f'{arguments} at {columns}: {wide}'


def every_locale_says_the_same(folder):
    model(folder)
    plain = gan(folder, 'inspect', 'digits.safetensors', env=environment(LC_ALL='C'))
    assert plain.out.isascii() and '8 x 16' in plain.out
    available = subprocess.run(['locale', '-a'], capture_output=True).stdout.decode().split()
    commas = [name for name in available if name.startswith('de_DE')]
    if not commas:
        raise Skip('no locale with a decimal comma')
    def trained(locale):
        lines = gan(folder, 'train', data(folder), '--epochs', '2', '--out', 'm', '--samples', 's', '--force', '--set', 'generator.learning-rate=2.5e-4', *TINY, env=environment(LC_ALL=locale)).out
        log = [line.split(',')[:9] for line in read(folder, 's/log.csv').decode().splitlines()]
        return re.sub(r'[\d,]+ images/s', '', lines), log, digest(folder, 'm'), gan(folder, 'options', env=environment(LC_ALL=locale)).out
    for locale in commas:
        assert trained(locale) == trained('C')
    gan(folder, 'train', 'ü.idx', '--out', 'm', code=66, word='ü.idx', env=environment(LC_ALL='C'))


# ----------------------------------------------------------------------------------------------- Stopping and going on

def interrupted(folder, arguments, number=signal.SIGINT, twice=False):
    process = subprocess.Popen([GAN, *arguments], cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    for _ in range(3):
        process.stdout.readline()
    process.send_signal(number)
    if twice:
        process.send_signal(number)
    try:
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    return process.returncode, out.decode(), err.decode()


def ctrl_c_and_going_on_change_no_bit(folder):
    images = data(folder)
    settings = ['--seed', '5', '--set', 'generator.hidden=64', '--set', 'batch-size=10', '--threads', '2']
    gan(folder, 'train', images, '--epochs', '60', '--out', 'whole', *settings, '-q')
    for attempt, number in enumerate([signal.SIGINT, signal.SIGTERM, signal.SIGHUP]):
        out = f'part {attempt}'
        code, _, err = interrupted(folder, ['train', images, '--epochs', '60', '--out', out, '--samples', f's{attempt}', *settings], number)
        assert code == 130, err
        command = err.strip().splitlines()[-1].strip()
        assert command.startswith('gan resume ') and 'Interrupted' in err, err
        assert digest(folder, out) != digest(folder, 'whole')
        done = subprocess.run(command, shell=True, cwd=folder, env=environment(), capture_output=True)
        assert done.returncode == 0, done.stderr
        assert digest(folder, out) == digest(folder, 'whole'), 'an interruption changed the result'
        rows = list(csv.DictReader(read(folder, f's{attempt}/log.csv').decode().splitlines()))
        assert [int(row['epoch']) for row in rows] == list(range(1, 61))
        assert os.path.exists(os.path.join(folder, f's{attempt}/loss.png'))
    leave_nothing(folder)


def ctrl_c_on_a_terminal_leaves_a_clean_line(folder):
    data(folder, 4000)
    sent = []
    def press(text, process):
        if not sent and text.count(b'\x1b[K') > 6:
            sent.append(True)
            os.kill(process, signal.SIGINT)
    code, text = terminal.run([GAN, 'train', 'images.idx', '--epochs', '100000', '--out', 'm', '--threads', '1'], 80, folder, environment(), press)
    assert code == 130, text
    shown = terminal.screen(text, 80)
    assert not any('[' in line for line in shown) and any('gan resume m images.idx --epochs 100000' in line for line in shown), shown
    assert shown[-1] == ''


def resuming_counts_epochs_from_the_beginning(folder):
    images = data(folder)
    model(folder, 'five', '5')
    before = digest(folder, 'five')
    for epochs in ('5', '3'):
        done = gan(folder, 'resume', 'five', images, '--epochs', epochs, word='nothing to do')
        assert done.out == '' and digest(folder, 'five') == before
    gan(folder, 'resume', 'five', images, '--epochs', '5', '--out', 'copy')
    assert digest(folder, 'copy') == before
    gan(folder, 'resume', 'five', images, '--epochs', '9', '--out', 'nine', '-q')
    assert digest(folder, 'five') == before
    model(folder, 'whole', '9')
    assert digest(folder, 'nine') == digest(folder, 'whole')
    gan(folder, 'resume', 'five', images, '--epochs', '9', '--out', 'other', '-q', '--generator.learning-rate', '1e-3')
    assert digest(folder, 'other') != digest(folder, 'whole')


def other_images_are_told_of(folder):
    name, images = model(folder, 'm', '2'), data(folder)
    write_idx(os.path.join(folder, 'more.idx'), 420)
    changed = bytearray(read(folder, images))
    changed[-1] ^= 1
    with open(os.path.join(folder, 'changed.idx'), 'wb') as file:
        file.write(changed)
    os.rename(os.path.join(folder, images), os.path.join(folder, 'moved.idx'))
    assert 'other' not in gan(folder, 'resume', name, 'moved.idx', '--epochs', '3', '--out', 'a', '-q').err
    for other in ('more.idx', 'changed.idx'):
        gan(folder, 'resume', name, other, '--epochs', '3', '--out', 'b', '-q', code=3, word='other data')
        gan(folder, 'resume', name, other, '--epochs', '2', code=3, word='other data')
        gan(folder, 'resume', 'b', other, '--epochs', '4', '-q')


def a_training_that_diverges_leaves_the_last_checkpoint(folder):
    images = data(folder)
    rates = ['--generator.learning-rate', '1', '--discriminator.learning-rate', '1']
    deep = ['--discriminator.hidden', ','.join(['40'] * 30), '--discriminator.activation', 'linear', '--generator.output', 'linear', '--seed', '5']
    gan(folder, 'train', images, '--epochs', '1', '--out', 'm', '-q', *deep, '--discriminator.initial-deviation', '0.01')
    before = read(folder, 'm')
    gan(folder, 'resume', 'm', images, '--epochs', '400', '-q', '--every', '1000', *rates, code=1, word='diverged')
    assert read(folder, 'm') == before
    gan(folder, 'sample', 'm', '--png', 'x.png')


def threads_change_no_bit(folder):
    images = data(folder)
    for threads in '123':
        gan(folder, 'train', images, '--epochs', '2', '--out', threads, '-q', '--threads', threads)
    assert digest(folder, '1') == digest(folder, '2') == digest(folder, '3')


def the_log_forgets_epochs_that_a_checkpoint_never_saw(folder):
    images = data(folder)
    model(folder, 'three', '3', '--samples', 's')
    gan(folder, 'resume', 'three', images, '--epochs', '6', '--out', 'six', '--samples', 's', '-q')
    gan(folder, 'resume', 'three', images, '--epochs', '5', '--out', 'five', '--samples', 's', '-q')
    rows = list(csv.DictReader(read(folder, 's/log.csv').decode().splitlines()))
    assert [int(row['epoch']) for row in rows] == [1, 2, 3, 4, 5]


def the_figure_shows_both_curves(folder):
    for epochs in ('1', '70'):
        model(folder, 'm', epochs, '--samples', 's', '--force')
        width, height, channels, pixels = png(read(folder, 's/loss.png'))
        colours = {pixels[at:at + 3] for at in range(0, len(pixels), 3)}
        assert (width, height, channels) == (1400, 900, 3)
        assert bytes((0, 114, 178)) in colours and bytes((213, 94, 0)) in colours and bytes((38, 38, 38)) in colours
        # Nothing is cut off at an edge.
        edge = pixels[:width * 3] + pixels[-width * 3:] + b''.join(pixels[y * width * 3:y * width * 3 + 3] + pixels[(y + 1) * width * 3 - 3:(y + 1) * width * 3] for y in range(height))
        assert set(edge) == {255}


# ------------------------------------------------------------------------------------------------- What comes with it

def the_manual_has_every_command_flag_and_exit_code(folder):
    with open(MAN) as file:
        manual = file.read().replace('\\-', '-')
    for command in COMMANDS:
        assert f'gan {command}' in manual
        section = re.search(rf'\.SS gan {command}\b.*?(?=\n\.S[SH])', manual, re.S).group(0)
        if command == 'resume':
            section += re.search(r'\.SS gan train\b.*?(?=\n\.S[SH])', manual, re.S).group(0)
        for flag in flags_of(command) - {'--help', '--version', '--name'}:
            assert flag in section, f'the manual does not say {flag} of gan {command}'
    for flag in ('--help', '--version'):
        assert flag in manual
    listed = re.search(r'Exit codes: (.*?)\.', gan(folder, '--help', env=environment(COLUMNS='2000')).out, re.S).group(1)
    codes = [entry.split()[0] for entry in listed.split(';')]
    assert len(codes) >= 10
    section = manual.split('.SH EXIT STATUS')[1].split('.SH')[0]
    assert re.findall(r'^\.B (\d+)$', section, re.M) == codes, 'exit codes of the help and the manual differ'


def it_is_written_on_the_header_alone(folder):
    allowed = {'ArgumentParser', 'CGan', 'Drawing', 'Glibc', 'Darwin'}
    writers = {'OutputFile.swift', 'Places.swift', 'Printable.swift'}  # what goes through the library's one writer, and names as bytes
    for name in os.listdir(os.path.join(TOP, 'Sources/gan')):
        if name.endswith('.swift'):
            with open(os.path.join(TOP, 'Sources/gan', name)) as file:
                imports = set(re.findall(r'^\s*(?:@\w+ |public |internal )*import (?:class |func |struct |enum )?(\w+)', file.read(), re.M))
            assert imports <= allowed | ({'Base'} if name in writers else set()), f'{name} imports {imports - allowed}'


def it_needs_no_swift(folder):
    needed = re.findall(r'NEEDED.*\[(.*?)\]', subprocess.run(['readelf', '-d', GAN], capture_output=True, check=True).stdout.decode())
    foreign = [name for name in needed if not re.match(r'(libc|libm|libstdc\+\+|libgcc_s|libz|libpng16|libpthread|libdl|ld-linux-[\w-]+)\.so', name)]
    assert needed and not foreign, foreign


def main():
    passed = failed = skipped = 0
    # Whoever runs the tests in the background has these ignored, and the command would keep to that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    everything = [value for module in (sys.modules[__name__], wording, completing, stopping, writing, saving, mistakes, measuring, fields, applying, pictures, shapes, tables) for value in vars(module).values()]
    tests = [value for value in everything if callable(value) and getattr(value, '__code__', None) and value not in (leave_nothing, gan)
             and value.__code__.co_varnames[:value.__code__.co_argcount] == ('folder',)]
    chosen = sys.argv[4:]
    for test in tests:
        if chosen and test.__name__ not in chosen:
            continue
        started = time.time()
        with tempfile.TemporaryDirectory(prefix='gan-test-') as folder:
            try:
                test(folder)
                passed += 1
            except Skip as why:
                skipped += 1
                print(f'skipped: {test.__name__}: {why}')
            except Exception as error:
                failed += 1
                print(f'failed: {test.__name__}: {type(error).__name__}: {error}')
        print(f'{test.__name__}: {time.time() - started:.1f} s', file=sys.stderr)
    print(f'gan: {passed} passed, {failed} failed' + (f', {skipped} skipped' if skipped else ''))
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
