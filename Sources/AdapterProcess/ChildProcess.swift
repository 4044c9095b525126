import Dispatch
import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// A process in a group of its own, started and reaped by swift-subprocess, whose pipes belong to
/// the caller.
///
/// swift-subprocess is asynchronous, and the runner asks its system one thing after the other, so a
/// caller may be blocking a thread that tasks share. Nothing it waits for may then need such a
/// thread (Spec/Decisions/0005). A task with an executor of its own starts the process, and holds it
/// until it is let go. The caller's thread reads and writes the pipes, waits for the process's end
/// on its descriptor, and looks at how it ended. Only the reaping comes when it comes.
final class ChildProcess: Sendable {
  /// What is known of the process.
  private enum State {
    case starting
    case running(pid: pid_t, descriptor: Int32)
    case failed(String)
    /// Its end was seen; it belongs to swift-subprocess now.
    case letGo
  }

  private let state = Mutex(State.starting)
  private let started = DispatchSemaphore(value: 0)
  private let letGo: AsyncStream<Never>.Continuation

  /// Why a process could not be started.
  struct StartFailure: Error {
    var message: String
  }

  /// The ends of the pipes that the process gets; they are closed here once it has them.
  struct Descriptors {
    var input: Int32
    var output: Int32
    var errors: Int32
  }

  /// Starts the process and waits until it runs.
  init(_ command: AdapterCommandLine, _ descriptors: Descriptors) throws(StartFailure) {
    let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
    letGo = continuation
    Task(executorPreference: KeeperExecutor.shared) { [self] in
      await keep(command, descriptors, until: stream)
    }
    started.wait()
    if case .failed(let message) = state.withLock({ $0 }) { throw StartFailure(message: message) }
  }

  private func keep(
    _ command: AdapterCommandLine, _ descriptors: Descriptors, until stream: AsyncStream<Never>
  ) async {
    var options = PlatformOptions()
    options.processGroupID = 0
    let program = command.program
    let configuration = Configuration(
      executable: program.contains("/") ? .path(FilePath(program)) : .name(program),
      arguments: Arguments(command.arguments), platformOptions: options)
    do {
      _ = try await Subprocess.run(
        configuration,
        input: .fileDescriptor(
          FileDescriptor(rawValue: descriptors.input), closeAfterSpawningProcess: true),
        output: .fileDescriptor(
          FileDescriptor(rawValue: descriptors.output), closeAfterSpawningProcess: true),
        error: .fileDescriptor(
          FileDescriptor(rawValue: descriptors.errors), closeAfterSpawningProcess: true)
      ) { [self] execution in
        let process = execution.processIdentifier
        ProcessGroups.add(process.value)
        state.withLock { $0 = .running(pid: process.value, descriptor: process.processDescriptor) }
        started.signal()
        for await _ in stream {}
      }
    } catch {
      let hasStarted = state.withLock { state in
        guard case .starting = state else { return true }
        state = .failed("\(error)")
        return false
      }
      if !hasStarted { started.signal() }
    }
  }

  /// A descriptor that becomes readable when the process ends; -1 once it is let go.
  var descriptor: Int32 {
    if case .running(_, let descriptor) = state.withLock({ $0 }) { return descriptor }
    return -1
  }

  /// Waits for the process to end.
  ///
  /// - Returns: whether it has.
  func waits(atMost time: Duration) -> Bool {
    guard case .running(_, let descriptor) = state.withLock({ $0 }) else { return true }
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let deadline = ContinuousClock.now.advanced(by: time)
    repeat {
      let left = ContinuousClock.now.duration(to: deadline)
      if poll(&polled, 1, max(0, left.milliseconds)) > 0 { return true }
    } while errno == EINTR && ContinuousClock.now < deadline
    return false
  }

  /// Ends the process and all that is left of its group: SIGTERM, and after the grace SIGKILL.
  ///
  /// The group's number stays this process's own for as long as it is not reaped, so no signal can
  /// reach a stranger.
  ///
  /// - Returns: how it had ended by itself, if it had.
  func end(grace: Duration) -> Ending {
    guard case .running(let pid, _) = state.withLock({ $0 }) else { return .stopped }
    let ending = Self.ending(of: pid)
    if case .stopped = ending {
      kill(-pid, SIGTERM)
      _ = waits(atMost: grace)
    }
    // What the process leaves behind in its group goes with it.
    kill(-pid, SIGKILL)
    _ = waits(atMost: grace)
    ProcessGroups.remove(pid)
    state.withLock { $0 = .letGo }
    letGo.finish()
    return ending
  }

  /// Looks at how a process ended without reaping it.
  private static func ending(of pid: pid_t) -> Ending {
    var info = siginfo_t()
    guard waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 else { return .stopped }
    let status = info._sifields._sigchld.si_status
    switch info.si_code {
    case Int32(CLD_EXITED): return .exited(status)
    case Int32(CLD_KILLED), Int32(CLD_DUMPED): return .signalled(status)
    default: return .stopped
    }
  }

  /// How a process ended.
  enum Ending {
    case exited(Int32)
    case signalled(Int32)
    /// Not by itself.
    case stopped
  }
}

/// Runs the tasks that keep processes, on a thread that is never one of the shared pool.
private final class KeeperExecutor: TaskExecutor {
  static let shared = KeeperExecutor()

  private let queue = DispatchQueue(label: "adapter-processes")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
