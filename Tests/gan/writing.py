"""Tests of what the command gan writes: where it goes, what it may not touch, and what is known before a training begins."""
import json
import os
import resource
import signal
import socket
import stat
import struct
import subprocess
import threading

from support import *

WAY = ['--interpolate', '1,2', '--frames', '5']
# Every way in which `gan sample` writes a file: with the library, and by itself.
KINDS = [(kind, more) for kind in ('--png', '--idx', '--npy', '--raw') for more in ([], WAY)]


def at(place, *names):
    return os.path.join(place, *names)


def put(folder, name, contents=b'old', mode=None):
    with open(at(folder, name), 'wb') as file:
        file.write(contents)
    if mode is not None:
        os.chmod(at(folder, name), mode)


def steps(folder, name):
    return json.loads(gan(folder, 'inspect', name, '--json').out)['step']


def everything(top):
    """What there is, so that a refused command is known to have touched nothing."""
    found = {}
    for place, folders, names in os.walk(top):
        for name in folders + names:
            path = at(place, name)
            what = os.lstat(path)
            contents = (what.st_mtime_ns, what.st_size, read(place, name)) if stat.S_ISREG(what.st_mode) else None
            found[path] = (what.st_mode, what.st_ino, contents)
    return found


def refused(place, *arguments, code, word, **more):
    before = everything(place)
    done = gan(place, *arguments, code=code, word=word, **more)
    assert everything(place) == before, f'{arguments} was refused and touched {set(everything(place).items()) ^ set(before.items())}'
    return done


def start(place, *arguments, **more):
    return subprocess.Popen([GAN, *arguments], cwd=place, env=environment(), stdin=subprocess.DEVNULL, **{'stdout': subprocess.PIPE, 'stderr': subprocess.PIPE, **more})


def end(process, seconds=60):
    try:
        out, err = process.communicate(timeout=seconds)
    finally:
        process.kill()
    return process.returncode, (out or b'').decode(), (err or b'').decode()


def mount(*arguments):
    if subprocess.run(['mount', *arguments], capture_output=True).returncode != 0:
        raise Skip('no right to mount')


# --------------------------------------------------------------------------------------------------- Where it goes

def what_is_replaced_leaves_its_mode_and_owner(folder):
    name, images = model(folder), data(folder)
    writers = [['sample', name, '--count', '5', kind, 'x', '--force', *more] for kind, more in KINDS]
    writers.append(['train', images, '--epochs', '1', '--out', 'x', '-q', '--force', *TINY])
    for arguments in writers:
        for mode in (0o600, 0o664):
            put(folder, 'x', b'old', mode)
            if os.geteuid() == 0:
                os.chown(at(folder, 'x'), 1234, 5678)
            before = os.stat(at(folder, 'x'))
            gan(folder, *arguments)
            after = os.stat(at(folder, 'x'))
            assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid), f'{arguments}: {oct(after.st_mode)}'
            assert after.st_size > 10
        os.unlink(at(folder, 'x'))
        gan(folder, *arguments, preexec_fn=lambda: os.umask(0o027))
        assert stat.S_IMODE(os.stat(at(folder, 'x')).st_mode) == 0o640, arguments
        os.unlink(at(folder, 'x'))
    gan(folder, 'train', images, '--epochs', '1', '--out', 'm', '--samples', 's', '-q', *TINY, preexec_fn=lambda: os.umask(0o077))
    for written in ('m', 's/log.csv', 's/loss.png', 's/0001.png'):
        assert stat.S_IMODE(os.stat(at(folder, written)).st_mode) == 0o600, written
    leave_nothing(folder)


