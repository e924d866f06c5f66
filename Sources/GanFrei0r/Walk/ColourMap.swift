import Frei0rPlugin

/// How a grey image becomes coloured.
enum ColourMap: Int, CaseIterable {
    case grey, inverted, fire, ocean, viridis

    /// Red, green and blue at even distances from black to white.
    private var stops: [(Int, Int, Int)] {
        switch self {
        case .grey: [(0, 0, 0), (255, 255, 255)]
        case .inverted: [(255, 255, 255), (0, 0, 0)]
        case .fire: [(0, 0, 0), (122, 14, 22), (228, 80, 12), (255, 188, 60), (255, 255, 236)]
        case .ocean: [(3, 5, 30), (10, 52, 112), (18, 128, 160), (120, 208, 190), (250, 255, 240)]
        // Smith and van der Walt, "A better default colormap for Matplotlib" (2015), at five places.
        case .viridis: [(68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37)]
        }
    }

    /// The pixel of each of the 256 values.
    func write(to pixels: UnsafeMutablePointer<UInt32>) {
        let stops = stops
        let pieces = stops.count - 1
        for value in 0..<256 {
            let place = min(value * pieces / 255, pieces - 1)
            let (from, to) = (stops[place], stops[place + 1])
            // 255 · pieces steps in all, of which `part` of 255 lie behind `from`.
            let part = value * pieces - place * 255
            func mixed(_ a: Int, _ b: Int) -> Int { (a * (255 - part) + b * part + 127) / 255 }
            pixels[value] = Pixel.opaque(mixed(from.0, to.0), mixed(from.1, to.1), mixed(from.2, to.2))
        }
    }
}
