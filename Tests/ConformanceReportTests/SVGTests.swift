import ConformanceReport
import Foundation
import Testing

@Suite struct SVGTests {
  /// Fails where the text is no XML, or not an SVG document by itself.
  private static let program = """
    import sys, xml.etree.ElementTree as tree
    root = tree.fromstring(sys.stdin.buffer.read())
    space = '{http://www.w3.org/2000/svg}'
    assert root.tag == space + 'svg', root.tag
    assert root[0].tag == space + 'title' and root[1].tag == space + 'desc'
    for element in root.iter():
      assert element.tag.startswith(space), element.tag
      assert not any('href' in name or name.startswith('on') for name in element.attrib)
    print(root[0].text)
    """

  private func title(of svg: String) throws -> String {
    try Python.run(Self.program, input: Data(svg.utf8))
  }

  @Test func `every story is a document by itself`() throws {
    for story in [Stories.election, Stories.figure8, Stories.crash, Stories.network] {
      let svg = Diagram(story.transcript).svg(title: "vote.example: One vote")
      #expect(try title(of: svg) == "vote.example: One vote\n")
    }
    #expect(try title(of: Diagram(Story([]).transcript).svg(title: "")) == "None\n")
  }

  @Test func `markup and control characters are text`() throws {
    var story = Story(["<n1>", "n&2"])
    story.step("</svg><script>alert(1)</script>\u{1B}")
    story.propose("<n1>", "\"]]>\0")
    story.hand("<n1>", "n&2", .append(1, prev: (0, 0), [.named("&", 1)], commit: 0))
    story.fail("<b>\u{FFFF}")
    let names = [Array("&".utf8): "<i>"]
    let svg = Diagram(story.transcript, names: names, boots: [:]).svg(title: "<title> & \u{1B}")
    #expect(try title(of: svg) == "<title> & \\u{1B}\n")
    #expect(svg.contains("[&lt;i&gt;:1@1]"))
    #expect(!svg.contains("<script"))
  }

  @Test func `the failing step and its reason are marked`() {
    let svg = Diagram(Stories.figure8.transcript).svg(title: "figure 8")
    #expect(svg.contains("class=\"band bad\""))
    #expect(svg.contains("✗ 9"))
    #expect(svg.contains("It fails: s1 commits the entry 2"))
    #expect(!Diagram(Stories.election.transcript).svg(title: "").contains("class=\"band bad\""))
  }

  @Test func `a picture is for light and dark`() {
    let svg = Diagram(Stories.election.transcript).svg(title: "")
    #expect(svg.contains("@media (prefers-color-scheme: dark)"))
  }

  @Test func `the same run gives the same bytes`() {
    #expect(
      Diagram(Stories.network.transcript).svg(title: "a")
        == Diagram(Stories.network.transcript).svg(title: "a"))
  }

  @Test func `every message has its label, its head or its cross`() {
    let diagram = Diagram(Stories.network.transcript)
    let svg = diagram.svg(title: "")
    let ends = diagram.messages.map(\.end)
    let arrived = ends.count { end in
      if case .arrived = end { return true }
      return false
    }
    #expect(svg.components(separatedBy: "<polygon").count - 1 == arrived)
    #expect(svg.components(separatedBy: "class=\"label middle head").count - 1 == ends.count)
  }
}
