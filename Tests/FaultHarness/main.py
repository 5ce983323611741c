"""The command: see `Tests/faults --help`."""
import argparse
import os
import random
import signal
import sys
import time

import broker_faults
import cluster
import oracle
import planted_faults
import report
import sink_faults
import soak
import worker_faults
from afterwards import prove_alive
from cluster import ClusterStage
from evidence import Evidence
from schedule import plan
from stage import Stage, Stuck

ONE_NODE = {
    fault.name: fault for fault in broker_faults.FAULTS + worker_faults.FAULTS + sink_faults.FAULTS
}
PLANTED = {fault.name: fault for fault in planted_faults.FAULTS}
CLUSTER = {fault.name: fault for fault in cluster.FAULTS + worker_faults.FAULTS + sink_faults.FAULTS}
# Without names: the nodes' own faults.
CLUSTER_ALONE = {fault.name: fault for fault in cluster.FAULTS}
MODES = {"short": (50_000, 100, len(ONE_NODE)), "long": (1_000_000, 1500, 200), "cluster": (60_000, 180, 8),
         "soak": (3_600_000, 1800, 0)}


def options():
    parser = argparse.ArgumentParser(
        prog="Tests/faults",
        description="Two workers, a RabbitMQ, a sink and a network of the harness's own on 127.0.0.1; faults by seed; "
        "then an oracle: every event that the broker confirmed was delivered, is a dead letter or was not to be sent. "
        "Exit code 1 when it was lost, stuck, has a wrong end or came twice without a cause that was seen on the wire; "
        "when the workers' log lacks something, or a worker does not work afterwards.",
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--long", action="store_true", help="a million events, 200 faults; half an hour and more")
    mode.add_argument("--cluster", action="store_true", help="three nodes, which are killed, frozen and partitioned")
    mode.add_argument("--soak", action="store_true",
                      help="no faults but 5 %% of the answers: 2,000 a second for 30 minutes; nothing may grow")
    parser.add_argument("--seed", type=int,
                        help="which faults, when; by chance without it. The same seed, the same schedule")
    parser.add_argument("--events", type=int, help="default 50,000; cluster 60,000")
    parser.add_argument("--seconds", type=float, help="for events and faults; default 100, long 1,500, cluster 180")
    parser.add_argument("--faults", type=int, help="how many; default each kind once, cluster 8")
    parser.add_argument("--rate", type=float, help="events a second (default: events over seconds)")
    parser.add_argument("--only", action="append", metavar="NAME", help="only faults of this name; repeatable")
    parser.add_argument("--list", action="store_true", help="name the faults and end")
    parser.add_argument("--plan", action="store_true", help="show the schedule of the seed and end")
    parser.add_argument("--keep", action="store_true", help="keep the folder, also when all is well")
    parser.add_argument("--bin", default=".build/release", metavar="DIR", help="has postback (default .build/release)")
    found = parser.parse_args()
    if found.seed is None:
        found.seed = random.SystemRandom().randrange(1 << 31)
    found.mode = next((name for name in ("long", "cluster", "soak") if getattr(found, name)), "short")
    usual = MODES[found.mode]
    for name, value in zip(("events", "seconds", "faults"), usual):
        if getattr(found, name) is None:
            setattr(found, name, value)
    return parser, found


def chosen(parser, found):
    """Of all faults that are possible, those that were asked for: name -> class."""
    possible = CLUSTER if found.cluster else ONE_NODE | PLANTED
    for name in found.only or []:
        if name not in possible:
            parser.error(f"there is no fault '{name}' here; --list names them")
    if found.list:
        print("\n".join(f"{fault.room:<8}{name}" for name, fault in possible.items()))
        sys.exit(0)
    usual = CLUSTER_ALONE if found.cluster else ONE_NODE
    return {name: possible[name] for name in found.only or usual}


def main():
    parser, found = options()
    catalogue = chosen(parser, found)
    steps = plan(found.seed, found.faults, found.seconds, catalogue)
    if found.plan:
        for step in steps:
            print(f"{step.at:8.1f}  {' + '.join(planned.name for planned in step.faults)}")
        return 0
    if not os.access(f"{found.bin}/postback", os.X_OK):
        parser.error(f"there is no {found.bin}/postback; swift build -c release --product postback makes it")
    found.bin = os.path.abspath(found.bin)
    # Everything is ended and removed on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    start = time.monotonic()
    said = [0.0]

    def say(words, every=0):
        """With the time; what is said again and again, not more often than `every` seconds."""
        now = time.monotonic() - start
        if every == 0 or now - said[0] >= every:
            said[0] = now
            sys.stderr.write(f"{now:8.1f}  {words}\n")
            sys.stderr.flush()

    if found.soak:
        print(f"soak: {found.events} events in {found.seconds:g} s", flush=True)
        return soak.run(found, say)
    print(f"seed {found.seed}: {found.events} events, {found.faults} faults in {found.seconds:g} s", flush=True)
    with (ClusterStage if found.cluster else Stage)(found) as stage:
        try:
            return judge(stage, steps, catalogue, say)
        except Exception:
            stage.keep()
            print(f"kept: {stage.folder}", file=sys.stderr)
            raise


def judge(stage, steps, catalogue, say):
    """The whole run, and the exit code."""
    start = time.monotonic()
    troubles = []
    try:
        stage.perform(steps, catalogue, say)
        stage.settle(say)
        prove_alive(stage, say)
    except Stuck as error:
        troubles.append(str(error))
    stage.finish()
    evidence = Evidence(stage)
    if troubles:
        evidence.left = stage.left_over()
    judgement = oracle.judge(evidence, stage.mix)
    print(report.text(stage, evidence, judgement, time.monotonic() - start))
    troubles += [surprise for replica in stage.replicas for surprise in replica.surprises]
    troubles += stage.troubles
    troubles += [f"{happened.name}: {happened.words}" for happened in stage.faults.undone()]
    if judgement.is_good and not troubles:
        print("ok: nothing lost, nothing stuck, nothing doubled without a cause")
        if stage.options.keep:
            stage.keep()
            print(f"kept: {stage.folder}")
        return 0
    print("\n".join([report.details(evidence, judgement), *troubles]))
    stage.keep()
    print(f"FAILED with seed {stage.options.seed}; everything is in {stage.folder}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
