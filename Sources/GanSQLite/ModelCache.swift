import PluginSupport

/// The models that a connection used last, by path.
///
/// Every use looks at the file again, which costs a microsecond: one that was replaced is loaded anew, and one that was
/// deleted is an error, so that a statement never draws from what its path no longer names. A table whose rows are being
/// read keeps the model that it began with.
final class ModelCache<Kept> {
    private struct Entry {
        let path: String
        let file: FileIdentity
        let model: Kept
    }

    /// The last used comes last.
    private var entries: [Entry] = []
    private let most = 8

    func model(_ path: String, _ load: (String) throws(SQLError) -> Kept) throws(SQLError) -> Kept {
        let file = FileIdentity(path)
        if let place = entries.firstIndex(where: { $0.path == path }) {
            let entry = entries.remove(at: place)
            if let file, file == entry.file {
                entries.append(entry)
                return entry.model
            }
        }
        // When it is not there, loading says so in the library's words.
        let model = try load(path)
        if let file {
            if entries.count >= most { entries.removeFirst() }
            entries.append(Entry(path: path, file: file, model: model))
        }
        return model
    }
}

extension ModelCache<Model> {
    func model(_ path: String) throws(SQLError) -> Model { try model(path) { (path) throws(SQLError) in try Model(path: path) } }
}
