import AdapterProtocol
import RaftTypes

// Entries as the protocol writes them.

extension WireEntry {
  init(_ entry: Entry) {
    self.init(term: entry.term, kind: entry.kind, data: entry.payload)
  }
}

extension AppliedEntry {
  init(_ entry: Entry) {
    self.init(position: entry.position, kind: entry.kind, data: entry.payload)
  }
}

extension Payload {
  init(_ entry: WireEntry) {
    self.init(kind: entry.kind, data: entry.data)
  }
}

extension [WireEntry] {
  /// Refuses what needs a feature that is not there: configurations in the log.
  func checkKinds() throws(Refusal) {
    for entry in self {
      switch entry.kind {
      case .command, .internalEntry: break
      case .configuration:
        throw .unsupported(
          capability: "config.simple", reason: "the members of a cluster can't change")
      }
    }
  }
}
