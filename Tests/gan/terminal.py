"""Runs a program in a terminal of a given width, and answers what it wrote there."""
import fcntl
import os
import pty
import select
import struct
import termios
import time


def run(arguments, columns, folder, environment, on_text=None, limit=60, keyboard=None):
    """Exit code and text. on_text(text so far, process) is called whenever something arrives; keyboard(descriptor) once, with what keys
    are written to."""
    process, descriptor = pty.fork()
    if process == 0:
        try:
            os.chdir(folder)
            fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
            os.execve(arguments[0], arguments, environment)
        finally:
            os._exit(127)
    if keyboard:
        keyboard(descriptor)
    text, start = b'', time.time()
    while time.time() - start < limit:
        if not select.select([descriptor], [], [], 0.1)[0]:
            continue
        try:
            some = os.read(descriptor, 65536)
        except OSError:  # how Linux says that the other side has gone
            break
        if not some:
            break
        text += some
        if on_text:
            on_text(text, process)
    os.close(descriptor)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), text.decode()


def screen(text, columns):
    """The lines that stand on the screen in the end, as a terminal of that width shows them."""
    lines, row, column, index = [''], 0, 0, 0
    while index < len(text):
        character = text[index]
        index += 1
        if character == '\r':
            column = 0
        elif character == '\n':
            row += 1
            if row == len(lines):
                lines.append('')
        elif character == '\x1b':
            assert text[index:index + 2] == '[K', f'an unknown sequence: {text[index:index + 8]!r}'
            index += 2
            lines[row] = lines[row][:column]
        else:
            if column == columns:
                row, column = row + 1, 0
                if row == len(lines):
                    lines.append('')
            lines[row] = lines[row][:column].ljust(column) + character + lines[row][column + 1:]
            column += 1
    return lines
