import AdapterProtocol
import Conformance
import ConformanceReport
import RaftTypes
import Testing

@Suite struct TextDiagramTests {
  private func text(_ story: Story, width: Int = 60, window: Diagram.Window = .all) -> String {
    Diagram(story.transcript, names: [Array("a".utf8): "a"], window: window)
      .text(Diagram.TextStyle(width: width))
  }

  @Test func `a vote is asked for, given and counted`() {
    var story = Story(["n1", "n2"])
    story.step("timeout: n1")
    story.timeout("n1")
    story.became("n1", .candidate, 1)
    let request = story.send("n1", "n2", .requestVote(1, last: (3, 2)))
    story.step("settle: {}")
    story.deliver(request)
    story.deliver(story.send("n2", "n1", .vote(1, granted: true)))
    story.became("n1", .leader, 1)
    #expect(
      text(story) == """
              n1          n2
        ── 1 ── timeout: n1 ────────────────────────────────────────
              ◆           │      n1 timeout, candidate t1
              ●╌╌╌╌╌╌╌╌╌╌▻│      RequestVote t1 last 3@2 #1
        ── 2 ── settle: {} ─────────────────────────────────────────
              ├──────────►│      RequestVote t1 last 3@2 #1
              ┆◄──────────●      granted t1
              ◆           │      n1 leader t1

        """)
  }

  @Test func `a crash silences a line, and its messages are lost`() {
    var story = Story(["n1", "n2"])
    story.step("crash: n1")
    let beat = story.send("n2", "n1", .append(2, prev: (1, 1), [], commit: 1))
    story.crash("n1")
    story.lose(beat)
    story.restart("n1")
    #expect(
      text(story) == """
              n1          n2
        ── 1 ── crash: n1 ──────────────────────────────────────────
              │◅╌╌╌╌╌╌╌╌╌╌●      AppendEntries t2 prev 1@1 [] c1 #1
              ✗           │      n1 crash
               ✗╌╌╌╌╌╌╌╌╌╌┤      lost: AppendEntries t2 prev 1@1
                          │        [] c1 #1
              ↻           │      n1 restart

        """)
  }

  @Test func `one row shows what left together, each arrow to its end`() {
    var story = Story(["n1", "n2", "n3"])
    story.became("n1", .leader, 2)
    let beat = WireMessage.append(2, prev: (1, 1), [], commit: 1)
    story.send("n1", "n2", beat)
    story.lose(story.send("n1", "n3", beat))
    #expect(text(story).contains("●╌╌╌╌╌╌╌▻┼───────✗│"))
    #expect(text(story).contains("#1 lost to n3"))
  }

  @Test func `no line is wider than asked, for one server or seven`() {
    for count in 1...7 {
      for width in [Diagram.TextStyle.narrowest, 50, 80, 100, 140] {
        var story = Story((1...count).map { "server\($0)" })
        story.step(String(repeating: "receive: { to: server1 } ", count: 8))
        for to in 1...count {
          story.hand("server1", "server\(to)", .append(9, prev: (8, 7), .sample(6), commit: 5))
        }
        story.fail("n1.commit is 12, and every word of this goes on and on to the margin")
        let lines = text(story, width: width).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= width }, "\(count) servers in \(width) columns")
      }
    }
  }

  @Test func `the last steps are shown with the state they began in`() {
    let text = text(Stories.figure8, width: 100, window: Diagram.Window(steps: 1, events: nil))
    #expect(text.contains("s1 leader, term 4\n"))
    #expect(text.contains("s5 down, term 3\n"))
    #expect(text.contains("events before"))
    #expect(text.contains("── ✗ 9 ── deliver"))
    #expect(!text.contains("── 8 ──"))
  }

  @Test func `a limit of events keeps the last ones and the name of their step`() {
    let window = Diagram.Window(steps: nil, events: 3)
    let text = text(Stories.figure8, width: 100, window: window)
    #expect(text.contains("── ✗ 9 ── deliver"))
    #expect(text.contains("s1 commit 2"))
    #expect(!text.contains("AppendEntries t4"))
  }

  @Test func `colours come only when asked for, and change no character`() {
    let diagram = Diagram(Stories.network.transcript)
    let plain = diagram.text()
    let coloured = diagram.text(Diagram.TextStyle(isColoured: true))
    #expect(!plain.contains("\u{1B}"))
    #expect(coloured.contains("\u{1B}[32m"))
    #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
  }

  @Test func `names and messages can't move the cursor`() {
    var story = Story(["n\u{1B}[2J", "n2"])
    story.step("x\ny")
    story.propose("n2", "a\rb")
    story.fail("said \u{7}")
    let text = text(story)
    #expect(text.contains("propose a\\rb"))
    #expect(!text.contains { $0 != "\n" && $0.isControl })
  }

  @Test func `more entries than fit are counted`() {
    let label = MessageLabel(.append(3, prev: (4, 1), .sample(6), commit: 8), names: [:])
    #expect(label.text == "AppendEntries t3 prev 4@1 [5@1 6@1 7@1 +3] c8")
    #expect(MessageLabel(.accepted(3, match: 6), names: [:]).text == "ok m6 t3")
    #expect(
      MessageLabel(.rejected(3, prev: 5, hint: (3, 1)), names: [:]).text
        == "rejected t3 prev 5 hint 3@1")
  }

  @Test func `a payload is called by its name`() {
    let names = [Array("x".utf8): "x"]
    let message = MessageLabel(.append(3, prev: (4, 1), [.named("x", 3)], commit: 0), names: names)
    #expect(message.detail == "prev 4@1 [x:5@3] c0")
  }
}

extension Character {
  fileprivate var isControl: Bool {
    unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}
