"""The result in words and as a table."""
import collections

ROOMS = {"broker": ("broker", "worker"), "site": ("sink",)}


def by_fault(evidence, judgement, faults):
    """Copies more than one, by the fault under way when their cause arose: name -> [happened, allowed, forbidden]."""
    rows = {}
    for happened in faults.happened:
        rows.setdefault(happened.name, [0, 0, 0])[0] += 1
    for column, keys in ((1, judgement.allowed), (2, judgement.forbidden)):
        for key, extra, _ in keys:
            causes = evidence.causes.get(key[0], ())
            causes = [cause for cause in causes if cause[2] != "acknowledged late"] or causes
            if causes:
                moment, relay = causes[0][:2]
                room = ROOMS[relay.partition("-")[0]]
            elif evidence.answers.get(key):
                moment, room = evidence.answers[key][0], ("broker", "worker", "sink")
            else:
                continue
            found = faults.blame(moment, room)
            rows.setdefault(found.name if found else "no fault", [0, 0, 0])[column] += extra
    return rows


def text(stage, evidence, judgement, seconds):
    lines = []
    confirmed = stage.publisher.confirmed_count
    lines.append(f"{confirmed} events confirmed, over after {seconds:.0f} s, {evidence.requests} requests at the sink, "
                 f"{sum(len(x) for x in evidence.letters.values())} dead letters, {evidence.records} log records")
    for end, count in sorted(judgement.ends.items()):
        lines.append(f"  {end:<36}{count:>9}")
    allowed = sum(extra for _, extra, _ in judgement.allowed)
    forbidden = sum(extra for _, extra, _ in judgement.forbidden)
    lines.append(f"lost {len(judgement.lost)}   doubled, not allowed {forbidden}   doubled, allowed {allowed}   "
                 f"stuck {len(judgement.stuck)}   wrong end {len(judgement.wrong)}   "
                 f"delivered by the log alone {len(judgement.false)}")
    lines.append(f"not to be sent and without a record in the log: {len(judgement.unrecorded)}")
    causes = collections.Counter()
    for _, extra, found in judgement.allowed:
        for cause in found:
            causes[cause] += 1
    if causes:
        lines.append("what the allowed doubles had behind them: "
                     + ", ".join(f"{cause} {count}" for cause, count in causes.most_common()))
    lines.append(f"replicas started {sum(r.starts for r in stage.replicas)} times, the publisher reconnected "
                 f"{stage.publisher.reconnects} times, {sum(stage.publisher.twice.values())} events published again")
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

    def show(title, keys, words=lambda item: ""):
        for item in keys[:limit]:
            key = item if isinstance(item[1], str) and len(item) == 2 and not isinstance(item[0], tuple) else item[0]
            lines.append(f"{title}: event e-{key[0]} postback {key[1]} {words(item)} "
                         f"log {sorted(map(str, evidence.logged_ends.get(key, ())))} "
                         f"letters {evidence.letters.get(key, [])} wire {evidence.causes.get(key[0], [])[:8]}")

    show("lost", judgement.lost)
    show("stuck", judgement.stuck)
    show("wrong end", judgement.wrong, lambda item: item[1])
    show("doubled", judgement.forbidden, lambda item: f"{item[1]} more, causes {item[2]}, answered at "
                                                       f"{evidence.answers.get(item[0])}")
    show("delivered by the log alone", judgement.false)
    return "\n".join(lines)
