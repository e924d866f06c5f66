// Which window positions (taps) meet which elements of the source, along one axis.
//
// Both the convolution and its input gradient are dense sums along runs of the source: a result position q has `count` taps
// that fall inside the source, the first at source position `source`, each next one `sourceStep` further. Nothing is ever
// multiplied with the padding's zeros, nor (in the transposed convolution) with the zeros between strided elements.
//
// Along the source the taps of a forward convolution go up by one; those of an input gradient go down by m = stride / gcd(stride,
// dilation). Packed weights therefore have their taps in another order: by k mod m, then downwards. In it the taps of any run
// follow each other.

/// Result positions first, first + step, … (`length` of them) that have the same taps; their source positions advance evenly.
@frozen
public struct TapInterval {
    @usableFromInline var first: Int
    @usableFromInline var step: Int
    @usableFromInline var length: Int
    /// How many taps there are, and where the first one is in the packed order.
    @usableFromInline var count: Int
    @usableFromInline var tap: Int
    /// The source position of the first result position's first tap, and how much further the next result position's is.
    @usableFromInline var source: Int
    @usableFromInline var advance: Int
    @usableFromInline var reserved: Int = 0

    @inlinable @inline(__always)
    init(first: Int, step: Int, length: Int, count: Int, tap: Int, source: Int, advance: Int) {
        self.first = first
        self.step = step
        self.length = length
        self.count = count
        self.tap = tap
        self.source = source
        self.advance = advance
    }
}

/// An axis as one direction sees it.
@frozen
public struct TapAxis {
    @usableFromInline var axis: ConvolutionAxis
    @usableFromInline var transposed: Bool
    /// Lengths of what is read and of what is written.
    @usableFromInline var source: Int
    @usableFromInline var result: Int
    /// From one tap of a run to the next in the source.
    @usableFromInline var sourceStep: Int
    /// From one tap of a run to the next in the window, downwards (input gradient).
    @usableFromInline var tapStep: Int

    @inlinable @inline(__always)
    init(_ axis: ConvolutionAxis, transposed: Bool) {
        self.axis = axis
        self.transposed = transposed
        source = transposed ? axis.y : axis.x
        result = transposed ? axis.x : axis.y
        if transposed {
            var a = axis.stride
            var b = axis.dilation
            while b != 0 {
                let rest = a % b
                a = b
                b = rest
            }
            sourceStep = axis.dilation / a
            tapStep = axis.stride / a
        } else {
            sourceStep = axis.dilation
            tapStep = 1
        }
    }

    /// The place of window position `k` in the packed order.
    @inlinable @inline(__always)
    func packed(_ k: Int) -> Int {
        if !transposed { return k }
        let remainder = k % tapStep
        var before = 0
        var other = 0
        while other < remainder {
            before &+= (axis.window &- other &+ tapStep &- 1) / tapStep
            other &+= 1
        }
        let same = (axis.window &- remainder &+ tapStep &- 1) / tapStep
        return before &+ same &- 1 &- k / tapStep
    }

    /// The taps of one result position: (count, first in the packed order, first source position).
    @inlinable @inline(__always)
    func taps(_ q: Int) -> (count: Int, tap: Int, source: Int) {
        var count = 0
        var tap = 0
        var start = 0
        if transposed {
            var k = axis.window &- 1
            while k >= 0 {
                let distance = q &+ axis.padding &- k &* axis.dilation
                if distance >= 0 {
                    let o = distance / axis.stride
                    if o >= axis.y { break }
                    if o &* axis.stride == distance {
                        if count == 0 {
                            tap = packed(k)
                            start = o
                        }
                        count &+= 1
                    }
                }
                k &-= 1
            }
        } else {
            let origin = q &* axis.stride &- axis.padding
            let low = origin >= 0 ? 0 : (axis.dilation &- 1 &- origin) / axis.dilation
            let room = axis.x &- 1 &- origin
            if room >= 0 {
                let high = min(axis.window &- 1, room / axis.dilation)
                count = max(0, high &- low &+ 1)
                tap = low
                start = origin &+ low &* axis.dilation
            }
        }
        return (count, tap, start)
    }

    /// Writes the intervals of the axis, phase after phase; there are at most as many as result positions.
    @inlinable @inline(__always)
    func intervals(_ to: UnsafeMutablePointer<TapInterval>) -> Int {
        let phases = transposed ? min(axis.stride, result) : 1
        let step = transposed ? axis.stride : 1
        let advance = transposed ? 1 : axis.stride
        var found = 0
        var phase = 0
        while phase < phases {
            var q = phase
            var open = false
            while q < result {
                let (count, tap, start) = taps(q)
                if open {
                    let last = to[found &- 1]
                    let follows = count == last.count && (count == 0 || (tap == last.tap && start == last.source &+ last.length &* advance))
                    if follows {
                        to[found &- 1].length &+= 1
                        q &+= step
                        continue
                    }
                }
                to[found] = TapInterval(first: q, step: step, length: 1, count: count, tap: tap, source: start, advance: advance)
                found &+= 1
                open = true
                q &+= step
            }
            phase &+= 1
        }
        return found
    }
}
