"""PySyncObj under the conformance suite: answers the adapter protocol on stdin and stdout.

Each node is a whole `SyncObj` with its file journal. Its transport, clock and randomness are
replaced, and an override notes what it applies; nothing of what it decides is touched:

- Time is a number that only `tick` moves. `timeout` and `beat` make a timer due in the way in which
  the library itself does it for a leadership transfer: by setting its deadline to 0.
- An operation is a call of the library, then ticks of 0 seconds until nothing changes any more.
- A crash is a killed process: what was written to the journal's files stays, synced or not.
  PySyncObj never asks for a sync, so what a power cut leaves behind can't be told.
- A denied vote and a refusal of an outdated leader are silence in PySyncObj. A denial is therefore
  delivered as nothing, and what its wire can't say at all is answered `unsupported`.
- Index 1 holds an entry of term 0 that every journal starts with: the base.
"""

import base64
import json
import os
import pickle
import sys
import tempfile
import traceback

from pysyncobj.version import VERSION

from messages import WIRE, Unsupported, entry_from, message_from, message_to
from server import BASE, Host, Surroundings

CAPABILITIES = [
  "messages", "clock", "timeout", "election", "campaign", "lapse", "heartbeat.beat", "check-quorum",
  "propose", "results", "log.read", "votedFor.read", "ledger.read", "crash", "disk.wipe",
  "append.limit-bytes",
]
WINDOW = 64


def feature_of(request):
  """The capability that an operation belongs to that is refused."""
  operation, what = request.get("op"), request.get("what")
  if operation in ("hold", "release"):
    return "apply.hold" if what == "apply" else f"storage.async.{what}"
  known = {"storageFault": "storage.fault", "duplicate": "links.duplicate"}
  return known.get(operation, str(operation))


