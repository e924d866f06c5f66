// The networks that suit codes which mean something, as texts of layers: those of Chen et al. ("InfoGAN", 1606.03657, appendix C.1), with
// as many halvings as a picture has room for, and narrower, for two cores.

import Base

struct InfoNetworks {
    private let channels: Int
    /// Rows and columns of the last map, and the channels of each map from the first on.
    private let bottom: (height: Int, width: Int)
    private let maps: [Int]
    /// Units of the layers in which everything meets everything.
    private static let units = 256
    private static let (firstMap, mostChannels) = (32, 128)
    /// Sides are halved as long as this much is left.
    private static let shortestSide = 7

    /// Nil for sides that cannot be halved, and for pictures whose last map is too large for a layer of all its numbers.
    init?(height: Int, width: Int, channels: Int) {
        guard channels >= 1, min(height, width) >= 8, height % 2 == 0, width % 2 == 0 else { return nil }
        var (height, width) = (height, width)
        var maps: [Int] = []
        while height % 2 == 0, width % 2 == 0, maps.isEmpty || min(height, width) / 2 >= Self.shortestSide {
            maps.append(min(maps.last.map { $0 * 2 } ?? Self.firstMap, Self.mostChannels))
            (height, width) = (height / 2, width / 2)
        }
        guard let last = maps.last, let numbers = try? Sizes.product([height, width, last], of: "a map"), numbers <= 65536 else { return nil }
        self.channels = channels
        self.maps = maps
        bottom = (height, width)
    }

    /// From a latent and codes to a picture; what follows is `generator.output`.
    var generator: String {
        let last = maps[maps.count - 1]
        var layers = [
            "dense \(Self.units), norm batch, relu", "dense \(bottom.height * bottom.width * last), norm batch, relu",
            "reshape \(bottom.height) \(bottom.width) \(last)",
        ]
        for map in maps.dropLast().reversed() { layers.append("conv-transpose \(map), norm batch, relu") }
        return (layers + ["conv-transpose \(channels)"]).joined(separator: ", ")
    }

    /// From a picture to what both the discriminator and the recogniser read.
    func discriminator(isNormalised: Bool) -> String {
        let norm = isNormalised ? ", norm batch" : ""
        let halvings = maps.enumerated().map { "conv \($1) 4 2\($0 == 0 ? "" : norm), leaky-relu" }
        return (halvings + ["flatten", "dense \(Self.units)\(norm), leaky-relu"]).joined(separator: ", ")
    }
}
