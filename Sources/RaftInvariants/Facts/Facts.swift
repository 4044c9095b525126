import RaftTypes

/// What is known of the cluster as a whole.
struct Facts: Sendable {
  /// Every entry that anybody showed.
  var ledger = Ledger()
  /// What is known of each committed index, as the first server to commit it showed it; index i at
  /// place i - 1.
  private(set) var committed: [CommittedEntry] = []
  /// The committed commands, in order, up to `countedThrough`.
  private(set) var commands: [[UInt8]] = []
  /// The last committed index up to which the number of commands is known.
  private(set) var countedThrough = 0
  /// The last committed index whose entry nobody has shown, because snapshots cover it.
  private(set) var lastUnshown = 0
  /// The committed configurations, by ascending index.
  private(set) var configurations: [(index: Int, configuration: Configuration?)] = []

  /// How far a snapshot may lie ahead of everything committed for its content to be looked at.
  private static var reach: Int { 1 << 16 }

  /// The last index known to be committed, where logs are seen.
  var end: Int { committed.count }

  /// What is known of a committed index.
  func committed(at index: LogIndex) -> CommittedEntry? {
    guard index > .zero, index.rawValue <= UInt64(committed.count) else { return nil }
    return committed[Int(index.rawValue) - 1]
  }

  // MARK: Entries

  /// A server is the first to commit the entry behind all that are.
  mutating func commit(_ number: EntryNumber, in term: Term, by server: ServerID) {
    committed.append(
      CommittedEntry(
        number: number, entryTerm: ledger.term(number), term: term, server: server))
    let index = committed.count
    if ledger.kind(number) == .configuration { note(number, at: index) }
    guard countedThrough == index - 1 else { return }
    if ledger.isCommand(number) { commands.append(ledger.entry(number).payload) }
    committed[index - 1].commands = commands.count
    countedThrough = index
  }

  /// Shows the entry of a committed index of which only a snapshot told so far.
  mutating func show(_ number: EntryNumber, at index: Int) -> Contradiction? {
    let known = committed[index - 1]
    if let term = known.entryTerm, term != ledger.term(number) {
      return .position(LogPosition(index: LogIndex(UInt64(index)), term: term), known.server)
    }
    committed[index - 1].number = number
    committed[index - 1].entryTerm = ledger.term(number)
    while lastUnshown > 0, committed[lastUnshown - 1].number != nil { lastUnshown -= 1 }
    if ledger.kind(number) == .configuration { note(number, at: index) }
    return count(from: index)
  }

  private mutating func note(_ number: EntryNumber, at index: Int) {
    let place = configurations.lastIndex { $0.index < index }.map { $0 + 1 } ?? 0
    let payload = ledger.entry(number).payload
    configurations.insert((index, try? Configuration(decoding: payload)), at: place)
  }

  /// Counts the commands from an index on, as far as the entries are known.
  private mutating func count(from first: Int) -> Contradiction? {
    var index = first
    while index <= committed.count, let number = committed[index - 1].number,
      let before = index == 1 ? 0 : committed[index - 2].commands
    {
      let isCommand = ledger.isCommand(number)
      if isCommand {
        let payload = ledger.entry(number).payload
        if index > countedThrough {
          commands.append(payload)
        } else if before == commands.count {
          return .count(
            LogIndex(UInt64(index)), given: before + 1, known: before, holder(of: index))
        } else if commands[before] != payload {
          return .command(before + 1, given: payload, known: commands[before], holder(of: index))
        }
      }
      let counted = isCommand ? before + 1 : before
      if let known = committed[index - 1].commands {
        guard known != counted else { return nil }
        return .count(LogIndex(UInt64(index)), given: counted, known: known, holder(of: index))
      }
      committed[index - 1].commands = counted
      countedThrough = max(countedThrough, index)
      index += 1
    }
    return nil
  }

  /// The server whose snapshot told how many commands there are up to an index or beyond.
  private func holder(of index: Int) -> ServerID {
    committed[(index - 1)...].first { $0.isOfSnapshot }?.server ?? committed[index - 1].server
  }