def links_are_written_through(folder):
    name = model(folder)
    strange = os.fsencode(folder) + b'/caf\xe9'
    for kind, more in KINDS:
        put(folder, 'real')
        os.symlink('real', at(folder, 'link'))
        os.symlink(b'caf\xe9', at(folder, 'to strange'))
        for link, real in (('link', os.fsencode(at(folder, 'real'))), ('to strange', strange)):
            gan(folder, 'sample', name, '--count', '5', kind, link, '--force', *more)
            assert os.path.islink(at(folder, link)) and os.stat(real).st_size > 10, f'{kind} {link}'
            os.unlink(at(folder, link))
            os.unlink(real)
    os.mkdir(at(folder, 's'))
    os.symlink('../real.csv', at(folder, 's/log.csv'))
    os.symlink('real.safetensors', at(folder, 'm'))
    gan(folder, 'train', data(folder), '--epochs', '2', '--out', 'm', '--samples', 's', '-q', *TINY)
    assert os.path.islink(at(folder, 'm')) and steps(folder, 'real.safetensors') == 8
    assert os.path.islink(at(folder, 's/log.csv')) and len(read(folder, 'real.csv').splitlines()) == 3
    leave_nothing(folder)


def the_longest_names_are_written(folder):
    name, longest = model(folder), 'n' * 255
    for kind, more in KINDS:
        for _ in range(2):
            gan(folder, 'sample', name, '--count', '5', kind, longest, '--force', *more)
    os.unlink(at(folder, longest))
    gan(folder, 'train', data(folder), '--epochs', '1', '--out', longest, '--samples', 's' * 255, '-q', *TINY)
    assert steps(folder, longest) == 4
    leave_nothing(folder)


def devices_pipes_and_open_files_are_streamed_to(folder):
    name = model(folder)
    before = {path: os.lstat(path) for path in ('/dev/stdout', '/dev/null', '/dev/full')}
    for kind, more in KINDS:
        arguments = ['sample', name, '--count', '5', '-q', *more, kind]
        gan(folder, *arguments, 'whole', '--force')
        whole = read(folder, 'whole')
        assert gan(folder, *arguments, '/dev/stdout', binary=True).out == whole, f'{kind} {more}'
        if kind in ('--png', '--raw'):
            assert gan(folder, *arguments, '-', binary=True).out == whole, f'{kind} {more}'
        for path in ('/dev/fd/{}', '/proc/self/fd/{}'):
            with open(at(folder, 'behind'), 'wb') as file:
                file.write(b'before ')
                file.flush()
                gan(folder, *arguments, path.format(file.fileno()), pass_fds=[file.fileno()])
                file.write(b' after')
            assert read(folder, 'behind') == b'before ' + whole + b' after', f'{kind} {path}'
        os.mkfifo(at(folder, 'pipe'))
        got = []
        reader = threading.Thread(target=lambda: got.append(read(folder, 'pipe')))
        reader.start()
        gan(folder, *arguments, 'pipe')
        reader.join(10)
        assert got == [whole] and stat.S_ISFIFO(os.stat(at(folder, 'pipe')).st_mode), f'{kind} {more}'
        os.unlink(at(folder, 'pipe'))
        gan(folder, *arguments, '/dev/null')
        if os.path.exists('/dev/full'):
            gan(folder, *arguments, '/dev/full', code=74, word='space')
        gan(folder, *arguments, '/dev/fd/99', code=73, word='/dev/fd/99')
    for path, there in before.items():
        now = os.lstat(path)
        assert (now.st_mode, now.st_ino, now.st_rdev) == (there.st_mode, there.st_ino, there.st_rdev), f'{path} was replaced'
    # A checkpoint into a pipe comes once and whole, although others are saved after every epoch.
    train = ['train', data(folder), '--epochs', '3', '--every', '1', '--seed', '7', *TINY]
    gan(folder, *train, '--out', 'm', '-q')
    assert gan(folder, *train, '--out', '/dev/stdout', '-q', binary=True).out == read(folder, 'm')
    gan(folder, *train, '--out', '/dev/null', '-q')
    leave_nothing(folder)


