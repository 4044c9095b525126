package main

import (
	"fmt"
	"sort"

	"go.etcd.io/etcd/raft/confchange"
	pb "go.etcd.io/etcd/raft/raftpb"
	"go.etcd.io/etcd/raft/tracker"
)

// Changes of the members. The library's entries say what changes, the protocol's what comes of it,
// so that one is made into the other by the configuration that the entry follows on.

// configuration is the members by name.
type configuration struct {
	Voters       []string `json:"voters"`
	Outgoing     []string `json:"outgoing,omitempty"`
	Learners     []string `json:"learners,omitempty"`
	LearnersNext []string `json:"learnersNext,omitempty"`
}

func (c *configuration) numbered(id func(string) uint64) pb.ConfState {
	list := func(names []string) (out []uint64) {
		sort.Strings(names)
		for _, name := range names {
			out = append(out, id(name))
		}
		return out
	}
	return pb.ConfState{
		Voters: list(c.Voters), VotersOutgoing: list(c.Outgoing), Learners: list(c.Learners),
		LearnersNext: list(c.LearnersNext),
	}
}

func named(cs pb.ConfState, name func(uint64) string) *configuration {
	list := func(ids []uint64) []string {
		out := make([]string, 0, len(ids))
		for _, id := range ids {
			out = append(out, name(id))
		}
		sort.Strings(out)
		return out
	}
	return &configuration{
		list(cs.Voters), list(cs.VotersOutgoing), list(cs.Learners), list(cs.LearnersNext),
	}
}

// follow is the configuration that a change makes of another, as the library itself applies it.
func follow(cs pb.ConfState, change pb.ConfChangeV2) (pb.ConfState, error) {
	at := confchange.Changer{Tracker: tracker.MakeProgressTracker(1), LastIndex: 1}
	config, progress, err := confchange.Restore(at, cs)
	if err != nil {
		return cs, err
	}
	at.Tracker.Config, at.Tracker.Progress = config, progress
	if change.LeaveJoint() {
		config, progress, err = at.LeaveJoint()
	} else if auto, joint := change.EnterJoint(); joint {
		config, progress, err = at.EnterJoint(auto, change.Changes...)
	} else {
		config, progress, err = at.Simple(change.Changes...)
	}
	if err != nil {
		return cs, err
	}
	at.Tracker.Config, at.Tracker.Progress = config, progress
	return at.Tracker.ConfState(), nil
}

// change is what leads from one configuration to another.
func change(from, to pb.ConfState) pb.ConfChangeV2 {
	if len(from.VotersOutgoing) > 0 && len(to.VotersOutgoing) == 0 {
		return pb.ConfChangeV2{}
	}
	var out pb.ConfChangeV2
	add := func(kind pb.ConfChangeType, ids, not []uint64) {
		for _, id := range ids {
			if !holds(not, id) {
				out.Changes = append(out.Changes, pb.ConfChangeSingle{Type: kind, NodeID: id})
			}
		}
	}
	learners := append(append([]uint64{}, to.Learners...), to.LearnersNext...)
	add(pb.ConfChangeAddNode, to.Voters, from.Voters)
	add(pb.ConfChangeAddLearnerNode, learners, from.Learners)
	all := append(append([]uint64{}, to.Voters...), learners...)
	add(pb.ConfChangeRemoveNode, append(append([]uint64{}, from.Voters...), from.Learners...), all)
	if len(to.VotersOutgoing) > 0 {
		out.Transition = pb.ConfChangeTransitionJointImplicit
	} else if len(out.Changes) == 0 && len(to.Voters) > 0 {
		// Without any the library takes it for the end of a joint configuration.
		add(pb.ConfChangeUpdateNode, to.Voters[:1], nil)
	}
	return out
}

// isIdle tells whether a change changes nothing.
func isIdle(change pb.ConfChangeV2) bool {
	return len(change.Changes) == 1 && change.Changes[0].Type == pb.ConfChangeUpdateNode
}

func holds(ids []uint64, id uint64) bool {
	for _, one := range ids {
		if one == id {
			return true
		}
	}
	return false
}

func repeats(ids []uint64) bool {
	for i, id := range ids {
		if holds(ids[i+1:], id) {
			return true
		}
	}
	return false
}

