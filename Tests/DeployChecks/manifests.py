"""The Kubernetes manifests against the API schemas that PyPI's kubernetes-validate carries, and what no schema knows: the
shape of KEDA's and the Prometheus operator's objects, and that the parts fit together and to the worker.
Usage: manifests.py RENDERED-FILE (of `kubectl kustomize deploy/kubernetes/example`)"""
import os
import re
import sys

import kubernetes_validate
import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# kubernetes-validate has no custom resources; these are checked by hand below.
CUSTOM = {
    ("keda.sh/v1alpha1", "ScaledObject"),
    ("keda.sh/v1alpha1", "TriggerAuthentication"),
    ("monitoring.coreos.com/v1", "ServiceMonitor"),
}
VERSIONS = ["1.27", "1.30", "1.33"]
problems = []


def check(holds, text):
    if not holds:
        problems.append(text)


def seconds(text):
    number, unit = re.fullmatch(r"(\d+)(ms|s|m|h)", text).groups()
    return int(number) * {"ms": 0.001, "s": 1, "m": 60, "h": 3600}[unit]


def keys(value, required, allowed, where):
    check(isinstance(value, dict), f"{where} is no mapping")
    check(set(required) <= set(value), f"{where} lacks {set(required) - set(value)}")
    check(set(value) <= set(required) | set(allowed), f"{where} has {set(value) - set(required) - set(allowed)}")


documents = [document for document in yaml.safe_load_all(open(sys.argv[1])) if document]
by_kind = {}
for document in documents:
    by_kind.setdefault(document["kind"], []).append(document)
    name = f"{document['kind']}/{document['metadata']['name']}"
    if (document["apiVersion"], document["kind"]) in CUSTOM:
        continue
    for version in VERSIONS:
        try:
            kubernetes_validate.validate(document, version, strict=True)
        except Exception as error:  # noqa: BLE001 - whatever it raises is a finding
            problems.append(f"{name} for Kubernetes {version}: {error}")
    if document["kind"] != "Namespace":
        check(document["metadata"].get("namespace") == "postback", f"{name} is in no namespace")


def one(kind):
    found = by_kind.get(kind, [])
    if len(found) != 1:
        sys.exit(f"FAILED: {len(found)} objects of kind {kind}, wanted one")
    return found[0]


deployment = one("Deployment")
pod = deployment["spec"]["template"]
labels = pod["metadata"]["labels"]
worker = pod["spec"]["containers"][0]
selectors = {
    "Deployment": deployment["spec"]["selector"]["matchLabels"],
    "PodDisruptionBudget": one("PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
    "NetworkPolicy": one("NetworkPolicy")["spec"]["podSelector"]["matchLabels"],
    "Service": one("Service")["spec"]["selector"],
    "topologySpreadConstraints": pod["spec"]["topologySpreadConstraints"][0]["labelSelector"]["matchLabels"],
}
for kind, selector in selectors.items():
    check(selector and selector.items() <= labels.items(), f"{kind} selects {selector}, the pods have {labels}")

# The end of a pod is in step with the worker's own.
config = next(c for c in by_kind["ConfigMap"] if c["metadata"]["name"].startswith("postback-config"))
settings = yaml.safe_load(config["data"]["postback.yaml"])
drain = seconds(settings["shutdown"]["drain"])
stop = int(worker["lifecycle"]["preStop"]["exec"]["command"][1])
grace = pod["spec"]["terminationGracePeriodSeconds"]
check(grace >= stop + drain + 10, f"grace period {grace} s is less than preStop {stop} s + drain {drain} s + 10 s")
check("replicas" not in deployment["spec"], "with KEDA the Deployment must name no number of replicas")
check(worker["livenessProbe"]["httpGet"]["path"] == "/livez", "the liveness probe must be /livez")
check(worker["readinessProbe"]["httpGet"]["path"] == "/readyz", "the readiness probe must be /readyz")
check(worker["securityContext"]["readOnlyRootFilesystem"] is True, "the root file system must be read-only")
check(pod["spec"]["securityContext"]["runAsNonRoot"] is True, "the worker must not be root")
check("limits" in worker["resources"] and "requests" in worker["resources"], "resources are missing")
ports = {port["name"] for port in worker["ports"]}
check(one("Service")["spec"]["ports"][0]["targetPort"] in ports, "the Service's port is none of the worker's")
routes = settings["routes"]["file"]
mounts = {mount["name"]: mount for mount in worker["volumeMounts"]}
check("subPath" not in mounts["routes"], "routes.yaml as a subPath would never change")
check(f"{mounts['routes']['mountPath']}/routes.yaml" == f"/etc/postback/{routes}", f"routes are not at {routes}")
names = {c["metadata"]["name"] for c in by_kind["ConfigMap"]}
for volume in pod["spec"]["volumes"]:
    check(volume["configMap"]["name"] in names, f"volume {volume['name']} names no ConfigMap")
secret = one("Secret")
for variable in worker["env"]:
    reference = variable.get("valueFrom", {}).get("secretKeyRef")
    if reference:
        check(reference["name"] == secret["metadata"]["name"], f"{variable['name']} names no Secret")
        check(reference["key"] in secret["data"], f"{variable['name']} names no key of the Secret")

# Egress: nothing private but the broker and names; the ports of egress.ports.
blocks = [peer["ipBlock"] for rule in one("NetworkPolicy")["spec"]["egress"] for peer in rule["to"] if "ipBlock" in peer]
excepted = {network for block in blocks for network in block.get("except", [])}
for network in ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "100.64.0.0/10"]:
    check(network in excepted, f"the NetworkPolicy lets out to {network}")
