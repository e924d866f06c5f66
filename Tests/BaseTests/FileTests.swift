import Base
import Foundation
import Glibc
import XCTest

final class InputFileTests: XCTestCase {
    func testReadsInPiecesAndFromAnywhere() throws {
        let folder = TemporaryFolder()
        let file = try InputFile(path: folder.write("a", "0123456789"))
        XCTAssertEqual(file.size, 10)
        let bytes = try AlignedBuffer<UInt8>(count: 4, for: "a test")
        let buffer = UnsafeMutableRawBufferPointer(bytes.buffer)
        try file.readExactly(into: buffer)
        XCTAssertEqual(text(bytes), "0123")
        try file.readExactly(at: 6, into: buffer)
        XCTAssertEqual(text(bytes), "6789")
        XCTAssertEqual(text(try file.readAll(limit: 10)), "456789", "the position is that of read")
        XCTAssertEqual(try file.read(into: buffer), 0)
        assertFails(.truncated, "\(folder.path)/a") { try file.readExactly(into: buffer) }
        assertFails(.truncated) { try file.readExactly(at: 7, into: buffer) }
        assertFails(.truncated) { try file.readExactly(at: .max - 1, into: buffer) }
        assertFails(.truncated) { try file.readExactly(at: -1, into: buffer) }
    }

    func testFailuresNameThePathAndLeaveNothingOpen() throws {
        let folder = TemporaryFolder()
        let before = openDescriptors()
        assertFails(.notFound, "/nowhere", "no such file") { _ = try InputFile(path: folder.file("nowhere")) }
        assertFails(.notFound, "not a folder") { _ = try InputFile(path: folder.write("f", "") + "/x") }
        assertFails(.badFormat, folder.path, "is a folder") { _ = try InputFile(path: folder.path) }
        assertFails(.invalidArgument, "empty") { _ = try InputFile(path: "") }
        assertFails(.invalidArgument, "zero byte") { _ = try InputFile(path: folder.write("f", "") + "\0x") }
        assertFails(.inputOutput, "too long") { _ = try InputFile(path: folder.file(String(repeating: "n", count: 300))) }
        symlink("circle", folder.file("circle"))
        assertFails(.inputOutput, "circle") { _ = try InputFile(path: folder.file("circle")) }
        let secret = folder.write("secret", "x")
        chmod(secret, 0)
        withoutPrivileges { assertFails(.accessDenied, secret) { _ = try InputFile(path: secret) } }
        assertFails(.outOfRange, "larger than the 3 bytes") { _ = try InputFile(path: folder.write("f", "long")).readAll(limit: 3) }
        XCTAssertEqual(openDescriptors(), before)
    }

    func testPipesAndFilesThatHideTheirLength() throws {
        XCTAssertTrue(try read("/proc/self/status").contains("Pid:"))
        let folder = TemporaryFolder()
        XCTAssertEqual(try read(folder.write("empty", "")), "")
        XCTAssertEqual(mkfifo(folder.file("pipe"), 0o600), 0)
        // Opened for both directions, so that neither side waits for the other.
        let end = open(folder.file("pipe"), O_RDWR)
        Glibc.write(end, "hello", 5)
        let input = try InputFile(path: folder.file("pipe"))
        XCTAssertNil(input.size)
        close(end)
        XCTAssertEqual(text(try input.readAll()), "hello")
        // More than a pipe holds, from a writer that comes late and rests in between.
        let path = folder.file("pipe")
        let much = String(repeating: "0123456789", count: 20_000)
        let writer = Thread {
            usleep(200_000)
            let end = open(path, O_WRONLY)
            usleep(100_000)
            for part in [much.utf8.prefix(100), much.utf8.dropFirst(100)] {
                _ = Array(part).withUnsafeBytes { Glibc.write(end, $0.baseAddress, $0.count) }
                usleep(100_000)
            }
            close(end)
        }
        writer.start()
        XCTAssertEqual(text(try InputFile(path: path).readAll()), much)
    }

    /// What never ends, or is never begun, is refused by its kind and not waited for.
    func testDevicesAndPipesWithoutAWriterAreRefused() throws {
        let before = openDescriptors()
        for device in ["/dev/zero", "/dev/urandom", "/dev/full", "/dev/null"] {
            assertFails(.badFormat, device, "is a device") { _ = try InputFile(path: device) }
        }
        let folder = TemporaryFolder()
        XCTAssertEqual(mkfifo(folder.file("pipe"), 0o600), 0)
        let started = Date()
        assertFails(.inputOutput, folder.file("pipe"), "Nobody writes") { _ = try read(folder.file("pipe")) }
        XCTAssertLessThan(Date().timeIntervalSince(started), 60)
        // One that was opened and closed is empty, and that is found out at once.
        let path = folder.file("pipe")
        let opener = Thread {
            let end = open(path, O_WRONLY)
            usleep(50_000)
            close(end)
        }
        do {
            let input = try InputFile(path: path)
            opener.start()
            usleep(20_000)
            XCTAssertEqual(text(try input.readAll()), "")
        }
        usleep(100_000)
        XCTAssertEqual(openDescriptors(), before)
    }

