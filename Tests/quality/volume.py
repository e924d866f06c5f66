#!/usr/bin/env python3
"""How good volumes are. Needs numpy and GAN_LIBRARY (see gan.py). Arrays are IDX or NPY files, plain or gzip.

volume.py MODEL VOLUMES [COUNT [SEED]]
    Of COUNT samples (400) of a model of the recipe volume: how many are in more than two pieces, 26-connected and 6-connected; the minimum matching
    distance (of each of the data's volumes to the nearest sample, in 1 - intersection over union) and the coverage (the share of the data's
    volumes that are the nearest to a sample; Achlioptas et al. 1707.02392, section 3), beside those of the data's mean shape and of as many of the
    data's own volumes.
volume.py MODEL VOLUMES VIEWS TRAINED-VOLUMES TRAINED-VIEWS
    How far what a model of view-to-volume makes of VIEWS agrees with VOLUMES, in intersection over union, beside the volume of the nearest of the
    views that it was trained on, and beside their mean shape.
"""
import gzip
import io
import os
import sys

import numpy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../Sources/Bindings/python'))
import gan


def array(path):
    contents = open(path, 'rb').read()
    if contents[:2] == b'\x1f\x8b': contents = gzip.decompress(contents)
    if contents[:6] == b'\x93NUMPY': return numpy.load(io.BytesIO(contents))
    axes = [int.from_bytes(contents[4 + 4 * i:8 + 4 * i], 'big') for i in range(contents[3])]
    return numpy.frombuffer(contents, numpy.uint8, offset=4 + 4 * len(axes)).reshape(axes)


def solid(volumes):
    """Whether each voxel is full."""
    return volumes > (127 if volumes.dtype == numpy.uint8 and volumes.max() > 1 else 0.5)


def shifted(x, axis, step):
    result = numpy.zeros_like(x)
    to, from_ = [slice(None)] * x.ndim, [slice(None)] * x.ndim
    to[axis], from_[axis] = (slice(1, None), slice(None, -1)) if step > 0 else (slice(None, -1), slice(1, None))
    result[tuple(to)] = x[tuple(from_)]
    return result


def pieces(volume, corners):
    """How many pieces a volume is in; with corners, voxels that share an edge or a corner belong together too."""
    label = numpy.where(volume, numpy.arange(1, volume.size + 1, dtype=numpy.int32).reshape(volume.shape), 0)
    while True:
        grown = label
        for axis in range(3):
            before = grown if corners else label
            one = numpy.maximum(numpy.maximum(before, shifted(before, axis, 1)), shifted(before, axis, -1))
            grown = numpy.maximum(grown, one)
        grown = numpy.where(volume, grown, 0)
        if (grown == label).all(): return len(numpy.unique(label[label > 0]))
        label = grown


def overlaps(a, b):
    """Intersection over union of each of a with each of b."""
    a, b = a.reshape(len(a), -1).astype(numpy.float32), b.reshape(len(b), -1).astype(numpy.float32)
    common = a @ b.T
    return common / numpy.maximum(a.sum(1)[:, None] + b.sum(1)[None] - common, 1)


def matching(samples, data):
    """Minimum matching distance and coverage."""
    distance = 1 - overlaps(samples, data)
    return distance.min(axis=0).mean(), len(set(distance.argmin(axis=1))) / len(data)


def drawn(model, data, count, seed):
    generator = gan.Generator.load(model)
    samples = numpy.asarray(generator.sampler().draw(seed, 0, count)).reshape((count,) + tuple(generator.axes)[:3]) > 0.5
    rows = [('samples', samples), ('data', data[numpy.random.default_rng(seed).permutation(len(data))[:count]]),
            ('mean shape', (data.mean(axis=0) > 0.5)[None])]
    for name, volumes in rows:
        text = '%-11s minimum matching distance %.4f  coverage %.3f' % ((name,) + matching(volumes, data))
        if len(volumes) > 1:
            many = [numpy.mean([pieces(v, corners) > 2 for v in volumes]) for corners in (True, False)]
            text += '  in more than two pieces %.1f %% (26-connected), %.1f %% (6-connected), empty %.1f %%' % (
                100 * many[0], 100 * many[1], 100 * numpy.mean(~volumes.any(axis=(1, 2, 3))))
        print(text, flush=True)


def viewed(model, data, views, trained, trained_views):
    applier = gan.Generator.load(model).applier()
    high = 255 if views.dtype == numpy.uint8 else 1
    made = numpy.stack([numpy.asarray(applier.apply(view.astype(numpy.float32) / high, *view.shape[:2])).reshape(data.shape[1:]) for view in views]) > 0.5
    a, b = views.reshape(len(views), -1).astype(numpy.float32), trained_views.reshape(len(trained_views), -1).astype(numpy.float32)
    nearest = ((a ** 2).sum(1)[:, None] + (b ** 2).sum(1)[None] - 2 * a @ b.T).argmin(axis=1)
    mean = trained.mean(axis=0)
    # The level at which the mean shape is nearest to what it was made of.
    level = max(numpy.arange(0.05, 0.6, 0.05), key=lambda level: overlaps((mean > level)[None], trained).mean())
    for name, volumes in [('model', made), ('nearest', trained[nearest]), ('mean shape', numpy.repeat((mean > level)[None], len(data), axis=0))]:
        each = [overlaps(v[None], t[None])[0, 0] for v, t in zip(volumes, data)]
        print('%-11s intersection over union %.4f, median %.4f' % (name, numpy.mean(each), numpy.median(each)), flush=True)


def main():
    model, data = sys.argv[1], solid(array(sys.argv[2]))
    if len(sys.argv) > 4: viewed(model, data, array(sys.argv[3]), solid(array(sys.argv[4])), array(sys.argv[5]))
    else: drawn(model, data, *[int(number) for number in sys.argv[3:5] + ['400', '1'][len(sys.argv) - 3:]])


main()
