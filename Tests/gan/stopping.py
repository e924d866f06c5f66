"""Tests of what stands on the terminal while a training runs, and of how Ctrl-C is answered."""
import json
import os
import random
import re
import shlex
import shutil
import signal
import struct
import subprocess
import threading
import time

import terminal
from support import *

# Steps of seconds, on one thread.
SLOW = ['--preset', 'dcgan', '--batch-size', '256', '--generator.channels', '128', '--discriminator.channels', '128', '--threads', '1']


def pictures(folder, count=512, side=32):
    with open(os.path.join(folder, 'pictures.idx'), 'wb') as file:
        file.write(struct.pack('>BBBBIIII', 0, 0, 8, 4, count, side, side, 3) + random.Random(1).randbytes(count * side * side * 3))
    return 'pictures.idx'


class Started:
    """A training without a terminal, whose standard error can be waited for."""

    def __init__(self, folder, *arguments):
        self.process = subprocess.Popen([GAN, *arguments], cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.text = b''

    def until(self, word, limit=60):
        start = time.time()
        os.set_blocking(self.process.stderr.fileno(), False)
        while word.encode() not in self.text:
            assert time.time() - start < limit and self.process.poll() is None, f'no "{word}" but {self.text}'
            self.text += self.process.stderr.read() or b''
            time.sleep(0.01)

    def ended(self):
        os.set_blocking(self.process.stderr.fileno(), True)
        try:
            out, err = self.process.communicate(timeout=60)
        finally:
            self.process.kill()
        return self.process.returncode, out.decode(), (self.text + err).decode()


def the_first_ctrl_c_is_answered_at_once_and_the_second_stops(folder):
    images = pictures(folder)
    for number in (signal.SIGINT, signal.SIGTERM):
        run = Started(folder, 'train', images, '--epochs', '50', '--out', 'm', *SLOW)
        run.until('steps an epoch')
        time.sleep(0.2)
        pressed = time.time()
        run.process.send_signal(number)
        run.until('Finishing the first step; Ctrl-C again stops without saving.')
        assert time.time() - pressed < 0.5, 'the answer came late'
        run.process.send_signal(number)
        code, _, err = run.ended()
        assert code == 75 and 'Stopped without saving: nothing of this training was kept.' in err and 'gan resume' not in err, (code, err)
        assert not os.path.exists(os.path.join(folder, 'm'))
    # With a checkpoint there it says what that holds, and it stays whole.
    run = Started(folder, 'train', images, '--epochs', '50', '--out', 'm', *SLOW)
    while not os.path.exists(os.path.join(folder, 'm')):
        assert run.process.poll() is None
        time.sleep(0.05)
    time.sleep(0.4)
    kept = digest(folder, 'm')
    run.process.send_signal(signal.SIGINT)
    run.until('Ctrl-C again stops without saving.')
    run.process.send_signal(signal.SIGINT)
    code, _, err = run.ended()
    assert code == 75 and 'Stopped without saving: m holds step 2, and what came after it is lost.' in err, (code, err)
    assert re.search(r'Finishing this step, about [1-9]\d* s; Ctrl-C', err), err
    assert digest(folder, 'm') == kept and json.loads(gan(folder, 'inspect', 'm', '--json').out)['step'] == 2
    leave_nothing(folder)


def a_terminal_that_hangs_up_twice_loses_nothing(folder):
    images = pictures(folder)
    run = Started(folder, 'train', images, '--epochs', '50', '--out', 'm', *SLOW)
    run.until('steps an epoch')
    time.sleep(0.2)
    run.process.send_signal(signal.SIGHUP)
    run.until('Finishing')
    run.process.send_signal(signal.SIGHUP)
    code, _, err = run.ended()
    assert code == 130 and 'Interrupted in epoch 1 of 50 and saved m.' in err, (code, err)
    gan(folder, 'inspect', 'm')


def on_a_terminal_the_answer_takes_the_place_of_the_bar(folder):
    images = pictures(folder)
    state = {}

    def press(text, process):
        if 'seen' not in state and b'step 0/2' in text:
            state['seen'] = time.time()
        if 'sent' not in state and b'step 1/2' in text:
            state['sent'] = time.time() + 0.3  # in the midst of the next step, and not between two
            threading.Timer(0.3, os.write, (state['keyboard'], b'\x03')).start()
        if 'sent' in state and 'answered' not in state and b'Finishing this step' in text:
            state['answered'] = time.time()

    started = time.time()
    code, text = terminal.run([GAN, 'train', images, '--epochs', '3', '--out', 'm', *SLOW], 80, folder, environment(), press, keyboard=lambda descriptor: state.update(keyboard=descriptor))
    assert code == 130, text
    assert state['seen'] - started < 3, 'nothing was shown at first'
    assert state['answered'] - state['sent'] < 0.5, 'Ctrl-C was answered late'
    bars = [bar for bar in re.findall(r'\r([^\r\n]*?)\x1b\[K', text) if bar]
    assert re.fullmatch(r'epoch 1/3 step 0/2 \[> +\]  making the first step', bars[0]) and re.search(r'step 1/2 .* \d[.\d]* s a step {1,2}\d+:\d\d left$', bars[1]), bars
    assert max(map(len, bars)) <= 77, 'there is no room for ^C'
    assert 'step' not in text.split('Finishing')[1].split('Interrupted')[0].replace('this step', ''), 'the bar came back'
    shown = terminal.screen(text, 80)
    assert not any('[' in line or '^C' in line for line in shown), shown
    assert max(map(len, shown)) <= 78, 'an answer that does not fit'  # the seconds may have more digits
    assert any(re.fullmatch(r'Finishing this step, about \d+ s; Ctrl-C again stops without saving\.', line) for line in shown), shown


def hints_are_broken_between_words(folder):
    images = data(folder)
    os.makedirs(os.path.join(folder, 'a folder with a name of some length/and another'))
    out = 'a folder with a name of some length/and another/digits of mine.safetensors'
    for columns in (80, 50):
        code, text = terminal.run([GAN, 'train', images, '--epochs', '2', '--out', out, '--samples', 'rows of samples', '--force', *TINY], columns, folder, environment())
        assert code == 0, (code, text)
        lines = text.replace('\r\n', '\n').split('\n')
        # What has no space to break it at may be longer, and a name in quotation marks is one word of a command.
        assert all(len(line) <= columns for line in lines if "'" not in line and '\r' not in line and '\x1b' not in line), [line for line in lines if len(line) > columns]
        before, command = text.replace('\r\n', '\n').rsplit('with\n', 1)
        assert before.split()[-2:] == ['from', 'it'], before
        done = subprocess.run(['sh', '-c', command], cwd=folder, env=environment(), capture_output=True)
        assert done.returncode == 0 and os.path.exists(os.path.join(folder, 'grid.png')), (command, done.stderr)
        os.remove(os.path.join(folder, 'grid.png'))
    for arguments in (['train', images, '--batchsize', '3'], ['train', 'missing'], ['options', 'nope'], ['sample', out], ['train', images, '--epochs', '0']):
        for columns in (80, 40):
            code, text = terminal.run([GAN, *arguments], columns, folder, environment())
            wide = [line for line in text.replace('\r', '').split('\n') if len(line) > columns]
            assert code != 0 and not wide, f'{arguments} at {columns}: {wide}'


def in_tmux_the_screen_is_clean(folder):
    if not shutil.which('tmux'):
        raise Skip('no tmux')
    images = data(folder, 4000)
    server = ['tmux', '-L', f'gan-{os.getpid()}', '-f', '/dev/null']
    command = f'{shlex.quote(GAN)} train {images} --epochs 100000 --out m --threads 1; echo "code $?"; exec sleep 60'
    subprocess.run([*server, 'new-session', '-d', '-x', '80', '-y', '24', command], cwd=folder, env=environment(TERM='screen', TMUX_TMPDIR=folder), check=True)

    def screen():
        return subprocess.run([*server, 'capture-pane', '-p'], env=environment(TMUX_TMPDIR=folder), capture_output=True, check=True).stdout.decode()

    def until(pattern):
        start = time.time()
        while not re.search(pattern, screen(), re.M):
            assert time.time() - start < 30, screen()
            time.sleep(0.05)

    try:
        until(r'^(epoch )?\d+/100000 step \d+/\d+ \[=*> *\]')
        subprocess.run([*server, 'send-keys', 'C-c'], env=environment(TMUX_TMPDIR=folder), check=True)
        until('^code 130$')
        shown = screen()
        assert '[' not in shown and '^C' not in shown and 'gan resume m images.idx --epochs 100000' in shown, shown
    finally:
        subprocess.run([*server, 'kill-server'], env=environment(TMUX_TMPDIR=folder), capture_output=True)
