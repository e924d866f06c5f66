// What a start costs, in time and memory: a C program on gan.h is started anew for each measurement. Files come from the
// system's file cache after the first time.

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base
import CBenchmark
import CZlib
import Compute
import Training

func measureStarting(_ arguments: Arguments, _ report: Report) throws(GanError) {
    if let library = arguments.library, arguments.wants("library.size") {
        var status = stat()
        guard stat(library, &status) == 0 else { throw GanError(.notFound, "There is no file \(library).") }
        report.section("The library", ["MB"])
        report.row(
            "library.size", "size of the file, stripped", [Text.fixed(Double(status.st_size) * 1e-6, 2)],
            [("unit", Report.quoted("bytes")), ("value", "\(status.st_size)")], nil)
    }
    let networks = [Network.tutorial, .dcgan28]
    let items =
        ["start.step", "start.step-gzip", "memory.training"]
        + networks.flatMap { ["start.sample.\($0.rawValue)", "memory.sampling.\($0.rawValue)"] }
    guard items.contains(where: { arguments.wants($0) }) else { return }
    guard let path = arguments.host else {
        report.note("\nNo --host: what a start costs is not measured. make bench does.")
        return
    }
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let host = Host(path: path, threads: arguments.threads.max() ?? 1)

    report.section("From the start of a process, \(threadsText(host.threads))", ["ms", "p10–p90", "runs"])
    for network in networks where arguments.wants("start.sample.\(network.rawValue)") {
        try host.time(
            "start.sample.\(network.rawValue)", "to a sample, checkpoint of \(network.rawValue)",
            ["sample", try checkpoint(of: network, in: folder)], arguments, report)
    }
    if arguments.wants("start.step") || arguments.wants("memory.training") || arguments.wants("start.step-gzip") {
        let plain = try folder.subfolder("plain"), packed = try folder.subfolder("gzip")
        let bytes = idx()
        try write(bytes, to: plain + "/train-images-idx3-ubyte", compressed: false)
        if arguments.wants("start.step") {
            try host.time("start.step", "to a training step, 60,000 images", ["step", plain], arguments, report)
        }
        if arguments.wants("start.step-gzip") {
            try write(bytes, to: packed + "/train-images-idx3-ubyte.gz", compressed: true)
            try host.time("start.step-gzip", "to a training step, from gzip", ["step", packed], arguments, report)
        }
        if arguments.wants("memory.training") {
            report.section("Memory of a training, 60,000 images", ["MB", "data", "beyond", "at most"])
            let (now, most) = try host.memory(["memory", plain, "\(host.threads)", "600"])
            let data = Double(60_000 * 784) * 1e-6
            report.row(
                "memory.training", threads: host.threads, "resident after one epoch",
                [Text.fixed(now, 1), Text.fixed(data, 1), Text.fixed(now - data, 1), Text.fixed(most, 1)],
                [
                    ("unit", Report.quoted("MB")), ("median", Text.significant(now)), ("most", Text.significant(most)),
                    ("beyond_data", Text.significant(now - data)),
                ], nil)
        }
    }
    let sampled = networks.filter { arguments.wants("memory.sampling.\($0.rawValue)") }
    if !sampled.isEmpty { report.section("Memory of drawing, \(threadsText(host.threads))", ["MB", "at most"]) }
    for network in sampled {
        let checkpoint = try checkpoint(of: network, in: folder)
        for count in [1, 1024] {
            let (now, most) = try host.memory(["draws", checkpoint, "\(host.threads)", "\(count)"])
            report.row(
                "memory.sampling.\(network.rawValue).\(count)", threads: host.threads,
                "\(network.rawValue), resident after \(count) image\(count == 1 ? "" : "s")",
                [Text.fixed(now, 1), Text.fixed(most, 1)],
                [("unit", Report.quoted("MB")), ("median", Text.significant(now)), ("most", Text.significant(most))], nil)
        }
    }
}

