import Compute
import Foundation
import XCTest

final class InstructionSetTests: XCTestCase {
    func testTheBaselineIsAlwaysSupportedAndTheBestComesLast() {
        let supported = InstructionSet.supported
        XCTAssertEqual(supported.first, .baseline)
        XCTAssertEqual(supported, InstructionSet.allCases.filter { supported.contains($0) })
    }

    /// Run with GAN_ISA=baseline, avx2, avx512 or nonsense to see each of its effects.
    func testTheEnvironmentChoosesAmongTheSupported() {
        let wanted = ProcessInfo.processInfo.environment["GAN_ISA"].flatMap(InstructionSet.init(rawValue:))
        if let wanted, InstructionSet.supported.contains(wanted) {
            XCTAssertEqual(InstructionSet.selected, wanted)
        } else {
            XCTAssertEqual(InstructionSet.selected, InstructionSet.supported.last)
        }
    }

    #if os(Linux) && arch(x86_64)
    /// The kernel's own list of the processor's abilities agrees with ours.
    func testDetectionAgreesWithTheSystem() throws {
        guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("flags") })
        else { throw XCTSkip("This system does not list the processor's abilities.") }
        let flags = Set(line.split(separator: " "))
        let avx2 = ["avx2", "fma", "f16c", "bmi1", "bmi2", "abm", "movbe"].allSatisfy { flags.contains(Substring($0)) }
        let avx512 = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"].allSatisfy { flags.contains(Substring($0)) }
        // An emulator shows the machine below it: then we may support less, but never more.
        if InstructionSet.supported.contains(.avx512) { XCTAssertTrue(avx512) }
        if InstructionSet.supported.contains(.avx2) { XCTAssertTrue(avx2) }
        if ProcessInfo.processInfo.environment["GAN_EMULATED"] == nil {
            XCTAssertEqual(InstructionSet.supported.contains(.avx2), avx2)
            XCTAssertEqual(InstructionSet.supported.contains(.avx512), avx2 && avx512)
        }
    }
    #endif
}
