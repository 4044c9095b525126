import Conformance
import ConformanceReport
import Foundation
import Testing

/// The page, opened in headless Chromium and used as a person would.
@Suite struct HTMLReportTests {
  private static let texts = SuiteTexts(
    clauses: ["vote.up-to-date": "A vote goes only to a log at least as up to date"],
    files: ["Traces/vote.twice.yaml": "id: vote.twice\nsteps: []\n"])

  /// Two implementations that disagree on one trace, and a third that is hostile.
  private static var runs: [RunResults] {
    var other = Runs.mixed
    other.implementation.name = "other"
    other.traces[3] = Runs.result("vote.twice", verdict: .passed)
    return [Runs.mixed, other, Hostile.run]
  }

  private static var comparisons: [Comparison] {
    [Comparison(earlier: Runs.run([Runs.result("vote.twice", verdict: .passed)]), later: runs[0])]
  }

  private static var page: String {
    HTMLReport(runs, comparisons: comparisons, texts: texts).text()
  }

  @Test func `the same results give the same bytes`() {
    #expect(Self.page == Self.page)
  }

  @Test func `the page needs nothing else`() {
    let page = Self.page
    #expect(!page.contains(" src="))
    #expect(!page.contains("<link"))
    #expect(!page.contains("@import"))
    #expect(!page.contains("url("))
    #expect(!page.contains("href=\"javascript:"))
  }

  @Test func `the policy lets the page's own script run and no other`() throws {
    let program = """
      import base64, hashlib, re, sys
      page = sys.stdin.read()
      scripts = re.findall('<script>(.*?)</script>', page, re.S)
      assert len(scripts) == 1, len(scripts)
      print(base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode(), end='')
      """
    let hash = try Python.run(program, input: Data(Self.page.utf8))
    #expect(Self.page.contains("script-src 'sha256-\(hash)'"), "PageScript.hash is sha256-\(hash)")
  }

  @Test func `a page of nothing and of one run is a page`() {
    #expect(HTMLReport([]).text().contains("No implementation"))
    let one = HTMLReport([Runs.mixed]).text()
    #expect(!one.contains("Where they differ"))
    #expect(one.contains("First rung that fails: <a href=\"#r-3.2\">3.2 Vote granting rules</a>"))
    #expect(one.contains("class=\"band bad\""), "the failing step is drawn")
  }

  // MARK: In the browser

  /// Counts of traces that a reader sees.
  private static let visible =
    "[...document.querySelectorAll('.trace')].filter((t) => !t.hidden).length"
  private static let trace = "document.getElementById('t-vote.twice')"

