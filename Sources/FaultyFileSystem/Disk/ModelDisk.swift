/// A disk and the cache before it, as a value: copying one and letting the copies go different ways
/// is how a moment is crashed in many ways.
///
/// What was synced is kept apart from what was written. Bytes become durable by a sync of their
/// file, names by a sync of their directory; everything else may or may not survive, each piece for
/// itself and in any order.
public struct ModelDisk: Hashable, Sendable {
  /// The unit that a disk writes as a whole, bytes. Larger writes may arrive in part.
  public static let sectorBytes = 512

  /// The files by number; a file lives as long as a name, durable or not, or a handle leads to it.
  var files: [ModelFile] = []
  /// The names as readers see them.
  var names: [String: Int] = [:]
  /// The names that are certain to survive.
  var durableNames: [String: Int] = [:]
  /// The changes of names that were not synced, oldest first.
  var unsyncedNames: [UnsyncedName] = []
  /// The directories. Making one is durable at once; what is in it is not.
  var directories: Set<String> = ["/"]
  /// Counts all changes, for their order.
  var changeCount = 0

  /// How many bytes its files can take up together; `nil` for no limit.
  public var capacity: Int?
  /// Whether every change is refused (`EROFS`).
  public var isReadOnly = false

  /// A change of names, and its place in the order of all changes.
  struct UnsyncedName: Hashable, Sendable {
    var order: Int
    var change: NameChange
  }

  /// An empty disk.
  public init() {}

  /// The bytes that its files take up.
  public var usedBytes: Int {
    Set(names.values).reduce(0) { $0 + files[$1].visible.size }
  }

  /// The paths of all files, in the order of their text.
  public var paths: [String] { names.keys.sorted() }

  /// The bytes of a file, as a reader would find them; `nil` where there is none.
  public func contents(of path: String) -> [UInt8]? {
    guard let file = names[path] else { return nil }
    let content = files[file].visible
    return content.read(at: 0, count: content.size)
  }

  /// The bytes of a file up to the last that was ever written, without the room claimed behind it.
  public func writtenBytes(of path: String) -> [UInt8]? {
    names[path].map { files[$0].visible.bytes }
  }

  mutating func change(_ file: Int, _ change: FileChange) {
    files[file].visible.apply(change)
    files[file].unsynced.append(ModelFile.Unsynced(order: changeCount, change: change))
    changeCount += 1
  }

  mutating func change(_ change: NameChange) {
    change.apply(to: &names)
    unsyncedNames.append(UnsyncedName(order: changeCount, change: change))
    changeCount += 1
  }

  mutating func syncDirectory(_ directory: String) {
    for item in unsyncedNames where Self.directory(of: item.change.path) == directory {
      item.change.apply(to: &durableNames)
    }
    unsyncedNames.removeAll { Self.directory(of: $0.change.path) == directory }
  }

  static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
    return String(path[..<slash])
  }
}
