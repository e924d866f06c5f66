/// Where the images of a frame stand: a grid in its middle, each image as large as its column or the frame allows.
struct Layout: Equatable {
    let columns, rows: Int
    /// The size of an image in the frame; its sides have the proportion of the generator's.
    let width, height: Int
    let left, top: Int

    /// More images than this a frame cannot show anyway.
    static let most = 1024

    /// All sizes are at least 1 and at most 2³¹.
    init(columns wanted: Int, image: (width: Int, height: Int), frame: (width: Int, height: Int)) {
        let columns = min(wanted, frame.width)
        func scaled(_ size: Int, _ by: Int, _ over: Int) -> Int { max(1, (size * by + over / 2) / over) }
        var width = frame.width / columns
        var height = scaled(width, image.height, image.width)
        if height > frame.height {
            height = frame.height
            width = min(scaled(height, image.width, image.height), width)
        }
        let rows = max(1, min(frame.height / height, Layout.most / columns))
        self.columns = columns
        self.rows = rows
        self.width = width
        self.height = height
        left = (frame.width - columns * width) / 2
        top = (frame.height - rows * height) / 2
    }

    var count: Int { columns * rows }
}
