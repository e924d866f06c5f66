// The sliced Wasserstein distance of patches (Karras et al. 1710.10196, section 5): 7×7 patches of each level of a Laplacian pyramid,
// from the pictures' size down to 16, normalised channel by channel, and compared along random directions, where the distance of two
// sets is that of their sorted projections.

import Base
import Kernels

enum SlicedWasserstein {
    static let measure = Measure(
        "sliced-wasserstein", "The sliced Wasserstein distance of 7×7 patches, over the levels of a Laplacian pyramid, times 1000.",
        paper: "Karras et al., Progressive growing of GANs for improved quality, stability, and variation, 2018, arxiv.org/abs/1710.10196",
        range: "0 or more", goal: .lower, needs: .pictures, minimum: 16,
        samples: "too large with few samples: compare values of equal numbers only")

    private static let side = 7
    private static let directions = 128
    /// Patches of each level; no more than 128 of a picture.
    private static let patches = 1 << 15
    private static let smallestLevel = 16

    /// - Parameters:
    ///   - samples: Pictures [height, width, channels], as many as of the data are looked at.
    ///   - data: Pictures of the same shape.
    static func between(_ samples: Features, _ data: Features, shape: (height: Int, width: Int, channels: Int), _ team: Team) throws(GanError) -> Double {
        guard min(shape.height, shape.width) >= side else {
            throw GanError(
                .mismatch, "The measure 'sliced-wasserstein' looks at patches of 7×7 pixels, and the pictures are \(shape.height)×\(shape.width).")
        }
        let images = min(samples.count, data.count)
        let each = max(1, min(128, patches / images))
        var (sum, levels) = (0.0, 0)
        var (height, width) = (shape.height, shape.width)
        repeat {
            let a = try Patches(samples, shape, images: images, each: each, level: levels, team)
            let b = try Patches(data, shape, images: images, each: each, level: levels, team)
            sum += try distance(a, b, level: levels, team)
            levels += 1
            (height, width) = ((height + 1) / 2, (width + 1) / 2)
        } while min(height, width) >= smallestLevel
        return sum / Double(levels) * 1000
    }

    private static func distance(_ a: Patches, _ b: Patches, level: Int, _ team: Team) throws(GanError) -> Double {
        let (count, width) = (a.count, a.width)
        let normals = try AlignedBuffer<Float>(count: directions * width, for: "directions")
        var arguments = RandomArguments(
            distribution: .normal, seed: 0, stream: UInt32(2 * level), firstRow: 0, rows: directions, columns: width, y: normals.pointer)
        KernelTable.selected.random(&arguments, 0, 1)
        defer { withExtendedLifetime(normals) {} }
        let scratch = try AlignedBuffer<UInt32>(count: Sizes.product(team.size, 3, count, of: "projections"), for: "projections")
        let distances = try AlignedBuffer<Double>(count: directions, for: "distances")
        let tables = try AlignedBuffer<Int>(count: team.size * RadixSort.tableSize, for: "counts")
        team.each(directions) { index, part in
            let direction = normals.pointer + index * width
            var squares: Float = 0
            for i in 0..<width { squares += direction[i] * direction[i] }
            let scale = squares > 0 ? 1 / squares.squareRoot() : 0
            let place = scratch.pointer + part * 3 * count
            let table = tables.pointer + part * RadixSort.tableSize
            for (set, keys) in [(a, place), (b, place + count)] {
                for row in 0..<count {
                    let value = dot(set.values.pointer + row * width, direction, width) * scale
                    keys[row] = RadixSort.key(value)
                }
                RadixSort.sort(keys, scratch: place + 2 * count, count, table)
            }
            var sum = 0.0
            for row in 0..<count { sum += abs(Double(RadixSort.value(place[row])) - Double(RadixSort.value(place[count + row]))) }
            distances.pointer[index] = sum / Double(count)
        }
        return distances.buffer.reduce(0, +) / Double(directions)
    }

