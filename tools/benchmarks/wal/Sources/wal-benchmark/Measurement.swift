import Glibc

/// Nine runs of two ways to do the same, in turn.
struct Comparison {
  private var bare: [Double] = []
  private var log: [Double] = []

  static let runs = 9

  /// Measures both, the first of them changing from run to run.
  ///
  /// - Returns: rates, in units a second.
  init(units: Double, bare: () throws -> Void, log: () throws -> Void) rethrows {
    for run in 0..<Self.runs {
      if run % 2 == 0 { self.bare.append(units / (try seconds(bare))) }
      self.log.append(units / (try seconds(log)))
      if run % 2 == 1 { self.bare.append(units / (try seconds(bare))) }
    }
  }

  func report(_ name: String, unit: String) {
    let ratios = zip(log, bare).map { $0 / $1 }
    print("\(name)")
    print("  bare      \(Self.text(bare)) \(unit)")
    print("  log       \(Self.text(log)) \(unit)")
    print("  log/bare  \(Self.text(ratios.map { $0 * 100 })) %")
  }

  private static func text(_ values: [Double]) -> String {
    let sorted = values.sorted()
    func shown(_ value: Double) -> String { String(Int(value.rounded())) }
    return "\(shown(sorted[sorted.count / 2])) (\(shown(sorted[0])) to "
      + "\(shown(sorted[sorted.count - 1])))"
  }
}

/// How long something takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  let clock = ContinuousClock()
  let time = try clock.measure(body)
  return Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
}
