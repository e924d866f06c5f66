// One training step as one pure function of the state: the discriminator's update, then the generator's against the
// updated discriminator, on the same generated images. Because the new discriminator is a set of nodes like any other, no
// ordering has to be enforced by hand, and the generator runs forward once for both.

import Base
import Graph
import Models
import Plan

/// Streams of random numbers; a number once used is never given another meaning.
enum RandomStream {
    static let sampledLatents: UInt32 = 0
    static let trainingLatents: UInt32 = 1
    /// Plus the parameter's index over both networks, the generator's first.
    static let initialWeights: UInt32 = 1 << 16
}

enum StepBuffer {
    /// The batch of real images, [batch, pixels], in the generator's range.
    static let batch = "batch"
    /// The step's metrics: discriminator objective, generator objective, mean D(x), mean D(G(z)).
    static let metrics = "metrics"
}

public struct AdversarialStep {
    public let updates: [Update]
    public let graph: Graph
    public let generator: [Parameter]
    public let discriminator: [Parameter]
    /// What is followed rather than learnt, of both networks.
    public let states: [Parameter]

    /// The step that `options` describe, whose image size is resolved.
    public init(_ options: OptionValues) throws(GanError) {
        try self.init(
            options.architecture, loss: options.adversarialLoss, batch: options.integer(.batchSize), latents: options.latentDistribution,
            generatorAdam: options.generatorAdam, discriminatorAdam: options.discriminatorAdam)
    }

    init(
        _ architecture: any Architecture, loss: AdversarialLoss, batch: Int, latents distribution: LatentDistribution,
        generatorAdam: Adam, discriminatorAdam: Adam
    ) throws(GanError) {
        let graph = Graph()
        let generatorParameters = Parameters(of: "generator", in: graph)
        let discriminatorParameters = Parameters(of: "discriminator", in: graph)

        let latents = try distribution.latents(in: graph, stream: RandomStream.trainingLatents, batch, architecture.latentSize)
        let fake = try architecture.generate(latents, generatorParameters)
        let real = try graph.buffer(StepBuffer.batch, [batch, architecture.pixelCount])

        let realLogits: Tensor
        let fakeLogits: Tensor
        if architecture.judgesImagesApart {
            // Real and generated images go through the discriminator as one batch: the weights are read once.
            let logits = try architecture.discriminate(Tensor.concatenate([real, fake], axis: 0), discriminatorParameters)
            realLogits = try logits.slice(starts: [0, 0], counts: [batch, 1])
            fakeLogits = try logits.slice(starts: [batch, 0], counts: [batch, 1])
        } else {
            realLogits = try architecture.discriminate(real, discriminatorParameters)
            fakeLogits = try architecture.discriminate(fake, discriminatorParameters)
        }
        let discriminatorObjective = try loss.discriminatorObjective(real: realLogits, fake: fakeLogits)
        let (newDiscriminator, discriminatorUpdates) = try Self.maximise(
            discriminatorObjective, discriminatorParameters, discriminatorAdam)

        let judged = try architecture.discriminate(fake, Parameters(discriminatorParameters, values: newDiscriminator))
        let generatorObjective = try loss.generatorObjective(fake: judged)
        let (_, generatorUpdates) = try Self.maximise(
            generatorObjective, generatorParameters, generatorAdam, holding: newDiscriminator)

        let metrics = try Tensor.concatenate(
            [
                discriminatorObjective.reshape([1]), generatorObjective.reshape([1]), realLogits.sigmoid().mean().reshape([1]),
                fakeLogits.sigmoid().mean().reshape([1]),
            ], axis: 0)
        self.graph = graph
        generator = generatorParameters.list
        discriminator = discriminatorParameters.list
        states = generatorParameters.states + discriminatorParameters.states
        let stateUpdates = (generatorParameters.stateValues + discriminatorParameters.stateValues).map { Update($0.name, $0.value) }
        updates = discriminatorUpdates + generatorUpdates + stateUpdates + [Update(StepBuffer.metrics, metrics)]
    }

    private static func maximise(
        _ objective: Tensor, _ parameters: Parameters, _ adam: Adam, holding held: [Tensor] = []
    ) throws(GanError) -> (values: [Tensor], updates: [Update]) {
        let gradients = try objective.graph.gradient(of: objective.negated(), with: parameters.tensors, holding: held)
        return try adam.step(parameters, gradients: gradients)
    }
}

/// How latents are distributed.
enum LatentDistribution: String {
    case normal
    /// Uniform on −1 … 1.
    case uniform

    /// Fresh latents [rows, size]: row r is number (first row of the run + r) of the stream.
    func latents(in graph: Graph, stream: UInt32, _ rows: Int, _ size: Int) throws(GanError) -> Tensor {
        switch self {
        case .normal: try graph.random(.normal, stream: stream, [rows, size])
        case .uniform: try graph.random(.uniform, stream: stream, [rows, size]) * 2 - 1
        }
    }
}
