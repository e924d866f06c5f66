/// Kingma & Ba, "Adam: a method for stochastic optimization" (2015), algorithm 1.
@inlinable @inline(__always)
public func adam<V: FloatVector>(_ vector: V.Type, _ arguments: UnsafePointer<AdamArguments>, _ part: Int, _ parts: Int) {
    let t = arguments.pointee
    if t.count <= 0 { return }
    // Whole cache lines to each part.
    let lines = (t.count &+ 15) / 16
    let start = lines &* part / parts &* 16
    let end = min(lines &* (part &+ 1) / parts &* 16, t.count)
    if start < end { adamRange(V.self, t, start, end) }
}

@inlinable @inline(never)
func adamRange<V: FloatVector>(_ vector: V.Type, _ t: AdamArguments, _ start: Int, _ end: Int) {
    AdamStep<V>(t).take(start, end, gradient: t.gradient + start)
}

/// The numbers of a step of Adam in registers.
@frozen
public struct AdamStep<V: FloatVector> {
    @usableFromInline let t: AdamArguments
    @usableFromInline let step: V
    @usableFromInline let correction2: V
    @usableFromInline let beta1: V
    @usableFromInline let beta2: V
    @usableFromInline let complement1: V
    @usableFromInline let complement2: V
    @usableFromInline let epsilon: V

    @inlinable @inline(__always)
    init(_ t: AdamArguments) {
        self.t = t
        step = V(repeating: t.scalars[0]) * V(repeating: t.scalars[1])
        correction2 = V(repeating: t.scalars[2])
        beta1 = V(repeating: t.beta1)
        beta2 = V(repeating: t.beta2)
        complement1 = V(repeating: t.complement1)
        complement2 = V(repeating: t.complement2)
        epsilon = V(repeating: t.epsilon)
    }

    /// Parameters `start` ..< `end`, whose gradients begin at `gradient`.
    @inlinable @inline(__always)
    func take(_ start: Int, _ end: Int, gradient: UnsafePointer<Float>) {
        let (p, first, second) = (t.parameters + start, t.firstMoment + start, t.secondMoment + start)
        let count = end &- start
        var i = 0
        while i &+ Twin<V>.width <= count {
            let g = Twin<V>.load(gradient + i)
            let m = Twin.multiplyAdd(Twin(beta1, beta1), .load(first + i), Twin(complement1, complement1) * g)
            let v = Twin.multiplyAdd(Twin(beta2, beta2), .load(second + i), Twin(complement2, complement2) * (g * g))
            m.store(first + i)
            v.store(second + i)
            Twin.load(p + i).less(
                Twin(step, step) * m, overRootOf: v, times: Twin(correction2, correction2), plus: Twin(epsilon, epsilon)
            ).store(p + i)
            i &+= Twin<V>.width
        }
        while i &+ V.width <= count {
            let g = V.load(gradient + i)
            let m = V.multiplyAdd(beta1, V.load(first + i), complement1 * g)
            let v = V.multiplyAdd(beta2, V.load(second + i), complement2 * (g * g))
            m.store(first + i)
            v.store(second + i)
            V.load(p + i).less(step * m, overRootOf: v, times: correction2, plus: epsilon).store(p + i)
            i &+= V.width
        }
        if i < count {
            let rest = count &- i
            let g = V.load(gradient + i, count: rest)
            let m = V.multiplyAdd(beta1, V.load(first + i, count: rest), complement1 * g)
            let v = V.multiplyAdd(beta2, V.load(second + i, count: rest), complement2 * (g * g))
            let old = V.load(p + i, count: rest)
            m.store(first + i, count: rest)
            v.store(second + i, count: rest)
            old.less(step * m, overRootOf: v, times: correction2, plus: epsilon).store(p + i, count: rest)
        }
    }
}
