// Convolution and its two gradients as direct loops: correct for every geometry of one to three spatial axes, images as
// [batch, z, y, x, channels]. The innermost loop runs over channels, which are neighbours in memory. Every element of
// the result is summed in an order that the geometry alone decides, by one member of the team.

extension ConvolutionGeometry {
    /// For a result position and a window position along one axis, the image position, or nil in the padding.
    @inline(__always)
    private func source(_ axis: Int, _ o: Int, _ k: Int) -> Int? {
        let i = o * stride[axis] + k * dilation[axis] - padding[axis]
        return i >= 0 && i < x[axis] ? i : nil
    }

    /// y[n, o, c] = Σₖ Σᵢ x[n, o · stride + k · dilation − padding, i] · w[k, i, c]; members share the result's positions.
    func forward(
        _ image: UnsafePointer<Float>, _ w: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>, _ part: Int, _ parts: Int
    ) {
        let positions = y.x * y.y * y.z
        for index in share(batch * positions, part, parts) {
            let (n, position) = index.quotientAndRemainder(dividingBy: positions)
            let (oz, rest) = position.quotientAndRemainder(dividingBy: y.y * y.z)
            let (oy, ox) = rest.quotientAndRemainder(dividingBy: y.z)
            let target = result + index * outChannels
            target.update(repeating: 0, count: outChannels)
            forEachTap(n, oz, oy, ox) { pixel, tap in
                let source = image + pixel * inChannels
                for i in 0..<inChannels {
                    let value = source[i]
                    let row = w + (tap * inChannels + i) * outChannels
                    for c in 0..<outChannels { target[c] += value * row[c] }
                }
            }
        }
    }

    /// x[n, i…, :] = Σ over the (o, k) that read it of g[n, o, :] · w[k, :, :]ᵀ; members share the image's positions.
    func inputGradient(
        _ g: UnsafePointer<Float>, _ w: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>, _ part: Int, _ parts: Int
    ) {
        let positions = x.x * x.y * x.z
        for index in share(batch * positions, part, parts) {
            let (n, position) = index.quotientAndRemainder(dividingBy: positions)
            let (iz, rest) = position.quotientAndRemainder(dividingBy: x.y * x.z)
            let (iy, ix) = rest.quotientAndRemainder(dividingBy: x.z)
            let target = result + index * inChannels
            target.update(repeating: 0, count: inChannels)
            for kz in 0..<window.x {
                guard let oz = reader(0, iz, kz) else { continue }
                for ky in 0..<window.y {
                    guard let oy = reader(1, iy, ky) else { continue }
                    for kx in 0..<window.z {
                        guard let ox = reader(2, ix, kx) else { continue }
                        let source = g + (((n * y.x + oz) * y.y + oy) * y.z + ox) * outChannels
                        let tap = (kz * window.y + ky) * window.z + kx
                        for i in 0..<inChannels {
                            let row = w + (tap * inChannels + i) * outChannels
                            var sum: Float = 0
                            for c in 0..<outChannels { sum += source[c] * row[c] }
                            target[i] += sum
                        }
                    }
                }
            }
        }
    }

    /// w[k, i, c] = Σₙ Σₒ x[n, o · stride + k · dilation − padding, i] · g[n, o, c]; members share the rows (k, i).
    func weightGradient(
        _ image: UnsafePointer<Float>, _ g: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>, _ part: Int, _ parts: Int
    ) {
        let taps = window.x * window.y * window.z
        for row in share(taps * inChannels, part, parts) {
            let (tap, i) = row.quotientAndRemainder(dividingBy: inChannels)
            let (kz, rest) = tap.quotientAndRemainder(dividingBy: window.y * window.z)
            let (ky, kx) = rest.quotientAndRemainder(dividingBy: window.z)
            let target = result + row * outChannels
            target.update(repeating: 0, count: outChannels)
            for n in 0..<batch {
                for oz in 0..<y.x {
                    guard let iz = source(0, oz, kz) else { continue }
                    for oy in 0..<y.y {
                        guard let iy = source(1, oy, ky) else { continue }
                        for ox in 0..<y.z {
                            guard let ix = source(2, ox, kx) else { continue }
                            let value = image[(((n * x.x + iz) * x.y + iy) * x.z + ix) * inChannels + i]
                            let gradient = g + (((n * y.x + oz) * y.y + oy) * y.z + ox) * outChannels
                            for c in 0..<outChannels { target[c] += value * gradient[c] }
                        }
                    }
                }
            }
        }
    }

    /// The result position whose window position `k` reads image position `i`, if there is one.
    @inline(__always)
    private func reader(_ axis: Int, _ i: Int, _ k: Int) -> Int? {
        let distance = i + padding[axis] - k * dilation[axis]
        guard distance >= 0 else { return nil }
        let (o, rest) = distance.quotientAndRemainder(dividingBy: stride[axis])
        return rest == 0 && o < y[axis] ? o : nil
    }

    @inline(__always)
    private func forEachTap(_ n: Int, _ oz: Int, _ oy: Int, _ ox: Int, _ body: (_ pixel: Int, _ tap: Int) -> Void) {
        for kz in 0..<window.x {
            guard let iz = source(0, oz, kz) else { continue }
            for ky in 0..<window.y {
                guard let iy = source(1, oy, ky) else { continue }
                for kx in 0..<window.z {
                    guard let ix = source(2, ox, kx) else { continue }
                    body(((n * x.x + iz) * x.y + iy) * x.z + ix, (kz * window.y + ky) * window.z + kx)
                }
            }
        }
    }
}
