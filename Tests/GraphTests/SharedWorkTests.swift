// What need not be multiplied twice is found, and changes no value.

import Base
import Graph
import Plan
import TestSupport
import XCTest

final class SharedWorkTests: XCTestCase {
    /// A discriminator without normalisation, with every kind of layer that a factor is carried through, under the paired relativistic
    /// loss. Gradients of the loss and of γ/2 · R1 + γ/2 · R2 to its weights.
    private struct Penalised {
        let graph = Graph()
        var gradients: [Tensor] = []
        let items = 3

        /// - Parameter penalties: How many of R1 and R2 there are.
        init(penalties: Int) throws {
            let real = try graph.buffer("real", [items, 4, 4, 2])
            let fake = try graph.buffer("fake", [items, 4, 4, 2])
            var weights: [Tensor] = []
            func weight(_ shape: Shape) throws -> Tensor {
                weights.append(try graph.buffer("w\(weights.count)", shape))
                return weights[weights.count - 1]
            }
            let same = Window(stride: [1, 1], paddingBefore: [1, 1], paddingAfter: [1, 1])
            func leaky(_ x: Tensor) throws -> Tensor { try x.greater(0).select(x, x * 0.2) }
            var x = try Tensor.concatenate([real, fake], axis: 0)
            x = try x.convolution(weight([3, 3, 2, 4]), same) + weight([4])
            x = try x + leaky(x).convolution(weight([3, 3, 4, 4]), same)
            x = try x.reshape([2 * items, 2, 2, 2, 2, 4]).mean(axes: [2, 4]).reshape([2 * items, 2, 2, 4])
            x = try x.maximum(0).transposedConvolution(weight([4, 4, 4, 4]), Window(stride: [2, 2], paddingBefore: [1, 1], paddingAfter: [1, 1]), to: [2 * items, 4, 4, 4])
            x = try x.permute([0, 2, 1, 3]).reshape([2 * items, 64])
            x = try leaky(x.product(weight([64, 5])) + weight([5])).product(weight([5, 1]))
            let logits = try [x.slice(starts: [0, 0], counts: [items, 1]), x.slice(starts: [items, 0], counts: [items, 1])]
            var loss = try (logits[1] - logits[0]).softplus().mean()
            if penalties > 0 {
                let slopes = try graph.gradient(of: logits[0].sum() + logits[1].sum(), with: Array([real, fake].prefix(penalties)))
                for slope in slopes { loss = try loss + slope.reshape([items, 32]).squared().sum(axes: [1]).mean() * 0.5 }
            }
            gradients = try graph.gradient(of: loss, with: weights)
        }

        /// One forward pass of all items.
        func forward() throws -> Int {
            var logits: Tensor?
            for (id, node) in graph.nodes.enumerated() {
                if case .matrixProduct = node.operation, node.shape == [2 * items, 1] { logits = Tensor(graph: graph, id: id, shape: node.shape); break }
            }
            return try graph.multiplyAdds(behind: [XCTUnwrap(logits)])
        }
    }

    private func values(of graph: Graph, _ tensors: [Tensor]) throws -> [[Double]] {
        var interpreter = ReferenceInterpreter(graph: graph)
        for node in graph.nodes {
            guard case .buffer(let name) = node.operation else { continue }
            // By the name, since not every graph has all.
            var random = SplitMix64(name.utf8.reduce(5) { $0 * 31 + UInt64($1) })
            interpreter.buffers[name] = Input(node.shape).values(&random)
        }
        return try interpreter.evaluate(tensors)
    }

    private func expectEqual(_ graph: Graph, _ tensors: [Tensor], _ shared: (graph: Graph, roots: [Tensor]), line: UInt = #line) throws {
        XCTAssertEqual(shared.roots.map(\.shape), tensors.map(\.shape), line: line)
        for (a, b) in zip(try values(of: graph, tensors), try values(of: shared.graph, shared.roots)) {
            if let wrong = difference(b, a, tolerance: 1e-12) { XCTFail(wrong, line: line) }
        }
    }

