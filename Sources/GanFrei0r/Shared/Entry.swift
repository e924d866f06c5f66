import CFrei0r
import CGan

// What a host calls, of every plugin; it finds the instance behind a handle and leaves the rest to it.

/// The product's own.
private var plugin: Plugin? { gan_frei0r_plugin().map { Unmanaged<Plugin>.fromOpaque($0).takeUnretainedValue() } }

@_cdecl("f0r_init") @implementation
public func f0r_init() -> Int32 { 1 }

@_cdecl("f0r_deinit") @implementation
public func f0r_deinit() {}

@_cdecl("f0r_get_plugin_info") @implementation
public func f0r_get_plugin_info(_ info: UnsafeMutablePointer<f0r_plugin_info_t>!) {
    guard let info, let plugin else { return }
    info.pointee.name = text(plugin.name)
    info.pointee.author = text("libgan")
    info.pointee.plugin_type = plugin.isFilter ? F0R_PLUGIN_TYPE_FILTER : F0R_PLUGIN_TYPE_SOURCE
    info.pointee.color_model = F0R_COLOR_MODEL_RGBA8888
    info.pointee.frei0r_version = FREI0R_MAJOR_VERSION
    info.pointee.major_version = gan_version() / 10000
    info.pointee.minor_version = gan_version() / 100 % 100
    info.pointee.num_params = Int32(plugin.parameters.count)
    info.pointee.explanation = text(plugin.explanation)
}

@_cdecl("f0r_get_param_info") @implementation
public func f0r_get_param_info(_ info: UnsafeMutablePointer<f0r_param_info_t>!, _ index: Int32) {
    guard let info, let plugin, plugin.parameters.indices.contains(Int(index)) else { return }
    let parameter = plugin.parameters[Int(index)]
    info.pointee.name = text(parameter.name)
    info.pointee.type = parameter.isText ? F0R_PARAM_STRING : F0R_PARAM_DOUBLE
    info.pointee.explanation = text(parameter.explanation)
}

/// A literal's address, which is good for ever.
private func text(_ literal: StaticString) -> UnsafePointer<CChar> {
    UnsafeRawPointer(literal.utf8Start).assumingMemoryBound(to: CChar.self)
}

// MARK: Instances

@_cdecl("f0r_construct") @implementation
public func f0r_construct(_ width: UInt32, _ height: UInt32) -> f0r_instance_t! {
    guard let plugin, let instance = Instance(plugin, width: Int(width), height: Int(height)) else { return nil }
    return Unmanaged.passRetained(instance).toOpaque()
}

@_cdecl("f0r_destruct") @implementation
public func f0r_destruct(_ instance: f0r_instance_t!) {
    if let instance { Unmanaged<Instance>.fromOpaque(instance).release() }
}

@_cdecl("f0r_set_param_value") @implementation
public func f0r_set_param_value(_ instance: f0r_instance_t!, _ value: f0r_param_t!, _ index: Int32) {
    guard let instance, let value else { return }
    Unmanaged<Instance>.fromOpaque(instance).takeUnretainedValue().withParameters { parameters in
        switch parameters.isText(index) {
        case true: parameters.setText(index, value.assumingMemoryBound(to: UnsafePointer<CChar>?.self).pointee)
        case false: parameters.set(index, value.assumingMemoryBound(to: Double.self).pointee)
        default: break
        }
    }
}

@_cdecl("f0r_get_param_value") @implementation
public func f0r_get_param_value(_ instance: f0r_instance_t!, _ value: f0r_param_t!, _ index: Int32) {
    guard let instance, let value else { return }
    Unmanaged<Instance>.fromOpaque(instance).takeUnretainedValue().withParameters { parameters in
        switch parameters.isText(index) {
        case true: value.assumingMemoryBound(to: UnsafePointer<CChar>?.self).pointee = parameters.text(index)
        case false: value.assumingMemoryBound(to: Double.self).pointee = parameters.get(index)
        default: break
        }
    }
}

/// What is left of f0r_update when C has seen to the time.
@_cdecl("gan_frei0r_draw") @implementation
public func gan_frei0r_draw(
    _ instance: f0r_instance_t!, _ seconds: Double, _ input: UnsafePointer<UInt32>!, _ output: UnsafeMutablePointer<UInt32>!
) {
    guard let instance, let output else { return }
    Unmanaged<Instance>.fromOpaque(instance).takeUnretainedValue().draw(time: seconds, input, into: output)
}
