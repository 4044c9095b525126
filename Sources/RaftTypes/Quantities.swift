/// A term: the logical clock of Raft. Terms are consecutive integers; 0 is before every election.
///
/// - Source: Raft paper, §5.1.
public struct Term: RawRepresentable, Hashable, Comparable, Sendable {
  /// The number of the term, from 0.
  public var rawValue: UInt64

  /// The term of this number.
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
  /// The term of this number, without a label.
  @inlinable public init(_ rawValue: UInt64) { self.rawValue = rawValue }

  /// The term before the first election.
  @inlinable public static var zero: Term { Term(0) }

  /// The term after this one. Overflow traps: 2^64 elections do not happen.
  @inlinable public var next: Term { Term(rawValue + 1) }

  /// Whether a term is older; a server of an older term gives way to a newer one (§5.1).
  @inlinable public static func < (a: Term, b: Term) -> Bool { a.rawValue < b.rawValue }
}

/// The position of an entry in the log, counted from 1; 0 is the position before the first entry.
///
/// - Source: Raft paper, §5.3.
public struct LogIndex: RawRepresentable, Hashable, Comparable, Sendable {
  /// The number of the position: 1 for the first entry.
  public var rawValue: UInt64

  /// The position of this number.
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
  /// The position of this number, without a label.
  @inlinable public init(_ rawValue: UInt64) { self.rawValue = rawValue }

  /// The position before the first entry.
  @inlinable public static var zero: LogIndex { LogIndex(0) }

  /// The position after this one.
  @inlinable public var next: LogIndex { LogIndex(rawValue + 1) }

  /// The position before this one; `zero` has none and traps.
  @inlinable public var previous: LogIndex { LogIndex(rawValue - 1) }

  /// Whether a position lies nearer to the start of the log.
  @inlinable public static func < (a: LogIndex, b: LogIndex) -> Bool { a.rawValue < b.rawValue }

  /// The position `count` entries further on.
  @inlinable public static func + (index: LogIndex, count: Int) -> LogIndex {
    LogIndex(index.rawValue + UInt64(count))
  }

  /// The number of entries between two positions: `5 - 3 == 2`. Negative distances trap.
  @inlinable public static func - (a: LogIndex, b: LogIndex) -> Int {
    Int(a.rawValue - b.rawValue)
  }
}

/// The identity of a server. It is stable for the life of the server and never reused.
///
/// Every value is a real identity, 0 included: no value stands for "nobody" (an absent server is
/// `nil`), so that a vote for server 0 can't be mistaken for no vote.
public struct ServerID: RawRepresentable, Hashable, Comparable, Sendable {
  /// The number, which means nothing but the identity.
  public var rawValue: UInt64

  /// The server of this number.
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
  /// The server of this number, without a label.
  @inlinable public init(_ rawValue: UInt64) { self.rawValue = rawValue }

  /// An order for lists that must always come out the same; it ranks nobody.
  @inlinable public static func < (a: ServerID, b: ServerID) -> Bool { a.rawValue < b.rawValue }
}

/// A position together with the term of the entry there, written `3@2` in traces.
public struct LogPosition: Hashable, Sendable {
  /// The position in the log; 0 is before the first entry.
  public var index: LogIndex
  /// The term of the entry there; 0 at index 0.
  public var term: Term

  /// Makes a position; that index 0 comes with term 0 is not checked.
  @inlinable public init(index: LogIndex, term: Term) {
    self.index = index
    self.term = term
  }

  /// The position before every entry: index 0, term 0.
  @inlinable public static var zero: LogPosition { LogPosition(index: .zero, term: .zero) }
}

/// A run of consecutive log positions, possibly empty: `first` to `last` inclusive.
public struct LogRange: Hashable, Sendable {
  /// The first position of the range; where an empty range stands.
  public var first: LogIndex
  /// The number of entries.
  public var count: Int

  /// Makes a range; `count` must not be negative, which is not checked.
  @inlinable public init(first: LogIndex, count: Int) {
    self.first = first
    self.count = count
  }

  /// A range of no entries.
  @inlinable public static var empty: LogRange { LogRange(first: LogIndex(1), count: 0) }

  /// Whether it covers no position.
  @inlinable public var isEmpty: Bool { count == 0 }

  /// The last position; for an empty range the position before `first`.
  @inlinable public var last: LogIndex { LogIndex(first.rawValue + UInt64(count) - 1) }
}
