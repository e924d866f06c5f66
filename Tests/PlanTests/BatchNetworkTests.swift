import Base
import Compute
import Graph
import Kernels
import Plan
import XCTest

/// Networks of every kind of layer that keeps rows apart: drawn in any batch, by any team, on every instruction set, a sample has the
/// same bits, and they are the reference interpreter's numbers.
final class BatchNetworkTests: XCTestCase {
    private struct Network {
        let name: String
        /// Inputs besides "x" [rows, 6, 6, 4]: "label" [rows], "z" [rows, 5].
        let build: (_ x: Tensor, _ label: Tensor, _ z: Tensor) throws -> [Tensor]
    }

    private static let same = Window(stride: [1, 1], paddingBefore: [1, 1], paddingAfter: [1, 1])
    private static let half = Window(stride: [2, 2], paddingBefore: [1, 1], paddingAfter: [1, 1])

    private let networks: [Network] = [
        Network(name: "a U-Net's skip") { x, _, _ in
            let graph = x.graph
            let n = x.shape[0]
            let down = try x.convolution(graph.buffer("down", [4, 4, 4, 6]), BatchNetworkTests.half).maximum(0)
            let up = try down.transposedConvolution(graph.buffer("up", [4, 4, 3, 6]), BatchNetworkTests.half, to: [n, 6, 6, 3])
            let both = try Tensor.concatenate([x, up], axis: 3)
            return [try both.convolution(graph.buffer("last", [3, 3, 7, 2]), BatchNetworkTests.same).tanh()]
        },
        Network(name: "instance normalisation") { x, _, _ in
            let centred = try x - x.mean(axes: [1, 2])
            let scale = try (centred.squared().mean(axes: [1, 2]) + 1e-5).squareRoot()
            return [try centred / scale * x.graph.buffer("gamma", [4])]
        },
        Network(name: "embedded labels, concatenated to latents") { x, label, z in
            let row = try x.graph.buffer("table", [10, 3]).gather(label)
            let both = try Tensor.concatenate([z, row], axis: 1)
            return [try both.product(x.graph.buffer("dense", [8, 7])) + x.graph.buffer("bias", [7])]
        },
        Network(name: "a label's gain for every channel") { x, label, _ in
            let gain = try x.graph.buffer("table", [10, 4]).gather(label).reshape([x.shape[0], 1, 1, 4])
            return [try x * gain]
        },
        Network(name: "noise numbered by sample") { x, _, z in
            let n = x.shape[0]
            let noise = try x.graph.random(.normal, stream: 77, [n * 36, 4]).reshape([n, 6, 6, 4])
            let kept = try x.graph.random(.uniform, stream: 78, [n, 5]).greater(0.5)
            return [try x + noise * 0.1, try z * kept]
        },
        Network(name: "attention") { x, _, _ in
            let n = x.shape[0]
            let flat = try x.reshape([n, 36, 4])
            let query = try x.reshape([n * 36, 4]).product(x.graph.buffer("query", [4, 2])).reshape([n, 36, 2])
            let scores = try query.product(flat.permute([0, 2, 1]).slice(starts: [0, 0, 0], counts: [n, 2, 36]))
            let shifted = try (scores - scores.largest(axes: [2])).exponential()
            return [try (shifted / shifted.sum(axes: [2])).product(flat).reshape([n, 6, 6, 4])]
        },
        Network(name: "normalised weights, made once") { x, _, z in
            let weight = try x.graph.buffer("dense", [5, 7])
            let norm = try weight.squared().sum().squareRoot()
            return [try z.product(weight / norm.reshape([1, 1]))]
        },
        Network(name: "pixel shuffle and nearest upsampling") { x, _, _ in
            let n = x.shape[0]
            let shuffled = try x.reshape([n, 6, 6, 2, 2, 1]).permute([0, 1, 3, 2, 4, 5]).reshape([n, 12, 12, 1])
            let larger = try x.reshape([n, 6, 1, 6, 1, 4]).broadcast(to: [n, 6, 2, 6, 2, 4]).reshape([n, 12, 12, 4])
            return [try shuffled + larger]
        },
        Network(name: "two outputs, one made of the other") { x, _, z in
            let features = try z.product(x.graph.buffer("dense", [5, 7])).maximum(0)
            return [features, try features.product(x.graph.buffer("head", [7, 3]))]
        },
        Network(name: "padding and cropping") { x, _, _ in
            [try x.pad(before: [0, 1, 2, 0], after: [0, 1, 0, 0]).slice(starts: [0, 0, 1, 1], counts: [x.shape[0], 8, 6, 3])]
        },
        Network(name: "a maximum over all of an image") { x, _, _ in [try x.largest(axes: [1, 2, 3]).reshape([x.shape[0], 1])] },
    ]

