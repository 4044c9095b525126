import AdapterProtocol
import RaftCore
import RaftStorage
import RaftTypes

// What the protocol says, in the words of the core and of the storage.

extension Shell {
  /// Takes a message in.
  mutating func receive(_ parcel: Parcel) -> Outcome {
    Outcome(perform(.receive(parcel.message), with: parcel.bytes))
  }
}

extension Outcome {
  init(_ outcome: StepOutcome) {
    self =
      switch outcome {
      case .done, .accepted: .done
      case .notLeader: .rejected(why: "not-leader")
      case .blocked: .blocked
      case .refused(let refusal): .rejected(why: refusal.word)
      }
  }
}

extension RaftCore.Refusal {
  fileprivate var word: String {
    switch self {
    case .changePending: "busy"
    case .noCommitInTerm: "no-commit-in-term"
    case .invalidConfiguration: "invalid-configuration"
    case .unchanged: "unchanged"
    case .notSimple: "not-simple"
    case .notJoint: "not-joint"
    case .transferring: "transferring"
    case .notAVoter: "not-a-voter"
    case .notCovered: "not-covered"
    case .tooManyReads: "too-many-reads"
    case .storageFull: "full"
    }
  }
}

extension RaftCore.JointUse {
  init(_ use: AdapterProtocol.JointUse) {
    self =
      switch use {
      case .automatic: .automatic
      case .always: .always
      case .never: .never
      case .explicit: .explicit
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
    if let value = asked.maxBytesPerSnapshotChunk {
      settings.maxBytesPerSnapshotChunk = UInt64(clamping: value)
    }
    if let value = asked.leaseReads { settings.leaseReads = value }
    self.init(core: settings, maxBytesPerAppend: asked.maxBytesPerAppend ?? .max)
  }
}

extension [Payload] {
  /// Entries with positions, from the one after `base` on.
  func entries(after base: LogIndex, terms: [Term]) -> [Entry] {
    zip(self, terms).enumerated().map { offset, pair in
      Entry(index: base + (offset + 1), term: pair.1, kind: pair.0.kind, payload: pair.0.data)
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
    case .snapshot: self = .snapshot
    case .apply: return nil
    }
  }
}
