import Base
import CGan
import Data

// gan.h, "Dataset", as far as it makes data and writes them.

@_cdecl("gan_made_count") @implementation
public func gan_made_count() -> Int32 { lookup(otherwise: 0) { StaticText.madeCount } }

@_cdecl("gan_made_name") @implementation
public func gan_made_name(_ index: Int32) -> UnsafePointer<CChar>! { lookup(otherwise: nil) { StaticText.made(index)?.name } }

@_cdecl("gan_made_summary") @implementation
public func gan_made_summary(_ index: Int32) -> UnsafePointer<CChar>! { lookup(otherwise: nil) { StaticText.made(index)?.summary } }

@_cdecl("gan_dataset_make") @implementation
public func gan_dataset_make(
    _ name: UnsafePointer<CChar>!, _ count: Int64, _ seed: UInt64, _ from: OpaquePointer!, _ out: UnsafeMutablePointer<OpaquePointer?>!
) -> Int32 {
    creating(out) { () throws(GanError) in
        let made = try MadeData.find(try text(name, "name"))
        let digits: Dataset?
        if from == nil { digits = nil } else { digits = try using(from, "from", as: DatasetObject.self, .shared) { $0.dataset } }
        let items = try checkedCount(count, "count")
        return DatasetObject(try made.dataset(count: items, seed: seed, digits: digits))
    }
}

@_cdecl("gan_dataset_write") @implementation
public func gan_dataset_write(_ dataset: OpaquePointer!, _ path: UnsafePointer<CChar>!, _ labels: UnsafePointer<CChar>!) -> Int32 {
    boundary { () throws(GanError) in
        let data = try using(dataset, "dataset", as: DatasetObject.self, .shared) { $0.dataset }
        let path = try text(path, "path")
        try data.write(to: path, labels: labels == nil ? nil : try text(labels, "labels"))
    }
}
