// What an item of data has: fields, each a name and a kind. A data set is columns of equal count, one a field.

import Base

public struct Field: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// Numbers of the given axes, the last of which are channels: a picture is [height, width, channels].
        case values([Int])
        /// One of so many classes, with their names, or no names.
        case label(classes: Int, names: [String])
    }

    public let name: String
    public let kind: Kind

    public init(_ name: String, _ kind: Kind) {
        self.name = name
        self.kind = kind
    }

    /// The name of the field that the pictures of a data set are.
    public static let image = "image"
    /// The names of the fields of pairs: what is begun with, and what is to come of it.
    public static let source = "source"
    public static let target = "target"
    /// The name of the field that the classes of pictures are.
    public static let label = "label"
}

extension ImageShape {
    /// [height, width, channels]
    public var axes: [Int] { [height, width, channels] }
}

extension Dataset {
    public var fields: [Field] {
        let image = Field(Field.image, .values(shape.axes))
        // Names come from folders, and may hold what a list of lines cannot.
        let names = hasClassNames ? (0..<classCount).map { index in String(className(index).map { $0.isNewline ? " " : $0 }) } : []
        return classCount > 0 ? [image, Field(Field.label, .label(classes: classCount, names: names))] : [image]
    }
}
