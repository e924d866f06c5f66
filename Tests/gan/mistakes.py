"""Tests of what a user did not mean: contradictions, places that keep nothing, waits without a word, and names that a terminal obeys."""
import json
import os
import subprocess
import time

from support import *
from writing import at, end, put, refused, start


def labelled(folder, names, recipe=()):
    """A model that knows classes of these names: a folder of pictures for each."""
    plain = model(folder, 'plain')
    for index, name in enumerate(names):
        gan(folder, 'sample', plain, '--count', '60', '--first', str(60 * index), '--scale', '1', '--pngs', os.path.join('classes', name), '-q')
    gan(folder, 'train', 'classes', '--epochs', '1', '--out', 'told', '-q', '--condition', 'labels', *recipe, *TINY)
    return 'told'


# ------------------------------------------------------------------------------------------------------ What is asked

def a_name_that_is_a_number_wins_over_a_place(folder):
    name = labelled(folder, ['3', '7'])

    def drawn(*which):
        return gan(folder, 'sample', name, '--count', '4', '--raw', '-', *which, binary=True).out
    for number in ('0', '1', '2'):
        gan(folder, 'sample', name, '--raw', 'x', '--label', number, code=64, word=f"no class '{number}'")
    assert drawn('--label', '7') == drawn('--input', 'label=7') != drawn('--label', '3')
    assert not os.path.exists(at(folder, 'x'))


def classes_of_words_have_places_too(folder):
    name = labelled(folder, ['cat', 'dog'])

    def drawn(label):
        return gan(folder, 'sample', name, '--count', '4', '--raw', '-', '--label', label, binary=True).out
    assert drawn('1') == drawn('dog') != drawn('cat') == drawn('0')
    gan(folder, 'sample', name, '--raw', 'x', '--label', '2', code=64, word="'cat', 'dog'")
    shown = gan(folder, 'inspect', name).out
    assert '  label        2 classes: cat, dog\n' in shown and '  latents      8 normal numbers\n' in shown, shown
    inputs = json.loads(gan(folder, 'inspect', name, '--json').out)['inputs']
    assert inputs == [{'name': 'latents', 'kind': 'latent', 'classes': []}, {'name': 'label', 'kind': 'label', 'classes': ['cat', 'dog']}], inputs


def inspect_lists_codes_and_only_options_that_count(folder):
    gan(folder, 'train', data(folder), '--epochs', '1', '--out', 'm', '-q', '--recipe', 'infogan', '--info.categories', '4', *TINY)
    shown = gan(folder, 'inspect', 'm').out
    assert '  c1           4 classes: 0 … 3\n' in shown and '  c2           a number from -1 to 1\n' in shown, shown
    listed = {line.split()[0] for line in shown.split('Options that differ')[1].splitlines() if line.startswith('  ')}
    assert {'info.categories', 'generator.hidden', 'recipe'} <= listed
    # Of dcgan, of another recipe, of an activation that is not used.
    assert not {'generator.channels', 'condition', 'conditioning', 'embedding.size', 'leaky-slope'} & listed, listed
    assert 'generator.channels' in json.loads(gan(folder, 'inspect', 'm', '--json').out)['options']
    model(folder, 'plain')
    assert 'info.codes' not in gan(folder, 'inspect', 'plain').out


def what_contradicts_itself_is_told(folder):
    name = labelled(folder, ['cat', 'dog'])
    for arguments, word in [
        (['--input', 'label=cat', '--label', 'dog'], "'--label' and '--input label=cat' both set the input 'label'"), (['--input', 'label=cat', '--labels'], "'--labels' and"),
        (['--input', 'c1=3', '--sweep', 'c1'], "'--sweep c1' and '--input c1=3' both set"), (['--input', 'label=cat', '--input', 'label=dog'], 'both set'),
        (['--labels', '--columns', '3'], "'--columns' does not go with '--labels'"), (['--sweep', 'label', '--columns', '3'], "'--columns' does not go with '--sweep'"),
        (['--labels', '--count', '2000000'], 'of each of the 2 values, at most 1,048,576'),
    ]:
        refused(folder, 'sample', name, '--png', 'x.png', *arguments, code=64, word=word)


def what_is_missing_is_named_with_an_example(folder):
    for command, needed, example in [('train', '<data>', 'gan train photos'), ('resume', '<checkpoint>', 'gan resume photos.safetensors photos --epochs'),
                                     ('sample', '<checkpoint>', '--png grid.png'), ('inspect', '<checkpoint>', 'gan inspect photos.safetensors')]:
        err = gan(folder, command, code=64, word=f"'gan {command}' needs {needed} (the ").err
        assert 'For instance: ' in err and example in err and 'Help:' not in err, err
    gan(folder, 'resume', 'x', code=64, word='needs <data>')
    gan(folder, 'train', data(folder), '--epochs', code=64, word="'--epochs' takes a value, and none follows it.")


# ------------------------------------------------------------------------------------------------------- Where it goes

def an_output_is_no_folder_of_another(folder):
    name, images = model(folder), data(folder)
    for arguments in (['--out', 'a', '--samples', 'a/x'], ['--out', 'a', '--samples', './a/x/y'], ['--out', 'a', '--samples', folder + '/a/x/']):
        refused(folder, 'train', images, '--epochs', '1', *arguments, code=64, word='would have to be a folder')
        refused(folder, 'resume', name, images, '--epochs', '9', *arguments, code=64, word='would have to be a folder')
    for arguments in (['--png', 'a', '--pngs', 'a/b'], ['--pngs', 'a/b', '--raw', 'a']):
        refused(folder, 'sample', name, *arguments, code=64, word='would have to be a folder')
    os.mkdir(at(folder, 's'))
    gan(folder, 'train', images, '--epochs', '1', '--out', 's/m', '--samples', 's', '-q', *TINY)
    leave_nothing(folder)


