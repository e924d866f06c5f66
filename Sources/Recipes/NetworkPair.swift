// A generator and a discriminator on a backbone, told a class, tags or nothing: what the recipes for pictures share.

import Base
import Data
import Graph
import Networks
import Objectives

/// What both networks are told of an item.
enum Told: Sendable {
    case nothing
    /// One of so many classes.
    case label(Int)
    /// A zero or a one for each of so many tags.
    case tags(Int)

    /// The field and the input that tells it.
    var port: Port? {
        switch self {
        case .nothing: nil
        case .label: Port(Field.label, [])
        case .tags(let count): Port(Field.tags, [count])
        }
    }

    /// How many classes or tags there are.
    var count: Int {
        switch self {
        case .nothing: 0
        case .label(let count), .tags(let count): count
        }
    }

    /// The items' classes [items], or tags [items, count], where a row holds those of several.
    func items(_ told: Tensor) throws(GanError) -> Tensor {
        if case .tags(let count) = self { return try told.reshape([told.elementCount / count, count]) }
        return try told.reshape([told.elementCount])
    }

    /// A number for each class or tag, [items, count]: ones where the item is of it.
    func ones(_ told: Tensor) throws(GanError) -> Tensor {
        if case .label(let count) = self { return try told.oneHot(count) }
        return told
    }

    /// The sum of the rows of `table`, [count, n], of an item's classes: its class's own, or those of all its tags.
    func vector(of table: Tensor, _ told: Tensor) throws(GanError) -> Tensor {
        if case .label = self { return try table.gather(told) }
        return try ones(told).product(table)
    }

    /// How far what the discriminator says of classes or tags is from what they are.
    func crossEntropy(_ logits: Tensor, _ told: Tensor) throws(GanError) -> Tensor {
        if case .tags = self { return try Classification.binaryCrossEntropy(logits, targets: told) }
        return try Classification.crossEntropy(logits, targets: ones(told))
    }
}

struct NetworkPair: Sendable {
    let backbone: any Backbone
    let latent: Int
    let generator: Network
    let discriminator: Network

    /// - Parameters:
    ///   - embedding: How many numbers are learnt for each class or tag, where they are.
    ///   - packing: How many items the discriminator sees at a time, and is told of.
    ///   - alsoProjects: Whether the discriminator of `auxiliary` is told classes or tags too, as that of `projection` is.
    init(
        _ backbone: any Backbone, latent: Int, told: Told, conditioning: Conditioning, embedding: Int, packing: Packing, alsoProjects: Bool = false
    ) throws(GanError) {
        self.backbone = backbone
        self.latent = latent
        let pack = packing.size
        let classes = told.count
        /// What a network reads of the classes or tags of its items, `pack` for each row.
        @Sendable func condition(_ items: Tensor, pack: Int, beside: Bool, _ scope: Scope) throws(GanError) -> Condition {
            var condition = Condition()
            if pack == 1, case .label = told { condition.classes = (items, classes) }
            guard beside else { return condition }
            let vectors =
                switch conditioning {
                case .embed: try told.vector(of: scope.parameter("embedding", [classes, embedding], .normal(deviation: 1)), items)
                case .concatenate, .projection, .auxiliary: try told.ones(items)
                }
            condition.vector = pack == 1 ? vectors : try vectors.reshape([vectors.shape[0] / pack, pack * vectors.shape[1]])
            return condition
        }
        let port = told.port
        generator = Network("generator", inputs: [Port("latents", [latent])] + (port.map { [$0] } ?? [])) {
            (inputs, scope) throws(GanError) in
            var toGenerator = Condition.none
            if let port { toGenerator = try condition(inputs(port.name), pack: 1, beside: true, scope) }
            return ["images": try backbone.generate(inputs("latents"), toGenerator, scope)]
        }
        let shown = [Port("images", try packing.shape(ofItems: backbone.image))]
        let packed = port.map { [Port($0.name, (pack > 1 ? [pack] : []) + $0.shape)] } ?? []
        discriminator = Network("discriminator", inputs: shown + packed) {
            (inputs, scope) throws(GanError) in
            let images = try inputs("images")
            guard let port else {
                let features = try backbone.features(images, .none, scope)
                return ["logits": try backbone.head(features, outputs: 1, name: nil, scope), "features": features]
            }
            let items = try told.items(inputs(port.name))
            let isTold = conditioning == .concatenate || conditioning == .embed
            let features = try backbone.features(images, condition(items, pack: pack, beside: isTold, scope), scope)
            var logits = try backbone.head(features, outputs: 1, name: nil, scope)
            if conditioning == .projection || alsoProjects {
                let width = features.shape[1]
                let deviation = Float((1 / Double(width)).squareRoot())
                let table = try scope.parameter("projection", [pack * classes, width], .normal(deviation: deviation))
                // Of a pack the sum of its items' vectors, each place of which has its own.
                let vectors = pack == 1 ? try told.vector(of: table, items)
                    : try told.ones(items).reshape([features.shape[0], pack * classes]).product(table)
                logits = try logits + (features * vectors).sum(axes: [1])
            }
            if conditioning == .auxiliary {
                let each = try backbone.head(features, outputs: pack * classes, name: "classes", scope)
                return ["logits": logits, "features": features, "classes": try each.reshape([items.shape[0], classes])]
            }
            return ["logits": logits, "features": features]
        }
    }
}
