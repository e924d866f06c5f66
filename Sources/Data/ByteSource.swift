#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base
internal import CZlib

/// The bytes of a file, unpacked on the way when they are gzip, in one pass from the front.
///
/// What a file is, its first bytes tell, not its name. A pipe cannot say how long it is: there, what a header promises is
/// gathered before it is believed, and no more than that.
final class ByteSource {
    let path: String
    /// The first bytes of the file as it lies on the disk; fewer than sixteen only in a shorter file.
    let head: [UInt8]
    /// The length of the file as it lies on the disk; nil for a pipe.
    let storedSize: Int?

    private let file: InputFile
    /// How much of `head`, which was read to look at it, has been handed out.
    private var handedOut = 0
    private var inflater: Inflater?
    /// What came through a pipe, behind its header, and how much of it has been handed out.
    private var gathered: (bytes: AlignedBuffer<UInt8>, handedOut: Int)?

    /// The most that is read of a picture whose length nobody knows.
    private static let largestPicture = 1 << 26

    init(path: FilePath) throws(GanError) {
        let file = try InputFile(path: path)
        let head = try AlignedBuffer<UInt8>(count: 16, for: "the start of \"\(path)\"")
        defer { withExtendedLifetime(head) {} }
        head.shorten(to: try file.read(into: UnsafeMutableRawBufferPointer(head.buffer)))
        self.path = file.path
        self.file = file
        self.head = Array(head.buffer)
        self.storedSize = file.size
        if self.head.starts(with: [0x1F, 0x8B]) { inflater = try Inflater(path: file.path) }
    }

    var isEmpty: Bool { head.isEmpty }
    var isGzip: Bool { inflater != nil }
    var isPicture: Bool { PictureFile.isPicture(head) }

    /// Refuses a promise of `total` bytes, from the front, that the file cannot keep, before memory is taken for it.
    ///
    /// - Parameter read: how many of them have been read.
    func check(promise total: Int, read: Int) throws(GanError) {
        guard let storedSize else {
            try gather(total - read, of: total)
            return
        }
        if isGzip {
            // Deflate packs at most 258 bytes into two bits: 1032 to 1 (RFC 1951).
            let (bound, overflow) = storedSize.multipliedReportingOverflow(by: 1032)
            if !overflow && total > bound {
                throw GanError(
                    .truncated,
                    "The header of \"\(path)\" promises \(total) bytes, and its \(storedSize) compressed bytes hold at most \(bound).")
            }
        } else if total > storedSize {
            throw GanError(.truncated, "The header of \"\(path)\" promises \(total) bytes, and the file has \(storedSize): it was cut short.")
        } else if total < storedSize {
            throw GanError(
                .badFormat, "The header of \"\(path)\" promises \(total) bytes, and the file has \(storedSize): \(storedSize - total) too many.")
        }
    }

    /// Keeps a pipe's next `count` bytes, in memory that grows with what comes.
    private func gather(_ count: Int, of total: Int) throws(GanError) {
        let pieces = GrowingBytes(for: "the contents of \"\(path)\"")
        while pieces.count < count {
            let room = try pieces.reserve(min(1 << 16, count - pieces.count))
            let part = UnsafeMutableRawBufferPointer(rebasing: room.prefix(count - pieces.count))
            let got = try read(into: part)
            pieces.append(got)
            guard got == part.count else {
                throw GanError(.truncated, "The header of \"\(path)\" promises \(total) bytes, and it ended \(count - pieces.count) before.")
            }
        }
        gathered = (try pieces.finish(), 0)
    }

    /// The next `count` bytes, or `.truncated`. For headers.
    func bytes(_ count: Int) throws(GanError) -> [UInt8] {
        let bytes = try AlignedBuffer<UInt8>(count: count, for: "a header")
        defer { withExtendedLifetime(bytes) {} }
        try readExactly(into: UnsafeMutableRawBufferPointer(bytes.buffer))
        return Array(bytes.buffer)
    }

    /// Fills all of `destination` or throws `.truncated`.
    func readExactly(into destination: UnsafeMutableRawBufferPointer) throws(GanError) {
        if try read(into: destination) < destination.count {
            throw GanError(.truncated, "The file \"\(path)\" was cut short: it ends before the data that its header promises.")
        }
    }

    /// Throws `.badFormat` unless everything has been read.
    func expectEnd() throws(GanError) {
        let one = try AlignedBuffer<UInt8>(count: 1, for: "a byte")
        defer { withExtendedLifetime(one) {} }
        if try read(into: UnsafeMutableRawBufferPointer(one.buffer)) != 0 {
            throw GanError(.badFormat, "The file \"\(path)\" goes on after the data that its header promises.")
        }
    }

    /// The whole file as it lies on the disk, of which nothing but the head has been read.
    func stored() throws(GanError) -> AlignedBuffer<UInt8> {
        if let storedSize {
            let bytes = try AlignedBuffer<UInt8>(count: storedSize, for: "the contents of \"\(path)\"")
            try file.readExactly(at: 0, into: UnsafeMutableRawBufferPointer(bytes.buffer))
            return bytes
        }
        let pieces = GrowingBytes(for: "the contents of \"\(path)\"")
        while true {
            let room = try pieces.reserve(1 << 16)
            let got = try readStored(into: room)
            pieces.append(got)
            guard pieces.count <= Self.largestPicture else {
                throw GanError(.outOfRange, "The picture that comes through \"\(path)\" has more than \(Self.largestPicture) bytes.")
            }
            if got < room.count { return try pieces.finish() }
        }
    }

