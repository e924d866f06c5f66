/// Two registers that do the same, step by step.
///
/// A function is a chain of some thirty steps each of which waits for the one before. Processors look ahead for other work,
/// but not beyond the hundred or so steps that wait already; with two chains side by side there is always something to do.
@frozen
public struct Twin<Vector: FloatVector>: VectorArithmetic {
    @usableFromInline var left: Vector
    @usableFromInline var right: Vector

    @inlinable @inline(__always) static var width: Int { 2 &* Vector.width }

    @inlinable @inline(__always)
    init(_ left: Vector, _ right: Vector) {
        self.left = left
        self.right = right
    }
    @inlinable @inline(__always)
    public init(repeating value: Float) { self.init(Vector(repeating: value), Vector(repeating: value)) }

    @inlinable @inline(__always)
    static func load(_ pointer: UnsafePointer<Float>) -> Self { Self(.load(pointer), .load(pointer + Vector.width)) }
    @inlinable @inline(__always)
    func store(_ pointer: UnsafeMutablePointer<Float>) {
        left.store(pointer)
        right.store(pointer + Vector.width)
    }

    @inlinable @inline(__always)
    func each(_ body: (Vector) -> Vector) -> Self { Self(body(left), body(right)) }
    @inlinable @inline(__always)
    func each(_ b: Self, _ body: (Vector, Vector) -> Vector) -> Self { Self(body(left, b.left), body(right, b.right)) }

    @inlinable @inline(__always) public static func + (a: Self, b: Self) -> Self { a.each(b) { $0 + $1 } }
    @inlinable @inline(__always) public static func - (a: Self, b: Self) -> Self { a.each(b) { $0 - $1 } }
    @inlinable @inline(__always) public static func * (a: Self, b: Self) -> Self { a.each(b) { $0 * $1 } }
    @inlinable @inline(__always) public static func / (a: Self, b: Self) -> Self { a.each(b) { $0 / $1 } }
    @inlinable @inline(__always) public static prefix func - (a: Self) -> Self { a.each { -$0 } }
    @inlinable @inline(__always)
    public static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self {
        Self(.multiplyAdd(a.left, b.left, c.left), .multiplyAdd(a.right, b.right, c.right))
    }
    @inlinable @inline(__always) public func squareRoot() -> Self { each { $0.squareRoot() } }
    @inlinable @inline(__always)
    public func less(_ numerator: Self, overRootOf v: Self, times factor: Self, plus epsilon: Self) -> Self {
        Self(
            left.less(numerator.left, overRootOf: v.left, times: factor.left, plus: epsilon.left),
            right.less(numerator.right, overRootOf: v.right, times: factor.right, plus: epsilon.right))
    }
    @inlinable @inline(__always) public func quotient(by divisor: Self) -> Self { each(divisor) { $0.quotient(by: $1) } }
    @inlinable @inline(__always) public func quotient(byOnePlus e: Self) -> Self { each(e) { $0.quotient(byOnePlus: $1) } }
    @inlinable @inline(__always) public func scaled(byPowerOfTwo n: Self) -> Self { each(n) { $0.scaled(byPowerOfTwo: $1) } }
    @inlinable @inline(__always) public func absolute() -> Self { each { $0.absolute() } }
    @inlinable @inline(__always)
    public static func whereGreater(_ a: Self, _ b: Self, _ x: Self, _ y: Self) -> Self {
        Self(.whereGreater(a.left, b.left, x.left, y.left), .whereGreater(a.right, b.right, x.right, y.right))
    }
    @inlinable @inline(__always)
    public static func whereAtMost(_ a: Self, _ b: Self, _ x: Self, _ y: Self) -> Self {
        Self(.whereAtMost(a.left, b.left, x.left, y.left), .whereAtMost(a.right, b.right, x.right, y.right))
    }
    @inlinable @inline(__always)
    public static func whereEqual(_ a: Self, _ b: Self, _ x: Self, _ y: Self) -> Self {
        Self(.whereEqual(a.left, b.left, x.left, y.left), .whereEqual(a.right, b.right, x.right, y.right))
    }
    @inlinable @inline(__always) public func signed(as other: Self) -> Self { each(other) { $0.signed(as: $1) } }
    @inlinable @inline(__always) public static func powerOfTwo(_ n: Self) -> Self { n.each { .powerOfTwo($0) } }
    @inlinable @inline(__always) public func exponentPart() -> Self { each { $0.exponentPart() } }
    @inlinable @inline(__always) public func mantissaPart() -> Self { each { $0.mantissaPart() } }
}
