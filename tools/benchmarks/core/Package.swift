// swift-tools-version: 6.2
import PackageDescription

// The speed of RaftCore beside that of C-raft 0.15 on the same work. `./run` builds and runs it.
let package = Package(
  name: "core-benchmark",
  products: [
    .executable(name: "core-benchmark", targets: ["core-benchmark"]),
    .library(name: "AllocationCounter", type: .dynamic, targets: ["AllocationCounter"]),
  ],
  dependencies: [.package(name: "raft-ladder", path: "../../..")],
  targets: [
    .executableTarget(
      name: "core-benchmark",
      dependencies: ["CRaftCluster", .product(name: "RaftCore", package: "raft-ladder")],
      swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]),
    .target(
      name: "CRaftCluster",
      cSettings: [.unsafeFlags(["-O2", "-Wall", "-Wextra", "-Werror"])],
      linkerSettings: [.linkedLibrary(":libraft.a")]),
    .target(name: "AllocationCounter"),
  ]
)
