// Looking for numbers that are infinite or none among those that a training keeps.

import Base

/// Goes through parameters, second moments and states after every step, or through a part of them.
///
/// What is infinite or not a number stays so: a step adds to it or takes an average with it. (A first moment is not looked at: with it
/// the parameter loses its value in the same step. A second moment that is infinite alone would only keep its parameter from ever
/// changing.) So a small network is looked through after each step, and of a large one a sixteenth, with everything that is as
/// small as a bias: a bias's gradient is the sum of what comes back to its layer, and tells of most that goes wrong at once. All of
/// it would cost a step of the tutorial's GAN 5 %; a sixteenth costs a third of a percent, 8 µs.
struct DivergenceWatch {
    /// After so many steps everything has been looked at.
    let period: Int64
    private let small: [AlignedBuffer<Float>]
    private let large: [AlignedBuffer<Float>]

    init(_ buffers: [AlignedBuffer<Float>]) {
        let total = buffers.reduce(0) { $0 &+ $1.count }
        period = total <= 1 << 15 ? 1 : 16
        small = buffers.filter { $0.count <= 1 << 10 }
        large = buffers.filter { $0.count > 1 << 10 }
    }

    /// Whether what is looked at after step number `step` is finite. Allocates nothing.
    func isFinite(after step: Int64) -> Bool {
        for buffer in small where !FiniteNumbers.all(buffer.pointer, count: buffer.count) { return false }
        let part = Int(step % period)
        for buffer in large {
            let share = buffer.count / Int(period)
            let start = part * share
            let end = part + 1 == Int(period) ? buffer.count : start + share
            if !FiniteNumbers.all(buffer.pointer + start, count: end - start) { return false }
        }
        return true
    }
}
