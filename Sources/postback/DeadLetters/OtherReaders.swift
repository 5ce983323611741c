/// Other commands that hold dead letters: nobody else sees those meanwhile.
enum OtherReaders {
    /// Says so.
    static func tell(_ count: Int) {
        if count == 0 { return }
        Console.talk(
            count == 1
                ? "another command holds dead letters, which are not seen here"
                : "\(count) connections of other commands hold dead letters, which are not seen here"
        )
    }

    /// When nothing at all was seen for that reason, nobody knows whether there is anything.
    static func check(_ count: Int, seen: Int) throws(CommandFailure) {
        if count > 0, seen == 0 {
            throw CommandFailure(CommandFailure.failed, "no letter was seen; run it again when the other has ended")
        }
    }
}
