// A generator and a discriminator on a backbone, told a class or not: what the recipes for pictures share.

import Base
import Graph
import Networks

struct NetworkPair: Sendable {
    let backbone: any Backbone
    let latent: Int
    let generator: Network
    let discriminator: Network

    /// - Parameters:
    ///   - classes: 0 for networks that are told nothing.
    ///   - embedding: How many numbers are learnt for each class, where they are.
    init(_ backbone: any Backbone, latent: Int, classes: Int, conditioning: Conditioning, embedding: Int) {
        self.backbone = backbone
        self.latent = latent
        let label = classes > 0 ? [Port("label", [])] : []
        /// What both networks read of a class.
        @Sendable func condition(_ inputs: Tensors, beside: Bool, _ scope: Scope) throws(GanError) -> Condition {
            guard classes > 0 else { return .none }
            let labels = try inputs("label")
            var condition = Condition(classes: (labels, classes))
            guard beside else { return condition }
            switch conditioning {
            case .embed: condition.vector = try scope.parameter("embedding", [classes, embedding], .normal(deviation: 1)).gather(labels)
            case .concatenate, .projection, .auxiliary: condition.vector = try labels.oneHot(classes)
            }
            return condition
        }
        generator = Network("generator", inputs: [Port("latents", [latent])] + label) { (inputs, scope) throws(GanError) in
            let images = try backbone.generate(inputs("latents"), condition(inputs, beside: true, scope), scope)
            return ["images": images]
        }
        discriminator = Network("discriminator", inputs: [Port("images", backbone.image)] + label) { (inputs, scope) throws(GanError) in
            let isTold = conditioning == .concatenate || conditioning == .embed
            let features = try backbone.features(inputs("images"), condition(inputs, beside: isTold, scope), scope)
            var logits = try backbone.head(features, outputs: 1, name: nil, scope)
            guard classes > 0 else { return ["logits": logits, "features": features] }
            switch conditioning {
            case .projection:
                let width = features.shape[1]
                let vectors = try scope.parameter("projection", [classes, width], .normal(deviation: Float((1 / Double(width)).squareRoot())))
                logits = try logits + (features * vectors.gather(inputs("label"))).sum(axes: [1])
            case .auxiliary:
                return ["logits": logits, "features": features, "classes": try backbone.head(features, outputs: classes, name: "classes", scope)]
            case .concatenate, .embed: break
            }
            return ["logits": logits, "features": features]
        }
    }

    /// What the discriminator says of real and generated images: in one batch where that is the same, so that weights are read once.
    func judge(_ real: Tensor, _ fake: Tensor, _ condition: Tensors, _ s: StepBuilder) throws(GanError) -> (real: Tensors, fake: Tensors) {
        let label = condition["label"]
        guard backbone.judgesImagesApart else {
            var inputs = condition
            inputs["images"] = real
            let realResult = try s.run(discriminator, inputs)
            inputs["images"] = fake
            return (realResult, try s.run(discriminator, inputs))
        }
        var both: Tensors = ["images": try Tensor.concatenate([real, fake], axis: 0)]
        if let label { both["label"] = try Tensor.concatenate([label, label], axis: 0) }
        let result = try s.run(discriminator, both)
        var (first, second): (Tensors, Tensors) = ([:], [:])
        for name in ["logits", "features", "classes"] {
            guard let whole = result[name] else { continue }
            let counts = [s.batch] + whole.shape.dropFirst()
            let zeros = whole.shape.dropFirst().map { _ in 0 }
            first[name] = try whole.slice(starts: [0] + zeros, counts: counts)
            second[name] = try whole.slice(starts: [s.batch] + zeros, counts: counts)
        }
        return (first, second)
    }
}
