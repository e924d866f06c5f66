import CGanShims

// The input gradient of a convolution from an image of few channels (1 or 3): the last layer of a generator. Vectors along the
// result's channels would be mostly empty, but those of all taps together fill them. So each line of y is multiplied with the
// weights of all taps at once,
//
//     t[position of y, (tap, channel of x)] = Σ_c y[position, c] · w[tap, channel, c],
//
// and every element of the result is the sum of the t that belong to it. t is turned round, so that a vector runs along the
// positions, and added to sums that are kept by window position along the x axis: [line, (kx, channel), position], where
// all additions are aligned. A finished line is put together from them, phase by phase of the stride.

/// Sizes of such a product; a function of the geometry alone.
@frozen
public struct ScatterPlan {
    @usableFromInline var columns: Int
    /// Window positions along the x axis.
    @usableFromInline var window: Int
    /// Positions of a line of y, in whole vectors.
    @usableFromInline var width: Int
    @usableFromInline var columnWidth: Int
    /// The furthest window position, in strides.
    @usableFromInline var reach: Int
    /// From one row of sums to the next: zeros before and behind the positions, for windows that reach over the edge.
    @usableFromInline var margin: Int
    @usableFromInline var pitch: Int
    @usableFromInline var lineFloats: Int
    /// Lines of the result that are summed at a time.
    @usableFromInline var band: Int
    @usableFromInline var lines: Int

    @inlinable @inline(__always)
    init<V: FloatVector>(_ vector: V.Type, _ t: ConvolutionArguments) {
        columns = t.z.window &* t.y.window &* t.x.window &* t.inChannels
        window = t.x.window
        width = (t.x.y &+ V.width &- 1) / V.width &* V.width
        columnWidth = (columns &+ 2 &* V.width &- 1) / (2 &* V.width) &* 2 &* V.width
        reach = (t.x.window &- 1) &* t.x.dilation / t.x.stride
        margin = (reach &+ V.width &- 1) / V.width &* V.width
        pitch = margin &+ (t.x.y &+ reach &+ V.width &- 1) / V.width &* V.width &+ V.width
        lineFloats = t.x.window &* t.inChannels &* pitch
        lines = t.z.x &* t.y.x
        band = min(max(lines, 1), max(8, Tuning.scatterBand / lineFloats))
    }

    /// One run, and one for each window position: its phase and its slot.
    @inlinable @inline(__always)
    var headFloats: Int { ((window &+ 1) &* 6 &+ 15) & ~15 }

    @inlinable @inline(__always)
    func workspace<V: FloatVector>(_ vector: V.Type) -> Int {
        16 &+ headFloats &+ 2 &* V.width &+ width &* columnWidth &+ columnWidth &* width &+ band &* lineFloats
    }
}

/// This part's lines of the result.
@inlinable @inline(never)
func scatterImages<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<ConvolutionArguments>, _ part: Int, _ parts: Int,
    _ workspace: UnsafeMutablePointer<Float>
) {
    let t = arguments.pointee
    let plan = ScatterPlan(V.self, t)
    if t.x.y <= 0 || t.outChannels <= 0 { return }
    let all = t.batch &* plan.lines
    let head = UnsafeMutableRawPointer(workspace).assumingMemoryBound(to: InnerRun.self)
    head[0] = InnerRun(a: 0, b: 0, count: t.outChannels)
    for kx in 0..<t.x.window {
        let distance = kx &* t.x.dilation
        head[1 &+ kx] = InnerRun(a: distance % t.x.stride, b: distance / t.x.stride, count: 0)
    }
    var line = all &* part / parts
    let end = all &* (part &+ 1) / parts
    while line < end {
        let image = line / plan.lines
        let first = line &- image &* plan.lines
        let last = min(min(first &+ plan.band, plan.lines), first &+ end &- line)
        scatterBand(V.self, arguments, plan, image: image, lines: first, to: last, workspace)
        line &+= last &- first
    }
}

