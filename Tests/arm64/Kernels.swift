// The kernel table of the baseline, as functions that C can call (kernels.h). Compiled with the two kernel modules for
// aarch64 without an operating system, in embedded Swift; what that needs of a runtime, the C library has.

import CArm64Kernels
import Kernels
import KernelsBaseline

private func activation(_ number: UInt8) -> Activation { Activation(rawValue: number) ?? .identity }

private func convert(_ t: product_arguments) -> MatrixProductArguments {
    var r = MatrixProductArguments(
        rows: t.rows, columns: t.columns, inner: t.inner, a: t.a, aRowStride: t.a_row, aInnerStride: t.a_inner,
        b: t.b, bInnerStride: t.b_inner, bColumnStride: t.b_column, c: t.c, cRowStride: t.c_row)
    r.alpha = t.alpha
    r.beta = t.beta
    r.bias = t.bias
    r.activation = activation(t.activation)
    r.derivativeActivation = activation(t.derivative)
    r.derivativeOf = t.derivative_of
    r.derivativeRowStride = t.derivative_row
    r.slope = t.slope
    r.packedB = t.packed_b
    r.skipsZeros = t.skips_zeros != 0
    return r
}

@_cdecl("product_packed_count")
public func callProductPackedCount(_ inner: Int, _ columns: Int) -> Int { MatrixProductArguments.packedCount(inner: inner, columns: columns) }

@_cdecl("product_packing")
public func callProductPacking(_ t: UnsafePointer<product_arguments>, _ packed: UnsafeMutablePointer<Float>) {
    var r = convert(t.pointee)
    makeKernelTableBaseline().packing(&r, packed)
}

@_cdecl("product_workspace")
public func callProductWorkspace(_ t: UnsafePointer<product_arguments>) -> Int {
    var r = convert(t.pointee)
    return makeKernelTableBaseline().matrixProductWorkspace(&r)
}

@_cdecl("product")
public func callProduct(_ t: UnsafePointer<product_arguments>, _ part: Int, _ parts: Int, _ workspace: UnsafeMutablePointer<Float>) {
    var r = convert(t.pointee)
    makeKernelTableBaseline().matrixProduct(&r, part, parts, workspace)
}

private func convert(_ a: convolution_axis) -> ConvolutionAxis {
    ConvolutionAxis(x: a.x, y: a.y, window: a.window, stride: a.stride, dilation: a.dilation, padding: a.padding)
}

private func convert(_ t: convolution_arguments) -> ConvolutionArguments {
    var r = ConvolutionArguments(
        kind: ConvolutionKind(rawValue: t.kind) ?? .forward, batch: t.batch, inChannels: t.in, outChannels: t.out,
        z: convert(t.axes.0), y: convert(t.axes.1), x: convert(t.axes.2), source: t.source, other: t.other, result: t.result,
        packed: t.packed)
    r.chunks = t.chunks
    r.bias = t.bias
    r.activation = activation(t.activation)
    r.derivativeOf = t.derivative_of
    r.derivativeActivation = activation(t.derivative)
    r.slope = t.slope
    return r
}

@_cdecl("convolution_packed_count")
public func callConvolutionPackedCount(_ t: UnsafePointer<convolution_arguments>) -> Int {
    let r = convert(t.pointee)
    return ConvolutionArguments.packedCount(
        r.kind, z: r.z, y: r.y, x: r.x, inChannels: r.inChannels, outChannels: r.outChannels)
}

@_cdecl("convolution_workspace")
public func callConvolutionWorkspace(_ t: UnsafePointer<convolution_arguments>) -> Int {
    var r = convert(t.pointee)
    return makeKernelTableBaseline().convolutionWorkspace(&r)
}

@_cdecl("convolution_packing")
public func callConvolutionPacking(_ t: UnsafePointer<convolution_arguments>, _ part: Int, _ parts: Int) {
    var r = convert(t.pointee)
    makeKernelTableBaseline().convolutionPacking(&r, part, parts)
}

@_cdecl("convolution")
public func callConvolution(
    _ t: UnsafePointer<convolution_arguments>, _ part: Int, _ parts: Int, _ workspace: UnsafeMutablePointer<Float>
) {
    var r = convert(t.pointee)
    makeKernelTableBaseline().convolution(&r, part, parts, workspace)
}

@_cdecl("chain_opcodes")
public func callChainOpcodes() -> Int { ElementwiseOpcode.allCases.count }

@_cdecl("chain_workspace")
public func callChainWorkspace() -> Int { makeKernelTableBaseline().elementwiseWorkspace }

