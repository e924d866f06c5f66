"""Tests of the command's sentences: what a user typed wrongly is answered in the command's words."""
import json
import os
import re

from support import *


def no_sentence_names_a_function_of_c(folder):
    for arguments in (['options', 'zzzz'], ['options', 'Generator'], ['train', data(folder), '--set', 'zzzz=3'], ['train', data(folder), '--zz.zz', '3']):
        gan(folder, *arguments, code=64, word="'gan options' lists all names")
    # Every sentence of the library that names one has its words for the command.
    with open(os.path.join(TOP, 'Sources/gan/Failure.swift')) as file:
        translated = re.findall(r'\("([^"]*gan_[^"]*)",', file.read())
    assert len(translated) >= 2
    found = 0
    for room, _, names in os.walk(os.path.join(TOP, 'Sources')):
        if os.path.basename(room) in ('gan', 'C', 'Benchmark') or any(part in room for part in ('SQLite', 'Frei0r', 'Bindings')):
            continue
        for name in names:
            if not name.endswith('.swift'):
                continue
            with open(os.path.join(room, name)) as file:
                for line in file:
                    if line.lstrip().startswith(('//', '@')):
                        continue
                    for sentence in re.findall(r'"((?:[^"\\]|\\.)*\bgan_[a-z_]+(?:[^"\\]|\\.)*)"', line):
                        if ' ' in sentence:
                            found += 1
                            assert any(sentence.endswith(known) for known in translated), f'{name}: the command would say: {sentence}'
    assert found >= 2, 'the sentences of the library were not found'


def numbers_are_told_as_they_were_typed(folder):
    name, images = model(folder), data(folder)
    for flag in ('--epochs', '--every'):
        for arguments in (['train', images], ['resume', name, images, *(['--epochs', '9'] if flag == '--every' else [])]):
            for form in ([flag, '-1'], [flag + '=-1']):
                err = gan(folder, *arguments, *form, code=64, word=f"'{flag}' is -1; 1 or more was expected.").err
                assert 'missing' not in err.lower(), err
    for number in (2 ** 63 - 1, 2 ** 63 - 2, 2 ** 63, 10 ** 20, 9 * 10 ** 12):
        for more in ([], ['--columns', '8'], ['--interpolate', '1,2'] if number < 2 ** 63 else []):
            err = gan(folder, 'sample', name, '--png', 'x', '--count' if '--interpolate' not in more else '--frames', str(number), *more, code=64,
                      word=str(number)).err
            assert '2147483647' not in err, err
    gan(folder, 'sample', name, '--png', 'x', '--scale', '99999999999', code=64, word="'--scale' is 99999999999, more than it can be")
    gan(folder, 'sample', name, '--png', 'x', '--count', 'ten', code=64, word="'--count' takes a whole number, and got 'ten'")
    gan(folder, 'sample', name, '--png', 'x', '--seed', '-1', code=64, word="'--seed' is -1; 0 or more was expected")
    gan(folder, 'bench', '--size', '-1x1x1', code=64, word="'--size' takes rows")
    gan(folder, 'sample', name, '--png', 'x', '--interpolate', '-1,2', code=64, word="'--interpolate' takes")
    assert not os.path.exists(os.path.join(folder, 'x'))


def a_flag_without_its_value_says_so(folder):
    images = data(folder)
    for command in (['train', images], ['bench'], ['resume', 'm', images]):
        for rest in ([], ['--epochs', '3'], ['--set', 'seed=1'], ['--']):
            gan(folder, *command, '--batch-size', *rest, code=64, word="'--batch-size' takes a value, and none follows it")
        for empty in ('--epochs=', '--out=', '--threads=', '--set='):
            gan(folder, *command, empty, code=64, word=f"'{empty[:-1]}' takes a value, and got an empty one")
    gan(folder, 'train', images, '--generator.learning-rate', '-1', code=64, word='-1 is outside')
    gan(folder, 'train', images, '--epochs', '1', '-q', '--generator.hidden=', '--out', 'm')  # an empty list is a value
    assert json.loads(gan(folder, 'inspect', 'm', '--json').out)['options']['generator.hidden'] == ''
    gan(folder, 'bench', '--seed', '3', '--seconds', '0.01', '--size', '8x8x1')


