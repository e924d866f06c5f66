import Frei0rPlugin

/// What a host may set of a network that is applied to each frame.
enum Parameter: Int32, CaseIterable, HostParameter {
    case model, strength, mask, box, seed, tile, size

    var isText: Bool { self == .model || self == .mask || self == .box }

    var name: StaticString {
        switch self {
        case .model: "Model"
        case .strength: "Strength"
        case .mask: "Mask"
        case .box: "Box"
        case .seed: "Seed"
        case .tile: "Tile"
        case .size: "Size"
        }
    }

    var explanation: StaticString {
        switch self {
        case .model: "Path of a checkpoint of the recipe image-to-image, super-resolution or inpainting that libgan wrote"
        case .strength: "How much of what the network makes is in the frame: 0 none, 1 nothing else"
        case .mask: "For a model that fills holes: path of a picture, white where the frame is filled"
        case .box: "For a model that fills holes: column, row, width and height of what is filled, such as 10&10&14&14; further boxes behind it"
        case .seed: "Where a network's noise comes from: seed 0 to 1000 in steps of 0.001"
        case .tile: "Into pieces of how many pixels a side a frame is cut: 0 as few as memory allows, else 1 to 1024 in steps of 1/1024"
        case .size: "The share of the frame's sides that the network sees: 1 all, 0.5 half, which is faster; 0 so much that it makes a frame"
        }
    }

    /// All of it; seed 0; as few pieces as can be; what makes a frame.
    var initial: Double { self == .strength ? 1 : 0 }

    var steps: Int? {
        switch self {
        case .seed: 1000
        case .tile: Self.largestTile
        default: nil
        }
    }

    static let largestTile = 1024

    func meaning(ofStep step: Int) -> String { self == .seed ? "seed \(step)" : "pieces of \(step) pixels" }
}

/// The parameters as the drawing takes them.
struct Settings: Equatable {
    /// Of 256.
    let strength: Int
    let seed: UInt64
    let tile: Int
    /// 0 for what makes a frame.
    let size: Double
    let mask: String
    let boxes: [Box]

    /// Of values that have been checked.
    /// - Throws: what is wrong with the boxes.
    init(_ parameters: Parameters) throws(Failure) {
        strength = parameters.step(Parameter.strength, of: 256)
        seed = UInt64(parameters.step(Parameter.seed, of: 1000))
        tile = parameters.step(Parameter.tile, of: Parameter.largestTile)
        size = parameters.share(Parameter.size)
        mask = parameters.string(Parameter.mask)
        boxes = try Box.all(parameters.string(Parameter.box))
        if !mask.isEmpty && !boxes.isEmpty {
            throw Failure(sentence: "The parameters Mask and Box are both set, and do not go together.", brief: "Mask or Box")
        }
    }
}
