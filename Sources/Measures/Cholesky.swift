// A factor of a covariance that may be singular: Cholesky's decomposition with complete pivoting (Higham, "Analysis of the Cholesky
// decomposition of a semi-definite matrix", 1990), which stops where what is left is rounding.

import Base

enum Cholesky {
    /// Puts F [rank, n] with FᵀF = the symmetric, positive semi-definite [n, n] into its place.
    ///
    /// - Returns: The rank.
    static func factor(_ covariance: AlignedBuffer<Double>, _ n: Int) throws(GanError) -> Int {
        let room = try AlignedBuffer<Double>(count: n, for: "a factor of a covariance")
        let places = try AlignedBuffer<Int>(count: n, for: "a factor of a covariance")
        defer { withExtendedLifetime((room, places)) {} }
        let (matrix, scratch, order) = (covariance.pointer, room.pointer, places.pointer)
        var largest = 0.0
        for i in 0..<n {
            // What is left of the diagonal.
            scratch[i] = matrix[i * n + i]
            largest = max(largest, scratch[i])
        }
        let limit = Double(n) * 0x1p-52 * largest
        // Columns stay in their place: row k of the factor is made of the covariance's row of the k-th pivot, whose place in memory it
        // takes, and `order` remembers which rows of the covariance went where.
        for i in 0..<n { order[i] = i }
        for k in 0..<n {
            var pivot = k
            for i in k..<n where scratch[order[i]] > scratch[order[pivot]] { pivot = i }
            if !(scratch[order[pivot]] > limit) { return k }
            if pivot != k {
                swap(&order[k], &order[pivot])
                for j in 0..<n { swap(&matrix[k * n + j], &matrix[pivot * n + j]) }
            }
            let row = matrix + k * n
            let column = order[k]
            // Row k less what the rows above explain of it.
            for above in 0..<k {
                let other = matrix + above * n
                let factor = other[column]
                if factor == 0 { continue }
                for j in 0..<n { row[j] -= factor * other[j] }
            }
            let root = scratch[column].squareRoot()
            for j in 0..<n { row[j] /= root }
            // Of what was a pivot nothing is left, and rounding must not bring it back.
            for i in 0..<k { row[order[i]] = 0 }
            row[column] = root
            for j in 0..<n { scratch[j] -= row[j] * row[j] }
            scratch[column] = 0
        }
        return n
    }
}
