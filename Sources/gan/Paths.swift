// Whether outputs can be written is found out before an hour of training, not after it.
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

enum Paths {
    static func join(_ folder: String, _ name: String) -> String { folder.hasSuffix("/") ? folder + name : folder + "/" + name }

    /// A path without those at its end; the first folder keeps its own.
    static func withoutSlashes(_ path: String) -> String {
        var path = path
        while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func kind(_ path: String) -> mode_t? {
        var information = stat()
        return stat(path, &information) == 0 ? information.st_mode & S_IFMT : nil
    }

    static func exists(_ path: String) -> Bool { kind(path) != nil }

    static func size(_ path: String) -> Int64 {
        var information = stat()
        return stat(path, &information) == 0 ? Int64(information.st_size) : 0
    }

    /// Makes a folder and those above it. What is there already is fine.
    static func makeFolder(_ path: String) throws {
        var part = path.hasPrefix("/") ? "/" : ""
        for name in path.split(separator: "/") {
            part = part.isEmpty || part == "/" ? part + name : part + "/" + name
            if mkdir(part, 0o777) != 0, errno != EEXIST {
                let number = errno
                if kind(part) == S_IFDIR { continue }  // a read-only file system says so before it says that it exists
                throw Failure(Exit.cannotCreate, "The folder \"\(part)\" cannot be created: \(systemError(number)).")
            }
        }
        try requireFolder(path)
    }

    static func requireFolder(_ path: String) throws {
        guard kind(path) == S_IFDIR else { throw Failure(Exit.cannotCreate, "\"\(path)\" is there already, and it is no folder.") }
    }

    /// That files can be created in a folder, which may have to be made.
    static func checkFolder(_ path: String) throws {
        guard !path.isEmpty else { throw Failure(Exit.usage, "The name of a folder is empty.") }
        var nearest = path
        while kind(nearest) == nil {
            nearest = withoutSlashes(nearest)
            let above = folder(of: nearest)
            if above == nearest { break }
            nearest = above
        }
        if nearest == path { try requireFolder(path) }
        guard kind(nearest) == S_IFDIR else { throw Failure(Exit.cannotCreate, "\"\(nearest)\" is no folder, so \"\(path)\" cannot be created.") }
        do { try OutputFile.check(join(nearest, ".gan-check")) } catch let failure as Failure {
            throw Failure(failure.code, "Nothing can be written in the folder \"\(nearest)\". \(failure.message)")
        }
    }

    /// That a file can be created or replaced there. Says nothing of a pipe or a device.
    static func checkFile(_ path: String) throws {
        guard !path.isEmpty else { throw Failure(Exit.usage, "The name of an output file is empty.") }
        if kind(path) == S_IFDIR { throw Failure(Exit.cannotCreate, "\"\(path)\" is a folder; the name of a file was expected.") }
        let folder = folder(of: path)
        if kind(folder) == nil {
            throw Failure(Exit.cannotCreate, "The folder \"\(folder)\" of the file \"\(path)\" does not exist. Create it, or name another.")
        }
        try OutputFile.check(path)
    }

    static func isFolder(_ path: String) -> Bool { kind(path) == S_IFDIR }

    /// Whether it is a pipe or a device, which keeps nothing.
    static func isStream(_ path: String) -> Bool { kind(path).map { $0 != S_IFREG && $0 != S_IFDIR } ?? false }

    /// The names of a folder's pictures, in their order.
    static func pictures(in folder: String) throws -> [String] {
        try names(in: folder) { name in
            let lower = name.lowercased()
            return [".png", ".jpg", ".jpeg"].contains { lower.hasSuffix($0) } && !isFolder(join(folder, name))
        }
    }

    /// The names of a folder's sub-folders, in their order, without those that archives and network drives leave behind.
    static func folders(in folder: String) throws -> [String] {
        try names(in: folder) { !["__MACOSX", "@eaDir", "lost+found"].contains($0) && isFolder(join(folder, $0)) }
    }

    /// Names that are not hidden.
    static func names(in folder: String, where isMeant: (String) -> Bool) throws -> [String] {
        guard let listing = opendir(folder) else {
            throw Failure(Exit.noInput, "The folder \"\(folder)\" cannot be read: \(systemError(errno)).")
        }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix("."), isMeant(name) { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// A file's name without what follows its last dot.
    static func withoutExtension(_ name: String) -> String {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
        return String(name[..<dot])
    }

    /// A file's bytes, or nil when it cannot be read, with the reason in errno.
    static func bytes(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "rbe") else { return nil }
        defer { fclose(file) }
        return bytes(of: file)
    }

    static func standardInput() -> [UInt8]? { bytes("/dev/stdin") }

    private static func bytes(of file: UnsafeMutablePointer<FILE>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = fread(&block, 1, block.count, file)
            if count == 0 { return ferror(file) == 0 ? bytes : nil }
            bytes += block.prefix(count)
        }
    }

    /// A regular file's text, or nil when it cannot be read.
    static func contents(_ path: String) -> String? {
        guard kind(path) == S_IFREG, let file = fopen(path, "rbe") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = fread(&block, 1, block.count, file)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += block.prefix(count)
        }
    }
}
