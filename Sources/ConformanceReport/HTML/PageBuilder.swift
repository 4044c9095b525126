import Conformance
import TraceFormat

/// Makes what the page shows from the results.
struct PageBuilder {
  let runs: [RunResults]
  let comparisons: [Comparison]
  let texts: SuiteTexts
  let labels: [String]
  /// The result of each trace in each run, by the trace's id.
  private let results: [String: [TraceResult?]]
  /// The ids of the traces, by TODO, in the order of the ladder and of the runs.
  private let idsByTodo: [String: [String]]

  init(runs: [RunResults], comparisons: [Comparison], texts: SuiteTexts) {
    self.runs = runs
    self.comparisons = comparisons
    self.texts = texts
    labels = RunResults.labels(of: runs)
    var results: [String: [TraceResult?]] = [:]
    var idsByTodo: [String: [String]] = [:]
    for (column, run) in runs.enumerated() {
      for trace in run.traces {
        if results[trace.id] == nil {
          results[trace.id] = Array(repeating: nil, count: runs.count)
          idsByTodo[trace.todo, default: []].append(trace.id)
        }
        results[trace.id]?[column] = trace
      }
    }
    self.results = results
    self.idsByTodo = idsByTodo
  }

  func page() -> Page {
    let phases = phases()
    return Page(
      suite: Suite.version, heading: heading, style: PageStyle.sheet, script: PageScript.text,
      scriptHash: PageScript.hash, width: max(1, runs.count), isSingle: runs.count == 1,
      columns: labels.enumerated().map { Page.Column(place: $0.offset, label: $0.element) },
      cards: zip(runs, labels).map(card), since: comparisons.map(since),
      differences: runs.count > 1 ? differences(in: phases) : nil,
      filters: CellKind.allCases.filter { $0 != .absent }.map { kind in
        Page.Filter(
          kind: kind.rawValue, words: kind.words,
          number: results.values.count { row in
            row.contains { $0.map { CellKind($0.verdict) } == kind }
          })
      }.filter { $0.number > 0 },
      phases: phases, traceTotal: results.count)
  }

  private var heading: String {
    labels.isEmpty ? "No implementation" : labels.joined(separator: ", ")
  }

  static func target(of id: String) -> String { "t-" + id }

  // MARK: Cards

  private func card(_ run: RunResults, _ label: String) -> Page.Card {
    let implementation = run.implementation
    let lacks = Dictionary(grouping: run.traces.compactMap(\.missingCapability)) { $0 }
    let web = ["https://", "http://"].contains { implementation.homepage.hasPrefix($0) }
    let language = implementation.language.isEmpty ? [] : [implementation.language]
    return Page.Card(
      label: label, version: implementation.version,
      facts: (language + ["seed \(run.seed)", "suite \(run.suiteVersion)"])
        .joined(separator: " · "),
      homepage: web ? implementation.homepage : nil, verdict: run.conclusion.words,
      mood: mood(of: run.conclusion), height: run.height.todo ?? "none",
      failingRung: run.height.failing.flatMap(Ladder.todo).map {
        Page.Link(target: "r-\($0.id)", caption: "\($0.id) \($0.title)")
      },
      gaps: run.height.notShown.isEmpty ? nil : run.height.notShown.joined(separator: ", "),
      strip: run.rungs.map { rung in
        Page.Tick(
          state: rung.state.rawValue,
          hint: "\(rung.todo.id) \(rung.todo.title): \(Self.words(rung.state))")
      },
      tallies: tallies(of: run),
      lacks: lacks.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map {
        "\($0.key) (\($0.value.count))"
      })
  }

  private func mood(of conclusion: Conclusion) -> String {
    switch conclusion {
    case .conforms: "good"
    case .doesNotConform: "bad"
    case .judgedInPart, .nothingShown: "unsure"
    }
  }

  private func tallies(of run: RunResults) -> [Page.Tally] {
    CellKind.allCases.filter { $0 != .absent }.compactMap { kind in
      let number = run.traces.count { CellKind($0.verdict) == kind }
      guard number > 0 || kind == .passed || kind == .failed else { return nil }
      let loose = kind == .passed ? run.count(.passedNonStrict) : 0
      return Page.Tally(
        kind: (number > 0 ? kind : .notApplicable).rawValue, number: number,
        words: kind.words + (loose > 0 ? " (\(loose) not strictly)" : ""))
    }
  }

  static func words(_ state: Rung.State) -> String {
    switch state {
    case .holds: "holds"
    case .fails: "fails"
    case .notShown: "not shown"
    }
  }

  // MARK: The ladder

