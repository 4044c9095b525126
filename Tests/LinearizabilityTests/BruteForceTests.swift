import Linearizability
import Testing

/// The checker against every order of every history: 100,000 histories of at most 8 operations.
@Suite struct `Agreement with brute force` {
  /// Histories of one kind in one run.
  private static let count = 12_500

  @Test(arguments: 0..<4)
  func `registers with compare-and-set and unknown outcomes`(part: Int) {
    var tally = Tally()
    var numbers = Numbers(seed: UInt64(1 + part))
    let actions: [PlainAction] = [
      .read, .read, .write(0), .write(1), .write(2), .delete, .compareAndSet(0, 1),
      .compareAndSet(1, 2), .compareAndSet(2, 2),
    ]
    for _ in 0..<Self.count {
      let operations = randomHistory(shape(actions, &numbers), &numbers)
      let judgement = Checker(model: RegisterModel()).check(registerHistory(operations))
      tally.note(judgement, expected: bruteForce(operations), operations)
    }
    tally.conclude(Self.count)
  }

  @Test(arguments: [false, true])
  func `lists that grow at their end`(digests: Bool) {
    var tally = Tally()
    var numbers = Numbers(seed: digests ? 11 : 12)
    let actions: [PlainAction] = [.read, .append(0), .append(1), .append(2)]
    for _ in 0..<Self.count {
      let operations = randomHistory(shape(actions, &numbers), &numbers)
      let history = listHistory(operations, digests: digests)
      tally.note(
        Checker(model: ListModel()).check(history), expected: bruteForce(operations), operations)
    }
    tally.conclude(Self.count)
  }

  @Test(arguments: [false, true])
  func `text that is appended to`(onlyAppends: Bool) {
    var tally = Tally()
    var numbers = Numbers(seed: onlyAppends ? 13 : 14)
    var actions: [PlainAction] = [.read, .read, .append(0), .append(1)]
    if !onlyAppends { actions += [.write(0), .delete, .compareAndSet(0, 1)] }
    for _ in 0..<Self.count {
      let operations = randomHistory(shape(actions, &numbers), &numbers)
      let checker = Checker(model: TextModel(readsNoneAsEmpty: true))
      tally.note(
        checker.check(textHistory(operations)), expected: bruteForce(operations), operations)
    }
    tally.conclude(Self.count)
  }

  private func shape(_ actions: [PlainAction], _ numbers: inout Numbers) -> HistoryShape {
    HistoryShape(
      actions: actions, clients: 1 + numbers.below(4), operations: 1 + numbers.below(8),
      unknown: numbers.below(40))
  }
}

/// Verdicts of many histories.
private struct Tally {
  private var linearizable = 0
  private var notLinearizable = 0
  private var wrong = 0

  mutating func note(_ judgement: Judgement, expected: Bool, _ operations: [PlainOperation]) {
    if expected { linearizable += 1 } else { notLinearizable += 1 }
    guard judgement.verdict != (expected ? .linearizable : .notLinearizable) else {
      if !expected { noteExplanation(judgement, operations) }
      return
    }
    wrong += 1
    if wrong <= 3 { Issue.record("\(judgement.verdict) is wrong of \(operations)") }
  }

  /// What the explanation leaves over must not be linearizable either.
  private mutating func noteExplanation(_ judgement: Judgement, _ operations: [PlainOperation]) {
    guard let explanation = judgement.explanation else {
      wrong += 1
      if wrong <= 3 { Issue.record("no explanation of \(operations)") }
      return
    }
    let left = operations.compactMap { operation -> PlainOperation? in
      guard let part = explanation.parts.first(where: { $0.invoked == operation.invoked }) else {
        return nil
      }
      var kept = operation
      if part.role == .supporting {
        kept.returned = nil
        kept.response = nil
      }
      return kept
    }
    #expect(!bruteForce(left), "the explanation explains nothing: \(explanation.text)")
  }

  func conclude(_ count: Int) {
    #expect(wrong == 0)
    #expect(linearizable + notLinearizable == count)
    #expect(min(linearizable, notLinearizable) > count / 5, "one verdict is hardly tried")
  }
}