check({block["cidr"] for block in blocks} == {"0.0.0.0/0", "2000::/3"}, "egress blocks are not the public internet")
public = next(rule for rule in one("NetworkPolicy")["spec"]["egress"] if any("ipBlock" in peer for peer in rule["to"]))
check({port["port"] for port in public["ports"]} == {80, 443, 8080, 8443}, "egress ports are not those of egress.ports")

# Custom resources, after KEDA 2.x's and the operator's documentation.
scaled = one("ScaledObject")
keys(scaled["spec"], ["scaleTargetRef", "triggers"],
     ["minReplicaCount", "maxReplicaCount", "pollingInterval", "cooldownPeriod", "fallback", "advanced"], "ScaledObject.spec")
check(scaled["spec"]["scaleTargetRef"]["name"] == deployment["metadata"]["name"], "ScaledObject names no Deployment")
check(0 < scaled["spec"]["minReplicaCount"] <= scaled["spec"]["maxReplicaCount"], "ScaledObject's numbers of replicas")
keys(scaled["spec"]["fallback"], ["failureThreshold", "replicas"], [], "ScaledObject.spec.fallback")
hpa = {
    "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "x"},
    "spec": {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "x"}, "maxReplicas": 10,
        "behavior": scaled["spec"]["advanced"]["horizontalPodAutoscalerConfig"]["behavior"],
    },
}
kubernetes_validate.validate(hpa, VERSIONS[-1], strict=True)
authentications = {a["metadata"]["name"]: a for a in by_kind["TriggerAuthentication"]}
modes = set()
for trigger in scaled["spec"]["triggers"]:
    keys(trigger, ["type", "metadata", "authenticationRef"], [], "trigger")
    check(trigger["type"] == "rabbitmq", f"trigger {trigger['type']}")
    keys(trigger["metadata"], ["protocol", "queueName", "mode", "value"], ["vhostName"], "trigger.metadata")
    check(all(isinstance(v, str) for v in trigger["metadata"].values()), "KEDA's metadata are strings")
    check(trigger["metadata"]["queueName"] == "postback.conversions", "the trigger's queue")
    check(trigger["metadata"]["mode"] != "MessageRate" or trigger["metadata"]["protocol"] == "http",
          "MessageRate needs the management API")
    modes.add(trigger["metadata"]["mode"])
    check(trigger["authenticationRef"]["name"] in authentications, "the trigger names no TriggerAuthentication")
check(modes == {"QueueLength", "MessageRate"}, f"triggers are {modes}")
for name, authentication in authentications.items():
    for target in authentication["spec"]["secretTargetRef"]:
        keys(target, ["parameter", "name", "key"], [], f"TriggerAuthentication {name}")
        check(target["name"] == secret["metadata"]["name"] and target["key"] in secret["data"],
              f"TriggerAuthentication {name} names no key of the Secret")
monitor = one("ServiceMonitor")
keys(monitor["spec"], ["selector", "endpoints"], ["jobLabel", "namespaceSelector"], "ServiceMonitor.spec")
check(monitor["spec"]["selector"]["matchLabels"].items() <= one("Service")["metadata"]["labels"].items(),
      "ServiceMonitor selects no Service")
for endpoint in monitor["spec"]["endpoints"]:
    keys(endpoint, ["port"], ["path", "interval"], "ServiceMonitor.spec.endpoints")
    check(endpoint["port"] in {port["name"] for port in one("Service")["spec"]["ports"]}, "ServiceMonitor's port")
check(one("Service")["metadata"]["labels"][monitor["spec"]["jobLabel"]] == "postback", "the job is not called postback")

if problems:
    sys.exit("FAILED: " + "\n        ".join(problems))
print(f"ok: {len(documents)} Kubernetes objects, against the schemas of {', '.join(VERSIONS)} but for {len(CUSTOM)} custom kinds")
