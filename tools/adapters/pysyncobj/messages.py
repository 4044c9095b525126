"""Entries and messages: PySyncObj's forms and the protocol's, translated into each other."""

import base64

from pysyncobj import pickle as library_pickle

REGULAR, NO_OP, MEMBERSHIP = 0, 1, 2

# Of these messages PySyncObj's wire carries these fields alone.
WIRE = {
  "RequestVoteResponse": ["term", "granted"],
  "AppendEntriesResponse": ["success", "matchIndex"],
}


class Unsupported(Exception):
  """The request needs what PySyncObj does not have."""

  def __init__(self, capability, reason):
    super().__init__(reason)
    self.capability = capability


def entry_from(command, term):
  """An entry of the journal as the protocol has it."""
  kind, body = command[0], bytes(command[1:])
  if kind == REGULAR:
    _, (data,) = library_pickle.loads(body)
    return {"term": term, "data": base64.b64encode(data).decode()}
  name = "configuration" if kind == MEMBERSHIP else "internal"
  return {"term": term, "data": base64.b64encode(body).decode(), "kind": name}


def command_from(entry):
  """An entry of the protocol as the journal has it."""
  data = base64.b64decode(entry.get("data", ""))
  kind = entry.get("kind", "command")
  if kind == "command":
    return bytes([REGULAR]) + library_pickle.dumps((0, (data,)))
  if kind == "internal":
    return bytes([NO_OP]) + data
  raise Unsupported("config.simple", "configurations can't be written by hand for PySyncObj")


class Chunks:
  """The pieces of large entries that a node has sent: it sends an entry of the limit's size or more
  in pieces. A piece is shown as an append without entries, and the last one with the entry."""

  def __init__(self):
    self.received = {}

  def entries(self, receiver, raw):
    piece = raw.get("transmission")
    if piece is None:
      return raw["entries"]
    if piece == "start":
      self.received[receiver] = b""
    self.received[receiver] = self.received.get(receiver, b"") + raw["data"]
    if piece != "finish":
      return []
    try:
      return [library_pickle.loads(self.received.pop(receiver))]
    except Exception:
      # Its receiver will not be able to read it either.
      return []


def message_from(raw, receiver, chunks):
  """A message of PySyncObj in the canonical form."""
  kind = raw["type"]
  if kind == "request_vote":
    return {"type": "RequestVote", "term": raw["term"], "lastLogIndex": raw["last_log_index"],
            "lastLogTerm": raw["last_log_term"]}
  if kind == "response_vote":
    return {"type": "RequestVoteResponse", "term": raw["term"], "granted": True}
  if kind == "append_entries" and "prevLogIdx" in raw:
    entries = [entry_from(command, term) for command, _, term in chunks.entries(receiver, raw)]
    return {"type": "AppendEntries", "term": raw["term"], "prevLogIndex": raw["prevLogIdx"],
            "prevLogTerm": raw["prevLogTerm"], "entries": entries,
            "leaderCommit": raw["commit_index"]}
  if kind == "append_entries":
    return {"type": "InstallSnapshot", "term": raw["term"]}
  if kind == "next_node_idx" and raw["success"]:
    return {"type": "AppendEntriesResponse", "success": True,
            "matchIndex": raw["next_node_idx"] - 1}
  if kind == "next_node_idx":
    return {"type": "AppendEntriesResponse", "success": False}
  raise ValueError(f"the protocol has no message like PySyncObj's '{kind}'")


def message_to(message, term):
  """A canonical message in PySyncObj's form; None where PySyncObj would say nothing.

  `term` is the receiver's: a response of a later term than that can't exist on this wire.
  """
  kind = message["type"]
  if kind.endswith("Response") and not message.get("granted") and message.get("term", 0) > term:
    raise Unsupported(
      "responses.unsolicited", f"PySyncObj has no {kind} that tells an outdated sender of a term")
  if kind == "RequestVote":
    return {"type": "request_vote", "term": message["term"],
            "last_log_index": message["lastLogIndex"], "last_log_term": message["lastLogTerm"]}
  if kind == "RequestVoteResponse":
    granted = message.get("granted")
    return {"type": "response_vote", "term": message["term"]} if granted else None
  if kind in ("AppendEntries", "Heartbeat"):
    previous = message["prevLogIndex"]
    entries = [(command_from(entry), previous + 1 + offset, entry["term"])
               for offset, entry in enumerate(message.get("entries", []))]
    return {"type": "append_entries", "term": message["term"], "prevLogIdx": previous,
            "prevLogTerm": message["prevLogTerm"], "entries": entries,
            "commit_index": message.get("leaderCommit", 0)}
  answer = {"type": "next_node_idx", "reset": False, "success": False, "next_node_idx": 0}
  if kind == "HeartbeatResponse":
    return answer
  if kind == "AppendEntriesResponse" and message["success"]:
    return {**answer, "success": True, "next_node_idx": message["matchIndex"] + 1}
  if kind == "AppendEntriesResponse":
    hint = message.get("hint")
    following = hint["index"] + 1 if hint else message["prevLogIndex"]
    return {**answer, "reset": True, "next_node_idx": following}
  raise Unsupported("pre-vote" if kind.startswith("PreVote") else "messages",
                    f"PySyncObj has no {kind}")
