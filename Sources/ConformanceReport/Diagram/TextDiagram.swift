import RaftTypes

extension Diagram {
  /// How a diagram is written for a terminal.
  public struct TextStyle: Sendable, Hashable {
    /// The columns it may take; at least `narrowest`.
    public var width: Int
    /// Whether roles, losses and failures have ANSI colours.
    public var isColoured: Bool
    /// Whether a line at the end says what the signs mean.
    public var hasLegend: Bool

    /// Fewer columns than this are not kept to.
    public static let narrowest = 32

    /// A style; plain unless said otherwise.
    public init(width: Int = 100, isColoured: Bool = false, hasLegend: Bool = false) {
      self.width = width
      self.isColoured = isColoured
      self.hasLegend = hasLegend
    }
  }

  /// The diagram as lines of text: the servers' lines on the left, on the right what happens.
  ///
  /// - Returns: lines that each end with a line feed, none with spaces before it.
  public func text(_ style: TextStyle = TextStyle()) -> String {
    var writer = TextDiagramWriter(self, style)
    return writer.write()
  }
}

/// Writes one diagram as text.
private struct TextDiagramWriter {
  private let diagram: Diagram
  private let style: Diagram.TextStyle
  private let palette: Palette
  private let width: Int
  private let laneWidth: Int
  private let textWidth: Int
  private var states: LaneStates
  private var lines: [String] = []

  init(_ diagram: Diagram, _ style: Diagram.TextStyle) {
    self.diagram = diagram
    self.style = style
    palette = Palette(isColoured: style.isColoured)
    width = max(style.width, Diagram.TextStyle.narrowest)
    let count = max(1, diagram.lanes.count)
    laneWidth = min(12, max(3, width * 45 / 100 / count))
    textWidth = max(8, width - laneWidth * count - 1)
    states = LaneStates(diagram.lanes)
  }

  mutating func write() -> String {
    writeHead()
    for row in diagram.rows { write(row) }
    if style.hasLegend { writeLegend() }
    return lines.map { $0 + "\n" }.joined()
  }

  // MARK: Lines

  private func column(of lane: Int) -> Int { lane * laneWidth + laneWidth / 2 }

  private mutating func writeHead() {
    var line = ""
    var used = 0
    for (place, lane) in diagram.lanes.enumerated() {
      let name = Columns.cut(lane.name, laneWidth - 1)
      let start = max(used, column(of: place) - (Columns.width(name) - 1) / 2)
      line += String(repeating: " ", count: start - used)
      line += palette.paint(name, lane.isPeer ? .dim : .bold)
      used = start + Columns.width(name)
    }
    lines.append(line)
    for (place, lane) in diagram.lanes.enumerated() where !lane.start.isEmpty {
      var cells = Cells(diagram, states, laneWidth)
      cells.set(column(of: place), "◇", style: nil)
      writeRow(cells, "\(lane.name) \(lane.start)", .dim)
    }
  }

  /// A row of cells with its text; what does not fit goes on in rows of bare lines.
  private mutating func writeRow(_ cells: Cells, _ text: String, _ textStyle: Palette.Style? = nil)
  {
    for (offset, part) in Columns.wrap(text, offsetWidth(text)).enumerated() {
      let picture = offset == 0 ? cells : Cells(diagram, states, laneWidth)
      let indent = offset == 0 ? " " : "   "
      lines.append(trimmed(picture.text(palette) + indent + palette.paint(part, textStyle)))
    }
  }

  /// The columns for a text: two fewer where it has to go on in further, indented rows.
  private func offsetWidth(_ text: String) -> Int {
    Columns.width(text) <= textWidth ? textWidth : textWidth - 2
  }

  private func trimmed(_ line: String) -> String {
    var line = Substring(line)
    while line.last == " " { line.removeLast() }
    return String(line)
  }

  private mutating func writeRule(_ title: String, _ text: String, _ ruleStyle: Palette.Style?) {
    let head = "── \(title) ── "
    let room = max(8, width - Columns.width(head))
    for (offset, part) in Columns.wrap(text, room).enumerated() {
      let indent = String(repeating: " ", count: Columns.width(head))
      var line = (offset == 0 ? head : indent) + part
      let rest = width - Columns.width(line) - 1
      if offset == 0, rest > 1 { line += " " + String(repeating: "─", count: rest) }
      lines.append(palette.paint(line, ruleStyle))
    }
  }

