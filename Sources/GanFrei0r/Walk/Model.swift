import CGan
import Frei0rPlugin
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
