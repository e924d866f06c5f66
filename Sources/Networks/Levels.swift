// How convolutional networks halve and double the sides of pictures, and how wide they are where.

import Base
import Graph

/// The levels of a picture of [spatial…, channels]: level 0 has its sides, each further level half of those before.
public struct Levels: Sendable {
    /// The picture's sides.
    public let sides: [Int]
    /// How often they are halved.
    public let count: Int

    /// Sides are halved to this many pixels or more, so often at the most.
    private static let (shortest, most) = (4, 6)

    /// - Parameter wanted: How often to halve; 0 for as often as all sides stay even and of 4 or more, up to 6 times.
    /// - Throws: `.outOfRange` for sides that cannot be halved so often.
    public init(_ image: Shape, wanted: Int) throws(GanError) {
        sides = Array(image.dropLast())
        var possible = 0
        func canBeHalved(_ side: Int) -> Bool { (side >> possible) % 2 == 0 && side >> (possible + 1) >= Self.shortest }
        while possible < Self.most && sides.allSatisfy(canBeHalved) { possible += 1 }
        let size = sides.map { "\($0)" }.joined(separator: "×")
        guard possible >= 1 else {
            throw GanError(
                .outOfRange,
                "A convolutional network halves the sides of \(sides.count == 3 ? "a volume" : "an image") at least once, to 4 or more; \(size) cannot be. Use even sides of 8 or more\(sides.count == 3 ? "" : ", for example with data.fit, data.height and data.width").")
        }
        guard wanted <= possible else {
            throw GanError(
                .outOfRange, "The option 'levels' is \(wanted), and the sides of \(size) can be halved \(possible) times, to 4 or more: take 0 to \(possible).")
        }
        count = wanted == 0 ? possible : wanted
    }

    public func sides(at level: Int) -> [Int] { sides.map { $0 >> level } }
    /// The side by which `attention.side` names a level.
    public func shortestSide(at level: Int) -> Int { sides(at: level).min() ?? 0 }

    /// The level of which a side is the shortest; nil for a side of 0.
    ///
    /// - Parameter levels: Where there are maps of features.
    /// - Throws: `.outOfRange` where none of the levels has that side.
    public func attention(at side: Int, among levels: ClosedRange<Int>) throws(GanError) -> Int? {
        if side == 0 { return nil }
        if let level = levels.first(where: { shortestSide(at: $0) == side }) { return level }
        let there = levels.reversed().map { "\(shortestSide(at: $0))" }.joined(separator: ", ")
        throw GanError(
            .outOfRange,
            "The option 'attention.side' is \(side), and the networks have maps of features whose shorter sides are \(there): take one of these, or 0 for no attention.")
    }
}

/// One of the two networks, as the options describe it.
public struct ConvolutionalSide: Sendable {
    /// Channels of the layer next to the picture; each halving doubles them.
    public var channels: Int
    /// The most channels that a level has; 0 for any.
    public var limit = 0
    /// Residual blocks a level.
    public var blocks = 1
    public var activation: Activation
    public var style: LayerStyle
    public var norm: NormKind
    /// How sides are doubled, in a generator.
    public var upsampling = Upsampling.transposed

    public init(channels: Int, activation: Activation, style: LayerStyle, norm: NormKind) {
        self.channels = channels
        self.activation = activation
        self.style = style
        self.norm = norm
    }

    func channels(at level: Int) throws(GanError) -> Int {
        let wanted = try Sizes.product(channels, 1 << level, of: "a network's channels")
        return limit > 0 ? min(limit, wanted) : wanted
    }
}
