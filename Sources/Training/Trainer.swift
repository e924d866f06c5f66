// Networks in training. State is parameters, what optimisers keep, and a step number, and every random choice is a function of the seed
// and that number: so a training that was saved and resumed goes on bit for bit, and so does one on another number of threads.

import Base
import Checkpoint
import Compute
import Data
import Graph
import Kernels
import Networks
import Optimisers
import Plan
@_exported import Recipes
import Synchronization

public final class Trainer: @unchecked Sendable {
    public enum Event: Sendable {
        case epoch
        case progress
    }

    /// As resolved: the image's size is filled in.
    public let options: OptionValues
    let dataset: Dataset
    private let split: DataSplit
    /// Of the dataset's, by their numbers.
    private let orders: [BatchOrder]
    /// The fields of the data that its recipe makes use of.
    private let usedFields: [Field]
    /// What is measured of the networks between steps.
    private var progressMeasures: TrainingMeasures
    let recipe: any Recipe
    private let steps: StepGraphs
    let store: ParameterStore

    let kernels: KernelTable
    let pool: ThreadPool
    /// What is run in a step, for every kind of step.
    private let pieces: [[TrainingPiece]]
    /// Into how many parts a batch is cut.
    private let parts: Int
    /// How many floats lie between the first and the last operation of a step.
    public let intermediateCount: Int
    private let metrics: UnsafeMutablePointer<Float>
    private let metricNames: [String]
    /// Numbers of optimisers that change with the step.
    private let scalars: [(of: OptimisedNetwork, UnsafeMutablePointer<Float>)]
    private let schedules: [(StepSchedule, UnsafeMutablePointer<Float>)]
    let seed: UInt64

    /// Whether the images are those of before; of a new training they are.
    public private(set) var dataComparison = DataComparison.same
    private let watch: DivergenceWatch
    /// Once there, whatever would train on, save or draw throws it.
    private var divergence: GanError?
    /// The step after which everything was looked at last.
    private var watchedStep: Int64 = 0

    /// How many steps have been made.
    public private(set) var stepCount: Int64 = 0
    private var imagesPerSecond = 0.0
    private let isCancelled = Atomic<Bool>(false)
    private let isRetired = Atomic<Bool>(false)

    /// What makes the recipe that options name, for data with these fields.
    public typealias RecipeMaker = (OptionValues, [Field]) throws(GanError) -> any Recipe

    /// A new training, with initial weights drawn from the seed.
    public convenience init(
        options: OptionValues, dataset: Dataset, recipe: RecipeMaker = RecipeList.make
    ) throws(GanError) {
        let asked = options
        var options = options
        options.resolveRecipe(DataOutline(dataset))
        try options.resolveImage(dataset.shape)
        try options.resolvePreset(DataOutline(dataset))
        let judge = try options.resolveContent(dataset.shape)
        try self.init(resolved: options, asked: asked, dataset: dataset, recipe: recipe)
        try store.initialise(seed: seed, kernels: kernels)
        judge?.copyContent(into: store)
    }

    /// Continues the training that a checkpoint holds.
    public convenience init(checkpoint path: String, overrides: OptionValues?, dataset: Dataset) throws(GanError) {
        try self.init(Checkpoint.open(path: path), overrides: overrides, dataset: dataset)
    }

    /// Continues the training that a checkpoint in memory holds.
    public convenience init(bytes: UnsafeRawBufferPointer, overrides: OptionValues?, dataset: Dataset) throws(GanError) {
        try self.init(Checkpoint.parse(bytes: bytes), overrides: overrides, dataset: dataset)
    }

