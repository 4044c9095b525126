// An adapter: puts an implementation of Raft under raft-ladder's conformance suite.
//
// It runs as it is. Node is a voter that knows RequestVote and nothing else: put your
// implementation in its place, and take up one operation after the other.
//
//   swiftc -O adapter.swift
//   raft-ladder validate-adapter -- ./adapter    says what is wrong, and what comes next
//   raft-ladder climb --adapter ./adapter        goes up the ladder, rung by rung
//
// Requests come a line each on standard input, answers go a line each to standard output, in order;
// logs go to standard error. Spec/AdapterProtocol.md tells every operation and field.
//
// Next: the operations in the order of the ladder. Declare a capability in capabilities once its
// operations work; what is not declared is not judged.
//
//   <next steps>

import Foundation

let capabilities = ["messages", "log.read", "votedFor.read"]

// MARK: What the lines hold

/// A term, an index or a handle: above 2^53 it is written as a string of digits.
struct Number: Codable, Comparable {
  var value: UInt64

  init(_ value: UInt64) { self.value = value }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let digits = try? container.decode(String.self), let value = UInt64(digits) {
      self.value = value
    } else {
      value = try container.decode(UInt64.self)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if value <= 1 << 53 { try container.encode(value) } else { try container.encode("\(value)") }
  }

  static func < (a: Number, b: Number) -> Bool { a.value < b.value }
}

struct Entry: Codable {
  var term: Number
  var kind: String?
  var data: Data?  // JSONDecoder and JSONEncoder carry bytes as base64
}

struct Message: Codable {
  var type: String
  var term: Number
  var lastLogIndex: Number?
  var lastLogTerm: Number?
  var granted: Bool?
}

struct Request: Decodable {
  struct HardState: Decodable {
    var term: Number?
    var votedFor: String?
  }

  var id: Number
  var op: String
  var protocols: [Int]?
  var seed: String?
  var node: String?
  var hardState: HardState?
  var log: [Entry]?
  var from: String?
  var message: Message?
  var want: [String]?
}

struct Sent: Encodable {
  var handle: Number
  var to: String
  var message: Message
}

/// What can change. All of it may be told every time, but for the log: that is a delta.
struct State: Encodable {
  var role = "follower"
  var term = Number(0)
  var votedFor: String?
  var leader: String?
  var commitIndex = Number(0)
  var appended: [Entry]?

  private enum Key: CodingKey {
    case status, role, term, votedFor, leader, commitIndex, appended
  }

  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode("running", forKey: .status)
    try fields.encode(role, forKey: .role)
    try fields.encode(term, forKey: .term)
    try fields.encode(votedFor, forKey: .votedFor)  // nil is null: nobody
    try fields.encode(leader, forKey: .leader)
    try fields.encode(commitIndex, forKey: .commitIndex)
    try fields.encodeIfPresent(appended, forKey: .appended)
  }
}

struct Result: Encodable {
  struct Implementation: Encodable {
    var name = "my raft", version = "0.1", language = "swift"
  }

  var `protocol`: Int?
  var implementation: Implementation?
  var capabilities: [String]?
  var window: Int?
  var sent: [Sent]?
  var state: State?
}

struct Answer: Encodable {
  struct Unsupported: Encodable, Error { var capability: String, reason: String }
  struct Fault: Encodable, Error { var message: String }

  var id: Number
  var ok: Result?
  var unsupported: Unsupported?
  var error: Fault?
}

// MARK: The implementation

/// One server, booted from the durable state that `create` gives. Replace it by your own.
struct Node {
  var state = State()
  var log: [Entry]  // from index 1 on

  init(_ request: Request) {
    log = request.log ?? []
    state.term = request.hardState?.term ?? Number(0)
    state.votedFor = request.hardState?.votedFor
  }

  /// Takes a message; returns those that it sends, with their receivers.
  mutating func receive(
    _ message: Message, from sender: String
  ) throws -> [(to: String, message: Message)] {
    guard message.type == "RequestVote" else {
      throw Answer.Unsupported(
        capability: message.type, reason: "the starter knows RequestVote alone")
    }
    if message.term > state.term {  // Raft paper, figure 2: rules for all servers
      (state.term, state.votedFor, state.role) = (message.term, nil, "follower")
    }
    let theirs = (message.lastLogTerm ?? Number(0), message.lastLogIndex ?? Number(0))
    let own = (log.last?.term ?? Number(0), Number(UInt64(log.count)))
    let isFree = state.votedFor == nil || state.votedFor == sender
    let granted = message.term == state.term && isFree && theirs >= own
    if granted { state.votedFor = sender }  // Durable before it is told: write it here.
    let answer = Message(type: "RequestVoteResponse", term: state.term, granted: granted)
    return [(sender, answer)]
  }
}

// MARK: The adapter

/// The nodes of one trace, and the messages on their way by handle, for `deliver`.
struct Adapter {
  var nodes: [String: Node] = [:]
  var inFlight: [UInt64: (from: String, to: String, message: Message)] = [:]
  var handles: UInt64 = 0

  /// Carries a request out; the result is the `ok` of the answer.
  mutating func perform(_ request: Request) throws -> Result {
    switch request.op {
    case "hello":
      return Result(
        protocol: 1, implementation: Result.Implementation(), capabilities: capabilities, window: 1)
    case "begin":
      self = Adapter()  // Every node and message is gone; request.seed is for your randomness.
      return Result()
    case "end", "bye":
      return Result()
    case "create":
      let node = Node(request)
      nodes[request.node ?? ""] = node
      return Result(state: whole(node))
    case "state":
      let node = try node(request)
      return Result(state: request.want?.contains("log") == true ? whole(node) : node.state)
    case "receive":
      var node = try node(request)
      guard let name = request.node, let from = request.from, let message = request.message else {
        throw Answer.Fault(message: "a message and its sender are missing")
      }
      let messages = try node.receive(message, from: from)
      nodes[name] = node
      let sent = messages.map { send($0.message, from: name, to: $0.to) }
      return Result(sent: sent, state: node.state)
    default:
      throw Answer.Unsupported(capability: request.op, reason: "not implemented yet")
    }
  }

  private func node(_ request: Request) throws -> Node {
    guard let node = nodes[request.node ?? ""] else {
      throw Answer.Fault(message: "there is no node '\(request.node ?? "")'")
    }
    return node
  }

  private func whole(_ node: Node) -> State {
    var state = node.state
    state.appended = node.log
    return state
  }

  /// Puts a message on its way: nothing is delivered before the suite asks for it.
  private mutating func send(_ message: Message, from: String, to: String) -> Sent {
    handles += 1
    inFlight[handles] = (from, to, message)
    return Sent(handle: Number(handles), to: to, message: message)
  }
}

var adapter = Adapter()
while let line = readLine() {
  var answer = Answer(id: Number(0))
  var isOver = false
  do {
    let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
    answer.id = request.id
    isOver = request.op == "bye"
    answer.ok = try adapter.perform(request)
  } catch let missing as Answer.Unsupported {
    answer.unsupported = missing
  } catch let fault as Answer.Fault {
    answer.error = fault
  } catch {
    answer.error = Answer.Fault(message: "\(error)")
  }
  try FileHandle.standardOutput.write(contentsOf: JSONEncoder().encode(answer) + Data("\n".utf8))
  if isOver { break }
}
