// The truncation trick (Brock et al., "Large scale GAN training for high fidelity natural image synthesis", 1809.11096, section 3.1):
// numbers of a latent that are beyond a limit are drawn anew until they are within. A number's n-th attempt is a function of the seed
// and its place, as the first is: samples do not depend on what else is drawn.

import Base
import Kernels
import Recipes

final class TruncatedLatents {
    /// The rows of a turn.
    let rows: AlignedBuffer<Float>
    private let limit: Float
    private let attempt: AlignedBuffer<Float>

    /// Below this so few numbers are within that it takes too long to find them: at 0.02 one of 63.
    private static let smallest = 0.02
    /// After so many attempts, of which all failing is less likely than anything that happens, a number is cut to the limit.
    private static let mostAttempts: UInt32 = 1 << 14

    init(limit: Double, size: Int, rows: Int) throws(GanError) {
        guard limit >= Self.smallest else {
            throw GanError(
                .outOfRange,
                "The option 'truncation' is \(Text.format(limit)), within which hardly any number is drawn: take 0 for no truncation, or \(Text.format(Self.smallest)) or more.")
        }
        self.limit = Float(limit)
        self.rows = try AlignedBuffer(count: Sizes.product(rows, size, of: "latents"), for: "latents")
        attempt = try AlignedBuffer(count: size, for: "latents")
    }

    /// Draws as the arguments say, and again what is beyond the limit. Allocates nothing.
    func draw(_ arguments: RandomArguments, _ kernels: KernelTable) {
        var all = arguments
        kernels.random(&all, 0, 1)
        for row in 0..<all.rows { keepWithin(all, row, kernels) }
    }

    private func keepWithin(_ all: RandomArguments, _ row: Int, _ kernels: KernelTable) {
        let numbers = all.y + row * all.columns
        for number in 0..<Self.mostAttempts {
            var isDone = true
            for column in 0..<all.columns where abs(numbers[column]) > limit { isDone = false }
            if isDone { return }
            var again = all
            again.stream = RandomStream.redrawnLatents + number
            again.firstRow = all.firstRow &+ UInt64(row)
            again.rows = 1
            again.y = attempt.pointer
            kernels.random(&again, 0, 1)
            for column in 0..<all.columns where abs(numbers[column]) > limit { numbers[column] = attempt.pointer[column] }
        }
        for column in 0..<all.columns { numbers[column] = min(max(numbers[column], -limit), limit) }
    }
}
