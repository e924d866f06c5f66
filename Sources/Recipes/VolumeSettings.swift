// What the recipes that make volumes share: their defaults, how a discriminator of volumes is played against, and how a volume is shown.

import Base
import Data
import Graph
import Networks
import Objectives

enum VolumeSettings {
    /// The discriminator's rate is nearer to the generator's than the paper's are (0.00001 and 0.0025), which take far more steps.
    static let defaults: [(Option, OptionValue)] = [
        (.batchSize, .integer(16)), (.latentSize, .integer(200)),
        (.generatorChannels, .integer(16)), (.discriminatorChannels, .integer(16)),
        (Choices.discriminatorActivation.option, .choice(ActivationKind.leakyRelu.rawValue)),
        (.generatorInitialDeviation, .real(0.02)), (.discriminatorInitialDeviation, .real(0.02)),
        (.generatorLearningRate, .real(2e-3)), (.discriminatorLearningRate, .real(2e-4)),
        (.generatorBeta1, .real(0.5)), (.discriminatorBeta1, .real(0.5)),
        (.averageDecay, .real(0.999)),
    ]

    /// Voxels are empty at 0 and full at 1.
    static let range: (low: Float, high: Float) = (0, 1)

    /// The input and the field that a volume is.
    static func port(_ volume: Shape) -> Port { Port(Field.volume, volume) }

    /// How the discriminator is played against.
    static func game(_ options: OptionValues, _ settings: AdversarialSettings, _ discriminator: Network, judgesApart: Bool) -> AdversarialGame {
        var game = AdversarialGame(settings: settings, discriminator: discriminator, judgesApart: judgesApart)
        let limit = options.real(.volumeAccuracy)
        if limit < 1 { game.accuracyLimit = Float(limit) }
        return game
    }

    // MARK: How a volume is shown

    /// Volumes [batch, x, y, z, channels] from the front, from the right and from above, [batch, rows, columns, 1] each. Of what is full along a
    /// line the nearest shows, and the nearer it is, the brighter. y is up.
    static func views(of volumes: Tensor) throws(GanError) -> [Tensor] {
        let (batch, depth, height, width) = (volumes.shape[0], volumes.shape[1], volumes.shape[2], volumes.shape[3])
        let voxels = try volumes.largest(axes: [4]).reshape([batch, depth, height, width])
        /// - Parameter isReversed: Whether the end of the axis is near.
        func along(_ axis: Int, isReversed: Bool = true) throws(GanError) -> Tensor {
            let length = voxels.shape[axis]
            var shape = [1, 1, 1, 1]
            shape[axis] = length
            let places = try volumes.graph.counting(length) * (0.75 / Float(max(length - 1, 1))) + 0.25
            return try (voxels * places.reshape(shape)).largest(axes: [axis])
        }
        let front = try along(3).reshape([batch, depth, height]).permute([0, 2, 1])
        let right = try along(1).reshape([batch, height, width])
        let above = try along(2).reshape([batch, depth, width]).permute([0, 2, 1])
        return [
            try front.turned(axis: 1).reshape([batch, height, depth, 1]),
            // From the right the front is on the left.
            try right.turned(axis: 1).turned(axis: 2).reshape([batch, height, width, 1]),
            try above.reshape([batch, width, depth, 1]),
        ]
    }
}

extension Tensor {
    /// [batch, rows, columns] with the order along an axis reversed.
    fileprivate func turned(axis: Int) throws(GanError) -> Tensor {
        let length = shape[axis]
        let exchange = try graph.identity(length).gather((graph.counting(length) * -1 + Float(length - 1)).reshape([length]))
        let all = try exchange.reshape([1, length, length]).broadcast(to: [shape[0], length, length])
        return axis == 1 ? try all.product(self) : try product(all)
    }
}

extension [Field] {
    /// The [depth, height, width, channels] of the volumes.
    /// - Throws: `.mismatch` where there are none.
    func volume(for recipe: String) throws(GanError) -> Shape {
        for field in self {
            if field.name == Field.volume, case .values(let axes) = field.kind, axes.count == 4 { return axes }
        }
        let found = first.map { ": they are \($0.sentence)" } ?? ""
        throw GanError(
            .mismatch,
            recipe == VolumeRecipe.name
                ? "The recipe '\(recipe)' learns from volumes, and the data have none\(found). Take an array [count, depth, height, width] or a folder of binvox files, and open it with data.items=volumes."
                : "The recipe '\(recipe)' learns from views with their volumes, and the data have no volumes\(found). Take a folder with the folders 'views' and 'volumes', whose files have equal names, and open it with data.items=views.")
    }
}
