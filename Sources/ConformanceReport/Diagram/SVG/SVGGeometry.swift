/// A point of a picture, pixels from its top left corner.
struct Point {
  var x: Double
  var y: Double
}

/// The way of a message: it falls from where it leaves, bends, and goes on level in the row it ends
/// in. So no two ways lie on each other, and every label is level.
struct Way {
  var from: Point
  var to: Point
  /// Where it is level from.
  var bend: Point

  init(from: Point, to: Point, gap: Double) {
    self.from = from
    self.to = to
    let distance = to.x - from.x
    let reach = min(gap * 0.36, distance.magnitude * 0.6)
    bend = from.y == to.y ? from : Point(x: from.x + (distance < 0 ? -reach : reach), y: to.y)
  }

  /// The control points of the fall.
  private var controls: (Point, Point) {
    let reach = bend.x - from.x
    let fall = bend.y - from.y
    return (
      Point(x: from.x + reach * 0.5, y: from.y + fall * 0.3),
      Point(x: from.x + reach * 0.3, y: bend.y)
    )
  }

  /// The way in the words of SVG.
  var path: String {
    func words(_ point: Point) -> String { "\(coordinate(point.x)) \(coordinate(point.y))" }
    guard bend.y != from.y else { return "M\(words(from)) L\(words(to))" }
    let (first, second) = controls
    return "M\(words(from)) C\(words(first)) \(words(second)) \(words(bend)) L\(words(to))"
  }

  /// The point of the fall at this height.
  func point(at y: Double) -> Point {
    guard bend.y > from.y else { return from }
    if y >= bend.y { return bend }
    var low = 0.0
    var high = 1.0
    for _ in 0..<30 {
      let middle = (low + high) / 2
      if fall(middle).y < y { low = middle } else { high = middle }
    }
    return fall(low)
  }

  private func fall(_ share: Double) -> Point {
    let (first, second) = controls
    let rest = 1 - share
    func mix(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Double {
      rest * rest * rest * a + 3 * rest * rest * share * b + 3 * rest * share * share * c
        + share * share * share * d
    }
    return Point(
      x: mix(from.x, first.x, second.x, bend.x), y: mix(from.y, first.y, second.y, bend.y))
  }
}

/// A rectangle with upright sides.
struct Box {
  var minX: Double
  var minY: Double
  var width: Double
  var height: Double

  init(center: Point, width: Double, height: Double) {
    minX = center.x - width / 2
    minY = center.y - height / 2
    self.width = width
    self.height = height
  }
}

/// Where everything of a diagram is in its picture.
struct SVGGeometry {
  let diagram: Diagram
  /// The distance of two lines.
  let gap: Double
  let width: Double
  /// Where the servers' heads begin, and where their lines do.
  let headTop: Double
  let laneTop: Double
  /// The middle of each row; for a step the top of its text.
  private(set) var rowY: [Double] = []
  private(set) var laneBottom = 0.0
  /// The height at which a message that is still under way ends, by its place.
  private(set) var underwayY: [Int: Double] = [:]
  /// The lines of text of steps and failures, by row.
  private(set) var wrapped: [Int: [String]] = [:]
  let titleLines: [String]
  /// The texts under the servers' names.
  let startLines: [[String]]

  private let firstLane: Double
  static let margin = 20.0
  static let headHeight = 26.0
  static let lineHeight = 15.0
  static let messageHeight = 40.0

  init(_ diagram: Diagram, title: String) {
    self.diagram = diagram
    let labels = diagram.messages.flatMap { [$0.label.head, $0.label.detail] }
    let longest = labels.map { Self.width(of: $0) }.max() ?? 0
    gap = min(340, max(190, longest + 64))
    let side = Self.sideMargin(diagram)
    let lanesWidth = gap * Double(max(0, diagram.lanes.count - 1))
    width = max(620, lanesWidth + 2 * side)
    firstLane = (width - lanesWidth) / 2
    titleLines = title.isEmpty ? [] : Columns.wrap(title, Int((width - 40) / 9))
    startLines = diagram.lanes.map { [gap] lane in
      let room = Int(min(gap, 240) / Self.width(of: "0")) - 2
      return Self.lines(of: lane.start, room)
    }
    headTop = Self.margin + Double(titleLines.count) * 24
    let starts = startLines.map(\.count).max() ?? 0
    laneTop = headTop + Self.headHeight + Double(starts) * Self.lineHeight + 4
    placeRows()
  }

  /// The width of a label's text, pixels.
  static func width(of text: String) -> Double {
    Double(Columns.width(text)) * SVGStyle.labelSize * SVGStyle.characterWidth
  }

