// What `gan apply` makes of pictures that are an array: another array, with the labels that they had.
import CGan
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

struct LabelledArray {
    let dataset: Handle
    let count: Int64
    private let height, width, channels: Int32
    private let classes: Int32
    /// Where they go.
    let images: String
    let labels: String?

    /// - Parameter output: a file, or for data with labels a folder, which gets MNIST's names.
    init(_ input: String, _ output: String, _ options: Handle, isQuiet: Bool) throws {
        dataset = try openDataset(input, options, isQuiet: isQuiet)
        (count, height, width, channels) = try PictureSource.shape(dataset)
        var classes: Int32 = 0
        try check(gan_dataset_classes(dataset.pointer, &classes))
        self.classes = classes
        guard channels == 1 || channels == 3 else {
            throw Failure(Exit.badData, "The items of \"\(input)\" have \(channels) values a pixel, and pictures have 1 or 3.")
        }
        guard Paths.isFolder(input) else {
            (images, labels) = (output, nil)
            return
        }
        images = Paths.join(output, "train-images-idx3-ubyte")
        labels = classes > 0 ? Paths.join(output, "train-labels-idx1-ubyte") : nil
    }

    func apply(_ network: PictureNetwork, _ tell: (Int64) throws -> Void) throws {
        let size = Int(height) * Int(width) * Int(channels)
        let sides = try network.sides(Int(height), Int(width))
        let madeSize = sides.height * sides.width * network.outputChannels
        let (total, overflow) = madeSize.multipliedReportingOverflow(by: Int(count))
        guard !overflow, total <= 1 << 36 else { throw Failure(Exit.system, "\(count) pictures of \(sides.height) × \(sides.width) are more than memory holds.") }
        var room = Room()
        try room.take(Double(total), for: images, "\(count) pictures")
        guard let memory = malloc(max(total, 1)) else {
            throw Failure(Exit.system, "There is no memory for \(count) pictures of \(sides.height) × \(sides.width).")
        }
        var isLent = false
        defer { if !isLent { free(memory) } }
        let bytes = memory.bindMemory(to: UInt8.self, capacity: total)
        for item in 0..<count {
            try tell(item)
            let pixels = try PictureSource.pixels(dataset, item, size: size)
            let picture = Picture(height: Int(height), width: Int(width), pixels: Self.opaque(pixels, Int(channels)))
            let one = try network.made(of: picture)
            one.withUnsafeBufferPointer { one in
                if let start = one.baseAddress { (bytes + Int(item) * madeSize).update(from: start, count: madeSize) }
            }
        }
        var classOf = [Int32](repeating: 0, count: labels == nil ? 0 : Int(count))
        if labels != nil { try check(gan_dataset_read_labels(dataset.pointer, 0, count, &classOf, classOf.count), .input) }
        let results = try Handle(destroy: gan_dataset_destroy) {
            gan_dataset_create_bytes(
                bytes, count, Int32(sides.height), Int32(sides.width), Int32(network.outputChannels), labels == nil ? nil : classOf, labels == nil ? 0 : classes,
                { free($0) }, memory, $0)
        }
        isLent = true
        try check(gan_dataset_write(results.pointer, images, labels), .output)
    }

    /// As RGBA.
    private static func opaque(_ pixels: [UInt8], _ channels: Int) -> [UInt8] {
        var result = [UInt8](repeating: 255, count: pixels.count / channels * 4)
        for pixel in 0..<pixels.count / channels {
            for channel in 0..<3 { result[pixel * 4 + channel] = pixels[pixel * channels + (channels == 3 ? channel : 0)] }
        }
        return result
    }
}
