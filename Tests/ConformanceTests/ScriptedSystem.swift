import AdapterProtocol
import Conformance

/// A system that answers as a test tells it.
final class ScriptedSystem: SystemUnderTest {
  typealias Script = @Sendable (Request) throws(SystemFailure) -> Answer?

  private let script: Script
  private let capabilities: [String]

  init(capabilities: [String], script: @escaping Script) {
    self.script = script
    self.capabilities = capabilities
  }

  static func factory(capabilities: [String], script: @escaping Script) -> SystemFactory {
    SystemFactory(name: "scripted") { ScriptedSystem(capabilities: capabilities, script: script) }
  }

  func perform(_ request: Request) throws(SystemFailure) -> Answer {
    if let answer = try script(request) { return answer }
    guard case .hello = request else { return .ok(OperationResult()) }
    var result = OperationResult()
    result.implementation = Implementation(
      protocolVersion: 1, name: "scripted", version: "1", language: "swift", homepage: "",
      capabilities: capabilities, window: 1)
    return .ok(result)
  }
}
