import Foundation
import Support
import Testing

/// `raft-ladder linearizable`, as a user would run it.
@Suite struct LinearizableTests {
  @Test func `help has examples and exit codes`() throws {
    let result = try Command().run("linearizable", "--help")
    #expect(result.status == 0)
    #expect(result.output.contains("EXAMPLES"))
    #expect(result.output.contains("EXIT CODES"))
  }

  @Test func `each verdict has its exit code, and a violation is explained`() throws {
    let files = try TemporaryFolder()
    let good = try files.write(line(0, "write", 1) + read(1, 1), to: "good.ndjson")
    let fine = try Command().run("linearizable", good.path)
    #expect(fine.status == 0, "\(fine.errors)")
    #expect(fine.output == "linearizable: 2 operations, 0 of unknown outcome, on 1 key\n")

    let stale = try files.write(
      line(0, "write", 1) + line(0, "write", 2) + read(1, 1), to: "stale.ndjson")
    let violated = try Command().run("linearizable", stale.path)
    #expect(violated.status == 1)
    for part in ["not linearizable", "read -> 1", "write 2", "line 5", "nothing leads to"] {
      #expect(violated.output.contains(part), "\(part) is missing in:\n\(violated.output)")
    }

    let unknown = try Command().run("linearizable", "--limit-steps", "1", good.path)
    #expect(unknown.status == 2)
    #expect(unknown.output.contains("--limit-steps"))
  }

  @Test(arguments: [
    (
      "jepsen-etcd",
      "INFO  jepsen.util - 0\t:invoke\t:write\t1\nINFO  jepsen.util - 0\t:ok\t:write\t1\n"
    ),
    ("knossos-edn", "[{:process 0 :type :invoke :f :write :value 3}]\n"),
    ("porcupine-kv", "{:process 0, :type :invoke, :f :get, :key \"0\", :value nil}\n"),
    ("ndjson", "{\"type\":\"invoke\",\"process\":0,\"f\":\"read\"}\n"),
  ])
  func `the format is guessed from the first bytes`(format: String, text: String) throws {
    let files = try TemporaryFolder()
    let file = try files.write(text, to: "history")
    let result = try Command().run("linearizable", "--json", file.path)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("\"format\" : \"\(format)\""))
    #expect(result.output.contains("\"verdict\" : \"linearizable\""))
  }

  @Test func `a bad history is told with its place and remedy`() throws {
    let files = try TemporaryFolder()
    let file = try files.write(
      "{\"type\":\"invoke\",\"process\":0,\"f\":\"read\"}\n{\"type\":\"ok\",\"process\":4}\n",
      to: "bad.ndjson")
    let result = try Command().run("linearizable", file.path)
    #expect(result.status == 64)
    #expect(result.errors.contains("bad.ndjson:2: process 4 ends an operation"))
    #expect(result.errors.contains("record its invocation first"))
    let missing = try Command().run("linearizable", file.path + ".not")
    #expect(missing.status == 64)
    #expect(missing.errors.contains("can't open the file"))
    #expect(try Command().run("linearizable", "--limit-memory", "lots", file.path).status == 64)
    #expect(try Command().run("linearizable", "-").status == 64, "standard input is empty here")
  }

  /// A write or an append that returned.
  private func line(_ process: Int, _ function: String, _ value: Int) -> String {
    "{\"type\":\"invoke\",\"process\":\(process),\"f\":\"\(function)\",\"value\":\(value)}\n"
      + "{\"type\":\"ok\",\"process\":\(process)}\n"
  }

  /// A read that returned.
  private func read(_ process: Int, _ value: Int) -> String {
    "{\"type\":\"invoke\",\"process\":\(process),\"f\":\"read\"}\n"
      + "{\"type\":\"ok\",\"process\":\(process),\"value\":\(value)}\n"
  }
}
