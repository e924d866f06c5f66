// The library's list of measures.
import CGan

struct Measure {
    let name, summary, paper, range, goal, needs, samples: String
    let minimum: Int64

    static let all: [Measure] = (0..<gan_measure_count()).map { index in
        var minimum: Int64 = 0
        _ = gan_measure_minimum(index, &minimum)
        func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
        return Measure(
            name: text(gan_measure_name(index)), summary: text(gan_measure_summary(index)), paper: text(gan_measure_paper(index)),
            range: text(gan_measure_range(index)), goal: text(gan_measure_goal(index)), needs: text(gan_measure_needs(index)),
            samples: text(gan_measure_samples(index)), minimum: minimum)
    }
}
