import Linearizability
import Testing

/// Judges the text of a file.
private func judge(
  _ text: String, _ format: HistoryFormat? = nil, model: HistoryModel? = nil
) throws -> (history: RecordedHistory, judgement: Judgement) {
  let history = try HistoryReader(format: format, model: model)
    .read(bytes: text.utf8, file: "history")
  return (history, history.check())
}

/// The readers of other people's formats.
@Suite struct `Formats of others` {
  @Test func `a log of Jepsen's etcd runs`() throws {
    let log = """
      INFO  jepsen.core - Running test
      INFO  jepsen.util - 0\t:invoke\t:read\tnil
      INFO  jepsen.util - 0\t:ok\t:read\tnil
      INFO  jepsen.util - 4\t:invoke\t:write\t0
      INFO  jepsen.util - :nemesis\t:info\t:start\t"Cut off"
      INFO  jepsen.util - 2\t:invoke\t:cas\t[1 0]
      INFO  jepsen.util - 2\t:fail\t:cas\t[1 0]
      INFO  jepsen.util - 4\t:ok\t:write\t0
      INFO  jepsen.util - 3   :invoke   :write   5
      INFO  jepsen.util - 3   :info   :write   :timed-out
      INFO  jepsen.util - 0\t:invoke\t:read\tnil
      INFO  jepsen.util - 0\t:fail\t:read\t:timed-out
      INFO  jepsen.util - 0\t:invoke\t:read\tnil
      INFO  jepsen.util - 0\t:ok\t:read\t5

      """
    let (history, judgement) = try judge(log)
    #expect(history.format == .jepsenEtcd)
    #expect(history.model == .register)
    #expect(history.operations == 6)
    #expect(history.unknown == 1)
    #expect(history.linesPassedOver == 2)
    #expect(judgement.verdict == .linearizable)
  }

  @Test func `a comparison that failed in Jepsen's log found something else`() throws {
    let log = """
      INFO  jepsen.util - 4\t:invoke\t:write\t1
      INFO  jepsen.util - 4\t:ok\t:write\t1
      INFO  jepsen.util - 2\t:invoke\t:cas\t[1 0]
      INFO  jepsen.util - 2\t:fail\t:cas\t[1 0]

      """
    let (_, judgement) = try judge(log)
    #expect(judgement.verdict == .notLinearizable)
    let failed = log.replacing("2\t:fail\t:cas\t[1 0]", with: "2\t:fail\t:cas\t:timed-out")
    #expect(try judge(failed).judgement.verdict == .linearizable)
  }

  @Test func `Knossos' registers, in a vector, a list or one after the other`() throws {
    let events = """
      {:process 0, :type :invoke, :f :write, :value 3}
      ; a comment, and an event of the nemesis
      {:process :nemesis, :type :info, :f :start, :value "Cut off #{:n1}"}
      {:process 1, :type :invoke, :f :read, :value nil} #_{:left :out}
      {:process 1, :type :ok, :f :read, :value 3, :time 17}
      {:process 0, :type :info, :f :write, :value 3, :error [:no \\"reply\\"]}
      {:process 2, :type :invoke, :f :cas, :value [4 5]}
      {:type :fail, :f :cas,
       :value [4 5], :process 2}
      """.replacing("\\\"", with: "\"")
    for text in [events, "[\(events)]", "(\(events)\n)"] {
      let (history, judgement) = try judge(text)
      #expect(history.format == .knossosEDN)
      #expect(history.operations == 3)
      #expect(history.unknown == 1)
      #expect(history.linesPassedOver == 1)
      #expect(judgement.verdict == .linearizable)
    }
  }

  @Test func `a comparison that failed in Knossos' history says nothing`() throws {
    let (_, judgement) = try judge(
      """
      [{:process 0 :type :invoke :f :write :value 1}{:process 0 :type :ok :f :write :value 1}
       {:process 0 :type :invoke :f :cas :value [1 2]}{:process 0 :type :fail :f :cas :value [1 2]}
       {:process 0 :type :invoke :f :read :value nil}{:process 0 :type :ok :f :read :value 1}]
      """)
    #expect(judgement.verdict == .linearizable)
  }