def a_checkpoint_does_not_go_to_standard_output(folder):
    name, images = model(folder), data(folder)
    for arguments in (['train', images, '--epochs', '1'], ['resume', name, images, '--epochs', '9']):
        for form in (['-o', '-'], ['--out', '-'], ['--out=-']):
            gan(folder, *arguments, *form, code=64, word='standard output')
        gan(folder, *arguments, '--samples', '-', code=64, word='folder')
    assert not os.path.exists(os.path.join(folder, '-'))
    gan(folder, 'train', images, '--epochs', '1', '-o', './-', *TINY)
    gan(folder, 'inspect', './-')


def a_command_that_is_none_is_refused_everywhere(folder):
    for arguments in (['nothing'], ['help', 'nothing'], ['help', 'train', 'nothing'], ['nothing', '--help'], ['help', 'nothing', '--help']):
        done = gan(folder, *arguments, code=64, word="There is no command 'nothing'")
        assert done.out == ''
    gan(folder, 'help', 'train', 'sample', code=64, word='one command')
    assert 'SUBCOMMANDS' in gan(folder, 'help').out


def advice_is_given_where_a_name_is_near(folder):
    name, images = model(folder), data(folder)
    for arguments, advice in [
        (['train', images, '--epoch', '3'], "Did you mean '--epochs'?"), (['train', images, '--quite'], "Did you mean '--quiet'?"),
        (['train', images, '--batchsize', '3'], "Did you mean '--batch-size'?"), (['train', images, '--lerning-rate', '3'], "Did you mean '--generator.learning-rate'?"),
        (['sample', name, '--png', 'x', '--coulmns', '3'], "Did you mean '--columns'?"),
    ]:
        gan(folder, *arguments, code=64, word=advice)
    for arguments in (['train', images, '--zzzz'], ['bench', '--zzzz']):
        assert 'Did you mean' not in gan(folder, *arguments, code=64, word="'gan options'").err
    err = gan(folder, 'resume', name, images, '--epochs', '9', '--seed', '3', code=64, word='goes on with the seed').err
    assert '--set' not in err, err
    gan(folder, 'resume', name, images, '--epochs', '9', '--seed=3', code=64, word='goes on with the seed')


def many_files_are_counted_and_not_listed(folder):
    os.mkdir(os.path.join(folder, 'p32'))
    names = [f'p32/{number}.png' for number in range(500)]
    for path in names:
        with open(os.path.join(folder, path), 'w'):
            pass
    err = gan(folder, 'train', *names, '--epochs', '3', code=64, word="There are 498 arguments too many, from 'p32/2.png' on").err
    assert 'name their folder: p32' in err and 'p32/3.png' not in err and len(err) < 400, err
    gan(folder, 'sample', 'a', 'b', 'c', '--png', 'x', code=64, word="2 arguments too many, from 'b' on")


def files_of_another_kind_are_called_by_their_name(folder):
    name, images = model(folder), data(folder)
    gan(folder, 'sample', name, '--png', 'grid.png', '--idx', 'grid.idx', '--npy', 'grid.npy')
    others = {'jpeg': b'\xff\xd8\xff\xe0\0\x10JFIF\0', 'gzip': b'\x1f\x8b\x08\0\0\0\0\0\0\x03', 'zip': b'PK\x03\x04\x14\0\0\0\0\0', 'pickle': b'\x80\x02}q\0X\x01\0\0\0a'}
    for kind, contents in others.items():
        with open(os.path.join(folder, kind), 'wb') as file:
            file.write(contents + bytes(64))
    for path, word in [('grid.png', 'a PNG picture'), ('grid.idx', 'an IDX file'), ('grid.npy', 'a NumPy array'), ('jpeg', 'a JPEG picture'),
                       ('gzip', 'compressed by gzip'), ('zip', 'a ZIP archive'), ('pickle', 'a Python pickle')]:
        for arguments in (['inspect', path], ['sample', path, '--png', 'x.png'], ['resume', path, images, '--epochs', '9']):
            gan(folder, *arguments, code=65, word=f'"{path}" is {word}')
    assert not os.path.exists(os.path.join(folder, 'x.png'))


