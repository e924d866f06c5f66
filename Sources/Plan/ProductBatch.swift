import Kernels

extension KernelTable {
    /// A batch of equal products, the matrices of each so many floats behind those of the one before. Of many, each member of the team
    /// makes some alone, so that a small matrix is packed once; of few, all make each together. The numbers are the same, for no
    /// kernel's sums depend on how its work is shared.
    @inline(__always)
    func matrixProducts(
        _ arguments: inout MatrixProductArguments, _ batch: Int, _ aStep: Int, _ bStep: Int, _ cStep: Int, _ part: Int, _ parts: Int,
        _ scratch: UnsafeMutablePointer<Float>
    ) {
        let apart = parts > 1 && batch >= 4 * parts
        let items = apart ? share(batch, part, parts) : 0..<batch
        arguments.a += items.lowerBound * aStep
        arguments.b += items.lowerBound * bStep
        arguments.c += items.lowerBound * cStep
        for _ in items {
            matrixProduct(&arguments, apart ? 0 : part, apart ? 1 : parts, scratch)
            arguments.a += aStep
            arguments.b += bStep
            arguments.c += cStep
        }
    }
}
