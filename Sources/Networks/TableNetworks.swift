// The networks of tables: Xu et al., "Modeling tabular data using conditional GAN", 2019, 1907.00503, section 4.4.

import Base
import Graph

/// What a row of numbers is made of: so many numbers from −1 to 1, then choices, of which each is one of several.
public struct RowLayout: Sendable {
    public struct Choice: Sendable {
        public let start: Int
        public let count: Int

        public init(start: Int, count: Int) {
            self.start = start
            self.count = count
        }
    }

    public let quantities: Int
    public let choices: [Choice]
    public let width: Int

    public init(quantities: Int, choices: [Choice], width: Int) {
        self.quantities = quantities
        self.choices = choices
        self.width = width
    }
}

extension Tensor {
    /// So many columns of a matrix.
    public func columns(from start: Int, count: Int) throws(GanError) -> Tensor {
        try slice(starts: [0, start], counts: [shape[0], count])
    }
}

public struct TableNetworks: Sendable {
    public var layout: RowLayout
    public var generator: [Int]
    public var discriminator: [Int]
    public var generatorStyle: LayerStyle
    public var discriminatorStyle: LayerStyle
    public var slope: Float
    /// The share of numbers that the discriminator leaves out.
    public var dropout: Float
    /// τ of the Gumbel softmax.
    public var temperature: Float

    public init(
        layout: RowLayout, generator: [Int], discriminator: [Int], generatorStyle: LayerStyle, discriminatorStyle: LayerStyle, slope: Float,
        dropout: Float, temperature: Float
    ) {
        self.layout = layout
        self.generator = generator
        self.discriminator = discriminator
        self.generatorStyle = generatorStyle
        self.discriminatorStyle = discriminatorStyle
        self.slope = slope
        self.dropout = dropout
        self.temperature = temperature
    }

    /// Rows [batch, width] of what is given [batch, n], and the logits of their choices: fully connected layers with batch normalisation,
    /// each beside what it was given (equations of section 4.4).
    public func generate(_ given: Tensor, _ scope: Scope) throws(GanError) -> (rows: Tensor, logits: Tensor) {
        var h = given
        for (index, size) in generator.enumerated() {
            let layer = try Layers.dense(
                h, outputs: size, norm: .batch(BatchNorm(deviation: 0, keepsStatistics: true)), generatorStyle, scope[index]
            ).maximum(0)
            h = try Tensor.concatenate([layer, h], axis: 1)
        }
        let logits = try Layers.dense(h, outputs: layout.width, generatorStyle, scope[generator.count])
        var parts: [Tensor] = []
        if layout.quantities > 0 { parts.append(try logits.columns(from: 0, count: layout.quantities).tanh()) }
        if !layout.choices.isEmpty {
            // Jang et al., "Categorical reparameterization with Gumbel-softmax", 1611.01144, equations 1 and 2.
            let first = layout.quantities
            let uniform = try scope.noise(.uniform, [given.shape[0], layout.width - first], name: "gumbel") * (1 - 2e-7) + 1e-7
            let gumbel = try uniform.logarithm().negated().logarithm().negated()
            let noisy = try (logits.columns(from: first, count: layout.width - first) + gumbel) * (1 / temperature)
            for choice in layout.choices { parts.append(try noisy.columns(from: choice.start - first, count: choice.count).softmax(axis: 1)) }
        }
        return (parts.count == 1 ? parts[0] : try Tensor.concatenate(parts, axis: 1), logits)
    }

    /// One number for each pack of rows [packs, n].
    public func judge(_ rows: Tensor, _ scope: Scope) throws(GanError) -> Tensor {
        var h = rows
        for (index, size) in discriminator.enumerated() {
            let x = try Activation.leakyRelu(slope: slope)(Layers.dense(h, outputs: size, discriminatorStyle, scope[index]))
            h = try Dropout.apply(x, share: dropout, scope[index])
        }
        return try Layers.dense(h, outputs: 1, discriminatorStyle, scope[discriminator.count])
    }
}
