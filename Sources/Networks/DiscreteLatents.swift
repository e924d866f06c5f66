// Latents some of whose numbers are 1 or −1 and nothing between. A continuous function of a continuous latent cannot make two kinds of things
// without making what lies between them (Khayatkhoei, Elgammal & Singh, "Disconnected manifold learning for generative adversarial
// networks", 2018, 1806.00880); a kind for each pattern of signs can.

import Base
import Graph

public struct DiscreteLatents: Backbone {
    private let backbone: any Backbone
    private let count: Int

    /// - Parameter count: How many of the latent's numbers, from the first, are taken by their signs.
    public init(_ backbone: any Backbone, count: Int) {
        self.backbone = backbone
        self.count = count
    }

    public var image: Shape { backbone.image }
    public var pixelRange: (low: Float, high: Float) { backbone.pixelRange }
    public var judgesImagesApart: Bool { backbone.judgesImagesApart }

    public func generate(_ latents: Tensor, _ condition: Condition, _ scope: Scope) throws(GanError) -> Tensor {
        let (rows, size) = (latents.shape[0], latents.shape[1])
        let signs = try latents.slice(starts: [0, 0], counts: [rows, count]).greater(0) * 2 - 1
        guard size > count else { return try backbone.generate(signs, condition, scope) }
        let rest = try latents.slice(starts: [0, count], counts: [rows, size - count])
        return try backbone.generate(Tensor.concatenate([signs, rest], axis: 1), condition, scope)
    }

    public func features(_ images: Tensor, _ condition: Condition, _ scope: Scope) throws(GanError) -> Tensor {
        try backbone.features(images, condition, scope)
    }

    public func head(_ features: Tensor, outputs: Int, name: String?, _ scope: Scope) throws(GanError) -> Tensor {
        try backbone.head(features, outputs: outputs, name: name, scope)
    }
}
