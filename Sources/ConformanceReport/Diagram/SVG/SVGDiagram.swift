import RaftTypes

extension Diagram {
  /// The diagram as a picture: one SVG document that needs nothing else, in light and dark.
  ///
  /// - Parameters:
  ///   - title: what the picture shows: a trace's id and title.
  ///   - description: what someone who can't see it is told; made from the rows where it is `nil`.
  public func svg(title: String, description: String? = nil) -> String {
    var painter = SVGPainter(self, title: title)
    return painter.paint(
      title: title, description: description ?? self.description, sheet: SVGStyle.sheet)
  }

  /// The picture for a page that has `SVGStyle.embeddedSheet`: it has no style sheet of its own.
  func embeddedSVG(title: String) -> String {
    var painter = SVGPainter(self, title: title)
    return painter.paint(title: title, description: description, sheet: nil)
  }

  /// What the diagram shows, in a sentence for those who can't see it.
  private var description: String {
    let steps = rows.count { row in
      if case .step = row.content { return true }
      return false
    }
    let failure = rows.compactMap { row in
      if case .failure(let text) = row.content { return " It fails: \(text)." }
      return nil
    }.last
    return "\(lanes.map(\.name).joined(separator: ", ")) over \(steps) "
      + "\(steps == 1 ? "step" : "steps") and \(messages.count) "
      + "\(messages.count == 1 ? "message" : "messages"), time running down." + (failure ?? "")
  }
}

/// Paints one diagram, from the back to the front.
private struct SVGPainter {
  private let diagram: Diagram
  private let geometry: SVGGeometry
  private var xml = XMLWriter()

  init(_ diagram: Diagram, title: String) {
    self.diagram = diagram
    geometry = SVGGeometry(diagram, title: Escaping.plain(title))
  }

  /// - Parameter sheet: the picture's own style sheet, where it is to have one.
  mutating func paint(title: String, description: String, sheet: String?) -> String {
    let legend = SVGLegend(diagram, width: geometry.width)
    let width = coordinate(geometry.width)
    let height = coordinate(geometry.laneBottom + 30 + legend.height + SVGGeometry.margin)
    xml.begin(
      "svg", ("xmlns", "http://www.w3.org/2000/svg"), ("class", "d"), ("role", "img"),
      ("width", width), ("height", height), ("viewBox", "0 0 \(width) \(height)"),
      ("aria-label", title))
    xml.element("title", text: title)
    xml.element("desc", text: description)
    if let sheet { xml.style(sheet) }
    xml.empty("rect", ("class", "paper"), ("width", "100%"), ("height", "100%"))
    paintFailingStep()
    paintTitle()
    paintLanes()
    paintBands()
    paintWays()
    paintMarks()
    paintLabels()
    paintHeads()
    legend.paint(&xml, top: geometry.laneBottom + 36)
    xml.end()
    return xml.text
  }

  private mutating func text(
    _ text: String, _ x: Double, _ y: Double, _ classes: String
  ) {
    xml.element(
      "text", ("class", classes), ("x", coordinate(x)), ("y", coordinate(y)), text: text)
  }

  private mutating func line(_ from: Point, _ to: Point, _ classes: String) {
    xml.empty(
      "line", ("class", classes), ("x1", coordinate(from.x)), ("y1", coordinate(from.y)),
      ("x2", coordinate(to.x)), ("y2", coordinate(to.y)))
  }

  // MARK: Ground

  private mutating func paintTitle() {
    for (offset, line) in geometry.titleLines.enumerated() {
      text(line, SVGGeometry.margin, SVGGeometry.margin + 12 + Double(offset) * 22, "title")
    }
  }

  /// The step in which the run failed stands on red ground.
  private mutating func paintFailingStep() {
    for (place, row) in diagram.rows.enumerated() {
      guard case .step(_, _, isFailing: true) = row.content else { continue }
      let top = geometry.rowY[place] - 16
      let height = coordinate(geometry.laneBottom - top)
      xml.empty(
        "rect", ("class", "wrong"), ("x", "0"), ("y", coordinate(top)), ("width", "100%"),
        ("height", height))
      xml.empty(
        "rect", ("class", "wrong-bar"), ("x", "0"), ("y", coordinate(top)), ("width", "5"),
        ("height", height))
    }
  }

