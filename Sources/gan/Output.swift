// Standard output and standard error. Every write is checked, so that a full disk is not taken for success, and a reader
// that has gone ends the program quietly.
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

enum Output {
    static func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            let written = system(STDOUT_FILENO, rest.baseAddress, rest.count)
            if written >= 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            } else if errno == EPIPE {
                throw ClosedPipe()
            } else if errno == EAGAIN {
                var waiting = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                _ = poll(&waiting, 1, -1)
            } else if errno != EINTR {
                throw Failure(Exit.inputOutput, "Standard output could not be written: \(systemError()).")
            }
        }
    }

    /// Throws where the reader of a pipe has gone.
    static func checkReader() throws {
        var pipe = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
        if poll(&pipe, 1, 0) > 0, pipe.revents & Int16(POLLERR) != 0 { throw ClosedPipe() }
    }

    /// Puts something that cannot be written in the place of a standard stream that is closed. Else the first file that is opened
    /// gets its number, and our lines.
    static func reserveStandardStreams() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
            // The other way round, so that reading fails as before, and writing too. The lowest free number is this one.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

    /// The system call, whose name our own functions share.
    private static func system(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
        return Glibc.write(descriptor, bytes, count)
        #else
        return Darwin.write(descriptor, bytes, count)
        #endif
    }

    /// Lines for people.
    static func write(_ text: String) throws {
        var text = Terminal.shown(Printable.text(text, keepingLines: true))
        try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
    }

    static func line(_ text: String = "") throws { try write(text + "\n") }

    /// A line for programs: its text is not ours to change, whatever the locale.
    static func line(json text: String) throws {
        var text = text + "\n"
        try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
    }

    /// For people, on standard error: on a terminal broken between words. That it may be closed is no reason to stop.
    /// - Parameter isLines: whether line feeds in it are our own, and no name's.
    static func note(_ text: String, isLines: Bool = false) {
        let text = Terminal.shown(Printable.text(text, keepingLines: isLines))
        guard let columns = Terminal.columnsOfErrors else { return plainNote(text) }
        plainNote(text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let indent = line.prefix { $0 == " " }.count
            return line.count <= columns ? String(line) : Format.wrapped(String(line), columns, indent: indent)
        }.joined(separator: "\n"))
    }

    /// A command to be copied, with names as they are in every locale: one line where it is not for a terminal; there it is broken as a shell reads it back.
    static func note(command words: [String]) {
        let quoted = words.map(Format.quoted)
        let lines = Terminal.columnsOfErrors.map { Format.command(quoted, $0, indent: 4) } ?? "    " + quoted.joined(separator: " ")
        plainNote(lines)
    }

    private static func plainNote(_ text: String) {
        var text = text + "\n"
        text.withUTF8 { _ = system(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

/// The sentence of the last system call's failure.
func systemError(_ number: Int32 = errno) -> String { String(cString: strerror(number)) }
