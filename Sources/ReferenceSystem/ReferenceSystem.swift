import AdapterProtocol
import RaftCore
import RaftStorage
import RaftTypes

/// The reference core on the reference storage, under the suite: answers the adapter protocol.
///
/// Each node is a core, a `MemoryStorage` and a state machine that appends to a list. Nothing
/// happens but what is asked for, and equal requests after one `begin` get equal answers. A request
/// that can't be understood is answered with an error, and changes nothing.
///
/// - A storage that fails or has no room halts its node; so does a write that is completed with a
///   failure. The operation is answered `halted`, and `restart` opens the storage again with what
///   was durable.
/// - Of a node that is dead, every operation but `restart` is answered `halted`; a message to it is
///   gone. A halted node can also be crashed.
public final class ReferenceSystem {
  private var trace: TraceState
  private let media: any MediaMaker
  private let identity: Implementation

  /// What the servers' disks are.
  public enum Disks: Sendable, CaseIterable {
    /// The reference storage.
    case memory
    /// Write-ahead logs in files of this machine, in a temporary folder that goes with the system.
    case files
  }

  /// A system without nodes.
  public init(disks: Disks = .memory) {
    media =
      switch disks {
      case .memory: MemoryMedia()
      case .files: FileMedia()
      }
    identity = Self.implementation(on: disks)
    trace = TraceState(seed: 0, media: media)
  }

  /// Answers one request.
  public func perform(_ request: Request) -> Answer {
    do throws(Refusal) {
      return .ok(try result(of: request))
    } catch {
      return error.answer
    }
  }

  private func result(of request: Request) throws(Refusal) -> OperationResult {
    switch request {
    case .hello(let protocols, _):
      guard protocols.contains(identity.protocolVersion) else {
        throw .malformed("of the protocols \(protocols) none is spoken here; 1 is")
      }
      var result = OperationResult()
      result.implementation = identity
      return result
    case .begin(_, let seed):
      clear(seed: seed)
      return OperationResult()
    case .end, .bye:
      clear(seed: 0)
      return OperationResult()
    case .create(let specification): return try trace.create(specification)
    case .timeout(let node): return try trace.step(.electionTimeout, of: node)
    case .campaign(let node): return try trace.step(.campaign, of: node)
    case .lapse(let node): return try trace.step(.leaderLapsed, of: node)
    case .beat(let node): return try trace.beat(node)
    case .tick(let node, let times): return try trace.tick(node, times: times)
    case .receive(let node, let from, let message):
      return try trace.receive(message, from: from, at: node)
    case .deliver(let handle): return try trace.deliver(handle)
    case .drop(let handle): return try trace.drop(handle)
    case .duplicate(let handle): return try trace.duplicate(handle)
    case .propose(let node, let data): return try trace.propose(data, to: node)
    case .hold(let node, let target): return try trace.hold(target, at: node)
    case .release(let node, let target): return try trace.release(target, at: node)
    case .complete(let node, let extent, let fails):
      return try trace.complete(extent, at: node, fails: fails)
    case .storageFault(let node, let fault): return try trace.plan(fault, at: node)
    case .crash(let node, let unsynced, let wipesDisk):
      return try trace.crash(node, unsynced: unsynced, wipesDisk: wipesDisk)
    case .corrupt(let node, let corruption): return try trace.corrupt(corruption, at: node)
    case .restart(let node): return try trace.restart(node)
    case .snapshot(let node): return try trace.snapshot(node)
    case .compact(let node, let upTo): return try trace.step(.compact(upTo: upTo), of: node)
    case .configure(let node, let change): return try trace.configure(change, at: node)
    case .read(let node, let id): return try trace.read(id, at: node)
    case .transfer(let node, let target): return try trace.transfer(from: node, to: target)
    case .state(let node, let want): return try trace.state(of: node, want: want)
    case .unknown(let operation):
      throw .unsupported(
        capability: operation, reason: "there is no operation '\(operation)' in protocol 1")
    }
  }

  /// All nodes, messages and disks are gone.
  private func clear(seed: UInt64) {
    trace = TraceState(seed: seed, media: media)
    media.discardAll()
  }
}
