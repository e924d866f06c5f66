import Kernels

/// The kernels of this module's instruction set.
public func makeKernelTableAVX2() -> KernelTable {
    KernelTable(
        matrixProduct: { matrixProduct(Vector256.self, $0, $1, $2, $3) },
        matrixProductWorkspace: { matrixProductWorkspace(Vector256.self, $0) },
        packing: { PackedPanels.pack(Vector256.self, $0, to: $1) },
        convolution: { convolution(Vector256.self, $0, $1, $2, $3) },
        convolutionWorkspace: { convolutionWorkspace(Vector256.self, $0) },
        convolutionPacking: { convolutionPacking(Vector256.self, $0, $1, $2) },
        elementwise: { elementwise(Vector256.self, $0, $1, $2, $3) },
        elementwiseWorkspace: Kernels.elementwiseWorkspace(Vector256.self),
        reduction: { reduction(Vector256.self, $0, $1, $2) },
        random: { random(Vector256.self, $0, $1, $2) },
        adam: { adam(Vector256.self, $0, $1, $2) },
        scaleBytes: { scaleBytes(Vector256.self, $0, $1, $2, $3, $4) },
        quantize: { quantize(Vector256.self, $0, $1, $2, $3, $4) })
}
