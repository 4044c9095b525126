import AdapterProtocol
import RaftTypes

/// The disk: writes that are held, that fail, and lives that end.
enum StorageStages {
  // MARK: Holds

  static func heldEntries(_ scene: Scene) throws(Scene.Stop) {
    try held(.entries, by: append, acknowledged: Scene.acknowledges, scene)
  }

  static func heldVote(_ scene: Scene) throws(Scene.Stop) {
    try held(.vote, by: vote, acknowledged: grants, scene)
  }

  static func heldSync(_ scene: Scene) throws(Scene.Stop) {
    try held(.sync, by: append, acknowledged: Scene.acknowledges, scene)
  }

  private static let append = Scene.appendEntries(term: 1, prev: (2, 1), [1], commit: 0)
  private static let vote = Scene.requestVote(term: 2, last: (2, 1))

  private static func grants(_ result: OperationResult) -> Bool {
    result.sent.contains { $0.message.granted == true }
  }

  /// What is acknowledged has been written: nothing while the write is held, all when it is done.
  private static func held(
    _ target: HoldTarget, by message: WireMessage,
    acknowledged: (OperationResult) -> Bool, _ scene: Scene
  ) throws(Scene.Stop) {
    try scene.boot()
    _ = try scene.ask(.hold(Scene.n1, target))
    if acknowledged(try scene.receive(message, from: Scene.n2)) {
      scene.doubt(
        "\(message.type.rawValue) was acknowledged while its write was held; either the hold holds "
          + "nothing, or it acknowledges what is not durable",
        rung: "1.1")
    } else if !acknowledged(try scene.ask(.complete(Scene.n1, .all, fails: false))) {
      scene.fault(
        "the held writes were completed, and no acknowledgement of \(message.type.rawValue) was sent",
        "List what the node sends once its write is complete in the answer to 'complete'")
    }
    _ = try scene.ask(.release(Scene.n1, target))
    try scene.checkSum(of: Scene.n1)
  }

  static func heldApply(_ scene: Scene) throws(Scene.Stop) {
    try scene.boot()
    _ = try scene.ask(.hold(Scene.n1, .apply))
    _ = try scene.receive(
      Scene.appendEntries(term: 1, prev: (2, 1), [1], commit: 3), from: Scene.n2)
    if !scene.node(Scene.n1).applied.isEmpty {
      scene.fault(
        "entries were applied while applying was held",
        "Hold the state machine back until 'release'"
      )
    }
    _ = try scene.ask(.release(Scene.n1, .apply))
    let node = scene.node(Scene.n1)
    if node.applied.count != Int(clamping: node.commitIndex.rawValue) {
      scene.fault(
        "applying was released, and of \(node.commitIndex.rawValue) committed entries "
          + "\(node.applied.count) are applied",
        "'release' ends the hold and completes what it held, in this answer")
    }
    try scene.checkSum(of: Scene.n1)
  }

  // MARK: Faults and lives

  static func storageFault(_ scene: Scene) throws(Scene.Stop) {
    try scene.boot()
    let fault = StorageFault(operation: .append, nth: 1, effect: .io)
    _ = try scene.ask(.storageFault(Scene.n1, fault))
    let result = try scene.receive(append, from: Scene.n2)
    if Scene.acknowledges(result) {
      scene.doubt(
        "an append whose write failed was acknowledged; either the fault hit nothing, or the entry "
          + "is not durable",
        rung: "1.1")
    }
  }

  static func crash(_ scene: Scene) throws(Scene.Stop) {
    try scene.boot(term: 3, votedFor: Scene.n2, log: [1, 2])
    try crash(scene, .lost, wipesDisk: false)
    if try scene.ask(.state(Scene.n1, want: [])).outcome != .halted,
      scene.declared.contains(.timeout),
      try scene.ask(.timeout(Scene.n1)).outcome != .halted
    {
      scene.fault("a dead node acts", "Answer every operation on a dead node with 'halted'")
    }
    try restart(scene)
    let node = scene.node(Scene.n1)
    if node.term != Term(3) || node.votedFor != Scene.n2 && scene.declared.contains(.readVote) {
      scene.doubt(
        "after a crash the term 3 with its vote for n2 is term \(node.term.rawValue) with "
          + "\(node.votedFor?.rawValue ?? "none")",
        rung: "1.2")
    }
    if scene.declared.contains(.readLog), node.log != Scene.entries([1, 2]) {
      scene.doubt("after a crash the log is \(Scene.text(node.log))", rung: "1.1")
    }
    try scene.checkSum(of: Scene.n1)
  }

  static func tornCrash(_ scene: Scene) throws(Scene.Stop) {
    try scene.boot()
    try crash(scene, .torn, wipesDisk: false)
    try restart(scene)
    try scene.checkSum(of: Scene.n1)
  }

  static func crashPoints(_ scene: Scene) throws(Scene.Stop) {
    try scene.boot()
    let fault = StorageFault(operation: .anyWrite, nth: 1, effect: .crash)
    _ = try scene.ask(.storageFault(Scene.n1, fault))
    let result = try scene.receive(append, from: Scene.n2)
    if scene.node(Scene.n1).isRunning, result.outcome != .halted {
      scene.fault(
        "the node was to die at its first write, and runs on after an append",
        "Answer 'halted' with the status 'crashed' in the operation in which it dies")
      throw .stage
    }
    try restart(scene)
    try scene.checkSum(of: Scene.n1)
  }

  static func wipedDisk(_ scene: Scene) throws(Scene.Stop) {
    try scene.boot(term: 3, votedFor: Scene.n2, log: [1, 2])
    try crash(scene, .lost, wipesDisk: true)
    try restart(scene)
    let node = scene.node(Scene.n1)
    if node.term != .zero || node.votedFor != nil || !node.log.isEmpty {
      scene.fault(
        "after its disk was wiped the node has term \(node.term.rawValue) and "
          + "\(node.log.count) entries",
        "'wipe' takes the disk away; the next life begins as if there had been none")
    }
    try scene.checkSum(of: Scene.n1)
  }

  private static func crash(
    _ scene: Scene, _ unsynced: UnsyncedWrites, wipesDisk: Bool
  ) throws(Scene.Stop) {
    let result = try scene.ask(.crash(Scene.n1, unsynced, wipesDisk: wipesDisk))
    if scene.node(Scene.n1).status != .crashed {
      scene.fault(
        "after 'crash' the status is \(scene.node(Scene.n1).status.rawValue)",
        "Answer {\"state\":{\"status\":\"crashed\"}}")
    }
    if !result.sent.isEmpty {
      scene.fault("a node sent messages as it died", "A killed process sends nothing any more")
    }
  }

  private static func restart(_ scene: Scene) throws(Scene.Stop) {
    let result = try scene.ask(.restart(Scene.n1))
    guard result.outcome == .done, scene.node(Scene.n1).isRunning else {
      scene.fault(
        "after 'restart' the node does not run",
        "Boot it from what is durable and answer the whole state of the new life")
      throw .stage
    }
  }
}
