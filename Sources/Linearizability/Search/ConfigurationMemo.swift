/// The configurations that the search has been in.
///
/// A configuration is the operation that has to be linearized next at the latest (the due one), the
/// completed operations that are under way at its return and not linearized, the open operations
/// that are, and the state. Together they determine the rest of the search. States and sets of open
/// operations are interned, so that equal numbers mean equal values; a configuration is compared
/// word for word. The hash only says where to look.
struct ConfigurationMemo: Sendable {
  /// Words of a configuration: the due operation and the state, the open set, then the bits of the
  /// operations under way.
  let stride: Int
  /// Configurations held.
  private(set) var count = 0
  private var chunks: [[UInt64]] = []
  /// Numbers of configurations plus one, by hash; 0 is free.
  private var slots: [UInt32]
  private static let chunkEntries = 1 << 10

  /// An empty memo.
  ///
  /// - Parameter bits: how many operations can be under way at once.
  init(bits: Int) {
    stride = 2 + (bits + 63) / 64
    slots = [UInt32](repeating: 0, count: 1 << 6)
  }

  /// Bytes held.
  var bytes: Int { chunks.count * Self.chunkEntries * stride * 8 + slots.count * 4 }

  /// Bytes held while the next configuration is added, at most.
  var bytesOfNext: Int {
    let grows = 4 * (count + 1) > 3 * slots.count
    return bytes + Self.chunkEntries * stride * 8 + (grows ? slots.count * 8 : 0)
  }

  /// Adds a configuration.
  ///
  /// - Returns: whether it is new.
  mutating func insert(_ configuration: [UInt64]) -> Bool {
    if 4 * (count + 1) > 3 * slots.count { grow() }
    let mask = slots.count - 1
    var place = Int(truncatingIfNeeded: Self.hash(configuration[...])) & mask
    while slots[place] != 0 {
      if isEqual(Int(slots[place]) - 1, configuration) { return false }
      place = (place + 1) & mask
    }
    slots[place] = UInt32(count + 1)
    append(configuration)
    return true
  }

  @inline(__always)
  private func isEqual(_ entry: Int, _ configuration: [UInt64]) -> Bool {
    let start = entry % Self.chunkEntries * stride
    return chunks[entry / Self.chunkEntries].withUnsafeBufferPointer { words in
      for offset in 0..<stride where words[start + offset] != configuration[offset] {
        return false
      }
      return true
    }
  }

  private mutating func append(_ configuration: [UInt64]) {
    if count % Self.chunkEntries == 0 {
      chunks.append([])
      chunks[chunks.count - 1].reserveCapacity(Self.chunkEntries * stride)
    }
    chunks[chunks.count - 1] += configuration
    count += 1
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: 2 * slots.count)
    let mask = slots.count - 1
    for entry in 0..<count {
      let start = entry % Self.chunkEntries * stride
      let words = chunks[entry / Self.chunkEntries][start..<start + stride]
      var place = Int(truncatingIfNeeded: Self.hash(words)) & mask
      while slots[place] != 0 { place = (place + 1) & mask }
      slots[place] = UInt32(entry + 1)
    }
  }

  @inline(__always)
  private static func hash(_ words: ArraySlice<UInt64>) -> UInt64 {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    for word in words {
      hash = (hash ^ word) &* 0xD6E8_FEB8_6659_FD93
      hash ^= hash >> 32
    }
    return hash
  }
}
