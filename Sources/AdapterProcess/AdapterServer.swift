import AdapterProtocol
import Conformance
import Glibc

/// The other end: a system in this process, served as an adapter.
///
/// Answers are written when no whole request is left to be read, so a suite that sends several at a
/// time gets them together. A line that can't be read is answered with an error, under its id where
/// that can be read and under 0 otherwise.
public struct AdapterServer {
  private let system: any SystemUnderTest
  private var unread: [UInt8] = []
  private var answers: [UInt8] = []

  /// A server that has answered nothing yet.
  public init(_ system: any SystemUnderTest) { self.system = system }

  /// Answers requests until `bye` or the end of the input.
  ///
  /// - Parameters:
  ///   - input: a descriptor to read lines from.
  ///   - output: a descriptor to write lines to.
  public mutating func serve(input: Int32 = STDIN_FILENO, output: Int32 = STDOUT_FILENO) {
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = chunk.withUnsafeMutableBytes { read(input, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      unread.append(contentsOf: chunk[..<count])
      let goesOn = answerWholeLines() && unread.count <= ProtocolLimits.lineBytes
      guard writeAnswers(to: output), goesOn else { return }
    }
  }

  /// - Returns: whether more is to come.
  private mutating func answerWholeLines() -> Bool {
    var start = 0
    defer { unread.removeFirst(start) }
    while let end = unread[start...].firstIndex(of: UInt8(ascii: "\n")) {
      let line = Array(unread[start..<end])
      start = end + 1
      if !answer(line) { return false }
    }
    return true
  }

  private mutating func answer(_ line: [UInt8]) -> Bool {
    do throws(ProtocolProblem) {
      let (id, request) = try RequestCoding.decode(line)
      answers += AnswerCoding.encode(self.answer(to: request), id: id)
      if case .bye = request { return false }
    } catch {
      answers += AnswerCoding.encode(
        .error(message: error.message, detail: ""), id: error.id ?? 0)
    }
    return true
  }

  private func answer(to request: Request) -> Answer {
    do throws(SystemFailure) {
      return try system.perform(request)
    } catch {
      return .error(message: error.message, detail: "")
    }
  }

  /// - Returns: whether somebody still reads.
  private mutating func writeAnswers(to output: Int32) -> Bool {
    var written = 0
    while written < answers.count {
      let count = answers.withUnsafeBytes {
        write(output, $0.baseAddress?.advanced(by: written), $0.count - written)
      }
      if count < 0, errno != EINTR { return false }
      written += max(0, count)
    }
    answers.removeAll(keepingCapacity: true)
    return true
  }
}