  // MARK: Snapshots

  /// A snapshot says that everything up to its position is committed, and what it comes to.
  ///
  /// - Returns: what it contradicts, if anything.
  mutating func learn(
    _ snapshot: ObservedSnapshot, in term: Term, from server: ServerID
  ) -> Contradiction? {
    let position = snapshot.position
    guard position.index > .zero, position.index.rawValue < UInt64(committed.count + Self.reach)
    else { return nil }
    let index = Int(position.index.rawValue)
    if index > committed.count {
      lastUnshown = index
      let unshown = CommittedEntry(
        number: nil, entryTerm: nil, term: term, server: server, isOfSnapshot: true)
      committed.append(
        contentsOf: repeatElement(unshown, count: index - committed.count))
    }
    if let known = committed[index - 1].entryTerm {
      guard known == position.term else {
        return .position(
          LogPosition(index: position.index, term: known), committed[index - 1].server)
      }
    } else {
      committed[index - 1].entryTerm = position.term
    }
    if let contradiction = learn(snapshot.configuration, at: index) { return contradiction }
    return snapshot.commands.flatMap { learn($0, at: index, from: server) }
  }

  private mutating func learn(
    _ given: [[UInt8]], at index: Int, from server: ServerID
  ) -> Contradiction? {
    for place in 0..<min(given.count, commands.count) where given[place] != commands[place] {
      return .command(
        place + 1, given: given[place], known: commands[place], committed[index - 1].server)
    }
    let known = committed[index - 1].commands
    let bound = index > countedThrough ? nil : commands.count
    let tooFew = index > countedThrough && given.count < commands.count
    if let wrong = known ?? bound.flatMap({ given.count > $0 ? $0 : nil })
      ?? (tooFew ? commands.count : nil), wrong != given.count
    {
      return .count(
        LogIndex(UInt64(index)), given: given.count, known: wrong, committed[index - 1].server)
    }
    guard known == nil else { return nil }
    committed[index - 1].commands = given.count
    guard index > countedThrough else { return nil }
    commands = given
    countedThrough = index
    return count(from: index + 1)
  }

  private mutating func learn(_ given: Configuration?, at index: Int) -> Contradiction? {
    guard let given else { return nil }
    let place = configurations.lastIndex { $0.index <= index }
    let isComplete = lastUnshown <= (place.map { configurations[$0].index } ?? 0)
    guard let place, isComplete else {
      let isLater = place.map { configurations[$0].index < index } ?? true
      if isLater { configurations.insert((index, given), at: place.map { $0 + 1 } ?? 0) }
      return nil
    }
    guard let known = configurations[place].configuration, known != given else { return nil }
    let server = committed[index - 1].server
    return .configuration(given: given, known: known, server)
  }
}

/// What is known of an index that some server committed.
struct CommittedEntry: Sendable {
  /// The entry; `nil` while only a snapshot is known to cover it.
  var number: EntryNumber?
  /// The entry's term, where it is known.
  var entryTerm: Term?
  /// The term of the server that was the first to commit it. The leader that committed it was of
  /// this term or an earlier one.
  let term: Term
  let server: ServerID
  /// Whether it was a snapshot that told first that the index is committed.
  var isOfSnapshot = false
  /// How many commands there are up to this index, where that is known.
  var commands: Int?
}

/// What two who speak of the same committed entries do not agree on. The server is the one that was
/// the first to tell it.
enum Contradiction {
  /// The entry at an index is of this position.
  case position(LogPosition, ServerID)
  /// The command of this number, from 1, is another one.
  case command(Int, given: [UInt8], known: [UInt8], ServerID)
  /// The number of commands up to an index.
  case count(LogIndex, given: Int, known: Int, ServerID)
  /// The configuration.
  case configuration(given: Configuration, known: Configuration, ServerID)
}

/// What the checkers found, and how many comparisons they made for it.
struct Findings: Sendable {
  var violations: [Violation] = []
  var comparisons = 0
}
