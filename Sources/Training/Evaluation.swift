// Samples beside data, as gan.h's evaluation: what is compared, and by what features.

import Base
import Data
import Measures

public final class Evaluation {
    public let comparison: Comparison
    /// The numbers of the items that were compared, in the data set.
    private let items: AlignedBuffer<Int>?

    /// So many items of the data at the most.
    public static let mostItems = 1 << 16

    /// So many samples, or rows of features.
    public static let mostSamples = 1 << 22

    /// A generator beside data.
    ///
    /// - Parameters:
    ///   - classifier: Nil for random features.
    ///   - most: How many items at the most.
    public convenience init(
        _ generator: Generator, seed: UInt64, count: Int, beside dataset: Dataset, _ classifier: Classifier?, threads: Int,
        most: Int = mostItems, keepsPictures: Bool = true
    ) throws(GanError) {
        if let schema = generator.schema, let rows = try dataset.told(by: generator.fields).rows {
            try Self.refuse(classifier)
            guard rows.schema == schema else { throw GanError(.internalError, "Rows by another schema than was asked for.") }
            let items = try Self.items(of: dataset, most: most)
            let cells = try TableObservations.cells(Sampler(generator: generator, threads: threads), seed: seed, count: count)
            self.init(try Self.comparison(of: cells, rows, items: items, threads: threads), items)
            return
        }
        let source = try FeatureSource(classifier, shape: dataset.shape, threads: threads)
        let samples = try source.observe(Sampler(generator: generator, threads: threads), seed: seed, count: count, keepsPictures: keepsPictures)
        try self.init(samples, dataset, source, threads: threads, most: most, keepsPictures: keepsPictures)
    }

    /// Pictures beside data.
    public convenience init(_ pictures: Dataset, beside dataset: Dataset, _ classifier: Classifier?, threads: Int) throws(GanError) {
        if dataset.rows != nil, let mine = try pictures.told(by: dataset.fields).rows, let rows = dataset.rows {
            try Self.refuse(classifier)
            let own = try Self.items(of: pictures, most: Self.mostItems)
            defer { withExtendedLifetime(own) {} }
            let cells = try TableObservations.cells(mine, UnsafeBufferPointer(own.buffer))
            let items = try Self.items(of: dataset, most: Self.mostItems)
            self.init(try Self.comparison(of: cells, rows, items: items, threads: threads), items)
            return
        }
        let source = try FeatureSource(classifier, shape: dataset.shape, threads: threads)
        let items = try Self.items(of: pictures, most: Self.mostItems)
        defer { withExtendedLifetime(items) {} }
        try self.init(source.observe(pictures, items: UnsafeBufferPointer(items.buffer)), dataset, source, threads: threads, most: Self.mostItems, keepsPictures: true)
    }

    /// Features that the caller has.
    public init(samples: Features, data: Features, threads: Int) throws(GanError) {
        comparison = try Comparison(samples: Observations(features: samples), data: Observations(features: data), Team(threads: threads))
        items = nil
    }

    private init(
        _ samples: Observations, _ dataset: Dataset, _ source: FeatureSource, threads: Int, most: Int, keepsPictures: Bool
    ) throws(GanError) {
        let items = try Self.items(of: dataset, most: most)
        let data = try source.observe(dataset, items: UnsafeBufferPointer(items.buffer), keepsPictures: keepsPictures)
        comparison = try Comparison(
            samples: samples, data: data, shape: (dataset.shape.height, dataset.shape.width, dataset.shape.channels), Team(threads: threads))
        self.items = items
    }

    private init(_ comparison: Comparison, _ items: AlignedBuffer<Int>) {
        self.comparison = comparison
        self.items = items
    }

    private static func refuse(_ classifier: Classifier?) throws(GanError) {
        if classifier != nil { throw GanError(.mismatch, "A classifier tells the classes of pictures, and rows of a table were given: leave it out.") }
    }

    /// All items, or as many by chance, always the same.
    private static func items(of dataset: Dataset, most: Int) throws(GanError) -> AlignedBuffer<Int> {
        let order = try BatchOrder(count: dataset.count, batch: min(dataset.count, most), seed: 0, shuffles: dataset.count > most)
        defer { withExtendedLifetime(order) {} }
        let items = try AlignedBuffer<Int>(count: order.batch, for: "the items that are compared")
        for (place, item) in order.rows(step: 0).enumerated() { items.pointer[place] = item }
        return items
    }

    /// The item of the data nearest to a sample, by its number in the data set, and the distance of their features.
    public func nearest(_ sample: Int) throws(GanError) -> (item: Int, distance: Double) {
        let nearest = try comparison.nearest(sample)
        return (items.map { $0.pointer[nearest.item] } ?? nearest.item, nearest.distance)
    }
}
