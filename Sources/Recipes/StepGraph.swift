// The graph of one training step, and the few graphs that the steps of a training are: with cadences not all steps are alike.

import Base
import Graph
import Networks
import Plan

/// What happens at one step.
public struct StepGraph {
    /// What is run, in this order: one graph for the whole of the batch, or several (`StepParts.swift`).
    public let pieces: [StepPiece]
    /// What is learnt, network by network.
    public let parameters: [Parameter]
    /// What is followed rather than learnt, network by network.
    public let states: [Parameter]
    public let optimised: [OptimisedNetwork]
    /// Parameters and states that have a moving average.
    public let averaged: [Parameter]
    /// States of the training itself.
    public let ownStates: [Parameter]
    /// Numbers that change with the step.
    public let schedules: [StepSchedule]
    public let cadences: [Cadence]
    /// The places of the metrics that the step makes.
    public let metrics: [Int]

    /// - Parameter parts: Into how many equal parts the batch is cut.
    public init(_ recipe: some Recipe, batch: Int, parts: Int = 1, step: Int64) throws(GanError) {
        let networks = recipe.networks
        let names = recipe.metrics.map(\.name)
        var builder = StepBuilder(networks: networks, metrics: names, batch: batch / parts, step: step, part: parts == 1 ? nil : 0)
        try recipe.step(builder)
        if parts == 1 {
            let updates = try builder.finished(networks)
            pieces = [StepPiece(graph: builder.graph, updates: updates, fields: builder.fields, isRepeated: true)]
        } else {
            var inParts = StepParts(parts: parts)
            var number = 0
            while try inParts.add(builder, networks) {
                number += 1
                builder = StepBuilder(networks: networks, metrics: names, batch: batch / parts, step: step, part: number)
                try recipe.step(builder)
            }
            pieces = inParts.pieces
        }
        var (parameters, states, averaged): ([Parameter], [Parameter], [Parameter]) = ([], [], [])
        for network in networks {
            let state = try builder.state(network)
            parameters += state.parameters
            states += state.states
            if builder.averaged.contains(network.name) { averaged += state.parameters + state.states }
        }
        self.parameters = parameters
        self.states = states
        self.averaged = averaged
        ownStates = builder.ownStates
        schedules = builder.schedules
        optimised = builder.optimised
        cadences = builder.cadences
        metrics = builder.metricPlaces
    }
}

/// All graphs that steps of a training have.
public struct StepGraphs {
    /// One for every set of things that happen together at some step.
    public private(set) var graphs: [StepGraph] = []
    private var keys: [[Bool]] = []
    private var cadences: [Cadence] = []

    /// So many steps after each beginning or end are looked at, at the most.
    private static let longestPeriod: Int64 = 4096

    /// - Parameter parts: Into how many equal parts a batch is cut; what divides it.
    public init(_ recipe: some Recipe, batch: Int, parts: Int = 1) throws(GanError) {
        // A graph tells of cadences only where it asks for them, so the looking goes on until none is new.
        var known = -1
        while known != cadences.count {
            known = cadences.count
            graphs = []
            keys = []
            for step in try steps() {
                let key = cadences.map { $0.happens(at: step) }
                if keys.contains(key) { continue }
                let graph = try StepGraph(recipe, batch: batch, parts: parts, step: step)
                for cadence in graph.cadences where !cadences.contains(cadence) { cadences.append(cadence) }
                keys.append(cadences.map { $0.happens(at: step) })
                graphs.append(graph)
            }
        }
    }

    /// Which graph a step has.
    public func index(step: Int64) -> Int {
        if graphs.count == 1 { return 0 }
        return keys.firstIndex { key in zip(key, cadences).allSatisfy { $0 == $1.happens(at: step) } } ?? 0
    }

    /// Steps among which there is one of every kind.
    private func steps() throws(GanError) -> [Int64] {
        var period: Int64 = 1
        for cadence in cadences {
            period = period / Self.greatestCommonDivisor(period, cadence.interval) * cadence.interval
            guard period <= Self.longestPeriod else {
                throw GanError(
                    .outOfRange,
                    "The intervals of this training come together only every \(period) steps or more; choose intervals of which each divides the next.")
            }
        }
        var steps: Set<Int64> = []
        for start in Set([0] + cadences.flatMap { [$0.first, $0.end] }) where start < .max - period {
            for step in start..<start + period { steps.insert(step) }
        }
        return steps.sorted()
    }

    private static func greatestCommonDivisor(_ a: Int64, _ b: Int64) -> Int64 { b == 0 ? a : greatestCommonDivisor(b, a % b) }
}
