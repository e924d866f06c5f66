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
    while i &+ V.width <= end {
        let g = V.load(t.gradient + i)
        let m = V.multiplyAdd(beta1, V.load(t.firstMoment + i), fresh1 * g)
        let v = V.multiplyAdd(beta2, V.load(t.secondMoment + i), fresh2 * (g * g))
        m.store(t.firstMoment + i)
        v.store(t.secondMoment + i)
        (V.load(t.parameters + i) - (step * m).dividedByRoot(of: v * correction2, plus: epsilon)).store(t.parameters + i)
        i &+= V.width
    }
    if i < end {
        let count = end &- i
        let g = V.load(t.gradient + i, count: count)
        let m = V.multiplyAdd(beta1, V.load(t.firstMoment + i, count: count), fresh1 * g)
        let v = V.multiplyAdd(beta2, V.load(t.secondMoment + i, count: count), fresh2 * (g * g))
        let p = V.load(t.parameters + i, count: count)
        m.store(t.firstMoment + i, count: count)
        v.store(t.secondMoment + i, count: count)
        (p - (step * m).dividedByRoot(of: v * correction2, plus: epsilon)).store(t.parameters + i, count: count)
    }
}
