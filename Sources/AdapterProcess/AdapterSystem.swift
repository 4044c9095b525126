import AdapterProtocol
import Conformance

/// An adapter process as a system under test.
///
/// Requests go out as lines and answers come in as lines: one at a time, and of several that are
/// asked together as many as its window allows. The process is started with
/// the system, in a process group of its own, and the whole group is ended by `bye`, with the system
/// itself, and as soon as the adapter hangs, dies or breaks the protocol. After that every request
/// gets the same failure: a broken adapter is not asked again.
///
/// A request blocks the calling thread and needs no other, so systems can work side by side in any
/// number; one system is for one thread at a time.
public final class AdapterSystem: SystemUnderTest, RawSystem {
  private let limits: AdapterLimits
  private let child: ChildProcess
  private let transport: LineTransport
  private var requests: UInt64 = 0
  private var traceEnds: ContinuousClock.Instant?
  /// The most requests on their way unanswered, as its answer to `hello` said.
  private var window = 1
  private var failure: SystemFailure?
  private var hasEnded = false

  /// Starts the process; `hello` is the caller's to say.
  public init(
    _ command: AdapterCommandLine, limits: AdapterLimits = AdapterLimits()
  ) throws(SystemFailure) {
    self.limits = limits
    let input = try Pipe()
    let output = try Pipe()
    let errors = try Pipe()
    do throws(ChildProcess.StartFailure) {
      child = try ChildProcess(
        command,
        ChildProcess.Descriptors(
          input: input.takeReadEnd(), output: output.takeWriteEnd(), errors: errors.takeWriteEnd()))
    } catch {
      throw .crashed("'\(command.program)' could not be started: \(error.message)")
    }
    transport = LineTransport(
      input: input.takeWriteEnd(), output: output.takeReadEnd(), errors: errors.takeReadEnd(),
      process: child.descriptor, errorBytes: limits.errorBytes)
  }

  deinit { endProcess() }

  /// Starts a process for each system.
  public static func factory(
    _ command: AdapterCommandLine, limits: AdapterLimits = AdapterLimits()
  ) -> SystemFactory {
    SystemFactory(name: "adapter") { () throws(SystemFailure) in
      try AdapterSystem(command, limits: limits)
    }
  }

  /// Asks the adapter, and waits for its answer for as long as the limits allow.
  ///
  /// - Throws: why there is no answer, with the last lines of standard error; and the same again for
  ///   every later request.
  public func perform(_ request: Request) throws(SystemFailure) -> Answer {
    let exchange = try exchange(request)
    if case .bye = request, exchange.answer.isEmpty { return .ok(OperationResult()) }
    let answer = try read(exchange.answer, answering: Asked(id: exchange.id, request: request))
    if case .ok(let result) = answer, let implementation = result.implementation {
      window = implementation.window
    }
    return answer
  }

  /// Asks for several things, as many at a time as the window allows. Each answer is due in the time
  /// of one operation after the answer before it.
  ///
  /// - Returns: the answers, in order.
  /// - Throws: why an answer is missing or wrong, naming the request that it was due to.
  public func perform(_ requests: [Request]) throws(SystemFailure) -> [Answer] {
    var answers: [Answer] = []
    answers.reserveCapacity(requests.count)
    var asked = 0
    let first = self.requests + 1
    while answers.count < requests.count {
      while asked < requests.count, asked - answers.count < window {
        transport.queue(try line(of: requests[asked], afterOthers: asked > answers.count))
        asked += 1
      }
      let next = Asked(id: first + UInt64(answers.count), request: requests[answers.count])
      let line = try receive(next)
      if next.isBye { endProcess() }
      answers.append(
        line.isEmpty ? .ok(OperationResult()) : try read(line, answering: next))
    }
    return answers
  }

  /// Asks the adapter, and waits for a line of it for as long as the limits allow.
  ///
  /// - Returns: the lines; an empty answer where it ended at `bye` without one.
  /// - Throws: why there is no line, with the last lines of standard error; and the same again for
  ///   every later request.
  public func exchange(_ request: Request) throws(SystemFailure) -> LineExchange {
    let line = try line(of: request, afterOthers: false)
    let asked = Asked(id: requests, request: request)
    transport.queue(line)
    let answer = try receive(asked)
    if asked.isBye { endProcess() }
    return LineExchange(id: asked.id, request: request, line: line, answer: answer)
  }

