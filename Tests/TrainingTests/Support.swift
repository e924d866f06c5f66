import Base
import Data
import XCTest

import Training

/// A dataset of small made-up pictures: a bright bar whose place depends on the item.
func bars(count: Int = 60, side: Int = 6) throws -> Dataset {
    var pixels = [UInt8](repeating: 0, count: count * side * side)
    for item in 0..<count {
        for row in 0..<side { pixels[(item * side + row) * side + item % side] = UInt8(200 + item % 50) }
    }
    let shape = try ImageShape(height: side, width: side, channels: 1)
    return try pixels.withUnsafeBufferPointer { buffer in
        try Dataset.fromBytes(XCTUnwrap(buffer.baseAddress), count: count, shape: shape, labels: nil, classes: 0, ownership: .copy)
    }
}

/// Options of a GAN that trains in microseconds.
func smallOptions(_ settings: [(String, String)] = []) throws -> OptionValues {
    var options = OptionValues()
    for (name, value) in [
        ("generator.hidden", "12"), ("discriminator.hidden", "10"), ("latent.size", "8"), ("batch-size", "20"), ("seed", "5"),
        ("generator.initial-deviation", "0.3"), ("discriminator.initial-deviation", "0.3"), ("generator.learning-rate", "0.01"),
    ] + settings {
        try options.set(name, text: value)
    }
    return options
}
