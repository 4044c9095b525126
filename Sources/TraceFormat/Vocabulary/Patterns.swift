import RaftTypes
import YAMLTree

/// What messages must look like: the types and fields of patterns.
enum Patterns {
  static let shape = Shape<MessagePattern>.tagged(
    "a message's pattern", kind: "message type",
    [
      tag(.requestVote, "A request for a vote.", [last]),
      tag(.requestVoteResponse, "A voter's answer.", [granted]),
      tag(.preVote, "A request for a pre-vote.", [last]),
      tag(.preVoteResponse, "A voter's answer to a pre-vote.", [granted]),
      tag(.appendEntries, "Entries, or none: then it also matches a Heartbeat.", appendEntries),
      tag(.appendEntriesResponse, "A follower's answer.", [success, match, context]),
      tag(.heartbeat, "A Heartbeat, or an AppendEntries without entries.", [commit, context]),
      tag(
        .heartbeatResponse, "The answer to a Heartbeat, where it is a message of its own.",
        [context]),
      tag(.installSnapshot, "A snapshot, or a piece of one.", installSnapshot),
      tag(.installSnapshotResponse, "A follower's answer.", installSnapshotResponse),
      tag(.timeoutNow, "A leader that hands over asks the receiver to stand at once.", []),
      tag(.readIndex, "A server asks the leader for a read index.", []),
      tag(.readIndexResponse, "The leader's answer.", [index]),
      tag(nil, "A message of any type.", []),
    ]
  ).withText.named("pattern")

  private static let last = Setting<MessagePattern>(
    "last", \.last, .entry(isExpected: true), "the candidate's last entry")
  private static let granted = Setting<MessagePattern>(
    "granted", \.granted, .boolean, "whether the vote is granted")
  private static let success = Setting<MessagePattern>(
    "success", \.success, .boolean, "whether the entries were accepted")
  private static let match = Setting<MessagePattern>(
    "match", \.match, .index, "the last index acknowledged")
  private static let commit = Setting<MessagePattern>(
    "commit", \.commit, .index, "the leader's commit index")
  private static let appendEntries = [
    Setting<MessagePattern>(
      "prev", \.prev, .entry(isExpected: true), "the entry before those sent"),
    Setting<MessagePattern>(
      "entries", \.entries, entries, "the entries carried, `some` or `none`"),
    Setting<MessagePattern>(
      "config", \.configuration, .expectedConfiguration, "a configuration among the entries"),
    commit, context,
  ]
  private static let context = Setting<MessagePattern>(
    "context", \.context, contexts, "the token of a round of reads, `some` or `none`",
    implies: .readIndex)
  private static let contexts = Shape<MessagePattern.ContextPattern>.alternatives(
    .word("none", "no token", .none), .word("some", "any token", .some),
    Shape<String>.context.map { .exactly($0) })
  private static let lastCovered = Setting<MessagePattern>(
    "last", \.last, .entry(isExpected: true), "the last entry that the snapshot covers")
  private static let installSnapshot = [
    lastCovered,
    Setting<MessagePattern>(
      "config", \.configuration, .expectedConfiguration, "the members as of that entry"),
    Setting<MessagePattern>(
      "offset", \.offset, .countBound, "where the piece begins, bytes", implies: .snapshotChunks),
    Setting<MessagePattern>(
      "done", \.done, .boolean, "whether it is the last piece", implies: .snapshotChunks),
  ]
  private static let installSnapshotResponse = [
    lastCovered,
    Setting<MessagePattern>(
      "next", \.next, .countBound, "the offset that is wanted next, bytes",
      implies: .snapshotChunks),
    Setting<MessagePattern>(
      "installed", \.installed, .boolean, "whether the snapshot is installed"),
  ]
  private static let index = Setting<MessagePattern>(
    "index", \.index, .index, "what must be applied before the read is served")

  private static let entries = Shape<MessagePattern.EntriesPattern>.alternatives(
    .word("none", "no entries", .none), .word("some", "at least one entry", .some),
    Shape<EntryReference>.entry(isExpected: true).list().map { .exactly($0) })

  private static func tag(
    _ type: MessageType?, _ doc: String, _ own: [Setting<MessagePattern>]
  ) -> Tag<MessagePattern> {
    let name = type?.rawValue ?? "any"
    let common = [
      Setting<MessagePattern>("from", \.from, .server, "the sender"),
      Setting<MessagePattern>("to", \.to, .server, "the receiver"),
      Setting<MessagePattern>("term", \.term, .termBound, "the message's term"),
    ]
    let title = type == nil ? "the fields of any message" : "the fields of \(name)"
    let shape = Shape<MessagePattern>.settings(title, common + own) { place in
      var pattern = MessagePattern(location: place.location, text: "")
      pattern.type = type
      return pattern
    }
    return Tag(name, doc, shape)
  }
}

extension Shape where Value == MessagePattern {
  /// The same, keeping the pattern's text and place for reports.
  fileprivate var withText: Shape {
    flatMap { pattern, node, _ in
      var pattern = pattern
      pattern.location = node.location
      pattern.text = FlowText.line(node)
      return pattern
    }
  }
}