    /// Fills `destination` unless the file ends before; how far.
    func read(into destination: UnsafeMutableRawBufferPointer) throws(GanError) -> Int {
        var done = 0
        if let (bytes, handedOut) = gathered, let to = destination.baseAddress {
            done = min(destination.count, bytes.count - handedOut)
            memcpy(to, bytes.pointer + handedOut, done)
            gathered = (bytes, handedOut + done)
            if done == destination.count { return done }
        }
        let rest = UnsafeMutableRawBufferPointer(rebasing: destination[done...])
        guard let inflater else { return done + (try readStored(into: rest)) }
        return done + (try inflater.read(into: rest) { buffer throws(GanError) in try self.readStored(into: buffer) })
    }

    private func readStored(into destination: UnsafeMutableRawBufferPointer) throws(GanError) -> Int {
        let first = head[handedOut...].prefix(destination.count)
        destination.copyBytes(from: first)
        handedOut += first.count
        return first.count + (try file.read(into: UnsafeMutableRawBufferPointer(rebasing: destination[first.count...])))
    }
}

/// gzip (RFC 1952), one member or several, through zlib.
private final class Inflater {
    private let path: String
    private let stream: UnsafeMutablePointer<z_stream>
    private let holder: AlignedBuffer<z_stream>
    private let input: AlignedBuffer<UInt8>
    private var inputEnded = false
    private var ended = false

    init(path: String) throws(GanError) {
        let holder = try AlignedBuffer<z_stream>(count: 1, for: "a decompressor")
        let input = try AlignedBuffer<UInt8>(count: 1 << 16, for: "a decompressor")
        // 15: the largest window; 16: gzip's header and trailer, with its checksum verified.
        let status = inflateInit2_(holder.pointer, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw GanError(.outOfMemory, "No memory for decompressing \"\(path)\".") }
        self.path = path
        self.holder = holder
        self.stream = holder.pointer
        self.input = input
    }

    deinit { inflateEnd(stream) }

    /// Fills `destination` unless the data end before. `more` delivers compressed bytes.
    func read(
        into destination: UnsafeMutableRawBufferPointer,
        more: (UnsafeMutableRawBufferPointer) throws(GanError) -> Int
    ) throws(GanError) -> Int {
        var done = 0
        while done < destination.count && !ended {
            if stream.pointee.avail_in == 0 && !inputEnded { try refill(behind: 0, more) }
            // zlib counts in 32 bits.
            let part = min(destination.count - done, 1 << 30)
            stream.pointee.next_out = destination.baseAddress?.assumingMemoryBound(to: UInt8.self).advanced(by: done)
            stream.pointee.avail_out = uInt(part)
            let status = inflate(stream, Z_NO_FLUSH)
            done += part - Int(stream.pointee.avail_out)
            switch status {
            case Z_OK:
                break
            case Z_STREAM_END:
                try beginNextMember(more)
            case Z_BUF_ERROR:
                // Nothing could be done: there was no input, which is no fault unless there will be none.
                if inputEnded { throw GanError(.truncated, "The file \"\(path)\" was cut short: its compressed data end too early.") }
            case Z_MEM_ERROR:
                throw GanError(.outOfMemory, "No memory for decompressing \"\(path)\".")
            default:
                let reason = stream.pointee.msg.map { String(cString: $0) } ?? "not gzip data"
                let isCheck = reason == "incorrect data check" || reason == "incorrect length check"
                throw GanError(isCheck ? .checksum : .badFormat, "The compressed data of \"\(path)\" are corrupt (\(reason)).")
            }
        }
        return done
    }

    /// Behind a member the file ends, or another member begins.
    private func beginNextMember(_ more: (UnsafeMutableRawBufferPointer) throws(GanError) -> Int) throws(GanError) {
        if stream.pointee.avail_in < 2 && !inputEnded {
            // What is left moves to the front, so that the next two bytes lie together.
            let left = Int(stream.pointee.avail_in)
            if left > 0, let next = stream.pointee.next_in { input.pointer[0] = next[0] }
            try refill(behind: left, more)
        }
        let left = Int(stream.pointee.avail_in)
        if left == 0 {
            ended = true
            return
        }
        guard left >= 2, let next = stream.pointee.next_in, next[0] == 0x1F, next[1] == 0x8B else {
            throw GanError(.badFormat, "The file \"\(path)\" goes on after its compressed data, with bytes that are not gzip.")
        }
        inflateReset(stream)
    }

    private func refill(behind left: Int, _ more: (UnsafeMutableRawBufferPointer) throws(GanError) -> Int) throws(GanError) {
        let room = UnsafeMutableRawBufferPointer(start: input.pointer + left, count: input.count - left)
        let got = try more(room)
        if got < room.count { inputEnded = true }
        stream.pointee.next_in = input.pointer
        stream.pointee.avail_in = uInt(left + got)
    }
}
