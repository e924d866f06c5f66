import Base
import XCTest

final class FileKindTests: XCTestCase {
    func testKnownBeginningsHaveNames() {
        let known: [([UInt8], String)] = [
            ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "PNG"), ([0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 0x4A, 0x46], "JPEG"),
            ([0x93] + Array("NUMPY".utf8) + [1, 0], "NumPy"), ([0x1F, 0x8B, 8, 0, 0, 0, 0, 0], "gzip"), ([0x50, 0x4B, 3, 4, 20, 0, 0, 0], "ZIP"),
            ([0, 0, 8, 3, 0, 0, 0x27, 0x10], "IDX"), ([0, 0, 0x0D, 1, 0, 0, 0, 1], "IDX"), ([0x80, 2, 0x7D, 0x71, 0, 0x58, 1, 0], "pickle"),
        ]
        for (bytes, name) in known {
            XCTAssertTrue(FileKind.name(beginning: bytes + [1, 2, 3])?.contains(name) == true, "\(name): \(FileKind.name(beginning: bytes) ?? "nil")")
        }
    }

    func testOtherBeginningsHaveNone() {
        for bytes in [[], [0], [0, 0], [0, 0, 8], [0, 0, 7, 3], [0, 0, 8, 0], [0, 0, 8, 9], [0x80], [0x80, 9], [0x80, 2, 0, 0, 0, 0, 0, 0], [0x1F, 0x8B, 0, 0, 0, 0, 0, 0], Array("This is ".utf8), [0x89, 0x50, 0x4E]] as [[UInt8]] {
            XCTAssertNil(FileKind.name(beginning: bytes), "\(bytes)")
        }
    }
}
