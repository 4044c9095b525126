import Conformance
import Foundation

/// The results model as JSON: Spec/schemas/results.schema.json describes it.
///
/// Keys are sorted, and nothing depends on the machine or the time: the same runs give the same
/// bytes. What is read back is the whole model, so that every report can be made from a file.
public enum ResultsJSON {
  /// The version of the document's form.
  public static let format = 1

  /// The document of one run or of several, with a line feed at its end.
  ///
  /// - Throws: `EncodingError`; no results are known to cause it.
  public static func encode(_ runs: [RunResults]) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    var data = try encoder.encode(ResultsDocument(runs))
    data.append(UInt8(ascii: "\n"))
    return data
  }

  /// Reads a document that `encode` wrote, in this version of the suite or an earlier one.
  ///
  /// - Throws: `ResultsProblem` with the place of the first thing that is not as it must be.
  public static func decode(_ data: Data) throws(ResultsProblem) -> [RunResults] {
    do {
      return try JSONDecoder().decode(ResultsDocument.self, from: data).results
    } catch let error as DecodingError {
      throw ResultsProblem(error)
    } catch {
      throw ResultsProblem(place: "", message: "\(error)")
    }
  }
}

/// Why a document can't be read as results.
public struct ResultsProblem: Error, Hashable, CustomStringConvertible {
  /// The keys that lead there: `runs[0].traces[3].verdict`. Empty for the document itself.
  public var place: String
  /// What is wrong there.
  public var message: String

  /// The place and what is wrong, on one line.
  public var description: String {
    let text = place.isEmpty ? message : "\(place): \(message)"
    return Escaping.plain(text)
  }

  init(place: String, message: String) {
    self.place = place
    self.message = message
  }

  init(_ error: DecodingError) {
    switch error {
    case .keyNotFound(let key, let context):
      self.init(place: Self.place(context.codingPath), message: "'\(key.stringValue)' is missing")
    case .valueNotFound(_, let context):
      self.init(place: Self.place(context.codingPath), message: "there is no value")
    case .typeMismatch(let type, let context):
      self.init(place: Self.place(context.codingPath), message: "expected \(type)")
    case .dataCorrupted(let context):
      self.init(place: Self.place(context.codingPath), message: context.debugDescription)
    @unknown default:
      self.init(place: "", message: "\(error)")
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    path.reduce(into: "") { text, key in
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += (text.isEmpty ? "" : ".") + key.stringValue
      }
    }
  }
}
