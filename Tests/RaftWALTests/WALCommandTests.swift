import Foundation
import RaftStorage
import RaftTypes
import RaftWAL
import Testing

/// The raft-kv that the tests were built with, run as a user would.
enum Command {
  /// What a run left behind.
  struct Result {
    var status: Int32
    var output: String
    var errors: String
  }

  /// The program lies beside the tests.
  static let program: URL = {
    var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    while folder.path != "/" {
      let program = folder.appending(path: "raft-kv")
      if FileManager.default.isExecutableFile(atPath: program.path) { return program }
      folder = folder.deletingLastPathComponent()
    }
    preconditionFailure("raft-kv was not built beside the tests")
  }()

  /// Runs it to its end.
  static func run(_ arguments: String...) throws -> Result {
    let files = try TemporaryFolder()
    let output = files.url.appending(path: "output"), errors = files.url.appending(path: "errors")
    for file in [output, errors] { try Data().write(to: file) }
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.standardInput = Foundation.FileHandle.nullDevice
    process.standardOutput = try Foundation.FileHandle(forWritingTo: output)
    process.standardError = try Foundation.FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus,
      output: try String(contentsOf: output, encoding: .utf8),
      errors: try String(contentsOf: errors, encoding: .utf8))
  }
}

/// `raft-kv wal`, as a user meets it.
@Suite struct `The wal command` {
  /// The log that `raft-kv wal append` makes.
  private func options(_ folder: TemporaryFolder) -> WALOptions {
    var options = WALOptions(
      directory: folder.url.path, cluster: ClusterID(0), node: ServerID(0))
    options.segmentBytes = 128 << 10
    return options
  }

