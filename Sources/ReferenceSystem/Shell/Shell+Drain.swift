import AdapterProtocol
import RaftCore
import RaftStorage
import RaftTypes

// Steps, and the drain of their effects in the order that `Effects` states.

extension Shell {
  /// Feeds the core with what follows until nothing does, then ends the turn.
  mutating func finishTurn() {
    while status == .running {
      if disk.isFull != isDiskKnownFull {
        isDiskKnownFull = disk.isFull
        step(disk.isFull ? .storageFull : .storageHasRoom)
      } else if !followUps.isEmpty {
        step(followUps.removeFirst())
      } else if let completion = disk.takeCompletion() {
        if case .snapshotPersisted(let position, _) = completion { snapshotIsDurable(position) }
        step(completion)
      } else {
        break
      }
    }
    step(.flush)
    checkStanding()
  }

  /// Takes one step and carries out its effects.
  @discardableResult
  mutating func step(_ input: Input, with bytes: Bytes = Bytes()) -> StepOutcome {
    guard status == .running else { return .done }
    effects.reset()
    node.step(input, into: &effects)
    var written: [Entry] = []
    if effects.areWritten {
      do throws(DiskFailure) {
        written = try persist(bytes)
      } catch {
        switch error {
        case .crash: end(.crashed)
        case .storage: end(.halted)
        }
        return .done
      }
    }
    let hasLed = state.role == .leader
    let ledTerm = state.hardState.term
    state = NodeState(node)
    if !written.isEmpty, let append = effects.append { note(append, written) }
    if hasLed && (state.role != .leader || state.hardState.term != ledTerm) {
      proposals.leadershipEnded()
      changes.leadershipEnded()
    }
    if let index = effects.compact { log.discard(upTo: index) }
    send()
    if let position = effects.restore { restore(position) }
    if !effects.apply.isEmpty { applyThrough = effects.apply.last }
    for read in effects.reads { reads.isReady(read.read, at: read.index) }
    for read in effects.failedReads { reads.failed(read) }
    if !effects.apply.isEmpty || effects.restore != nil || !effects.reads.isEmpty { applyDue() }
    return effects.outcome
  }

  /// Hard state, then entries, then a snapshot or the discarding of entries, then one sync for all.
  ///
  /// - Returns: the entries written.
  private mutating func persist(_ bytes: Bytes) throws(DiskFailure) -> [Entry] {
    if let hardState = effects.hardState { try disk.write(hardState) }
    var entries: [Entry] = []
    if let append = effects.append {
      entries = resolve(append, bytes.payloads)
      try disk.append(entries, ticket: append.ticket)
    }
    var isWritten = effects.hardState != nil || effects.append != nil
    if let chunk = effects.snapshotChunk, let snapshot = take(chunk, bytes.chunk) {
      isWritten = try write(received: snapshot) || isWritten
    }
    if let index = effects.compact {
      try disk.discard(upTo: index)
      isWritten = true
    }
    if isWritten { try disk.sync() }
    return entries
  }

  /// Takes entries into the log that is shown, and notes whose they are.
  private mutating func note(_ append: Append, _ entries: [Entry]) {
    log.replace(with: entries)
    configuration = node.configuration
    guard effects.outcome == .accepted else { return }
    switch append.source {
    case .proposal: entries.forEach { proposals.accepted($0) }
    case .configuration(let members):
      guard let request = changeInHand else { return }
      changes.accepted(
        request.id, first: entries[0].position, target: members.target(of: request.change))
    case .internalEntry, .message: break
    }
  }

  /// Gives the entries of an append their bytes.
  private func resolve(_ append: Append, _ payloads: [Payload]) -> [Entry] {
    (0..<append.range.count).map { offset in
      let index = append.range.first + offset
      guard let term = node.term(at: index) else {
        preconditionFailure("an entry is to be written that is not in the log")
      }
      let payload =
        switch append.source {
        case .internalEntry: Payload(kind: .internalEntry, data: [])
        case .proposal: payloads[offset]
        case .message(let skip): payloads[skip + offset]
        case .configuration(let members):
          Payload(kind: .configuration, data: members.encoded)
        }
      return Entry(index: index, term: term, kind: payload.kind, payload: payload.data)
    }
  }

  /// Lets the step's messages leave, behind those that wait already.
  private mutating func send() {
    gate.release(durable: disk.durableHardState, into: &outbox)
    for message in effects.messages {
      switch message.body {
      case .appendEntries(let request) where !request.entries.isEmpty:
        Parcel.pack(message, request, from: log, maxBytes: maxBytesPerAppend).forEach { post($0) }
      case .installSnapshot(let request):
        post(Parcel(message: message, bytes: Bytes(chunk: part(request))))
      case .appendEntries, .appendEntriesResponse, .requestVote, .requestVoteResponse, .preVote,
        .preVoteResponse, .installSnapshotResponse, .timeoutNow, .readIndex, .readIndexResponse:
        post(Parcel(message: message))
      }
    }
  }

  private mutating func post(_ parcel: Parcel) {
    gate.add(
      parcel, after: disk.lastHardState, durable: disk.durableHardState, into: &outbox)
  }

  /// Tries a full disk again, with all that follows if there is room.
  mutating func tryFullDisk() {
    do throws(DiskFailure) {
      try disk.retry()
    } catch {
      switch error {
      case .crash: end(.crashed)
      case .storage: end(.halted)
      }
    }
    finishTurn()
  }
}

extension Effects {
  /// Whether anything may have to be written.
  fileprivate var areWritten: Bool {
    hardState != nil || append != nil || snapshotChunk != nil || compact != nil
  }
}

extension Configuration {
  /// The configuration that a change ends with, whose first entry is this one.
  fileprivate func target(of change: ConfigureRequest.Change) -> Configuration {
    switch change {
    case .leave, .to(_, _, .explicit): return self
    case .to:
      return isJoint ? Configuration(voters: voters, learners: learners + learnersNext) : self
    }
  }
}
