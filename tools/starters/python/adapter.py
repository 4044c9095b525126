#!/usr/bin/env python3
"""An adapter: puts an implementation of Raft under raft-ladder's conformance suite.

It runs as it is. Node is a voter that knows RequestVote and nothing else: put your implementation
in its place, and take up one operation after the other.

  raft-ladder validate-adapter -- python3 adapter.py    says what is wrong, and what comes next
  raft-ladder climb --adapter 'python3 adapter.py'      goes up the ladder, rung by rung

Requests come a line each on standard input, answers go a line each to standard output, in order;
logs go to standard error. Spec/AdapterProtocol.md tells every operation and field.

Next: the operations in the order of the ladder. Declare a capability in CAPABILITIES once its
operations work; what is not declared is not judged.

  <next steps>
"""

import json
import sys

CAPABILITIES = ["messages", "log.read", "votedFor.read"]


class Unsupported(Exception):
    """A feature that is not there: the traces that need it do not apply."""

    def __init__(self, capability, reason):
        super().__init__(reason)
        self.capability = capability


class Node:
    """One server, booted from the durable state that `create` gives. Replace it by your own."""

    def __init__(self, request):
        hard = request.get("hardState", {})
        self.role = "follower"
        self.term = int(hard.get("term", 0))  # above 2^53 terms and indices are strings of digits
        self.voted_for = hard.get("votedFor")
        self.leader = None
        self.commit_index = 0
        # The entries from index 1 on; their data stays in base64, since nothing here looks into it.
        self.log = request.get("log", [])

    def receive(self, sender, message):
        """Takes a message; returns those that it sends, as pairs of receiver and message."""
        if message["type"] != "RequestVote":
            raise Unsupported(message["type"], "the starter knows RequestVote alone")
        term = int(message["term"])
        if term > self.term:  # Raft paper, figure 2: rules for all servers
            self.term, self.voted_for, self.role = term, None, "follower"
        theirs = (int(message["lastLogTerm"]), int(message["lastLogIndex"]))
        own = (int(self.log[-1]["term"]) if self.log else 0, len(self.log))
        granted = term == self.term and self.voted_for in (None, sender) and theirs >= own
        if granted:
            self.voted_for = sender  # Durable before it is told: write it to your disk here.
        return [(sender, {"type": "RequestVoteResponse", "term": self.term, "granted": granted})]

    def state(self):
        """What can change. All of it may be told every time, but for the log: that is a delta."""
        return {
            "status": "running", "role": self.role, "term": self.term, "votedFor": self.voted_for,
            "leader": self.leader, "commitIndex": self.commit_index,
        }


class Adapter:
    """The nodes of one trace. An operation `x` is the method `do_x`; its result is the `ok`."""

    def __init__(self):
        self.nodes = {}
        self.handles = 0
        # The messages on their way by handle, for `deliver`: (sender, receiver, message).
        self.in_flight = {}

    def do_hello(self, request):
        if 1 not in request["protocols"]:
            raise ValueError("this adapter speaks protocol 1")
        return {
            "protocol": 1,
            "implementation": {"name": "my raft", "version": "0.1", "language": "python"},
            "capabilities": CAPABILITIES,
            "window": 1,
        }

    def do_begin(self, request):
        # Every node and message of the trace before is gone. The seed is for your randomness.
        self.__init__()
        return {}

    def do_create(self, request):
        node = self.nodes[request["node"]] = Node(request)
        return {"state": {**node.state(), "appended": node.log}}

    def do_state(self, request):
        node = self.node(request["node"])
        state = node.state()
        if "log" in request.get("want", []):
            state["appended"] = node.log
        return {"state": state}

    def do_receive(self, request):
        node = self.node(request["node"])
        messages = node.receive(request["from"], request["message"])
        return {"sent": self.sent(request["node"], messages), "state": node.state()}

    def do_end(self, _):
        return {}

    def do_bye(self, _):
        return {}

    def node(self, name):
        if name not in self.nodes:
            raise ValueError(f"there is no node '{name}'")
        return self.nodes[name]

    def sent(self, sender, messages):
        """Puts messages on their way: nothing is delivered before the suite asks for it."""
        result = []
        for receiver, message in messages:
            self.handles += 1
            self.in_flight[self.handles] = (sender, receiver, message)
            result.append({"handle": self.handles, "to": receiver, "message": message})
        return result


def answer(adapter, request):
    """The answer to one request. Whatever goes wrong, there is one."""
    operation = request.get("op")
    handler = getattr(adapter, f"do_{operation}", None)
    try:
        if handler is None:
            raise Unsupported(str(operation), "not implemented yet")
        return {"ok": handler(request)}
    except Unsupported as missing:
        return {"unsupported": {"capability": missing.capability, "reason": str(missing)}}
    except Exception as error:  # pylint: disable=broad-except
        return {"error": {"message": f"{type(error).__name__}: {error}"}}


def written(value):
    """The value as the protocol writes it: numbers above 2^53 as strings of digits."""
    if isinstance(value, dict):
        return {key: written(each) for key, each in value.items()}
    if isinstance(value, list):
        return [written(each) for each in value]
    return str(value) if isinstance(value, int) and value > 2**53 else value


def main():
    adapter = Adapter()
    for line in sys.stdin:
        request = json.loads(line)
        reply = {"id": request["id"], **answer(adapter, request)}
        print(json.dumps(written(reply)), flush=True)
        if request["op"] == "bye":
            return


if __name__ == "__main__":
    main()
