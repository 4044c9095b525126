import AdapterProtocol

/// An implementation of Raft under judgement, wherever it runs.
///
/// Requests and answers are the adapter protocol's own types: an in-process system only skips the
/// bytes, and nothing in the runner asks which kind it is.
public protocol SystemUnderTest: AnyObject {
  /// Answers one request. Requests come one at a time, in order.
  ///
  /// - Throws: `SystemFailure` when there is no answer to be had; the system is then not used again.
  func perform(_ request: Request) throws(SystemFailure) -> Answer

  /// Answers several requests, none of which depends on the answer to another.
  ///
  /// They are carried out in order. A system behind a pipe may be sent the next ones before it has
  /// answered the first.
  ///
  /// - Returns: an answer for each, in order.
  /// - Throws: `SystemFailure` when one of them has no answer; the system is then not used again.
  func perform(_ requests: [Request]) throws(SystemFailure) -> [Answer]
}

extension SystemUnderTest {
  /// Answers several requests one after the other.
  public func perform(_ requests: [Request]) throws(SystemFailure) -> [Answer] {
    var answers: [Answer] = []
    answers.reserveCapacity(requests.count)
    for request in requests { answers.append(try perform(request)) }
    return answers
  }
}

/// Why a system could not answer.
public enum SystemFailure: Error, Sendable, Equatable {
  /// Its process ended.
  case crashed(String)
  /// It did not answer in time.
  case timedOut(String)
  /// It answered something that the protocol does not allow.
  case protocolError(String)

  /// Whether nothing is known but that time went by: the machine may have been busy.
  var isTimeOut: Bool {
    if case .timedOut = self { return true }
    return false
  }

  /// What happened, in a sentence.
  public var message: String {
    switch self {
    case .crashed(let detail): "the adapter crashed: \(detail)"
    case .timedOut(let detail): "the adapter timed out: \(detail)"
    case .protocolError(let detail): "the adapter broke the protocol: \(detail)"
    }
  }
}

/// A system that can be started any number of times: once for each job, and anew after a failure.
public struct SystemFactory: Sendable {
  /// The name that `--system` knows it by.
  public var name: String
  /// Starts a system of its own for the caller; jobs call it side by side.
  public var start: @Sendable () throws(SystemFailure) -> any SystemUnderTest

  /// Names a way to start systems; none is started yet.
  public init(
    name: String, start: @escaping @Sendable () throws(SystemFailure) -> any SystemUnderTest
  ) {
    self.name = name
    self.start = start
  }
}