  private static let legend = [
    "● sends", "─► arrives", "╌▻ leaves, and arrives later", "✗ lost, or down", "◆ role changes",
    "✓ commits", "┃ leader", "┆ candidate", "┊ not a real server", "t term",
    "3@2 index 3 of term 2", "c the leader's commit", "m match",
  ]

  private mutating func writeLegend() {
    lines.append("")
    var line = ""
    for item in Self.legend {
      if line.isEmpty {
        line = item
      } else if Columns.width(line) + 3 + Columns.width(item) <= width {
        line += "   " + item
      } else {
        lines.append(palette.paint(line, .dim))
        line = item
      }
    }
    lines.append(palette.paint(line, .dim))
  }

  // MARK: Rows

  private mutating func write(_ row: Diagram.Row) {
    var cells = Cells(diagram, states, laneWidth)
    switch row.content {
    case .step(let number, let text, let isFailing):
      writeRule(isFailing ? "✗ \(number)" : "\(number)", text, isFailing ? .boldRed : .bold)
    case .omitted(let text):
      writeRow(cells, "… \(text)", .dim)
    case .marks(let lane, let marks):
      states.take(marks, at: lane)
      let glyph = Mark.glyph(of: marks)
      cells.set(column(of: lane), glyph.character, style: glyph.style)
      let texts = marks.map(\.text).joined(separator: ", ")
      writeRow(cells, "\(diagram.lanes[lane].name) \(texts)", glyph.style)
    case .departures(_, let hops):
      writeDepartures(hops, &cells)
    case .arrival(let place):
      let message = diagram.messages[place]
      cells.draw(message, .arrives, startsHere: false)
      writeRow(cells, described(message))
    case .loss(let place):
      let message = diagram.messages[place]
      cells.draw(message, .isLost, startsHere: false)
      writeRow(cells, "lost: \(described(message))", .red)
    case .hold(let place):
      let message = diagram.messages[place]
      writeRow(cells, "held back: \(described(message))", .yellow)
    case .copy(let original, let copy):
      let text = described(diagram.messages[original])
      writeRow(cells, "copied as #\(diagram.messages[copy].number): \(text)", .yellow)
    case .links(let text):
      writeRow(cells, "links: \(text)", .yellow)
    case .failure(let text):
      lines += Columns.wrap("✗ \(text)", width).map { palette.paint($0, .boldRed) }
    }
  }

  private mutating func writeDepartures(_ hops: [Diagram.Hop], _ cells: inout Cells) {
    let far = hops.sorted { a, b in
      let from = diagram.messages[a.message].from
      return abs(a.lane - from) > abs(b.lane - from)
    }
    for hop in far { cells.draw(diagram.messages[hop.message], hop.fate, startsHere: true) }
    guard let first = hops.first else { return }
    var text = diagram.messages[first.message].label.text
    let open = hops.filter { $0.fate == .leaves }.map { diagram.messages[$0.message].number }
    if !open.isEmpty { text += " \(Self.numbers(open))" }
    let lost = hops.filter { $0.fate == .isLost }.map { diagram.lanes[$0.lane].name }
    if lost.count == hops.count {
      text += " lost"
    } else if !lost.isEmpty {
      text += " lost to \(lost.joined(separator: ", "))"
    }
    writeRow(cells, text, lost.isEmpty ? nil : .red)
  }

  private func described(_ message: Diagram.Message) -> String {
    "\(message.label.text) #\(message.number)"
  }

  /// `#3`, `#3-5` where they follow each other, `#3 #5` where they do not.
  private static func numbers(_ numbers: [Int]) -> String {
    guard let first = numbers.first, let last = numbers.last, numbers.count > 1 else {
      return numbers.map { "#\($0)" }.joined()
    }
    if numbers == Array(first...max(first, last)) { return "#\(first)-\(last)" }
    return numbers.map { "#\($0)" }.joined(separator: " ")
  }
}

/// One row of the picture: the servers' lines, and what is drawn across them.
private struct Cells {
  private var characters: [Character]
  private var styles: [Palette.Style?]
  /// The character of each lane's line, by column.
  private var isLane: [Int: Character] = [:]
  private let laneWidth: Int

