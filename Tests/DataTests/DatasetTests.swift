import Base
import Data
import XCTest

/// Counts calls of a C function pointer, which cannot capture.
private final class Counter {
    var releases = 0
    var status: Int32 = 0
    var value: (Int64, Int) -> Float = { item, element in Float(item) / 100 + Float(element) / 1000 }
    var pointer: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }
}

private func counter(_ context: UnsafeMutableRawPointer?) -> Counter { Unmanaged<Counter>.fromOpaque(context!).takeUnretainedValue() }
private let release: Dataset.ReleaseFunction = { counter($0).releases += 1 }
private let fill: Dataset.FillFunction = { context, indices, count, values in
    let counter = counter(context)
    for i in 0..<Int(count) {
        for element in 0..<6 { values![i * 6 + element] = counter.value(indices![i], element) }
    }
    return counter.status
}

final class DatasetTests: XCTestCase {
    private let shape = try! ImageShape(height: 1, width: 2, channels: 3)

    func testBytesCopiedAndBorrowed() throws {
        let counter = Counter()
        var pixels = (0..<18).map { UInt8($0 * 15) }
        let labels: [Int32] = [2, 0, 1]
        try pixels.withUnsafeMutableBufferPointer { pixels in
            let base = pixels.baseAddress!
            do {
                let copied = try Dataset.fromBytes(base, count: 3, shape: shape, labels: labels, classes: 0, ownership: .copy)
                let borrowed = try Dataset.fromBytes(
                    base, count: 3, shape: shape, labels: labels, classes: 7, ownership: .borrow(release: release, context: counter.pointer))
                base[0] = 255
                XCTAssertEqual(try copied.floats([0])[0], 0)
                XCTAssertEqual(try borrowed.floats([0])[0], 1)
                XCTAssertEqual(try copied.floats([2, 0, 2], -1, 1)[0], Float(12 * 15) / 255 * 2 - 1, accuracy: 1e-6)
                XCTAssertEqual(copied.labelArray, labels)
                XCTAssertEqual(copied.classCount, 3)
                XCTAssertEqual(borrowed.classCount, 7)
                XCTAssertFalse(copied.isCallback)
                XCTAssertEqual(counter.releases, 0)
                withExtendedLifetime(borrowed) {}
            }
            XCTAssertEqual(counter.releases, 1)
            let borrow = Dataset.Ownership.borrow(release: release, context: counter.pointer)
            assertFails(.badData, "item 0", "is 2") {
                _ = try Dataset.fromBytes(base, count: 3, shape: shape, labels: labels, classes: 2, ownership: borrow)
            }
            assertFails(.invalidArgument, "count") {
                _ = try Dataset.fromBytes(base, count: 0, shape: shape, labels: nil, classes: 0, ownership: borrow)
            }
            assertFails(.invalidArgument, "classes") {
                _ = try Dataset.fromBytes(base, count: 3, shape: shape, labels: labels, classes: -1, ownership: borrow)
            }
            assertFails(.outOfRange) {
                _ = try Dataset.fromBytes(base, count: .max, shape: shape, labels: nil, classes: 0, ownership: borrow)
            }
            XCTAssertEqual(counter.releases, 1, "what failed is not released")
        }
    }

    func testFloats() throws {
        let values: [Float] = [-2, 0, 2, 1, -1, 0.5]
        func make(_ values: [Float], _ minimum: Float = -2, _ maximum: Float = 2) throws -> Dataset {
            try Dataset.fromFloats(values, count: 1, shape: shape, minimum: minimum, maximum: maximum, labels: nil, classes: 0, ownership: .copy)
        }
        let data = try make(values)
        XCTAssertEqual(try data.floats([0], -1, 1), [-1, 0, 1, 0.5, -0.5, 0.25])
        XCTAssertEqual(data.range.affine(low: 0, high: 1).scale, 0.25)
        XCTAssertEqual(data.range.affine(low: 0, high: 1).offset, 0.5)
        XCTAssertNil(data.labels)
        XCTAssertEqual(data.classCount, 0)
        for bad in [Float.nan, .infinity, -.infinity] {
            assertFails(.badData, "Element 4 of item 0", "finite") { _ = try make([0, 0, 0, 0, bad, 0]) }
        }
        assertFails(.badData, "Element 5 of item 0", "2.5", "data.minimum", "data.maximum") { _ = try make([0, 0, 0, 0, 0, 2.5]) }
        assertFails(.invalidArgument, "maximum") { _ = try make(values, 1, 1) }
        assertFails(.invalidArgument, "minimum") { _ = try make(values, .nan, 1) }
        assertFails(.invalidArgument, "maximum") { _ = try make(values, 0, .infinity) }
        assertFails(.outOfRange) { _ = try make([0, 0, 0, 0, 0, 0], 0, 1e-35) }
        assertFails(.outOfRange) { _ = try make(values, -3e38, 3e38) }
    }

    func testTheFirstBadValueIsFoundWhereverItIs() throws {
        let shape = try ImageShape(height: 100, width: 100, channels: 1)
        for place in [0, 4095, 4096, 9999, 10000, 29_999] {
            var values = [Float](repeating: 0.5, count: 30_000)
            values[place] = 1.5
            if place + 10 < values.count { values[place + 10] = .nan }
            assertFails(.badData, "Element \(place % 10000) of item \(place / 10000) ", "1.5") {
                _ = try Dataset.fromFloats(values, count: 3, shape: shape, minimum: 0, maximum: 1, labels: nil, classes: 0, ownership: .copy)
            }
        }
    }

