import Base
import CGan
import Recipes
import Training

// gan.h, "Inputs": what samples are made of, by count, index and name.

/// Runs `body` with a generator's inputs.
private func listing(
    _ generator: OpaquePointer?, _ index: Int32, _ body: (Sampling.Input) throws(GanError) -> Void
) -> Int32 {
    boundary(.brief) { () throws(GanError) in
        try using(generator, "generator", as: GeneratorObject.self, .shared) { (object) throws(GanError) in
            let inputs = object.generator.inputs
            guard let index = Int(exactly: index), inputs.indices.contains(index) else {
                throw GanError(.invalidArgument, "The argument 'index' is \(index), and the generator has the inputs 0 … \(inputs.count - 1).")
            }
            try body(inputs[index])
        }
    }
}

@_cdecl("gan_generator_input_count") @implementation
public func gan_generator_input_count(_ generator: OpaquePointer!, _ count: UnsafeMutablePointer<Int32>!) -> Int32 {
    boundary(.brief) { () throws(GanError) in
        try using(generator, "generator", as: GeneratorObject.self, .shared) { (object) throws(GanError) in
            try required(count, "count", "a place for the number").pointee = Int32(clamping: object.generator.inputs.count)
        }
    }
}

@_cdecl("gan_generator_input_name") @implementation
public func gan_generator_input_name(
    _ generator: OpaquePointer!, _ index: Int32, _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int,
    _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    listing(generator, index) { (input) throws(GanError) in try reply(input.name, buffer, capacity, size) }
}

@_cdecl("gan_generator_input_kind") @implementation
public func gan_generator_input_kind(
    _ generator: OpaquePointer!, _ index: Int32, _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int,
    _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    listing(generator, index) { (input) throws(GanError) in try reply(input.kindName, buffer, capacity, size) }
}

@_cdecl("gan_generator_input_width") @implementation
public func gan_generator_input_width(_ generator: OpaquePointer!, _ index: Int32, _ width: UnsafeMutablePointer<Int32>!) -> Int32 {
    listing(generator, index) { (input) throws(GanError) in
        try required(width, "width", "a place for the number").pointee = Int32(clamping: input.width)
    }
}

@_cdecl("gan_generator_input_classes") @implementation
public func gan_generator_input_classes(_ generator: OpaquePointer!, _ index: Int32, _ classes: UnsafeMutablePointer<Int32>!) -> Int32 {
    listing(generator, index) { (input) throws(GanError) in
        try required(classes, "classes", "a place for the number").pointee = Int32(clamping: input.classCount)
    }
}

@_cdecl("gan_generator_input_class_name") @implementation
public func gan_generator_input_class_name(
    _ generator: OpaquePointer!, _ index: Int32, _ number: Int32, _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int,
    _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    listing(generator, index) { (input) throws(GanError) in
        guard let number = Int(exactly: number), number >= 0, number < input.classCount else {
            throw GanError(
                .invalidArgument,
                input.classCount > 0
                    ? "The argument 'number' is \(number), and the input '\(input.name)' has the classes 0 … \(input.classCount - 1)."
                    : "The input '\(input.name)' is a \(input.kindName), which has no classes.")
        }
        try reply(input.className(number), buffer, capacity, size)
    }
}

// MARK: Setting

@_cdecl("gan_sampler_set") @implementation
public func gan_sampler_set(_ sampler: OpaquePointer!, _ input: UnsafePointer<CChar>!, _ value: UnsafePointer<CChar>!) -> Int32 {
    sampling(sampler) { (object) throws(GanError) in
        let index = try object.sampler.input(named: try text(input, "input"))
        try object.sampler.set(index, text: try text(value, "value"))
    }
}

@_cdecl("gan_sampler_set_values") @implementation
public func gan_sampler_set_values(
    _ sampler: OpaquePointer!, _ input: UnsafePointer<CChar>!, _ values: UnsafePointer<Float>!, _ count: Int64
) -> Int32 {
    sampling(sampler) { (object) throws(GanError) in
        let index = try object.sampler.input(named: try text(input, "input"))
        let count = try checkedCount(count, "count")
        if count == 0 { return try object.sampler.set(index, rows: []) }
        // An array of more would stop the program where there is no memory for it.
        guard count <= 1 << 28 else {
            throw GanError(.outOfRange, "The argument 'count' is \(count), more numbers than an input takes: at most \(1 << 28).")
        }
        let values = try required(values, "values", "numbers")
        try object.sampler.set(index, rows: Array(UnsafeBufferPointer(start: values, count: count)))
    }
}
