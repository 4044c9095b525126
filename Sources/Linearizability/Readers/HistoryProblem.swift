/// What is wrong with a history's file, where, and what to do about it.
public struct HistoryProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file as it was named.
  public var file: String
  /// The line, from 1 on.
  public var line: Int
  /// What is wrong.
  public var message: String
  /// What to do.
  public var remedy: String

  /// `file:line: what; remedy`.
  public var description: String { "\(file):\(line): \(message); \(remedy)" }
}

/// Limits on what is read.
public struct HistoryLimits: Hashable, Sendable {
  /// Bytes of a line, or of an EDN form.
  public var lineBytes = 1 << 20
  /// Operations of a history.
  public var operations = 1 << 24
  /// Bytes of a key.
  public var keyBytes = 1 << 10
  /// Lists within lists.
  public var depth = 32

  /// The usual limits.
  public init() {}
}

/// The formats of recorded histories.
public enum HistoryFormat: String, Hashable, Sendable, CaseIterable {
  /// The log lines of Jepsen's etcd runs.
  case jepsenEtcd = "jepsen-etcd"
  /// Porcupine's key-value histories.
  case porcupineKV = "porcupine-kv"
  /// Knossos' register histories.
  case knossosEDN = "knossos-edn"
  /// This project's own: a JSON object in each line.
  case ndjson
}

/// What a recorded history is a history of.
public enum HistoryModel: String, Hashable, Sendable, CaseIterable {
  /// One register: no operation names a key.
  case register
  /// A register, or a text that is appended to, for each key.
  case kv
  /// A list that grows at its end, for each key.
  case list
}
