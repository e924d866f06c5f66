// A training that compares pictures in the maps of a classifier takes the classifier's first layers along: read from the classifier's file
// when the training begins, kept in its own from then on.

import Base
import Data
import Graph
import Networks
import Recipes

extension OptionValues {
    /// The classifier that a new training is to take along, whose options become the training's own; nil for none.
    mutating func resolveContent(_ shape: ImageShape) throws(GanError) -> Classifier? {
        guard choice(.recipe) == SuperResolution.name, real(.sharpness) > 0, self[Choices.content] == .classifier else { return nil }
        let path = words(.contentClassifier)
        guard !path.isEmpty else {
            throw GanError(.outOfRange, "content is classifier, and content.classifier does not say which: set it to the checkpoint of a training by the recipe 'classifier'.")
        }
        let classifier = try Classifier(path: path)
        guard classifier.options[Choices.classifierNetwork] == .residual else {
            throw GanError(.mismatch, "The classifier \"\(path)\" has fully connected layers, which have no maps: train one with classifier.network=residual.")
        }
        guard classifier.imageShape.channels == shape.channels else {
            throw GanError(
                .mismatch,
                "The classifier \"\(path)\" was trained on pictures of \(classifier.imageShape.channels) channels, and these have \(shape.channels): set data.channels to \(classifier.imageShape.channels), or train another.")
        }
        replace(.classifierChannels, with: classifier.options.value(.classifierChannels))
        return classifier
    }
}

extension Classifier {
    /// Copies the layers that a training compares pictures in.
    func copyContent(into training: ParameterStore) {
        for (name, buffer) in store.buffers {
            let own = SuperResolution.contentName + name.dropFirst(ClassifierRecipe.name.utf8.count)
            if let place = training.buffers[own], place.count == buffer.count { place.pointer.update(from: buffer.pointer, count: buffer.count) }
        }
    }
}
