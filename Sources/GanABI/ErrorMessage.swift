#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CHost

/// Each thread's last failure, as `gan_error_message` gives it.
///
/// A thread's buffer is made at its first failure, grows as sentences need it, and is freed when the thread ends, through
/// the destructor of a thread-specific key. Without memory for it, or a stack to make one on, the sentence is a literal.
enum ErrorMessage {
    /// Of longer sentences the middle is left out; a path in one can be as long as a caller likes.
    private static let longest = 1 << 16
    private static let leftOut: StaticString = " … "

    private struct Buffer {
        var capacity: Int
        var text: UnsafeMutablePointer<CChar>
    }

    /// Stand in a thread's place for a buffer.
    private static let withoutMemory: StaticString = "Memory ran out, also for the sentence that describes this failure."
    private static let withoutStack: StaticString =
        "The thread's stack has less than 48 KiB left, which a call needs; start the thread with a larger stack."

    private static let key: pthread_key_t? = {
        var key = pthread_key_t()
        let result = pthread_key_create(&key) { value in
            #if canImport(Glibc)
            guard let value else { return }
            #endif
            ErrorMessage.release(value)
        }
        return result == 0 ? key : nil
    }()

    /// The calling thread's sentence, "" where it has none.
    static var current: UnsafePointer<CChar> {
        guard let key else { return StaticText.pointer(withoutMemory) }
        guard let value = pthread_getspecific(key) else { return StaticText.pointer("") }
        if isLiteral(value) { return UnsafePointer(value.assumingMemoryBound(to: CChar.self)) }
        return UnsafePointer(value.assumingMemoryBound(to: Buffer.self).pointee.text)
    }

    /// The failure of a call that has no stack to make a sentence on.
    static func setWithoutStack() {
        guard let key else { return }
        put(withoutStack, key)
    }

    static func set(_ message: String) {
        guard let key else { return }
        // A file's text may hold what ends a string of C.
        var message = message.utf8.contains(0) ? String(message.map { $0 == "\0" ? "\u{FFFD}" : $0 }) : message
        message.withUTF8 { bytes in
            guard bytes.count > longest else {
                guard let text = room(for: bytes.count + 1, key) else { return }
                if let source = bytes.baseAddress { memcpy(text, source, bytes.count) }
                text[bytes.count] = 0
                return
            }
            // What was wrong stands at the end. Not within a character.
            var first = longest / 2
            var second = bytes.count - longest / 2
            while first > 0 && isWithinCharacter(bytes[first]) { first -= 1 }
            while second < bytes.count && isWithinCharacter(bytes[second]) { second += 1 }
            guard let source = bytes.baseAddress,
                let text = room(for: first + leftOut.utf8CodeUnitCount + bytes.count - second + 1, key)
            else { return }
            memcpy(text, source, first)
            memcpy(text + first, leftOut.utf8Start, leftOut.utf8CodeUnitCount)
            memcpy(text + first + leftOut.utf8CodeUnitCount, source + second, bytes.count - second)
            text[first + leftOut.utf8CodeUnitCount + bytes.count - second] = 0
        }
    }

    private static func isWithinCharacter(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

    private static func put(_ literal: StaticString, _ key: pthread_key_t) {
        let old = pthread_getspecific(key)
        if pthread_setspecific(key, address(literal)) == 0, let old { release(old) }
    }

    /// The calling thread's buffer with that capacity at least; nil leaves a literal in its place.
    private static func room(for size: Int, _ key: pthread_key_t) -> UnsafeMutablePointer<CChar>? {
        if let value = pthread_getspecific(key), !isLiteral(value) {
            let buffer = value.assumingMemoryBound(to: Buffer.self)
            if buffer.pointee.capacity >= size { return buffer.pointee.text }
            put(withoutMemory, key)
        }
        let capacity = max(size, 256)
        guard let memory = gan_allocate(MemoryLayout<Buffer>.stride) else {
            put(withoutMemory, key)
            return nil
        }
        guard let text = gan_allocate(capacity) else {
            free(memory)
            put(withoutMemory, key)
            return nil
        }
        let buffer = memory.bindMemory(to: Buffer.self, capacity: 1)
        buffer.initialize(to: Buffer(capacity: capacity, text: text.bindMemory(to: CChar.self, capacity: capacity)))
        guard pthread_setspecific(key, memory) == 0 else {
            release(memory)
            return nil
        }
        return buffer.pointee.text
    }

    private static func address(_ literal: StaticString) -> UnsafeRawPointer { UnsafeRawPointer(literal.utf8Start) }

    private static func isLiteral(_ value: UnsafeMutableRawPointer) -> Bool {
        let value = UnsafeRawPointer(value)
        return value == address(withoutMemory) || value == address(withoutStack)
    }

    private static func release(_ value: UnsafeMutableRawPointer) {
        if isLiteral(value) { return }
        free(value.assumingMemoryBound(to: Buffer.self).pointee.text)
        free(value)
    }
}