    func testNamesThatAreNotUTF8() throws {
        let folder = TemporaryFolder()
        let path = FilePath(folder.path).appending([0x63, 0x61, 0x66, 0xE9])
        XCTAssertEqual(path.name, [0x63, 0x61, 0x66, 0xE9])
        XCTAssertEqual(path.description, folder.path + "/caf\\xE9")
        assertFails(.notFound, "caf\\xE9") { _ = try InputFile(path: path) }
        let file = fopen((path.bytes + [0]).map { CChar(bitPattern: $0) }, "w")
        fputs("coffee", file)
        fclose(file)
        XCTAssertEqual(text(try InputFile(path: path).readAll()), "coffee")
        XCTAssertEqual(try Folder.kind(of: path), .file)
        XCTAssertEqual(try Folder.contents(FilePath(folder.path)).map(\.name), [path.name])
        XCTAssertEqual(try Folder.entries(folder.path), ["caf\\xE9"])
        unlink((path.bytes + [0]).map { CChar(bitPattern: $0) })
        // A beginning without its end, an end without its beginning, a surrogate, and the zero that no name has.
        XCTAssertEqual(FilePath.text([0xC3, 0x41, 0xA9, 0xC3, 0xA9, 0xC3]), "\\xC3A\\xA9é\\xC3")
        XCTAssertEqual(FilePath.text([0xED, 0xA0, 0x80, 0x62]), "\\xED\\xA0\\x80b")
        XCTAssertEqual(FilePath.text([]), "")
        assertFails(.invalidArgument, "\\x85", "zero byte") { try FilePath(bytes: [0x85, 0, 0x61]).check() }
        assertFails(.invalidArgument, "empty") { try FilePath("").check() }
    }

    func testFolders() throws {
        let folder = TemporaryFolder()
        for name in ["b", "a", "é", "B", ".hidden"] { folder.write(name, "") }
        XCTAssertEqual(try Folder.entries(folder.path), [".hidden", "B", "a", "b", "é"])
        XCTAssertEqual(try Folder.kind(of: folder.path), .folder)
        XCTAssertEqual(try Folder.kind(of: folder.file("a")), .file)
        XCTAssertEqual(try Folder.kind(of: folder.file("x")), .missing)
        XCTAssertEqual(try Folder.kind(of: "/dev/null"), .other)
        assertFails(.notFound, "/x") { _ = try Folder.entries(folder.file("x")) }
        assertFails(.notFound, "/a") { _ = try Folder.entries(folder.file("a")) }
        chmod(folder.path, 0)
        defer { chmod(folder.path, 0o755) }
        withoutPrivileges {
            assertFails(.accessDenied, folder.path) { _ = try Folder.entries(folder.path) }
            assertFails(.accessDenied, folder.path) { _ = try Folder.kind(of: folder.file("a")) }
        }
    }
}

final class AtomicFileTests: XCTestCase {
    private func mode(_ path: String) -> mode_t {
        var information = stat()
        return stat(path, &information) == 0 ? information.st_mode & 0o7777 : 0
    }

    func testAppearsWholeOrNotAtAll() throws {
        let folder = TemporaryFolder()
        let path = folder.write("target", "old")
        do {
            let file = try AtomicFile(path: path)
            try file.write(Array("ne".utf8))
            XCTAssertEqual(try read(path), "old")
            XCTAssertEqual(try Folder.entries(folder.path).count, 2)
            try file.write(Array("w".utf8))
            try file.commit()
            XCTAssertEqual(try read(path), "new")
            assertFails(.inputOutput, "no longer open") { try file.commit() }
            assertFails(.inputOutput, "no longer open") { try file.write([1]) }
        }
        do {
            let file = try AtomicFile(path: path)
            try file.write(Array("half".utf8))
        }
        do {
            let file = try AtomicFile(path: folder.file("other"))
            try file.write(Array("half".utf8))
            file.abandon()
            assertFails(.inputOutput) { try file.commit() }
        }
        XCTAssertEqual(try Folder.entries(folder.path), ["target"])
        XCTAssertEqual(try read(path), "new")
    }

    func testPermissionBits() throws {
        let folder = TemporaryFolder()
        let previous = umask(0o027)
        defer { umask(previous) }
        try write("x", to: folder.file("fresh"))
        XCTAssertEqual(mode(folder.file("fresh")), 0o640)
        chmod(folder.write("kept", "x"), 0o604)
        try write("y", to: folder.file("kept"))
        XCTAssertEqual(mode(folder.file("kept")), 0o604)
    }

