import Glibc

/// CPU time this process has used, nanoseconds.
func cpuNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// The middle of some figures, and the lowest and highest.
struct Summary {
  let median: Double
  let lowest: Double
  let highest: Double

  init(_ figures: [Double]) {
    let sorted = figures.sorted()
    median = sorted[sorted.count / 2]
    lowest = sorted[0]
    highest = sorted[sorted.count - 1]
  }
}

/// Counts allocations if the counter was loaded in front of libc.
struct AllocationCount {
  /// Allocations of the process so far.
  let read: @convention(c) () -> UInt64

  init?() {
    guard let symbol = dlsym(nil, "allocation_count") else { return nil }
    read = unsafeBitCast(symbol, to: (@convention(c) () -> UInt64).self)
  }
}
