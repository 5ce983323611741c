import Documents
import Testing

@Suite("Sizes are read as people write them")
struct ByteSizeTests {
    @Test(
        "a size is a number with or without a unit",
        arguments: [
            ("0", 0), ("65536", 65_536), ("7B", 7), ("64KiB", 65_536), ("1MiB", 1_048_576), ("2GiB", 2_147_483_648),
            ("1TiB", 1_099_511_627_776), ("3kB", 3_000), ("3KB", 3_000), ("500MB", 500_000_000), ("1GB", 1_000_000_000),
            ("9TB", 9_000_000_000_000), ("9223372036854775807", Int64.max),
        ] as [(String, Int64)]
    )
    func parses(text: String, bytes: Int64) {
        #expect(ByteSize(parsing: text)?.value == bytes)
        #expect(ByteSize.fault(in: text) == nil)
    }

    @Test(
        "anything else is refused with a reason",
        arguments: [
            ("", "is empty"), ("-1", "is not a size"), ("+1", "is not a size"), ("1.5GiB", "is not a size"),
            ("64 KiB", "is not a size"), ("KiB", "is not a size"), ("64K", "is not a size"), ("64kib", "write 64KiB"),
            ("5mb", "write 5MB"), ("9223372036854775808", "is larger"), ("9000000TiB", "is larger"),
            ("1é", "is not a size"),
        ]
    )
    func refuses(text: String, reason: String) {
        #expect(ByteSize(parsing: text) == nil)
        #expect(ByteSize.fault(in: text)?.contains(reason) == true)
    }

    @Test(
        "a size is shown so that it reads back as the same",
        arguments: [0, 1, 1000, 1024, 65_536, 1 << 20, 3 << 30, 1 << 50, 1_000_000]
    )
    func showsItself(bytes: Int64) {
        #expect(ByteSize(parsing: ByteSize(bytes).description) == ByteSize(bytes))
    }

    @Test(
        "the largest unit that fits is shown",
        arguments: [(2_147_483_648, "2GiB"), (65_536, "64KiB"), (1000, "1000"), (0, "0")]
    )
    func showsUnits(bytes: Int64, text: String) {
        #expect(ByteSize(bytes).description == text)
    }
}
