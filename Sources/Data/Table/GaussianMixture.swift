// A mixture of normal distributions for the numbers of a column, found by variational Bayes with a Dirichlet process for the weights, so
// that the number of modes is the data's (Blei & Jordan, "Variational inference for Dirichlet process mixtures", 2006; the equations for
// normal distributions are those of Bishop, "Pattern recognition and machine learning", 2006, section 10.2, in one dimension). All in Double,
// from a beginning that has nothing random, so the same numbers give the same mixture.

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base

enum GaussianMixture {
    /// So many modes at the most, besides numbers that are modes by themselves (Xu et al. 1907.00503, section 4.2, find theirs so).
    private static let mostModes = 10
    /// A number that so large a share of the rows has is a mode by itself: hours of work are 40, and a gain is 0, more often than near it.
    private static let shareOfAtom = 0.05
    /// Modes of less weight are left out.
    private static let leastWeight = 0.005
    /// Parameters of the priors, for numbers of mean 0 and variance 1: how much new modes are expected, and of a mode's centre and precision
    /// that they count as one number, of a small variance.
    private static let concentration = 1e-3
    private static let priorCount = 1.0
    private static let priorVariance = 0.01
    private static let mostPoints = 4096
    private static let rounds = 200

    /// A number, or the mean of several that lie beside each other, and how many rows have it.
    private struct Point {
        var value: Double
        var count: Double
    }

    /// The column of these numbers, of which some may be missing.
    static func quantity(of numbers: AlignedBuffer<Double>, form: NumberForm) throws(GanError) -> Quantity {
        try Memory.check(room: numbers.count * 48)
        var sorted = numbers.buffer.filter { !$0.isNaN }
        sorted.sort()
        guard let minimum = sorted.first, let maximum = sorted.last else { throw GanError(.internalError, "A quantity without numbers.") }
        var points: [Point] = []
        for value in sorted {
            if let last = points.last, last.value == value { points[points.count - 1].count += 1 } else { points.append(Point(value: value, count: 1)) }
        }
        let total = Double(sorted.count)
        let isFew = points.count <= mostModes
        let atoms = points.filter { isFew || $0.count >= shareOfAtom * total }
        var modes = atoms.map { Quantity.Mode(weight: $0.count / total, mean: $0.value, deviation: 0) }
        let others = isFew ? [] : points.filter { $0.count < shareOfAtom * total }
        if !others.isEmpty {
            let share = others.reduce(0) { $0 + $1.count } / total
            modes += fit(joined(others)).map { Quantity.Mode(weight: $0.weight * share, mean: $0.mean, deviation: $0.deviation) }
        }
        return Quantity(form: form, minimum: minimum, maximum: maximum, modes: modes.sorted { ($0.mean, $0.deviation) < ($1.mean, $1.deviation) })
    }

    /// Fewer points, each for neighbours of about as many rows.
    private static func joined(_ points: [Point]) -> [Point] {
        guard points.count > mostPoints else { return points }
        let share = points.reduce(0) { $0 + $1.count } / Double(mostPoints)
        var result: [Point] = []
        var sum = Point(value: 0, count: 0)
        for point in points {
            sum.value += point.value * point.count
            sum.count += point.count
            if sum.count >= share {
                result.append(Point(value: sum.value / sum.count, count: sum.count))
                sum = Point(value: 0, count: 0)
            }
        }
        if sum.count > 0 { result.append(Point(value: sum.value / sum.count, count: sum.count)) }
        return result
    }

    // MARK: Variational inference

