// How a finished network is used on a picture of the caller's, of any size: what it reads, what it makes, and what a piece of the
// picture depends on.

import Base
import Graph
import Networks

public struct Application: Sendable {
    /// Reads "picture" and, with a hole to fill, "mask" (1 where it is missing), both of the sides that it learnt from.
    public let network: Network
    public let output: String
    /// Channels of a picture that is read, and of the one that is made.
    public let channels: (input: Int, output: Int)
    /// Both sides of a picture have to be multiples of this; others are continued to the next one by the pixels at their edges.
    public let multiple: Int
    /// How far away a pixel can lie that makes a difference to another, and what pieces of a picture overlap by; nil where every pixel does, as
    /// with a norm over the whole picture, or where pieces would have noise of their own.
    public let reach: Int?
    /// Sides of what is made are so many times those of what is read.
    public let scale: Int
    /// Height and width of the only pictures that it takes; nil for any.
    public let sides: (height: Int, width: Int)?
    /// How many pictures are read, one behind the other as channels, to say which follows; 0 for a picture that is none of several.
    public let frames: Int
    /// Whether there is a mask, and what lies outside of it stays as it was.
    public let fillsHoles: Bool
    /// What makes a volume of a picture, where one is made: an encoder, which also reads "variation", and a generator.
    public let volume: Volume?

    public struct Volume: Sendable {
        public let sampling: Sampling
        /// [depth, height, width, channels]
        public let axes: Shape
        /// Of the pixels that are read, and of voxels.
        public let range: (low: Float, high: Float)
    }

    public init(
        _ network: Network, output: String, channels: (input: Int, output: Int), multiple: Int = 1, reach: Int?, scale: Int = 1,
        sides: (height: Int, width: Int)? = nil, frames: Int = 0, fillsHoles: Bool = false
    ) {
        self.network = network
        self.output = output
        self.channels = channels
        self.multiple = multiple
        self.reach = reach
        self.scale = scale
        self.sides = sides
        self.frames = frames
        self.fillsHoles = fillsHoles
        volume = nil
    }

    /// - Parameters:
    ///   - sampling: A generator with the encoder of pictures [height, width, channels].
    ///   - axes: [depth, height, width, channels] of what is made, which for those who know pictures alone is depth × height pixels of width ·
    ///     channels values.
    public init(volume sampling: Sampling, of axes: Shape, view: Shape, range: (low: Float, high: Float)) {
        network = sampling.network
        output = sampling.output
        channels = (view[2], axes[2] * axes[3])
        multiple = 1
        reach = nil
        scale = 1
        sides = (view[0], view[1])
        frames = 0
        fillsHoles = false
        volume = Volume(sampling: sampling, axes: axes, range: range)
    }

    /// What a picture, and a mask, are called.
    public static let picture = "picture"
    public static let mask = "mask"
    /// How much of what a picture leaves open is drawn, [1]: 0 for what is likeliest, 1 for as much as there is.
    public static let variation = "variation"
}