  @Test func `Porcupine's keys, where nothing is read as empty text`() throws {
    let text = """
      {:process 0, :type :invoke, :f :get, :key "0", :value nil}
      {:process 1, :type :invoke, :f :append, :key "0", :value "x 1 0 y"}
      {:process 0, :type :ok, :f :get, :key "0", :value ""}
      {:process 2, :type :invoke, :f :put, :key "1", :value "a"}
      {:process 1, :type :ok, :f :append, :key "0", :value "x 1 0 y"}
      {:process 2, :type :ok, :f :put, :key "1", :value "a"}
      {:process 0, :type :invoke, :f :get, :key "0", :value nil}
      {:process 0, :type :ok, :f :get, :key "0", :value "x 1 0 y"}

      """
    let (history, judgement) = try judge(text)
    #expect(history.format == .porcupineKV)
    #expect(history.partitions == 2)
    #expect(judgement.verdict == .linearizable)
    let stale = text.replacing(
      ":get, :key \"0\", :value \"x 1 0 y\"", with: ":get, :key \"0\", :value \"\"")
    let violated = try judge(stale).judgement
    #expect(violated.verdict == .notLinearizable)
    #expect(violated.explanation?.partition == "0")
  }

  @Test(arguments: [
    ("[{:process 0 :type :invoke :f :write :value 1}", 1, "close it with ']'"),
    ("[{:process 0 :type :invoke\n :f :write :value 1", 1, "close it with '}'"),
    ("{:process 0 :type :invoke :f}", 1, "give each key one value"),
    ("{:process 0 :type :invoke :f :read}\n17", 2, "write each event as a map"),
    ("{:process 0 :type :begin :f :read}", 1, "write :invoke, :ok, :fail or :info"),
    ("{:process 0 :type :invoke :f :get}", 1, "write :read, :write, :cas or :delete"),
    ("{:process -1 :type :invoke :f :read}", 1, "number the processes from 0 on"),
    ("{:process 0 :type :invoke :f :write :value \"a", 1, "close it with a quote"),
    ("{:process 0 :type :invoke :f :write :value (1 2)}", 1, "give a number, a text or a boolean"),
    ("{:process 0 :type :invoke :f :cas :value 4}", 1, "the expected and the new value"),
    (String(repeating: "[", count: 100), 1, "close"),
    ("{:process 0 :type :invoke :f :read}\n)", 2, "open it before"),
  ])
  func `mistakes in EDN have a place and a remedy`(text: String, line: Int, part: String) {
    expectProblem(text, .knossosEDN, line: line, part)
  }

  @Test(arguments: [
    ("INFO jepsen.util - x :invoke :read nil", 1, "'x' is no number of a process"),
    ("INFO jepsen.util - 1 :start :read nil", 1, "write :invoke"),
    ("noise\nINFO jepsen.util - 1 :invoke :txn nil", 2, "write :read, :write"),
    ("INFO jepsen.util - 1 :invoke :write 3 4", 1, "something follows the value"),
    ("INFO jepsen.util - 1 :invoke :write [", 1, "close it"),
    ("INFO jepsen.util - 1 :ok :write 3", 1, "record its invocation first"),
    ("noise\nmore noise", 1, "check that the format is jepsen-etcd"),
  ])
  func `mistakes in a log have a place and a remedy`(text: String, line: Int, part: String) {
    expectProblem(text, .jepsenEtcd, line: line, part)
  }
}

/// The format of this project's own.
@Suite struct `Histories in JSON lines` {
  private let begin = #"{"type":"invoke","process":0,"f":"write","key":"k","value":1}"#

  @Test func `every function and field`() throws {
    let text = """
      {"history":1,"model":"kv"}
      {"type":"invoke","process":0,"f":"write","key":"k","value":"\\u00e9\\n","time":1.5e3}\r

      {"type":"ok","process":0,"index":7,"node":"n1"}
      {"type":"invoke","process":1,"f":"cas","key":"k","value":["é\\n",2]}
      {"type":"ok","process":1,"swapped":true,"index":8}
      {"type":"invoke","process":1,"f":"cas","key":"k","value":[null,3]}
      {"type":"ok","process":1,"swapped":false,"index":8}
      {"type":"invoke","process":2,"f":"delete","key":"k"}
      {"type":"info","process":2,"error":"timeout","index":9}
      {"type":"invoke","process":1,"f":"read","key":"k"}
      {"type":"ok","process":1,"f":"read","key":"k","value":null,"index":9}
      {"type":"invoke","process":3,"f":"append","key":"log","value":"a"}
      {"type":"fail","process":3}
      """
    let (history, judgement) = try judge(text)
    #expect(history.format == .ndjson)
    #expect(history.model == .kv)
    #expect(history.operations == 6)
    #expect(history.unknown == 1)
    #expect(history.partitions == 2)
    #expect(judgement.verdict == .linearizable)
    #expect(judgement.cost.partitionsWitnessed == 1)
  }

