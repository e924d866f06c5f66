import Drawing

/// A frame that says in letters why there is no picture: the only place where a host's user can see it.
struct ErrorFrame {
    private var sentence = ""
    private var canvas: Canvas?

    /// Drawn once for a sentence, then copied.
    mutating func draw(_ sentence: String, to pixels: UnsafeMutablePointer<UInt32>, width: Int, height: Int) {
        if canvas == nil || sentence != self.sentence {
            self.sentence = sentence
            canvas = ErrorFrame.picture(sentence, width, height)
        }
        guard let canvas else { return pixels.update(repeating: Pixel.black, count: width * height) }
        canvas.withPixels { bytes in
            for place in 0..<min(width * height, bytes.count / 3) {
                pixels[place] = Pixel.opaque(Int(bytes[3 * place]), Int(bytes[3 * place + 1]), Int(bytes[3 * place + 2]))
            }
        }
    }

    private static func picture(_ sentence: String, _ width: Int, _ height: Int) -> Canvas? {
        guard let canvas = Canvas(width: width, height: height, colour: Colour(34, 20, 24)) else { return nil }
        let margin = Double(min(width, height)) / 16
        let room = Double(width) - 2 * margin
        // The largest letters with which all of it fits; below eight pixels nothing could be read, and the end is lost.
        var size = max(8, min(Double(height) / 14, Double(width) / 24))
        var lines = Text.lines(of: sentence, size: size, width: room)
        while size > 8 && (Double(lines.count) + 1.6) * 2 * size > Double(height) - 2 * margin {
            size = max(8, size * 0.9)
            lines = Text.lines(of: sentence, size: size, width: room)
        }
        let step = 2 * size
        var line = margin + size
        canvas.text("libgan", x: margin, y: line, size: size, colour: Colour(255, 120, 100), weight: 0.18)
        line += 1.6 * step
        for text in lines {
            canvas.text(text, x: margin, y: line, size: size, colour: .white)
            line += step
        }
        return canvas
    }
}