    @inline(__always)
    private static func dot(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ count: Int) -> Float {
        var sums = SIMD16<Float>()
        let whole = count / 16 * 16
        var i = 0
        while i < whole {
            sums += UnsafeRawPointer(x + i).loadUnaligned(as: SIMD16<Float>.self) * UnsafeRawPointer(y + i).loadUnaligned(as: SIMD16<Float>.self)
            i += 16
        }
        var sum = sums.sum()
        while i < count {
            sum += x[i] * y[i]
            i += 1
        }
        return sum
    }

    /// Patches [count, channels × 7 × 7] of a level, each channel with mean 0 and deviation 1.
    private struct Patches {
        let count: Int
        let width: Int
        let values: AlignedBuffer<Float>

        init(
            _ pictures: Features, _ shape: (height: Int, width: Int, channels: Int), images: Int, each: Int, level: Int, _ team: Team
        ) throws(GanError) {
            let area = side * side
            let channels = shape.channels
            let (count, width) = (images * each, area * channels)
            (self.count, self.width) = (count, width)
            let values = try AlignedBuffer<Float>(count: Sizes.product(count, width, of: "patches"), for: "patches of pictures")
            self.values = values
            let pyramid = try Pyramid(shape, level: level)
            let rooms = try AlignedBuffer<Float>(count: Sizes.product(team.size, pyramid.room, of: "a pyramid"), for: "a pyramid of pictures")
            // Both sets look at the same places.
            let places = try AlignedBuffer<Float>(count: 2 * count, for: "places of patches")
            var arguments = RandomArguments(
                distribution: .uniform, seed: 0, stream: UInt32(2 * level + 1), firstRow: 0, rows: count, columns: 2, y: places.pointer)
            KernelTable.selected.random(&arguments, 0, 1)
            defer { withExtendedLifetime((places, rooms)) {} }
            let sums = try AlignedBuffer<Double>(count: Sizes.product(images, 2, channels, of: "sums"), for: "sums of patches")
            team.each(images) { image, part in
                let band = pyramid.band(pictures.row(image), room: rooms.pointer + part * pyramid.room)
                let (height, width) = (pyramid.height, pyramid.width)
                let sum = sums.pointer + image * 2 * channels
                for index in 0..<each {
                    let number = image * each + index
                    let top = min(Int(places.pointer[2 * number] * Float(height - side + 1)), height - side)
                    let left = min(Int(places.pointer[2 * number + 1] * Float(width - side + 1)), width - side)
                    let patch = values.pointer + number * area * channels
                    for channel in 0..<channels {
                        for y in 0..<side {
                            for x in 0..<side {
                                let value = band[((top + y) * width + left + x) * channels + channel]
                                patch[channel * area + y * side + x] = value
                                sum[channel] += Double(value)
                                sum[channels + channel] += Double(value) * Double(value)
                            }
                        }
                    }
                }
            }
            let numbers = Double(count * area)
            let scales = try AlignedBuffer<Float>(count: 2 * channels, for: "scales of patches")
            for channel in 0..<channels {
                var (sum, squares) = (0.0, 0.0)
                for image in 0..<images {
                    sum += sums.pointer[image * 2 * channels + channel]
                    squares += sums.pointer[(image * 2 + 1) * channels + channel]
                }
                let mean = sum / numbers
                let variance = max(0, squares / numbers - mean * mean)
                scales.pointer[2 * channel] = Float(mean)
                scales.pointer[2 * channel + 1] = variance > 1e-12 ? Float(1 / variance.squareRoot()) : 0
            }
            team.each(images) { image, _ in
                for number in image * each..<(image + 1) * each {
                    for channel in 0..<channels {
                        let patch = values.pointer + (number * channels + channel) * area
                        let (mean, scale) = (scales.pointer[2 * channel], scales.pointer[2 * channel + 1])
                        for i in 0..<area { patch[i] = (patch[i] - mean) * scale }
                    }
                }
            }
        }
    }
}
