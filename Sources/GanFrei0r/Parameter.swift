/// What a host may set, in frei0r's order. Every number of frei0r's lies between 0 and 1, so each has a scale; a value
/// outside is kept and given back as it was set, and the frame says what to write instead: a seed of 7 that silently became
/// seed 1000 would be found by nobody. What is no number changes nothing. Classes and codes are text, because only text can be
/// a class's name, and because hosts ask for parameters before they know of a model.
enum Parameter: Int32, CaseIterable {
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
    let label, inputs: String

    /// - Throws: what is wrong with the first value that is none.
    init(_ value: (Parameter) -> Double, label: String, inputs: String) throws(Failure) {
        self.label = label
        self.inputs = inputs
        for parameter in Parameter.allCases where !parameter.isText {
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
