import AdapterProcess
import AdapterProtocol
import Conformance
import Foundation
import RaftTypes
import Testing

/// Processes: how they start, how they end, and what is said where they don't.
struct AdapterSystemTests {
  @Test func `a command that can't be started is told by its name`() {
    for program in ["no-such-program-here", "./no/such/program", "/etc/hostname"] {
      let failure = #expect(throws: SystemFailure.self) {
        try AdapterSystem(AdapterCommandLine(program: program))
      }
      #expect(
        failure?.message.hasPrefix("the adapter crashed: '\(program)' could not be started: ")
          == true)
    }
  }

  @Test func `failed starts leave no descriptors open`() throws {
    let before = try openDescriptors()
    for _ in 0..<200 {
      #expect(throws: SystemFailure.self) {
        try AdapterSystem(AdapterCommandLine(program: "no-such-program-here"))
      }
    }
    // Other tests open some meanwhile, and never one for each of these.
    #expect(try openDescriptors() < before + 150)
  }

  @Test func `systems start on the threads of tasks, though every one of them waits`() async {
    let tasks = ProcessInfo.processInfo.activeProcessorCount * 2 + 1
    let names = await withTaskGroup(of: String?.self) { group in
      for _ in 0..<tasks {
        group.addTask {
          guard let system = try? AdapterSystem(Adapters.reference) else { return nil }
          let name = try? HarnessContract.hello(system).name
          _ = try? system.perform(.bye)
          return name
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(names == Array(repeating: "raft-ladder reference", count: tasks))
  }

  @Test func `after bye, and after a failure, nothing more is asked`() throws {
    let system = try AdapterSystem(Adapters.reference)
    _ = try HarnessContract.hello(system)
    guard case .ok = try system.perform(.bye) else { throw Unexpected() }
    #expect(throws: SystemFailure.crashed("it was ended by 'bye'")) {
      try system.perform(.end)
    }
    let broken = try AdapterSystem(AdapterCommandLine(program: "false"))
    let first = #expect(throws: SystemFailure.self) { try broken.perform(.end) }
    let second = #expect(throws: SystemFailure.self) { try broken.perform(.end) }
    #expect(first == .crashed("it exited with code 1 instead of answering request 1 (end)"))
    #expect(second == first)
  }

  @Test func `an adapter that exits at bye without an answer has ended well`() throws {
    let folder = try TemporaryFolder()
    let system = try AdapterSystem(
      try Adapters.script("import sys; sys.stdin.readline()", in: folder))
    guard case .ok = try system.perform(.bye) else { throw Unexpected() }
  }

  @Test func `an adapter that heeds neither bye nor SIGTERM is killed`() throws {
    let folder = try TemporaryFolder()
    var limits = AdapterLimits()
    limits.grace = .milliseconds(100)
    let stubborn = """
      import os, signal, sys
      signal.signal(signal.SIGTERM, signal.SIG_IGN)
      sys.stdin.readline()
      sys.stdout.write('{"id":1,"error":{"message":"%d"}}\\n' % os.getpid())
      sys.stdout.flush()
      while True: signal.pause()
      """
    var system: AdapterSystem? = try AdapterSystem(
      try Adapters.script(stubborn, in: folder), limits: limits)
    guard case .error(let message, _) = try system?.perform(.end), let pid = pid_t(message) else {
      throw Unexpected()
    }
    #expect(isAlive(pid))
    system = nil
    #expect(!isAlive(pid))
  }

  @Test func `requests and answers of many megabytes pass`() throws {
    var limits = AdapterLimits()
    limits.operation = .seconds(30)
    let system = try AdapterSystem(Adapters.reference, limits: limits)
    _ = try HarnessContract.hello(system)
    _ = try system.perform(.begin(trace: "big", seed: 1))
    let data = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let specification = NodeSpecification(
      node: NodeName("n1"), voters: [NodeName("n1"), NodeName("n2")], term: Term(1), votedFor: nil,
      log: Array(repeating: WireEntry(term: Term(1), data: data), count: 4),
      settings: NodeSettings())
    guard case .ok(let result) = try system.perform(.create(specification)) else {
      throw Unexpected()
    }
    #expect(result.state?.appended.map(\.data) == Array(repeating: data, count: 4))
  }

  private func openDescriptors() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
  }
}

/// An answer is not the one that the test is about.
struct Unexpected: Error {}
