import RaftTypes

/// The roles and lives of servers, followed from row to row.
struct LaneStates {
  private(set) var roles: [NodeRole]
  private(set) var alive: [Bool]

  init(_ lanes: [Diagram.Lane]) {
    roles = lanes.map(\.startRole)
    alive = lanes.map(\.startsAlive)
  }

  mutating func take(_ marks: [Mark], at lane: Int) {
    for mark in marks {
      switch mark {
      case .became(let role, _):
        roles[lane] = role
      case .crashed, .halted:
        alive[lane] = false
      case .restarted:
        alive[lane] = true
        roles[lane] = .follower
      case .committed, .applied, .timeout, .ticked, .proposed, .storage, .noted:
        break
      }
    }
  }
}
