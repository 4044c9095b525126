// swift-tools-version: 6.2
import PackageDescription

// The long runs against the write-ahead log: the whole fault census, a crash matrix of more than a
// million cases, 200 kills. `./run` builds and runs them.
let package = Package(
  name: "soak",
  dependencies: [.package(name: "raft-ladder", path: "../..")],
  targets: [
    .executableTarget(
      name: "soak",
      dependencies: [
        .product(name: "FaultyFileSystem", package: "raft-ladder"),
        .product(name: "RaftWAL", package: "raft-ladder"),
      ],
      swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)])
  ]
)
