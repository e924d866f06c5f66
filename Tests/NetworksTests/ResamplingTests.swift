// Larger and smaller pictures, number by number. That gradients of both orders are right, and that the kernels compute the same, is
// tested by rows of `GradientCase`.

import Base
import Graph
import Networks
import Plan
import XCTest

final class ResamplingTests: XCTestCase {
    private func apply(_ shape: Shape, _ values: [Double], _ body: (Tensor) throws -> Tensor) throws -> (Shape, [Double]) {
        let graph = Graph()
        let y = try body(graph.buffer("x", shape))
        var interpreter = ReferenceInterpreter(graph: graph)
        interpreter.buffers["x"] = values
        return (y.shape, try interpreter.evaluate([y])[0])
    }

    func testPixelsAreRepeated() throws {
        let (shape, values) = try apply([1, 2, 2, 1], [1, 2, 3, 4]) { try $0.repeatedPixels(2) }
        XCTAssertEqual(shape, [1, 4, 4, 1])
        XCTAssertEqual(values, [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4])
        XCTAssertEqual(try apply([2, 1, 2], [1, 2, 3, 4]) { try $0.repeatedPixels(3) }.1, [1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4])
    }

    func testPixelsAreAveraged() throws {
        let (shape, values) = try apply([1, 2, 4, 1], [1, 2, 3, 4, 5, 6, 7, 8]) { try $0.averagedPixels(2) }
        XCTAssertEqual(shape, [1, 1, 2, 1])
        XCTAssertEqual(values, [3.5, 5.5])
    }

    /// As bilinear resizing without aligned corners is elsewhere (torch.nn.functional.interpolate).
    func testPixelsAreInterpolated() throws {
        XCTAssertEqual(try apply([1, 3, 1], [0, 4, 8]) { try $0.interpolatedPixels() }.1, [0, 1, 3, 5, 7, 8])
        let (shape, values) = try apply([1, 2, 2, 1], [0, 4, 8, 16]) { try $0.interpolatedPixels() }
        XCTAssertEqual(shape, [1, 4, 4, 1])
        XCTAssertEqual(values, [0, 1, 3, 4, 2, 3.25, 5.75, 7, 6, 7.75, 11.25, 13, 8, 10, 14, 16])
        XCTAssertEqual(try apply([1, 1, 2], [3, 5]) { try $0.interpolatedPixels() }.1, [3, 5, 3, 5])
    }

    /// Channel (2i + j) · C + c goes to pixel (2y + i, 2x + j), channel c.
    func testChannelsBecomePixels() throws {
        let (shape, values) = try apply([1, 1, 2, 8], (0..<16).map(Double.init)) { try $0.shuffledPixels(2) }
        XCTAssertEqual(shape, [1, 2, 4, 2])
        XCTAssertEqual(values, [0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15])
    }

    func testSoftmaxIsSafe() throws {
        let (_, values) = try apply([2, 3], [1000, 1000, -1000, -3e38, 0, 3e38]) { try $0.softmax(axis: 1) }
        XCTAssertEqual(values, [0.5, 0.5, 0, 0, 0, 1])
    }

    /// Each way of upsampling is as few passes as it can be: what moves pixels is one copy.
    func testCopiesAreFew() throws {
        func copies(_ shape: Shape, _ body: (Tensor) throws -> Tensor) throws -> Int {
            let graph = Graph()
            let y = try body(graph.buffer("x", shape))
            return try Planner.plan([Update("y", y)], of: graph).steps.count
        }
        XCTAssertEqual(try copies([4, 8, 8, 16]) { try $0.repeatedPixels(2) }, 1)
        XCTAssertEqual(try copies([4, 8, 8, 64]) { try $0.shuffledPixels(2) }, 1)
    }
}
