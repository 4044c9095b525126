import AdapterProtocol
import RaftTypes

/// The names of a trace: servers by name and by number, and the tokens of reads.
///
/// The servers' names that come first are numbered in ascending order, from 0; one that turns up later gets
/// the next number.
struct Roster {
  private var names: [NodeName] = []
  private var numbers: [NodeName: ServerID] = [:]
  /// The tokens of reads.
  var contexts = Contexts()

  /// Numbers those of the servers that have no number yet.
  mutating func admit(_ servers: [NodeName]) {
    for server in servers.sorted() where numbers[server] == nil {
      numbers[server] = ServerID(UInt64(names.count))
      names.append(server)
    }
  }

  /// The number of a server, which gets one if it has none.
  mutating func id(of server: NodeName) -> ServerID {
    if let id = numbers[server] { return id }
    let id = ServerID(UInt64(names.count))
    numbers[server] = id
    names.append(server)
    return id
  }

  /// The name of a server that was numbered here.
  func name(of id: ServerID) -> NodeName { names[Int(id.rawValue)] }
}

// Configurations, in the words of the core and in those of the protocol.
extension Roster {
  /// The configuration by numbers, which servers that have none get.
  mutating func configuration(_ wire: WireConfiguration) -> Configuration {
    Configuration(
      voters: ids(of: wire.voters), outgoing: ids(of: wire.outgoing),
      learners: ids(of: wire.learners), learnersNext: ids(of: wire.learnersNext))
  }

  /// The numbers of servers, each once.
  mutating func ids(of servers: [NodeName]) -> [ServerID] {
    var ids: Set<ServerID> = []
    for server in servers { ids.insert(id(of: server)) }
    return ids.sorted()
  }

  /// The configuration by names. Numbers that were never given out are left away: they come from
  /// bytes that somebody else made.
  func wire(_ configuration: Configuration) -> WireConfiguration {
    WireConfiguration(
      voters: known(configuration.voters), outgoing: known(configuration.outgoing),
      learners: known(configuration.learners), learnersNext: known(configuration.learnersNext))
  }

  private func known(_ ids: [ServerID]) -> [NodeName] {
    ids.compactMap { id in
      id.rawValue < UInt64(names.count) ? names[Int(id.rawValue)] : nil
    }
  }
}
