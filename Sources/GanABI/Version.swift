import Base
import CGan
import Compute

// gan.h, "Version" and "Errors".

@_cdecl("gan_version") @implementation
public func gan_version() -> Int32 { GAN_VERSION }

@_cdecl("gan_version_string") @implementation
public func gan_version_string() -> UnsafePointer<CChar>! { StaticText.pointer("0.2.0") }

@_cdecl("gan_instruction_set") @implementation
public func gan_instruction_set() -> UnsafePointer<CChar>! {
    inCall {
        switch InstructionSet.selected {
        case .baseline: StaticText.pointer("baseline")
        case .avx2: StaticText.pointer("avx2")
        case .avx512: StaticText.pointer("avx512")
        }
    }
}

@_cdecl("gan_error_message") @implementation
public func gan_error_message() -> UnsafePointer<CChar>! { ErrorMessage.current }

@_cdecl("gan_status_name") @implementation
public func gan_status_name(_ status: Int32) -> UnsafePointer<CChar>! { StaticText.pointer(statusName(Status(rawValue: status))) }

private func statusName(_ status: Status) -> StaticString {
    switch status {
    case .ok: return "GAN_OK"
    case .invalidArgument: return "GAN_E_INVALID_ARGUMENT"
    case .invalidHandle: return "GAN_E_INVALID_HANDLE"
    case .bufferTooSmall: return "GAN_E_BUFFER_TOO_SMALL"
    case .unknownName: return "GAN_E_UNKNOWN_NAME"
    case .outOfRange: return "GAN_E_OUT_OF_RANGE"
    case .busy: return "GAN_E_BUSY"
    case .outOfMemory: return "GAN_E_OUT_OF_MEMORY"
    case .notFound: return "GAN_E_NOT_FOUND"
    case .accessDenied: return "GAN_E_ACCESS"
    case .inputOutput: return "GAN_E_IO"
    case .noSpace: return "GAN_E_NO_SPACE"
    case .badFormat: return "GAN_E_BAD_FORMAT"
    case .truncated: return "GAN_E_TRUNCATED"
    case .checksum: return "GAN_E_CHECKSUM"
    case .newerVersion: return "GAN_E_NEWER_VERSION"
    case .mismatch: return "GAN_E_MISMATCH"
    case .badData: return "GAN_E_BAD_DATA"
    case .cancelled: return "GAN_E_CANCELLED"
    case .diverged: return "GAN_E_DIVERGED"
    case .callbackFailed: return "GAN_E_CALLBACK"
    case .internalError: return "GAN_E_INTERNAL"
    default: return "GAN_E_UNKNOWN"
    }
}
