import Base
import Foundation
import Glibc
import XCTest

/// What becomes of modes and owners, links, mounts, descriptors, and of what a killed process left.
final class WritingTests: XCTestCase {
    private func information(_ path: String) -> stat {
        var information = stat()
        XCTAssertEqual(lstat(path, &information), 0, path)
        return information
    }

    /// Runs a program of the system, or skips the test.
    private func run(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try XCTSkipUnless(process.terminationStatus == 0, "\(arguments.first ?? "") does not work here")
    }

    // MARK: Mode and owner

    func testModeAndOwnerStay() throws {
        let folder = TemporaryFolder()
        for mode: mode_t in [0o600, 0o644, 0o666, 0o755, 0o2640] {
            let path = folder.write("file", "old")
            if geteuid() == 0 { XCTAssertEqual(chown(path, 1234, 5678), 0) }
            chmod(path, mode)
            let before = information(path)
            try write("new", to: path)
            let after = information(path)
            XCTAssertEqual(try read(path), "new")
            XCTAssertEqual(after.st_mode, before.st_mode)
            XCTAssertEqual(after.st_uid, before.st_uid)
            XCTAssertEqual(after.st_gid, before.st_gid)
            XCTAssertNotEqual(after.st_ino, before.st_ino)
        }
    }

    /// Whom the system does not let give files away gets one of his own, which nobody may read who might not before.
    func testAnOwnerThatCannotBeKeptOpensTheFileToNobodyElse() throws {
        try XCTSkipUnless(geteuid() == 0, "only root makes another's file")
        let folder = TemporaryFolder()
        chmod(folder.path, 0o777)
        let path = folder.write("file", "old")
        XCTAssertEqual(chown(path, 1234, 5678), 0)
        chmod(path, 0o662)
        try withoutPrivileges { try write("new", to: path) }
        let after = information(path)
        XCTAssertEqual(after.st_uid, 65534)
        XCTAssertEqual(after.st_mode & 0o7777, 0o622, "another group has no more rights than all others")
    }

    func testAFileThatMayNotBeWrittenIsLeftAlone() throws {
        let folder = TemporaryFolder()
        chmod(folder.path, 0o777)
        let path = folder.write("file", "old")
        chmod(path, 0o444)
        withoutPrivileges {
            assertFails(.accessDenied, path) { try write("new", to: path) }
            assertFails(.accessDenied, path) { try AtomicFile.check(path: path) }
        }
        XCTAssertEqual(try read(path), "old")
        XCTAssertEqual(try Folder.entries(folder.path), ["file"])
    }

    // MARK: Names

    func testALinkToANameThatIsNotUTF8IsFollowedByteForByte() throws {
        let folder = TemporaryFolder()
        let name: [UInt8] = [0x63, 0x61, 0x66, 0xE9]
        let bytes = Array((folder.path + "/").utf8) + name + [0]
        let path = bytes.map { CChar(bitPattern: $0) }
        symlink((name + [0]).map { CChar(bitPattern: $0) }, folder.file("link"))
        for contents in ["made", "replaced"] {
            try write(contents, to: folder.file("link"))
            var information = stat()
            XCTAssertEqual(stat(path, &information), 0)
            XCTAssertEqual(information.st_size, off_t(contents.utf8.count))
            XCTAssertEqual(try read(folder.file("link")), contents)
        }
        XCTAssertEqual(self.information(folder.file("link")).st_mode & S_IFMT, S_IFLNK)
        XCTAssertEqual(try Folder.entries(folder.path).count, 2)
        unlink(path)
    }

    func testTheLongestNamesWork() throws {
        let folder = TemporaryFolder()
        let name = String(repeating: "n", count: 255)
        for contents in ["made", "replaced"] {
            try write(contents, to: folder.file(name))
            XCTAssertEqual(try read(folder.file(name)), contents)
        }
        XCTAssertEqual(try Folder.entries(folder.path), [name])
    }

    // MARK: What is open already

    /// Every name of an open file means that very file, where it stands.
    func testOpenFilesAreWrittenToByEveryName() throws {
        let folder = TemporaryFolder()
        for prefix in ["/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/", "/proc/\(getpid())/fd/"] {
            let path = folder.write("file", "")
            let descriptor = open(path, O_WRONLY)
            defer { close(descriptor) }
            Glibc.write(descriptor, "before ", 7)
            let number = information(path).st_ino
            try write("through", to: prefix + String(descriptor))
            Glibc.write(descriptor, " after", 6)
            XCTAssertEqual(try read(path), "before through after", prefix)
            XCTAssertEqual(information(path).st_ino, number, "the file was replaced")
        }
        let reading = open(folder.write("file", "old"), O_RDONLY)
        assertFails(.accessDenied, "for reading only") { try write("new", to: "/dev/fd/\(reading)") }
        close(reading)
        assertFails(.inputOutput, "is no open file") { try write("new", to: "/dev/fd/\(reading)") }
        // By a name that is not among those the writer knows, /proc's links still lead to pipes.
        var ends: [Int32] = [0, 0]
        XCTAssertEqual(pipe(&ends), 0)
        try write("pipe", to: "/dev/./fd/\(ends[1])")
        var bytes = [UInt8](repeating: 0, count: 4)
        XCTAssertEqual(Glibc.read(ends[0], &bytes, 4), 4)
        XCTAssertEqual(bytes, Array("pipe".utf8))
        for end in ends { close(end) }
        XCTAssertEqual(try Folder.entries(folder.path), ["file"])
    }