/// Lines `first` ..< `last` of an image of the result.
@inlinable @inline(never)
func scatterBand<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<ConvolutionArguments>, _ plan: ScatterPlan, image: Int, lines first: Int,
    to last: Int, _ workspace: UnsafeMutablePointer<Float>
) {
    let t = arguments.pointee
    let products = workspace + plan.headFloats + 2 &* V.width
    let turned = products + plan.width &* plan.columnWidth
    let sums = turned + plan.columnWidth &* plan.width
    var i = 0
    while i < (last &- first) &* plan.lineFloats {
        V.zero.store(sums + i)
        i &+= V.width
    }
    // Planes of the result in the band, and its lines where they are all in one plane.
    let firstPlane = first / t.y.x
    let lastPlane = (last &- 1) / t.y.x
    let firstLine = firstPlane == lastPlane ? first &- firstPlane &* t.y.x : 0
    let lastLine = firstPlane == lastPlane ? last &- 1 &- firstPlane &* t.y.x : t.y.x &- 1
    for oz in 0..<t.z.y {
        let z = oz &* t.z.stride &- t.z.padding
        if z > lastPlane || z &+ (t.z.window &- 1) &* t.z.dilation < firstPlane { continue }
        for oy in 0..<t.y.y {
            let y = oy &* t.y.stride &- t.y.padding
            if y > lastLine || y &+ (t.y.window &- 1) &* t.y.dilation < firstLine { continue }
            let source = t.source + ((image &* t.z.y &+ oz) &* t.y.y &+ oy) &* t.x.y &* t.outChannels
            multiplyLine(V.self, arguments, plan, source, workspace, products, turned)
            for kz in 0..<t.z.window {
                let iz = z &+ kz &* t.z.dilation
                if iz < 0 || iz >= t.z.x { continue }
                for ky in 0..<t.y.window {
                    let iy = y &+ ky &* t.y.dilation
                    let line = iz &* t.y.x &+ iy
                    if iy < 0 || iy >= t.y.x || line < first || line >= last { continue }
                    addLine(
                        V.self, turned + (kz &* t.y.window &+ ky) &* t.x.window &* t.inChannels &* plan.width, width: plan.width,
                        rows: t.x.window &* t.inChannels, to: sums + ((line &- first) &* plan.lineFloats &+ plan.margin),
                        pitch: plan.pitch)
                }
            }
        }
    }
    for line in first..<last {
        finishLine(V.self, arguments, plan, sums + (line &- first) &* plan.lineFloats, workspace, result: image &* plan.lines &+ line)
    }
}

/// t of one line of y, turned round: [(tap, channel), position], zero behind the last position.
@inlinable @inline(never)
func multiplyLine<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<ConvolutionArguments>, _ plan: ScatterPlan, _ source: UnsafePointer<Float>,
    _ workspace: UnsafeMutablePointer<Float>, _ products: UnsafeMutablePointer<Float>, _ turned: UnsafeMutablePointer<Float>
) {
    let t = arguments.pointee
    let run = UnsafeMutableRawPointer(workspace).assumingMemoryBound(to: InnerRun.self)
    let positions = t.x.y
    let tiles = (positions &+ V.tileRows &- 1) / V.tileRows
    let height = positions / tiles
    let taller = positions &- height &* tiles
    // The next line is read soon.
    let next = source + positions &* t.outChannels
    var i = 0
    while i < positions &* t.outChannels {
        gan_prefetch_second_level(next + i)
        i &+= 16
    }
    var column = 0
    while column < plan.columns {
        let vectors = plan.columns &- column > V.width ? 2 : 1
        var row = 0
        for tile in 0..<tiles {
            let rows = tile < taller ? height &+ 1 : height
            multiply(
                V.self, rows: rows, vectors: vectors,
                RunTile(
                    a: source + row &* t.outChannels, aRowStride: t.outChannels,
                    b: UnsafePointer(t.packed) + column &* t.outChannels, runs: UnsafePointer(run), runCount: 1,
                    sums: products + (row &* plan.columnWidth &+ column), sumsStride: plan.columnWidth))
            row &+= rows
        }
        column &+= 2 &* V.width
    }
    // Rows behind the last position.
    for row in positions..<plan.width {
        var i = 0
        while i < plan.columnWidth {
            V.zero.store(products + (row &* plan.columnWidth &+ i))
            i &+= V.width
        }
    }
    var position = 0
    while position < plan.width {
        var column = 0
        while column < plan.columns {
            V.transpose(
                UnsafePointer(products) + (position &* plan.columnWidth &+ column), stride: plan.columnWidth,
                rows: V.width, to: turned + (column &* plan.width &+ position), columns: plan.width)
            column &+= V.width
        }
        position &+= V.width
    }
}

