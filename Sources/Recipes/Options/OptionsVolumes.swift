// The options of the recipes volume and view-to-volume.

extension Option {
    public static let volumeAccuracy = Option(
        "volume.accuracy", .real(0...1, orAutomatic: false), default: .real(0.8), .model,
        "The discriminator of volumes is left as it is at steps at which it tells more than this share of the batch right (3D-GAN takes 0.8); 1 for one that is moved at every step.")
    public static let volumePieces = Option(
        "volume.pieces", .real(0...1, orAutomatic: false), default: .real(0.05), .machine,
        "When volumes are drawn, or made of views, pieces with fewer voxels than this share of the largest piece's are left out: specks in the air. 1 keeps the largest alone, 0 all.")
    public static let viewChannels = Option(
        "view.channels", .integer(1...4096), default: .integer(32), .model,
        "The channels next to the picture of the encoder of view-to-volume; every halving of the sides doubles them.")
    public static let viewReconstruction = Option(
        "view.reconstruction", .real(0...1e6, orAutomatic: false), default: .real(50), .model,
        "How much it weighs in view-to-volume how far what is made of a view is from its volume, as the mean cross-entropy of a voxel, beside the discriminator's opinion.")
    public static let viewDivergence = Option(
        "view.divergence", .real(0...1e6, orAutomatic: false), default: .real(0.1), .model,
        "How much it weighs in view-to-volume how far the latents of a view are from those that are drawn: the divergence of one of their numbers, on average.")
}
