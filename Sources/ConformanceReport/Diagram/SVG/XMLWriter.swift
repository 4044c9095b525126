/// Writes XML elements, a line each but for blocks. Every text and attribute is escaped here and nowhere else.
struct XMLWriter {
  private(set) var text = ""
  private var open: [String] = []

  typealias Attribute = (name: String, value: String)

  mutating func begin(_ name: String, _ attributes: Attribute...) {
    line(tag(name, attributes, end: ">"))
    open.append(name)
  }

  mutating func end() {
    guard let name = open.popLast() else { return }
    line("</\(name)>")
  }

  mutating func empty(_ name: String, _ attributes: Attribute...) {
    line(tag(name, attributes, end: "/>"))
  }

  mutating func element(_ name: String, _ attributes: Attribute..., text: String) {
    line(tag(name, attributes, end: ">") + Escaping.xml(text) + "</\(name)>")
  }

  /// An element whose text keeps its line feeds.
  mutating func block(_ name: String, _ attributes: Attribute..., text: String) {
    line(tag(name, attributes, end: ">") + Escaping.xmlLines(text) + "</\(name)>")
  }

  /// Text that is the suite's own and stays as it is: a style sheet.
  mutating func style(_ sheet: String) {
    line("<style>")
    text += sheet
    line("</style>")
  }

  private func tag(_ name: String, _ attributes: [Attribute], end: String) -> String {
    "<" + name + attributes.map { " \($0.name)=\"\(Escaping.xml($0.value))\"" }.joined() + end
  }

  private mutating func line(_ line: String) {
    text += String(repeating: "  ", count: open.count) + line + "\n"
  }
}

/// A coordinate as SVG writes it, to a tenth.
func coordinate(_ value: Double) -> String {
  let tenths = Int((value * 10).rounded())
  let sign = tenths < 0 ? "-" : ""
  let (whole, rest) = abs(tenths).quotientAndRemainder(dividingBy: 10)
  return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
}
