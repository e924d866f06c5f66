import Base
import Measures
import XCTest

final class PictureTests: XCTestCase {
    private func comparison(_ a: Features, _ b: Features, _ height: Int, _ width: Int, _ channels: Int = 1, threads: Int = 1) throws -> Comparison {
        var mine = Observations(features: a), theirs = Observations(features: b)
        mine.pictures = a
        theirs.pictures = b
        return try Comparison(samples: mine, data: theirs, shape: (height, width, channels), Team(threads: threads))
    }

    /// Pictures of white noise, smeared along their rows or not.
    private func pictures(_ count: Int, _ height: Int, _ width: Int, seed: UInt64, isSmeared: Bool) throws -> Features {
        let features = try rows(count, height * width, seed: seed)
        guard isSmeared else { return features }
        for row in 0..<count {
            let pixels = features.row(row)
            for i in 1..<height * width { pixels[i] = 0.9 * pixels[i - 1] + 0.1 * pixels[i] }
        }
        return features
    }

    func testOtherPicturesOfOneKindAreNearAndOfAnotherFar() throws {
        for (height, width) in [(7, 9), (28, 28), (33, 40)] {
            let data = try pictures(256, height, width, seed: 1, isSmeared: false)
            let like = try value("sliced-wasserstein", comparison(pictures(256, height, width, seed: 2, isSmeared: false), data, height, width))
            let unlike = try value("sliced-wasserstein", comparison(pictures(256, height, width, seed: 3, isSmeared: true), data, height, width))
            XCTAssertLessThan(like * 3, unlike)
            XCTAssertEqual(try value("sliced-wasserstein", comparison(data, data, height, width)), 0)
        }
    }

    /// Brightness and contrast are taken out of each channel, so a picture times two is the same.
    func testScaleOfPixelsDoesNotMatter() throws {
        let (a, b) = (try rows(20, 16 * 16 * 3, seed: 1), try rows(20, 16 * 16 * 3, seed: 1, scale: 2, shift: 1))
        XCTAssertEqual(try value("sliced-wasserstein", comparison(a, b, 16, 16, 3)), 0, accuracy: 0.01)
    }

    func testThreadsChangeNothing() throws {
        let (a, b) = (try rows(40, 20 * 20, seed: 1), try rows(50, 20 * 20, seed: 2, scale: 3))
        let alone = try value("sliced-wasserstein", comparison(a, b, 20, 20))
        for threads in [2, 5] { XCTAssertEqual(try value("sliced-wasserstein", comparison(a, b, 20, 20, threads: threads)), alone) }
    }

    func testPicturesThatNeverChange() throws {
        let (a, b) = (try rows(20, 100, seed: 1, scale: 0), try rows(20, 100, seed: 2))
        XCTAssertTrue(try value("sliced-wasserstein", comparison(a, b, 10, 10)).isFinite)
    }

    func testPicturesTooSmallForPatches() throws {
        let a = try rows(20, 36, seed: 1)
        XCTAssertThrowsError(try value("sliced-wasserstein", comparison(a, a, 6, 6))) { error in
            XCTAssertEqual((error as? GanError)?.status, .mismatch)
            XCTAssertTrue("\(error)".contains("7×7"), "\(error)")
        }
    }
}
