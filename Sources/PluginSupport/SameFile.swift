#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Whether two paths lead to one file, by whatever names, links of both kinds or mounts; or would make one.
public func leadToOneFile(_ path: String, _ other: String) -> Bool {
    var one = stat()
    var another = stat()
    let isThere = stat(path, &one) == 0
    guard (stat(other, &another) == 0) == isThere else { return false }
    if isThere { return one.st_dev == another.st_dev && one.st_ino == another.st_ino }
    let (a, b) = (place(path), place(other))
    guard a.name == b.name, stat(a.folder, &one) == 0, stat(b.folder, &another) == 0 else { return false }
    return one.st_dev == another.st_dev && one.st_ino == another.st_ino
}

/// The folder and the name of a file that is not there, where a link says that it will be.
private func place(_ path: String) -> (folder: String, name: String) {
    var path = path
    for _ in 0..<40 {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let name = slash.map { String(path[path.utf8.index(after: $0)...]) } ?? path
        guard let target = linkTarget(path) else { return (folder, name) }
        path = target.hasPrefix("/") ? target : folder + "/" + target
    }
    return (".", path)
}

private func linkTarget(_ path: String) -> String? {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let length = bytes.withUnsafeMutableBytes { room in
        room.withMemoryRebound(to: CChar.self) { room in room.baseAddress.map { readlink(path, $0, room.count) } ?? -1 }
    }
    return length > 0 ? String(decoding: bytes[..<length], as: UTF8.self) : nil
}