  private static func use(_ page: String, _ commands: [[Any]]) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "report.html")
    try Data(page.utf8).write(to: file)
    let driver = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Browser/chromium.py")
    let opening: [[Any]] = [["look", 1400, 1000, "light"], ["open", file.path]]
    let said = try Python.run(
      String(contentsOf: driver, encoding: .utf8),
      input: JSONSerialization.data(withJSONObject: opening + commands))
    let object = try JSONSerialization.jsonObject(with: Data(said.utf8)) as? [String: Any]
    let requests = try #require(object?["requests"] as? [String])
    #expect(requests.allSatisfy { $0.hasPrefix("file://") }, "the page asks for \(requests)")
    return try #require(object?["answers"] as? [String])
  }

  @Test func `the page is searched, filtered and opened`() throws {
    let answers = try Self.use(
      Self.page,
      [
        ["evaluate", Self.visible],
        // The search, by its key.
        ["key", "/"], ["key", "t"], ["key", "w"], ["key", "i"], ["key", "c"], ["key", "e"],
        ["evaluate", Self.visible],
        ["evaluate", "document.querySelector('#shown').textContent"],
        ["key", "Escape"], ["evaluate", Self.visible],
        // A filter, by the mouse.
        ["click", ".chip[data-kind=error]"], ["evaluate", Self.visible],
        ["evaluate", "document.querySelector('.chip[data-kind=error]').ariaPressed"],
        ["click", ".chip[data-kind=error]"],
        ["click", "#differing"], ["evaluate", Self.visible],
        // A trace, by the keyboard.
        ["evaluate", "\(Self.trace).querySelector('summary').focus(), \(Self.trace).open"],
        ["key", "Enter"], ["evaluate", "\(Self.trace).open"],
        ["evaluate", "\(Self.trace).querySelector('.expected').checkVisibility()"],
        ["evaluate", "\(Self.trace).querySelector('.actual').textContent"],
        [
          "evaluate",
          "\(Self.trace).querySelector('figure svg').getBoundingClientRect().height > 99",
        ],
        ["evaluate", "\(Self.trace).querySelector('.clauses dd').textContent"],
        ["evaluate", "\(Self.trace).querySelector('pre').textContent.includes('steps: []')"],
      ])
    let expected = [
      "14", "1", "1 of 14 traces", "14", "2", "true", "1", "false", "true", "true", "5", "true",
      "A vote goes only to a log at least as up to date", "true",
    ]
    #expect(answers == expected)
  }

  @Test func `a link opens what is folded, and the rows are walked by key`() throws {
    let arrival = """
      window.arrival = new Promise((done) => {
        window.addEventListener("hashchange", done, { once: true });
      })
      """
    let answers = try Self.use(
      Self.page,
      [
        ["evaluate", "\(arrival), 0"], ["click", ".panel a[href='#t-vote.twice']"],
        ["evaluate", "window.arrival.then(() => \(Self.trace).open)"],
        ["evaluate", "document.activeElement.closest('details').id"],
        ["key", "ArrowDown"], ["evaluate", "document.activeElement.closest('details').id"],
        ["key", "ArrowUp"], ["evaluate", "document.activeElement.closest('details').id"],
      ])
    #expect(
      answers == [
        "0", "true", "t-vote.twice", "t-vote.torn", "t-vote.twice",
      ])
  }

  @Test func `the theme follows the system until it is chosen`() throws {
    let ground = "getComputedStyle(document.body).backgroundColor"
    let answers = try Self.use(
      Self.page,
      [
        ["evaluate", ground], ["look", 1400, 1000, "dark"], ["evaluate", ground],
        ["click", "#theme"], ["evaluate", ground], ["click", "#theme"],
        ["look", 1400, 1000, "light"], ["evaluate", ground],
      ])
    let light = "rgb(244, 246, 248)", dark = "rgb(13, 17, 23)"
    #expect(answers == [light, dark, light, dark])
  }

  @Test func `a phone shows the page without scrolling sideways`() throws {
    let answers = try Self.use(
      Self.page,
      [
        ["look", 390, 844, "dark"],
        ["evaluate", "document.querySelectorAll('details').forEach((d) => { d.open = true; })"],
        ["evaluate", "document.documentElement.scrollWidth"],
      ])
    #expect(answers == ["null", "390"])
  }

  @Test func `hostile text runs nothing and makes no element`() throws {
    let answers = try Self.use(
      Self.page,
      [
        ["evaluate", "document.scripts.length"],
        [
          "evaluate",
          "[...document.querySelectorAll('*')].flatMap((e) => e.getAttributeNames())"
            + ".filter((name) => name.startsWith('on')).length",
        ],
        ["evaluate", "[...document.links].filter((a) => a.protocol === 'javascript:').length"],
        ["evaluate", "document.body.textContent.includes('<script>alert(1)</script>')"],
      ])
    #expect(answers == ["1", "0", "0", "true"])
  }

  /// Text and ground of every element with text of its own, in both themes.
  @Test func `text stands out from its ground`() throws {
    let contrast = """
      (() => {
        const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
        const light = (colour) => channels(colour).slice(0, 3).map((c) => c / 255)
          .map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
          .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
        const ground = (e) => {
          for (; e; e = e.parentElement) {
            const colour = getComputedStyle(e).backgroundColor;
            if ((channels(colour)[3] ?? 1) > 0) return colour;
          }
          return "rgb(255, 255, 255)";
        };
        const bad = new Set();
        for (const e of document.querySelectorAll("body *:not(svg *)")) {
          if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
          if (!e.checkVisibility() || e.closest("script, option")) continue;
          const a = light(getComputedStyle(e).color), b = light(ground(e));
          const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          if (ratio < 4.5) bad.add(`${e.tagName}.${e.className} ${ratio.toFixed(2)}`);
        }
        return [...bad].join("; ");
      })()
      """
    let open = "document.querySelectorAll('details').forEach((d) => { d.open = true; })"
    let answers = try Self.use(
      Self.page,
      [
        ["evaluate", open], ["evaluate", contrast], ["click", "#differing"],
        ["evaluate", contrast],
        ["look", 1400, 1000, "dark"], ["evaluate", contrast],
      ])
    #expect(answers == ["null", "", "", ""])
  }
}
