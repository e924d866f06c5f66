// The recipe `classifier`: a network that tells the class of a picture, by the cross-entropy with the data's labels, or which tags it has,
// each by a cross-entropy of its own. It draws nothing: its features and class probabilities are what measures judge generators by.

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
    public static let summary = "Tells the class of a picture, or its tags; its features and probabilities are what gan evaluate judges by."
    public static let paper = "He et al., Deep residual learning for image recognition, 2015, arxiv.org/abs/1512.03385"
    public static let options: [Option] = [
        Choices.classifierTarget.option, Choices.classifierNetwork.option, .classifierChannels, .classifierFeatures, .classifierHidden, .classifierRate, .classifierShift, .classifierMirror,
        .classifierHeldOut,
    ]

    static let metrics = [
        StepMetric("classifier.loss", "The classifier's mean cross-entropy over the last step's batch, and over the tags, in nats."),
        StepMetric("classifier.accuracy", "The share of the last step's batch whose class the classifier named; of tags, the mean of the shares of all of them."),
    ]

    private let classifier: PictureClassifier
    private let network: Network
    private let told: Told
    private let input: Sampling.Input
    private let optimiser: any Optimiser
    private let shift: Int
    private let mirrors: Bool
    public let heldOut: Double

    public init(_ options: OptionValues, fields: [Field]) throws(GanError) {
        let image = try fields.image(for: Self.name)
        switch options[Choices.classifierTarget].resolved(fields) {
        case .tags:
            let (names, examples) = try fields.tags(for: "The recipe 'classifier'")
            told = .tags(names.count)
            input = Sampling.Input(Field.tags, .tags(names, examples: examples))
        case .labels, .auto:
            let (classes, names) = try fields.classes(for: "The recipe 'classifier'")
            guard classes >= 2 else {
                throw GanError(.mismatch, "The recipe 'classifier' tells classes apart, and the data have one class alone.")
            }
            told = .label(classes)
            input = Sampling.Input(Field.label, .label(classes: classes, names: names))
        }
        let body: PictureClassifier.Body =
            switch options[Choices.classifierNetwork] {
            case .residual: .residual(channels: options.integer(.classifierChannels), features: options.integer(.classifierFeatures))
            case .mlp: .hidden(options.list(.classifierHidden))
            }
        let classifier = PictureClassifier(image: image, classes: told.count, body: body)
        self.classifier = classifier
        let told = told
        network = Network(Self.name, inputs: [Port("images", image)]) { (inputs, scope) throws(GanError) in
            let (features, logits) = try classifier(inputs("images"), scope)
            return ["features": features, "logits": logits, "probabilities": try told.probabilities(logits)]
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
    /// The input is not the network's: it says that labels, or tags, are part of what was trained.
    public var sampling: Sampling { Sampling(network, [input], output: "probabilities") }

    public func step(_ s: StepBuilder) throws(GanError) {
        let images = try Shift.moved(s.images(classifier.image), by: shift, mirrors: mirrors, edge: pixelRange.low, s)
        let logits = try s.run(network, ["images": images])("logits")
        guard let port = told.port else { throw GanError(.internalError, "A classifier of nothing.") }
        let truth = try s.data(port)
        let loss = try told.crossEntropy(logits, truth)
        try s.minimise(loss, moving: [(network, optimiser)])
        try s.metric("classifier.loss", loss)
        try s.metric("classifier.accuracy", told.accuracy(logits, truth))
    }
}

extension ClassifierTarget {
    /// - Returns: `.labels` or `.tags`; what is missing is told by whoever wants it.
    func resolved(_ fields: [Field]) -> ClassifierTarget {
        guard self == .auto else { return self }
        let hasLabels = fields.contains { if case .label = $0.kind { true } else { false } }
        let hasTags = fields.contains { if case .tags = $0.kind { $0.name == Field.tags } else { false } }
        return hasLabels || !hasTags ? .labels : .tags
    }
}

extension Told {
    /// Of each class or tag, [batch, count].
    fileprivate func probabilities(_ logits: Tensor) throws(GanError) -> Tensor {
        if case .tags = self { return try logits.sigmoid() }
        return try logits.softmax(axis: 1)
    }

    fileprivate func accuracy(_ logits: Tensor, _ truth: Tensor) throws(GanError) -> Tensor {
        if case .tags = self { return try Classification.tagAccuracy(logits, targets: truth) }
        return try Classification.accuracy(logits, targets: ones(truth))
    }
}
