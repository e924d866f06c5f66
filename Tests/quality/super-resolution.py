#!/usr/bin/env python3
"""How good a model of the recipe super-resolution is on pictures that it has not seen: super-resolution.py GAN MODEL SCALE PICTURE…

Every picture is shrunk as MATLAB's imresize shrinks (cubic convolution widened against aliasing, rounded to bytes), which is how the
benchmarks Set5 and Set14 are made, enlarged by the model and by cubic convolution, and compared on the luminance of ITU-R BT.601 (16 …
235), as many pixels from the edges left out as the scale is. Needs numpy. Prints a line a picture and the means; --least DB fails where
the mean gain is less.
"""
import os
import subprocess
import sys
import tempfile

import numpy

from pictures import psnr, read_png, resized, write_png


def main():
    arguments = sys.argv[1:]
    least = None
    if '--least' in arguments:
        at = arguments.index('--least')
        least = float(arguments[at + 1])
        del arguments[at:at + 2]
    keep = None
    if '--keep' in arguments:
        at = arguments.index('--keep')
        keep = arguments[at + 1]
        os.makedirs(keep, exist_ok=True)
        del arguments[at:at + 2]
    gan, model, scale, paths = arguments[0], arguments[1], int(arguments[2]), arguments[3:]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            truth = read_png(path)
            height, width = (side // scale * scale for side in truth.shape[:2])
            truth = truth[:height, :width]
            small = resized(truth, (height // scale, width // scale))
            # A model of colours reads grey as colours that are equal.
            given, made = os.path.join(folder, 'given.png'), os.path.join(folder, 'made.png')
            write_png(given, small)
            subprocess.run([gan, 'apply', model, given, made, '--quiet', '--force'], check=True)
            ours = read_png(made)
            if ours.shape[2] == 3 and truth.shape[2] == 1: ours = ours[:, :, 1:2]
            theirs = resized(small, (height, width))
            if keep: write_png(os.path.join(keep, os.path.basename(path)), numpy.concatenate([theirs, ours, truth], axis=1))
            rows.append((psnr(theirs, truth, scale), psnr(ours, truth, scale)))
            print('%-28s bicubic %6.2f  model %6.2f  %+5.2f dB' % (os.path.basename(path)[:28], *rows[-1], rows[-1][1] - rows[-1][0]), flush=True)
    means = numpy.mean(rows, axis=0)
    print('%-28s bicubic %6.2f  model %6.2f  %+5.2f dB' % ('mean', *means, means[1] - means[0]))
    if least is not None and means[1] - means[0] < least: sys.exit('The gain is less than %g dB.' % least)


main()
