import Foundation
import XCTest

/// The linker keeps one of several functions of the same name. If a module compiled for AVX-512 defined such a function
/// under a name that a baseline module uses too, the AVX-512 copy might be the one that an old processor runs. So every
/// mergeable function in those modules must carry the instruction set in its name.
final class KernelObjectsTests: XCTestCase {
    private func nm(_ object: URL) throws -> [Substring] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["nm", object.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw XCTSkip("This machine has no nm.") }
        return String(decoding: output, as: UTF8.self).split(separator: "\n")
    }

    func testMergeableFunctionsNameTheirInstructionSet() throws {
        #if !arch(x86_64)
        throw XCTSkip("There is only the baseline here.")
        #endif
        var products = Bundle(for: KernelObjectsTests.self).bundleURL
        if products.pathExtension == "xctest" { products.deleteLastPathComponent() }
        for (module, mark) in [("KernelsAVX512", "AVX512"), ("KernelsAVX2", "AVX2")] {
            let folder = products.appendingPathComponent("\(module).build")
            let objects = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
                .filter { $0.pathExtension == "o" }
            XCTAssertFalse(objects.isEmpty, "no objects in \(folder.path)")
            var seen = 0
            for object in objects {
                for line in try nm(object) {
                    let fields = line.split(separator: " ")
                    guard fields.count == 3, fields[1] == "W" || fields[1] == "w" else { continue }
                    seen += 1
                    XCTAssertTrue(fields[2].contains(mark), "\(object.lastPathComponent) defines the mergeable function \(fields[2])")
                }
            }
            XCTAssertGreaterThan(seen, 0, "the check saw nothing")
        }
    }
}
