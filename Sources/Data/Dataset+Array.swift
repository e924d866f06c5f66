import Base

// What the numbers of an array file mean as images and as labels.

extension Dataset {
    /// Images from a file of numbers (IDX or NPY, plain or gzip), and their labels where a file is named.
    static func openArray(_ source: ByteSource, labels labelPath: FilePath?, options: DatasetOptions) throws(GanError) -> Dataset {
        try options.check()
        let path = source.path
        let header = try ArrayHeader(from: source)
        let axes = try itemAxes(header, options, path)
        let shape = try ImageShape(folding: axes)
        let count = header.axes[0]
        // Labels are small: a fault in them is found before the images are read.
        let labels = try labelPath.map { path throws(GanError) in try readLabels(path: path, count: count, classes: options.classes) }
        if header.element.isByte {
            let bytes = try header.readBytes(from: source)
            // Voxels are full or empty, as ones and zeros or as white and black.
            let isOfBits = (options.items == .volumes || options.items == .views) && !UnsafeBufferPointer(bytes.buffer).contains { $0 > 1 }
            let range = try options.range(default: 0, isOfBits ? 1 : 255)
            if let outside = range.firstOutside(UnsafePointer(bytes.pointer), bytes.count) {
                throw range.violation(
                    Float(bytes.pointer[outside]), at: outside, shape: shape, of: "\"\(path)\"", advice: ValueRange.optionAdvice)
            }
            let field = Field(options.items.fieldName, .values(axes))
            return try Dataset(columns: [
                Column(field, count: count, shape: shape, storage: .bytes(UnsafePointer(bytes.pointer)), range: range, owner: bytes)
            ] + (labels.map { [Column($0)] } ?? []))
        }
        let values = try header.readFloats(from: source)
        var range = ValueRange.unit
        // Rows of numbers are no shades. (IDX is read as ever where it holds what the first version took.)
        let isRows = header.axes.count == 2 && header.element.kind == .float && shape.height == 1
        var hasUnits = isRows && header.format == "NPY"
        if header.element.kind == .float || header.element.kind == .boolean {
            let isLeftOpen = options.minimum == nil && options.maximum == nil
            if isRows, isLeftOpen, hasUnits || range.firstOutside(UnsafePointer(values.pointer), values.count) != nil {
                hasUnits = true
                range = try ValueRange(spanning: values.pointer, values.count, names: ValueRange.optionNames)
            } else {
                range = try options.range(default: 0, 1)
            }
        } else {
            let span = try ValueRange(spanning: values.pointer, values.count, names: ValueRange.optionNames)
            range = try options.range(default: span.minimum, span.maximum)
        }
        if let outside = range.firstOutside(UnsafePointer(values.pointer), values.count) {
            throw range.violation(values.pointer[outside], at: outside, shape: shape, of: "\"\(path)\"", advice: ValueRange.optionAdvice)
        }
        let field = Field(options.items.fieldName, .values(axes), units: hasUnits ? range : nil)
        return try Dataset(columns: [
            Column(field, count: count, shape: shape, storage: .floats(UnsafePointer(values.pointer)), range: range, owner: values)
        ] + (labels.map { [Column($0)] } ?? []))
    }

    /// The axes of one item.
    private static func itemAxes(_ header: ArrayHeader, _ options: DatasetOptions, _ path: String) throws(GanError) -> [Int] {
        if options.items != .pictures { return try deepAxes(header, options, path) }
        return try imageShape(header, options, path).axes
    }

    /// Those of clips and volumes: [count, depth, height, width], or with channels behind.
    private static func deepAxes(_ header: ArrayHeader, _ options: DatasetOptions, _ path: String) throws(GanError) -> [Int] {
        var axes = header.axes
        guard axes.count == 4 || axes.count == 5 else {
            throw GanError(
                .badFormat,
                "The \(header.format) file \"\(path)\" has \(axes.count) axes; with data.items=\(options.items == .clips ? "clips" : "volumes") 4 were expected, [count, \(options.items == .clips ? "frames" : "depth"), height, width], or 5 with channels behind.")
        }
        if axes.count == 4 { axes.append(1) }
        // Those of views are the pictures'.
        let asked = options.items == .views ? DatasetOptions() : options
        for (name, wanted, actual) in [("height", asked.height, axes[2]), ("width", asked.width, axes[3]), ("channels", asked.channels, axes[4])]
        where wanted != 0 && wanted != actual {
            throw GanError(.mismatch, "The option data.\(name) is \(wanted), and \"\(path)\" has \(actual); set it to \(actual) or 0.")
        }
        if options.items == .clips, options.frames != 0, options.frames != axes[1] {
            throw GanError(.mismatch, "The option data.frames is \(options.frames), and the clips of \"\(path)\" have \(axes[1]); set it to \(axes[1]) or 0.")
        }
        return Array(axes.dropFirst())
    }

    private static func imageShape(_ header: ArrayHeader, _ options: DatasetOptions, _ path: String) throws(GanError) -> ImageShape {
        let axes = header.axes
        guard axes.count >= 2 else {
            throw GanError(.badFormat, "The \(header.format) file \"\(path)\" has one axis, as labels have; images have at least 2.")
        }
        if axes.count == 2 { return try options.shape(height: 1, width: axes[1], channels: 1, isFlat: true, path: path) }
        let channels = header.count / axes[0] / axes[1] / axes[2]
        // PyTorch's order. Nobody has images three pixels high in dozens of colours, so it is asked for rather than believed.
        if header.format == "NPY", axes.count == 4, [1, 3].contains(axes[1]), channels > 4, options.channels != channels {
            throw GanError(
                .mismatch,
                "The NPY file \"\(path)\" has the axes \(axes), which look like [count, channels, height, width]; save numpy.transpose(array, (0, 2, 3, 1)) instead, or set data.channels to \(channels) if they are [count, height, width, channels].")
        }
        return try options.shape(height: axes[1], width: axes[2], channels: channels, isFlat: false, path: path)
    }

    private static func readLabels(path: FilePath, count: Int, classes: Int) throws(GanError) -> Labels {
        let source = try ByteSource(path: path)
        let header = try ArrayHeader(from: source)
        let axes = header.axes
        // QMNIST's labels are rows of eight numbers, of which the first is the class (github.com/facebookresearch/qmnist).
        let isQMNIST = axes.count == 2 && axes[1] == 8 && header.element.kind == .signed && header.element.size == 4
        guard axes.count == 1 || (axes.count == 2 && axes[1] == 1) || (isQMNIST && !header.isFortranOrder) else {
            throw GanError(.badFormat, "The labels \"\(path)\" have \(axes.count) axes; labels have 1.")
        }
        guard header.element.isInteger else {
            throw GanError(.badFormat, "The labels \"\(path)\" are not integers.")
        }
        guard axes[0] == count else {
            throw GanError(.mismatch, "The labels \"\(path)\" are \(axes[0]), and there are \(count) images; one each was expected.")
        }
        return try Labels(checking: try header.readLabels(from: source), classes: classes, of: "\"\(path)\"")
    }
}

extension DatasetOptions {
    /// The range that the options set, with what they leave open taken from the data.
    func range(default smallest: Float, _ largest: Float) throws(GanError) -> ValueRange {
        try ValueRange(
            minimum: minimum.map { Float($0) } ?? smallest, maximum: maximum.map { Float($0) } ?? largest, names: ValueRange.optionNames)
    }
}
