import YAMLTree

/// A `cases` table: the trace runs once a row.
struct CaseTable {
  /// A row: its name, and what each column stands for.
  struct Row {
    var name: String
    var values: [String: YAMLNode]
  }

  var columns: [(name: String, location: SourceLocation)]
  var rows: [Row]

  static let shape = Shape<CaseTable>.record(
    "a table of cases",
    .required(
      "columns", column.list(2...TraceLimits.columns),
      "the columns' names, `name` first; in the steps `$x` stands for column x's value"),
    .required(
      "rows", row.list(1...TraceLimits.cases),
      "a list of values for each case, in the columns' order")
  ) { place, columns, rows in build(place, columns, rows) }

  private static let column = Shape<String>.text(Column.rule)
    .flatMap { name, node, _ in (name: name, location: node.location) }

  private static let row = Shape<YAMLNode>(
    description: .list(.anything, count: 2...TraceLimits.columns), accepts: { $0.items != nil },
    read: { node, _ in node })

  private static func build(
    _ place: Place, _ columns: [(name: String, location: SourceLocation)], _ rows: [YAMLNode]
  ) -> CaseTable? {
    let context = place.context
    if let first = columns.first, first.name != "name" {
      context.report("the first column must be 'name'", at: first.location)
    }
    for (index, column) in columns.enumerated()
    where columns[..<index].contains(where: { $0.name == column.name }) {
      context.report("column '\(column.name)' is there twice", at: column.location)
    }
    var names: Set<String> = []
    let read = rows.compactMap { node -> Row? in
      let cells = node.items ?? []
      guard cells.count == columns.count else {
        context.report(
          "a row of \(cells.count) values for \(columns.count) columns", at: node.location)
        return nil
      }
      let text = Shape<String>.text(NameRule.caseName)
      guard let name = cells.first.flatMap({ text.decode($0, context) }) else { return nil }
      guard names.insert(name).inserted else {
        context.report("case '\(name)' is there twice", at: cells[0].location)
        return nil
      }
      let pairs = zip(columns, cells).map { ($0.name, $1) }
      return Row(name: name, values: Dictionary(pairs, uniquingKeysWith: { first, _ in first }))
    }
    return CaseTable(columns: columns, rows: read)
  }

  /// Reports the columns that no part uses.
  func checkUse(in parts: [YAMLNode], _ context: DecodeContext) {
    var used: Set<String> = []
    for part in parts { Self.collectColumns(in: part, into: &used) }
    for column in columns where column.name != "name" && !used.contains(column.name) {
      context.report(
        "column '\(column.name)' is not used", at: column.location, severity: .warning)
    }
  }

  private static func collectColumns(in node: YAMLNode, into used: inout Set<String>) {
    switch node.content {
    case .scalar(let scalar): Column.name(in: scalar).map { _ = used.insert($0) }
    case .sequence(let items): for item in items { collectColumns(in: item, into: &used) }
    case .mapping(let entries):
      for entry in entries { collectColumns(in: entry.value, into: &used) }
    }
  }
}

extension CaseTable.Row {
  /// The tree with the row's values in the place of their columns.
  ///
  /// A value keeps its place in the table, where a mistake in it is to be mended.
  func filled(_ node: YAMLNode) -> YAMLNode {
    switch node.content {
    case .scalar(let scalar):
      return Column.name(in: scalar).flatMap { values[$0] } ?? node
    case .sequence(let items):
      return YAMLNode(content: .sequence(items.map(filled)), location: node.location)
    case .mapping(let entries):
      let filledEntries = entries.map { YAMLEntry(key: $0.key, value: filled($0.value)) }
      return YAMLNode(content: .mapping(filledEntries), location: node.location)
    }
  }
}
