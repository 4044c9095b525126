import RaftCore
import RaftTypes

/// Three nodes in memory, driven by one thread: the shell that the core's speed is measured with.
///
/// Payloads are copied into a message's buffer when it is sent and into the receiver's slab when it
/// is stored. Each write completes at once, as an input of its own.
struct SwiftCluster: ~Copyable {
  static let size = 3
  /// Entries a slab holds; older ones are overwritten, as after a compaction.
  private static let slabEntries = 1 << 14
  /// Payloads that messages on their way can hold.
  private static let wireEntries = 1 << 12
  private static let queueCapacity = 1 << 10

  private let nodes: UnsafeMutablePointer<Node>
  private let slabs: [UnsafeMutablePointer<Payload>]
  private let ledgers: UnsafeMutablePointer<Ledger>
  /// The entry that the only leader's term starts with: no command, and so not applied.
  private static let internalEntry = LogIndex(1)
  private let wire: UnsafeMutablePointer<Payload>
  private var wireEnd = 0
  /// The messages on their way, and where each one's payloads lie on the wire: rings.
  private let queue: UnsafeMutablePointer<Message>
  private let queuedBytes: UnsafeMutablePointer<Int>
  private var head = 0
  private var tail = 0
  private var effects = Effects()
  /// Steps taken so far by all nodes.
  private(set) var steps = 0

  init(settings: Settings) {
    let ids = (1...UInt64(Self.size)).map { ServerID($0) }
    nodes = .allocate(capacity: Self.size)
    ledgers = .allocate(capacity: Self.size)
    ledgers.initialize(repeating: Ledger(), count: Self.size)
    slabs = ids.map { _ in
      let slab = UnsafeMutablePointer<Payload>.allocate(capacity: Self.slabEntries)
      slab.initialize(repeating: Payload(0), count: Self.slabEntries)
      return slab
    }
    wire = .allocate(capacity: Self.wireEntries)
    wire.initialize(repeating: Payload(0), count: Self.wireEntries)
    queue = .allocate(capacity: Self.queueCapacity)
    queuedBytes = .allocate(capacity: Self.queueCapacity)
    queuedBytes.initialize(repeating: 0, count: Self.queueCapacity)
    for place in 0..<Self.size {
      let boot = BootState(
        id: ids[place], configuration: Configuration(voters: ids), seed: UInt64(place))
      (nodes + place).initialize(to: Node(boot, settings: settings))
    }
    step(0, .campaign)
    turn()
    precondition(nodes[0].role == .leader, "the first node was not elected")
  }

  deinit {
    nodes.deinitialize(count: Self.size)
    nodes.deallocate()
    ledgers.deallocate()
    for slab in slabs { slab.deallocate() }
    wire.deallocate()
    queue.deallocate()
    queuedBytes.deallocate()
  }

  func ledger(_ place: Int) -> Ledger { ledgers[place] }

  /// Proposes `count` payloads in one input, numbered from `first` on.
  @inline(__always)
  mutating func propose(_ first: UInt64, count: Int) {
    step(0, .propose(count: count), proposal: first)
  }

  /// Lets the leader send, and delivers until nothing is on its way.
  mutating func turn() {
    step(0, .flush)
    while head != tail {
      while head != tail { deliver() }
      step(0, .flush)
    }
  }

  /// One heartbeat of the leader, to its followers and back.
  mutating func heartbeat() {
    step(0, .heartbeatTimeout)
    turn()
  }

  /// Passes a tick on a follower.
  @inline(__always)
  mutating func tickFollower() {
    effects.reset()
    nodes[1].step(.tick, into: &effects)
  }

  private mutating func deliver() {
    let place = head % Self.queueCapacity
    let receiver = Int(queue[place].to.rawValue) - 1
    head += 1
    step(receiver, .receive((queue + place).move()), bytes: queuedBytes[place])
  }

  /// Takes a step and drains its effects in their order.
  @inline(__always)
  private mutating func step(
    _ place: Int, _ input: Input, bytes: Int = 0, proposal: UInt64 = 0
  ) {
    effects.reset()
    nodes[place].step(input, into: &effects)
    steps += 1
    let hardState = effects.hardState
    let append = effects.append
    if let append { store(append, at: place, bytes: bytes, proposal: proposal) }
    if !effects.messages.isEmpty { send(from: place) }
    if !effects.apply.isEmpty { apply(effects.apply, at: place) }
    if let hardState { complete(.hardStatePersisted(hardState), at: place) }
    if let append { complete(.appendPersisted(append.ticket), at: place) }
  }

  /// Tells a node that a write is durable, and drains what follows.
  private mutating func complete(_ write: Input, at place: Int) {
    effects.reset()
    nodes[place].step(write, into: &effects)
    steps += 1
    if let append = effects.append {
      // A single election starts the run, and its first entry is the only one of its kind.
      store(append, at: place, bytes: 0, proposal: 0)
      complete(.appendPersisted(append.ticket), at: place)
      return
    }
    if !effects.messages.isEmpty { send(from: place) }
    if !effects.apply.isEmpty { apply(effects.apply, at: place) }
  }

  private mutating func store(_ append: Append, at place: Int, bytes: Int, proposal: UInt64) {
    let slab = slabs[place]
    let first = append.range.first
    switch append.source {
    case .internalEntry:
      precondition(first == Self.internalEntry, "a second election")
    case .proposal:
      for offset in 0..<append.range.count {
        slab[slot(first + offset)] = Payload(proposal &+ UInt64(offset))
      }
    case .message(let skip):
      for offset in 0..<append.range.count {
        slab[slot(first + offset)] = wire[bytes + skip + offset]
      }
    }
  }

  private func slot(_ index: LogIndex) -> Int {
    Int(truncatingIfNeeded: index.rawValue) & (Self.slabEntries - 1)
  }

  /// Puts the messages of a step on the wire, in their order; they are moved, not copied.
  private mutating func send(from place: Int) {
    let count = effects.messages.count
    precondition(tail + count - head <= Self.queueCapacity, "too many messages on their way")
    var left = count
    while let message = effects.messages.popLast() {
      left -= 1
      var bytes = 0
      if case .appendEntries(let request) = message.body, !request.entries.isEmpty {
        bytes = copyToWire(request.prevLogIndex.next, count: request.entries.count, from: place)
      }
      let slot = (tail + left) % Self.queueCapacity
      queuedBytes[slot] = bytes
      (queue + slot).initialize(to: message)
    }
    tail += count
  }

  private mutating func copyToWire(_ first: LogIndex, count: Int, from place: Int) -> Int {
    if wireEnd + count > Self.wireEntries { wireEnd = 0 }
    let start = wireEnd
    let slab = slabs[place]
    for offset in 0..<count { wire[start + offset] = slab[slot(first + offset)] }
    wireEnd += count
    return start
  }

  private mutating func apply(_ range: LogRange, at place: Int) {
    let slab = slabs[place]
    for offset in 0..<range.count {
      let index = range.first + offset
      if index != Self.internalEntry { ledgers[place].apply(slab[slot(index)]) }
    }
  }
}