  /// Room beside the outer lines for what is centred on them.
  private static func sideMargin(_ diagram: Diagram) -> Double {
    let marks = diagram.rows.map { row in
      if case .marks(_, let marks) = row.content { return pillWidth(marks) }
      return 0
    }
    return max(90, (marks.max() ?? 0) / 2 + margin)
  }

  static func pillWidth(_ marks: [Mark]) -> Double { width(of: pillText(marks)) + 20 }

  static func pillText(_ marks: [Mark]) -> String {
    marks.map(\.text).joined(separator: " · ")
  }

  /// A state in lines, broken after its commas.
  private static func lines(of state: String, _ columns: Int) -> [String] {
    var lines: [String] = []
    for part in state.split(separator: ", ") {
      if let last = lines.last, Columns.width(last) + 2 + Columns.width(part) <= columns {
        lines[lines.count - 1] = last + ", " + part
      } else {
        lines += Columns.wrap(String(part), columns)
      }
    }
    return lines
  }

  func x(_ lane: Int) -> Double { firstLane + gap * Double(lane) }

  // MARK: Rows

  private mutating func placeRows() {
    var y = laneTop
    let columns = Int(
      (width - 2 * Self.margin - 40) / (SVGStyle.stepSize * SVGStyle.characterWidth))
    for (place, row) in diagram.rows.enumerated() {
      switch row.content {
      case .step(_, let text, _):
        let lines = Columns.wrap(text, columns)
        wrapped[place] = lines
        y += place == 0 ? 26 : 42
        rowY.append(y)
        y += Double(lines.count - 1) * Self.lineHeight + 2
      case .failure(let text):
        let lines = Columns.wrap(text, columns)
        wrapped[place] = lines
        y += 34
        rowY.append(y)
        y += Double(lines.count - 1) * Self.lineHeight + 12
      case .marks:
        y += 34
        rowY.append(y)
      case .departures(let lane, let hops):
        if hops.contains(where: { $0.fate != .leaves }) {
          y += Self.messageHeight
        } else if !happensAt(lane, row: place - 1, step: row.step) {
          y += 28
        }
        rowY.append(y)
        for hop in hops where diagram.messages[hop.message].end == .underway {
          y += Self.messageHeight
          underwayY[hop.message] = y
        }
      case .arrival, .loss:
        y += Self.messageHeight
        rowY.append(y)
      case .hold, .copy, .links, .omitted:
        y += 28
        rowY.append(y)
      }
    }
    laneBottom = y + 34
  }

  /// Whether a row shows something at this server from which a message can leave.
  private func happensAt(_ lane: Int, row: Int, step: Int) -> Bool {
    guard diagram.rows.indices.contains(row), diagram.rows[row].step == step else { return false }
    switch diagram.rows[row].content {
    case .marks(lane, _), .departures(lane, _): return true
    case .arrival(let message): return diagram.messages[message].to == lane
    case .departures(_, let hops): return hops.contains { $0.lane == lane && $0.fate == .arrives }
    case .step, .omitted, .marks, .loss, .hold, .copy, .links, .failure: return false
    }
  }

  // MARK: Ways

  /// The way of the message at a place of the diagram's list.
  func way(of place: Int) -> Way {
    let message = diagram.messages[place]
    let side: Double = message.to > message.from ? -1 : 1
    let start = departure(of: message)
    let end =
      switch message.end {
      case .arrived(let row): Point(x: x(message.to) + side * 4, y: rowY[row])
      case .lost(let row): Point(x: x(message.to) + side * gap * 0.12, y: rowY[row])
      case .underway:
        Point(x: x(message.to) + side * gap * 0.12, y: underwayY[place] ?? laneBottom - 12)
      }
    return Way(from: start, to: end, gap: gap)
  }

  /// A message leaves its sender's line; a copy leaves the way of its original.
  private func departure(of message: Diagram.Message) -> Point {
    let sender = x(message.from)
    guard let row = message.departure else { return Point(x: sender, y: laneTop) }
    guard let number = message.original,
      let original = diagram.messages.firstIndex(where: { $0.number == number })
    else { return Point(x: sender, y: rowY[row]) }
    return way(of: original).point(at: rowY[row])
  }

  /// Where the middle of a message's label is: above and below its way, before its receiver.
  func labelCenter(of message: Diagram.Message, on way: Way) -> Point {
    let side: Double = message.to > message.from ? -1 : 1
    return Point(x: x(message.to) + side * gap * 0.5, y: way.to.y)
  }
}
