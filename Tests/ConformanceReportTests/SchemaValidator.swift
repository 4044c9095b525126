import Foundation

/// Validates documents with python3's jsonschema, which knows nothing of the code that wrote them.
enum SchemaValidator {
  static let schema = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Spec/schemas/results.schema.json")

  private static let program = """
    import json, sys
    try:
      import jsonschema
    except ImportError:
      sys.exit("jsonschema is missing; install it: apt-get install -y python3-jsonschema")
    schema = json.load(open(sys.argv[1]))
    jsonschema.Draft202012Validator.check_schema(schema)
    for error in jsonschema.Draft202012Validator(schema).iter_errors(json.load(sys.stdin)):
      print(error.json_path, error.message)
    """

  /// - Returns: a line per complaint.
  /// - Throws: `Unable` where the validator can't run, with what it says.
  static func complaints(_ document: Data) throws -> String {
    try Python.run(program, arguments: [schema.path(percentEncoded: false)], input: document)
  }
}

/// Runs small programs of python3.
enum Python {
  struct Unable: Error, CustomStringConvertible { var description: String }

  static func run(_ program: String, arguments: [String] = [], input: Data) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program] + arguments
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try input.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    process.standardInput = try FileHandle(forReadingFrom: file)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let said = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let text = String(decoding: said, as: UTF8.self)
    guard process.terminationStatus == 0 else {
      throw Unable(description: text.isEmpty ? "python3 is missing" : text)
    }
    return text
  }
}
