/// A node of a YAML document, with its place in the file.
public struct YAMLNode: Sendable {
  /// The three shapes of a node.
  public enum Content: Sendable {
    /// Text whose meaning depends on where it stands.
    case scalar(YAMLScalar)
    /// Items in the order of the file.
    case sequence([YAMLNode])
    /// Entries in the order of the file; no two have the same name.
    case mapping([YAMLEntry])
  }

  /// What the node holds.
  public var content: Content
  /// Where the node begins, an anchor included.
  ///
  /// A node that stands for an alias begins at the alias; what is inside it keeps the place where
  /// it was written. A value left out begins behind its key's colon.
  public var location: SourceLocation

  /// A node that holds `content` and begins at `location`.
  public init(content: Content, location: SourceLocation) {
    self.content = content
    self.location = location
  }
}

/// The text of a scalar, and whether it was written without quotes.
public struct YAMLScalar: Hashable, Sendable {
  /// The text after quotes, escapes and folding are resolved.
  public var text: String
  /// Whether the scalar was written plain: neither quoted nor as a block (`|`, `>`).
  ///
  /// Only a plain scalar can be read as null, a number or a Boolean.
  public var isPlain: Bool

  /// A scalar of `text`, plain unless stated otherwise.
  public init(text: String, isPlain: Bool = true) {
    self.text = text
    self.isPlain = isPlain
  }
}

/// A key of a mapping with its value.
public struct YAMLEntry: Sendable {
  /// The key; a scalar in every tree that ``YAMLParser`` makes.
  public var key: YAMLNode
  /// The value.
  public var value: YAMLNode

  /// An entry of `key` and `value`.
  public init(key: YAMLNode, value: YAMLNode) {
    self.key = key
    self.value = value
  }

  /// The key's text.
  ///
  /// - Precondition: the key is a scalar.
  public var name: String {
    guard let text = key.text else {
      preconditionFailure("the key at \(key.location) is not a scalar")
    }
    return text
  }
}

extension YAMLNode {
  /// The scalar, or nil for a sequence or a mapping.
  public var scalar: YAMLScalar? {
    if case .scalar(let scalar) = content { scalar } else { nil }
  }

  /// The scalar's text, plain or quoted; nil for a sequence or a mapping.
  public var text: String? { scalar?.text }

  /// The items of a sequence, or nil for a scalar or a mapping.
  public var items: [YAMLNode]? {
    if case .sequence(let items) = content { items } else { nil }
  }

  /// The entries of a mapping, or nil for a scalar or a sequence.
  public var entries: [YAMLEntry]? {
    if case .mapping(let entries) = content { entries } else { nil }
  }

  /// The value under the key of this name, plain or quoted; nil where there is none, or no mapping.
  ///
  /// The search is linear in the number of entries.
  public subscript(_ key: String) -> YAMLNode? {
    entries?.first { $0.key.text == key }?.value
  }

  /// The node's shape as a message names it: `a scalar`, `a sequence` or `a mapping`.
  public var shape: String {
    switch content {
    case .scalar: "a scalar"
    case .sequence: "a sequence"
    case .mapping: "a mapping"
    }
  }
}
