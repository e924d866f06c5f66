import Base
import Checkpoint
import Foundation
import XCTest

/// Calls `body` with the bytes in a block of exactly their size, so that the address sanitizer sees a byte read too many.
func withExactly<R>(_ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { block.deallocate() }
    block.copyBytes(from: bytes)
    return try body(UnsafeRawBufferPointer(block))
}

func parse(_ bytes: [UInt8]) throws -> Checkpoint {
    try withExactly(bytes) { try Checkpoint.parse(bytes: $0) }
}

/// What went wrong in `body`; records a failure of the test where nothing did.
func failure(_ what: String = "", line: UInt = #line, _ body: () throws -> Void) -> GanError {
    do {
        try body()
        XCTFail("no error: \(what)", line: line)
    } catch let error as GanError {
        XCTAssertTrue(error.message.hasSuffix("."), "not a sentence: \(error.message)", line: line)
        XCTAssertFalse(error.message.contains("\n"), "not one line: \(error.message)", line: line)
        return error
    } catch {
        XCTFail("another kind of error: \(error)", line: line)
    }
    return GanError(.ok, "")
}

/// The bytes of a safetensors file with this header and as many zero bytes of data.
func file(_ json: String, data: Int = 0) -> [UInt8] {
    file(Array(json.utf8), data: [UInt8](repeating: 0, count: data))
}

func file(_ json: [UInt8], data: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: UInt64(json.count).littleEndian, Array.init) + json + data
}

/// The same file with its checksum made right: CRC-32 of the file with zeros for the digits.
func sealed(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    let mark = Array("\"checksum\":\"".utf8)
    guard let found = bytes.indices.first(where: { bytes[$0...].starts(with: mark) }), found + mark.count + 8 <= bytes.count else {
        return bytes
    }
    let digits = found + mark.count..<found + mark.count + 8
    bytes.replaceSubrange(digits, with: Array("00000000".utf8))
    let text = String(bytes.withUnsafeBytes { Checksum.crc32($0) }, radix: 16)
    bytes.replaceSubrange(digits, with: Array((String(repeating: "0", count: 8 - text.count) + text).utf8))
    return bytes
}

/// A training's state for the tests, with what a checkpoint may hold: every number of axes, nothing, and no number.
struct State {
    var metadata = CheckpointMetadata(
        kind: .trainer, options: ["latent.size": "2", "note": "caf\u{e9} \"quoted\" \\ \n"], seed: .max, step: 42,
        others: ["library-version": "0.1.0"])
    var tensors: [(name: String, shape: [Int], values: [Float])] = [
        // Among them 1e-40, which is subnormal, and a zero with a sign.
        ("generator.0.weight", [2, 3], [0.5, -1.25, 3, .infinity, Float(bitPattern: 71362), -0.0]),
        ("generator.0.bias", [3], [1, 2, 3]),
        ("scalar", [], [7]),
        ("empty", [0, 4], []),
        ("moment.é", [1, 1, 2], [.nan, -.infinity]),
    ]

    func withTensors<R>(_ body: ([CheckpointTensor]) throws -> R) rethrows -> R {
        let blocks = tensors.map { tensor in
            let block = UnsafeMutableBufferPointer<Float>.allocate(capacity: max(tensor.values.count, 1))
            _ = block.update(fromContentsOf: tensor.values)
            return block
        }
        defer { blocks.forEach { $0.deallocate() } }
        return try body(
            zip(tensors, blocks).map { tensor, block in
                CheckpointTensor(name: tensor.name, shape: tensor.shape, values: UnsafePointer(block.baseAddress!))
            })
    }

    func write(to path: String) throws {
        try withTensors { try Checkpoint.write(path: path, metadata: metadata, tensors: $0) }
    }

    func bytes() throws -> [UInt8] {
        try withTensors { tensors in
            var bytes = [UInt8](repeating: 0xAA, count: try Checkpoint.size(metadata: metadata, tensors: tensors))
            let written = try bytes.withUnsafeMutableBytes { bytes in
                try Checkpoint.write(metadata: metadata, tensors: tensors, into: bytes)
            }
            XCTAssertEqual(written, bytes.count)
            return bytes
        }
    }

    func assertEqual(_ checkpoint: Checkpoint, line: UInt = #line) throws {
        XCTAssertEqual(checkpoint.metadata, metadata, line: line)
        XCTAssertEqual(checkpoint.tensorNames, tensors.map(\.name), line: line)
        for tensor in tensors {
            XCTAssertEqual(checkpoint.shape(tensor.name), tensor.shape, line: line)
            let values = try checkpoint.values(tensor.name, tensor.shape)
            XCTAssertEqual(values.map(\.bitPattern), tensor.values.map(\.bitPattern), line: line)
        }
    }
}

extension Checkpoint {
    func values(_ name: String, _ shape: [Int]) throws -> [Float] {
        let count = shape.reduce(1, *)
        var values = [Float](repeating: -99, count: count + 1)
        try values.withUnsafeMutableBufferPointer { try read(name, expectedShape: shape, into: $0.baseAddress!) }
        XCTAssertEqual(values[count], -99, "a number too many was written")
        return Array(values.prefix(count))
    }
}

/// A folder of the test's own, removed at its end.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/checkpoint-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func callAsFunction(_ name: String) -> String { path + "/" + name }

    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}

func contents(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

func fixture(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/\(name)").path
}

/// SplitMix64 (Steele, Lea and Flood, 2014): the same numbers in every run.
struct FixedGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
