import Conformance

extension ReferenceSystem: SystemUnderTest {
  /// Starts the reference system, by the name that `--system` knows it by.
  public static let factory = SystemFactory(name: "reference") { ReferenceSystem() }
}