    private convenience init(_ checkpoint: Checkpoint, overrides: OptionValues?, dataset: Dataset) throws(GanError) {
        guard checkpoint.metadata.kind == .trainer else {
            throw GanError(
                .mismatch, "\(checkpoint.source) holds a generator only, which draws samples but cannot be trained on.")
        }
        var options = try OptionValues(checkpoint: checkpoint.metadata)
        if let overrides { options = try options.overridden(by: overrides) }
        let trained = try options.imageShape
        let fields = try [Field](checkpoint: checkpoint.metadata, image: trained)
        let dataset = try dataset.told(by: fields)
        guard trained == dataset.shape || fields.first?.name != dataset.fields[0].name else {
            throw GanError(
                .mismatch,
                "\(checkpoint.source) was trained on images of \(trained) (height × width × channels), and the dataset's are \(dataset.shape).")
        }
        for field in fields where !dataset.fields.contains(where: { $0.agrees(with: field) }) {
            let hasOtherRange = field.units != nil && dataset.fields.contains { $0.name == field.name && $0.units != field.units }
            throw GanError(
                .mismatch,
                "\(checkpoint.source) was trained on data with \(field.sentence), and the dataset has \(dataset.fields.map(\.sentence).joined(separator: ", "))."
                    + (hasOtherRange ? " Set data.minimum and data.maximum to the range that it was trained on." : ""))
        }
        // Beyond this, the numbers of steps and of latents would not be counted exactly.
        guard checkpoint.metadata.step <= 1 << 48 else {
            throw GanError(.badFormat, "\(checkpoint.source) claims \(checkpoint.metadata.step) steps of training, which nobody has made.")
        }
        try self.init(resolved: options, dataset: dataset)
        try store.read(from: checkpoint)
        if let name = store.firstNonFinite { throw .diverged(checkpoint, name) }
        stepCount = Int64(checkpoint.metadata.step)
        watchedStep = stepCount
        let record = checkpoint.metadata.others[DataRecord.metadataName].flatMap { DataRecord(text: $0) }
        dataComparison = record?.compared(with: DataRecord(dataset, usedFields)) ?? .unknown
        for (network, numbers) in scalars where network.cadence.count(after: stepCount) > 0 {
            network.optimiser.writeScalars(step: network.cadence.count(after: stepCount), to: numbers)
        }
        if stepCount > 0 { try measureHeldOut() }
    }

