// What a checkpoint remembers of the images that it was trained on, to know them again.

import Base
import Checkpoint
import Data

/// The text "data" of a checkpoint's metadata, which earlier versions pass over: {"channels":"1","count":"60000","crc32":"…",
/// "height":"28","width":"28"}. There is no "crc32" where a callback delivers the images.
struct DataRecord: Equatable {
    static let metadataName = "data"

    private var texts: [String: String]

    /// - Parameter fields: those that a training makes use of.
    init(_ dataset: Dataset, _ fields: [Field]) {
        texts = [
            "count": String(dataset.count), "height": String(dataset.shape.height), "width": String(dataset.shape.width),
            "channels": String(dataset.shape.channels),
        ]
        if let fingerprint = dataset.fingerprint { texts["crc32"] = Self.digits(fingerprint) }
        for (column, field) in zip(dataset.columns, dataset.fields).dropFirst() where fields.contains(field) {
            if let fingerprint = column.fingerprint { texts["crc32 of \(field.name)"] = Self.digits(fingerprint) }
            if column.count != dataset.count { texts["count of \(field.name)"] = String(column.count) }
        }
    }

    private static func digits(_ fingerprint: UInt32) -> String {
        let digits = String(fingerprint, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// Nil for a text that is no record.
    init?(text: String) {
        var text = text
        let read: [String: String]? = text.withUTF8 { utf8 in
            var reader = JSONReader(UnsafeRawBufferPointer(utf8))
            do throws(JSONReader.Failure) {
                let map = try reader.stringMap(atMost: 100)
                try reader.end()
                return map.mapValues(\.value)
            } catch { return nil }
        }
        guard let read else { return nil }
        texts = read
    }

    var text: String { JSONWriter.text(ofStringMap: texts) }

    /// Whether `other` is about the same images.
    func compared(with other: DataRecord) -> Trainer.DataComparison {
        for name in ["count", "height", "width", "channels"] where texts[name] != other.texts[name] { return .other }
        for name in Set(texts.keys).union(other.texts.keys) where name.utf8.starts(with: "count of ".utf8) && texts[name] != other.texts[name] { return .other }
        guard let mine = texts["crc32"], let theirs = other.texts["crc32"] else { return .unknown }
        for (name, value) in texts where name.utf8.starts(with: "crc32 of ".utf8) {
            if let theirs = other.texts[name], theirs != value { return .other }
        }
        return mine == theirs ? .same : .other
    }
}

extension Trainer {
    /// Whether a training that goes on has the images that it had before. The numbers are the contract's.
    public enum DataComparison: Int32, Sendable {
        case unknown = 0
        case same = 1
        case other = 2
    }
}
