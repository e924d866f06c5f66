// gan apply with a model of next-frame: the frames that follow those of a folder, or of an array.
import CGan

/// A network that says which frames follow, on files.
struct FrameNetwork {
    /// How many frames it looks at.
    let past: Int
    private let applier: Handle
    private let channels: Int
    private let seed: UInt64

    /// What follows one clip goes into one folder.
    private struct Job {
        let source: String
        let folder: String
    }

    /// - Parameter applier: of a model that reads frames.
    init(_ applier: Handle, past: Int, channels: Int, seed: UInt64) {
        self.applier = applier
        self.past = past
        self.channels = channels
        self.seed = seed
    }

    /// Writes the frames that follow as numbered pictures: of a folder of pictures, or an array of one clip, into `folder`; of several
    /// clips into a folder in it for each.
    /// - Returns: How many clips there were.
    func apply(from path: String, to folder: String, frames: Int, isQuiet: Bool, check isFree: (String) throws -> Void) throws -> Int {
        try Paths.checkFolder(folder)
        var room = Room()
        let clips = try clips(of: path, to: folder, isQuiet)
        try room.take(files: Int64(frames * clips.count), in: folder, "'--frames' is \(frames)")
        let names = (1...frames).map(Self.name)
        for clip in clips where Paths.isFolder(clip.folder) { for name in names { try isFree(Paths.join(clip.folder, name)) } }
        for (index, clip) in clips.enumerated() {
            if !isQuiet, Terminal.isInteractive { try Output.write("\r\(index + 1)/\(clips.count) \(clip.source)\u{1B}[K") }
            let made = try said(of: clip, frames)
            try Paths.makeFolder(clip.folder)
            let size = clip.height * clip.width * channels
            for (number, name) in names.enumerated() {
                try made.withUnsafeBufferPointer { pixels in
                    try check(
                        gan_image_write_png(
                            pixels.baseAddress.map { $0 + number * size }, 1, Int32(clip.height), Int32(clip.width), Int32(channels), 1, 0, 1,
                            Paths.join(clip.folder, name)), .output)
                }
            }
        }
        if !isQuiet, Terminal.isInteractive { try Output.write("\r\u{1B}[K") }
        return clips.count
    }

    private static func name(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(4 - digits.count, 0)) + digits + ".png"
    }

    // MARK: Clips

    private struct Clip {
        let source, folder: String
        let frames, height, width: Int
        /// [frames, height, width, channels]
        let pixels: [UInt8]
    }

    private func clips(of path: String, to folder: String, _ isQuiet: Bool) throws -> [Clip] {
        guard Paths.isFolder(path) else { return try array(path, folder, isQuiet) }
        let isOne = try !Paths.pictures(in: path).isEmpty
        let inner = isOne ? [] : try Paths.folders(in: path)
        if !isOne, inner.isEmpty { throw Failure(Exit.badData, "The folder \"\(path)\" has no PNG or JPEG files.") }
        let jobs = isOne ? [Job(source: path, folder: folder)] : inner.map { Job(source: Paths.join(path, $0), folder: Paths.join(folder, $0)) }
        return try jobs.map { job in
            let options = try options("clips")
            try check(gan_options_set_integer(options.pointer, "data.channels", Int64(channels)))
            let clips = try read(openDataset(job.source, options, isQuiet: isQuiet), job.source) { _ in job.folder }
            guard let clip = clips.first else { throw Failure(Exit.badData, "The folder \"\(job.source)\" has no PNG or JPEG files.") }
            return clip
        }
    }

    /// One clip [frames, height, width], with channels behind, or several [clips, frames, height, width].
    private func array(_ path: String, _ folder: String, _ isQuiet: Bool) throws -> [Clip] {
        let pictures = try openDataset(path, options("pictures"), isQuiet: isQuiet)
        var count: Int64 = 0, height: Int32 = 0, width: Int32 = 0, last: Int32 = 0
        try check(gan_dataset_shape(pictures.pointer, &count, &height, &width, &last))
        if Int(last) == channels { return try read(pictures, path) { _ in folder } }
        let several = try openDataset(path, options("clips"), isQuiet: isQuiet)
        var clips: Int64 = 0
        try check(gan_dataset_field_items(several.pointer, 0, &clips))
        return try read(several, path) { clips == 1 ? folder : Paths.join(folder, String(Self.name($0 + 1).dropLast(4))) }
    }

    private func options(_ items: String) throws -> Handle {
        let options = try Library.options()
        try check(gan_options_set(options.pointer, "data.items", items))
        return options
    }

    /// The last frames of each clip of a data set; a data set of pictures is one clip.
    private func read(_ dataset: Handle, _ path: String, to folder: (Int) -> String) throws -> [Clip] {
        var axes = [Int64](repeating: 0, count: 8), rank = 0, items: Int64 = 0
        try check(gan_dataset_field_shape(dataset.pointer, 0, &axes, axes.count, &rank))
        try check(gan_dataset_field_items(dataset.pointer, 0, &items))
        var shape = axes.prefix(rank).map { Int($0) }
        let isOne = rank == 3
        if isOne { shape.insert(Int(items), at: 0) }
        guard shape.count == 4, shape[3] == channels else {
            throw Failure(
                Exit.badData,
                "\"\(path)\" holds frames of \(shape.last ?? 0) values per pixel, and the model takes \(channels).")
        }
        let (frames, size) = (shape[0], shape[1] * shape[2] * shape[3])
        guard frames >= past else {
            throw Failure(Exit.badData, "\"\(path)\" has \(Format.count(Int64(frames), "frame")), and the model looks at \(past) to say which one follows.")
        }
        return try (0..<(isOne ? 1 : Int(items))).map { clip in
            // Of a clip that is one item all frames are read; of pictures, those that are looked at.
            let count = (isOne ? past : frames) * size
            try Memory.check(5 * count, for: "the frames of \"\(path)\"")
            var values = [Float](repeating: 0, count: count)
            try check(gan_dataset_read(dataset.pointer, isOne ? Int64(frames - past) : Int64(clip), isOne ? Int64(past) : 1, &values, values.count), .input)
            let pixels = values.suffix(past * size).map { UInt8(min(max(0, $0), 1) * 255 + 0.5) }
            return Clip(source: path, folder: folder(clip), frames: past, height: shape[1], width: shape[2], pixels: pixels)
        }
    }

    private func said(of clip: Clip, _ frames: Int) throws -> [UInt8] {
        // All of them at once, since each is made of those before it as the network left them.
        let count = frames * clip.height * clip.width * channels
        try Memory.check(count, for: "\(Format.count(Int64(frames), "frame")) of \(clip.height) × \(clip.width) pixels; ask for fewer")
        var made = [UInt8](repeating: 0, count: count)
        try check(
            gan_applier_predict_bytes(
                applier.pointer, seed, clip.pixels, Int32(clip.frames), Int32(clip.height), Int32(clip.width), Int32(frames), &made, made.count),
            .input)
        return made
    }
}
