// Samples beside data. What measures have in common (moments, neighbours) is found once, when the first of them is asked for.

import Base

/// What is known of one side.
public struct Observations: Sendable {
    /// [count, width]
    public var features: Features
    /// [count, classes], rows that sum to 1; nil without a classifier.
    public var probabilities: Features?
    /// [count, tags], each from 0 to 1 by itself, where a classifier of tags looked at them. No measure does.
    public var tagProbabilities: Features?
    /// The classes that they were to be of; nil where nobody asked for any.
    public var labels: [Int32]?
    /// [count, height × width × channels]; nil where features alone are known.
    public var pictures: Features?
    /// The rows that they are, where they are those of a table.
    public var rows: TableCells?

    public init(features: Features) { self.features = features }
}

public final class Comparison {
    public let samples: Observations
    public let data: Observations
    private let shape: (height: Int, width: Int, channels: Int)
    private let team: Team

    /// - Parameter shape: The pictures', where there are some.
    public init(
        samples: Observations, data: Observations, shape: (height: Int, width: Int, channels: Int) = (0, 0, 0), _ team: Team
    ) throws(GanError) {
        guard samples.features.width == data.features.width else {
            throw GanError(
                .mismatch,
                "The samples have \(samples.features.width) features each and the data \(data.features.width); features of one kind were expected.")
        }
        self.samples = samples
        self.data = data
        self.shape = shape
        self.team = team
    }

    // MARK: What measures share

    private var knownSampleMoments: Moments?
    private var knownDataMoments: Moments?
    private var knownDistances: (samples: Distances, data: Distances, products: RowProducts)?
    private var knownDataBalls: NearestOthers?
    private var knownSampleBalls: NearestOthers?
    private var knownEncounters: Encounters?

    private func sampleMoments() throws(GanError) -> Moments {
        if let known = knownSampleMoments { return known }
        let moments = try Moments(samples.features, team)
        knownSampleMoments = moments
        return moments
    }

    private func dataMoments() throws(GanError) -> Moments {
        if let known = knownDataMoments { return known }
        let moments = try Moments(data.features, team)
        knownDataMoments = moments
        return moments
    }

    private func distances() throws(GanError) -> (samples: Distances, data: Distances, products: RowProducts) {
        if let known = knownDistances { return known }
        let centre = try Moments.mean(data.features, team)
        let distances = (
            samples: try Distances(samples.features, centre: centre, team), data: try Distances(data.features, centre: centre, team),
            products: try RowProducts(team, inner: data.features.width, columns: max(samples.features.count, data.features.count))
        )
        knownDistances = distances
        return distances
    }

    private func dataBalls() throws(GanError) -> NearestOthers {
        if let known = knownDataBalls { return known }
        let (_, data, products) = try distances()
        let balls = try NearestOthers(data, k: min(Encounters.densityNeighbours, data.features.count - 1), products)
        knownDataBalls = balls
        return balls
    }

    private func sampleBalls() throws(GanError) -> NearestOthers {
        if let known = knownSampleBalls { return known }
        let (samples, _, products) = try distances()
        let balls = try NearestOthers(samples, k: min(Encounters.manifoldNeighbours, samples.features.count - 1), products)
        knownSampleBalls = balls
        return balls
    }

    private func encounters() throws(GanError) -> Encounters {
        if let known = knownEncounters { return known }
        let (samples, data, products) = try distances()
        let encounters = try Encounters(
            samples: samples, data: data, dataBalls: data.features.count > 1 ? dataBalls() : nil,
            sampleBalls: samples.features.count > 1 ? sampleBalls() : nil, team, products)
        knownEncounters = encounters
        return encounters
    }

    // MARK: Values

    /// Why the measure cannot be had, or nil where it can.
    public func obstacle(_ measure: Measure) -> GanError? {
        for (what, count) in [("samples", samples.features.count), ("items of the data", data.features.count)] where count < measure.minimum {
            return GanError(.mismatch, "The measure '\(measure.name)' needs \(measure.minimum) \(what) or more, and there are \(count).")
        }
        switch measure.needs {
        case .features: return nil
        case .classes where samples.probabilities == nil || data.probabilities == nil:
            return GanError(.mismatch, "The measure '\(measure.name)' needs a classifier, and none was given: train one with the recipe classifier.")
        case .labels where samples.probabilities == nil:
            return GanError(.mismatch, "The measure '\(measure.name)' needs a classifier, and none was given: train one with the recipe classifier.")
        case .labels where samples.labels == nil:
            return GanError(
                .mismatch,
                "The measure '\(measure.name)' needs samples of classes that were asked for: a generator that was trained with condition=labels, or samples with labels.")
        case .pictures where samples.pictures == nil || data.pictures == nil:
            return GanError(.mismatch, "The measure '\(measure.name)' needs pictures, and features alone were given.")
        case .rows where samples.rows == nil || data.rows == nil:
            return GanError(.mismatch, "The measure '\(measure.name)' needs rows of a table.")
        case .classes, .labels, .pictures, .rows: return nil
        }
    }

