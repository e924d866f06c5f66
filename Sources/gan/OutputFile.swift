// What the command writes itself goes through the library's own writer, by the same rules: whole or not at all, through
// links, into pipes and devices, with the mode and the owner of what is replaced.
import Base

/// A file that is written from its beginning to its end, and appears when it is whole.
final class OutputFile {
    private let file: AtomicFile

    init(_ path: String) throws {
        do throws(GanError) { file = try AtomicFile(path: path) } catch { throw Failure(of: error) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        do throws(GanError) { try file.write(bytes) } catch { throw Failure(of: error) }
    }

    func write(_ text: String) throws {
        var text = text
        try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
    }

    func commit() throws {
        do throws(GanError) { try file.commit() } catch { throw Failure(of: error) }
    }

    /// Adds to a file that is there, all of the text or nothing.
    static func append(_ text: String, to path: String) throws {
        do throws(GanError) { try AppendedFile.append(Array(text.utf8), to: path) } catch { throw Failure(of: error) }
    }

    /// That a file can be created or replaced there. Says nothing of a pipe or a device.
    static func check(_ path: String) throws {
        do throws(GanError) { try AtomicFile.check(path: path) } catch { throw Failure(of: error, isBeginning: true) }
    }

    // MARK: Ends by a signal

    /// From here on `removeTemporary` may be called in a signal handler.
    static func prepareForSignals() { TemporaryFiles.prepareForSignals() }

    /// Takes away what is half written, the library's files too, right before the end.
    static func removeTemporary() { TemporaryFiles.removeAll() }
}

extension Failure {
    /// - Parameter isBeginning: whether the file is not even begun, so that whatever is wrong is wrong with its name.
    fileprivate init(of error: GanError, isBeginning: Bool = false) {
        switch error.status {
        case .notFound, .accessDenied: self.init(Exit.cannotCreate, error.message)
        case .invalidArgument: self.init(Exit.usage, error.message)
        case .outOfMemory: self.init(Exit.system, error.message)
        case .inputOutput where isBeginning: self.init(Exit.cannotCreate, error.message)
        default: self.init(Exit.inputOutput, error.message)
        }
    }
}
