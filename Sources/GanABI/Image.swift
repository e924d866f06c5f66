import Base
import CGan
import Data

// gan.h, "Images".

@_cdecl("gan_image_write_png") @implementation
public func gan_image_write_png(
    _ pixels: UnsafePointer<UInt8>!, _ count: Int64, _ height: Int32, _ width: Int32, _ channels: Int32, _ columns: Int32,
    _ margin: Int32, _ scale: Int32, _ path: UnsafePointer<CChar>!
) -> Int32 {
    boundary { () throws(GanError) in
        let pixels = try required(pixels, "pixels", "an array of images")
        let count = try checkedCount(count, "count", least: 1)
        let shape = try checkedShape(height, width, channels)
        let grid = try checkedGrid(columns, margin, scale)
        try PNGWriter.write(pixels, count: count, shape: shape, grid: grid, path: try text(path, "path"))
    }
}