    private struct Data {
        let x: [Float], label: [Float], z: [Float]
        init(_ count: Int) {
            x = (0..<count * 144).map { Float(($0 * 37) % 101) / 50 - 1 }
            label = (0..<count).map { Float(($0 * 7) % 10) }
            z = (0..<count * 5).map { Float(($0 * 53) % 97) / 48 - 1 }
        }
    }

    private func graph(_ network: Network, rows: Int) throws -> (Graph, [Tensor]) {
        let graph = Graph()
        let outputs = try network.build(graph.buffer("x", [rows, 6, 6, 4]), graph.buffer("label", [rows]), graph.buffer("z", [rows, 5]))
        return (graph, outputs)
    }

    private func parameters(_ graph: Graph) -> [String: [Float]] {
        var values: [String: [Float]] = [:]
        for node in graph.nodes {
            guard case .buffer(let name) = node.operation, !["x", "label", "z"].contains(name) else { continue }
            values[name] = (0..<node.elementCount).map { Float(($0 * 29 + name.utf8.count) % 83) / 80 - 0.5 }
        }
        return values
    }

    func testEveryKindOfLayerInAnyBatch() throws {
        let most = 70
        let data = Data(most)
        let seed: UInt64 = 99
        for network in networks {
            let (whole, truths) = try graph(network, rows: most)
            let values = parameters(whole)
            var interpreter = ReferenceInterpreter(graph: whole)
            interpreter.buffers = values.mapValues { $0.map(Double.init) }
            interpreter.buffers["x"] = data.x.map(Double.init)
            interpreter.buffers["label"] = data.label.map(Double.init)
            interpreter.buffers["z"] = data.z.map(Double.init)
            interpreter.seed = seed
            interpreter.firstRow = 0
            let all = try interpreter.everything(behind: truths)
            for (set, kernels) in PlanHarness.instructionSets {
                var first: [[Float]] = []
                for rows in [9, 1] {
                    for threads in [1, 2, 3] {
                        let (graph, outputs) = try graph(network, rows: rows)
                        let names = outputs.indices.map { "output \($0)" }
                        let batch = try BatchPlan(
                            zip(names, outputs).map { Update($0, $1) }, of: graph, inputs: reachableInputs(graph, outputs), rows: rows)
                        let executor = try BatchExecutor(
                            batch, buffers: values.mapValues { numbers in
                                let buffer = try AlignedBuffer<Float>(count: numbers.count, for: "a parameter")
                                for (i, number) in numbers.enumerated() { buffer.pointer[i] = number }
                                return buffer
                            }, kernels: kernels, pool: ThreadPool(threads: threads))
                        for (start, count) in [(0, most), (0, 1), (3, 1), (5, 2), (0, 9), (9, 10), (60, 10), (1, 40)] {
                            let made = draw(executor, batch.inputs, outputs.map { $0.elementCount / rows }, data, seed, start, count)
                            if first.isEmpty {
                                first = made
                                for (output, truth) in zip(made, truths) {
                                    let expected = all[truth.id]?.elements ?? []
                                    XCTAssertEqual(output.count, expected.count, network.name)
                                    XCTAssertFalse(
                                        zip(output, expected).contains { !(abs(Double($0) - $1) <= 1e-4) }, "\(network.name), \(set): wrong numbers")
                                }
                                continue
                            }
                            for (output, complete) in zip(made, first) {
                                let width = complete.count / most
                                XCTAssertEqual(
                                    output.map(\.bitPattern), complete[start * width..<(start + count) * width].map(\.bitPattern),
                                    "\(network.name), \(set): \(count) from \(start), batches of \(rows), \(threads) threads")
                            }
                        }
                    }
                }
            }
        }
    }

