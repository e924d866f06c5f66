import CGanShims
import Kernels
import KernelsBaseline

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

#if arch(x86_64)
import KernelsAVX2
import KernelsAVX512
#endif

/// Which kernels run: the same templates, compiled for what processors can do.
public enum InstructionSet: String, CaseIterable, Sendable {
    /// What every processor of the architecture has (SSE2 on x86-64, NEON on 64-bit ARM).
    case baseline
    /// AVX2 with fused multiply-add (x86-64-v3).
    case avx2
    /// AVX-512 F, BW, CD, DQ and VL (x86-64-v4).
    case avx512

    /// The sets that this processor and this operating system support, best last.
    public static let supported: [InstructionSet] = {
        var sets: [InstructionSet] = [.baseline]
        if gan_processor_has_avx2() != 0 { sets.append(.avx2) }
        if gan_processor_has_avx512() != 0 { sets.append(.avx512) }
        return sets
    }()

    /// The best supported set, or the one that the environment variable `GAN_ISA` names, if it is supported.
    public static let selected: InstructionSet = {
        let best = supported[supported.count - 1]
        guard let name = getenv("GAN_ISA"), let wanted = InstructionSet(rawValue: String(cString: name)),
            supported.contains(wanted)
        else { return best }
        return wanted
    }()
}

extension KernelTable {
    /// The kernels of an instruction set; those of the baseline where the set is not supported here.
    public static func table(for set: InstructionSet) -> KernelTable {
        guard InstructionSet.supported.contains(set) else { return makeKernelTableBaseline() }
        switch set {
        case .baseline: return makeKernelTableBaseline()
        #if arch(x86_64)
        case .avx2: return makeKernelTableAVX2()
        case .avx512: return makeKernelTableAVX512()
        #else
        case .avx2, .avx512: return makeKernelTableBaseline()
        #endif
        }
    }

    /// The kernels of the selected instruction set.
    public static let selected = table(for: .selected)
}
