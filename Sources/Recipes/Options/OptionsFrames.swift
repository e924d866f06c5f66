// The options of the recipe next-frame.

import Networks

extension Option {
    private static let ofNumbers = Condition(option: "memory", value: MemoryKind.lstm.rawValue)

    public static let framesPast = Option(
        "frames.past", .integer(1...256), default: .integer(8), .model, "How many frames next-frame looks at before it says which one follows.")
    public static let framesAhead = Option(
        "frames.ahead", .integer(1...64), default: .integer(2), .model,
        "How many frames next-frame learns to say, each of those before it, its own included; a finished one says any number.")
    public static let framesMotion = Option(
        "frames.motion", .integer(0...16), default: .integer(3), .model,
        "How many pixels away, each way, something in a frame can have been in the one before for next-frame to move it there; what comes from farther is drawn anew, and all with 0.")
    public static let memorySize = Option(
        "memory.size", .integer(1...16384), default: .integer(256), .model, "How many numbers next-frame keeps with memory=lstm.", when: [ofNumbers])
}

extension Choices {
    public static let memory = Choice(
        "memory", default: MemoryKind.convolutional, .model,
        "What next-frame keeps from frame to frame: maps, for frames of any size (convolutional), or numbers, for frames of the size it learnt from (lstm).")
}
