// Work that waits for memory, beside the C library's copy: in the cache, where arithmetic shows, and out of it.

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base
import Compute
import Kernels

func measureBandwidth(_ arguments: Arguments, _ report: Report) throws(GanError) {
    let sizes = [(count: 1 << 16, text: "256 KiB"), (count: 1 << 24, text: "64 MiB")]
    let items = ["copy", "add", "scale-shift-relu", "sigmoid", "adam"]
    for threads in arguments.threads {
        let pool = ThreadPool(threads: threads)
        for (count, text) in sizes {
            let wanted = items.filter { arguments.wants("bandwidth.\(text.split(separator: " ").joined()).\($0)") }
            guard !wanted.isEmpty else { continue }
            let streams = try Streams(count, pool)
            report.section("Bandwidth, \(text) an operand, \(threadsText(threads))", ["GB/s", "p10–p90", "of copy", "ns/element"])
            let all = streams.contestants
            let noise = Noise()
            // The copy takes part in any case.
            let results = Contest(seconds: arguments.seconds, restsBetween: false).run(
                all.filter { $0.name == "copy" || wanted.contains($0.name) })
            let reading = noise.reading
            for result in results where wanted.contains(result.name) {
                let ratio = result.speed(over: results[0])
                report.row(
                    "bandwidth.\(text.split(separator: " ").joined()).\(result.name)", threads: threads, result.name,
                    [
                        Text.fixed(result.rate.median, 1), Report.spread(result.rate), Text.times(ratio),
                        Text.fixed(result.seconds.median * 1e9 / Double(count), 3),
                    ],
                    Report.fields(result.rate, "GB/s") + [("ratio_to_copy", Text.fixed(ratio, 4))], reading)
            }
            withExtendedLifetime(streams) {}
        }
    }
}

/// The operands, and what is done to them.
private final class Streams {
    private let pool: ThreadPool
    private let count: Int
    private let a, b, c, d: AlignedBuffer<Float>
    private let scalars: AlignedBuffer<Float>
    private let workspace: AlignedBuffer<Float>
    private let kernels = KernelTable.selected
    // Tables of chains, which live as long as this.
    private var inputs: [UnsafeMutablePointer<ElementwiseInput>] = []
    private var operations: [UnsafeMutablePointer<ElementwiseOperation>] = []
    private var outputs: [UnsafeMutablePointer<ElementwiseOutput>] = []

    init(_ count: Int, _ pool: ThreadPool) throws(GanError) {
        self.count = count
        self.pool = pool
        a = try numbers(count, seed: 1)
        b = try numbers(count, seed: 2)
        c = try numbers(count, seed: 3)
        // Adam's mean of squares is positive.
        d = try numbers(count, seed: 4)
        for index in 0..<count { d.pointer[index] += 0.75 }
        scalars = try AlignedBuffer(count: 4, for: "scalars")
        // A rate of 0 leaves the parameters where they are, however often it is done, at the same cost.
        for (index, value) in [Float(0), 1, 1, 0.5].enumerated() { scalars.pointer[index] = value }
        workspace = try AlignedBuffer(count: (kernels.elementwiseWorkspace + 15) / 16 * 16 * pool.threads, for: "scratch memory")
    }

    deinit {
        inputs.forEach { $0.deallocate() }
        operations.forEach { $0.deallocate() }
        outputs.forEach { $0.deallocate() }
    }

    var contestants: [Contestant] { [copy, add, scaleShiftRelu, sigmoid, adam] }

    private var copy: Contestant {
        let (from, to, count) = (a.pointer, c.pointer, count)
        let work = SharedWork(pool) { part, parts in
            let range = share(count, part, parts)
            memcpy(to + range.lowerBound, from + range.lowerBound, range.count * 4)
        }
        return Contestant("copy", amount: 8 * Double(count)) { work.run() }
    }

    private var add: Contestant {
        chain("add", bytes: 12, [a.pointer, b.pointer], [ElementwiseOperation(.add, destination: 2, a: 0, b: 1)])
    }

    /// max(a · s + t, 0) with scalars s, t and 0.
    private var scaleShiftRelu: Contestant {
        let scalar = scalars.pointer
        return chain(
            "scale-shift-relu", bytes: 8, [a.pointer], scalars: [scalar + 1, scalar + 3, scalar],
            [
                ElementwiseOperation(.multiplyAdd, destination: 4, a: 0, b: 1, c: 2),
                ElementwiseOperation(.maximum, destination: 5, a: 4, b: 3),
            ])
    }

    private var sigmoid: Contestant {
        chain("sigmoid", bytes: 8, [a.pointer], [ElementwiseOperation(.sigmoid, destination: 1, a: 0)])
    }

    private func chain(
        _ name: String, bytes: Double, _ sources: [UnsafeMutablePointer<Float>], scalars: [UnsafeMutablePointer<Float>] = [],
        _ steps: [ElementwiseOperation]
    ) -> Contestant {
        let columns = 1024
        let input = UnsafeMutablePointer<ElementwiseInput>.allocate(capacity: sources.count + scalars.count)
        for (index, source) in sources.enumerated() {
            (input + index).initialize(to: ElementwiseInput(source, rowStride: columns, columnStride: 1))
        }
        for (index, scalar) in scalars.enumerated() {
            (input + sources.count + index).initialize(to: ElementwiseInput(scalar, rowStride: 0, columnStride: 0))
        }
        let operation = UnsafeMutablePointer<ElementwiseOperation>.allocate(capacity: steps.count)
        operation.initialize(from: steps, count: steps.count)
        let output = UnsafeMutablePointer<ElementwiseOutput>.allocate(capacity: 1)
        output.initialize(to: ElementwiseOutput(c.pointer, rowStride: columns, register: steps[steps.count - 1].destination))
        inputs.append(input)
        operations.append(operation)
        outputs.append(output)
        let arguments = ElementwiseArguments(
            rows: count / columns, columns: columns, inputs: input, inputCount: sources.count + scalars.count, operations: operation,
            operationCount: steps.count, outputs: output, outputCount: 1)
        let (kernel, scratch, stride) = (kernels.elementwise, workspace.pointer, (kernels.elementwiseWorkspace + 15) / 16 * 16)
        let work = SharedWork(pool) { part, parts in
            withUnsafePointer(to: arguments) { kernel($0, part, parts, scratch + part * stride) }
        }
        return Contestant(name, amount: bytes * Double(count)) { work.run() }
    }

    /// Reads four operands and writes three.
    private var adam: Contestant {
        let arguments = AdamArguments(
            parameters: a.pointer, firstMoment: c.pointer, secondMoment: d.pointer, gradient: b.pointer, count: count,
            scalars: scalars.pointer, beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
        let kernel = kernels.adam
        let work = SharedWork(pool) { part, parts in
            withUnsafePointer(to: arguments) { kernel($0, part, parts) }
        }
        return Contestant("adam", amount: 28 * Double(count)) { work.run() }
    }
}
