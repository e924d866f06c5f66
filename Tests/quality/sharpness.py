#!/usr/bin/env python3
"""Whether a sharp model of super-resolution is nearer to the truth than one trained on the error alone, as a network sees it:
sharpness.py GAN CLASSIFIER SCALE PLAIN SHARP PICTURE…

CLASSIFIER is a checkpoint of the recipe classifier that neither model has seen. Pictures are shrunk, enlarged by cubic convolution and by both
models, and cut into pieces of the classifier's size; told are the mean distance of a piece's features from those of the true one, as a share of
their length, the Fréchet distance of all features, and the peak signal-to-noise ratio. Needs numpy and GAN_LIBRARY (see gan.py).
"""
import os
import subprocess
import sys
import tempfile

import numpy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../Sources/Bindings/python'))
import gan
from pictures import psnr, read_png, resized, write_png


def pieces(picture, height, width, channels):
    if picture.shape[2] < channels: picture = numpy.repeat(picture, channels, axis=2)
    if picture.shape[2] > channels: picture = picture[:, :, 1:2]
    rows, columns = picture.shape[0] // height, picture.shape[1] // width
    cut = picture[:rows * height, :columns * width].reshape(rows, height, columns, width, channels)
    return cut.transpose(0, 2, 1, 3, 4).reshape(-1, height, width, channels)


def main():
    command, judge, scale, plain, sharp, *paths = sys.argv[1:]
    scale = int(scale)
    classifier = gan.Classifier.load(judge)
    made = {name: [] for name in ('truth', 'bicubic', 'plain', 'sharp')}
    signal = {name: [] for name in made}
    with tempfile.TemporaryDirectory() as folder:
        given, target = os.path.join(folder, 'given.png'), os.path.join(folder, 'made.png')
        for path in paths:
            truth = read_png(path)
            height, width = (side // scale * scale for side in truth.shape[:2])
            truth = truth[:height, :width]
            small = resized(truth, (height // scale, width // scale))
            write_png(given, small)
            results = {'truth': truth, 'bicubic': resized(small, (height, width))}
            for name, model in (('plain', plain), ('sharp', sharp)):
                subprocess.run([command, 'apply', model, given, target, '--quiet', '--force'], check=True)
                results[name] = read_png(target)
                if truth.shape[2] == 1: results[name] = results[name][:, :, 1:2] if results[name].shape[2] == 3 else results[name]
            for name, picture in results.items():
                made[name].append(pieces(picture, *classifier.shape))
                if name != 'truth': signal[name].append(psnr(picture, truth, scale))
    features = {}
    for name, pictures in made.items():
        every = numpy.concatenate(pictures).astype(numpy.float32) / 255
        features[name] = numpy.concatenate([numpy.asarray(classifier(part)[1]).reshape(len(part), -1) for part in numpy.array_split(every, max(1, len(every) // 256))])
    length = numpy.linalg.norm(features['truth'], axis=1).mean()
    print('%d pieces of %d pictures' % (len(features['truth']), len(paths)))
    for name in ('bicubic', 'plain', 'sharp'):
        distance = numpy.linalg.norm(features[name] - features['truth'], axis=1).mean() / length
        frechet = gan.Evaluation.of_features(features[name], features['truth'])['frechet-distance']
        print('%-8s features %.4f  Fréchet %8.4f  psnr %.2f dB' % (name, distance, frechet, numpy.mean(signal[name])))


main()
