/// Why a partition is not linearizable: few operations that no order fits, and what goes wrong in
/// each order.
public struct Explanation: Hashable, Sendable {
  /// What an operation has to do with it.
  public enum Role: String, Hashable, Sendable {
    /// Without what this operation's client saw, and when it returned, an order would fit.
    case essential
    /// It takes part in the orders, and none would fit even if it took effect at any time after its
    /// invocation, or never.
    case supporting
  }

  /// One of the operations.
  public struct Part: Hashable, Sendable {
    /// Who did it.
    public var client: UInt64
    /// What was done and what came back.
    public var text: String
    /// When it was invoked.
    public var invoked: Int
    /// When it returned, or nil if nobody knows.
    public var returned: Int?
    /// The line of its invocation, or 0.
    public var line: Int
    /// What it has to do with it.
    public var role: Role
  }

  /// The partition's name, empty where there is only one.
  public var partition: String
  /// Operations of the partition that were judged.
  public var operations: Int
  /// The operations that no order fits, by invocation.
  public var parts: [Part]
  /// The orders that were tried, each as far as it goes and why it goes no further.
  public var deadEnds: [String]
  /// How many orders `deadEnds` leaves out, or nil when they were too many to count.
  public var deadEndsLeftOut: Int?
  /// Whether leaving out any one essential operation lets an order fit. It is false when the
  /// shrinking ran out of steps.
  public var isMinimal: Bool

  /// Everything as text of at most 100 columns where the operations' own texts allow it.
  public var text: String {
    var lines = [summary, ""]
    lines += timeline
    if parts.contains(where: { $0.role == .supporting }) {
      lines += [
        "", "  * no order fits even if this took effect at any time after it began, or never",
      ]
    }
    if !deadEnds.isEmpty {
      lines += ["", "Every order of them fails:"]
      lines += deadEnds.map { "  " + $0 }
      switch deadEndsLeftOut {
      case 0?: break
      case let count?: lines.append("  and \(count) more")
      case nil: lines.append("  and more")
      }
    }
    if !isMinimal {
      lines += ["", "The search for fewer operations was cut short: some of these may not matter."]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var summary: String {
    let subject = partition.isEmpty ? "" : "key \(partition): "
    let shown = parts.count == 1 ? "1 operation" : "\(parts.count) operations"
    return "not linearizable: \(subject)no order fits \(shown) of \(operations)"
  }

  /// A line for each operation: where it is, who did it, what, and its interval.
  private var timeline: [String] {
    let rows = parts.map { part in
      [
        part.line > 0 ? "line \(part.line)" : "", "client \(part.client)",
        part.text + (part.role == .supporting ? " *" : ""),
      ]
    }
    let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return zip(rows, bars).map { row, bar in
      var line = " "
      for (text, width) in zip(row, widths) where width > 0 {
        line += " " + text + String(repeating: " ", count: width - text.count) + " "
      }
      return line + " " + bar
    }
  }

  /// The intervals, drawn over the moments at which something begins or ends.
  private var bars: [String] {
    let moments = Set(parts.flatMap { [$0.invoked, $0.returned].compactMap { $0 } }).sorted()
    let columns = Dictionary(uniqueKeysWithValues: zip(moments, 0...))
    let scale = max(2, min(6, 44 / max(1, moments.count)))
    return parts.map { part in
      let start = (columns[part.invoked] ?? 0) * scale
      let space = String(repeating: " ", count: start)
      guard let end = part.returned.flatMap({ columns[$0] }) else {
        let last = max(moments.count * scale, start + 3)
        return space + "|" + String(repeating: "-", count: last - start - 2) + ">"
      }
      return space + "|" + String(repeating: "-", count: max(0, end * scale - start - 1)) + "|"
    }
  }
}
