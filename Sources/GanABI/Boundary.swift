import Base

/// The one place where a failure becomes a status: runs `body`, and keeps the sentence of what it throws for
/// `gan_error_message`. Nothing but a `GanError` can be thrown below here, which the compiler checks.
@inline(__always)
func boundary(_ body: () throws(GanError) -> Void) -> Int32 {
    do {
        try body()
        return Status.ok.rawValue
    } catch {
        ErrorMessage.set(error.message)
        return error.status.rawValue
    }
}

/// The boundary of a function that makes an object and hands out its handle. `out` is written on success alone.
@inline(__always)
func creating(
    _ out: UnsafeMutablePointer<OpaquePointer?>?, _ make: () throws(GanError) -> HandleObject
) -> Int32 {
    boundary { () throws(GanError) in
        let out = try required(out, "out", "a place for the new handle")
        out.pointee = try HandleTable.shared.insert(try make())
    }
}
