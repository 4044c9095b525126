import RaftTypes

/// Configurations: those in logs, and those in force.
extension InvariantChecker {
  /// A life starts from the configurations that storage holds.
  mutating func startConfigurations(
    _ place: Int, from original: Configuration?, _ storage: ObservedStorage
  ) {
    servers[place].configurations.start(from: original)
    var index = storage.base
    for entry in storage.log {
      index = index.next
      if entry.kind == .configuration {
        servers[place].configurations.append(entry, at: Int(index.rawValue))
      }
    }
    if let snapshot = storage.snapshot {
      servers[place].configurations.restore(
        snapshot.configuration, through: Int(clamping: snapshot.position.index.rawValue))
    }
  }

  mutating func append(configuration entry: ObservedEntry, at index: LogIndex, to place: Int) {
    servers[place].configurations.append(entry, at: Int(index.rawValue))
    openConfigurations(of: place)
    guard let term = servers[place].leads, observing.contains(.commits) else { return }
    appendedConfigurations.append((place, Int(index.rawValue), term))
  }

  mutating func use(_ configuration: Configuration, by place: Int) {
    settle()
    servers[place].configurations.inForce = configuration
    openConfigurations(of: place)
  }

  /// What a server may use has changed.
  mutating func openConfigurations(of place: Int) {
    guard seesLogs, servers[place].configurations.inForce != nil,
      !openConfigurations.contains(place)
    else { return }
    openConfigurations.append(place)
  }

  /// Compares what has changed since violations were last taken.
  mutating func compareConfigurations() {
    for (place, index, term) in appendedConfigurations where servers[place].leads == term {
      oneConfigurationChange.appended(at: index, by: servers[place], &findings)
    }
    appendedConfigurations.removeAll(keepingCapacity: true)
    for place in openConfigurations {
      configurationInForce.compare(servers[place], &findings)
    }
    openConfigurations.removeAll(keepingCapacity: true)
  }
}
