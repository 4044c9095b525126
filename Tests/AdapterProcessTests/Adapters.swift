import AdapterProcess
import Conformance
import Foundation
import Support
import TraceFormat

/// The programs that the tests run as adapters.
enum Adapters {
  /// The reference core behind the protocol, in the raft-ladder that was built beside the tests.
  static let reference = AdapterCommandLine(
    program: program.path, arguments: ["adapter", "reference"])

  /// The Python that the tests use.
  static let python = ProcessInfo.processInfo.environment["RAFT_LADDER_PYTHON"] ?? "python3"

  /// An adapter in Python.
  static func script(_ text: String, in folder: TemporaryFolder, _ arguments: [String] = []) throws
    -> AdapterCommandLine
  {
    let file = try folder.write(text, to: "adapter-\(UUID().uuidString).py")
    return AdapterCommandLine(program: python, arguments: [file.path] + arguments)
  }

  /// The reference adapter, with a fault in one trace: from its first operation after `create`.
  static func faulty(_ fault: String, in trace: Trace, folder: TemporaryFolder) throws
    -> AdapterCommandLine
  {
    try script(
      proxy, in: folder,
      [fault, trace.fullID, folder.url.path, reference.program] + reference.arguments)
  }

  /// Passes each line on to an adapter that is right, and does wrong when the time has come.
  private static let proxy = #"""
    import json, os, signal, subprocess, sys, time
    fault, trace, folder = sys.argv[1:4]
    right = subprocess.Popen(sys.argv[4:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    out = sys.stdout.buffer

    def once(name):
        """Whether this is the first time, over all processes."""
        try:
            os.close(os.open(os.path.join(folder, name), os.O_CREAT | os.O_EXCL))
            return True
        except FileExistsError:
            return False

    def wrong(request, answer):
        if fault == "hang" or (fault == "hang-once" and once("hung")):
            signal.pause()
        if fault == "leave-child":
            child = subprocess.Popen(["sleep", "1000"], stdin=subprocess.DEVNULL)
            with open(os.path.join(folder, "child"), "w") as file:
                file.write(str(child.pid))
            signal.pause()
        if fault == "exit":
            sys.stderr.write("first line\nboom \x1b[31m\n")
            sys.stderr.flush()
            os._exit(3)
        if fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if fault == "close":
            os.close(1)
            signal.pause()
        if fault == "garbage":
            return b"Segmentation fault\n"
        if fault == "wrong-field":
            return b'{"id":%d,"ok":{"state":{"term":"two"}}}\n' % request["id"]
        if fault == "noise":
            return b"debug: here\n" + answer
        if fault == "wrong-id":
            return answer.replace(b'"id":%d' % request["id"], b'"id":%d' % (request["id"] + 1))
        if fault == "two-answers":
            return answer + answer
        if fault == "flood-errors":
            sys.stderr.buffer.write(b"x" * (1 << 20) + b"\n")
            sys.stderr.flush()
        if fault == "flood-output":
            while True:
                out.write(b"x" * 65536)
        if fault == "refuse":
            return b'{"id":%d,"unsupported":{"capability":"timeout","reason":"not today"}}\n' \
                % request["id"]
        if fault == "markup":
            message = json.dumps("<script>alert(1)</script>\x1b[31m\u202e")
            return b'{"id":%d,"error":{"message":%s}}\n' % (request["id"], message.encode())
        if fault == "slow":
            time.sleep(0.02)
        return answer

    here = False
    for line in sys.stdin.buffer:
        request = json.loads(line)
        if request["op"] == "begin":
            here = request["trace"] == trace
        right.stdin.write(line)
        right.stdin.flush()
        answer = right.stdout.readline()
        if fault == "exit-at-end" and here and request["op"] == "end":
            os._exit(0)
        if here and request["op"] not in ("begin", "create", "end", "bye"):
            answer = wrong(request, answer)
        out.write(answer)
        out.flush()
    """#

  private static let program: URL = {
    var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    while folder.path != "/" {
      let program = folder.appending(path: "raft-ladder")
      if FileManager.default.isExecutableFile(atPath: program.path) { return program }
      folder = folder.deletingLastPathComponent()
    }
    preconditionFailure("raft-ladder was not built beside the tests")
  }()
}

/// A folder that goes when it is no longer needed.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appending(path: "raft-ladder-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// A file with this text.
  @discardableResult
  func write(_ text: String, to name: String) throws -> URL {
    let file = url.appending(path: name)
    try Data(text.utf8).write(to: file)
    return file
  }

  /// The text of a file.
  func read(_ name: String) throws -> String {
    try String(contentsOf: url.appending(path: name), encoding: .utf8)
  }
}

/// Whether a process runs. One that has ended may still have to be reaped by whoever inherited it.
func isAlive(_ pid: pid_t) -> Bool {
  guard let state = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else {
    return false
  }
  return !state.contains(") Z ")
}

/// What a run showed of a trace, to be compared.
struct Shown: Hashable {
  var id: String
  var verdict: Verdict
  var steps: Int
  var reason: String?
  var invariants: [String]

  init(_ result: TraceResult) {
    id = result.id
    verdict = result.verdict
    steps = result.steps
    reason = result.reason ?? result.failure?.failure.summary
    invariants = result.invariants.map { "\($0.invariant.rawValue) \($0.standing)" }
  }
}
