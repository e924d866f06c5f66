import CGan
import PluginSupport

/// Why there is no picture, in a sentence, and in two or three words for a frame in which no sentence can be read.
package struct Failure: Error {
    package let sentence: String
    package let brief: String

    /// The library's sentence, and the status's own name: GAN_E_NOT_FOUND is "not found".
    package static func check(_ status: Int32) throws(Failure) {
        if status == GAN_OK { return }
        throw Failure(status, String(cString: gan_error_message()))
    }

    private init(_ status: Int32, _ sentence: String) {
        let name = gan_status_name(status).map { String(cString: $0) } ?? ""
        let words = name.split(separator: "_").filter { $0 != "GAN" && $0 != "E" }
        self.init(sentence: sentence, brief: words.joined(separator: " ").lowercased())
    }

    package init(sentence: String, brief: String) {
        self.sentence = sentence
        self.brief = brief
    }

    package static func of<Result>(_ body: () throws(InputFailure) -> Result) throws(Failure) -> Result {
        do throws(InputFailure) { return try body() } catch { throw Failure(error.status, error.sentence) }
    }

    package static func memory(_ what: String) -> Failure { Failure(sentence: "There is no memory for \(what).", brief: "no memory") }
}
