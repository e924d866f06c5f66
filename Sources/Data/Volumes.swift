import Base

/// Volumes [depth, height, width, channels], and views of them: an array of all, or a file each, binvox or NPY. The axes of a binvox file
/// are x, y (up) and z.
enum Volumes {
    // MARK: Where they are

    /// The folders of views and of what they show, and what arrays of them are called.
    private static let (viewNames, volumeNames) = (["views", "view"], ["volumes", "volume", "voxels", "voxel"])

    /// Volumes of a folder: a file each, there and below, or one array.
    static func open(_ path: FilePath, options: DatasetOptions) throws(GanError) -> Dataset {
        var (folder, entries) = (path, try FolderSurvey.visible(path))
        for _ in 0..<FolderSurvey.depthLimit {
            let folders = entries.filter { $0.kind == .folder }
            // Views lie beside volumes, and are for another recipe.
            guard let next = folders.first(where: { isNamed($0, volumeNames) }) ?? (folders.count == 1 && entries.count == 1 ? folders[0] : nil) else { break }
            folder = folder.appending(next.name)
            entries = try FolderSurvey.visible(folder)
        }
        if let array = try array(in: folder, entries, named: volumeNames) { return try openArray(array, options) }
        let files = try files(in: folder, depth: 0)
        // One file of numbers may be all of the volumes.
        if files.count == 1, FolderSurvey.ending(files[0].name) == "npy", try axes(files[0]).count > 3 { return try openArray(files[0], options) }
        guard !files.isEmpty else {
            throw GanError(
                .notFound,
                "The folder \"\(path)\" holds no volumes: binvox or NPY files of one each, or one array \"volumes\" [count, depth, height, width] (IDX or NPY, plain or .gz), were expected.")
        }
        return try Dataset(columns: [column(files, options)])
    }

    /// One file, of one volume or of all.
    static func open(file source: ByteSource, _ path: FilePath, options: DatasetOptions) throws(GanError) -> Dataset {
        if BinvoxHeader.begins(source) || isPackedBinvox(path) { return try Dataset(columns: [column([path], options)]) }
        return try Dataset.openArray(source, labels: nil, options: options)
    }

    /// Views and what they show, one for one: sub-folders of files with equal names, or two arrays.
    static func openPairs(_ path: FilePath, options: DatasetOptions) throws(GanError) -> Dataset {
        var (folder, entries) = (path, try FolderSurvey.visible(path))
        for _ in 0..<FolderSurvey.depthLimit {
            guard entries.count == 1, entries[0].kind == .folder else { break }
            folder = folder.appending(entries[0].name)
            entries = try FolderSurvey.visible(folder)
        }
        func place(_ names: [String]) throws(GanError) -> (path: FilePath, isFolder: Bool)? {
            if let found = entries.first(where: { $0.kind == .folder && isNamed($0, names) }) { return (folder.appending(found.name), true) }
            return try array(in: folder, entries, named: names).map { ($0, false) }
        }
        guard let views = try place(viewNames), let volumes = try place(volumeNames) else {
            throw GanError(
                .notFound,
                "The folder \"\(folder)\" holds no views with volumes: sub-folders 'views' and 'volumes' of files with equal names (PNG or JPEG, and binvox or NPY), or arrays of these names (IDX or NPY, plain or .gz), were expected.")
        }
        if views.isFolder, volumes.isFolder {
            let volumeFiles = try files(in: volumes.path, depth: 0)
            var survey = try FolderSurvey(folder)
            let pictures = try survey.walk(views.path)
            if pictures.isEmpty { throw survey.nothingUsable(in: views.path) }
            if !(volumeFiles.count == 1 && pictures.count > 1) {
                let pairs = try FolderContents.pairs(pictures, in: views.path, volumeFiles, in: volumes.path, ["view", "volume"])
                return try Dataset(columns: [Pictures.column(pairs.sources, name: Field.view, options: ofViews(options)), column(pairs.targets, options)])
            }
        }
        let both = (
            views: try views.isFolder ? pictures(in: views.path, folder, options) : openArray(views.path, ofViews(options)),
            volumes: try volumes.isFolder ? open(volumes.path, options: options) : openArray(volumes.path, options)
        )
        guard both.views.count == both.volumes.count else {
            throw GanError(
                .mismatch,
                "\"\(views.path)\" has \(both.views.count) views, and \"\(volumes.path)\" \(both.volumes.count) volumes; one each was expected, in the same order.")
        }
        return try Dataset(columns: [both.views.columns[0].renamed(Field.view), both.volumes.columns[0]])
    }

