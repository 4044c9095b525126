import AdapterProtocol
import RaftTypes

/// Time and elections.
enum ElectionStages {
  static func timeout(_ scene: Scene) throws(Scene.Stop) {
    try scene.boot()
    let result = try scene.ask(.timeout(Scene.n1))
    try checkCandidacy(scene, result, "timeout")
    if scene.declared.contains(.messages) { try checkVictory(scene) }
    try scene.checkSum(of: Scene.n1)
    guard let flight = scene.flights.first else { return }
    _ = try scene.ask(.drop(flight.sent.handle))
  }

  static func campaign(_ scene: Scene) throws(Scene.Stop) {
    try scene.boot()
    let result = try scene.ask(.campaign(Scene.n1))
    try checkCandidacy(scene, result, "campaign")
    if result.sent.contains(where: { $0.message.type == .preVote }) {
      scene.fault(
        "'campaign' sent a PreVote", "A campaign stands for election at once, without a pre-vote")
    }
    try scene.checkSum(of: Scene.n1)
  }

  /// What a node shows that stands for election in its second term.
  private static func checkCandidacy(
    _ scene: Scene, _ result: OperationResult, _ operation: String
  ) throws(Scene.Stop) {
    let requests = result.sent.filter { $0.message.isVoteRequest }
    if requests.isEmpty {
      scene.fault(
        "'\(operation)' of a follower asked nobody for a vote",
        "Let the timer fire, wait until the node is quiet, and list what it sent in 'sent'")
      throw .stage
    }
    let node = scene.node(Scene.n1)
    switch node.role {
    case .candidate:
      if node.term != Term(2) {
        scene.doubt("a candidate from term 1 is in term \(node.term.rawValue)", rung: "3.1")
      }
      if scene.declared.contains(.readVote), node.votedFor != Scene.n1 {
        scene.fault(
          "the candidate's vote is \(node.votedFor?.rawValue ?? "null")",
          "A vote for itself is a change of 'votedFor', to be told in this answer")
      }
    case .preCandidate: break
    case .follower, .leader:
      scene.fault(
        "a node that asks for votes is told to be \(node.role.rawValue)",
        "Tell the change of 'role' in the answer in which it happens")
    }
    let asked = Set(requests.map(\.to))
    if asked != [Scene.n2, Scene.n3] {
      scene.doubt(
        "n1 asked \(asked.sorted().map(\.rawValue).joined(separator: ", ")) for votes, and its "
          + "voters are n2 and n3",
        rung: "3.1")
    }
  }

  /// One vote more makes a majority of three.
  private static func checkVictory(_ scene: Scene) throws(Scene.Stop) {
    guard scene.node(Scene.n1).role == .candidate else { return }
    var grant = WireMessage(type: .requestVoteResponse, term: scene.node(Scene.n1).term)
    grant.granted = true
    let result = try scene.receive(grant, from: Scene.n2)
    guard scene.node(Scene.n1).role == .leader else {
      return scene.doubt("two of three votes made no leader", rung: "3.3")
    }
    if !result.sent.contains(where: { $0.message.isAppend }) {
      scene.add(
        .note, "a new leader sent no AppendEntries",
        "If it waits for a timer, 'heartbeat.beat' lets the suite make one due")
    }
  }

  static func election(_ scene: Scene) throws(Scene.Stop) {
    try scene.bootCluster()
    try scene.elect()
    let node = scene.node(Scene.n1)
    if node.leader != Scene.n1 {
      scene.fault(
        "the leader believes in \(node.leader?.rawValue ?? "null")",
        "'leader' is the leader that the node believes in, itself included")
    }
    if try scene.ask(.timeout(Scene.n1)).outcome != .blocked {
      scene.fault(
        "the election timer of a leader fired",
        "A leader has none: answer the outcome 'blocked' and change nothing")
    }
    for name in Scene.voters { try scene.checkSum(of: name) }
    guard let handle = scene.spentHandle else { return }
    if try scene.ask(.deliver(handle)).outcome != .void {
      scene.fault(
        "a message that was delivered already was delivered again",
        "Forget a handle once it is delivered or dropped, and answer 'void' after that")
    }
  }

  static func lapse(_ scene: Scene) throws(Scene.Stop) {
    try scene.boot()
    let beat = Scene.appendEntries(term: 1, prev: (2, 1), [], commit: 0)
    _ = try scene.receive(beat, from: Scene.n2)
    let result = try scene.ask(.lapse(Scene.n1))
    if scene.node(Scene.n1).role != .follower || !result.sent.isEmpty {
      scene.fault(
        "'lapse' made the node stand for election",
        "Only the belief in the leader goes; the node's own timer does not fire")
    }
    try scene.checkSum(of: Scene.n1)
  }

  static func beat(_ scene: Scene) throws(Scene.Stop) {
    try scene.bootCluster()
    try scene.elect()
    let result = try scene.ask(.beat(Scene.n1))
    let receivers = Set(result.sent.filter { $0.message.isAppend }.map(\.to))
    if receivers != [Scene.n2, Scene.n3] {
      scene.fault(
        "'beat' sent heartbeats to "
          + (receivers.isEmpty
            ? "nobody" : receivers.sorted().map(\.rawValue).joined(separator: ", ")),
        "Make the leader's heartbeat due and list what it sends: one to each other voter")
    }
    try scene.settle()
  }

  static func clock(_ scene: Scene) throws(Scene.Stop) {
    try scene.boot()
    _ = try scene.ask(.tick(Scene.n1, times: 9))
    if scene.node(Scene.n1).role != .follower {
      scene.fault(
        "after 9 ticks it stands for election, and 'electionTicks' is 10",
        "Take the least election time-out from 'config', in ticks")
    }
    _ = try scene.ask(.tick(Scene.n1, times: 21))
    if scene.node(Scene.n1).term == Term(1), scene.node(Scene.n1).role == .follower {
      scene.fault(
        "after 30 ticks without a leader it still follows, and 'electionTicks' is 10",
        "Let the node's clock move on by one for each tick, and by nothing else")
    }
    try scene.checkSum(of: Scene.n1)
  }

  static func preVote(_ scene: Scene) throws(Scene.Stop) {
    try scene.boot { $0.preVote = true }
    let result = try scene.ask(.timeout(Scene.n1))
    if !result.sent.contains(where: { $0.message.type == .preVote }) {
      scene.fault(
        "with 'preVote' on, 'timeout' sent no PreVote",
        "Hand 'config' on to the implementation, and name its pre-vote messages PreVote")
    }
    if scene.node(Scene.n1).term != Term(1) {
      scene.doubt("a pre-vote raised the term", rung: "3.1")
    }
    try scene.checkSum(of: Scene.n1)
  }

  static func checkQuorum(_ scene: Scene) throws(Scene.Stop) {
    try scene.bootCluster { $0.checkQuorum = true }
    try scene.elect()
    _ = try scene.ask(.tick(Scene.n1, times: 40))
    if scene.node(Scene.n1).leads {
      scene.fault(
        "with 'checkQuorum' on, a leader still leads after 40 ticks without an answer",
        "Hand 'config' on to the implementation")
    }
  }
}
