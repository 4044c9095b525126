import AdapterProcess
import Testing

/// Commands are split as a shell splits them, and nothing in them is expanded.
struct AdapterCommandLineTests {
  @Test(arguments: [
    ("./adapter", ["./adapter"]),
    ("  python3   adapter.py\t--fast ", ["python3", "adapter.py", "--fast"]),
    (#"sh -c 'exec "$0" a  b'"#, ["sh", "-c", #"exec "$0" a  b"#]),
    (#""my program" a\ b "\"\\\n" ''"#, ["my program", "a b", #""\\n"#, ""]),
    ("a'b c'd\"e f\"g", ["ab cde fg"]),
    ("echo $HOME *", ["echo", "$HOME", "*"]),
  ])
  func `words`(text: String, words: [String]) throws {
    let command = try AdapterCommandLine(parsing: text)
    #expect([command.program] + command.arguments == words)
  }

  @Test(arguments: [
    ("", "the adapter's command is empty"),
    ("  ", "the adapter's command is empty"),
    ("''", "the adapter's command is empty"),
    ("a 'b", "the adapter's command has no closing '"),
    ("a \"b", "the adapter's command has no closing \""),
    ("a \\", "the adapter's command ends with a backslash"),
  ])
  func `mistakes`(text: String, message: String) {
    #expect(throws: AdapterCommandLine.Mistake(message: message)) {
      try AdapterCommandLine(parsing: text)
    }
  }
}
