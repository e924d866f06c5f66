// gan apply with a model that makes shapes of pictures: of one a file in any format, of several one that holds them all, or a file each.

extension Apply {
    func makeShapes(_ network: PictureNetwork, _ volumes: VolumeNetwork) throws {
        if skip { throw Failure(Exit.usage, "'--skip' leaves out pictures, and shapes are numbered as their pictures are: none may be missing.") }
        let ending = output == "-" ? "png" : Self.ending(output)
        guard let ending else {
            throw Failure(
                Exit.usage, "\"\(checkpoint)\" makes shapes, and \"\(output)\" says no format of theirs: name a file that ends in .obj, .stl, .binvox, .npy or .png.")
        }
        let source = try PictureSequence(input, network)
        let numbers = (Int64(0)..<Int64(source.count), digits: 6)
        let isOneEach = Shapes.endings.contains(ending)
        if output != "-" { for name in isOneEach ? Shapes.names(output, Int64(source.count), numbers) : [output] { try checkOutput(name) } }
        let shapes = Shapes(network: volumes, count: Int64(source.count), numbers: numbers) { range in
            try Memory.check(range.count * volumes.size * MemoryLayout<Float>.stride, for: "\(range.count) shapes of \(volumes.sides)")
            var all: [Float] = []
            all.reserveCapacity(range.count * volumes.size)
            for index in range {
                if source.count > 1 { try showBar(Int(index), of: source.count, "") }
                all += try source.volume(Int(index))
            }
            return all
        }
        switch ending {
        case "npy": try shapes.writeNPY(output)
        case "png":
            let layout = Images.Layout(columns: Images.columns(of: shapes.count), margin: 1, scale: 2)
            try Pipes.writing(to: output) { try shapes.writeSheet(output, layout, side: try Shapes.side(scale: layout.scale)) }
        default: try shapes.write(output)
        }
        if source.count > 1 { try eraseBar() }
        if source.count > 1, !quiet { Output.note("\(source.count) shapes of \(volumes.sides) → \(isOneEach ? shapes.told(output) : output == "-" ? "standard output" : output)") }
    }

    private static func ending(_ path: String) -> String? { (Shapes.endings + ["npy", "png"]).first { path.lowercased().hasSuffix("." + $0) } }
}

/// The pictures that a path names: a file, a folder of files or an array.
private struct PictureSequence {
    let count: Int
    private let network: PictureNetwork
    private let paths: [String]
    private let array: PictureArray?

    init(_ input: String, _ network: PictureNetwork) throws {
        self.network = network
        if input != "-", Paths.isFolder(input) {
            let pictures = try PictureFolder(input)
            if pictures.names.isEmpty { throw Failure(Exit.badData, "The folder \"\(input)\" has no PNG or JPEG files.") }
            (paths, array, count) = (pictures.names.map { Paths.join(input, $0) }, nil, pictures.names.count)
        } else if input != "-", input.lowercased().hasSuffix(".npy") || Places.isBytes(input) {
            let all = try PictureArray(input, channels: network.inputChannels)
            (paths, array, count) = ([], all, all.count)
        } else {
            (paths, array, count) = ([input], nil, 1)
        }
    }

    /// The shape of one picture, as numbers from 0 to 1.
    func volume(_ index: Int) throws -> [Float] {
        if let array { return try network.made(of: array.picture(index), nil, array.height, array.width).0 }
        let picture = try Picture(paths[index], channels: Int32(network.inputChannels))
        return try network.made(of: picture.pixels.map { Float($0) / 255 }, nil, picture.height, picture.width).0
    }
}