def what_is_mounted_for_itself_is_written_in_place(folder):
    name, images = model(folder), data(folder)
    put(folder, 'real', b'old, and longer than a few bytes')
    put(folder, 'mounted', b'')
    mount('--bind', at(folder, 'real'), at(folder, 'mounted'))
    try:
        for kind, more in KINDS:
            gan(folder, 'sample', name, '--count', '5', '-q', kind, 'mounted', '--force', *more)
            gan(folder, 'sample', name, '--count', '5', '-q', kind, 'plain', '--force', *more)
            assert read(folder, 'real') == read(folder, 'plain') == read(folder, 'mounted'), f'{kind} {more}'
        gan(folder, 'train', images, '--epochs', '2', '--out', 'mounted', '-q', '--force', *TINY)
        assert steps(folder, 'real') == 8
        gan(folder, 'resume', 'mounted', images, '--epochs', '3', '-q')
        assert steps(folder, 'real') == 12
        refused(folder, 'sample', 'real', '--png', 'mounted', code=64, word='the checkpoint to draw from')
    finally:
        subprocess.run(['umount', at(folder, 'mounted')], check=True)
    leave_nothing(folder)


# ------------------------------------------------------------------------------------------- What it may not touch

def no_output_is_an_input(folder):
    name, images = model(folder), data(folder)
    os.link(at(folder, name), at(folder, 'hard'))
    os.symlink(name, at(folder, 'soft'))
    os.symlink('.', at(folder, 'here'))
    for other in (name, './' + name, 'hard', 'soft', 'here/hard', folder + '/soft'):
        for kind, more in KINDS:
            refused(folder, 'sample', name, kind, other, *more, code=64, word='the checkpoint to draw from')
    os.link(at(folder, images), at(folder, 'same.idx'))
    for other in (images, 'here/' + images, 'same.idx'):
        refused(folder, 'train', images, '--out', other, code=64, word='which is the images')
        refused(folder, 'train', images, '--out', other, '--force', code=64, word='which is the images')
        refused(folder, 'resume', name, images, '--epochs', '9', '--out', other, code=64, word='which is the images')
    with open(at(folder, name), 'ab') as out:
        refused(folder, 'sample', name, '--raw', '-', code=64, word='standard output', stdout=out)
    # A folder of pictures, and a picture in it by another name.
    gan(folder, 'sample', name, '--count', '200', '--pngs', 'photos/some', '-q')
    picture = 'photos/some/000007.png'
    os.symlink(picture, at(folder, 'favourite'))
    for out in (picture, 'favourite'):
        refused(folder, 'train', 'photos/some', '--out', out, '--epochs', '1', code=64, word='which is the images')
        refused(folder, 'train', 'photos', '--out', out, '--epochs', '1', code=64, word='which is the images')
    for samples in ('photos/some', 'here/photos/some', 'photos/some/', 'photos/some/below/it'):
        refused(folder, 'train', 'photos/some', '--samples', samples, '--out', 'y', '--epochs', '1', code=64, word='among the images')
        refused(folder, 'resume', name, 'photos/some', '--samples', samples, '--epochs', '9', '--force', code=64, word='among the images')
    # A checkpoint beside the pictures is none of them, and may be replaced.
    for _ in range(2):
        gan(folder, 'train', 'photos/some', '--out', 'photos/some/m', '--epochs', '1', '-q', *TINY)
    # Of a folder of MNIST's files only those are read.
    os.mkdir(at(folder, 'mnist'))
    write_idx(at(folder, 'mnist/train-images-idx3-ubyte'), 200)
    refused(folder, 'train', 'mnist', '--out', 'mnist/train-images-idx3-ubyte', code=64, word='which is the images')
    gan(folder, 'train', 'mnist', '--out', 'mnist/m', '--samples', 'mnist/progress', '--epochs', '1', '-q', *TINY)
    leave_nothing(folder)