  init(_ diagram: Diagram, _ states: LaneStates, _ laneWidth: Int) {
    self.laneWidth = laneWidth
    let count = laneWidth * diagram.lanes.count
    characters = [Character](repeating: " ", count: count)
    styles = [Palette.Style?](repeating: nil, count: count)
    for (place, lane) in diagram.lanes.enumerated() {
      let line = Self.line(lane, role: states.roles[place], isAlive: states.alive[place])
      let column = place * laneWidth + laneWidth / 2
      isLane[column] = line.character
      set(column, line.character, style: line.style)
    }
  }

  private static func line(
    _ lane: Diagram.Lane, role: NodeRole, isAlive: Bool
  ) -> (character: Character, style: Palette.Style?) {
    if !isAlive { return (" ", nil) }
    if lane.isPeer { return ("┊", .dim) }
    switch role {
    case .follower: return ("│", .blue)
    case .preCandidate, .candidate: return ("┆", .yellow)
    case .leader: return ("┃", .green)
    }
  }

  mutating func set(_ column: Int, _ character: Character, style: Palette.Style?) {
    guard characters.indices.contains(column) else { return }
    characters[column] = character
    styles[column] = style
  }

  /// Draws a message from line to line.
  mutating func draw(_ message: Diagram.Message, _ fate: Diagram.Hop.Fate, startsHere: Bool) {
    let from = message.from * laneWidth + laneWidth / 2
    let to = message.to * laneWidth + laneWidth / 2
    guard from != to else { return set(from, "●", style: nil) }
    let goesRight = to > from
    let isDashed = fate == .leaves || (fate == .isLost && !startsHere)
    let style: Palette.Style? =
      switch fate {
      case .leaves: .dim
      case .arrives: .cyan
      case .isLost: .red
      }
    for column in (min(from, to) + 1)..<max(from, to) {
      let crossed = isLane[column]
      let isCrossing = crossed != nil && crossed != " "
      set(
        column, isCrossing ? (crossed == "┃" ? "╂" : "┼") : (isDashed ? "╌" : "─"), style: style)
    }
    set(goesRight ? to - 1 : to + 1, Self.head(fate, goesRight: goesRight), style: style)
    if startsHere {
      set(from, "●", style: nil)
    } else if isLane[from] != " " {
      let isLeader = isLane[from] == "┃"
      let join: Character = goesRight ? (isLeader ? "┠" : "├") : (isLeader ? "┨" : "┤")
      set(from, join, style: styles[from])
    }
  }

  private static func head(_ fate: Diagram.Hop.Fate, goesRight: Bool) -> Character {
    switch fate {
    case .leaves: goesRight ? "▻" : "◅"
    case .arrives: goesRight ? "►" : "◄"
    case .isLost: "✗"
    }
  }

  /// The row with its styles, neighbours of one style painted together.
  func text(_ palette: Palette) -> String {
    var result = ""
    var run = ""
    var runStyle: Palette.Style?
    for (character, style) in zip(characters, styles) {
      if style != runStyle {
        result += palette.paint(run, runStyle)
        run = ""
        runStyle = style
      }
      run.append(character)
    }
    return result + palette.paint(run, runStyle)
  }
}

extension Mark {
  /// The sign of a row of marks: that of the weightiest.
  fileprivate static func glyph(of marks: [Mark]) -> (character: Character, style: Palette.Style?) {
    let signs = marks.map(\.sign)
    return signs.max { $0.weight < $1.weight }.map { ($0.character, $0.style) } ?? ("■", nil)
  }

  private var sign: (weight: Int, character: Character, style: Palette.Style?) {
    switch self {
    case .crashed: (9, "✗", .red)
    case .halted: (8, "✗", .red)
    case .restarted: (7, "↻", .yellow)
    case .became(.leader, _): (6, "◆", .green)
    case .became(.candidate, _), .became(.preCandidate, _): (6, "◆", .yellow)
    case .became(.follower, _): (6, "◆", .blue)
    case .committed: (5, "✓", .green)
    case .applied: (4, "✓", .green)
    case .timeout: (3, "○", nil)
    case .proposed: (2, "■", nil)
    case .storage: (1, "■", nil)
    case .noted: (1, "■", nil)
    case .ticked: (0, "○", nil)
    }
  }
}
