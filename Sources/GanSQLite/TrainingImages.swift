import CGan

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Images of one size, gathered from blobs: PNG and JPEG files, or raw pixels where the size was given. Their signatures
/// tell them apart, and as three bytes are few, a blob of just the size of the raw pixels is no JPEG file.
final class TrainingImages {
    private(set) var count = 0
    private var memory = Memory()
    /// A number an image, where the query gives them; the library copies them.
    private var labels: [Int32] = []
    private let width, height, channels: Int64?
    /// That of the first image, with as many channels as the images so far need.
    private var shape: Shape?

    private struct Shape {
        var height, width, channels: Int32
        /// Grey so far, and allowed to become RGB when a picture with colours comes.
        var mayWiden: Bool
        var size: Int { Int(height) * Int(width) * Int(channels) }
    }

    private static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    private static let jpegSignature: [UInt8] = [0xFF, 0xD8, 0xFF]

    /// Each from 1 to 2³¹ − 1, or nil.
    init(width: Int64?, height: Int64?, channels: Int64?) {
        self.width = width
        self.height = height
        self.channels = channels
    }

    func checkArguments() throws(SQLError) {
        if (width == nil) != (height == nil) { throw SQLError("Of the arguments 'width' and 'height', one was given; give both or none.") }
        if let width, let height {
            let (area, overflow) = (width * height).multipliedReportingOverflow(by: channels ?? 1)
            if overflow || area > Int64(Int32.max) { throw SQLError("Images of \(size(width, height)) pixels are too large; at most \(Int32.max) values are supported.") }
        }
    }

    /// - Parameter label: nil for all images or for none.
    func add(_ blob: UnsafeRawBufferPointer, label: Int32?) throws(SQLError) {
        if blob.starts(with: Self.pngSignature) {
            try addPicture(blob, "PNG")
        } else if blob.starts(with: Self.jpegSignature) && !isOfRawSize(blob) {
            try addPicture(blob, "JPEG")
        } else {
            try addRaw(blob)
        }
        if let label { labels.append(label) }
        count += 1
    }

    /// Whether a blob has as many bytes as whole raw images of the size that was given.
    private func isOfRawSize(_ blob: UnsafeRawBufferPointer) -> Bool {
        guard let width, let height else { return false }
        let area = Int(width * height)
        if let channels = channels.map(Int.init) ?? shape.map({ Int($0.channels) }) { return blob.count == area * channels }
        return blob.count % area == 0
    }

    /// Hands the pixels over to a dataset, whose owner the caller becomes.
    func dataset() throws(SQLError) -> OpaquePointer? {
        guard let shape, count > 0 else { throw SQLError("The query gave no images.") }
        var dataset: OpaquePointer?
        let pixels = memory.take()
        let status = labels.withUnsafeBufferPointer { labels in
            gan_dataset_create_bytes(
                pixels?.assumingMemoryBound(to: UInt8.self), Int64(count), shape.height, shape.width, shape.channels,
                labels.isEmpty ? nil : labels.baseAddress, 0, { pixels in free(pixels) }, pixels, &dataset)
        }
        if status != GAN_OK { free(pixels) }
        try SQLError.check(status)
        return dataset
    }

    // MARK: Raw pixels

    private func addRaw(_ blob: UnsafeRawBufferPointer) throws(SQLError) {
        guard let width, let height else {
            throw SQLError(
                "\(row) is a blob of \(blob.count) bytes that is neither PNG nor JPEG; for raw pixels give their size, the arguments 'width' and 'height'.")
        }
        let area = Int(width * height)
        let channels = channels.map(Int.init) ?? shape.map { Int($0.channels) } ?? max(1, blob.count / area)
        guard blob.count == area * channels else {
            throw SQLError(
                "\(row) has \(blob.count) bytes; an image of \(size(width, height)) pixels with \(channels) channel\(channels == 1 ? "" : "s") has \(area * channels).")
        }
        if shape == nil {
            shape = Shape(height: Int32(clamping: height), width: Int32(clamping: width), channels: Int32(clamping: channels), mayWiden: false)
        }
        guard let place = try nextPlace(), let source = blob.baseAddress else { return }
        memcpy(place, source, blob.count)
        // Raw grey among pictures: what was given as bytes is not to become colour.
        shape?.mayWiden = false
    }

    // MARK: Pictures

    private func addPicture(_ blob: UnsafeRawBufferPointer, _ format: String) throws(SQLError) {
        if let channels, channels != 1 && channels != 3 {
            throw SQLError("\(row) is \(format), which is read as 1 or 3 channels; the argument 'channels' is \(channels).")
        }
        var (height, width, own) = (Int32(0), Int32(0), Int32(0))
        try check(gan_image_decode(blob.baseAddress, blob.count, Int32(channels ?? 0), nil, 0, &height, &width, &own))
        if shape == nil {
            if let wantedWidth = self.width, let wantedHeight = self.height, wantedWidth != Int64(width) || wantedHeight != Int64(height) {
                throw SQLError("\(row) is \(size(width, height)) pixels; the arguments ask for \(size(wantedWidth, wantedHeight)).")
            }
            shape = Shape(height: height, width: width, channels: own, mayWiden: channels == nil && own == 1)
        }
        guard let first = shape else { return }
        guard first.height == height && first.width == width else {
            throw SQLError("\(row) is \(size(width, height)) pixels, and the first image \(size(first.width, first.height)); all must have one size.")
        }
        if own == 3 && first.mayWiden { try widen() }
        guard let shape, let place = try nextPlace() else { return }
        guard shape.channels == 1 || shape.channels == 3 else {
            throw SQLError("\(row) is \(format), which is read as 1 or 3 channels, and the first image has \(shape.channels).")
        }
        try check(
            gan_image_decode(
                blob.baseAddress, blob.count, shape.channels, place.assumingMemoryBound(to: UInt8.self), shape.size, &height, &width, &own))
    }

    /// The first picture with colours: the grey ones before it become RGB, each value three times, last ones first.
    private func widen() throws(SQLError) {
        guard var shape else { return }
        let values = count * shape.size
        shape.channels = 3
        shape.mayWiden = false
        try memory.grow(to: try bytes(count + 1, shape), for: "\(count + 1) images")
        if let pixels = memory.start?.assumingMemoryBound(to: UInt8.self) {
            for place in stride(from: values - 1, through: 0, by: -1) {
                let value = pixels[place]
                (pixels[3 * place], pixels[3 * place + 1], pixels[3 * place + 2]) = (value, value, value)
            }
        }
        self.shape = shape
    }

    // MARK: Memory and messages

    private func nextPlace() throws(SQLError) -> UnsafeMutableRawPointer? {
        guard let shape else { return nil }
        let needed = try bytes(count + 1, shape)
        if needed > memory.capacity {
            let (doubled, overflow) = memory.capacity.multipliedReportingOverflow(by: 2)
            try memory.grow(to: overflow ? needed : max(needed, doubled, 1 << 16), for: "\(count + 1) images")
        }
        return memory.start.map { $0 + count * shape.size }
    }

    private func bytes(_ count: Int, _ shape: Shape) throws(SQLError) -> Int {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: shape.size)
        guard !overflow else { throw .outOfMemory("\(count) images") }
        return bytes
    }

    private func check(_ status: Int32) throws(SQLError) {
        do throws(SQLError) { try SQLError.check(status) } catch {
            throw SQLError(error.code, "\(row) cannot be read: \(error.message)")
        }
    }

    private var row: String { "Row \(count + 1) of the query" }
    private func size(_ width: some BinaryInteger, _ height: some BinaryInteger) -> String { "\(width)×\(height)" }
}
