import Drawing

/// A frame that says in letters why there is no picture: the only place where a host's user can see it.
struct ErrorFrame {
    private var failure = Failure(sentence: "", brief: "")
    private var canvas: Canvas?

    /// Drawn once for a failure, then copied.
    mutating func draw(_ failure: Failure, to pixels: UnsafeMutablePointer<UInt32>, width: Int, height: Int) {
        if canvas == nil || failure.sentence != self.failure.sentence {
            self.failure = failure
            canvas = ErrorFrame.picture(failure, width, height)
        }
        guard let canvas else { return pixels.update(repeating: Pixel.black, count: width * height) }
        canvas.withPixels { bytes in
            for place in 0..<min(width * height, bytes.count / 3) {
                pixels[place] = Pixel.opaque(Int(bytes[3 * place]), Int(bytes[3 * place + 1]), Int(bytes[3 * place + 2]))
            }
        }
    }

    /// The sentence, where all of it can be read; else the few words, as large as they can be; and in a frame too small for
    /// those, the colour alone, rather than half a sentence.
    private static func picture(_ failure: Failure, _ width: Int, _ height: Int) -> Canvas? {
        guard let canvas = Canvas(width: width, height: height, colour: Colour(34, 20, 24)) else { return nil }
        let frame = (width: Double(width), height: Double(height))
        if let page = Page(failure.sentence, below: true, least: 7, frame) ?? Page(failure.brief, below: false, least: 4.5, frame) {
            page.draw(on: canvas)
        }
        return canvas
    }
}

/// Lines of text that fill a frame as far as they can, under the name of who speaks or without it.
private struct Page {
    private let lines: [String]
    /// The height of a capital.
    private let size: Double
    private let margin: Double
    private let isHeaded: Bool

    /// nil when it cannot be had with letters of the size `least`, in pixels.
    init?(_ text: String, below isHeaded: Bool, least: Double, _ frame: (width: Double, height: Double)) {
        let margin = min(frame.width, frame.height) / 16
        let room = (width: frame.width - 2 * margin, height: frame.height - 2 * margin)
        var size = max(least, min(frame.height / 14, frame.width / 24))
        // A few words may be larger than a sentence.
        if !isHeaded { size = max(size, 12) }
        while true {
            let lines = Text.lines(of: text, size: size, width: room.width)
            // The last line has what hangs below it, a third of a capital.
            let height = (Double(lines.count - 1) * Page.step + 1.4 + (isHeaded ? Page.heading : 0)) * size
            // A sentence may cut a word that is wider than the frame, such as a path; of a few words each stays whole.
            let isWhole = isHeaded || text.split(separator: " ").allSatisfy { Text.width(of: String($0), size: size) <= room.width }
            if isWhole && height <= room.height {
                (self.lines, self.size, self.margin, self.isHeaded) = (lines, size, margin, isHeaded)
                return
            }
            if size <= least { return nil }
            size = max(least, size * 0.9)
        }
    }

    /// From line to line, and from the heading to the first, in capitals.
    private static let step = 2.0
    private static let heading = 3.2

    func draw(on canvas: Canvas) {
        var line = margin + size
        if isHeaded {
            canvas.text("libgan", x: margin, y: line, size: size, colour: Colour(255, 120, 100), weight: 0.18)
            line += Page.heading * size
        }
        for text in lines {
            canvas.text(text, x: margin, y: line, size: size, colour: .white)
            line += Page.step * size
        }
    }
}
