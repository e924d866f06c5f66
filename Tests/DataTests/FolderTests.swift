import Base
import Data
import Foundation
import XCTest

final class FolderTests: XCTestCase {
    private let folder = TemporaryFolder()

    private func png(_ value: Int) -> [UInt8] { TestPNG(width: 2, height: 1) { _, _, _ in value }.bytes }

    private func open(_ name: String = "", classes: Int = 0) throws -> Dataset {
        var options = DatasetOptions()
        options.classes = classes
        return try Dataset.open(path: folder.file(name), options: options)
    }

    func testASubFolderIsAClass() throws {
        folder.write("cats/2.png", png(2))
        folder.write("cats/1.png", png(1))
        folder.write("Zebras/9.png", png(9))
        folder.write("dogs/deep/er/4.PNG", png(4))
        folder.write("dogs/3.png", png(3))
        folder.write("notes/readme.txt", [0x68])  // no pictures: no class
        folder.write("readme.txt", [0x68])
        folder.write(".hidden/1.png", png(77))
        folder.write("__MACOSX/cats/._1.png", [1])
        folder.write("cats/Thumbs.db", [1])
        folder.write("cats/._2.png", [1])
        folder.write("desktop.ini", [1])
        let data = try open()
        XCTAssertEqual(data.bytes, [9, 9, 1, 1, 2, 2, 3, 3, 4, 4])
        XCTAssertEqual(data.labelArray, [0, 1, 1, 2, 2])
        XCTAssertEqual(data.classCount, 3)
        XCTAssertEqual((0..<4).map { data.className($0) }, ["Zebras", "cats", "dogs", "3"], "in the order of bytes")
        XCTAssertEqual(try open(classes: 5).classCount, 5)
        assertFails(.badData, "3 sub-folders", "data.classes is 2") { _ = try open(classes: 2) }
        // Below a folder that an archive brought along.
        XCTAssertEqual(rename(folder.file("cats"), folder.file("xcats")), 0)
        mkdir(folder.file("archive"), 0o755)
        mkdir(folder.file("archive/all"), 0o755)
        for name in ["xcats", "dogs", "Zebras"] { rename(folder.file(name), folder.file("archive/all/\(name)")) }
        unlink(folder.file("notes/readme.txt"))
        rmdir(folder.file("notes"))
        XCTAssertEqual(try open().classCount, 3)
        XCTAssertEqual(try open().className(2), "xcats")
    }

    func testOneSubFolderOfPicturesIsAClass() throws {
        folder.write("faces/1.png", png(1))
        folder.write("faces/2.png", png(2))
        XCTAssertEqual(try open().labelArray, [0, 0])
        XCTAssertEqual(try open().className(0), "faces")
    }

    func testTheTrainingSplitOfSplits() throws {
        folder.write("data/train/a/1.png", png(1))
        folder.write("data/train/b/2.png", png(2))
        folder.write("data/Test/a/3.png", png(3))
        folder.write("data/val/a/4.png", png(4))
        XCTAssertEqual(try open().bytes, [1, 1, 2, 2])
        XCTAssertEqual(try open().labelArray, [0, 1])
        // With a folder that is no split they are classes like any others.
        folder.write("data/trains/5.png", png(5))
        XCTAssertEqual(try open().classCount, 4)
    }

    /// As people's folders for unpaired translation are: each kind has a count and an order of its own.
    func testTwoKindsOfPictures() throws {
        for i in 0..<3 { folder.write("kinds/trainA/\(i).png", png(i)) }
        for i in 0..<2 { folder.write("kinds/trainB/\(i).png", png(100 + i)) }
        folder.write("kinds/testA/0.png", png(200))
        let data = try open("kinds")
        XCTAssertEqual(data.fields.map(\.name), ["source", "target"])
        XCTAssertEqual(data.orderCounts, [3, 2])
        // Beside another folder they are classes like any others.
        folder.write("kinds/trainC/0.png", png(1))
        XCTAssertEqual(try open("kinds").classCount, 4)
    }

