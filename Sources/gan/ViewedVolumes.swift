// Volumes with views as two folders, `views` and `volumes`, of a PNG and a binvox file each, as the recipe view-to-volume reads them.
import CGan

struct ViewedVolumes {
    private let data: Handle
    private let count: Int64
    private let view: (field: Int32, height: Int32, width: Int32, channels: Int32)
    private let volume: (field: Int32, depth: Int32, height: Int32, width: Int32)

    /// - Returns: nil for other data.
    init?(_ data: Handle, count: Int64) throws {
        var number: Int32 = 0
        try check(gan_dataset_field_count(data.pointer, &number))
        func sides(_ name: String, rank: Int) throws -> (field: Int32, [Int32])? {
            for index in 0..<number where try Library.text({ gan_dataset_field_name(data.pointer, index, $0, $1, $2) }) == name {
                var shape = [Int64](repeating: 0, count: 8), found = 0
                try check(gan_dataset_field_shape(data.pointer, index, &shape, shape.count, &found))
                return found == rank ? (index, shape.prefix(rank).map { Int32(truncatingIfNeeded: $0) }) : nil
            }
            return nil
        }
        guard let (viewField, viewSides) = try sides("view", rank: 3), let (field, volumeSides) = try sides("volume", rank: 4), volumeSides[3] == 1 else { return nil }
        view = (viewField, viewSides[0], viewSides[1], viewSides[2])
        volume = (field, volumeSides[0], volumeSides[1], volumeSides[2])
        (self.data, self.count) = (data, count)
    }

    /// "16 × 16 × 16 voxels"
    var size: String { "\(volume.depth) × \(volume.height) × \(volume.width) voxels" }

    func write(to folder: String, isForced: Bool, cause: String) throws {
        let views = Paths.join(folder, "views"), volumes = Paths.join(folder, "volumes")
        try MadeFolder.prepare(folder, of: [views, volumes], files: 2 * count, isForced: isForced, cause)
        try Paths.makeFolder(views)
        try Paths.makeFolder(volumes)
        var pixels = [Float](repeating: 0, count: Int(view.height) * Int(view.width) * Int(view.channels))
        var voxels = [Float](repeating: 0, count: Int(volume.depth) * Int(volume.height) * Int(volume.width))
        // Fields are read in their own units, and pictures are written from 0 to 1.
        var black: Float = 0, white: Float = 1
        try check(gan_dataset_field_range(data.pointer, view.field, &black, &white))
        for item in 0..<count {
            let name = MadeFolder.name(item, of: count)
            try check(gan_dataset_field_read(data.pointer, view.field, item, 1, &pixels, pixels.count))
            for place in pixels.indices { pixels[place] = (pixels[place] - black) / (white - black) }
            try MadeFolder.write(pixels, view.height, view.width, view.channels, to: Paths.join(views, name + ".png"))
            try check(gan_dataset_field_read(data.pointer, volume.field, item, 1, &voxels, voxels.count))
            try check(
                gan_shape_write(voxels, 1, volume.depth, volume.height, volume.width, 0.5, Paths.join(volumes, name + ".binvox")), .output)
        }
    }
}
