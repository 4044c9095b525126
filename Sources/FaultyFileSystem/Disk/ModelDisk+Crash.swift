/// What a power cut leaves of the changes that were not synced.
public enum UnsyncedChanges: Hashable, Sendable {
  /// None of them.
  case lost
  /// All of them.
  case kept
  /// The oldest ones, until this many bytes were written; the write in which they run out is cut
  /// there. Changes of names and lengths take no bytes and are kept up to that point.
  case torn(afterBytes: Int)
  /// Those whose bit is set: pieces are numbered as in `ModelDisk.unsyncedPieces`, and those from
  /// 64 on are lost.
  case pieces(UInt64)
  /// Each piece by the throw of a coin, and some of the pieces of bytes cut in the middle. The same
  /// seed always gives the same.
  case random(seed: UInt64)
}

/// A part of an unsynced change that is either durable or not: the part of a write in one sector,
/// a change of a length, a change of names.
enum UnsyncedPiece {
  case bytes(file: Int, at: Int, ArraySlice<UInt8>)
  case resize(file: Int, Int)
  case name(NameChange)

  var byteCount: Int {
    if case .bytes(_, _, let bytes) = self { bytes.count } else { 0 }
  }
}

extension ModelDisk {
  /// The number of pieces that a power cut would decide on.
  public var unsyncedPieceCount: Int { unsyncedPieces.count }

  /// The number of bytes written and not synced.
  public var unsyncedByteCount: Int { unsyncedPieces.reduce(0) { $0 + $1.byteCount } }

  /// The disk as it is found after a power cut: what survived is durable, and no file is open.
  public func crashed(_ unsynced: UnsyncedChanges) -> ModelDisk {
    var after = self
    after.names = durableNames
    for index in after.files.indices {
      after.files[index].visible = after.files[index].durable
      after.files[index].unsynced.removeAll()
    }
    after.unsyncedNames.removeAll()
    after.apply(survivors(unsynced))
    after.durableNames = after.names
    for index in after.files.indices { after.files[index].durable = after.files[index].visible }
    return after
  }

  /// The pieces of the unsynced changes, in the order in which the changes were made.
  var unsyncedPieces: [UnsyncedPiece] {
    var ordered: [(order: Int, piece: UnsyncedPiece)] = unsyncedNames.map {
      ($0.order, .name($0.change))
    }
    for (number, file) in files.enumerated() {
      for item in file.unsynced {
        switch item.change {
        case .resize(let size): ordered.append((item.order, .resize(file: number, size)))
        case .write(let offset, let bytes):
          var start = 0
          while start < bytes.count {
            let inSector = (offset + start) % Self.sectorBytes
            let end = min(bytes.count, start + Self.sectorBytes - inSector)
            let piece = UnsyncedPiece.bytes(file: number, at: offset + start, bytes[start..<end])
            ordered.append((item.order, piece))
            start = end
          }
        }
      }
    }
    // Pieces of one change keep their order: the sort is stable in effect by their offsets.
    return ordered.enumerated()
      .sorted { ($0.element.order, $0.offset) < ($1.element.order, $1.offset) }
      .map(\.element.piece)
  }

  private func survivors(_ unsynced: UnsyncedChanges) -> [UnsyncedPiece] {
    switch unsynced {
    case .lost: return []
    case .kept: return unsyncedPieces
    case .torn(var room):
      var kept: [UnsyncedPiece] = []
      for piece in unsyncedPieces {
        kept.append(piece.cut(to: room))
        room -= piece.byteCount
        if room < 0 { break }
      }
      return kept
    case .pieces(let mask):
      return unsyncedPieces.enumerated()
        .filter { $0.offset < 64 && mask >> UInt64($0.offset) & 1 == 1 }
        .map(\.element)
    case .random(let seed):
      var random = SeededSource(seed: seed)
      return unsyncedPieces.compactMap { piece in
        switch random.next() % 8 {
        case 0..<4: nil
        case 4..<7: piece
        default: piece.cut(to: Int(random.next() % UInt64(max(piece.byteCount, 1))))
        }
      }
    }
  }

  private mutating func apply(_ pieces: [UnsyncedPiece]) {
    for piece in pieces {
      switch piece {
      case .bytes(let file, let offset, let bytes): files[file].visible.write(bytes, at: offset)
      case .resize(let file, let size): files[file].visible.resize(to: size)
      case .name(let change): change.apply(to: &names)
      }
    }
  }
}

extension UnsyncedPiece {
  /// The piece with at most `count` of its bytes; one that has none is not affected.
  func cut(to count: Int) -> UnsyncedPiece {
    guard case .bytes(let file, let offset, let bytes) = self else { return self }
    return .bytes(file: file, at: offset, bytes.prefix(max(count, 0)))
  }
}

/// Random numbers that are the same for the same seed (SplitMix64).
public struct SeededSource: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// The sequence of this seed.
  public init(seed: UInt64) { state = seed }

  /// The next number.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