  @Test func `values of different kinds are different`() throws {
    for (seen, verdict) in [("1", Verdict.linearizable), ("\"1\"", .notLinearizable)] {
      let text =
        begin + "\n{\"type\":\"ok\",\"process\":0}\n"
        + #"{"type":"invoke","process":0,"f":"read","key":"k"}"# + "\n"
        + "{\"type\":\"ok\",\"process\":0,\"value\":\(seen)}\n"
      #expect(try judge(text).judgement.verdict == verdict)
    }
  }

  @Test func `texts are equal by their bytes alone`() throws {
    let composed = "\u{E9}", decomposed = "e\u{301}"
    #expect(composed == decomposed, "as strings they are equal")
    let text =
      #"{"type":"invoke","process":0,"f":"write","value":"\#(composed)"}"# + "\n"
      + #"{"type":"ok","process":0}"# + "\n" + #"{"type":"invoke","process":0,"f":"read"}"# + "\n"
      + #"{"type":"ok","process":0,"value":"\#(decomposed)"}"#
    #expect(try judge(text).judgement.verdict == .notLinearizable)
  }

  @Test func `a list is read whole`() throws {
    let text = """
      {"history":1,"model":"list"}
      {"type":"invoke","process":0,"f":"append","value":1}
      {"type":"invoke","process":1,"f":"append","value":"b"}
      {"type":"ok","process":0}
      {"type":"ok","process":1}
      {"type":"invoke","process":0,"f":"read"}
      {"type":"ok","process":0,"value":["b",1]}
      """
    #expect(try judge(text).judgement.verdict == .linearizable)
    let forked = text.replacing("[\"b\",1]", with: "[1]")
    #expect(try judge(forked).judgement.verdict == .notLinearizable)
    let kv = text.replacing("\"list\"", with: "\"kv\"")
    #expect(throws: HistoryProblem.self) { try judge(kv) }
    #expect(try judge(kv, model: .list).judgement.verdict == .linearizable)
  }