    func testNoFileOfOursTakesTheNumberOfAStandardStream() throws {
        let folder = TemporaryFolder()
        let kept = dup(0)
        close(0)
        defer {
            dup2(kept, 0)
            close(kept)
        }
        let file = try AtomicFile(path: folder.file("file"))
        XCTAssertEqual(fcntl(0, F_GETFD), -1, "a message of the host's would go into the file")
        try file.commit()
    }

    // MARK: Trials

    func testATrialFindsWhatWouldFailAndLeavesEverything() throws {
        let folder = TemporaryFolder()
        let before = openDescriptors()
        let path = folder.write("file", "old")
        let trial = try AtomicFile.trial(path: path)
        try trial.write(Array("new".utf8))
        assertFails(.inputOutput) { try trial.commit() }
        try trial.endTrial(isReadAgain: true)
        XCTAssertEqual(try read(path), "old")
        try AtomicFile.check(path: folder.file("another"))
        assertFails(.notFound, "/no/x") { try AtomicFile.check(path: folder.file("no/x")) }
        assertFails(.inputOutput, "folder") { try AtomicFile.check(path: folder.path) }
        // A pipe that nobody reads would not open, and one that somebody reads would end.
        XCTAssertEqual(mkfifo(folder.file("pipe"), 0o600), 0)
        let pipe = try AtomicFile.trial(path: folder.file("pipe"))
        try pipe.write([1])
        try pipe.endTrial()
        try AtomicFile.check(path: "/dev/full")
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: folder.file("socket").utf8) }
        let socket = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let bound = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        XCTAssertEqual(bound, 0)
        close(socket)
        assertFails(.inputOutput, "is a socket") { try AtomicFile.check(path: folder.file("socket")) }
        unlink(folder.file("socket"))
        XCTAssertEqual(try Folder.entries(folder.path), ["file", "pipe"])
        chmod(folder.path, 0o777)
        chmod(path, 0o222)
        withoutPrivileges {
            try? AtomicFile.check(path: path)
            assertFails(.accessDenied, path, "not read again") { try AtomicFile.trial(path: path).endTrial(isReadAgain: true) }
        }
        XCTAssertEqual(openDescriptors(), before)
    }

    // MARK: Mounts

    func testAFileThatIsMountedIsOverwrittenInPlace() throws {
        let folder = TemporaryFolder()
        let real = folder.write("real", "a longer text than what comes")
        let mounted = folder.write("mounted", "")
        try run("mount", "--bind", real, mounted)
        defer { try? run("umount", mounted) }
        for contents in ["new", "longer than the one before it"] {
            try write(contents, to: mounted)
            XCTAssertEqual(try read(real), contents)
        }
        XCTAssertEqual(try Folder.entries(folder.path), ["mounted", "real"])
    }

    /// A full disk leaves a file that can only be overwritten as it was.
    func testAMountedFileSurvivesAFullDisk() throws {
        let folder = TemporaryFolder()
        mkdir(folder.file("small"), 0o755)
        defer { rmdir(folder.file("small")) }
        try run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.file("small"))
        defer { try? run("umount", folder.file("small")) }
        let (real, mounted) = (folder.file("small/real"), folder.write("mounted", ""))
        try write("old", to: real)
        try run("mount", "--bind", real, mounted)
        defer { try? run("umount", mounted) }
        assertFails(.noSpace, mounted) { try write(String(repeating: "n", count: 100_000), to: mounted) }
        XCTAssertEqual(try read(mounted), "old")
        XCTAssertEqual(try Folder.entries(folder.path), ["mounted", "small"])
    }

    // MARK: What a killed process left

    private func leftovers(_ folder: TemporaryFolder) throws -> [String] { try Folder.entries(folder.path).filter { $0.hasPrefix(".gan") } }

    func testLeftoversAreTakenAwayAndLiveFilesAreNot() throws {
        let stay = [".gan-new-0123456789abcdeg.tmp", ".gan-new-1123456789abcdef.tmp", ".gan-new-2123456789abcdef.tmp", ".gan-new-note.tmp"]
        // A process looks into a folder once a minute, and remembers sixteen. An earlier test's folder may have had the same
        // number, but not all of seventeen that are there at once.
        var (folders, held): ([TemporaryFolder], [Int32]) = ([], [])
        for _ in 0..<17 {
            let folder = TemporaryFolder()
            folders.append(folder)
            folder.write(".gan-new-0123456789abcdef.tmp", "what a killed process wrote")
            for name in [stay[0], stay[3], "kept.tmp"] { folder.write(name, "not of our names") }
            symlink("kept.tmp", folder.file(stay[1]))
            held.append(open(folder.write(stay[2], "somebody writes here"), O_RDWR))
            XCTAssertEqual(flock(held[held.count - 1], LOCK_EX), 0)
            try write("x", to: folder.file("file"))
        }
        let found = try folders.map { try leftovers($0) }
        XCTAssertTrue(found.contains(stay), "\(found)")
        XCTAssertTrue(found.allSatisfy { Set($0).isSuperset(of: stay) }, "\(found)")
        for descriptor in held { close(descriptor) }
    }

    /// What is being written, by this process or by another, looks to a third like what it is.
    func testFilesThatAreBeingWrittenAreLocked() throws {
        let folder = TemporaryFolder()
        let file = try AtomicFile(path: folder.file("file"))
        let name = try XCTUnwrap(try leftovers(folder).first)
        let other = open(folder.file(name), O_RDWR)
        XCTAssertEqual(flock(other, LOCK_EX | LOCK_NB), -1)
        close(other)
        try file.commit()
        XCTAssertEqual(try leftovers(folder), [])
    }

    func testBeforeTheEndByASignalAllAreTakenAway() throws {
        let folder = TemporaryFolder()
        TemporaryFiles.prepareForSignals()
        let first = try AtomicFile(path: folder.file("first"))
        let second = try AtomicFile(path: folder.file("second"))
        try AtomicFile(path: folder.file("third")).commit()
        XCTAssertEqual(try leftovers(folder).count, 2)
        TemporaryFiles.removeAll()
        XCTAssertEqual(try Folder.entries(folder.path), ["third"])
        first.abandon()
        assertFails(.notFound) { try second.commit() }
    }

    // MARK: Logs

    func testRowsAreAppendedWholeOrNotAtAll() throws {
        let folder = TemporaryFolder()
        let path = folder.write("log", "one\n")
        try AppendedFile.append(Array("two\n".utf8), to: path)
        XCTAssertEqual(try read(path), "one\ntwo\n")
        assertFails(.notFound, "/gone") { try AppendedFile.append([1], to: folder.file("gone")) }
        assertFails(.noSpace, "/dev/full") { try AppendedFile.append([1], to: "/dev/full") }
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        var small = rlimit(rlim_cur: 10, rlim_max: limit.rlim_max)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &small)
        defer { setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) }
        assertFails(.noSpace, path) { try AppendedFile.append(Array("three\n".utf8), to: path) }
        XCTAssertEqual(try read(path), "one\ntwo\n")
    }

    // MARK: One file by two names

    func testPlacesKnowOneFileByEveryName() throws {
        let folder = TemporaryFolder()
        let path = folder.write("file", "x")
        mkdir(folder.file("inner"), 0o755)
        defer {
            unlink(folder.file("inner/hard"))
            rmdir(folder.file("inner"))
        }
        link(path, folder.file("inner/hard"))
        symlink("file", folder.file("link"))
        symlink(folder.path, folder.file("here"))
        let place = FilePlace(path)
        for other in ["link", "inner/hard", "here/file", "inner/../file", "./file"] {
            XCTAssertTrue(FilePlace(folder.file(other)).isSame(as: place), other)
        }
        let descriptor = open(path, O_WRONLY)
        XCTAssertTrue(FilePlace("/dev/fd/\(descriptor)").isSame(as: place))
        close(descriptor)
        XCTAssertFalse(FilePlace(folder.write("another", "x")).isSame(as: place))
        // Those that are not there yet.
        symlink("later", folder.file("to later"))
        XCTAssertTrue(FilePlace(folder.file("to later")).isSame(as: FilePlace(folder.file("here/later"))))
        XCTAssertFalse(FilePlace(folder.file("later")).isSame(as: FilePlace(folder.file("inner/later"))))
        XCTAssertFalse(FilePlace("/dev/null").isSame(as: FilePlace("/dev/null")))

        XCTAssertTrue(FilePlace.isInside(folder.file("here/inner/new/folder"), folder.path))
        XCTAssertTrue(FilePlace.isInside(folder.path, folder.file("here")))
        XCTAssertFalse(FilePlace.isInside(folder.file("new"), folder.file("inner")))
        XCTAssertFalse(FilePlace.isInside("/", folder.path))
        XCTAssertTrue(place.isIn(folder.path, depth: 1) { name, beginning in name == Array("hard".utf8) && beginning == Array("x".utf8) })
        XCTAssertFalse(place.isIn(folder.path, depth: 0) { name, _ in name == Array("hard".utf8) })
        XCTAssertTrue(place.isIn(folder.file("inner"), depth: 0) { _, _ in true })
        XCTAssertFalse(FilePlace(folder.file("another")).isIn(folder.file("inner"), depth: 0) { _, _ in true })
    }
}
