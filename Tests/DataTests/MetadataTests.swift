import Base
import Data
import Foundation
import XCTest

/// What folders say of their pictures besides showing them: lists, pairs, clips.
final class MetadataTests: XCTestCase {
    private let folder = TemporaryFolder()

    private func png(_ values: [Int], height: Int = 1) -> [UInt8] {
        TestPNG(width: values.count / height, height: height) { x, y, _ in values[y * values.count / height + x] }.bytes
    }

    private func open(_ name: String = "", _ change: (inout DatasetOptions) -> Void = { _ in }) throws -> Dataset {
        var options = DatasetOptions()
        change(&options)
        return try Dataset.open(path: folder.file(name), options: options)
    }

    private func texts(_ data: Dataset, _ name: String) throws -> [String] {
        let column = try XCTUnwrap(data.column(name)?.column)
        return (0..<column.count).map { column.text($0) }
    }

    private func three(_ name: String = "") {
        for i in 1...3 { folder.write("\(name)\(i).png", png([i, i])) }
    }

    func testACSVGivesLabelsTagsAndTexts() throws {
        three()
        folder.write(
            "metadata.csv",
            Array("text,file_name,other,label,tags\r\n\"two, it is\",2.png,x,cat,\"smile, blue hair\"\r\nüne,1.png,,dog,\r\n,./3.png,,cat,smile\r\n".utf8))
        let data = try open()
        XCTAssertEqual(data.bytes, [1, 1, 2, 2, 3, 3], "in the order of the names, as without a list")
        XCTAssertEqual(data.fields.map(\.name), ["image", "label", "tags", "text"])
        XCTAssertEqual(try texts(data, "label"), ["dog", "cat", "cat"])
        XCTAssertEqual(data.labelArray, [1, 0, 0])
        XCTAssertEqual(try texts(data, "tags"), ["", "blue hair,smile", "smile"])
        XCTAssertEqual(try texts(data, "text"), ["üne", "two, it is", ""])
        guard case .tags(let names, let examples) = data.fields[2].kind else { return XCTFail("no tags") }
        XCTAssertEqual(names, ["blue hair", "smile"])
        XCTAssertEqual(examples, [[0, 0], [1, 1], [0, 1]])
        guard case .text(let length, let characters, let samples) = data.fields[3].kind else { return XCTFail("no text") }
        XCTAssertEqual(length, 10)
        XCTAssertEqual(samples.count, 3)
        XCTAssertEqual(samples[0], [11, 6, 4, 0, 0, 0, 0, 0, 0, 0])
        XCTAssertEqual(String(String.UnicodeScalarView(characters)), " ,einostwü")
        XCTAssertEqual(try open { $0.readsMetadata = false }.fields.map(\.name), ["image"])
        XCTAssertEqual(try open { $0.textLength = 20 }.fields[3].axes, [20])
        assertFails(.outOfRange, "10 characters", "data.text-length to 10") { _ = try open { $0.textLength = 4 } }
    }

    func testWhatStandsBetweenTags() throws {
        three()
        for (list, expected) in [
            ("a b\n2.png,\"\"\n3.png,c b", ["a,b", "", "b,c"]), ("a b|c\n2.png,b\n3.png,", ["a b,c", "b", ""]),
            ("\"a b, c\"\n2.png,a b\n3.png,\",\"", ["a b,c", "a b", ""]),
        ] {
            folder.write("metadata.csv", Array(("file_name,tags\n1.png," + list).utf8))
            XCTAssertEqual(try texts(open(), "tags"), expected, list)
        }
    }

    func testJSONLines() throws {
        three("images/")
        folder.write(
            "metadata.jsonl",
            Array(
                """
                {"file_name": "images/3.png", "label": 1, "tags": ["b", "a"], "text": "x", "box": [1, 2]}
                {"file_name": "images/1.png", "label": 7, "tags": [], "text": "y"}

                {"file_name": "images/2.png", "label": 0, "tags": "a", "text": "z"}
                """.utf8))
        let data = try open()
        XCTAssertEqual(data.bytes, [1, 1, 2, 2, 3, 3])
        XCTAssertEqual(data.labelArray, [7, 0, 1])
        XCTAssertEqual(data.classCount, 8)
        XCTAssertEqual(try texts(data, "tags"), ["", "a", "a,b"])
        XCTAssertEqual(try texts(data, "text"), ["y", "z", "x"])
    }

