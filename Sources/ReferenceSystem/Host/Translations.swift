import AdapterProtocol
import RaftCore
import RaftStorage
import RaftTypes

// What the protocol says, in the words of the core and of the storage.

extension Shell {
  /// Takes a message in.
  func receive(_ parcel: Parcel) -> Outcome {
    Outcome(perform(.receive(parcel.message), payloads: parcel.payloads))
  }
}

extension Outcome {
  init(_ outcome: StepOutcome) {
    self =
      switch outcome {
      case .done, .accepted: .done
      case .notLeader: .rejected(why: "not-leader")
      case .blocked: .blocked
      }
  }
}

extension ShellSettings {
  /// The settings asked for, and the core's own for the others.
  init(_ asked: NodeSettings) {
    var settings = Settings()
    if let value = asked.electionTicks { settings.electionTicks = value }
    if let value = asked.heartbeatTicks { settings.heartbeatTicks = value }
    if let value = asked.preVote { settings.preVote = value }
    if let value = asked.checkQuorum { settings.checkQuorum = value }
    if let value = asked.maxEntriesPerAppend { settings.maxEntriesPerAppend = value }
    if let value = asked.maxInflightAppends { settings.maxInflightAppends = value }
    self.init(core: settings, maxBytesPerAppend: asked.maxBytesPerAppend ?? .max)
  }
}

extension NodeSpecification {
  /// The log to boot from, with positions.
  var bootEntries: [Entry] {
    zip(1..., log).map { index, entry in
      Entry(index: LogIndex(index), term: entry.term, kind: entry.kind, payload: entry.data)
    }
  }
}

extension HoldSet {
  /// The writes that a hold keeps back; `nil` for the one that keeps back no write.
  init?(_ target: HoldTarget) {
    switch target {
    case .entries: self = .entries
    case .vote: self = .vote
    case .sync: self = .sync
    case .apply: return nil
    }
  }
}

extension UnsyncedFate {
  init(_ writes: UnsyncedWrites) {
    self =
      switch writes {
      case .lost: .lost
      case .kept: .kept
      case .torn: .torn
      }
  }
}
