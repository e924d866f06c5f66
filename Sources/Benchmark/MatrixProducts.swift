// Matrix products of the shapes that small GANs have, and square ones, beside OpenBLAS and oneDNN where they are installed.

import Base
import CBenchmark
import Compute
import Kernels

/// C [m, n] = op(A) op(B) over k; T: stored transposed.
private struct ProductShape {
    let transposes: String
    let m: Int
    let n: Int
    let k: Int

    init(_ transposes: String, _ m: Int, _ n: Int, _ k: Int) {
        self.transposes = transposes
        self.m = m
        self.n = n
        self.k = k
    }

    var isTransposedA: Bool { transposes.hasPrefix("T") }
    var isTransposedB: Bool { transposes.hasSuffix("T") }

    /// The tutorial's layers forward (also with weights stored [out, in], which is the gradient to the input too), its
    /// weight gradients, layers of a DCGAN, one sample, and squares.
    static let all = [
        ProductShape("NN", 100, 256, 128), ProductShape("NN", 100, 784, 256), ProductShape("NN", 100, 256, 784),
        ProductShape("NT", 100, 256, 128), ProductShape("NT", 100, 784, 256), ProductShape("NT", 100, 256, 784),
        ProductShape("NN", 200, 256, 784),
        ProductShape("TN", 256, 784, 100), ProductShape("TN", 784, 256, 100), ProductShape("TN", 128, 256, 100),
        ProductShape("TN", 784, 256, 200),
        ProductShape("NN", 64, 6272, 100), ProductShape("TN", 100, 6272, 64), ProductShape("NN", 1, 784, 256),
        ProductShape("NN", 512, 512, 512), ProductShape("NN", 1024, 1024, 1024), ProductShape("NN", 2048, 2048, 2048),
        ProductShape("NN", 4096, 4096, 4096),
    ]
}

/// The operands of a product, several times over: which physical pages memory has decides how much of it the second-level cache
/// holds at once, and so the speed of products of its size by a quarter. Turns go from one copy to the next.
private final class Operands {
    private struct Copy {
        let a: AlignedBuffer<Float>
        let b: AlignedBuffer<Float>
        let c: AlignedBuffer<Float>
        let own: OwnProduct
    }

    private let copies: [Copy]
    private(set) var a: UnsafePointer<Float>
    private(set) var b: UnsafePointer<Float>
    private(set) var c: UnsafeMutablePointer<Float>
    private(set) var own: OwnProduct

    init(_ shape: ProductShape, _ pool: ThreadPool) throws(GanError) {
        let (m, n, k) = (shape.m, shape.n, shape.k)
        var copies: [Copy] = []
        for _ in 0..<(m * k + k * n + m * n <= Self.smallFloats ? 32 : 1) {
            let (a, b, c) = (try numbers(m * k, seed: 1), try numbers(k * n, seed: 2), try numbers(m * n, seed: 3))
            copies.append(Copy(a: a, b: b, c: c, own: try OwnProduct(shape, pool, a: a.pointer, b: b.pointer, c: c.pointer)))
        }
        self.copies = copies
        (a, b, c, own) = (UnsafePointer(copies[0].a.pointer), UnsafePointer(copies[0].b.pointer), copies[0].c.pointer, copies[0].own)
    }

    func take(turn: Int) {
        let copy = copies[turn % copies.count]
        (a, b, c, own) = (UnsafePointer(copy.a.pointer), UnsafePointer(copy.b.pointer), copy.c.pointer, copy.own)
    }

    /// 2 MiB; what is larger comes from the third level anyway.
    private static let smallFloats = 524_288
}

/// Our own product as a call, without a closure between the team and the kernel.
private final class OwnProduct {
    private struct Context {
        var arguments: MatrixProductArguments
        let kernel: KernelTable.MatrixProductKernel
        let workspace: UnsafeMutablePointer<Float>
        let stride: Int
    }

    private let pool: ThreadPool
    private let workspace: AlignedBuffer<Float>
    private let packed: AlignedBuffer<Float>?
    private let context: UnsafeMutablePointer<Context>

    init(_ shape: ProductShape, _ pool: ThreadPool, a: UnsafePointer<Float>, b: UnsafePointer<Float>, c: UnsafeMutablePointer<Float>)
        throws(GanError)
    {
        var arguments = MatrixProductArguments(
            rows: shape.m, columns: shape.n, inner: shape.k,
            a: a, aRowStride: shape.isTransposedA ? 1 : shape.k, aInnerStride: shape.isTransposedA ? shape.m : 1,
            b: b, bInnerStride: shape.isTransposedB ? 1 : shape.n, bColumnStride: shape.isTransposedB ? shape.k : 1,
            c: c, cRowStride: shape.n)
        let kernels = KernelTable.selected
        // One image is drawn with weights that were packed when the generator was loaded.
        if shape.m == 1 {
            var weights = RowWeights(kernels: kernels, parts: pool.threads)
            let packed = try weights.pack(arguments)
            arguments.packedB = UnsafePointer(packed.pointer)
            self.packed = packed
        } else {
            packed = nil
        }
        let stride = (withUnsafePointer(to: arguments) { kernels.matrixProductWorkspace($0) } + 15) / 16 * 16
        workspace = try AlignedBuffer(count: stride * pool.threads, for: "scratch memory")
        context = .allocate(capacity: 1)
        context.initialize(
            to: Context(arguments: arguments, kernel: kernels.matrixProduct, workspace: workspace.pointer, stride: stride))
        self.pool = pool
    }

