#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Data
import Measures
import Training

/// Strings that the library hands out for ever: literals as they stand in the program, and those made from the tables
/// of options and metrics, which are copied once and stay reachable.
enum StaticText {
    /// A literal's address. (Only a `StaticString` made from a lone scalar has none, and literals are never that.)
    static func pointer(_ literal: StaticString) -> UnsafePointer<CChar> {
        UnsafeRawPointer(literal.utf8Start).assumingMemoryBound(to: CChar.self)
    }

    struct OptionTexts {
        let name, type, defaultText, range, summary, condition: UnsafePointer<CChar>?
        let bounds: (minimum: Double, maximum: Double)?
    }

    struct MetricTexts {
        let name, summary: UnsafePointer<CChar>?
    }

    struct RecipeTexts {
        let name, summary, paper, options: UnsafePointer<CChar>?
    }

    struct MeasureTexts {
        let name, summary, paper, range, needs, goal, samples: UnsafePointer<CChar>?
        let minimum: Int64
    }

    private struct Table<Row>: @unchecked Sendable {
        let rows: [Row]
        subscript(index: Int32) -> Row? {
            guard let index = Int(exactly: index), rows.indices.contains(index) else { return nil }
            return rows[index]
        }
    }

    private static let options = Table(
        rows: OptionTable.all.map { option in
            OptionTexts(
                name: copy(option.name), type: copy(option.type), defaultText: copy(option.defaultText),
                range: copy(option.range), summary: copy(option.summary), condition: copy(option.conditionText), bounds: option.bounds)
        })

    private static let metrics = Table(
        rows: Metric.all.map { metric in MetricTexts(name: copy(metric.name), summary: copy(metric.summary)) })

    private static let recipes = Table(
        rows: RecipeList.all.map { recipe in
            RecipeTexts(
                name: copy(recipe.name), summary: copy(recipe.summary), paper: copy(recipe.paper),
                options: copy(recipe.options.map(\.name).joined(separator: ",")))
        })

    private static let madeData = Table(rows: MadeData.all.map { made in MetricTexts(name: copy(made.name), summary: copy(made.summary)) })

    static func made(_ index: Int32) -> MetricTexts? { madeData[index] }
    static var madeCount: Int32 { Int32(clamping: madeData.rows.count) }
    private static let measures = Table(
        rows: Measure.all.map { measure in
            MeasureTexts(
                name: copy(measure.name), summary: copy(measure.summary), paper: copy(measure.paper), range: copy(measure.range),
                needs: copy(measure.needs.rawValue), goal: copy(measure.goal.rawValue), samples: copy(measure.samples),
                minimum: Int64(measure.minimum))
        })

    static func measure(_ index: Int32) -> MeasureTexts? { measures[index] }
    static var measureCount: Int32 { Int32(clamping: measures.rows.count) }

    static func recipe(_ index: Int32) -> RecipeTexts? { recipes[index] }
    static var recipeCount: Int32 { Int32(clamping: recipes.rows.count) }

    static func option(_ index: Int32) -> OptionTexts? { options[index] }
    static func metric(_ index: Int32) -> MetricTexts? { metrics[index] }

    static var optionCount: Int32 { Int32(clamping: options.rows.count) }
    static var metricCount: Int32 { Int32(clamping: metrics.rows.count) }

    private static func copy(_ text: String) -> UnsafePointer<CChar> {
        text.withCString { source in
            let size = strlen(source) + 1
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: size)
            copy.update(from: source, count: size)
            return UnsafePointer(copy)
        }
    }
}
