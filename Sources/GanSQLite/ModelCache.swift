import PluginSupport

/// The models that a connection used last, by path.
///
/// Every use looks at the file again, which costs a microsecond: one that was replaced is loaded anew, and one that was
/// deleted is an error, so that a statement never draws from what its path no longer names. A table whose rows are being
/// read keeps the model that it began with.
final class ModelCache {
    private struct Entry {
        let path: String
        let file: FileIdentity
        let model: Model
    }

    /// The last used comes last.
    private var entries: [Entry] = []
    private let most = 8

    func model(_ path: String) throws(SQLError) -> Model {
        let file = FileIdentity(path)
        if let place = entries.firstIndex(where: { $0.path == path }) {
            let entry = entries.remove(at: place)
            if let file, file == entry.file {
                entries.append(entry)
                return entry.model
            }
        }
        // When it is not there, loading says so in the library's words.
        let model = try Model(path: path)
        if let file {
            if entries.count >= most { entries.removeFirst() }
            entries.append(Entry(path: path, file: file, model: model))
        }
        return model
    }
}
