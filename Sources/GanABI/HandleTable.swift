#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base
import CHost

/// Where the opaque handles of the contract lead.
///
/// A handle is no address: it is a number made of a slot's index and the slot's generation, and it is never dereferenced.
/// The slot knows the object's kind. Garbage, a destroyed handle, or one of another kind is therefore recognised, whatever a
/// host hands over, and a lookup keeps its object alive for the length of the call, so that destroying it meanwhile is safe.
///
/// The number, from its lowest bit: 18 bits index, 29 bits generation (never 0, so that no handle is NULL).
/// 47 bits in all, because languages that box pointers (LuaJIT, NaN-tagging interpreters) keep no more.
/// Freed slots queue up at the end of a first-in first-out list, which makes a stale number name a new object only
/// after 2²⁹ rounds of all free slots.
///
/// One lock (`gan_lock`, which fork knows) guards the slots and every object's record of who uses it (`HandleObject`). Nothing is
/// called, and no object is let go, while it is held; a lookup allocates nothing.
final class HandleTable: @unchecked Sendable {
    static let shared = HandleTable()

    private static let indexBits: UInt = 18
    private static let generationBits: UInt = 29
    private static let mostSlots = 1 << Int(indexBits)

    private struct Slot {
        var object: Unmanaged<HandleObject>?
        var generation: UInt32
        /// The object's, or that of the last one.
        var kind: HandleKind
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
            slots[index].kind = object.kind
            guard let handle = Self.handle(index, slots[index].generation) else {
                throw GanError(.internalError, "A handle came out as NULL; this is a defect of the library.")
            }
            return handle
        }
    }

    /// The object of a handle; nil when there is none of that kind. Only within `locked`, where alone it is sure to be alive.
    @inline(__always)
    func object(_ handle: OpaquePointer, _ kind: HandleKind) -> Unmanaged<HandleObject>? {
        guard let index = index(of: handle), let slots, slots[index].kind == kind else { return nil }
        return slots[index].object
    }

    /// Takes the handle back and hands over its object, or nil when there is none of that kind.
    func remove(_ handle: OpaquePointer, _ kind: HandleKind) -> HandleObject? {
        gan_lock()
        defer { gan_unlock() }
        guard let index = index(of: handle), let slots, slots[index].kind == kind else { return nil }
        let object = slots[index].object?.takeRetainedValue()
        slots[index].object = nil
        slots[index].generation = slots[index].generation < 1 << Self.generationBits - 1 ? slots[index].generation + 1 : 1
        slots[index].next = -1
        if lastFree >= 0 { slots[lastFree].next = index } else { firstFree = index }
        lastFree = index
        return object
    }

    /// The kind of object that a handle leads to, for sentences; nil when there is none.
    func kind(of handle: OpaquePointer) -> HandleKind? {
        gan_lock()
        defer { gan_unlock() }
        guard let index = index(of: handle), let slots else { return nil }
        return slots[index].kind
    }

    // MARK: The number

    private static func handle(_ index: Int, _ generation: UInt32) -> OpaquePointer? {
        OpaquePointer(bitPattern: UInt(index) | UInt(generation) << indexBits)
    }

    /// The slot that a handle leads to; nil when it is no live handle.
    @inline(__always)
    private func index(of handle: OpaquePointer) -> Int? {
        let number = UInt(bitPattern: handle)
        let index = Int(number & (1 << Self.indexBits - 1))
        guard let slots, index < capacity, slots[index].object != nil, UInt(slots[index].generation) == number >> Self.indexBits
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
            grown[index] = Slot(object: nil, generation: 1, kind: .options, next: index + 1 < larger ? index + 1 : -1)
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
