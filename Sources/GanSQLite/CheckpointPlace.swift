import CGan

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Where a checkpoint is to be written.
enum CheckpointPlace {
    /// Refuses a file that is there and that no training made: a photograph, or a database that is not open here. Whoever
    /// means it takes it away first. An empty file may have been made for the purpose, and pipes and devices hold nothing.
    static func refuse(_ path: String) throws(SQLError) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else { return }
        // What cannot be read is told before the training, in the library's words.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return }
        defer { close(file) }
        var start = [UInt8](repeating: 0, count: 9)
        let count = read(file, &start, start.count)
        // safetensors: the size of what follows in eight bytes, and JSON. No file's description has 2⁴⁸ bytes.
        guard count >= 0, count < 9 || start[6] != 0 || start[7] != 0 || start[8] != UInt8(ascii: "{") else { return }
        throw SQLError("The argument 'out' is \"\(path)\", which is there already and is no checkpoint; the name of another file was expected.")
    }

    /// How many steps a checkpoint holds; nil for what is none.
    static func steps(of path: String) -> Int64? {
        var status = stat()
        // A pipe would be waited for.
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else { return nil }
        var checkpoint: OpaquePointer?
        guard gan_checkpoint_open(path, &checkpoint) == GAN_OK else { return nil }
        defer { gan_checkpoint_destroy(checkpoint) }
        var text = [CChar](repeating: 0, count: 32)
        guard gan_checkpoint_text(checkpoint, "step", &text, text.count, nil) == GAN_OK else { return nil }
        return text.withUnsafeBufferPointer { $0.baseAddress.flatMap { Int64(String(cString: $0)) } }
    }
}
