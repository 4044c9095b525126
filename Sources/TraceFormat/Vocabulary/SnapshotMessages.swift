import RaftTypes
import YAMLTree

/// The messages by which snapshots travel.
enum SnapshotMessages {
  private static let bytes = Shape<Int>.count(0...TraceLimits.snapshotBytes)

  static let install = Shape<HandMessage>.record(
    "the fields of InstallSnapshot", HandMessages.from, HandMessages.to, HandMessages.term,
    .required("last", .position, "the last entry that the snapshot covers"),
    .standard(
      "ledger", .snapshotLedger, [], shown: "[]",
      "the commands that the whole snapshot holds, in order: positions, whose text they are, or "
        + "names"),
    .optional(
      "config", .configuration,
      "the members as of that entry; when left out, those that the trace begins with"),
    .standard(
      "offset", bytes, 0, shown: "0", "where this piece begins, bytes", implies: .snapshotChunks),
    .optional(
      "length", bytes, "its bytes; all that is left, when left out", implies: .snapshotChunks),
    .optional(
      "done", .boolean, "whether it is the last piece; when left out, where it reaches the end",
      implies: .snapshotChunks)
  ) { place, from, to, term, last, ledger, configuration, offset, length, done in
    if last == .zero { place.report("a snapshot covers at least one entry", at: "last") }
    let piece = HandSnapshot(
      last: last, configuration: configuration, ledger: ledger, offset: offset, length: length,
      done: done)
    return HandMessages.message(place, from, to, term, .installSnapshot(piece))
  }

  static let installResponse = Shape<HandMessage>.record(
    "the fields of InstallSnapshotResponse", HandMessages.from, HandMessages.to,
    HandMessages.term, .required("last", .position, "the snapshot that is answered"),
    .required("next", bytes, "the offset that is wanted next, bytes"),
    .required("installed", .boolean, "whether the snapshot is installed, durably")
  ) { place, from, to, term, last, next, installed in
    HandMessages.message(
      place, from, to, term,
      .installSnapshotResponse(last: last, next: next, installed: installed))
  }
}

extension Shape where Value == String {
  /// The token of a round of reads.
  static var context: Shape {
    let text = distinctText(NameRule.context)
    return .alternatives(Shape<UInt64>.anyNumber.map { "\($0)" }, text).named("context")
  }
}
