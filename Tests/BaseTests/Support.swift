import Base
import Glibc
import XCTest

/// Calls `body` with the bytes in a block of exactly their size, so that the address sanitizer sees a byte read too many.
func withExactly<R>(_ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { block.deallocate() }
    block.copyBytes(from: bytes)
    return try body(UnsafeRawBufferPointer(block))
}

/// A folder that goes with the test.
final class TemporaryFolder {
    let path: String

    init() {
        var template = Array("/tmp/gan-base-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!) == nil ? "" : String(cString: $0.baseAddress!) }
        chmod(path, 0o755)
    }

    deinit {
        for name in (try? Folder.entries(path)) ?? [] { unlink(path + "/" + name) }
        rmdir(path)
    }

    func file(_ name: String) -> String { path + "/" + name }

    @discardableResult
    func write(_ name: String, _ text: String) -> String {
        let file = fopen(path + "/" + name, "w")!
        fputs(text, file)
        fclose(file)
        return path + "/" + name
    }
}

func read(_ path: String) throws -> String {
    text(try InputFile(path: path).readAll())
}

func text(_ bytes: AlignedBuffer<UInt8>) -> String {
    withExtendedLifetime(bytes) { String(decoding: bytes.buffer, as: UTF8.self) }
}

func write(_ text: String, to path: String) throws {
    let file = try AtomicFile(path: path)
    try file.write(Array(text.utf8))
    try file.commit()
}

/// The body fails with this status and a sentence that contains the words.
func assertFails(
    _ status: Status, _ words: String..., file: StaticString = #filePath, line: UInt = #line, _ body: () throws -> Void
) {
    do {
        try body()
        XCTFail("nothing was thrown", file: file, line: line)
    } catch let error as GanError {
        XCTAssertEqual(error.status, status, error.message, file: file, line: line)
        XCTAssertTrue(error.message.hasSuffix("."), error.message, file: file, line: line)
        for word in words { XCTAssertTrue(error.message.contains(word), error.message, file: file, line: line) }
    } catch {
        XCTFail("\(error)", file: file, line: line)
    }
}

/// Runs the body as a user without rights, where the tests run as root, whom no permission stops.
func withoutPrivileges(_ body: () throws -> Void) rethrows {
    let isRoot = geteuid() == 0
    if isRoot { XCTAssertEqual(seteuid(65534), 0) }
    defer { if isRoot { XCTAssertEqual(seteuid(0), 0) } }
    try body()
}

func openDescriptors() -> Int { (try? Folder.entries("/proc/self/fd").count) ?? -1 }
