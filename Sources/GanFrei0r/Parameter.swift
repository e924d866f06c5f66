/// What a host may set, in frei0r's order. Every number of frei0r's lies between 0 and 1, so each has a scale; a value
/// outside is kept and given back as it was set, and the frame says what to write instead: a seed of 7 that silently became
/// seed 1000 would be found by nobody. What is no number changes nothing.
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

extension Parameter {
    /// How many whole steps there are between 0 and 1; nil where every number counts.
    private var steps: Int? {
        switch self {
        case .seed: 1000
        case .columns: 32
        default: nil
        }
    }

    /// What is wrong with a value; nil for one between 0 and 1. What rounding leaves of a bound is the bound.
    func fault(of value: Double) -> Failure? {
        if value >= -1e-6 && value <= 1 + 1e-6 { return nil }
        // Whoever writes 7 means the seventh, whose value can be told.
        if let steps, let number = Int(exactly: value), (1...steps).contains(number) {
            let wanted = short(Double(number) / Double(steps))
            let what = self == .seed ? "seed \(number)" : "\(number) columns"
            return Failure(
                sentence: "The parameter \(name) is \(number), and frei0r's numbers go from 0 to 1. Write \(wanted) for \(what).",
                brief: "\(name): \(number) is \(wanted)")
        }
        let number = short(value)
        return Failure(
            sentence: "The parameter \(name) is \(number), and frei0r's numbers go from 0 to 1. \(explanation).", brief: "\(name): from 0 to 1")
    }

    /// A number without the point of a whole one.
    private func short(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

/// The parameters as the drawing takes them.
struct Settings: Equatable {
    var seed: UInt64
    var samplesPerSecond: Double
    var columns: Int
    var colours: ColourMap
    var kernel: ScalingKernel

    /// - Throws: what is wrong with the first value that is none.
    init(_ value: (Parameter) -> Double) throws(Failure) {
        for parameter in Parameter.allCases where parameter != .model {
            if let fault = parameter.fault(of: value(parameter)) { throw fault }
        }
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
