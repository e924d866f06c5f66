// The recipe `classifier`: a network that tells the class of a picture, by the cross-entropy with the data's labels. It draws nothing:
// its features and class probabilities are what measures judge generators by.

import Base
import Data
import Graph
import Networks
import Objectives
import Optimisers

/// The networks of the option `classifier.network`.
public enum ClassifierKind: String, CaseIterable, Sendable {
    case residual
    case mlp
}

public struct ClassifierRecipe: Recipe {
    public static let name = "classifier"
    public static let summary = "Tells the class of a picture; its features and probabilities are what gan evaluate judges by."
    public static let paper = "He et al., Deep residual learning for image recognition, 2015, arxiv.org/abs/1512.03385"
    public static let options: [Option] = [
        Choices.classifierNetwork.option, .classifierChannels, .classifierFeatures, .classifierHidden, .classifierRate, .classifierShift, .classifierMirror,
        .classifierHeldOut,
    ]

    static let metrics = [
        StepMetric("classifier.loss", "The classifier's mean cross-entropy over the last step's batch, in nats."),
        StepMetric("classifier.accuracy", "The share of the last step's batch whose class the classifier named."),
    ]

    private let classifier: PictureClassifier
    private let network: Network
    private let names: [String]
    private let optimiser: any Optimiser
    private let shift: Int
    private let mirrors: Bool
    public let heldOut: Double

    public init(_ options: OptionValues, fields: [Field]) throws(GanError) {
        let image = try fields.image(for: Self.name)
        let (classes, names) = try fields.classes(for: "The recipe 'classifier'")
        guard classes >= 2 else {
            throw GanError(.mismatch, "The recipe 'classifier' tells classes apart, and the data have one class alone.")
        }
        let body: PictureClassifier.Body =
            switch options[Choices.classifierNetwork] {
            case .residual: .residual(channels: options.integer(.classifierChannels), features: options.integer(.classifierFeatures))
            case .mlp: .hidden(options.list(.classifierHidden))
            }
        let classifier = PictureClassifier(image: image, classes: classes, body: body)
        self.classifier = classifier
        self.names = names
        network = Network(Self.name, inputs: [Port("images", image)]) { (inputs, scope) throws(GanError) in
            let (features, logits) = try classifier(inputs("images"), scope)
            return ["features": features, "logits": logits, "probabilities": try logits.softmax(axis: 1)]
        }
        let schedule = RateSchedule(
            options[Choices.rateSchedule], warmUp: Int64(options.integer(.rateWarmUp)), end: Int64(options.integer(.rateSteps)))
        optimiser = Adam(rate: options.real(.classifierRate), beta1: 0.9, beta2: 0.999, epsilon: 1e-8, schedule: schedule)
        shift = options.integer(.classifierShift)
        mirrors = options.flag(.classifierMirror)
        heldOut = options.real(.classifierHeldOut)
    }

    public var networks: [Network] { [network] }
    public var pixelRange: (low: Float, high: Float) { (-1, 1) }
    public static var possibleMetrics: [StepMetric] { metrics }
    public var metrics: [StepMetric] { Self.metrics }

    public var drawsPictures: Bool { false }
    /// The input is not the network's: it says that labels are part of what was trained.
    public var sampling: Sampling {
        Sampling(network, [Sampling.Input("label", .label(classes: classifier.classes, names: names))], output: "probabilities")
    }

    public func step(_ s: StepBuilder) throws(GanError) {
        let images = try Shift.moved(s.images(classifier.image), by: shift, mirrors: mirrors, edge: pixelRange.low, s)
        let logits = try s.run(network, ["images": images])("logits")
        let targets = try s.labels().oneHot(classifier.classes)
        let loss = try Classification.crossEntropy(logits, targets: targets)
        try s.minimise(loss, moving: [(network, optimiser)])
        try s.metric("classifier.loss", loss)
        try s.metric("classifier.accuracy", Classification.accuracy(logits, targets: targets))
    }
}
