// gan-benchmark: how fast the library is on this machine, as shares of what the machine can do at most, measured in the same
// run, and beside others' libraries where they are installed. `make bench` runs it.

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base

do throws(GanError) {
    let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
    let report = Report(json: arguments.json)
    let noise = Noise()
    Machine.introduce(report)
    if arguments.profile {
        try profileSteps(arguments, report)
    } else {
        measurePeaks(arguments, report)
        measureMeetings(arguments, report)
        try measureProducts(arguments, report)
        try measureConvolutions(arguments, report)
        try measureBandwidth(arguments, report)
        try measureTraining(arguments, report)
        try measurePeerSteps(arguments, report)
        try measureSampling(arguments, report)
        try measureMeasures(arguments, report)
        try measureStarting(arguments, report)
        try countAllocations(arguments, report)
    }
    Machine.conclude(report, noise)
} catch {
    Text.flush()
    let text = "gan-benchmark: \(error.message)\n"
    write(2, text, text.utf8.count)
    exit(1)
}
