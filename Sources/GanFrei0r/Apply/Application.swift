import CGan
import Frei0rPlugin

/// What applying one network with certain settings to frames of one size needs: memory, and the tables of the scaling.
final class Application {
    private let network: Network
    private let settings: Settings
    private let mask: Mask?
    private let frame: (width: Int, height: Int)
    private let applier: OpaquePointer?
    /// The picture that the network sees, and the one that it makes.
    private let seen, made: (width: Int, height: Int)
    /// nil where the picture has the frame's size.
    private let shrinking, enlarging: Scaler?
    /// Bytes of the frame as far as the network sees them, [frame, input channels]; of what it sees; and of what it makes.
    private let read, source, result: Room<UInt8>
    /// What a scaler makes, in the size of what is seen, and in the frame's.
    private let small, large: Room<UInt32>
    private let greys: Room<UInt32>
    private let holes: Holes?
    /// As many as the network sees pixels.
    private let smallHoles: Room<UInt8>

    init(_ network: Network, _ settings: Settings, _ mask: Mask?, _ frame: (width: Int, height: Int)) throws(Failure) {
        self.network = network
        self.settings = settings
        self.mask = mask
        self.frame = frame
        let share = settings.size > 0 ? settings.size : 1 / Double(network.scale)
        func shrunk(_ side: Int) -> Int { min(side, max(1, Int((Double(side) * share).rounded()))) }
        seen = (shrunk(frame.width), shrunk(frame.height))
        made = (seen.width * network.scale, seen.height * network.scale)
        func scaler(_ from: (width: Int, height: Int), _ channels: Int, _ to: (width: Int, height: Int)) throws(Failure) -> Scaler? {
            if from == to { return nil }
            guard let scaler = Scaler(source: from, channels: channels, target: to, kernel: .cubic) else {
                throw .memory("scaling frames of \(from.width)×\(from.height) pixels")
            }
            return scaler
        }
        shrinking = try scaler(frame, network.input, seen)
        enlarging = try scaler(made, network.output, frame)
        // Frames have at most 2²⁸ pixels, and a scale is small: nothing here overflows.
        let what = "frames of \(frame.width)×\(frame.height) pixels"
        read = try Room(frame.width * frame.height * network.input, for: what)
        source = try Room(shrinking == nil ? 0 : seen.width * seen.height * network.input, for: what)
        small = try Room(shrinking == nil ? 0 : seen.width * seen.height, for: what)
        result = try Room(made.width * made.height * network.output, for: what)
        large = try Room(enlarging == nil ? 0 : frame.width * frame.height, for: what)
        greys = try Room(256, for: what)
        for value in 0..<256 { greys.at[value] = Pixel.opaque(value, value, value) }
        smallHoles = try Room(network.fillsHoles ? seen.width * seen.height : 0, for: what)
        holes = network.fillsHoles ? try Holes(width: frame.width, height: frame.height) : nil
        if let mask { holes?.set(mask) }
        try holes?.set(settings.boxes)
        applier = try network.applier(tile: settings.tile)
    }

    deinit { gan_applier_destroy(applier) }

    func fits(_ network: Network, _ settings: Settings, _ mask: Mask?) -> Bool {
        network === self.network && settings == self.settings && mask === self.mask
    }

    /// - Parameters:
    ///   - input: may be the same memory as `pixels`.
    func apply(_ input: UnsafePointer<UInt32>, into pixels: UnsafeMutablePointer<UInt32>) throws(Failure) {
        let count = frame.width * frame.height
        let from = UnsafeRawPointer(input).assumingMemoryBound(to: UInt8.self)
        let fillsTransparency = settings.mask.isEmpty && settings.boxes.isEmpty
        if let holes, fillsTransparency { holes.set(transparencyOf: from) }
        if settings.strength == 0 || holes?.count == 0 {
            if UnsafePointer(pixels) != input { pixels.update(from: input, count: count) }
            return
        }
        take(from, count)
        holes?.shrink(to: smallHoles.at, width: seen.width, height: seen.height)
        try Failure.check(
            gan_applier_apply_bytes(
                applier, settings.seed, shrinking == nil ? read.at : source.at, holes == nil ? nil : smallHoles.at, Int32(seen.height),
                Int32(seen.width), result.at, result.count))
        enlarging?.draw(result.at, map: greys.at, to: large.at, pitch: frame.width)
        let to = UnsafeMutableRawPointer(pixels).assumingMemoryBound(to: UInt8.self)
        if enlarging != nil {
            mix(from, UnsafeRawPointer(large.at).assumingMemoryBound(to: UInt8.self), channels: 4, into: to, count, fillsTransparency)
        } else {
            mix(from, result.at, channels: network.output, into: to, count, fillsTransparency)
        }
    }

    /// What the network sees of a frame: its colours, or its luminance, whatever is transparent.
    private func take(_ from: UnsafePointer<UInt8>, _ count: Int) {
        let (channels, read) = (network.input, read.at)
        if channels == 1 {
            for place in 0..<count {
                let pixel = from + 4 &* place
                let (red, green, blue) = (Int32(pixel[0]), Int32(pixel[1]), Int32(pixel[2]))
                read[place] = UInt8(truncatingIfNeeded: (299 &* red &+ 587 &* green &+ 114 &* blue &+ 500) / 1000)
            }
        } else {
            for place in 0..<count { for channel in 0..<channels { read[channels &* place &+ channel] = from[4 &* place &+ min(channel, 2)] } }
        }
        guard let shrinking else { return }
        shrinking.draw(read, map: greys.at, to: small.at, pitch: seen.width)
        let (shrunk, source) = (UnsafeRawPointer(small.at).assumingMemoryBound(to: UInt8.self), source.at)
        for place in 0..<seen.width * seen.height {
            for channel in 0..<channels { source[channels &* place &+ channel] = shrunk[4 &* place &+ channel] }
        }
    }

    /// What was made over what came in, by the strength. What is transparent stays so, unless that is what was filled; with holes, what
    /// lies outside of them is not touched.
    private func mix(
        _ from: UnsafePointer<UInt8>, _ made: UnsafePointer<UInt8>, channels: Int, into to: UnsafeMutablePointer<UInt8>, _ count: Int,
        _ fillsTransparency: Bool
    ) {
        let (strength, holes) = (Int32(truncatingIfNeeded: settings.strength), holes?.frame.at)
        let (green, blue) = channels == 1 ? (0, 0) : (1, 2)
        func mixed(_ old: UInt8, _ new: UInt8) -> UInt8 {
            UInt8(truncatingIfNeeded: (Int32(old) &* (256 &- strength) &+ Int32(new) &* strength &+ 128) >> 8)
        }
        for place in 0..<count {
            let (old, new, pixel) = (from + 4 &* place, made + channels &* place, to + 4 &* place)
            let alpha = old[3]
            if let holes, holes[place] == 0 {
                (pixel[0], pixel[1], pixel[2], pixel[3]) = (old[0], old[1], old[2], alpha)
                continue
            }
            (pixel[0], pixel[1], pixel[2]) = (mixed(old[0], new[0]), mixed(old[1], new[green]), mixed(old[2], new[blue]))
            pixel[3] = holes != nil && fillsTransparency ? mixed(alpha, 255) : alpha
        }
    }
}
