/// The canonical form of a snapshot of the suite's state machine, as InstallSnapshot carries it.
///
/// Each command in order: its length in four bytes, big-endian, and its bytes. An adapter translates
/// to and from the form that its implementation's own state machine writes.
public enum SnapshotBytes {
  /// The canonical bytes of these commands.
  public static func encode(_ commands: [[UInt8]]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(commands.reduce(0) { $0 + 4 + $1.count })
    for command in commands {
      let length = UInt32(clamping: command.count)
      for shift: UInt32 in [24, 16, 8, 0] {
        bytes.append(UInt8(truncatingIfNeeded: length >> shift))
      }
      bytes += command
    }
    return bytes
  }

  /// The commands that canonical bytes hold.
  ///
  /// - Throws: the offset at which a length or a command is cut short.
  public static func decode(_ bytes: [UInt8]) throws(Problem) -> [[UInt8]] {
    var commands: [[UInt8]] = []
    var offset = 0
    while offset < bytes.count {
      guard bytes.count - offset >= 4 else { throw Problem(offset: offset) }
      let length = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      guard bytes.count - offset - 4 >= length else { throw Problem(offset: offset) }
      commands.append(Array(bytes[offset + 4..<offset + 4 + length]))
      offset += 4 + length
    }
    return commands
  }

  /// Why bytes are no snapshot.
  public struct Problem: Error, Hashable, Sendable {
    /// Where the command stands that is cut short, bytes.
    public var offset: Int

    /// Makes a problem; nothing is checked.
    public init(offset: Int) { self.offset = offset }
  }
}
