"""Debian's Prometheus scrapes two real workers under load: metrics, rules, dashboard; and the owner's commands of
`postback topology verify` on a real broker. Usage: live.py BINARIES"""
import json
import math
import os
import re
import sys
import time
import urllib.parse

from rig import ROOT, Rig, binaries, event, fail, free_port, get, wait

# CONTRACT section 7, and the later ones of the README.
METRICS = [
    "events_total{outcome}", "deliveries_total{outcome}", "attempts_total{verdict,status_class}",
    "attempt_seconds_bucket{le}", "attempt_seconds_sum", "attempt_seconds_count", "delivery_age_seconds_bucket{le}",
    "delivery_age_seconds_sum", "delivery_age_seconds_count", "retries_total", "dead_letters_total{reason}", "in_flight",
    "parked_total{cause}", "breakers_open", "connections_total{reused}", "broker_connected", "route_table_entries",
    "route_reloads_total{result}", "backlog", "messages_unacknowledged", "resends_total", "dns_lookups_total{result}",
    "broker_blocked", "broker_reconnects_total", "test_deliveries_total", "log_lines_dropped_total",
    "filtered_total{rule}", "build_info{version}", "lane_turn_seconds_max", "delivery_records_dropped_total", "delivery_records_written_total",
]


class Prometheus:
    def __init__(self, rig, targets):
        port = free_port()
        self.origin = f"http://127.0.0.1:{port}"
        rules = []
        for name in ("rules", "alerts"):
            with open(f"{ROOT}/deploy/prometheus/{name}.yaml") as file:
                rules.append(rig.write(f"{name}.yaml", file.read().replace("interval: 15s", "interval: 1s")))
        configuration = {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": rules,
            "scrape_configs": [
                {"job_name": "postback", "static_configs": [{"targets": targets}]},
                {
                    "job_name": "rabbitmq",
                    "metrics_path": "/metrics/detailed",
                    "params": {"family": ["queue_coarse_metrics", "queue_consumer_count"]},
                    "static_configs": [{"targets": [f"127.0.0.1:{rig.broker['SPARE_PORT']}"]}],
                },
            ],
        }
        path = rig.write("prometheus.yaml", json.dumps(configuration))
        rig.run(["promtool", "check", "config", path])
        log = f"{rig.folder}/prometheus.log"
        rig.start(
            [
                "prometheus", f"--config.file={path}", f"--storage.tsdb.path={rig.folder}/tsdb",
                f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn",
            ],
            log,
        )
        wait("Prometheus is ready", self.ready, 60, lambda: open(log).read()[-2000:])

    def ready(self):
        try:
            return get(f"{self.origin}/-/ready")
        except OSError:
            return None

    def api(self, path, **parameters):
        answer = json.loads(get(f"{self.origin}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"))
        if answer["status"] != "success":
            fail(f"{path} {parameters}: {answer}")
        return answer["data"]

    def query(self, expression):
        return self.api("query", query=expression)["result"]

    def has_data(self, expression):
        """At least one value that is a number."""
        return any(not math.isnan(float(sample["value"][1])) for sample in self.query(expression))


def dashboard_queries():
    with open(f"{ROOT}/deploy/grafana/postback.json") as file:
        dashboard = json.load(file)
    queries = []
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            expression = target["expr"].replace("$__rate_interval", "30s")
            expression = expression.replace("$job", ".+").replace("$instance", ".+")
            if "$" in expression:
                fail(f"dashboard, {panel['title']}: a variable that is none: {expression}")
            queries.append((panel["title"], expression))
    if len(queries) < 40:
        fail(f"only {len(queries)} queries in the dashboard")
    return queries


def check_owner_commands(rig, configuration):
    """Every command that verify prints, typed as it stands, with rabbitmqctl being this broker's."""
    shim = f"{rig.folder}/bin"
    os.mkdir(shim)
    with open(f"{shim}/rabbitmqctl", "w") as file:
        file.write(f'#!/bin/sh\nexec "{ROOT}/deploy/broker" ctl "{rig.folder}/broker" "$@"\n')
    os.chmod(f"{shim}/rabbitmqctl", 0o755)
    os.symlink(f"{rig.binaries}/postback", f"{shim}/postback")
    environment = {"PATH": f"{shim}:{os.environ['PATH']}", "POSTBACK_CONFIG": configuration}

    def topology(command, expected):
        result = rig.run([f"{rig.binaries}/postback", "topology", command, "-c", configuration], check=False)
        if result.returncode != expected:
            fail(f"topology {command} ended with {result.returncode}:\n{result.stdout}{result.stderr}")
        return [line.strip() for line in result.stdout.splitlines() if re.match(r"    (rabbitmqctl|postback) ", line)]

    def type_in(commands):
        script = f"cd {rig.folder}\n" + "\n".join(commands)
        rig.run(["bash", "-euc", script], environment=environment)

    # A user with no rights gets the rights that the worker needs, and no others.
    rig.control("add_user", "worker", "secret")
    rig.control("set_permissions", "-p", "/", "worker", "^$", "^$", "^$")
    commands = topology("declare", 1)
    if len(commands) != 1 or "set_permissions" not in commands[0]:
        fail(f"declare without rights printed {commands}")
    type_in(commands)
    # The owner creates everything; a queue without its arguments is mended by a policy.
    definitions = json.loads(
        rig.run([f"{rig.binaries}/postback", "topology", "print", "--definitions", "-c", configuration]).stdout
    )
    for queue in definitions["queues"]:
        if queue["name"] == "postback.retry.2s":
            wanted, queue["arguments"] = queue["arguments"], {"x-queue-type": "quorum"}
    path = rig.write("old.json", json.dumps(definitions))
    rig.control("import_definitions", path)
    commands = topology("verify", 1)
    if len(commands) != 1 or "set_policy" not in commands[0]:
        fail(f"verify of a queue without arguments printed {commands}")
    type_in(commands)
    row = rig.control(
        "eval",
        '{ok, Q} = rabbit_amqqueue:lookup(rabbit_misc:r(<<"/">>, queue, <<"postback.retry.2s">>)), '
        "rabbit_policy:effective_definition(Q).",
    )
    for word in ("message-ttl", "dead-letter-routing-key", "at-least-once", "reject-publish"):
        if word not in row:
            fail(f"the policy does not reach the queue: {row}")
    # A queue with another argument is deleted, and made again from the definitions.
    rig.control("delete_queue", "postback.retry.2s")
    queue = next(queue for queue in definitions["queues"] if queue["name"] == "postback.retry.2s")
    queue["arguments"] = {**wanted, "x-message-ttl": 3000}
    rig.control("import_definitions", rig.write("other.json", json.dumps(definitions)))
    commands = topology("verify", 1)
    if not any("delete_queue" in command for command in commands):
        fail(f"verify of a queue with another argument printed {commands}")
    type_in(commands)
    topology("verify", 0)
    print("ok: rabbitmqctl commands of topology verify: set_permissions, import_definitions, set_policy, delete_queue")