    deinit {
        context.deinitialize(count: 1)
        context.deallocate()
    }

    func run() {
        context.pointee.arguments.walksBackwards.toggle()
        pool.run(
            { context, part, parts in
                let context = UnsafeMutablePointer(mutating: context.assumingMemoryBound(to: Context.self))
                context.pointee.kernel(
                    &context.pointee.arguments, Int(part), Int(parts), context.pointee.workspace + Int(part) * context.pointee.stride)
            }, context)
    }
}

func measureProducts(_ arguments: Arguments, _ report: Report) throws(GanError) {
    guard ProductShape.all.contains(where: { arguments.wants($0.item) }) else { return }
    let peers = PeerLibrary.installed()
    for threads in arguments.threads {
        report.section(
            "Matrix products, \(threadsText(threads))",
            ["GFLOP/s", "p10–p90", "of peak"] + peers.map { "× " + $0.name })
        let pool = ThreadPool(threads: threads)
        for peer in peers { peer.use(threads: threads) }
        // Shares and ratios of the shapes that the geometric mean is taken over.
        var means = [[Double]](repeating: [], count: peers.count)
        for shape in ProductShape.all where arguments.wants(shape.item) {
            let (m, n, k) = (shape.m, shape.n, shape.k)
            let operands = try Operands(shape, pool)
            let operations = 2.0 * Double(m) * Double(n) * Double(k)
            var contestants = [
                Contestant("libgan", amount: operations) { operands.own.run() }, Peak(.selected, pool).contestant,
            ]
            for peer in peers {
                contestants.append(
                    Contestant(peer.name, amount: operations) {
                        peer.product(shape.isTransposedA, shape.isTransposedB, m, n, k, operands.a, operands.b, operands.c)
                    })
            }
            try checkAgreement(operands, peers, shape)
            let noise = Noise()
            let results = Contest(seconds: arguments.seconds, restsBetween: threads > 1 && !peers.isEmpty)
                .run(contestants, prepare: operands.take)
            let ratios = results.dropFirst(2).map { results[0].speed(over: $0) }
            for (index, ratio) in ratios.enumerated() where m * n * k <= 2048 * 2048 * 2048 && m > 1 { means[index].append(ratio) }
            let share = results[0].speed(over: results[1])
            var fields = Report.fields(results[0].rate, "GFLOP/s") + [
                ("microseconds", Text.significant(results[0].seconds.median * 1e6)), ("share_of_peak", Text.fixed(share, 4)),
                ("peak", Text.significant(results[1].rate.median)),
            ]
            for (peer, (ratio, result)) in zip(peers, zip(ratios, results.dropFirst(2))) {
                fields += [(peer.key, Text.significant(result.rate.median)), ("ratio_to_\(peer.key)", Text.fixed(ratio, 4))]
            }
            report.row(
                shape.item, threads: threads, "\(shape.transposes)  \(m) × \(n) × \(k)\(m == 1 ? ", packed" : "")",
                [Text.fixed(results[0].rate.median, 1), Report.spread(results[0].rate), Text.percent(share)]
                    + ratios.map { Text.times($0) }, fields, noise.reading)
        }
        if means.contains(where: { $0.count > 1 }) {
            let geometric = means.map { geometricMean($0) }
            report.row(
                "product.geometric-mean", threads: threads, "geometric mean, 100×256×128 to 2048³", ["", "", ""] + geometric.map { Text.times($0) },
                zip(peers, geometric).map { ("ratio_to_\($0.key)", Text.fixed($1, 4)) }, nil)
        }
    }
    for peer in peers { report.note("\(peer.name): \(peer.path)\(peer.remark)") }
}

extension ProductShape {
    fileprivate var item: String { "product.\(transposes).\(m)x\(n)x\(k)" }
}

private func geometricMean(_ values: [Double]) -> Double {
    var product = 1.0
    for value in values { product *= value }
    return root(product, values.count)
}

/// A contest between different results would mean nothing.
private func checkAgreement(_ operands: Operands, _ peers: [PeerLibrary], _ shape: ProductShape) throws(GanError) {
    let (c, count) = (operands.c, shape.m * shape.n)
    operands.own.run()
    let places = stride(from: 0, to: count, by: max(1, count / 997))
    let ours = places.map { c[$0] }
    for peer in peers {
        peer.product(shape.isTransposedA, shape.isTransposedB, shape.m, shape.n, shape.k, operands.a, operands.b, c)
        for (place, value) in zip(places, ours) where abs(c[place] - value) > 2e-5 * Float(shape.k) {
            throw GanError(
                .internalError, "The product \(shape.item) is \(value) at element \(place), and \(c[place]) by \(peer.path).")
        }
    }
}
