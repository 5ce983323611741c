import Conversion
import Testing

@testable import Routing

@Suite("postback trackers")
struct TrackersListingTests {
    @Test("lists name, title, whether it is verified, and what to enter")
    func table() {
        #expect(
            TrackerCatalogue.builtIn.table == """
                NAME            TRACKER                  VERIFIED  ENTER
                voluum          Voluum                   yes       domain [path]
                adsbridge       AdsBridge                yes       domain [scheme] [path]
                thrivetracker   ThriveTracker            no        domain [scheme] [path] click_id_parameter [payout_parameter] [currency_parameter] [status_parameter] [transaction_parameter]
                mobidea         Mobidea's tracking tool  no        domain [scheme] [path] click_id_parameter [payout_parameter] [currency_parameter] [status_parameter] [transaction_parameter]
                binom-v1        Binom v1                 yes       domain
                binom-v2        Binom v2                 no        domain path click_id_parameter
                keitaro         Keitaro                  yes       domain key
                redtrack        RedTrack                 yes       domain
                bemob           BeMob                    yes       domain [scheme]
                peerclick       PeerClick                yes       nothing
                funnelflux-pro  FunnelFlux Pro           yes       domain
                clickflare      ClickFlare               yes       domain
                zeustrack       Zeustrack                yes       domain [scheme]
                prosper202      Prosper202               yes       domain [scheme] [path]
                tune            TUNE (HasOffers)         yes       domain [scheme]
                everflow        Everflow                 no        domain path account [key]
                cake            CAKE                     yes       domain
                affise          Affise                   yes       domain [key]
                trackier        Trackier                 yes       domain [key]
                offer18         Offer18                  yes       domain account
                propellerads    PropellerAds             no        aid pid tid [scheme]
                zeropark        Zeropark                 no        account [scheme]
                exoclick        ExoClick                 yes       domain goal [key] [scheme]
                taboola         Taboola                  yes       event
                mgid            MGID                     yes       event
                rollerads       RollerAds                no        account key
                mondiad         Mondiad                  no        account
                """
        )
    }

    @Test("shows one tracker in full")
    func sheet() throws {
        #expect(
            try #require(TrackerCatalogue.builtIn["voluum"]).sheet == """
                Voluum (tracker: voluum)

                  https://<domain>/<path>/postback?cid={{click_id}}&payout={{payout}}&currency={{currency}}

                What to enter
                  domain  required  the domain of your account, such as abc.voluumtrk.example
                  path    optional  what stands before /postback, if your account lives under a path, such as my

                Parameters
                  cid             required  {{click_id}}  Voluum's click id
                  payout          sent      {{payout}}    what the conversion pays
                  currency        sent      {{currency}}  the currency of the payout
                  txid            optional  {{event_id}}  makes a further conversion of the same click count
                  et              optional  {{type}}      the event type; case-sensitive, as named in Voluum
                  param1..param5  optional  -             your own parameters

                Its answer
                  success    a 2xx
                  duplicate  not known by its answer

                Notes
                  - A click that has converted is not counted again, unless txid differs; each pair of cid and txid counts once.
                  - It takes no status: add when: { statuses: [approved] } if the others must not count.
                  - The answer to an unknown or a repeated click is not documented.

                Verified: yes

                Sources
                  https://doc.voluum.com/en/tracking_conversions_postback.html
                  https://doc.voluum.com/en/upselling.html
                  https://doc.voluum.com/en/postback_parameters.html

                In the routes file
                  publishers:
                    "1001":
                      global:
                        tracker: voluum
                        domain: abc.voluumtrk.example
                        when: { statuses: [approved] }
                """
        )
    }

    @Test("shows words for a status, inputs with a usual value, and what could not be verified")
    func otherSheets() throws {
        #expect(
            try #require(TrackerCatalogue.builtIn["exoclick"]).sheet == """
                ExoClick (tracker: exoclick)

                  <scheme>://<domain>/tag.php?goal=<goal>&tag={{click_id}}&skey=<key>

                What to enter
                  domain  required  the host of the postback URL that ExoClick shows, such as syndication.example.com
                  goal    required  the goal id, 32 hexadecimal digits, such as 0123456789abcdef0123456789abcdef
                  key     optional  the secret key, if the goal has one, such as a1b2c3; kept secret
                  scheme  optional  http or https, as your account shows it, such as https; http when it is left out

                Parameters
                  goal  required  <goal>        the goal
                  tag   required  {{click_id}}  what ExoClick put on the link for {conversions_tracking}
                  skey  sent      <key>         sent when key is entered
                  cpa   optional  {{payout}}    what the conversion pays

                Its answer
                  success    a 2xx, and the body contains "OK", and the body does not contain "ERROR"
                  duplicate  the body contains "already been notified"

                Notes
                  - It takes no status: add when: { statuses: [approved] } if the others must not count.
                  - One conversion per tag in 24 hours.
                  - It answers OK, or ERROR and why.

                Verified: yes

                Sources
                  https://docs.exoclick.com/docs/conversion-tracking-api/

                In the routes file
                  publishers:
                    "1001":
                      global:
                        tracker: exoclick
                        domain: syndication.example.com
                        goal: "0123456789abcdef0123456789abcdef"
                        when: { statuses: [approved] }
                """
        )
        #expect(
            try #require(TrackerCatalogue.builtIn["keitaro"]).sheet.contains(
                """
                Its words for a status, sent for <status>
                  approved  sale
                  pending   lead
                  rejected  rejected
                  hold      lead
                  reversed  rejected
                """
            )
        )
        let zeropark = try #require(TrackerCatalogue.builtIn["zeropark"]).sheet
        #expect(zeropark.contains("Verified: no, its address does not stand on a page of its maker"))
    }

    @Test("prints one tracker as one JSON object")
    func json() throws {
        #expect(
            try #require(TrackerCatalogue.builtIn["taboola"]).json
                == #"""
                {"name":"taboola","pattern":"https://trc.taboola.com/actions-handler/log/3/s2s-action?click-id={{click_id}}&name=<event>&revenue={{payout}}&currency={{currency}}&orderid={{event_id}}","tokens":["click_id","payout","currency","event_id"],"example":"publishers:\n  \"1001\":\n    global:\n      tracker: taboola\n      event: purchase\n      when: { statuses: [approved] }","title":"Taboola","other_names":[],"url":"https://trc.taboola.com/actions-handler/log/3/s2s-action","inputs":{"event":{"kind":"text","meaning":"the name of the conversion in Taboola; case-sensitive","example":"purchase","required":true}},"parameters":{"click-id":{"need":"required","value":"{{click_id}}","meaning":"Taboola's click id"},"name":{"need":"required","value":"<event>","meaning":"the name of the conversion"},"revenue":{"need":"sent","value":"{{payout}}","meaning":"what the conversion pays"},"currency":{"need":"sent","value":"{{currency}}","meaning":"the currency of the payout"},"orderid":{"need":"sent","value":"{{event_id}}","meaning":"the conversion's own number"}},"success":{"status":["204"]},"notes":["It takes no status: add when: { statuses: [approved] } if the others must not count.","It answers 204, or 400 when the click id cannot be read or the name is missing."],"sources":["https://developers.taboola.com/pixel/docs/the-postback-url","https://developers.taboola.com/pixel/docs/postback-url-error-codes"],"verified":true}
                """#
        )
    }

    @Test("prints all as one JSON object, in the order of the list")
    func allJSON() {
        let json = TrackerCatalogue.builtIn.json
        #expect(json.hasPrefix(#"{"trackers":[{"name":"voluum","pattern":"https://<domain>/"#))
        #expect(json.hasSuffix(#""verified":false}]}"#))
        #expect(!json.contains("\n"))
        let names = json.split(separator: #"{"name":""#).dropFirst().map { $0.prefix { $0 != "\"" } }
        #expect(names.map(String.init) == TrackerCatalogue.builtIn.trackers.map(\.name))
    }

    @Test("writes any text as JSON that is read back", arguments: 0..<200)
    func quoting(seed: Int) throws {
        var dice = Dice(seed)
        let text = dice.text(20)
        let event = try Fixture.event(["sub_ids": "{\"x\":\(JSONText.quoted(text))}"])
        let range = try #require(event.range(ofSubID: Array("x".utf8)))
        #expect(String(decoding: event.storage[range.indices], as: UTF8.self) == text)
    }
}
