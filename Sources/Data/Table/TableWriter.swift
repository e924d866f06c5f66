// Tables as comma-separated values (RFC 4180), which `Table.read` reads again.

import Base

public enum TableWriter {
    /// Cells with commas between them and a line end behind; quotation marks where a cell needs some.
    public static func append(_ cells: some Sequence<String>, to bytes: inout [UInt8]) {
        var count = 0
        let start = bytes.count
        for cell in cells {
            if count > 0 { bytes.append(UInt8(ascii: ",")) }
            count += 1
            let utf8 = cell.utf8
            let isPlain = utf8.allSatisfy { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
                && utf8.first != UInt8(ascii: " ") && utf8.last != UInt8(ascii: " ")
            if isPlain {
                bytes += utf8
                continue
            }
            bytes.append(UInt8(ascii: "\""))
            for byte in utf8 {
                if byte == UInt8(ascii: "\"") { bytes.append(byte) }
                bytes.append(byte)
            }
            bytes.append(UInt8(ascii: "\""))
        }
        // A line of nothing would be passed over by those who read it.
        if count == 1, bytes.count == start { bytes += [UInt8(ascii: "\""), UInt8(ascii: "\"")] }
        bytes.append(UInt8(ascii: "\n"))
    }

    static func write(_ table: Table, to path: String) throws(GanError) {
        let file = try AtomicFile(path: path)
        var piece: [UInt8] = []
        append(table.columns.lazy.map(\.name), to: &piece)
        for row in 0..<table.count {
            append(table.columns.lazy.map { $0.text(row) }, to: &piece)
            if piece.count >= 1 << 16 {
                try file.write(piece)
                piece.removeAll(keepingCapacity: true)
            }
        }
        try file.write(piece)
        try file.commit()
    }
}

extension Table.Column {
    /// A cell as text.
    public func text(_ row: Int) -> String {
        switch cells {
        case .codes(let codes, let names):
            let code = Int(codes.pointer[row])
            return names.indices.contains(code) ? names[code] : missingText
        case .numbers(let numbers, let form):
            let value = numbers.pointer[row]
            return value.isNaN ? missingText : form.text(value)
        }
    }
}
