import Base

/// What a folder holds that can be learnt from.
///
/// People's folders are read as they are: MNIST's files, pictures, or a sub-folder of pictures for each class, below a
/// folder or two that somebody's archive put around them. Hidden files and what other programs leave behind are passed
/// over, and where nothing can be used the sentence says what is there.
enum FolderContents {
    /// A sub-folder with pictures.
    struct Class {
        let name: [UInt8]
        let pictures: [FilePath]
    }

    case arrays(images: FilePath, labels: FilePath?)
    case pictures([FilePath])
    case classes([Class])
    /// Pictures, in no class or in one each, with what a file beside them says of them.
    case described([Class], Metadata)
    /// The sub-folders `source` and `target`.
    case pairs(sources: [FilePath], targets: [FilePath])
    /// The sub-folders `trainA` and `trainB`, which have nothing to do with each other picture by picture (as Zhu et al. 2017 have them).
    case kinds(sources: [FilePath], targets: [FilePath])
    /// A sub-folder each.
    case clips([Class])

    /// - Throws: `.notFound` where nothing is usable, `.mismatch` where it is not clear what is meant; what folders throw.
    static func read(_ path: FilePath, options: DatasetOptions) throws(GanError) -> FolderContents {
        var folder = path
        var entries = try FolderSurvey.visible(folder)
        // Down through folders that only lead to another one.
        for _ in 0..<FolderSurvey.depthLimit {
            if let files = try MNISTFiles(in: folder, entries) { return try choose(files, folder) }
            if options.readsMetadata, Metadata.path(in: folder, entries) != nil { break }
            guard let next = try onlyWay(folder, entries) else { break }
            folder = next
            entries = try FolderSurvey.visible(folder)
        }
        var survey = try FolderSurvey(folder)
        let own = try survey.take(folder, entries.filter { $0.kind != .folder })
        var classes: [Class] = []
        for entry in entries where entry.kind == .folder {
            let pictures: [FilePath]
            do throws(GanError) { pictures = try survey.walk(folder.appending(entry.name)) } catch {
                // A class that cannot be read must not be missing; what lies beside pictures may.
                if own.isEmpty {
                    throw error.status == .accessDenied
                        ? GanError(error.status, "\(error.message) All folders in \"\(folder)\" are read; pass one of pictures alone, or let this one be read.")
                        : error
                }
                continue
            }
            if !pictures.isEmpty { classes.append(Class(name: entry.name, pictures: pictures)) }
        }
        let below = classes.reduce(0) { $0 + $1.pictures.count }
        if own.isEmpty && classes.isEmpty { throw survey.nothingUsable(in: path) }
        if options.readsMetadata, let list = Metadata.path(in: folder, entries), let metadata = try Metadata(path: list, folder: folder) {
            return .described((own.isEmpty ? [] : [Class(name: [], pictures: own)]) + classes, metadata)
        }
        if options.items == .clips {
            // Pictures that are not in sub-folders are one clip.
            return .clips(own.isEmpty ? classes : [Class(name: folder.name, pictures: own)])
        }
        if own.isEmpty, classes.count == 2, classes[0].name.elementsEqual(Field.source.utf8), classes[1].name.elementsEqual(Field.target.utf8) {
            let places = (folder.appending(Array(Field.source.utf8)), folder.appending(Array(Field.target.utf8)))
            let (sources, targets) = try pairs(classes[0].pictures, in: places.0, classes[1].pictures, in: places.1, [Field.source, Field.target])
            return .pairs(sources: sources, targets: targets)
        }
        if own.isEmpty, let kinds = kinds(classes) { return kinds }
        if classes.isEmpty { return .pictures(own) }
        if own.isEmpty { return .classes(classes) }
        // Notes beside the pictures; but not one picture that lies beside all the others.
        guard own.count < below else { return .pictures(own) }
        let names = classes.prefix(3).map { "\"\(FilePath.text($0.name))\"" }.joined(separator: ", ")
        throw GanError(
            .mismatch,
            "The folder \"\(folder)\" holds \(pictureCount(own.count)) itself and \(pictureCount(below)) in sub-folders (\(names)\(classes.count > 3 ? ", …" : "")); pass the folder that is meant, such as \"\(folder.appending(classes[0].name))\", or move the \(own.count == 1 ? "one" : "\(own.count)") away, and each sub-folder is a class.")
    }

