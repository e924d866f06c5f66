// A generator and a discriminator in training. State is parameters, moments and a step number, and every random choice
// is a function of the seed and that number: so a training that was saved and resumed goes on bit for bit, and so does one on
// another number of threads.

import Base
import Checkpoint
import Compute
import Data
import Graph
import Kernels
import Models
import Plan
import Synchronization

public final class Trainer: @unchecked Sendable {
    public enum Event: Sendable {
        case epoch
        case progress
    }

    /// As resolved: the image's size is filled in.
    public let options: OptionValues
    private let dataset: Dataset
    private let order: BatchOrder
    private let architecture: any Architecture
    private let adams: [Adam]
    let store: ParameterStore
    private let generatorParameters: [Parameter]
    private let discriminatorParameters: [Parameter]
    private let states: [Parameter]

    private let kernels: KernelTable
    private let executor: Executor
    private let batch: UnsafeMutablePointer<Float>
    private let batchFill: BatchFill?
    private let metrics: UnsafeMutablePointer<Float>
    private let adamScalars: [UnsafeMutablePointer<Float>]
    private let seed: UInt64

    /// How many steps have been made.
    public private(set) var stepCount: Int64 = 0
    private var imagesPerSecond = 0.0
    private let isCancelled = Atomic<Bool>(false)
    private let isRetired = Atomic<Bool>(false)

    /// A new training, with initial weights drawn from the seed.
    public convenience init(options: OptionValues, dataset: Dataset) throws(GanError) {
        var options = options
        try options.resolveImage(dataset.shape)
        try self.init(resolved: options, dataset: dataset)
        store.initialise(generatorParameters + discriminatorParameters + states, seed: seed, kernels: kernels)
    }

    /// Continues the training that a checkpoint holds.
    public convenience init(checkpoint path: String, overrides: OptionValues?, dataset: Dataset) throws(GanError) {
        let checkpoint = try Checkpoint.open(path: path)
        guard checkpoint.metadata.kind == .trainer else {
            throw GanError(
                .mismatch, "The file \"\(path)\" holds a generator only, which draws samples but cannot be trained on.")
        }
        var options = try OptionValues(checkpoint: checkpoint.metadata)
        if let overrides { options = try options.overridden(by: overrides) }
        let trained = try options.imageShape
        guard trained == dataset.shape else {
            throw GanError(
                .mismatch,
                "The file \"\(path)\" was trained on images of \(trained) (height × width × channels), and the dataset's are \(dataset.shape).")
        }
        // Beyond this, the numbers of steps and of latents would not be counted exactly.
        guard checkpoint.metadata.step <= 1 << 48 else {
            throw GanError(.badFormat, "The file \"\(path)\" claims \(checkpoint.metadata.step) steps of training, which nobody has made.")
        }
        try self.init(resolved: options, dataset: dataset)
        try store.read(from: checkpoint)
        stepCount = Int64(checkpoint.metadata.step)
    }

    private init(resolved options: OptionValues, dataset: Dataset) throws(GanError) {
        let batchSize = options.integer(.batchSize)
        guard dataset.count >= batchSize else {
            throw GanError(
                .badData,
                "The dataset has \(dataset.count) images, fewer than the \(batchSize) of a batch; set batch-size to at most \(dataset.count).")
        }
        self.options = options
        self.dataset = dataset
        seed = UInt64(options.integer(.seed))
        order = try BatchOrder(count: dataset.count, batch: batchSize, seed: seed, shuffles: options.flag(.dataShuffle))
        architecture = try options.architecture
        adams = [options.discriminatorAdam, options.generatorAdam]
        let step = try AdversarialStep(options)
        generatorParameters = step.generator
        discriminatorParameters = step.discriminator
        states = step.states
        let plan = try Planner.plan(step.updates, of: step.graph, inputs: [StepBuffer.batch])
        try AvailableMemory.check(plan.memoryCount * MemoryLayout<Float>.stride, for: "Training this network")

        var store = ParameterStore()
        for parameter in step.generator + step.discriminator + step.states { try store.add(parameter.name, parameter.shape, isSaved: true) }
        for parameter in step.generator + step.discriminator {
            try store.add(Adam.firstMoment(parameter.name), parameter.shape, isSaved: true)
            try store.add(Adam.secondMoment(parameter.name), parameter.shape, isSaved: true)
        }
        if let shape = plan.buffers[StepBuffer.batch] { try store.add(StepBuffer.batch, shape, isSaved: false) }
        metrics = try store.add(StepBuffer.metrics, [4], isSaved: false).pointer
        var scalars: [UnsafeMutablePointer<Float>] = []
        for adam in adams { scalars.append(try store.add(adam.scalarBuffer, [3], isSaved: false).pointer) }
        adamScalars = scalars
        self.store = store
        for index in 0..<4 { metrics[index] = .nan }

        kernels = KernelTable.selected
        let pool = ThreadPool(threads: options.threadCount)
        pool.start()
        executor = try Executor(plan, buffers: store.buffers, kernels: kernels, pool: pool)
        guard let batch = executor.inputs[StepBuffer.batch] ?? store.buffers[StepBuffer.batch]?.pointer else {
            throw GanError(.internalError, "The training step reads no batch.")
        }
        self.batch = batch
        batchFill = BatchFill(
            dataset, order: order, into: batch, low: architecture.pixelRange.low, high: architecture.pixelRange.high, kernels: kernels)
    }

