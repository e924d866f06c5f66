import CGan
import PluginSupport

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A generator with what draws from it. A connection's calls come one at a time, so one sampler serves them all.
final class Model {
    let height, width, channels: Int32
    /// Bytes of an image: their product, which libgan keeps within 32 bits.
    let size: Int
    private var generator: OpaquePointer?
    private var sampler: OpaquePointer?
    private let inputs: GeneratorInputs
    /// What the inputs are set to.
    private var wanted = ""
    private var scratch = Memory()

    init(path: String) throws(SQLError) {
        var generator: OpaquePointer?
        var sampler: OpaquePointer?
        var (height, width, channels) = (Int32(0), Int32(0), Int32(0))
        do throws(SQLError) {
            try SQLError.check(gan_generator_load(path, &generator))
            try SQLError.check(gan_generator_shape(generator, &height, &width, &channels))
            try SQLError.check(gan_sampler_create(generator, nil, &sampler))
            inputs = try SQLError.of { () throws(InputFailure) in try GeneratorInputs(generator) }
        } catch {
            gan_sampler_destroy(sampler)
            gan_generator_destroy(generator)
            throw error
        }
        self.generator = generator
        self.sampler = sampler
        self.height = height
        self.width = width
        self.channels = channels
        size = Int(height) * Int(width) * Int(channels)
    }

    deinit {
        gan_sampler_destroy(sampler)
        gan_generator_destroy(generator)
    }

    /// Sets what the samples are made of, such as "label=7, c2=0.5"; "" for what they are without being told. Whoever draws says it
    /// each time, for others draw from the same model meanwhile.
    private func set(_ text: String) throws(SQLError) {
        if text == wanted { return }
        // Whatever it comes to, it is no longer what it was.
        wanted = ""
        try SQLError.of { () throws(InputFailure) in
            do throws(InputFailure) { try inputs.apply(inputs.settings(text), to: sampler) } catch {
                try inputs.apply([], to: sampler)
                throw error
            }
        }
        wanted = text
    }

    /// Refuses what cannot be set, before anything is drawn.
    func check(_ inputs: String) throws(SQLError) { try set(inputs) }

    /// Draws samples first … first + count − 1 as bytes, `count * size` of them.
    func draw(
        _ seed: UInt64, _ first: Int64, _ count: Int64, _ inputs: String, into pixels: UnsafeMutableRawPointer
    ) throws(SQLError) {
        try set(inputs)
        let (room, overflow) = Int(count).multipliedReportingOverflow(by: size)
        guard !overflow else { throw SQLError("\(count) images are more than memory holds.") }
        try SQLError.check(
            gan_sampler_draw_bytes(sampler, seed, first, count, pixels.assumingMemoryBound(to: UInt8.self), room))
    }

    /// Samples 0 … count − 1 beside data, to be destroyed.
    func evaluation(beside dataset: OpaquePointer?, _ classifier: OpaquePointer?, count: Int64) throws(SQLError) -> OpaquePointer? {
        var evaluation: OpaquePointer?
        try SQLError.check(gan_evaluate_generator(generator, dataset, classifier, nil, 0, count, &evaluation))
        return evaluation
    }

    /// One sample as a PNG file, which stays until the next call.
    func png(_ seed: UInt64, _ index: Int64, _ inputs: String) throws(SQLError) -> UnsafeRawBufferPointer {
        try set(inputs)
        // Asking for the size would draw the sample twice; pixels and some space for the chunks nearly always do.
        var needed = 0
        var capacity = max(scratch.capacity, size + size / 4 + 4096)
        while true {
            try scratch.grow(to: capacity, for: "a picture")
            let status = gan_sampler_encode_png(sampler, seed, index, 1, 1, 0, 1, scratch.start, scratch.capacity, &needed)
            if status == GAN_E_BUFFER_TOO_SMALL && needed > capacity {
                capacity = needed
                continue
            }
            try SQLError.check(status)
            return UnsafeRawBufferPointer(start: scratch.start, count: needed)
        }
    }
}

/// Memory that grows and can fail to.
struct Memory: ~Copyable {
    private(set) var start: UnsafeMutableRawPointer?
    private(set) var capacity = 0

    deinit { free(start) }

    /// Keeps what is there.
    mutating func grow(to bytes: Int, for what: String) throws(SQLError) {
        if bytes <= capacity { return }
        guard let larger = realloc(start, bytes) else { throw .outOfMemory("\(what) (\(bytes) bytes)") }
        start = larger
        capacity = bytes
    }

    /// Gives the memory away, to be freed by whoever takes it.
    mutating func take() -> UnsafeMutableRawPointer? {
        defer { (start, capacity) = (nil, 0) }
        return start
    }
}
