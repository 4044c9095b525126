import AdapterProtocol
import TraceFormat

/// Goes through an adapter stage by stage: the contract that binds every adapter, and then each
/// capability, with a short conversation that shows it.
///
/// Every line is checked by the schema and then understood as a run would understand it. What the
/// answers add up to is compared with what the adapter says when asked for all of it. A fault that
/// leaves the conversation unusable ends its stage; the next one begins with a new process.
public struct AdapterWalk {
  private let schema: JSONSchema
  private let start: () throws(SystemFailure) -> any RawSystem
  private let stageEnded: (WalkStage) -> Void

  /// - Parameters:
  ///   - schema: that of answers.
  ///   - stageEnded: hears of each stage as it ends.
  ///   - start: starts the adapter; it is called again after a fault that ends it.
  public init(
    schema: JSONSchema, stageEnded: @escaping (WalkStage) -> Void = { _ in },
    start: @escaping () throws(SystemFailure) -> any RawSystem
  ) {
    self.schema = schema
    self.stageEnded = stageEnded
    self.start = start
  }

  /// Goes through all stages.
  ///
  /// - Throws: when the adapter can't be started for the first time.
  public func run() throws(SystemFailure) -> WalkReport {
    var report = WalkReport()
    var system: (any RawSystem)? = try start()
    for stage in Stage.contract + Stage.capabilities + [Stage.bye] {
      if stage.name != Stage.hello.name, report.implementation == nil { break }
      let scene = Scene(schema: schema, implementation: report.implementation)
      let standing = stage.standing(scene.declared)
      if standing == .walked {
        let connected = connect(&system, unless: stage.name == Stage.hello.name, scene)
        if connected, let system { scene.walk(stage, on: system) }
        if !connected || !scene.isUsable || stage.endsConversation { system = nil }
      }
      report.implementation = report.implementation ?? scene.implementation
      let walked = WalkStage(
        name: stage.name, title: stage.title, standing: standing, findings: scene.findings,
        exchanges: scene.exchanges)
      report.stages.append(walked)
      stageEnded(walked)
    }
    return report
  }

  /// Makes sure that there is a process that has been greeted.
  private func connect(
    _ system: inout (any RawSystem)?, unless isGreeting: Bool, _ scene: Scene
  ) -> Bool {
    guard system == nil else { return true }
    do throws(SystemFailure) {
      let fresh = try start()
      if !isGreeting { _ = try fresh.exchange(HarnessContract.helloRequest) }
      system = fresh
      return true
    } catch {
      scene.add(.fault, error.message, "It has to start and to answer hello every time")
      return false
    }
  }
}

/// One stage of a walk, before anybody has gone through it.
struct Stage: Sendable {
  var name: String
  var title: String
  var capability: Capability?
  /// What must be declared too for the conversation to be possible.
  var needs: [Capability] = []
  /// Whether no request can follow.
  var endsConversation = false
  /// The conversation; `nil` where there is none to have.
  var conversation: (@Sendable (Scene) throws(Scene.Stop) -> Void)?

  /// A stage of the contract that binds every adapter.
  init(
    _ name: String, _ title: String, endsConversation: Bool = false,
    _ conversation: @escaping @Sendable (Scene) throws(Scene.Stop) -> Void
  ) {
    self.name = name
    self.title = title
    self.endsConversation = endsConversation
    self.conversation = conversation
  }

  /// The stage of a capability.
  init(
    _ capability: Capability, needs: [Capability] = [],
    _ conversation: (@Sendable (Scene) throws(Scene.Stop) -> Void)?
  ) {
    name = capability.name
    title = capability.meaning
    self.capability = capability
    self.needs = needs
    self.conversation = conversation
  }

