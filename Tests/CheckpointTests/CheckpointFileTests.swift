import Base
import Checkpoint
import XCTest

#if canImport(Glibc)
import Glibc
#endif

/// What the file system does to a checkpoint.
final class CheckpointFileTests: XCTestCase {
    private func openStatus(_ path: String) -> Status { failure(path) { _ = try Checkpoint.open(path: path) }.status }

    func testPathsThatAreNoFiles() throws {
        let folder = try TemporaryFolder()
        XCTAssertEqual(openStatus(folder("missing")), .notFound)
        XCTAssertEqual(openStatus(folder.path), .badFormat)
        XCTAssertEqual(openStatus(""), .invalidArgument)
        XCTAssertTrue(FileManager.default.createFile(atPath: folder("empty"), contents: nil))
        XCTAssertEqual(openStatus(folder("empty")), .truncated)
        XCTAssertEqual(openStatus("/dev/null"), .badFormat)
        XCTAssertEqual(openStatus("/dev/zero"), .badFormat)
        XCTAssertEqual(failure { try State().write(to: folder("missing/run")) }.status, .notFound)
        XCTAssertEqual(failure { try State().write(to: folder.path) }.status, .inputOutput)
        XCTAssertEqual(folder.names, ["empty"])
    }

    func testAFileThatIsNotSafetensorsIsNamed() throws {
        let folder = try TemporaryFolder()
        try Data("P6 this is an image and no checkpoint".utf8).write(to: URL(fileURLWithPath: folder("image")))
        let error = failure { _ = try Checkpoint.open(path: folder("image")) }
        XCTAssertEqual(error.status, .badFormat)
        XCTAssertTrue(error.message.contains(folder("image")), error.message)
        XCTAssertTrue(error.message.contains("is not a safetensors file"), error.message)
    }

    func testFilesCutAtEveryLengthOrTooLong() throws {
        let folder = try TemporaryFolder()
        let bytes = try State().bytes()
        for length in 0..<bytes.count {
            try Data(bytes[..<length]).write(to: URL(fileURLWithPath: folder("cut")))
            XCTAssertEqual(openStatus(folder("cut")), .truncated, "\(length)")
        }
        try Data(bytes + [0]).write(to: URL(fileURLWithPath: folder("long")))
        XCTAssertEqual(openStatus(folder("long")), .badFormat)
    }

    /// A pipe has no size that could be compared with the header's.
    func testPipes() throws {
        let bytes = try State().bytes()
        func throughPipe(_ bytes: [UInt8]) throws -> Checkpoint {
            var ends: [Int32] = [0, 0]
            XCTAssertEqual(pipe(&ends), 0)
            defer { close(ends[0]) }
            XCTAssertLessThan(bytes.count, 65536, "a pipe takes that much without a reader")
            XCTAssertEqual(write(ends[1], bytes, bytes.count), bytes.count)
            close(ends[1])
            return try Checkpoint.open(path: "/dev/fd/\(ends[0])")
        }
        try State().assertEqual(try throughPipe(bytes))
        for length in stride(from: 0, to: bytes.count, by: 7) {
            XCTAssertEqual(failure("\(length)") { _ = try throughPipe(Array(bytes[..<length])) }.status, .truncated, "\(length)")
        }
        XCTAssertEqual(failure { _ = try throughPipe(bytes + [0]) }.status, .badFormat)
        // A header that promises more than any memory.
        let huge = String(1 << 58)
        let json = #"{"__metadata__":{"format":"libgan","format-version":"1"},"a":{"dtype":"I8","shape":[\#(huge)],"data_offsets":[0,\#(huge)]}}"#
        XCTAssertEqual(failure { _ = try throughPipe(file(json)) }.status, .outOfMemory)
    }

    func testAFullDevice() {
        XCTAssertEqual(failure { try State().write(to: "/dev/full") }.status, .noSpace)
    }

    func testAFailureLeavesTheEarlierFileAsItWas() throws {
        let folder = try TemporaryFolder()
        try State().write(to: folder("run"))
        let earlier = try contents(folder("run"))
        var larger = State()
        larger.metadata.step += 1
        larger.tensors.append(("large", [1 << 20], [Float](repeating: 1, count: 1 << 20)))

        // The process may write 64 KiB into one file, as if the disk were full after that.
        var limit = rlimit()
        XCTAssertEqual(getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit), 0)
        var small = limit
        small.rlim_cur = 65536
        XCTAssertEqual(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &small), 0)
        let error = failure { try larger.write(to: folder("run")) }
        XCTAssertEqual(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit), 0)

        XCTAssertEqual(error.status, .noSpace, error.message)
        XCTAssertEqual(try contents(folder("run")), earlier)
        XCTAssertEqual(folder.names, ["run"], "a temporary file was left")
        try larger.write(to: folder("run"))
        XCTAssertEqual(try Checkpoint.open(path: folder("run")).metadata.step, larger.metadata.step)
    }

    func testAFolderThatMayNotBeWritten() throws {
        let folder = try TemporaryFolder()
        try State().write(to: folder("run"))
        XCTAssertEqual(chmod(folder.path, 0o555), 0)
        let isRoot = geteuid() == 0  // whom permissions do not stop
        if isRoot { XCTAssertEqual(seteuid(65534), 0) }
        let error = failure { try State().write(to: folder("new")) }
        if isRoot { XCTAssertEqual(seteuid(0), 0) }
        XCTAssertEqual(chmod(folder.path, 0o755), 0)
        XCTAssertEqual(error.status, .accessDenied, error.message)
        XCTAssertEqual(folder.names, ["run"])
    }
}