    func testAPictureBesideSubFolders() throws {
        for i in 0..<20 { folder.write("faces/\(i).png", png(i)) }
        folder.write("cover.png", png(200))
        assertFails(.mismatch, "1 picture itself", "20 pictures in sub-folders", "\"faces\"", "/faces\"") { _ = try open() }
        XCTAssertEqual(try open("faces").count, 20)
        // As many or more than in the sub-folders: those are notes beside the pictures.
        for i in 0..<19 { folder.write("\(i).png", png(100 + i)) }
        XCTAssertEqual(try open().count, 20)
        XCTAssertNil(try open().labels)
    }

    func testNamesThatAreNotUTF8() throws {
        let path = FilePath(folder.path)
        func put(_ name: [UInt8], _ inner: [UInt8], _ value: Int) throws {
            let sub = path.appending(name)
            mkdir((sub.bytes + [0]).map { CChar(bitPattern: $0) }, 0o755)
            let file = try XCTUnwrap(fopen((sub.appending(inner).bytes + [0]).map { CChar(bitPattern: $0) }, "w"))
            let bytes = png(value)
            fwrite(bytes, 1, bytes.count, file)
            fclose(file)
        }
        try put([0x63, 0x61, 0x66, 0xE9], [0xE9, 0xFF] + Array(".png".utf8), 1)  // Latin-1
        try put([0x63, 0x61, 0x66, 0xEA], Array("2.png".utf8), 2)
        let data = try open()
        XCTAssertEqual(data.bytes, [1, 1, 2, 2])
        XCTAssertEqual([data.className(0), data.className(1)], ["caf\\xE9", "caf\\xEA"])
        XCTAssertEqual(try Dataset.open(path.appending([0x63, 0x61, 0x66, 0xE9])).bytes, [1, 1])
        assertFails(.notFound, "caf\\xEB") { _ = try Dataset.open(path.appending([0x63, 0x61, 0x66, 0xEB])) }
    }

    func testLinksRoundInACircleAndNowhere() throws {
        folder.write("a/1.png", png(1))
        folder.write("b/2.png", png(2))
        symlink("..", folder.file("a/up"))
        symlink(".", folder.file("a/self"))
        symlink("nowhere", folder.file("c"))
        symlink("a/1.png", folder.file("z.txt"))
        XCTAssertEqual(try open().bytes, [1, 1, 2, 2])
        XCTAssertEqual(try open().labelArray, [0, 1])
        // A picture that is not there is missed.
        symlink("nowhere", folder.file("a/3.png"))
        assertFails(.notFound, "/a/3.png") { _ = try open() }
        unlink(folder.file("a/3.png"))
        mkfifo(folder.file("a/pipe.png"), 0o600)  // no picture, and nobody writes into it
        XCTAssertEqual(try open("b").bytes, [2, 2])
        XCTAssertNoThrow(try open("a"))
    }

    func testFoldersThatCannotBeRead() throws {
        folder.write("a/1.png", png(1))
        folder.write("secret/2.png", png(2))
        chmod(folder.file("secret"), 0)
        let isRoot = geteuid() == 0
        if isRoot { seteuid(65534) }
        defer {
            if isRoot { seteuid(0) }
            chmod(folder.file("secret"), 0o755)
        }
        assertFails(.accessDenied, "/secret") { _ = try open() }
        if isRoot { seteuid(0) }
        folder.write("0.png", png(3))
        folder.write("1.png", png(4))
        if isRoot { seteuid(65534) }
        XCTAssertEqual(try open().bytes, [3, 3, 4, 4], "its pictures, as there are no more below")
    }

