import Conformance

/// A badge that says how far up the ladder a run stands, and with what counts: never a percentage,
/// which would hide what did not apply.
public struct Badge: Sendable {
  /// What it is about.
  public var results: RunResults

  /// A badge of one run.
  public init(_ results: RunResults) {
    self.results = results
  }

  private static let height = 20.0
  private static let padding = 7.0

  /// What it says: `height 7.3 · 612 passed · 0 failed · 12 not applicable`.
  public var text: String {
    (["height \(results.height.text)"] + results.countWords).joined(separator: " · ")
  }

  /// The picture: one SVG document that needs nothing else.
  public func svg() -> String {
    let label = "raft-ladder"
    let left = SVGGeometry.width(of: label) + 2 * Self.padding
    let right = SVGGeometry.width(of: text) + 2 * Self.padding
    let title = "\(results.title) on raft-ladder: \(text)"
    var xml = XMLWriter()
    xml.begin(
      "svg", ("xmlns", "http://www.w3.org/2000/svg"), ("width", coordinate(left + right)),
      ("height", coordinate(Self.height)), ("role", "img"), ("aria-label", title))
    xml.element("title", text: title)
    xml.empty(
      "rect", ("rx", "3"), ("width", coordinate(left + right)),
      ("height", coordinate(Self.height)), ("fill", colour))
    // The label's ground: round on the left, straight where the other begins.
    xml.empty(
      "path", ("fill", "#30363d"),
      ("d", "M3 0 H\(coordinate(left)) V20 H3 A3 3 0 0 1 0 17 V3 A3 3 0 0 1 3 0 Z"))
    write(label, x: Self.padding, &xml)
    write(text, x: left + Self.padding, &xml)
    xml.end()
    return xml.text
  }

  private func write(_ text: String, x: Double, _ xml: inout XMLWriter) {
    xml.element(
      "text", ("x", coordinate(x)), ("y", "14"), ("fill", "#ffffff"),
      ("font-family", "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"),
      ("font-size", "11"), ("textLength", coordinate(SVGGeometry.width(of: text))), text: text)
  }

  /// White text stands on each with a contrast of at least 4.5 to 1.
  private var colour: String {
    switch results.conclusion {
    case .conforms: "#1a7f37"
    case .doesNotConform: "#c93c37"
    case .judgedInPart, .nothingShown: "#6e5a00"
    }
  }
}
