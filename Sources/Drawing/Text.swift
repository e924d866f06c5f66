// Text on a canvas: how wide it is, where its lines break, and the drawing itself.

public enum Text {
    public enum Anchor: Sendable { case left, centre, right }

    /// How wide a line of text is, in pixels, when its capitals are `size` pixels high.
    public static func width(of text: String, size: Double) -> Double {
        var units = 0.0
        for character in text { units += letter(character).width + Letters.gap }
        return max(units - Letters.gap, 0) * size / Letters.capital
    }

    /// Breaks text into lines no wider than `width`, at its spaces and line ends; a word that is too wide by itself is cut.
    public static func lines(of text: String, size: Double, width limit: Double) -> [String] {
        var lines: [String] = []
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var line = ""
            for word in paragraph.split(separator: " ") {
                let longer = line.isEmpty ? String(word) : line + " " + word
                if width(of: longer, size: size) <= limit {
                    line = longer
                    continue
                }
                if !line.isEmpty { lines.append(line) }
                line = ""
                for character in word {
                    if !line.isEmpty, width(of: line + String(character), size: size) > limit {
                        lines.append(line)
                        line = ""
                    }
                    line.append(character)
                }
            }
            lines.append(line)
        }
        return lines
    }

    static func letter(_ character: Character) -> Letters.Letter { Letters.all[character] ?? Letters.unknown }
}

extension Canvas {
    /// Draws a line of text.
    ///
    /// - Parameters:
    ///   - x: where the anchor is, in pixels.
    ///   - y: the line on which the text stands, in pixels from the top.
    ///   - size: the height of a capital, in pixels; from 8 it reads well. Small letters hang down by a third of it.
    ///   - weight: the thickness of the pen as a part of the size.
    ///   - upwards: whether the text runs from bottom to top, as beside an axis; then x is the line on which it stands.
    public func text(
        _ text: String, x: Double, y: Double, size: Double, colour: Colour, anchor: Text.Anchor = .left, weight: Double = 0.13,
        upwards: Bool = false
    ) {
        guard size > 0, size < 1e4 else { return }
        let unit = size / Letters.capital
        let whole = Text.width(of: text, size: size)
        var along = anchor == .left ? 0 : anchor == .centre ? -whole / 2 : -whole
        var strokes: [[Point]] = []
        for character in text {
            let letter = Text.letter(character)
            for stroke in letter.strokes {
                strokes.append(
                    stroke.map { point in
                        let across = along + point.x * unit, up = point.y * unit
                        return upwards ? Point(x - up, y - across) : Point(x + across, y - up)
                    })
            }
            along += (letter.width + Letters.gap) * unit
        }
        self.strokes(strokes, thickness: max(size * weight, 0.9), colour: colour)
    }
}
