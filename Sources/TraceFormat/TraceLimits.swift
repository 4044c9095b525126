/// What a trace may cost. A trace beyond a limit is refused at the place that crosses it.
public enum TraceLimits {
  /// The steps of a trace.
  public static let steps = 400
  /// The servers of a trace, peers included.
  public static let servers = 15
  /// The rows of a `cases` table.
  public static let cases = 1_000
  /// The columns of a `cases` table, `name` included.
  public static let columns = 16
  /// The characters of a node's, an entry's, a variable's or a case's name.
  public static let nameLength = 48
  /// The characters of an id.
  public static let idLength = 80
  /// The characters of a title.
  public static let titleLength = 100
  /// The characters of a `source`, `hint`, `conclusion`, `note` or reason.
  public static let textLength = 2_000
  /// The entries of a boot log, of a message, or of a `times`.
  public static let entries = 10_000
  /// The ticks of one step.
  public static let ticks = 100_000
  /// The rounds of `settle`, `exchange` and `recover`.
  public static let rounds = 1_000
  /// The bytes of one payload.
  public static let payloadBytes = 1 << 20
  /// The bytes of one snapshot that is written by hand.
  public static let snapshotBytes = 1 << 24
  /// The moves of one `chaos`.
  public static let moves = 1_000_000
  /// The weight of one move.
  public static let weight = 1_000_000
  /// The largest term or index: what a signed 64-bit number holds, as many implementations use.
  public static let greatestNumber = UInt64(Int64.max)
  /// The largest number written plain; a larger one is written in quotes, because editors and JSON
  /// read numbers as doubles.
  public static let plainNumber: UInt64 = 1 << 53
}
