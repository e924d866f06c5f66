// The options of tables, and of the recipe that learns from them.

import Base
import Data

extension Option {
    private static func columns(_ name: String, _ summary: String) -> Option {
        Option(
            name, .text(TextForm("names of columns with commas between them") { (_) throws(GanError) in }), default: .text(""), .machine, summary)
    }

    public static let tableCategorical = columns(
        "table.categorical", "Columns of a table whose values are categories though they are numbers, such as age,zip. Unless they are named, texts are, and numbers of at most 20 different values.")
    public static let tableContinuous = columns(
        "table.continuous", "Columns of a table whose numbers are quantities though there are few different ones.")
    public static let tableLeaveOut = columns(
        "table.leave-out", "Columns of a table that are passed over, such as names and numbers of persons.")
    public static let tableDropout = Option(
        "table.dropout", .real(0...0.9, orAutomatic: false), default: .real(0.5), .model,
        "The share of its hidden numbers that the discriminator of a table leaves out in training.")
    public static let tableTemperature = Option(
        "table.temperature", .real(0.05...10, orAutomatic: false), default: .real(0.2), .model,
        "How soft the generator's choices of categories are in training, by which gradients reach them: the temperature of the Gumbel softmax.")
    public static let tableConditions = Option(
        "table.conditions", .boolean, default: .boolean(true), .model,
        "Whether both networks are told one category of a row at a time, rare ones more often than they occur, so that none is forgotten, and rows with it can be asked for.")
}

extension Choices {
    public static let tableHeader = Choice(
        "table.header", default: TableOptions.Header.auto, .machine,
        "Whether the first line of a table names the columns; auto says yes unless it has a number, a date or an empty cell. Otherwise they are c1, c2 and so on.")
}