  /// What concerns no server in particular stands on a band across the lines.
  private mutating func paintBands() {
    for (place, row) in diagram.rows.enumerated() {
      let y = geometry.rowY[place]
      switch row.content {
      case .step(_, _, let isFailing):
        let lines = Double(geometry.wrapped[place]?.count ?? 1)
        paintBand(
          isFailing ? "band bad" : "band", left: isFailing ? 5 : 0, top: y - 16,
          height: lines * SVGGeometry.lineHeight + 8)
      case .omitted, .links:
        paintBand("band", left: 0, top: y - 10, height: 20)
      case .marks, .departures, .arrival, .loss, .hold, .copy, .failure:
        break
      }
    }
  }

  private mutating func paintBand(_ kind: String, left: Double, top: Double, height: Double) {
    xml.empty(
      "rect", ("class", kind), ("x", coordinate(left)), ("y", coordinate(top)), ("width", "100%"),
      ("height", coordinate(height)))
  }

  // MARK: Lines

  private mutating func paintLanes() {
    var states = LaneStates(diagram.lanes)
    var starts = [Double](repeating: geometry.laneTop, count: diagram.lanes.count)
    for (place, row) in diagram.rows.enumerated() {
      guard case .marks(let lane, let marks) = row.content else { continue }
      let before = states
      states.take(marks, at: lane)
      let y = geometry.rowY[place]
      paintLane(lane, before, from: starts[lane], to: y)
      starts[lane] = y
    }
    for lane in diagram.lanes.indices {
      paintLane(lane, states, from: starts[lane], to: geometry.laneBottom)
    }
  }

  private mutating func paintLane(_ lane: Int, _ states: LaneStates, from: Double, to: Double) {
    let x = geometry.x(lane)
    let name =
      diagram.lanes[lane].isPeer
      ? "peer" : states.alive[lane] ? states.roles[lane].rawValue : "down"
    line(Point(x: x, y: from), Point(x: x, y: to), "lane \(name)")
  }

  /// The servers' names, above their lines and again below them.
  private mutating func paintHeads() {
    for (place, lane) in diagram.lanes.enumerated() {
      let kind = lane.isPeer ? "peer" : lane.startsAlive ? lane.startRole.rawValue : "down"
      paintName(lane, place, top: geometry.headTop, kind)
      for (offset, part) in geometry.startLines[place].enumerated() {
        let y = geometry.headTop + SVGGeometry.headHeight + 12 + Double(offset) * 15
        text(part, geometry.x(place), y, "label faint middle")
      }
      paintName(lane, place, top: geometry.laneBottom, lane.isPeer ? "peer" : "work")
    }
  }

  private mutating func paintName(
    _ lane: Diagram.Lane, _ place: Int, top: Double, _ kind: String
  ) {
    let name = Columns.cut(lane.name, max(4, Int(geometry.gap / 8) - 4))
    let width = max(48, Double(Columns.width(name)) * 8 + 22)
    paintPill(
      Box(center: Point(x: geometry.x(place), y: top + 11), width: width, height: 22), kind)
    text(name, geometry.x(place), top + 15.5, "name middle \(kind)")
  }

  private mutating func paintPill(_ box: Box, _ kind: String) {
    xml.empty(
      "rect", ("class", "mark \(kind)"), ("x", coordinate(box.minX)), ("y", coordinate(box.minY)),
      ("width", coordinate(box.width)), ("height", coordinate(box.height)),
      ("rx", "6"))
  }

  // MARK: Messages

  private mutating func paintWays() {
    for (place, message) in diagram.messages.enumerated() where isShown(message) {
      let way = geometry.way(of: place)
      let family = message.family.rawValue
      switch message.end {
      case .arrived:
        paintWay(way, family + (message.holds.isEmpty ? "" : " slow"))
        paintArrowhead(way, family)
      case .lost:
        paintWay(way, "lost slow")
        paintCross(way.to)
      case .underway:
        paintWay(way, "\(family) slow")
        paintDot(way.to, "way \(family)")
      }
      for row in message.holds { paintHold(way.point(at: geometry.rowY[row])) }
      if message.departure != nil {
        paintDot(way.from, "tip \(message.end.isLoss ? "lost" : family)")
      }
    }
  }

  private mutating func paintWay(_ way: Way, _ classes: String) {
    xml.empty("path", ("class", "way \(classes)"), ("d", way.path))
  }

  private mutating func paintDot(_ point: Point, _ classes: String) {
    xml.empty(
      "circle", ("class", classes), ("cx", coordinate(point.x)), ("cy", coordinate(point.y)),
      ("r", "3.5"))
  }

  /// Whether any row shows the message: what ended before the first row is not drawn.
  private func isShown(_ message: Diagram.Message) -> Bool {
    guard message.from != message.to else { return false }
    switch message.end {
    case .arrived, .lost: return true
    case .underway: return message.departure != nil
    }
  }

