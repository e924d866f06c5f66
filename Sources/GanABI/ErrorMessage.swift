#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Each thread's last failure, as `gan_error_message` gives it.
///
/// A thread's buffer is made at its first failure, grows as sentences need it, and is freed when the thread ends, through
/// the destructor of a thread-specific key. Without memory for it the sentence is a fixed one.
enum ErrorMessage {
    /// Longer sentences are cut here; a path in one can be as long as a caller likes.
    private static let longest = 1 << 16

    private struct Buffer {
        var capacity: Int
        var text: UnsafeMutablePointer<CChar>
    }

    /// Stands in a thread's place for the buffer that could not be made.
    private static let withoutMemory: StaticString = "Memory ran out, also for the sentence that describes this failure."

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
        if isFixed(value) { return StaticText.pointer(withoutMemory) }
        return UnsafePointer(value.assumingMemoryBound(to: Buffer.self).pointee.text)
    }

    static func set(_ message: String) {
        guard let key else { return }
        var message = message
        message.withUTF8 { bytes in
            var count = min(bytes.count, longest)
            // Not within a character.
            while count > 0 && count < bytes.count && bytes[count] & 0xC0 == 0x80 { count -= 1 }
            guard let text = room(for: count + 1, key) else { return }
            if let source = bytes.baseAddress { memcpy(text, source, count) }
            text[count] = 0
        }
    }

    /// The calling thread's buffer with that capacity at least; nil leaves the fixed sentence in its place.
    private static func room(for size: Int, _ key: pthread_key_t) -> UnsafeMutablePointer<CChar>? {
        if let value = pthread_getspecific(key), !isFixed(value) {
            let buffer = value.assumingMemoryBound(to: Buffer.self)
            if buffer.pointee.capacity >= size { return buffer.pointee.text }
            release(value)
        }
        let capacity = max(size, 256)
        guard let memory = malloc(MemoryLayout<Buffer>.stride) else {
            pthread_setspecific(key, fixed)
            return nil
        }
        guard let text = malloc(capacity) else {
            free(memory)
            pthread_setspecific(key, fixed)
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

    private static var fixed: UnsafeRawPointer { UnsafeRawPointer(withoutMemory.utf8Start) }

    private static func isFixed(_ value: UnsafeMutableRawPointer) -> Bool { UnsafeRawPointer(value) == fixed }

    private static func release(_ value: UnsafeMutableRawPointer) {
        if isFixed(value) { return }
        free(value.assumingMemoryBound(to: Buffer.self).pointee.text)
        free(value)
    }
}
