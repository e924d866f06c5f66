/// Sizes are multiplied and added here and nowhere else, where overflow is reported instead of trapping.
public enum Sizes {
    /// The product of `factors`, or an error that names `what` when it does not fit in an `Int` or a factor is negative.
    public static func product(_ factors: some Sequence<Int>, of what: @autoclosure () -> String) throws(GanError) -> Int {
        var result = 1
        for factor in factors {
            let (product, overflow) = result.multipliedReportingOverflow(by: factor)
            if overflow || factor < 0 {
                throw GanError(.outOfRange, "The size of \(what()) does not fit into this machine's memory.")
            }
            result = product
        }
        return result
    }

    public static func product(_ factors: Int..., of what: @autoclosure () -> String) throws(GanError) -> Int {
        try product(factors, of: what())
    }

    /// The sum of `terms`, or an error that names `what` when it does not fit in an `Int`.
    public static func sum(_ terms: Int..., of what: @autoclosure () -> String) throws(GanError) -> Int {
        var result = 0
        for term in terms {
            let (sum, overflow) = result.addingReportingOverflow(term)
            if overflow || term < 0 {
                throw GanError(.outOfRange, "The size of \(what()) does not fit into this machine's memory.")
            }
            result = sum
        }
        return result
    }
}
