import AdapterProtocol
import RaftTypes

/// A message that a real node sent and nobody received yet.
struct Flight {
  var handle: MessageHandle
  var from: NodeName
  var to: NodeName
  /// The link it takes: the places of its ends among the real nodes; `nil` to a peer.
  var link: LinkPlaces?
  var message: WireMessage
  /// The number that diagrams follow it by.
  var number: Int
  /// The operation that emitted it, counted over the run; a copy's own later one.
  var emitted: Int
}

/// A link by the places of its ends among the real nodes.
struct LinkPlaces: Hashable {
  var from: Int
  var to: Int
}

/// The messages on their way and the links they take. The runner is the network: an implementation
/// only keeps the bytes behind each handle.
struct Network {
  /// Messages that can be delivered, in delivery order: oldest first; of one operation, by receiver.
  private(set) var inFlight: [Flight] = []
  /// Messages caught by a hold, in order.
  private(set) var held: [Flight] = []
  /// Messages to peers, which only hand-written answers can consume, in order.
  private(set) var toPeers: [Flight] = []
  /// Messages taken off the network under a name.
  var captured: [String: Flight] = [:]
  /// Links that lose everything, by direction.
  private(set) var cuts: Set<Link> = []
  private var holds: [(Flight) -> Bool] = []
  /// How many messages are in flight on each link, by `from * nodes + to`.
  private(set) var counts: [Int]
  private let nodes: Int

  init(nodes: Int) {
    self.nodes = nodes
    counts = [Int](repeating: 0, count: nodes * nodes)
  }

  /// One direction between two servers.
  struct Link: Hashable {
    var from: NodeName
    var to: NodeName
  }

  func isCut(_ from: NodeName, _ to: NodeName) -> Bool {
    cuts.contains(Link(from: from, to: to))
  }

  /// Puts a message on its way, or into a hold that waits for it.
  mutating func send(_ flight: Flight) {
    if holds.contains(where: { $0(flight) }) {
      held.append(flight)
    } else {
      append(flight)
    }
  }

  private mutating func append(_ flight: Flight) {
    inFlight.append(flight)
    if let link = flight.link { counts[link.from * nodes + link.to] += 1 }
  }

  /// How many messages are in flight on a link.
  func count(_ link: LinkPlaces) -> Int { counts[link.from * nodes + link.to] }

  /// Where the nth message of a link stands among those in flight, from 0; `nil` where there are
  /// fewer.
  func offset(of link: LinkPlaces, nth: Int) -> Int? {
    guard nth < count(link) else { return nil }
    var left = nth
    for place in inFlight.indices where inFlight[place].link == link {
      if left == 0 { return place }
      left -= 1
    }
    return nil
  }

  /// Keeps a message to a peer until it is answered.
  mutating func sendToPeer(_ flight: Flight) {
    toPeers.append(flight)
  }

  /// Takes the message at `offset` of those in flight.
  mutating func take(at offset: Int) -> Flight {
    let flight = inFlight.remove(at: offset)
    if let link = flight.link { counts[link.from * nodes + link.to] -= 1 }
    return flight
  }

  /// Takes all messages in flight that match.
  mutating func takeAll(where matches: (Flight) -> Bool) -> [Flight] {
    let taken = inFlight.filter(matches)
    inFlight.removeAll(where: matches)
    for flight in taken {
      if let link = flight.link { counts[link.from * nodes + link.to] -= 1 }
    }
    return taken
  }

  /// Takes the oldest message to a peer that matches.
  mutating func takeToPeer(where matches: (Flight) -> Bool) -> Flight? {
    guard let offset = toPeers.firstIndex(where: matches) else { return nil }
    return toPeers.remove(at: offset)
  }

  /// Catches matching messages, those in flight and later ones, until `release`.
  mutating func hold(where matches: @escaping (Flight) -> Bool) {
    held += takeAll(where: matches)
    holds.append(matches)
  }

  /// Puts held messages that match back on their way, at the tail, and ends every hold that would
  /// catch one of them again; without any held message, all holds end.
  mutating func release(where matches: (Flight) -> Bool) {
    let released = held.filter(matches)
    held.removeAll(where: matches)
    holds.removeAll { hold in released.isEmpty || released.contains(where: hold) }
    for flight in released { append(flight) }
  }

  mutating func releaseAll() {
    for flight in held { append(flight) }
    held = []
    holds = []
  }

  mutating func cut(_ link: Link) {
    cuts.insert(link)
  }

  mutating func heal(where matches: (Link) -> Bool) {
    cuts = cuts.filter { !matches($0) }
  }
}
