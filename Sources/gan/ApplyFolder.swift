// What `gan apply` makes of a folder: every picture below it, under its name in its sub-folder, and the list beside them, so that data with
// labels are data with labels afterwards.
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The pictures below a folder.
struct PictureFolder {
    /// Relative to the folder, in the order in which they are read.
    let names: [String]
    /// What is said of them beside them; nil where nothing is.
    let list: PictureList?

    /// As deep as the library follows folders.
    private static let depthLimit = 16

    init(_ folder: String) throws {
        var names: [String] = []
        try Self.walk(folder, "", above: [], into: &names)
        self.names = names
        list = try PictureList.of(folder)
    }

    /// What a picture is called that is made of the one of this name.
    static func madeName(_ name: String) -> String {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return (parts.dropLast().map { String($0) } + [Paths.withoutExtension(String(parts.last ?? "")) + ".png"]).joined(separator: "/")
    }

    /// The folders that pictures lie in, relative; "" for the folder itself.
    var folders: [String] {
        var seen: Set<String> = []
        return names.map { $0.split(separator: "/").dropLast().joined(separator: "/") }.filter { seen.insert($0).inserted }
    }

    private struct Identity: Hashable {
        let device, number: UInt64

        init?(_ path: String) {
            var information = stat()
            guard stat(path, &information) == 0 else { return nil }
            (device, number) = (UInt64(truncatingIfNeeded: information.st_dev), UInt64(truncatingIfNeeded: information.st_ino))
        }
    }

    /// A folder's own pictures come first, then those of its sub-folders. A link back to a folder above is not followed for ever.
    private static func walk(_ folder: String, _ relative: String, above: Set<Identity>, into names: inout [String]) throws {
        guard above.count < depthLimit, let identity = Identity(folder), !above.contains(identity) else { return }
        for name in try Paths.pictures(in: folder) { names.append(relative + name) }
        for name in try Paths.folders(in: folder) {
            try walk(Paths.join(folder, name), relative + name + "/", above: above.union([identity]), into: &names)
        }
    }
}

/// A list of pictures, metadata.csv or metadata.jsonl.
struct PictureList {
    let name: String
    private let bytes: [UInt8]

    private init(name: String, bytes: [UInt8]) {
        (self.name, self.bytes) = (name, bytes)
    }

    /// Nil where there is none, or one that is about something else.
    static func of(_ folder: String) throws -> PictureList? {
        for name in ["metadata.csv", "metadata.jsonl"] {
            let path = Paths.join(folder, name)
            guard Paths.exists(path), !Paths.isFolder(path) else { continue }
            guard let bytes = Paths.bytes(path) else { throw Failure(Exit.noInput, "\"\(path)\" cannot be read: \(systemError(errno)).") }
            let list = PictureList(name: name, bytes: bytes)
            if list.renamed(leavingOut: []) != nil { return list }
        }
        return nil
    }

    /// With the names that pictures get, and without those that were left out; all else stays as it is, byte for byte.
    func renamed(leavingOut leftOut: Set<String>) -> [UInt8]? {
        let leftOut = Set(leftOut.map { Array($0.utf8) })
        return name.hasSuffix(".csv") ? csv(leftOut) : lines(leftOut)
    }

    private static let (quote, point, slash, backslash, comma) =
        (UInt8(ascii: "\""), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: ","))

    /// A name with the ending .png.
    private static func png(_ name: ArraySlice<UInt8>) -> [UInt8] {
        let last = name.lastIndex(of: slash).map { $0 + 1 } ?? name.startIndex
        guard let end = name.lastIndex(of: point), end > last else { return Array(name) }
        return Array(name[..<end]) + Array(".png".utf8)
    }

    /// A name as the walk through the folder has it.
    private static func plain(_ name: ArraySlice<UInt8>) -> [UInt8] {
        var name = name
        while name.starts(with: [point, slash]) { name = name.dropFirst(2) }
        return Array(name)
    }

    private func csv(_ leftOut: Set<[UInt8]>) -> [UInt8]? {
        var (result, record): ([UInt8], [UInt8]) = ([], [])
        var column: Int?
        var (at, place, isHeader, isKept) = (0, 0, true, true)
        // Cells with what ends them, which is a comma, the end of a line or of the file.
        while at < bytes.count {
            var (end, isQuoted) = (at, false)
            while end < bytes.count, isQuoted || ![Self.comma, 10, 13].contains(bytes[end]) {
                if bytes[end] == Self.quote { isQuoted.toggle() }
                end += 1
            }
            let cell = bytes[at..<end]
            if isHeader {
                var name = String(decoding: cell, as: UTF8.self).filter { $0 != "\"" && $0 != " " }
                if name.hasPrefix("\u{FEFF}") { name.removeFirst() }
                if name == "file_name" { column = place }
                record += cell
            } else if place == column {
                let first = cell.firstIndex(of: Self.quote).map { $0 + 1 } ?? cell.startIndex
                let last = max(first, first > cell.startIndex ? cell.lastIndex(of: Self.quote) ?? cell.endIndex : cell.endIndex)
                isKept = !leftOut.contains(Self.plain(cell[first..<last]))
                record += cell[..<first] + Self.png(cell[first..<last]) + cell[last...]
            } else {
                record += cell
            }
            if end < bytes.count { record.append(bytes[end]) }
            let isEnd = end >= bytes.count || bytes[end] != Self.comma
            if isEnd {
                if isHeader, column == nil { return nil }
                // The second half of a line's end belongs to it.
                if end + 1 < bytes.count, bytes[end] == 13, bytes[end + 1] == 10 {
                    record.append(10)
                    end += 1
                }
                if isKept { result += record }
                (record, isKept, isHeader, place) = ([], true, false, 0)
            } else {
                place += 1
            }
            at = end + 1
        }
        return column == nil ? nil : result + (isKept ? record : [])
    }

    private func lines(_ leftOut: Set<[UInt8]>) -> [UInt8]? {
        let key = Array("\"file_name\"".utf8)
        var kept: [[UInt8]] = []
        var isFound = false
        for line in bytes.split(separator: 10, omittingEmptySubsequences: false) {
            var rest = line
            // The name is the text behind the key and a colon.
            var start: Int?
            while start == nil, rest.count >= key.count {
                guard rest.starts(with: key) else {
                    rest = rest.dropFirst()
                    continue
                }
                rest = rest.dropFirst(key.count)
                let colon = rest.drop { $0 == 32 || $0 == 9 }
                let text = colon.dropFirst().drop { $0 == 32 || $0 == 9 }
                if colon.first == UInt8(ascii: ":"), text.first == Self.quote { start = text.startIndex + 1 }
            }
            guard let start else {
                kept.append(Array(line))
                continue
            }
            var end = start
            while end < line.endIndex, line[end] != Self.quote { end += line[end] == Self.backslash ? 2 : 1 }
            end = min(end, line.endIndex)
            isFound = true
            if leftOut.contains(Self.plain(line[start..<end])) { continue }
            kept.append(line[..<start] + Self.png(line[start..<end]) + line[end...])
        }
        return isFound ? Array(kept.joined(separator: [10])) : nil
    }
}