def main():
    folder = binaries(sys.argv[1])
    lines = "prometheus.tcp.ip = 127.0.0.1\nprometheus.tcp.port = @SPARE_PORT@\ncollect_statistics_interval = 1000\n"
    with Rig(folder, plugins="[rabbitmq_prometheus].\n", broker_lines=lines) as rig:
        origin = rig.tracker()
        routes = {
            "1": f"{origin}/ok?cid={{{{click_id}}}}",
            "2": f"{origin}/fail-first/1/flaky?cid={{{{click_id}}}}",
            "3": f"{origin}/status/404/gone?cid={{{{click_id}}}}",
            "4": f"{origin}/delay/2s/late?cid={{{{click_id}}}}",
            "5": f"{origin}/status/503/down?cid={{{{click_id}}}}",
        }
        limited = re.sub("guest:guest", "worker:secret", rig.url)
        configuration = rig.configure(routes, url=limited)
        check_owner_commands(rig, configuration)

        # As the limited user: what it may do is enough for all that a worker does.
        workers = [rig.worker(f"worker-{number}", configuration).wait_until_ready() for number in (1, 2)]
        prometheus = Prometheus(rig, [worker.address for worker in workers])
        publishers = ["1"] * 6 + ["2", "3", "4", "5", "no-postback"]
        owner = rig.configure(routes, name="owner.yaml")
        published = 0

        def load():
            nonlocal published
            events = [event(f"e-{published + i}", publishers[(published + i) % 11]) for i in range(220)]
            published += len(events)
            rig.run([f"{folder}/postback", "publish", "-c", owner, "-"], input="\n".join(events) + "\n")

        queries = dashboard_queries()
        expressions = [(f"rule {rule['name']}", rule["query"])
                       for group in prometheus.api("rules")["groups"] for rule in group["rules"]
                       if rule["type"] == "recording"]
        names = [name for name, _ in expressions]
        missing = queries + [(name, name.removeprefix("rule ")) for name in names]
        end = time.monotonic() + 120
        while missing:
            if time.monotonic() > end:
                fail("no data under load: " + "; ".join(f"{title}: {query}" for title, query in missing))
            load()
            missing = [(title, query) for title, query in missing if not prometheus.has_data(query)]
        print(f"ok: {len(queries)} queries of the dashboard and {len(names)} recording rules return data under load")

        for metric in METRICS:
            name, _, labels = metric.partition("{")
            samples = prometheus.query(f"postback_{name}")
            instances = {sample["metric"]["instance"] for sample in samples}
            if len(instances) != 2:
                fail(f"postback_{name} comes from {instances}, not from both workers")
            wanted = set(labels.rstrip("}").split(",")) - {""}
            for sample in samples:
                if set(sample["metric"]) - {"__name__", "instance", "job"} != wanted:
                    fail(f"postback_{name} has other labels than {wanted}: {sample['metric']}")
        print(f"ok: {len(METRICS)} metrics, with their labels, of both workers")

        text = workers[0].answers("/metrics")
        result = rig.run(["promtool", "check", "metrics"], input=text, check=False)
        if result.returncode != 0 or result.stderr.strip():
            fail(f"promtool check metrics: {result.stdout}{result.stderr}")
        undocumented = sorted(
            name for name in set(re.findall(r"^# TYPE postback_(\w+)", text, re.M)) if name not in open(f"{ROOT}/README.md").read()
        )
        if undocumented:
            fail(f"metrics that the README does not name: {undocumented}")
        print("ok: promtool check metrics, and the README names every metric")

        rules = [rule for group in prometheus.api("rules")["groups"] for rule in group["rules"]]
        broken = [rule for rule in rules if rule["health"] != "ok"]
        if broken:
            fail(f"rules that cannot be evaluated: {broken}")
        critical = [alert for alert in prometheus.api("alerts")["alerts"]
                    if alert["labels"]["severity"] == "critical" and alert["state"] == "firing"]
        if critical:
            fail(f"alarms while all is well: {critical}")
        # And the real thing once: without workers the alarm is pending.
        for worker in workers:
            worker.drain()
        wait(
            "PostbackNoWorker and PostbackNoConsumer are seen",
            lambda: {"PostbackNoWorker", "PostbackNoConsumer"}
            <= {alert["labels"]["alertname"] for alert in prometheus.api("alerts")["alerts"]},
        )
        print(f"ok: {len(rules)} rules evaluate, no critical alarm while all is well, alarms when the workers are gone")
        print(f"published {published} events")


main()
