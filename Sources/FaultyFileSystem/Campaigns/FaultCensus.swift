import RaftStorage
import RaftTypes
import RaftWAL

/// Damages a log in every way of a kind, one after the other, and counts what opening it makes of it.
public struct FaultCensus: Sendable {
  /// One kind of damage, and what became of its cases.
  public struct Row: Sendable {
    /// The kind of damage.
    public var fault: String
    /// How many ways of it were tried.
    public var cases = 0
    /// Nothing was missing or changed, and the log said nothing else.
    public var intact = 0
    /// A batch that was never synced was cut off.
    public var cut = 0
    /// The log said that acknowledged entries may be missing.
    public var uncertain = 0
    /// The log refused to open.
    public var refused = 0
    /// What must never happen; empty where all is well.
    public var violations: [String] = []
  }

  /// What a kind of damage may lead to.
  private enum Promise {
    /// Everything was acknowledged: all of it, or a refusal, or a log that says so.
    case acknowledged
    /// The last batch was not: a beginning of it is there, and the log opens.
    case unsynced(base: LogContents)
  }

  private let options: WALOptions
  /// The log after its last batch was synced and sealed.
  private let sealed: ModelDisk
  private let contents: LogContents
  /// The log with its last batch written and not synced.
  private let unsynced: ModelDisk
  private let contentsBefore: LogContents
  private let contentsAfter: LogContents

  /// Makes a log of entries that are each synced, a snapshot among them, over several segments.
  ///
  /// - Throws: what the log throws; nothing is wrong with this disk.
  public init(entries count: Int = 40, payloadBytes: Int = 200, segmentBytes: Int = 4096) throws {
    var options = CrashMatrix.options
    options.segmentBytes = segmentBytes
    self.options = options
    let files = FaultyFileSystem()
    let log = try WriteAheadLog.open(options, files: files)
    _ = try log.write(HardState(term: Term(1), votedFor: ServerID(1)))
    for index in 1...UInt64(count) {
      _ = try log.append([Self.entry(index, bytes: payloadBytes)])
      try log.sync()
      if index == 3 {
        let position = LogPosition(index: LogIndex(2), term: Term(1))
        let configuration = Configuration(voters: [ServerID(1), ServerID(2), ServerID(3)])
        _ = try log.write(
          Snapshot(position: position, configuration: configuration, data: Array(0..<100)))
      }
    }
    contents = try LogContents(of: log)
    log.close()
    sealed = files.disk

    let next = FaultyFileSystem(sealed)
    let reopened = try WriteAheadLog.open(options, files: next)
    contentsBefore = try LogContents(of: reopened)
    let first = UInt64(count) + 1
    _ = try reopened.append((first..<first + 4).map { Self.entry($0, bytes: payloadBytes) })
    contentsAfter = try LogContents(of: reopened)
    try reopened.crash(leaving: .kept)
    unsynced = next.disk
  }

