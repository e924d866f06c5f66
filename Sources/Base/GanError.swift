/// A status code of the C contract. The numbers are pinned for ever; `include/gan.h` documents each one.
public struct Status: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }

    public static let ok = Status(rawValue: 0)

    // The caller's arguments.
    public static let invalidArgument = Status(rawValue: -10)
    public static let invalidHandle = Status(rawValue: -11)
    public static let bufferTooSmall = Status(rawValue: -12)
    public static let unknownName = Status(rawValue: -13)
    public static let outOfRange = Status(rawValue: -14)
    public static let busy = Status(rawValue: -15)

    // The machine.
    public static let outOfMemory = Status(rawValue: -20)

    // The file system.
    public static let notFound = Status(rawValue: -30)
    public static let accessDenied = Status(rawValue: -31)
    public static let inputOutput = Status(rawValue: -32)
    public static let noSpace = Status(rawValue: -33)

    // What a file or a buffer holds.
    public static let badFormat = Status(rawValue: -40)
    public static let truncated = Status(rawValue: -41)
    public static let checksum = Status(rawValue: -42)
    public static let newerVersion = Status(rawValue: -43)
    public static let mismatch = Status(rawValue: -44)
    public static let badData = Status(rawValue: -45)

    // The course of a training.
    public static let cancelled = Status(rawValue: -50)
    public static let diverged = Status(rawValue: -51)
    public static let callbackFailed = Status(rawValue: -52)

    // A defect of the library itself.
    public static let internalError = Status(rawValue: -90)
}

/// Every failure below the C boundary: a status and a sentence that says what was wrong, what was expected and,
/// where it helps, what to do.
public struct GanError: Error, CustomStringConvertible, Sendable {
    public let status: Status
    public let message: String

    public init(_ status: Status, _ message: String) {
        self.status = status
        self.message = message
    }

    public var description: String { message }
}
