import Base
import CGan

// gan.h, "Measures".

@_cdecl("gan_measure_count") @implementation
public func gan_measure_count() -> Int32 { lookup(otherwise: 0) { StaticText.measureCount } }

@_cdecl("gan_measure_name") @implementation
public func gan_measure_name(_ index: Int32) -> UnsafePointer<CChar>! { lookup(otherwise: nil) { StaticText.measure(index)?.name } }

@_cdecl("gan_measure_summary") @implementation
public func gan_measure_summary(_ index: Int32) -> UnsafePointer<CChar>! { lookup(otherwise: nil) { StaticText.measure(index)?.summary } }

@_cdecl("gan_measure_paper") @implementation
public func gan_measure_paper(_ index: Int32) -> UnsafePointer<CChar>! { lookup(otherwise: nil) { StaticText.measure(index)?.paper } }

@_cdecl("gan_measure_range") @implementation
public func gan_measure_range(_ index: Int32) -> UnsafePointer<CChar>! { lookup(otherwise: nil) { StaticText.measure(index)?.range } }

@_cdecl("gan_measure_goal") @implementation
public func gan_measure_goal(_ index: Int32) -> UnsafePointer<CChar>! { lookup(otherwise: nil) { StaticText.measure(index)?.goal } }

@_cdecl("gan_measure_needs") @implementation
public func gan_measure_needs(_ index: Int32) -> UnsafePointer<CChar>! { lookup(otherwise: nil) { StaticText.measure(index)?.needs } }

@_cdecl("gan_measure_samples") @implementation
public func gan_measure_samples(_ index: Int32) -> UnsafePointer<CChar>! { lookup(otherwise: nil) { StaticText.measure(index)?.samples } }

@_cdecl("gan_measure_minimum") @implementation
public func gan_measure_minimum(_ index: Int32, _ minimum: UnsafeMutablePointer<Int64>!) -> Int32 {
    boundary { () throws(GanError) in
        guard let measure = StaticText.measure(index) else {
            throw GanError(.invalidArgument, "The argument 'index' is \(index), and there are the measures 0 … \(StaticText.measureCount - 1).")
        }
        try required(minimum, "minimum", "a place for the number").pointee = measure.minimum
    }
}
