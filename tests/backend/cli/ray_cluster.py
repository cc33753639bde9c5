"""A Ray cluster on this machine, for tests: `add` and `kill` on standard input start and kill a
node that paints; its end ends all. Says where the cluster is, then `done` after each.

In a process of its own, since Ray takes signals and logs of the one it is started in; and on
127.0.0.1 alone, which Ray keeps to where it takes a system for one without clusters.
"""

import os
import sys
import tempfile

LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_USAGE_STATS_ENABLED": "0"}


def main() -> None:
    from ray.cluster_utils import Cluster

    here = {"node_ip_address": "127.0.0.1", "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **here})
    print(cluster.address, flush=True)
    nodes = []
    for line in sys.stdin:
        if line == "add\n":
            nodes.append(cluster.add_node(num_cpus=1, **here))
        else:
            cluster.remove_node(nodes.pop(0), allow_graceful=False)
        print("done", flush=True)
    cluster.shutdown()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as folder:
        os.environ.update(LOOPBACK | {"RAY_TMPDIR": folder})
        main()
