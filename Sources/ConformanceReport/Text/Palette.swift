/// The styles of terminal text. Whether there are colours is the caller's to decide, from whether
/// a terminal reads it and from `NO_COLOR`.
struct Palette {
  let isColoured: Bool

  enum Style: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case blue = "34"
    case cyan = "36"
    case boldRed = "1;31"
    case boldGreen = "1;32"
  }

  func paint(_ text: String, _ style: Style?) -> String {
    guard isColoured, let style, !text.isEmpty else { return text }
    return "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m"
  }
}
