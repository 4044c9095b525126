import AdapterProtocol

/// A request on its way, and what can be said of answers to it that are none.
struct Asked: CustomStringConvertible {
  let id: UInt64
  let request: Request

  var isBye: Bool {
    if case .bye = request { return true }
    return false
  }

  /// `request 7 (tick n1)`.
  var description: String { "request \(id) (\(Excerpt.printable(operation)))" }

  private var operation: String {
    switch request {
    case .hello, .end, .bye, .unknown: request.operation
    case .begin(let trace, _): "begin \(trace)"
    case .create(let specification): "create \(specification.node)"
    case .timeout(let node), .campaign(let node), .lapse(let node), .beat(let node),
      .restart(let node), .tick(let node, _), .receive(let node, _, _), .propose(let node, _),
      .hold(let node, _), .release(let node, _), .complete(let node, _, _),
      .storageFault(let node, _), .crash(let node, _, _), .state(let node, _),
      .snapshot(let node), .compact(let node, _), .configure(let node, _), .read(let node, _),
      .transfer(let node, _), .corrupt(let node, _):
      "\(request.operation) \(node)"
    case .deliver(let handle), .drop(let handle), .duplicate(let handle):
      "\(request.operation) \(handle.rawValue)"
    }
  }

  /// Something came that nothing was asked for.
  var unasked: String {
    "it wrote more than the one answer to request \(id - 1), before \(self) was asked; "
      + Self.rule
  }

  /// - Parameter lastAsked: the last request on its way.
  func wrongID(_ other: UInt64, lastAsked: UInt64) -> String {
    let standing =
      other < id
      ? "\(other) was answered already"
      : other <= lastAsked
        ? "out of order; requests are answered as they come" : "\(other) was not asked yet"
    return "an answer with id \(other) where that to \(self) was due: \(standing)"
  }

  func complaint(_ problem: ProtocolProblem) -> String {
    problem.isSyntax
      ? "no JSON where the answer to \(self) was due: \(problem.message); \(Self.rule)"
      : "a wrong answer to \(self): \(problem.message)"
  }

  private static let rule =
    "one answer a request, and standard output for nothing else: logs belong on standard error"
}

/// The names of signals that end processes.
enum SignalName {
  static func of(_ signal: Int32) -> String {
    let names: [Int32: String] = [
      1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS",
      8: "SIGFPE", 9: "SIGKILL", 11: "SIGSEGV", 13: "SIGPIPE", 14: "SIGALRM", 15: "SIGTERM",
    ]
    return names[signal] ?? "signal \(signal)"
  }
}