def no_two_outputs_are_one(folder):
    name, images = model(folder), data(folder)
    os.symlink('x', at(folder, 'to x'))
    for arguments in (['--png', 'x', '--idx', 'x'], ['--npy', './x', '--raw', 'to x'], ['--pngs', 'x', '--raw', 'x'], ['--png', '-', '--raw', '/dev/stdout']):
        refused(folder, 'sample', name, *arguments, code=64, word='the same file')
    for out in ('s', 's/log.csv', 's/loss.png'):
        os.makedirs(at(folder, 's'), exist_ok=True) if '/' in out else None
        refused(folder, 'train', images, '--out', out, '--samples', 's', code=64, word='the same file')
    refused(folder, 'train', images, '--out', '/dev/stdout', code=64, word='--quiet')
    with open(at(folder, 'lines'), 'wb') as out:
        refused(folder, 'train', images, '--out', 'lines', code=64, word='the same file', stdout=out)
    gan(folder, 'sample', name, '--count', '3', '--pngs', 'film', '-q')
    refused(folder, 'sample', name, '--count', '3', '--pngs', 'film', '--raw', 'film/000001.png', code=64, word='000001.png')
    gan(folder, 'sample', name, '--png', '/dev/null', '--raw', '/dev/null', '-q')
    leave_nothing(folder)


def what_others_made_is_not_written_over(folder):
    name, images = model(folder), data(folder)
    # A photograph, as other programs write them: without the chunk that ours have.
    ours = gan(folder, 'sample', name, '--count', '1', '--png', '-', binary=True).out
    photograph = ours[:33] + ours[33 + 13:]
    assert ours[37:41] == b'sRGB' and png(photograph) == png(ours)
    os.mkdir(at(folder, 'film'))
    put(folder, 'film/000002.png', photograph)
    put(folder, 'film/notes.txt', b'kept')
    arguments = ['sample', name, '--count', '5', '--pngs', 'film', '-q']
    refused(folder, *arguments, code=73, word='film/000002.png')
    refused(folder, *arguments, '--first', '7', code=73, word='pictures that gan did not make')
    gan(folder, *arguments, '--force')
    gan(folder, *arguments, '--scale', '3')  # these are ours now
    gan(folder, *arguments, '--interpolate', '1,2')
    assert read(folder, 'film/notes.txt') == b'kept'

    # Plainly something else: a checkpoint by pictures, pictures by a checkpoint.
    put(folder, 'photograph.png', photograph)
    for kind in ('--png', '--idx', '--npy', '--raw'):
        model(folder, 'other', '1', '--force')
        refused(folder, 'sample', name, kind, 'other', code=73, word='holds a checkpoint')
        gan(folder, 'sample', name, kind, 'other', '-q', '--force')
        gan(folder, 'sample', name, kind, 'other', '-q')
        refused(folder, 'sample', name, kind, 'photograph.png', code=73, word='holds a PNG picture')
        # Nothing is lost with an empty file.
        put(folder, 'empty', b'')
        gan(folder, 'sample', name, kind, 'empty', '-q')
        for mine in (b'dear diary\n' * 90, b'\x89HDF\r\n\x1a\n' + bytes(1016), b'PK\x03\x04' + bytes(1020), b'short'):
            put(folder, 'mine', mine)
            refused(folder, 'sample', name, kind, 'mine', code=73, word='--force')
            gan(folder, 'sample', name, kind, 'mine', '-q', '--force')
    header = b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
    put(folder, 'weights.safetensors', struct.pack('<Q', len(header)) + header + bytes(8))
    put(folder, 'notes.txt', b'notes of years')
    for out in ('photograph.png', 'mine.idx', 'notes.txt', 'weights.safetensors'):
        write_idx(at(folder, 'mine.idx'), 5)
        refused(folder, 'train', images, '--epochs', '1', '--out', out, *TINY, code=73, word='is there already and holds')
        refused(folder, 'resume', name, images, '--epochs', '9', '--out', out, code=73, word='is there already and holds')
        gan(folder, 'train', images, '--epochs', '1', '--out', out, '-q', '--force', *TINY)

    for there, contents in (('0001.png', photograph), ('0123.png', photograph), ('loss.png', b'mine'), ('log.csv', b'time,weight\n1,2\n')):
        os.mkdir(at(folder, 's'))
        put(folder, 's/' + there, contents)
        refused(folder, 'train', images, '--epochs', '1', '--out', 'y', '--samples', 's', code=73, word='s/' + there)
        refused(folder, 'resume', name, images, '--epochs', '9', '--out', 'y', '--samples', 's', code=73, word='s/' + there)
        os.rename(at(folder, 's'), at(folder, 's of ' + there))
    gan(folder, 'train', images, '--epochs', '1', '--out', 'y', '--samples', 's of log.csv', '--force', '-q', *TINY)
    leave_nothing(folder)


