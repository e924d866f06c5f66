// Uses a network on pictures of any size. Each size is planned once and kept; a picture whose intermediate values would take too much
// memory is made in tiles, which overlap by as much as a pixel depends on, so that none shows.

import Base
import Compute
import Data
import Graph
import Kernels
import Networks
import Plan
import Recipes

public final class Applier: @unchecked Sendable {
    public let generator: Generator
    public let application: Application
    private let kernels: KernelTable
    private let pool: ThreadPool
    /// The longest side of a tile, by an option; 0 for as large as memory allows.
    private let tile: Int
    /// What takes specks out of volumes, where something does.
    private let pieces: VolumePieces?
    /// The sizes that were used last, the latest at the end.
    private var planned: [Planned] = []
    /// How many sizes are kept, as long as together they stay within the limit of one: a film has one.
    private static let mostPlanned = 4
    /// Intermediate values of one picture take at most so many floats (256 MiB), unless it cannot be cut.
    private static let arenaLimit = 1 << 26
    /// Tiles are not cut smaller than this.
    private static let smallestTile = 32

    /// A network for pictures of one size.
    private struct Planned {
        let height, width: Int
        /// Floats of intermediate values.
        let arena: Int
        let executor: BatchExecutor
        let inputs: [AlignedBuffer<Float>]
        let output: AlignedBuffer<Float>

        func run(seed: UInt64) {
            for (index, buffer) in inputs.enumerated() {
                executor.inputs[index].values = UnsafePointer(buffer.pointer)
                executor.inputs[index].rows = 1
                executor.inputs[index].first = 0
            }
            executor.outputs[0] = output.pointer
            var run = BatchExecutor.Run(count: 1)
            run.seed = seed
            executor.run(run)
        }
    }

    /// A piece of a picture along one axis: where the network's window begins, and what of the picture is taken from it.
    private typealias Piece = (start: Int, core: Range<Int>)

    /// - Parameters:
    ///   - threads: 0 for all processors.
    ///   - tile: 0 for as large as memory allows.
    ///   - isReversed: Whether pictures are made of what the generator makes otherwise.
    ///   - smallestPiece: Of volumes, as a sampler has it.
    /// - Throws: `.mismatch` where the generator makes pictures of no pictures, or not that way.
    public init(generator: Generator, threads: Int, tile: Int, isReversed: Bool = false, smallestPiece: Double = 0) throws(GanError) {
        if isReversed, generator.application != nil, generator.reverseApplication == nil {
            throw GanError(
                .mismatch,
                "The option reverse is true, and a model of the recipe '\(generator.options.choice(.recipe))' makes pictures one way only; those of translation have a way back.")
        }
        guard let application = isReversed ? generator.reverseApplication : generator.application else {
            throw GanError(
                .mismatch,
                "This model is of the recipe '\(generator.options.choice(.recipe))', which makes pictures of numbers and not of pictures: draw from it with a sampler.")
        }
        self.generator = generator
        self.application = application
        pieces = try VolumePieces(application.volume?.axes ?? [], share: smallestPiece)
        self.tile = tile
        kernels = KernelTable.selected
        pool = ThreadPool(threads: threads == 0 ? ThreadPool.hardwareThreads : threads)
        pool.start()
    }

    /// The sides of what is made of a picture of these sides; of a volume the first two.
    public func sides(height: Int, width: Int) throws(GanError) -> (height: Int, width: Int) {
        guard (1...65536).contains(height), (1...65536).contains(width) else {
            throw GanError(.outOfRange, "A picture of \(height)×\(width) pixels; sides from 1 to 65536 are taken.")
        }
        if let volume = application.volume { return (volume.axes[0], volume.axes[1]) }
        if let only = application.sides, only.height != height || only.width != width {
            throw GanError(
                .mismatch,
                "This model takes pictures of \(only.height)×\(only.width) pixels alone, which it learnt from, and this one has \(height)×\(width).")
        }
        return (height * application.scale, width * application.scale)
    }

    /// Makes a picture of a picture. Noise in the network is that of sample 0 under `seed`.
    ///
    /// - Parameters:
    ///   - picture: [height, width, input channels], −1 … 1; of a network that reads several, those one behind the other.
    ///   - mask: [height, width], 0 where the picture stays and 1 where it is missing; nil for a network without.
    ///   - output: [height · scale, width · scale, output channels], −1 … 1.
    public func apply(
        _ picture: UnsafePointer<Float>, mask: UnsafePointer<Float>?, height: Int, width: Int, seed: UInt64,
        into output: UnsafeMutablePointer<Float>
    ) throws(GanError) {
        if let volume = application.volume { return try apply(volume, picture, height, width, seed: seed, into: output) }
        let (rows, columns) = (roundedUp(height), roundedUp(width))
        let plan = try self.plan(rows, columns)
        let (vertical, horizontal) = (cut(rows, plan.height), cut(columns, plan.width))
        let (channels, scale) = (application.channels, application.scale)
        let read = channels.input * max(application.frames, 1)
        for (startY, coreY) in vertical {
            for (startX, coreX) in horizontal {
                copy(picture, read, height, width, from: (startY, startX), plan, into: plan.inputs[0].pointer)
                if plan.inputs.count > 1, let mask {
                    copy(mask, 1, height, width, from: (startY, startX), plan, into: plan.inputs[1].pointer)
                }
                plan.run(seed: seed)
                // What was made of pixels beyond the picture is left out.
                let made = (min(coreX.upperBound, width) - coreX.lowerBound) * scale * channels.output
                if made <= 0 { continue }
                for y in coreY.lowerBound * scale..<max(min(coreY.upperBound, height), coreY.lowerBound) * scale {
                    let line = plan.output.pointer + ((y - startY * scale) * plan.width * scale + (coreX.lowerBound - startX) * scale) * channels.output
                    (output + (y * width * scale + coreX.lowerBound * scale) * channels.output).update(from: line, count: made)
                }
            }
        }
    }

