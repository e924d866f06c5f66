"""How often pictures of the recipe tags, or of gan with condition=tags, have the tags that were asked for, as a classifier tells that was
trained on other pictures, and how far they are from the data: tags.py DATA JUDGE MODEL…                             (needs numpy)

DATA are pictures with tags that no model has seen; JUDGE is a checkpoint of `gan train OTHERS --recipe classifier`. Of each model as many
pictures are drawn as DATA have, first by DATA's own lists of tags, then with each tag by chance on its own but for tags that exclude each
other in DATA. The wrapper finds the library as GAN_LIBRARY says:
    gan data faces faces --seed 0; gan data faces others --seed 1 --count 2000; gan train faces --recipe classifier -o judge.safetensors
    gan train faces --recipe tags -o a.safetensors; gan train faces --recipe tags --dragan 0 -o b.safetensors
    python3 Tests/quality/tags.py others judge.safetensors a.safetensors b.safetensors
"""
import os
import sys

import numpy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../Sources/Bindings/python'))
import gan


def judged(judge, pictures):
    probabilities, _ = judge(numpy.ascontiguousarray(pictures, dtype=numpy.float32))
    return numpy.asarray(probabilities).reshape(len(pictures), -1) > 0.5


def main(data, judge, models):
    data, judge = gan.Dataset.open(data), gan.Classifier.load(judge)
    field = next(field for field in data.fields if field.kind == 'tags')
    names, count = list(field.classes), data.shape[0]
    truth = numpy.asarray(data.read_field('tags', 0, count)).reshape(count, len(names)) > 0.5
    assert list(judge.class_names) == names, 'the judge tells other tags'
    pictures = numpy.asarray(data.read(0, count)).reshape(count, *data.shape[1:])
    print('tags        ' + ' '.join(f'{name[:7]:>7}' for name in names) + '    mean   least')

    def line(what, right):
        shares = 100 * right.mean(0)
        print(f'{what:12}' + ' '.join(f'{share:7.2f}' for share in shares) + f' {shares.mean():7.2f} {shares.min():7.2f}', flush=True)
        return shares

    line('real', judged(judge, pictures) == truth)
    random = numpy.random.default_rng(1)
    # Tags that no item has together are asked for one at a time.
    together = truth.T.astype(int) @ truth.astype(int) > 0
    apart = numpy.zeros_like(truth)
    for row in apart:
        for tag in random.permutation(len(names)):
            row[tag] = random.random() < max(truth[:, tag].mean(), 0.3) and all(together[tag, other] for other in numpy.flatnonzero(row))
    for path in models:
        print(path)
        generator = gan.Generator.load(path)
        sampler = gan.Sampler(generator)
        low, high = generator.range
        for what, asked in (('as in data', truth), ('by chance', apart)):
            sampler.set('tags', numpy.ascontiguousarray(asked, dtype=numpy.float32))
            drawn = numpy.asarray(sampler.draw(5, 0, count)).reshape(count, *data.shape[1:])
            line(what, judged(judge, numpy.clip((drawn - low) / (high - low), 0, 1)) == asked)
        evaluation = gan.Evaluation.of_generator(generator, data, judge, count=count)
        print('  ' + '   '.join(f'{name} {evaluation[name]:.2f}' for name in ('frechet-distance', 'precision', 'recall')), flush=True)


if len(sys.argv) < 4:
    sys.exit(__doc__)
main(sys.argv[1], sys.argv[2], sys.argv[3:])
