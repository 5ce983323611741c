/// How far a conversion goes along the pure path; `large` is decoding alone, of events of 8 KB.
enum Stage: String, Comparable {
    case decode, large, resolve, render, settle

    private var order: Int {
        switch self {
        case .decode, .large: 0
        case .resolve: 1
        case .render: 2
        case .settle: 3
        }
    }

    static func < (left: Self, right: Self) -> Bool { left.order < right.order }
}
