// The sum of a matrix's singular values, without its singular vectors: Householder reflections make it bidiagonal (Golub & Kahan,
// "Calculating the singular values and pseudo-inverse of a matrix", 1965), and the singular values of that are the positive eigenvalues
// of a tridiagonal matrix with zeros on the diagonal and both diagonals, in turns, beside it. Those come of QL steps with implicit
// shifts (EISPACK's imtql1). Each is right to the rounding of the largest, and none was squared on the way.

import Base

enum NuclearNorm {
    /// - Parameter matrix: [rows, columns], which is used up.
    static func of(_ matrix: UnsafeMutablePointer<Double>, rows: Int, columns: Int, _ team: Team) throws(GanError) -> Double {
        let small = min(rows, columns)
        if small == 0 { return 0 }
        let beside = try AlignedBuffer<Double>(count: 2 * small, for: "singular values")
        defer { withExtendedLifetime(beside) {} }
        try bidiagonalise(matrix, rows: rows, columns: columns, to: beside.pointer, team)
        // Of size 1, for the steps square them: features of 1e38 have products of covariances of 1e152.
        var largest = 0.0
        for i in 0..<2 * small { largest = max(largest, abs(beside.pointer[i])) }
        if largest == 0 { return 0 }
        for i in 0..<2 * small { beside.pointer[i] /= largest }
        let values = try AlignedBuffer<Double>(count: 2 * small, for: "singular values")
        defer { withExtendedLifetime(values) {} }
        eigenvalues(values.pointer, beside: beside.pointer, 2 * small)
        var sum = 0.0
        for i in 0..<2 * small { sum += abs(values.pointer[i]) }
        return sum / 2 * largest
    }

    /// Writes the diagonal and what stands beside it, in turns, to `target`, twice the smaller side numbers of which the last is 0.
    private static func bidiagonalise(
        _ a: UnsafeMutablePointer<Double>, rows: Int, columns: Int, to target: UnsafeMutablePointer<Double>, _ team: Team
    ) throws(GanError) {
        // Taller than wide, by looking at it turned round where it is not.
        var (m, n, matrix) = (rows, columns, a)
        var turned: AlignedBuffer<Double>?
        if rows < columns {
            let copy = try AlignedBuffer<Double>(count: rows * columns, for: "a matrix turned round")
            for i in 0..<rows { for j in 0..<columns { copy.pointer[j * rows + i] = a[i * columns + j] } }
            (m, n, matrix, turned) = (columns, rows, copy.pointer, copy)
        }
        defer { withExtendedLifetime(turned) {} }
        let vectors = try AlignedBuffer<Double>(count: m + n, for: "reflections")
        defer { withExtendedLifetime(vectors) {} }
        let (left, sums) = (vectors.pointer, vectors.pointer + m)
        for k in 0..<n {
            // The column below the diagonal.
            for i in k..<m { left[i] = matrix[i * n + k] }
            let (diagonal, scale) = reflection(left + k, m - k)
            target[2 * k] = diagonal
            if scale != 0 && k + 1 < n {
                for j in k + 1..<n { sums[j] = 0 }
                for i in k..<m { addLine(sums + k + 1, matrix + i * n + k + 1, left[i], n - k - 1) }
                for i in k..<m { addLine(matrix + i * n + k + 1, sums + k + 1, -scale * left[i], n - k - 1) }
            }
            guard k + 1 < n else { break }
            // The row behind what stands beside the diagonal.
            let row = matrix + k * n + k + 1
            let (next, other) = reflection(row, n - k - 1)
            target[2 * k + 1] = next
            if other != 0 {
                for i in k + 1..<m {
                    let line = matrix + i * n + k + 1
                    addLine(line, row, -other * dot(line, row, n - k - 1), n - k - 1)
                }
            }
        }
        target[2 * n - 1] = 0
    }

    /// Makes `x` the vector v of the reflection 1 − scale · v vᵀ that turns x into a multiple of the first unit vector.
    /// - Returns: That multiple, and the scale; 0 where x is one already.
    private static func reflection(_ x: UnsafeMutablePointer<Double>, _ count: Int) -> (Double, Double) {
        var largest = 0.0
        for i in 0..<count { largest = max(largest, abs(x[i])) }
        if largest == 0 { return (0, 0) }
        var squares = 0.0
        for i in 0..<count {
            x[i] /= largest
            squares += x[i] * x[i]
        }
        let norm = squares.squareRoot()
        let result = x[0] > 0 ? -norm : norm
        // ‖v‖² = 2 (norm² + |x₀| · norm)
        let scale = 1 / (squares + abs(x[0]) * norm)
        x[0] -= result
        return (result * largest, scale)
    }

    @inline(__always)
    private static func addLine(_ y: UnsafeMutablePointer<Double>, _ x: UnsafePointer<Double>, _ factor: Double, _ count: Int) {
        for i in 0..<count { y[i] += factor * x[i] }
    }

    /// Eight sums side by side, for a single one is added to no faster than additions take.
    @inline(__always)
    static func dot(_ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ count: Int) -> Double {
        var sums = SIMD8<Double>()
        let whole = count / 8 * 8
        var i = 0
        while i < whole {
            let (a, b) = (UnsafeRawPointer(x + i).loadUnaligned(as: SIMD8<Double>.self), UnsafeRawPointer(y + i).loadUnaligned(as: SIMD8<Double>.self))
            sums += a * b
            i += 8
        }
        var sum = sums.sum()
        while i < count {
            sum += x[i] * y[i]
            i += 1
        }
        return sum
    }

    /// The eigenvalues of the symmetric tridiagonal matrix with the diagonal `d`, which they take the place of, and `e` beside it.
    ///
    /// What stands beside the diagonal counts as nothing once it is no more than the rounding of the largest number, for of many that are
    /// that small, as covariances of less than full rank have, every step rounds some as much. Where steps go on for long all the same it
    /// may be twice that, and so on, so that they come to an end: each eigenvalue changes by as much at the most.
    private static func eigenvalues(_ d: UnsafeMutablePointer<Double>, beside e: UnsafeMutablePointer<Double>, _ n: Int) {
        var largest = 0.0
        for i in 0..<n { largest = max(largest, abs(d[i]), abs(e[i])) }
        let nothing = largest * 0x1p-53
        for l in 0..<n {
            var (rounds, limit) = (0, nothing)
            while true {
                var m = l
                while m + 1 < n {
                    let size = abs(d[m]) + abs(d[m + 1])
                    if abs(e[m]) <= max(0x1p-53 * size, limit) { break }
                    m += 1
                }
                if m == l { break }
                rounds += 1
                if rounds % 10 == 0 { limit *= 2 }
                var g = (d[l + 1] - d[l]) / (2 * e[l])
                var r = (g * g + 1).squareRoot()
                g = d[m] - d[l] + e[l] / (g + (g < 0 ? -r : r))
                var (s, c, p) = (1.0, 1.0, 0.0)
                var i = m - 1
                var isEarly = false
                while i >= l {
                    let f = s * e[i]
                    let b = c * e[i]
                    r = (f * f + g * g).squareRoot()
                    e[i + 1] = r
                    if r == 0 {
                        d[i + 1] -= p
                        e[m] = 0
                        isEarly = true
                        break
                    }
                    s = f / r
                    c = g / r
                    g = d[i + 1] - p
                    r = (d[i] - g) * s + 2 * c * b
                    p = s * r
                    d[i + 1] = g + p
                    g = c * r - b
                    i -= 1
                }
                if isEarly { continue }
                d[l] -= p
                e[l] = g
                e[m] = 0
            }
        }
    }
}
