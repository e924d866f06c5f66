#!/usr/bin/env python3
"""How well a model of the recipe inpainting fills digits' middles: inpainting.py MODEL IMAGES LABELS [CLASSIFIER [COUNT]]

IMAGES and LABELS are IDX files (plain or gzip) that the model has not seen. A square of half the sides is cut out of the middle; told is the
mean distance of its pixels from the true ones, a pixel being from 0 to 1, beside that of filling with the mean of the pixels around, and of
diffusion (Laplace's equation with the pixels around as its boundary); and how many filled digits a classifier names as they are labelled.
Needs numpy and GAN_LIBRARY (see gan.py).
"""
import os
import sys

import numpy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../Sources/Bindings/python'))
import gan
from pictures import idx


def diffused(pictures, hole):
    x = pictures.astype(numpy.float64)
    x[:, hole[0], hole[1]] = x[:, hole[0], hole[1]].mean()
    for _ in range(600):
        around = (x[:, :-2, 1:-1] + x[:, 2:, 1:-1] + x[:, 1:-1, :-2] + x[:, 1:-1, 2:]) / 4
        inner = tuple(slice(s.start - 1, s.stop - 1) for s in hole)
        x[:, hole[0], hole[1]] = around[:, inner[0], inner[1]]
    return x


def main():
    model, images, labels = sys.argv[1:4]
    judge = sys.argv[4] if len(sys.argv) > 4 else None
    count = int(sys.argv[5]) if len(sys.argv) > 5 else 1000
    pictures, labels = idx(images)[:count], idx(labels)[:count]
    height, width = pictures.shape[1:3]
    channels = 1 if pictures.ndim == 3 else pictures.shape[3]
    pictures = pictures.reshape(len(pictures), height, width, channels)
    hole = (slice(height // 4, height // 4 + height // 2), slice(width // 4, width // 4 + width // 2))
    mask = numpy.zeros((height, width), numpy.uint8)
    mask[hole] = 255
    outside = mask == 0
    applier = gan.Generator.load(model).applier()
    filled = numpy.stack([numpy.frombuffer(memoryview(applier.apply_bytes(p.tobytes(), height, width, mask=mask.tobytes())).tobytes(), numpy.uint8).reshape(height, width, channels)
                          for p in pictures])
    assert (filled[:, outside] == pictures[:, outside]).all()
    mean = pictures.astype(numpy.float64)
    mean[:, hole[0], hole[1]] = pictures[:, outside].mean(axis=1)[:, None, None]
    rows = [('model', filled), ('mean', mean), ('diffusion', diffused(pictures, hole)), ('truth', pictures)]
    classifier = gan.Classifier.load(judge) if judge else None
    for name, made in rows:
        distance = numpy.abs(made[:, hole[0], hole[1]] - pictures[:, hole[0], hole[1]].astype(numpy.float64)).mean() / 255
        text = '%-10s distance in the hole %.4f' % (name, distance)
        if classifier:
            probabilities = numpy.asarray(classifier(made.astype(numpy.float32) / 255)[0]).reshape(len(made), -1)
            text += '  recognised %.1f %%' % (100 * (probabilities.argmax(axis=1) == labels).mean())
        print(text)


main()
