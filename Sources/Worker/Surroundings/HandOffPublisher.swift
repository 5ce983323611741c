package import RabbitMQ

/// Publishes what a lane hands off. The outcomes, one for each request, come as letters.
package protocol HandOffPublisher: AnyObject {
    func publish(_ requests: [PublishRequest])

    /// Nothing is published afterwards; requests without an outcome end as `unknown`, if anybody still listens.
    func stop()
}

extension Publisher: HandOffPublisher {}
