import CSQLite

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The functions through which SQLite reads a table: each finds the Swift object behind what SQLite holds, and turns
/// what it throws into a code and the table's message.
enum TableCalls {
    nonisolated(unsafe) static let shared: UnsafePointer<sqlite3_module> = {
        var calls = sqlite3_module()
        // No xCreate: the table is there as it is and cannot be created under another name.
        calls.xConnect = { database, module, _, _, out, message in
            guard let database, let module, let out else { return SQLITE_MISUSE }
            return connect(database, Unmanaged<TableModule>.fromOpaque(module).takeUnretainedValue(), out, message)
        }
        calls.xDisconnect = { table in
            guard let table = gan(table) else { return SQLITE_OK }
            if let object = table.pointee.object { Unmanaged<TableModule>.fromOpaque(object).release() }
            sqlite.free(table)
            return SQLITE_OK
        }
        calls.xBestIndex = { table, info in
            guard let module = module(table), let info else { return SQLITE_MISUSE }
            switch module.plan(info) {
            case .chosen: return SQLITE_OK
            case .anotherOrder: return SQLITE_CONSTRAINT
            case .missing(let sentence): return fail(table, SQLError(sentence))
            }
        }
        calls.xOpen = { table, out in
            guard let module = module(table), let out else { return SQLITE_MISUSE }
            let size = MemoryLayout<GanCursor>.size
            guard let memory = sqlite.malloc64(UInt64(size)) else { return SQLITE_NOMEM }
            let cursor = memory.bindMemory(to: GanCursor.self, capacity: 1)
            cursor.initialize(to: GanCursor())
            cursor.pointee.object = Unmanaged.passRetained(TableCursor(module)).toOpaque()
            out.pointee = memory.assumingMemoryBound(to: sqlite3_vtab_cursor.self)
            return SQLITE_OK
        }
        calls.xClose = { cursor in
            guard let cursor = gan(cursor) else { return SQLITE_OK }
            if let object = cursor.pointee.object { Unmanaged<TableCursor>.fromOpaque(object).release() }
            sqlite.free(cursor)
            return SQLITE_OK
        }
        calls.xFilter = { cursor, given, _, count, values in
            moving(cursor) { (cursor) throws(SQLError) in try cursor.start(try cursor.module.arguments(given, values, count)) }
        }
        calls.xNext = { cursor in moving(cursor) { (cursor) throws(SQLError) in try cursor.next() } }
        calls.xEof = { cursor in object(cursor)?.isAtEnd ?? true ? 1 : 0 }
        calls.xColumn = { cursor, context, column in
            guard let object = object(cursor), let context else { return SQLITE_MISUSE }
            do throws(SQLError) { try object.column(Int(column), context) } catch { error.report(context) }
            return SQLITE_OK
        }
        calls.xRowid = { cursor, out in
            guard let object = object(cursor), let out else { return SQLITE_MISUSE }
            out.pointee = object.rowID
            return SQLITE_OK
        }
        let place = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
        place.initialize(to: calls)
        return UnsafePointer(place)
    }()

    /// Those of a table that may be created under other names too, for a model of its own.
    nonisolated(unsafe) static let creatable: UnsafePointer<sqlite3_module> = {
        var calls = shared.pointee
        // The same function as both, which says that the table is there as it is besides.
        let connect: @convention(c) (
            OpaquePointer?, UnsafeMutableRawPointer?, Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab>?>?,
            UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        ) -> Int32 = { database, module, count, arguments, out, message in
            guard let database, let module, let out else { return SQLITE_MISUSE }
            let own = Unmanaged<TableModule>.fromOpaque(module).takeUnretainedValue()
            // Behind the names of the module, the database and the table.
            guard count > 3, let argument = arguments?[3] else {
                // Created without a model, it would be the function under another name, and lose its columns to it.
                if let name = arguments?[2], let module = arguments?[0], strcmp(name, module) != 0 {
                    message?.pointee = SQLText.copy("gan_rows takes the path of a model, as in USING gan_rows('people.safetensors').")
                    return SQLITE_ERROR
                }
                return TableCalls.connect(database, own, out, message)
            }
            do throws(SQLError) {
                let path = try RowsTable.path(String(cString: argument))
                let model = try own.connection.models.model(path)
                guard !model.columns.isEmpty else { throw SQLError("\"\(path)\" makes no rows of a table; gan_sample draws from it.") }
                return TableCalls.connect(database, TableModule(RowsTable.definition(model.columns, model: path), own.connection), out, message)
            } catch {
                message?.pointee = SQLText.copy(error.message)
                return error.code
            }
        }
        calls.xCreate = connect
        calls.xConnect = connect
        calls.xDestroy = calls.xDisconnect
        let place = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
        place.initialize(to: calls)
        return UnsafePointer(place)
    }()

    private static func connect(
        _ database: OpaquePointer, _ module: TableModule, _ out: UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab>?>,
        _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    ) -> Int32 {
        var code = sqlite.declare_vtab(database, module.definition.declaration)
        if code == SQLITE_OK && module.definition.isDirectOnly { code = gan_sqlite_direct_only(Host.functions, database) }
        guard code == SQLITE_OK else {
            message?.pointee = SQLText.copy(module.connection.lastError.message)
            return code
        }
        let size = MemoryLayout<GanTable>.size
        guard let memory = sqlite.malloc64(UInt64(size)) else { return SQLITE_NOMEM }
        let table = memory.bindMemory(to: GanTable.self, capacity: 1)
        table.initialize(to: GanTable())
        table.pointee.object = Unmanaged.passRetained(module).toOpaque()
        out.pointee = memory.assumingMemoryBound(to: sqlite3_vtab.self)
        return SQLITE_OK
    }

    /// Runs what may fail, and leaves the sentence with the table, where SQLite takes it from.
    private static func moving(
        _ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?, _ body: (TableCursor) throws(SQLError) -> Void
    ) -> Int32 {
        guard let object = object(cursor) else { return SQLITE_MISUSE }
        do throws(SQLError) {
            try body(object)
            return SQLITE_OK
        } catch {
            return fail(cursor?.pointee.pVtab, error)
        }
    }

    private static func fail(_ table: UnsafeMutablePointer<sqlite3_vtab>?, _ error: SQLError) -> Int32 {
        if let table {
            sqlite.free(table.pointee.zErrMsg)
            table.pointee.zErrMsg = SQLText.copy(error.message)
        }
        return error.code
    }

    private static func gan(_ table: UnsafeMutablePointer<sqlite3_vtab>?) -> UnsafeMutablePointer<GanTable>? {
        table.map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: GanTable.self) }
    }

    private static func gan(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> UnsafeMutablePointer<GanCursor>? {
        cursor.map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: GanCursor.self) }
    }

    private static func module(_ table: UnsafeMutablePointer<sqlite3_vtab>?) -> TableModule? {
        guard let object = gan(table)?.pointee.object else { return nil }
        return Unmanaged<TableModule>.fromOpaque(object).takeUnretainedValue()
    }

    private static func object(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> TableCursor? {
        guard let object = gan(cursor)?.pointee.object else { return nil }
        return Unmanaged<TableCursor>.fromOpaque(object).takeUnretainedValue()
    }
}