    /// Two kinds to learn from, and perhaps some of both to look at afterwards.
    private static func kinds(_ classes: [Class]) -> FolderContents? {
        func named(_ name: String) -> [FilePath]? { classes.first { $0.name.elementsEqual(name.utf8) }?.pictures }
        guard let sources = named("trainA"), let targets = named("trainB"),
            classes.allSatisfy({ folder in ["trainA", "trainB", "testA", "testB", "valA", "valB"].contains { folder.name.elementsEqual($0.utf8) } })
        else { return nil }
        return .kinds(sources: sources, targets: targets)
    }

    /// Files of equal names, whatever their endings: those of one folder in the order of their names, and the one of the other that belongs to each.
    ///
    /// - Parameter words: What a file of either folder is, for sentences.
    static func pairs(
        _ sources: [FilePath], in sourceFolder: FilePath, _ targets: [FilePath], in targetFolder: FilePath, _ words: [String]
    ) throws(GanError) -> (sources: [FilePath], targets: [FilePath]) {
        func stem(_ path: FilePath, _ folder: FilePath) -> [UInt8] {
            let name = path.bytes.dropFirst(folder.bytes.count)
            guard let point = name.lastIndex(of: UInt8(ascii: ".")), name[point...].allSatisfy({ $0 != UInt8(ascii: "/") }) else { return Array(name) }
            return Array(name[..<point])
        }
        func byStem(_ paths: [FilePath], _ folder: FilePath) throws(GanError) -> [[UInt8]: FilePath] {
            var all: [[UInt8]: FilePath] = [:]
            for path in paths {
                if let other = all.updateValue(path, forKey: stem(path, folder)) {
                    throw GanError(.mismatch, "\"\(other)\" and \"\(path)\" have the same name but for the ending; a \(words[0]) has one \(words[1]).")
                }
            }
            return all
        }
        let (from, to) = (try byStem(sources, sourceFolder), try byStem(targets, targetFolder))
        let isPicture = words[1] == Field.target
        if let alone = sources.first(where: { to[stem($0, sourceFolder)] == nil }) {
            throw GanError(
                .mismatch, "\"\(alone)\" has no \(isPicture ? "picture" : "file") of the same name in \"\(targetFolder)\"; every \(words[0]) has a \(words[1]).")
        }
        if let alone = targets.first(where: { from[stem($0, targetFolder)] == nil }) {
            throw GanError(.mismatch, "\"\(alone)\" has no picture of the same name in \"\(sourceFolder)\"; every \(words[1]) has a \(words[0]).")
        }
        return (sources, sources.compactMap { to[stem($0, sourceFolder)] })
    }

    private static func pictureCount(_ count: Int) -> String { count == 1 ? "1 picture" : "\(count) pictures" }

    private static func choose(_ files: MNISTFiles, _ folder: FilePath) throws(GanError) -> FolderContents {
        guard files.sets.isEmpty else {
            let names = files.sets.map(\.name).joined(separator: ", ")
            throw GanError(
                .mismatch,
                "The folder \"\(folder)\" holds several sets of images: \(names); pass the file of one, such as \"\(files.sets[0].images)\", or a folder with the files of one alone.")
        }
        return .arrays(images: files.chosen.images, labels: files.chosen.labels)
    }

    private static let trainingNames = ["train", "training"]
    private static let splitNames = trainingNames + ["test", "testing", "val", "valid", "validation", "dev"]

    /// The sub-folder that is meant where a folder has nothing else: the training split beside others, or a folder that has
    /// folders only. Nil where this is the place.
    private static func onlyWay(_ folder: FilePath, _ entries: [Folder.Entry]) throws(GanError) -> FilePath? {
        let folders = entries.filter { $0.kind == .folder }
        guard !folders.isEmpty, !entries.contains(where: { FolderSurvey.isPicture($0) }) else { return nil }
        let names = folders.map { String(decoding: $0.name, as: UTF8.self).lowercased() }
        if names.allSatisfy({ splitNames.contains($0) }), let training = names.firstIndex(where: { trainingNames.contains($0) }) {
            return folder.appending(folders[training].name)
        }
        guard folders.count == 1 else { return nil }
        let inner = folder.appending(folders[0].name)
        let within = try FolderSurvey.visible(inner)
        // With pictures in it, it is a class.
        return within.contains { FolderSurvey.isPicture($0) } ? nil : inner
    }
}
