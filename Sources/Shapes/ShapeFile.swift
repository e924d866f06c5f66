import Base
import Data

/// Volumes of one size, one behind the other.
public struct VolumeRow {
    public let count: Int
    let first: Volume
    private let values: UnsafePointer<Float>
    private let level: Float

    /// - Parameter values: `[count, depth, height, width]`; not copied.
    public init(_ values: UnsafePointer<Float>, count: Int, depth: Int, height: Int, width: Int, level: Float) throws(GanError) {
        first = try Volume(values, depth: depth, height: height, width: width, level: level)
        _ = try Sizes.product(count, first.count, MemoryLayout<Float>.stride, of: "\(count) volumes")
        (self.count, self.values, self.level) = (count, values, level)
    }

    func volume(_ index: Int) throws(GanError) -> Volume {
        try Volume(values + index * first.count, depth: first.depth, height: first.height, width: first.width, level: level)
    }

    /// All their numbers.
    var numbers: UnsafeBufferPointer<Float> { UnsafeBufferPointer(start: values, count: count * first.count) }
}

/// The formats in which shapes are written, by the ends of their files' names.
public enum ShapeFile: String, CaseIterable, Sendable {
    case obj, stl, binvox, npy, png

    /// Whether a file holds any number of shapes, and not one.
    var holdsSeveral: Bool { self == .npy || self == .png }

    /// What the end of a name says, in capitals or not.
    public init(path: String) throws(GanError) {
        let name = path.split(separator: "/").last ?? ""
        let end = name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
        guard let kind = Self(rawValue: end) else {
            throw GanError(
                .invalidArgument,
                "The name \"\(path)\" says no format that shapes are written in; one that ends in .obj, .stl, .binvox, .npy or .png was expected.")
        }
        self = kind
    }

    /// Writes shapes in the format that the file's name says, whole or not at all.
    public static func write(_ volumes: VolumeRow, to path: String) throws(GanError) {
        let kind = try ShapeFile(path: path)
        guard volumes.count == 1 || kind.holdsSeveral else {
            throw GanError(
                .invalidArgument,
                "The file \"\(path)\" holds one shape, and \(volumes.count) were to be written; give each a file, or write .npy or .png.")
        }
        switch kind {
        case .png: try ShapeSheet.write(volumes, to: path)
        case .npy:
            let (depth, height, width) = (volumes.first.depth, volumes.first.height, volumes.first.width)
            let file = try NPYWriter(path: path, axes: [volumes.count, depth, height, width])
            try file.write(volumes.numbers)
            try file.finish()
        case .obj, .stl:
            let mesh = try Mesh(of: volumes.first)
            let file = try AtomicFile(path: path)
            if kind == .obj { try OBJ.write(mesh, to: file) } else { try STL.write(mesh, to: file) }
            try file.commit()
        case .binvox:
            let file = try AtomicFile(path: path)
            try Binvox.write(volumes.first, to: file)
            try file.commit()
        }
    }
}
