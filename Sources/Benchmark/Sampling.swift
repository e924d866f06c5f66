// How long 1, 64 and 1024 images take: from latents that the caller has (decode), and with drawing them (draw).

import Base
import Compute
import Training

func measureSampling(_ arguments: Arguments, _ report: Report) throws(GanError) {
    for threads in arguments.threads {
        report.section("Sampling, \(threadsText(threads))", ["µs", "p10–p90", "images/s", "+ latents"])
        for network in [Network.tutorial, .dcgan28] {
            let counts = [1, 64, 1024].filter { arguments.wants("sample.\(network.rawValue).\($0)") }
            guard !counts.isEmpty else { continue }
            let sampler = try Sampler(generator: network.trainer(threads: threads).snapshot(), threads: threads)
            for count in counts {
                let latents = try AlignedBuffer<Float>(count: count * sampler.generator.latentSize, for: "latents")
                sampler.latents(seed: 1, first: 0, count: count, into: latents.pointer)
                let images = try AlignedBuffer<Float>(count: count * sampler.generator.imageShape.elements, for: "images")
                defer { withExtendedLifetime((latents, images)) {} }
                let noise = Noise()
                let results = Contest(seconds: arguments.seconds, restsBetween: false).run([
                    Contestant("decode") { sampler.decode(latents: latents.pointer, count: count, into: images.pointer) },
                    Contestant("draw") { sampler.draw(seed: 1, first: 0, count: count, into: images.pointer) },
                ])
                let (decode, draw) = (results[0].seconds.map { $0 * 1e6 }, results[1].seconds.map { $0 * 1e6 })
                report.row(
                    "sample.\(network.rawValue).\(count)", threads: threads, "\(network.rawValue), \(count) image\(count == 1 ? "" : "s")",
                    [
                        Report.time(decode.median), Report.spread(decode), Text.fixed(Double(count) / decode.median * 1e6, 0),
                        Report.time(draw.median),
                    ],
                    Report.fields(decode, "us") + [("with_latents", Text.significant(draw.median))], noise.reading)
            }
        }
    }
}