    func testWritesThroughSymbolicLinks() throws {
        let folder = TemporaryFolder()
        folder.write("real", "old")
        symlink("real", folder.file("link"))
        symlink(folder.file("link"), folder.file("link of link"))
        symlink("later", folder.file("dangling"))
        symlink("round", folder.file("round"))
        try write("new", to: folder.file("link of link"))
        try write("made", to: folder.file("dangling"))
        XCTAssertEqual(try read(folder.file("real")), "new")
        XCTAssertEqual(try read(folder.file("later")), "made")
        var information = stat()
        XCTAssertEqual(lstat(folder.file("link of link"), &information), 0)
        XCTAssertEqual(information.st_mode & S_IFMT, S_IFLNK)
        assertFails(.inputOutput, "circle") { try write("x", to: folder.file("round")) }
    }

    func testFailuresLeaveNothingBehind() throws {
        let folder = TemporaryFolder()
        let before = openDescriptors()
        folder.write("file", "")
        assertFails(.notFound, "/no/x") { try write("x", to: folder.file("no/x")) }
        assertFails(.notFound) { try write("x", to: folder.file("new/")) }
        assertFails(.notFound) { try write("x", to: folder.file("file/x")) }
        assertFails(.inputOutput, "folder") { try write("x", to: folder.path) }
        assertFails(.invalidArgument, "empty") { try write("x", to: "") }
        assertFails(.inputOutput, "too long") { try write("x", to: folder.file(String(repeating: "n", count: 300))) }
        chmod(folder.file("file"), 0o444)
        withoutPrivileges {
            assertFails(.accessDenied, "/file") { try write("x", to: folder.file("file")) }
            assertFails(.accessDenied, "/new") { try write("x", to: folder.file("new")) }
        }
        XCTAssertEqual(try Folder.entries(folder.path), ["file"])
        // As long as a name can be, so that a temporary name made from it would not fit.
        try write("x", to: folder.file(String(repeating: "n", count: 255)))
        XCTAssertEqual(openDescriptors(), before)
    }

    func testAFullDiskIsSaidAndKeepsTheOldFile() throws {
        assertFails(.noSpace, "/dev/full") { try write("x", to: "/dev/full") }
        // A file beyond the process's limit behaves as on a full disk, and would end the process by SIGXFSZ.
        let folder = TemporaryFolder()
        let path = folder.write("target", "old")
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        var small = rlimit(rlim_cur: 4096, rlim_max: limit.rlim_max)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &small)
        defer { setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) }
        assertFails(.noSpace, path) {
            let file = try AtomicFile(path: path)
            try file.write([UInt8](repeating: 1, count: 5000))
        }
        XCTAssertEqual(try Folder.entries(folder.path), ["target"])
        XCTAssertEqual(try read(path), "old")
    }

    func testPipesAreWrittenDirectlyAndABrokenOneDoesNotEndTheHost() throws {
        var ends: [Int32] = [0, 0]
        XCTAssertEqual(pipe(&ends), 0)
        try write("through", to: "/dev/fd/\(ends[1])")
        var bytes = [UInt8](repeating: 0, count: 16)
        XCTAssertEqual(Glibc.read(ends[0], &bytes, 16), 7)
        XCTAssertEqual(fcntl(ends[1], F_GETFD), 0, "the caller's own descriptor stays open")
        close(ends[0])
        assertFails(.inputOutput, "pipe") { try write("nobody", to: "/dev/fd/\(ends[1])") }
        close(ends[1])
        var pending = sigset_t()
        sigpending(&pending)
        XCTAssertEqual(sigismember(&pending, SIGPIPE), 0)
        XCTAssertNil(try? AtomicFile(path: "/dev/fd/\(ends[1])"))
        try write("gone", to: "/dev/null")
        XCTAssertEqual(try Folder.kind(of: "/dev/null"), .other)
    }

    func testAFullNonBlockingPipeIsWaitedFor() throws {
        var ends: [Int32] = [0, 0]
        XCTAssertEqual(pipe(&ends), 0)
        XCTAssertEqual(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0)
        let length = 1 << 20
        let output = ends[1]
        let writer = Thread {
            try? { try write(String(repeating: "x", count: length), to: "/dev/fd/\(output)") }()
            close(output)
        }
        writer.start()
        var total = 0
        var bytes = [UInt8](repeating: 0, count: 4096)
        while case let got = Glibc.read(ends[0], &bytes, 4096), got > 0 { total += got }
        XCTAssertEqual(total, length)
        close(ends[0])
    }

    func testARelativePathMeansWhatItMeantAtTheStart() throws {
        let folder = TemporaryFolder()
        var here = [CChar](repeating: 0, count: 4096)
        XCTAssertNotNil(getcwd(&here, 4096))
        defer { chdir(here) }
        chdir(folder.path)
        let file = try AtomicFile(path: "relative")
        try file.write([0x61])
        chdir("/")
        try file.commit()
        XCTAssertEqual(try read(folder.file("relative")), "a")
    }
}
