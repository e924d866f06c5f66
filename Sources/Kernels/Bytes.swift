import CGanShims

// Pixels: bytes to floats and back.

/// value = byte · scale + offset
@inlinable @inline(__always)
public func scaleBytes<V: FloatVector>(
    _ vector: V.Type, _ bytes: UnsafePointer<UInt8>, _ values: UnsafeMutablePointer<Float>, _ count: Int, _ scale: Float, _ offset: Float
) {
    let scale = V(repeating: scale)
    let offset = V(repeating: offset)
    var i = 0
    while i &+ V.width <= count {
        V.multiplyAdd(V.loadBytes(bytes + i), scale, offset).store(values + i)
        i &+= V.width
    }
    if i >= count { return }
    var scratch = gan_bytes_scratch()
    withUnsafeMutablePointer(to: &scratch) { scratch in
        let padded = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: UInt8.self)
        for j in i..<count { padded[j &- i] = bytes[j] }
        V.multiplyAdd(V.loadBytes(padded), scale, offset).store(values + i, count: count &- i)
    }
}

/// byte = round-half-to-even(clamp(value · scale + offset, 0, 255)); NaN gives 0.
@inlinable @inline(__always)
public func quantize<V: FloatVector>(
    _ vector: V.Type, _ values: UnsafePointer<Float>, _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ scale: Float, _ offset: Float
) {
    let scale = V(repeating: scale)
    let offset = V(repeating: offset)
    var i = 0
    while i &+ V.width <= count {
        clampToByte(V.multiplyAdd(V.load(values + i), scale, offset)).storeBytes(bytes + i)
        i &+= V.width
    }
    if i >= count { return }
    var scratch = gan_bytes_scratch()
    withUnsafeMutablePointer(to: &scratch) { scratch in
        let padded = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: UInt8.self)
        clampToByte(V.multiplyAdd(V.load(values + i, count: count &- i), scale, offset)).storeBytes(padded)
        for j in i..<count { bytes[j] = padded[j &- i] }
    }
}

@inlinable @inline(__always)
func clampToByte<V: FloatVector>(_ x: V) -> V {
    // Not `rectified`: NaN must become a number here.
    V.whereGreater(x, .zero, x, .zero).bounded(above: V(repeating: 255))
}
