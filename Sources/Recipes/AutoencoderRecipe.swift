// The recipe `autoencoder`: a network that puts a picture into few numbers, from which another makes it again. It draws nothing: the numbers
// are features of pictures that nobody labelled, for measures to look at.

import Base
import Data
import Graph
import Networks
import Objectives
import Optimisers

public struct AutoencoderRecipe: Recipe {
    public static let name = "autoencoder"
    public static let summary = "Puts pictures without labels into few numbers, the features that gan evaluate may judge by."
    public static let paper =
        "Hinton & Salakhutdinov, Reducing the dimensionality of data with neural networks, Science 313, 2006, doi.org/10.1126/science.1127647"
    public static let options: [Option] = [.autoencoderChannels, .autoencoderFeatures, .autoencoderRate]

    static let metrics = [
        StepMetric("autoencoder.loss", "The mean squared difference of the last step's pictures from what became of them, where black is -1 and white 1."),
    ]

    private let autoencoder: PictureAutoencoder
    private let encoder: Network
    private let decoder: Network
    private let optimiser: any Optimiser

    public init(_ options: OptionValues, fields: [Field]) throws(GanError) {
        let image = try fields.image(for: Self.name)
        let features = options.integer(.autoencoderFeatures)
        let autoencoder = PictureAutoencoder(image: image, channels: options.integer(.autoencoderChannels), features: features)
        self.autoencoder = autoencoder
        encoder = Network("encoder", inputs: [Port("images", image)]) { (inputs, scope) throws(GanError) in
            ["features": try autoencoder.encoder(inputs("images"), scope)]
        }
        decoder = Network("decoder", inputs: [Port("features", [features])]) { (inputs, scope) throws(GanError) in
            ["images": try autoencoder.decoder(inputs("features"), scope)]
        }
        let schedule = RateSchedule(
            options[Choices.rateSchedule], warmUp: Int64(options.integer(.rateWarmUp)), end: Int64(options.integer(.rateSteps)))
        optimiser = Adam(rate: options.real(.autoencoderRate), beta1: 0.9, beta2: 0.999, epsilon: 1e-8, schedule: schedule)
    }

    public var networks: [Network] { [encoder, decoder] }
    public var pixelRange: (low: Float, high: Float) { (-1, 1) }
    public static var possibleMetrics: [StepMetric] { metrics }
    public var metrics: [StepMetric] { Self.metrics }

    public var drawsPictures: Bool { false }
    public var sampling: Sampling { Sampling(encoder, [], output: "features") }

    public func step(_ s: StepBuilder) throws(GanError) {
        let images = try s.images(autoencoder.image)
        let features = try s.run(encoder, ["images": images])("features")
        let loss = try Reconstruction.squared(s.run(decoder, ["features": features])("images"), images)
        try s.minimise(loss, moving: [(encoder, optimiser), (decoder, optimiser)])
        try s.metric("autoencoder.loss", loss)
    }
}
