import Base

/// NPY, the format of NumPy's arrays: a signature, the version, the length of a description, the description, which is a
/// dictionary as Python writes it, then the elements. (NumPy enhancement proposal 1; numpy.lib.format.)
enum NPY {
    static let signature: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// Descriptions of arrays of numbers have about a hundred bytes; NumPy itself refuses more than 10,000.
    private static let longestDescription = 1 << 16

    /// Reads and checks the header.
    ///
    /// - Parameter start: the first four bytes, read already.
    static func header(_ start: [UInt8], from source: ByteSource) throws(GanError) -> ArrayHeader {
        let path = source.path
        let head = start + (try source.bytes(4))
        guard head.starts(with: signature) else { throw GanError(.badFormat, "The file \"\(path)\" begins as NPY files do, and is none.") }
        guard (1...3).contains(head[6]) else {
            throw GanError(.badFormat, "The NPY file \"\(path)\" is of version \(head[6]); 1, 2 or 3 was expected.")
        }
        let width = head[6] == 1 ? 2 : 4
        let length = try source.bytes(width).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= longestDescription else {
            throw GanError(
                .badFormat, "The header of the NPY file \"\(path)\" claims to have \(length) bytes; at most \(longestDescription) are read.")
        }
        var description = Description(text: try source.bytes(length)[...], path: path)
        try description.parse()
        guard let type = description.type, let order = description.isFortranOrder, let axes = description.axes else {
            throw description.failure("lacks one of 'descr', 'fortran_order' and 'shape'")
        }
        let element = try element(type, path)
        guard !axes.isEmpty else { throw GanError(.badFormat, "The NPY file \"\(path)\" holds a single number; an array was expected.") }
        return try ArrayHeader(format: "NPY", element: element, axes: axes, isFortranOrder: order, headerSize: 8 + width + length, source: source)
    }

    /// What NumPy's letters mean: `<` or `>` for the byte order (`|` where there is none), a kind, and the size in bytes.
    private static func element(_ type: [UInt8], _ path: String) throws(GanError) -> ArrayElement {
        let kinds: [UInt8: (ArrayElement.Kind, [UInt8])] = [
            UInt8(ascii: "u"): (.unsigned, [1, 2, 4, 8]), UInt8(ascii: "i"): (.signed, [1, 2, 4, 8]),
            UInt8(ascii: "f"): (.float, [4, 8]), UInt8(ascii: "b"): (.boolean, [1]),
        ]
        let orders: [UInt8: Bool] = [
            UInt8(ascii: "<"): false, UInt8(ascii: ">"): true, UInt8(ascii: "|"): false, UInt8(ascii: "="): 1.littleEndian != 1,
        ]
        guard type.count == 3, let isBigEndian = orders[type[0]], let (kind, sizes) = kinds[type[1]],
            sizes.contains(type[2] &- UInt8(ascii: "0"))
        else {
            throw GanError(
                .badFormat,
                "The elements of the NPY file \"\(path)\" are of the type '\(FilePath.text(type.prefix(40)))'; booleans, integers and floats of 4 or 8 bytes are read: save array.astype(numpy.float32) instead.")
        }
        return ArrayElement(kind: kind, size: Int(type[2] - UInt8(ascii: "0")), isBigEndian: isBigEndian)
    }
}

/// The dictionary, as far as `numpy.save` can have written it.
private struct Description {
    private var rest: ArraySlice<UInt8>
    private let path: String
    private(set) var type: [UInt8]?
    private(set) var isFortranOrder: Bool?
    private(set) var axes: [Int]?

    init(text: ArraySlice<UInt8>, path: String) {
        rest = text
        self.path = path
    }

    func failure(_ what: String) -> GanError { GanError(.badFormat, "The header of the NPY file \"\(path)\" \(what).") }

    private func misread() -> GanError { failure("is not the description of an array of numbers") }

    mutating func parse() throws(GanError) {
        try expect("{")
        while !take("}") {
            let key = try quoted()
            try expect(":")
            if key.elementsEqual("descr".utf8), type == nil {
                guard first == UInt8(ascii: "'") || first == UInt8(ascii: "\"") else {
                    throw failure("describes records of several fields; an array of plain numbers was expected")
                }
                type = try quoted()
            } else if key.elementsEqual("fortran_order".utf8), isFortranOrder == nil {
                isFortranOrder = try truth()
            } else if key.elementsEqual("shape".utf8), axes == nil {
                axes = try tuple()
            } else {
                throw misread()
            }
            if !take(",") {
                try expect("}")
                break
            }
        }
        skipSpace()
        guard rest.isEmpty else { throw misread() }
    }

    private var first: UInt8? { rest.first { $0 != UInt8(ascii: " ") } }

    private mutating func skipSpace() {
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
    }

    private mutating func take(_ text: StaticString) -> Bool {
        skipSpace()
        let length = text.utf8CodeUnitCount
        guard text.withUTF8Buffer({ rest.starts(with: $0) }) else { return false }
        rest = rest.dropFirst(length)
        return true
    }

    private mutating func expect(_ text: StaticString) throws(GanError) {
        guard take(text) else { throw misread() }
    }

    private mutating func quoted() throws(GanError) -> [UInt8] {
        skipSpace()
        guard let mark = rest.popFirst(), mark == UInt8(ascii: "'") || mark == UInt8(ascii: "\"") else { throw misread() }
        guard let end = rest.firstIndex(of: mark) else { throw misread() }
        let text = Array(rest[..<end])
        rest = rest[(end + 1)...]
        return text
    }

    private mutating func truth() throws(GanError) -> Bool {
        if take("True") { return true }
        try expect("False")
        return false
    }

    private mutating func tuple() throws(GanError) -> [Int] {
        var sizes: [Int] = []
        try expect("(")
        while !take(")") {
            skipSpace()
            let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard !digits.isEmpty, sizes.count < 64 else { throw misread() }
            var size = 0
            for digit in digits {
                let (ten, overflow) = size.multipliedReportingOverflow(by: 10)
                let (sum, again) = ten.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
                guard !overflow, !again else { throw failure("claims an axis of more elements than any file can hold") }
                size = sum
            }
            rest = rest[digits.endIndex...]
            _ = take("L")  // as Python 2 wrote long numbers
            sizes.append(size)
            if !take(",") {
                try expect(")")
                break
            }
        }
        return sizes
    }
}