    func testCallback() throws {
        let counter = Counter()
        do {
            let data = try Dataset.fromCallback(fill, count: 50, shape: shape, release: release, context: counter.pointer)
            XCTAssertTrue(data.isCallback)
            let values = try data.floats([49, 3], -1, 1)
            XCTAssertEqual(values[0], 0.49 * 2 - 1, accuracy: 1e-6)
            XCTAssertEqual(values[11], 0.035 * 2 - 1, accuracy: 1e-6)
            assertFails(.outOfRange, "Item 50", "0 … 49") { _ = try data.floats([0, 50]) }
            assertFails(.outOfRange, "Item -1") { _ = try data.floats([-1]) }
            XCTAssertEqual(try data.floats([]), [])
            counter.status = 3
            assertFails(.callbackFailed, "returned 3") { _ = try data.floats([0]) }
            counter.status = 0
            counter.value = { _, element in element == 4 ? .nan : 0 }
            assertFails(.badData, "element 4 of item 7", "nan") { _ = try data.floats([7]) }
            counter.value = { _, _ in 200 }
            assertFails(.badData, "200", "from 0 (black) to 1") { _ = try data.floats([7]) }
            counter.value = { _, _ in 1.0001 }
            XCTAssertNoThrow(try data.floats([7]))
            XCTAssertEqual(counter.releases, 0)
            assertFails(.invalidArgument, "count") {
                _ = try Dataset.fromCallback(fill, count: 0, shape: shape, release: release, context: counter.pointer)
            }
            XCTAssertEqual(counter.releases, 0)
            withExtendedLifetime(data) {}
        }
        XCTAssertEqual(counter.releases, 1)
    }

    func testItemsOutsideAreRefused() throws {
        let data = try Dataset.fromBytes([1, 2, 3, 4, 5, 6], count: 1, shape: shape, labels: nil, classes: 0, ownership: .copy)
        for row in [-1, 1, Int.max, Int.min] { assertFails(.outOfRange, "Item \(row)") { _ = try data.floats([row]) } }
    }
}

final class BatchOrderTests: XCTestCase {
    private func epoch(_ order: BatchOrder, _ epoch: Int) -> [Int] {
        (0..<order.stepsPerEpoch).flatMap { Array(order.rows(step: Int64(epoch * order.stepsPerEpoch + $0))) }
    }

    func testEveryEpochIsAPermutationOfItsOwn() throws {
        let order = try BatchOrder(count: 1000, batch: 100, seed: 5, shuffles: true)
        XCTAssertEqual(order.stepsPerEpoch, 10)
        let first = epoch(order, 0)
        XCTAssertEqual(first.sorted(), Array(0..<1000))
        XCTAssertNotEqual(first, Array(0..<1000))
        let second = epoch(order, 1)
        XCTAssertEqual(second.sorted(), Array(0..<1000))
        XCTAssertNotEqual(first, second)
        // A function of (seed, epoch), however one arrives there.
        let other = try BatchOrder(count: 1000, batch: 100, seed: 5, shuffles: true)
        XCTAssertEqual(epoch(other, 1), second)
        XCTAssertEqual(epoch(other, 0), first)
        XCTAssertNotEqual(epoch(try BatchOrder(count: 1000, batch: 100, seed: 6, shuffles: true), 0), first)
        XCTAssertEqual(epoch(order, 7_000_000).sorted(), Array(0..<1000))
        XCTAssertEqual(order.rows(step: .max).count, 100)
        XCTAssertEqual(Array(order.rows(step: -1)), Array(first[..<100]))
        // Pinned: a resumed training of an older version has to see the same batches.
        XCTAssertEqual(epoch(try BatchOrder(count: 10, batch: 10, seed: 1, shuffles: true), 3), [0, 4, 9, 7, 8, 3, 5, 1, 6, 2])
    }

    func testTheLastBatchThatIsNotFullIsDropped() throws {
        let order = try BatchOrder(count: 10, batch: 4, seed: 0, shuffles: false)
        XCTAssertEqual(order.stepsPerEpoch, 2)
        XCTAssertEqual((0..<4).map { Array(order.rows(step: $0)) }, [[0, 1, 2, 3], [4, 5, 6, 7], [0, 1, 2, 3], [4, 5, 6, 7]])
        let shuffled = try BatchOrder(count: 10, batch: 4, seed: 0, shuffles: true)
        var seen = Set<Int>()
        for step in 0..<100 { seen.formUnion(shuffled.rows(step: Int64(step))) }
        XCTAssertEqual(seen.count, 10, "every item gets its turn")
        XCTAssertEqual(epoch(try BatchOrder(count: 1, batch: 1, seed: 0, shuffles: true), 9), [0])
    }

    func testShufflesAreUniform() throws {
        // Where item 0 goes over many epochs; chi-squared with 9 degrees of freedom exceeds 33.7 once in ten thousand.
        let order = try BatchOrder(count: 10, batch: 10, seed: 42, shuffles: true)
        var counts = [[Int]](repeating: [Int](repeating: 0, count: 10), count: 10)
        for e in 0..<10_000 {
            for (place, item) in order.rows(step: Int64(e)).enumerated() { counts[item][place] += 1 }
        }
        for item in 0..<10 {
            let chi = counts[item].reduce(0.0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 }
            XCTAssertLessThan(chi, 33.7, "item \(item): \(counts[item])")
        }
    }

    func testWhatCannotBe() throws {
        assertFails(.outOfRange, "batch size is 11", "10 items") { _ = try BatchOrder(count: 10, batch: 11, seed: 0, shuffles: true) }
        assertFails(.invalidArgument, "batch size is 0") { _ = try BatchOrder(count: 10, batch: 0, seed: 0, shuffles: true) }
        assertFails(.outOfRange) { _ = try BatchOrder(count: 0, batch: 1, seed: 0, shuffles: true) }
    }
}