    private static func pictures(in path: FilePath, _ folder: FilePath, _ options: DatasetOptions) throws(GanError) -> Dataset {
        var survey = try FolderSurvey(folder)
        return try Dataset(columns: [Pictures.column(survey.walk(path), name: Field.view, options: ofViews(options))])
    }

    /// As pictures are opened, of which every one is whole.
    private static func ofViews(_ options: DatasetOptions) -> DatasetOptions {
        var options = options
        options.items = .pictures
        options.patches = .usual
        return options
    }

    private static func openArray(_ path: FilePath, _ options: DatasetOptions) throws(GanError) -> Dataset {
        try Dataset.openArray(ByteSource(path: path), labels: nil, options: options)
    }

    /// Whether something is called by one of the names, whatever its ending and capitals.
    private static func isNamed(_ entry: Folder.Entry, _ names: [String]) -> Bool {
        names.contains(String(decoding: entry.name.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self).lowercased())
    }

    /// The array of that name in a folder: "voxels.npy", "voxels-32-idx4-ubyte.gz".
    private static func array(in folder: FilePath, _ entries: [Folder.Entry], named names: [String]) throws(GanError) -> FilePath? {
        let found = entries.filter { entry in
            guard entry.kind == .file else { return false }
            let name = String(decoding: entry.name, as: UTF8.self).lowercased()
            let isArray = Text.holds(name, "idx") || Text.holds(name, ".npy")
            return isArray && names.contains(String(name.prefix { $0.isLetter }))
        }
        guard found.count <= 1 else {
            throw GanError(
                .mismatch,
                "The folder \"\(folder)\" holds several arrays, of which any may be meant: \"\(FilePath.text(found[0].name))\" and \"\(FilePath.text(found[1].name))\"; keep one of them there.")
        }
        return found.first.map { folder.appending($0.name) }
    }

    /// Files of one volume each, in the order of their names, then those of sub-folders in theirs.
    private static func files(in folder: FilePath, depth: Int) throws(GanError) -> [FilePath] {
        guard depth < FolderSurvey.depthLimit else { return [] }
        let entries = try FolderSurvey.visible(folder)
        var files = entries.filter { $0.kind == .file && ["binvox", "npy"].contains(ending($0.name)) }.map { folder.appending($0.name) }
        for entry in entries where entry.kind == .folder { files += try Self.files(in: folder.appending(entry.name), depth: depth + 1) }
        return files
    }

    /// What stands behind the last point, but for that of packing.
    private static func ending(_ name: [UInt8]) -> String {
        let ending = FolderSurvey.ending(name)
        return ending == "gz" ? FolderSurvey.ending(Array(name.dropLast(3))) : ending
    }

    private static func isPackedBinvox(_ path: FilePath) -> Bool { ending(path.name) == "binvox" }

    // MARK: What they hold

    /// Sides of what a file of one volume holds.
    private static func axes(_ path: FilePath) throws(GanError) -> [Int] {
        let source = try ByteSource(path: path)
        return ending(path.name) == "npy" ? try ArrayHeader(from: source).axes : try BinvoxHeader(from: source).sides
    }

