import Foundation
import Synchronization

/// Runs jobs that block, each on a thread of its own.
///
/// A job waits for its system's answers, which may take seconds. The threads that tasks share are
/// few and must never wait, so jobs get others.
enum JobThreads {
  /// Runs a job so many times side by side.
  ///
  /// - Returns: what each run returned, in the order they ended.
  static func run<Result: Sendable>(
    _ count: Int, _ job: @escaping @Sendable () -> Result
  ) async -> [Result] {
    await withCheckedContinuation { continuation in
      let collector = Collector<Result>(count: count) { continuation.resume(returning: $0) }
      for _ in 0..<count {
        let thread = Thread { collector.add(job()) }
        // As much as the main thread has; a trace's calls nest deep in a debug build.
        thread.stackSize = 8 << 20
        thread.start()
      }
    }
  }

  /// Waits for a number of results.
  private final class Collector<Result: Sendable>: Sendable {
    private let results = Mutex<[Result]>([])
    private let count: Int
    private let whenAll: @Sendable ([Result]) -> Void

    init(count: Int, whenAll: @escaping @Sendable ([Result]) -> Void) {
      self.count = count
      self.whenAll = whenAll
    }

    func add(_ result: Result) {
      let all = results.withLock { results -> [Result]? in
        results.append(result)
        return results.count == count ? results : nil
      }
      if let all { whenAll(all) }
    }
  }
}
