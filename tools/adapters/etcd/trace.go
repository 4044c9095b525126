package main

import (
	"errors"
	"fmt"
	"sort"

	"go.etcd.io/etcd/raft"
	pb "go.etcd.io/etcd/raft/raftpb"
)

// ticksMost is far more than any time-out, and done within a second.
const ticksMost = 1_000_000

// trace is all there is between one `begin` and the next.
type trace struct {
	seed    string
	base    uint64
	names   []string // of the servers numbered 1, 2, ...
	nodes   map[string]*node
	moving  *node
	letters map[uint64]letter
	handles uint64
}

// letter is a message on its way, as the bytes that a link would carry.
type letter struct {
	from, to string
	snapshot bool
	bytes    []byte
}

func newTrace(seed string, base uint64) *trace {
	return &trace{seed: seed, base: base, nodes: map[string]*node{}, letters: map[uint64]letter{}}
}

// perform carries out one request.
func (t *trace) perform(asked *request) (*result, error) {
	t.moving = nil
	switch asked.Op {
	case "begin", "end", "bye":
		return &result{}, nil
	case "create":
		return t.create(asked)
	case "deliver", "drop", "duplicate":
		return t.handle(asked)
	}
	work, exists := operations[asked.Op]
	if !exists && asked.Op != "restart" && asked.Op != "state" {
		return nil, &lack{asked.Op, "there is no operation '" + asked.Op + "' in protocol 1"}
	}
	n := t.nodes[asked.Node]
	if n == nil {
		return nil, fmt.Errorf("there is no node '%s' in this trace", asked.Node)
	}
	t.moving = n
	if asked.Op == "restart" {
		if n.raft != nil {
			return &result{Outcome: "rejected", Why: "running", Node: n.name}, nil
		}
		return t.start(n), nil
	}
	if n.status == "crashed" || n.raft == nil && asked.Op != "crash" {
		return &result{Outcome: "halted", Node: n.name}, nil
	}
	if asked.Op == "state" {
		return &result{Node: n.name, State: n.whole(asked.Want, t.name)}, nil
	}
	reply, err := t.operate(n, func() (outcome, error) { return work(t, n, asked) })
	if err == nil && asked.Op == "crash" {
		reply.Outcome = "" // as it was asked to
	}
	return reply, err
}

// create builds a node from a durable state that a Raft server can have.
func (t *trace) create(asked *request) (*result, error) {
	if t.nodes[asked.Node] != nil || asked.Node == "" || len(asked.Voters) == 0 {
		return nil, fmt.Errorf("'%s' exists already, has no name or no voters", asked.Node)
	}
	members := configuration{asked.Voters, asked.Outgoing, asked.Learners, asked.Demoted}
	first := members.numbered(t.id)
	start := pb.Snapshot{Metadata: pb.SnapshotMetadata{Index: t.base, ConfState: first}}
	if given := asked.Snapshot; given != nil {
		start.Metadata.Index, start.Metadata.Term = t.base+uint64(given.Index), uint64(given.Term)
		start.Data = packed(given.Commands)
		if given.Configuration != nil {
			start.Metadata.ConfState = given.Configuration.numbered(t.id)
		}
	}
	stored := pb.HardState{Term: uint64(asked.HardState.Term)}
	if asked.HardState.VotedFor != nil {
		stored.Vote = t.id(*asked.HardState.VotedFor)
	}
	log, err := taken(asked.Log, start.Metadata.Index, start.Metadata.ConfState, t.id)
	if err != nil {
		return nil, err
	}
	before := start.Metadata.Term
	for _, e := range log {
		if e.Term < before || e.Term > stored.Term {
			why := fmt.Sprintf("an entry of term %d behind %d, in term %d", e.Term, before, stored.Term)
			return &result{Outcome: "rejected", Why: why}, nil
		}
		before = e.Term
	}
	n := &node{name: asked.Node, id: t.id(asked.Node), base: t.base, first: first}
	n.random = source(t.seed, n.name)
	if n.config, err = configured(n.id, asked.Config); err != nil {
		return nil, err
	}
	if n.disk, err = newDisk(start, stored, log); err != nil {
		return nil, err
	}
	reply := t.start(n)
	if reply.Outcome == "" {
		t.nodes[n.name] = n
		if t.base > 0 {
			reply.Base = &position{Index: number(t.base)}
		}
	}
	return reply, nil
}

