/// A number of consecutive entries of one term.
public struct TermRun: Hashable, Sendable {
  /// The term that all of them have.
  public var term: Term
  /// The number of entries, at least 0; a span leaves out a run of none.
  public var count: Int

  /// Makes a run; nothing is checked.
  @inlinable public init(term: Term, count: Int) {
    self.term = term
    self.count = count
  }
}

/// The terms of consecutive entries, in order, and the configurations among them.
///
/// Almost every span has one term and no configuration, so that case is held inline and costs no
/// allocation; the rest lies in one shared box.
public struct EntrySpan: Hashable, Sendable {
  /// The number of entries.
  public private(set) var count: Int
  @usableFromInline var head: TermRun
  @usableFromInline var detail: Detail?

  /// Whatever does not fit inline. Never mutated once it is shared.
  @usableFromInline
  final class Detail: Hashable, Sendable {
    @usableFromInline let rest: [TermRun]
    @usableFromInline let configurations: [SpanConfiguration]

    @usableFromInline
    init(rest: [TermRun], configurations: [SpanConfiguration]) {
      self.rest = rest
      self.configurations = configurations
    }

    @usableFromInline
    static func == (a: Detail, b: Detail) -> Bool {
      a.rest == b.rest && a.configurations == b.configurations
    }

    @usableFromInline
    func hash(into hasher: inout Hasher) {
      hasher.combine(rest)
      hasher.combine(configurations)
    }
  }

  /// No entries: a heartbeat.
  @inlinable public init() {
    self.init(term: .zero, count: 0)
  }

  /// `count` entries of one term.
  @inlinable public init(term: Term, count: Int) {
    self.init(uncheckedCount: count, head: TermRun(term: term, count: count), detail: nil)
  }

  @usableFromInline
  init(uncheckedCount count: Int, head: TermRun, detail: Detail?) {
    self.count = count
    self.head = head
    self.detail = detail
  }

  /// Entries of several terms; neighbouring runs of one term are joined and empty runs dropped.
  ///
  /// - Parameter configurations: the configuration entries among them, by ascending offset.
  public init(runs: [TermRun], configurations: [SpanConfiguration] = []) {
    var joined: [TermRun] = []
    for run in runs where run.count > 0 {
      if let last = joined.last, last.term == run.term {
        joined[joined.count - 1].count += run.count
      } else {
        joined.append(run)
      }
    }
    let head = joined.first ?? TermRun(term: .zero, count: 0)
    let rest = Array(joined.dropFirst())
    let plain = rest.isEmpty && configurations.isEmpty
    self.init(
      uncheckedCount: joined.reduce(0) { $0 + $1.count }, head: head,
      detail: plain ? nil : Detail(rest: rest, configurations: configurations))
  }

  /// Whether there are no entries, as in a heartbeat.
  @inlinable public var isEmpty: Bool { count == 0 }

  /// The term of all entries, if they share one; `nil` for none or several.
  @inlinable public var singleTerm: Term? {
    guard count > 0 else { return nil }
    guard let detail, !detail.rest.isEmpty else { return head.term }
    return nil
  }

  /// The runs of equal terms, in order; empty for a heartbeat.
  public var runs: [TermRun] {
    guard count > 0 else { return [] }
    return [head] + (detail?.rest ?? [])
  }

  /// The configuration entries among the entries.
  public var configurations: [SpanConfiguration] { detail?.configurations ?? [] }

  /// The term of the entry `offset` places after the first. Out of bounds traps.
  public func term(at offset: Int) -> Term {
    precondition(offset >= 0 && offset < count, "offset \(offset) outside a span of \(count)")
    if offset < head.count { return head.term }
    var passed = head.count
    for run in detail?.rest ?? [] {
      passed += run.count
      if offset < passed { return run.term }
    }
    preconditionFailure("the runs of a span do not add up to its count")
  }
}

/// A configuration entry inside a span of entries.
public struct SpanConfiguration: Hashable, Sendable {
  /// Places after the first entry of the span.
  public var offset: Int
  /// The members that the entry stands for.
  public var configuration: Configuration

  /// Places a configuration; that the span reaches `offset` is not checked.
  public init(offset: Int, configuration: Configuration) {
    self.offset = offset
    self.configuration = configuration
  }
}