  /// Whether it can be gone through with an adapter that declares these.
  func standing(_ declared: Set<Capability>) -> WalkStage.Standing {
    if let capability, !declared.contains(capability) { return .notDeclared }
    let missing = needs.filter { !declared.contains($0) }
    if !missing.isEmpty { return .needs(missing.map(\.name)) }
    return conversation == nil ? .notWalked : .walked
  }

  /// The stages of the capabilities, in the order of their registry. The compiler asks for a line
  /// where the registry has a new one.
  static let capabilities = Capability.allCases.map(stage)

  private static func stage(_ capability: Capability) -> Stage {
    switch capability {
    case .messages: Stage(capability, MessageStages.messages)
    case .clock: Stage(capability, ElectionStages.clock)
    case .timeout: Stage(capability, ElectionStages.timeout)
    case .election: Stage(capability, needs: [.timeout], ElectionStages.election)
    case .campaign: Stage(capability, ElectionStages.campaign)
    case .lapse: Stage(capability, needs: [.messages], ElectionStages.lapse)
    case .beat: Stage(capability, needs: [.election], ElectionStages.beat)
    case .preVote: Stage(capability, needs: [.timeout], ElectionStages.preVote)
    case .checkQuorum: Stage(capability, needs: [.election, .clock], ElectionStages.checkQuorum)
    case .unsolicitedResponses:
      Stage(capability, needs: [.messages], MessageStages.unsolicitedResponses)
    case .duplicatedMessages: Stage(capability, needs: [.timeout], MessageStages.duplicates)
    case .reorderedMessages:
      Stage(capability, needs: [.election, .propose], MessageStages.reordering)
    case .propose: Stage(capability, needs: [.election], LogStages.propose)
    case .results: Stage(capability, needs: [.election, .propose, .beat], LogStages.results)
    case .readLog: Stage(capability, LogStages.readLog)
    case .readVote: Stage(capability, LogStages.readVote)
    case .readLedger: Stage(capability, needs: [.messages], LogStages.readLedger)
    case .appendLimit: Stage(capability, needs: [.election, .propose], LogStages.appendLimit)
    case .appendLimitBytes:
      Stage(capability, needs: [.election, .propose], LogStages.appendLimitBytes)
    case .inflightLimit: Stage(capability, needs: [.election, .propose], LogStages.inflightLimit)
    case .heldEntries: Stage(capability, needs: [.messages], StorageStages.heldEntries)
    case .heldVote: Stage(capability, needs: [.messages], StorageStages.heldVote)
    case .heldSync: Stage(capability, needs: [.messages], StorageStages.heldSync)
    case .storageFault: Stage(capability, needs: [.messages], StorageStages.storageFault)
    case .crash: Stage(capability, StorageStages.crash)
    case .tornCrash: Stage(capability, needs: [.crash], StorageStages.tornCrash)
    case .crashPoints: Stage(capability, needs: [.crash, .messages], StorageStages.crashPoints)
    case .wipedDisk: Stage(capability, needs: [.crash], StorageStages.wipedDisk)
    case .heldApply: Stage(capability, needs: [.messages, .readLedger], StorageStages.heldApply)
    case .snapshot: Stage(capability, needs: [.messages, .readLedger], ClusterStages.snapshot)
    case .heldSnapshot:
      Stage(capability, needs: [.snapshot, .messages, .readLedger], ClusterStages.heldSnapshot)
    case .readConfiguration: Stage(capability, ClusterStages.readConfiguration)
    case .configurationSimple: Stage(capability, needs: [.election], ClusterStages.simpleChange)
    case .configurationJoint: Stage(capability, needs: [.election], ClusterStages.jointChange)
    case .transfer: Stage(capability, needs: [.election], ClusterStages.transfer)
    case .readIndex: Stage(capability, needs: [.election, .beat], ClusterStages.readIndex)
    case .readForward: Stage(capability, needs: [.election, .beat], ClusterStages.readForward)
    case .corruptStorage, .snapshotChunks, .learners, .readLease, .links, .kv:
      Stage(capability, nil)
    }
  }
}