    /// - Parameter asked: The options of a new training as somebody set them, all of which have to do something.
    private init(
        resolved options: OptionValues, asked: OptionValues? = nil, dataset: Dataset, recipe make: RecipeMaker = RecipeList.make
    ) throws(GanError) {
        let batchSize = options.integer(.batchSize)
        let readers: OptionReaders
        (recipe, readers) = try options.make { (options) throws(GanError) in try make(options, dataset.fields) }
        split = try DataSplit(count: dataset.count, heldOut: recipe.heldOut, seed: UInt64(options.integer(.seed)))
        guard split.takenCount >= batchSize else {
            let held = split.heldOutCount > 0 ? " beside the \(split.heldOutCount) that are held out" : ""
            throw GanError(
                .badData,
                "The dataset has \(split.takenCount) images\(held), fewer than the \(batchSize) of a batch; set batch-size to at most \(split.takenCount).")
        }
        var options = options
        // Whoever asks how the data are read is told what was found to suit them.
        if dataset.isPatches { options.replace(.dataFit, with: .choice("patches")) }
        self.options = options
        self.dataset = dataset
        seed = UInt64(options.integer(.seed))
        progressMeasures = TrainingMeasures(options)
        parts = options.integer(.accumulate)
        steps = try StepGraphs(recipe, batch: batchSize, parts: parts)
        if let asked { try options.refuseUnread(asked, readers) }
        usedFields = dataset.fields(readBy: steps)
        try dataset.checkOrders(of: usedFields, type(of: recipe))
        orders = try dataset.batchOrders(batch: batchSize, seed: seed, shuffles: options.flag(.dataShuffle), split: split)
        var plans: [Plan] = []
        for piece in steps.graphs.flatMap(\.pieces) {
            plans.append(try Planner.plan(piece.updates, of: piece.graph, inputs: Set(piece.fields.map { StepBuilder.buffer(of: $0.name) })))
        }
        try AvailableMemory.check((plans.map(\.memoryCount).max() ?? 0) * MemoryLayout<Float>.stride, for: "Training this network")

        var store = ParameterStore()
        try store.add(steps)
        for (plan, piece) in zip(plans, steps.graphs.flatMap(\.pieces)) {
            let fields = piece.fields.map { StepBuilder.buffer(of: $0.name) }
            for (name, shape) in plan.buffers where store.buffers[name] == nil && (fields.contains(name) || StepParts.isSum(name)) {
                try store.add(name, shape, isSaved: false)
            }
        }
        metricNames = recipe.metrics.map(\.name)
        if let lost = metricNames.first(where: { Metric.find($0) == nil }) {
            throw GanError(.internalError, "The recipe tells '\(lost)' of its steps, which is not among its possibleMetrics.")
        }
        metrics = try store.add(StepBuilder.metricBuffer, [metricNames.count], isSaved: false).pointer
        for index in metricNames.indices { metrics[index] = .nan }
        var scalars: [(of: OptimisedNetwork, UnsafeMutablePointer<Float>)] = []
        for graph in steps.graphs {
            for network in graph.optimised where store.buffers[network.scalarBuffer] == nil {
                scalars.append((network, try store.add(network.scalarBuffer, [network.optimiser.scalarCount], isSaved: false).pointer))
            }
        }
        self.scalars = scalars
        var schedules: [(StepSchedule, UnsafeMutablePointer<Float>)] = []
        for schedule in steps.graphs.flatMap(\.schedules) where store.buffers[schedule.buffer] == nil {
            schedules.append((schedule, try store.add(schedule.buffer, [1], isSaved: false).pointer))
        }
        self.schedules = schedules
        self.store = store
        watch = DivergenceWatch(store.saved.map(\.name).filter { !$0.hasSuffix(".adam.m") }.compactMap { store.buffers[$0] })

        kernels = KernelTable.selected
        pool = ThreadPool(threads: options.threadCount)
        pool.start()
        // Pieces never run at the same time: they share the memory of what lies between.
        intermediateCount = plans.map(\.arenaCount).max() ?? 0
        let arena = plans.count > 1
            ? try AlignedBuffer<Float>(count: intermediateCount, often: true, for: "the intermediate values of a network") : nil
        var pieces: [[TrainingPiece]] = []
        for graph in steps.graphs {
            var own: [TrainingPiece] = []
            for piece in graph.pieces {
                let executor = try Executor(plans.removeFirst(), buffers: store.buffers, arena: arena, kernels: kernels, pool: pool)
                let data = try BatchData(dataset, orders: orders, fields: piece.fields, seed: seed, range: recipe.pixelRange, kernels: kernels) {
                    name in
                    executor.inputs[name] ?? store.buffers[name]?.pointer
                }
                own.append(TrainingPiece(executor: executor, data: data, runs: piece.isRepeated ? parts : 1))
            }
            pieces.append(own)
        }
        self.pieces = pieces
    }

    /// A graph of a step, with what it reads.
    private struct TrainingPiece {
        let executor: Executor
        let data: BatchData
        /// For how many parts of the batch it is run.
        let runs: Int
    }

    public var stepsPerEpoch: Int64 { Int64(orders[0].stepsPerEpoch) }

    // MARK: Saving

    /// - Throws: `.diverged` instead of writing a checkpoint that nobody can use over one that somebody can.
    public func save(to path: String) throws(GanError) {
        try checkEverything()
        try Checkpoint.write(path: path, metadata: metadata, tensors: store.tensors)
    }

    /// Finds out whether `save` would succeed, and leaves what there is as it is.
    public func checkSave(to path: String) throws(GanError) {
        try Checkpoint.tryToWrite(path: path, metadata: metadata, tensors: store.tensors)
    }

    /// How many bytes `save` writes.
    public var savedSize: Int { get throws(GanError) { try Checkpoint.size(metadata: metadata, tensors: store.tensors) } }

    /// Writes the bytes that `save` writes into a file.
    public func save(into destination: UnsafeMutableRawBufferPointer) throws(GanError) {
        try checkEverything()
        try Checkpoint.write(metadata: metadata, tensors: store.tensors, into: destination)
    }

    private var metadata: CheckpointMetadata {
        var metadata = options.checkpointMetadata(.trainer, fields: usedFields, step: stepCount)
        metadata.others[CheckpointMetadata.imagesName] = String(dataset.count)
        metadata.others[DataRecord.metadataName] = DataRecord(dataset, usedFields).text
        return metadata
    }

    /// A copy of the generator as it is now.
    public func snapshot() throws(GanError) -> Generator {
        try checkEverything()
        return try Generator(options: options, fields: usedFields, from: store, step: stepCount)
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
        try train(steps: end - stepCount, endsEarly: true, progress: progress)
    }

