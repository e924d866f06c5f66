"""Tests of the completions: typed into bash, zsh and fish with a TAB behind it, where they are installed."""
import fcntl
import json
import os
import pty
import re
import select
import shlex
import shutil
import signal
import struct
import termios
import time

from support import *


def answers(place, *words):
    """What the program itself offers after these words, the last of which has been begun."""
    return [line.split('\t')[0] for line in gan(place, '__complete', *words).out.splitlines()]


def every_command_flag_and_value_is_offered(folder):
    assert answers(folder, '') == COMMANDS + ['help'] and answers(folder, 'res') == ['resume'] and answers(folder, 'help', '') == COMMANDS
    assert set(answers(folder, '-')) == {'--version', '--help'}
    names = [row['name'] for row in json_options(folder)]
    for command in COMMANDS:
        flags = set(answers(folder, command, '-'))
        missing = flags_of(command) - {'--name', '--version'} - flags
        assert not missing, f'{command}: {missing}'
        if command in ('train', 'resume', 'bench'):
            assert {'--' + name for name in names if name != 'seed'} <= flags
        else:
            assert '--batch-size' not in flags and ('--data.fit' in flags) == (command == 'evaluate')
    assert answers(folder, 'train', 'x', '--set', 'preset=') == ['preset=mlp', 'preset=dcgan', 'preset=resnet', 'preset=auto'] == ['preset=' + value for value in answers(folder, 'train', '--preset', '')]
    assert answers(folder, 'train', '--preset=d') == ['--preset=dcgan'] and answers(folder, 'train', '--data.shuffle', 't') == ['true']
    assert answers(folder, 'bench', '--set', 'gen') == [name + '=' for name in names if name.startswith('generator.')]
    assert answers(folder, 'options', 'generator.h') == ['generator.hidden'] and 'data' in answers(folder, 'options', 'd')
    assert answers(folder, 'train', '') == [':files'] and answers(folder, 'train', 'x', '') == [] and answers(folder, 'train', '--', '-') == [':files']
    assert gan(folder, '__complete', 'resume', '').out == ':files\t.safetensors\n' and answers(folder, 'resume', 'm', '') == [':files']
    assert answers(folder, 'train', '--samples', '') == [':directories'] and answers(folder, 'train', '--epochs', '') == []
    assert '--json' not in answers(folder, 'train', '--json', '-') and '--set' in answers(folder, 'train', '--set', 'seed=1', '-')
    assert answers(folder, 'nothing', '') == [] and answers(folder) == COMMANDS + ['help']
    gan(folder, '--generate-completion-script', 'tcsh', code=64, word='bash, zsh or fish')
    gan(folder, '--generate-completion-script', code=64, word='bash, zsh or fish')


def json_options(place):
    return json.loads(gan(place, 'options', '--json').out)


class Shell:
    """A shell in a terminal, whose gan answers completions, and otherwise prints its arguments."""

    def __init__(self, name, folder):
        if not shutil.which(name):
            raise Skip(f'no {name}')
        place = os.path.join(folder, 'bin')
        os.makedirs(place, exist_ok=True)
        with open(os.path.join(place, 'gan'), 'w') as file:
            file.write(f'#!/bin/sh\n[ "$1" = __complete ] && exec {shlex.quote(GAN)} "$@"\nprintf \'<<\'\nfor word; do printf \'[%s]\' "$word"; done\necho \'>>\'\n')
        os.chmod(os.path.join(place, 'gan'), 0o755)
        home = os.path.join(folder, 'home')
        os.makedirs(home, exist_ok=True)
        script = os.path.join(COMPLETIONS, 'gan.' + name)
        start = {'bash': ['--norc', '--noprofile', '-i'], 'zsh': ['-f', '-i'], 'fish': ['--no-config', '-i']}[name]
        setup = {'bash': f'. {shlex.quote(script)}', 'zsh': f'mkdir -p {home}/f; cp {shlex.quote(script)} {home}/f/_gan; fpath=({home}/f $fpath); autoload -U compinit; compinit -u -D',
                 'fish': f'source {shlex.quote(script)}'}[name]
        values = environment(PATH=f'{place}:/usr/local/bin:/usr/bin:/bin', HOME=home, ZDOTDIR=home, TERM='dumb', XDG_CONFIG_HOME=home, XDG_DATA_HOME=home)
        self.process, self.descriptor = pty.fork()
        if self.process == 0:
            try:
                os.chdir(folder)
                fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 200, 200, 0, 0))
                os.execvpe(name, [name, *start], values)
            finally:
                os._exit(127)
        self.typed(setup + '; gan ready\n', r'<<\[ready\]>>')

    def typed(self, keys, pattern, limit=20):
        """Types keys and waits for what they bring."""
        os.write(self.descriptor, keys.encode())
        text, start = '', time.time()
        while not re.search(pattern, text):
            assert time.time() - start < limit, f'{keys!r} brought {text!r}'
            if select.select([self.descriptor], [], [], 0.1)[0]:
                text += os.read(self.descriptor, 65536).decode(errors='replace')
        return text

    def completed(self, line):
        """The arguments that a line has once TAB was pressed at its end."""
        # What stands in the line is not in this form, for the shell shows it without these signs.
        return re.findall(r'\[(.*?)\]', re.search(r'<<(.*)>>', self.typed(line + '\t\n', r'<<(\[.*\])>>')).group(1))

    def close(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.descriptor)


def in_a_shell(name, folder):
    os.makedirs(os.path.join(folder, 'shots'))
    for path in ('my digits.safetensors', 'other.txt'):
        with open(os.path.join(folder, path), 'w'):
            pass
    shell = Shell(name, folder)
    try:
        for line, expected in [
            ('gan tr', ['train']), ('gan train x --preset d', ['train', 'x', '--preset', 'dcgan']),
            ('gan train x --pres', ['train', 'x', '--preset']), ('gan train x --preset=d', ['train', 'x', '--preset=dcgan']),
            ('gan train x --set preset=d', ['train', 'x', '--set', 'preset=dcgan']),
            ('gan train x --set generator.act', ['train', 'x', '--set', 'generator.activation=']),
            ('gan train x --generator.act', ['train', 'x', '--generator.activation']),
            ('gan train --set preset=mlp x --loss m', ['train', '--set', 'preset=mlp', 'x', '--loss', 'minimax']),
            ('gan train --generator.hidden 3 x --samples sh', ['train', '--generator.hidden', '3', 'x', '--samples', 'shots']),
            ('gan sample my', ['sample', 'my digits.safetensors']), ('gan train oth', ['train', 'other.txt']),
            ('gan options generator.h', ['options', 'generator.hidden']), ('gan help in', ['help', 'inspect']),
        ]:
            found = [word.rstrip('/') for word in shell.completed(line)]  # zsh takes a folder's slash back at the end of a line
            assert found == expected, f'{name}: {line}: {found}'
        if name == 'fish':  # which shows several in a pager that a dumb terminal has no room for
            return
        shown = shell.typed('gan train x --set preset=\t\t', 'dcgan')
        assert 'mlp' in shown, shown
    finally:
        shell.close()


def completing_in_bash(folder):
    in_a_shell('bash', folder)


def completing_in_zsh(folder):
    in_a_shell('zsh', folder)


def completing_in_fish(folder):
    in_a_shell('fish', folder)
