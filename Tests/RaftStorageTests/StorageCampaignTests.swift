import RaftStorage
import RaftTypes
import Testing

/// Random sequences of requests, compared with the model after each one.
@Suite struct `Storage campaigns` {
  /// Makes one request of storage and model, and checks that both answer the same.
  private func step<S: Storage>(
    _ store: inout S, _ model: inout StorageModel, using random: inout SeededGenerator
  ) throws {
    let request = StorageRequest.random(near: model.current, using: &random)
    if let refusal = model.refusal(of: request) {
      #expect(throws: refusal) { try request.perform(on: &store) }
    } else {
      let sequence = try request.perform(on: &store)
      model.perform(request)
      if let sequence { #expect(sequence == model.lastSequence) }
    }
    #expect(try Contents(of: store) == model.current)
  }

  @Test(arguments: StorageSubject.all, UInt64(1)...60)
  func `any storage holds what was synced through a chain of lives`(
    _ subject: StorageSubject, _ seed: UInt64
  ) throws {
    var random = SeededGenerator(seed: seed)
    var store = try subject.open()
    var model = StorageModel()
    for _ in 0..<4 {
      for _ in 0..<Int.random(in: 1...25, using: &random) {
        try step(&store, &model, using: &random)
      }
      let possible = model.survivors(durable: store.durableSequence)
      let cut = try #require(PowerCut.allCases.randomElement(using: &random))
      store = try store.reopened(after: cut)
      let found = try Contents(of: store)
      #expect(possible.contains(found))
      model = StorageModel(found)
    }
  }

  @Test(arguments: UInt64(1)...100)
  func `the reference storage survives a crash after every request as told`(
    _ seed: UInt64
  ) throws {
    var random = SeededGenerator(seed: seed)
    var store = MemoryStorage()
    var model = StorageModel()
    var synced = WriteSequence.zero
    for _ in 0..<40 {
      let durableBefore = store.durableSequence
      try step(&store, &model, using: &random)
      if store.pendingWrites.allSatisfy(\.isSyncRequested) { synced = model.lastSequence }
      disturb(&store, using: &random)
      #expect(store.durableSequence >= durableBefore)
      #expect(store.durableSequence <= synced)
      if !store.pendingWrites.contains(where: \.isHeld) { #expect(store.durableSequence == synced) }
      try expectCrashesAsTold(store, model, using: &random)
    }
    store.release([.entries, .vote, .snapshot, .sync])
    #expect(store.durableSequence == synced)
  }

  /// Holds, releases or completes something, now and then.
  private func disturb(_ store: inout MemoryStorage, using random: inout SeededGenerator) {
    let kinds = HoldSet(rawValue: UInt8.random(in: 1..<16, using: &random))
    switch Int.random(in: 0..<10, using: &random) {
    case 0: store.hold(kinds)
    case 1: store.release(kinds)
    case 2: store.complete(.next(Int.random(in: 1...2, using: &random)))
    case 3: store.complete(.all)
    default: break
    }
  }

  private func expectCrashesAsTold(
    _ store: MemoryStorage, _ model: StorageModel, using random: inout SeededGenerator
  ) throws {
    let durable = store.durableSequence
    let lost = try Contents(of: store.crash(unsynced: .lost))
    #expect(lost == model.contents(after: durable))
    #expect(try Contents(of: store.crash(unsynced: .kept)) == model.current)

    let last = model.lastSequence
    let torn = try Contents(of: store.crash(unsynced: .torn))
    if durable < last {
      let half = model.entryCount(of: last) / 2
      #expect(torn == model.contents(tornAt: last, entries: half))
    } else {
      #expect(torn == model.current)
    }

    // A beginning of the queue is kept as it is; any other choice leaves a log without a gap.
    let pending = store.pendingWrites.map(\.sequence)
    #expect(pending == (durable.rawValue..<last.rawValue).map { WriteSequence($0 + 1) })
    for count in 0...pending.count {
      let kept = try Contents(of: store.crash(unsynced: .keeping(Set(pending.prefix(count)))))
      #expect(kept == model.history[Int(durable.rawValue) + count])
    }
    let some = pending.filter { _ in Bool.random(using: &random) }
    _ = try Contents(of: store.crash(unsynced: .keeping(Set(some))))
  }
}
