// Products and convolutions that need not be made twice.
//
// The gradient writes a pass of its own for everything that is differentiated. Under a penalty on the slope of a network, which is a
// gradient itself (R1 and R2: Mescheder et al. 1801.04406), there are passes that differ in one number an item:
//
//     of the penalty    h = ∂(Σ l)/∂x, layer by layer from ones
//     of the loss       δ, layer by layer from s = ∂L/∂l, a number for every item: δ = s · h
//
// A linear map f that keeps items apart has f(s · h) = s · f(h), so every layer of δ is the penalty's h with a factor, and its pass
// falls away. What both passes give a layer's weights has one operand in common then:
//
//     W(t, h) + W(x, s · h) = W(t + s · x, h)          W: the gradient to the weights, linear in either operand
//
// So the update takes four passes' work (forwards, h, t, weights) in place of six. The rules below know nothing of networks: they carry
// a factor along for as long as what is left is there already, and join sums of products that have an operand in common. A graph in
// which this saves nothing is left as it is, node for node.

import Base

extension Graph {
    /// Values equal to `roots` (up to rounding) for fewer multiplications, and their graph.
    public func sharingWork(of roots: [Tensor]) throws(GanError) -> (graph: Graph, roots: [Tensor]) {
        var sharing = SharedWork(self, roots)
        let result = try sharing.run()
        return try sharing.graph.multiplyAdds(behind: result) < multiplyAdds(behind: roots) ? (sharing.graph, result) : (self, roots)
    }

    /// How many multiply-adds the products and convolutions take that `roots` need, as if padding were multiplied too.
    public func multiplyAdds(behind roots: [Tensor]) throws(GanError) -> Int {
        var total = 0
        for id in reachable(from: roots) {
            let node = nodes[id]
            let shapes = node.operands.map { nodes[$0].shape }
            let factors: Shape
            switch node.operation {
            case .matrixProduct(let transposeA, _): factors = node.shape + [shapes[0][shapes[0].count - (transposeA ? 2 : 1)]]
            case .convolution: factors = node.shape + shapes[1].dropLast()
            case .convolutionInputGradient: factors = shapes[0] + shapes[1].dropLast()
            case .convolutionWeightGradient: factors = shapes[1] + node.shape.dropLast()
            default: continue
            }
            total = try Sizes.sum(total, Sizes.product(factors, of: "a product"), of: "products")
        }
        return total
    }
}

struct SharedWork {
    /// A product or a convolution in one of its operands.
    private struct Linear {
        var operation: Operation
        var left: Tensor
        var right: Tensor
        /// A factor of every item, of the sum over the items that this is: [items].
        var scale: Tensor?
        var shape: Shape
    }

    /// A summand, which nothing but the sum needs.
    private enum Term {
        /// A node of the old graph.
        case node(Int)
        case linear(Linear)
    }

    /// An old node's value in the new graph: scale · core.
    private struct Form {
        /// A number for every item, [items].
        var scale: Tensor
        var core: Tensor
    }

    private let old: Graph
    private let roots: [Tensor]
    let graph = Graph()
    private var values: [Int: Tensor] = [:]
    private var forms: [Int: Form] = [:]
    private var linears: [Int: Linear] = [:]
    private var terms: [Int: [Term]] = [:]
    private var joined: Set<Int> = []
    /// The nodes of the new graph that are needed anyway.
    private var made: Set<Int> = []
    private var uses: [Int]
    /// Of what is used once, by what.
    private var user: [Int]

    init(_ old: Graph, _ roots: [Tensor]) {
        self.old = old
        self.roots = roots
        uses = [Int](repeating: 0, count: old.nodes.count)
        user = uses
        for id in old.reachable(from: roots) {
            for operand in old.nodes[id].operands {
                uses[operand] += 1
                user[operand] = id
            }
        }
        for root in roots { uses[root.id] += 1 }
    }

    mutating func run() throws(GanError) -> [Tensor] {
        for id in old.reachable(from: roots) {
            try visit(id)
            // What is not to be shared is made in its turn, so that later nodes find it.
            if forms[id] == nil && linears[id] == nil && !joined.contains(id) { _ = try value(id) }
        }
        var results: [Tensor] = []
        for root in roots { results.append(try value(root.id)) }
        return results
    }

