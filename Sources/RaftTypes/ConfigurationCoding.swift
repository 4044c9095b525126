/// The bytes of a configuration entry.
///
/// A version byte (1), then the four lists in the order voters, outgoing, learners, learnersNext:
/// each a count of four bytes and that many server ids of eight, all little-endian. Every
/// configuration has exactly one encoding: lists ascend and name a server once.
extension Configuration {
  /// The most servers in one list.
  public static let maxServers = 1024

  /// The configuration as an entry's payload.
  public var encoded: [UInt8] {
    var bytes: [UInt8] = [1]
    for list in [voters, outgoing, learners, learnersNext] {
      bytes.append(littleEndian: UInt32(list.count))
      for server in list { bytes.append(littleEndian: server.rawValue) }
    }
    return bytes
  }

  /// Reads a configuration back.
  ///
  /// - Throws: where the bytes are not the encoding of a configuration.
  public init(decoding bytes: [UInt8]) throws(ConfigurationCodingError) {
    var reader = Reader(bytes: bytes)
    guard reader.byte() == 1 else { throw .unknownVersion }
    voters = try reader.list()
    outgoing = try reader.list()
    learners = try reader.list()
    learnersNext = try reader.list()
    guard reader.isAtEnd else { throw .malformed(offset: reader.offset) }
  }

  private struct Reader {
    let bytes: [UInt8]
    var offset = 0

    var isAtEnd: Bool { offset == bytes.count }

    mutating func byte() -> UInt8? {
      guard offset < bytes.count else { return nil }
      defer { offset += 1 }
      return bytes[offset]
    }

    mutating func number(bytes count: Int) throws(ConfigurationCodingError) -> UInt64 {
      guard bytes.count - offset >= count else { throw .malformed(offset: offset) }
      var value: UInt64 = 0
      for place in 0..<count { value |= UInt64(bytes[offset + place]) << (8 * UInt64(place)) }
      offset += count
      return value
    }

    mutating func list() throws(ConfigurationCodingError) -> [ServerID] {
      let start = offset
      let count = try number(bytes: 4)
      guard count <= UInt64(Configuration.maxServers) else { throw .malformed(offset: start) }
      var servers: [ServerID] = []
      for _ in 0..<count {
        let place = offset
        let server = ServerID(try number(bytes: 8))
        if let last = servers.last, server <= last { throw .malformed(offset: place) }
        servers.append(server)
      }
      return servers
    }
  }
}

/// Why bytes are not a configuration.
public enum ConfigurationCodingError: Error, Hashable, Sendable {
  /// The first byte names no version known here.
  case unknownVersion
  /// What stands at this offset, bytes, is cut short, too large or out of order.
  case malformed(offset: Int)
}

extension [UInt8] {
  fileprivate mutating func append(littleEndian value: some FixedWidthInteger) {
    for place in 0..<(value.bitWidth / 8) {
      append(UInt8(truncatingIfNeeded: value >> (8 * place)))
    }
  }
}
