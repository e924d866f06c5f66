// Data that the library makes itself, to try a training on: small mixtures whose modes can be counted, and digits.

import Base

/// A data set by its name, and how it is made. Item i under a seed is the same whatever the count.
public struct MadeData: Sendable {
    public let name: String
    /// What it is, in a sentence.
    public let summary: String
    /// How many items there are unless somebody says otherwise.
    public let usualCount: Int
    /// In memory, of digits of the usual size.
    private let bytesOfItem: Int
    /// Whether it is made of the pictures of another data set.
    public let isMadeOfDigits: Bool
    private let make: @Sendable (_ count: Int, _ seed: UInt64, _ digits: Dataset?) throws(GanError) -> Dataset

    public static let all: [MadeData] = [
        MadeData(
            name: "ring",
            summary: "Rows of two numbers: 8 normal distributions of deviation 0.02 on a circle of radius 2 (Metz et al., Unrolled GANs, 2017).",
            usualCount: 100_000, bytesOfItem: 8, isMadeOfDigits: false
        ) { (count, seed, _) throws(GanError) in try Mixture.ring.dataset(count: count, seed: seed) },
        MadeData(
            name: "grid",
            summary: "Rows of two numbers: 25 normal distributions of deviation 0.05 at -4, -2, 0, 2 and 4 each way (Lin et al., PacGAN, 2018).",
            usualCount: 100_000, bytesOfItem: 8, isMadeOfDigits: false
        ) { (count, seed, _) throws(GanError) in try Mixture.grid.dataset(count: count, seed: seed) },
        MadeData(
            name: "digits",
            summary: "Pictures of 28 × 28, grey: digits drawn with strokes of varying slant, size, width and waviness, with their labels.",
            usualCount: 10_000, bytesOfItem: 788, isMadeOfDigits: false
        ) { (count, seed, _) throws(GanError) in try DrawnDigits.dataset(count: count, seed: seed) },
        MadeData(
            name: "stacked",
            summary:
                "Pictures of three digits, one as red, one as green and one as blue, labelled 0 to 999: the 1000 modes of Metz et al., Unrolled GANs, 2017.",
            usualCount: 20_000, bytesOfItem: 2356, isMadeOfDigits: true
        ) { (count, seed, digits) throws(GanError) in
            if let digits { return try StackedDigits.dataset(of: digits, count: count, seed: seed) }
            return try StackedDigits.dataset(of: DrawnDigits.dataset(count: 10_000, seed: seed), count: count, seed: seed)
        },
        MadeData(
            name: "moving",
            summary:
                "Clips of 20 frames of 32 × 32, grey: a digit moves 1 to 3 pixels a frame and is thrown back by the sides, for the recipe next-frame.",
            usualCount: 1000, bytesOfItem: 20_484, isMadeOfDigits: true
        ) { (count, seed, digits) throws(GanError) in
            if let digits { return try MovingDigits.dataset(of: digits, count: count, seed: seed) }
            return try MovingDigits.dataset(of: DrawnDigits.dataset(count: 10_000, seed: seed), count: count, seed: seed)
        },
        MadeData(
            name: "faces",
            summary:
                "Pictures of 32 × 32 in colours: drawn faces with tags, a colour of hair (\(DrawnFaces.tags.prefix(5).joined(separator: ", "))) and any of \(DrawnFaces.tags.dropFirst(5).joined(separator: ", ")), for the recipe tags.",
            usualCount: 10_000, bytesOfItem: 3082, isMadeOfDigits: false
        ) { (count, seed, _) throws(GanError) in try DrawnFaces.dataset(count: count, seed: seed) },
        MadeData(
            name: "words",
            summary: "Pictures of 28 × 28 in colours: drawn digits with captions, such as 'a big red seven', for the recipe text-to-image.",
            usualCount: 10_000, bytesOfItem: 2600, isMadeOfDigits: false
        ) { (count, seed, _) throws(GanError) in try CaptionedDigits.dataset(count: count, seed: seed) },
        MadeData(
            name: "furniture",
            summary: "Volumes of 16 × 16 × 16 voxels, and a view of each: chairs, tables, shelves and sofas, for the recipes volume and view-to-volume.",
            usualCount: 2000, bytesOfItem: 5120, isMadeOfDigits: false
        ) { (count, seed, _) throws(GanError) in try DrawnFurniture.dataset(count: count, seed: seed) },
        MadeData(
            name: "people",
            summary: "A table of people: age, sex, city, school, work, hours, income, savings, height, smoking, the day that they moved, and whether they own their home, which depend on each other.",
            usualCount: 20_000, bytesOfItem: 200, isMadeOfDigits: false
        ) { (count, seed, _) throws(GanError) in try MadePeople.dataset(count: count, seed: seed) },
    ]