// decoded is the change that an entry holds.
func decoded(e pb.Entry) (pb.ConfChangeV2, error) {
	if e.Type == pb.EntryConfChange {
		var old pb.ConfChange
		err := old.Unmarshal(e.Data)
		return old.AsV2(), err
	}
	var change pb.ConfChangeV2
	return change, change.Unmarshal(e.Data)
}

// confAsOf is the configuration that the log up to an index leads to, applied or not.
func (n *node) confAsOf(index uint64) pb.ConfState {
	covered := n.base
	if snapshot, err := n.disk.Snapshot(); err == nil && covered < snapshot.Metadata.Index {
		covered = snapshot.Metadata.Index
	}
	if index < covered {
		return n.disk.confBefore(index)
	}
	conf, first := n.disk.conf, n.raft.LadderFirst()
	if first <= covered {
		first = covered + 1
	}
	if first > n.raft.LadderLast() {
		return conf
	}
	entries, err := n.raft.LadderEntries(first)
	if err != nil {
		return conf
	}
	for _, e := range entries {
		if e.Index > index {
			break
		}
		delete(n.disk.confs, e.Index)
		if e.Type == pb.EntryNormal {
			continue
		}
		if change, err := decoded(e); err == nil {
			conf, _ = follow(conf, change)
			n.disk.confs[e.Index] = conf
		}
	}
	return conf
}

// configure asks the library for a change; it answers with an entry, or with an empty one in place
// of a change that it does not take now.
func (n *node) configure(t *trace, asked *request) (outcome, error) {
	now := n.confAsOf(n.raft.LadderLast())
	wanted := pb.ConfChangeV2{}
	if !asked.Leave {
		target := (&configuration{Voters: asked.Voters, Learners: asked.Learners}).numbered(t.id)
		wanted = change(now, target)
		switch {
		case len(target.Voters) == 0:
			return outcome{"rejected", "empty"}, nil // the library would panic when it applies it
		case repeats(append(append([]uint64{}, target.Voters...), target.Learners...)):
			return outcome{"rejected", "repeated"}, nil // the library's changes can't say that
		case len(now.VotersOutgoing) > 0:
			return outcome{"rejected", "busy"}, nil
		case isIdle(wanted):
			return outcome{"rejected", "unchanged"}, nil
		case asked.Joint == "never" && len(wanted.Changes) > 1:
			return outcome{"rejected", "not-simple"}, nil
		case asked.Joint == "always":
			wanted.Transition = pb.ConfChangeTransitionJointImplicit
		case asked.Joint == "explicit":
			wanted.Transition = pb.ConfChangeTransitionJointExplicit
		}
	} else if len(now.VotersOutgoing) == 0 {
		return outcome{"rejected", "not-joint"}, nil
	}
	last := n.raft.LadderLast()
	if err := n.raft.ProposeConfChange(wanted); err != nil {
		return outcome{"rejected", "not-leader"}, nil
	}
	entries, err := n.raft.LadderEntries(last + 1)
	if err != nil {
		return outcome{}, err
	}
	for _, e := range entries {
		if e.Type != pb.EntryNormal {
			n.open = append(n.open, proposal{index: e.Index, term: e.Term, change: asked.Change})
			return outcome{}, nil
		}
	}
	return outcome{"rejected", "busy"}, nil
}

// transfer asks the library to hand over; it ignores a request that makes no sense.
func (n *node) transfer(t *trace, asked *request) (outcome, error) {
	to := t.id(asked.To)
	switch status := n.raft.Status(); {
	case !n.leads():
		return outcome{"rejected", "not-leader"}, nil
	case status.LeadTransferee != 0:
		return outcome{"rejected", "transferring"}, nil
	case to == n.id || !holds(n.conf.Voters, to):
		return outcome{"rejected", "unknown-server"}, nil
	}
	n.raft.TransferLeader(to)
	return outcome{}, nil
}

// applyChange puts a committed change in force.
func (n *node) applyChange(e pb.Entry) {
	change, err := decoded(e)
	if err != nil {
		panic(fmt.Sprintf("entry %d is no change of the members: %v", e.Index, err))
	}
	n.conf = *n.raft.ApplyConfChange(change)
}
