import Base
import CGan
import Training

// gan.h, "Options".

/// What a `gan_options` leads to.
final class OptionsObject: HandleObject, Handled, @unchecked Sendable {
    static var kind: HandleKind { .options }
    var values = OptionValues()

    init() { super.init(.options) }
}

/// A copy of the values behind an optional handle: the defaults for NULL.
func optionValues(_ options: OpaquePointer?) throws(GanError) -> OptionValues {
    if options == nil { return OptionValues() }
    return try using(options, "options", as: OptionsObject.self, .exclusive) { $0.values }
}

@_cdecl("gan_options_create") @implementation
public func gan_options_create(_ out: UnsafeMutablePointer<OpaquePointer?>!) -> Int32 {
    creating(out) { OptionsObject() }
}

@_cdecl("gan_options_destroy") @implementation
public func gan_options_destroy(_ options: OpaquePointer!) { inCall { _ = destroyed(options, as: OptionsObject.self) } }

/// Checks the name and changes the values behind a handle: all of a change, or nothing where memory runs out in it.
private func change(
    _ options: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ body: (inout OptionValues, String) throws(GanError) -> Void
) -> Int32 {
    boundary(.brief) { () throws(GanError) in
        try using(options, "options", as: OptionsObject.self, .exclusive) { (object) throws(GanError) in
            var values = object.values
            try body(&values, try text(name, "name"))
            try Memory.check()
            object.values = values
        }
    }
}

@_cdecl("gan_options_set") @implementation
public func gan_options_set(_ options: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ value: UnsafePointer<CChar>!) -> Int32 {
    change(options, name) { (values, name) throws(GanError) in try values.set(name, text: try text(value, "value")) }
}

@_cdecl("gan_options_set_integer") @implementation
public func gan_options_set_integer(_ options: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ value: Int64) -> Int32 {
    change(options, name) { (values, name) throws(GanError) in try values.set(name, integer: value) }
}

@_cdecl("gan_options_set_real") @implementation
public func gan_options_set_real(_ options: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ value: Double) -> Int32 {
    change(options, name) { (values, name) throws(GanError) in try values.set(name, real: value) }
}

@_cdecl("gan_options_get") @implementation
public func gan_options_get(
    _ options: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int,
    _ size: UnsafeMutablePointer<Int>!
) -> Int32 {
    boundary(.brief) { () throws(GanError) in
        try using(options, "options", as: OptionsObject.self, .exclusive) { (object) throws(GanError) in
            try reply(try object.values.text(try text(name, "name")), buffer, capacity, size)
        }
    }
}

// MARK: The table

@_cdecl("gan_option_count") @implementation
public func gan_option_count() -> Int32 { lookup(otherwise: 0) { StaticText.optionCount } }

@_cdecl("gan_option_name") @implementation
public func gan_option_name(_ index: Int32) -> UnsafePointer<CChar>! { lookup(otherwise: nil) { StaticText.option(index)?.name } }

@_cdecl("gan_option_type") @implementation
public func gan_option_type(_ index: Int32) -> UnsafePointer<CChar>! { lookup(otherwise: nil) { StaticText.option(index)?.type } }

@_cdecl("gan_option_default") @implementation
public func gan_option_default(_ index: Int32) -> UnsafePointer<CChar>! { lookup(otherwise: nil) { StaticText.option(index)?.defaultText } }

@_cdecl("gan_option_range") @implementation
public func gan_option_range(_ index: Int32) -> UnsafePointer<CChar>! { lookup(otherwise: nil) { StaticText.option(index)?.range } }

@_cdecl("gan_option_summary") @implementation
public func gan_option_summary(_ index: Int32) -> UnsafePointer<CChar>! { lookup(otherwise: nil) { StaticText.option(index)?.summary } }

@_cdecl("gan_option_condition") @implementation
public func gan_option_condition(_ index: Int32) -> UnsafePointer<CChar>! { lookup(otherwise: nil) { StaticText.option(index)?.condition } }

@_cdecl("gan_option_bounds") @implementation
public func gan_option_bounds(
    _ index: Int32, _ minimum: UnsafeMutablePointer<Double>!, _ maximum: UnsafeMutablePointer<Double>!
) -> Int32 {
    boundary(.brief) { () throws(GanError) in
        guard let option = StaticText.option(index) else {
            throw GanError(
                .invalidArgument, "The argument 'index' is \(index); an index from 0 to \(StaticText.optionCount - 1) was expected.")
        }
        guard let bounds = option.bounds else {
            throw GanError(.invalidArgument, "The option of index \(index) is neither a number nor a list of numbers, so it has no bounds.")
        }
        let minimum = try required(minimum, "minimum", "a place for the smallest value")
        let maximum = try required(maximum, "maximum", "a place for the largest value")
        minimum.pointee = bounds.minimum
        maximum.pointee = bounds.maximum
    }
}
