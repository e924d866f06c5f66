// Drawing: every letter is there and differs from the others, nothing is drawn outside the picture, and lines go where
// they are sent.
import Drawing
import XCTest

final class DrawingTests: XCTestCase {
    private func canvas(_ width: Int, _ height: Int) throws -> Canvas {
        try XCTUnwrap(Canvas(width: width, height: height, colour: .white))
    }

    /// The pixels of a text, darker than half.
    private func ink(_ text: String, size: Double = 24) throws -> [Bool] {
        let canvas = try canvas(60, 60)
        canvas.text(text, x: 10, y: 40, size: size, colour: .black)
        return (0..<3600).map { (canvas[$0 % 60, $0 / 60]?.red ?? 255) < 128 }
    }

    func testEveryLetterDiffersFromEveryOther() throws {
        var seen: [[Bool]: Character] = [:]
        let box = try ink("\u{1F600}")
        for code in UInt8(33)...126 {
            let character = Character(UnicodeScalar(code))
            let pixels = try ink(String(character))
            XCTAssertGreaterThan(pixels.filter { $0 }.count, 5, "\(character) is hardly to be seen")
            XCTAssertNotEqual(pixels, box, "\(character) is not drawn")
            if let other = seen[pixels] { XCTFail("\(character) looks like \(other)") }
            seen[pixels] = character
        }
        XCTAssertFalse(try ink(" ").contains(true))
    }

    func testLettersStayApartWhenSmall() throws {
        // At eight pixels, in which axes are labelled, digits differ by several pixels.
        for a in 0...9 {
            for b in 0..<a {
                let differing = zip(try ink(String(a), size: 8), try ink(String(b), size: 8)).filter { $0 != $1 }.count
                XCTAssertGreaterThanOrEqual(differing, 3, "\(a) and \(b)")
            }
        }
    }

    func testCapitalsAreAsHighAsAskedFor() throws {
        let rows = try ink("H", size: 20).enumerated().filter(\.element).map { $0.offset / 60 }
        XCTAssertEqual(Double((rows.max() ?? 0) - (rows.min() ?? 0)), 20, accuracy: 4)
    }

    func testWidthGrowsWithTextAndSize() {
        XCTAssertEqual(Text.width(of: "", size: 10), 0)
        XCTAssertEqual(Text.width(of: "gan", size: 20), 2 * Text.width(of: "gan", size: 10), accuracy: 1e-9)
        XCTAssertGreaterThan(Text.width(of: "gang", size: 10), Text.width(of: "gan", size: 10))
        XCTAssertEqual(Text.width(of: "0000", size: 10), Text.width(of: "1949", size: 10), "digits are all as wide")
    }

    func testTextBreaksIntoLinesThatFit() {
        let sentence = "The file 'a/very/long/path/that/does/not/fit/into/one/line.safetensors' does not exist."
        let lines = Text.lines(of: sentence, size: 12, width: 200)
        XCTAssertGreaterThan(lines.count, 3)
        for line in lines { XCTAssertLessThanOrEqual(Text.width(of: line, size: 12), 200, line) }
        XCTAssertEqual(lines.joined().filter { $0 != " " }, sentence.filter { $0 != " " })
        XCTAssertEqual(Text.lines(of: "a\n\nb", size: 12, width: 200), ["a", "", "b"])
    }

    func testAnchorsAndUpwardText() throws {
        let canvas = try canvas(200, 200)
        canvas.text("HHHH", x: 100, y: 100, size: 12, colour: .black, anchor: .right)
        XCTAssertTrue((101..<200).allSatisfy { x in (0..<200).allSatisfy { canvas[x + 1, $0] ?? .white == .white } })
        let upright = try self.canvas(200, 200)
        upright.text("HHHH", x: 100, y: 100, size: 12, colour: .black, upwards: true)
        let inked = (0..<40000).filter { upright[$0 % 200, $0 / 200] != .white }
        XCTAssertFalse(inked.isEmpty)
        XCTAssertTrue(inked.allSatisfy { $0 / 200 <= 101 && (85...102).contains($0 % 200) })
    }

    func testLinesCoverTheirPixelsAndNoOthers() throws {
        let canvas = try canvas(20, 20)
        canvas.line([Point(2, 10.5), Point(18, 10.5)], thickness: 1, colour: .black)
        for x in 3..<17 {
            XCTAssertEqual(canvas[x, 10], .black)
            XCTAssertEqual(canvas[x, 8], .white)
            XCTAssertEqual(canvas[x, 12], .white)
        }
        canvas.fill(x: 15, y: -5, width: 100, height: 7, colour: Colour(10, 20, 30))
        XCTAssertEqual(canvas[19, 1], Colour(10, 20, 30))
        XCTAssertEqual(canvas[19, 2], .white)
        XCTAssertNil(canvas[20, 0])
    }

    func testOpacityMixesAndCrossingsAreNotDarker() throws {
        let canvas = try canvas(20, 20)
        canvas.strokes([[Point(0, 10.5), Point(20, 10.5)], [Point(10.5, 0), Point(10.5, 20)]], thickness: 3, colour: .black, opacity: 0.5)
        XCTAssertEqual(canvas[10, 10], canvas[5, 10])
        XCTAssertEqual(Double(canvas[10, 10]?.red ?? 0), 127.5, accuracy: 1)
    }

    func testWhatIsOutsideOrNoNumberIsLeftOut() throws {
        let canvas = try canvas(10, 10)
        canvas.line([Point(-50, -50), Point(-40, -45)], thickness: 2, colour: .black)
        canvas.line([Point(.nan, 1), Point(5, .infinity), Point(1e300, 3)], thickness: 2, colour: .black)
        canvas.line([], thickness: 2, colour: .black)
        canvas.line([Point(5, 5)], thickness: .nan, colour: .black)
        canvas.text("text", x: 1e300, y: .nan, size: 9, colour: .black)
        canvas.text("text", x: 0, y: 9, size: .infinity, colour: .black)
        canvas.fill(x: .max, y: 0, width: .max, height: 3, colour: .black)
        canvas.fill(x: 3, y: 3, width: -1, height: 3, colour: .black)
        canvas.withPixels { XCTAssertTrue($0.allSatisfy { $0 == 255 }) }
    }

    func testSizesThatCannotBe() {
        XCTAssertNil(Canvas(width: 0, height: 5, colour: .white))
        XCTAssertNil(Canvas(width: 5, height: -1, colour: .white))
        XCTAssertNil(Canvas(width: .max, height: .max, colour: .white))
    }
}
