import AdapterProtocol
import RaftTypes

/// The log: what clients add to it, what of it can be seen, and how it travels.
enum LogStages {
  private static let command = Array("validate".utf8)

  static func readLog(_ scene: Scene) throws(Scene.Stop) {
    try scene.boot(term: 3, log: [1, 2, 2, 3])
    try scene.checkSum(of: Scene.n1)
  }

  static func readVote(_ scene: Scene) throws(Scene.Stop) {
    try scene.boot(term: 3, votedFor: Scene.n2)
    try scene.checkSum(of: Scene.n1)
    try scene.boot(term: 3, votedFor: nil)
    if let vote = scene.node(Scene.n1).votedFor {
      scene.fault("a node that voted for nobody voted for \(vote)", "Nobody is null")
    }
  }

  static func readLedger(_ scene: Scene) throws(Scene.Stop) {
    try scene.boot(log: [1])
    _ = try scene.receive(
      Scene.appendEntries(term: 1, prev: (1, 1), [1], commit: 2), from: Scene.n2)
    let node = scene.node(Scene.n1)
    let applied = node.applied.map(\.data)
    if node.commitIndex == LogIndex(2), applied != Scene.entries([1, 1]).map(\.data) {
      scene.fault(
        "entries 1 and 2 are committed, and \(applied.count) are told as applied",
        "Tell every entry handed to the state machine as 'applied', with its index, term and data")
    }
    try scene.checkSum(of: Scene.n1)
  }

  static func propose(_ scene: Scene) throws(Scene.Stop) {
    try scene.bootCluster()
    try scene.elect()
    guard case .rejected = try scene.ask(.propose(Scene.n2, data: command)).outcome else {
      scene.fault(
        "a follower took a command", "A node that does not lead answers 'rejected', 'not-leader'")
      throw .stage
    }
    let result = try scene.ask(.propose(Scene.n1, data: command))
    guard result.outcome == .done else {
      return scene.doubt("a leader refused a command", rung: "5.1")
    }
    let log = scene.node(Scene.n1).log
    if scene.declared.contains(.readLog), !log.contains(where: { $0.data == command }) {
      scene.fault(
        "the command was taken, and is not in the log that adds up",
        "Tell it as 'appended', with its bytes as they came and the kind 'command'")
    }
    try scene.beatAndSettle()
    for name in Scene.voters { try scene.checkSum(of: name) }
    if !result.sent.contains(where: { $0.message.isAppend }), !scene.declared.contains(.beat) {
      scene.add(
        .note, "a proposal is replicated only when a timer fires",
        "Declare 'heartbeat.beat', so that the suite can make one due")
    }
  }

  static func results(_ scene: Scene) throws(Scene.Stop) {
    try scene.bootCluster()
    try scene.elect()
    _ = try scene.ask(.propose(Scene.n1, data: command))
    try scene.beatAndSettle()
    let told = scene.fates.filter { $0.data == command }.map(\.fate)
    if scene.node(Scene.n1).commitIndex > LogIndex(1), told.last != .committed {
      scene.fault(
        "a command is committed, and "
          + (told.last.map { "its fate is told to be \($0.rawValue)" } ?? "no fate is told"),
        "Tell {\"data\":...,\"fate\":\"committed\"} under 'results' once the client would be told")
    }
  }

  // MARK: Limits

  /// The bytes of each entry that `lead` proposes.
  private static let entryBytes = 200

  /// A leader whose followers lack four entries.
  private static func lead(
    _ scene: Scene, _ settings: (inout NodeSettings) -> Void
  ) throws(Scene.Stop) {
    try scene.bootCluster(settings)
    try scene.elect()
    try scene.beatAndSettle()
    for number in 1...4 {
      let data = Payload.proposal("entry-\(number)", bytes: entryBytes)
      _ = try scene.ask(.propose(Scene.n1, data: data))
    }
  }

  /// The most of something that any AppendEntries carried, until nothing is on its way.
  private static func greatest(
    _ scene: Scene, _ measure: (WireMessage) -> Int
  ) throws(Scene.Stop) -> Int {
    var greatest = 0
    try scene.beat()
    for _ in 0..<500 {
      guard let flight = scene.flights.first else { break }
      if flight.sent.message.carriesEntries {
        greatest = max(greatest, measure(flight.sent.message))
      }
      _ = try scene.ask(.deliver(flight.sent.handle))
    }
    return greatest
  }

  /// Either 'config' is not handed on, or the implementation takes the limit otherwise.
  private static func exceeded(_ scene: Scene, _ setting: String, _ what: String) {
    scene.doubt("with \(setting), \(what); hand 'config' on to the implementation", rung: "6.3")
  }

  static func appendLimit(_ scene: Scene) throws(Scene.Stop) {
    try lead(scene) { $0.maxEntriesPerAppend = 1 }
    let count = try greatest(scene) { $0.entries?.count ?? 0 }
    if count > 1 {
      exceeded(scene, "'maxEntriesPerAppend' 1", "an AppendEntries carried \(count) entries")
    }
  }

  static func appendLimitBytes(_ scene: Scene) throws(Scene.Stop) {
    try lead(scene) { $0.maxBytesPerAppend = 300 }
    let count = try greatest(scene) { $0.entries?.count { !$0.data.isEmpty } ?? 0 }
    if count > 1 {
      exceeded(
        scene, "'maxBytesPerAppend' 300",
        "an AppendEntries carried \(count) entries of \(entryBytes) bytes")
    }
  }

  static func inflightLimit(_ scene: Scene) throws(Scene.Stop) {
    try lead(scene) { $0.maxInflightAppends = 1 }
    let unanswered = scene.flights.count {
      $0.sent.to == Scene.n2 && $0.sent.message.carriesEntries
    }
    if unanswered > 1 {
      exceeded(scene, "'maxInflightAppends' 1", "\(unanswered) AppendEntries to n2 are unanswered")
    }
  }
}