def another_training_is_not_written_over(folder):
    images = data(folder)
    model(folder, 'five', '5', '--samples', 's')
    # Of more steps than this training would have.
    done = refused(folder, 'train', images, '--epochs', '4', '--out', 'five', *TINY, code=73, word='20 steps')
    assert 'gan resume five images.idx --epochs 9' in done.err and '--force' in done.err, done.err
    # Its epochs are its own: with a batch of another size they have another number of steps.
    done = refused(folder, 'train', images, '--epochs', '2', '--batch-size', '50', '--out', 'five', *TINY, code=73, word='20 steps')
    assert 'gan resume five images.idx --epochs 7' in done.err, done.err
    refused(folder, 'train', images, '--epochs', '4', '--out', 'five', '--samples', 'new', *TINY, code=73, word='gan resume')
    # With the samples of another training.
    done = refused(folder, 'train', images, '--epochs', '9', '--out', 'other', '--samples', 's', *TINY, code=73, word='samples of another training')
    assert 'gan resume CHECKPOINT' in done.err and '--force' in done.err and '0001.png' in done.err, done.err
    gan(folder, 'train', images, '--epochs', '5', '--out', 'five', '-q', *TINY)
    gan(folder, 'train', images, '--epochs', '4', '--out', 'five', '-q', '--force', *TINY)
    assert steps(folder, 'five') == 16
    gan(folder, 'resume', 'five', images, '--epochs', '6', '--samples', 's', '-q')
    gan(folder, 'train', images, '--epochs', '2', '--out', 'other', '--samples', 's', '-q', '--force', *TINY)
    assert len(read(folder, 's/log.csv').splitlines()) == 3
    leave_nothing(folder)


# ------------------------------------------------------------------------------------------ Checked at the beginning

MANY = ['--epochs', '1000000']  # would last for hours


def the_end_is_known_to_be_reachable(folder):
    name, images = model(folder), data(folder)
    os.mkfifo(at(folder, 'pipe'))
    refused(folder, 'resume', '/dev/stdin', images, *MANY, code=64, word='--out FILE')
    refused(folder, 'resume', 'pipe', images, *MANY, code=64, word='--out FILE')
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind(at(folder, 'plug'))
    refused(folder, 'train', images, *MANY, '--out', 'plug', code=73, word='is a socket')
    # Images that come through a pipe are not there when the training is to go on.
    reading, writing = os.pipe()
    feeder = threading.Thread(target=lambda: os.write(writing, read(folder, images)) and os.close(writing))
    feeder.start()
    try:
        gan(folder, 'train', f'/dev/fd/{reading}', '--epochs', '1', '--out', 'y', *TINY, pass_fds=[reading], word='cannot be read a second time')
    finally:
        os.close(reading)
        feeder.join()
    if os.geteuid() != 0:
        raise Skip('only root can become somebody else')
    for path in (folder, name, images):
        os.chmod(at(folder, path), 0o777)

    def as_nobody():
        os.setgid(65534)
        os.setuid(65534)
    try:
        gan(folder, '--version', preexec_fn=as_nobody)
    except (PermissionError, subprocess.SubprocessError):
        raise Skip('the command is where only its owner may go')
    for mode, word in ((0o222, 'not read again'), (0o444, 'permission')):
        put(folder, 'm', b'', mode)
        assert refused(folder, 'train', images, *MANY, '--out', 'm', code=73, word=word, preexec_fn=as_nobody).out == ''
        gan(folder, 'sample', name, '--raw', 'm', '-q', preexec_fn=as_nobody, code=0 if mode == 0o222 else 73)
    os.unlink(at(folder, 'm'))
    refused(folder, 'train', images, *MANY, '--out', 'm', code=73, word='umask', preexec_fn=lambda: (as_nobody(), os.umask(0o777)))
    os.mkdir(at(folder, 'closed'), 0o555)
    for arguments in (['--out', 'closed/m'], ['--out', 'm', '--samples', 'closed'], ['--out', 'm', '--samples', 'closed/s']):
        refused(folder, 'train', images, *MANY, *arguments, code=73, word='closed', preexec_fn=as_nobody)
    os.chmod(at(folder, name), 0o444)
    refused(folder, 'resume', name, images, *MANY, code=73, word=name, preexec_fn=as_nobody)
    leave_nothing(folder)


