// Data sets as files that `Dataset.open` reads again.

import Base

extension Dataset {
    /// Writes all items, in the data's own values: NPY where the name ends in ".npy", else IDX. Rows of numbers are [count, width],
    /// grey pictures [count, height, width], others [count, height, width, channels]; clips and volumes have their frames, or depth, in front
    /// of the height.
    ///
    /// - Parameter labels: Where the labels go, in the same formats; nil for nowhere.
    /// - Throws: `.mismatch` for floats as IDX, for labels where there are none and for data that a callback delivers; `.outOfRange`
    ///   for more than IDX counts; what files throw. The labels are written first, so that images never lie without them.
    public func write(to path: String, labels labelPath: String?) throws(GanError) {
        let isNPY = Self.isNPY(path)
        // Clips and volumes have an axis more than they are told by as pictures.
        var axes = [count] + (columns[0].field.axes.count > 3 ? columns[0].field.axes : shape.axes)
        if axes.last == 1 { axes.removeLast() }
        if shape.channels == 1, shape.height == 1 { axes.remove(at: 1) }
        let header: [UInt8]
        let values: UnsafeRawBufferPointer
        switch storage {
        case .bytes(let bytes):
            header = isNPY ? NPY.header("u1", axes: axes) : IDX.header(.unsignedByte, axes: try Self.counts(axes))
            values = UnsafeRawBufferPointer(start: bytes, count: count * shape.elements)
        case .floats(let floats):
            guard isNPY else {
                throw GanError(.mismatch, "The data set holds floats, which \"\(path)\" as IDX is not for; give a name that ends in .npy.")
            }
            header = NPY.header("f4", axes: axes)
            values = UnsafeRawBufferPointer(UnsafeBufferPointer(start: floats, count: count * shape.elements))
        case .patches:
            throw GanError(.mismatch, "The data set is patches of pictures, which every epoch cuts elsewhere, and not one set of items that could be written.")
        case .table(let rows):
            guard labelPath == nil else { throw GanError(.mismatch, "A table has no labels beside its rows.") }
            return try TableWriter.write(rows.table, to: path)
        case .callback, .indices:
            throw GanError(.mismatch, "The data set is delivered by a callback, batch by batch, and is in no memory that could be written.")
        }
        if let labelPath { try writeLabels(to: labelPath) }
        let file = try AtomicFile(path: path)
        try file.write(header)
        try file.write(values)
        try file.commit()
        withExtendedLifetime(self) {}
    }

    private func writeLabels(to path: String) throws(GanError) {
        guard let labels else { throw GanError(.mismatch, "The data set has no labels that \"\(path)\" could hold.") }
        let file = try AtomicFile(path: path)
        if Self.isNPY(path) {
            try file.write(NPY.header("i4", axes: [count]))
            try file.write(UnsafeRawBufferPointer(UnsafeBufferPointer(start: labels, count: count)))
        } else {
            // MNIST's are bytes.
            let isByte = classCount <= 256
            try file.write(IDX.header(isByte ? .unsignedByte : .int32, axes: try Self.counts([count])))
            var piece: [UInt8] = []
            piece.reserveCapacity(1 << 16)
            for item in 0..<count {
                let label = UInt32(bitPattern: labels[item])
                for shift in isByte ? [0] : [24, 16, 8, 0] as [UInt32] { piece.append(UInt8(truncatingIfNeeded: label >> shift)) }
                if piece.count > (1 << 16) - 4 || item == count - 1 {
                    try file.write(piece)
                    piece.removeAll(keepingCapacity: true)
                }
            }
        }
        try file.commit()
    }

    private static func isNPY(_ path: String) -> Bool { path.utf8.suffix(4).elementsEqual(".npy".utf8) }

    /// Sizes in the 32 bits that IDX has for each.
    private static func counts(_ axes: [Int]) throws(GanError) -> [UInt32] {
        var counts: [UInt32] = []
        for axis in axes {
            guard let size = UInt32(exactly: axis) else { throw GanError(.outOfRange, "IDX holds at most \(UInt32.max) along an axis; there are \(axis).") }
            counts.append(size)
        }
        return counts
    }
}