  /// The next request as a line.
  ///
  /// - Parameter afterOthers: whether requests before it are still unanswered.
  private func line(of request: Request, afterOthers: Bool) throws(SystemFailure) -> [UInt8] {
    if let failure { throw failure }
    if hasEnded { throw .crashed("it was ended by 'bye'") }
    requests += 1
    if !afterOthers, transport.hasUnread {
      throw broke(.protocolError(Asked(id: requests, request: request).unasked))
    }
    if case .begin = request { traceEnds = ContinuousClock.now.advanced(by: limits.trace) }
    return RequestCoding.encode(request, id: requests)
  }

  /// Waits for the line that answers a request; an empty one where the adapter ended at `bye`.
  private func receive(_ asked: Asked) throws(SystemFailure) -> [UInt8] {
    let deadline = deadline(of: asked.request)
    switch transport.receive(by: deadline.end) {
    case .line(let answer):
      return answer
    case .closed:
      guard asked.isBye else { throw died(asked) }
      return []
    case .timedOut:
      throw broke(.timedOut("no answer to \(asked) within \(deadline.time)"))
    case .flooded(let count):
      throw broke(
        .protocolError("\(count) bytes without an end of line, and no answer to \(asked)"))
    }
  }

  private func read(_ line: [UInt8], answering asked: Asked) throws(SystemFailure) -> Answer {
    let id: UInt64
    let answer: Answer
    do throws(ProtocolProblem) {
      (id, answer) = try AnswerCoding.decode(line)
    } catch {
      throw broke(.protocolError(asked.complaint(error)))
    }
    guard id == asked.id else {
      throw broke(.protocolError(asked.wrongID(id, lastAsked: requests)))
    }
    return answer
  }

  /// When an answer that is waited for from now on is due.
  private func deadline(of request: Request) -> Deadline {
    let now = ContinuousClock.now
    if case .hello = request {
      return Deadline(end: now.advanced(by: limits.hello), .hello, limits)
    }
    let due = now.advanced(by: limits.operation)
    guard let traceEnds, traceEnds < due else { return Deadline(end: due, .operation, limits) }
    return Deadline(end: traceEnds, .trace, limits)
  }

  private struct Deadline {
    enum Limit { case hello, operation, trace }

    let end: ContinuousClock.Instant
    private let limit: Limit
    private let limits: AdapterLimits

    init(end: ContinuousClock.Instant, _ limit: Limit, _ limits: AdapterLimits) {
      self.end = end
      self.limit = limit
      self.limits = limits
    }

    /// How long it was, for people.
    var time: String {
      switch limit {
      case .hello: "\(limits.hello)"
      case .operation: "\(limits.operation)"
      case .trace: "the \(limits.trace) that a trace may take"
      }
    }
  }

  // MARK: The end

  /// Lets the adapter end by itself, and makes it where it does not.
  private func endProcess() {
    guard !hasEnded else { return }
    hasEnded = true
    transport.closeInput()
    _ = child.waits(atMost: limits.grace)
    _ = child.end(grace: limits.grace)
  }

  private func died(_ asked: Asked) -> SystemFailure {
    _ = child.waits(atMost: limits.grace)
    transport.drainErrors()
    hasEnded = true
    let what =
      switch child.end(grace: limits.grace) {
      case .exited(let code): "it exited with code \(code)"
      case .signalled(let signal): "it was killed by \(SignalName.of(signal))"
      case .stopped: "it closed its standard output"
      }
    return broke(.crashed("\(what) instead of answering \(asked)"))
  }

  /// Ends the process, and adds to the failure what the adapter said last on standard error.
  private func broke(_ failure: SystemFailure) -> SystemFailure {
    transport.drainErrors()
    if !hasEnded {
      hasEnded = true
      transport.closeInput()
      _ = child.end(grace: limits.grace)
      transport.drainErrors()
    }
    let tail = transport.errorTail.lastLines(limits.errorLinesShown, bytes: limits.errorBytesShown)
    let failure = tail.map { failure.adding("; standard error ends with: \($0)") } ?? failure
    self.failure = failure
    return failure
  }
}

extension SystemFailure {
  fileprivate func adding(_ text: String) -> SystemFailure {
    switch self {
    case .crashed(let detail): .crashed(detail + text)
    case .timedOut(let detail): .timedOut(detail + text)
    case .protocolError(let detail): .protocolError(detail + text)
    }
  }
}