  private func append(_ count: Int, to folder: TemporaryFolder) throws {
    let result = try Command.run(
      "wal", "append", folder.url.path, "--count", "\(count)", "--segment-bytes", "131072")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.split(separator: "\n").last == "\(count)")
  }

  /// Changes bytes of the log's first segment.
  private func damage(_ folder: TemporaryFolder, at offset: UInt64, _ bytes: [UInt8]) throws {
    let path = folder.url.appending(path: WALFormat.segmentName(1))
    let file = try Foundation.FileHandle(forUpdating: path)
    try file.seek(toOffset: offset)
    try file.write(contentsOf: bytes)
    try file.close()
  }

  /// A log of 3 entries, and a fourth whose write was cut.
  private func torn(_ folder: TemporaryFolder) throws {
    try append(3, to: folder)
    let log = try WriteAheadLog.open(options(folder))
    _ = try log.append([Entry(index: LogIndex(4), term: Term(1), payload: [1, 2, 3])])
    try log.crash(leaving: .torn)
  }

  @Test(arguments: [[], ["dump"], ["verify"], ["repair"], ["append"]])
  func `help has examples`(_ command: [String]) throws {
    let result = try Command.run(arguments: ["wal"] + command + ["--help"])
    #expect(result.status == 0)
    #expect(result.output.contains("EXAMPLES"))
  }

  @Test func `a healthy log verifies with 0`() throws {
    let folder = try TemporaryFolder()
    try append(3, to: folder)
    let result = try Command.run("wal", "verify", folder.url.path)
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("healthy: "))
    #expect(result.output.contains("last entry 3@1"))
    let json = try Command.run("wal", "verify", folder.url.path, "--json")
    let members = try #require(
      JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(members["verdict"] as? String == "healthy")
    #expect(members["lastIndex"] as? String == "3")
  }

  @Test func `a torn log verifies with 1, and repair cuts it and keeps a copy`() throws {
    let folder = try TemporaryFolder()
    try torn(folder)
    let result = try Command.run("wal", "verify", folder.url.path)
    #expect(result.status == 1)
    #expect(result.output.hasPrefix("torn: "))
    #expect(result.output.contains("raft-kv wal repair"))
    #expect(try Command.run("wal", "verify", folder.url.path).output == result.output)
    let repair = try Command.run("wal", "repair", folder.url.path)
    #expect(repair.status == 0)
    #expect(repair.output.contains("copied to"))
    #expect(try Command.run("wal", "verify", folder.url.path).status == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(names.contains { $0.hasPrefix("torn-") })
  }

  @Test func `a corrupt log verifies with 2, and repair needs to be told what is lost`() throws {
    let folder = try TemporaryFolder()
    try append(5, to: folder)
    let place: UInt64 = 184 + 2 * (568 + 104) + 100
    try damage(folder, at: place, [0xAA])
    let segment = folder.url.appending(path: WALFormat.segmentName(1)).path
    let result = try Command.run("wal", "verify", folder.url.path)
    #expect(result.status == 2)
    #expect(result.output.contains("found:  \(segment), byte \(184 + 2 * (568 + 104)):"))
    #expect(result.output.contains("remedy: alter nothing"))
    let before = try Data(contentsOf: URL(filePath: segment))
    let refused = try Command.run("wal", "repair", folder.url.path)
    #expect(refused.status == 2)
    #expect(refused.errors.contains("--lose-everything-behind-damage"))
    #expect(try Data(contentsOf: URL(filePath: segment)) == before)

    let cut = try Command.run(
      "wal", "repair", folder.url.path, "--lose-everything-behind-damage")
    #expect(cut.status == 3)
    #expect(cut.output.contains("ends with 2@1"))
    #expect(try Data(contentsOf: URL(filePath: segment + ".bak")) == before)
    #expect(try Command.run("wal", "verify", folder.url.path).status == 3)
    let accepted = try Command.run("wal", "repair", folder.url.path, "--accept-missing-entries")
    #expect(accepted.status == 0)
    #expect(try Command.run("wal", "verify", folder.url.path).status == 0)
  }

  @Test func `a dump shows each record up to the first bad place`() throws {
    let folder = try TemporaryFolder()
    try append(2, to: folder)
    let text = try Command.run("wal", "dump", folder.url.path, "--payload-bytes", "4")
    #expect(text.status == 0)
    let lines = text.output.split(separator: "\n")
    #expect(lines.count == 6)
    #expect(lines[0].contains("segment-header"))
    #expect(lines[1].contains("entry command index=1 term=1 payload=512B 31313131..."))
    #expect(lines[5].contains("seal"))
    let json = try Command.run("wal", "dump", folder.url.path, "--json")
    let records = try json.output.split(separator: "\n").map {
      try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(records.count == 6)
    #expect(records[1]["type"] as? String == "entry")
    #expect((records[3]["payload"] as? String)?.count == 1024)
    try damage(folder, at: 184 + 568 + 104 + 4, [1])
    let damaged = try Command.run("wal", "dump", folder.url.path)
    #expect(damaged.status == 2)
    #expect(damaged.output.split(separator: "\n").count == 3)
    #expect(damaged.errors.contains("corrupt"))
  }

  @Test func `what can't be read ends with 4 and says why`() throws {
    let folder = try TemporaryFolder()
    let missing = try Command.run("wal", "verify", folder.url.path + "/none")
    #expect(missing.status == 4)
    #expect(missing.errors.contains("No such file"))
    let empty = try Command.run("wal", "verify", folder.url.path)
    #expect(empty.status == 4)
    #expect(empty.errors.contains("wal.missing"))
    let log = try WriteAheadLog.open(options(folder))
    for command in ["verify", "dump", "repair"] {
      let locked = try Command.run("wal", command, folder.url.path)
      #expect(locked.status == 4)
      #expect(locked.errors.contains("wal.locked"))
    }
    log.close()
  }
}

extension Command {
  /// Runs it to its end.
  static func run(arguments: [String]) throws -> Result {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: String(decoding: bytes, as: UTF8.self),
      errors: "")
  }
}
