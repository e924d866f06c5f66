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
    }

    /// What a picture, and a mask, are called.
    public static let picture = "picture"
    public static let mask = "mask"
}