  private static func entry(_ index: UInt64, bytes: Int) -> Entry {
    let payload = (0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ Int(index)) }
    return Entry(index: LogIndex(index), term: Term(1), payload: payload)
  }

  /// The files that damage is done to.
  private var paths: [String] {
    sealed.paths.filter { $0.hasSuffix(".wal") || $0.hasSuffix(".snap") }
  }

  private var segments: [String] { paths.filter { $0.hasSuffix(".wal") } }

  private func size(_ path: String) -> Int { sealed.contents(of: path)?.count ?? 0 }

  /// Every kind of damage.
  ///
  /// - Parameter isReduced: tries one bit of each byte that was written, and of the rest one way in
  ///   several.
  public func run(isReduced: Bool = false) -> [Row] {
    [
      bitsFlipped(isReduced: isReduced), sectorsZeroed(), sectorsDuplicated(isReduced: isReduced),
      segmentsCut(isReduced: isReduced), filesMissing(), tailZeroed(), tailSubsets(),
    ]
  }

  /// One bit flipped: of records, padding and the zeros behind them, in segments and snapshot.
  public func bitsFlipped(isReduced: Bool) -> Row {
    var row = Row(fault: "one bit flipped, each bit in turn")
    for path in paths {
      let bytes = isReduced ? sealed.writtenBytes(of: path)?.count ?? 0 : size(path)
      for byte in 0..<bytes {
        for bit in isReduced ? byte % 8..<byte % 8 + 1 : 0..<8 {
          var disk = sealed
          disk.flipBit(byte * 8 + bit, of: path)
          judge(disk, .acknowledged, &row, "bit \(bit) of byte \(byte) of \(path)")
        }
      }
    }
    return row
  }

  /// One sector of zeros.
  public func sectorsZeroed() -> Row {
    var row = Row(fault: "one \(ModelDisk.sectorBytes)-byte sector zeroed")
    for path in paths {
      for sector in sectors(path) {
        var disk = sealed
        disk.zero(sector, of: path)
        judge(disk, .acknowledged, &row, "bytes \(sector) of \(path)")
      }
    }
    return row
  }

  /// One sector written over another.
  public func sectorsDuplicated(isReduced: Bool) -> Row {
    var row = Row(fault: "one sector written over another, each pair")
    var number = 0
    for source in paths {
      let bytes = sealed.contents(of: source) ?? []
      for from in sectors(source) {
        for path in paths {
          for to in sectors(path) where path != source || from != to {
            number += 1
            if isReduced && number % 3 != 0 { continue }
            var disk = sealed
            disk.overwrite(path, at: to.lowerBound, with: bytes[from].prefix(to.count))
            judge(disk, .acknowledged, &row, "\(source) \(from) over \(path) \(to)")
          }
        }
      }
    }
    return row
  }

  /// A file cut at each length.
  public func segmentsCut(isReduced: Bool) -> Row {
    var row = Row(fault: "a segment or snapshot cut, at each length")
    for path in paths {
      for length in stride(from: 0, to: size(path), by: isReduced ? 29 : 1) {
        var disk = sealed
        disk.cut(path, to: length)
        judge(disk, .acknowledged, &row, "\(path) cut to \(length)")
      }
    }
    return row
  }

  /// A file missing.
  public func filesMissing() -> Row {
    var row = Row(fault: "a segment or snapshot missing")
    for path in paths {
      var disk = sealed
      disk.delete(path)
      judge(disk, .acknowledged, &row, "\(path) missing")
    }
    return row
  }

  /// The last batch, which was not synced, with zeros from each of its bytes on.
  public func tailZeroed() -> Row {
    var row = Row(fault: "tail zeroed from each byte of the last unsynced batch")
    for count in 0...unsynced.unsyncedByteCount {
      let disk = unsynced.crashed(.torn(afterBytes: count))
      judge(disk, .unsynced(base: contentsBefore), &row, "cut after \(count) bytes")
    }
    return row
  }

  /// The last batch, which was not synced, with every subset of its sectors.
  public func tailSubsets() -> Row {
    var row = Row(fault: "every subset of the sectors of the last unsynced batch")
    for mask in 0..<UInt64(1) << UInt64(unsynced.unsyncedPieceCount) {
      let disk = unsynced.crashed(.pieces(mask))
      judge(disk, .unsynced(base: contentsBefore), &row, "sectors \(String(mask, radix: 2))")
    }
    return row
  }

  private func sectors(_ path: String) -> [Range<Int>] {
    let size = size(path)
    return stride(from: 0, to: size, by: ModelDisk.sectorBytes).map {
      $0..<min($0 + ModelDisk.sectorBytes, size)
    }
  }

  /// Opens a damaged log and holds it to the promise.
  private func judge(_ disk: ModelDisk, _ promise: Promise, _ row: inout Row, _ place: String) {
    row.cases += 1
    let files = FaultyFileSystem(disk)
    do throws(WALOpenError) {
      let log = try WriteAheadLog.open(options, files: files)
      let isCertain = log.recovery.standing == .certain
      guard let found = try? LogContents(of: log) else {
        row.refused += 1
        return
      }
      if !isCertain {
        row.uncertain += 1
      } else if log.recovery.cut != nil {
        row.cut += 1
      } else {
        row.intact += 1
      }
      if !isKept(found, promise, isCertain: isCertain) {
        row.violations.append("\(place): \(found.summary)")
      }
    } catch {
      row.refused += 1
      if case .unsynced = promise { row.violations.append("\(place): \(error)") }
      if files.disk != disk && !hasOnlyNewLock(files.disk, disk) {
        row.violations.append("\(place): refused, and altered")
      }
    }
  }

  private func isKept(_ found: LogContents, _ promise: Promise, isCertain: Bool) -> Bool {
    switch promise {
    case .acknowledged:
      return isCertain ? found == contents : isBeginning(found, of: contents, atLeast: 0)
    case .unsynced(let base):
      return isBeginning(found, of: contentsAfter, atLeast: base.entries.count)
    }
  }

  private func isBeginning(_ found: LogContents, of whole: LogContents, atLeast count: Int) -> Bool
  {
    found.hardState == whole.hardState && found.snapshot == whole.snapshot
      && found.base == whole.base && found.entries.count >= count
      && whole.entries.starts(with: found.entries)
  }

  /// Whether the disks differ by nothing but the lock's file, which has no bytes.
  private func hasOnlyNewLock(_ a: ModelDisk, _ b: ModelDisk) -> Bool {
    let paths = Set(a.paths).union(b.paths).filter { !$0.hasSuffix(WALFormat.lockName) }
    return paths.allSatisfy { a.contents(of: $0) == b.contents(of: $0) }
  }
}

extension FaultCensus.Row {
  /// The cells of a table's row.
  public var markdown: String {
    "| \(fault) | \(cases) | \(intact) intact, \(cut) cut off unsynced, \(uncertain) reported "
      + "uncertain, \(refused) refused, \(violations.count) lost or changed silently |"
  }

  /// The head of the table.
  public static var markdownHead: String {
    "| fault | cases | outcome |\n| --- | --- | --- |"
  }
}
