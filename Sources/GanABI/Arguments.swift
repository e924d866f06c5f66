#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base

// The checks of arguments: pointers, strings, counts and buffers. Each names the argument, what it was and what was
// expected. None allocates unless it throws, except that text becomes a `String`.

/// A pointer that must not be NULL.
@inline(__always)
func required<Pointer>(_ pointer: Pointer?, _ argument: StaticString, _ expected: StaticString) throws(GanError) -> Pointer {
    guard let pointer else { throw GanError(.invalidArgument, "The argument '\(argument)' is NULL; \(expected) was expected.") }
    return pointer
}

// MARK: Strings

/// More bytes than any name, value or path has.
private let longestText = 1 << 16

/// The bytes of the caller's string, without the terminating 0.
private func stringBytes(_ pointer: UnsafePointer<CChar>?, _ argument: StaticString) throws(GanError) -> UnsafeRawBufferPointer {
    let pointer = try required(pointer, argument, "a string")
    let length = strnlen(pointer, longestText + 1)
    guard length <= longestText else {
        throw GanError(.invalidArgument, "The argument '\(argument)' is longer than \(longestText) bytes.")
    }
    return UnsafeRawBufferPointer(start: pointer, count: length)
}

/// A copy of the caller's path of something to read, whose bytes are what the system says they are.
func readPath(_ pointer: UnsafePointer<CChar>?, _ argument: StaticString) throws(GanError) -> FilePath {
    FilePath(bytes: try stringBytes(pointer, argument))
}

/// A copy of the caller's string.
func text(_ pointer: UnsafePointer<CChar>?, _ argument: StaticString) throws(GanError) -> String {
    let bytes = try stringBytes(pointer, argument)
    guard let text = String(validating: bytes, as: UTF8.self) else {
        throw GanError(
            .invalidArgument, "The argument '\(argument)' is not UTF-8; paths and names are UTF-8 in every locale.")
    }
    try Memory.check()
    return text
}

/// A copy of the caller's string, nil for NULL.
func optionalText(_ pointer: UnsafePointer<CChar>?, _ argument: StaticString) throws(GanError) -> String? {
    if pointer == nil { return nil }
    return try text(pointer, argument)
}

/// Gives the caller text and its size with the terminating 0, by the rules of `gan_options_get`.
func reply(
    _ text: String, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ size: UnsafeMutablePointer<Int>?
) throws(GanError) {
    try Memory.check()
    let needed = text.utf8.count + 1
    guard let buffer else {
        guard capacity == 0 else {
            throw GanError(
                .invalidArgument,
                "The argument 'buffer' is NULL and 'capacity' is \(UInt(bitPattern: capacity)); a buffer, or 0 to ask for the size, was expected.")
        }
        try required(size, "size", "a place for the size (or a buffer)").pointee = needed
        return
    }
    size?.pointee = needed
    guard room(capacity) >= needed else {
        throw GanError(.bufferTooSmall, "The buffer holds \(capacity) bytes, but the text and its terminating 0 need \(needed).")
    }
    var text = text
    text.withUTF8 { bytes in
        if let source = bytes.baseAddress { memcpy(buffer, source, bytes.count) }
    }
    buffer[needed - 1] = 0
}

/// Gives the caller the axes of something, or their number alone.
func reply(
    axes: [Int], _ what: StaticString, _ shape: UnsafeMutablePointer<Int64>?, _ capacity: Int, _ rank: UnsafeMutablePointer<Int>?
) throws(GanError) {
    let rank = try required(rank, "rank", "a place for the number of axes")
    guard let shape else {
        guard capacity == 0 else {
            throw GanError(
                .invalidArgument,
                "The argument 'shape' is NULL and 'capacity' is \(UInt(bitPattern: capacity)); a buffer, or 0 to ask for the rank, was expected.")
        }
        rank.pointee = axes.count
        return
    }
    rank.pointee = axes.count
    guard axes.count <= room(capacity) else {
        throw GanError(.bufferTooSmall, "The buffer holds \(capacity) axes, and \(what) has \(axes.count).")
    }
    for (axis, size) in axes.enumerated() { shape[axis] = Int64(size) }
}

// MARK: Numbers

/// A number of things, 0 or more (or `least` or more), that fits in this machine's words.
@inline(__always)
func checkedCount(_ value: Int64, _ argument: StaticString, least: Int64 = 0) throws(GanError) -> Int {
    guard value >= least, let count = Int(exactly: value) else {
        throw GanError(.invalidArgument, "The argument '\(argument)' is \(value); \(least) or more was expected.")
    }
    return count
}

@inline(__always)
func checkedCount(_ value: Int32, _ argument: StaticString, least: Int64 = 0) throws(GanError) -> Int {
    try checkedCount(Int64(value), argument, least: least)
}

/// Refuses a range of samples that no 64-bit number can count.
@inline(__always)
func checkRange(_ first: Int64, _ count: Int) throws(GanError) {
    guard first >= 0 else { throw GanError(.invalidArgument, "The argument 'first' is \(first); 0 or more was expected.") }
    guard !first.addingReportingOverflow(Int64(count)).overflow else {
        throw GanError(.invalidArgument, "The samples from \(first) on, \(count) of them, go beyond the last number, \(Int64.max).")
    }
}

/// A `size_t` of the caller's. Swift reads it as signed; one beyond `Int.max` is as good as that.
@inline(__always)
func room(_ capacity: Int) -> Int { capacity < 0 ? .max : capacity }

/// What a buffer is measured in.
enum BufferUnit: String {
    case floats, bytes, labels, indices, cells
}

/// Refuses a buffer that `count` items of `each` elements do not fit into. `item` describes them: "images of 28×28×1".
/// - Returns: the number of elements needed.
@inline(__always)
@discardableResult
func checkCapacity(
    _ capacity: Int, _ unit: BufferUnit, holds count: Int, of each: Int, _ item: @autoclosure () -> String
) throws(GanError) -> Int {
    let (needed, overflow) = count.multipliedReportingOverflow(by: each)
    guard !overflow, needed >= 0, needed <= room(capacity) else {
        let need = overflow ? "more than this machine can address" : String(needed)
        throw GanError(
            .bufferTooSmall, "The buffer holds \(UInt(bitPattern: capacity)) \(unit.rawValue), but \(count) \(item()) need \(need).")
    }
    return needed
}
