import Base

/// The files of MNIST and its relatives among the names of a folder.
///
/// All are pairs of images and labels in IDX, and all name them alike: what the set is called, the split, "images" or
/// "labels", and the format. `train-images-idx3-ubyte.gz` (MNIST, Fashion-MNIST, KMNIST), `t10k-labels.idx1-ubyte`,
/// `emnist-letters-train-images-idx3-ubyte.gz`, `qmnist-test-labels-idx2-int.gz`.
struct MNISTFiles {
    struct Pair {
        let images: FilePath
        let labels: FilePath?
    }

    /// The training split of the one set, or the test split where there is no other.
    let chosen: Pair
    /// What the sets are called where there are several, in order of names, and the images of each.
    let sets: [(name: String, images: FilePath)]

    private enum Role { case images, labels }

    private struct Name {
        let set: [UInt8]
        let isTraining: Bool
        let role: Role
        /// Whether several names mean the same: the smaller is taken. (Plain before gzip, `-idx` before `.idx`.)
        let preference: Int

        init?(_ name: [UInt8]) {
            var rest = name.map { $0 | ($0 >= 0x41 && $0 <= 0x5A ? 0x20 : 0) }[...]
            func drop(_ ending: StaticString) -> Bool {
                let length = ending.utf8CodeUnitCount
                guard rest.count >= length, ending.withUTF8Buffer({ rest.suffix(length).elementsEqual($0) }) else { return false }
                rest = rest.dropLast(length)
                return true
            }
            let isPacked = drop(".gz")
            let role: Role
            let isDotted: Bool
            if drop("images-idx3-ubyte") || drop("images-idx4-ubyte") { (role, isDotted) = (.images, false) }
            else if drop("images.idx3-ubyte") { (role, isDotted) = (.images, true) }
            else if drop("labels-idx1-ubyte") || drop("labels-idx1-int") || drop("labels-idx2-int") { (role, isDotted) = (.labels, false) }
            else if drop("labels.idx1-ubyte") || drop("labels.idx2-int") { (role, isDotted) = (.labels, true) }
            else { return nil }
            let isTraining = drop("train-")
            if !isTraining { _ = drop("test-") || drop("t10k-") }
            self.set = Array(rest)
            self.isTraining = isTraining
            self.role = role
            self.preference = (isDotted ? 2 : 0) + (isPacked ? 1 : 0)
        }
    }

    /// Nil where there are none.
    init?(in folder: FilePath, _ entries: [Folder.Entry]) throws(GanError) {
        var found: [(name: Name, path: FilePath)] = []
        for entry in entries {
            guard let name = Name(entry.name) else { continue }
            let path = folder.appending(entry.name)
            switch entry.kind {
            case .file:
                found.append((name, path))
            case .folder:
                // Some programs unpack a file into a folder of its own name.
                for inner in try Folder.contents(path) where inner.kind == .file {
                    guard let innerName = Name(inner.name), innerName.set == name.set, innerName.isTraining == name.isTraining,
                        innerName.role == name.role
                    else { continue }
                    found.append((innerName, path.appending(inner.name)))
                }
            default:
                break
            }
        }
        func best(_ role: Role, _ set: [UInt8], _ isTraining: Bool) -> FilePath? {
            found.filter { $0.name.role == role && $0.name.set == set && $0.name.isTraining == isTraining }
                .min { $0.name.preference < $1.name.preference }?.path
        }
        let names = Set(found.filter { $0.name.role == .images }.map(\.name.set)).sorted { $0.lexicographicallyPrecedes($1) }
        var pairs: [(set: [UInt8], pair: Pair)] = []
        for set in names {
            for isTraining in [true, false] {
                guard let images = best(.images, set, isTraining) else { continue }
                pairs.append((set, Pair(images: images, labels: best(.labels, set, isTraining))))
                break
            }
        }
        // MNIST itself, whose files have no name in front, is the first in this order.
        guard let first = pairs.first else { return nil }
        chosen = first.pair
        sets =
            first.set.isEmpty || pairs.count == 1
            ? [] : pairs.map { (FilePath.text($0.set.last == UInt8(ascii: "-") ? $0.set.dropLast() : $0.set[...]), $0.pair.images) }
    }
}
