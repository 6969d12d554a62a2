"""Northshire's agencies as one process of their own: `python -m gateway.demo --dir .northshire`.

Progress goes to standard error; when all agencies answer, one line "ready ..." goes to standard output.
"""

import argparse
import asyncio
import os
import signal
import sys
import threading
import time
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path

from aiohttp import web

from gateway.demo.control import FILE, Control, control_application, new_token
from gateway.demo.delays import Delay
from gateway.demo.northshire import Northshire, Plan, northshire
from gateway.demo.world import CLOCK_START, LONDON


def main() -> None:
    """Starts the agencies and serves until SIGTERM, SIGINT, or the end of standard input if asked to."""
    options = _options().parse_args()
    options.dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    today = options.today if options.today.tzinfo else options.today.replace(tzinfo=LONDON)
    plan = Plan(options.children, options.seed, today, options.delay)
    asyncio.run(_serve(options.dir, plan, options.until_input_ends))


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m gateway.demo",
        description=__doc__,
        epilog="example: python -m gateway.demo --dir .northshire --children 500 --seed 7",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--dir", type=Path, default=Path(".northshire"), help="where everything is written")
    parser.add_argument("--children", type=int, default=0, help="made-up children beside the scenario ones")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same children")
    parser.add_argument("--today", type=datetime.fromisoformat, default=CLOCK_START, help="the demo's clock")
    parser.add_argument("--delay", type=Delay, choices=list(Delay), default=Delay.SMALL)
    parser.add_argument(
        "--until-input-ends", action="store_true", help="stop when standard input ends, as when a parent dies"
    )
    return parser


async def _serve(folder: Path, plan: Plan, until_input_ends: bool) -> None:
    began = time.monotonic()
    if plan.children:
        _say(f"making up {plan.children:,} children")
    async with AsyncExitStack() as stack:
        region = await stack.enter_async_context(northshire(folder, plan))
        control = await _control(stack, region)
        control.write(folder)
        stack.callback((folder / FILE).unlink, missing_ok=True)
        for source, address in region.addresses.items():
            _say(f"{source}: {region.known[source]:,} children, {address}")
        print(f"ready {region.sources} ({time.monotonic() - began:.1f} s)", flush=True)
        await _end(until_input_ends)


async def _control(stack: AsyncExitStack, region: Northshire) -> Control:
    token = new_token()
    runner = web.AppRunner(control_application(region.switches, token), access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    return Control(f"http://{host}:{port}", token)


async def _end(until_input_ends: bool) -> None:
    """Waits for the signal, or the end of standard input, that ends the demo."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, ended.set)
    if until_input_ends:
        # a thread, because an event loop cannot watch every kind of standard input
        threading.Thread(target=_read_to_end, args=(loop, ended), daemon=True).start()
    await ended.wait()


def _read_to_end(loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    loop.call_soon_threadsafe(ended.set)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