# The networks, and the recipes with networks of their own, that have channels.
CONVOLUTIONAL = ['network=dcgan', 'network=resnet', 'recipe=image-to-image', 'recipe=super-resolution', 'recipe=inpainting', 'recipe=next-frame', 'recipe=translation', 'recipe=tags',
                 'recipe=volume', 'recipe=view-to-volume']


def what_is_ignored_is_said(folder):
    images = data(folder)
    few = ['--preset', 'mlp', '--set', 'batch-size=8', '--set', 'latent.size=8', '--threads', '1', '-q', '--epochs', '1']
    convolutions = [*few, '--preset', 'dcgan', '--generator.channels', '4', '--discriminator.channels', '4']
    none = gan(folder, 'train', images, '--out', 'c', *convolutions).err
    assert none == '', none
    err = gan(folder, 'train', images, '--out', 'c', *convolutions, '--set', 'generator.hidden=5', '--discriminator.hidden', '5').err
    assert err.splitlines() == [f"Note: the option '{network}.hidden' changes nothing here: it counts with network=mlp only." for network in ('generator', 'discriminator')], err
    err = gan(folder, 'train', images, '--out', 'm', *few, '--generator.channels', '5', '--generator.channels', '6').err
    assert err == f"Note: the option 'generator.channels' changes nothing here: it counts with {' or '.join(CONVOLUTIONAL)} only.\n", err
    for more, said in [([], True), (['--generator.activation', 'leaky-relu'], False), (['--discriminator.activation', 'leaky-relu'], False)]:
        err = gan(folder, 'train', images, '--out', 'm', *few, '--leaky-slope', '0.1', *more).err
        assert ('leaky-slope' in err) == said, err
    # A checkpoint's preset is what counts when a training goes on.
    assert gan(folder, 'resume', 'c', images, '--epochs', '2', '-q', '--set', 'generator.channels=4').err == ''
    assert 'generator.hidden' in gan(folder, 'bench', '--seconds', '0.01', '--size', '8x8x1', '--preset', 'dcgan', '--generator.hidden', '3', '--generator.channels', '4').err
    for arguments, said in [(['--npy', 'x', '--columns', '3'], "'--columns' changes nothing without '--png'"), (['--raw', 'y', '--scale', '3'], "'--scale' changes nothing"),
                            (['--pngs', 'z', '--margin', '3'], "'--margin' changes nothing"), (['--png', 'p.png', '--interpolate', '1,2', '--count', '5'], "'--frames' says"),
                            (['--png', 'p.png', '--columns', '3', '--scale', '1', '--margin', '0', '--count', '5', '--first', '3'], '')]:
        err = gan(folder, 'sample', 'm', *arguments, '-q').err
        assert said in err and bool(said) == bool(err), err
    unset = environment()
    unset.pop('GAN_ISA', None)
    for wanted, word in [('foo', 'none of avx512, avx2, baseline'), ('AVX2', 'none of'), ('', ''), ('baseline', '')]:
        for arguments in (['train', images, '--out', 'm', *few], ['sample', 'c', '--png', 'x.png', '-q'], ['bench', '--seconds', '0.01', '--size', '8x8x1']):
            err = gan(folder, *arguments, env={**unset, 'GAN_ISA': wanted}).err
            assert (f"GAN_ISA is '{wanted}'" in err and word in err) if word else 'GAN_ISA' not in err, err


