/// What an explanation needs to know beside the routes and the event.
package struct ExplanationContext: Sendable {
    /// Hides what should not be shown of texts that the routes or the event bring.
    package struct Mask: Sendable {
        package var url: @Sendable (String) -> String
        /// A line, `Name: value`.
        package var header: @Sendable (String) -> String
        /// A body and its media type.
        package var body: @Sendable (String, String) -> String

        package init(
            url: @escaping @Sendable (String) -> String,
            header: @escaping @Sendable (String) -> String,
            body: @escaping @Sendable (String, String) -> String
        ) {
            self.url = url
            self.header = header
            self.body = body
        }

        /// Shows everything.
        package static let none = Mask(url: { $0 }, header: { $0 }, body: { body, _ in body })
    }

    /// Of the first attempt.
    package var render: RenderContext
    /// The name of the routes file.
    package var routesFile: String
    /// `dispatch.timeout` in milliseconds.
    package var timeout: Int64
    package var userAgent: String
    package var mask: Mask
    /// Why the worker would not connect to a destination, as far as that is known without asking for its address.
    package var refusal: @Sendable (Destination) -> String?
    /// The plan with what the postback sets; `limit`: milliseconds after the first attempt from which on the conversion
    /// is too old, nil for never.
    package var retryPlan: @Sendable (_ overrides: RetryOverrides?, _ limit: Int64?) -> RetryPlan

    package init(
        render: RenderContext,
        routesFile: String,
        timeout: Int64,
        userAgent: String,
        mask: Mask,
        refusal: @escaping @Sendable (Destination) -> String?,
        retryPlan: @escaping @Sendable (_ overrides: RetryOverrides?, _ limit: Int64?) -> RetryPlan
    ) {
        self.render = render
        self.routesFile = routesFile
        self.timeout = timeout
        self.userAgent = userAgent
        self.mask = mask
        self.refusal = refusal
        self.retryPlan = retryPlan
    }
}