/// What a training of the network saves.
private func checkpoint(of network: Network, in folder: TemporaryFolder) throws(GanError) -> String {
    let path = "\(folder.path)/\(network.rawValue).safetensors"
    if access(path, F_OK) != 0 { try network.trainer(threads: 1).save(to: path) }
    return path
}

/// A file of MNIST's size.
private func idx() -> [UInt8] {
    let header: [UInt8] = [0, 0, 8, 3, 0, 0, 0xEA, 0x60, 0, 0, 0, 28, 0, 0, 0, 28]
    return header + Images.bytes(count: 60_000, elements: 784)
}

private func write(_ bytes: [UInt8], to path: String, compressed: Bool) throws(GanError) {
    let written: Bool
    if compressed {
        guard let file = gzopen(path, "wb1") else { throw GanError(.inputOutput, "\(path) cannot be written.") }
        let count = gzwrite(file, bytes, UInt32(bytes.count))
        written = gzclose(file) == Z_OK && count == Int32(bytes.count)
    } else {
        guard let file = fopen(path, "wb") else { throw GanError(.inputOutput, "\(path) cannot be written.") }
        let count = fwrite(bytes, 1, bytes.count, file)
        written = fclose(file) == 0 && count == bytes.count
    }
    guard written else { throw GanError(.inputOutput, "\(path) cannot be written.") }
}

/// The C program.
private struct Host {
    let path: String
    let threads: Int

    func run(_ arguments: [String]) throws(GanError) -> (output: String, started: UInt64) {
        let texts = ([path] + arguments).map { strdup($0) }
        defer { texts.forEach { free($0) } }
        let list = texts.map { UnsafePointer($0) } + [nil]
        var output = [CChar](repeating: 0, count: 256)
        var started: UInt64 = 0
        let status = list.withUnsafeBufferPointer { bench_run($0.baseAddress, &output, output.count, &started) }
        guard status == 0 else { throw GanError(.internalError, "\(path) \(arguments.joined(separator: " ")) ended with \(status).") }
        return (String(decoding: output.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self), started)
    }

    /// The program prints its resident memory, now and at most, in KiB; here in MB.
    func memory(_ what: [String]) throws(GanError) -> (now: Double, most: Double) {
        let (text, _) = try run(what)
        let numbers = text.split(separator: " ").compactMap { Double($0.filter(\.isNumber)) }.map { $0 * 1024 * 1e-6 }
        guard numbers.count == 2 else { throw GanError(.internalError, "\(path) printed \(text)") }
        return (numbers[0], numbers[1])
    }

    /// The program prints the moment at which it had what it was started for.
    func time(_ item: String, _ label: String, _ what: [String], _ arguments: Arguments, _ report: Report) throws(GanError) {
        var samples = Samples()
        _ = try run(what + ["\(threads)"])
        let noise = Noise()
        let start = Clock.now()
        while samples.values.count < 5 || (Clock.now() - start < 2 * arguments.seconds && samples.values.count < 200) {
            let (output, started) = try run(what + ["\(threads)"])
            guard let moment = UInt64(output.filter(\.isNumber)), moment > started else {
                throw GanError(.internalError, "\(path) printed \(output)")
            }
            samples.add(Double(moment - started) * 1e-6)
        }
        report.row(
            item, threads: threads, label,
            [Report.time(samples.median), Report.spread(samples), "\(samples.values.count)"], Report.fields(samples, "ms"), noise.reading)
    }
}

/// A folder for this run.
private struct TemporaryFolder {
    let path: String

    init() throws(GanError) {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((parent + "/gan-benchmark-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw GanError(.inputOutput, "No folder can be made in \(parent).") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func subfolder(_ name: String) throws(GanError) -> String {
        guard mkdir(path + "/" + name, 0o700) == 0 else { throw GanError(.inputOutput, "\(path)/\(name) cannot be made.") }
        return path + "/" + name
    }

    func remove() { bench_remove_folder(path) }
}
