import Frei0rPlugin

/// What a host may set of a walk.
enum Parameter: Int32, CaseIterable, HostParameter {
    case model, seed, speed, columns, colourMap, smoothing, label, inputs

    /// What is set as text; all others are numbers.
    var isText: Bool { self == .model || self == .label || self == .inputs }

    var name: StaticString {
        switch self {
        case .model: "Model"
        case .seed: "Seed"
        case .speed: "Speed"
        case .columns: "Columns"
        case .colourMap: "Colour map"
        case .smoothing: "Smoothing"
        case .label: "Label"
        case .inputs: "Inputs"
        }
    }

    var explanation: StaticString {
        switch self {
        case .model: "Path of a checkpoint that libgan wrote"
        case .seed: "Which samples are walked through: seed 0 to 1000 in steps of 0.001"
        case .speed: "How fast: 0 stands still, 1 passes four samples a second, 0.25 one; sixteen samples close the circle"
        case .columns: "Images side by side: 1 to 32 in steps of 1/32, so 0.25 gives eight; as many rows as the frame holds"
        case .colourMap: "Colours of grey images: 0 grey, 0.25 inverted, 0.5 fire, 0.75 ocean, 1 viridis"
        case .smoothing: "How images are enlarged: 0 square pixels, 0.5 linear, 1 cubic"
        case .label: "Class of all images, by its name or number, of a model that was told classes; several, with commas, for images in turn; ? shows their names"
        case .inputs: "What images are made of besides chance, such as label=7 or c1=3&c2=0.5; a code that is not set goes back and forth"
        }
    }

    /// Seed 0; one sample a second; one image; grey; cubic.
    var initial: Double {
        switch self {
        case .model, .seed, .columns, .colourMap, .label, .inputs: 0
        case .speed: 0.25
        case .smoothing: 1
        }
    }
}

extension Parameter {
    var steps: Int? {
        switch self {
        case .seed: 1000
        case .columns: 32
        default: nil
        }
    }

    func meaning(ofStep step: Int) -> String { self == .seed ? "seed \(step)" : "\(step) columns" }
}

/// The parameters as the drawing takes them.
struct Settings: Equatable {
    var seed: UInt64
    var samplesPerSecond: Double
    var columns: Int
    var colours: ColourMap
    var kernel: ScalingKernel
    let label, inputs: String

    /// Of values that have been checked.
    init(_ parameters: Parameters) {
        label = parameters.string(Parameter.label)
        inputs = parameters.string(Parameter.inputs)
        seed = UInt64(parameters.step(Parameter.seed, of: 1000))
        samplesPerSecond = 4 * parameters.share(Parameter.speed)
        columns = max(1, parameters.step(Parameter.columns, of: 32))
        let maps = ColourMap.allCases
        colours = maps[parameters.step(Parameter.colourMap, of: maps.count - 1)]
        let kernels = ScalingKernel.allCases
        kernel = kernels[parameters.step(Parameter.smoothing, of: kernels.count - 1)]
    }
}
