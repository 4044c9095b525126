import YAMLTree

/// The clauses that traces can hold against an implementation: `Spec/Clauses.yaml`.
public struct ClauseRegistry: Sendable {
  /// A rule that an implementation keeps.
  public struct Clause: Sendable {
    /// Its name for ever: `vote.up-to-date`.
    public var slug: String
    /// The TODO it belongs to.
    public var todo: String
    /// How binding it is.
    public var level: Trace.Level
    /// The rule, in words.
    public var text: String
    /// The paper's section, or where breaking it did harm.
    public var source: String
    /// Where it stands in the file.
    public var location: SourceLocation

    /// A clause that stands at `location`.
    public init(
      slug: String, todo: String, level: Trace.Level, text: String, source: String,
      location: SourceLocation
    ) {
      self.slug = slug
      self.todo = todo
      self.level = level
      self.text = text
      self.source = source
      self.location = location
    }
  }

  /// Everything that is wrong with a file of clauses.
  public struct Mistakes: Error, CustomStringConvertible, Sendable {
    /// By place; never empty when thrown.
    public var problems: [TraceProblem]

    /// One line a problem.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
  }

  /// In the order of the file.
  public let clauses: [Clause]
  private let bySlug: [String: Int]

  /// A registry of these clauses; of two with the same slug the first is found.
  public init(clauses: [Clause]) {
    self.clauses = clauses
    bySlug = Dictionary(
      clauses.enumerated().map { ($0.element.slug, $0.offset) }, uniquingKeysWith: { a, _ in a })
  }

  /// The clause of this slug.
  public func clause(_ slug: String) -> Clause? { bySlug[slug].map { clauses[$0] } }

  /// Reads the file at `path`, which messages call `file`, or `path` where that is nil.
  ///
  /// - Throws: ``Mistakes`` with everything that is wrong.
  public static func load(path: String, file: String? = nil) throws -> ClauseRegistry {
    let root: YAMLNode
    do {
      root = try YAMLParser.parse(path: path, file: file)
    } catch {
      throw Mistakes(
        problems: error.problems.map { TraceProblem(location: $0.location, message: $0.message) })
    }
    let context = DecodeContext()
    let clauses = clause.list(1...TraceLimits.entries).decode(root, context) ?? []
    for (index, clause) in clauses.enumerated()
    where clauses[..<index].contains(where: { $0.slug == clause.slug }) {
      context.report("clause '\(clause.slug)' is there twice", at: clause.location)
    }
    guard context.problems.isEmpty else { throw Mistakes(problems: context.problems.sorted()) }
    return ClauseRegistry(clauses: clauses)
  }

  private static let todo = Shape<String>.prose("a TODO like \"3.2\"")
    .flatMap { id, node, context -> String? in
      if Ladder.todo(id) != nil { return id }
      context.reportMismatch(node, expected: "a TODO of the ladder like \"3.2\"")
      return nil
    }

  private static let clause = Shape<Clause>.record(
    "a clause", .required("slug", .text(NameRule.clause), "its name for ever"),
    .required("todo", todo, "the TODO it belongs to"),
    .required("level", TopLevel.levelShape, "how binding it is"),
    .required("text", .prose("a text"), "the rule"),
    .required("source", .prose("a source"), "where it comes from")
  ) { place, slug, todo, level, text, source in
    Clause(
      slug: slug, todo: todo, level: level, text: text, source: source,
      location: place.location(of: "slug"))
  }
}