def a_folder_of_others_is_not_added_to(folder):
    name = model(folder)
    for there, word in [('holiday.jpg', 'pictures that gan did not make'), ('old.PNG', 'pictures that gan did not make'), ('letter.txt', 'holds other things')]:
        os.makedirs(at(folder, 'in ' + there))
        put(folder, f'in {there}/{there}', b'mine')
        refused(folder, 'sample', name, '--count', '2', '--pngs', 'in ' + there, code=73, word=word)
        gan(folder, 'sample', name, '--count', '2', '--pngs', 'in ' + there, '--force', '-q')
        assert read(folder, f'in {there}/{there}') == b'mine'
    # One that is empty, hidden files aside, or that gan filled.
    os.mkdir(at(folder, 'new'))
    put(folder, 'new/.hidden', b'')
    for _ in range(2):
        gan(folder, 'sample', name, '--count', '2', '--pngs', 'new', '--png', 'new/grid.png', '-q')


def room_is_known_before_work(folder):
    name = model(folder)
    for kind in ('--raw', '--idx', '--npy', '--pngs'):
        started = time.time()
        for count in ('900000000000000000', '90000000000000'):
            err = refused(folder, 'sample', name, kind, 'x', '--count', count, code=74, word=f"'--count' is {count}").err
            assert 'free there' in err or 'no file is so long' in err, err
        assert time.time() - started < 20
    gan(folder, 'sample', name, '--raw', '/dev/full', '--count', '900000000000000000', code=74, word='space')  # a device has no end


def a_place_that_keeps_nothing_says_so(folder):
    images = data(folder)
    done = gan(folder, 'train', images, '--epochs', '1', '--out', '/dev/null', *TINY, word='/dev/null is a device, which kept nothing')
    assert 'is saved' not in done.err and 'gan sample' not in done.err, done.err
    assert 'is saved' in gan(folder, 'train', images, '--epochs', '1', '--out', 'm', *TINY).err


# ---------------------------------------------------------------------------------------------------------- What waits

def a_pipe_without_a_reader_is_told(folder):
    name = model(folder)
    whole = gan(folder, 'sample', name, '--count', '3', '--raw', '-', binary=True).out
    os.mkfifo(at(folder, 'pipe'))
    for arguments in (['sample', name, '--count', '3', '--raw', 'pipe', '-q'], ['train', data(folder), '--epochs', '1', '-q', '--out', 'pipe', *TINY]):
        process = start(folder, *arguments)
        line = process.stderr.readline().decode()
        assert 'Nobody reads the pipe pipe yet' in line, line
        contents = read(folder, 'pipe')
        assert contents == whole if arguments[0] == 'sample' else len(contents) > 1000
        code, _, err = end(process)
        assert code == 0 and err == '', err
    leave_nothing(folder)


def reading_that_takes_long_is_told(folder):
    os.mkfifo(at(folder, 'pipe'))
    process = start(folder, 'train', 'pipe', '--epochs', '1', '--out', 'm', *TINY)
    assert 'through the pipe pipe' in process.stderr.readline().decode()
    with open(at(folder, 'pipe'), 'wb') as pipe:
        pipe.write(read(folder, data(folder)))
    code, _, err = end(process)
    assert code in (0, 65, 66), f'{code} {err}'


def a_walk_through_folders_ends(folder):
    # As those of a system do, whose links lead on and on.
    numbers = range(12)
    for number in numbers:
        os.makedirs(at(folder, f'all/{number}'))
        for other in numbers:
            os.symlink(f'../{other}', at(folder, f'all/{number}/to {other}'))
    gan(folder, 'train', 'all', '--out', 'm', code=64, word='folders without a picture in "all"')


# --------------------------------------------------------------------------------------------------------------- Names

def names_are_shown_and_not_obeyed(folder):
    strange = ['cat\x1b[31m', 'dog\x9b2J\u202e']
    name = labelled(folder, strange)
    outputs = [gan(folder, 'inspect', name), gan(folder, 'inspect', name, '--json'), gan(folder, 'sample', name, '--label', 'x', '--raw', 'x', code=64),
               gan(folder, 'inspect', 'no\x1b]0;such\x07\nfile', code=66), gan(folder, 'train', 'classes', '--epochs', '1', '--out', 'm\x1b[2J', *TINY),
               gan(folder, 'sample', name, '--png', 'a\x07\x1b[2J.png')]
    for done in outputs:
        assert not re.search('[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]', done.out + done.err), repr(done.out + done.err)
    assert 'cat\\x1B[31m' in outputs[0].out and outputs[3].err.count('\n') == 1
    assert json.loads(outputs[1].out)['inputs'][1]['classes'] == strange
    # A command to be copied does what it says.
    command = outputs[4].err.splitlines()[-1].strip()
    assert command.startswith('gan sample $'), command
    subprocess.run(['bash', '-c', command], cwd=folder, env=environment(), check=True, capture_output=True)
    assert os.path.exists(at(folder, 'grid.png'))
