// Arrays of any rank for the reference interpreter: a shape and its elements, addressed by one index per axis.

import Graph

extension ReferenceInterpreter {
    public struct Value {
        public let shape: Shape
        /// In row-major order: the last axis varies fastest.
        public var elements: [Double]

        public init(_ shape: Shape, _ elements: [Double]) {
            self.shape = shape
            self.elements = elements
        }

        public init(_ shape: Shape, repeating value: Double) {
            self.init(shape, [Double](repeating: value, count: shape.reduce(1, *)))
        }

        /// The array whose element at `index` is `element(index)`.
        public init(_ shape: Shape, _ element: ([Int]) -> Double) {
            var elements: [Double] = []
            forEachIndex(of: shape) { elements.append(element($0)) }
            self.init(shape, elements)
        }

        public subscript(_ index: [Int]) -> Double {
            get { elements[position(index)] }
            set { elements[position(index)] = newValue }
        }

        private func position(_ index: [Int]) -> Int {
            var position = 0
            for axis in shape.indices { position = position * shape[axis] + index[axis] }
            return position
        }
    }
}

/// Calls `body` with every index of an array of this shape, in row-major order; once, with [], for a scalar.
func forEachIndex(of shape: Shape, _ body: ([Int]) -> Void) {
    guard !shape.contains(where: { $0 < 1 }) else { return }
    var index = shape.map { _ in 0 }
    while true {
        body(index)
        var axis = shape.count - 1
        while axis >= 0, index[axis] + 1 == shape[axis] {
            index[axis] = 0
            axis -= 1
        }
        if axis < 0 { return }
        index[axis] += 1
    }
}
