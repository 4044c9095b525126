import AdapterProtocol
import RaftTypes

/// Snapshots, changes of membership, and reads.
enum ClusterStages {
  // MARK: Snapshots

  /// `n1` has applied three entries of term 1.
  private static func apply(_ scene: Scene) throws(Scene.Stop) {
    try scene.boot()
    _ = try scene.receive(
      Scene.appendEntries(term: 1, prev: (2, 1), [1], commit: 3), from: Scene.n2)
  }

  static func snapshot(_ scene: Scene) throws(Scene.Stop) {
    try apply(scene)
    _ = try scene.ask(.snapshot(Scene.n1))
    checkSnapshot(scene, "'snapshot'")
    _ = try scene.ask(.compact(Scene.n1, upTo: LogIndex(2)))
    let first = scene.node(Scene.n1).firstIndex.rawValue
    if first != 3 {
      scene.fault(
        "the log was compacted up to 2, and begins at \(first)",
        "Tell the first index that the log still holds as 'firstIndex'")
    }
    try scene.checkSum(of: Scene.n1)
  }

  static func heldSnapshot(_ scene: Scene) throws(Scene.Stop) {
    try apply(scene)
    _ = try scene.ask(.hold(Scene.n1, .snapshot))
    _ = try scene.ask(.snapshot(Scene.n1))
    if scene.node(Scene.n1).snapshot != .zero {
      scene.fault(
        "a snapshot was told while its write was held", "It is told once it is durable")
    }
    _ = try scene.ask(.complete(Scene.n1, .all, fails: false))
    checkSnapshot(scene, "'complete'")
    _ = try scene.ask(.release(Scene.n1, .snapshot))
  }

  private static func checkSnapshot(_ scene: Scene, _ operation: String) {
    let told = scene.node(Scene.n1).snapshot
    guard told != LogPosition(index: LogIndex(3), term: Term(1)) else { return }
    scene.fault(
      "entry 3 of term 1 was the last applied, and after \(operation) the snapshot is told to cover "
        + "index \(told.index.rawValue) of term \(told.term.rawValue)",
      "Tell the last entry that it covers as 'snapshot', once it is durable")
  }

  // MARK: Membership

  static func readConfiguration(_ scene: Scene) throws(Scene.Stop) {
    try scene.boot()
    let state = try scene.ask(.state(Scene.n1, want: [.configuration])).state
    if state?.configuration?.voters != Scene.voters {
      scene.fault(
        "asked for its configuration, n1 has "
          + (state?.configuration.map { "\($0.voters.count) voters" } ?? "none"),
        "Answer {\"voters\":[...]} as 'configuration', with 'learners' and 'outgoing' where there are "
          + "some")
    }
  }

  static func simpleChange(_ scene: Scene) throws(Scene.Stop) { try change(scene, .never) }

  static func jointChange(_ scene: Scene) throws(Scene.Stop) { try change(scene, .always) }

  /// The leader of three takes one of its followers out.
  private static func change(_ scene: Scene, _ joint: JointUse) throws(Scene.Stop) {
    try lead(scene)
    let request = ConfigureRequest(
      id: "change-1", change: .to(voters: [Scene.n1, Scene.n2], learners: [], joint: joint))
    let result = try scene.ask(.configure(Scene.n1, request))
    guard result.outcome == .done else {
      return scene.doubt("a leader refused to take one of three voters out", rung: "9.1")
    }
    let appended = result.state?.appended ?? []
    if scene.declared.contains(.readLog), !appended.contains(where: { $0.kind == .configuration }) {
      scene.fault(
        "the change was taken, and no entry of the kind 'configuration' was appended",
        "Tell configuration entries as 'appended' like all others, with their kind")
    }
    for _ in 0..<3 { try scene.beatAndSettle() }
    let fate = scene.changes.last { $0.id == request.id }?.fate
    if scene.declared.contains(.results), fate != .committed {
      scene.fault(
        "the followers have everything, and the fate of the change is told to be "
          + (fate?.rawValue ?? "nothing"),
        "Tell {\"change\":\"change-1\",\"fate\":\"committed\"} under 'results'")
    }
    let voters = scene.node(Scene.n1).configuration?.voters
    if scene.declared.contains(.readConfiguration), voters != [Scene.n1, Scene.n2] {
      scene.fault(
        "after the change the leader goes by \(voters.map { "\($0.count) voters" } ?? "nothing")",
        "Tell the configuration in force as 'configuration' when it changes")
    }
    try scene.checkSum(of: Scene.n1)
  }

  static func transfer(_ scene: Scene) throws(Scene.Stop) {
    try lead(scene)
    let result = try scene.ask(.transfer(Scene.n1, to: Scene.n2))
    guard result.outcome == .done else {
      return scene.doubt(
        "a leader refused to hand over to a follower that has its log", rung: "9.2")
    }
    try scene.settle()
    if !scene.node(Scene.n2).leads {
      scene.doubt(
        "n1 handed over to n2, everything was delivered, and n2 is "
          + scene.node(Scene.n2).role.rawValue,
        rung: "9.2")
    }
    for name in Scene.voters { try scene.checkSum(of: name) }
  }

  // MARK: Reads

  static func readIndex(_ scene: Scene) throws(Scene.Stop) { try read(scene, at: Scene.n1) }

  static func readForward(_ scene: Scene) throws(Scene.Stop) { try read(scene, at: Scene.n2) }

  private static func read(_ scene: Scene, at name: NodeName) throws(Scene.Stop) {
    try lead(scene)
    guard try scene.ask(.read(name, id: "read-1")).outcome == .done else {
      return scene.doubt("\(name) refused a read in a cluster that is well", rung: "10.1")
    }
    try scene.beatAndSettle()
    guard let read = scene.reads.last(where: { $0.id == "read-1" }) else {
      return scene.fault(
        "a read was taken, everything was delivered, and its end is not told",
        "Tell {\"read\":\"read-1\",\"fate\":\"done\",\"index\":...} under 'reads', in the answer in "
          + "which it is served")
    }
    if read.fate == .lost {
      scene.doubt("\(name) lost a read in a cluster that is well", rung: "10.1")
    }
  }

  /// `n1` leads three nodes that hold all it has.
  private static func lead(_ scene: Scene) throws(Scene.Stop) {
    try scene.bootCluster()
    try scene.elect()
    if scene.declared.contains(.propose) {
      _ = try scene.ask(.propose(Scene.n1, data: Array("validate".utf8)))
    }
    try scene.beatAndSettle()
  }
}
