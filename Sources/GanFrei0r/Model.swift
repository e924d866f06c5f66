import CGan
import PluginSupport

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A generator with what draws from it, for one instance of the plugin.
final class Model {
    let width, height, channels: Int
    let latentSize: Int
    let hasUniformLatents: Bool
    /// What its images are made of besides latents.
    let inputs: GeneratorInputs
    let sampler: OpaquePointer?
    private let generator: OpaquePointer?

    /// Bytes of an image; libgan keeps them within 32 bits.
    var size: Int { width * height * channels }

    /// - Throws: the library's sentence.
    init(path: String) throws(Failure) {
        var (generator, sampler) = (OpaquePointer?.none, OpaquePointer?.none)
        var (height, width, channels, latent) = (Int32(0), Int32(0), Int32(0), Int32(0))
        do throws(Failure) {
            try Failure.check(gan_generator_load(path, &generator))
            try Failure.check(gan_generator_shape(generator, &height, &width, &channels))
            try Failure.check(gan_generator_latent_size(generator, &latent))
            try Failure.check(gan_sampler_create(generator, nil, &sampler))
            inputs = try Failure.of { () throws(InputFailure) in try GeneratorInputs(generator) }
        } catch {
            gan_sampler_destroy(sampler)
            gan_generator_destroy(generator)
            throw error
        }
        self.generator = generator
        self.sampler = sampler
        self.width = Int(width)
        self.height = Int(height)
        self.channels = Int(channels)
        latentSize = Int(latent)
        var distribution = [CChar](repeating: 0, count: 64)
        let status = gan_generator_option(generator, "latent.distribution", &distribution, distribution.count, nil)
        hasUniformLatents = status == GAN_OK && strcmp(distribution, "uniform") == 0
    }

    deinit {
        gan_sampler_destroy(sampler)
        gan_generator_destroy(generator)
    }
}

/// Why there is no picture, in a sentence, and in two or three words for a frame in which no sentence can be read.
struct Failure: Error {
    let sentence: String
    let brief: String

    /// The library's sentence, and the status's own name: GAN_E_NOT_FOUND is "not found".
    static func check(_ status: Int32) throws(Failure) {
        if status == GAN_OK { return }
        throw Failure(status, String(cString: gan_error_message()))
    }

    private init(_ status: Int32, _ sentence: String) {
        let name = gan_status_name(status).map { String(cString: $0) } ?? ""
        let words = name.split(separator: "_").filter { $0 != "GAN" && $0 != "E" }
        self.init(sentence: sentence, brief: words.joined(separator: " ").lowercased())
    }

    init(sentence: String, brief: String) {
        self.sentence = sentence
        self.brief = brief
    }

    static func of<Result>(_ body: () throws(InputFailure) -> Result) throws(Failure) -> Result {
        do throws(InputFailure) { return try body() } catch { throw Failure(error.status, error.sentence) }
    }

    static func memory(_ what: String) -> Failure { Failure(sentence: "There is no memory for \(what).", brief: "no memory") }
}

/// The model of a path, as the file is now: looked at before every frame. One that was replaced is loaded anew. One that
/// was deleted goes on from memory, because a film should not end for that.
struct WatchedModel {
    private var path = ""
    private var file: FileIdentity?
    private var model: Model?

    mutating func model(at path: String) throws(Failure) -> Model {
        guard !path.isEmpty else {
            throw Failure(sentence: "No model is set. The parameter Model takes the path of a checkpoint that libgan wrote, such as digits.safetensors.", brief: "no model")
        }
        let file = FileIdentity(path)
        if path == self.path, let model, file == nil || file == self.file { return model }
        model = nil
        self.path = path
        self.file = file
        let loaded = try Model(path: path)
        model = loaded
        return loaded
    }
}