    public func value(_ measure: Measure) throws(GanError) -> MeasureValue {
        if let obstacle = obstacle(measure) { throw obstacle }
        let (n, m) = (Double(samples.features.count), Double(data.features.count))
        switch measure.name {
        case FrechetDistance.measure.name: return MeasureValue(try FrechetDistance.between(sampleMoments(), dataMoments(), team))
        case FrechetInfinity.measure.name: return MeasureValue(try FrechetInfinity.between(samples.features, dataMoments(), team))
        case KernelDistance.measure.name: return try KernelDistance.between(samples.features, data.features, team)
        case PrecisionRecall.precision.name: return MeasureValue(Double(try encounters().samplesInData) / n)
        case PrecisionRecall.recall.name: return MeasureValue(Double(try encounters().itemsInSamples) / m)
        case DensityCoverage.density.name: return MeasureValue(Double(try encounters().pairs) / (Double(Encounters.densityNeighbours) * n))
        case DensityCoverage.coverage.name: return MeasureValue(Double(try encounters().itemsCovered) / m)
        case Copies.copies.name:
            let (encounters, limit) = (try encounters(), try nearLimit())
            return MeasureValue(Double(encounters.distance.buffer.reduce(0) { $0 + ($1 <= limit ? 1 : 0) }) / n)
        case Copies.duplicates.name:
            let (balls, limit) = (try sampleBalls(), try nearLimit())
            return MeasureValue(Double((0..<samples.features.count).reduce(0) { $0 + (balls.radius($1, 1) <= limit ? 1 : 0) }) / n)
        case TableMeasures.closest.name:
            let (encounters, balls) = (try encounters(), try dataBalls())
            try Memory.check(room: (samples.features.count + data.features.count) * MemoryLayout<Double>.stride)
            let own = (0..<data.features.count).map { balls.radius($0, 1) }.sorted()[(data.features.count - 1) / 2]
            let made = encounters.distance.buffer.prefix(samples.features.count).sorted()[(samples.features.count - 1) / 2]
            return MeasureValue(own > 0 ? (made / own).squareRoot() : made > 0 ? .infinity : 1)
        default: break
        }
        if measure.needs == .rows, let mine = samples.rows, let theirs = data.rows {
            switch measure.name {
            case TableMeasures.columns.name: return MeasureValue(try TableMeasures.columnDifference(mine, theirs))
            case TableMeasures.pairs.name: return MeasureValue(try TableMeasures.pairDifference(mine, theirs))
            case TableMeasures.copies.name: return MeasureValue(try TableMeasures.exactCopies(mine, theirs))
            default: break
            }
        }
        if measure.needs == .pictures, let mine = samples.pictures, let theirs = data.pictures {
            return MeasureValue(try SlicedWasserstein.between(mine, theirs, shape: shape, team))
        }
        if let mine = samples.probabilities {
            switch measure.name {
            case ClassifierScore.measure.name: return ClassifierScore.of(mine)
            case Classes.entropy.name: return MeasureValue(Classes.entropy(Classes.histogram(mine)))
            case Classes.modes.name: return MeasureValue(Double(Classes.histogram(mine).reduce(0) { $0 + ($1 > 0 ? 1 : 0) }))
            case Classes.agreement.name: return MeasureValue(Classes.agreement(mine, labels: samples.labels ?? []))
            case Classes.divergence.name:
                if let theirs = data.probabilities { return MeasureValue(Classes.divergence(Classes.histogram(mine), Classes.histogram(theirs))) }
            default: break
            }
        }
        throw GanError(.internalError, "The measure '\(measure.name)' is in the list, and nobody knows how to find it.")
    }

    private func nearLimit() throws(GanError) -> Double {
        try Memory.check(room: data.features.count * MemoryLayout<Double>.stride)
        return Copies.limit(try dataBalls(), count: data.features.count)
    }

    /// How many samples, and items of the data, a classifier takes for each class; nil without one.
    public func histogram() -> (samples: [Int], data: [Int])? {
        guard let mine = samples.probabilities, let theirs = data.probabilities else { return nil }
        return (Classes.histogram(mine), Classes.histogram(theirs))
    }

    /// The item of the data whose features are nearest to those of a sample, and how far they are.
    public func nearest(_ sample: Int) throws(GanError) -> (item: Int, distance: Double) {
        let encounters = try encounters()
        return (encounters.nearest.pointer[sample], encounters.distance.pointer[sample].squareRoot())
    }
}