    /// Both penalties: forwards, the slope, the pass behind it and one gradient to the weights, where six passes are written.
    func testPenaltyAndLossShareTheirPasses() throws {
        let written = try Penalised(penalties: 2)
        let forward = try written.forward()
        let shared = try written.graph.sharingWork(of: written.gradients)
        try expectEqual(written.graph, written.gradients, shared)
        XCTAssertLessThan(try shared.graph.multiplyAdds(behind: shared.roots), forward * 41 / 10)
        XCTAssertGreaterThan(try written.graph.multiplyAdds(behind: written.gradients), forward * 56 / 10)
    }

    func testOnePenaltyOfBothGroups() throws {
        let written = try Penalised(penalties: 1)
        let shared = try written.graph.sharingWork(of: written.gradients)
        try expectEqual(written.graph, written.gradients, shared)
        XCTAssertLessThan(try shared.graph.multiplyAdds(behind: shared.roots), try written.forward() * 41 / 10)
    }

    /// Without a penalty there is nothing to share, and the graph is the same object.
    func testWithoutPenaltyNothingIsTouched() throws {
        let written = try Penalised(penalties: 0)
        let shared = try written.graph.sharingWork(of: written.gradients)
        XCTAssertTrue(shared.graph === written.graph)
        XCTAssertEqual(shared.roots.map(\.id), written.gradients.map(\.id))
    }

    func testSumsWithACommonOperandAreOneProduct() throws {
        let window = Window(stride: [2], paddingBefore: [1], paddingAfter: [1])
        let rows: [(String, (Graph) throws -> (Tensor, products: Int))] = [
            ("A·X + B·X", { g in
                let x = try g.buffer("x", [3, 4])
                return (try g.buffer("a", [2, 3]).product(x) + g.buffer("b", [2, 3]).product(x), 1)
            }),
            ("X·A + X·B, transposed", { g in
                let x = try g.buffer("x", [3, 4])
                return (try x.product(g.buffer("a", [3, 2]), transposeA: true) + x.product(g.buffer("b", [3, 2]), transposeA: true), 1)
            }),
            ("W(a, h) + W(b, h) + W(a, k): two are joined", { g in
                let (a, b) = (try g.buffer("a", [2, 6, 3]), try g.buffer("b", [2, 6, 3]))
                let (h, k) = (try g.buffer("h", [2, 3, 5]), try g.buffer("k", [2, 3, 5]))
                func w(_ x: Tensor, _ y: Tensor) throws -> Tensor { try g.add(.convolutionWeightGradient(window), [x, y], shape: [4, 3, 5]) }
                return (try w(a, h) + w(b, h) + w(a, k), 2)
            }),
            ("A·X + B·X where A·X is stored too", { g in
                let x = try g.buffer("x", [3, 4])
                let first = try g.buffer("a", [2, 3]).product(x)
                return (try first.tanh() * (first + g.buffer("b", [2, 3]).product(x)), 2)
            }),
            ("s·A·X beside A·X, s a number for every row", { g in
                let (a, x) = (try g.buffer("a", [2, 3]), try g.buffer("x", [3, 4]))
                return (try a.product(x).tanh() + (a * g.buffer("s", [2, 1])).product(x), 1)
            }),
            ("s·A·X alone", { g in
                (try (g.buffer("a", [2, 3]) * g.buffer("s", [2, 1])).product(g.buffer("x", [3, 4])), 1)
            }),
            ("a number for every column is no factor of rows", { g in
                let (a, x) = (try g.buffer("a", [2, 3]), try g.buffer("x", [3, 4]))
                return (try a.product(x).tanh() + (a * g.buffer("s", [1, 3])).product(x), 2)
            }),
            ("two numbers for every row", { g in
                let (a, x) = (try g.buffer("a", [2, 3]), try g.buffer("x", [3, 4]))
                let (s, t) = (try g.buffer("s", [2, 1]), try g.buffer("t", [2, 1]))
                return (try a.product(x).exponential() + (a * s).product(x).tanh() + (a * s * t).product(x).tanh(), 1)
            }),
        ]
        for (name, build) in rows {
            let graph = Graph()
            let (y, products) = try build(graph)
            let shared = try graph.sharingWork(of: [y])
            try expectEqual(graph, [y], shared)
            let count = shared.graph.reachable(from: shared.roots).count { id in
                switch shared.graph.nodes[id].operation {
                case .matrixProduct, .convolutionWeightGradient: true
                default: false
                }
            }
            XCTAssertEqual(count, products, name)
        }
    }
}
