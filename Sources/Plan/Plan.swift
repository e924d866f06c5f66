// What the planner makes of a graph: a flat list of steps over storages, ready to be bound to memory and run.
// Fused work exists only here, after differentiation, so it needs no gradient.

import Graph
import Kernels

/// A piece of memory: `storage` is an index into `Plan.storages`, `offset` counts floats.
public struct Location: Hashable, Sendable {
    public var storage: Int
    public var offset: Int
}

/// Memory that values live in.
public enum Storage: Hashable, Sendable {
    /// A place in the arena, shared over time with other values.
    case arena(offset: Int, count: Int)
    /// A named persistent buffer.
    case buffer(name: String, count: Int)
    /// The plan's constants.
    case constants(count: Int)

    public var count: Int {
        switch self {
        case .arena(_, let count), .buffer(_, let count), .constants(let count): count
        }
    }
}

/// One entry of the flat list.
public struct Step: Sendable {
    public var work: Work
    /// Whether the team must meet before this step, because it touches what another member may still be at.
    public var barrierBefore = false
    /// Work too small to share: the first member does it alone.
    public var alone = false
}

public enum Work: Sendable {
    case product(ProductWork)
    case elementwise(ElementwiseWork)
    case reduction(ReductionWork)
    case random(RandomWork)
    case copy(CopyWork)
    case fill(Location, count: Int, value: Float)
    case convolutionPacking(ConvolutionWork)
    case convolution(ConvolutionWork)
    case adam(AdamWork)
    case gather(GatherWork)
    case scatterAdd(GatherWork)
}

/// A matrix product with its write-back, repeated over a batch of equal matrices.
public struct ProductWork: Sendable {
    public var rows: Int
    public var columns: Int
    public var inner: Int
    public var transposeA: Bool
    public var transposeB: Bool
    public var batch = 1
    public var a: Location
    public var b: Location
    public var c: Location
    /// A is likely to have many zeros.
    public var skipsZeros = false
    public var accumulate = false
    public var bias: Location?
    public var activation = Activation.identity
    public var derivativeOf: Location?
    public var derivativeActivation = Activation.identity
    public var slope: Float = 0
    /// The step of Adam that the result is the gradient of; the result itself is not stored then.
    public var adam: AdamWork?
    /// With it the step of a bias, whose gradient is the sums of the columns of `b`.
    public var biasAdam: AdamWork?
}

public struct ElementwiseWork: Sendable {
    public struct Input: Hashable, Sendable {
        public var location: Location
        public var rowStride: Int
        public var columnStride: Int
    }
    public var rows: Int
    public var columns: Int
    public var inputs: [Input]
    public var operations: [ElementwiseOperation]
    public var outputs: [(location: Location, register: UInt8)]
    /// Registers summed over the rows, a partial sum a chunk: [chunks, columns].
    public var sums: [(location: Location, register: UInt8)] = []
    public var chunks = 1
}

public struct ReductionWork: Sendable {
    public var kind: ReductionKind
    public var outer: Int
    public var reduced: Int
    public var inner: Int
    public var x: Location
    public var y: Location
}

public struct RandomWork: Sendable {
    public var distribution: Distribution
    public var stream: UInt32
    public var rows: Int
    public var columns: Int
    public var y: Location
}

/// Element (i₀, i₁, …) of `shape` from x + Σ i · xStrides to y + Σ i · yStrides.
public struct CopyWork: Sendable {
    public var shape: [Int]
    public var x: Location
    public var xStrides: [Int]
    public var y: Location
    public var yStrides: [Int]

    public var count: Int { shape.reduce(1, *) }
}

public struct ConvolutionWork: Sendable {
    public var kind: ConvolutionKind
    public var geometry: ConvolutionGeometry
    /// The first operand, the second, and the result.
    public var a: Location
    public var b: Location
    public var y: Location
    /// Where a step before packs the weights to; of a weight gradient nothing is packed.
    public var packed: Location
    /// Into how many chunks a weight gradient is summed.
    public var chunks = 1
    // The write-back of the other two.
    public var bias: Location?
    public var activation = Activation.identity
    public var derivativeOf: Location?
    public var derivativeActivation = Activation.identity
    public var slope: Float = 0
}

/// Adam, in place; see `AdamArguments`. In a product's write-back there is no `gradient` in memory.
public struct AdamWork: Sendable {
    public var count: Int
    public var parameters: Location
    public var first: Location
    public var second: Location
    public var gradient: Location?
    public var scalars: Location
    public var beta1: Float
    public var beta2: Float
    public var complement1: Float
    public var complement2: Float
    public var epsilon: Float
}

/// table [entries, width], values [count, width], indices [count].
public struct GatherWork: Sendable {
    public var entries: Int
    public var width: Int
    public var count: Int
    public var table: Location
    public var values: Location
    public var indices: Location
}

/// The flat list and the memory it needs.
public struct Plan: Sendable {
    public internal(set) var steps: [Step] = []
    public internal(set) var storages: [Storage] = []
    /// How many floats the arena needs.
    public internal(set) var arenaCount = 0
    public internal(set) var constants: [Float] = []
    /// Inputs that have no buffer: they are to be written to the arena, before every run.
    public internal(set) var inputs: [String: Location] = [:]
    /// The persistent buffers, by name, with their shapes: what must be bound before the plan can run.
    public internal(set) var buffers: [String: Shape] = [:]

    /// How many floats the plan touches: its buffers and its arena. The verifier has bounded every tensor far below overflow;
    /// a sum beyond all memory is clamped.
    public var memoryCount: Int {
        let counts = buffers.values.map { $0.reduce(1, *) } + [arenaCount]
        let total = counts.reduce(0.0) { $0 + Double($1) }
        return total < 1e17 ? Int(total) : 1 << 56
    }
}

/// A persistent buffer's new value. All new values are functions of the old ones: whatever reads a buffer's node reads the
/// value from before the run, whatever reads the value's tensor reads the new one.
public struct Update {
    public let buffer: String
    public let value: Tensor

    public init(_ buffer: String, _ value: Tensor) {
        self.buffer = buffer
        self.value = value
    }
}
