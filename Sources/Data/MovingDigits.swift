// Clips of a digit that moves in a straight line and is thrown back by the sides of the picture: what comes next follows from what was,
// to a fraction of a pixel (after Srivastava, Mansimov & Salakhutdinov, "Unsupervised learning of video representations using LSTMs", 2015,
// section 4.1, whose clips have two digits).

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base

enum MovingDigits {
    static let frames = 20
    static let side = 32
    /// Pixels a frame.
    private static let slowest = 1.0, fastest = 3.0

    /// - Parameter digits: Grey pictures of bytes, whose digits may have any place in them.
    static func dataset(of digits: Dataset, count: Int, seed: UInt64) throws(GanError) -> Dataset {
        guard digits.shape.channels == 1, digits.shape.height <= side, digits.shape.width <= side, case .bytes(let bytes) = digits.storage,
            digits.columns[0].field.name == Field.image
        else {
            throw GanError(
                .mismatch,
                "Moving digits are made of grey pictures of bytes of at most \(side)×\(side) pixels, and the data set has \(digits.shape): take MNIST's files or those of a relative.")
        }
        let axes = [frames, side, side, 1]
        let shape = try ImageShape(folding: axes)
        let clips = try AlignedBuffer<UInt8>(count: Sizes.product(count, shape.elements, of: "\(count) clips"), for: "\(count) clips")
        let classes = try AlignedBuffer<Int32>(count: count, for: "the labels of \(count) clips")
        clips.pointer.update(repeating: 0, count: clips.count)
        for item in 0..<count {
            var random = CountedRandom(seed, UInt64(item))
            let digit = random.below(digits.count)
            classes.pointer[item] = digits.labels?[digit] ?? 0
            let picture = Ink(bytes + digit * digits.shape.elements, digits.shape)
            let angle = random.uniform(0, 2 * Double.pi), speed = random.uniform(slowest, fastest)
            var rows = Coordinate(room: side - picture.rows.count, random.uniform(), speed * sin(angle))
            var columns = Coordinate(room: side - picture.columns.count, random.uniform(), speed * cos(angle))
            for frame in 0..<frames {
                picture.copy(to: clips.pointer + item * shape.elements + frame * side * side, rows.pixel, columns.pixel)
                rows.move()
                columns.move()
            }
        }
        withExtendedLifetime(digits) {}
        let clip = Column(
            Field(Field.clip, .values(axes)), count: count, shape: shape, storage: .bytes(UnsafePointer(clips.pointer)), range: .bytes, owner: clips)
        guard digits.labels != nil else { return try Dataset(columns: [clip]) }
        return try Dataset(columns: [clip, Column(try Labels(checking: classes, classes: digits.classCount, of: "the moving digits"))])
    }

    /// Where a digit begins along one axis, in pixels and fractions of them.
    private struct Coordinate {
        private let room: Double
        private var place: Double
        private var speed: Double

        init(room: Int, _ share: Double, _ speed: Double) {
            self.room = Double(room)
            place = share * Double(room)
            self.speed = speed
        }

        var pixel: Int { Int(place) }

        mutating func move() {
            place += speed
            // Thrown back; in a room that is narrower than a move, more than once.
            while place < 0 || place > room {
                place = place < 0 ? -place : 2 * room - place
                speed = -speed
                if room == 0 { place = 0 }
            }
        }
    }

    /// The part of a picture that is not black.
    private struct Ink {
        let rows, columns: Range<Int>
        private let pixels: UnsafePointer<UInt8>
        private let width: Int

        init(_ pixels: UnsafePointer<UInt8>, _ shape: ImageShape) {
            var (top, bottom, left, right) = (shape.height, 0, shape.width, 0)
            for row in 0..<shape.height {
                for column in 0..<shape.width where pixels[row * shape.width + column] > 0 {
                    (top, bottom) = (min(top, row), max(bottom, row + 1))
                    (left, right) = (min(left, column), max(right, column + 1))
                }
            }
            rows = min(top, bottom)..<bottom
            columns = min(left, right)..<right
            self.pixels = pixels
            width = shape.width
        }

        func copy(to frame: UnsafeMutablePointer<UInt8>, _ top: Int, _ left: Int) {
            for row in rows {
                for column in columns {
                    frame[(top + row - rows.lowerBound) * MovingDigits.side + left + column - columns.lowerBound] = pixels[row * width + column]
                }
            }
        }
    }
}
