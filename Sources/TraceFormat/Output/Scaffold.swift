/// A trace to start from.
public enum Scaffold {
  /// Whether a text can be a trace's id: `vote.up-to-date`.
  public static func isID(_ text: String) -> Bool {
    NameRule.id.matches(text) && text.count <= TraceLimits.idLength
  }

  /// A trace file with blanks, which `check` reports one by one and passes once they are filled.
  ///
  /// - Parameter todo: the TODO's id, `3.2`; it decides the folder that the file is made for.
  public static func trace(id: String, todo: String) -> String {
    let known = ["format": "1", "id": id, "todo": "\"\(todo)\"", "level": "must"]
    let lines = TopLevel.fields.filter(\.isRequired).compactMap { field -> String? in
      if case .substituted = field.shape { return nil }
      let blank = "\"<\(field.doc)>\""
      if case .list = field.shape { return "\(field.name): [\(blank)]" }
      return "\(field.name): \(known[field.name] ?? blank)"
    }
    let body = Verbs.verb("receive")?.example ?? ""
    return """
      # yaml-language-server: $schema=\(TraceSchema.pathFromTrace)
      \(lines.joined(separator: "\n"))
      \(body)

      """
  }
}