    /// - Parameter endsEarly: Whether the option evaluate.patience may end it before.
    private func train(steps: Int64, endsEarly: Bool = false, progress: ((Event) -> Bool)?) throws(GanError) {
        if let divergence { throw divergence }
        isCancelled.store(false, ordering: .releasing)
        let start = Clock.now()
        var lastProgress = start
        var made: Int64 = 0
        while made < steps {
            try makeStep()
            made += 1
            let now = Clock.now()
            imagesPerSecond = Double(made) * Double(orders[0].batch) / max(now - start, 1e-9)
            let isEpoch = stepCount % stepsPerEpoch == 0
            let tells = progress != nil && (isEpoch || now - lastProgress >= 0.05)
            try checkStep()
            if isEpoch { try endEpoch() }
            if let progress {
                if tells {
                    lastProgress = now
                    try checkEverything(unlessWithin: watch.period)
                    guard progress(isEpoch ? .epoch : .progress) else {
                        throw GanError(.cancelled, "The progress callback stopped the training after step \(stepCount).")
                    }
                }
            }
            if isEpoch, endsEarly, progressMeasures.isExhausted { break }
            if isCancelled.load(ordering: .acquiring) || isRetired.load(ordering: .acquiring) {
                throw GanError(.cancelled, "The training was cancelled after step \(stepCount).")
            }
        }
        if made >= watch.period { try checkEverything(unlessWithin: 1) }
    }

    private func makeStep() throws(GanError) {
        for (network, numbers) in scalars where network.cadence.happens(at: stepCount) {
            network.optimiser.writeScalars(step: network.cadence.count(after: stepCount + 1), to: numbers)
        }
        for (schedule, place) in schedules { place.pointee = Float(schedule.value(stepCount)) }
        for piece in pieces[steps.index(step: stepCount)] {
            let count = orders[0].batch / piece.runs
            for part in 0..<piece.runs {
                let prologue = try piece.data.fill(step: stepCount, part: part, of: piece.runs)
                // Latents are numbered over the whole training, so each step draws new ones.
                let first = UInt64(stepCount) &* UInt64(orders[0].batch) &+ UInt64(part * count)
                piece.executor.run(seed: seed, firstRow: first, after: prologue)
            }
        }
        stepCount += 1
    }

    /// Trains on the last batch `runs` times with a clock in the step, which changes parameters and counts nothing: for looking
    /// at where the time goes, with a trainer that is thrown away afterwards.
    public func profile(runs: Int) throws(GanError) -> [StepProfile] {
        guard let piece = pieces[steps.index(step: stepCount)].first else { return [] }
        return try piece.executor.profile(seed: seed, firstRow: UInt64(stepCount) &* UInt64(orders[0].batch), runs: runs)
    }

    /// Between the last step of an epoch and whoever is told of it: the networks are looked at, and nothing of them changes.
    private func endEpoch() throws(GanError) {
        try measureHeldOut()
        if recipe.drawsPictures, progressMeasures.isDue(epoch: stepCount / stepsPerEpoch) {
            try progressMeasures.evaluate(snapshot(), dataset, epoch: stepCount / stepsPerEpoch, threads: options.threadCount)
        }
    }

    /// How well pictures are known that no step sees.
    private func measureHeldOut() throws(GanError) {
        guard split.heldOutCount > 0 else { return }
        try checkEverything(unlessWithin: 1)
        let items = UnsafeBufferPointer(start: split.heldOut.pointer, count: split.heldOutCount)
        try progressMeasures.measureAccuracy(classifier(), dataset, items: items, threads: options.threadCount)
    }

    /// What judges in the evaluations of `evaluate.every`, instead of random features.
    /// - Throws: `.mismatch` for a classifier of other pictures or classes.
    public func setJudge(_ classifier: Classifier?) throws(GanError) {
        if let classifier { try classifier.checkJudges(dataset) }
        progressMeasures.judge = classifier
    }