    /// The node's value by itself. Without recursion: a graph may be deep.
    private mutating func value(_ id: Int) throws(GanError) -> Tensor {
        var stack = [id]
        while let next = stack.last {
            if values[next] == nil {
                let missing = needs(next).filter { values[$0] == nil }
                if !missing.isEmpty {
                    stack += missing
                    continue
                }
                values[next] = try make(next)
            }
            stack.removeLast()
        }
        guard let result = values[id] else { throw GanError(.internalError, "A node without a value.") }
        made.insert(result.id)
        return result
    }

    private func needs(_ id: Int) -> [Int] {
        if forms[id] != nil { return [] }
        guard joined.contains(id), let all = terms[id] else { return old.nodes[id].operands }
        return all.compactMap { if case .node(let other) = $0 { other } else { nil } }
    }

    /// Of values that are there.
    private mutating func make(_ id: Int) throws(GanError) -> Tensor {
        let node = old.nodes[id]
        if let form = forms[id] { return try scaled(form.core, form.scale) }
        guard joined.contains(id), let all = terms[id] else {
            let result = try graph.add(node.operation, node.operands.compactMap { values[$0] }, shape: node.shape)
            made.insert(result.id)
            return result
        }
        var sum: Tensor?
        for term in all {
            var next: Tensor
            switch term {
            case .node(let other): next = try value(other)
            case .linear(let linear): next = try graph.add(linear.operation, [scaled(linear.left, linear.scale), linear.right], shape: linear.shape)
            }
            made.insert(next.id)
            if let before = sum { next = try before + next }
            sum = next
        }
        guard let sum else { throw GanError(.internalError, "A sum of nothing.") }
        made.insert(sum.id)
        return sum
    }

    /// The value as a factor of every item and the rest; nil where the node has none.
    private mutating func form(_ id: Int) throws(GanError) -> Form? {
        if let form = forms[id] { return form }
        let shape = old.nodes[id].shape
        guard let items = shape.first, items > 1, shape.dropFirst().allSatisfy({ $0 == 1 }) else { return nil }
        if case .constant = old.nodes[id].operation { return nil }
        return Form(scale: try value(id).reshape([items]), core: try graph.constant(1, shape))
    }

    private mutating func core(_ form: Form?, _ id: Int) throws(GanError) -> Tensor {
        if let form { return form.core }
        return try value(id)
    }

    private func product(_ a: Tensor?, _ b: Tensor?) throws(GanError) -> Tensor? {
        guard let a, let b else { return a ?? b }
        return try a * b
    }

    private func scaled(_ x: Tensor, _ scale: Tensor?) throws(GanError) -> Tensor {
        guard let scale else { return x }
        return try x * scale.reshape([scale.elementCount] + x.shape.dropFirst().map { _ in 1 })
    }

    // MARK: Factors

    private mutating func visit(_ id: Int) throws(GanError) {
        let node = old.nodes[id]
        guard let items = node.shape.first else { return }
        let operands = node.operands
        /// The items stay outermost.
        func keepsItems() -> Bool { old.nodes[operands[0]].shape.first == items }
        switch node.operation {
        case .unary(.negate): try carry(id, all: false)
        case .permute(let order): if order.first == 0 { try carry(id, all: false) }
        case .reshape, .broadcast: if keepsItems() { try carry(id, all: false) }
        case .slice(let starts, let strides): if keepsItems() && starts[0] == 0 && strides[0] == 1 { try carry(id, all: false) }
        case .pad(let before, let interior): if keepsItems() && before[0] == 0 && interior[0] == 0 { try carry(id, all: false) }
        case .concatenate(let axis): if axis > 0 { try carry(id, all: true) }
        case .binary(.add):
            try join(id)
            if !joined.contains(id) { try carry(id, all: true) }
        case .binary(.subtract), .select: try carry(id, all: true)
        case .binary(.multiply): try carryProduct(id)
        case .binary(.divide): if forms[operands[1]] == nil { try carry(id, all: false) }
        case .sum(let axes): try carrySum(id, axes)
        case .matrixProduct(let transposeA, _):
            if node.shape.count > 2 {
                try carryProduct(id)
            } else if transposeA {
                try takeLinear(id)
            } else if forms[operands[1]] == nil {
                try carry(id, all: false)
                try takeLinear(id)
            }
        case .convolution, .convolutionInputGradient:
            if forms[operands[1]] == nil {
                try carry(id, all: false)
                try takeLinear(id)
            }
        case .convolutionWeightGradient: try takeLinear(id)
        default: break
        }
    }

