import ArgumentParser
import TraceFormat

/// The seeds of a campaign: `1000` for those from 1 on, `5-9` for a range.
struct SeedRange: ExpressibleByArgument {
  let range: ClosedRange<UInt64>

  init?(argument: String) {
    let parts = argument.split(separator: "-", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { UInt64($0) }
    guard numbers.count == parts.count, let last = numbers.last, (1...2).contains(numbers.count)
    else { return nil }
    let first = numbers.count == 2 ? numbers[0] : 1
    guard first >= 1, first <= last, last <= TraceLimits.plainNumber else { return nil }
    range = first...last
  }
}

extension [Trace] {
  /// The traces, those with seeds once for each seed of this range instead of their own.
  func perSeed(_ range: ClosedRange<UInt64>) -> [Trace] {
    var expanded: Set<String> = []
    return flatMap { trace in
      guard trace.seeds != nil else { return [trace] }
      return expanded.insert(trace.id).inserted ? trace.perSeed(range) : []
    }
  }
}
