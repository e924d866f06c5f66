"""How much of a table a classifier learns from made rows, beside what it learns from real ones: the machine learning efficacy of Xu et al.
1907.00503, section 5.

Usage: table.py GAN TRAIN.csv TEST.csv LABEL POSITIVE MODEL.safetensors [SEED …]      (needs numpy)
Of each seed as many rows are drawn as TRAIN.csv has. Two classifiers are trained on them and on TRAIN.csv, logistic regression and boosted
stumps, and tested on TEST.csv; F1 is that of the category POSITIVE of the column LABEL.
"""
import csv
import datetime
import subprocess
import sys
import tempfile

import numpy


def rows_of(path):
    with open(path, newline='') as file:
        return list(csv.DictReader(file))


def number(text):
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return float(datetime.date.fromisoformat(text).toordinal())
    except ValueError:
        return None


class Encoding:
    """Columns of numbers by their deviations, others by a number for each category of the real rows."""

    def __init__(self, rows, label):
        self.columns = []
        for name in rows[0]:
            if name == label:
                continue
            values = [row[name] for row in rows]
            numbers = [number(value) for value in values if value]
            if numbers and all(value is not None for value in numbers) and len(set(numbers)) > 20:
                self.columns.append((name, None, numpy.mean(numbers), numpy.std(numbers) or 1))
            else:
                self.columns.append((name, sorted(set(values)), 0, 1))

    def __call__(self, rows):
        parts = []
        for name, categories, mean, deviation in self.columns:
            if categories is None:
                values = numpy.array([number(row[name]) if row[name] else numpy.nan for row in rows], dtype=float)
                missing = numpy.isnan(values)
                scaled = numpy.where(missing, 0, (values - mean) / deviation)
                parts += [scaled, missing.astype(float), numpy.clip(scaled, -3, 3) ** 2]
            else:
                parts += [numpy.array([row[name] == category for row in rows], dtype=float) for category in categories]
        return numpy.stack(parts + [numpy.ones(len(rows))], axis=1)


def logistic(x, y, rounds=25):
    """Newton's method with a little ridge."""
    w = numpy.zeros(x.shape[1])
    for _ in range(rounds):
        p = 1 / (1 + numpy.exp(-numpy.clip(x @ w, -30, 30)))
        gradient = x.T @ (p - y) + 1e-1 * w
        hessian = (x * (p * (1 - p))[:, None]).T @ x + 1e-1 * numpy.eye(x.shape[1])
        w -= numpy.linalg.solve(hessian, gradient)
    return lambda z: z @ w


def boosted(x, y, rounds=200, rate=0.3):
    """Stumps on tenths, by the gradient of the logistic loss (Friedman, Greedy function approximation, 2001)."""
    cuts = [numpy.unique(numpy.quantile(x[:, j], numpy.linspace(0.03, 0.97, 31))) for j in range(x.shape[1])]
    sides = numpy.concatenate([(x[:, j][:, None] > cuts[j][None, :]) for j in range(x.shape[1])], axis=1).astype(numpy.float32)
    places = [(j, cut) for j in range(x.shape[1]) for cut in cuts[j]]
    score, stumps = numpy.full(len(y), numpy.log((y.mean() + 1e-3) / (1 - y.mean() + 1e-3))), []
    start = score[0]
    for _ in range(rounds):
        p = 1 / (1 + numpy.exp(-score))
        g, h = (y - p).astype(numpy.float32), (p * (1 - p)).astype(numpy.float32)
        gr, hr = g @ sides, h @ sides
        gl, hl = g.sum() - gr, h.sum() - hr
        best = int(numpy.argmax(gr ** 2 / (hr + 1) + gl ** 2 / (hl + 1)))
        right, left = rate * gr[best] / (hr[best] + 1), rate * gl[best] / (hl[best] + 1)
        stumps.append((*places[best], left, right))
        score = score + numpy.where(sides[:, best] > 0, right, left)

    def predict(z):
        result = numpy.full(len(z), start)
        for j, cut, left, right in stumps:
            result += numpy.where(z[:, j] > cut, right, left)
        return result
    return predict


def f1(score, y):
    said = score > 0
    hits = float((said & (y > 0)).sum())
    return 2 * hits / max(said.sum() + y.sum(), 1)


def main():
    command, train_path, test_path, label, positive, model, *seeds = sys.argv[1:]
    real, test = rows_of(train_path), rows_of(test_path)
    encoding = Encoding(real, label)

    def learnt(rows):
        x, y = encoding(rows), numpy.array([row[label] == positive for row in rows], dtype=float)
        z, truth = encoding(test), numpy.array([row[label] == positive for row in test], dtype=float)
        return [f1(learn(x, y)(z), truth) for learn in (logistic, boosted)]

    best = learnt(real)
    print('real   F1 %.4f %.4f' % tuple(best))
    for seed in seeds or ['1', '2', '3']:
        with tempfile.NamedTemporaryFile(suffix='.csv') as file:
            subprocess.run([command, 'sample', model, '--seed', seed, '--count', str(len(real)), '--csv', file.name, '--force', '--quiet'], check=True)
            made = rows_of(file.name)
        own = learnt(made)
        known = {tuple(row.values()) for row in real}
        copies = sum(tuple(row.values()) in known for row in made)
        print('seed %s F1 %.4f %.4f  of real %.1f %% %.1f %%  copies %d' % (seed, *own, *[100 * a / b for a, b in zip(own, best)], copies), flush=True)


if __name__ == '__main__':
    main()
