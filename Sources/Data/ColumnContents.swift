#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base

// Columns of labels, tags and texts, checked.

/// Labels that have been checked.
struct Labels {
    let values: AlignedBuffer<Int32>
    let classCount: Int
    /// What the classes are called, as far as the data say so.
    let classNames: [String]

    /// - Parameter classes: 0 for the largest label + 1.
    init(checking values: AlignedBuffer<Int32>, classes: Int, names: [String] = [], of what: String) throws(GanError) {
        guard classes >= 0, classes <= Int(Int32.max) else {
            throw GanError(.invalidArgument, "The number of classes is \(classes); 0 (the largest label + 1) or more was expected.")
        }
        let limit = classes == 0 ? Int(Int32.max) : classes
        var largest = 0
        for item in 0..<values.count {
            let label = Int(values.pointer[item])
            if label < 0 || label >= limit {
                let expected = classes == 0 ? "0 or more" : "0 … \(classes - 1), because there are \(classes) classes,"
                throw GanError(.badData, "The label of item \(item) of \(what) is \(label); \(expected) was expected.")
            }
            largest = max(largest, label)
        }
        self.values = values
        self.classNames = names
        self.classCount = classes == 0 ? largest + 1 : classes
    }
}

extension Column {
    convenience init(_ labels: Labels, name: String = Field.label) {
        // Names come from folders, and may hold what a list of lines cannot.
        let names = labels.classNames.isEmpty ? [] : (0..<labels.classCount).map { index in
            Self.line(labels.classNames.indices.contains(index) ? labels.classNames[index] : String(index))
        }
        self.init(
            Field(name, .label(classes: labels.classCount, names: names)), count: labels.values.count, storage: .indices(labels.values.pointer),
            classNames: labels.classNames, owner: labels.values)
    }

    /// A name on one line.
    private static func line(_ name: String) -> String { String(name.map { $0.isNewline ? " " : $0 }) }

    /// Labels of the host's memory, which are copied.
    ///
    /// - Parameters:
    ///   - classes: 0 for the largest label + 1, or as many as there are names.
    ///   - names: of the classes; none, or one for each.
    public static func labels(
        _ labels: UnsafePointer<Int32>, count: Int, classes: Int, names: [String], name: String
    ) throws(GanError) -> Column {
        try Field.check(name: name)
        let own = try AlignedBuffer<Int32>(count: count, for: "a copy of the labels")
        memcpy(own.pointer, labels, count * MemoryLayout<Int32>.stride)
        guard names.isEmpty || classes == 0 || names.count == classes else {
            throw GanError(.mismatch, "There are \(names.count) names for \(classes) classes; one each was expected.")
        }
        return Column(try Labels(checking: own, classes: classes == 0 ? names.count : classes, names: names, of: "the data"), name: name)
    }

    /// The largest number of tags.
    static let mostTags = 4096

    /// Tags, a zero or a one for each.
    ///
    /// - Parameter flags: `[count, names]`; what is not 0 is 1.
    static func tags(_ flags: AlignedBuffer<UInt8>, count: Int, names: [String], name: String) throws(GanError) -> Column {
        try Field.check(name: name)
        guard !names.isEmpty, names.count <= mostTags else {
            throw GanError(.outOfRange, "There are \(names.count) tags; 1 to \(mostTags) were expected.")
        }
        var known: Set<String> = []
        for tag in names {
            // A comma stands between tags wherever they are written.
            guard !tag.isEmpty, tag.utf8.count <= 256, !tag.contains(where: { $0.isNewline || $0 == "," || $0 == ";" }) else {
                throw GanError(.badData, "A tag cannot be called \(quoted(tag)): 1 to 256 bytes without comma, semicolon and line end make a name.")
            }
            guard known.insert(tag).inserted else { throw GanError(.badData, "The tag \(quoted(tag)) is named twice.") }
        }
        for i in 0..<flags.count where flags.pointer[i] > 1 { flags.pointer[i] = 1 }
        // Items from all over the data: what a generator is told where nobody tells it anything.
        let number = min(count, max(16, min(256, (1 << 16) / names.count)))
        let examples = (0..<number).map { example in
            let item = example * count / number
            return Array(UnsafeBufferPointer(start: flags.pointer + item * names.count, count: names.count))
        }
        return Column(
            Field(name, .tags(names, examples: examples)), count: count, storage: .bytes(UnsafePointer(flags.pointer)), classNames: names,
            owner: flags)
    }