  @Test(arguments: [
    (["x"], 1, "column 1: this is no JSON value"),
    (["[]"], 1, "the line is a list"),
    ([#"{"type":"invoke","process":0,"f":"read"} 1"#], 1, "something follows the value"),
    ([#"{"type":"invoke","type":"ok"}"#], 1, "the field is given twice"),
    ([#"{"process":0,"f":"read"}"#], 1, "the event has no type"),
    ([#"{"type":"invoke","f":"read"}"#], 1, "the event has no process"),
    ([#"{"type":"invoke","process":-1,"f":"read"}"#], 1, "write a number from 0 to 2^64 - 1"),
    ([#"{"type":"invoke","process":1.5,"f":"read"}"#], 1, "the process is the number 1.5"),
    ([#"{"type":"invoke","process":01,"f":"read"}"#], 1, "this is no JSON number"),
    ([#"{"type":"invoke","process":0}"#], 1, "name its function"),
    ([#"{"type":"invoke","process":0,"f":"set"}"#], 1, "write read, write, delete, cas or append"),
    ([#"{"type":"invoke","process":0,"f":"write"}"#], 1, "give the value, or use delete"),
    ([#"{"type":"invoke","process":0,"f":"write","value":{}}"#], 1, "a map is no value"),
    ([#"{"type":"invoke","process":0,"f":"cas","value":[1]}"#], 1, "the expected and the new"),
    ([#"{"type":"invoke","process":0,"f":"read","key":1}"#], 1, "write keys as texts"),
    ([#"{"type":"invoke","process":0,"f":"read","indx":1}"#], 1, "no field 'indx'"),
    ([#"{"type":"invoke","process":0,"f":"write","value":"\ud800"}"#], 1, "half a surrogate pair"),
    ([#"{"type":"invoke","process":0,"f":"write","value":"\x"}"#], 1, "no escape of JSON"),
    ([#"{"type":"invoke","process":0,"f":"write","value":"a"#], 1, "the line ends within a text"),
    ([#"{"history":2}"#], 1, "write version 1"),
    ([#"{"history":1,"model":"set"}"#], 1, "name one of register, kv, list"),
    (["BEGIN", #"{"type":"ok","process":4}"#], 2, "process 4 ends an operation"),
    (["BEGIN", "BEGIN"], 2, "invokes while its operation of line 1 is open"),
    (["BEGIN", #"{"type":"info","process":0}"#, "BEGIN"], 3, "after line 2 left its operation"),
    (["BEGIN", #"{"type":"ok","process":0,"f":"read"}"#], 2, "a read ends the write of line 1"),
    (
      ["BEGIN", #"{"type":"ok","process":0,"key":"l"}"#], 2, "not that of the invocation in line 1"
    ),
    (["BEGIN", #"{"type":"ok","process":0,"value":2}"#], 2, "repeat the value as it was"),
    (
      [#"{"type":"invoke","process":0,"f":"read"}"#, #"{"type":"ok","process":0}"#], 2,
      "give its value, null for none"
    ),
    (
      [#"{"type":"invoke","process":0,"f":"read"}"#, #"{"type":"ok","process":0,"value":[1]}"#], 2,
      "a list is no value of a register"
    ),
    (
      ["BEGIN", #"{"type":"invoke","process":1,"f":"append","key":"k","value":"a"}"#], 2,
      "an append to a key that held 1"
    ),
  ])
  func `mistakes have a place and a remedy`(lines: [String], line: Int, part: String) {
    let text = lines.map { $0 == "BEGIN" ? begin : $0 }.joined(separator: "\n")
    expectProblem(text, .ndjson, line: line, part)
  }

  @Test func `limits are told, not run into`() throws {
    func problem(_ text: String, _ change: (inout HistoryLimits) -> Void) -> String {
      var limits = HistoryLimits()
      change(&limits)
      do throws(HistoryProblem) {
        _ = try HistoryReader(format: .ndjson, limits: limits)
          .read(bytes: text.utf8, file: "history")
        return ""
      } catch {
        return error.description
      }
    }
    #expect(problem(begin) { $0.lineBytes = 20 }.contains("history:1: the line is longer than 20"))
    #expect(problem(begin) { $0.keyBytes = 0 }.contains("the key is longer than 0 bytes"))
    #expect(problem(begin) { $0.operations = 0 }.contains("more than 0 operations"))
    let deep = String(repeating: "[", count: 5_000)
    #expect(problem(deep) { _ in }.contains("too deep"))
  }

  @Test func `bytes that are not UTF-8 are a mistake, not a trap`() {
    let bytes =
      Array(#"{"type":"invoke","process":0,"f":"write","value":""#.utf8) + [0xFF, 0x22, 0x7D]
    #expect(throws: HistoryProblem.self) {
      try HistoryReader(format: .ndjson).read(bytes: bytes, file: "history")
    }
  }

  /// Files cut short anywhere, and with any byte replaced, are read or refused.
  @Test func `no damaged file traps`() {
    let text = Array(
      """
      {"history":1,"model":"kv"}
      {"type":"invoke","process":0,"f":"cas","key":"k","value":["\\u00e9\\n",2.5e1]}
      {"type":"ok","process":0,"swapped":true,"index":8}
      """.utf8)
    let edn = Array(
      "[{:process 0, :type :invoke, :f :cas, :value [1 \"a\\n\"]} #_x #{1} ; c\n]".utf8)
    var numbers = Numbers(seed: 5)
    for (bytes, formats) in [
      (text, [HistoryFormat.ndjson]), (edn, [.knossosEDN, .porcupineKV, .jepsenEtcd]),
    ] {
      for place in bytes.indices {
        var changed = bytes
        changed[place] = UInt8(numbers.below(256))
        for format in formats {
          let reader = HistoryReader(format: format)
          _ = try? reader.read(bytes: bytes[..<place], file: "history")
          _ = try? reader.read(bytes: changed, file: "history")
        }
      }
    }
  }
}

private func expectProblem(_ text: String, _ format: HistoryFormat, line: Int, _ part: String) {
  do throws(HistoryProblem) {
    let history = try HistoryReader(format: format).read(bytes: text.utf8, file: "history")
    Issue.record("read as \(history.operations) operations: \(text)")
  } catch {
    #expect(error.line == line, "\(error)")
    #expect(error.description.contains(part), "\(error)")
  }
}