def a_full_disk_names_the_file_that_was_asked_for(folder):
    images, place = data(folder), at(folder, 'small')
    os.mkdir(place)
    mount('-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', place)
    try:
        # 256 hidden units: 420 KiB. With 96, there is room for one, and not for the old and the new.
        done = gan(folder, 'train', images, *MANY, '--out', 'small/m.safetensors', code=74, word='small/m.safetensors')
        assert '.trial' not in done.err and '.gan' not in done.err and '/dev/fd' not in done.err, done.err
        assert os.listdir(place) == []
        hidden = ['--generator.hidden', '96', '--discriminator.hidden', '96']
        gan(folder, 'train', images, '--epochs', '1', '--out', 'one', '-q', *hidden)
        os.rename(at(folder, 'one'), at(folder, 'kept'))
        put(folder, 'small/one', read(folder, 'kept'))
        assert len(read(folder, 'kept')) * 2 > 300 * 1024 > len(read(folder, 'kept'))
        refused(folder, 'train', images, *MANY, '--out', 'small/one', *hidden, code=74, word='small/one')
        refused(folder, 'resume', 'small/one', images, *MANY, code=74, word='small/one')
    finally:
        subprocess.run(['umount', place], check=True)


def a_limit_for_files_is_no_signal(folder):
    name, images = model(folder), data(folder)

    def limit(size=4096):
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    for kind, more in KINDS:
        for there in (False, True):
            put(folder, 'x') if there else None
            gan(folder, 'sample', name, '--count', '2000', kind, 'x', '--force', *([*WAY[:3], '2000'] if more else []), code=74, word='"x"',
                preexec_fn=lambda: limit(512))
            assert not there or read(folder, 'x') == b'old'
        os.unlink(at(folder, 'x'))
    before = digest(folder, name)
    gan(folder, 'train', images, *MANY, '--out', name, code=74, word=name, preexec_fn=limit)
    gan(folder, 'resume', name, images, *MANY, code=74, word=name, preexec_fn=limit)
    assert digest(folder, name) == before
    with open(at(folder, 'out'), 'wb') as out:
        gan(folder, 'sample', name, '--count', '1000', '--raw', '-', code=74, word='standard output', preexec_fn=limit, stdout=out)
        # A log that is longer than allowed does not lose the training.
        gan(folder, 'train', images, '--epochs', '1000', '--every', '1000', '--out', 'm', '--samples', 's', '-q', *TINY, code=74, word='log.csv',
            preexec_fn=lambda: limit(32768))
    rows = read(folder, 's/log.csv').splitlines()
    assert steps(folder, 'm') >= 4 * (len(rows) - 1) > 100 and read(folder, 's/log.csv').endswith(b'\n')
    leave_nothing(folder)
