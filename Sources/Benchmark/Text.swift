// Numbers and columns as text.

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

enum Text {
    /// With `digits` digits behind the point.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "–" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let rounded = Int64((abs(value) * scale).rounded())
        let sign = value < 0 && rounded != 0 ? "-" : ""
        if digits == 0 { return sign + "\(rounded)" }
        let fraction = "\(rounded % Int64(scale))"
        return sign + "\(rounded / Int64(scale))." + String(repeating: "0", count: digits - fraction.count) + fraction
    }

    /// With about four significant digits; a number of JSON.
    static func significant(_ value: Double) -> String {
        guard value.isFinite else { return "null" }
        let size = abs(value)
        return fixed(value, size >= 1000 ? 1 : size >= 100 ? 2 : size >= 1 ? 3 : size >= 0.01 ? 5 : 8)
    }

    static func percent(_ share: Double) -> String { share.isFinite ? fixed(100 * share, 1) + " %" : "–" }
    static func times(_ ratio: Double) -> String { ratio.isFinite ? fixed(ratio, 2) + "×" : "–" }

    static func left(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(1, width - text.count)) }
    static func right(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(1, width - text.count)) + text }

    static func flush() { fflush(nil) }

    /// A file's contents, for the small files of /proc.
    static func contents(_ path: String) -> String? {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(file, &block, block.count)
            if count <= 0 { break }
            bytes += block[0..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