  /// The ways end level, so the head points left or right.
  private mutating func paintArrowhead(_ way: Way, _ kind: String) {
    let base = way.to.x > way.from.x ? way.to.x - 10 : way.to.x + 10
    let corners = [
      way.to, Point(x: base, y: way.to.y - 4.5), Point(x: base, y: way.to.y + 4.5),
    ]
    xml.empty(
      "polygon", ("class", "tip \(kind)"),
      ("points", corners.map { "\(coordinate($0.x)),\(coordinate($0.y))" }.joined(separator: " ")))
  }

  private mutating func paintCross(_ point: Point) {
    for slope in [-5.0, 5.0] {
      line(
        Point(x: point.x - 5, y: point.y - slope), Point(x: point.x + 5, y: point.y + slope),
        "way lost")
    }
  }

  /// Two bars where a message was held back.
  private mutating func paintHold(_ point: Point) {
    paintPill(Box(center: point, width: 16, height: 16), "work")
    for offset in [-2.5, 2.5] {
      line(
        Point(x: point.x + offset, y: point.y - 4), Point(x: point.x + offset, y: point.y + 4),
        "bar")
    }
  }

  // MARK: Words

  private mutating func paintMarks() {
    for (place, row) in diagram.rows.enumerated() {
      let y = geometry.rowY[place]
      switch row.content {
      case .marks(let lane, let marks):
        let kind = Mark.kind(of: marks)
        paintPill(pill(lane, marks, y), kind)
        text(SVGGeometry.pillText(marks), geometry.x(lane), y + 4, "middle \(kind)")
      case .step(let number, _, let isFailing):
        let title = isFailing ? "✗ \(number)" : "\(number)"
        text(title, SVGGeometry.margin - 8, y, "step\(isFailing ? " bad" : " faint")")
        paintWrapped(place, x: SVGGeometry.margin + 26, "step\(isFailing ? " bad" : "")")
      case .failure:
        paintWrapped(place, x: SVGGeometry.margin - 8, "label failure")
      case .omitted(let text):
        self.text("… \(text)", SVGGeometry.margin - 8, y + 4, "step faint")
      case .links(let text):
        self.text("links: \(text)", SVGGeometry.margin - 8, y + 4, "step faint")
      case .departures, .arrival, .loss, .hold, .copy:
        break
      }
    }
  }

  private mutating func paintWrapped(_ row: Int, x: Double, _ classes: String) {
    for (offset, part) in (geometry.wrapped[row] ?? []).enumerated() {
      let y = geometry.rowY[row] + Double(offset) * SVGGeometry.lineHeight
      text(part, x, y, classes)
    }
  }

  private func pill(_ lane: Int, _ marks: [Mark], _ y: Double) -> Box {
    Box(
      center: Point(x: geometry.x(lane), y: y), width: SVGGeometry.pillWidth(marks), height: 22)
  }

  private mutating func paintLabels() {
    for (place, message) in diagram.messages.enumerated() where isShown(message) {
      if isLabelledByAnother(place) { continue }
      let center = geometry.labelCenter(of: message, on: geometry.way(of: place))
      let kind = message.end.isLoss ? "lost" : message.family.rawValue
      text(message.label.head, center.x, center.y - 5, "label middle head \(kind)")
      if !message.label.detail.isEmpty {
        text(message.label.detail, center.x, center.y + 14, "label middle \(kind)")
      }
    }
  }

  /// Whether the message runs along the way of one with the same label, in the same row.
  private func isLabelledByAnother(_ place: Int) -> Bool {
    let message = diagram.messages[place]
    guard let row = message.departure, case .arrived(row) = message.end,
      case .departures(_, let hops) = diagram.rows[row].content
    else { return false }
    let goesRight = message.to > message.from
    return hops.contains { hop in
      hop.fate == .arrives && (hop.lane > message.from) == goesRight
        && abs(hop.lane - message.from) < abs(message.to - message.from)
    }
  }
}

extension Diagram.Message.End {
  fileprivate var isLoss: Bool {
    if case .lost = self { return true }
    return false
  }
}

extension Mark {
  /// The look of a row of marks: that of the weightiest.
  fileprivate static func kind(of marks: [Mark]) -> String {
    marks.map(\.look).max { $0.weight < $1.weight }?.kind ?? "work"
  }

  private var look: (weight: Int, kind: String) {
    switch self {
    case .crashed, .halted: (4, "down")
    case .became(let role, _): (3, role.rawValue)
    case .restarted: (2, NodeRole.follower.rawValue)
    case .committed, .applied: (1, NodeRole.leader.rawValue)
    case .timeout, .ticked, .proposed, .storage, .noted: (0, "work")
    }
  }
}
