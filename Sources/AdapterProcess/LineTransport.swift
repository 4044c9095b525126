import AdapterProtocol
import Glibc

/// Lines to an adapter's standard input and from its standard output, while its standard error is
/// kept from filling up. Blocks the calling thread, and no other.
///
/// All three pipes are read and written without blocking; `poll` waits for whichever moves first. So
/// an adapter that floods one of them can't stop the other two, and every wait has an end.
final class LineTransport {
  /// How a wait ended.
  enum Outcome {
    case line([UInt8])
    case timedOut
    /// Its output has ended, or the process has and nothing is left to read.
    case closed
    /// So many bytes without an end of line.
    case flooded(Int)
  }

  private var input: Int32
  private var output: Int32
  private var errors: Int32
  /// A descriptor that is readable once the process has ended, or -1.
  private let process: Int32
  private(set) var errorTail: ErrorTail
  private var hasEnded = false
  /// What was read and not yet taken: the bytes from `head` on.
  private var unread: [UInt8] = []
  private var head = 0
  /// Up to here there is no end of line.
  private var scanned = 0
  /// What waits to be written: the bytes from `written` on.
  private var unwritten: [UInt8] = []
  private var written = 0
  private var chunk = [UInt8](repeating: 0, count: 64 << 10)
  private var polled = [pollfd](repeating: pollfd(), count: 4)

  /// Takes the descriptors over and closes them in the end.
  init(input: Int32, output: Int32, errors: Int32, process: Int32, errorBytes: Int) {
    self.input = input
    self.output = output
    self.errors = errors
    self.process = process
    errorTail = ErrorTail(limit: errorBytes)
    for descriptor in [input, output, errors] {
      _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }
  }

  deinit {
    closeInput()
    for descriptor in [output, errors] where descriptor >= 0 { close(descriptor) }
  }

  /// Lets the adapter read the end of its input.
  func closeInput() {
    guard input >= 0 else { return }
    close(input)
    input = -1
  }

  /// Whether bytes have come that nobody has taken.
  var hasUnread: Bool { head < unread.count }

  /// Puts a line at the end of what is to be written; `receive` writes it.
  func queue(_ line: [UInt8]) { unwritten += line }

  /// Waits for a line, and meanwhile writes what is queued. Its end is not part of it.
  func receive(by deadline: ContinuousClock.Instant) -> Outcome {
    while true {
      writeQueued()
      if let line = takeLine() { return .line(line) }
      if unread.count - head > ProtocolLimits.lineBytes { return .flooded(unread.count - head) }
      if output < 0 { return .closed }
      let (isLastLook, before) = (hasEnded, unread.count)
      guard wait(by: deadline, toWrite: written < unwritten.count) else { return .timedOut }
      if isLastLook, unread.count == before { return .closed }
    }
  }

  /// Takes in what has already been written to standard error.
  func drainErrors() {
    // Bounded: a process that floods while it is being looked at is not followed for ever.
    for _ in 0..<64 where errors >= 0 {
      guard readErrors() else { return }
    }
  }

  /// Writes as much of what is queued as the pipe takes. Where nobody reads any more nothing is
  /// left to write, and the end of the output tells.
  private func writeQueued() {
    while written < unwritten.count {
      let count = unwritten.withUnsafeBytes {
        Self.write(input, UnsafeRawBufferPointer(rebasing: $0[written...]))
      }
      if count > 0 {
        written += count
      } else if errno == EAGAIN {
        return
      } else if errno != EINTR {
        break
      }
    }
    unwritten.removeAll(keepingCapacity: true)
    written = 0
  }

  private func takeLine() -> [UInt8]? {
    let start = max(head, scanned)
    guard let end = endOfLine(from: start) else {
      scanned = unread.count
      return nil
    }
    let line = Array(unread[head..<end])
    head = end + 1
    if head == unread.count {
      unread.removeAll(keepingCapacity: true)
      head = 0
    }
    scanned = head
    return line
  }

  private func endOfLine(from start: Int) -> Int? {
    unread.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, start < bytes.count,
        let end = memchr(base + start, Int32(UInt8(ascii: "\n")), bytes.count - start)
      else { return nil }
      return base.distance(to: UnsafeRawPointer(end))
    }
  }

  /// Waits until something moves, and takes it in.
  ///
  /// - Returns: whether something did before the deadline.
  private func wait(by deadline: ContinuousClock.Instant, toWrite: Bool) -> Bool {
    let left = ContinuousClock.now.duration(to: deadline)
    guard left > .zero else { return false }
    polled[0] = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
    polled[1] = pollfd(fd: errors, events: Int16(POLLIN), revents: 0)
    polled[2] = pollfd(fd: hasEnded ? -1 : process, events: Int16(POLLIN), revents: 0)
    polled[3] = pollfd(fd: toWrite ? input : -1, events: Int16(POLLOUT), revents: 0)
    // After the process has ended what is in the pipes is all there will be, but for what other
    // processes of its group may write: one look, no wait.
    let count = poll(&polled, 4, hasEnded ? 0 : left.milliseconds)
    guard count > 0 else { return hasEnded || (count < 0 && errno == EINTR) }
    if polled[2].revents != 0 { hasEnded = true }
    if polled[1].revents != 0 { _ = readErrors() }
    if polled[0].revents != 0 { readOutput() }
    return true
  }

  private func readOutput() {
    let count = chunk.withUnsafeMutableBytes { read(output, $0.baseAddress, $0.count) }
    if count > 0 {
      unread.append(contentsOf: chunk[..<count])
    } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
      close(output)
      output = -1
    }
  }

  /// - Returns: whether there was something.
  private func readErrors() -> Bool {
    let count = chunk.withUnsafeMutableBytes { read(errors, $0.baseAddress, $0.count) }
    if count > 0 {
      chunk.withUnsafeBufferPointer {
        errorTail.append(UnsafeBufferPointer(rebasing: $0[..<count]))
      }
      return true
    }
    if count == 0 || (errno != EAGAIN && errno != EINTR) {
      close(errors)
      errors = -1
    }
    return false
  }

  /// Writes without the signal that a pipe without a reader sends: it would end the suite.
  private static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    var pipeSignal = sigset_t()
    var before = sigset_t()
    sigemptyset(&pipeSignal)
    sigaddset(&pipeSignal, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &pipeSignal, &before)
    let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    let code = errno
    if count < 0, code == EPIPE {
      var atOnce = timespec()
      sigtimedwait(&pipeSignal, nil, &atOnce)
    }
    pthread_sigmask(SIG_SETMASK, &before, nil)
    errno = code
    return count
  }
}

extension Duration {
  /// Whole milliseconds, rounded up, for `poll`.
  var milliseconds: Int32 {
    let (seconds, attoseconds) = components
    let perMillisecond: Int64 = 1_000_000_000_000_000
    return Int32(clamping: seconds * 1_000 + (attoseconds + perMillisecond - 1) / perMillisecond)
  }
}