    /// Makes a volume of a picture, of which it takes the centre, scaled so that it covers what networks have learnt from.
    ///
    /// - Parameters:
    ///   - seed: 0 for the likeliest volume, others for what else the picture may show.
    ///   - output: As the volume's axes, −1 … 1 for empty and full.
    private func apply(
        _ volume: Application.Volume, _ picture: UnsafePointer<Float>, _ height: Int, _ width: Int, seed: UInt64,
        into output: UnsafeMutablePointer<Float>
    ) throws(GanError) {
        let sides = application.sides ?? (height, width)
        let plan: Planned
        if let known = known(sides.height, sides.width) { plan = known } else { plan = try planOfVolume(volume, sides.height, sides.width) }
        let read = plan.inputs[0]
        if sides.height == height, sides.width == width {
            read.pointer.update(from: picture, count: read.count)
        } else {
            try Resample.cover(
                from: picture, height: height, width: width, to: read.pointer,
                ImageShape(height: sides.height, width: sides.width, channels: application.channels.input))
        }
        let scale = (volume.range.high - volume.range.low) / 2
        for i in 0..<read.count { read.pointer[i] = (read.pointer[i] + 1) * scale + volume.range.low }
        plan.inputs[1].pointer[0] = seed == 0 ? 0 : 1
        plan.run(seed: seed)
        pieces?.leaveOut(of: plan.output.pointer, count: 1, level: (volume.range.low + volume.range.high) / 2, empty: volume.range.low)
        for i in 0..<plan.output.count { output[i] = (plan.output.pointer[i] - volume.range.low) / scale - 1 }
    }

    /// Says which frames follow, each of those before it, its own included.
    ///
    /// - Parameters:
    ///   - frames: [given, height, width, channels], −1 … 1, of which the last ones are read.
    ///   - output: [count, height, width, channels], −1 … 1.
    /// - Throws: `.mismatch` for a network that reads no frames, `.outOfRange` for too few of them.
    public func predict(
        _ frames: UnsafePointer<Float>, given: Int, height: Int, width: Int, count: Int, seed: UInt64, into output: UnsafeMutablePointer<Float>
    ) throws(GanError) {
        let (past, channels) = (application.frames, application.channels.output)
        let pixels = try Sizes.product(height, width, of: "a frame")
        let size = try Sizes.product(pixels, channels, of: "a frame")
        let read = try AlignedBuffer<Float>(count: Sizes.product(size, past, of: "frames"), for: "frames")
        for next in 0..<count {
            // The last frames of what was given and of what was made of it, as channels.
            for place in 0..<past {
                let index = given - past + next + place
                let from = index < given ? frames + index * size : UnsafePointer(output) + (index - given) * size
                for pixel in 0..<pixels {
                    for channel in 0..<channels {
                        read.pointer[(pixel * past + place) * channels + channel] = from[pixel * channels + channel]
                    }
                }
            }
            try apply(read.pointer, mask: nil, height: height, width: width, seed: seed, into: output + next * size)
        }
    }

    /// What was made as bytes, as a sampler's: black is 0 and white 255, and what is no number black.
    public func quantize(_ picture: UnsafePointer<Float>, count: Int, into bytes: UnsafeMutablePointer<UInt8>) {
        kernels.quantize(picture, bytes, count, 127.5, 127.5)
    }

    private func roundedUp(_ side: Int) -> Int { (side + application.multiple - 1) / application.multiple * application.multiple }

    /// A window of the picture, continued by the pixels at its edges.
    private func copy(
        _ picture: UnsafePointer<Float>, _ channels: Int, _ height: Int, _ width: Int, from start: (y: Int, x: Int), _ plan: Planned,
        into window: UnsafeMutablePointer<Float>
    ) {
        for y in 0..<plan.height {
            let line = picture + min(start.y + y, height - 1) * width * channels
            let target = window + y * plan.width * channels
            let there = max(0, min(plan.width, width - start.x))
            target.update(from: line + min(start.x, width - 1) * channels, count: there * channels)
            for x in there..<plan.width {
                (target + x * channels).update(from: line + (width - 1) * channels, count: channels)
            }
        }
    }

