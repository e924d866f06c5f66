import Base

/// The shape of one image. Images lie in memory as `[height, width, channels]`, the channel varying fastest.
public struct ImageShape: Hashable, Sendable, CustomStringConvertible {
    public let height: Int
    public let width: Int
    public let channels: Int
    /// Values per image.
    public let elements: Int

    /// - Throws: `.invalidArgument` for a size below 1, `.outOfRange` for more values than an image may have.
    public init(height: Int, width: Int, channels: Int) throws(GanError) {
        for (name, size) in [("height", height), ("width", width), ("channels", channels)] where size < 1 {
            throw GanError(.invalidArgument, "The images' \(name) is \(size); at least 1 was expected.")
        }
        let elements = try Sizes.product(height, width, channels, of: "an image of \(height)×\(width)×\(channels)")
        // The contract's sizes are 32-bit.
        guard elements <= Int(Int32.max) else {
            throw GanError(
                .outOfRange, "An image of \(height)×\(width)×\(channels) has \(elements) values; at most \(Int32.max) are supported.")
        }
        self.height = height
        self.width = width
        self.channels = channels
        self.elements = elements
    }

    public var description: String { "\(height)×\(width)×\(channels)" }
}

/// How data are opened: the options whose names begin with `data.`.
public struct DatasetOptions: Sendable {
    public enum Fit: Sendable {
        /// Every image has to have the one size.
        case exact
        /// Every picture is scaled to cover `height` × `width` and cropped at its centre.
        case crop
        /// Items are patches of `height` × `width` of the pictures, cut out anywhere.
        case patches
    }

    /// What an item is.
    public enum Items: String, CaseIterable, Sendable {
        case pictures
        /// Pictures one after the other.
        case clips
        /// Slices one behind the other.
        case volumes
        /// A view of a volume, and the volume.
        case views

        var fieldName: String {
            switch self {
            case .pictures: Field.image
            case .clips: Field.clip
            case .volumes, .views: Field.volume
            }
        }
    }

    /// Whether a picture is two.
    public enum Pairs: String, CaseIterable, Sendable {
        case none
        /// The left half is the source and the right half the target.
        case sideBySide = "side-by-side"
    }

    /// 0: taken from the data.
    public var height = 0
    /// 0: taken from the data.
    public var width = 0
    /// 0: taken from the data.
    public var channels = 0
    public var fit = Fit.exact
    /// How patches are cut where `height` and `width` do not say.
    public var patches = PatchPreference.usual
    /// The sides of patches, where they are known, but data of other kinds may have any; 0: as `patches` says.
    public var patchHeight = 0
    public var patchWidth = 0
    /// The value that is black; nil for what the element type implies.
    public var minimum: Double?
    /// The value that is white; nil for what the element type implies.
    public var maximum: Double?
    /// How many classes the labels name; 0 for the largest label + 1.
    public var classes = 0
    public var items = Items.pictures
    public var pairs = Pairs.none
    /// How many pictures of a sub-folder are a clip; 0 for all.
    public var frames = 0
    /// How many characters a text has room for; 0 for those of the longest.
    public var textLength = 0
    /// Whether metadata.csv or metadata.jsonl beside pictures is read.
    public var readsMetadata = true
    /// How tables are read.
    public var table = TableOptions()

    public init() {}

    func check() throws(GanError) {
        for (name, value) in [("height", height), ("width", width), ("channels", channels), ("classes", classes), ("frames", frames), ("text-length", textLength)]
        where value < 0 || value > Int(Int32.max) {
            throw GanError(.outOfRange, "The option data.\(name) is \(value); 0 (taken from the data) or more was expected.")
        }
        for (name, value) in [("minimum", minimum), ("maximum", maximum)] {
            if let value, !value.isFinite { throw GanError(.outOfRange, "The option data.\(name) is not a finite number.") }
        }
        if let minimum, let maximum, minimum >= maximum {
            throw GanError(
                .outOfRange,
                "The option data.minimum is \(Text.format(minimum)) and data.maximum \(Text.format(maximum)); the maximum has to be greater.")
        }
    }

    /// The shape of what a file holds as `[height, width, channels]`, or an error where the options ask for another.
    ///
    /// A file of flat rows, as rank 2 is, says nothing about height and width, so the options may divide them.
    func shape(height fileHeight: Int, width fileWidth: Int, channels fileChannels: Int, isFlat: Bool, path: String)
        throws(GanError) -> ImageShape
    {
        let found = try ImageShape(height: fileHeight, width: fileWidth, channels: fileChannels)
        if isFlat && height > 0 && width > 0 {
            let wanted = try ImageShape(height: height, width: width, channels: max(channels, 1))
            if wanted.elements == found.elements { return wanted }
            throw GanError(
                .mismatch,
                "The options ask for images of \(wanted), which are \(wanted.elements) values; those of \"\(path)\" have \(found.elements).")
        }
        for (name, wanted, actual) in [("height", height, found.height), ("width", width, found.width), ("channels", channels, found.channels)]
        where wanted != 0 && wanted != actual {
            throw GanError(
                .mismatch,
                "The option data.\(name) is \(wanted), and the images of \"\(path)\" are \(found) (height × width × channels); set it to \(actual) or 0.")
        }
        return found
    }
}
