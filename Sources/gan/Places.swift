// What a run reads and writes, so that it writes nothing that it reads, nothing twice, and nothing over what it did not make.
import Base
import CGan

struct Places {
    private struct Entry {
        let what: String
        let path: String
        let place: FilePlace

        var isLines: Bool { what == Places.lines }
    }

    private static let lines = "Standard output"

    private var inputs: [Entry] = []
    private var outputs: [Entry] = []

    /// - Parameter what: how messages call it, such as "the checkpoint to draw from".
    mutating func read(_ path: String, _ what: String) { inputs.append(Entry(what: what, path: path, place: FilePlace(path))) }

    /// Refuses an output that is an input, or another output, by whatever name.
    /// - Parameter what: how messages call it, such as "'--png'".
    mutating func write(_ path: String, _ what: String) throws {
        let entry = Entry(what: what, path: path, place: FilePlace(path))
        for input in inputs {
            let isInput: Bool
            switch input.place.kind {
            case .file: isInput = input.place.isSame(as: entry.place)
            case .folder: isInput = entry.place.isIn(input.path, depth: 3) { Self.isData($1) }
            case .missing, .pipe, .device: isInput = false
            }
            if isInput { throw Failure(Exit.usage, "\(what) would write over \"\(path)\", which is \(input.what). Name another file.") }
        }
        for other in outputs where other.place.isSame(as: entry.place) {
            throw Failure(Exit.usage, "\(other.what) and \(what) would write the same file, \"\(path)\". Name another\(entry.isLines || other.isLines ? ", or say --quiet" : "").")
        }
        outputs.append(entry)
    }

    /// The command's lines, where they go into a file or a pipe.
    mutating func writeLines() throws { try write("/dev/stdout", Self.lines) }

    // MARK: Kinds

    /// Whether a file can be read again, or its name is that of a stream.
    static func isStream(_ path: String) -> Bool {
        let kind = FilePlace(path).kind
        return kind == .pipe || kind == .device
    }

