/// What a YAML file may cost. A file beyond a limit is refused at the place that crosses it.
public struct YAMLLimits: Hashable, Sendable {
  /// The deepest ``depth`` that can be asked for; the parser recurses once a level.
  public static let greatestDepth = 1_000

  /// The file's size in bytes; a mebibyte by default.
  public let bytes: Int
  /// How many sequences and mappings may enclose one another; 64 by default.
  public let depth: Int
  /// The length of one scalar's text in UTF-8 bytes; 64 KiB by default.
  public let scalarLength: Int
  /// The nodes of the tree, keys included and aliases expanded; 100 000 by default.
  public let nodes: Int
  /// The problems after which the rest of a file is not read; 100 by default.
  public let problems: Int

  /// The limits for files that people write.
  public static let standard = YAMLLimits()

  /// Limits that differ from the standard ones where stated.
  ///
  /// - Precondition: every limit is at least 1 and `depth` is at most ``greatestDepth``.
  public init(
    bytes: Int = 1 << 20, depth: Int = 64, scalarLength: Int = 1 << 16, nodes: Int = 100_000,
    problems: Int = 100
  ) {
    precondition(
      min(bytes, depth, scalarLength, nodes, problems) >= 1, "a limit below 1 admits no file")
    precondition(
      depth <= Self.greatestDepth, "nesting deeper than \(Self.greatestDepth) is not supported")
    self.bytes = bytes
    self.depth = depth
    self.scalarLength = scalarLength
    self.nodes = nodes
    self.problems = problems
  }
}
