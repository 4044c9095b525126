import RaftTypes
import YAMLTree

/// What messages must look like: the types and fields of patterns.
enum Patterns {
  static let shape = Shape<MessagePattern>.tagged(
    "a message's pattern", kind: "message type", reserved: HandMessages.reserved,
    [
      tag(.requestVote, "A request for a vote.", [last]),
      tag(.requestVoteResponse, "A voter's answer.", [granted]),
      tag(.preVote, "A request for a pre-vote.", [last]),
      tag(.preVoteResponse, "A voter's answer to a pre-vote.", [granted]),
      tag(.appendEntries, "Entries, or none: then it also matches a Heartbeat.", appendEntries),
      tag(.appendEntriesResponse, "A follower's answer.", [success, match]),
      tag(.heartbeat, "A Heartbeat, or an AppendEntries without entries.", [commit]),
      tag(.heartbeatResponse, "The answer to a Heartbeat, where it is a message of its own.", []),
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
    commit,
  ]

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
