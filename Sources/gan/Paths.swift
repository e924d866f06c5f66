// Whether outputs can be written is found out before an hour of training, not after it.
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

enum Paths {
    static func join(_ folder: String, _ name: String) -> String { folder.hasSuffix("/") ? folder + name : folder + "/" + name }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func kind(_ path: String) -> mode_t? {
        var information = stat()
        return stat(path, &information) == 0 ? information.st_mode & S_IFMT : nil
    }

    static func exists(_ path: String) -> Bool { kind(path) != nil }
    static func isRegularOrMissing(_ path: String) -> Bool { kind(path).map { $0 == S_IFREG } ?? true }

    static func size(_ path: String) -> Int64 {
        var information = stat()
        return stat(path, &information) == 0 ? Int64(information.st_size) : 0
    }

    /// Makes a folder and those above it. What is there already is fine.
    static func makeFolder(_ path: String) throws {
        guard !path.isEmpty else { throw Failure(Exit.usage, "The name of a folder is empty.") }
        var part = path.hasPrefix("/") ? "/" : ""
        for name in path.split(separator: "/") {
            part = part.isEmpty || part == "/" ? part + name : part + "/" + name
            if mkdir(part, 0o777) != 0, errno != EEXIST {
                let number = errno
                if kind(part) == S_IFDIR { continue }  // a read-only file system says so before it says that it exists
                throw Failure(Exit.cannotCreate, "The folder \"\(part)\" cannot be created: \(systemError(number)).")
            }
        }
        guard kind(path) == S_IFDIR else { throw Failure(Exit.cannotCreate, "\"\(path)\" is there already, and it is no folder.") }
        try probe(path)
    }

    /// That a file can be created or replaced there. Says nothing of a pipe or a device.
    static func checkFile(_ path: String) throws {
        guard !path.isEmpty else { throw Failure(Exit.usage, "The name of an output file is empty.") }
        switch kind(path) {
        case S_IFDIR?: throw Failure(Exit.cannotCreate, "\"\(path)\" is a folder; the name of a file was expected.")
        case S_IFREG?, nil: break
        default: return
        }
        if path.hasSuffix("/") { throw Failure(Exit.cannotCreate, "\"\(path)\" names a folder; the name of a file was expected.") }
        let folder = folder(of: path)
        guard let kind = kind(folder) else {
            throw Failure(Exit.cannotCreate, "The folder \"\(folder)\" of the file \"\(path)\" does not exist. Create it, or name another.")
        }
        guard kind == S_IFDIR else {
            throw Failure(Exit.cannotCreate, "\"\(folder)\" is no folder, so \"\(path)\" cannot be created.")
        }
        try probe(folder)
    }

    /// Creates a file in a folder and takes it away again.
    private static func probe(_ folder: String) throws {
        var template = Array(join(folder, ".gan-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else {
            throw Failure(Exit.cannotCreate, "Nothing can be written in the folder \"\(folder)\": \(systemError()).")
        }
        close(descriptor)
        unlink(template)
    }
}

/// A file that is written from its beginning to its end, and appears when it is whole.
final class OutputFile {
    private let path: String
    private let temporary: String
    private let file: UnsafeMutablePointer<FILE>
    private var isFinished = false

    init(_ path: String) throws {
        try Paths.checkFile(path)
        self.path = path
        temporary = Paths.isRegularOrMissing(path) ? Paths.join(Paths.folder(of: path), ".gan-\(getpid()).part") : path
        guard let file = fopen(temporary, "wb") else {
            throw Failure(Exit.cannotCreate, "The file \"\(path)\" cannot be created: \(systemError()).")
        }
        self.file = file
    }

    deinit { if !isFinished { fclose(file); remove() } }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        guard fwrite(bytes.baseAddress, 1, bytes.count, file) == bytes.count else { throw failed(errno) }
    }

    func write(_ text: String) throws {
        var text = text
        try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
    }

    func commit() throws {
        isFinished = true
        guard fclose(file) == 0 else {
            let number = errno
            remove()
            throw failed(number)
        }
        guard temporary == path || rename(temporary, path) == 0 else {
            let number = errno
            remove()
            throw failed(number)
        }
    }

    private func remove() { if temporary != path { unlink(temporary) } }

    private func failed(_ number: Int32) -> Failure {
        Failure(Exit.inputOutput, "The file \"\(path)\" could not be written: \(systemError(number)).")
    }
}

extension Paths {
    static func remove(_ path: String) { unlink(path) }

    /// A file of no name that anybody else uses, to be removed.
    static func temporaryFile() throws -> String {
        let folder = Terminal.environment("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var template = Array(join(folder, "gan-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else {
            throw Failure(Exit.cannotCreate, "No temporary file can be made in the folder \"\(folder)\": \(systemError()).")
        }
        close(descriptor)
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// A file's text, or nil when it cannot be read.
    static func contents(_ path: String) -> String? { bytes(path).map { String(decoding: $0, as: UTF8.self) } }

    static func bytes(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = fread(&block, 1, block.count, file)
            if count == 0 { return bytes }
            bytes += block.prefix(count)
        }
    }
}
