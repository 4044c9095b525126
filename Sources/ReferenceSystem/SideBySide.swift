import AdapterProtocol

/// The reference system twice, on disks in memory and on write-ahead logs, asked the same things.
///
/// Both have to give the same answers to the byte: a request that is answered differently is
/// answered with an error that shows the two.
final class SideBySide {
  private let memory = ReferenceSystem(disks: .memory)
  private let files = ReferenceSystem(disks: .files)

  func perform(_ request: Request) -> Answer {
    var first = memory.perform(request)
    let second = files.perform(request)
    if case .hello = request {
      // They have names of their own.
      if case .ok(var result) = first {
        result.implementation?.name = "raft-ladder reference and write-ahead log"
        first = .ok(result)
      }
      return first
    }
    let lines = [first, second].map { AnswerCoding.encode($0, id: 0) }
    if lines[0] == lines[1] { return first }
    let texts = lines.map { String(decoding: $0, as: UTF8.self) }
    return .error(
      message: "the reference storage and the write-ahead log differ",
      detail: "memory: \(texts[0])\nfiles: \(texts[1])")
  }
}
