import ReferenceSystem
import Testing

/// Runs a test once on disks in memory and once on write-ahead logs.
struct OnEveryDisk: SuiteTrait, TestTrait, TestScoping {
  /// What the disks of the conversations are that are begun now.
  @TaskLocal static var disks = ReferenceSystem.Disks.memory

  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    for disks in ReferenceSystem.Disks.allCases {
      try await Self.$disks.withValue(disks) { try await function() }
    }
  }
}

extension Trait where Self == OnEveryDisk {
  /// Once on disks in memory, once on write-ahead logs.
  static var onEveryDisk: OnEveryDisk { OnEveryDisk() }
}
