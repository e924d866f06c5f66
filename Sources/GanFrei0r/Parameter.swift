/// What a host may set, in frei0r's order. Every number of frei0r's lies between 0 and 1, so each has a scale; a value
/// outside is kept and given back as it was set, and means the nearest bound. What is no number changes nothing.
enum Parameter: Int32, CaseIterable {
    case model, seed, speed, columns, colourMap, smoothing

    var name: StaticString {
        switch self {
        case .model: "Model"
        case .seed: "Seed"
        case .speed: "Speed"
        case .columns: "Columns"
        case .colourMap: "Colour map"
        case .smoothing: "Smoothing"
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
        }
    }

    /// Seed 0; one sample a second; one image; grey; cubic.
    var initial: Double {
        switch self {
        case .model, .seed, .columns, .colourMap: 0
        case .speed: 0.25
        case .smoothing: 1
        }
    }
}

/// The parameters as the drawing takes them.
struct Settings: Equatable {
    var seed: UInt64
    var samplesPerSecond: Double
    var columns: Int
    var colours: ColourMap
    var kernel: ScalingKernel

    init(_ value: (Parameter) -> Double) {
        func share(_ parameter: Parameter) -> Double { min(max(value(parameter), 0), 1) }
        func step(_ parameter: Parameter, _ steps: Int) -> Int { Int((share(parameter) * Double(steps)).rounded()) }
        seed = UInt64(step(.seed, 1000))
        samplesPerSecond = 4 * share(.speed)
        columns = max(1, step(.columns, 32))
        let maps = ColourMap.allCases
        colours = maps[step(.colourMap, maps.count - 1)]
        let kernels = ScalingKernel.allCases
        kernel = kernels[step(.smoothing, kernels.count - 1)]
    }
}
