// Leaky ReLU, x > 0 ? x : slope · x, and its gradient, in the write-back of the product that makes x.
//
// x itself is then never in memory. What else reads it asks only whether it is above 0, for the gradient; the result y has the
// same sign (slope ≥ 0), so y stands in for x there.

import Graph
import Kernels

extension Analysis {
    /// select(x > 0, x, x · slope), where x is what the write-back has made so far.
    func takeLeakyRelu(_ fusion: inout ProductFusion) -> Bool {
        let x = fusion.result
        guard updateCount[x] == 0, root(of: x).node == x else { return false }
        var scaled: Int?
        var select: Int?
        for user in users[x] {
            let operands = node(user).operands
            switch node(user).operation {
            case .binary(.multiply):
                if scaled != nil && scaled != user { return false }
                scaled = user
            case .select:
                if select != nil && select != user { return false }
                select = user
            case .binary(.greater):
                if operands[0] != x || constant(operands[1]) != 0 { return false }
            default: return false
            }
        }
        guard let scaled, let select, onlyUser(of: scaled) == select else { return false }
        let operands = node(select).operands
        let factors = node(scaled).operands
        guard let slope = constant(factors[0] == x ? factors[1] : factors[0]), slope >= 0, slope.isFinite else { return false }
        guard operands[1] == x, operands[2] == scaled, isSign(operands[0], of: x) else { return false }
        fusion.activation = .leakyRelu
        fusion.slope = slope
        fusion.result = select
        fusion.absorbed += [scaled, select]
        // Where nothing but the select reads the mask it is not needed.
        absorb(operands[0], into: &fusion)
        if users[x].contains(where: { !fusion.absorbed.contains($0) }) { fusion.sameSign = x }
        return true
    }

    /// select(x > 0, p, 0) + slope · select(x > 0, 0, p), where p is the product, as a gradient writes it; or with
    /// select(x > 0, 0, slope · p), as the gradient of that does.
    func takeLeakyReluDerivative(_ fusion: inout ProductFusion) -> Bool {
        let product = fusion.product
        guard users[product].count == 2, updateCount[product] == 0 else { return false }
        var above: Int?
        var below: Int?
        var scaled: Int?
        var masks: [Int] = []
        for user in users[product] {
            let operands = node(user).operands
            if case .select = node(user).operation, operands[0] != product {
                masks.append(operands[0])
                if operands[1] == product, constant(operands[2]) == 0 {
                    above = user
                } else if operands[2] == product, constant(operands[1]) == 0 {
                    below = user
                    scaled = onlyUser(of: user)
                }
            } else if case .binary(.multiply) = node(user).operation, let select = onlyUser(of: user), case .select = node(select).operation {
                let operands = node(select).operands
                guard operands[2] == user, constant(operands[1]) == 0 else { return false }
                masks.append(operands[0])
                scaled = user
                below = select
            }
        }
        guard let above, let below, let scaled, let mask = masks.first, masks == [mask, mask], let sum = onlyUser(of: above) else { return false }
        // Whichever of the two comes last is added.
        let isScaledFirst = node(scaled).operands.contains(product)
        guard onlyUser(of: isScaledFirst ? below : scaled) == sum, case .binary(.multiply) = node(scaled).operation,
            case .binary(.add) = node(sum).operation
        else { return false }
        let factors = node(scaled).operands
        guard let slope = constant(factors[0] == (isScaledFirst ? product : below) ? factors[1] : factors[0]) else { return false }
        guard case .binary(.greater) = node(mask).operation, constant(node(mask).operands[1]) == 0 else { return false }
        let x = node(mask).operands[0]
        guard constant(x) == nil, node(x).shape == node(product).shape else { return false }
        fusion.derivativeOf = x
        fusion.derivativeActivation = .leakyRelu
        fusion.slope = slope
        fusion.result = sum
        fusion.absorbed += [above, below, scaled, sum]
        absorb(mask, into: &fusion)
        return true
    }

    /// Whether a node is x > 0.
    private func isSign(_ id: Int, of x: Int) -> Bool {
        guard case .binary(.greater) = node(id).operation else { return false }
        return node(id).operands[0] == x && constant(node(id).operands[1]) == 0
    }
}
