import RaftTypes
import YAMLTree

/// One of several mappings, told apart by the one key that is around it.
struct Tag<Value>: Sendable {
  var name: String
  var doc: String
  var shape: Shape<Value>
  var capability: Capability?

  init(_ name: String, _ doc: String, _ shape: Shape<Value>, implies capability: Capability? = nil)
  {
    self.name = name
    self.doc = doc
    self.shape = shape
    self.capability = capability
  }
}

extension Shape {
  /// A mapping with exactly one key, which says what the value is.
  static func tagged(
    _ title: String, kind: String, reserved: [ReservedWord] = [], _ tags: [Tag<Value>]
  ) -> Shape {
    let names = tags.map(\.name)
    let fields = tags.map { tag in
      FieldDescription(
        name: tag.name, doc: tag.doc, shape: tag.shape.description, isRequired: false,
        standard: nil, capability: tag.capability)
    }
    let description = RecordDescription(
      title: title, fields: fields, rules: RecordRules(exactlyOne: [names]), reserved: reserved)
    return Shape(description: .record(description), accepts: { $0.entries != nil }) {
      node, context in
      let entries = node.entries ?? []
      guard let entry = entries.first, entries.count == 1 else {
        let second = entries.count > 1 ? entries[1].key : node
        context.report("expected exactly one \(kind) here", at: second.location)
        return nil
      }
      guard let tag = tags.first(where: { $0.name == entry.name }) else {
        let word = reserved.first { $0.name == entry.name }
        context.report(
          word?.message(as: "a \(kind)")
            ?? "unknown \(kind) '\(clipped(entry.name))'"
            + (NearestWord.find(entry.name, among: names).map { "; did you mean '\($0)'?" }
              ?? "; known: \(names.joined(separator: ", "))"),
          at: entry.key.location)
        return nil
      }
      tag.capability.map(context.imply)
      return tag.shape.decode(entry.value, context)
    }
  }
}

/// The messages that a trace writes by hand.
enum HandMessages {
  static let shape = Shape<HandMessage>.tagged(
    "a message", kind: "message type",
    [
      Tag("RequestVote", "A candidate asks for a vote.", requestVote),
      Tag(
        "RequestVoteResponse", "A voter's answer.",
        votes("the answer to RequestVote") { .requestVoteResponse(granted: $0) },
        implies: .unsolicitedResponses),
      Tag("PreVote", "Asks whether it could win an election in `term`.", preVote),
      Tag(
        "PreVoteResponse", "A voter's answer to a pre-vote.",
        votes("the answer to PreVote") { .preVoteResponse(granted: $0) },
        implies: .unsolicitedResponses),
      Tag("AppendEntries", "A leader's entries.", appendEntries),
      Tag(
        "AppendEntriesResponse", "A follower's answer.", appendEntriesResponse,
        implies: .unsolicitedResponses),
      Tag(
        "Heartbeat",
        "A leader's sign of life; sent as an empty AppendEntries where there is no such message.",
        heartbeat),
      Tag(
        "HeartbeatResponse", "The answer to a Heartbeat.", heartbeatResponse,
        implies: .unsolicitedResponses),
      Tag(
        "InstallSnapshot", "A snapshot of a leader's, or a piece of one.",
        SnapshotMessages.install, implies: .snapshot),
      Tag(
        "InstallSnapshotResponse", "A follower's answer.", SnapshotMessages.installResponse,
        implies: .unsolicitedResponses),
      Tag(
        "TimeoutNow", "A leader that hands over asks the receiver to stand at once.", timeoutNow,
        implies: .transfer),
      Tag(
        "ReadIndex", "A server asks the leader for a read index.", readIndex, implies: .readForward),
      Tag(
        "ReadIndexResponse", "The leader's answer.", readIndexResponse, implies: .readForward),
    ]
  ).named("message")

  static var from: Field<NodeName> { .required("from", .server, "the sender") }
  static var to: Field<NodeName> { .required("to", .realNode, "the receiver, a real node") }
  static var term: Field<TermValue> { .required("term", .term, "the message's term") }
  private static var context: Field<String?> {
    .optional("context", .context, "the token of a round of reads", implies: .readIndex)
  }

  static func message(
    _ place: Place, _ from: NodeName, _ to: NodeName, _ term: TermValue, _ body: HandBody,
    context: String? = nil
  ) -> HandMessage {
    let message = HandMessage(from: from, to: to, term: term, body: body, context: context)
    place.context.note(.message(message, fields: place.locations), at: place.location)
    if from == to { place.report("\(from) can't send a message to itself", at: "to") }
    return message
  }

  private static let lastDoc = "the candidate's last entry"

