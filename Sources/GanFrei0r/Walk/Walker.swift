import CFrei0r
import CGan
import Frei0rPlugin

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

// The frei0r source "gan": a generator's latent space, walked through as video, in every program that shows frei0r's sources.

private let plugin = Plugin(
    "gan", isFilter: false, parameters: Parameter.allCases,
    explanation: "Images from a generative adversarial network that libgan trained, changing into each other"
) { Walker(frame: $0, parameters: $1) }

@_cdecl("gan_frei0r_plugin") @implementation
public func gan_frei0r_plugin() -> UnsafeMutableRawPointer! { Unmanaged.passUnretained(plugin).toOpaque() }

/// A walk in a host.
private final class Walker: Painter {
    private let frame: (width: Int, height: Int)
    private let parameters: Parameters
    private var watched = WatchedFile<Model>()
    private var drawn: Drawn?

    init(frame: (width: Int, height: Int), parameters: Parameters) {
        self.frame = frame
        self.parameters = parameters
    }

    func paint(time: Double, _ input: UnsafePointer<UInt32>?, into pixels: UnsafeMutablePointer<UInt32>) throws(Failure) {
        let settings = Settings(parameters)
        let model = try watched.model(at: parameters.string(Parameter.model)) { (path) throws(Failure) in try Model(path: path) }
        if drawn?.fits(model, settings) != true { drawn = try Drawn(model, settings, frame) }
        try drawn?.draw(time: time, into: pixels)
    }
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