// start begins a life; the answer is its whole state.
func (t *trace) start(n *node) *result {
	raft.LadderRandom(n.random)
	if err := n.start(); err != nil {
		return &result{Outcome: "rejected", Why: err.Error(), Node: n.name}
	}
	return t.report(n, outcome{})
}

// operate has a running node do something, and tells what came of it.
func (t *trace) operate(n *node, work func() (outcome, error)) (*result, error) {
	raft.LadderRandom(n.random)
	done, err := work()
	if err != nil {
		return nil, err
	}
	n.drain()
	if n.raft == nil {
		done = outcome{word: "halted"}
	} else if n.told.basic.RaftState == raft.StateLeader && !n.leads() {
		n.leadershipEnded()
	}
	return t.report(n, done), nil
}

// report is what a node did since the answer before.
func (t *trace) report(n *node, done outcome) *result {
	reply := &result{Outcome: done.word, Why: done.why, Node: n.name, State: n.delta(t.name)}
	sort.SliceStable(n.outbox, func(i, j int) bool {
		return t.name(n.outbox[i].To) < t.name(n.outbox[j].To)
	})
	conf := func(index uint64) *configuration {
		if n.raft == nil {
			return nil
		}
		return named(n.confAsOf(index), t.name)
	}
	for _, m := range n.outbox {
		bytes, err := m.Marshal()
		if err != nil {
			panic(err)
		}
		to := t.name(m.To)
		reply.Sent = append(reply.Sent, sent{
			t.post(letter{t.name(m.From), to, m.Type == pb.MsgSnap, bytes}), to, wire(m, conf, t.name),
		})
	}
	reply.Results, reply.Reads = n.fates, n.served
	n.outbox, n.fates, n.served = nil, nil, nil
	return reply
}

// handle does something with a message on its way.
func (t *trace) handle(asked *request) (*result, error) {
	if asked.Handle == 0 || asked.Handle > t.handles {
		return nil, fmt.Errorf("no message was ever sent under the handle %d", asked.Handle)
	}
	mail, there := t.letters[asked.Handle]
	if !there {
		return &result{Outcome: "void"}, nil
	}
	if asked.Op == "duplicate" {
		return &result{Handle: t.post(mail)}, nil
	}
	delete(t.letters, asked.Handle)
	n := t.nodes[mail.to]
	arrives := asked.Op == "deliver" && n != nil && n.raft != nil
	t.reportSnapshot(mail, arrives)
	if asked.Op == "drop" {
		return &result{}, nil
	} else if !arrives {
		return &result{Outcome: "void"}, nil
	}
	var m pb.Message
	if err := m.Unmarshal(mail.bytes); err != nil {
		return nil, err
	}
	t.moving = n
	return t.operate(n, func() (outcome, error) { return outcome{}, step(n, m) })
}

// reportSnapshot tells the sender of a snapshot what became of it, as the library asks of its user's
// transport.
func (t *trace) reportSnapshot(mail letter, arrived bool) {
	if from := t.nodes[mail.from]; mail.snapshot && from != nil && from.raft != nil {
		status := raft.SnapshotFailure
		if arrived {
			status = raft.SnapshotFinish
		}
		from.raft.ReportSnapshot(t.id(mail.to), status)
	}
}

func (t *trace) post(mail letter) uint64 {
	t.handles++
	t.letters[t.handles] = mail
	return t.handles
}

// abandon leaves a node for dead in which the library panicked.
func (t *trace) abandon() {
	if t.moving != nil {
		t.moving.raft, t.moving.status, t.moving.outbox = nil, "halted", nil
	}
}

// id numbers a server, in the order in which names are first used.
func (t *trace) id(name string) uint64 {
	for i, one := range t.names {
		if one == name {
			return uint64(i) + 1
		}
	}
	t.names = append(t.names, name)
	return uint64(len(t.names))
}

// name is that of a number; of 0, which stands for nobody in the library, it is empty.
func (t *trace) name(id uint64) string {
	if id == 0 {
		return ""
	}
	return t.names[id-1]
}

// outcome of an operation; an empty word is `done`.
type outcome struct{ word, why string }

