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
    let rate = V(repeating: t.scalars[0])
    let correction1 = V(repeating: t.scalars[1])
    let correction2 = V(repeating: t.scalars[2])
    let beta1 = V(repeating: t.beta1)
    let beta2 = V(repeating: t.beta2)
    let fresh1 = V(repeating: t.complement1)
    let fresh2 = V(repeating: t.complement2)
    let epsilon = V(repeating: t.epsilon)
    let step = rate * correction1
    var i = start
    while i < end {
        let count = min(V.width, end &- i)
        let g = V.loadUpTo(t.gradient + i, count)
        let m = V.multiplyAdd(beta1, V.loadUpTo(t.firstMoment + i, count), fresh1 * g)
        let v = V.multiplyAdd(beta2, V.loadUpTo(t.secondMoment + i, count), fresh2 * (g * g))
        let p = V.loadUpTo(t.parameters + i, count)
        let change = step * m / ((v * correction2).squareRoot() + epsilon)
        m.storeUpTo(t.firstMoment + i, count)
        v.storeUpTo(t.secondMoment + i, count)
        (p - change).storeUpTo(t.parameters + i, count)
        i &+= V.width
    }
}
