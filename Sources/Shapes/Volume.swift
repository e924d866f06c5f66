import Base

/// Numbers on a grid, `[depth, height, width]`, and the level above which they are the inside of a shape.
///
/// The axes are x, y, which is up, and z, in this order: z varies fastest. As they stand they are right-handed, so that a shape seen
/// from +z has +x to its right. All around the grid is empty, so a shape that reaches its border ends there. What is not a number
/// is empty as well.
public struct Volume {
    public let depth, height, width: Int
    private let values: UnsafePointer<Float>
    private let level: Double
    /// What lies around the grid, less the level: of 0, or, where that would be inside, of level − 1.
    private let empty: Double

    /// The longest side. It is the unit of what is made: there it is 1 long.
    public var longest: Int { max(depth, height, width) }

    /// How many cells a side may have: then the vertices of any shape can be counted in 32 bits.
    public static var longestSide: Int { 512 }

    /// - Parameter values: `[depth, height, width]`; not copied.
    /// - Throws: `.invalidArgument` for a side below 1 or a level that is no number, `.outOfRange` for a side that is too long.
    public init(_ values: UnsafePointer<Float>, depth: Int, height: Int, width: Int, level: Float) throws(GanError) {
        for (name, side) in [("depth", depth), ("height", height), ("width", width)] {
            guard side >= 1 else { throw GanError(.invalidArgument, "The argument '\(name)' is \(side); at least 1 was expected.") }
            guard side <= Self.longestSide else {
                throw GanError(.outOfRange, "The argument '\(name)' is \(side); a shape may have \(Self.longestSide) cells a side.")
            }
        }
        guard level.isFinite else { throw GanError(.invalidArgument, "The argument 'level' is \(Text.format(level)); a finite number was expected.") }
        self.values = values
        (self.depth, self.height, self.width) = (depth, height, width)
        self.level = Double(level)
        empty = level > 0 ? -Double(level) : -1
    }

    public var count: Int { depth * height * width }

    /// The number in a cell, less the level: greater than 0 is inside. Finite; cells beyond the border are empty.
    @inline(__always)
    func excess(_ x: Int, _ y: Int, _ z: Int) -> Double {
        guard x >= 0, y >= 0, z >= 0, x < depth, y < height, z < width else { return empty }
        let value = values[(x * height + y) * width + z]
        if value.isNaN { return empty }
        return Double(min(max(value, -Float.greatestFiniteMagnitude), Float.greatestFiniteMagnitude)) - level
    }

    func isInside(_ x: Int, _ y: Int, _ z: Int) -> Bool { excess(x, y, z) > 0 }
}
