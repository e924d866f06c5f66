// A made table of people, to try the recipe `table` on: columns of every kind, which depend on each other as those of a census do, and know
// nothing of anybody.

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Base

enum MadePeople {
    private static let cities = [("Seoul", 0.3), ("Busan", 0.2), ("Incheon", 0.15), ("Daegu", 0.12), ("Daejeon", 0.1), ("Gwangju", 0.08), ("Jeju", 0.05)]
    private static let schools = ["none", "school", "college", "bachelor", "master", "doctor"]
    private static let work = ["farmer", "labourer", "craftsman", "clerk", "nurse", "teacher", "engineer", "manager", "scientist"]
    /// How likely each kind of work is with each school.
    private static let shares: [[Double]] = [
        [4, 8, 4, 1, 0.2, 0, 0, 0.3, 0], [2, 6, 7, 5, 1, 0.1, 0.2, 0.8, 0], [0.6, 2, 4, 6, 5, 1, 1.5, 2, 0.1],
        [0.2, 0.5, 1, 4, 3, 5, 6, 4, 1], [0.1, 0.1, 0.2, 1, 1, 5, 7, 6, 4], [0, 0, 0, 0.2, 0.5, 4, 3, 3, 10],
    ]
    private static let pay = [1.6, 1.7, 2.3, 2.4, 2.8, 3.0, 4.2, 5.0, 4.0]

    private static func pick(_ weights: some Sequence<Double>, _ random: inout CountedRandom) -> Int {
        let weights = Array(weights)
        var left = random.uniform() * weights.reduce(0, +)
        for (place, weight) in weights.enumerated() {
            left -= weight
            if left < 0 { return place }
        }
        return weights.count - 1
    }

    static func dataset(count: Int, seed: UInt64) throws(GanError) -> Dataset {
        let text = GrowingBytes(for: "a table of people")
        var line: [UInt8] = []
        TableWriter.append(["age", "sex", "city", "school", "work", "hours", "income", "savings", "height", "smokes", "moved", "owns"], to: &line)
        for item in 0..<count {
            append(item, seed, to: &line)
            if line.count >= 1 << 16 || item == count - 1 {
                try line.withUnsafeBufferPointer { (bytes) throws(GanError) in try text.append(UnsafeRawBufferPointer(bytes)) }
                line.removeAll(keepingCapacity: true)
            }
        }
        let bytes = try text.finish()
        defer { withExtendedLifetime(bytes) {} }
        return try Dataset(table: Table.read(UnsafeRawBufferPointer(bytes.buffer), options: TableOptions()))
    }

    private static func append(_ item: Int, _ seed: UInt64, to line: inout [UInt8]) {
        var random = CountedRandom(seed, UInt64(item))
        let age = min(90, max(17, random.uniform() < 0.6 ? 38 + 9 * random.normal() : 55 + 14 * random.normal())).rounded()
        let isWoman = random.uniform() < 0.5
        let city = pick(cities.map(\.1), &random)
        // Of the young more went to school, and of the capital.
        let schooling = 2.3 - 0.025 * (age - 40) + (city == 0 ? 0.6 : 0) + 1.1 * random.normal()
        let school = min(5, max(0, Int(schooling.rounded())))
        let kind = pick(shares[school].enumerated().map { $1 * (isWoman && $0 == 4 ? 3 : isWoman && ($0 == 2 || $0 == 6) ? 0.5 : 1) }, &random)
        let isPartTime = random.uniform() < (isWoman ? 0.3 : 0.12) || age > 66
        let hours = isPartTime ? min(35, max(4, (20 + 7 * random.normal()).rounded())) : random.uniform() < 0.55 ? 40 : min(80, max(36, (46 + 7 * random.normal()).rounded()))
        let experience = min(age - 17, 30)
        let income = 10_000 * pay[kind] * (0.7 + 0.02 * experience) * (hours / 40) * exp(0.25 * random.normal()) * (city == 0 ? 1.2 : 1)
        let saves = random.uniform() < min(0.6, income / 200_000)
        let savings = saves ? income * exp(0.5 + 0.8 * random.normal()) : 0
        let height = (isWoman ? 161.5 : 174.5) - 0.08 * max(0, age - 40) + 6 * random.normal()
        let smokes = random.uniform() < (isWoman ? 0.08 : 0.3) * (school < 3 ? 1.4 : 0.7)
        let owns = random.uniform() < 1 / (1 + exp(-(0.06 * (age - 45) + (income - 40_000) / 15_000 + (savings > 0 ? 1 : 0) - (city == 0 ? 1.2 : 0))))
        // Days from 1990 on; the old moved longer ago.
        let moved = 12_700 - 365 * min(max(0.0, age - 25) * random.uniform(), 28) - random.uniform(0, 365)
        let date = NumberForm.date(NumberForm.DateForm(precision: .day, hasT: false, hasZ: false))
        TableWriter.append(
            [
                String(Int(age)), isWoman ? "f" : "m", cities[city].0, schools[school], work[kind], String(Int(hours)),
                NumberForm.real(decimals: 2, isFixed: true).text(income), String(Int(savings)),
                random.uniform() < 0.05 ? "" : NumberForm.real(decimals: 1, isFixed: true).text(height), random.uniform() < 0.03 ? "" : smokes ? "yes" : "no",
                date.text(date.rounded((7305 + moved) * 86400)), owns ? "yes" : "no",
            ], to: &line)
    }
}
