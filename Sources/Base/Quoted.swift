/// A name out of a file nobody vouches for, fit to stand in an error message: between quotation marks, on one line,
/// and not longer than a line.
public func quoted(_ name: String) -> String {
    var result = "\""
    for scalar in name.unicodeScalars.prefix(80) {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
            result += "\\u{\(String(scalar.value, radix: 16))}"
        default:
            result.unicodeScalars.append(scalar)
        }
    }
    return result + (name.unicodeScalars.dropFirst(80).isEmpty ? "\"" : "…\"")
}