  private static let requestVote = Shape<HandMessage>.record(
    "the fields of RequestVote", from, to, term, .required("last", .position, lastDoc),
    .standard(
      "disrupt", .boolean, false, shown: "false",
      "whether the election overrides a voter's belief in a leader")
  ) { place, from, to, term, last, disrupt in
    message(place, from, to, term, .requestVote(last: last, disrupt: disrupt))
  }

  private static let preVote = Shape<HandMessage>.record(
    "the fields of PreVote", from, to,
    .required("term", .term, "the term that the election would have"),
    .required("last", .position, lastDoc)
  ) { place, from, to, term, last in message(place, from, to, term, .preVote(last: last)) }

  private static func votes(
    _ title: String, _ body: @escaping @Sendable (Bool) -> HandBody
  ) -> Shape<HandMessage> {
    .record(
      "the fields of \(title)", from, to, term,
      .required("granted", .boolean, "whether the vote is granted")
    ) { place, from, to, term, granted in message(place, from, to, term, body(granted)) }
  }

  private static let appendEntries = Shape<HandMessage>.record(
    "the fields of AppendEntries", from, to, term,
    .required("prev", .position, "the entry before those sent"),
    .standard(
      "entries", Shape<HandEntry>.handEntry.list(0...TraceLimits.entries), [], shown: "[]",
      "positions of new commands, whose payload is the position's text, names of proposed entries, "
        + "or configurations with `at` and `config`"
    ),
    .required("commit", .anyNumber, "the leader's commit index"), context
  ) { place, from, to, term, prev, entries, commit, context in
    message(
      place, from, to, term,
      .appendEntries(prev: prev, entries: entries, commit: LogIndex(commit)), context: context)
  }

  private static let appendEntriesResponse = Shape<HandMessage>.record(
    "the fields of AppendEntriesResponse",
    rules: RecordRules(
      exactlyOne: [["match", "prev"]],
      needs: [(key: "prev", others: ["hint"]), (key: "hint", others: ["prev"])]),
    from, to, term, .required("success", .boolean, "whether the entries were accepted"),
    .optional("match", .anyNumber, "when accepted: the last index that matches, durably"),
    .optional("prev", .anyNumber, "when rejected: the index of the prev that was refused"),
    .optional("hint", .position, "when rejected: where the logs may still match"), context
  ) { place, from, to, term, success, match, prev, hint, context in
    if success, let match {
      return message(
        place, from, to, term, .appendEntriesAccepted(match: LogIndex(match)), context: context)
    }
    if !success, let prev, let hint {
      return message(
        place, from, to, term, .appendEntriesRejected(prev: LogIndex(prev), hint: hint),
        context: context)
    }
    place.report(
      success
        ? "with 'success: true' comes 'match', not 'prev' and 'hint'"
        : "with 'success: false' come 'prev' and 'hint', not 'match'", at: "success")
    return nil
  }

  private static let heartbeat = Shape<HandMessage>.record(
    "the fields of Heartbeat", from, to, term,
    .required("matched", .position, "the last entry the sender knows to match the receiver's log"),
    .required("commit", .anyNumber, "the leader's commit index"), context
  ) { place, from, to, term, matched, commit, context in
    message(
      place, from, to, term, .heartbeat(matched: matched, commit: LogIndex(commit)),
      context: context)
  }

  private static let heartbeatResponse = Shape<HandMessage>.record(
    "the fields of HeartbeatResponse", from, to, term, context
  ) { place, from, to, term, context in
    message(place, from, to, term, .heartbeatResponse, context: context)
  }

  private static let timeoutNow = Shape<HandMessage>.record(
    "the fields of TimeoutNow", from, to, term
  ) { place, from, to, term in message(place, from, to, term, .timeoutNow) }

  private static let readIndex = Shape<HandMessage>.record(
    "the fields of ReadIndex", from, to, term,
    .required("context", .context, "the sender's token of the read, which the answer repeats")
  ) { place, from, to, term, context in
    message(place, from, to, term, .readIndex, context: context)
  }

  private static let readIndexResponse = Shape<HandMessage>.record(
    "the fields of ReadIndexResponse", from, to, term,
    .required("context", .context, "the token of the read that is answered"),
    .optional("index", .anyNumber, "what must be applied first; when left out, it is refused")
  ) { place, from, to, term, context, index in
    message(
      place, from, to, term, .readIndexResponse(index: index.map { LogIndex($0) }),
      context: context)
  }
}

extension Shape where Value == MessageType {
  /// A type of message, to pick messages by.
  static var messageType: Shape {
    .oneOf(MessageType.allCases.map { ($0, "messages of this type") }).named("message-type")
  }
}