    /// Tags of the host's memory, which are copied.
    public static func tags(_ flags: UnsafePointer<UInt8>, count: Int, names: [String], name: String) throws(GanError) -> Column {
        let total = try Sizes.product(count, names.count, of: "\(count) items of \(names.count) tags")
        let own = try AlignedBuffer<UInt8>(count: total, for: "a copy of the tags")
        memcpy(own.pointer, flags, total)
        return try tags(own, count: count, names: names, name: name)
    }

    /// Texts of the host's memory, UTF-8 with a 0 behind each.
    /// - Throws: also `.mismatch` for another number of texts, `.badData` for what is not UTF-8.
    public static func texts(
        zeroTerminated bytes: UnsafeRawBufferPointer, count: Int, length: Int, name: String
    ) throws(GanError) -> Column {
        let found = bytes.count { $0 == 0 }
        guard found == count, bytes.last == 0 || count == 0 else {
            throw GanError(.mismatch, "There are \(found) texts with a 0 behind each, and the dataset has \(count) items; one each was expected.")
        }
        try Memory.check(room: Sizes.product(count, 2 * MemoryLayout<String>.stride, of: "texts"))
        var texts: [String] = []
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: 0) {
            guard let text = String(validating: bytes[start..<end], as: UTF8.self) else {
                throw GanError(.badData, "The text of item \(texts.count) is not UTF-8.")
            }
            texts.append(text)
            start = end + 1
        }
        return try self.texts(texts, length: length, name: name)
    }

    /// So many texts are kept with a field, at the most, as examples of what it holds.
    public static let mostTextExamples = 64
    /// The longest text, and the largest number of different characters.
    static let longestText = 4096
    private static let mostCharacters = 1 << 16

    /// Texts, as indices into a vocabulary of the characters that occur in them, in the order of their code points.
    ///
    /// - Parameter length: How many characters an item has room for; 0 for those of the longest.
    /// - Throws: `.outOfRange` for a text that is longer.
    public static func texts(_ texts: [String], length: Int, name: String) throws(GanError) -> Column {
        try Field.check(name: name)
        var characters: Set<Unicode.Scalar> = []
        var (longest, item) = (1, 0)
        for (index, text) in texts.enumerated() {
            characters.formUnion(text.unicodeScalars)
            if text.unicodeScalars.count > longest { (longest, item) = (text.unicodeScalars.count, index) }
            guard characters.count <= mostCharacters else {
                throw GanError(.outOfRange, "The texts have more than \(mostCharacters) different characters.")
            }
        }
        let most = length == 0 ? longestText : length
        guard longest <= most else {
            throw GanError(
                .outOfRange,
                "The text of item \(item) has \(longest) characters, and at most \(most) were expected; \(length == 0 || longest > longestText ? "shorten it" : "shorten it, or set data.text-length to \(longest)").")
        }
        let room = length == 0 ? longest : length
        let vocabulary = characters.sorted()
        var places: [Unicode.Scalar: Int32] = [:]
        for (index, character) in vocabulary.enumerated() { places[character] = Int32(truncatingIfNeeded: index + 2) }
        let total = try Sizes.product(texts.count, room, of: "\(texts.count) texts of \(room) characters")
        let indices = try AlignedBuffer<Int32>(count: total, for: "texts")
        for (index, text) in texts.enumerated() {
            for (place, character) in text.unicodeScalars.enumerated() { indices.pointer[index * room + place] = places[character] ?? 1 }
        }
        let number = min(texts.count, max(1, min(mostTextExamples, (1 << 14) / room)))
        let examples = (0..<number).map { example in
            Array(UnsafeBufferPointer(start: indices.pointer + example * texts.count / number * room, count: room))
        }
        return Column(
            Field(name, .text(length: room, characters: vocabulary, examples: examples)), count: texts.count, storage: .indices(UnsafePointer(indices.pointer)),
            owner: indices)
    }
}
