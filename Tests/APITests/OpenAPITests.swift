import Foundation
import HTTPTypes
import JSON
import Testing

@testable import API

struct OpenAPITests {
    private static var document: JSONValue? {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardized
        guard let data = try? Data(contentsOf: root.appending(path: "docs/openapi.json")) else { return nil }
        return try? JSONValue(parsing: Array(data))
    }

    @Test func `the document describes exactly the routes that there are`() async throws {
        let document = try #require(Self.document, "docs/openapi.json is missing or not JSON")
        let paths = try #require(document.object?["paths"]?.object)
        let described = Set(
            paths.members.flatMap { path in
                (path.value.object?.members ?? []).filter { $0.name != "parameters" }
                    .map { "\($0.name.uppercased()) \(path.name)" }
            })
        try await House.run {
            $0.staticSample = []
        } _: { house in
            #expect(described == Set(house.routes.table.map { "\($0.method.rawValue) \($0.path)" }))
        }
    }

    @Test func `the document lists every error code`() throws {
        let document = try #require(Self.document)
        let codes = document.object?["components"]?.object?["schemas"]?.object?["Error"]?.object?["properties"]?
            .object?["code"]?.object?["x-codes"]?.array?.compactMap(\.string)
        #expect(Set(try #require(codes)).isSuperset(of: ErrorCode.allCases.map(\.rawValue)))
    }
}
