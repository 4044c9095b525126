/// CRC-32C (Castagnoli): polynomial 0x1EDC6F41, reflected, as iSCSI uses it.
///
/// Eight tables take in eight bytes at a time.
///
/// - Source: RFC 3720, appendix B.4; Kounavis and Berry, A Systematic Approach to Building High
///   Performance Software-Based CRC Generators, 2005.
public enum CRC32C {
  /// The checksum of `bytes`.
  ///
  /// - Parameter checksum: the checksum of what comes before `bytes`, to continue it.
  public static func of(_ bytes: UnsafeRawBufferPointer, after checksum: UInt32 = 0) -> UInt32 {
    guard var cursor = bytes.baseAddress else { return checksum }
    let table = tables
    var crc = ~checksum
    var left = bytes.count
    while left >= 8 {
      let word = UInt64(littleEndian: cursor.loadUnaligned(as: UInt64.self)) ^ UInt64(crc)
      let low = UInt32(truncatingIfNeeded: word)
      let high = UInt32(truncatingIfNeeded: word >> 32)
      crc =
        table[1792 + Int(low & 0xFF)] ^ table[1536 + Int(low >> 8 & 0xFF)]
        ^ table[1280 + Int(low >> 16 & 0xFF)] ^ table[1024 + Int(low >> 24)]
        ^ table[768 + Int(high & 0xFF)] ^ table[512 + Int(high >> 8 & 0xFF)]
        ^ table[256 + Int(high >> 16 & 0xFF)] ^ table[Int(high >> 24)]
      cursor += 8
      left -= 8
    }
    while left > 0 {
      let byte = cursor.load(as: UInt8.self)
      crc = table[Int((crc ^ UInt32(byte)) & 0xFF)] ^ crc >> 8
      cursor += 1
      left -= 1
    }
    return ~crc
  }

  /// The checksum of `bytes`.
  public static func of(_ bytes: [UInt8], after checksum: UInt32 = 0) -> UInt32 {
    bytes.withUnsafeBytes { of($0, after: checksum) }
  }

  /// Eight tables of 256 entries, one after the other; written once and never freed.
  nonisolated(unsafe) private static let tables: UnsafePointer<UInt32> = {
    let table = UnsafeMutablePointer<UInt32>.allocate(capacity: 8 * 256)
    for index in 0..<256 {
      var crc = UInt32(index)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
      table[index] = crc
    }
    for index in 256..<8 * 256 {
      let previous = table[index - 256]
      table[index] = table[Int(previous & 0xFF)] ^ previous >> 8
    }
    return UnsafePointer(table)
  }()
}