    public var stepsPerEpoch: Int64 { Int64(order.stepsPerEpoch) }

    // MARK: Saving

    public func save(to path: String) throws(GanError) {
        let metadata = CheckpointMetadata(
            kind: .trainer, options: options.checkpointOptions, seed: seed, step: Int(stepCount))
        try Checkpoint.write(path: path, metadata: metadata, tensors: store.tensors)
    }

    /// A copy of the generator as it is now.
    public func snapshot() throws(GanError) -> Generator {
        try Generator(options: options, from: store, step: stepCount)
    }

    // MARK: Training

    /// Stops the run that is going on, from any thread. Without one it does nothing, for a run begins by forgetting it.
    public func cancel() { isCancelled.store(true, ordering: .releasing) }

    /// Stops the run that is going on, and any that another thread is about to begin: nobody wants this training any more.
    public func retire() { isRetired.store(true, ordering: .releasing) }

    /// Makes `count` steps.
    public func step(_ count: Int64) throws(GanError) {
        try train(steps: count, progress: nil)
    }

    /// Trains to the end of the `epochs`-th epoch from here.
    ///
    /// - Parameter progress: Called between steps, after every epoch and about twenty times a second; false stops.
    public func run(epochs: Int64, progress: ((Event) -> Bool)?) throws(GanError) {
        let (whole, overflow) = (stepCount / stepsPerEpoch).addingReportingOverflow(epochs)
        let (end, tooFar) = whole.multipliedReportingOverflow(by: stepsPerEpoch)
        guard !overflow, !tooFar else {
            throw GanError(.outOfRange, "\(epochs) epochs of \(stepsPerEpoch) steps are more than can be counted.")
        }
        try train(steps: end - stepCount, progress: progress)
    }

    private func train(steps: Int64, progress: ((Event) -> Bool)?) throws(GanError) {
        isCancelled.store(false, ordering: .releasing)
        let start = Clock.now()
        var lastProgress = start
        var made: Int64 = 0
        while made < steps {
            try makeStep()
            made += 1
            let now = Clock.now()
            imagesPerSecond = Double(made) * Double(order.batch) / max(now - start, 1e-9)
            try checkMetrics()
            if let progress {
                let isEpoch = stepCount % stepsPerEpoch == 0
                if isEpoch || now - lastProgress >= 0.05 {
                    lastProgress = now
                    guard progress(isEpoch ? .epoch : .progress) else {
                        throw GanError(.cancelled, "The progress callback stopped the training after step \(stepCount).")
                    }
                }
            }
            if isCancelled.load(ordering: .acquiring) || isRetired.load(ordering: .acquiring) {
                throw GanError(.cancelled, "The training was cancelled after step \(stepCount).")
            }
        }
    }

    private func makeStep() throws(GanError) {
        let rows = order.rows(step: stepCount)
        let prologue = batchFill?.prologue(rows)
        if prologue == nil {
            let (low, high) = architecture.pixelRange
            try dataset.copyBatch(rows: rows, into: batch, rangeLow: low, rangeHigh: high)
        }
        for (adam, scalars) in zip(adams, adamScalars) { adam.writeScalars(step: stepCount + 1, to: scalars) }
        // Latents are numbered over the whole training, so each step draws new ones.
        executor.run(seed: seed, firstRow: UInt64(stepCount) &* UInt64(order.batch), after: prologue)
        stepCount += 1
    }

    /// Trains on the last batch `runs` times with a clock in the step, which changes parameters and counts nothing: for looking
    /// at where the time goes, with a trainer that is thrown away afterwards.
    public func profile(runs: Int) throws(GanError) -> [StepProfile] {
        try executor.profile(seed: seed, firstRow: UInt64(stepCount) &* UInt64(order.batch), runs: runs)
    }

    private func checkMetrics() throws(GanError) {
        for index in 0..<2 where !metrics[index].isFinite {
            throw GanError(
                .diverged,
                "The training diverged at step \(stepCount): a loss is no longer a finite number. Go back to a checkpoint, and try a lower learning rate.")
        }
    }

    // MARK: Reading

    /// A copy of a saved buffer, by its name in a checkpoint: "generator.0.weight", "discriminator.1.bias.adam.m".
    public func values(of name: String) -> [Float]? { store.buffers[name].map { Array($0.buffer) } }

    public func metric(_ metric: Metric) -> Double {
        switch metric.kind {
        case .step: Double(stepCount)
        case .epoch: Double(stepCount / stepsPerEpoch)
        case .stepsPerEpoch: Double(stepsPerEpoch)
        case .imagesPerSecond: imagesPerSecond
        case .ofStep(let index): Double(metrics[index])
        }
    }
}
