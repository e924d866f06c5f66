"""Tests of what is left when something goes wrong on the way: no epoch is lost, and no temporary file stays."""
import fcntl
import os
import pty
import signal
import subprocess
import termios
import time

from support import *
from writing import at, end, start, steps


# --------------------------------------------------------------------------- The training is saved, and then it is told

def output_that_cannot_be_written_costs_no_epoch(folder):
    images = data(folder)
    whole = gan(folder, 'train', images, '--epochs', '9', '--out', 'whole', '--seed', '7', *TINY) and digest(folder, 'whole')

    def closed(*numbers):
        return lambda: [os.close(number) for number in numbers]
    train = ['train', images, '--epochs', '9', '--seed', '7', *TINY]
    for json_too in ([], ['--json']):
        if os.path.exists('/dev/full'):
            with open('/dev/full', 'wb') as full:
                done = gan(folder, *train, *json_too, '--out', 'a', stdout=full, code=74, word='space')
            assert digest(folder, 'a') == whole and 'The training goes on' in done.err
        gan(folder, *train, *json_too, '--out', 'b', stdout=None, code=74, word='standard output', preexec_fn=closed(1))
        assert digest(folder, 'b') == whole, 'a closed standard output lost epochs'
    # No file gets the number of a closed stream, and then its lines.
    for numbers in ((0,), (0, 1), (1, 2), (0, 1, 2)):
        process = subprocess.Popen([GAN, *train, '--out', 'c', '--samples', 's', '--force'], cwd=folder, env=environment(), preexec_fn=closed(*numbers),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert process.wait(60) == (74 if 1 in numbers else 0)
        assert digest(folder, 'c') == whole and len(read(folder, 's/log.csv').splitlines()) == 10, numbers
    assert gan(folder, *train, '--out', 'd', '-q', stdout=None, preexec_fn=closed(1)) and digest(folder, 'd') == whole
    leave_nothing(folder)


def read_lines(process, count):
    for _ in range(count):
        assert process.stdout.readline()


def a_folder_of_samples_that_is_moved_away_costs_no_epoch(folder):
    images = data(folder)
    for every in ('1', '1000000'):
        process = start(folder, 'train', images, '--epochs', '1000000', '--out', 'm', '--samples', 's', '--every', every, '--force', *TINY)
        read_lines(process, 5)
        os.rename(at(folder, 's'), at(folder, 'moved ' + every))
        code, out, err = end(process)
        epochs = 5 + len(out.splitlines())
        assert code in (73, 74) and 's/' in err and 'gan resume m images.idx' in err, f'{code}: {err}'
        assert steps(folder, 'm') >= 4 * epochs, f'{steps(folder, "m")} steps are saved, and {epochs} epochs were told'
    leave_nothing(folder)


def a_log_that_cannot_grow_costs_no_epoch(folder):
    images = data(folder)
    if not os.path.exists('/dev/full'):
        raise Skip('no /dev/full')
    process = start(folder, 'train', images, '--epochs', '1000000', '--out', 'm', '--samples', 's', *TINY)
    read_lines(process, 5)
    os.symlink('/dev/full', at(folder, 'full'))
    os.rename(at(folder, 'full'), at(folder, 's/log.csv'))
    code, out, err = end(process)
    assert code == 74 and 'log.csv' in err and 'space' in err, f'{code}: {err}'
    assert steps(folder, 'm') >= 4 * (5 + len(out.splitlines()))
    leave_nothing(folder)


def a_terminal_that_goes_away_costs_no_epoch(folder):
    images = data(folder)
    for ignored in (False, True):
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [GAN, 'train', images, '--epochs', '300' if ignored else '1000000', '--out', 'm', '--force', '--set', 'generator.hidden=64', '--threads', '1'],
            cwd=folder, env=environment(), stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            preexec_fn=lambda: (fcntl.ioctl(0, termios.TIOCSCTTY, 0), signal.signal(signal.SIGHUP, signal.SIG_IGN if ignored else signal.SIG_DFL)))
        os.close(theirs)
        seen = b''
        while seen.count(b'images/s\r\n') < 5:
            seen += os.read(ours, 4096)
        os.close(ours)
        code = process.wait(100)
        if ignored:  # as nohup wants it: to the end
            assert code == 74 and steps(folder, 'm') == 1200, f'{code}, {steps(folder, "m")} steps'
        else:
            assert code in (74, 130) and steps(folder, 'm') >= 20, f'{code}, {steps(folder, "m")} steps'
    leave_nothing(folder)


