#!/usr/bin/env python3
"""How near models of the recipe image-to-image come to the true pictures: pairs.py CLASSIFIER SOURCES TARGETS NAME=MODEL...

SOURCES and TARGETS are IDX files (plain or gzip) of as many pictures. CLASSIFIER is a checkpoint of the recipe classifier that knows pictures
like the targets. Told are the mean distance of pixels, a pixel being from 0 to 1, and the Fréchet distance of what is made from what is true
in the classifier's features. What a model is held against is one trained by the distance alone (`--set l1.weight=1000000`, beside which the
adversarial loss is nothing): it is nearer, and blurred. Needs numpy and GAN_LIBRARY (see gan.py).
"""
import os
import sys

import numpy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../Sources/Bindings/python'))
import gan
from pictures import idx


def shaped(pictures):
    return pictures if pictures.ndim == 4 else pictures[..., None]


def features(classifier, pictures):
    scaled = pictures.astype(numpy.float32) / 255
    parts = numpy.array_split(scaled, max(1, len(scaled) // 256))
    return numpy.concatenate([numpy.asarray(classifier(part)[1]).reshape(len(part), -1) for part in parts])


def main():
    judge, sources, targets = sys.argv[1:4]
    classifier = gan.Classifier.load(judge)
    sources, targets = shaped(idx(sources)), shaped(idx(targets))
    truth = features(classifier, targets)
    rows = [('the source', sources)] if sources.shape == targets.shape else []
    for argument in sys.argv[4:]:
        name, path = argument.split('=', 1)
        applier = gan.Generator.load(path).applier()
        made = [numpy.frombuffer(memoryview(applier.apply_bytes(s.tobytes(), *s.shape[:2], seed=i)).tobytes(), numpy.uint8) for i, s in enumerate(sources)]
        rows.append((name, numpy.stack(made).reshape(targets.shape)))
    for name, made in rows:
        distance = numpy.abs(made.astype(numpy.float64) - targets).mean() / 255
        frechet = gan.Evaluation.of_features(features(classifier, made), truth)['frechet-distance']
        print('%-12s distance %.4f  Fréchet %8.3f' % (name, distance, frechet), flush=True)


main()