    /// Whether a file begins as those from which images are read.
    private static func isData(_ bytes: [UInt8]) -> Bool {
        let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47], jpeg: [UInt8] = [0xFF, 0xD8, 0xFF], gzip: [UInt8] = [0x1F, 0x8B], npy: [UInt8] = [0x93, 0x4E, 0x55, 0x4D]
        if [png, jpeg, gzip, npy].contains(where: { bytes.starts(with: $0) }) { return true }
        // IDX: two zeros, a type and a rank. A checkpoint's size may look like that, and is followed by a brace.
        return bytes.count >= 8 && bytes.starts(with: [0, 0]) && (8...14).contains(bytes[2]) && bytes[3] > 0
            && !(bytes.count > 8 && bytes[8] == UInt8(ascii: "{"))
    }

    /// Refuses to replace a file that is plainly something else of value: a checkpoint by pictures, or images by a checkpoint.
    /// - Parameter isCheckpoint: whether a checkpoint is to be written.
    static func refuseOtherKind(_ path: String, isCheckpoint: Bool) throws {
        let beginning = FilePlace.beginning(path)
        // safetensors: eight bytes of length, and JSON.
        let holdsCheckpoint = beginning.count > 9 && beginning[8] == UInt8(ascii: "{") && beginning[6] == 0 && beginning[7] == 0
        guard isCheckpoint ? isData(beginning) : holdsCheckpoint else { return }
        throw Failure(
            Exit.cannotCreate,
            "\"\(path)\" is there already and holds \(isCheckpoint ? "images or other data" : "a checkpoint"). Name another file; --force writes over it.")
    }

    /// Whether a PNG file begins as ours do: 8 bits a channel, not interlaced, sRGB said, and then the pixels.
    private static func isOurPicture(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 54, isData(bytes) else { return false }
        let header = bytes[12..<16].elementsEqual("IHDR".utf8) && bytes[24] == 8 && bytes[28] == 0
        return header && bytes[37..<41].elementsEqual("sRGB".utf8) && bytes[50..<54].elementsEqual("IDAT".utf8)
    }

    // MARK: Folders

    private static func names(in folder: String) -> [String] { (try? Folder.entries(folder)) ?? [] }

    /// The number that the name of a picture is, such as 10 of "0010.png".
    private static func number(_ name: String) -> Int64? {
        guard name.hasSuffix(".png"), name.utf8.dropLast(4).allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
        return Int64(name.dropLast(4))
    }

    private static func isSample(_ name: String) -> Bool { name.utf8.count >= 8 && number(name) != nil }

    /// Refuses a folder of pictures in the very one whose pictures are read, where they would be among them the next time. (Of
    /// a folder of MNIST's files nothing else is read.)
    func checkSamples(_ folder: String, data: String) throws {
        if FilePlace.isInside(folder, data), !Self.names(in: data).contains(where: { $0.lowercased().contains("idx") }) {
            throw Failure(
                Exit.usage, "'--samples' is \"\(folder)\", in the folder of the images, \"\(data)\": samples would be among the images. Name a folder elsewhere.")
        }
        if FilePlace(data).isIn(folder, depth: 0, where: { name, _ in Self.isSample(String(decoding: name, as: UTF8.self)) }) {
            throw Failure(Exit.usage, "'--samples' is \"\(folder)\", where \"\(data)\", the images, has a name that a sample may get. Name another folder.")
        }
    }

    /// What a folder of samples holds of a training: names, at most three.
    static func samples(in folder: String) -> [String] {
        Array(names(in: folder).filter { isSample($0) || $0 == "loss.png" || ($0 == "log.csv" && TrainingLog.holdsRows(join(folder, $0))) }.prefix(3))
    }

    /// What a training would write over in a folder of samples and that no training made: the first such name.
    static func foreignSample(in folder: String) -> String? {
        names(in: folder).first { name in
            if name == "log.csv" { return !TrainingLog.isOurs(join(folder, name)) }
            return (isSample(name) || name == "loss.png") && Paths.exists(join(folder, name)) && !isOurPicture(FilePlace.beginning(join(folder, name)))
        }
    }

    /// What pictures of these numbers, with so many digits at least, would write over in a folder and that no program of ours made.
    static func foreignPicture(in folder: String, _ numbers: Range<Int64>, digits: Int) -> String? {
        names(in: folder).first { name in
            guard name.utf8.count >= digits + 4, let number = number(name), numbers.contains(number) else { return false }
            return Paths.exists(join(folder, name)) && !isOurPicture(FilePlace.beginning(join(folder, name)))
        }
    }

    /// Whether a path is that of one of these pictures, or leads to it.
    static func isPicture(_ path: String, of folder: String, _ numbers: Range<Int64>, digits: Int) -> Bool {
        func isOne(_ name: String) -> Bool { name.utf8.count >= digits + 4 && number(name).map(numbers.contains) ?? false }
        let last = path.split(separator: "/").last.map(String.init) ?? path
        if isOne(last), FilePlace(join(folder, last)).isSame(as: FilePlace(path)) { return true }
        return FilePlace(path).isIn(folder, depth: 0) { name, _ in isOne(String(decoding: name, as: UTF8.self)) }
    }

    private static func join(_ folder: String, _ name: String) -> String { Paths.join(folder, name) }

    // MARK: Checkpoints

    /// How many steps the checkpoint at a path has behind it; nil where there is none.
    static func steps(of path: String) -> Int64? {
        let place = FilePlace(path)
        guard place.kind == .file, place.size > 0,
            let checkpoint = try? Handle(destroy: gan_checkpoint_destroy, { gan_checkpoint_open(path, $0) })
        else { return nil }
        return (try? Library.text { gan_checkpoint_text(checkpoint.pointer, "step", $0, $1, $2) }).flatMap { Int64($0) }
    }
}
