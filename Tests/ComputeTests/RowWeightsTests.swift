import Base
import CGanShims
import Compute
import Kernels
import XCTest

/// Weights that are packed wherever they come fastest are the same weights.
final class RowWeightsTests: XCTestCase {
    func testPackedWeightsAreTheSameOnEveryPlace() throws {
        let cache = gan_second_level_cache() / MemoryLayout<Float>.size
        for set in InstructionSet.supported {
            let kernels = KernelTable.table(for: set)
            for parts in [1, 2] {
                var weights = RowWeights(kernels: kernels, parts: parts)
                // A small one; one with which they take most of the cache, for which places are tried; one too many for it.
                for columns in [40, cache * 3 / 4 / 128, cache / 2 / 128 + 5] {
                    var chance = Chance(UInt64(columns))
                    let inner = 128
                    let b = (0..<inner * columns).map { _ in chance.float() }
                    let c = Fenced<Float>(columns)
                    try b.withUnsafeBufferPointer { b in
                        var product = MatrixProductArguments(
                            rows: 1, columns: columns, inner: inner, a: b.baseAddress!, aRowStride: inner, aInnerStride: 1,
                            b: b.baseAddress!, bInnerStride: columns, bColumnStride: 1, c: c.pointer, cRowStride: columns)
                        let expected = Fenced<Float>(MatrixProductArguments.packedCount(inner: inner, columns: columns))
                        kernels.packing(&product, expected.pointer)
                        let packed = try weights.pack(product)
                        XCTAssertEqual(Array(packed.buffer), expected.values, "\(set), \(parts) parts, \(columns) columns")
                        XCTAssertTrue(c.values.allSatisfy { $0 == 0 }, "trying places wrote to the product's own result")
                    }
                }
            }
        }
    }
}
