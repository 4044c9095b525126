import AdapterProtocol
import RaftStorage
import RaftTypes

/// Why a request can't be carried out at all. What Raft itself refuses is an outcome instead.
enum Refusal: Error {
  /// The request makes no sense: a node that does not exist, a field that is missing.
  case malformed(String)
  /// The request needs a feature that this system lacks.
  case unsupported(capability: String, reason: String)
  /// The machine that this runs on failed: its files can't be written or read.
  case failed(StorageError)

  var answer: Answer {
    switch self {
    case .malformed(let message): .error(message: message, detail: "")
    case .unsupported(let capability, let reason):
      .unsupported(capability: capability, reason: reason)
    case .failed(let problem): .error(message: problem.description, detail: "")
    }
  }

  /// A request names a node that the trace has not created.
  static func unknownNode(_ name: NodeName) -> Refusal {
    .malformed("there is no node '\(name)' in this trace; create it first")
  }
}
