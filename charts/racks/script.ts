/** Python of the image that runs it, and of its standard library alone. */
export const SET_RACKS = `"""Tells Pulsar the zone of each bookie: reads nodes and pods of Kubernetes, sets racks by the admin API of the broker."""

import json
import os
import ssl
import sys
import time
import urllib.error
import urllib.request

ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
ZONE = "topology.kubernetes.io/zone"


def ask(url, token, context, method="GET", body=None):
    request = urllib.request.Request(url, method=method, data=None if body is None else json.dumps(body).encode())
    request.add_header("Authorization", "Bearer " + token)
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, context=context, timeout=20) as answer:
        text = answer.read()
        return json.loads(text) if text else None


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read().strip()


def bookie_zones():
    api = "https://" + os.environ["KUBERNETES_HOST"]
    token = read(ACCOUNT + "/token")
    context = ssl.create_default_context(cafile=ACCOUNT + "/ca.crt")
    nodes = ask(api + "/api/v1/nodes", token, context)["items"]
    zones = {node["metadata"]["name"]: node["metadata"]["labels"].get(ZONE) for node in nodes}
    selector = "component%3Dbookie%2Crelease%3D" + os.environ["RELEASE"]
    pods = ask(api + "/api/v1/namespaces/" + os.environ["NAMESPACE"] + "/pods?labelSelector=" + selector, token, context)
    for pod in pods["items"]:
        name, zone = pod["metadata"]["name"], zones.get(pod["spec"].get("nodeName"))
        if zone:
            yield name + "." + os.environ["BOOKIE_DOMAIN"] + ":3181", "/" + zone


def racks_known(admin, token, context):
    """Until racks are set brokers acknowledge nothing: one that only starts is waited for."""
    for _ in range(40):
        try:
            return ask(admin, token, context) or {}
        except urllib.error.HTTPError:
            raise
        except OSError as error:
            print(json.dumps({"event": "broker does not answer yet", "error": str(error)}))
            time.sleep(3)
    return ask(admin, token, context) or {}


def main():
    admin = os.environ["ADMIN_URL"] + "/admin/v2/bookies/racks-info"
    token = read(os.environ["TOKEN_FILE"])
    context = ssl.create_default_context(cafile=os.environ["TRUST_FILE"])
    context.load_cert_chain(os.environ["CERTIFICATE_FILE"], os.environ["KEY_FILE"])
    known = racks_known(admin, token, context)
    racks = {bookie: info["rack"] for group in known.values() for bookie, info in group.items()}
    for bookie, rack in bookie_zones():
        if racks.get(bookie) != rack:
            ask(admin + "/" + bookie + "?group=default", token, context, "POST", {"rack": rack, "hostname": bookie})
            print(json.dumps({"event": "rack set", "bookie": bookie, "rack": rack, "before": racks.get(bookie)}))


if __name__ == "__main__":
    sys.exit(main())
`;
