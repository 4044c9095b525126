import RaftTypes

/// The signs of a picture and what they mean, below it. Only those that it uses.
struct SVGLegend {
  private struct Item {
    var classes: String
    var text: String
    var width: Double { SVGGeometry.width(of: text) + 58 }
  }

  /// The items with their places, from the legend's top left.
  private let items: [(item: Item, x: Double, y: Double)]
  let height: Double
  private static let rowHeight = 20.0
  private static let notation =
    "t: term · 3@2: the entry at index 3, of term 2 · c: the leader's commit · m: match index"

  init(_ diagram: Diagram, width: Double) {
    var x = SVGGeometry.margin
    var y = 0.0
    var placed: [(Item, Double, Double)] = []
    for item in Self.items(for: diagram) {
      if x + item.width > width - SVGGeometry.margin, x > SVGGeometry.margin {
        x = SVGGeometry.margin
        y += Self.rowHeight
      }
      placed.append((item, x, y))
      x += item.width
    }
    items = placed
    height = y + Self.rowHeight * 2
  }

  private static func items(for diagram: Diagram) -> [Item] {
    var roles = Set(diagram.lanes.filter { !$0.isPeer }.map(\.startRole))
    var hasDown = diagram.lanes.contains { !$0.startsAlive }
    for row in diagram.rows {
      guard case .marks(_, let marks) = row.content else { continue }
      for mark in marks {
        if case .became(let role, _) = mark { roles.insert(role) }
        if mark == .crashed || mark == .halted { hasDown = true }
      }
    }
    var items = NodeRole.allCases.filter(roles.contains).map {
      Item(classes: "lane \($0.rawValue)", text: $0.rawValue)
    }
    if hasDown { items.append(Item(classes: "lane down", text: "down")) }
    if diagram.lanes.contains(where: \.isPeer) {
      items.append(Item(classes: "lane peer", text: "not a real server"))
    }
    return items + ways(for: diagram)
  }

  private static func ways(for diagram: Diagram) -> [Item] {
    let messages = diagram.messages
    var items: [Item] = []
    if messages.contains(where: { $0.family == .election }) {
      items.append(Item(classes: "way election", text: "election"))
    }
    if messages.contains(where: { $0.family == .replication }) {
      items.append(Item(classes: "way replication", text: "replication"))
    }
    let isLost = messages.contains { message in
      if case .lost = message.end { return true }
      return false
    }
    if isLost { items.append(Item(classes: "way lost slow", text: "lost")) }
    if messages.contains(where: { $0.end == .underway && $0.departure != nil }) {
      items.append(Item(classes: "way slow work lane", text: "still under way"))
    }
    return items
  }

  func paint(_ xml: inout XMLWriter, top: Double) {
    for (item, x, y) in items {
      let middle = coordinate(top + y)
      xml.empty(
        "line", ("class", item.classes), ("x1", coordinate(x)), ("y1", middle),
        ("x2", coordinate(x + 28)), ("y2", middle))
      xml.element(
        "text", ("class", "faint"), ("x", coordinate(x + 36)), ("y", coordinate(top + y + 4)),
        text: item.text)
    }
    xml.element(
      "text", ("class", "faint"), ("x", coordinate(SVGGeometry.margin)),
      ("y", coordinate(top + height - 16)), text: Self.notation)
  }
}
