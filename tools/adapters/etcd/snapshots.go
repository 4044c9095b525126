package main

import (
	"encoding/binary"
	"fmt"

	"go.etcd.io/etcd/raft"
	pb "go.etcd.io/etcd/raft/raftpb"
)

// Snapshots of the state machine, a list of commands, and linearizable reads of it.

// snapshot is one as the protocol writes it.
type snapshot struct {
	position
	Configuration *configuration `json:"configuration,omitempty"`
	Commands      [][]byte       `json:"commands"`

	conf pb.ConfState
}

// packed is the canonical form of the commands, which the library's snapshots carry here.
func packed(commands [][]byte) []byte {
	var out []byte
	for _, command := range commands {
		out = binary.BigEndian.AppendUint32(out, uint32(len(command)))
		out = append(out, command...)
	}
	return out
}

func unpacked(data []byte) ([][]byte, error) {
	out := [][]byte{}
	for offset := 0; offset < len(data); {
		rest := data[offset:]
		if len(rest) < 4 || uint64(len(rest)-4) < uint64(binary.BigEndian.Uint32(rest)) {
			return nil, fmt.Errorf("the snapshot's command at byte %d is cut short", offset)
		}
		length := int(binary.BigEndian.Uint32(rest))
		out = append(out, rest[4:4+length])
		offset += 4 + length
	}
	return out, nil
}

// restore puts a snapshot in place of what the state machine holds.
func (n *node) restore(from pb.Snapshot) {
	commands, err := unpacked(from.Data)
	if err != nil {
		panic(err)
	}
	meta := from.Metadata
	n.conf = meta.ConfState
	n.appliedTo, n.commands, n.applied, n.due = meta.Index, commands, nil, nil
	n.origin = &snapshot{
		position: position{number(meta.Index), number(meta.Term)}, Commands: commands, conf: meta.ConfState,
	}
	n.told.applied, n.told.restored = 0, false
}

// snapshot writes the state machine's state, as of the last entry applied.
func (n *node) snapshot() (outcome, error) {
	// The write that a fault may meet is the snapshot's alone.
	written := pb.Snapshot{Metadata: pb.SnapshotMetadata{Index: n.appliedTo}}
	if fault := n.disk.meet(&n.faults, &raft.Ready{Snapshot: written}); fault != nil {
		if fault.effect == "crash" {
			n.stop("crashed")
		} else {
			n.stop("halted")
		}
		return outcome{}, nil
	}
	conf := n.confAsOf(n.appliedTo)
	_, err := n.disk.CreateSnapshot(n.appliedTo, &conf, packed(n.commands))
	if err == raft.ErrSnapOutOfDate {
		return outcome{}, nil // it is there already
	} else if err != nil {
		return outcome{"rejected", err.Error()}, nil
	}
	n.disk.conf = conf
	n.disk.sync()
	if n.disk.state.Commit < n.appliedTo {
		n.disk.state.Commit = n.appliedTo
	}
	return outcome{}, nil
}

// compact discards entries that the snapshot covers; that it does, the library leaves to its user.
func (n *node) compact(upTo uint64) (outcome, error) {
	covered, err := n.disk.Snapshot()
	if err != nil {
		return outcome{}, err
	}
	if upTo > covered.Metadata.Index {
		return outcome{"rejected", "not-covered"}, nil
	}
	if err := n.disk.Compact(upTo); err != nil && err != raft.ErrCompacted {
		return outcome{}, err
	}
	return outcome{}, nil
}

// read is a client's that waits.
type read struct {
	ID    string `json:"read"`
	Fate  string `json:"fate"`
	Index number `json:"index,omitempty"`
	token string
	ready bool
}

// startRead asks the library for a read index.
func (n *node) startRead(id string) (outcome, error) {
	if n.raft.BasicStatus().Lead == raft.None {
		return outcome{"rejected", "not-leader"}, nil
	}
	n.tokens++
	token := fmt.Sprintf("%s/%d/%d", n.name, n.lives, n.tokens)
	n.reads = append(n.reads, read{ID: id, token: token})
	n.raft.ReadIndex([]byte(token))
	return outcome{}, nil
}

// confirm notes the read indices that the library has confirmed.
func (n *node) confirm(states []raft.ReadState) {
	for _, confirmed := range states {
		for i := range n.reads {
			if n.reads[i].token == string(confirmed.RequestCtx) {
				n.reads[i].ready, n.reads[i].Index = true, number(confirmed.Index)
			}
		}
	}
}

// serve answers the reads whose index is applied, from what is applied now.
func (n *node) serve() {
	var left []read
	for _, r := range n.reads {
		if r.ready && uint64(r.Index) <= n.appliedTo {
			r.Fate, r.Index = "done", number(n.appliedTo)
			n.served = append(n.served, r)
		} else {
			left = append(left, r)
		}
	}
	n.reads = left
}

// failReads gives up what the leader of a term that is over was asked.
func (n *node) failReads() {
	var left []read
	for _, r := range n.reads {
		if r.ready {
			left = append(left, r)
		} else {
			r.Fate = "lost"
			n.served = append(n.served, r)
		}
	}
	n.reads = left
}