class Adapter:
  """The servers of one trace, and the messages on their way between them."""

  def __init__(self, folder):
    self.folder = folder
    self.hosts, self.seed = {}, ""
    self.clear()

  def clear(self):
    for host in self.hosts.values():
      if host.node is not None:
        host.kill()
      host.wipe()
    self.hosts, self.flying, self.handles = {}, {}, 0

  def answer(self, request):
    operation = request.get("op")
    handler = getattr(self, f"do_{operation}", None)
    if handler is None:
      raise Unsupported(feature_of(request), f"PySyncObj is not driven by '{operation}'")
    return handler(request)

  def host(self, name):
    if name not in self.hosts:
      raise ValueError(f"there is no node '{name}' in this trace")
    return self.hosts[name]

  def do_hello(self, request):
    if 1 not in request.get("protocols", []):
      raise ValueError("this adapter speaks protocol 1")
    about = {"name": "PySyncObj", "version": VERSION, "language": "python",
             "homepage": "https://github.com/bakwc/PySyncObj"}
    return {"protocol": 1, "implementation": about, "capabilities": CAPABILITIES,
            "window": WINDOW, "wire": WIRE}

  def do_begin(self, request):
    self.clear()
    self.seed = request.get("seed", "")
    return {}

  def do_end(self, _):
    self.clear()
    return {}

  do_bye = do_end

  def do_create(self, request):
    if request["node"] in self.hosts:
      raise ValueError(f"there is a node '{request['node']}' already")
    host = Host(request, self.folder, self.seed)
    self.hosts[host.name] = host
    host.settle()
    return {**self.report(host), "base": BASE}

  def do_restart(self, request):
    host = self.host(request["node"])
    if host.node is not None:
      return {"outcome": "rejected", "why": "running"}
    host.start()
    host.settle()
    return self.report(host)

  def do_crash(self, request):
    host = self.host(request["node"])
    if request.get("unsynced") == "torn":
      raise Unsupported("crash.torn", "PySyncObj's journal is a memory map: writes are never half")
    if host.node is None:
      return self.halted(host)
    host.kill()
    if request.get("wipe"):
      host.wipe()
    return {"node": host.name, "state": {"status": "crashed"}}

  def do_timeout(self, request):
    def fire(host):
      if host.leads():
        return "blocked"
      host.node._SyncObj__raftElectionDeadline = 0
    return self.move(request["node"], fire)

  # There is no pre-vote that a campaign could skip.
  do_campaign = do_timeout

  def do_lapse(self, request):
    # PySyncObj asks nobody how long ago it heard a leader, so there is nothing to forget.
    return self.move(request["node"], lambda host: None)

  def do_beat(self, request):
    def fire(host):
      if not host.leads():
        return "blocked"
      host.node._SyncObj__newAppendEntriesTime = 0
    return self.move(request["node"], fire)

  def do_tick(self, request):
    def pass_time(host):
      for _ in range(request.get("times", 1)):
        host.clock += 1
        host.settle()
    return self.move(request["node"], pass_time)

  def do_propose(self, request):
    def submit(host):
      if not host.leads():
        # The library would forward the command to its leader: no message of the protocol.
        return "not-leader"
      data = request["data"]
      host.node.append(base64.b64decode(data), callback=host.decided(data))
    return self.move(request["node"], submit)

  def do_receive(self, request):
    def take(host):
      message = message_to(request["message"], host.node.raftCurrentTerm)
      if message is not None:
        host.receive(request["from"], message)
    return self.move(request["node"], take)

  def do_deliver(self, request):
    sender, receiver, message = self.flying.pop(request["handle"], (None, None, None))
    if sender is None or self.hosts[receiver].node is None:
      return {"outcome": "void"}
    return self.move(
      receiver, lambda host: host.receive(sender, pickle.loads(message)))

  def do_drop(self, request):
    known = self.flying.pop(request["handle"], None)
    return {} if known else {"outcome": "void"}

  def do_state(self, request):
    host = self.host(request["node"])
    if host.node is None:
      return self.halted(host)
    Surroundings.node = host
    host.delta()
    state = dict(host.shown)
    if "log" in request.get("want", []):
      state["truncatedFrom"] = BASE["index"] + 1
      state["appended"] = [entry_from(command, term) for command, _, term in host.log]
    if "applied" in request.get("want", []):
      state["applied"] = host.applied
    return {"node": host.name, "state": state}

  def move(self, name, action):
    """Lets one node act, and tells what came of it."""
    host = self.host(name)
    if host.node is None:
      return self.halted(host)
    Surroundings.node = host
    refusal = action(host)
    if refusal == "blocked":
      return {"node": name, "outcome": refusal}
    if refusal is not None:
      return {"node": name, "outcome": "rejected", "why": refusal}
    host.settle()
    if host.node is None:
      return {**self.halted(host), "state": {"status": "halted"}}
    return self.report(host)

  def report(self, host):
    sent = []
    for receiver, raw in sorted(host.link.sent, key=lambda pair: pair[0]):
      self.handles += 1
      self.flying[self.handles] = (host.name, receiver, raw)
      message = message_from(pickle.loads(raw), receiver, host.link.chunks)
      sent.append({"handle": self.handles, "to": receiver, "message": message})
    host.link.sent.clear()
    results, host.results = host.results, []
    return {"node": host.name, "sent": sent, "state": host.delta(), "results": results}

  @staticmethod
  def halted(host):
    return {"node": host.name, "outcome": "halted"}


def respond(adapter, line):
  """The answer to one line. Whatever the line is, there is one."""
  request = {}
  try:
    request = json.loads(line)
    return {"id": request.get("id"), "ok": adapter.answer(request)}
  except Unsupported as refusal:
    detail = {"capability": refusal.capability, "reason": str(refusal)}
    return {"id": request.get("id"), "unsupported": detail}
  except Exception as fault:
    message = {"message": f"{type(fault).__name__}: {fault}", "detail": traceback.format_exc()}
    return {"id": request.get("id") if isinstance(request, dict) else None, "error": message}


def main():
  # The protocol's stream is kept apart: whatever the library prints goes to stderr.
  answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
  os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
  with tempfile.TemporaryDirectory(prefix="pysyncobj-") as folder:
    adapter = Adapter(folder)
    for line in sys.stdin.buffer:
      answer = respond(adapter, line)
      answers.write(json.dumps(answer, separators=(",", ":")) + "\n")
      answers.flush()


if __name__ == "__main__":
  main()