def options_are_grouped_by_what_they_are_about(folder):
    text, table = gan(folder, 'options').out, json.loads(gan(folder, 'options', '--json').out)
    headings = [line for line in text.splitlines() if re.fullmatch('[A-Z ]+', line)]
    assert headings == ['THE TRAINING', 'LATENTS', 'THE IMAGES THAT ARE DRAWN', 'THE GENERATOR', 'THE DISCRIMINATOR', 'ATTENTION', 'PENALTIES', 'THE MOVING AVERAGE', 'NOISE THAT FADES', 'AUGMENTATION OF SMALL DATA', 'LEARNING RATES', 'THE DATA', 'TABLES', 'EVALUATIONS IN TRAINING', 'LABELS', 'CODES OF INFOGAN', 'THE CLASSIFIER', 'THE AUTOENCODER', 'DISTANCE FROM THE TRUE PICTURE', 'BEGINNING WITHOUT A DISCRIMINATOR', 'IN WHAT PICTURES ARE NEAR THE TRUTH', 'HOLES OF INPAINTING', 'THE FRAMES', 'THE MEMORY', 'TAGS', 'THERE AND BACK AGAIN', 'WHAT IS TO BE LEFT AS IT IS', 'VOLUMES', 'VOLUMES OF VIEWS'], headings
    listed = re.findall(r'^([a-z][a-z0-9.-]*)  \(', text, re.M)
    assert sorted(listed) == sorted(row['name'] for row in table) and len(set(listed)) == len(listed)
    for network in ('generator', 'discriminator'):
        part = re.split('\n[A-Z ]+\n', text.split(f'THE {network.upper()}\n')[1])[0]
        assert set(re.findall(r'^([a-z][a-z0-9.-]*)  \(', part, re.M)) == {row['name'] for row in table if row['name'].startswith(network + '.')}
    assert {row['name']: row['condition'] for row in table}['generator.channels'] == '|'.join(CONVOLUTIONAL) and 'Counts only with: network=dcgan or network=resnet' in text
    assert not any(line.isupper() for line in gan(folder, 'options', 'batch-size').out.splitlines())


def lines_of_json_are_objects_with_the_same_keys_in_every_locale(folder):
    images, out = data(folder), 'a×b…"c\n\u2028d.safetensors'
    for locale in ('C', 'C.UTF-8'):
        done = gan(folder, 'train', images, '--epochs', '2', '--out', out, '--json', *TINY, env=environment(LC_ALL=locale))
        assert done.out.count('\n') == 4 and done.err == '', done.out
        start, first, second, end = (json.loads(line) for line in done.out.split('\n')[:-1])
        assert list(start) == ['event', 'version', 'instruction-set', 'images', 'height', 'width', 'channels', 'epochs', 'steps-per-epoch', 'step']
        assert list(first) == list(second) == ['event', 'epoch', 'step', 'discriminator.loss', 'generator.loss', 'discriminator.real', 'discriminator.fake',
                                               'images-per-second', 'seconds', 'generator.learning-rate', 'discriminator.learning-rate']
        assert list(end) == ['event', 'status', 'epoch', 'step', 'checkpoint'] and end['checkpoint'] == out
        found = gan(folder, 'inspect', out, '--json', env=environment(LC_ALL=locale)).out
        assert found.count('\n') == 1 and json.loads(found)['file'] == out
        assert list(json.loads(found)) == ['file', 'bytes', 'kind', 'step', 'seed', 'images', 'epochs', 'networks', 'optimiser-numbers', 'options', 'inputs']
        rows = json.loads(gan(folder, 'options', '--json', env=environment(LC_ALL=locale)).out)
        assert all(list(row) == ['name', 'type', 'default', 'range', 'summary', 'condition'] for row in rows)
        # A command to be copied keeps the letters too.
        err = gan(folder, 'train', images, '--epochs', '1', '--out', 'a×b…', *TINY, env=environment(LC_ALL=locale)).err
        assert "    gan sample 'a×b…' --count 64" in err, err


def the_help_of_train_says_preset(folder):
    for command in ('train', 'resume', 'bench'):
        text = ' '.join(gan(folder, command, '--help', env=environment(COLUMNS='80')).out.split())
        assert '--preset <name> The architecture of both networks' in text and 'dcgan' in text and "'gan options' lists all" in text, text
    images = data(folder)
    gan(folder, 'train', images, '--preset', 'none', code=64, word='mlp, dcgan')
    for out, arguments in [('a', ['--preset', 'dcgan', '--preset', 'mlp']), ('b', ['--preset', 'dcgan', '--set', 'preset=mlp'])]:  # the last counts
        gan(folder, 'train', images, '--epochs', '1', '-q', '--out', out, *arguments)
        assert json.loads(gan(folder, 'inspect', out, '--json').out)['options']['preset'] == 'mlp'
