import AdapterProtocol
import Conformance
import Glibc
import RaftTypes

/// An adapter process as a system under test.
///
/// Requests go out as lines and answers come in as lines, one at a time. The process is started with
/// the system, in a process group of its own, and the whole group is ended by `bye`, by the system's
/// end, and as soon as the adapter hangs, dies or breaks the protocol. After that every request gets
/// the same failure: a broken adapter is not asked again.
public final class AdapterSystem: SystemUnderTest {
  private let limits: AdapterLimits
  private let child: ChildProcess
  private let transport: LineTransport
  private var requests: UInt64 = 0
  private var traceDeadline: ContinuousClock.Instant?
  private var failure: SystemFailure?
  private var hasEnded = false

  /// Starts the process; `hello` is the caller's to say.
  public init(
    _ command: AdapterCommandLine, limits: AdapterLimits = AdapterLimits()
  ) throws(SystemFailure) {
    self.limits = limits
    let input = try Pipe(), output = try Pipe(), errors = try Pipe()
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

  public func perform(_ request: Request) throws(SystemFailure) -> Answer {
    if let failure { throw failure }
    if hasEnded { throw .crashed("it was ended by 'bye'") }
    requests += 1
    let asked = Asked(id: requests, request: request)
    let deadline = deadline(of: request)
    if transport.hasUnread { throw broke(.protocolError(asked.noise)) }
    if let outcome = transport.send(RequestCoding.encode(request, id: asked.id), by: deadline.instant)
    {
      throw broke(complaint(outcome, asked, deadline))
    }
    switch transport.receive(by: deadline.instant) {
    case .line(let line):
      let answer = try answer(line, to: asked)
      if case .bye = request { endProcess() }
      return answer
    case .closed where request.isBye:
      endProcess()
      return .ok(OperationResult())
    case .timedOut, .closed, .flooded:
      break
    }
    throw broke(.timedOut(""))
  }

  private func answer(_ line: [UInt8], to asked: Asked) throws(SystemFailure) -> Answer {
    do throws(ProtocolProblem) {
      let (id, answer) = try AnswerCoding.decode(line)
      guard id == asked.id else { throw asked.wrongID(id) }
      return answer
    } catch {
      throw broke(.protocolError(asked.complaint(error)))
    }
  }
}
