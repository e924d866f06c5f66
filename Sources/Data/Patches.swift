// Pictures of any sizes as data: what is learnt from are patches of them, cut out at full size when a batch is filled, so that a few large
// photographs are thousands of items and no more memory than their own.

import Base

/// Which patches there are. A plain value, so that a team fills batches from it without counting references; the column owns the memory.
public struct Patches: @unchecked Sendable {
    public let height: Int
    public let width: Int
    public let channels: Int
    /// Patches of an epoch, whose area together is that of the pictures, and no fewer than `fewest`.
    public let count: Int
    let pictureCount: Int
    /// Bytes of all pictures, one after the other.
    private let pixels: UnsafePointer<UInt8>
    private let pictures: UnsafePointer<Picture>

    struct Picture {
        /// Where its pixels begin.
        let offset: Int
        let height, width: Int
        /// The number of its first patch; the others follow.
        var firstItem = 0
    }

    /// So many patches are an epoch where pictures are few and small.
    private static let fewest = 256
    /// What patches of readers are cut by, who ask for items and name no epoch.
    public static let readersKey: UInt64 = 0

    init(_ shape: ImageShape, pixels: AlignedBuffer<UInt8>, pictures: AlignedBuffer<Picture>) {
        (height, width, channels) = (shape.height, shape.width, shape.channels)
        self.pixels = UnsafePointer(pixels.pointer)
        self.pictures = UnsafePointer(pictures.pointer)
        pictureCount = pictures.count
        let area = shape.height * shape.width
        func patches(_ picture: Picture) -> Int { max(1, (picture.height * picture.width + area / 2) / area) }
        var total = 0
        for i in 0..<pictures.count { total += patches(pictures.pointer[i]) }
        let times = max(1, (Self.fewest + total - 1) / max(total, 1))
        var next = 0
        for i in 0..<pictures.count {
            pictures.pointer[i].firstItem = next
            next += patches(pictures.pointer[i]) * times
        }
        count = next
    }

    /// The number of bytes of all pictures.
    var pixelCount: Int {
        let last = pictures[pictureCount - 1]
        return last.offset + last.height * last.width * channels
    }

    /// The picture that an item is cut from.
    public func picture(of item: Int) -> Int {
        var (low, high) = (0, pictureCount - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if pictures[middle].firstItem <= item { low = middle } else { high = middle - 1 }
        }
        return low
    }

    /// How an epoch of a training cuts its patches.
    public static func key(seed: UInt64, epoch: Int64) -> UInt64 { CountedRandom.key(seed ^ 0x7061_7463_6865_73, UInt64(bitPattern: epoch)) }

    /// Where a patch begins, and how many bytes lie between its rows: anywhere in its picture, each place being as likely as another. Columns
    /// of pictures of equal sizes have their patches at the same places.
    @inline(__always)
    public func place(of item: Int, key: UInt64) -> (start: UnsafePointer<UInt8>, stride: Int) {
        let picture = pictures[picture(of: item)]
        let y = CountedRandom.number(upTo: UInt64(picture.height - height), key: key, at: UInt64(2 * item))
        let x = CountedRandom.number(upTo: UInt64(picture.width - width), key: key, at: UInt64(2 * item + 1))
        let stride = picture.width * channels
        return (pixels + (picture.offset + y * stride + x * channels), stride)
    }

    /// The first picture whose size is another than that of its like.
    func firstUnlike(_ other: Patches) -> Int? {
        (0..<min(pictureCount, other.pictureCount)).first { pictures[$0].height != other.pictures[$0].height || pictures[$0].width != other.pictures[$0].width }
    }

    func size(ofPicture index: Int) -> String { "\(pictures[index].width) wide and \(pictures[index].height) high" }

    /// A checksum of all pictures and of their sizes.
    var checksum: UInt32 {
        var check = Checksum.crc32(UnsafeRawBufferPointer(start: pixels, count: pixelCount))
        for i in 0..<pictureCount {
            for side in [pictures[i].height, pictures[i].width] {
                withUnsafeBytes(of: UInt64(side).littleEndian) { check = Checksum.crc32($0, continuing: check) }
            }
        }
        return check
    }
}

/// How patches are cut where nobody says of what size.
public struct PatchPreference: Sendable {
    /// Pixels a side, of pictures that are as large.
    public let side: Int
    /// What sides of patches are multiples of, and those of whole pictures at least.
    public let multiple: Int
    public let wholeMultiple: Int
    /// Whether pictures of different sizes, and of one that is large, become patches without being asked to.
    public var isUnasked: Bool

    public init(side: Int, multiple: Int, wholeMultiple: Int = 1, isUnasked: Bool) {
        self.side = side
        self.multiple = multiple
        self.wholeMultiple = wholeMultiple
        self.isUnasked = isUnasked
    }

    /// The sides where nobody has a preference either.
    static let usual = PatchPreference(side: 64, multiple: 16, isUnasked: false)
    /// Pictures of one size are taken whole up to so many pixels.
    private static let largestWhole = 256 * 256

    /// Whether pictures of these sizes become patches unasked.
    func wants(_ sizes: [(height: Int, width: Int)]) -> Bool {
        guard isUnasked, let first = sizes.first else { return false }
        if sizes.contains(where: { $0 != first }) { return true }
        return first.height * first.width > Self.largestWhole || first.height % wholeMultiple != 0 || first.width % wholeMultiple != 0
    }

    /// The side of patches along an axis in which the smallest picture has so many pixels.
    func side(within smallest: Int) -> Int { min(side, smallest / multiple * multiple) }
}

extension Column {
    /// What each picture has, for each of its patches.
    func repeated(for patches: Patches) throws(GanError) -> Column {
        func rows<Value>(_ values: UnsafePointer<Value>) throws(GanError) -> AlignedBuffer<Value> {
            let buffer = try AlignedBuffer<Value>(count: Sizes.product(patches.count, elements, of: "\(field.name)s of patches"), for: "\(field.name)s of patches")
            for item in 0..<patches.count {
                (buffer.pointer + item * elements).update(from: values + patches.picture(of: item) * elements, count: elements)
            }
            return buffer
        }
        switch storage {
        case .bytes(let bytes):
            let buffer = try rows(bytes)
            return Column(field, count: patches.count, shape: shape, storage: .bytes(UnsafePointer(buffer.pointer)), range: range, classNames: classNames, owner: buffer)
        case .indices(let indices):
            let buffer = try rows(indices)
            return Column(field, count: patches.count, storage: .indices(UnsafePointer(buffer.pointer)), classNames: classNames, owner: buffer)
        case .floats, .callback, .patches, .table:
            throw GanError(.internalError, "The field '\(field.name)' cannot be had for patches.")
        }
    }
}
