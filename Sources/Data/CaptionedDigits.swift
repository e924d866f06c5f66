// Digits in colours, each with a caption that says which it is, how large and of which colour: to try on it what learns from texts.

import Base

enum CaptionedDigits {
    private static let digits = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    private static let sizes: [(word: String, scale: Double)] = [("small", 0.58), ("big", 1)]
    private static let colours: [(word: String, colour: (Double, Double, Double))] = [
        ("red", (230, 60, 50)), ("green", (70, 190, 80)), ("blue", (70, 110, 240)), ("yellow", (240, 215, 70)), ("white", (245, 245, 245)),
    ]

    /// Digits, sizes and colours are as frequent as each other, in no order.
    static func dataset(count: Int, seed: UInt64) throws(GanError) -> Dataset {
        let area = DrawnDigits.side * DrawnDigits.side
        let shape = try ImageShape(height: DrawnDigits.side, width: DrawnDigits.side, channels: 3)
        let pixels = try AlignedBuffer<UInt8>(
            count: Sizes.product(count, shape.elements, of: "\(count) images of \(shape)"), for: "\(count) images of \(shape)")
        let stroke = try AlignedBuffer<UInt8>(count: area, for: "a digit")
        try Memory.check(room: Sizes.product(count, 2 * MemoryLayout<String>.stride + 48, of: "captions"))
        var texts: [String] = []
        texts.reserveCapacity(count)
        for item in 0..<count {
            var random = CountedRandom(seed, UInt64(item))
            let digit = random.below(digits.count)
            let (size, scale) = sizes[random.below(sizes.count)]
            let (name, colour) = colours[random.below(colours.count)]
            texts.append(caption(digits[digit], size, name, way: random.below(3)))
            stroke.pointer.update(repeating: 0, count: area)
            DrawnDigits.draw(digit, scale: scale, on: stroke.pointer, &random)
            let to = pixels.pointer + item * shape.elements
            for place in 0..<area {
                let light = Double(stroke.pointer[place]) / 255
                to[3 * place] = UInt8(colour.0 * light)
                to[3 * place + 1] = UInt8(colour.1 * light)
                to[3 * place + 2] = UInt8(colour.2 * light)
            }
        }
        return try Dataset(count: count, shape: shape, storage: .bytes(pixels.pointer), range: .bytes, labels: nil, owner: pixels)
            .adding(Column.texts(texts, length: 0, name: Field.text))
    }

    /// As people say it one way and another.
    private static func caption(_ digit: String, _ size: String, _ colour: String, way: Int) -> String {
        switch way {
        case 0: "a \(size) \(colour) \(digit)"
        case 1: "a \(digit), \(size) and \(colour)"
        default: "the digit \(digit) in \(colour), \(size)"
        }
    }
}
