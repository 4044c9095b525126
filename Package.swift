// swift-tools-version: 6.2
import PackageDescription

// Every library is built in the Swift 6 language mode with warnings as errors. The arrows between
// the targets are the architecture (Spec/Architecture.md); `tools/check` compares the two.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
]

/// A library target of this package.
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// A test target of this package.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The test targets that run one phase's traces each.
let phases = [
  "Phase00FoundationsTests", "Phase01PersistenceTests", "Phase02StatesTests",
  "Phase03ElectionsTests", "Phase04TimeTests", "Phase05LogTests", "Phase06ReplicationTests",
  "Phase07CommitTests", "Phase08SnapshotsTests", "Phase09MembershipTests", "Phase10ReadsTests",
  "Phase11ChaosTests",
]

let package = Package(
  name: "raft-ladder",
  products: [
    .executable(name: "raft-ladder", targets: ["raft-ladder"]),
    .executable(name: "raft-kv", targets: ["raft-kv"]),
    // For tools/benchmarks, whose folders are packages of their own.
    .library(name: "RaftCore", targets: ["RaftCore", "RaftTypes"]),
    .library(name: "RaftWAL", targets: ["RaftWAL", "RaftStorage", "RaftTypes"]),
    .library(name: "FaultyFileSystem", targets: ["FaultyFileSystem"]),
    .library(name: "Linearizability", targets: ["Linearizability"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    library("YAMLTree", ["CYAML"]),
    library("RaftTypes"),
    library("RaftCore", ["RaftTypes"]),
    library("RaftStorage", ["RaftTypes"]),
    library("RaftWAL", ["RaftStorage", "RaftTypes"]),
    library("FaultyFileSystem", ["RaftWAL", "RaftStorage", "RaftTypes"]),
    library("RaftInvariants", ["RaftTypes"]),
    library("Linearizability"),
    library("TraceFormat", ["YAMLTree", "RaftTypes"]),
    library("AdapterProtocol", ["RaftTypes"]),
    library(
      "Conformance",
      [
        "TraceFormat", "AdapterProtocol", "Linearizability", "RaftInvariants", "RaftTypes",
        "YAMLTree",
      ]),
    library(
      "ConformanceReport",
      [
        "Conformance", "AdapterProtocol", "RaftInvariants", "RaftTypes", "TraceFormat", "YAMLTree",
        .product(name: "Mustache", package: "swift-mustache"),
      ]),
    library(
      "ReferenceSystem",
      [
        "Conformance", "AdapterProtocol", "RaftCore", "RaftStorage", "RaftTypes", "RaftWAL",
      ]),
    library(
      "AdapterProcess",
      [
        "AdapterProtocol", "Conformance",
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .executableTarget(
      name: "raft-kv",
      dependencies: [
        "RaftStorage", "RaftTypes", "RaftWAL",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "raft-ladder",
      dependencies: [
        "AdapterProcess", "AdapterProtocol", "Conformance", "ConformanceReport", "Linearizability",
        "ReferenceSystem", "TraceFormat", "YAMLTree",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    .target(
      name: "Support",
      dependencies: [
        "AdapterProtocol", "Conformance", "RaftTypes", "ReferenceSystem", "TraceFormat", "YAMLTree",
      ],
      path: "Tests/Support", swiftSettings: strict),
    tests("YAMLTreeTests", ["YAMLTree"]),
    tests("RaftTypesTests", ["RaftTypes"]),
    tests("RaftCoreTests", ["RaftCore", "RaftTypes"]),
    tests(
      "RaftStorageTests", ["FaultyFileSystem", "RaftStorage", "RaftTypes", "RaftWAL"]),
    tests("RaftWALTests", ["FaultyFileSystem", "RaftStorage", "RaftTypes", "RaftWAL"]),
    tests("LinearizabilityTests", ["Linearizability"]),
    tests("RaftInvariantsTests", ["RaftInvariants", "RaftTypes"]),
    tests("AdapterProtocolTests", ["AdapterProtocol", "RaftTypes"]),
    tests(
      "AdapterProcessTests",
      [
        "AdapterProcess", "AdapterProtocol", "Conformance", "RaftTypes", "ReferenceSystem",
        "Support", "TraceFormat",
      ]),
    tests("TraceFormatTests", ["TraceFormat", "YAMLTree", "RaftTypes"]),
    tests(
      "ConformanceTests",
      ["Conformance", "AdapterProtocol", "RaftTypes", "TraceFormat", "Support", "YAMLTree"]),
    tests(
      "ConformanceReportTests",
      [
        "ConformanceReport", "Conformance", "AdapterProtocol", "RaftInvariants", "RaftTypes",
        "TraceFormat", "YAMLTree",
      ]),
    tests("ReferenceSystemTests", ["ReferenceSystem", "AdapterProtocol", "RaftTypes"]),
    tests("CommandTests", ["Support"]),
  ] + phases.map { tests($0, ["Conformance", "Support"]) }
)
