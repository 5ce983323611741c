import ArgumentParser
import Worker

/// The fields of a conversion that is made up on the command line.
struct ConversionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Whose postbacks are tried.", valueName: "id")) var publisher: String?
    @Option(help: ArgumentHelp("The offer that converted.", valueName: "id")) var offer: String?
    @Option(help: ArgumentHelp("The smartlink that led to it.", valueName: "id")) var smartlink: String?
    @Option(help: ArgumentHelp("The publisher's own click id (default: a new one).", valueName: "id"))
    var clickID: String?
    // A reversal may pay a negative amount, which is no option.
    @Option(parsing: .unconditional, help: ArgumentHelp("The payout (default: 1.00).", valueName: "amount"))
    var payout: String?
    @Option(help: ArgumentHelp("Its currency (default: USD).", valueName: "code")) var currency: String?
    @Option(help: ArgumentHelp("The goal (default: conversion).", valueName: "type")) var type: String?
    @Option(
        help: ArgumentHelp(
            "approved (default), pending, rejected, hold or reversed; receivers know other words.",
            valueName: "status"
        )
    )
    var status: String?
    @Option(help: ArgumentHelp("The visitor's country (default: none).", valueName: "code")) var country: String?

    var conversion: TestConversion {
        var conversion = TestConversion()
        conversion.publisher = publisher
        conversion.offer = offer
        conversion.smartlink = smartlink
        conversion.clickID = clickID
        conversion.amount = payout
        conversion.currency = currency
        conversion.type = type
        conversion.status = status
        conversion.country = country
        return conversion
    }
}
