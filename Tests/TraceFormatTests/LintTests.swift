import Foundation
import Testing
import TraceFormat
import YAMLTree

/// Checks over several files.
struct LintTests {
  static let clauses = ClauseRegistry(clauses: [
    clause("vote.up-to-date", todo: "3.2"), clause("kv.deterministic", todo: "12.1"),
  ])

  static func clause(_ slug: String, todo: String) -> ClauseRegistry.Clause {
    ClauseRegistry.Clause(
      slug: slug, todo: todo, level: .must, text: "x", source: "x",
      location: SourceLocation(file: "c", line: 1, column: 1))
  }

  let body = """
    nodes: { n1: { term: 1 } }
    peers: [n2, n3]
    steps:
      - timeout: n1
        expect: { n1: { role: { not: follower } } }
    """

  func file(_ path: String, replacing old: String = "", with new: String = "") -> TraceFile {
    let text = trace(body)
    return TraceFile.decode(
      text: old.isEmpty ? text : text.replacing(old, with: new), file: path)
  }

  func problems(_ files: [TraceFile], folders: Bool = true) -> [String] {
    TraceLint.problems(of: files, clauses: Self.clauses, checksFolders: folders).map(\.description)
  }

  let home = "Traces/Phase03-Elections/3.2-vote-granting-rules"

  @Test func `a trace in the folder of its TODO, of a known clause and with its own id, is fine`() {
    let other = file("\(home)/b.yaml", replacing: "test.trace", with: "test.other")
    #expect(problems([file("\(home)/a.yaml"), other]) == [])
  }

  @Test func `an id belongs to one file`() {
    #expect(
      problems([file("\(home)/b.yaml"), file("\(home)/a.yaml")]) == [
        "\(home)/b.yaml:2:5: id 'test.trace' is taken by \(home)/a.yaml"
      ])
  }

  @Test func `a trace lies in the folder of its TODO, unless it is a user's own`() {
    let stray = file("Traces/Phase03-Elections/3.1-start-an-election/a.yaml")
    #expect(
      problems([stray]) == [
        "Traces/Phase03-Elections/3.1-start-an-election/a.yaml:4:7: a trace of TODO 3.2 lies in "
          + "Phase03-Elections/3.2-vote-granting-rules, not in "
          + "Phase03-Elections/3.1-start-an-election"
      ])
    #expect(problems([stray], folders: false) == [])
  }

  @Test func `a clause is in the registry and of a phase that is built`() {
    let files = [
      file(
        "a.yaml", replacing: "[vote.up-to-date]", with: "[vote.up-to-dat, kv.deterministic]")
    ]
    #expect(
      problems(files, folders: false) == [
        "a.yaml:6:11: no clause 'vote.up-to-dat' in the registry; did you mean 'vote.up-to-date'?",
        "a.yaml:6:27: clause 'kv.deterministic' belongs to phase 12 (KV store), which is not built "
          + "yet",
      ])
  }

  @Test func `what a file says of itself is said along with the rest, by place`() {
    let broken = file("a.yaml", replacing: "timeout: n1", with: "timeout: n7")
    #expect(
      problems([broken], folders: false) == ["a.yaml:13:14: unknown node 'n7'; expected n1"])
  }

  @Test func `the registry of clauses reads, and every TODO that is built has clauses`() throws {
    let path = packageFolder.appending(path: "Spec/Clauses.yaml").path
    let registry = try ClauseRegistry.load(path: path)
    for todo in Ladder.todos where Ladder.phase(todo.phase)?.isBuilt == true {
      #expect(registry.clauses.contains { $0.todo == todo.id }, "\(todo.id)")
    }
    let first = try #require(registry.clauses.first)
    #expect(registry.clause(first.slug)?.text == first.text)
  }

  @Test func `a registry's mistakes are told by place`() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    let entry = "- { slug: a.b, todo: \"3.2\", level: must, text: x, source: y }"
    let text = [entry, entry, "- { slug: a.c, todo: \"3.9\", level: most }"].joined(separator: "\n")
    try Data(text.utf8).write(to: file)
    #expect {
      try ClauseRegistry.load(path: file.path, file: "c")
    } throws: { error in
      (error as? ClauseRegistry.Mistakes)?.description == """
        c:3:3: missing key 'source': where it comes from
        c:3:3: missing key 'text': the rule
        c:3:22: expected a TODO of the ladder like "3.2", found the text "3.9"
        c:3:36: unknown word 'most'; did you mean 'must'?
        """
    }
  }
}

struct LadderTests {
  @Test func `the ladder has 13 phases and 33 TODOs in order`() {
    #expect(Ladder.phases.map(\.number) == Array(0...12))
    #expect(Ladder.todos.count == 33)
    for phase in Ladder.phases {
      #expect(phase.todos.map(\.id) == (1...phase.todos.count).map { "\(phase.number).\($0)" })
    }
  }

  @Test func `folders are named after their phases and TODOs`() throws {
    let todo = try #require(Ladder.todo("3.2"))
    #expect(Ladder.folder(of: todo) == "Phase03-Elections/3.2-vote-granting-rules")
    let last = try #require(Ladder.todos.last)
    #expect(Ladder.folder(of: last) == "Phase12-KVStore/12.3-linearizable-get")
    #expect(Set(Ladder.todos.map { Ladder.folder(of: $0) }).count == 33)
    #expect(Ladder.todo("3.4") == nil)
    #expect(Ladder.phase(13) == nil)
    #expect(Ladder.phase(-1) == nil)
  }

  @Test func `a capability has a name, a meaning and a phase of its own`() {
    #expect(Set(Capability.allCases.map(\.name)).count == Capability.allCases.count)
    #expect(Set(Capability.allCases.map(\.meaning)).count == Capability.allCases.count)
    #expect(Capability.allCases.allSatisfy { Ladder.phase($0.phase) != nil })
  }
}