@inlinable @inline(__always)
func addLine<V: FloatVector>(
    _ vector: V.Type, _ from: UnsafePointer<Float>, width: Int, rows: Int, to sums: UnsafeMutablePointer<Float>, pitch: Int
) {
    for row in 0..<rows {
        var i = 0
        while i < width {
            let sum = sums + (row &* pitch &+ i)
            (V.load(sum) + V.load(from + (row &* width &+ i))).store(sum)
            i &+= V.width
        }
    }
}

/// Puts a line of the result together and writes it back. Position x of the result lies at slot (x + padding) / stride of phase
/// (x + padding) % stride; window position kx reaches it from the position of y that is kx · dilation / stride before the slot.
@inlinable @inline(never)
func finishLine<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<ConvolutionArguments>, _ plan: ScatterPlan, _ sums: UnsafePointer<Float>,
    _ workspace: UnsafeMutablePointer<Float>, result line: Int
) {
    let t = arguments.pointee
    let windows = UnsafeMutableRawPointer(workspace).assumingMemoryBound(to: InnerRun.self) + 1
    let lanes = workspace + plan.headFloats
    let outputs = lanes + V.width
    let slope = V(repeating: t.slope)
    let start = line &* t.x.x &* t.inChannels
    // Stores could reach what the compiler would have to read again.
    let (window, channels, pitch, margin) = (t.x.window, t.inChannels, plan.pitch, plan.margin)
    let slotEnd = t.x.y &+ plan.reach
    for phase in 0..<min(t.x.stride, t.x.padding &+ t.x.x) {
        let shift = phase &- t.x.padding
        // The slots whose position lies in the image.
        let firstSlot = shift >= 0 ? 0 : (t.x.stride &- 1 &- shift) / t.x.stride
        let room = t.x.x &- 1 &- shift
        let lastSlot = room < 0 ? -1 : room / t.x.stride
        for channel in 0..<t.inChannels {
            var slot = firstSlot
            while slot <= lastSlot {
                let count = min(V.width, lastSlot &- slot &+ 1)
                var value = V.zero
                var kx = 0
                while kx < window {
                    // Beyond the last slot that any window reaches there are no sums.
                    if windows[kx].a == phase && slot < slotEnd {
                        value = value + V.load(sums + ((kx &* channels &+ channel) &* pitch &+ margin &+ slot &- windows[kx].b))
                    }
                    kx &+= 1
                }
                if let bias = t.bias { value = value + V(repeating: bias[channel]) }
                value = activate(value, t.activation, slope: slope)
                let to = start &+ (slot &* t.x.stride &+ shift) &* t.inChannels &+ channel
                let step = t.x.stride &* t.inChannels
                if let y = t.derivativeOf {
                    for i in 0..<count { outputs[i] = y[to &+ i &* step] }
                    value = value * derivative(V.load(outputs), t.derivativeActivation, slope: slope)
                }
                value.store(lanes)
                for i in 0..<count { t.result[to &+ i &* step] = lanes[i] }
                slot &+= V.width
            }
        }
    }
}
