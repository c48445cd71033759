import Hummingbird
import JSON
import PaperExchange
import Synchronization
import Trading

/// Good till triggered. Source: Kite Connect, GTT.
extension SimulatedKite {
    /// `POST /gtt/triggers`
    func placeGTT(_ call: KiteCall) async throws(KiteRefusal) -> Response {
        let session = try counted(call)
        let form = try GTTForm(call.fields, appID: configuration.appID(of: session.app))
        do throws(GTTRefusal) {
            return Self.triggerID(try await venue.placeGTT(form.request, for: session.user.userID))
        } catch {
            throw KiteRefusal(error)
        }
    }

    /// `PUT /gtt/triggers/:id`
    func modifyGTT(_ call: KiteCall, id text: String) async throws(KiteRefusal) -> Response {
        let session = try counted(call)
        let id = try Self.triggerID(text)
        let form = try GTTForm(call.fields, appID: configuration.appID(of: session.app))
        do throws(GTTRefusal) {
            try await venue.modifyGTT(id, to: form.request, for: session.user.userID)
        } catch {
            throw KiteRefusal(error)
        }
        return Self.triggerID(id)
    }

    /// `DELETE /gtt/triggers/:id`
    func deleteGTT(_ call: KiteCall, id text: String) async throws(KiteRefusal) -> Response {
        let user = try counted(call).user
        let id = try Self.triggerID(text)
        do throws(GTTRefusal) {
            try await venue.deleteGTT(id, for: user.userID)
        } catch {
            throw KiteRefusal(error)
        }
        return Self.triggerID(id)
    }

    /// `GET /gtt/triggers`
    func gtts(_ call: KiteCall) async throws(KiteRefusal) -> Response {
        let user = try counted(call).user
        return Reply.list(await venue.listedGTTs(of: user.userID)) { $0.gttRow($1, token: token(of: $1)) }
    }

    /// `GET /gtt/triggers/:id`
    func gtt(_ call: KiteCall, id text: String) async throws(KiteRefusal) -> Response {
        let user = try counted(call).user
        guard let gtt = await venue.gtt(try Self.triggerID(text), of: user.userID) else {
            throw KiteRefusal(GTTRefusal.unknownTrigger)
        }
        return Reply.success(reserving: 1_024) { $0.gttRow(gtt, token: token(of: gtt)) }
    }

    /// Counts an order that a trigger or an alert sends out; gives the reason where a limit is reached.
    func countFired(for userID: String, at now: Timestamp) -> String? {
        counters.withLock { counters in
            do throws(KiteRefusal) {
                try counters.countOrders(userID: userID, at: now)
                return nil
            } catch {
                return error.message
            }
        }
    }

    private func token(of gtt: GTT) -> InstrumentToken {
        venue.listing.token(of: gtt.request.instrument) ?? InstrumentToken(0)
    }

    private static func triggerID(_ text: String) throws(KiteRefusal) -> Int64 {
        guard let id = Int64(text) else { throw KiteRefusal(GTTRefusal.unknownTrigger) }
        return id
    }

    private static func triggerID(_ id: Int64) -> Response {
        Reply.success(reserving: 96) { writer in
            writer.beginObject()
            writer.key("trigger_id")
            writer.value(id)
            writer.endObject()
        }
    }
}

extension KiteRefusal {
    /// Words a venue's refusal of a trigger as the broker would.
    init(_ refusal: GTTRefusal) {
        let isAccount = if case .unknownAccount = refusal { true } else { false }
        self.init(
            status: isAccount ? 403 : 400, kind: isAccount ? .permission : .input, message: refusal.description)
    }

    /// Words a venue's refusal of an alert as the broker would.
    init(_ refusal: AlertRefusal) {
        let isAccount = if case .unknownAccount = refusal { true } else { false }
        self.init(
            status: isAccount ? 403 : 400, kind: isAccount ? .permission : .input, message: refusal.description)
    }
}

extension SimulatorConfiguration {
    /// The number of an application, counted from 1 in the order of the configuration.
    func appID(of app: App) -> Int {
        (apps.lastIndex { $0.apiKey == app.apiKey } ?? -1) + 1
    }

    /// The application of a number; nil where there is none.
    func app(numbered number: Int) -> App? {
        apps.indices.contains(number - 1) ? apps[number - 1] : nil
    }
}
