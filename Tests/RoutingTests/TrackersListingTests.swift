import Testing

@testable import Routing

@Suite("Golden")
struct TrackersListingTests {
    @Test("show") func show() {
        print(TrackerCatalogue.builtIn.table)
        for n in ["voluum","affise","exoclick","rollerads","peerclick","mobidea"] { print("======"); print(TrackerCatalogue.builtIn[n]!.sheet) }
        print("======")
        print(TrackerCatalogue.builtIn["voluum"]!.json)
    }
}
