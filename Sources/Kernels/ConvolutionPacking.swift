// Packed weights: the matrix [taps · source channels, result channels] that forward convolution and input gradient multiply
// patches of the source with, in panels as wide as a tile (two vectors, the last one perhaps only one), each row by row. Taps
// are in the order of ConvolutionTaps.swift. Where there are so few result channels that vectors run along the inner dimension
// instead (ConvolutionFewColumns.swift), each column is packed by itself.

/// Sizes of a forward convolution's or an input gradient's weights as a matrix.
@frozen
public struct WeightMatrix {
    @usableFromInline var transposed: Bool
    @usableFromInline var sourceChannels: Int
    @usableFromInline var columns: Int
    @usableFromInline var taps: Int
    @usableFromInline var fewColumns: Bool
    /// All taps' columns are computed at once (ConvolutionScatter.swift); the taps are in their natural order then.
    @usableFromInline var scatters: Bool
    /// Two vectors.
    @usableFromInline var panelWidth: Int
    @usableFromInline var vectorWidth: Int

    @inlinable @inline(__always)
    init<V: FloatVector>(_ vector: V.Type, _ t: ConvolutionArguments) {
        transposed = t.kind == .inputGradient
        sourceChannels = transposed ? t.outChannels : t.inChannels
        columns = transposed ? t.inChannels : t.outChannels
        taps = t.z.window &* t.y.window &* t.x.window
        fewColumns = columns <= 4 && 2 &* columns < V.width
        scatters = fewColumns && transposed && 2 &* taps &* columns > V.width
        panelWidth = 2 &* V.width
        vectorWidth = V.width
    }

    @inlinable @inline(__always)
    var inner: Int { taps &* sourceChannels }

    @inlinable @inline(__always)
    var panels: Int { (columns &+ panelWidth &- 1) / panelWidth }

    /// The panel's columns in vectors.
    @inlinable @inline(__always)
    func vectors(_ panel: Int) -> Int { columns &- panel &* panelWidth > vectorWidth ? 2 : 1 }
}

/// Fills this part's share of the packed weights.
@inlinable @inline(__always)
public func convolutionPacking<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<ConvolutionArguments>, _ part: Int, _ parts: Int
) {
    if arguments.pointee.kind == .weightGradient { return }
    if arguments.pointee.isWinograd { return packWinograd(V.self, arguments, part, parts) }
    packWeights(V.self, arguments, part, parts)
}

@inlinable @inline(never)
func packWeights<V: FloatVector>(
    _ vector: V.Type, _ arguments: UnsafePointer<ConvolutionArguments>, _ part: Int, _ parts: Int
) {
    let t = arguments.pointee
    let matrix = WeightMatrix(V.self, t)
    if matrix.scatters {
        // [out, (tap, in)]: the weights as they are, turned round.
        let columns = matrix.taps &* t.inChannels
        let panels = (columns &+ matrix.panelWidth &- 1) / matrix.panelWidth
        for panel in (panels &* part / parts)..<(panels &* (part &+ 1) / parts) {
            let column = panel &* matrix.panelWidth
            let left = columns &- column
            packColumns(
                V.self, t.other + column &* t.outChannels, stride: t.outChannels, inner: t.outChannels,
                columns: min(matrix.panelWidth, left), to: t.packed + column &* t.outChannels,
                panelWidth: left > V.width ? matrix.panelWidth : V.width)
        }
        return
    }
    let z = TapAxis(t.z, transposed: matrix.transposed)
    let y = TapAxis(t.y, transposed: matrix.transposed)
    let x = TapAxis(t.x, transposed: matrix.transposed)
    let panels = matrix.fewColumns ? 1 : matrix.panels
    let items = matrix.taps &* panels
    let channels = matrix.sourceChannels
    var item = items &* part / parts
    let end = items &* (part &+ 1) / parts
    while item < end {
        let panel = item / matrix.taps
        let tap = item % matrix.taps
        let kx = tap % t.x.window
        let ky = tap / t.x.window % t.y.window
        let kz = tap / t.x.window / t.y.window
        let place = (z.packed(kz) &* t.y.window &+ y.packed(ky)) &* t.x.window &+ x.packed(kx)
        let w = t.other + tap &* t.inChannels &* t.outChannels
        if matrix.fewColumns {
            for column in 0..<matrix.columns {
                let to = t.packed + (column &* matrix.inner &+ place &* channels)
                let from = matrix.transposed ? w + column &* t.outChannels : w + column
                let stride = matrix.transposed ? 1 : t.outChannels
                for i in 0..<channels { to[i] = from[i &* stride] }
            }
        } else {
            let column = panel &* matrix.panelWidth
            let width = matrix.vectors(panel) &* V.width
            let columns = min(width, matrix.columns &- column)
            let to = t.packed + (panel &* matrix.inner &* matrix.panelWidth &+ place &* channels &* width)
            if matrix.transposed {
                packColumns(
                    V.self, w + column &* t.outChannels, stride: t.outChannels, inner: channels, columns: columns, to: to, panelWidth: width)
            } else {
                packRows(V.self, w + column, stride: t.outChannels, inner: channels, columns: columns, to: to, panelWidth: width)
            }
        }
        item &+= 1
    }
}
