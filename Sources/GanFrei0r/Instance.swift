import CGan

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// One source in a host: its frame, its parameters, its model. A frame is a function of the parameters, the model's file
/// and the time; what is kept between frames is only what would come out the same again.
///
/// frei0r's hosts use an instance from one thread at a time; a lock holds for those that do not.
final class Instance: @unchecked Sendable {
    private let frame: (width: Int, height: Int)
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private var values = Parameter.allCases.map(\.initial)
    private var texts: [Parameter: SetText] = [:]

    private var watched = WatchedModel()
    private var errors = ErrorFrame()
    private var canvas: Drawn?

    /// nil for a frame without pixels or of more than 16,384 a side, and when memory runs out.
    init?(width: Int, height: Int) {
        guard (1...16384).contains(width), (1...16384).contains(height) else { return nil }
        for parameter in Parameter.allCases where parameter.isText {
            guard let empty = SetText("") else { return nil }
            texts[parameter] = empty
        }
        frame = (width, height)
        lock = .allocate(capacity: 1)
        lock.initialize(to: pthread_mutex_t())
        pthread_mutex_init(lock, nil)
    }

    deinit {
        pthread_mutex_destroy(lock)
        lock.deallocate()
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return body()
    }

    // MARK: Parameters

    func set(_ parameter: Parameter, _ value: Double) {
        locked { if !value.isNaN { values[Int(parameter.rawValue)] = value } }
    }

    func get(_ parameter: Parameter) -> Double { locked { values[Int(parameter.rawValue)] } }

    func setText(_ parameter: Parameter, _ text: UnsafePointer<CChar>?) {
        locked { if let text, let copy = SetText(text) { texts[parameter] = copy } }
    }

    /// Good until the parameter is set again.
    func text(_ parameter: Parameter) -> UnsafePointer<CChar>? { locked { texts[parameter].map { UnsafePointer($0.bytes) } } }

    // MARK: Drawing

    private func string(_ parameter: Parameter, _ sentence: String, brief: String) throws(Failure) -> String {
        guard let string = texts[parameter]?.string else { throw Failure(sentence: sentence, brief: brief) }
        return string
    }

    func draw(time: Double, into pixels: UnsafeMutablePointer<UInt32>) {
        locked {
            do throws(Failure) {
                let path = try string(.model, "The path of the model is not UTF-8.", brief: "path not UTF-8")
                let settings = try Settings(
                    { values[Int($0.rawValue)] }, label: try string(.label, "The label is not UTF-8.", brief: "label not UTF-8"),
                    inputs: try string(.inputs, "The text of Inputs is not UTF-8.", brief: "inputs not UTF-8"))
                let model = try watched.model(at: path)
                if canvas?.fits(model, settings) != true { canvas = try Drawn(model, settings, frame) }
                try canvas?.draw(time: time, into: pixels)
            } catch {
                errors.draw(error, to: pixels, width: frame.width, height: frame.height)
            }
        }
    }
}

/// What was set as text: its bytes, for asking, and the same as a string.
private final class SetText {
    let bytes: UnsafeMutablePointer<CChar>
    /// nil for what is not UTF-8.
    let string: String?

    /// nil when there is no memory.
    init?(_ text: UnsafePointer<CChar>) {
        guard let copy = strdup(text) else { return nil }
        bytes = copy
        string = String(validatingCString: copy)
    }

    deinit { free(bytes) }
}

/// What drawing one model with certain settings needs: memory, and the tables of the scaling.
private final class Drawn {
    private let model: Model
    private let settings: Settings
    private let frame: (width: Int, height: Int)
    private let layout: Layout
    private let scaler: Scaler
    private let inputs: FrameInputs
    /// Images that are decoded at once: few when they are large.
    private let group: Int
    /// `[group, latent size]`, and behind it two latents more.
    private let latents: UnsafeMutablePointer<Float>
    /// `[group, height, width, channels]`.
    private let images: UnsafeMutablePointer<UInt8>
    private let map: UnsafeMutablePointer<UInt32>

    init(_ model: Model, _ settings: Settings, _ frame: (width: Int, height: Int)) throws(Failure) {
        self.model = model
        self.settings = settings
        self.frame = frame
        layout = Layout(columns: settings.columns, image: (model.width, model.height), frame: frame)
        inputs = try FrameInputs(model, settings)
        // Values in turn are counted from the first image of a call.
        group = inputs.areInTurn ? layout.count : max(1, min(layout.count, 256, (1 << 22) / max(model.size, model.latentSize)))
        guard let scaler = Scaler(
            source: (model.width, model.height), channels: model.channels, target: (layout.width, layout.height), kernel: settings.kernel)
        else { throw .memory("scaling images of \(model.width)×\(model.height) pixels") }
        self.scaler = scaler
        // Sizes of 32 bits, times at most 1026: nothing here overflows.
        guard let latents = calloc((group + 2) * model.latentSize, MemoryLayout<Float>.stride) else { throw .memory("latents") }
        guard let images = malloc(group * model.size), let map = malloc(256 * MemoryLayout<UInt32>.stride) else {
            free(latents)
            throw .memory("\(group) images of \(model.width)×\(model.height) pixels")
        }
        self.latents = latents.bindMemory(to: Float.self, capacity: (group + 2) * model.latentSize)
        self.images = images.bindMemory(to: UInt8.self, capacity: group * model.size)
        self.map = map.bindMemory(to: UInt32.self, capacity: 256)
        settings.colours.write(to: self.map)
    }

    deinit {
        free(latents)
        free(images)
        free(map)
    }

    func fits(_ model: Model, _ settings: Settings) -> Bool { model === self.model && settings == self.settings }

    func draw(time: Double, into pixels: UnsafeMutablePointer<UInt32>) throws(Failure) {
        drawBorder(pixels)
        let walk = Walk(seed: settings.seed, samplesPerSecond: settings.samplesPerSecond, isStraight: model.hasUniformLatents)
        let size = model.latentSize
        var first = 0
        while first < layout.count {
            let count = min(group, layout.count - first)
            for cell in 0..<count {
                try Failure.check(
                    walk.latent(
                        first + cell, time: time, model.sampler, size: size, ends: latents + group * size, to: latents + cell * size))
            }
            try inputs.set(first, count, at: walk.position(0, time: time))
            try Failure.check(gan_sampler_decode_bytes(model.sampler, latents, Int64(count), images, count * model.size))
            for cell in 0..<count {
                let (row, column) = ((first + cell) / layout.columns, (first + cell) % layout.columns)
                let place = (layout.top + row * layout.height) * frame.width + layout.left + column * layout.width
                scaler.draw(images + cell * model.size, map: map, to: pixels + place, pitch: frame.width)
            }
            first += count
        }
    }

    /// What no image covers: the colour of black, as in the images.
    private func drawBorder(_ pixels: UnsafeMutablePointer<UInt32>) {
        let colour = Scaler.shown(model.channels) == 1 ? map[0] : Pixel.black
        let (width, height) = (layout.columns * layout.width, layout.rows * layout.height)
        let right = layout.left + width
        for y in 0..<frame.height {
            let row = pixels + y * frame.width
            if y < layout.top || y >= layout.top + height {
                row.update(repeating: colour, count: frame.width)
            } else {
                row.update(repeating: colour, count: layout.left)
                (row + right).update(repeating: colour, count: frame.width - right)
            }
        }
    }
}
