// Convolution and its two gradients, with any number of spatial axes. All three run through the same terms
//
//     y[n, o, c] ← x[n, o · stride + k · dilation − padding, i] · w[k, i, c]
//
// and differ only in which of x, w and y receives the product of the other two.

import Graph

extension ReferenceInterpreter {
    static func convolution(_ window: Window, _ x: Value, _ w: Value, shape: Shape) -> Value {
        var y = Value(shape, repeating: 0)
        forEachTerm(window, x: x.shape, w: w.shape, y: shape) { y.elements[$2] += x.elements[$0] * w.elements[$1] }
        return y
    }

    static func convolutionInputGradient(_ window: Window, _ g: Value, _ w: Value, shape: Shape) -> Value {
        var x = Value(shape, repeating: 0)
        forEachTerm(window, x: shape, w: w.shape, y: g.shape) { x.elements[$0] += g.elements[$2] * w.elements[$1] }
        return x
    }

    static func convolutionWeightGradient(_ window: Window, _ x: Value, _ g: Value, shape: Shape) -> Value {
        var w = Value(shape, repeating: 0)
        forEachTerm(window, x: x.shape, w: shape, y: g.shape) { w.elements[$1] += x.elements[$0] * g.elements[$2] }
        return w
    }

    /// Calls `body` with the positions of the elements of x, w and y that meet in each term of a convolution.
    /// x is [batch, spatial…, in], w is [window…, in, out], y is [batch, spatial′…, out].
    private static func forEachTerm(_ window: Window, x: Shape, w: Shape, y: Shape, _ body: (_ x: Int, _ w: Int, _ y: Int) -> Void) {
        let axes = 0..<(x.count - 2)
        let (inputs, outputs) = (w[w.count - 2], w[w.count - 1])
        for n in 0..<x[0] {
            var yPixel = n * y[1..<(y.count - 1)].reduce(1, *)
            forEachIndex(of: Array(y[1..<(y.count - 1)])) { o in
                var wPixel = 0
                forEachIndex(of: Array(w.dropLast(2))) { k in
                    var xPixel: Int? = n
                    for axis in axes {
                        let at = o[axis] * window.stride[axis] + k[axis] * window.dilation[axis] - window.paddingBefore[axis]
                        // Outside the image are zeros.
                        xPixel = 0 <= at && at < x[axis + 1] ? xPixel.map { $0 * x[axis + 1] + at } : nil
                    }
                    if let xPixel {
                        for i in 0..<inputs {
                            for c in 0..<outputs {
                                body(xPixel * inputs + i, (wPixel * inputs + i) * outputs + c, yPixel * outputs + c)
                            }
                        }
                    }
                    wPixel += 1
                }
                yPixel += 1
            }
        }
    }
}