// operations are those of one running node; each answers its outcome.
var operations = map[string]func(*trace, *node, *request) (outcome, error){
	"timeout": func(_ *trace, n *node, _ *request) (outcome, error) {
		return unless(n.raft.LadderFireElection(), nil)
	},
	"campaign": func(_ *trace, n *node, _ *request) (outcome, error) {
		return unless(n.raft.LadderCampaign())
	},
	"lapse": func(_ *trace, n *node, _ *request) (outcome, error) {
		n.raft.LadderLapse()
		return outcome{}, nil
	},
	"beat": func(_ *trace, n *node, _ *request) (outcome, error) {
		return unless(n.raft.LadderBeat())
	},
	"tick": func(_ *trace, n *node, asked *request) (outcome, error) {
		if asked.Times < 0 || asked.Times > ticksMost {
			return outcome{}, fmt.Errorf("'times' is %d, not within 0 and %d", asked.Times, ticksMost)
		}
		for i := 0; i < asked.Times && n.raft != nil; i++ {
			n.raft.Tick()
			n.drain()
		}
		return outcome{}, nil
	},
	"receive": func(t *trace, n *node, asked *request) (outcome, error) {
		if asked.Message == nil {
			return outcome{}, errors.New("'receive' has no message")
		}
		m, err := library(asked.Message, t.id(asked.From), n, t.id)
		if err != nil {
			return outcome{}, err
		}
		return outcome{}, step(n, m)
	},
	"propose": func(_ *trace, n *node, asked *request) (outcome, error) {
		if accepted, err := n.propose(asked.Data); !accepted {
			return outcome{"rejected", "not-leader"}, err
		}
		return outcome{}, nil
	},
	"snapshot": func(_ *trace, n *node, _ *request) (outcome, error) { return n.snapshot() },
	"compact": func(_ *trace, n *node, asked *request) (outcome, error) {
		return n.compact(uint64(asked.UpTo))
	},
	"configure": func(t *trace, n *node, asked *request) (outcome, error) {
		return n.configure(t, asked)
	},
	"transfer": func(t *trace, n *node, asked *request) (outcome, error) {
		return n.transfer(t, asked)
	},
	"read": func(_ *trace, n *node, asked *request) (outcome, error) { return n.startRead(asked.Read) },
	"hold": func(_ *trace, n *node, asked *request) (outcome, error) {
		if err := known(asked.What, "entries", "vote", "sync", "apply"); err != nil {
			return outcome{}, err
		}
		n.holds[asked.What] = true
		return outcome{}, nil
	},
	"release": func(_ *trace, n *node, asked *request) (outcome, error) {
		n.release(asked.What)
		return outcome{}, known(asked.What, "entries", "vote", "sync", "apply")
	},
	"complete": func(_ *trace, n *node, asked *request) (outcome, error) {
		if !n.complete(asked) {
			return outcome{"rejected", "no such write is held"}, nil
		}
		return outcome{}, nil
	},
	"storageFault": func(_ *trace, n *node, asked *request) (outcome, error) {
		if asked.Nth < 1 {
			return outcome{}, fmt.Errorf("'nth' is %d, and must be at least 1", asked.Nth)
		}
		if err := known(asked.On, "append", "vote", "sync", "snapshot", "any-write"); err != nil {
			return outcome{}, err
		}
		n.faults = append(n.faults, &plannedFault{asked.On, asked.Error, asked.Nth})
		return outcome{}, known(asked.Error, "io", "full", "crash")
	},
	"crash": func(_ *trace, n *node, asked *request) (outcome, error) {
		if err := known(asked.Unsynced, "", "lost", "kept", "torn"); err != nil {
			return outcome{}, err
		}
		return outcome{}, n.crash(asked.Unsynced, asked.Wipe)
	},
}

// unless answers `blocked` where nothing could happen.
func unless(happened bool, err error) (outcome, error) {
	if happened {
		return outcome{}, err
	}
	return outcome{word: "blocked"}, err
}

// known refuses a word that is none of the protocol's.
func known(word string, words ...string) error {
	for _, one := range words {
		if one == word {
			return nil
		}
	}
	return fmt.Errorf("'%s' is none of %v", word, words)
}

// step gives a node a message. What the library refuses to take is as good as lost.
func step(n *node, m pb.Message) error {
	err := n.raft.Step(m)
	if errors.Is(err, raft.ErrStepPeerNotFound) || errors.Is(err, raft.ErrProposalDropped) {
		return nil
	}
	return err
}
