import Base
import Checkpoint
import Foundation
import XCTest

/// What is saved comes back, and what comes back is what was asked for.
final class CheckpointTests: XCTestCase {
    func testMemoryRoundTrip() throws {
        let state = State()
        try state.assertEqual(try parse(try state.bytes()))
    }

    func testFileRoundTrip() throws {
        let folder = try TemporaryFolder()
        let state = State()
        try state.write(to: folder("run.safetensors"))
        try state.assertEqual(try Checkpoint.open(path: folder("run.safetensors")))
        XCTAssertEqual(folder.names, ["run.safetensors"])
    }

    func testNoTensorsAndNoOptions() throws {
        var state = State()
        state.tensors = []
        state.metadata = CheckpointMetadata(kind: .generator, options: [:], seed: 0, step: 0)
        try state.assertEqual(try parse(try state.bytes()))
    }

    func testALargeTensorComesBack() throws {
        var state = State()
        state.tensors = [("large", [700, 1000], (0..<700_000).map { Float($0) })]
        let folder = try TemporaryFolder()
        try state.write(to: folder("large"))
        try state.assertEqual(try Checkpoint.open(path: folder("large")))
    }

    func testTensorsThatNobodyWantsAreVerifiedAndNotKept() throws {
        var state = State()
        state.tensors = (0..<9).map { (name: "\($0)", shape: [70_000], values: [Float](repeating: Float($0), count: 70_000)) }
        let folder = try TemporaryFolder()
        try state.write(to: folder("run"))
        for wanted in [["0"], ["8"], ["2", "3", "7"], []] {
            let checkpoint = try Checkpoint.open(path: folder("run")) { wanted.contains($0) }
            XCTAssertEqual(checkpoint.tensorNames.count, 9)
            for tensor in state.tensors {
                if wanted.contains(tensor.name) {
                    XCTAssertEqual(try checkpoint.values(tensor.name, tensor.shape), tensor.values)
                } else {
                    XCTAssertEqual(failure { _ = try checkpoint.values(tensor.name, tensor.shape) }.status, .internalError)
                }
            }
        }
        var bytes = try contents(folder("run"))
        let middle = bytes.count / 2
        bytes[middle] ^= 1
        try Data(bytes).write(to: URL(fileURLWithPath: folder("damaged")))
        XCTAssertEqual(failure { _ = try Checkpoint.open(path: folder("damaged")) { $0 == "8" } }.status, .checksum)
        try Data(bytes[..<middle]).write(to: URL(fileURLWithPath: folder("cut")))
        XCTAssertEqual(failure { _ = try Checkpoint.open(path: folder("cut")) { $0 == "0" } }.status, .truncated)
    }

    func testTheSameStateGivesTheSameBytes() throws {
        let folder = try TemporaryFolder()
        let bytes = try State().bytes()
        for _ in 0..<5 { XCTAssertEqual(try State().bytes(), bytes) }
        try State().write(to: folder("a"))
        XCTAssertEqual(try contents(folder("a")), bytes, "a file and memory hold the same")
        XCTAssertEqual(try contents(fixture("golden.safetensors")), bytes, "the format of files already written has changed")
    }

