/// A history that was read from a file.
public struct RecordedHistory: Sendable {
  /// The format it was read in.
  public var format: HistoryFormat
  /// What it is a history of.
  public var model: HistoryModel
  /// Operations, failed ones included.
  public var operations: Int
  /// Operations of unknown outcome.
  public var unknown: Int
  /// Lines that belong to no operation and were passed over.
  public var linesPassedOver: Int
  var keys: [KeyHistory]
  var table: TokenTable
  var readsNoneAsEmpty: Bool

  /// Keys that are judged apart.
  public var partitions: Int { keys.count }

  /// Judges it.
  ///
  /// - Parameters:
  ///   - limits: what the check may use.
  ///   - progress: is told how far the check is, after every turn.
  public consuming func check(
    limits: Limits = Limits(), progress: @escaping (Progress) -> Void = { _ in }
  ) -> Judgement {
    let operations = operations
    let table = table
    let text = TextModel(readsNoneAsEmpty: readsNoneAsEmpty)
    let turns = keys.map { $0.turn(table, text) }
    keys = []
    var judge = Turns(turns, limits: limits, explains: true, progress: progress)
    return judge.judge(operations: operations)
  }
}

/// The operations on one key, as the model that they need.
struct KeyHistory: Sendable {
  typealias Registers = RegisterModel<Token>
  typealias Lists = ListModel<Token>

  /// What the key holds. A register becomes a text when something is appended to its value.
  enum Kind: Sendable {
    case register, text, list
  }

  /// The key as people write it; empty where there is none.
  var name: String
  var kind: Kind
  /// The operations, in the array of the kind.
  var registers: [Operation<Registers.Action, Registers.Response>] = []
  var texts: [Operation<TextModel.Action, TextModel.Response>] = []
  var lists: [Operation<Lists.Action, Lists.Response>] = []

  /// The check of these operations.
  func turn(_ table: TokenTable, _ text: TextModel) -> any PartitionTurn {
    let describe: @Sendable (Token) -> String = { table.text($0) }
    return switch kind {
    case .register:
      PartitionCheck(
        Registers(describe: describe), Partition(name: name, operations: registers))
    case .text:
      PartitionCheck(text, Partition(name: name, operations: texts))
    case .list:
      PartitionCheck(Lists(describe: describe), Partition(name: name, operations: lists))
    }
  }
}
