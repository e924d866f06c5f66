import CFrei0r
import CGan
import Frei0rPlugin

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

// The frei0r filter "gan_apply": a network that makes pictures of pictures, applied to each frame of a film.

private let plugin = Plugin(
    "gan_apply", isFilter: true, parameters: Parameter.allCases,
    explanation: "Frames made of frames by a network that libgan trained: of another kind, coloured, sharper, or with holes filled"
) { Filter(frame: $0, parameters: $1) }

@_cdecl("gan_frei0r_plugin") @implementation
public func gan_frei0r_plugin() -> UnsafeMutableRawPointer! { Unmanaged.passUnretained(plugin).toOpaque() }

/// A filter in a host.
private final class Filter: Painter {
    private let frame: (width: Int, height: Int)
    private let parameters: Parameters
    private var models = WatchedFile<Network>()
    private var masks = WatchedFile<Mask>()
    private var application: Application?

    init(frame: (width: Int, height: Int), parameters: Parameters) {
        self.frame = frame
        self.parameters = parameters
    }

    func paint(time: Double, _ input: UnsafePointer<UInt32>?, into pixels: UnsafeMutablePointer<UInt32>) throws(Failure) {
        guard let input else { throw Failure(sentence: "The host gave no frame to make another of.", brief: "no frame") }
        let settings = try Settings(parameters)
        let network = try models.model(at: parameters.string(Parameter.model)) { (path) throws(Failure) in try Network(path: path) }
        if !network.fillsHoles && !(settings.mask.isEmpty && settings.boxes.isEmpty) {
            throw Failure(sentence: "This model fills no holes: Mask and Box go with the recipe inpainting.", brief: "fills no holes")
        }
        let mask = settings.mask.isEmpty ? nil : try masks.content(at: settings.mask) { (path) throws(Failure) in try Mask(path: path) }
        if application?.fits(network, settings, mask) != true { application = try Application(network, settings, mask, frame) }
        try application?.apply(input, into: pixels)
    }
}

/// A generator that makes pictures of pictures.
final class Network {
    let generator: OpaquePointer?
    let fillsHoles: Bool
    /// Channels of what is read, and of what is made.
    let input, output: Int
    /// Sides of what is made are so many times those of what is read.
    let scale: Int

    /// - Throws: the library's sentence.
    init(path: String) throws(Failure) {
        var (generator, applier) = (OpaquePointer?.none, OpaquePointer?.none)
        var (input, output, takesMask, height, width) = (Int32(0), Int32(0), Int32(0), Int32(0), Int32(0))
        defer { gan_applier_destroy(applier) }
        do throws(Failure) {
            try Failure.check(gan_generator_load(path, &generator))
            try Failure.check(gan_applier_create(generator, nil, &applier))
            try Failure.check(gan_applier_channels(applier, &input, &output, &takesMask))
            try Failure.check(gan_applier_shape(applier, 1, 1, &height, &width))
            var rank = 0
            try Failure.check(gan_generator_axes(generator, nil, 0, &rank))
            if rank > 3 { throw Failure(sentence: "This model makes volumes of pictures, and a film is of pictures.", brief: "makes volumes") }
        } catch {
            gan_generator_destroy(generator)
            throw error
        }
        self.generator = generator
        (self.input, self.output, fillsHoles, scale) = (Int(input), Int(output), takesMask == 1, max(1, Int(width)))
    }

    deinit { gan_generator_destroy(generator) }

    func applier(tile: Int) throws(Failure) -> OpaquePointer? {
        var (options, applier) = (OpaquePointer?.none, OpaquePointer?.none)
        defer { gan_options_destroy(options) }
        try Failure.check(gan_options_create(&options))
        try Failure.check(gan_options_set_integer(options, "tile", Int64(tile)))
        try Failure.check(gan_applier_create(generator, options, &applier))
        return applier
    }
}