    func testTheDataBeginsOnACacheLine() throws {
        for length in 0..<70 {
            var state = State()
            state.metadata.others = ["x": String(repeating: "x", count: length)]
            let bytes = try state.bytes()
            let header = Int(bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) })
            XCTAssertEqual((8 + header) % 64, 0)
            XCTAssertLessThan(bytes[..<(8 + header)].reversed().prefix { $0 == UInt8(ascii: " ") }.count, 64)
            _ = try parse(bytes)
        }
    }

    func testTheBufferMustBeLargeEnough() throws {
        let state = State()
        try state.withTensors { tensors in
            let size = try Checkpoint.size(metadata: state.metadata, tensors: tensors)
            var bytes = [UInt8](repeating: 0xAA, count: size - 1)
            let error = failure {
                try bytes.withUnsafeMutableBytes { _ = try Checkpoint.write(metadata: state.metadata, tensors: tensors, into: $0) }
            }
            XCTAssertEqual(error.status, .bufferTooSmall)
            XCTAssertTrue(error.message.contains("\(size)"), error.message)
            XCTAssertTrue(bytes.allSatisfy { $0 == 0xAA }, "the buffer was touched")
        }
    }

    func testWhatCannotBeWritten() throws {
        func status(_ change: (inout State) -> Void) -> Status {
            var state = State()
            change(&state)
            return failure { _ = try state.bytes() }.status
        }
        XCTAssertEqual(status { $0.tensors.append($0.tensors[0]) }, .invalidArgument)
        XCTAssertEqual(status { $0.tensors[0].name = "__metadata__" }, .invalidArgument)
        XCTAssertEqual(status { $0.tensors[0].shape = Array(repeating: 1, count: 65) }, .invalidArgument)
        XCTAssertEqual(status { $0.tensors[0].shape = [-1] }, .outOfRange)
        XCTAssertEqual(status { $0.tensors[0].shape = [.max, .max] }, .outOfRange)
        XCTAssertEqual(status { $0.tensors[0].shape = [.max] }, .outOfRange)
        XCTAssertEqual(status { $0.metadata.step = -1 }, .invalidArgument)
        XCTAssertEqual(status { $0.metadata.others = ["checksum": "12345678"] }, .invalidArgument)
        XCTAssertEqual(status { $0.metadata.others = ["seed": "1"] }, .invalidArgument)
    }

    func testAMismatchSaysWhatIsThereAndWhatWasExpected() throws {
        let checkpoint = try parse(try State().bytes())
        let shape = failure { _ = try checkpoint.values("generator.0.weight", [2, 4]) }
        XCTAssertEqual(shape.status, .mismatch)
        XCTAssertEqual(shape.message, "The buffer has \"generator.0.weight\" as [2, 3], but its options say [2, 4].")
        XCTAssertEqual(failure { _ = try checkpoint.values("generator.0.weight", [6]) }.status, .mismatch)
        XCTAssertEqual(failure { _ = try checkpoint.values("scalar", [1]) }.status, .mismatch)
        let missing = failure { _ = try checkpoint.values("generator.9.weight", [2]) }
        XCTAssertEqual(missing.status, .mismatch)
        XCTAssertTrue(missing.message.contains("\"generator.9.weight\""), missing.message)
        XCTAssertNil(checkpoint.shape("generator.9.weight"))
    }

    func testTheFirstNonFiniteNumberIsFound() throws {
        let found = try parse(try State().bytes()).firstNonFinite
        XCTAssertEqual(found?.tensor, "generator.0.weight")
        XCTAssertEqual(found?.index, 3)
        var state = State()
        state.tensors[0].values[3] = 0
        XCTAssertEqual(try parse(try state.bytes()).firstNonFinite?.tensor, "moment.é")
        state.tensors.removeLast()
        XCTAssertNil(try parse(try state.bytes()).firstNonFinite)
    }

    // MARK: Files that other programs have changed

    /// Tensors named as libgan names them, so that their order can be found again.
    private var named: State {
        var state = State()
        state.metadata.others = ["library-version": "0.1.0", "data": "{}"]
        state.tensors = [
            ("generator.0.weight", [2, 3], [1, 2, 3, 4, 5, 6]), ("generator.0.gamma", [1], [7]), ("generator.0.beta", [1], [8]),
            ("generator.10.weight", [1], [9]), ("discriminator.0.weight", [], [10]), ("discriminator.0.bias", [2], [11, 12]),
            ("generator.0.mean", [1], [13]), ("generator.0.variance", [1], [14]),
            ("generator.0.weight.adam.m", [1], [15]), ("generator.0.weight.adam.v", [1], [16]), ("discriminator.0.bias.adam.m", [1], [17]),
        ]
        return state
    }

    /// The file of `state` with the tensors by name and blanks in the header, as another program might write it.
    private func savedAgain(_ state: State) throws -> [UInt8] {
        let original = try state.bytes()
        let length = Int(original.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) })
        let object = try JSONSerialization.jsonObject(with: Data(original[8..<8 + length])) as? [String: Any]
        var header: [String: Any] = ["__metadata__": try XCTUnwrap(object?["__metadata__"])]
        var data: [UInt8] = []
        for tensor in state.tensors.sorted(by: { $0.name < $1.name }) {
            header[tensor.name] = ["dtype": "F32", "shape": tensor.shape, "data_offsets": [data.count, data.count + 4 * tensor.values.count]]
            data += tensor.values.withUnsafeBytes { Array($0) }
        }
        return file(Array(try JSONSerialization.data(withJSONObject: header, options: [.prettyPrinted, .sortedKeys])), data: data)
    }

    /// Tensors of format version 2, whose names tell nothing of their order.
    private var named2: State {
        var state = named
        state.metadata.version = 2
        state.metadata.others["label"] = "2\nzéro\none"
        for (index, name) in [(2, "recogniser.hidden.weight"), (4, "a"), (5, "average.generator.0.weight"), (8, "generator.attention.\"é\"")] {
            state.tensors[index].name = name
        }
        return state
    }

    func testContentsInAnotherOrderAreTheSame() throws {
        for state in [named, named2] {
            let bytes = try savedAgain(state)
            XCTAssertNotEqual(bytes, try state.bytes())
            for bytes in [bytes, try state.bytes()] {
                let checkpoint = try parse(bytes)
                XCTAssertEqual(checkpoint.metadata, state.metadata)
                for tensor in state.tensors { XCTAssertEqual(try checkpoint.values(tensor.name, tensor.shape), tensor.values) }
            }
            let folder = try TemporaryFolder()
            try Data(bytes).write(to: URL(fileURLWithPath: folder("again")))
            XCTAssertEqual(try Checkpoint.open(path: folder("again")) { $0 == "generator.10.weight" }.values("generator.10.weight", [1]), [9])
        }
    }

    /// Version 1 is as it was; from version 2 on there are two checksums, and neither name is free for other texts.
    func testTheSecondChecksumIsThatOfTheFormat() throws {
        XCTAssertNil(String(decoding: try named.bytes(), as: UTF8.self).range(of: "\"contents\""))
        XCTAssertNotNil(String(decoding: try named2.bytes(), as: UTF8.self).range(of: "\"contents\":\""))
        var state = named2
        state.metadata.others["contents"] = "mine"
        XCTAssertEqual(failure { _ = try state.bytes() }.status, .invalidArgument)
    }

    /// Every number and every text is still under the checksum.
    func testAChangeIsFoundInAnotherOrderToo() throws {
        for state in [named, named2] { try findChanges(of: state) }
    }

    private func findChanges(of original: State) throws {
        let bytes = try savedAgain(original)
        let length = Int(bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) })
        for index in 8 + length..<bytes.count {
            var changed = bytes
            changed[index] ^= 1
            XCTAssertEqual(failure("byte \(index)") { _ = try parse(changed) }.status, .checksum)
        }
        for change in [
            { (state: inout State) in state.metadata.step += 1 }, { $0.metadata.options["latent.size"] = "3" }, { $0.metadata.others["data"] = "" },
            { $0.tensors[0].shape = [3, 2] }, { $0.tensors[4].shape = [1] }, { $0.tensors[1].name = "generator.1.gamma" }, { $0.tensors.removeLast() },
        ] {
            var state = original
            change(&state)
            // Changed contents with the checksums of before.
            var changed = try savedAgain(state)
            for name in ["checksum", "contents"] {
                let mark = Array("\"\(name)\" : \"".utf8)
                func digits(_ bytes: [UInt8]) -> Int? { bytes.indices.first { bytes[$0...].starts(with: mark) }.map { $0 + mark.count } }
                guard let from = digits(bytes), let to = digits(changed) else {
                    XCTAssertTrue(name == "contents" && original.metadata.version == 1)
                    continue
                }
                changed.replaceSubrange(to..<to + 8, with: bytes[from..<from + 8])
            }
            XCTAssertEqual(failure { _ = try parse(changed) }.status, .checksum)
        }
    }

    func testAnEditedFileIsTakenWithAnyChecksumOrNone() throws {
        var state = named
        state.metadata.others["edited"] = ""
        var bytes = try state.bytes()
        bytes[bytes.count - 1] ^= 1
        XCTAssertTrue(try parse(bytes).metadata.isEdited)
        let json = #"{"__metadata__":{"edited":"x","format":"libgan","format-version":"1","kind":"generator","options":"{}","seed":"1","step":"1"}}"#
        XCTAssertTrue(try parse(file(json)).metadata.isEdited)
        XCTAssertFalse(try parse(try named.bytes()).metadata.isEdited)
        XCTAssertEqual(failure { _ = try parse(file(json.replacingOccurrences(of: "edited", with: "Edited"))) }.status, .badFormat)
        XCTAssertEqual(failure { _ = try parse(Array(bytes.dropLast())) }.status, .truncated)
    }

    // MARK: Files of the safetensors package for Python

    func testAFileWrittenByPython() throws {
        let checkpoint = try Checkpoint.open(path: fixture("from-python.safetensors"))
        XCTAssertEqual(
            checkpoint.metadata,
            CheckpointMetadata(
                kind: .generator, options: ["latent.size": "2", "note": "café 😀 \"quoted\""], seed: .max, step: 1234))
        XCTAssertEqual(checkpoint.tensorNames.sorted(), ["empty", "generator.0.bias", "generator.0.weight", "scalar"])
        for tensor in State().tensors.prefix(4) {
            let values = try checkpoint.values(tensor.name, tensor.shape)
            XCTAssertEqual(values.map(\.bitPattern), tensor.values.map(\.bitPattern))
        }
    }

    func testATensorOfAnotherType() throws {
        let checkpoint = try Checkpoint.open(path: fixture("half-precision.safetensors"))
        let error = failure { _ = try checkpoint.values("half", [3]) }
        XCTAssertEqual(error.status, .mismatch)
        XCTAssertTrue(error.message.contains("\"half\" as \"F16\", and \"F32\" was expected"), error.message)
        XCTAssertEqual(try checkpoint.values("generator.0.bias", [3]), [1, 2, 3])
    }

    func testAnotherSafetensorsFile() {
        let error = failure { _ = try Checkpoint.open(path: fixture("not-a-checkpoint.safetensors")) }
        XCTAssertEqual(error.status, .badFormat)
        XCTAssertTrue(error.message.contains("is a safetensors file, but not a checkpoint of libgan"), error.message)
    }
}
