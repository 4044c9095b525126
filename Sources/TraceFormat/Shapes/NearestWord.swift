/// Finds the word that was probably meant.
public enum NearestWord {
  /// The candidate nearest to `word`, or nil where none is near enough to be a slip of the hand.
  ///
  /// Near enough is one edit in a short word and one in three characters of a longer one; case
  /// alone never makes a difference. Among equally near words the first in order wins.
  public static func find(_ word: String, among candidates: [String]) -> String? {
    let wanted = Array(word.lowercased().unicodeScalars)
    let allowed = max(1, wanted.count / 3)
    var best: (word: String, distance: Int)?
    for candidate in candidates.sorted() {
      let other = Array(candidate.lowercased().unicodeScalars)
      guard abs(other.count - wanted.count) <= allowed else { continue }
      let distance = editDistance(wanted, other)
      if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
  }

  /// The Damerau-Levenshtein distance (optimal string alignment): insertions, deletions,
  /// replacements and swaps of neighbours.
  static func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var twoBack: [Int] = []
    var last = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var row = [i + 1]
      for (j, y) in b.enumerated() {
        var cost = min(last[j] + (x == y ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, x == b[j - 1], a[i - 1] == y { cost = min(cost, twoBack[j - 1] + 1) }
        row.append(cost)
      }
      (twoBack, last) = (last, row)
    }
    return last[b.count]
  }

  /// `; did you mean 'x'?`, or nothing.
  static func hint(for word: String, among candidates: [String]) -> String {
    find(word, among: candidates).map { "; did you mean '\($0)'?" } ?? ""
  }
}