    // MARK: Sizes

    /// The pieces along a side whose windows have `window` pixels.
    private func cut(_ side: Int, _ window: Int) -> [Piece] {
        if window >= side { return [(0, 0..<side)] }
        var pieces: [Piece] = []
        var from = 0
        while from < side {
            let start = min(max(from - overlap, 0), side - window)
            // The first and the last reach to the picture's edge.
            let end = start == side - window ? side : min(start + window - overlap, side)
            pieces.append((start, from..<end))
            from = end
        }
        return pieces
    }

    /// What a pixel depends on, as whole steps of the network's coarsest grid.
    private var overlap: Int { roundedUp(application.reach ?? 0) }

    /// A network for the picture, or for tiles of it.
    private func plan(_ height: Int, _ width: Int) throws(GanError) -> Planned {
        var (rows, columns) = (height, width)
        if application.reach != nil {
            func limited(_ side: Int, to tile: Int) -> Int { min(side, roundedUp(tile) + 2 * overlap) }
            if tile > 0 { (rows, columns) = (limited(height, to: tile), limited(width, to: tile)) }
            var largest = max(rows, columns)
            if let known = known(rows, columns) { return known }
            while largest > Self.smallestTile, tile == 0 {
                let network = try batchPlan(rows, columns)
                if network.plan.arenaCount <= Self.arenaLimit { return try bound(network, rows, columns) }
                largest = largest / 2
                let (fewer, narrower) = (limited(height, to: largest), limited(width, to: largest))
                if fewer == rows && narrower == columns { continue }
                (rows, columns) = (fewer, narrower)
                if let known = known(rows, columns) { return known }
            }
        } else if let known = known(rows, columns) {
            return known
        }
        return try bound(batchPlan(rows, columns), rows, columns)
    }

    private func known(_ height: Int, _ width: Int) -> Planned? {
        guard let index = planned.firstIndex(where: { $0.height == height && $0.width == width }) else { return nil }
        let found = planned.remove(at: index)
        planned.append(found)
        return found
    }

    private func batchPlan(_ height: Int, _ width: Int) throws(GanError) -> BatchPlan {
        let ports = application.network.inputs.map { Port($0.name, [height, width] + $0.shape.dropFirst(2)) }
        let network = application.network.taking(ports)
        let state = NetworkState(of: network.name, in: Graph(), for: .sampling)
        let results = try network(Generator.inputs(of: network, rows: 1, in: state.graph), in: state)
        return try BatchPlan(
            [Update(application.output, results(application.output))], of: state.graph, inputs: ports.map(\.name), rows: 1)
    }

    private func planOfVolume(_ volume: Application.Volume, _ height: Int, _ width: Int) throws(GanError) -> Planned {
        let graph = Graph()
        let outputs = try volume.sampling.run(rows: 1, in: graph).outputs
        let ports = volume.sampling.encoder?.network.inputs ?? []
        let network = try BatchPlan(
            [Update(application.output, outputs(application.output))], of: graph, inputs: ports.map(\.name), rows: 1)
        try AvailableMemory.check(Sizes.product(network.plan.memoryCount, MemoryLayout<Float>.stride, of: "a volume"), for: "A volume")
        let inputs = try ports.map { (port) throws(GanError) in try AlignedBuffer<Float>(count: Sizes.product(port.shape, of: "a picture"), for: "a picture") }
        let made = Planned(
            height: height, width: width, arena: network.plan.arenaCount,
            executor: try BatchExecutor(network, buffers: generator.store.buffers, kernels: kernels, pool: pool), inputs: inputs,
            output: try AlignedBuffer(count: Sizes.product(volume.axes, of: "a volume"), for: "a volume"))
        planned.append(made)
        return made
    }

    private func bound(_ network: BatchPlan, _ height: Int, _ width: Int) throws(GanError) -> Planned {
        try AvailableMemory.check(
            Sizes.product(network.plan.memoryCount, MemoryLayout<Float>.stride, of: "a picture"), for: "A picture of \(height)×\(width) pixels")
        let arena = network.plan.arenaCount
        while planned.count >= Self.mostPlanned || (!planned.isEmpty && planned.reduce(arena) { $0 + $1.arena } > Self.arenaLimit) { planned.removeFirst() }
        var inputs: [AlignedBuffer<Float>] = []
        for port in application.network.inputs {
            inputs.append(try AlignedBuffer(count: Sizes.product([height, width] + port.shape.dropFirst(2), of: "a picture"), for: "a picture"))
        }
        let (scale, channels) = (application.scale, application.channels.output)
        let made = Planned(
            height: height, width: width, arena: arena,
            executor: try BatchExecutor(network, buffers: generator.store.buffers, kernels: kernels, pool: pool), inputs: inputs,
            output: try AlignedBuffer(count: Sizes.product([height, scale, width, scale, channels], of: "a picture"), for: "a picture"))
        planned.append(made)
        return made
    }
}
