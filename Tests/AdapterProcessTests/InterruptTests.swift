import AdapterProcess
import Foundation
import Support
import Testing

/// A suite that is ended by a signal leaves nothing behind.
struct InterruptTests {
  /// Tells its number and its child's, and then lets everything pass by. Whoever reads what it wrote
  /// reads the end of it once both are gone.
  private static let deaf = """
    import os, signal, subprocess, sys
    told = os.open(sys.argv[1], os.O_WRONLY)
    child = subprocess.Popen(["sleep", "1000"], pass_fds=[told], stdin=subprocess.DEVNULL)
    os.write(told, b"started")
    while True: signal.pause()
    """

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func `a signal that ends the suite ends its adapters and their children`(signal: Int32) throws {
    let folder = try TemporaryFolder()
    let fifo = folder.url.appending(path: "told").path
    try #require(mkfifo(fifo, 0o600) == 0)
    let told = open(fifo, O_RDONLY | O_NONBLOCK)
    try #require(told >= 0)
    defer { close(told) }
    let script = try Adapters.script(Self.deaf, in: folder, [fifo])
    let suite = Process()
    suite.executableURL = URL(filePath: Adapters.reference.program)
    let words = ([script.program] + script.arguments).map { "'\($0)'" }.joined(separator: " ")
    suite.arguments = ["run", "--jobs", "1", "--adapter", words]
    suite.currentDirectoryURL = PhaseSuite.root
    suite.standardOutput = FileHandle.nullDevice
    try suite.run()
    #expect(try next(told) == 7)
    kill(suite.processIdentifier, signal)
    suite.waitUntilExit()
    #expect(suite.terminationReason == .uncaughtSignal)
    #expect(suite.terminationStatus == signal)
    #expect(try next(told) == 0)
  }

  /// The bytes that come next; 0 once nobody is left to write any.
  private func next(_ descriptor: Int32) throws -> Int {
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    try #require(poll(&polled, 1, 60_000) > 0, "nothing came for a minute")
    var bytes = [UInt8](repeating: 0, count: 64)
    return read(descriptor, &bytes, bytes.count)
  }
}
