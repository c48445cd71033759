import Hummingbird
import JSON
import PaperExchange
import Trading

/// Alerts. Source: Kite Connect, alerts.
extension SimulatedKite {
    /// `POST /alerts`
    func createAlert(_ call: KiteCall) async throws(KiteRefusal) -> Response {
        let session = try counted(call)
        let user = session.user
        let form = try AlertForm(call.fields, userID: user.userID, appID: configuration.appID(of: session.app))
        do throws(AlertRefusal) {
            let alert = try await venue.createAlert(form.request, uuid: freshUUID(), for: user.userID)
            return Reply.success { $0.alertRow(alert) }
        } catch {
            throw KiteRefusal(error)
        }
    }

    /// `PUT /alerts/:uuid`
    func modifyAlert(_ call: KiteCall, uuid: String) async throws(KiteRefusal) -> Response {
        let session = try counted(call)
        let user = session.user
        let form = try AlertForm(call.fields, userID: user.userID, appID: configuration.appID(of: session.app))
        do throws(AlertRefusal) {
            let alert = try await venue.modifyAlert(uuid, to: form.request, for: user.userID)
            return Reply.success { $0.alertRow(alert) }
        } catch {
            throw KiteRefusal(error)
        }
    }

    /// `DELETE /alerts?uuid=…&uuid=…`; without a uuid nothing is deleted.
    func deleteAlerts(_ call: KiteCall) async throws(KiteRefusal) -> Response {
        let user = try counted(call).user
        let uuids = call.fields.all("uuid").filter { !$0.isEmpty }
        guard !uuids.isEmpty else { throw .missing("uuid") }
        do throws(AlertRefusal) {
            try await venue.deleteAlerts(uuids, for: user.userID)
        } catch {
            throw KiteRefusal(error)
        }
        return Reply.success { $0.null() }
    }

    /// `GET /alerts`; without a status all that are not deleted, without a page size all at once.
    func alerts(_ call: KiteCall) async throws(KiteRefusal) -> Response {
        let user = try counted(call).user
        var status: Alert.Status?
        if let text = call.fields["status"] {
            guard let known = Alert.Status(rawValue: text) else { throw .invalid("status") }
            status = known
        }
        let page = try Self.positive("page", call.fields) ?? 1
        let size = try Self.positive("page_size", call.fields)
        let all = await venue.alerts(of: user.userID).filter {
            status.map { [found = $0.status] in $0 == found } ?? ($0.status != .deleted)
        }
        // Pages count from 1; one beyond the last is empty.
        let (start, isBeyond) = (page - 1).multipliedReportingOverflow(by: size ?? all.count)
        let shown = isBeyond ? [] : all.dropFirst(start).prefix(size ?? all.count)
        return Reply.list(shown) { $0.alertRow($1, basket: tokens(of: $1)) }
    }

    /// `GET /alerts/:uuid`
    func alert(_ call: KiteCall, uuid: String) async throws(KiteRefusal) -> Response {
        let user = try counted(call).user
        guard let alert = await venue.alert(uuid, of: user.userID) else {
            throw KiteRefusal(AlertRefusal.unknownAlert)
        }
        return Reply.success { $0.alertRow(alert, basket: tokens(of: alert)) }
    }

    /// `GET /alerts/:uuid/history`
    func alertHistory(_ call: KiteCall, uuid: String) async throws(KiteRefusal) -> Response {
        let user = try counted(call).user
        guard let alert = await venue.alert(uuid, of: user.userID),
            let history = await venue.alertHistory(uuid, of: user.userID)
        else { throw KiteRefusal(AlertRefusal.unknownAlert) }
        return Reply.list(history) { $0.alertFiringRow($1, of: alert) }
    }

    private func tokens(of alert: Alert) -> [InstrumentToken] {
        (alert.request.basket ?? []).map { venue.listing.token(of: $0.order.terms.instrument) ?? InstrumentToken(0) }
    }

    /// A random name. Source: RFC 9562, version 4.
    private func freshUUID() -> String {
        var bytes = random(16)
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        let digits = Array("0123456789abcdef")
        var text = ""
        for (place, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(place) { text.append("-") }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return text
    }

    private static func positive(_ name: String, _ fields: Fields) throws(KiteRefusal) -> Int? {
        guard let text = fields[name] else { return nil }
        guard let number = Int(text), number > 0 else { throw .invalid(name) }
        return number
    }
}
