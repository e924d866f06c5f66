// gan.h for Swift: handles that destroy themselves, and texts.
import CGan

/// A handle of the library, destroyed with this object.
final class Handle {
    let pointer: OpaquePointer
    private let destroy: (OpaquePointer?) -> Void

    /// Makes a handle by a function that writes it to its last argument.
    init(
        _ purpose: Purpose = .setting, destroy: @escaping (OpaquePointer?) -> Void,
        _ create: (UnsafeMutablePointer<OpaquePointer?>) -> Int32
    ) throws {
        var made: OpaquePointer?
        try check(create(&made), purpose)
        guard let made else { throw Failure(Exit.internalError, "The library gave no handle and no error.") }
        pointer = made
        self.destroy = destroy
    }

    deinit { destroy(pointer) }
}

enum Library {
    static var version: String { String(cString: gan_version_string()) }
    static var instructionSet: String { String(cString: gan_instruction_set()) }

    static func options() throws -> Handle { try Handle(destroy: gan_options_destroy) { gan_options_create($0) } }

    /// A text by a function with buffer, capacity and size, as many of the library's.
    static func text(_ read: (UnsafeMutablePointer<CChar>?, Int, UnsafeMutablePointer<Int>) -> Int32) throws -> String {
        var size = 0
        try check(read(nil, 0, &size))
        var bytes = [CChar](repeating: 0, count: max(size, 1))
        try check(read(&bytes, bytes.count, &size))
        return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func metric(_ trainer: Handle, _ name: String) throws -> Double {
        var value = 0.0
        try check(gan_trainer_metric(trainer.pointer, name, &value))
        return value
    }

    /// The names of a trainer's metrics.
    static func metrics(_ trainer: Handle) throws -> [String] {
        var count: Int32 = 0
        try check(gan_trainer_metric_count(trainer.pointer, &count))
        return try (0..<count).map { index in try text { gan_trainer_metric_name(trainer.pointer, index, $0, $1, $2) } }
    }

    static func fieldCount(_ dataset: Handle) throws -> Int32 {
        var count: Int32 = 0
        try check(gan_dataset_field_count(dataset.pointer, &count))
        return count
    }

    static func option(_ trainer: Handle, _ name: String) throws -> String {
        try text { gan_trainer_option(trainer.pointer, name, $0, $1, $2) }
    }

    static func generator(_ path: String, isQuiet: Bool = false) throws -> Handle {
        try Patience.reading(path, isQuiet: isQuiet) { try Handle(.input, destroy: gan_generator_destroy) { gan_generator_load(path, $0) } }
    }

    static func sampler(_ generator: Handle, _ options: Handle? = nil) throws -> Handle {
        try Handle(destroy: gan_sampler_destroy) { gan_sampler_create(generator.pointer, options?.pointer, $0) }
    }

    /// Sets an option from "NAME=VALUE".
    static func set(_ options: Handle, _ setting: String) throws {
        let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw Failure(Exit.usage, "'--set' takes NAME=VALUE, such as batch-size=64, and got '\(setting)'. 'gan options' lists the names.")
        }
        try check(gan_options_set(options.pointer, String(parts[0]), String(parts[1])))
    }
}

/// A line of the library's option table.
struct OptionRow {
    let name, type, standard, range, summary: String
    /// "network=mlp": when it has a meaning; empty for always.
    let condition: String

    static let all: [OptionRow] = (0..<gan_option_count()).map { index in
        func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
        return OptionRow(
            name: text(gan_option_name(index)), type: text(gan_option_type(index)), standard: text(gan_option_default(index)),
            range: text(gan_option_range(index)), summary: text(gan_option_summary(index)), condition: text(gan_option_condition(index)))
    }

    /// Any of which is enough; none for always.
    var conditions: [String] { condition.split(separator: "|").map(String.init) }

    /// Whether it has a meaning where the others have these values.
    func counts(_ value: (_ name: String) throws -> String) rethrows -> Bool {
        if conditions.isEmpty { return true }
        return try conditions.contains { condition in
            let parts = condition.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { return true }
            return try value(parts[0]) == parts[1]
        }
    }

    /// The sentence of one option, for the help of the flag of that name.
    static func summary(of name: String) -> String { all.first { $0.name == name }?.summary ?? "" }
}
