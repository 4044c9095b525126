/// Damage done to bytes that were durable: what a failing disk, a bug of a controller or a careless
/// hand does to files while nothing runs.
extension ModelDisk {
  /// Turns one bit of a file over; bit 0 is the lowest of the first byte.
  public mutating func flipBit(_ bit: Int, of path: String) {
    damage(path) { content in
      let old = content.read(at: bit / 8, count: 1)
      content.write([(old.first ?? 0) ^ (1 << UInt8(bit % 8))], at: bit / 8)
    }
  }

  /// Turns bytes of a file to zeros.
  public mutating func zero(_ range: Range<Int>, of path: String) {
    damage(path) { $0.write(repeatElement(0, count: range.count), at: range.lowerBound) }
  }

  /// Puts bytes into a file: a block that was meant for another place, or an older one of this.
  public mutating func overwrite(_ path: String, at offset: Int, with bytes: some Collection<UInt8>)
  {
    damage(path) { $0.write(bytes, at: offset) }
  }

  /// Cuts a file to a length.
  public mutating func cut(_ path: String, to size: Int) {
    damage(path) { $0.resize(to: size) }
  }

  /// Takes a file away.
  public mutating func delete(_ path: String) {
    names[path] = nil
    durableNames[path] = nil
    unsyncedNames.removeAll { $0.change.path == path }
  }

  /// Puts a file there, durably.
  public mutating func put(_ bytes: [UInt8], at path: String) {
    var content = FileContent()
    content.write(bytes, at: 0)
    files.append(ModelFile(visible: content, durable: content))
    names[path] = files.count - 1
    durableNames[path] = files.count - 1
  }

  /// Changes what is read and what is durable alike. A path without a file is a fault of the caller.
  private mutating func damage(_ path: String, _ body: (inout FileContent) -> Void) {
    guard let file = names[path] else { preconditionFailure("no file \(path) to damage") }
    body(&files[file].visible)
    body(&files[file].durable)
  }
}
