"""Dockerfile and compose.yaml, as far as they can be judged without an engine. Usage: container.py BINARY"""
import os
import re
import subprocess
import sys

import yaml

from rig import ROOT, fail


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


with open(f"{ROOT}/deploy/Dockerfile") as file:
    dockerfile = file.read()
stages = {
    re.search(r"AS (\w+)", stage).group(1): stage for stage in re.split(r"(?m)^(?=FROM )", dockerfile) if stage.startswith("FROM ")
}


def packages(stage):
    text = re.search(r"apt-get install -y --no-install-recommends(.*?)&&", stage.replace("\\\n", " "), re.S).group(1)
    return set(text.split())


# What building needs is what deploy/prerequisites installs, but for the broker.
with open(f"{ROOT}/deploy/prerequisites") as file:
    wanted = set(re.search(r"^packages=\((.*)\)", file.read(), re.M).group(1).split()) - {"rabbitmq-server"}
if packages(stages["build"]) != wanted:
    fail(f"the build stage installs other packages than deploy/prerequisites: {packages(stages['build']) ^ wanted}")

# The final image has the packages of every library that the program names, and no others but certificates.
needed = re.findall(r"NEEDED\s+(\S+)", output("objdump", "-p", sys.argv[1]))
owners = set()
for line in output("ldd", sys.argv[1]).splitlines():
    found = re.match(r"\s*(\S+) => (/\S+)", line)
    if found and found.group(1) in needed and "/swift/" not in found.group(2):
        path = os.path.realpath(found.group(2))
        # /lib is /usr/lib, and dpkg knows a file by the name under which it came.
        for name in (path, path.removeprefix("/usr")):
            owner = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True)
            if owner.returncode == 0:
                break
        else:
            fail(f"no package owns {path}")
        owners.add(owner.stdout.split(":")[0])
# In every Debian image, or brought by those named.
base = {"libc6", "libgcc-s1", "libstdc++6", "zlib1g"}
installed = packages(stages["worker"]) - {"ca-certificates"}
if owners - base != installed:
    fail(f"the program needs {sorted(owners - base)}, the image installs {sorted(installed)}")

for name in ("worker", "tracker"):
    user = re.search(r"^USER (\S+)", stages[name], re.M)
    if not user or user.group(1).split(":")[0] in ("0", "root"):
        fail(f"stage {name} runs as root")
if "HEALTHCHECK" not in stages["worker"]:
    fail("the worker has no health check")

with open(f"{ROOT}/deploy/compose.yaml") as file:
    compose = yaml.safe_load(file)
services = compose["services"]
for name in ("worker", "tracker"):
    if not services[name].get("read_only") or services[name].get("cap_drop") != ["ALL"]:
        fail(f"compose: {name} is not read-only without capabilities")
    if services[name]["build"]["target"] not in stages:
        fail(f"compose: {name} is built from a stage that is none")
if services["worker"]["deploy"]["replicas"] != 2:
    fail("compose: there are not two workers")
for name, service in services.items():
    for volume in service.get("volumes", []):
        path = volume.split(":")[0]
        if path.startswith(".") and not os.path.exists(f"{ROOT}/deploy/{path}"):
            fail(f"compose: {name} mounts {path}, which is not there")
    if "image" in service and "build" not in service and ":" not in service["image"].rsplit("/", 1)[-1]:
        fail(f"compose: the image of {name} has no version")
print(f"ok: Dockerfile installs {', '.join(sorted(installed))} and certificates, as the program needs; compose.yaml fits")
