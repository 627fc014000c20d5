"""One JSON command a line in, JSON lines out."""

import json
import sys

import anyio


def say(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


async def next_command():
    """The next command, or None once stdin has ended."""
    line = await anyio.to_thread.run_sync(sys.stdin.readline, abandon_on_cancel=True)
    return json.loads(line) if line else None
