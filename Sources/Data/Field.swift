// What an item of data has: fields, each a name and a kind. A data set is columns of equal count, one a field.

import Base

public struct Field: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// Numbers of the given axes, the last of which are channels where there are three or more: a picture is
        /// [height, width, channels], a clip [frames, height, width, channels], a row of a table [n].
        case values([Int])
        /// One of so many classes, with their names, or no names.
        case label(classes: Int, names: [String])
        /// Any of these tags: a zero or a one for each. `examples` are some items' tags, as they come together in the data.
        case tags([String], examples: [[UInt8]])
        /// At most `length` of these characters, as indices from 2 on; 0 is the end, and what comes after it, and 1 any other character.
        /// `examples` are some items' texts.
        case text(length: Int, characters: [Unicode.Scalar], examples: [[Int32]])
        /// A row of a table, as the numbers that its schema makes of it.
        case table(TableSchema)
    }

    public let name: String
    public let kind: Kind
    /// For values that are quantities rather than shades between black and white: the range of the data, in whose units samples come.
    public let units: ValueRange?

    public init(_ name: String, _ kind: Kind, units: ValueRange? = nil) {
        self.name = name
        self.kind = kind
        self.units = units
    }

    /// The name of the field that the pictures of a data set are.
    public static let image = "image"
    /// The name of the field that the classes of pictures are.
    public static let label = "label"
    public static let tags = "tags"
    public static let text = "text"
    /// The names of pictures that belong together, of which one is made from the other.
    public static let source = "source"
    public static let target = "target"
    /// A row of a table, and which of its categories a training asks for at a time.
    public static let row = "row"
    public static let condition = "condition"
    /// Pictures one after the other, and slices one behind the other.
    public static let clip = "clip"
    public static let volume = "volume"
    /// A picture of what is in a volume.
    public static let view = "view"

    /// The axes of one item: none for a label.
    public var axes: [Int] {
        switch kind {
        case .values(let axes): axes
        case .label: []
        case .tags(let names, _): [names.count]
        case .text(let length, _, _): [length]
        case .table(let schema): [schema.width]
        }
    }

    /// Names are parts of others, and words of lists.
    static func check(name: String) throws(GanError) {
        let isFit = !name.isEmpty && name.utf8.count <= 64 && name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        }
        guard isFit else {
            throw GanError(.invalidArgument, "A field cannot be called \(quoted(name)); 1 to 64 letters, digits, points, hyphens and underscores make a name.")
        }
    }
}

extension ImageShape {
    /// [height, width, channels]
    public var axes: [Int] { [height, width, channels] }

    /// How values of any rank are told as a picture: a row is one pixel high, and axes behind the second are channels together.
    public init(folding axes: [Int]) throws(GanError) {
        switch axes.count {
        case 0: throw GanError(.invalidArgument, "Values need at least one axis.")
        case 1: try self.init(height: 1, width: axes[0], channels: 1)
        default:
            try self.init(height: axes[0], width: axes[1], channels: Sizes.product(axes.dropFirst(2), of: "an item of \(axes)"))
        }
    }
}
