import Base

// From a path to a dataset: what a file is, its contents tell; what a folder is, the names in it.

extension Dataset {
    /// Opens a folder or a file: pictures (PNG, JPEG), arrays (IDX, NPY) or volumes (binvox). Where there is neither, and the path is the name of made
    /// data, that is made (`MadeData`).
    ///
    /// - Throws: `.notFound`, `.accessDenied`, `.inputOutput`, `.badFormat`, `.truncated`, `.checksum`, `.mismatch`
    ///   (labels, sizes, options), `.badData` (values or labels out of range), `.outOfMemory`, `.outOfRange` (options).
    public static func open(_ path: FilePath, options: DatasetOptions = DatasetOptions()) throws(GanError) -> Dataset {
        try options.check()
        let kind = try Folder.kind(of: path)
        if kind == .missing, let made = MadeData.all.first(where: { path.description == $0.name }) { return try made.dataset() }
        if kind == .folder, options.items == .volumes { return try Volumes.open(path, options: options) }
        if kind == .folder, options.items == .views { return try Volumes.openPairs(path, options: options) }
        if kind == .folder {
            switch try FolderContents.read(path, options: options) {
            case .arrays(let images, let labels): return try open(images: images, labels: labels, options: options)
            case .pictures(let paths): return try Dataset(columns: Pictures.columns(paths, options: options))
            case .classes(let classes): return try open(classes, of: path, options: options)
            case .described(let classes, let metadata):
                let paths = classes.flatMap(\.pictures)
                // Faults in a list are found before pictures are decoded.
                var others = try metadata.columns(of: paths, options: options)
                let isLabelled = others.contains { $0.field.name == Field.label }
                if !isLabelled, classes.count > 1, !classes.contains(where: \.name.isEmpty) { others.insert(Column(try labels(classes, of: path, options: options)), at: 0) }
                return try Dataset(columns: Pictures.columns(paths, with: others, options: options))
            case .pairs(let sources, let targets):
                return try Dataset(columns: Pictures.pair(sources, targets, options: options))
            case .kinds(let sources, let targets):
                let columns = [
                    try Pictures.column(sources, name: Field.source, options: options), try Pictures.column(targets, name: Field.target, options: options),
                ]
                return try Dataset(columns: columns, orders: [0, 1])
            case .clips(let clips): return try Dataset(columns: [Pictures.clips(clips, options: options)])
            }
        }
        if options.pairs != .none { throw GanError(.mismatch, "The option data.pairs is \(options.pairs.rawValue), which is about pictures of a folder, and \"\(path)\" is a file.") }
        if options.items == .views {
            throw GanError(
                .mismatch,
                "The option data.items is views, and \"\(path)\" is a file: a folder with views and volumes was expected, or two data sets, of views and of volumes, each opened as what it is (data.items=pictures, data.items=volumes) and combined as pairs.")
        }
        let source = try ByteSource(path: path)
        if options.items == .volumes, !source.isPicture { return try Volumes.open(file: source, path, options: options) }
        if Table.isTable(path) { return try Dataset(table: Table.read(source, options: options.table)) }
        return source.isPicture ? try Pictures.open(source, options: options) : try openArray(source, labels: nil, options: options)
    }

    /// Rows of a table, of which networks learn.
    ///
    /// - Parameter schema: What the columns are; nil for what the rows tell.
    public convenience init(table: Table, schema: TableSchema? = nil) throws(GanError) {
        let known: TableSchema
        if let schema { known = schema } else { known = try table.schema() }
        let rows = try TableRows(table, known)
        try self.init(columns: [
            Column(
                Field(Field.row, .table(known)), count: rows.count, shape: ImageShape(folding: [known.width]), storage: .table(rows), owner: rows)
        ])
    }

    /// A table that a program has in memory, as CSV.
    public static func table(_ text: UnsafeRawBufferPointer, options: DatasetOptions) throws(GanError) -> Dataset {
        try Dataset(table: Table.read(text, options: options.table))
    }

    /// The rows of a table, where the data are one.
    public var rows: TableRows? {
        if case .table(let rows) = storage { return rows }
        return nil
    }

    /// The same data as a training with these fields sees them: the rows of a table by that training's schema.
    public func told(by fields: [Field]) throws(GanError) -> Dataset {
        guard let rows, case .table(let schema)? = fields.first(where: { (field) in field.name == Field.row })?.kind, schema != rows.schema else { return self }
        return try Dataset(table: rows.table, schema: schema)
    }

    /// Opens images, and labels where given, from array files (IDX or NPY, plain or gzip).
    public static func open(images: FilePath, labels: FilePath?, options: DatasetOptions = DatasetOptions()) throws(GanError) -> Dataset {
        try openArray(ByteSource(path: images), labels: labels, options: options)
    }

    public static func open(path: String, options: DatasetOptions = DatasetOptions()) throws(GanError) -> Dataset {
        try open(FilePath(path), options: options)
    }

    public static func openIDX(images: String, labels: String?, options: DatasetOptions = DatasetOptions()) throws(GanError) -> Dataset {
        try open(images: FilePath(images), labels: labels.map { FilePath($0) }, options: options)
    }

    /// Pictures whose labels are the places of their classes.
    private static func open(_ classes: [FolderContents.Class], of path: FilePath, options: DatasetOptions) throws(GanError) -> Dataset {
        let labels = try labels(classes, of: path, options: options)
        return try Dataset(columns: Pictures.columns(classes.flatMap(\.pictures), with: [Column(labels)], options: options))
    }

    private static func labels(_ classes: [FolderContents.Class], of path: FilePath, options: DatasetOptions) throws(GanError) -> Labels {
        guard options.classes == 0 || options.classes >= classes.count else {
            throw GanError(
                .badData, "The folder \"\(path)\" has \(classes.count) sub-folders, a class each, and the option data.classes is \(options.classes).")
        }
        let values = try AlignedBuffer<Int32>(count: classes.reduce(0) { $0 + $1.pictures.count }, for: "the labels of \"\(path)\"")
        var place = 0
        for (label, found) in classes.enumerated() {
            for _ in found.pictures {
                values.pointer[place] = Int32(truncatingIfNeeded: label)
                place += 1
            }
        }
        return try Labels(
            checking: values, classes: max(options.classes, classes.count), names: classes.map { FilePath.text($0.name) },
            of: "\"\(path)\"")
    }
}
