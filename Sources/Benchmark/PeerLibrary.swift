// The matrix products of other libraries, where they are installed.

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import CBenchmark
import Compute

struct PeerLibrary {
    let name: String
    /// In lines of JSON.
    let key: String
    let remark: String
    private let blas: OpaquePointer

    /// All that can be loaded.
    static func installed() -> [PeerLibrary] {
        var peers: [PeerLibrary] = []
        // OpenBLAS takes its AVX2 kernels on processors newer than itself, however wide they are. It is told better where the
        // user has not said anything, and to let go of its threads soon after a call.
        var remark = ""
        if InstructionSet.supported.contains(.avx512) && getenv("OPENBLAS_CORETYPE") == nil {
            setenv("OPENBLAS_CORETYPE", "SKYLAKEX", 1)
            remark = ", with OPENBLAS_CORETYPE=SKYLAKEX"
        }
        setenv("OPENBLAS_THREAD_TIMEOUT", "20", 0)
        if let blas = load(["libopenblas.so.0", "libopenblas.so"]) {
            peers.append(PeerLibrary(name: "OpenBLAS", key: "openblas", remark: remark, blas: blas))
        }
        if let blas = load(["libdnnl.so.3", "libdnnl.so.2", "libdnnl.so"]) {
            peers.append(PeerLibrary(name: "oneDNN", key: "onednn", remark: "", blas: blas))
        }
        return peers
    }

    private static func load(_ names: [String]) -> OpaquePointer? {
        let texts = names.map { strdup($0) }
        defer { texts.forEach { free($0) } }
        let list = texts.map { UnsafePointer($0) } + [nil]
        return list.withUnsafeBufferPointer { bench_blas_open($0.baseAddress) }
    }

    var path: String { String(cString: bench_blas_path(blas)) }

    func use(threads: Int) { bench_blas_threads(blas, Int32(threads)) }

    func product(
        _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
        _ c: UnsafeMutablePointer<Float>
    ) {
        bench_blas_product(blas, transposeA ? 1 : 0, transposeB ? 1 : 0, Int32(m), Int32(n), Int32(k), a, b, c)
    }
}

func root(_ value: Double, _ degree: Int) -> Double { degree > 0 ? pow(value, 1 / Double(degree)) : .nan }
