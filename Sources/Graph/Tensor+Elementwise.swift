// Elementwise arithmetic on tensors, with broadcasting: a shorter shape gets axes of length 1 in front, and axes of
// length 1 are repeated. The broadcast becomes a node of its own, so the operations below it see equal shapes only.

import Base

extension Tensor {
    public static func + (a: Tensor, b: Tensor) throws(GanError) -> Tensor { try combine(.add, a, b) }
    public static func - (a: Tensor, b: Tensor) throws(GanError) -> Tensor { try combine(.subtract, a, b) }
    public static func * (a: Tensor, b: Tensor) throws(GanError) -> Tensor { try combine(.multiply, a, b) }
    public static func / (a: Tensor, b: Tensor) throws(GanError) -> Tensor { try combine(.divide, a, b) }

    public static func + (a: Tensor, b: Float) throws(GanError) -> Tensor { try combine(.add, a, a.graph.constant(b, a.shape)) }
    public static func - (a: Tensor, b: Float) throws(GanError) -> Tensor { try combine(.subtract, a, a.graph.constant(b, a.shape)) }
    public static func * (a: Tensor, b: Float) throws(GanError) -> Tensor { try combine(.multiply, a, a.graph.constant(b, a.shape)) }
    public static func / (a: Tensor, b: Float) throws(GanError) -> Tensor { try combine(.divide, a, a.graph.constant(b, a.shape)) }
    public static func - (a: Float, b: Tensor) throws(GanError) -> Tensor { try combine(.subtract, b.graph.constant(a, b.shape), b) }
    public static func / (a: Float, b: Tensor) throws(GanError) -> Tensor { try combine(.divide, b.graph.constant(a, b.shape), b) }

    public func maximum(_ other: Tensor) throws(GanError) -> Tensor { try Self.combine(.maximum, self, other) }
    public func maximum(_ value: Float) throws(GanError) -> Tensor { try maximum(graph.constant(value, shape)) }
    public func minimum(_ other: Tensor) throws(GanError) -> Tensor { try Self.combine(.minimum, self, other) }
    /// self > other ? 1 : 0
    public func greater(_ other: Tensor) throws(GanError) -> Tensor { try Self.combine(.greater, self, other) }
    public func greater(_ value: Float) throws(GanError) -> Tensor { try greater(graph.constant(value, shape)) }
    /// self = other ? 1 : 0
    public func equal(_ other: Tensor) throws(GanError) -> Tensor { try Self.combine(.equal, self, other) }

    /// self ≠ 0 ? a : b
    public func select(_ a: Tensor, _ b: Tensor) throws(GanError) -> Tensor {
        let shape = try Self.common(Self.common(self.shape, a.shape), b.shape)
        return try graph.add(.select, [self.broadcast(to: shape), a.broadcast(to: shape), b.broadcast(to: shape)])
    }

    public func negated() throws(GanError) -> Tensor { try apply(.negate) }
    public func absolute() throws(GanError) -> Tensor { try apply(.absolute) }
    public func exponential() throws(GanError) -> Tensor { try apply(.exponential) }
    public func logarithm() throws(GanError) -> Tensor { try apply(.logarithm) }
    public func squareRoot() throws(GanError) -> Tensor { try apply(.squareRoot) }
    public func tanh() throws(GanError) -> Tensor { try apply(.tanh) }
    public func sigmoid() throws(GanError) -> Tensor { try apply(.sigmoid) }
    public func softplus() throws(GanError) -> Tensor { try apply(.softplus) }
    public func squared() throws(GanError) -> Tensor { try self * self }

    /// This tensor, taken as a constant by every gradient.
    public func withoutGradient() throws(GanError) -> Tensor { try graph.add(.withoutGradient, [self]) }

    public func apply(_ function: UnaryFunction) throws(GanError) -> Tensor { try graph.add(.unary(function), [self]) }

    public static func combine(_ function: BinaryFunction, _ a: Tensor, _ b: Tensor) throws(GanError) -> Tensor {
        let shape = try common(a.shape, b.shape)
        return try a.graph.add(.binary(function), [a.broadcast(to: shape), b.broadcast(to: shape)])
    }

    /// The shape that both broadcast to.
    static func common(_ a: Shape, _ b: Shape) throws(GanError) -> Shape {
        let rank = max(a.count, b.count)
        let p = Shape(repeating: 1, count: rank - a.count) + a
        let q = Shape(repeating: 1, count: rank - b.count) + b
        guard zip(p, q).allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 }) else {
            throw GanError(.internalError, "Shapes \(a) and \(b) do not broadcast to each other.")
        }
        return zip(p, q).map { max($0, $1) }
    }
}
