// Written from tools/starters/javascript/adapter.mjs by `raft-ladder check --write`; don't edit it by hand.
// swift-format-ignore-file

extension Starter {
  static let javascript = ###"""
    // An adapter: puts an implementation of Raft under raft-ladder's conformance suite.
    //
    // It runs as it is. Node is a voter that knows RequestVote and nothing else: put your
    // implementation in its place, and take up one operation after the other.
    //
    //   raft-ladder validate-adapter -- node adapter.mjs    says what is wrong, and what comes next
    //   raft-ladder climb --adapter 'node adapter.mjs'      goes up the ladder, rung by rung
    //
    // Requests come a line each on standard input, answers go a line each to standard output, in order;
    // logs go to standard error. Spec/AdapterProtocol.md tells every operation and field.
    //
    // Next: the operations in the order of the ladder. Declare a capability in capabilities once its
    // operations work; what is not declared is not judged.
    //
    //   <next steps>

    import { createInterface } from "node:readline";

    const capabilities = ["messages", "log.read", "votedFor.read"];

    /** A feature that is not there: the traces that need it do not apply. */
    class Unsupported extends Error {
      constructor(capability, reason) {
        super(reason);
        this.capability = capability;
      }
    }

    /** One server, booted from the durable state that `create` gives. Replace it by your own. */
    class Node {
      // Terms and indices above 2^53 come as strings of digits; BigInt keeps them exact.
      constructor({ hardState = {}, log = [] }) {
        this.role = "follower";
        this.term = BigInt(hardState.term ?? 0);
        this.votedFor = hardState.votedFor ?? null;
        this.leader = null;
        this.commitIndex = 0n;
        // The entries from index 1 on; their data stays in base64, since nothing here looks into it.
        this.log = log;
      }

      /** Takes a message; returns those that it sends. */
      receive(from, message) {
        if (message.type !== "RequestVote") {
          throw new Unsupported(message.type, "the starter knows RequestVote alone");
        }
        const term = BigInt(message.term);
        if (term > this.term) {
          // Raft paper, figure 2: rules for all servers.
          [this.term, this.votedFor, this.role] = [term, null, "follower"];
        }
        const granted =
          term === this.term &&
          (this.votedFor === null || this.votedFor === from) &&
          this.isUpToDate(BigInt(message.lastLogIndex), BigInt(message.lastLogTerm));
        if (granted) this.votedFor = from; // Durable before it is told: write it to your disk here.
        const answer = { type: "RequestVoteResponse", term: this.term, granted };
        return [{ to: from, message: answer }];
      }

      isUpToDate(lastLogIndex, lastLogTerm) {
        const ownTerm = BigInt(this.log.at(-1)?.term ?? 0);
        if (lastLogTerm !== ownTerm) return lastLogTerm > ownTerm;
        return lastLogIndex >= BigInt(this.log.length);
      }

      /** What can change. All of it may be told every time, but for the log: that is a delta. */
      state() {
        const { role, term, votedFor, leader, commitIndex } = this;
        return { status: "running", role, term, votedFor, leader, commitIndex };
      }
    }

    // The nodes of the trace, by name, and the messages on their way, by handle, for `deliver`.
    let nodes = new Map();
    let inFlight = new Map();
    let handles = 0;

    function node(name) {
      const found = nodes.get(name);
      if (!found) throw new Error(`there is no node '${name}'`);
      return found;
    }

    /** Puts messages on their way: nothing is delivered before the suite asks for it. */
    function sent(from, messages) {
      return messages.map(({ to, message }) => {
        handles += 1;
        inFlight.set(handles, { from, to, message });
        return { handle: handles, to, message };
      });
    }

    // An operation and what it answers as `ok`.
    const operations = {
      hello({ protocols }) {
        if (!protocols.includes(1)) throw new Error("this adapter speaks protocol 1");
        const implementation = { name: "my raft", version: "0.1", language: "javascript" };
        return { protocol: 1, implementation, capabilities, window: 1 };
      },
      begin() {
        // Every node and message of the trace before is gone. The seed is for your randomness.
        nodes = new Map();
        inFlight = new Map();
        return {};
      },
      create(request) {
        const created = new Node(request);
        nodes.set(request.node, created);
        return { state: { ...created.state(), appended: created.log } };
      },
      state({ node: name, want = [] }) {
        const asked = node(name);
        const state = asked.state();
        if (want.includes("log")) state.appended = asked.log;
        return { state };
      },
      receive({ node: name, from, message }) {
        const receiver = node(name);
        return { sent: sent(name, receiver.receive(from, message)), state: receiver.state() };
      },
      end: () => ({}),
      bye: () => ({}),
    };

    /** The answer to one request. Whatever goes wrong, there is one. */
    function answer(request) {
      try {
        const operation = Object.hasOwn(operations, request.op) ? operations[request.op] : undefined;
        if (!operation) throw new Unsupported(String(request.op), "not implemented yet");
        return { ok: operation(request) };
      } catch (error) {
        if (error instanceof Unsupported) {
          return { unsupported: { capability: error.capability, reason: error.message } };
        }
        return { error: { message: String(error), detail: error.stack } };
      }
    }

    /** Numbers above 2^53 are written as strings of digits. */
    function written(_, value) {
      if (typeof value !== "bigint") return value;
      return value <= 2n ** 53n ? Number(value) : String(value);
    }

    for await (const line of createInterface({ input: process.stdin })) {
      const request = JSON.parse(line);
      process.stdout.write(JSON.stringify({ id: request.id, ...answer(request) }, written) + "\n");
      if (request.op === "bye") break;
    }

    """###
}
