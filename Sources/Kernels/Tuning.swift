// The numbers that were found by measuring: sizes of blocks, and limits between one path and another. They decide how fast a kernel
// is, and those of blocks that cut a sum (`stepsOfBlock` does not: sums go on where they stopped) would decide its bits.
// What follows from the registers of an instruction set (the heights and widths of tiles, and from which share of zeros on sparse
// tiles pay) stands with its vector type, in `KernelsBaseline`, `KernelsAVX2` and `KernelsAVX512`.
//
// Sizes are in floats unless they say otherwise. They were measured on processors with a first-level cache of 32 or 48 KiB and a
// second-level cache of 1 or 2 MiB.

@usableFromInline
enum Tuning {
    // MARK: Products

    /// Steps of the inner dimension in a block, at most: a panel of 32 columns is then 128 KiB.
    @inlinable @inline(__always) static var stepsOfBlock: Int { 1024 }

    /// A block of A's rows takes one part in so many of the bytes of the second-level cache, counted in floats: a third of it, where
    /// panels of B and the next block of A want to be too.
    @inlinable @inline(__always) static var rowBlockShare: Int { 12 }

    /// A that is stored transposed and whose steps span more than this is copied: 512 pages of 4 KiB, more than the processor keeps
    /// the addresses of.
    @inlinable @inline(__always) static var pages: Int { 524_288 }

    /// Operands that take more than this together are brought closer by the tiles: they are not in the second-level cache.
    @inlinable @inline(__always) static var near: Int { 320_000 }

    /// Packed panels are kept for the blocks of rows that follow if all take no more than this: 16 MiB.
    @inlinable @inline(__always) static var keptPanels: Int { 4_194_304 }

    /// The vectors of a panel that is packed beforehand.
    @inlinable @inline(__always) static var packedVectors: Int { 8 }

    // MARK: Products whose A has many zeros

    /// B's part of a block, which has to be in the first-level cache: 32 KiB.
    @inlinable @inline(__always) static var sparsePanel: Int { 8192 }

    /// Rows of a block: enough to use B's part often, and few enough for their sums to be near.
    @inlinable @inline(__always) static var sparseRows: Int { 128 }

    /// Rows that are written back together: few enough to be in the first-level cache still. Even.
    @inlinable @inline(__always) static var sparseWrittenRows: Int { 16 }

    /// Lists of steps are as long as this at most; longer products are made by ordinary tiles.
    @inlinable @inline(__always) static var sparseInner: Int { 8192 }

    // MARK: The gradient of a dense layer with its step of Adam

    /// Parameters in a band of tiles: three arrays of as many, twice, take a third of a second-level cache of 2 MiB.
    @inlinable @inline(__always) static var adamBand: Int { 32_768 }

    /// Rows of a band at most.
    @inlinable @inline(__always) static var adamBandRows: Int { 56 }

    // MARK: Convolutions

    /// What a row of a tile costs beside its multiply-adds, in steps of the inner dimension: for dividing the work evenly.
    @inlinable @inline(__always) static var rowCost: Int { 32 }

    /// Images of a group are copied apart, where they fall onto the same sets of the cache, if they take no more than this: 1½ MiB.
    @inlinable @inline(__always) static var imageGroup: Int { 393_216 }

    /// Positions in a block of a weight gradient: of a panel of 32 columns 32 KiB.
    @inlinable @inline(__always) static var positionsOfBlock: Int { 256 }

    /// What lies between the transforms of a block of squares, of the source and of the result together: 448 KiB.
    @inlinable @inline(__always) static var winogradBlock: Int { 114_688 }

    /// A weight gradient by transforms is summed in so many chunks at most, each of so many squares at least. Two, three and four members
    /// share twelve evenly.
    @inlinable @inline(__always) static var winogradChunks: Int { 12 }
    @inlinable @inline(__always) static var squaresOfChunk: Int { 256 }

    /// Below so many channels a weight gradient copies patches, so that the rows of a tile are taps and channels together.
    @inlinable @inline(__always) static var fewInChannels: Int { 8 }

    /// The patches of a block: 256 KiB.
    @inlinable @inline(__always) static var patches: Int { 65_536 }

    /// A weight gradient smaller than this is summed in chunks, for the members of a team to share; a chunk has at least so many
    /// positions, and there are at most so many chunks. These decide the order of sums, and so the bits of a training.
    @inlinable @inline(__always) static var chunkedWeights: Int { 32_768 }
    @inlinable @inline(__always) static var positionsOfChunk: Int { 256 }
    @inlinable @inline(__always) static var chunks: Int { 16 }

    /// The sums of the lines that an input gradient with few channels makes at a time: 128 KiB.
    @inlinable @inline(__always) static var scatterBand: Int { 32_768 }

    // MARK: Elementwise chains

    /// Elements in a block: as many blocks as a chain usually has registers are in the first-level cache then.
    @inlinable @inline(__always) static var elementwiseBlock: Int { 512 }
}