    /// A copy of the classifier as it is now.
    public func classifier() throws(GanError) -> Classifier {
        try checkEverything()
        guard !recipe.drawsPictures else {
            throw GanError(.mismatch, "A training by the recipe '\(options.choice(.recipe))' has no classifier; gan_trainer_generator takes its generator.")
        }
        return try Classifier(options: options, fields: usedFields, from: store)
    }

    // MARK: Divergence

    /// After a step: its losses, and as much of what it changed as is cheap.
    private func checkStep() throws(GanError) {
        for index in steps.graphs[steps.index(step: stepCount - 1)].metrics where !metrics[index].isFinite {
            throw diverged("a loss is no longer a finite number")
        }
        if !watch.isFinite(after: stepCount) { try checkEverything() }
        if watch.period == 1 { watchedStep = stepCount }
    }

    /// Everything that a checkpoint holds, before it goes anywhere.
    /// - Parameter steps: Not again where fewer steps were made since everything was looked at.
    func checkEverything(unlessWithin steps: Int64 = 0) throws(GanError) {
        if let divergence { throw divergence }
        if stepCount - watchedStep < steps { return }
        if let name = store.firstNonFinite { throw diverged("\"\(name)\" has an element that is infinite or not a number") }
        watchedStep = stepCount
    }

    private func diverged(_ how: String) -> GanError {
        let error = GanError(
            .diverged,
            "The training diverged at step \(stepCount): \(how). Go back to a checkpoint, and try a lower learning rate.")
        divergence = error
        return error
    }

    // MARK: Reading

    /// A copy of a saved buffer, by its name in a checkpoint: "generator.0.weight", "discriminator.1.bias.adam.m".
    public func values(of name: String) -> [Float]? { store.buffers[name].map { Array($0.buffer) } }

    /// The names of all saved buffers, in a checkpoint's order.
    public var savedNames: [String] { store.saved.map(\.name) }

    /// What can be read of this training: what all have, and what its recipe's steps tell.
    public var metricList: [Metric] {
        Metric.all.filter { metric in
            switch metric.kind {
            case .ofStep: metricNames.contains(metric.name)
            case .measured: progressMeasures.has(metric.name, heldOut: split.heldOutCount > 0, draws: recipe.drawsPictures)
            case .rate(let name): movedNetwork(name) != nil
            default: true
            }
        } + ownMetrics
    }

    /// Those that only this training has: the rates of networks that no option is named by, and what is known of each of its tags.
    private var ownMetrics: [Metric] {
        var metrics: [Metric] = []
        for (network, _) in scalars where movedNetwork(options.choice(.recipe)) == nil {
            let rate = Metric.rate(of: network.network)
            if Metric.find(rate.name) == nil, !metrics.contains(where: { $0.name == rate.name }) { metrics.append(rate) }
        }
        if split.heldOutCount > 0 {
            for case .tags(let names, _) in usedFields.map(\.kind) { metrics += TrainingMeasures.tagMetrics(names) }
        }
        return metrics
    }

    /// The network of that name, as far as its optimiser goes. Some recipes have one rate for all of theirs, by the recipe's name.
    private func movedNetwork(_ name: String) -> (of: OptimisedNetwork, UnsafeMutablePointer<Float>)? {
        if let own = scalars.first(where: { $0.of.network == name }) { return own }
        return options.choice(.recipe) == name && Metric.find(Metric.rate(of: name).name) != nil ? scalars.first : nil
    }

    /// The metric of that name: one that every training might have, or this one's own.
    public func findMetric(_ name: String) -> Metric? { Metric.find(name) ?? ownMetrics.first { $0.name == name } }

    public func metric(_ metric: Metric) -> Double {
        switch metric.kind {
        case .step: Double(stepCount)
        case .epoch: Double(stepCount / stepsPerEpoch)
        case .stepsPerEpoch: Double(stepsPerEpoch)
        case .imagesPerSecond: imagesPerSecond
        case .rate(let name):
            // Of a network that has made a step.
            movedNetwork(name).flatMap { $0.of.cadence.count(after: stepCount) > 0 ? Double($0.1.pointee) : nil } ?? .nan
        case .measured: progressMeasures.values[metric.name] ?? .nan
        case .ofStep: metricNames.firstIndex(of: metric.name).map { Double(metrics[$0]) } ?? .nan
        }
    }
}