    /// - Throws: `.unknownName` with the nearest name.
    public static func find(_ name: String) throws(GanError) -> MadeData {
        if let found = all.first(where: { $0.name == name }) { return found }
        let names = all.map(\.name)
        let advice = Text.nearestName(to: name, among: names).map { "Did you mean '\($0)'?" } ?? "There are \(names.joined(separator: ", "))."
        throw GanError(.unknownName, "There is no made data set '\(name.prefix(60))'. \(advice)")
    }

    /// - Parameters:
    ///   - count: 0 for the usual number.
    ///   - digits: What a set that is made of digits takes them from; nil for those that are drawn here.
    /// - Throws: `.mismatch` for digits where none are needed, or for data that are none; `.outOfRange`, `.outOfMemory`.
    public func dataset(count: Int = 0, seed: UInt64 = 0, digits: Dataset? = nil) throws(GanError) -> Dataset {
        guard count >= 0 else { throw GanError(.invalidArgument, "The count of items is \(count); 0 (the usual number) or more was expected.") }
        guard digits == nil || isMadeOfDigits else {
            throw GanError(.mismatch, "The made data set '\(name)' is made of nothing else; only stacked and moving take digits of another data set.")
        }
        let items = count == 0 ? usualCount : count
        try AvailableMemory.check(Sizes.product(items, bytesOfItem, of: "\(items) items"), for: "Making \(items) items")
        return try make(items, seed, digits)
    }
}

/// Normal distributions in the plane, all as frequent and as wide.
struct Mixture: Sendable {
    let centres: [(x: Double, y: Double)]
    let deviation: Double
    /// Beyond this, either way, nothing lies.
    let limit: Float

    /// The corners of a regular octagon: cosines and sines of eighths of a turn.
    static let ring: Mixture = {
        let half = 2.0.squareRoot()
        return Mixture(
            centres: [(2, 0), (half, half), (0, 2), (-half, half), (-2, 0), (-half, -half), (0, -2), (half, -half)], deviation: 0.02, limit: 2.2)
    }()

    static let grid: Mixture = {
        let places: [Double] = [-4, -2, 0, 2, 4]
        return Mixture(centres: places.flatMap { y in places.map { x in (x, y) } }, deviation: 0.05, limit: 4.5)
    }()

    func dataset(count: Int, seed: UInt64) throws(GanError) -> Dataset {
        let values = try AlignedBuffer<Float>(count: Sizes.product(count, 2, of: "\(count) rows of 2"), for: "\(count) rows of 2")
        for item in 0..<count {
            var random = CountedRandom(seed, UInt64(item))
            let centre = centres[random.below(centres.count)]
            values.pointer[2 * item] = Float(centre.x + deviation * random.normal())
            values.pointer[2 * item + 1] = Float(centre.y + deviation * random.normal())
        }
        return try Dataset(
            count: count, shape: try ImageShape(height: 1, width: 2, channels: 1), storage: .floats(values.pointer),
            range: ValueRange(known: -limit, limit), labels: nil, hasUnits: true, owner: values)
    }
}

/// Three grey pictures as the colours of one.
enum StackedDigits {
    static func dataset(of digits: Dataset, count: Int, seed: UInt64) throws(GanError) -> Dataset {
        guard digits.shape.channels == 1, digits.classCount == 10, let labels = digits.labels, case .bytes(let bytes) = digits.storage else {
            throw GanError(
                .mismatch,
                "Stacked digits are made of grey pictures of bytes with labels of 10 classes, and the data set has \(digits.shape) with \(digits.classCount) classes: take MNIST's files or those of a relative.")
        }
        let pixels = digits.shape.elements
        let shape = try ImageShape(height: digits.shape.height, width: digits.shape.width, channels: 3)
        let stack = try AlignedBuffer<UInt8>(
            count: Sizes.product(count, shape.elements, of: "\(count) images of \(shape)"), for: "\(count) images of \(shape)")
        let classes = try AlignedBuffer<Int32>(count: count, for: "the labels of \(count) images")
        for item in 0..<count {
            var random = CountedRandom(seed, UInt64(item))
            let to = stack.pointer + item * shape.elements
            var label: Int32 = 0
            for channel in 0..<3 {
                let digit = random.below(digits.count)
                label = label * 10 + labels[digit]
                let from = bytes + digit * pixels
                for pixel in 0..<pixels { to[3 * pixel + channel] = from[pixel] }
            }
            classes.pointer[item] = label
        }
        withExtendedLifetime(digits) {}
        return try Dataset(
            count: count, shape: shape, storage: .bytes(stack.pointer), range: .bytes,
            labels: try Labels(checking: classes, classes: 1000, of: "the stacked digits"), owner: stack)
    }
}
