"""Prints a few values of the stats segment at SOCKET, read by VPP's own Python client.

usage: vpp_stats.py SOCKET
"""

import sys

from vpp_papi.vpp_stats import VPPStats

stats = VPPStats(sys.argv[1])
print("names", [str(name) for name in stats["/if/names"]])
print("rx", tuple(stats["/interfaces/loop1/rx"][0]))
print("heartbeat", int(stats["/sys/heartbeat"]))
for name in stats.directory:
    stats[name]
