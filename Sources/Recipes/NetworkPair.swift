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
    ///   - packing: How many items the discriminator sees at a time, and is told of.
    init(_ backbone: any Backbone, latent: Int, classes: Int, conditioning: Conditioning, embedding: Int, packing: Packing) throws(GanError) {
        self.backbone = backbone
        self.latent = latent
        let pack = packing.size
        /// What a network reads of the classes [items] of its items, `pack` for each row.
        @Sendable func condition(_ labels: Tensor, pack: Int, beside: Bool, _ scope: Scope) throws(GanError) -> Condition {
            var condition = Condition(classes: pack == 1 ? (labels, classes) : nil)
            guard beside else { return condition }
            let vectors =
                switch conditioning {
                case .embed: try scope.parameter("embedding", [classes, embedding], .normal(deviation: 1)).gather(labels)
                case .concatenate, .projection, .auxiliary: try labels.oneHot(classes)
                }
            condition.vector = pack == 1 ? vectors : try vectors.reshape([vectors.shape[0] / pack, pack * vectors.shape[1]])
            return condition
        }
        generator = Network("generator", inputs: [Port("latents", [latent])] + (classes > 0 ? [Port("label", [])] : [])) {
            (inputs, scope) throws(GanError) in
            let condition = classes > 0 ? try condition(inputs("label"), pack: 1, beside: true, scope) : .none
            return ["images": try backbone.generate(inputs("latents"), condition, scope)]
        }
        let shown = [Port("images", try packing.shape(ofItems: backbone.image))]
        discriminator = Network("discriminator", inputs: shown + (classes > 0 ? [Port("label", pack > 1 ? [pack] : [])] : [])) {
            (inputs, scope) throws(GanError) in
            let images = try inputs("images")
            guard classes > 0 else {
                let features = try backbone.features(images, .none, scope)
                return ["logits": try backbone.head(features, outputs: 1, name: nil, scope), "features": features]
            }
            let packed = try inputs("label")
            let labels = try packed.reshape([packed.elementCount])
            let isTold = conditioning == .concatenate || conditioning == .embed
            let features = try backbone.features(images, condition(labels, pack: pack, beside: isTold, scope), scope)
            var logits = try backbone.head(features, outputs: 1, name: nil, scope)
            switch conditioning {
            case .projection:
                let width = features.shape[1]
                let deviation = Float((1 / Double(width)).squareRoot())
                let table = try scope.parameter("projection", [pack * classes, width], .normal(deviation: deviation))
                // Of a pack the sum of its items' vectors, each place of which has its own.
                let vectors = pack == 1 ? try table.gather(labels)
                    : try labels.oneHot(classes).reshape([features.shape[0], pack * classes]).product(table)
                logits = try logits + (features * vectors).sum(axes: [1])
            case .auxiliary:
                let each = try backbone.head(features, outputs: pack * classes, name: "classes", scope)
                return ["logits": logits, "features": features, "classes": try each.reshape([labels.shape[0], classes])]
            case .concatenate, .embed: break
            }
            return ["logits": logits, "features": features]
        }
    }
}
