// The Fréchet distance of infinitely many samples (Chong & Forsyth 1911.07023, algorithm 1): with N samples it is too large by about
// c / N, so a line through the distances of fewer and fewer of them, over 1 / N, is followed to where 1 / N is 0.

import Base

enum FrechetInfinity {
    static let measure = Measure(
        "frechet-distance-infinity", "The Fréchet distance that infinitely many samples would have, by extrapolation over their number.",
        paper: "Chong & Forsyth, Effectively unbiased FID and inception score and where to find them, 2020, arxiv.org/abs/1911.07023",
        range: "any number, nearly always 0 or more", goal: .lower, needs: .features, minimum: 100,
        samples: "no bias of the samples' number, and a spread that falls with it; the data's number still counts")

    /// Distances that the line goes through.
    private static let points = 15

    /// - Parameter samples: 100 or more.
    static func between(_ samples: Features, _ data: Moments, _ team: Team) throws(GanError) -> Double {
        let mixed = try samples.mixed()
        let least = max(samples.count / 10, 50)
        var (x, y): ([Double], [Double]) = ([], [])
        for point in 0..<points {
            let count = least + (samples.count - least) * point / (points - 1)
            let moments = try Moments(mixed.first(count), team)
            x.append(1 / Double(count))
            y.append(try FrechetDistance.between(moments, data, team))
        }
        // The line of least squares, where it meets 0.
        let (meanX, meanY) = (x.reduce(0, +) / Double(points), y.reduce(0, +) / Double(points))
        var (slope, squares) = (0.0, 0.0)
        for (x, y) in zip(x, y) {
            slope += (x - meanX) * (y - meanY)
            squares += (x - meanX) * (x - meanX)
        }
        return squares > 0 ? meanY - slope / squares * meanX : meanY
    }
}
