// Reverse-mode differentiation: one walk over the nodes from the last to the first, which adds the gradient's nodes to the
// same graph. Since they are ordinary nodes, a gradient can be differentiated again: penalties on gradients (WGAN-GP, R1,
// R2) need no code of their own.

import Base

extension Graph {
    /// The gradients of the scalar `output` (one element, any rank) with respect to each of `variables`.
    ///
    /// A variable that the output does not depend on has the gradient 0.
    ///
    /// - Parameter held: Tensors taken as constants, whatever they depend on: the generator's gradient must not flow
    ///   through the discriminator's update, though the updated discriminator depends on generated images.
    public func gradient(of output: Tensor, with variables: [Tensor], holding held: [Tensor] = []) throws(GanError) -> [Tensor] {
        guard output.elementCount == 1 else {
            throw GanError(.internalError, "The gradient of \(output.shape) was asked for; it exists for one number only.")
        }
        guard output.graph === self, (variables + held).allSatisfy({ $0.graph === self }) else {
            throw GanError(.internalError, "A gradient was asked for between tensors of different graphs.")
        }
        let count = nodes.count
        // Only nodes between a variable and the output take part.
        var dependent = [Bool](repeating: false, count: count)
        for variable in variables { dependent[variable.id] = true }
        let constants = Set(held.map(\.id))
        let wantedVariables = Set(variables.map(\.id))
        for id in 0..<count where !dependent[id] && !constants.contains(id) {
            dependent[id] = nodes[id].operands.contains { dependent[$0] }
        }

        var gradients = [Tensor?](repeating: nil, count: count)
        gradients[output.id] = try constant(1, output.shape)
        for id in stride(from: output.id, through: 0, by: -1) {
            guard let gradient = gradients[id], dependent[id] else { continue }
            let node = nodes[id]
            let result = Tensor(graph: self, id: id, shape: node.shape)
            let wanted = node.operands.map { dependent[$0] }
            if !wanted.contains(true) { continue }
            let operandGradients = try GradientRules.apply(result, gradient: gradient, wanted: wanted)
            for (operand, contribution) in zip(node.operands, operandGradients) {
                guard var contribution, dependent[operand] else { continue }
                // What is repeated receives the sum of each use by itself: what was just made is summed while it is at hand, and
                // nothing of the repeated size has to be added up.
                var target = operand
                while case .broadcast = nodes[target].operation, dependent[nodes[target].operands[0]], !wantedVariables.contains(target) {
                    let repeated = Tensor(graph: self, id: target, shape: nodes[target].shape)
                    guard let sum = try GradientRules.apply(repeated, gradient: contribution, wanted: [true])[0] else { break }
                    contribution = sum
                    target = nodes[target].operands[0]
                }
                if let sum = gradients[target] {
                    gradients[target] = try sum + contribution
                } else {
                    gradients[target] = contribution
                }
            }
        }
        var results: [Tensor] = []
        for variable in variables {
            if let gradient = gradients[variable.id] {
                results.append(gradient)
            } else {
                results.append(try constant(0, variable.shape))
            }
        }
        return results
    }
}
