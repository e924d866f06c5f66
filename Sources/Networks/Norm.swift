// What stands behind a layer's linear map, in front of its activation.

import Base
import Graph

public enum Norm {
    /// + `bias` [channels], which begins at 0.
    case bias
    /// Nothing: what follows makes a bias useless, or the network wants none.
    case nothing
    /// Batch normalisation; see `BatchNorm`.
    case batch(BatchNorm)
    /// Batch normalisation with a gain and an offset for every class (de Vries et al. 1707.00683; Miyato & Koyama 1802.05637).
    case batchByClass(BatchNorm, labels: Tensor, classes: Int)
    /// Over the positions of each channel of each item (Ulyanov et al. 1607.08022).
    case instance
    /// Over all numbers of an item (Ba et al. 1607.06450), with a gain and an offset for every channel.
    case layer

    private static let epsilon: Float = 1e-5

    /// Applies a linear map with what follows it.
    ///
    /// - Parameters:
    ///   - weight: What `map` multiplies by; its axis `outputAxis` are the channels.
    ///   - map: The linear map.
    func apply(weight: Tensor, outputAxis: Int, _ scope: Scope, _ map: (Tensor) throws(GanError) -> Tensor) throws(GanError) -> Tensor {
        let channels = weight.shape[outputAxis]
        switch self {
        case .nothing: return try map(weight)
        case .bias: return try map(weight) + scope.parameter("bias", [channels], .constant(0))
        case .batch(let norm): return try norm.apply(weight: weight, outputAxis: outputAxis, scope, map)
        case .batchByClass(let norm, let labels, let classes):
            let x = try norm.normalise(weight: weight, outputAxis: outputAxis, scope, map)
            let shape = [x.shape[0]] + x.shape.dropFirst().dropLast().map { _ in 1 } + [channels]
            let gain = try scope.parameter("gamma", [classes, channels], .normal(mean: 1, deviation: norm.deviation)).gather(labels)
            let offset = try scope.parameter("beta", [classes, channels], .constant(0)).gather(labels)
            return try x * gain.reshape(shape) + offset.reshape(shape)
        case .instance:
            let x = try map(weight)
            return try Norm.affine(Norm.standardised(x, over: Array(x.shape.indices.dropFirst().dropLast())), channels, scope)
        case .layer:
            let x = try map(weight)
            return try Norm.affine(Norm.standardised(x, over: Array(x.shape.indices.dropFirst())), channels, scope)
        }
    }

    /// Normalises what stands behind no linear map of its own: a sum, an activation. A bias is for linear maps alone.
    func apply(to x: Tensor, _ scope: Scope) throws(GanError) -> Tensor {
        switch self {
        case .bias, .nothing: return x
        case .batch, .batchByClass, .instance, .layer:
            // As if behind a multiplication by 1.
            let one = try scope.graph.constant(1, [x.shape[x.rank - 1]])
            return try apply(weight: one, outputAxis: 0, scope) { (weight) throws(GanError) in try x * weight }
        }
    }

    /// (x − mean) / √(variance + ε), both over `axes`.
    static func standardised(_ x: Tensor, over axes: [Int]) throws(GanError) -> Tensor {
        let centred = try x - x.mean(axes: axes)
        return try centred / (centred.squared().mean(axes: axes) + epsilon).squareRoot()
    }

    private static func affine(_ x: Tensor, _ channels: Int, _ scope: Scope) throws(GanError) -> Tensor {
        try x * scope.parameter("gamma", [channels], .constant(1)) + scope.parameter("beta", [channels], .constant(0))
    }
}

/// The norms that an option names.
public enum NormKind: String, CaseIterable, Sendable {
    case batch
    case batchByClass = "batch-by-class"
    case instance
    case layer
    case none

    /// Whether an item's numbers depend on the others of its batch.
    var mixesItems: Bool { self == .batch || self == .batchByClass }

    /// Whether, in a finished network, a number depends on those of its own place only.
    public var isLocal: Bool { self != .instance && self != .layer }

    /// - Parameter deviation: The standard deviation of batch normalisation's initial gains.
    func norm(deviation: Float, keepsStatistics: Bool, _ condition: Condition) -> Norm {
        let batch = BatchNorm(deviation: deviation, keepsStatistics: keepsStatistics)
        switch self {
        case .batch: return .batch(batch)
        case .batchByClass: return condition.classes.map { .batchByClass(batch, labels: $0.labels, classes: $0.count) } ?? .batch(batch)
        case .instance: return .instance
        case .layer: return .layer
        case .none: return .bias
        }
    }
}
