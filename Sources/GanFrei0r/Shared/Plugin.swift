import CFrei0r

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What a product is to its host: the shared entry points ask the one that `gan_frei0r_plugin` returns.
package final class Plugin: Sendable {
    package let name, explanation: StaticString
    package let isFilter: Bool
    package let parameters: [any HostParameter]
    package let painter: @Sendable ((width: Int, height: Int), Parameters) -> any Painter

    package init(
        _ name: StaticString, isFilter: Bool, parameters: [any HostParameter], explanation: StaticString,
        painter: @escaping @Sendable ((width: Int, height: Int), Parameters) -> any Painter
    ) {
        self.name = name
        self.isFilter = isFilter
        self.parameters = parameters
        self.explanation = explanation
        self.painter = painter
    }
}

/// What one instance of a plugin draws. A frame is a function of the parameters, the files that they name, the time and the frame
/// that came in; what is kept between frames is only what would come out the same again.
package protocol Painter: AnyObject {
    /// - Throws: what stands in the frame instead.
    func paint(time: Double, _ input: UnsafePointer<UInt32>?, into pixels: UnsafeMutablePointer<UInt32>) throws(Failure)
}

/// One source or filter in a host: its frame, its parameters, and what draws.
///
/// frei0r's hosts use an instance from one thread at a time; a lock holds for those that do not.
final class Instance {
    private let frame: (width: Int, height: Int)
    private let parameters: Parameters
    private let painter: any Painter
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private var errors = ErrorFrame()

    /// nil for a frame without pixels or of more than 16,384 a side, and when memory runs out.
    init?(_ plugin: Plugin, width: Int, height: Int) {
        guard (1...16384).contains(width), (1...16384).contains(height), let parameters = Parameters(plugin.parameters) else { return nil }
        frame = (width, height)
        self.parameters = parameters
        painter = plugin.painter(frame, parameters)
        lock = .allocate(capacity: 1)
        lock.initialize(to: pthread_mutex_t())
        pthread_mutex_init(lock, nil)
    }

    deinit {
        pthread_mutex_destroy(lock)
        lock.deallocate()
    }

    func withParameters(_ body: (Parameters) -> Void) {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        body(parameters)
    }

    func draw(time: Double, _ input: UnsafePointer<UInt32>?, into pixels: UnsafeMutablePointer<UInt32>) {
        withParameters { parameters in
            do throws(Failure) {
                try parameters.check()
                try painter.paint(time: time, input, into: pixels)
            } catch {
                errors.draw(error, to: pixels, width: frame.width, height: frame.height)
            }
        }
    }
}