    private static func fit(_ points: [Point]) -> [Quantity.Mode] {
        let total = points.reduce(0) { $0 + $1.count }
        let centre = points.reduce(0) { $0 + $1.value * $1.count } / total
        let variance = points.reduce(0) { $0 + ($1.value - centre) * ($1.value - centre) * $1.count } / total
        let scale = variance.squareRoot()
        guard scale > 0, scale.isFinite else { return [Quantity.Mode(weight: 1, mean: centre, deviation: 0)] }
        let points = points.map { Point(value: ($0.value - centre) / scale, count: $0.count) }
        let count = min(mostModes, points.count)
        var components = begin(points, count, total)
        var shares = [Double](repeating: 0, count: count)
        for _ in 0..<rounds {
            // Bishop's (10.46) and (10.49) in one dimension, with the weights of broken sticks.
            var logWeights: [Double] = []
            var left = 0.0
            for component in components {
                logWeights.append(left + digamma(component.stick.taken) - digamma(component.stick.taken + component.stick.left))
                left += digamma(component.stick.left) - digamma(component.stick.taken + component.stick.left)
            }
            let constants = zip(components, logWeights).map { component, weight in
                weight + 0.5 * (digamma(component.freedom / 2) + log(2 / component.inverseScale) - 1 / component.meanCount)
            }
            var sums = [(count: Double, first: Double, second: Double)](repeating: (0, 0, 0), count: count)
            for point in points {
                var largest = -Double.infinity
                for k in 0..<count {
                    let distance = point.value - components[k].mean
                    shares[k] = constants[k] - 0.5 * distance * distance * components[k].freedom / components[k].inverseScale
                    largest = max(largest, shares[k])
                }
                var sum = 0.0
                for k in 0..<count {
                    shares[k] = exp(shares[k] - largest)
                    sum += shares[k]
                }
                for k in 0..<count {
                    let share = shares[k] / sum * point.count
                    sums[k].count += share
                    sums[k].first += share * point.value
                    sums[k].second += share * point.value * point.value
                }
            }
            let before = components
            components = sums.map { updated($0) }
            breakSticks(&components, total)
            let moved = zip(before, components).map { abs($0.mean - $1.mean) + abs($0.rows - $1.rows) / total }.max() ?? 0
            if moved < 1e-6 { break }
        }
        let kept = components.filter { $0.rows / total > leastWeight }
        let rows = kept.reduce(0) { $0 + $1.rows }
        return kept.map { component in
            Quantity.Mode(
                weight: component.rows / rows, mean: component.mean * scale + centre,
                deviation: (component.inverseScale / component.freedom).squareRoot() * scale)
        }
    }

    private struct Component {
        /// How many rows it has.
        var rows: Double
        var mean: Double
        /// β, ν and 1 / W of Bishop's (10.60) to (10.63).
        var meanCount: Double
        var freedom: Double
        var inverseScale: Double
        var stick = (taken: 1.0, left: 1.0)
    }

    private static func updated(_ sums: (count: Double, first: Double, second: Double)) -> Component {
        let own = sums.count > 1e-12 ? sums.first / sums.count : 0
        let spread = max(0, sums.second - sums.count * own * own)
        let meanCount = priorCount + sums.count
        return Component(
            rows: sums.count, mean: sums.count * own / meanCount, meanCount: meanCount, freedom: 1 + sums.count,
            inverseScale: priorVariance + spread + priorCount * sums.count / meanCount * own * own)
    }

    private static func breakSticks(_ components: inout [Component], _ total: Double) {
        var behind = components.reduce(0) { $0 + $1.rows }
        for k in components.indices {
            behind -= components[k].rows
            components[k].stick = (1 + components[k].rows, concentration + max(0, behind))
        }
    }

    /// Means of as many groups, as Lloyd's algorithm finds them from evenly spaced numbers; the largest group first.
    private static func begin(_ points: [Point], _ count: Int, _ total: Double) -> [Component] {
        var centres: [Double] = []
        var (seen, next) = (0.0, 0.5)
        for point in points {
            seen += point.count
            while centres.count < count, seen >= next * total / Double(count) {
                centres.append(point.value)
                next += 1
            }
        }
        while centres.count < count { centres.append(points.last?.value ?? 0) }
        var sums: [(count: Double, first: Double, second: Double)] = []
        for _ in 0..<20 {
            sums = centres.map { _ in (0, 0, 0) }
            for point in points {
                var nearest = 0
                for k in centres.indices where abs(point.value - centres[k]) < abs(point.value - centres[nearest]) { nearest = k }
                sums[nearest].count += point.count
                sums[nearest].first += point.count * point.value
                sums[nearest].second += point.count * point.value * point.value
            }
            for k in centres.indices where sums[k].count > 0 { centres[k] = sums[k].first / sums[k].count }
        }
        var components = sums.map { updated($0) }.sorted { ($0.rows, $0.mean) > ($1.rows, $1.mean) }
        breakSticks(&components, total)
        return components
    }

    /// ψ(x) for x > 0, by its recurrence and its asymptotic series (Abramowitz & Stegun, 6.3.5 and 6.3.18).
    static func digamma(_ x: Double) -> Double {
        var (x, result) = (x, 0.0)
        while x < 10 {
            result -= 1 / x
            x += 1
        }
        let square = 1 / (x * x)
        return result + log(x) - 0.5 / x
            - square * (1.0 / 12 - square * (1.0 / 120 - square * (1.0 / 252 - square * (1.0 / 240 - square * (1.0 / 132)))))
    }
}
