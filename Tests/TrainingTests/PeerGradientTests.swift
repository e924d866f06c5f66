// The gradients of WGAN-GP and of the relativistic loss with R1 and R2 against those of three other frameworks, which agree with each
// other to 5e-15: from the same weights, latents and pictures, every element of every parameter, on the kernels in single precision and
// by the interpreter in Double.
//
// Fixtures/*.safetensors hold inputs and parameters (F32) and gradients (F64), under the names that Sources/PeerModels give them.

import Base
import Compute
import Foundation
import Graph
import Kernels
import Networks
import Optimisers
import PeerModels
import Plan
import XCTest

final class PeerGradientTests: XCTestCase {
    func testWassersteinWithPenalty() throws { try compare(.wassersteinPenalty) }
    func testRelativisticWithBothPenalties() throws { try compare(.residual) }

    private func compare(_ kind: PeerModel.Kind) throws {
        let reference = try TensorFile("\(kind.rawValue).safetensors")
        let step = try Step(PeerModel(kind, isSmall: true))
        let updates = step.gradients + step.losses
        var values: [String: [Double]] = [:]
        for id in step.graph.reachable(from: updates.map(\.value)) {
            let node = step.graph.nodes[id]
            guard case .buffer(let name) = node.operation else { continue }
            values[name] = try step.scalars[name]?.map(Double.init) ?? XCTUnwrap(reference[name], name)
            XCTAssertEqual(values[name]?.count, node.elementCount, name)
        }
        XCTAssertEqual(Set(step.gradients.map(\.buffer)), Set(reference.names.filter { $0.hasPrefix("gradient.") }))

        // In Double, of the graph as it is written and with its products shared. A graph's constants are single numbers: the slope 0.2
        // of leaky ReLU is 1.5e-8 off, and that is how near the two can be.
        let (shared, sharedValues) = try step.graph.sharingWork(of: updates.map(\.value))
        for (graph, tensors) in [(step.graph, updates.map(\.value)), (shared, sharedValues)] {
            var interpreter = ReferenceInterpreter(graph: graph)
            interpreter.buffers = values
            for (update, got) in zip(updates, try interpreter.evaluate(tensors)) {
                try check(got, reference, update.buffer, 1e-7)
            }
        }

        // On the kernels.
        let plan = try Planner.plan(updates, of: step.graph)
        var buffers: [String: AlignedBuffer<Float>] = [:]
        for (name, shape) in plan.buffers {
            let buffer = try AlignedBuffer<Float>(count: shape.reduce(1, *), for: name)
            for (index, value) in (values[name] ?? []).enumerated() { buffer.pointer[index] = Float(value) }
            buffers[name] = buffer
        }
        for set in InstructionSet.supported {
            let executor = try Executor(plan, buffers: buffers, kernels: .table(for: set), pool: ThreadPool(threads: 2))
            executor.run(seed: 1, firstRow: 0)
            // The first step of Adam is ± the rate wherever a gradient is not exactly zero: what comes after it is not to be compared.
            for update in updates where update.buffer != "loss_G_after_D_update" {
                try check(try XCTUnwrap(buffers[update.buffer]).buffer.map(Double.init), reference, update.buffer, 1e-4)
            }
        }
    }

    /// - Parameter tolerance: The largest difference, as a share of the largest element.
    private func check(_ got: [Double], _ reference: TensorFile, _ name: String, _ tolerance: Double) throws {
        let expected = try XCTUnwrap(reference[name], name)
        XCTAssertEqual(got.count, expected.count, name)
        let largest = expected.reduce(0) { max($0, abs($1)) }
        let furthest = zip(got, expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
        // One gradient is exactly zero: a critic's last bias, whose parts cancel.
        XCTAssertLessThanOrEqual(furthest, tolerance * max(largest, 1e-2), name)
        XCTAssertTrue(got.allSatisfy(\.isFinite), name)
    }
}

/// What a step of training differentiates, with everything that it draws handed in.
private struct Step {
    let graph = Graph()
    private(set) var gradients: [Update] = []
    private(set) var losses: [Update] = []
    /// The optimiser's numbers, by buffer.
    private(set) var scalars: [String: [Float]] = [:]

    init(_ model: PeerModel) throws {
        let (generator, discriminator) = (NetworkState(of: "generator", in: graph), NetworkState(of: "discriminator", in: graph))
        func judge(_ items: Tensor) throws(GanError) -> Tensor { try model.discriminator(["images": items], in: discriminator)("logits") }
        let batch = 4
        let fake = try model.generator(["latents": graph.buffer("z", [batch, model.latent])], in: generator)("images")
        let real = try graph.buffer("x", [batch, model.side, model.side, 3])
        let share = try graph.buffer("eps", [batch]).reshape([batch, 1, 1, 1])
        let (loss, penalty) = try model.discriminatorLoss(real: real, fake: fake, share: share, judge: judge)
        let ofDiscriminator = try graph.gradient(of: loss, with: discriminator.tensors)
        /// The generator's loss against the discriminator as it is by now.
        func generatorLoss() throws -> Tensor { try model.loss.generator(real: judge(real), fake: judge(fake)) }
        let before = try generatorLoss()
        let ofGenerator = try graph.gradient(of: before, with: generator.tensors)
        gradients = zip(discriminator.parameters + generator.parameters, ofDiscriminator + ofGenerator).map { Update("gradient.\($0.name)", $1) }

        // The discriminator's first step.
        let adam = PeerRecipe(model).optimiser
        let numbers = try graph.buffer("adam", [adam.scalarCount])
        var first = [Float](repeating: 0, count: adam.scalarCount)
        adam.writeScalars(step: 1, to: &first)
        scalars["adam"] = first
        var values: [Tensor] = []
        for ((parameter, tensor), gradient) in zip(zip(discriminator.parameters, discriminator.tensors), ofDiscriminator) {
            let zero = try graph.constant(0, parameter.shape)
            values.append(
                try adam.step(tensor, gradient: gradient, slots: [zero, zero]) { (index) throws(GanError) in
                    try numbers.slice(starts: [index], counts: [1]).broadcast(to: parameter.shape)
                }.parameter)
        }
        discriminator.update(values)
        for (name, value) in [("loss_D", loss), ("penalty", penalty), ("loss_G", before), ("loss_G_after_D_update", try generatorLoss())] {
            losses.append(Update(name, value))
        }
    }
}

/// A safetensors file of floats of either precision.
private struct TensorFile {
    private var tensors: [String: [Double]] = [:]

    init(_ name: String) throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/\(name)")
        let data = [UInt8](try Data(contentsOf: path))
        let length = Int(data.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
        let header = try XCTUnwrap(JSONSerialization.jsonObject(with: Data(data[8..<8 + length])) as? [String: [String: Any]])
        for (name, fields) in header where name != "__metadata__" {
            let range = try XCTUnwrap(fields["data_offsets"] as? [Int])
            let bytes = Array(data[(8 + length + range[0])..<(8 + length + range[1])])
            tensors[name] = bytes.withUnsafeBytes { bytes in
                fields["dtype"] as? String == "F64"
                    ? (0..<bytes.count / 8).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
                    : (0..<bytes.count / 4).map { Double(bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self)) }
            }
        }
    }

    var names: [String] { Array(tensors.keys) }
    subscript(_ name: String) -> [Double]? { tensors[name] }
}
