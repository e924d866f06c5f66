import Base

/// The values that mean black and white, and the check that data keep to them.
///
/// A network sees data scaled so that `minimum` becomes the low end of its range and `maximum` the high end. A value
/// outside, or one that is no number, would be learnt without complaint and spoil the training, so it is found before.
public struct ValueRange: Sendable, Hashable {
    public let minimum: Float
    public let maximum: Float

    static let bytes = ValueRange(known: 0, 255)
    static let unit = ValueRange(known: 0, 1)
    /// What a callback may deliver: rounding in the host's own scaling is forgiven; another range, such as 0 … 255 or
    /// −1 … 1, is not.
    static let tolerantUnit = ValueRange(known: -0.01, 1.01)

    /// Of limits that are a literal's.
    init(known minimum: Float, _ maximum: Float) {
        self.minimum = minimum
        self.maximum = maximum
    }

    /// - Parameter names: what the caller knows the two as, for the sentence.
    init(minimum: Float, maximum: Float, names: (String, String)) throws(GanError) {
        // Beyond these the scale or the offset would not be a finite Float with sense in it.
        guard abs(minimum) <= 1e30, abs(maximum) <= 1e30 else {
            throw GanError(
                .outOfRange,
                "\(names.0) is \(Text.format(minimum)) and \(names.1) \(Text.format(maximum)); both have to lie within −1e30 … 1e30.")
        }
        guard maximum - minimum >= 1e-30 else {
            throw GanError(
                .outOfRange,
                "\(names.0) is \(Text.format(minimum)) and \(names.1) \(Text.format(maximum)); the maximum has to be greater.")
        }
        self.minimum = minimum
        self.maximum = maximum
    }

    static let optionNames = ("The option data.minimum", "the option data.maximum")

    /// `value · scale + offset` is `low` for the minimum and `high` for the maximum.
    public func affine(low: Float, high: Float) -> (scale: Float, offset: Float) {
        let scale = (Double(high) - Double(low)) / (Double(maximum) - Double(minimum))
        return (Float(scale), Float(Double(low) - Double(minimum) * scale))
    }

    /// The index of the first value that is not within the range; NaN never is.
    func firstOutside(_ values: UnsafePointer<Float>, _ count: Int) -> Int? {
        let (low, high) = (minimum, maximum)
        let block = 4096
        var start = 0
        while start < count {
            let end = min(start + block, count)
            // Counted without leaving the loop, so that it becomes vector code.
            var outside: Int32 = 0
            for i in start..<end { outside |= values[i] >= low && values[i] <= high ? 0 : 1 }
            if outside != 0 { return (start..<end).first { !(values[$0] >= low && values[$0] <= high) } }
            start = end
        }
        return nil
    }

    func firstOutside(_ values: UnsafePointer<UInt8>, _ count: Int) -> Int? {
        if minimum <= 0 && maximum >= 255 { return nil }
        var allowed = [Bool](repeating: false, count: 256)
        for byte in 0..<256 { allowed[byte] = Float(byte) >= minimum && Float(byte) <= maximum }
        for i in 0..<count where !allowed[Int(values[i])] { return i }
        return nil
    }

    /// From the smallest to the largest finite number; a width of its own where all are the same.
    init(spanning values: UnsafePointer<Float>, _ count: Int, names: (String, String)) throws(GanError) {
        var (smallest, largest) = (Float.infinity, -Float.infinity)
        for i in 0..<count where values[i].isFinite {
            smallest = min(smallest, values[i])
            largest = max(largest, values[i])
        }
        if smallest > largest { (smallest, largest) = (0, 1) }
        if smallest == largest { largest = smallest.nextUp + max(1, abs(smallest)) }
        try self.init(minimum: smallest, maximum: largest, names: names)
    }

    /// A range that was written down.
    public init?(minimum: Float, maximum: Float) {
        guard let range = try? ValueRange(minimum: minimum, maximum: maximum, names: ("", "")) else { return nil }
        self = range
    }

    /// The sentence for the value at `index` of the data that `what` names.
    func violation(_ value: Float, at index: Int, shape: ImageShape, of what: String, advice: String) -> GanError {
        let place = "Element \(index % shape.elements) of item \(index / shape.elements) of \(what) is \(Text.format(value))"
        guard value.isFinite else { return GanError(.badData, "\(place); every value has to be a finite number.") }
        return GanError(.badData, "\(place), outside \(Text.format(minimum)) … \(Text.format(maximum)); \(advice).")
    }

    static let optionAdvice = "set data.minimum and data.maximum to the values that mean black and white"
}
