import AdapterProtocol
import Foundation
import RaftTypes
import Testing

/// The bytes of entries against Foundation's base64.
struct DataCodingTests {
  @Test func `bytes of every length are written as Foundation writes them, and read back`() throws {
    for count in 0..<70 {
      let data = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count &* 101) }
      let line = RequestCoding.encode(.propose(NodeName("n1"), data: data), id: 0)
      #expect(text(line).contains("\"data\":\"\(Data(data).base64EncodedString())\""))
      guard case .propose(_, let read) = try RequestCoding.decode(line).1 else {
        throw Unexpected()
      }
      #expect(read == data)
    }
  }

  @Test func `what is no base64 is refused`() {
    for wrong in ["A", "AA", "AAA", "====", "A===", "AA=A", "AB==", "AAB=", "AA-_", "AAAA\\n"] {
      let line = "{\"id\":0,\"op\":\"propose\",\"node\":\"n1\",\"data\":\"\(wrong)\"}"
      #expect(throws: ProtocolProblem.self, "\(wrong)") {
        try RequestCoding.decode(Array(line.utf8))
      }
    }
  }
}
