import Glibc

/// The standard metrics of a process, read from `/proc/self` at each scrape: memory, processor time, descriptors,
/// start. Names and meanings are those of the Prometheus client libraries.
package struct ProcessMetrics: Sendable {
    private let residentBytes: PrometheusGauge
    private let virtualBytes: PrometheusGauge
    private let openDescriptors: PrometheusGauge
    private let maxDescriptors: PrometheusGauge
    private let startTime: PrometheusGauge
    private let processorSeconds: PrometheusFloatingCounter

    /// Registers them, to be read at each scrape from now on.
    @discardableResult
    package init(registry: PrometheusRegistry) {
        residentBytes = registry.gauge("process_resident_memory_bytes", "Resident memory in bytes.")
        virtualBytes = registry.gauge("process_virtual_memory_bytes", "Virtual memory in bytes.")
        openDescriptors = registry.gauge("process_open_fds", "Open file descriptors.")
        maxDescriptors = registry.gauge("process_max_fds", "Most file descriptors the process may open.")
        startTime = registry.gauge("process_start_time_seconds", "When the process started, in seconds since 1970.")
        processorSeconds = registry.floatingCounter(
            "process_cpu_seconds_total",
            "User and system processor time in seconds."
        )
        registry.onScrape { [self] in read() }
    }

    private func read() {
        if let stat = ProcessStat(Self.contents("/proc/self/stat")) {
            let ticks = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
            residentBytes.set(Double(stat.residentPages) * Double(sysconf(Int32(_SC_PAGESIZE))))
            virtualBytes.set(Double(stat.virtualBytes))
            processorSeconds.set(Double(stat.processorTicks) / ticks)
            if let boot = Self.bootTime() { startTime.set(boot + Double(stat.startTicks) / ticks) }
        }
        if let count = Self.descriptorCount() { openDescriptors.set(count) }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            maxDescriptors.set(Double(limit.rlim_cur))
        }
    }

    /// Seconds since 1970, from the line `btime` of `/proc/stat`.
    private static func bootTime() -> Double? {
        let line = contents("/proc/stat").split(separator: UInt8(ascii: "\n")).first { $0.starts(with: "btime ".utf8) }
        return line.flatMap { Double(String(decoding: $0.dropFirst(6), as: UTF8.self)) }
    }

    private static func descriptorCount() -> Int? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Without `.`, `..` and the one that reads the folder.
        return max(0, count - 3)
    }

    /// A small file of the kernel; empty if it cannot be read.
    private static func contents(_ path: String) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: buffer[..<count])
        }
    }
}

/// The fields of `/proc/PID/stat` that are metrics (proc(5)).
struct ProcessStat: Equatable {
    var processorTicks: UInt64
    var startTicks: UInt64
    var virtualBytes: UInt64
    var residentPages: UInt64

    /// The second field, the command in parentheses, may hold anything; counting begins behind its last parenthesis.
    init?(_ bytes: [UInt8]) {
        guard let parenthesis = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = bytes[(parenthesis + 1)...].split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
        // The first field here is number 3 of the manual.
        func field(_ number: Int) -> UInt64? {
            fields.count > number - 3 ? UInt64(String(decoding: fields[number - 3], as: UTF8.self)) : nil
        }
        guard let user = field(14), let system = field(15), let start = field(22), let size = field(23),
            let resident = field(24)
        else { return nil }
        processorTicks = user + system
        startTicks = start
        virtualBytes = size
        residentPages = resident
    }
}
