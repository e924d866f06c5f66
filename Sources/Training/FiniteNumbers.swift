/// Whether numbers are numbers, fast enough to be asked of a whole network now and then.
enum FiniteNumbers {
    /// Whether none of `count` numbers is infinite or not a number.
    ///
    /// Those have an exponent of all ones. Without its sign, any other float's bits stay below the sign's place when one is added to the
    /// exponent, so that the sign of all sums together tells: three operations a vector, and no floating point.
    static func all(_ values: UnsafePointer<Float>, count: Int) -> Bool {
        let bytes = UnsafeRawPointer(values)
        let magnitude = SIMD16<UInt32>(repeating: 0x7FFF_FFFF)
        let one = SIMD16<UInt32>(repeating: 0x0080_0000)
        var (first, second) = (SIMD16<UInt32>(), SIMD16<UInt32>())
        var index = 0
        while index + 32 <= count {
            let here = bytes + index * MemoryLayout<Float>.size
            first |= (here.loadUnaligned(as: SIMD16<UInt32>.self) & magnitude) &+ one
            second |= (here.loadUnaligned(fromByteOffset: 64, as: SIMD16<UInt32>.self) & magnitude) &+ one
            index += 32
        }
        first |= second
        var signs: UInt32 = 0
        for lane in first.indices { signs |= first[lane] }
        while index < count {
            signs |= (values[index].bitPattern & 0x7FFF_FFFF) &+ 0x0080_0000
            index += 1
        }
        return signs >> 31 == 0
    }
}
