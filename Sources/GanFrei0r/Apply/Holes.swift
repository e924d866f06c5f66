import CGan
import Frei0rPlugin

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Pixels of a frame, from a corner on.
struct Box: Equatable {
    let x, y, width, height: Int

    /// Four numbers a box. A comma, a blank, or an ampersand or a semicolon (which hosts leave alone) stands between two numbers.
    static func all(_ text: String) throws(Failure) -> [Box] {
        let numbers = text.utf8.split { [UInt8(ascii: ","), UInt8(ascii: " "), UInt8(ascii: "&"), UInt8(ascii: ";"), UInt8(ascii: "\n")].contains($0) }
            .map { Int(String(Substring($0))).flatMap { (0...65536).contains($0) ? $0 : nil } }
        var boxes: [Box] = []
        for start in stride(from: 0, to: numbers.count, by: 4) {
            guard start + 4 <= numbers.count, let x = numbers[start], let y = numbers[start + 1], let width = numbers[start + 2],
                let height = numbers[start + 3], width > 0, height > 0
            else {
                throw Failure(
                    sentence: "The parameter Box is '\(text)'. Column, row, width and height in pixels were expected, such as 10&10&14&14.",
                    brief: "Box: four numbers")
            }
            boxes.append(Box(x: x, y: y, width: width, height: height))
        }
        return boxes
    }
}

/// What of a frame is to be filled, [height, width]: 255 there and 0 elsewhere.
final class Holes {
    let frame: Room<UInt8>
    private(set) var count = 0
    private let width, height: Int

    init(width: Int, height: Int) throws(Failure) {
        (self.width, self.height) = (width, height)
        frame = try Room(width * height, for: "a mask")
    }

    /// - Throws: which box begins beyond the frame.
    func set(_ boxes: [Box]) throws(Failure) {
        for box in boxes {
            guard box.x < width, box.y < height else {
                throw Failure(
                    sentence: "The box \(box.x), \(box.y), \(box.width), \(box.height) begins beyond the frame of \(width)×\(height) pixels.",
                    brief: "Box: beyond")
            }
            for y in box.y..<min(box.y + box.height, height) {
                for x in box.x..<min(box.x + box.width, width) { frame.at[y * width + x] = 255 }
            }
        }
        recount()
    }

    /// A picture of any size, scaled to the frame's.
    func set(_ mask: Mask) {
        for y in 0..<height {
            let row = mask.pixels.at + y * mask.height / height * mask.width
            for x in 0..<width { frame.at[y * width + x] = row[x * mask.width / width] > 127 ? 255 : 0 }
        }
        recount()
    }

    /// What is transparent in a frame.
    func set(transparencyOf pixels: UnsafePointer<UInt8>) {
        for place in 0..<width * height { frame.at[place] = pixels[4 * place + 3] < 128 ? 255 : 0 }
        recount()
    }

    private func recount() {
        count = 0
        for place in 0..<width * height where frame.at[place] != 0 { count += 1 }
    }

    /// The same for a smaller picture, whose pixels are to be filled where any of those that they stand for is.
    func shrink(to small: UnsafeMutablePointer<UInt8>, width smallWidth: Int, height smallHeight: Int) {
        small.update(repeating: 0, count: smallWidth * smallHeight)
        for y in 0..<height {
            let row = small + y * smallHeight / height * smallWidth
            for x in 0..<width where frame.at[y * width + x] != 0 { row[x * smallWidth / width] = 255 }
        }
    }
}

/// A grey picture of a file.
final class Mask {
    let width, height: Int
    let pixels: Room<UInt8>

    /// - Throws: what is wrong with the file.
    init(path: String) throws(Failure) {
        let (file, size) = try Mask.contents(path)
        var (height, width, channels) = (Int32(0), Int32(0), Int32(0))
        try Mask.named(path, gan_image_decode(file.at, size, 1, nil, 0, &height, &width, &channels))
        pixels = try Room(Int(height) * Int(width), for: "a mask")
        try Mask.named(path, gan_image_decode(file.at, size, 1, pixels.at, pixels.count, &height, &width, &channels))
        (self.height, self.width) = (Int(height), Int(width))
    }

    private static func named(_ path: String, _ status: Int32) throws(Failure) {
        do throws(Failure) { try Failure.check(status) } catch {
            throw Failure(sentence: "The mask \"\(path)\": \(error.sentence)", brief: "Mask: \(error.brief)")
        }
    }

    /// A whole file that is one, and not a pipe that a host would wait for.
    private static func contents(_ path: String) throws(Failure) -> (Room<UInt8>, Int) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        defer { if descriptor >= 0 { close(descriptor) } }
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= 1 << 28 else {
            throw Failure(sentence: "The mask \"\(path)\" is no file that can be read; a PNG or JPEG picture was expected.", brief: "Mask: no file")
        }
        let room = try Room<UInt8>(Int(status.st_size), for: "a mask")
        var size = 0
        while size < room.count {
            let count = read(descriptor, room.at + size, room.count - size)
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { break }
            size += count
        }
        return (room, size)
    }
}

/// Memory for numbers, which a host may be short of.
final class Room<Number> {
    let at: UnsafeMutablePointer<Number>
    let count: Int

    init(_ count: Int, for what: String) throws(Failure) {
        guard count >= 0, let memory = calloc(max(count, 1), MemoryLayout<Number>.stride) else { throw .memory(what) }
        at = memory.bindMemory(to: Number.self, capacity: max(count, 1))
        self.count = count
    }

    deinit { free(at) }
}
