import RaftTypes

/// The servers of a trace by name and by number.
///
/// The names that come first are numbered in ascending order, from 0; one that turns up later gets
/// the next number.
struct Roster {
  private var names: [NodeName] = []
  private var numbers: [NodeName: ServerID] = [:]

  /// Numbers those of the servers that have no number yet.
  mutating func admit(_ servers: [NodeName]) {
    for server in servers.sorted() where numbers[server] == nil {
      numbers[server] = ServerID(UInt64(names.count))
      names.append(server)
    }
  }

  /// The number of a server, which gets one if it has none.
  mutating func id(of server: NodeName) -> ServerID {
    admit([server])
    guard let id = numbers[server] else { preconditionFailure("a server was not admitted") }
    return id
  }

  /// The name of a server that was numbered here.
  func name(of id: ServerID) -> NodeName { names[Int(id.rawValue)] }
}
