// Faces as a cartoonist's few shapes, 32 × 32 pixels in colours, with tags that say what each has: to try on it what learns from tags.

import Base

enum DrawnFaces {
    static let side = 32

    private static let hair: [(tag: String, colour: Colour)] = [
        ("black-hair", (40, 36, 44)), ("blond-hair", (236, 204, 96)), ("red-hair", (200, 64, 40)), ("blue-hair", (64, 104, 224)), ("green-hair", (64, 172, 88)),
    ]
    /// How often each of the others is there, in their order.
    private static let others: [(tag: String, share: Double)] = [("long-hair", 0.45), ("glasses", 0.35), ("hat", 0.25), ("smile", 0.5), ("beard", 0.2)]

    static let tags = hair.map(\.tag) + others.map(\.tag)

    /// Every face has one colour of hair, all as frequent, and of the other tags each as chance has it.
    static func dataset(count: Int, seed: UInt64) throws(GanError) -> Dataset {
        let shape = try ImageShape(height: side, width: side, channels: 3)
        let pixels = try AlignedBuffer<UInt8>(
            count: Sizes.product(count, shape.elements, of: "\(count) images of \(shape)"), for: "\(count) images of \(shape)")
        let flags = try AlignedBuffer<UInt8>(count: Sizes.product(count, tags.count, of: "the tags of \(count) images"), for: "the tags of \(count) images")
        for item in 0..<count {
            var random = CountedRandom(seed, UInt64(item))
            let own = flags.pointer + item * tags.count
            let colour = random.below(hair.count)
            for place in hair.indices { own[place] = place == colour ? 1 : 0 }
            for (place, other) in others.enumerated() { own[hair.count + place] = random.uniform() < other.share ? 1 : 0 }
            func has(_ other: Int) -> Bool { own[hair.count + other] == 1 }
            let face = Face(hair: hair[colour].colour, hasLongHair: has(0), hasGlasses: has(1), hasHat: has(2), smiles: has(3), hasBeard: has(4), &random)
            face.draw(on: pixels.pointer + item * shape.elements)
        }
        return try Dataset(count: count, shape: shape, storage: .bytes(pixels.pointer), range: .bytes, labels: nil, owner: pixels)
            .adding(Column.tags(flags, count: count, names: tags, name: Field.tags))
    }

    typealias Colour = (red: Double, green: Double, blue: Double)

    private struct Face {
        let hair: Colour
        let hasLongHair, hasGlasses, hasHat, smiles, hasBeard: Bool
        // What tags do not say.
        private let background, skin, clothes, hat, eyes: Colour
        private let x, y, width, height, fringe, tilt: Double

        init(hair: Colour, hasLongHair: Bool, hasGlasses: Bool, hasHat: Bool, smiles: Bool, hasBeard: Bool, _ random: inout CountedRandom) {
            func any(_ low: Double, _ high: Double) -> Colour { (random.uniform(low, high), random.uniform(low, high), random.uniform(low, high)) }
            let light = random.uniform(-10, 10)
            self.hair = (hair.red + light, hair.green + light, hair.blue + light)
            (self.hasLongHair, self.hasGlasses, self.hasHat, self.smiles, self.hasBeard) = (hasLongHair, hasGlasses, hasHat, smiles, hasBeard)
            background = any(150, 245)
            clothes = any(40, 220)
            hat = any(70, 230)
            eyes = any(10, 90)
            let shade = random.uniform(0.6, 1)
            skin = (255 * shade, 214 * shade, 182 * shade)
            x = 15.5 + random.uniform(-1.5, 1.5)
            y = 16.5 + random.uniform(-1, 1)
            width = random.uniform(6.8, 8)
            height = random.uniform(8, 9.2)
            fringe = random.uniform(-4.6, -3.2)
            tilt = random.uniform(-0.12, 0.12)
        }

