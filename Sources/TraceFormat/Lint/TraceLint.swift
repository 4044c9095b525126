import YAMLTree

/// Checks that need more than one file: ids, clauses and folders.
public enum TraceLint {
  /// Everything that is wrong with some files, by place: what each says of itself, and what they
  /// say together.
  ///
  /// - Parameter checksFolders: whether each file must lie in the folder of its TODO.
  public static func problems(
    of files: [TraceFile], clauses: ClauseRegistry, checksFolders: Bool
  ) -> [TraceProblem] {
    var found = files.flatMap(\.problems)
    found += repeatedIDs(in: files)
    for file in files {
      found += clauseProblems(of: file, clauses)
      if checksFolders { folderProblem(of: file).map { found.append($0) } }
    }
    return Set(found).sorted()
  }

  private static func repeatedIDs(in files: [TraceFile]) -> [TraceProblem] {
    var first: [String: SourceLocation] = [:]
    return files.compactMap(\.id).sorted { $0.location < $1.location }.compactMap { id in
      guard let earlier = first[id.value] else {
        first[id.value] = id.location
        return nil
      }
      return TraceProblem(
        location: id.location, message: "id '\(id.value)' is taken by \(earlier.file)")
    }
  }

  private static func clauseProblems(
    of file: TraceFile, _ registry: ClauseRegistry
  ) -> [TraceProblem] {
    let known = Set(file.problems.map(\.location))
    return file.clauses.filter { !known.contains($0.location) }.compactMap { named in
      let slug = named.value
      guard let clause = registry.clause(slug) else {
        let hint = NearestWord.hint(for: slug, among: registry.clauses.map(\.slug))
        return TraceProblem(
          location: named.location, message: "no clause '\(clipped(slug))' in the registry\(hint)")
      }
      guard let phase = Ladder.todo(clause.todo).flatMap({ Ladder.phase($0.phase) }),
        !phase.isBuilt
      else { return nil }
      return TraceProblem(
        location: named.location,
        message: "clause '\(slug)' belongs to phase \(phase.number) (\(phase.name)), which is not "
          + "built yet")
    }
  }

  private static func folderProblem(of file: TraceFile) -> TraceProblem? {
    guard let named = file.todo, let todo = Ladder.todo(named.value) else { return nil }
    let folder = Ladder.folder(of: todo)
    let parts = file.file.split(separator: "/").dropLast().suffix(2)
    guard parts.joined(separator: "/") != folder else { return nil }
    return TraceProblem(
      location: named.location,
      message: "a trace of TODO \(todo.id) lies in \(folder), not in "
        + (parts.isEmpty ? "no folder" : parts.joined(separator: "/")))
  }
}