# ------------------------------------------------------------------------------------------------- Stopped on the way

def temporary(top, least=0):
    """Temporary files of so many bytes at least."""
    found = []
    for place, _, names in os.walk(top):
        for name in names:
            try:
                if name.startswith('.gan') and os.stat(at(place, name)).st_size >= least:
                    found.append(name)
            except FileNotFoundError:
                pass
    return found


def until_there_is_a_temporary_file(place, process, least=100000):
    deadline = time.time() + 30
    while time.time() < deadline and process.poll() is None:
        if temporary(place, least):
            return True
    return False


def large(place):
    """A model whose images take long to draw and to write."""
    write_idx(at(place, 'wide.idx'), 100, 96, 96)
    gan(place, 'train', 'wide.idx', '--epochs', '1', '--out', 'wide', '-q', '--generator.hidden', '16', '--discriminator.hidden', '16', '--threads', '1')
    return 'wide'


def large_outputs_are_stopped_without_a_trace(folder):
    name = large(folder)
    for kind in ('--idx', '--npy', '--raw'):
        for more in (['--count', '1000000'], ['--interpolate', '1,2', '--frames', '100000']):
            for number in (signal.SIGINT, signal.SIGTERM):
                process = start(folder, 'sample', name, kind, 'x', *more)
                assert until_there_is_a_temporary_file(folder, process), end(process)
                process.send_signal(number)
                code, _, err = end(process)
                assert code == -number and err == '', f'{kind} {number}: {code} {err}'
                assert temporary(folder) == [] and not os.path.exists(at(folder, 'x')), f'{kind} {number}: {os.listdir(folder)}'
    process = start(folder, 'sample', name, '--pngs', 'film', '--count', '1000000')
    while not os.path.exists(at(folder, 'film/000005.png')):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert end(process)[0] == -signal.SIGINT
    leave_nothing(folder)
    for picture in os.listdir(at(folder, 'film')):
        png(read(folder, 'film/' + picture))


def a_training_is_stopped_without_a_trace_even_while_it_saves(folder):
    data(folder)
    train = ['train', 'images.idx', '--epochs', '1000000', '--every', '1', '--out', 'm', '--force', '--generator.hidden', '1024', '--samples', 's', '--threads', '1']
    for numbers in ([signal.SIGINT, signal.SIGINT], [signal.SIGTERM, signal.SIGINT], [signal.SIGINT, signal.SIGTERM], [signal.SIGTERM]):
        for attempt in range(4):
            process = start(folder, *train)
            read_lines(process, 1)
            assert until_there_is_a_temporary_file(folder, process, 0), end(process)
            for number in numbers:
                process.send_signal(number)
                time.sleep(0.0005 * attempt)
            code, _, err = end(process)
            assert code > 0, f'{numbers}: {code} {err}'
            leave_nothing(folder)
            gan(folder, 'inspect', 'm')


def what_a_kill_left_is_taken_away_and_what_is_being_written_is_not(folder):
    name = large(folder)
    os.mkdir(at(folder, 'out'))
    writers = [['sample', name, '--idx', 'out/x', '--count', '1000000'], ['sample', name, '--raw', 'out/x', '--interpolate', '1,2', '--frames', '100000']]
    left = 0
    for arguments in writers * 2:
        process = start(folder, *arguments)
        assert until_there_is_a_temporary_file(folder, process), end(process)
        process.kill()
        end(process)
        left += len(temporary(folder))
        # The next run in that folder, whatever it does there.
        gan(folder, 'sample', name, '--png', 'out/grid.png', '-q')
        assert os.listdir(at(folder, 'out')) == ['grid.png'], os.listdir(at(folder, 'out'))
    assert left == 4, 'the kills left nothing to take away'
    live = start(folder, *writers[0])
    assert until_there_is_a_temporary_file(folder, live), end(live)
    there = temporary(folder)
    gan(folder, 'train', 'wide.idx', '--epochs', '1', '--out', 'out/m', '--samples', 'out', '-q', *TINY)
    assert temporary(folder) == there, 'a file that was being written was taken away'
    live.send_signal(signal.SIGTERM)
    end(live)
    leave_nothing(folder)

