"""One server: its disk in files, and the SyncObj that runs on it or does not."""

import importlib
import inspect
import os
import pickle
import random
import traceback

from pysyncobj import SyncObj, SyncObjConf, replicated
from pysyncobj.config import FAIL_REASON
from pysyncobj.journal import FileJournal
from pysyncobj.node import Node
from pysyncobj.transport import Transport

from messages import NO_OP, Chunks, Unsupported, command_from, entry_from

library = importlib.import_module("pysyncobj.syncobj")

BASE = {"index": 1, "term": 0}
ROLES = ("follower", "candidate", "leader")
FATES = {FAIL_REASON.SUCCESS: "committed", FAIL_REASON.DISCARDED: "lost"}
NEVER = 1e9
# Whether an exception leaves the library's thread alive, as it does in later versions.
THREAD_SURVIVES = "except Exception" in inspect.getsource(SyncObj._autoTickThread)
# Timers end between two ticks and fire at the later one: the library's comparisons are strict, and
# it wants an election time-out of more than three heartbeats.
EARLY = 0.95


class Surroundings:
  """The clock and the randomness of the node whose turn it is."""

  node = None

  @classmethod
  def now(cls):
    return cls.node.clock

  @classmethod
  def random(cls):
    return cls.node.randomness.random()


library.monotonicTime = Surroundings.now
library.random = Surroundings
# The notifier wakes a poll that waits; these polls never wait.
library.PIPE_NOTIFIER_ENABLED = False


class Link(Transport):
  """Keeps what a node sends, pickled as its own transport would send it."""

  def __init__(self):
    super().__init__(None, None, [])
    self.sent = []
    self.chunks = Chunks()

  @property
  def ready(self):
    return True

  def send(self, node, message):
    self.sent.append((node.id, pickle.dumps(message)))
    return True


class Ledger(SyncObj):
  """The replicated state machine: a list of what was applied."""

  def __init__(self, name, others, conf, link):
    super().__init__(Node(name), [Node(other) for other in others], conf, transport=link)
    self.applied = []

  @replicated
  def append(self, data):
    """The entry is recorded by the hook below, whatever its kind is."""

  def _SyncObj__doApplyCommand(self, command):
    index = self.raftLastApplied + 1
    journal = self._SyncObj__raftLog
    term = journal[index - journal[0][1]][2]
    self.applied.append({"index": index, **entry_from(command, term)})
    return super()._SyncObj__doApplyCommand(command)


class Host:
  """One server: its disk, and the node that runs on it or does not."""

  def __init__(self, request, folder, seed):
    self.name = request["node"]
    self.others = sorted(voter for voter in request["voters"] if voter != self.name)
    self.config = request.get("config", {})
    self.journal = os.path.join(folder, self.name)
    self.randomness = random.Random(f"{seed}/{self.name}")
    self.clock = 1000.0
    self.node = None
    self.write(request)
    self.start()
    if not hasattr(FileJournal, "setCurrentTerm"):
      # The journals of older versions hold no term and no vote: a first life gets them in memory.
      hard = request.get("hardState", {})
      self.node._SyncObj__raftCurrentTerm = hard.get("term", 0)
      self.node._SyncObj__votedForNodeId = hard.get("votedFor")

  def write(self, request):
    """Writes the files that a server with this durable state would have."""
    journal = FileJournal(self.journal)
    journal.add(bytes([NO_OP]), BASE["index"], BASE["term"])
    for offset, entry in enumerate(request.get("log", [])):
      journal.add(command_from(entry), BASE["index"] + 1 + offset, entry["term"])
    hard = request.get("hardState", {})
    if hasattr(journal, "setCurrentTerm"):
      journal.setCurrentTerm(hard.get("term", 0), hard.get("votedFor"))
    journal._destroy()

  def settings(self):
    election = self.config.get("electionTicks", 10)
    beat = self.config.get("heartbeatTicks", 1)
    fallback = election - 0.5 if self.config.get("checkQuorum") else NEVER
    limit = self.config.get("maxBytesPerAppend", 1 << 24)
    for key, capability in (("preVote", "pre-vote"), ("maxEntriesPerAppend", "append.limit"),
                            ("maxInflightAppends", "inflight.limit")):
      if self.config.get(key):
        raise Unsupported(capability, f"PySyncObj has no setting like {key}")
    return SyncObjConf(
      autoTick=False, journalFile=self.journal, pollerType="poll", useFork=False,
      appendEntriesUseBatch=False, appendEntriesPeriod=beat - 0.99,
      appendEntriesBatchSizeBytes=limit, raftMinTimeout=election - EARLY,
      raftMaxTimeout=2 * election - 1, connectionTimeout=NEVER,
      leaderFallbackTimeout=fallback, logCompactionMinEntries=1 << 30, logCompactionMinTime=NEVER)

  def start(self):
    Surroundings.node = self
    self.link = Link()
    self.results, self.shown, self.log, self.applied = [], {}, [], []
    self.node = Ledger(self.name, self.others, self.settings(), self.link)
    for other in self.others:
      self.link._onNodeConnected(Node(other))

  def kill(self):
    """The process ends. What it wrote is in its files already; the maps are only closed."""
    self.node._SyncObj__raftLog._destroy()
    self.node = None

  def wipe(self):
    for path in (self.journal, self.journal + ".meta"):
      if os.path.exists(path):
        os.remove(path)

  def settle(self):
    """Ticks, time standing still, until a tick changes nothing."""
    before = None
    while self.node is not None and self.measure() != before:
      before = self.measure()
      self.run(self.node.doTick, 0)

  def receive(self, sender, message):
    self.run(self.link._onMessageReceived, Node(sender), message)

  def run(self, call, *arguments):
    """Calls the library as its own thread does, which an exception ends in older versions."""
    try:
      call(*arguments)
    except Exception:
      if THREAD_SURVIVES:
        raise
      traceback.print_exc()
      self.kill()

  def measure(self):
    node = self.node
    return (node.raftCurrentTerm, node._SyncObj__raftState, node.raftCommitIndex,
            node.raftLastApplied, node._getRaftLogSize(), len(self.link.sent))

  def leads(self):
    return self.node._isLeader()

  def decided(self, data):
    """The callback of a proposal."""
    def callback(_, reason):
      fate = FATES.get(reason, "unknown")
      self.results.append({"data": data, "fate": fate})
    return callback

  def delta(self):
    """What changed in the state that is shown, since it was shown last."""
    node = self.node
    leader = node._getLeader()
    scalars = {
      "status": "running",
      "role": ROLES[node._SyncObj__raftState],
      "term": node.raftCurrentTerm,
      "votedFor": node._SyncObj__votedForNodeId,
      "leader": leader.id if leader is not None else None,
      "commitIndex": node.raftCommitIndex,
    }
    changes = {key: value for key, value in scalars.items()
               if key not in self.shown or self.shown[key] != value}
    self.shown = scalars
    log = node._SyncObj__raftLog[1:]
    if log != self.log:
      shared = 0
      for old, new in zip(self.log, log):
        if old != new:
          break
        shared += 1
      if shared < len(self.log):
        changes["truncatedFrom"] = BASE["index"] + 1 + shared
      changes["appended"] = [entry_from(command, term) for command, _, term in log[shared:]]
      self.log = log
    if node.applied:
      changes["applied"], node.applied = node.applied, []
      self.applied += changes["applied"]
    return changes
