#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base
import CHost

/// Where the opaque handles of the contract lead.
///
/// A handle is no address: it is a number made of a slot's index, the slot's generation and the object's kind, and it
/// is never dereferenced. Garbage, a destroyed handle, or one of another kind is therefore recognised, whatever a host
/// hands over, and a lookup keeps its object alive for the length of the call, so that destroying it meanwhile is safe.
///
/// The number, from its lowest bit: 3 bits kind (never 0, so that no handle is NULL), 18 bits index, 26 bits generation.
/// 47 bits in all, because languages that box pointers (LuaJIT, NaN-tagging interpreters) keep no more.
/// Freed slots queue up at the end of a first-in first-out list, which makes a stale number name a new object only
/// after 2²⁶ rounds of all free slots.
///
/// One lock (`gan_lock`, which fork knows) guards the slots and every object's record of who uses it (`HandleObject`). Nothing is
/// called, and no object is let go, while it is held; a lookup allocates nothing.
final class HandleTable: @unchecked Sendable {
    static let shared = HandleTable()

    private static let kindBits: UInt = 3
    private static let indexBits: UInt = 18
    private static let generationBits: UInt = 26
    private static let mostSlots = 1 << Int(indexBits)

    private struct Slot {
        var object: Unmanaged<HandleObject>?
        var generation: UInt
        /// The next slot in the list of free ones, or -1.
        var next: Int
    }

    private var slots: UnsafeMutablePointer<Slot>?
    private var capacity = 0
    private var firstFree = -1
    private var lastFree = -1

    private init() {}

    @inline(__always)
    func locked<Result>(_ body: () throws(GanError) -> Result) throws(GanError) -> Result {
        gan_lock()
        defer { gan_unlock() }
        return try body()
    }

    /// Gives `object` a handle, which keeps it alive until `remove`. One that was made while memory ran out is given up.
    func insert(_ object: HandleObject) throws(GanError) -> OpaquePointer {
        try Memory.check()
        return try locked { () throws(GanError) in
            if firstFree < 0 { try grow() }
            guard let slots, firstFree >= 0 else { throw Self.full }
            let index = firstFree
            firstFree = slots[index].next
            if firstFree < 0 { lastFree = -1 }
            slots[index].object = Unmanaged.passRetained(object)
            guard let handle = Self.handle(object.kind, index, slots[index].generation) else {
                throw GanError(.internalError, "A handle came out as NULL; this is a defect of the library.")
            }
            return handle
        }
    }

    /// The object of a handle, retained; nil when there is none of that kind. Only within `locked`.
    @inline(__always)
    func object(_ handle: OpaquePointer, _ kind: HandleKind) -> HandleObject? {
        guard let index = index(of: handle, kind), let slots else { return nil }
        return slots[index].object?.takeUnretainedValue()
    }

    /// Takes the handle back and hands over its object, or nil when there is none of that kind.
    func remove(_ handle: OpaquePointer, _ kind: HandleKind) -> HandleObject? {
        gan_lock()
        defer { gan_unlock() }
        guard let index = index(of: handle, kind), let slots else { return nil }
        let object = slots[index].object?.takeRetainedValue()
        slots[index].object = nil
        slots[index].generation = (slots[index].generation + 1) & (1 << Self.generationBits - 1)
        slots[index].next = -1
        if lastFree >= 0 { slots[lastFree].next = index } else { firstFree = index }
        lastFree = index
        return object
    }

    /// The kind of object that a handle leads to, for sentences; nil when there is none.
    func kind(of handle: OpaquePointer) -> HandleKind? {
        gan_lock()
        defer { gan_unlock() }
        guard let kind = HandleKind(rawValue: UInt(bitPattern: handle) & (1 << Self.kindBits - 1)) else { return nil }
        return index(of: handle, kind) == nil ? nil : kind
    }

    // MARK: The number

    private static func handle(_ kind: HandleKind, _ index: Int, _ generation: UInt) -> OpaquePointer? {
        OpaquePointer(bitPattern: kind.rawValue | UInt(index) << kindBits | generation << (kindBits + indexBits))
    }

    @inline(__always)
    private func index(of handle: OpaquePointer, _ kind: HandleKind) -> Int? {
        let number = UInt(bitPattern: handle)
        guard number & (1 << Self.kindBits - 1) == kind.rawValue else { return nil }
        let index = Int(number >> Self.kindBits & (1 << Self.indexBits - 1))
        guard let slots, index < capacity, slots[index].object != nil,
            slots[index].generation == number >> (Self.kindBits + Self.indexBits)
        else { return nil }
        return index
    }

    private func grow() throws(GanError) {
        let larger = capacity == 0 ? 64 : capacity * 2
        guard larger <= Self.mostSlots else { throw Self.full }
        guard let memory = gan_reallocate(slots, larger * MemoryLayout<Slot>.stride) else {
            throw GanError(.outOfMemory, "No memory for \(larger) handles.")
        }
        let grown = memory.bindMemory(to: Slot.self, capacity: larger)
        for index in capacity..<larger {
            grown[index] = Slot(object: nil, generation: 1, next: index + 1 < larger ? index + 1 : -1)
        }
        firstFree = capacity
        lastFree = larger - 1
        slots = grown
        capacity = larger
    }

    private static var full: GanError {
        GanError(.outOfMemory, "There are \(mostSlots) handles at once, which is all there can be; destroy those that are no longer needed.")
    }
}