@_cdecl("chain")
public func callChain(_ t: UnsafePointer<chain_arguments>, _ part: Int, _ parts: Int, _ workspace: UnsafeMutablePointer<Float>) {
    let t = t.pointee
    let inputs = (0..<t.input_count).map {
        ElementwiseInput(t.inputs[$0].pointer, rowStride: t.inputs[$0].row, columnStride: t.inputs[$0].column)
    }
    let operations = (0..<t.operation_count).map {
        let o = t.operations[$0]
        return ElementwiseOperation(
            ElementwiseOpcode(rawValue: o.opcode) ?? .add, destination: o.destination, a: o.a, b: o.b, c: o.c)
    }
    let outputs = (0..<t.output_count).map {
        ElementwiseOutput(t.outputs[$0].pointer, rowStride: t.outputs[$0].row, register: t.outputs[$0].from)
    }
    let sums = (0..<t.sum_count).map { ElementwiseSum(t.sums[$0].partial, register: t.sums[$0].from) }
    inputs.withUnsafeBufferPointer { inputs in
        operations.withUnsafeBufferPointer { operations in
            outputs.withUnsafeBufferPointer { outputs in
                sums.withUnsafeBufferPointer { sums in
                    guard let input = inputs.baseAddress, let operation = operations.baseAddress, let output = outputs.baseAddress
                    else { return }
                    var r = ElementwiseArguments(
                        rows: t.rows, columns: t.columns, inputs: input, inputCount: inputs.count, operations: operation,
                        operationCount: operations.count, outputs: output, outputCount: outputs.count)
                    r.sums = sums.baseAddress
                    r.sumCount = sums.count
                    r.sumChunks = t.sum_chunks
                    makeKernelTableBaseline().elementwise(&r, part, parts, workspace)
                }
            }
        }
    }
}

@_cdecl("reduction")
public func callReduction(_ t: UnsafePointer<reduction_arguments>, _ part: Int, _ parts: Int) {
    let t = t.pointee
    var r = ReductionArguments(
        kind: ReductionKind(rawValue: t.kind) ?? .sum, outer: t.outer, reduced: t.reduced, inner: t.inner, x: t.x, y: t.y,
        scale: t.scale)
    makeKernelTableBaseline().reduction(&r, part, parts)
}

@_cdecl("random_variates")
public func callRandom(_ t: UnsafePointer<random_arguments>, _ part: Int, _ parts: Int) {
    let t = t.pointee
    var r = RandomArguments(
        distribution: Distribution(rawValue: t.distribution) ?? .uniform, seed: t.seed, stream: t.stream, firstRow: t.first_row,
        rows: t.rows, columns: t.columns, y: t.y, scale: t.scale, offset: t.offset)
    makeKernelTableBaseline().random(&r, part, parts)
}

private func convert(_ t: adam_arguments) -> AdamArguments {
    AdamArguments(
        parameters: t.parameters, firstMoment: t.first_moment, secondMoment: t.second_moment, gradient: t.gradient, count: t.count,
        scalars: t.scalars, beta1: t.beta1, beta2: t.beta2, epsilon: t.epsilon)
}

@_cdecl("adam")
public func callAdam(_ t: UnsafePointer<adam_arguments>, _ part: Int, _ parts: Int) {
    var r = convert(t.pointee)
    makeKernelTableBaseline().adam(&r, part, parts)
}

@_cdecl("product_adam_workspace")
public func callProductAdamWorkspace(_ t: UnsafePointer<product_arguments>, _ step: UnsafePointer<adam_arguments>) -> Int {
    var r = convert(t.pointee)
    return withUnsafePointer(to: convert(step.pointee)) {
        r.adam = $0
        return makeKernelTableBaseline().matrixProductWorkspace(&r)
    }
}

@_cdecl("product_adam")
public func callProductAdam(
    _ t: UnsafePointer<product_arguments>, _ step: UnsafePointer<adam_arguments>, _ part: Int, _ parts: Int,
    _ workspace: UnsafeMutablePointer<Float>
) {
    var r = convert(t.pointee)
    withUnsafePointer(to: convert(step.pointee)) {
        r.adam = $0
        makeKernelTableBaseline().matrixProduct(&r, part, parts, workspace)
    }
}

@_cdecl("scale_bytes")
public func callScaleBytes(
    _ bytes: UnsafePointer<UInt8>, _ values: UnsafeMutablePointer<Float>, _ count: Int, _ scale: Float, _ offset: Float
) {
    makeKernelTableBaseline().scaleBytes(bytes, values, count, scale, offset)
}

@_cdecl("quantize")
public func callQuantize(
    _ values: UnsafePointer<Float>, _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ scale: Float, _ offset: Float
) {
    makeKernelTableBaseline().quantize(values, bytes, count, scale, offset)
}
