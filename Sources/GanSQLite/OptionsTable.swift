import CGan
import CSQLite

/// gan_options(): what the argument `options` of gan_train can set, in the library's words; a row an option.
let optionsTable = TableDefinition(
    name: "gan_options", usage: "gan_options()",
    columns: ["name TEXT", "type TEXT", "\"default\" TEXT", "range TEXT", "summary TEXT", "condition TEXT"], arguments: [], required: 0,
    isDirectOnly: false, cost: 100, rows: 40, reader: { _ in OptionsReader() })

private final class OptionsReader: RowReader {
    private var index: Int32 = 0

    func start(_ arguments: TableArguments) throws(SQLError) { index = 0 }
    func next() throws(SQLError) { index += 1 }
    var isAtEnd: Bool { index >= gan_option_count() }
    var rowID: Int64 { Int64(index) }

    func column(_ column: Int, _ context: OpaquePointer) throws(SQLError) {
        let text =
            switch column {
            case 0: gan_option_name(index)
            case 1: gan_option_type(index)
            case 2: gan_option_default(index)
            case 3: gan_option_range(index)
            case 4: gan_option_summary(index)
            default: gan_option_condition(index)
            }
        if let text { SQLText.give(String(cString: text), to: context) }
    }
}