  private func phases() -> [Page.PhasePart] {
    let rungs = runs.map { run in
      Dictionary(uniqueKeysWithValues: run.rungs.map { ($0.todo.id, $0) })
    }
    let failing = results.values.count { row in row.contains { $0?.verdict.failsRun == true } }
    return Ladder.phases.compactMap { phase in
      let parts = phase.todos.compactMap { todo -> Page.RungPart? in
        guard let ids = idsByTodo[todo.id] else { return nil }
        let traces = ids.map(trace)
        return Page.RungPart(
          target: "r-\(todo.id)", id: todo.id, title: todo.title, invariants: todo.invariants,
          isOpen: failing <= 30 && traces.contains { !$0.failures.isEmpty },
          cells: zip(rungs, labels).map { RungCell.cell($0[todo.id], label: $1) }, traces: traces)
      }
      return parts.isEmpty
        ? nil : Page.PhasePart(number: phase.number, name: phase.name, rungs: parts)
    }
  }

  private func trace(_ id: String) -> Page.TracePart {
    let row = results[id] ?? []
    guard let any = row.compactMap({ $0 }).first else {
      preconditionFailure("an id comes from a result")
    }
    let kinds = row.map { $0.map { CellKind($0.verdict) } ?? .absent }
    let details = TraceDetails(row: row, runs: runs, labels: labels, texts: texts)
    return Page.TracePart(
      target: Self.target(of: id), traceID: id, title: any.title,
      place: any.file.isEmpty ? "a check of the harness" : any.file, level: any.level.rawValue,
      kinds: kinds.map(\.rawValue).joined(separator: " "), isDifferent: Self.disagree(kinds),
      cells: zip(kinds, labels).map { kind, label in
        Page.Cell(kind: kind.rawValue, sign: kind.sign, note: "", spoken: "\(label): \(kind.words)")
      },
      clauses: any.clauses.map { Page.ClauseLine(slug: $0, rule: texts.clauses[$0] ?? "") },
      failures: details.failures(), outcomes: details.outcomes(), source: details.source())
  }

  /// Whether runs that were judged by a trace got different verdicts.
  private static func disagree(_ kinds: [CellKind]) -> Bool {
    let judged = Set(kinds).subtracting([.absent, .notApplicable])
    return judged.count > 1
  }

  // MARK: What differs, and what changed

  private func differences(in phases: [Page.PhasePart]) -> Page.Differences {
    let rungs = phases.flatMap(\.rungs).map { rung in
      (rung, rung.traces.filter(\.isDifferent))
    }.filter { !$0.1.isEmpty }
    let count = rungs.reduce(0) { $0 + $1.1.count }
    return Page.Differences(
      number: count == 0 ? "no trace" : count == 1 ? "1 trace" : "\(count) traces",
      groups: rungs.map { rung, traces in
        Page.Differences.Group(
          rung: "\(rung.id) \(rung.title)", number: traces.count, isOpen: count <= 40,
          cells: cells(over: traces),
          lines: traces.map {
            Page.Differences.Line(
              target: $0.target, id: $0.traceID, title: $0.title, cells: $0.cells)
          })
      })
  }

  /// What each run shows on these traces together: its gravest verdict, and how often it got that.
  private func cells(over traces: [Page.TracePart]) -> [Page.Cell] {
    let gravity: [CellKind] = [.error, .failed, .known, .passed, .notApplicable]
    return labels.enumerated().map { column, label in
      let kinds = traces.map { trace in
        results[trace.traceID]?[column].map { CellKind($0.verdict) } ?? .absent
      }
      let gravest = gravity.first(where: kinds.contains) ?? .absent
      let number = kinds.count { $0 == gravest }
      return Page.Cell(
        kind: gravest.rawValue, sign: gravest.sign, note: "\(number)",
        spoken: "\(label): \(number) \(gravest.words)")
    }
  }

  private func since(_ comparison: Comparison) -> Page.Since {
    Page.Since(
      label: comparison.later.title, before: comparison.earlier.title, summary: comparison.summary,
      groups: Comparison.Change.Kind.allCases.compactMap { kind in
        let changes = comparison.changes(kind)
        guard !changes.isEmpty else { return nil }
        return Page.Since.ChangeGroup(
          kind: kind.rawValue, number: changes.count,
          isOpen: kind == .newFailure && changes.count <= 12,
          changes: changes.map { change in
            let link = Page.Link(target: Self.target(of: change.id), caption: change.id)
            return Page.Since.ChangeLine(
              link: results[change.id] == nil ? nil : link, id: change.id, title: change.title,
              before: change.before, after: change.after)
          })
      })
  }
}
