import Conformance

extension ReferenceSystem: SystemUnderTest {
  /// Starts the reference system, by the name that `--system` knows it by.
  public static let factory = SystemFactory(name: "reference") { ReferenceSystem() }

  /// Starts the same on write-ahead logs: real files in a temporary folder, real syncs.
  public static let walFactory = SystemFactory(name: "wal") {
    ReferenceSystem(disks: .files)
  }

  /// Starts both, asks both the same, and takes a difference between their answers for a fault.
  public static let sideBySideFactory = SystemFactory(name: "reference,wal") { SideBySide() }
}

extension SideBySide: SystemUnderTest {}
