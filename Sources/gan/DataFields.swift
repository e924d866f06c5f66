// What data have besides their pictures, for the line that says so.
import CGan

enum DataFields {
    /// Frames, height, width and channels of clips; nil for other data.
    static func clip(of dataset: Handle) throws -> [Int64]? {
        guard try Library.text({ gan_dataset_field_name(dataset.pointer, 0, $0, $1, $2) }) == "clip" else { return nil }
        var axes = [Int64](repeating: 0, count: 8), rank = 0
        try check(gan_dataset_field_shape(dataset.pointer, 0, &axes, axes.count, &rank))
        return rank == 4 ? Array(axes.prefix(4)) : nil
    }

    /// What volumes, or views with volumes, a data set holds, in words; nil for other data.
    static func volumes(of dataset: Handle, _ count: Int64) throws -> String? {
        var parts: [String] = []
        for index in 0..<(try Library.fieldCount(dataset)) {
            let name = try Library.text { gan_dataset_field_name(dataset.pointer, index, $0, $1, $2) }
            guard ["view", "volume"].contains(name) else { return nil }
            var axes = [Int64](repeating: 0, count: 8), rank = 0
            try check(gan_dataset_field_shape(dataset.pointer, index, &axes, axes.count, &rank))
            // One number a voxel is what voxels have.
            if rank == 4, axes[3] == 1 { rank = 3 }
            let sides = axes.prefix(rank).map { String($0) }.joined(separator: " × ")
            parts.append(parts.isEmpty ? "\(Format.count(count, name)) of \(sides)" : "\(name)s of \(sides)")
        }
        return parts.contains { $0.contains("volume") } ? parts.joined(separator: " with ") : nil
    }

    /// A sentence about tags that a training passes over; nil where there are none, or where it is told them.
    static func unusedTags(of dataset: Handle, trainer: Handle) throws -> String? {
        var count: Int32 = 0
        try check(gan_dataset_field_count(dataset.pointer, &count))
        for index in 0..<count {
            guard try Library.text({ gan_dataset_field_kind(dataset.pointer, index, $0, $1, $2) }) == "tags" else { continue }
            let recipe = try Library.option(trainer, "recipe")
            if recipe == "tags" || recipe == "classifier" { return nil }
            if try Library.option(trainer, "condition") == "tags" { return nil }
            var tags: Int32 = 0
            try check(gan_dataset_field_classes(dataset.pointer, index, &tags))
            let names = try (0..<min(tags, 3)).map { number in
                try Library.text { gan_dataset_field_class_name(dataset.pointer, index, number, $0, $1, $2) }
            }
            let list = names.joined(separator: ", ") + (tags > 3 ? ", …" : "")
            return "The images have \(Format.count(Int64(tags), "tag")) (\(list)), which this training passes over; --recipe tags, or --set condition=tags, learns to draw them."
        }
        return nil
    }
}
