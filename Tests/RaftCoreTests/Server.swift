import RaftCore
import RaftTypes

extension Term: ExpressibleByIntegerLiteral {
  /// Lets tests write plain numbers.
  public init(integerLiteral value: UInt64) { self.init(value) }
}

extension LogIndex: ExpressibleByIntegerLiteral {
  /// Lets tests write plain numbers.
  public init(integerLiteral value: UInt64) { self.init(value) }
}

extension ServerID: ExpressibleByIntegerLiteral {
  /// Lets tests write plain numbers.
  public init(integerLiteral value: UInt64) { self.init(value) }
}

extension LogPosition {
  /// `at(3, 2)` is the position that traces write `3@2`.
  static func at(_ index: LogIndex, _ term: Term) -> LogPosition {
    LogPosition(index: index, term: term)
  }
}

extension EntrySpan {
  /// Entries of these terms, in order.
  init(terms: [Term]) {
    self.init(runs: terms.map { TermRun(term: $0, count: 1) })
  }
}

extension Effects {
  /// What a step asks for, nothing but what is named.
  static func only(
    hardState: HardState? = nil, append: Append? = nil, apply: LogRange = .empty,
    messages: [Message] = [], outcome: StepOutcome = .done
  ) -> Effects {
    var effects = Effects()
    effects.hardState = hardState
    effects.append = append
    effects.apply = apply
    effects.messages = messages
    effects.outcome = outcome
    return effects
  }
}

/// The range of entries from one position to another, both included.
func entries(_ first: LogIndex, _ last: LogIndex) -> LogRange {
  LogRange(first: first, count: last - first + 1)
}

/// A node under test and the few things every test does with it.
final class Server {
  var node: Node

  /// Boots server `id` of three voters, unless a configuration says otherwise.
  init(
    _ id: ServerID = 1, term: Term = 0, votedFor: ServerID? = nil, log: [Term] = [],
    snapshot: LogPosition = .zero, configuration: Configuration = Configuration(voters: [1, 2, 3]),
    settings: Settings = Settings(), seed: UInt64 = 1
  ) {
    node = Node(
      BootState(
        id: id, hardState: HardState(term: term, votedFor: votedFor), snapshot: snapshot,
        log: EntrySpan(terms: log), configuration: configuration, seed: seed),
      settings: settings)
  }

  func step(_ input: Input) -> Effects {
    var effects = Effects()
    node.step(input, into: &effects)
    return effects
  }

  func receive(_ body: MessageBody, from sender: ServerID, term: Term) -> Effects {
    step(.receive(Message(from: sender, to: node.id, term: term, body: body)))
  }

  /// A message of this server in its current term.
  func message(to receiver: ServerID, _ body: MessageBody, term: Term? = nil) -> Message {
    Message(from: node.id, to: receiver, term: term ?? node.currentTerm, body: body)
  }

  func receiveAppend(
    _ terms: [Term] = [], after previous: LogPosition, commit: LogIndex = 0,
    from leader: ServerID = 2, term: Term
  ) -> Effects {
    let request = AppendEntries(
      prevLogIndex: previous.index, prevLogTerm: previous.term, entries: EntrySpan(terms: terms),
      leaderCommit: commit)
    return receive(.appendEntries(request), from: leader, term: term)
  }

  func receiveVoteRequest(
    _ last: LogPosition, disrupt: Bool = false, from candidate: ServerID = 2, term: Term
  ) -> Effects {
    let request = RequestVote(
      lastLogIndex: last.index, lastLogTerm: last.term, disrupt: disrupt)
    return receive(.requestVote(request), from: candidate, term: term)
  }

  func receivePreVoteRequest(
    _ last: LogPosition, from candidate: ServerID = 2, term: Term
  ) -> Effects {
    let request = RequestVote(lastLogIndex: last.index, lastLogTerm: last.term)
    return receive(.preVote(request), from: candidate, term: term)
  }

  func receiveVote(granted: Bool = true, from voter: ServerID, term: Term? = nil) -> Effects {
    receive(
      .requestVoteResponse(VoteResponse(granted: granted)), from: voter,
      term: term ?? node.currentTerm)
  }

  func receivePreVote(granted: Bool = true, from voter: ServerID, term: Term) -> Effects {
    receive(.preVoteResponse(VoteResponse(granted: granted)), from: voter, term: term)
  }

  func receiveAccepted(_ match: LogIndex, from server: ServerID, term: Term? = nil) -> Effects {
    receive(
      .appendEntriesResponse(.accepted(match: match)), from: server, term: term ?? node.currentTerm)
  }

  func receiveRejected(
    _ previous: LogIndex, hint: LogPosition, from server: ServerID, term: Term? = nil
  ) -> Effects {
    receive(
      .appendEntriesResponse(.rejected(prevLogIndex: previous, hint: hint)), from: server,
      term: term ?? node.currentTerm)
  }

  /// Completes the writes that a step asked for.
  @discardableResult
  func persist(_ effects: Effects) -> [Effects] {
    var following: [Effects] = []
    if let hardState = effects.hardState { following.append(step(.hardStatePersisted(hardState))) }
    if let append = effects.append { following.append(step(.appendPersisted(append.ticket))) }
    return following
  }

  /// Makes this server the leader of the next term by the votes of `voters`.
  ///
  /// - Returns: the effects of the step that made it the leader; its first entry is not durable yet.
  @discardableResult
  func elect(by voters: [ServerID] = [2]) -> Effects {
    var last = step(.campaign)
    for effects in persist(last) { last = effects }
    for voter in voters where node.role == .candidate { last = receiveVote(from: voter) }
    precondition(node.role == .leader, "the votes of \(voters) do not elect server \(node.id)")
    return last
  }

  func propose(_ count: Int = 1) -> Effects { step(.propose(count: count)) }

  /// The AppendEntries that a flush sends to a server.
  func flushed(to server: ServerID) -> [AppendEntries] {
    appends(step(.flush), to: server)
  }

  func appends(_ effects: Effects, to server: ServerID) -> [AppendEntries] {
    effects.messages.compactMap {
      guard $0.to == server, case .appendEntries(let request) = $0.body else { return nil }
      return request
    }
  }

  /// The terms of the log's entries, from the first after the snapshot on.
  var terms: [Term] {
    var terms: [Term] = []
    var index = node.lastLogIndex
    while index > .zero, let term = node.term(at: index) {
      terms.append(term)
      index = index.previous
    }
    return terms.reversed()
  }
}
