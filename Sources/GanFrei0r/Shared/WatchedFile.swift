import PluginSupport

/// What was made of the file of a path, as the file is now: looked at before every frame. One that was replaced is read anew. One
/// that was deleted goes on from memory, because a film should not end for that.
package struct WatchedFile<Content> {
    private var path = ""
    private var file: FileIdentity?
    private var content: Content?

    package init() {}

    package mutating func content(at path: String, _ read: (String) throws(Failure) -> Content) throws(Failure) -> Content {
        let file = FileIdentity(path)
        if path == self.path, let content, file == nil || file == self.file { return content }
        content = nil
        self.path = path
        self.file = file
        let made = try read(path)
        content = made
        return made
    }

    /// The file of the parameter Model, which has to be set.
    package mutating func model(at path: String, _ read: (String) throws(Failure) -> Content) throws(Failure) -> Content {
        guard !path.isEmpty else {
            throw Failure(sentence: "No model is set. The parameter Model takes the path of a checkpoint that libgan wrote, such as digits.safetensors.", brief: "no model")
        }
        return try content(at: path, read)
    }
}
