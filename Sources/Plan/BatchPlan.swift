// A network planned for a batch of rows, to be run on any number of them (`BatchExecutor`): folded normalisation, normalised
// weights and whatever else depends on no input are taken out, into a plan of their own that is run once.

import Base
import Graph

public struct BatchPlan: Sendable {
    /// Makes the outputs of the inputs, the prepared values and the other buffers.
    public let plan: Plan
    /// Makes the prepared values; nil where there are none.
    public let preparation: Plan?
    /// Values that depend on no input: buffers that are filled once.
    public let prepared: [(name: String, shape: Shape)]
    public let inputs: [String]
    public let outputs: [String]
    /// How many rows the plan is for.
    public let rows: Int

    /// - Parameters:
    ///   - outputs: What is made, [rows · k, …] each, by the name of the buffer that receives it.
    ///   - inputs: Names of the buffers that hold what the rows are made of, all [rows, …].
    public init(_ outputs: [Update], of graph: Graph, inputs: [String], rows: Int) throws(GanError) {
        let (graph, made) = try Planner.withoutHolding(outputs, of: graph)
        let outputs = made
        let kinds = try RowAnalysis(outputs.map(\.value), of: graph, inputs: Set(inputs), rows: rows).kinds
        var isPrepared: Set<Int> = []
        for (id, kind) in kinds where kind == .rows {
            for operand in graph.nodes[id].operands where kinds[operand] != .rows {
                if let made = Self.made(operand, in: graph) { isPrepared.insert(made) }
            }
        }
        let order = isPrepared.sorted()
        let names = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, "prepared.\($0)") })
        prepared = order.map { (names[$0] ?? "", graph.nodes[$0].shape) }
        self.inputs = inputs
        self.outputs = outputs.map(\.buffer)
        self.rows = rows
        if order.isEmpty {
            preparation = nil
            plan = try Planner.plan(outputs, of: graph)
            return
        }
        let values = order.map { Update(names[$0] ?? "", Tensor(graph: graph, id: $0, shape: graph.nodes[$0].shape)) }
        preparation = try Planner.plan(values, of: graph)

        let (rest, copies) = try graph.copy(outputs.map(\.value), stoppingAt: isPrepared) { (id, _, rest) throws(GanError) in
            try names[id].map { (name) throws(GanError) in try rest.buffer(name, graph.nodes[id].shape) }
        }
        plan = try Planner.plan(zip(outputs, copies).map { Update($0.buffer, $1) }, of: rest)
    }

    /// The node whose value has to be made for a fixed operand of rows: views and repetitions of it cost nothing. Nil where it
    /// is in memory anyway.
    private static func made(_ id: Int, in graph: Graph) -> Int? {
        var id = id
        while true {
            switch graph.nodes[id].operation {
            case .buffer, .constant: return nil
            case .reshape, .broadcast: id = graph.nodes[id].operands[0]
            default: return id
            }
        }
    }
}
