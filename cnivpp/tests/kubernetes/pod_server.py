"""Serves one pod by kmock's emulator of the API server. Prints the URL, and the pod for each line of stdin."""

import asyncio
import json
import sys

import kmock


async def main() -> None:
    pod = json.loads(sys.argv[1])
    name = pod["metadata"]["name"]
    async with kmock.KubernetesEmulator() as emulator, kmock.Server(emulator) as server:
        verbs = ["get", "list", "patch", "update"]
        emulator.resources["v1/pods"] = {"kind": "Pod", "namespaced": True, "verbs": verbs}
        emulator.objects["v1/pods", "default", name] = pod
        print(server.url, flush=True)
        loop = asyncio.get_running_loop()
        while await loop.run_in_executor(None, sys.stdin.readline):
            print(json.dumps(emulator.objects["v1/pods", "default", name].last.raw), flush=True)


asyncio.run(main())