    func testClassesAreLabelsWhereTheListHasNone() throws {
        folder.write("cats/1.png", png([1]))
        folder.write("dogs/2.png", png([2]))
        folder.write("metadata.csv", Array("file_name,text\ncats/1.png,a\ndogs/2.png,b\n".utf8))
        XCTAssertEqual(try open().fields.map(\.name), ["image", "label", "text"])
        XCTAssertEqual(try texts(open(), "label"), ["cats", "dogs"])
        folder.write("metadata.csv", Array("file_name,label\ncats/1.png,x\ndogs/2.png,x\n".utf8))
        XCTAssertEqual(try texts(open(), "label"), ["x", "x"])
    }

    func testListsThatAreAboutSomethingElse() throws {
        three()
        folder.write("metadata.csv", Array("id,price\n1,2\n".utf8))
        XCTAssertEqual(try open().fields.map(\.name), ["image"])
        folder.write("metadata.csv", [])
        XCTAssertEqual(try open().fields.map(\.name), ["image"])
        folder.write("metadata.csv", Array("file_name,size\n1.png,2\n".utf8))
        XCTAssertEqual(try open().fields.map(\.name), ["image"], "nothing is said of pictures")
    }

    func testListsThatAreWrong() throws {
        three()
        func list(_ text: String) { folder.write("metadata.csv", Array(text.utf8)) }
        list("file_name,label\n1.png,a\n2.png,b\n")
        assertFails(.mismatch, "says nothing of", "/3.png", "data.metadata") { _ = try open() }
        list("file_name,label\n1.png,a\n2.png,b\n3.png,c\n4.png,d\n")
        assertFails(.mismatch, "Line 5", "/4.png", "no such picture") { _ = try open() }
        list("file_name,label\n1.png,a\n2.png,b\n3.png,c\n./1.png,d\n")
        assertFails(.badFormat, "Lines 2 and 5", "/1.png") { _ = try open() }
        list("file_name,label\n1.png,a\n2.png, \n3.png,c\n")
        assertFails(.badData, "Line 3", "empty label") { _ = try open() }
        list("file_name,label,label\n1.png,a,b\n")
        assertFails(.badFormat, "two columns 'label'") { _ = try open() }
        list("file_name,tags\n1.png,\n2.png,\n3.png,\n")
        assertFails(.badData, "no picture has one") { _ = try open() }
        list("file_name,tags\n1.png,a\n2.png\n")
        assertFails(.badFormat, "Line 3", "1 field") { _ = try open() }
        list("file_name,label\n,a\n")
        assertFails(.badFormat, "Line 2", "no file name") { _ = try open() }
        list("file_name,label\n\"1.png,a\n")
        assertFails(.truncated, "Line 2") { _ = try open() }
        list("file_name,tags\n1.png,a;b\n2.png,\n3.png,\n")
        assertFails(.badData, "a;b") { _ = try open() }
        list("file_name,tags\n" + (1...3).map { i in "\(i).png," + (0..<2000).map { "t\(i)x\($0)" }.joined(separator: "|") }.joined(separator: "\n"))
        assertFails(.outOfRange, "4096") { _ = try open() }
        unlink(folder.file("metadata.csv"))
        folder.write("metadata.jsonl", Array("{\"file_name\": \"1.png\", \"label\": \"a\"}\n{\"file_name\": \"2.png\"}\n{\"file_name\": \"3.png\"}".utf8))
        assertFails(.badData, "Line 2", "no \"label\"") { _ = try open() }
        folder.write("metadata.jsonl", Array("{\"file_name\": \"1.png\", \"label\": {}}".utf8))
        assertFails(.badFormat, "Line 1", "neither text nor a number") { _ = try open() }
    }

    // MARK: Pairs

    func testSourcesAndTargets() throws {
        for (name, value) in [("source/a.png", 1), ("source/deep/b.png", 2), ("target/deep/b.png", 20), ("target/a.PNG", 10)] {
            folder.write("pairs/\(name)", png([value, value]))
        }
        let data = try open("pairs")
        XCTAssertEqual(data.fields.map(\.name), ["source", "target"])
        XCTAssertEqual(data.bytes, [1, 1, 2, 2])
        XCTAssertEqual(try floats(data, "target"), [10, 10, 20, 20].map { $0 / 255 })
        folder.write("pairs/target/c.png", png([1, 1]))
        assertFails(.mismatch, "target/c.png", "/source\"", "every target") { _ = try open("pairs") }
        folder.write("pairs/source/c.jpg", png([1, 1]))
        folder.write("pairs/source/d.png", png([1, 1]))
        assertFails(.mismatch, "source/d.png", "/target\"", "every source") { _ = try open("pairs") }
        folder.write("pairs/source/c.png", png([1, 1]))
        assertFails(.mismatch, "c.jpg", "c.png", "but for the ending") { _ = try open("pairs") }
    }

