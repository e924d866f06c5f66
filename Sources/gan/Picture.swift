// Pictures in files and arrays, as the command hands them to a network.
import CGan
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A picture in memory, [height, width, channels].
struct Picture {
    let height, width: Int
    let pixels: [UInt8]
    /// The same from 0 to 1 of a file with 16 bits a channel, where all its channels were asked for.
    private(set) var numbers: [Float]?

    init(height: Int, width: Int, pixels: [UInt8]) { (self.height, self.width, self.pixels) = (height, width, pixels) }

    init(_ path: String, channels: Int32) throws {
        guard let bytes = path == "-" ? Paths.standardInput() : Paths.bytes(path) else {
            throw Failure(Exit.noInput, "The picture \"\(path)\" cannot be read: \(systemError(errno)).")
        }
        var (h, w, c): (Int32, Int32, Int32) = (0, 0, 0)
        func named(_ status: Int32) throws {
            do { try check(status, .input) } catch let failure as Failure {
                throw Failure(failure.code, Self.named(failure.message, path))
            }
        }
        if let frames = Self.frames(bytes), frames > 1 {
            throw Failure(
                Exit.badData,
                "The picture \"\(path)\" is animated, and one picture was expected. Take its \(frames) frames apart, with ffmpeg -i \(Format.quoted(path)) %04d.png for instance, and name the folder.")
        }
        var depth: Int32 = 8
        try named(gan_image_decode_floats(bytes, bytes.count, channels, nil, 0, &h, &w, &c, &depth))
        // As numbers, as bytes, and what a network is given of them.
        try Memory.check(3 * 4 * Int(h) * Int(w) * Int(c), for: "the picture \"\(path)\" of \(h) × \(w) pixels")
        if depth == 16, channels == 4 {
            var numbers = [Float](repeating: 0, count: Int(h) * Int(w) * Int(c))
            try named(gan_image_decode_floats(bytes, bytes.count, channels, &numbers, numbers.count, &h, &w, &c, &depth))
            (height, width, pixels) = (Int(h), Int(w), numbers.map { UInt8(($0 * 255).rounded()) })
            self.numbers = numbers
            return
        }
        var pixels = [UInt8](repeating: 0, count: Int(h) * Int(w) * Int(c))
        try named(gan_image_decode(bytes, bytes.count, channels, &pixels, pixels.count, &h, &w, &c))
        (height, width, self.pixels) = (Int(h), Int(w), pixels)
    }

    /// How many pictures a PNG file plays; nil for one that is not animated. (https://www.w3.org/TR/png-3/#acTL-chunk)
    private static func frames(_ file: [UInt8]) -> Int? {
        func number(_ at: Int) -> Int { file[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
        var position = 8
        while file.starts(with: [0x89, 0x50, 0x4E, 0x47]), position + 12 <= file.count {
            let kind = file[position + 4..<position + 8]
            if kind.elementsEqual("acTL".utf8) { return number(position + 8) }
            if kind.elementsEqual("IDAT".utf8) { return nil }
            position += 12 + number(position)
        }
        return nil
    }

    /// The library's sentence of a picture in memory, with the file's name.
    private static func named(_ message: String, _ path: String) -> String {
        let words = message.split(separator: " ", omittingEmptySubsequences: false)
        guard let place = words.indices.dropLast().first(where: { words[$0] == "in" && words[$0 + 1].hasPrefix("memory") }) else { return message }
        let rest = words[place + 1].dropFirst("memory".count)
        var named = words[..<place].map { String($0) }
        named.append("\"\(path)\"\(rest)")
        named += words[(place + 2)...].map { String($0) }
        return named.joined(separator: " ")
    }

    /// Of RGBA from 0 to 1: grey (luminance) or RGB.
    static func channels(_ count: Int, of numbers: [Float]) -> [Float] {
        var result = [Float](repeating: 0, count: numbers.count / 4 * count)
        for pixel in 0..<numbers.count / 4 {
            if count == 1 {
                // Of three that are equal just that one.
                let (red, green, blue) = (numbers[pixel * 4], numbers[pixel * 4 + 1], numbers[pixel * 4 + 2])
                result[pixel] = green + 0.299 * (red - green) + 0.114 * (blue - green)
            } else {
                for channel in 0..<min(count, 3) { result[pixel * count + channel] = numbers[pixel * 4 + channel] }
            }
        }
        return result
    }

    /// Of RGBA: grey (luminance) or RGB.
    func channels(_ count: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: height * width * count)
        for pixel in 0..<height * width {
            if count == 1 {
                var sum = 500
                for (channel, weight) in [299, 587, 114].enumerated() { sum += weight * Int(pixels[pixel * 4 + channel]) }
                result[pixel] = UInt8(sum / 1000)
            } else {
                for channel in 0..<min(count, 3) { result[pixel * count + channel] = pixels[pixel * 4 + channel] }
            }
        }
        return result
    }
}

/// Pictures of numbers from 0 to 1, [count, height, width, channels].
struct PictureArray {
    let count, height, width: Int
    private let values: [Float]

    init(height: Int, width: Int, values: [Float]) { (count, self.height, self.width, self.values) = (1, height, width, values) }

    /// Of an NPY file, whose bytes are 255 for 1.
    init(_ path: String, channels: Int) throws {
        let dataset = try Patience.reading(path, isQuiet: true) {
            try Handle(.input, destroy: gan_dataset_destroy) { gan_dataset_open(path, nil, $0) }
        }
        var (items, h, w, c): (Int64, Int32, Int32, Int32) = (0, 0, 0, 0)
        try check(gan_dataset_shape(dataset.pointer, &items, &h, &w, &c), .input)
        // What is [height, width] comes as rows.
        let isOne = h == 1 && c == 1
        guard isOne || Int(c) == channels else {
            throw Failure(Exit.badData, "The pictures in \"\(path)\" have \(c) channel\(c == 1 ? "" : "s"), and the model takes \(channels).")
        }
        guard !isOne || channels == 1 else {
            throw Failure(Exit.badData, "The array in \"\(path)\" has two axes, and the model takes pictures of \(channels) channels: [height, width, \(channels)] with a 1 in front was expected.")
        }
        var minimum: Float = 0, maximum: Float = 1
        try check(gan_dataset_field_range(dataset.pointer, 0, &minimum, &maximum), .input)
        let count = Int(items) * Int(h) * Int(w) * Int(c)
        try Memory.check(3 * 4 * count, for: "the pictures in \"\(path)\"")
        var values = [Float](repeating: 0, count: count)
        try check(gan_dataset_read(dataset.pointer, 0, items, &values, values.count), .input)
        // Rows of numbers were scaled to what they span, but bytes.
        if isOne, !(minimum == 0 && maximum == 255) { values = values.map { $0 * (maximum - minimum) + minimum } }
        guard values.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
            throw Failure(Exit.badData, "The numbers in \"\(path)\" go from \(minimum) to \(maximum); 0 to 1 was expected.")
        }
        (self.count, height, width) = isOne ? (1, Int(items), Int(w)) : (Int(items), Int(h), Int(w))
        self.values = values
    }

    func picture(_ index: Int) -> [Float] {
        let size = values.count / count
        return Array(values[index * size..<(index + 1) * size])
    }
}
