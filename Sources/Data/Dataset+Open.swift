import Base

// From a path to a dataset: what a file or folder is, its contents tell.

extension Dataset {
    /// Opens a folder (of MNIST's files, else of PNG files) or a file (IDX, plain or gzip, or PNG).
    ///
    /// - Throws: `.notFound`, `.accessDenied`, `.inputOutput`, `.badFormat`, `.truncated`, `.checksum`, `.mismatch`
    ///   (labels, sizes, options), `.badData` (values or labels out of range), `.outOfMemory`, `.outOfRange` (options).
    public static func open(path: String, options: DatasetOptions = DatasetOptions()) throws(GanError) -> Dataset {
        try options.check()
        if try Folder.kind(of: path) == .folder {
            let names = try Folder.entries(path)
            if let found = mnist(among: names) {
                return try openIDX(
                    images: Path.join(path, found.images), labels: found.labels.map { Path.join(path, $0) }, options: options)
            }
            let pictures = names.filter { isPNG($0) }.map { Path.join(path, $0) }
            guard !pictures.isEmpty else {
                throw GanError(
                    .notFound,
                    "The folder \"\(path)\" holds no images: neither MNIST's files (train-images-idx3-ubyte …, plain or .gz) nor PNG files.")
            }
            return try PNGFolder.open(pictures, options: options)
        }
        let source = try ByteSource(path: path)
        if source.isPNG { return try PNGFolder.open(source, options: options) }
        if !source.isGzip && source.storedSize > 0 && !source.head.starts(with: [0, 0].prefix(source.head.count)) {
            throw GanError(.badFormat, "The file \"\(path)\" is neither IDX (plain or gzip) nor PNG.")
        }
        return try IDX.open(images: source, labels: nil, options: options)
    }

    /// Opens images, and labels where given, from IDX files, plain or gzip.
    public static func openIDX(images: String, labels: String?, options: DatasetOptions = DatasetOptions()) throws(GanError) -> Dataset {
        try IDX.open(images: ByteSource(path: images), labels: labels, options: options)
    }

    /// MNIST's files under the names in which they are handed around; the training split before the test split.
    private static func mnist(among names: [String]) -> (images: String, labels: String?)? {
        let present = Set(names)
        func find(_ split: String, _ what: String, _ rank: Int) -> String? {
            for name in ["\(split)-\(what)-idx\(rank)-ubyte", "\(split)-\(what).idx\(rank)-ubyte"] {
                for ending in ["", ".gz"] where present.contains(name + ending) { return name + ending }
            }
            return nil
        }
        for split in ["train", "t10k"] {
            if let images = find(split, "images", 3) { return (images, find(split, "labels", 1)) }
        }
        return nil
    }

    private static func isPNG(_ name: String) -> Bool {
        // Names that begin with a point are other systems' notes beside the pictures.
        !name.hasPrefix(".") && name.count > 4 && name.suffix(4).lowercased() == ".png"
    }
}