    func testPicturesThatAreTwo() throws {
        folder.write("1.png", png([1, 2, 3, 4, 5, 6, 7, 8], height: 2))
        folder.write("2.png", png([11, 12, 13, 14, 15, 16, 17, 18], height: 2))
        let data = try open { $0.pairs = .sideBySide }
        XCTAssertEqual(data.fields.map(\.name), ["source", "target"])
        XCTAssertEqual(data.fields[0].axes, [2, 2, 1])
        XCTAssertEqual(data.bytes, [1, 2, 5, 6, 11, 12, 15, 16])
        XCTAssertEqual(try floats(data, "target").map { ($0 * 255).rounded() }, [3, 4, 7, 8, 13, 14, 17, 18])
        let scaled = try open {
            $0.pairs = .sideBySide
            $0.fit = .crop
            $0.height = 1
            $0.width = 1
        }
        XCTAssertEqual(scaled.fields.map(\.axes), [[1, 1, 1], [1, 1, 1]])
        assertFails(.mismatch, "is a file") { _ = try open("1.png") { $0.pairs = .sideBySide } }
        folder.write("odd/1.png", png([1, 2, 3]))
        assertFails(.mismatch, "1.png", "cannot be halved") { _ = try open("odd") { $0.pairs = .sideBySide } }
    }

    private func floats(_ data: Dataset, _ name: String) throws -> [Float] {
        let column = try XCTUnwrap(data.column(name)?.column)
        var values = [Float](repeating: .nan, count: column.count * column.elements)
        try Array(0..<column.count).withUnsafeBufferPointer { rows in
            try values.withUnsafeMutableBufferPointer { try column.copyBatch(rows: rows, into: $0.baseAddress!, rangeLow: 0, rangeHigh: 1) }
        }
        return values
    }

    // MARK: Clips and volumes

    func testASubFolderIsAClip() throws {
        for i in [1, 2, 10, 9] { folder.write("a/frame\(i).png", png([i])) }
        for i in 0..<5 { folder.write("b/\(i).png", png([20 + i])) }
        assertFails(.mismatch, "\"b\" has 5 pictures", "\"a\" has 4", "data.frames") { _ = try open { $0.items = .clips } }
        let data = try open {
            $0.items = .clips
            $0.frames = 2
        }
        XCTAssertEqual(data.fields, [Field("clip", .values([2, 1, 1, 1]))])
        XCTAssertEqual(data.count, 4)
        XCTAssertEqual(data.bytes, [1, 2, 9, 10, 20, 21, 22, 23], "numbers in names count as numbers")
        assertFails(.mismatch, "\"a\" has 4 pictures", "data.frames is 5") {
            _ = try open {
                $0.items = .clips
                $0.frames = 5
            }
        }
        XCTAssertEqual(try open("a") { $0.items = .clips }.fields, [Field("clip", .values([4, 1, 1, 1]))], "pictures without sub-folders are one")
    }

    func testArraysOfAnyRank() throws {
        folder.write("v.idx", idx(8, [2, 2, 1, 3], Array(0..<12)))
        folder.write("w.idx", idx(8, [1, 2, 1, 3, 2], Array(0..<12)))
        XCTAssertEqual(try open("v.idx") { $0.items = .volumes }.fields, [Field("volume", .values([2, 1, 3, 1]))])
        XCTAssertEqual(try open("w.idx") { $0.items = .clips }.fields, [Field("clip", .values([2, 1, 3, 2]))])
        XCTAssertEqual(try open("w.idx").fields, [Field("image", .values([2, 1, 6]))], "as ever")
        assertFails(.mismatch, "data.frames is 3") {
            _ = try open("w.idx") {
                $0.items = .clips
                $0.frames = 3
            }
        }
        folder.write("m.idx", idx(8, [3, 2, 2], Array(0..<12)))
        assertFails(.badFormat, "3 axes", "[count, depth, height, width]") { _ = try open("m.idx") { $0.items = .volumes } }
    }
}
