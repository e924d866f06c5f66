// What can go wrong, and the exit code for each kind, after BSD's sysexits.h: a script can tell a slip of the pen from a full
// disk. The man page and `gan --help` list them, and a test compares.
import CGan

struct Failure: Error {
    let code: Int32
    let message: String
    /// What does what was probably meant, to be copied.
    let command: [String]
    /// Whether the message is several lines, and not one sentence or two with names in it.
    let isLines: Bool

    init(_ code: Int32, _ message: String, command: [String] = [], isLines: Bool = false) {
        self.code = code
        self.message = message
        self.command = command
        self.isLines = isLines
    }

    /// Whether an input is to blame, where others may be better.
    var isOfInput: Bool { code == Exit.badData || code == Exit.noInput }
}

/// Whoever read our output has closed it: there is nobody left to tell.
struct ClosedPipe: Error {}

/// A training went on with other images than before: everything was made and said, and the exit code tells once more.
struct OtherData: Error {}

/// Ctrl-C, after everything was saved and said.
struct Interrupted: Error {}

enum Exit {
    static let diverged: Int32 = 1
    static let otherData: Int32 = 3
    static let usage: Int32 = 64
    static let badData: Int32 = 65
    static let noInput: Int32 = 66
    static let internalError: Int32 = 70
    static let system: Int32 = 71
    static let cannotCreate: Int32 = 73
    static let inputOutput: Int32 = 74
    static let stopped: Int32 = 75
    static let interrupted: Int32 = 130

    /// For the help. The man page says the same at more length.
    static let meanings: [(code: Int32, meaning: String)] = [
        (0, "success"),
        (diverged, "the training diverged"),
        (otherData, "resumed on other images than before"),
        (usage, "a wrong argument, option or value"),
        (badData, "a file that is broken or of another kind, data that do not fit"),
        (noInput, "an input that is missing or may not be read"),
        (internalError, "a defect of gan"),
        (system, "memory ran out"),
        (cannotCreate, "an output that cannot be created"),
        (inputOutput, "reading or writing failed, the disk is full"),
        (stopped, "stopped by a second Ctrl-C, without saving"),
        (interrupted, "interrupted by Ctrl-C, with a checkpoint saved"),
        (141, "the reader of the output has gone"),
    ]
}

/// What a call of the library was about, for the files that it could not open.
enum Purpose {
    case input, output, setting
}

/// Throws the library's own sentence when a call failed.
func check(_ status: Int32, _ purpose: Purpose = .setting) throws {
    if status == GAN_OK { return }
    let message = Wording.translated(String(cString: gan_error_message()))
    let code: Int32
    switch status {
    case GAN_E_INVALID_ARGUMENT, GAN_E_UNKNOWN_NAME, GAN_E_OUT_OF_RANGE: code = Exit.usage
    case GAN_E_NOT_FOUND, GAN_E_ACCESS: code = purpose == .output ? Exit.cannotCreate : Exit.noInput
    case GAN_E_IO, GAN_E_NO_SPACE: code = Exit.inputOutput
    case GAN_E_BAD_FORMAT, GAN_E_TRUNCATED, GAN_E_CHECKSUM, GAN_E_NEWER_VERSION, GAN_E_MISMATCH, GAN_E_BAD_DATA: code = Exit.badData
    case GAN_E_OUT_OF_MEMORY: code = Exit.system
    case GAN_E_DIVERGED: code = Exit.diverged
    default: code = Exit.internalError
    }
    throw Failure(code, message)
}

/// The library speaks to programmers: where its sentences name a function of gan.h, the command says what it has instead. (A
/// test looks through the library for names that are missing here.)
enum Wording {
    private static let instead = [
        ("gan_option_name lists all names.", "'gan options' lists all names."),
        ("gan_measure_name lists all names.", "'gan evaluate --list' lists all names."),
        (": gan_classifier_load takes its checkpoint, and gan_trainer_classifier the training.", ": 'gan evaluate … --classifier FILE' judges by it."),
        (": gan_applier_predict uses it.", ": 'gan apply MODEL FRAMES OUT --frames N' uses it on a folder of frames."),
        (", and says no frames: gan_applier_apply uses it, and the recipe next-frame trains one that does.", ", and says no frames: '--frames' goes with the recipe next-frame."),
        ("has no classifier; gan_trainer_generator takes its generator.", "has no classifier."),
        ("gan_sampler_write_npy takes any number.", "'--npy' and '--raw' take any number."),
    ]

    static func translated(_ message: String) -> String {
        var message = message
        for (theirs, ours) in instead where message.hasSuffix(theirs) { message = message.dropLast(theirs.count) + ours }
        return message
    }
}