        /// Layer upon layer, each pixel by how far its centre lies from the edge of a shape.
        func draw(on pixels: UnsafeMutablePointer<UInt8>) {
            for row in 0..<side {
                for column in 0..<side {
                    let (px, py) = (Double(column), Double(row))
                    let dy = py - y
                    let colour = colour(px - x - tilt * dy, dy, light: 8 - py / 2)
                    let to = pixels + 3 * (row * side + column)
                    (to[0], to[1], to[2]) = (Self.byte(colour.red), Self.byte(colour.green), Self.byte(colour.blue))
                }
            }
        }

        private static func byte(_ value: Double) -> UInt8 { UInt8(max(0, min(255, value.rounded()))) }

        /// At a place as far from the middle of the face.
        private func colour(_ x: Double, _ y: Double, light: Double) -> Colour {
            var colour = (red: background.red + light, green: background.green + light, blue: background.blue + light)
            func paint(_ new: Colour, _ cover: Double) {
                let cover = max(0, min(1, cover))
                colour.red += (new.red - colour.red) * cover
                colour.green += (new.green - colour.green) * cover
                colour.blue += (new.blue - colour.blue) * cover
            }
            let side = x < 0 ? -x : x
            let dark: Colour = (hair.red * 0.8, hair.green * 0.8, hair.blue * 0.8)
            if hasLongHair { paint(dark, min(Self.ellipse(x, y - 1, width + 2.4, 13), 11 - y)) }
            paint(clothes, Self.ellipse(x, y - 16, 12, 6.5))
            paint(skin, Self.box(x, y - 9, 2.6, 4))
            paint(skin, Self.ellipse(x, y, width, height))
            if hasBeard { paint(dark, min(Self.ellipse(x, y, width, height), y - 3.2, 1 - Self.ellipse(x, y - 4.6, 2.4, 1.4))) }
            // From ear to ear, and over the forehead.
            paint(hair, min(Self.ellipse(x, y + 0.8, width + 1.4, height + 1.2), max(fringe - y + side * 0.15, min(side - width + 1.2, 1.5 - y))))
            // Eyes, and what may be in front of them.
            paint((250, 250, 250), Self.ellipse(side - 3, y + 0.6, 1.7, 1.5))
            paint(eyes, Self.ellipse(side - 3, y + 0.6, 1, 1.4))
            if hasGlasses {
                let black: Colour = (24, 24, 28)
                paint(black, Self.ring(side - 3.1, y + 0.6, 2.7, 0.55))
                paint(black, Self.box(x, y + 0.8, 0.9, 0.5))
            }
            let mouth: Colour = (150, 40, 48)
            if smiles {
                paint(mouth, min(Self.ellipse(x, y - 3.4, 3.6, 3.2), y - 3.7))
                paint((252, 250, 245), min(Self.ellipse(x, y - 3.4, 3, 2), y - 3.7))
            } else {
                paint(mouth, Self.box(x, y - 4.8, 2, 0.35))
            }
            if hasHat {
                paint(hat, min(Self.ellipse(x, y + 5.2, width + 0.4, 8), -5 - y))
                paint((hat.red * 0.7, hat.green * 0.7, hat.blue * 0.7), Self.box(x, y + 5.6, width + 2.6, 0.9))
            }
            return colour
        }

        // How much of a pixel a shape covers: its distance from the edge, inside, and half a pixel.

        private static func ellipse(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> Double {
            let (u, v) = (x / width, y / height)
            return (1 - (u * u + v * v).squareRoot()) * min(width, height) + 0.5
        }

        private static func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> Double {
            min(width - (x < 0 ? -x : x), height - (y < 0 ? -y : y)) + 0.5
        }

        private static func ring(_ x: Double, _ y: Double, _ radius: Double, _ half: Double) -> Double {
            let from = (x * x + y * y).squareRoot() - radius
            return half - (from < 0 ? -from : from) + 0.5
        }
    }
}
