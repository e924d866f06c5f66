// What a run reads and writes, so that it writes nothing that it reads, nothing twice, and nothing over what it did not make.
import Base
import CGan

struct Places {
    private struct Entry {
        let what: String
        let path: String
        let place: FilePlace
        var isFolder = false

        var isLines: Bool { what == Places.lines }
    }

    private static let lines = "Standard output"

    private var inputs: [Entry] = []
    private var outputs: [Entry] = []

    /// - Parameter what: how messages call it, such as "the checkpoint to draw from".
    mutating func read(_ path: String, _ what: String) { inputs.append(Entry(what: what, path: path, place: FilePlace(path))) }

    /// Refuses an output that is an input, or another output, by whatever name.
    /// - Parameters:
    ///   - what: how messages call it, such as "'--png'".
    ///   - isFolder: whether it is a folder that gets files.
    mutating func write(_ path: String, _ what: String, isFolder: Bool = false) throws {
        let entry = Entry(what: what, path: path, place: FilePlace(path), isFolder: isFolder)
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
        // What is going to be a file is no folder for another.
        for other in outputs {
            let file: Entry, inner: Entry
            if !other.isFolder, Self.lies(entry, in: other) {
                (file, inner) = (other, entry)
            } else if !isFolder, Self.lies(other, in: entry) {
                (file, inner) = (entry, other)
            } else {
                continue
            }
            throw Failure(
                Exit.usage,
                "\(file.what) would write the file \"\(file.path)\", and \(inner.what) \"\(inner.path)\", for which that would have to be a folder. Name another.")
        }
        outputs.append(entry)
    }

    /// Whether the path of one leads through the place of the other, whatever is there now.
    private static func lies(_ entry: Entry, in other: Entry) -> Bool {
        var path = entry.path
        while true {
            let above = Paths.folder(of: Paths.withoutSlashes(path))
            if above == path || above == "." || above == "/" { return false }
            if FilePlace(above).isSame(as: other.place) { return true }
            path = above
        }
    }

    /// The command's lines, where they go into a file or a pipe.
    mutating func writeLines() throws { try write("/dev/stdout", Self.lines) }

    // MARK: Kinds

    /// Whether two names lead to one file, by whatever names.
    static func isSame(_ path: String, _ other: String) -> Bool { FilePlace(path).isSame(as: FilePlace(other)) }

