import Kernels

/// The kernels of this module's instruction set.
public func makeKernelTableAVX512() -> KernelTable {
    KernelTable(
        matrixProduct: { matrixProduct(Vector512.self, $0, $1, $2, $3) },
        matrixProductWorkspace: { matrixProductWorkspace(Vector512.self, $0) },
        packing: { PackedPanels.pack(Vector512.self, $0, to: $1) },
        convolution: { convolution(Vector512.self, $0, $1, $2, $3) },
        convolutionWorkspace: { convolutionWorkspace(Vector512.self, $0) },
        convolutionPacking: { convolutionPacking(Vector512.self, $0, $1, $2) },
        elementwise: { elementwise(Vector512.self, $0, $1, $2, $3) },
        elementwiseWorkspace: Kernels.elementwiseWorkspace(Vector512.self),
        reduction: { reduction(Vector512.self, $0, $1, $2) },
        random: { random(Vector512.self, $0, $1, $2) },
        adam: { adam(Vector512.self, $0, $1, $2) },
        scaleBytes: { scaleBytes(Vector512.self, $0, $1, $2, $3, $4) },
        quantize: { quantize(Vector512.self, $0, $1, $2, $3, $4) })
}
