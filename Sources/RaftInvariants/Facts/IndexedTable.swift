/// Values by integers that are mostly small and close together: log indices and terms.
///
/// They lie in an array. A key far beyond it, as only hand-written messages name, goes into a
/// dictionary, so that a term of 2^63 costs no more than a term of 3.
struct IndexedTable<Value: Sendable>: Sendable {
  private var near: [Value?] = []
  private var far: [UInt64: Value] = [:]

  /// How far beyond the array's end a key may lie for the array to grow up to it.
  private static var reach: UInt64 { 1024 }

  subscript(key: UInt64) -> Value? {
    get { key < UInt64(near.count) ? near[Int(key)] : far.isEmpty ? nil : far[key] }
    set {
      if key < UInt64(near.count) {
        near[Int(key)] = newValue
      } else if key < 2 * UInt64(near.count) + Self.reach {
        grow(toHold: key)
        near[Int(key)] = newValue
      } else {
        far[key] = newValue
      }
    }
  }

  /// At least doubles the array, so that growing costs a constant a key.
  private mutating func grow(toHold key: UInt64) {
    let count = max(2 * near.count, Int(key) + 1)
    near.append(contentsOf: repeatElement(nil, count: count - near.count))
    guard !far.isEmpty else { return }
    // No order shows: each value goes to the place of its key.
    for (key, value) in far where key < UInt64(count) { near[Int(key)] = value }
    far = far.filter { $0.key >= UInt64(count) }
  }
}
