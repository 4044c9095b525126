import RaftTypes
import TraceFormat

/// The verbs of links. A cut loses what is on its way over it; what a hold caught survives.
extension Execution {
  mutating func performLinks(_ action: Action) {
    switch action {
    case .partition(let groups):
      let grouped = Set(groups.flatMap { $0 })
      let rest = world.servers.filter { !grouped.contains($0) }
      for (place, group) in groups.enumerated() {
        let others = groups.enumerated().filter { $0.offset != place }.flatMap(\.element) + rest
        cut(between: group, and: others)
      }
      world.record(.linksChanged("partition"))
    case .isolate(let node):
      cut(between: [node], and: world.servers.filter { $0 != node })
      world.record(.linksChanged("\(node) is cut off"))
    case .cut(let from, let to):
      cut(Network.Link(from: from, to: to))
      world.record(.linksChanged("\(from) to \(to) is cut"))
    case .heal(let between):
      world.network.heal { link in
        guard let between else { return true }
        return between.contains(link.from) && between.contains(link.to)
      }
      world.record(.linksChanged("healed"))
    default:
      preconditionFailure("performLinks was given a verb of another group")
    }
  }

  private mutating func cut(between group: [NodeName], and others: [NodeName]) {
    for a in group {
      for b in others {
        cut(Network.Link(from: a, to: b))
        cut(Network.Link(from: b, to: a))
      }
    }
  }

  private mutating func cut(_ link: Network.Link) {
    world.network.cut(link)
    for flight in world.network.takeAll(where: { $0.from == link.from && $0.to == link.to }) {
      world.lose(flight)
    }
  }
}