    func testWhatCannotBeUsedIsToldByWhatIsThere() throws {
        assertFails(.notFound, folder.path, "no images", "empty") { _ = try open() }
        for i in 0..<200 { folder.write("photos/\(i).webp", [1]) }
        folder.write("photos/list.csv", [1])
        assertFails(.notFound, "200 WEBP files and 1 CSV file", "mogrify -format png *.webp") { _ = try open() }
        folder.write("a/x_train.npy", [1])
        assertFails(.notFound, "1 NPY file", "pass the file itself", "/a/x_train.npy") { _ = try open("a") }
        folder.write("z/x.npz", [1])
        assertFails(.notFound, "1 NPZ file", "unpack", "/z/x.npz") { _ = try open("z") }
        folder.write("t/x.tar.gz", [1])
        assertFails(.notFound, "1 TAR.GZ file", "unpack") { _ = try open("t") }
        folder.write("plain/README", [1])
        assertFails(.notFound, "1 file;", "PNG or JPEG") { _ = try open("plain") }
        folder.write("odd/my-images-idx3-ubytes", [1])
        assertFails(.notFound, "my-images-idx3-ubytes") { _ = try open("odd") }
        folder.write("hidden/.x.png", png(1))
        assertFails(.notFound, "is empty") { _ = try open("hidden") }
    }

    // MARK: MNIST and its relatives

    func testTheNamesOfMNISTsRelatives() throws {
        let images = idx(8, [2, 1, 1], [1, 2])
        let labels = idx(8, [2], [1, 0])
        folder.write("emnist/emnist-letters-train-images-idx3-ubyte.gz", gzip(images))
        folder.write("emnist/emnist-letters-train-labels-idx1-ubyte.gz", gzip(labels))
        folder.write("emnist/emnist-letters-test-images-idx3-ubyte.gz", gzip(idx(8, [1, 1, 1], [9])))
        folder.write("emnist/emnist-letters-mapping.txt", [1])
        XCTAssertEqual(try open("emnist").bytes, [1, 2])
        XCTAssertEqual(try open("emnist").labelArray, [1, 0])
        XCTAssertEqual(try open("emnist").className(1), "1")
        folder.write("emnist/emnist-digits-train-images-idx3-ubyte.gz", gzip(images))
        assertFails(.mismatch, "several sets", "emnist-digits, emnist-letters", "/emnist-digits-train-images-idx3-ubyte.gz\"") { _ = try open("emnist") }

        let rows = [3, 2].flatMap { (label: Int32) -> [UInt8] in ([label] + (91..<98)).flatMap { bigEndian($0) } }
        folder.write("qmnist/qmnist-train-images-idx3-ubyte.gz", gzip(images))
        folder.write("qmnist/qmnist-train-labels-idx2-int.gz", gzip(idx(12, [2, 8], rows)))
        XCTAssertEqual(try open("qmnist").labelArray, [3, 2])
        XCTAssertEqual(try open("qmnist").classCount, 4)

        folder.write("kmnist/KMNIST/raw/train-images-idx3-ubyte", images)
        folder.write("kmnist/KMNIST/raw/train-labels-idx1-ubyte", labels)
        folder.write("kmnist/KMNIST/raw/t10k-images-idx3-ubyte", images)
        XCTAssertEqual(try open("kmnist").labelArray, [1, 0])

        folder.write("upper/TRAIN-IMAGES.IDX3-UBYTE", images)
        folder.write("upper/TRAIN-LABELS.IDX1-UBYTE.GZ", gzip(labels))
        XCTAssertEqual(try open("upper").labelArray, [1, 0])
    }

    func testFilesUnpackedIntoFoldersOfTheirOwnNames() throws {
        folder.write("train-images-idx3-ubyte/train-images-idx3-ubyte", idx(8, [2, 1, 1], [1, 2]))
        folder.write("train-labels-idx1-ubyte/train-labels-idx1-ubyte", idx(8, [2], [1, 0]))
        folder.write("t10k-images-idx3-ubyte/t10k-images-idx3-ubyte", idx(8, [1, 1, 1], [9]))
        XCTAssertEqual(try open().bytes, [1, 2])
        XCTAssertEqual(try open().labelArray, [1, 0])
        folder.write("train-images.idx3-ubyte", idx(8, [2, 1, 1], [3, 4]))  // beside them, as Kaggle's archive has it
        XCTAssertEqual(try open().bytes, [1, 2])
    }
}
