/// The style sheet of a picture. It is written out rule by rule, without variables, so that
/// converters without a browser's engine understand it too.
enum SVGStyle {
  /// The width of a character of the fixed-width face, as a share of its size.
  static let characterWidth = 0.605
  /// The size of labels, pixels.
  static let labelSize = 11.0
  static let stepSize = 12.0

  static var sheet: String {
    base + rules(\.light)
      + "@media (prefers-color-scheme: dark) {\n" + rules(\.dark) + "}\n"
  }

  /// The sheet for a page with pictures in it, whose `data-theme` goes before the system's scheme.
  static var embeddedSheet: String {
    base + rules(\.light)
      + "@media (prefers-color-scheme: dark) { :root:not([data-theme=light]) {\n" + rules(\.dark)
      + "} }\n:root[data-theme=dark] {\n" + rules(\.dark) + "}\n"
  }

  private static let base = """
    .d text { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", \
    "Liberation Mono", monospace; font-size: 11px; }
    .d .title { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; \
    font-size: 16px; font-weight: 600; }
    .d .name { font-size: 13px; font-weight: 700; }
    .d .step { font-size: 12px; font-weight: 600; }
    .d .failure { font-size: 12px; font-weight: 600; }
    .d .label, .d .step { paint-order: stroke; stroke-width: 4px; stroke-linejoin: round; }
    .d .head { font-weight: 600; }
    .d .middle { text-anchor: middle; }
    .d .lane { stroke-width: 2; fill: none; }
    .d .pre-candidate.lane { stroke-width: 3; stroke-dasharray: 2 4; }
    .d .candidate.lane { stroke-width: 3; stroke-dasharray: 7 4; }
    .d .leader.lane { stroke-width: 6; }
    .d .down.lane { stroke-width: 1.5; stroke-dasharray: 1 6; }
    .d .peer.lane { stroke-width: 1.5; stroke-dasharray: 4 4; }
    .d .way { fill: none; stroke-width: 1.6; }
    .d .slow { stroke-dasharray: 6 4; }
    .d .bar { stroke-width: 2.5; }
    .d .mark { stroke-width: 1.2; }

    """

  /// A rule with its colours.
  private struct Colours {
    var selector: String
    var property: String
    var light: String
    var dark: String
  }

  private static func rules(_ scheme: KeyPath<Colours, String>) -> String {
    colours.map { ".d \($0.selector) { \($0.property): \($0[keyPath: scheme]); }\n" }.joined()
  }

  private static let paper = (light: "#ffffff", dark: "#0d1117")

  private static let colours: [Colours] =
    [
      .init(selector: ".paper", property: "fill", light: paper.light, dark: paper.dark),
      .init(selector: "text", property: "fill", light: "#1f2933", dark: "#d7dee6"),
      .init(selector: ".faint", property: "fill", light: "#5f6f7f", dark: "#8b98a5"),
      .init(selector: ".step.faint", property: "fill", light: "#7b8a99", dark: "#7a8795"),
      .init(selector: ".label", property: "stroke", light: paper.light, dark: paper.dark),
      .init(selector: ".step", property: "fill", light: "#33424f", dark: "#b6c2cd"),
      .init(selector: ".band", property: "fill", light: "#f1f4f8", dark: "#171e27"),
      .init(selector: ".band.bad", property: "fill", light: "#f9d9d7", dark: "#481e22"),
      .init(selector: ".step", property: "stroke", light: "#f1f4f8", dark: "#171e27"),
      .init(selector: ".step.bad", property: "stroke", light: "#f9d9d7", dark: "#481e22"),
      .init(selector: ".bar", property: "stroke", light: "#5f6f7f", dark: "#b6c2cd"),
      .init(selector: ".wrong", property: "fill", light: "#fdeeee", dark: "#2c1518"),
      .init(selector: ".wrong-bar", property: "fill", light: "#c92a2a", dark: "#ff7b72"),
      .init(selector: ".step.bad", property: "fill", light: "#b42318", dark: "#ff8f87"),
      .init(selector: ".failure", property: "fill", light: "#b42318", dark: "#ff8f87"),
    ]
    + role(
      "follower", light: ("#7b93ab", "#eef3f8", "#2c4a66"), dark: ("#6f88a0", "#16222e", "#b5cde3"))
    + role(
      "pre-candidate", light: ("#c98a12", "#fff6e0", "#7a4d00"),
      dark: ("#d9a33a", "#2b2210", "#f2cc7d"))
    + role(
      "candidate", light: ("#d97706", "#fff1dc", "#8a4300"), dark: ("#f0a13b", "#2e2010", "#ffcf8f")
    )
    + role(
      "leader", light: ("#2b9348", "#e6f6ea", "#12602a"), dark: ("#3fb950", "#11281a", "#8fe3a3"))
    + role(
      "down", light: ("#b4bec8", "#fdeaea", "#b42318"), dark: ("#4a5561", "#331618", "#ff8f87"))
    + role(
      "peer", light: ("#a3aeb9", "#f3f5f7", "#4d5a66"), dark: ("#5b6773", "#1a2027", "#a9b4bf"))
    + role(
      "work", light: ("#94a3b3", "#ffffff", "#33424f"), dark: ("#566472", "#141a21", "#c3ced8"))
    + way("election", light: "#8646c6", dark: "#c297f5")
    + way("replication", light: "#1769c2", dark: "#6cb0f7")
    + way("lost", light: "#c92a2a", dark: "#ff7b72")

  private static func role(
    _ name: String, light: (line: String, fill: String, text: String),
    dark: (line: String, fill: String, text: String)
  ) -> [Colours] {
    [
      .init(selector: ".\(name).lane", property: "stroke", light: light.line, dark: dark.line),
      .init(selector: ".\(name).mark", property: "stroke", light: light.line, dark: dark.line),
      .init(selector: ".\(name).mark", property: "fill", light: light.fill, dark: dark.fill),
      .init(selector: "text.\(name)", property: "fill", light: light.text, dark: dark.text),
    ]
  }

  private static func way(_ name: String, light: String, dark: String) -> [Colours] {
    [
      .init(selector: ".\(name).way", property: "stroke", light: light, dark: dark),
      .init(selector: ".\(name).tip", property: "fill", light: light, dark: dark),
      .init(selector: "text.\(name)", property: "fill", light: light, dark: dark),
    ]
  }
}
