// swift-tools-version: 6.2
import PackageDescription

// The speed of RaftWAL beside what the disk allows on the same machine. `./run` builds and runs it.
let package = Package(
  name: "wal-benchmark",
  dependencies: [.package(name: "raft-ladder", path: "../../..")],
  targets: [
    .executableTarget(
      name: "wal-benchmark",
      dependencies: [.product(name: "RaftWAL", package: "raft-ladder")],
      swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)])
  ]
)
