/// The command that starts an adapter: a program and its arguments.
public struct AdapterCommandLine: Hashable, Sendable {
  /// The program: a path where it has a slash, else a name that is looked up in `PATH`.
  public var program: String
  /// What comes after the program, as it is.
  public var arguments: [String]

  /// Makes a command; that there is such a program is seen when it is started.
  public init(program: String, arguments: [String] = []) {
    self.program = program
    self.arguments = arguments
  }

  /// Splits a text into words, as a shell does: blanks separate, single quotes keep everything,
  /// double quotes keep all but a backslash before `"`, `\` and `$`. Nothing is expanded.
  ///
  /// - Throws: what is wrong, in a sentence.
  public init(parsing text: String) throws(Mistake) {
    let words = try Self.words(of: text)
    guard let program = words.first, !program.isEmpty else {
      throw Mistake(message: "the adapter's command is empty")
    }
    self.init(program: program, arguments: Array(words.dropFirst()))
  }

  /// Why a text is no command.
  public struct Mistake: Error, Hashable, Sendable {
    /// What is wrong, in a sentence without its end.
    public var message: String

    /// Makes a mistake of these words.
    public init(message: String) { self.message = message }
  }

  private static func words(of text: String) throws(Mistake) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var characters = text.makeIterator()
    while let character = characters.next() {
      switch (quote, character) {
      case ("'", "'"), ("\"", "\""):
        quote = nil
      case (nil, "'"), (nil, "\""):
        quote = character
        word = word ?? ""
      case (nil, "\\"):
        guard let next = characters.next() else {
          throw Mistake(message: "the adapter's command ends with a backslash")
        }
        word = (word ?? "") + String(next)
      case ("\"", "\\"):
        guard let next = characters.next() else { break }
        word = (word ?? "") + ("\"\\$".contains(next) ? "" : "\\") + String(next)
      case (nil, _) where character.isWhitespace:
        if let ended = word { words.append(ended) }
        word = nil
      default:
        word = (word ?? "") + String(character)
      }
    }
    if let quote { throw Mistake(message: "the adapter's command has no closing \(quote)") }
    if let word { words.append(word) }
    return words
  }
}
