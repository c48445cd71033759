import Trading

/// Orders that wait for a price, and alerts.
extension Venue {
    /// Asks before every order that a trigger or an alert sends out; a reason keeps it from being placed.
    package func admitFiredOrders(_ admission: @escaping @Sendable (String, Timestamp) -> String?) {
        self.admission = admission
    }

    // MARK: GTT

    /// Makes a trigger and gives its number.
    package func placeGTT(_ request: GTTRequest, for account: String) throws(GTTRefusal) -> Int64 {
        try market.placeGTT(request, for: account, at: clock())
    }

    /// Replaces all that an active trigger is to do.
    package func modifyGTT(_ id: Int64, to request: GTTRequest, for account: String) throws(GTTRefusal) {
        try market.modifyGTT(id, to: request, for: account, at: clock())
    }

    /// Deletes an active trigger; it can still be read.
    package func deleteGTT(_ id: Int64, for account: String) throws(GTTRefusal) {
        try market.deleteGTT(id, for: account, at: clock())
    }

    /// The active triggers of an account and the others of the last seven days, newest first.
    package func listedGTTs(of account: String) -> [GTT] {
        market.listedGTTs(of: account, at: clock())
    }

    /// A trigger of any age and state; nil where the account has none of that number.
    package func gtt(_ id: Int64, of account: String) -> GTT? {
        market.gtt(id, of: account, at: clock())
    }

    // MARK: Alerts

    /// Makes an alert under a name that has to be new.
    package func createAlert(
        _ request: AlertRequest, uuid: String, for account: String
    ) throws(AlertRefusal) -> Alert {
        try market.createAlert(request, uuid: uuid, for: account, at: clock())
    }

    /// Replaces all that an alert is about; one that has fired waits again.
    package func modifyAlert(
        _ uuid: String, to request: AlertRequest, for account: String
    ) throws(AlertRefusal) -> Alert {
        try market.modifyAlert(uuid, to: request, for: account, at: clock())
    }

    /// Deletes all of some alerts, or none where one is not there; they can still be read.
    package func deleteAlerts(_ uuids: [String], for account: String) throws(AlertRefusal) {
        try market.deleteAlerts(uuids, for: account, at: clock())
    }

    /// All alerts of an account, deleted ones too, newest first.
    package func alerts(of account: String) -> [Alert] {
        market.alerts.alerts(of: account)
    }

    /// An alert in any state; nil where the account has none of that name.
    package func alert(_ uuid: String, of account: String) -> Alert? {
        market.alert(uuid, of: account)
    }

    /// The times an alert fired, newest first; nil where the account has none of that name.
    package func alertHistory(_ uuid: String, of account: String) -> [Alert.Firing]? {
        market.alertHistory(uuid, of: account)
    }
}
