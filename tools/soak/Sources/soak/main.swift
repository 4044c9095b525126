import Foundation

// The parts of the soak, each a command. `append` is what `kills` runs and kills.
let arguments = Array(CommandLine.arguments.dropFirst())
let number = arguments.count > 1 ? Int(arguments[1]) : nil
let isSound: Bool
switch arguments.first {
case "census": isSound = try runCensus()
case "crashes": isSound = runCrashes(atLeast: number ?? 1_000_000)
case "kills": isSound = try runKills(number ?? 200)
case "append" where arguments.count == 3:
  try appendForever(to: arguments[1], batch: Int(arguments[2]) ?? 1)
default:
  let usage = "usage: soak census | crashes [CASES] | kills [COUNT]\n"
  FileHandle.standardError.write(Data(usage.utf8))
  exit(64)
}
exit(isSound ? 0 : 1)
