"""The result in words and as a table."""
import collections

# Of a relay, by the first word of its name: the rooms of faults that end its connections.
ROOMS = {"broker": ("broker", "worker"), "site": ("sink", "worker")}


def by_fault(evidence, judgement, faults):
    """Copies more than one, by the fault under way when their cause arose: name -> [happened, allowed, forbidden]."""
    rows = {}
    for happened in faults.happened:
        rows.setdefault(happened.name, [0, 0, 0])[0] += 1
    for column, doubles in ((1, judgement.allowed), (2, judgement.forbidden)):
        for double in doubles:
            rows.setdefault(_blamed(evidence, double, faults), [0, 0, 0])[column] += double.extra
    return rows


def _blamed(evidence, double, faults):
    answers = evidence.answers.get(double.key)
    # What was open is a better reason than what was late; of several, the one next to the first answer.
    cause = min(double.causes, default=None, key=lambda cause: (
        cause.age > 0, abs(cause.moment - answers[0]) if answers else cause.moment))
    if cause:
        found = faults.blame(cause.moment, ROOMS[cause.relay.partition("-")[0]])
    elif evidence.copies[double.key[0]]:
        return "published twice"
    else:
        found = faults.blame(answers[0], ()) if answers else None
    return found.name if found else "no fault"


def text(stage, evidence, judgement, seconds):
    lines = []
    confirmed = sum(evidence.confirmed)
    lines.append(f"{confirmed} events confirmed, over after {seconds:.0f} s, {evidence.requests} requests at the sink, "
                 f"{sum(len(x) for x in evidence.letters.values())} dead letters, {evidence.records} log records")
    for end, count in sorted(judgement.ends.items()):
        lines.append(f"  {end:<36}{count:>9}")
    allowed = sum(double.extra for double in judgement.allowed)
    forbidden = sum(double.extra for double in judgement.forbidden)
    lines.append(f"lost {len(judgement.lost)}   doubled, not allowed {forbidden}   doubled, allowed {allowed}   "
                 f"stuck {len(judgement.stuck)}   wrong end {len(judgement.wrong)}   "
                 f"delivered by the log alone {len(judgement.false)}")
    lines.append(f"not in the log: {len(judgement.unrecorded)}, of which {judgement.dropped} at most were dropped; "
                 f"and {len(judgement.gone)} that may have gone with a worker")
    causes = collections.Counter()
    for double in judgement.allowed:
        causes.update({*double.names(), *([double.words] if double.words else [])})
    if causes:
        lines.append("what the allowed doubles had behind them: "
                     + ", ".join(f"{cause} {count}" for cause, count in causes.most_common()))
    lines.append(f"replicas started {sum(r.starts for r in stage.replicas)} times, the publisher reconnected "
                 f"{stage.publisher.reconnects} times, {sum(evidence.copies.values())} events published again")
    rows = by_fault(evidence, judgement, stage.faults)
    if rows:
        lines.append("")
        lines.append(f"{'FAULT':<42}{'TIMES':>6}{'DOUBLED, ALLOWED':>18}{'NOT ALLOWED':>13}")
        for name, (times, fine, bad) in sorted(rows.items()):
            lines.append(f"{name:<42}{times:>6}{fine:>18}{bad:>13}")
    skipped = [f"{h.name}: {h.words}" for h in stage.faults.happened if h.words.startswith("not done")]
    return "\n".join(lines + skipped)


def details(evidence, judgement, limit=10):
    """The first of each kind of trouble."""
    lines = []
    for title, findings in (
        ("lost", judgement.lost), ("stuck", judgement.stuck), ("wrong end", judgement.wrong),
        ("doubled", judgement.forbidden), ("delivered by the log alone", judgement.false),
        ("not in the log", judgement.unrecorded),
    ):
        for finding in findings[:limit]:
            event, letter = finding.key
            lines.append(f"{title}: event e-{event} postback {letter} {finding.words}")
            if finding.extra:
                lines.append(f"    {finding.extra} more; causes that count {dict(finding.names())}, "
                             f"answered at {evidence.answers.get(finding.key)}")
            lines.append(f"    log {sorted(map(str, evidence.logged_ends.get(finding.key, ())))}, "
                         f"letters {evidence.letters.get(finding.key, [])}")
            lines += [f"    wire {_told(cause)}" for cause in evidence.causes.get(event, [])[:8]]
    return "\n".join(lines)


def _told(cause):
    about = f"{cause.moment:.3f} {cause.relay}: {cause.name}, postback {cause.letter}"
    return (f"{about}, passed {cause.since:.3f} s before, settled {cause.age:.3f} s before"
            f"{', the worker said goodbye' if cause.is_clean else ''}")
