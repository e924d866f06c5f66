// The fields of a training's data, in a checkpoint. What the first version could train has pictures alone, whose size is in the
// options; anything else is a text of its own, and makes the file one of format version 2.

import Base
import Checkpoint
import Data
import Recipes

extension Recipe {
    /// The fields that the recipe makes use of: what a training of it can be continued on, and drawn with.
    func usedFields(_ fields: [Field]) -> [Field] {
        let labelled = sampling.inputs.contains { if case .label = $0.kind { true } else { false } }
        return fields.filter { $0.name == Field.image || (labelled && $0.name == Field.label) }
    }
}

extension Field {
    /// What the field is, for people.
    var sentence: String {
        switch kind {
        case .values(let axes): "\(name)s of \(axes.map { String($0) }.joined(separator: "×"))"
        case .label(let classes, _): "\(name)s of \(classes) classes"
        }
    }

    /// Whether data with this field can take the place of data with the other.
    func agrees(with other: Field) -> Bool {
        switch (kind, other.kind) {
        case (.values(let a), .values(let b)): name == other.name && a == b
        case (.label(let a, _), .label(let b, _)): name == other.name && a == b
        default: false
        }
    }
}

extension [Field] {
    private static let key = "label"

    /// - Parameter image: What the options say of pictures.
    init(checkpoint metadata: CheckpointMetadata, image: ImageShape) throws(GanError) {
        self = [Field(Field.image, .values(image.axes))]
        guard let text = metadata.others[Self.key] else { return }
        // The number of classes, then their names, a line each where there are names.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        guard let first = lines.first, let classes = Text.int64(first).flatMap({ Int(exactly: $0) }), classes > 0, classes <= Int(Int32.max),
            lines.count == 1 || lines.count == classes + 1
        else { throw GanError(.badFormat, "The checkpoint's text \"\(Self.key)\" is no number of classes with as many names, or none, behind it.") }
        append(Field(Field.label, .label(classes: classes, names: Array<String>(lines.dropFirst()))))
    }

    /// What a checkpoint keeps of them besides the options.
    var checkpointTexts: [String: String] {
        for field in self {
            if case .label(let classes, let names) = field.kind {
                return [Self.key: ([String(classes)] + names).joined(separator: "\n")]
            }
        }
        return [:]
    }
}

extension OptionValues {
    /// What a checkpoint of a training with these options says about itself. The first version reads whatever it could have trained.
    func checkpointMetadata(_ kind: CheckpointMetadata.Kind, fields: [Field], step: Int64) -> CheckpointMetadata {
        let texts = fields.checkpointTexts
        let isOriginal = texts.isEmpty && canonicalPairs().allSatisfy { pair in
            OptionTable.all.contains { $0.name == pair.name && $0.takesOriginally(pair.value) }
        }
        return CheckpointMetadata(
            kind: kind, options: checkpointOptions, seed: UInt64(integer(.seed)), step: Int(step), others: texts, version: isOriginal ? 1 : 2)
    }
}

extension Option {
    /// Whether the first version knew the option and this value of it.
    fileprivate func takesOriginally(_ text: String) -> Bool {
        if !isOriginal { return false }
        if name == Choices.preset.option.name { return ["mlp", "dcgan"].contains(text) }
        if name == Choices.loss.option.name { return ["non-saturating", "minimax"].contains(text) }
        return true
    }
}
