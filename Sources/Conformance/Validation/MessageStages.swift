import AdapterProtocol
import RaftTypes

/// Messages and the links that carry them.
enum MessageStages {
  static func messages(_ scene: Scene) throws(Scene.Stop) {
    try scene.boot()
    try vote(scene)
    try append(scene)
    try repair(scene)
    try scene.checkSum(of: Scene.n1)
  }

  private static func vote(_ scene: Scene) throws(Scene.Stop) {
    let result = try scene.receive(
      Scene.requestVote(term: 2, last: (2, 1)), from: Scene.n2)
    let answers = result.sent.filter { $0.to == Scene.n2 }
    guard let answer = answers.first(where: { $0.message.type == .requestVoteResponse }) else {
      scene.fault(
        "a RequestVote with a newer term and an equal log was answered with "
          + (answers.first.map { $0.message.type.rawValue } ?? "no message"),
        "List the RequestVoteResponse in 'sent', to the sender of the request")
      return
    }
    guard answer.message.granted == true else {
      return scene.doubt(
        "the first candidate of term 2, with an equal log, got no vote", rung: "3.2")
    }
    let node = scene.node(Scene.n1)
    if node.term != Term(2) {
      scene.fault(
        "the vote was given in term 2, and the state says \(node.term.rawValue)",
        "Tell the change of 'term' in the answer in which it happens")
    }
    if scene.declared.contains(.readVote), node.votedFor != Scene.n2 {
      scene.fault(
        "the vote was given to n2, and 'votedFor' is \(node.votedFor?.rawValue ?? "null")",
        "Tell the change of 'votedFor' in the answer in which it happens")
    }
  }

  private static func append(_ scene: Scene) throws(Scene.Stop) {
    let result = try scene.receive(
      Scene.appendEntries(term: 2, prev: (2, 1), [2], commit: 2), from: Scene.n2)
    guard result.sent.contains(where: { $0.message.type == .appendEntriesResponse }) else {
      scene.fault(
        "an AppendEntries was answered with no AppendEntriesResponse",
        "List it in 'sent'; heartbeats and appends alike are answered")
      return
    }
    guard Scene.acknowledges(result) else {
      return scene.doubt("an AppendEntries that fits the log was refused", rung: "6.1")
    }
    let node = scene.node(Scene.n1)
    if scene.declared.contains(.readLog), node.log != Scene.entries([1, 1, 2]) {
      scene.fault(
        "the entry was acknowledged, and the log adds up to \(Scene.text(node.log))",
        "Tell what is added to the log as 'appended', with the data as it came")
    }
    if node.commitIndex != LogIndex(2) {
      scene.doubt(
        "the leader's commit index of 2 became \(node.commitIndex.rawValue)", rung: "7.1")
    }
    if node.leader != Scene.n2 {
      scene.fault(
        "n1 took entries from n2, and 'leader' is \(node.leader?.rawValue ?? "null")",
        "Tell whom the node believes to lead, once it knows")
    }
  }

  /// A newer leader with another entry in the same place.
  private static func repair(_ scene: Scene) throws(Scene.Stop) {
    let result = try scene.receive(
      Scene.appendEntries(term: 3, prev: (2, 1), [3, 3], commit: 2), from: Scene.n3)
    guard Scene.acknowledges(result) else {
      return scene.doubt("a newer leader's entries were refused", rung: "6.2")
    }
    let log = scene.node(Scene.n1).log
    if scene.declared.contains(.readLog), log != Scene.entries([1, 1, 3, 3]) {
      scene.fault(
        "entry 3 was replaced, and the log adds up to \(Scene.text(log))",
        "Tell the first index that is gone as 'truncatedFrom', and the new entries as 'appended'")
    }
  }

  static func unsolicitedResponses(_ scene: Scene) throws(Scene.Stop) {
    try scene.boot()
    var grant = WireMessage(type: .requestVoteResponse, term: Term(1))
    grant.granted = true
    _ = try scene.receive(grant, from: Scene.n2)
    var acceptance = WireMessage(type: .appendEntriesResponse, term: Term(1))
    (acceptance.success, acceptance.matchIndex) = (true, LogIndex(2))
    _ = try scene.receive(acceptance, from: Scene.n2)
    if scene.node(Scene.n1).role != .follower {
      scene.doubt("answers to nothing made a follower \(scene.node(Scene.n1).role)", rung: "3.3")
    }
    try scene.checkSum(of: Scene.n1)
  }

  static func duplicates(_ scene: Scene) throws(Scene.Stop) {
    try scene.bootCluster()
    _ = try scene.ask(.timeout(Scene.n1))
    guard let flight = scene.flights.first else {
      scene.fault("'timeout' of a follower sent nothing", "List what it sends in 'sent'")
      throw .stage
    }
    guard let copy = try scene.ask(.duplicate(flight.sent.handle)).handle else {
      scene.fault("the answer to 'duplicate' has no 'handle'", "Answer the copy's handle")
      throw .stage
    }
    if copy == flight.sent.handle {
      scene.fault("the copy has the handle of the message", "Give the copy a handle of its own")
      throw .stage
    }
    _ = try scene.ask(.deliver(flight.sent.handle))
    if try scene.ask(.deliver(copy)).outcome == .void {
      scene.fault(
        "the copy was gone", "The copy is a message of its own, delivered or dropped apart")
    }
    try scene.settle()
  }

  /// The second of two appends arrives first.
  static func reordering(_ scene: Scene) throws(Scene.Stop) {
    try scene.bootCluster()
    try scene.elect()
    _ = try scene.ask(.propose(Scene.n1, data: Array("first".utf8)))
    _ = try scene.ask(.propose(Scene.n1, data: Array("second".utf8)))
    try scene.beat()
    for flight in scene.flights.reversed() { _ = try scene.ask(.deliver(flight.sent.handle)) }
    try scene.beatAndSettle()
    for name in Scene.voters { try scene.checkSum(of: name) }
  }
}