    /// Whether a file can be read again, or its name is that of a stream.
    static func isStream(_ path: String) -> Bool {
        let kind = FilePlace(path).kind
        return kind == .pipe || kind == .device
    }

    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47], jpeg: [UInt8] = [0xFF, 0xD8, 0xFF], gzip: [UInt8] = [0x1F, 0x8B]
    private static let npy: [UInt8] = [0x93, 0x4E, 0x55, 0x4D]

    /// Whether a file begins as those from which images are read.
    private static func isData(_ bytes: [UInt8]) -> Bool {
        [png, jpeg, gzip, npy].contains { bytes.starts(with: $0) } || isIDX(bytes)
    }

    /// IDX: two zeros, a type and a rank. A checkpoint's size may look like that, and is followed by a brace.
    private static func isIDX(_ bytes: [UInt8]) -> Bool {
        bytes.count >= 8 && bytes.starts(with: [0, 0]) && (8...14).contains(bytes[2]) && bytes[3] > 0
            && !(bytes.count > 8 && bytes[8] == UInt8(ascii: "{"))
    }

    /// Whether a file begins as an IDX array does, plain or gzip.
    static func isBytes(_ path: String) -> Bool {
        let beginning = FilePlace.beginning(path)
        return isIDX(beginning) || beginning.starts(with: gzip)
    }

    /// Whether a path leads into a folder.
    static func isInside(_ path: String, _ folder: String) -> Bool { FilePlace.isInside(path, folder) }

    /// What is to be written into a file, as messages call it, and how one of these is known.
    enum Kind {
        case checkpoint, png, idx, npy, obj, stl, binvox
        /// Rows of a table.
        case csv
        /// Bytes alone, of images of so many.
        case raw(imageSize: Int)

        /// Of a shape in the format of this ending.
        init?(shape ending: String) {
            switch ending {
            case "obj": self = .obj
            case "stl": self = .stl
            case "binvox": self = .binvox
            default: return nil
            }
        }

        fileprivate var name: String {
            switch self {
            case .checkpoint: "a checkpoint"
            case .png: "a picture"
            case .idx: "an IDX file"
            case .npy: "a NumPy array"
            case .obj, .stl, .binvox: "a shape"
            case .csv: "a table"
            case .raw: "the bytes of images"
            }
        }
    }

    /// Refuses to replace a file unless it is of the kind that is going to be written, or empty. (What the process has open the
    /// shell has decided about.)
    static func refuseOtherKind(_ path: String, toWrite kind: Kind) throws {
        let place = FilePlace(path)
        guard place.kind == .file, place.size > 0, !path.hasPrefix("/dev/"), !path.hasPrefix("/proc/") else { return }
        let beginning = FilePlace.beginning(path)
        let isKind: Bool
        switch kind {
        case .checkpoint: isKind = isCheckpoint(beginning) && holdsCheckpointOfOurs(path)
        case .png: isKind = isOurPicture(beginning)
        case .idx: isKind = isIDX(beginning)
        case .npy: isKind = beginning.starts(with: npy)
        case .obj: isKind = beginning.starts(with: "# A shape made by libgan".utf8)
        case .stl: isKind = beginning.starts(with: "A shape made by libgan".utf8)
        case .binvox: isKind = beginning.starts(with: "#binvox".utf8)
        case .csv: isKind = FileKind.name(beginning: beginning) == nil && isText(beginning) && beginning.prefix { $0 != UInt8(ascii: "\n") }.contains(UInt8(ascii: ","))
        case .raw(let imageSize):
            // Nothing tells them but that there are whole images of them, and that they are nothing else.
            isKind = imageSize > 0 && place.size % Int64(imageSize) == 0 && !isCheckpoint(beginning) && FileKind.name(beginning: beginning) == nil && !isText(beginning)
        }
        if isKind { return }
        let holds = isCheckpoint(beginning)
            ? (holdsCheckpointOfOurs(path) ? "a checkpoint" : "a safetensors file of another program")
            : FileKind.name(beginning: beginning).map { $0.hasPrefix("compressed") ? "data \($0)" : $0 } ?? "something else"
        let foreign = if case .png = kind, beginning.starts(with: png) { " that gan did not make" } else { "" }
        throw Failure(
            Exit.cannotCreate,
            "\"\(path)\" is there already and holds \(holds)\(foreign), where \(kind.name) would be written. Name another file; --force writes over it.")
    }

    /// Whether a file begins as safetensors do: eight bytes of length, and JSON.
    private static func isCheckpoint(_ beginning: [UInt8]) -> Bool {
        beginning.count > 9 && beginning[8] == UInt8(ascii: "{") && beginning[6] == 0 && beginning[7] == 0
    }

    /// Whether a file is one to draw from.
    static func isCheckpoint(_ path: String) -> Bool { isCheckpoint(FilePlace.beginning(path)) }

    /// One that is damaged is ours all the same.
    private static func holdsCheckpointOfOurs(_ path: String) -> Bool {
        var checkpoint: OpaquePointer?
        let status = gan_checkpoint_open(path, &checkpoint)
        gan_checkpoint_destroy(checkpoint)
        return status != GAN_E_BAD_FORMAT
    }

    private static func isText(_ beginning: [UInt8]) -> Bool {
        beginning.contains(UInt8(ascii: "\n")) && beginning.allSatisfy { $0 >= 32 && $0 != 127 || (9...13).contains($0) }
    }

    /// Whether a PNG file begins as ours do: 8 bits a channel, not interlaced, sRGB said, and then the pixels.
    static func isOurPicture(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 54, bytes.starts(with: png) else { return false }
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

    /// Why a folder is not one of pictures that gan wrote: it holds others, or other things and none of gan's. Nil for a folder that
    /// is, is empty or is missing.
    static func foreignFolder(_ folder: String) -> String? {
        let names = names(in: folder).filter { !$0.hasPrefix(".") }
        let pictures = names.filter { name in [".png", ".jpg", ".jpeg"].contains { name.lowercased().hasSuffix($0) } }
        // Of very many pictures under numbers the first tell enough.
        let foreign = (pictures.filter { number($0) == nil } + pictures.lazy.filter { number($0) != nil }.prefix(1000)).first { name in
            Paths.exists(join(folder, name)) && !isOurPicture(FilePlace.beginning(join(folder, name)))
        }
        if let foreign { return "holds pictures that gan did not make, such as \"\(foreign)\"" }
        return pictures.isEmpty ? names.first.map { "holds other things, such as \"\($0)\"" } : nil
    }

    /// Whether what is written there is gone: a device, such as /dev/null, that no checkpoint comes back from.
    static func keepsNothing(_ path: String) -> Bool { FilePlace(path).kind == .device }

    /// Whether a path is that of one of these pictures, or leads to it.
    static func isPicture(_ path: String, of folder: String, _ numbers: Range<Int64>, digits: Int) -> Bool {
        func isOne(_ name: String) -> Bool { name.utf8.count >= digits + 4 && number(name).map(numbers.contains) ?? false }
        let last = path.split(separator: "/").last.map(String.init) ?? path
        if isOne(last), FilePlace(join(folder, last)).isSame(as: FilePlace(path)) { return true }
        return FilePlace(path).isIn(folder, depth: 0) { name, _ in isOne(String(decoding: name, as: UTF8.self)) }
    }

    private static func join(_ folder: String, _ name: String) -> String { Paths.join(folder, name) }

    // MARK: Checkpoints

    /// How many steps the checkpoint at a path has behind it, and how many images are in each; nil where there is none.
    static func training(at path: String) -> (steps: Int64, batchSize: Int64)? {
        let place = FilePlace(path)
        guard place.kind == .file, place.size > 0,
            let checkpoint = try? Handle(destroy: gan_checkpoint_destroy, { gan_checkpoint_open(path, $0) }),
            let kind = try? Library.text({ gan_checkpoint_text(checkpoint.pointer, "kind", $0, $1, $2) }), kind == "trainer",
            let steps = (try? Library.text { gan_checkpoint_text(checkpoint.pointer, "step", $0, $1, $2) }).flatMap({ Int64($0) }),
            let batch = (try? Library.text { gan_checkpoint_option(checkpoint.pointer, "batch-size", $0, $1, $2) }).flatMap({ Int64($0) }), batch > 0
        else { return nil }
        return (steps, batch)
    }

    /// What the training at a path is of; nil where there is none.
    static func recipe(ofTrainingAt path: String) -> String? {
        guard FilePlace(path).kind == .file, let checkpoint = try? Handle(destroy: gan_checkpoint_destroy, { gan_checkpoint_open(path, $0) }) else { return nil }
        return try? Library.text { gan_checkpoint_option(checkpoint.pointer, "recipe", $0, $1, $2) }
    }
}
