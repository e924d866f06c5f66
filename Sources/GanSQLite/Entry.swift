import CSQLite

// The SQLite extension: functions and tables that draw from generators and train them, on gan.h only. This file is
// what SQLite calls when the extension is loaded into a connection.

@_cdecl("sqlite3_extension_init") @implementation
public func sqlite3_extension_init(
    _ database: OpaquePointer!, _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!,
    _ api: UnsafePointer<sqlite3_api_routines>!
) -> Int32 {
    guard let database, let api else { return SQLITE_MISUSE }
    // The table of functions grows with SQLite, and what lies beyond its end must not be read. 3.31 brought the last of
    // what is used here: functions and tables that a schema cannot call.
    guard api.pointee.libversion_number() >= 3_031_000 else {
        return refuse("The extension needs SQLite 3.31 or later.", api, message)
    }
    guard api.pointee.create_module_v2 != nil, api.pointee.declare_vtab != nil, api.pointee.vtab_config != nil else {
        return refuse("This SQLite was built without virtual tables, which the extension needs.", api, message)
    }
    do throws(SQLError) {
        let connection = try Connection(database, api)
        try ScalarFunctions.register(in: connection)
        try TrainFunctions.register(in: connection)
        for table in [sampleTable, RowsTable.initial, trainTable, resumeTable, inspectTable, optionsTable, evaluateTable] { try TableModule.register(table, in: connection) }
        return SQLITE_OK
    } catch {
        return refuse(error.message, api, message)
    }
}

/// The name that SQLite derives from a file called `gan.so` or `libgan.so`; also for hosts that link the extension in.
@_cdecl("sqlite3_gan_init") @implementation
public func sqlite3_gan_init(
    _ database: OpaquePointer!, _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!,
    _ api: UnsafePointer<sqlite3_api_routines>!
) -> Int32 {
    sqlite3_extension_init(database, message, api)
}

private func refuse(
    _ sentence: String, _ api: UnsafePointer<sqlite3_api_routines>,
    _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
    message?.pointee = SQLText.copy(sentence, with: api.pointee.malloc64)
    return SQLITE_ERROR
}