    private func reachableInputs(_ graph: Graph, _ outputs: [Tensor]) -> [String] {
        let needed = graph.reachable(from: outputs).map { graph.nodes[$0].operation }
        return ["x", "label", "z"].filter { needed.contains(.buffer($0)) }
    }

    private func draw(
        _ executor: BatchExecutor, _ inputs: [String], _ widths: [Int], _ data: Data, _ seed: UInt64, _ start: Int, _ count: Int
    ) -> [[Float]] {
        let sources: [String: ([Float], Int)] = ["x": (data.x, 144), "label": (data.label, 1), "z": (data.z, 5)]
        let all = inputs.map { sources[$0] ?? ([], 1) }
        var results = widths.map { [Float](repeating: .nan, count: $0 * count) }
        // Copies that stay where they are for as long as the run takes.
        let places = all.map { values, width in
            let place = UnsafeMutablePointer<Float>.allocate(capacity: count * width)
            for i in 0..<count * width { place[i] = values[start * width + i] }
            return place
        }
        let ends = widths.map { UnsafeMutablePointer<Float>.allocate(capacity: $0 * count) }
        for (i, place) in places.enumerated() {
            executor.inputs[i].values = UnsafePointer(place)
            executor.inputs[i].rows = count
        }
        for (i, end) in ends.enumerated() { executor.outputs[i] = end }
        var run = BatchExecutor.Run(count: count)
        run.seed = seed
        run.first = UInt64(start)
        executor.run(run)
        for i in results.indices { for j in results[i].indices { results[i][j] = ends[i][j] } }
        (places + ends).forEach { $0.deallocate() }
        return results
    }

    /// Fewer rows than are drawn: they are taken again from the first on.
    func testRowsOfAnInputRepeat() throws {
        let graph = Graph()
        let y = try graph.buffer("z", [8, 5]).product(graph.buffer("dense", [5, 2])) + graph.buffer("label", [8, 1])
        let batch = try BatchPlan([Update("y", y)], of: graph, inputs: ["z", "label"], rows: 8)
        let dense = try AlignedBuffer<Float>(count: 10, for: "dense")
        for i in 0..<10 { dense.pointer[i] = Float(i) / 10 }
        let (z, labels) = ((0..<15).map { Float($0) }, [Float](arrayLiteral: 100, 200))
        for threads in [1, 2, 3] {
            let executor = try BatchExecutor(batch, buffers: ["dense": dense], kernels: .selected, pool: ThreadPool(threads: threads))
            var y = [Float](repeating: .nan, count: 100)
            z.withUnsafeBufferPointer { z in
                labels.withUnsafeBufferPointer { labels in
                    y.withUnsafeMutableBufferPointer { y in
                        executor.inputs[0].values = z.baseAddress
                        executor.inputs[0].rows = 3
                        executor.inputs[1].values = labels.baseAddress
                        executor.inputs[1].rows = 2
                        executor.outputs[0] = y.baseAddress
                        executor.run(BatchExecutor.Run(count: 50))
                    }
                }
            }
            for i in 0..<50 {
                for column in 0..<2 {
                    let sum = (0..<5).reduce(Float(0)) { $0 + z[i % 3 * 5 + $1] * Float($1 * 2 + column) / 10 }
                    XCTAssertEqual(y[i * 2 + column], sum + labels[i % 2], accuracy: 1e-3, "row \(i), \(threads) threads")
                }
            }
        }
    }
}
