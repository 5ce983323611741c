import Documents
import Settings

/// What of the settings can be compared: all but where the trackers stand.
struct Picture: Equatable {
    let broker: BrokerSettings
    let routes: RoutesSettings
    let dispatch: DispatchSettings
    let breaker: BreakerSettings
    let retry: RetrySettings
    let egress: EgressSettings
    let admin: AdminSettings
    let shutdown: ShutdownSettings
    let log: LogSettings
    let names: NamesSettings
    let deliveries: DeliveriesSettings
    let pause: PauseSettings
    let mask: [String]
    let tokens: TokensSettings
    let secrets: SecretsSettings
    let trackers: [String]

    init(_ settings: WorkerSettings) {
        broker = settings.broker
        routes = settings.routes
        dispatch = settings.dispatch
        breaker = settings.breaker
        retry = settings.retry
        egress = settings.egress
        admin = settings.admin
        shutdown = settings.shutdown
        log = settings.log
        names = settings.names
        deliveries = settings.deliveries
        pause = settings.pause
        mask = settings.mask
        tokens = settings.tokens
        secrets = settings.secrets
        trackers = settings.trackers.entries?.map(\.key) ?? ["not a mapping"]
    }
}