    /// Takes the factor of the first operand, or of `all` that are not 0 where it is the same, to be one of the result, if the node
    /// without it is there already.
    private mutating func carry(_ id: Int, all: Bool) throws(GanError) {
        let node = old.nodes[id]
        var scale: Tensor?
        var cores: [Tensor] = []
        for (index, operand) in node.operands.enumerated() {
            // What a choice is made by has no factor; neither have weights.
            let isLinear = all ? !(index == 0 && node.operation == .select) : index == 0
            if isLinear && all, case .constant(0) = old.nodes[operand].operation {
                cores.append(try value(operand))
            } else if isLinear {
                guard let form = all ? forms[operand] : try form(operand), scale == nil || scale?.id == form.scale.id else { return }
                scale = form.scale
                cores.append(form.core)
            } else {
                cores.append(try value(operand))
            }
        }
        if let scale { try keep(id, scale, cores) }
    }

    /// The same of an operation that is linear in both operands.
    private mutating func carryProduct(_ id: Int) throws(GanError) {
        let node = old.nodes[id]
        let (a, b) = (forms[node.operands[0]], forms[node.operands[1]])
        guard let scale = try product(a?.scale, b?.scale) else { return }
        try keep(id, scale, [core(a, node.operands[0]), core(b, node.operands[1])])
    }

    private mutating func keep(_ id: Int, _ scale: Tensor, _ operands: [Tensor]) throws(GanError) {
        let core = try graph.add(old.nodes[id].operation, operands, shape: old.nodes[id].shape)
        if core.constantValue != nil || made.contains(core.id) { forms[id] = Form(scale: scale, core: core) }
    }

    /// A sum over other axes keeps the factor. One over the items and more sums everything else first, so that what has the factor
    /// need not be made.
    private mutating func carrySum(_ id: Int, _ axes: [Int]) throws(GanError) {
        if axes.first != 0 { return try carry(id, all: false) }
        guard axes.count > 1, let form = forms[old.nodes[id].operands[0]], form.core.constantValue == nil else { return }
        let partial = try form.core.sum(axes: Array(axes.dropFirst()))
        if partial.elementCount == form.core.elementCount { return }
        made.insert(partial.id)
        values[id] = try scaled(partial, form.scale).sum(axes: [0])
    }

    // MARK: Sums

    /// Notes a product that only a sum needs.
    private mutating func takeLinear(_ id: Int) throws(GanError) {
        let node = old.nodes[id]
        guard uses[id] == 1, forms[id] == nil, node.shape.count >= 2, old.nodes[user[id]].operation == .binary(.add) else { return }
        let sumsItems: Bool
        switch node.operation {
        case .matrixProduct(transposeA: true, transposeB: false), .convolutionWeightGradient: sumsItems = true
        default: sumsItems = false
        }
        let (a, b) = sumsItems ? (try form(node.operands[0]), try form(node.operands[1])) : (nil, nil)
        linears[id] = Linear(
            operation: node.operation, left: try core(a, node.operands[0]), right: try core(b, node.operands[1]),
            scale: try product(a?.scale, b?.scale), shape: node.shape)
    }

    /// Joins the summands that have an operand in common.
    private mutating func join(_ id: Int) throws(GanError) {
        var all: [Term] = []
        var found = false
        for operand in old.nodes[id].operands {
            var own = [Term.node(operand)]
            if uses[operand] == 1 {
                own = terms[operand] ?? linears[operand].map { [.linear($0)] } ?? own
                found = found || joined.contains(operand)
            }
            for term in own {
                guard case .linear(let linear) = term else {
                    all.append(term)
                    continue
                }
                var isJoined = false
                for index in all.indices {
                    guard case .linear(let other) = all[index], let both = try joined(other, linear) else { continue }
                    all[index] = .linear(both)
                    isJoined = true
                    found = true
                    break
                }
                if !isJoined { all.append(term) }
            }
        }
        terms[id] = all
        if found { joined.insert(id) }
    }

    private func joined(_ a: Linear, _ b: Linear) throws(GanError) -> Linear? {
        guard a.operation == b.operation, a.shape == b.shape else { return nil }
        var both = a
        if a.right.id == b.right.id, a.left.shape == b.left.shape {
            both.left = try scaled(a.left, a.scale) + scaled(b.left, b.scale)
        } else if a.left.id == b.left.id, a.right.shape == b.right.shape {
            both.right = try scaled(a.right, a.scale) + scaled(b.right, b.scale)
        } else {
            return nil
        }
        both.scale = nil
        return both
    }
}
