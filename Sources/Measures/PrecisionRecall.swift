// Precision and recall of manifolds of balls (Kynkäänniemi et al. 1904.06991, equations 1 and 2, with their k = 3): a ball around each
// picture reaches to its third nearest neighbour of the same kind.

enum PrecisionRecall {
    private static let paper =
        "Kynkäänniemi et al., Improved precision and recall metric for assessing generative models, 2019, arxiv.org/abs/1904.06991"

    static let precision = Measure(
        "precision", "The share of samples that lie among the data: within the ball of an item, which reaches to its third nearest neighbour.",
        paper: paper, range: "0 to 1", goal: .higher, needs: .features, minimum: Encounters.manifoldNeighbours + 1,
        samples: "balls grow smaller with more data: compare values of equal numbers only")

    static let recall = Measure(
        "recall", "The share of the data that lie among the samples: within the ball of a sample, which reaches to its third nearest neighbour.",
        paper: paper, range: "0 to 1", goal: .higher, needs: .features, minimum: Encounters.manifoldNeighbours + 1,
        samples: "balls grow smaller with more samples: compare values of equal numbers only")
}
