import Kernels

/// The kernels of this module's instruction set.
public func makeKernelTableBaseline() -> KernelTable {
    KernelTable(
        matrixProduct: { matrixProduct(Vector128.self, $0, $1, $2, $3) },
        matrixProductWorkspace: { matrixProductWorkspace(Vector128.self, $0) },
        packing: { PackedPanels.pack(Vector128.self, $0, to: $1) },
        convolution: { convolution(Vector128.self, $0, $1, $2, $3) },
        convolutionWorkspace: { convolutionWorkspace(Vector128.self, $0) },
        convolutionPacking: { convolutionPacking(Vector128.self, $0, $1, $2) },
        elementwise: { elementwise(Vector128.self, $0, $1, $2, $3) },
        elementwiseWorkspace: Kernels.elementwiseWorkspace(Vector128.self),
        reduction: { reduction(Vector128.self, $0, $1, $2) },
        random: { random(Vector128.self, $0, $1, $2) },
        adam: { adam(Vector128.self, $0, $1, $2) },
        scaleBytes: { scaleBytes(Vector128.self, $0, $1, $2, $3, $4) },
        quantize: { quantize(Vector128.self, $0, $1, $2, $3, $4) })
}
