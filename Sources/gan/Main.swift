// The command `gan`: where it begins, and where every failure becomes a sentence and an exit code.
import ArgumentParser
import CGan
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

@main
enum Main {
    static func main() {
        Output.reserveStandardStreams()
        signal(SIGPIPE, SIG_IGN)  // a write then fails with EPIPE, and we end in our own way
        signal(SIGXFSZ, SIG_IGN)  // so does one beyond the limit for a file's size, with EFBIG
        Interruption.tidyUpOnSignals()
        do {
            try run(try arguments())
        } catch is ClosedPipe {
            // As any filter ends whose reader has gone.
            signal(SIGPIPE, SIG_DFL)
            raise(SIGPIPE)
        } catch is Interrupted {
            exit(Exit.interrupted)
        } catch is OtherData {
            exit(Exit.otherData)
        } catch let failure as Failure {
            Output.note("gan: " + failure.message, isLines: failure.isLines)
            if !failure.command.isEmpty { Output.note(command: failure.command) }
            exit(failure.code)
        } catch {
            Output.note("gan: \(error)")
            exit(Exit.internalError)
        }
    }

    private static func run(_ arguments: [String]) throws {
        do {
            if arguments.first == "__complete" { return try Output.write(Completion.lines(for: Array(arguments.dropFirst()))) }
            if let script = try completionScript(arguments) { return try Output.write(script) }
            var command = try Gan.parseAsRoot(try Flags.expanded(arguments))
            try command.run()
        } catch let error where error is Failure || error is ClosedPipe || error is Interrupted || error is OtherData {
            throw error
        } catch {
            // Help, the version and completion scripts arrive here too, as errors that mean success.
            let text = Gan.fullMessage(for: error, columns: Terminal.columns)
            if Gan.exitCode(for: error).isSuccess { return try Output.line(text) }
            throw Failure(Exit.usage, Explanations.explained(text, arguments: arguments), isLines: true)
        }
    }

    /// For `--generate-completion-script SHELL`: ours, where the parser has one of its own that knows none of the library's options.
    private static func completionScript(_ arguments: [String]) throws -> String? {
        let flag = "--generate-completion-script"
        guard let first = arguments.first, first == flag || first.hasPrefix(flag + "=") else { return nil }
        let shell = first == flag ? arguments.dropFirst().first ?? "" : String(first.dropFirst(flag.count + 1))
        guard let script = CompletionScripts.all[shell] else {
            throw Failure(Exit.usage, "'\(flag)' takes bash, zsh or fish, and got '\(shell)'.")
        }
        return script
    }

    /// The arguments as text. Their bytes must be UTF-8, or a name would silently become another.
    private static func arguments() throws -> [String] {
        try (1..<max(Int(CommandLine.argc), 1)).compactMap { index in
            guard let bytes = CommandLine.unsafeArgv[index] else { return nil }
            guard let text = String(validatingCString: bytes) else {
                // The parser takes text alone; a link is followed byte for byte.
                throw Failure(
                    Exit.usage,
                    "Argument \(index), '\(Printable.bytes(bytes))', is not UTF-8, as arguments of gan are in every locale. A symbolic link to that file, of a name in "
                        + "UTF-8, serves instead, and so does a folder that holds it.")
            }
            return text
        }
    }
}

struct Gan: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gan",
        abstract: "Trains generative adversarial networks on images, draws from them, and applies them.",
        discussion: """
            gan train photos/ --epochs 20 --out photos.safetensors --samples progress/
            gan sample photos.safetensors --count 64 --png grid.png
            gan apply enlarge.safetensors small.png large.png

            Exit codes: \(Exit.meanings.map { "\($0.code) \($0.meaning)" }.joined(separator: "; ")).
            """,
        version: "gan \(Library.version)",
        subcommands: [Train.self, Resume.self, Sample.self, Apply.self, Evaluate.self, Inspect.self, Recipes.self, MadeData.self, Options.self, Bench.self])
}
