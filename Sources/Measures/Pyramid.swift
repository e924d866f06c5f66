// A level of a Laplacian pyramid (Burt & Adelson, "The Laplacian pyramid as a compact image code", 1983): what a picture has that its
// next smaller version has not; of the smallest level, whose next would be below 16 pixels, all of it.

import Base

struct Pyramid {
    /// Of the level.
    let height: Int
    let width: Int
    private let channels: Int
    private let sizes: [(height: Int, width: Int)]
    private let isLast: Bool
    /// How many floats of scratch memory `band` takes.
    let room: Int

    init(_ shape: (height: Int, width: Int, channels: Int), level: Int) throws(GanError) {
        var sizes = [(height: shape.height, width: shape.width)]
        for _ in 0...level {
            let last = sizes[sizes.count - 1]
            sizes.append(((last.height + 1) / 2, (last.width + 1) / 2))
        }
        (height, width, channels) = (sizes[level].height, sizes[level].width, shape.channels)
        isLast = min(sizes[level + 1].height, sizes[level + 1].width) < 16
        self.sizes = sizes
        room = try Sizes.product(4, shape.height + 1, shape.width + 1, shape.channels, of: "a pyramid")
    }

    /// The level's band of a picture [height, width, channels], somewhere in `room`.
    func band(_ picture: UnsafePointer<Float>, room: UnsafeMutablePointer<Float>) -> UnsafePointer<Float> {
        let all = self.room / 4
        var (current, next) = (room, room + all)
        let (scratch, larger) = (room + 2 * all, room + 3 * all)
        current.update(from: picture, count: sizes[0].height * sizes[0].width * channels)
        for level in 0..<sizes.count - 2 {
            down(current, sizes[level], to: next, sizes[level + 1], scratch)
            (current, next) = (next, current)
        }
        if isLast { return UnsafePointer(current) }
        down(current, (height, width), to: next, sizes[sizes.count - 1], scratch)
        up(next, sizes[sizes.count - 1], to: larger, (height, width), scratch)
        for i in 0..<height * width * channels { current[i] -= larger[i] }
        return UnsafePointer(current)
    }

    /// The place, mirrored where it is beyond the ends.
    @inline(__always)
    private func mirrored(_ place: Int, _ count: Int) -> Int {
        if count == 1 { return 0 }
        let place = abs(place)
        return place < count ? place : max(0, 2 * (count - 1) - place)
    }

    @inline(__always)
    private func weight(_ tap: Int) -> Float { tap == 2 ? 6 / 16 : tap == 1 || tap == 3 ? 4 / 16 : 1 / 16 }

    /// Blurred, and every other pixel of it.
    private func down(
        _ from: UnsafePointer<Float>, _ size: (height: Int, width: Int), to: UnsafeMutablePointer<Float>, _ half: (height: Int, width: Int),
        _ scratch: UnsafeMutablePointer<Float>
    ) {
        for y in 0..<size.height {
            for x in 0..<half.width {
                for c in 0..<channels {
                    var sum: Float = 0
                    for tap in 0..<5 { sum += weight(tap) * from[(y * size.width + mirrored(2 * x + tap - 2, size.width)) * channels + c] }
                    scratch[(y * half.width + x) * channels + c] = sum
                }
            }
        }
        for y in 0..<half.height {
            for i in 0..<half.width * channels {
                var sum: Float = 0
                for tap in 0..<5 { sum += weight(tap) * scratch[mirrored(2 * y + tap - 2, size.height) * half.width * channels + i] }
                to[y * half.width * channels + i] = sum
            }
        }
    }

    /// With zeros between the pixels, blurred, four times as bright.
    private func up(
        _ from: UnsafePointer<Float>, _ half: (height: Int, width: Int), to: UnsafeMutablePointer<Float>, _ size: (height: Int, width: Int),
        _ scratch: UnsafeMutablePointer<Float>
    ) {
        for y in 0..<half.height {
            for x in 0..<size.width {
                for c in 0..<channels {
                    var sum: Float = 0
                    for tap in 0..<5 {
                        let place = mirrored(x + tap - 2, size.width)
                        if place % 2 == 0 { sum += 2 * weight(tap) * from[(y * half.width + place / 2) * channels + c] }
                    }
                    scratch[(y * size.width + x) * channels + c] = sum
                }
            }
        }
        for y in 0..<size.height {
            for i in 0..<size.width * channels {
                var sum: Float = 0
                for tap in 0..<5 {
                    let place = mirrored(y + tap - 2, size.height)
                    if place % 2 == 0 { sum += 2 * weight(tap) * scratch[place / 2 * size.width * channels + i] }
                }
                to[y * size.width * channels + i] = sum
            }
        }
    }
}
