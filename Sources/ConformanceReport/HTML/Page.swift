// What the templates of the page see. The names of members are the names of their variables, and
// a variable that is not found is looked for further out: the names are different on every level.
// Nothing here is escaped but `picture`.

/// The page.
struct Page {
  var suite: String
  var heading: String
  var style: String
  var script: String
  var scriptHash: String
  /// How many columns: for the style sheet.
  var width: Int
  var isSingle: Bool
  var columns: [Column]
  var cards: [Card]
  var since: [Since]
  var differences: Differences?
  var filters: [Filter]
  var phases: [PhasePart]
  var traceTotal: Int

  /// A run among the others.
  struct Column {
    var place: Int
    var label: String
  }

  /// The verdict on one run.
  struct Card {
    var label: String
    var version: String
    var facts: String
    var homepage: String?
    var verdict: String
    var mood: String
    var height: String
    var failingRung: Link?
    var gaps: String?
    var strip: [Tick]
    var tallies: [Tally]
    var lacks: [String]
  }

  struct Link {
    var target: String
    var caption: String
  }

  /// A rung on the little ladder of a card.
  struct Tick {
    var state: String
    var hint: String
  }

  struct Tally {
    var kind: String
    var number: Int
    var words: String
  }

  /// A comparison with an earlier run.
  struct Since {
    var label: String
    var before: String
    var summary: String
    var groups: [ChangeGroup]

    struct ChangeGroup {
      var kind: String
      var number: Int
      var isOpen: Bool
      var changes: [ChangeLine]
    }

    struct ChangeLine {
      var link: Link?
      var id: String
      var title: String
      var before: String
      var after: String
    }
  }

  /// The traces on which the implementations disagree.
  struct Differences {
    var number: String
    var groups: [Group]

    struct Group {
      var rung: String
      var number: Int
      var isOpen: Bool
      /// How each implementation does in these traces.
      var cells: [Cell]
      var lines: [Line]
    }

    struct Line {
      var target: String
      var id: String
      var title: String
      var cells: [Cell]
    }
  }

  /// A button that shows a kind of verdict.
  struct Filter {
    var kind: String
    var words: String
    var number: Int
  }

  struct PhasePart {
    var number: Int
    var name: String
    var rungs: [RungPart]
  }

  struct RungPart {
    var target: String
    var id: String
    var title: String
    var invariants: [String]
    var isOpen: Bool
    var cells: [Cell]
    var traces: [TracePart]
  }

  /// A verdict, or how a rung stands, in a column.
  struct Cell {
    var kind: String
    var sign: String
    var note: String
    /// For those who do not see the sign.
    var spoken: String
  }

  struct TracePart {
    var target: String
    var traceID: String
    var title: String
    var place: String
    var level: String
    var kinds: String
    var isDifferent: Bool
    var cells: [Cell]
    var clauses: [ClauseLine]
    var failures: [FailurePart]
    var outcomes: [Outcome]
    var source: Source?
  }

  struct ClauseLine {
    var slug: String
    var rule: String
  }

  /// What the runs without a step that failed showed, those of one verdict together.
  struct Outcome {
    var kind: String
    var sign: String
    var words: String
    var who: String
    var reason: String?
  }

  struct FailurePart {
    var kind: String
    var sign: String
    var words: String
    var who: String
    var reason: String?
    var stepNumber: Int
    var stepText: String
    var place: String
    var what: String
    var summary: String
    var crashPoint: Int?
    var mismatches: [Row]
    var hasMismatches: Bool
    var hint: String
    var picture: String?
    var pictureName: String
    var rerun: String

    struct Row {
      var path: String
      var expected: String
      var actual: String
    }
  }

  /// A trace's file, in pieces: those with a mark are lines at which runs failed.
  struct Source {
    var isOpen: Bool
    var pieces: [Piece]

    struct Piece {
      var plain: String?
      var marked: String?
      var mark: String
    }
  }
}
