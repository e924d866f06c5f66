// The options of the recipe autoencoder.

extension Option {
    public static let autoencoderChannels = Option(
        "autoencoder.channels", .integer(1...1024), default: .integer(16), .model,
        "The channels of an autoencoder next to the picture; every halving of the sides doubles them.")
    public static let autoencoderFeatures = Option(
        "autoencoder.features", .integer(1...65536), default: .integer(64), .model,
        "How many numbers an autoencoder puts a picture into, which are its features.")
    public static let autoencoderRate = Option(
        "autoencoder.learning-rate", .real(0...1, orAutomatic: false), default: .real(1e-3), .schedule, "Adam's step size for the autoencoder.")
}
