// The options of the recipe tags.

extension Option {
    public static let tagsWeight = Option(
        "tags.weight", .real(0...1000, orAutomatic: false), default: .real(1), .model,
        "How much it weighs beside the adversarial loss how far the discriminator is from telling each tag of a picture right, the mean over the tags, for both networks; 0 leaves the tags to tags.judged.")
    public static let tagsJudged = Option(
        "tags.judged", .boolean, default: .boolean(true), .model,
        "Whether the discriminator is told the tags of a picture too, and judges how far it goes with them (by the product of its features with a vector of each tag), beside telling them itself.")
}

/// Which tags the generator is asked for in training.
public enum TagsDrawn: String, CaseIterable, Sendable {
    /// Those of an item of the data.
    case together
    /// Each as often as the data have it, whatever the others.
    case apart
}

extension Choices {
    public static let tagsDrawn = Choice(
        "tags.drawn", default: TagsDrawn.together, .model,
        "Which tags the generator is asked for in training: together, those of a picture of the data, as they occur with each other; or apart, each as often as in the batch, whatever the others, so that what hardly occurs can be asked for too.")
}
