import Linearizability
import Testing

private typealias RegisterHistory = History<RegisterAction<Int>, RegisterResponse<Int>>

extension RegisterHistory {
  /// A write that returned before anything else happened.
  fileprivate mutating func write(_ value: Int, by client: UInt64 = 1) {
    complete(invoke(.write(value), by: client), with: .done)
  }

  /// A read that returned before anything else happened.
  fileprivate mutating func read(_ value: Int?, by client: UInt64 = 2) {
    complete(invoke(.read, by: client), with: .value(value))
  }

  fileprivate var verdict: Verdict { Checker(model: RegisterModel()).check(self).verdict }
}

/// The violations and near misses that everybody knows.
@Suite struct `Classic histories of a register` {
  @Test func `an empty history is linearizable`() {
    #expect(RegisterHistory().verdict == .linearizable)
  }

  @Test func `a read after a write sees it`() {
    var history = RegisterHistory()
    history.read(nil)
    history.write(1)
    history.read(1)
    #expect(history.verdict == .linearizable)
  }

  @Test func `a stale read is a violation`() {
    var history = RegisterHistory()
    history.write(1)
    history.write(2)
    history.read(1)
    #expect(history.verdict == .notLinearizable)
  }

  @Test func `a read beside a write may see it or not`() {
    for seen in [1, 2] {
      var history = RegisterHistory()
      history.write(1)
      let write = history.invoke(.write(2), by: 1)
      history.read(seen)
      history.complete(write, with: .done)
      history.read(2)
      #expect(history.verdict == .linearizable)
    }
  }

  @Test func `two reads beside a write must not go back in time`() {
    for (first, second, verdict) in [
      (1, 2, Verdict.linearizable), (2, 2, .linearizable), (2, 1, .notLinearizable),
    ] {
      var history = RegisterHistory()
      history.write(1)
      let write = history.invoke(.write(2), by: 1)
      history.read(first, by: 2)
      history.read(second, by: 3)
      history.complete(write, with: .done)
      #expect(history.verdict == verdict)
    }
  }

  @Test func `a value that nobody wrote is a violation`() {
    var history = RegisterHistory()
    history.write(1)
    history.read(7)
    #expect(history.verdict == .notLinearizable)
  }

  @Test func `a lost update is a violation`() {
    var history = RegisterHistory()
    history.write(0)
    let one = history.invoke(.compareAndSet(expected: 0, new: 1), by: 1)
    let other = history.invoke(.compareAndSet(expected: 0, new: 2), by: 2)
    history.complete(one, with: .swapped(true))
    var lost = history
    history.complete(other, with: .swapped(false))
    #expect(history.verdict == .linearizable)
    lost.complete(other, with: .swapped(true))
    #expect(lost.verdict == .notLinearizable)
  }

  @Test func `a deletion leaves nothing, and a comparison can expect nothing`() {
    var history = RegisterHistory()
    history.write(1)
    history.complete(history.invoke(.delete, by: 1), with: .done)
    history.read(nil)
    history.complete(
      history.invoke(.compareAndSet(expected: nil, new: 3), by: 1), with: .swapped(true))
    history.read(3)
    #expect(history.verdict == .linearizable)
    history.read(1)
    #expect(history.verdict == .notLinearizable)
  }

  @Test func `a write of unknown outcome takes effect late, once, or never`() {
    var history = RegisterHistory()
    history.write(1)
    history.abandon(history.invoke(.write(2), by: 9))
    history.read(1)
    #expect(history.verdict == .linearizable, "never")
    history.write(3)
    history.read(2)
    #expect(history.verdict == .linearizable, "late")
    history.write(4)
    history.read(2)
    #expect(history.verdict == .notLinearizable, "twice")
  }

  @Test func `a write of unknown outcome has no effect before its invocation`() {
    var history = RegisterHistory()
    history.read(2)
    history.abandon(history.invoke(.write(2), by: 9))
    #expect(history.verdict == .notLinearizable)
  }

  @Test func `an operation that never ended is of unknown outcome`() {
    var history = RegisterHistory()
    let write = history.invoke(.write(2), by: 9)
    history.read(2)
    #expect(history.isOpen(write))
    #expect(history.verdict == .linearizable)
  }

  @Test func `a failed write has no effect`() {
    var history = RegisterHistory()
    history.write(1)
    history.fail(history.invoke(.write(2), by: 9))
    history.read(1)
    #expect(history.verdict == .linearizable)
    history.read(2)
    #expect(history.verdict == .notLinearizable)
  }

  @Test func `operations that meet at one moment overlap`() {
    let write = Operation<RegisterAction<Int>, RegisterResponse<Int>>(
      client: 1, action: .write(1), invoked: 5, outcome: .returned(.done, at: 8))
    let read = Operation<RegisterAction<Int>, RegisterResponse<Int>>(
      client: 2, action: .read, invoked: 1, outcome: .returned(.value(1), at: 5))
    let checker = Checker(model: RegisterModel<Int>())
    #expect(checker.check([write, read]).verdict == .linearizable)
    var earlier = read
    earlier.outcome = .returned(.value(1), at: 4)
    #expect(checker.check([write, earlier]).verdict == .notLinearizable)
  }
}

/// Lists, as the ledger of a state machine is one.
@Suite struct `Histories of a list` {
  private typealias ListHistory = History<ListAction<Int>, ListResponse<Int>>

  @Test func `reads that fork are a violation`() {
    for (second, verdict) in [([1, 2], Verdict.linearizable), ([2], .notLinearizable)] {
      var history = ListHistory()
      let one = history.invoke(.append(1), by: 1)
      let two = history.invoke(.append(2), by: 2)
      history.complete(history.invoke(.read, by: 3), with: .list([1]))
      history.complete(history.invoke(.read, by: 4), with: .list(second))
      history.complete(one, with: .appended)
      history.complete(two, with: .appended)
      #expect(Checker(model: ListModel()).check(history).verdict == verdict)
    }
  }

  @Test func `an append that returned is in every later read`() {
    for digests in [false, true] {
      var history = ListHistory()
      history.complete(history.invoke(.append(1), by: 1), with: .appended)
      history.complete(history.invoke(.append(2), by: 1), with: .appended)
      let read = history.invoke(.read, by: 3)
      history.complete(read, with: digests ? .digest(ListDigest([1])) : .list([1]))
      #expect(Checker(model: ListModel()).check(history).verdict == .notLinearizable)
    }
  }

  /// Appends of which a third are of unknown outcome, half of those without effect, and reads of
  /// the whole list between them.
  @Test(arguments: [false, true])
  func `thousands of appends and reads cost a few steps each`(isWrong: Bool) {
    var history = ListHistory()
    var list: [Int] = []
    for element in 0..<6_000 {
      let append = history.invoke(.append(element), by: UInt64(element))
      switch element % 6 {
      case 0: break
      case 1: list.append(element)
      default:
        list.append(element)
        history.complete(append, with: .appended)
      }
      if element % 4 == 3 {
        let seen = isWrong && element == 5_999 ? list.dropLast() : list[...]
        history.complete(history.invoke(.read, by: 1_000_000), with: .list(Array(seen)))
      }
    }
    let judgement = Checker(model: ListModel(), explains: false).check(history)
    #expect(judgement.verdict == (isWrong ? .notLinearizable : .linearizable))
    // To rule every order out takes more: each read is tried against each append before it.
    if !isWrong { #expect(judgement.cost.steps < 6_000_000) }
    #expect(judgement.cost.memoryBytesPeak < 4 << 20)
  }
}
