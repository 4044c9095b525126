import AdapterProtocol

/// What to mend about an answer that is none, or none that is allowed.
enum Remedy {
  static let noJSON =
    "Standard output is for answers and nothing else, one JSON object a line: logs and debugging "
    + "prints belong on standard error"

  static func of(_ failure: SystemFailure) -> String {
    switch failure {
    case .crashed:
      "Catch what goes wrong and answer it as 'error'; the adapter goes on until 'bye'"
    case .timedOut:
      "Flush standard output after each answer, and never wait for time or for another node: an "
        + "operation ends when its node is quiet with time standing still"
    case .protocolError:
      "One answer for each request, in order, each on a line of its own"
    }
  }

  static func of(_ problem: ProtocolProblem) -> String {
    if problem.isSyntax { return noJSON }
    let field = problem.path.split(separator: ".").last.map(String.init) ?? ""
    let name = String(field.prefix { $0 != "[" })
    switch name {
    case "": return "An answer is {\"id\":..., \"ok\":{...}}, or 'unsupported' or 'error' for 'ok'"
    case "term", "commitIndex", "index", "handle", "truncatedFrom", "matchIndex", "lastLogIndex",
      "lastLogTerm", "prevLogIndex", "prevLogTerm", "leaderCommit":
      return "Terms, indices and handles are JSON numbers from 0 on, and digits in a string only "
        + "above 2^53"
    case "data": return "Data is bytes in base64 with '=' at the end; none is the empty string"
    case "votedFor", "leader", "to", "node":
      return "Servers are named by the strings of the requests: \"n1\"; nobody is null"
    case "capabilities": return "A list of strings, by the names of Spec/Capabilities.yaml"
    case "granted", "success", "disrupt": return "A JSON true or false"
    default: return "Spec/AdapterProtocol.md and its schema tell what the field '\(name)' holds"
    }
  }
}
