import AdapterProcess
import AdapterProtocol
import Conformance
import Foundation
import RaftTypes
import Testing

/// Requests that are asked together: as many on their way as the adapter's window allows.
struct PipeliningTests {
  @Test func `the answers are those of the same requests one at a time`() throws {
    let nodes = (1...3).map { NodeName("n\($0)") }
    var requests = [Request.begin(trace: "pipelining", seed: 3)]
    requests += nodes.map { node in
      .create(
        NodeSpecification(
          node: node, voters: nodes, term: Term(1), votedFor: nil, log: [],
          settings: NodeSettings()))
    }
    for count in 0..<300 { requests.append(.tick(nodes[count % 3], times: 1 + count % 4)) }
    requests += [.timeout(NodeName("n9")), .unknown(operation: "fly"), .end]
    let together = try AdapterSystem(Adapters.reference)
    let apart = try AdapterSystem(Adapters.reference)
    #expect(try HarnessContract.hello(together).window == 64)
    _ = try HarnessContract.hello(apart)
    let answers = try together.perform(requests)
    let expected = try requests.map { try apart.perform($0) }
    #expect(answers.map(Self.line) == expected.map(Self.line))
    #expect(try together.perform([]).isEmpty)
    #expect(try together.perform([.end, .bye]).count == 2)
  }

  /// Introduces itself with a window of three, and reads three requests before each first answer.
  private static let threeAtATime = """
    import json, os, select, sys
    out = sys.stdout.buffer
    def say(value):
        out.write(json.dumps(value).encode() + b"\\n")
        out.flush()
    def ask():
        line = b""
        while not line.endswith(b"\\n"):
            byte = os.read(0, 1)
            if not byte: sys.exit()
            line += byte
        return json.loads(line)
    say({"id": ask()["id"], "ok": {"protocol": 1, "capabilities": [], "window": 3,
         "implementation": {"name": "three", "version": "1"}}})
    waiting, coming = [ask(), ask(), ask()], 3
    while waiting:
        more = select.select([0], [], [], 0.2)[0] and len(waiting) == 3
        say({"id": waiting.pop(0)["id"], "error": {"message": "four" if more else "three"}})
        if coming:
            waiting.append(ask())
            coming -= 1
    """

  @Test func `the window is used, and is not exceeded`() throws {
    let folder = try TemporaryFolder()
    let system = try AdapterSystem(try Adapters.script(Self.threeAtATime, in: folder))
    _ = try HarnessContract.hello(system)
    let answers = try system.perform([Request](repeating: .end, count: 6))
    let said = answers.map { answer in
      if case .error(let message, _) = answer { message } else { "no error" }
    }
    #expect(said == [String](repeating: "three", count: 6))
  }

  /// Answers each request as it comes, with a line as long; the fault is the third one's after hello.
  private static let echo = """
    import json, os, signal, sys
    fault, out, kept = sys.argv[1], sys.stdout.buffer, b""
    for number, line in enumerate(sys.stdin.buffer):
        request = json.loads(line)
        answer = {"id": request["id"], "ok": {"padding": "x" * len(line)}}
        if number == 0:
            answer["ok"].update({"protocol": 1, "capabilities": [], "window": 64,
                "implementation": {"name": "echo", "version": "1"}})
        said = json.dumps(answer).encode() + b"\\n"
        if number == 3:
            if fault == "hang": signal.pause()
            if fault == "die": os._exit(7)
            if fault == "garbage": said = b"oops\\n"
            if fault == "flood": said = b"x" * ((16 << 20) + 65536)
            if fault == "twice": said += said
            if fault == "swap": kept, said = said, b""
        out.write(said)
        if number == 4: out.write(kept)
        out.flush()
    """

  @Test func `neither side waits for ever with both pipes full`() throws {
    let folder = try TemporaryFolder()
    var limits = AdapterLimits()
    limits.operation = .seconds(60)
    limits.trace = .seconds(60)
    let system = try AdapterSystem(
      try Adapters.script(Self.echo, in: folder, ["none"]), limits: limits)
    _ = try HarnessContract.hello(system)
    let data = [UInt8](repeating: 7, count: 300_000)
    let requests = [Request](repeating: .propose(NodeName("n1"), data: data), count: 100)
    #expect(try system.perform(requests).count == 100)
  }

  @Test(arguments: [
    ("hang", "the adapter timed out: no answer to request 4 (tick n3) within 1.0 seconds"),
    ("die", "the adapter crashed: it exited with code 7 instead of answering request 4 (tick n3)"),
    ("garbage", "the adapter broke the protocol: no JSON where the answer to request 4 (tick n3)"),
    ("flood", "bytes without an end of line, and no answer to request 4 (tick n3)"),
    (
      "twice",
      "an answer with id 4 where that to request 5 (tick n4) was due: 4 was answered already"
    ),
    ("swap", "an answer with id 5 where that to request 4 (tick n3) was due: out of order"),
  ])
  func `a fault within the window names the request that has no answer`(
    fault: String, words: String
  ) throws {
    let folder = try TemporaryFolder()
    var limits = AdapterLimits()
    limits.hello = .seconds(60)
    limits.operation = fault == "hang" ? .seconds(1) : .seconds(60)
    let system = try AdapterSystem(
      try Adapters.script(Self.echo, in: folder, [fault]), limits: limits)
    _ = try HarnessContract.hello(system)
    let requests = (1...8).map { Request.tick(NodeName("n\($0)"), times: 1) }
    let failure = #expect(throws: SystemFailure.self) { try system.perform(requests) }
    #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "no failure")")
    let again = #expect(throws: SystemFailure.self) { try system.perform(requests) }
    #expect(again == failure)
  }

  private static func line(_ answer: Answer) -> String {
    String(decoding: AnswerCoding.encode(answer, id: 0), as: UTF8.self)
  }
}
