import CSQLite

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

// Table-valued functions: tables that are there without being created, and whose arguments are hidden columns.

/// What one table-valued function is called, gives and takes.
struct TableDefinition: Sendable {
    let name: String
    /// How to call it, for messages.
    let usage: String
    /// The visible columns as in CREATE TABLE.
    let columns: [String]
    /// The arguments in order; the first `required` must be given.
    let arguments: [StaticString]
    let required: Int
    /// Views and triggers must not call it.
    let isDirectOnly: Bool
    /// What the planner is told one call costs, and how many rows it gives.
    let cost: Double
    let rows: Int64
    let reader: @Sendable (Connection) -> any RowReader

    /// As `sqlite3_declare_vtab` takes it.
    var declaration: String {
        let hidden = arguments.map { "\"\($0)\" HIDDEN" }
        return "CREATE TABLE x(\((columns + hidden).joined(separator: ", ")))"
    }
}

/// The rows of one call.
protocol RowReader: AnyObject {
    /// Goes to the first row. May be called again with other arguments.
    func start(_ arguments: TableArguments) throws(SQLError)
    func next() throws(SQLError)
    var isAtEnd: Bool { get }
    /// Gives SQLite the value of a visible column.
    func column(_ column: Int, _ context: OpaquePointer) throws(SQLError)
    var rowID: Int64 { get }
}

/// The arguments of a call; copies, since SQLite's own last only as long as the call of xFilter.
final class TableArguments {
    private let definition: TableDefinition
    private var values: [OpaquePointer?]

    init(_ definition: TableDefinition) {
        self.definition = definition
        values = Array(repeating: nil, count: definition.arguments.count)
    }

    deinit { for value in values { sqlite.value_free(value) } }

    func set(_ place: Int, _ value: OpaquePointer?) throws(SQLError) {
        guard let copy = sqlite.value_dup(value) else { throw .outOfMemory("an argument") }
        sqlite.value_free(values[place])
        values[place] = copy
    }

    /// nil when the argument was not given.
    subscript(place: Int) -> Value? { values[place].map { Value($0, definition.arguments[place]) } }

    /// nil when the argument was not given, or is NULL.
    func optional(_ place: Int) -> Value? {
        guard let value = self[place], !value.isNull else { return nil }
        return value
    }

    func required(_ place: Int) throws(SQLError) -> Value {
        guard let value = self[place] else { throw SQLError("\(definition.usage) needs its argument '\(definition.arguments[place])'.") }
        return value
    }

    fileprivate func giveBack(_ place: Int, _ context: OpaquePointer) {
        if let value = values[place] { sqlite.result_value(context, value) } else { sqlite.result_null(context) }
    }
}

/// A table of one connection. SQLite holds it through a `GanTable`.
final class TableModule {
    let definition: TableDefinition
    let connection: Connection

    init(_ definition: TableDefinition, _ connection: Connection) {
        self.definition = definition
        self.connection = connection
    }

    static func register(_ definition: TableDefinition, in connection: Connection) throws(SQLError) {
        let module = Unmanaged.passRetained(TableModule(definition, connection))
        // SQLite calls the last argument also when this fails.
        let calls = definition.name == RowsTable.initial.name ? TableCalls.creatable : TableCalls.shared
        let code = sqlite.create_module_v2(connection.database, definition.name, calls, module.toOpaque()) { context in
            if let context { Unmanaged<TableModule>.fromOpaque(context).release() }
        }
        if code != SQLITE_OK { throw connection.lastError }
    }

    /// Tells SQLite which constraints become arguments: argument n of xFilter is the n-th bit that is set in `idxNum`.
    func plan(_ info: UnsafeMutablePointer<sqlite3_index_info>) -> PlanResult {
        let firstHidden = Int32(clamping: definition.columns.count)
        var found = Array(repeating: Int?.none, count: definition.arguments.count)
        for index in 0..<Int(info.pointee.nConstraint) {
            let constraint = info.pointee.aConstraint[index]
            let place = Int(constraint.iColumn - firstHidden)
            guard found.indices.contains(place), Int32(constraint.op) == SQLITE_INDEX_CONSTRAINT_EQ else { continue }
            // The value would come from a table further in; SQLite then tries another order.
            if constraint.usable == 0 { return .anotherOrder }
            if found[place] == nil { found[place] = index }
        }
        var (given, next) = (Int32(0), Int32(1))
        for (place, index) in found.enumerated() {
            guard let index else {
                if place >= definition.required { continue }
                return .missing("\(definition.usage) needs its argument '\(definition.arguments[place])'.")
            }
            given |= 1 << Int32(place)
            info.pointee.aConstraintUsage[index].argvIndex = next
            info.pointee.aConstraintUsage[index].omit = 1
            next += 1
        }
        info.pointee.idxNum = given
        info.pointee.estimatedCost = definition.cost
        info.pointee.estimatedRows = definition.rows
        return .chosen
    }

    enum PlanResult {
        case chosen, anotherOrder
        case missing(String)
    }

    func arguments(_ given: Int32, _ values: UnsafeMutablePointer<OpaquePointer?>?, _ count: Int32) throws(SQLError) -> TableArguments {
        let arguments = TableArguments(definition)
        var next = 0
        for place in definition.arguments.indices where given & (1 << Int32(place)) != 0 && next < Int(count) {
            try arguments.set(place, values?[next])
            next += 1
        }
        return arguments
    }
}

/// A reader with its arguments. SQLite holds it through a `GanCursor`.
final class TableCursor {
    let module: TableModule
    private let reader: any RowReader
    private var arguments: TableArguments?

    init(_ module: TableModule) {
        self.module = module
        reader = module.definition.reader(module.connection)
    }

    func start(_ arguments: TableArguments) throws(SQLError) {
        self.arguments = arguments
        try reader.start(arguments)
    }

    func next() throws(SQLError) { try reader.next() }
    var isAtEnd: Bool { reader.isAtEnd }
    var rowID: Int64 { reader.rowID }

    func column(_ column: Int, _ context: OpaquePointer) throws(SQLError) {
        let visible = module.definition.columns.count
        if column < visible { return try reader.column(column, context) }
        arguments?.giveBack(column - visible, context)
    }
}
