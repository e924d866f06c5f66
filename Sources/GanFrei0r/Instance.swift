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
    /// What was set, for asking; and the same as text.
    private var modelBytes: UnsafeMutablePointer<CChar>?
    private var modelPath: String?

    private var watched = WatchedModel()
    private var errors = ErrorFrame()
    private var canvas: Drawn?

    /// nil for a frame without pixels or of more than 16,384 a side, and when memory runs out.
    init?(width: Int, height: Int) {
        guard (1...16384).contains(width), (1...16384).contains(height), let empty = strdup("") else { return nil }
        frame = (width, height)
        modelBytes = empty
        modelPath = ""
        lock = .allocate(capacity: 1)
        lock.initialize(to: pthread_mutex_t())
        pthread_mutex_init(lock, nil)
    }

    deinit {
        free(modelBytes)
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

    func setModel(_ text: UnsafePointer<CChar>?) {
        locked {
            guard let text, let copy = strdup(text) else { return }
            free(modelBytes)
            modelBytes = copy
            modelPath = String(validatingCString: copy)
        }
    }

    /// Good until the model is set again.
    func modelText() -> UnsafePointer<CChar>? { locked { UnsafePointer(modelBytes) } }

    // MARK: Drawing

    func draw(time: Double, into pixels: UnsafeMutablePointer<UInt32>) {
        locked {
            do throws(Failure) {
                guard let modelPath else { throw Failure(sentence: "The path of the model is not UTF-8.", brief: "path not UTF-8") }
                let settings = try Settings { values[Int($0.rawValue)] }
                let model = try watched.model(at: modelPath)
                if canvas?.fits(model, settings) != true { canvas = try Drawn(model, settings, frame) }
                try canvas?.draw(time: time, into: pixels)
            } catch {
                errors.draw(error, to: pixels, width: frame.width, height: frame.height)
            }
        }
    }
}

/// What drawing one model with certain settings needs: memory, and the tables of the scaling.
private final class Drawn {
    private let model: Model
    private let settings: Settings
    private let frame: (width: Int, height: Int)
    private let layout: Layout
    private let scaler: Scaler
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
        group = max(1, min(layout.count, 256, (1 << 22) / max(model.size, model.latentSize)))
        guard let scaler = Scaler(
            source: (model.width, model.height), channels: model.channels, target: (layout.width, layout.height), kernel: settings.kernel)
        else { throw .memory("scaling images of \(model.width)×\(model.height) pixels") }
        self.scaler = scaler
        // Sizes of 32 bits, times at most 258 where they are small: nothing here overflows.
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
