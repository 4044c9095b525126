import AdapterProtocol
import Conformance
import RaftTypes

/// Runs that the diagrams of the tests are drawn from.
enum Stories {
  /// An election of three: n1 wins, n3's vote comes late.
  static var election: Story {
    var story = Story(["n1", "n2", "n3"])
    story.step("timeout: n1")
    story.timeout("n1")
    story.became("n1", .candidate, 1)
    let requests = ["n2", "n3"].map { story.send("n1", $0, .requestVote(1, last: (0, 0))) }
    story.step("deliver: { from: n1, to: n2, type: RequestVote }")
    story.deliver(requests[0])
    story.became("n2", .follower, 1)
    let grant = story.send("n2", "n1", .vote(1, granted: true))
    story.step("settle: {}")
    story.deliver(requests[1])
    story.became("n3", .follower, 1)
    let late = story.send("n3", "n1", .vote(1, granted: true))
    story.deliver(grant)
    story.became("n1", .leader, 1)
    let appends = ["n2", "n3"].map { story.send("n1", $0, .append(1, prev: (0, 0), [], commit: 0)) }
    story.deliver(late)
    for (append, follower) in zip(appends, ["n2", "n3"]) {
      story.deliver(append)
      let answer = story.send(follower, "n1", .accepted(1, match: 0))
      story.deliver(answer)
    }
    return story
  }

  /// The paper's Figure 8 up to (c): an old entry on a majority, and a leader that commits it by
  /// counting replicas.
  static var figure8: Story {
    var story = Story(["s1", "s2", "s3", "s4", "s5"])
    let old = WireEntry.named("old", 2)
    story.step("elect: { node: s1, by: [s2, s3] }")
    elect(&story, "s1", term: 2, by: ["s2", "s3"], last: (1, 1))
    story.step("propose: { to: s1, as: old }")
    story.propose("s1", "old")
    let first = ["s2", "s3"].map {
      story.send("s1", $0, .append(2, prev: (1, 1), [old], commit: 1))
    }
    story.deliver(first[0])
    let lost = story.send("s2", "s1", .accepted(2, match: 2))
    story.lose(first[1])
    story.step("crash: s1")
    story.crash("s1")
    story.lose(lost)
    story.step("elect: { node: s5, by: [s3, s4] }")
    elect(&story, "s5", term: 3, by: ["s3", "s4"], last: (1, 1))
    story.step("propose: { to: s5, as: rival }")
    story.propose("s5", "rival")
    story.step("crash: s5")
    story.crash("s5")
    story.step("restart: s1")
    story.restart("s1")
    story.step("elect: { node: s1, by: [s2, s3] }")
    elect(&story, "s1", term: 4, by: ["s2", "s3"], last: (2, 2))
    story.step("deliver: { from: s1, to: s3, type: AppendEntries }, expect: { s1: { commit: 1 } }")
    let again = story.send("s1", "s3", .append(4, prev: (1, 1), [old], commit: 1))
    story.deliver(again)
    let answer = story.send("s3", "s1", .accepted(4, match: 2))
    story.deliver(answer)
    story.commit("s1", 2)
    story.fail("s1 commits the entry 2 of term 2 in term 4: it counts replicas of an older term")
    return story
  }

  private static func elect(
    _ story: inout Story, _ node: String, term: UInt64, by voters: [String], last: (UInt64, UInt64)
  ) {
    story.timeout(node)
    story.became(node, .candidate, term)
    let requests = voters.map { story.send(node, $0, .requestVote(term, last: last)) }
    for (request, voter) in zip(requests, voters) {
      story.deliver(request)
      story.became(voter, .follower, term)
      let grant = story.send(voter, node, .vote(term, granted: true))
      story.deliver(grant)
    }
    story.became(node, .leader, term)
  }

  /// One node among peers: a write is held, the node dies with it, and its vote must survive.
  static var crash: Story {
    var story = Story(["n1", "n2", "n3"], peers: ["n2", "n3"])
    story.step("storage: { hold: vote, at: n1 }")
    story.storage("n1", "hold vote")
    story.step("receive: { to: n1, from: n2, type: RequestVote, term: 5, last: 3@2 }")
    story.hand("n2", "n1", .requestVote(5, last: (3, 2)))
    story.became("n1", .follower, 5)
    story.step("complete: { at: n1, all: true }")
    story.storage("n1", "complete")
    story.send("n1", "n2", .vote(5, granted: true))
    story.step("crash: n1")
    story.crash("n1")
    story.step("restart: n1")
    story.restart("n1")
    story.step("receive: { to: n1, from: n3, type: RequestVote, term: 5, last: 9@4 }")
    story.hand("n3", "n1", .requestVote(5, last: (9, 4)))
    story.send("n1", "n3", .vote(5, granted: true))
    story.fail("the vote is given twice in term 5")
    return story
  }

  /// Held back, copied, cut off, lost and still under way.
  static var network: Story {
    var story = Story(["n1", "n2", "n3"])
    let entry = WireEntry.named("a", 2)
    story.step("elect: n1")
    story.became("n1", .leader, 2)
    story.step("propose: { to: n1, as: a }")
    story.propose("n1", "a")
    let toSecond = story.send("n1", "n2", .append(2, prev: (1, 1), [entry], commit: 1))
    let toThird = story.send("n1", "n3", .append(2, prev: (1, 1), [entry], commit: 1))
    story.step("hold: { from: n1, to: n3 }")
    story.hold(toThird)
    story.step("duplicate: { from: n1, to: n2 }")
    let copy = story.duplicate(toSecond)
    story.deliver(toSecond)
    let answer = story.send("n2", "n1", .accepted(2, match: 2))
    story.deliver(answer)
    story.commit("n1", 2)
    story.step("deliver: { from: n1, to: n2 }")
    story.deliver(copy)
    story.send("n2", "n1", .accepted(2, match: 2))
    story.step("isolate: n3")
    story.links("n3 is cut off")
    let beat = story.send("n1", "n2", .append(2, prev: (2, 2), [], commit: 2))
    let cut = story.send("n1", "n3", .append(2, prev: (1, 1), [entry], commit: 2))
    story.lose(cut)
    story.step("release: {}")
    story.deliver(toThird)
    story.send("n3", "n1", .rejected(2, prev: 1, hint: (0, 0)))
    story.deliver(beat)
    story.commit("n2", 2)
    return story
  }
}
