import Base
import Data
import Training
import XCTest

/// Real and generated items are judged in one batch; the penalties on their slopes are still those of each item, against finite
/// differences of the penalty as its paper writes it.
final class PenaltyTests: XCTestCase {
    private static let (side, hidden, batch) = (4, 3, 5)

    /// mean over items of ‖∇ₓ l(x)‖² for l(x) = w₂ · tanh(W₁ x + b₁) + b₂.
    private func penalty(_ items: [[Double]], w1: [Double], b1: [Double], w2: [Double]) -> Double {
        let (n, m) = (items[0].count, b1.count)
        var total = 0.0
        for x in items {
            var slope = [Double](repeating: 0, count: n)
            for j in 0..<m {
                var sum = b1[j]
                for i in 0..<n { sum += x[i] * w1[i * m + j] }
                let h = tanh(sum)
                for i in 0..<n { slope[i] += w2[j] * (1 - h * h) * w1[i * m + j] }
            }
            total += slope.reduce(0) { $0 + $1 * $1 }
        }
        return total / Double(items.count)
    }

    /// The gradients that a step of plain descent at the rate 1 took, with all parameters from before it.
    private func step(_ settings: [(String, String)], _ data: Dataset) throws -> (before: [String: [Double]], gradients: [String: [Double]]) {
        // A generator of zeros makes the middle of the range wherever it looks.
        let trainer = try Trainer(
            options: smallOptions(settings + [
                ("batch-size", "\(Self.batch)"), ("discriminator.hidden", "\(Self.hidden)"), ("discriminator.activation", "tanh"),
                ("discriminator.optimiser", "sgd"), ("discriminator.beta1", "0"), ("discriminator.learning-rate", "1"), ("generator.initial-deviation", "0"),
                ("data.shuffle", "false"), ("discriminator.initial-deviation", "0.5"),
            ]), dataset: data)
        let names = ["discriminator.0.weight", "discriminator.0.bias", "discriminator.1.weight"]
        var (before, gradients): ([String: [Double]], [String: [Double]]) = ([:], [:])
        for name in names { before[name] = trainer.values(of: name)?.map(Double.init) }
        try trainer.step(1)
        for name in names { gradients[name] = zip(before[name] ?? [], trainer.values(of: name) ?? []).map { $0 - Double($1) } }
        return (before, gradients)
    }

    func testSlopesAreThoseOfEachItem() throws {
        let data = try bars(side: Self.side)
        guard case .bytes(let bytes) = data.storage else { return XCTFail("bytes were expected") }
        let pixels = Self.side * Self.side
        let real = (0..<Self.batch).map { item in (0..<pixels).map { Double(bytes[item * pixels + $0]) / 255 } }
        let fake = [[Double](repeating: 0.5, count: pixels)]
        let plain = try step([], data)
        let (w1, b1, w2) = (plain.before["discriminator.0.weight"] ?? [], plain.before["discriminator.0.bias"] ?? [], plain.before["discriminator.1.weight"] ?? [])
        for (name, items) in [("r1", real), ("r2", fake)] {
            let weight = 3.0
            let with = try step([(name, "\(weight)")], data)
            var expected: [String: [Double]] = [:]
            let h = 1e-5
            func differences(_ values: [Double], _ penalty: ([Double]) -> Double) -> [Double] {
                values.indices.map { index in
                    var (above, below) = (values, values)
                    above[index] += h
                    below[index] -= h
                    return (penalty(above) - penalty(below)) / (2 * h) * weight / 2
                }
            }
            expected["discriminator.0.weight"] = differences(w1) { penalty(items, w1: $0, b1: b1, w2: w2) }
            expected["discriminator.0.bias"] = differences(b1) { penalty(items, w1: w1, b1: $0, w2: w2) }
            expected["discriminator.1.weight"] = differences(w2) { penalty(items, w1: w1, b1: b1, w2: $0) }
            for (parameter, values) in expected {
                let scale = values.map(abs).max() ?? 0
                XCTAssertGreaterThan(scale, 1e-3)
                let found = zip(with.gradients[parameter] ?? [], plain.gradients[parameter] ?? []).map { $0 - $1 }
                XCTAssertEqual(found.count, values.count)
                for (a, b) in zip(found, values) { XCTAssertEqual(a, b, accuracy: 1e-5 + 1e-4 * scale, "\(name), \(parameter)") }
            }
        }
    }
}
