// The three trainings that are measured, and images for them.

import Base
import Data
import Training

enum Network: String, CaseIterable {
    /// The multilayer perceptrons of the tutorial: 128→256→784 and 784→256→1, batches of 100.
    case tutorial
    /// Radford, Metz & Chintala (2016), in the sizes that others publish figures for; batches of 64.
    case dcgan28 = "dcgan-28"
    case dcgan32 = "dcgan-32"

    var title: String {
        switch self {
        case .tutorial: "tutorial's GAN, batch 100"
        case .dcgan28: "DCGAN 28×28×1, batch 64"
        case .dcgan32: "DCGAN 32×32×3, batch 64"
        }
    }

    var side: Int { self == .dcgan32 ? 32 : 28 }
    var channels: Int { self == .dcgan32 ? 3 : 1 }

    func options(threads: Int) throws(GanError) -> OptionValues {
        var options = OptionValues()
        try options.set("threads", integer: Int64(threads))
        if self != .tutorial { try options.set("preset", text: "dcgan") }
        if self == .dcgan32 { try options.set("latent.size", integer: 128) }
        return options
    }

    func trainer(threads: Int, images: Images = .strokes) throws(GanError) -> Trainer {
        try Trainer(options: options(threads: threads), dataset: images.dataset(count: 6400, side: side, channels: channels))
    }

    /// Floating-point operations of one step: those of its products and convolutions, with the generator run forward once
    /// and no gradients that nobody uses. Convolutions are counted as if the zeros around the image were multiplied too.
    var operationsPerStep: Double {
        // Multiply-adds of each layer for one image.
        let (generator, discriminator, batch): ([Double], [Double], Double) =
            switch self {
            case .tutorial: ([128 * 256, 256 * 784], [784 * 256, 256], 100)
            case .dcgan28: ([100 * 6272, 49 * 16 * 128 * 64, 196 * 16 * 64], [196 * 16 * 64, 49 * 16 * 64 * 128, 6272], 64)
            case .dcgan32:
                (
                    [128 * 4096, 16 * 16 * 256 * 128, 64 * 16 * 128 * 64, 256 * 16 * 64 * 3],
                    [256 * 16 * 3 * 64, 64 * 16 * 64 * 128, 16 * 16 * 128 * 256, 4096], 64
                )
            }
        let (g, d) = (generator.reduce(0, +), discriminator.reduce(0, +))
        // Of real and generated images: forward, gradients to weights, and to inputs but the first layer's.
        let ofDiscriminator = 2 * (3 * d - discriminator[0])
        // Forward; through the discriminator and back to the image; gradients to weights, and to inputs but the latents.
        let ofGenerator = g + 2 * d + 2 * g - generator[0]
        return 2 * batch * (ofDiscriminator + ofGenerator)
    }
}

/// What is learnt from. It matters how much of it is black, since products leave out what is multiplied by zero.
enum Images {
    /// A thick stroke from side to side; as of handwritten digits, four pixels in five are black.
    case strokes
    /// No pixel is black.
    case noise
    /// Read from files, where they are of the size that a network is for.
    case files(String)

    /// [count, elements]
    static func bytes(count: Int, elements: Int, strokes: Bool = true) -> [UInt8] {
        var random = Xorshift(7)
        return [UInt8](unsafeUninitializedCapacity: count * elements) { bytes, used in
            for image in 0..<count {
                let start = Int(random.next() % UInt64(elements / 2))
                for place in 0..<elements {
                    let isBright = !strokes || place >= start && place < start + elements / 5
                    bytes[image * elements + place] = isBright ? UInt8(truncatingIfNeeded: random.next() >> 56) | 128 : 0
                }
            }
            used = count * elements
        }
    }

    func dataset(count: Int, side: Int, channels: Int) throws(GanError) -> Dataset {
        let shape = try ImageShape(height: side, width: side, channels: channels)
        var strokes = true
        switch self {
        case .strokes: break
        case .noise: strokes = false
        case .files(let path):
            let dataset = try Dataset.open(path: path)
            if dataset.shape == shape { return dataset }
        }
        let bytes = Images.bytes(count: count, elements: shape.elements, strokes: strokes)
        // Not `withUnsafeBufferPointer`, which would forget the type of the error.
        let copy = try AlignedBuffer<UInt8>(count: bytes.count, for: "images")
        for (index, byte) in bytes.enumerated() { copy.pointer[index] = byte }
        defer { withExtendedLifetime(copy) {} }
        return try Dataset.fromBytes(copy.pointer, count: count, shape: shape, labels: nil, classes: 0, ownership: .copy)
    }
}