    /// Files of one volume each. All headers are read before memory is taken.
    private static func column(_ paths: [FilePath], _ options: DatasetOptions) throws(GanError) -> Column {
        var first: (axes: [Int], isBytes: Bool)?
        for path in paths {
            let source = try ByteSource(path: path)
            let found: (axes: [Int], isBytes: Bool)
            if ending(path.name) == "npy" {
                let header = try ArrayHeader(from: source)
                guard header.axes.count == 3 || header.axes.count == 4 else {
                    throw GanError(
                        .badFormat,
                        "The NPY file \"\(path)\" has \(header.axes.count) axes; one volume has 3, [depth, height, width], or 4 with channels behind.")
                }
                found = (header.axes.count == 3 ? header.axes + [1] : header.axes, false)
            } else {
                found = (try BinvoxHeader(from: source).sides + [1], true)
            }
            if let first, first.axes != found.axes {
                func text(_ axes: [Int]) -> String { axes.map { String($0) }.joined(separator: "×") }
                throw GanError(.mismatch, "\"\(path)\" has \(text(found.axes)) voxels, and \"\(paths[0])\" \(text(first.axes)); all volumes are to be of one size.")
            }
            first = (found.axes, found.isBytes && first?.isBytes ?? true)
        }
        guard let first else { throw GanError(.notFound, "There are no volumes to open.") }
        let shape = try ImageShape(folding: first.axes)
        let total = try Sizes.product(paths.count, shape.elements, of: "\(paths.count) volumes")
        let field = Field(Field.volume, .values(first.axes))
        let bytes = try AlignedBuffer<UInt8>(count: first.isBytes ? total : shape.elements, for: "\(paths.count) volumes")
        defer { withExtendedLifetime(bytes) {} }
        func readBinvox(_ path: FilePath, into voxels: UnsafeMutablePointer<UInt8>) throws(GanError) {
            let source = try ByteSource(path: path)
            let header = try BinvoxHeader(from: source)
            guard header.count == shape.elements else { throw GanError(.badData, "\"\(path)\" was changed while it was read.") }
            try header.read(from: source, into: voxels)
        }
        if first.isBytes {
            for (place, path) in paths.enumerated() { try readBinvox(path, into: bytes.pointer + place * shape.elements) }
            return Column(field, count: paths.count, shape: shape, storage: .bytes(UnsafePointer(bytes.pointer)), range: .unit, owner: bytes)
        }
        // Arrays have numbers of their own, one file's from 0 to 1 and another's to 255, so that each is scaled as it would be alone.
        let values = try AlignedBuffer<Float>(count: total, for: "\(paths.count) volumes")
        for (place, path) in paths.enumerated() {
            let to = values.pointer + place * shape.elements
            guard ending(path.name) == "npy" else {
                try readBinvox(path, into: bytes.pointer)
                for i in 0..<shape.elements { to[i] = Float(bytes.pointer[i]) }
                continue
            }
            let source = try ByteSource(path: path)
            let header = try ArrayHeader(from: source)
            guard header.count == shape.elements else { throw GanError(.badData, "\"\(path)\" was changed while it was read.") }
            let own = try header.readFloats(from: source)
            let range = try Self.range(header.element, own.pointer, own.count, options)
            if let outside = range.firstOutside(UnsafePointer(own.pointer), own.count) {
                throw range.violation(own.pointer[outside], at: outside, shape: shape, of: "\"\(path)\"", advice: ValueRange.optionAdvice)
            }
            let (scale, offset) = range.affine(low: 0, high: 1)
            for i in 0..<shape.elements { to[i] = min(max(own.pointer[i] * scale + offset, 0), 1) }
            withExtendedLifetime(own) {}
        }
        return Column(field, count: paths.count, shape: shape, storage: .floats(UnsafePointer(values.pointer)), range: .unit, owner: values)
    }

    /// What is empty and what is full: of whole numbers 0 and 255, or 0 and 1 where there are no others, and else 0 and 1.
    private static func range(
        _ element: ArrayElement, _ values: UnsafePointer<Float>, _ count: Int, _ options: DatasetOptions
    ) throws(GanError) -> ValueRange {
        var largest: Float = 0
        for i in 0..<count where values[i] > largest { largest = values[i] }
        return try options.range(default: 0, element.isInteger && element.kind != .boolean && largest > 1 ? 255 : 1)
    }
}
