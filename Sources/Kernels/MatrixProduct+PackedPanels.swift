// B packed beforehand, where it does not change from one product to the next: the weights that images are drawn with. Panels are
// eight vectors wide, twice as wide as a tile or more, because a product of a single row wants them so: at the end of each the
// processor guesses wrong (`MatrixProduct+Row.swift`). Tiles find their columns in them. What is left at the end are panels of half,
// a quarter … of the width, the last one filled up with zeros to a whole vector. But a single vector would take as long as four,
// each sum waiting for the one before, so the last whole panel is a vector wider instead.

public enum PackedPanels {
    @inlinable @inline(__always)
    static func width<V: FloatVector>(_ vector: V.Type) -> Int { Tuning.packedVectors &* V.width }

    /// The vectors of the panel behind which, and in which, are `left` columns.
    @inlinable @inline(__always)
    static func vectors<V: FloatVector>(_ vector: V.Type, left columns: Int) -> Int {
        var vectors = Tuning.packedVectors
        if isWider(V.self, columns) && columns <= width(V.self) &+ V.width { return vectors &+ 1 }
        while vectors > 1 && columns < vectors &* V.width { vectors /= 2 }
        return vectors
    }

    /// The panel that holds a column.
    @inlinable @inline(__always)
    static func panel<V: FloatVector>(_ vector: V.Type, of column: Int, _ columns: Int) -> (start: Int, width: Int) {
        var start = column / width(V.self) &* width(V.self)
        if isWider(V.self, columns) && columns &- start <= V.width { start &-= width(V.self) }
        var size = vectors(V.self, left: columns &- start) &* V.width
        while start &+ size <= column {
            start &+= size
            size = vectors(V.self, left: columns &- start) &* V.width
        }
        return (start, size)
    }

    /// Whether the last whole panel has a vector more.
    @inlinable @inline(__always)
    static func isWider<V: FloatVector>(_ vector: V.Type, _ columns: Int) -> Bool {
        columns > width(V.self) && (columns &- 1) / V.width % Tuning.packedVectors == 0
    }

    @inlinable @inline(__always)
    public static func pack<V: FloatVector>(
        _ vector: V.Type, _ arguments: UnsafePointer<MatrixProductArguments>, to packed: UnsafeMutablePointer<Float>
    ) {
        let t = arguments.pointee
        var column = 0
        while column < t.columns {
            let width = vectors(V.self, left: t.columns &- column) &* V.width
            packRows(
                V.self, t.b + column, stride: t.bInnerStride, inner: t.inner, columns: min(width, t.columns &- column),
                to: packed + t.inner &* column, panelWidth: width)
            column &+= width
        }
    }
}
