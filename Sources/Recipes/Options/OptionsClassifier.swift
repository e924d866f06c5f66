// The options of the recipe classifier.

extension Option {
    private static let residual = Condition(option: "classifier.network", value: "residual")

    public static let classifierChannels = Option(
        "classifier.channels", .integer(1...1024), default: .integer(32), .model,
        "With classifier.network=residual, the channels next to the picture; every halving of the sides doubles them.", when: [residual])
    public static let classifierFeatures = Option(
        "classifier.features", .integer(1...65536), default: .integer(128), .model,
        "With classifier.network=residual, how many numbers the features of a picture are.", when: [residual])
    public static let classifierHidden = Option(
        "classifier.hidden", .list(each: 1...65536, upTo: 64), default: .list([256, 128]), .model,
        "With classifier.network=mlp, the sizes of the hidden layers, the last of which are the features; an empty list for none.",
        when: [.init(option: "classifier.network", value: "mlp")])
    public static let classifierRate = Option(
        "classifier.learning-rate", .real(0...1, orAutomatic: false), default: .real(1e-3), .schedule, "Adam's step size for the classifier.")
    public static let classifierShift = Option(
        "classifier.shift", .integer(0...64), default: .integer(2), .schedule,
        "By how many pixels at the most a picture is moved in each direction before the classifier sees it in training; 0 for not at all.")
    public static let classifierMirror = Option(
        "classifier.mirror", .boolean, default: .boolean(false), .schedule,
        "Whether every other picture is mirrored in training: for photographs, not for letters and digits.")
    public static let classifierHeldOut = Option(
        "classifier.held-out", .real(0...0.5, orAutomatic: false), default: .real(0.1), .model,
        "The share of the pictures that the classifier is not trained on, and of which the metric accuracy tells how many it knows.")
}

/// What a classifier tells of a picture.
public enum ClassifierTarget: String, CaseIterable, Sendable {
    /// The class where the data have labels, else the tags.
    case auto
    case labels
    case tags
}

extension Choices {
    public static let classifierTarget = Choice(
        "classifier.target", default: ClassifierTarget.auto, .model,
        "What a classifier tells of a picture: which one class it is of (labels), or of each tag whether it has it (tags); auto for labels where the data have some, else tags.")
    public static let classifierNetwork = Choice(
        "classifier.network", default: ClassifierKind.residual, .model,
        "What a classifier is: residual blocks of convolutions, or fully connected layers (mlp).")
}
