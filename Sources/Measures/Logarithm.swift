#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

enum Logarithm {
    static func of(_ x: Double) -> Double { log(x) }
    static func exponential(_ x: Double) -> Double { exp(x) }
}
