// What is compared: rows of numbers, one a picture.

import Base
import Data

/// [count, width] finite numbers.
public struct Features: @unchecked Sendable {
    public let count: Int
    public let width: Int
    let buffer: AlignedBuffer<Float>

    var values: UnsafePointer<Float> { UnsafePointer(buffer.pointer) }

    /// Rows that somebody fills, and then `check`s.
    public init(count: Int, width: Int, of what: String) throws(GanError) {
        guard count >= 0, width >= 1 else { throw GanError(.invalidArgument, "\(what) are \(count) rows of \(width) numbers; at least one number a row was expected.") }
        self.count = count
        self.width = width
        buffer = try AlignedBuffer(count: Sizes.product(count, width, of: what), for: what)
    }

    /// A copy of the caller's rows.
    public init(copying rows: UnsafePointer<Float>, count: Int, width: Int, of what: String) throws(GanError) {
        try self.init(count: count, width: width, of: what)
        buffer.pointer.update(from: rows, count: buffer.count)
        try check(what)
    }

    fileprivate init(_ count: Int, _ other: Features) { (self.count, width, buffer) = (min(count, other.count), other.width, other.buffer) }

    /// The first rows alone, in the same memory.
    func first(_ count: Int) -> Features { Features(count, self) }

    /// The same rows in an order that has nothing to do with them, always the same one.
    func mixed() throws(GanError) -> Features {
        let order = try BatchOrder(count: count, batch: count, seed: 0, shuffles: true)
        defer { withExtendedLifetime(order) {} }
        let result = try Features(count: count, width: width, of: "features")
        for (place, item) in order.rows(step: 0).enumerated() { result.row(place).update(from: row(item), count: width) }
        return result
    }

    func line(_ index: Int) -> UnsafeBufferPointer<Float> { UnsafeBufferPointer(start: row(index), count: width) }

    /// Where row `index` is.
    public func row(_ index: Int) -> UnsafeMutablePointer<Float> { buffer.pointer + index * width }

    /// - Throws: `.badData` for a number that is infinite or none.
    public func check(_ what: String) throws(GanError) {
        for index in 0..<count * width where !buffer.pointer[index].isFinite {
            throw GanError(
                .badData, "Number \(index % width) of row \(index / width) of \(what) is not finite; every feature has to be a finite number.")
        }
    }

    /// The rows as the left operand of products with other rows.
    func matrix(centre: UnsafePointer<Double>? = nil) -> Matrix {
        Matrix(values: values, rows: count, inner: width, rowStride: width, innerStride: 1, centre: centre, centreFollowsRows: false)
    }

    /// The columns as rows: feature by feature.
    func transposed(centre: UnsafePointer<Double>? = nil) -> Matrix {
        Matrix(values: values, rows: width, inner: count, rowStride: 1, innerStride: width, centre: centre, centreFollowsRows: true)
    }
}
