package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	pb "go.etcd.io/etcd/raft/raftpb"
)

// The lines of the protocol, and the library's messages in its words.

type request struct {
	ID        json.RawMessage `json:"id"`
	Op        string          `json:"op"`
	Protocols []int           `json:"protocols"`
	Seed      string          `json:"seed"`
	Node      string          `json:"node"`
	Voters    []string        `json:"voters"`
	Outgoing  []string        `json:"outgoing"`
	Learners  []string        `json:"learners"`
	Demoted   []string        `json:"learnersNext"`
	HardState struct {
		Term     number  `json:"term"`
		VotedFor *string `json:"votedFor"`
	} `json:"hardState"`
	Snapshot *snapshot `json:"snapshot"`
	Log      []entry   `json:"log"`
	Config   settings  `json:"config"`
	Times    int       `json:"times"`
	From     string    `json:"from"`
	Message  *message  `json:"message"`
	Handle   uint64    `json:"handle"`
	Data     []byte    `json:"data"`
	What     string    `json:"what"`
	Next     int       `json:"next"`
	Through  *position `json:"through"`
	All      bool      `json:"all"`
	Fails    bool      `json:"fails"`
	On       string    `json:"on"`
	Nth      int       `json:"nth"`
	Error    string    `json:"error"`
	Unsynced string    `json:"unsynced"`
	Wipe     bool      `json:"wipe"`
	Want     []string  `json:"want"`
	UpTo     number    `json:"upTo"`
	Change   string    `json:"change"`
	Joint    string    `json:"joint"`
	Leave    bool      `json:"leave"`
	Read     string    `json:"read"`
	To       string    `json:"to"`
}

type settings struct {
	ElectionTicks       *int    `json:"electionTicks"`
	HeartbeatTicks      *int    `json:"heartbeatTicks"`
	PreVote             *bool   `json:"preVote"`
	CheckQuorum         *bool   `json:"checkQuorum"`
	MaxEntriesPerAppend *int    `json:"maxEntriesPerAppend"`
	MaxBytesPerAppend   *uint64 `json:"maxBytesPerAppend"`
	MaxInflightAppends  *int    `json:"maxInflightAppends"`
	LeaseReads          *bool   `json:"leaseReads"`
	SnapshotChunk       *int    `json:"maxBytesPerSnapshotChunk"`
}

type answer struct {
	ID          json.RawMessage `json:"id"`
	OK          *result         `json:"ok,omitempty"`
	Unsupported *lack           `json:"unsupported,omitempty"`
	Error       *fault          `json:"error,omitempty"`
}

// lack is a feature that is not there.
type lack struct {
	Capability string `json:"capability"`
	Reason     string `json:"reason"`
}

func (l *lack) Error() string { return l.Capability + ": " + l.Reason }

type fault struct {
	Message string `json:"message"`
	Detail  string `json:"detail,omitempty"`
}

type result struct {
	Outcome        string              `json:"outcome,omitempty"`
	Why            string              `json:"why,omitempty"`
	Node           string              `json:"node,omitempty"`
	Sent           []sent              `json:"sent,omitempty"`
	State          *state              `json:"state,omitempty"`
	Results        []interface{}       `json:"results,omitempty"`
	Reads          []read              `json:"reads,omitempty"`
	Base           *position           `json:"base,omitempty"`
	Handle         uint64              `json:"handle,omitempty"`
	Protocol       int                 `json:"protocol,omitempty"`
	Implementation *implementation     `json:"implementation,omitempty"`
	Capabilities   []string            `json:"capabilities,omitempty"`
	Window         int                 `json:"window,omitempty"`
	Wire           map[string][]string `json:"wire,omitempty"`
}

type implementation struct {
	Name     string `json:"name"`
	Version  string `json:"version"`
	Language string `json:"language"`
	Homepage string `json:"homepage"`
}

type sent struct {
	Handle  uint64   `json:"handle"`
	To      string   `json:"to"`
	Message *message `json:"message"`
}

type fate struct {
	Data []byte `json:"data"`
	Fate string `json:"fate"`
}

type changeFate struct {
	Change string `json:"change"`
	Fate   string `json:"fate"`
}

// state holds what changed of a node since it was last told about.
type state struct {
	Status        string    `json:"status,omitempty"`
	Role          string    `json:"role,omitempty"`
	Term          *number   `json:"term,omitempty"`
	VotedFor      *server   `json:"votedFor,omitempty"`
	Leader        *server   `json:"leader,omitempty"`
	CommitIndex   *number   `json:"commitIndex,omitempty"`
	TruncatedFrom *number   `json:"truncatedFrom,omitempty"`
	FirstIndex    *number   `json:"firstIndex,omitempty"`
	Appended      []entry   `json:"appended,omitempty"`
	Snapshot      *position `json:"snapshot,omitempty"`
	Restored      *snapshot `json:"restored,omitempty"`
	Applied       []applied `json:"applied,omitempty"`

	Configuration *configuration `json:"configuration,omitempty"`
}

type position struct {
	Index number `json:"index"`
	Term  number `json:"term"`
}

type entry struct {
	Term number `json:"term"`
	Data []byte `json:"data"`
	Kind string `json:"kind,omitempty"`

	Configuration *configuration `json:"configuration,omitempty"`
}

type applied struct {
	Index number `json:"index"`
	entry
}

type message struct {
	Type         string    `json:"type"`
	Term         *number   `json:"term,omitempty"`
	LastLogIndex *number   `json:"lastLogIndex,omitempty"`
	LastLogTerm  *number   `json:"lastLogTerm,omitempty"`
	Disrupt      bool      `json:"disrupt,omitempty"`
	Granted      *bool     `json:"granted,omitempty"`
	PrevLogIndex *number   `json:"prevLogIndex,omitempty"`
	PrevLogTerm  *number   `json:"prevLogTerm,omitempty"`
	Entries      *[]entry  `json:"entries,omitempty"`
	LeaderCommit *number   `json:"leaderCommit,omitempty"`
	Success      *bool     `json:"success,omitempty"`
	MatchIndex   *number   `json:"matchIndex,omitempty"`
	Hint         *position `json:"hint,omitempty"`
	Context      string    `json:"context,omitempty"`
	LastIncluded *position `json:"lastIncluded,omitempty"`
	Offset       *number   `json:"offset,omitempty"`
	Data         []byte    `json:"data,omitempty"`
	Done         *bool     `json:"done,omitempty"`
	NextOffset   *number   `json:"nextOffset,omitempty"`
	Installed    *bool     `json:"installed,omitempty"`
	Index        *number   `json:"index,omitempty"`

	Configuration *configuration `json:"configuration,omitempty"`
}

// number is written as a string of digits above 2^53.
type number uint64

func (n number) MarshalJSON() ([]byte, error) {
	digits := strconv.FormatUint(uint64(n), 10)
	if n > 1<<53 {
		digits = `"` + digits + `"`
	}
	return []byte(digits), nil
}

func (n *number) UnmarshalJSON(text []byte) error {
	value, err := strconv.ParseUint(strings.Trim(string(text), `"`), 10, 64)
	*n = number(value)
	return err
}

// server is a name, or null where it is empty.
type server string

func (s server) MarshalJSON() ([]byte, error) {
	if s == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(s))
}

// In the library the entry with which a leader begins its term has no data; a command's data can be
// empty, but is there.
func shown(e pb.Entry, conf func(uint64) *configuration) entry {
	out := entry{Term: number(e.Term), Data: e.Data}
	if e.Type != pb.EntryNormal {
		out.Kind, out.Data, out.Configuration = "configuration", []byte{}, conf(e.Index)
	} else if e.Data == nil {
		out.Kind, out.Data = "internal", []byte{}
	}
	return out
}

// taken gives entries of the protocol their positions after `previous`, where the configuration is
// `conf`.
func taken(
	entries []entry, previous uint64, conf pb.ConfState, id func(string) uint64,
) ([]pb.Entry, error) {
	out := make([]pb.Entry, len(entries))
	for i, e := range entries {
		out[i] = pb.Entry{Term: uint64(e.Term), Index: previous + 1 + uint64(i), Data: e.Data}
		switch e.Kind {
		case "", "command":
			if e.Data == nil {
				out[i].Data = []byte{}
			}
		case "internal":
			out[i].Data = nil
		case "configuration":
			if e.Configuration == nil {
				return nil, errors.New("an entry of kind 'configuration' has no 'configuration'")
			}
			target := e.Configuration.numbered(id)
			step := change(conf, target)
			data, err := step.Marshal()
			if err != nil {
				return nil, err
			}
			conf, out[i].Type, out[i].Data = target, pb.EntryConfChangeV2, data
		default:
			return nil, fmt.Errorf("there is no entry of kind '%s'", e.Kind)
		}
	}
	return out, nil
}

// campaignTransfer marks, in the library, the request of a candidate that was told to stand.
const campaignTransfer = "CampaignTransfer"

// wire writes a message of the library in the words of the protocol.
func wire(
	m pb.Message, conf func(uint64) *configuration, name func(uint64) string,
) *message {
	index, logTerm, agreed := number(m.Index), number(m.LogTerm), !m.Reject
	commit, term := number(m.Commit), number(m.Term)
	out := &message{Term: &term}
	switch m.Type {
	case pb.MsgVote, pb.MsgPreVote:
		out.Type = "RequestVote"
		if m.Type == pb.MsgPreVote {
			out.Type = "PreVote"
		}
		out.LastLogIndex, out.LastLogTerm = &index, &logTerm
		out.Disrupt = string(m.Context) == campaignTransfer
	case pb.MsgVoteResp:
		out.Type, out.Granted = "RequestVoteResponse", &agreed
	case pb.MsgPreVoteResp:
		out.Type, out.Granted = "PreVoteResponse", &agreed
	case pb.MsgApp:
		entries := make([]entry, len(m.Entries))
		for i, e := range m.Entries {
			entries[i] = shown(e, conf)
		}
		out.Type, out.Entries, out.LeaderCommit = "AppendEntries", &entries, &commit
		out.PrevLogIndex, out.PrevLogTerm = &index, &logTerm
	case pb.MsgAppResp:
		out.Type, out.Success = "AppendEntriesResponse", &agreed
		if agreed {
			out.MatchIndex = &index
		} else {
			out.PrevLogIndex = &index
		}
	case pb.MsgHeartbeat:
		out.Type, out.LeaderCommit, out.Context = "Heartbeat", &commit, string(m.Context)
	case pb.MsgHeartbeatResp:
		out.Type, out.Context = "HeartbeatResponse", string(m.Context)
	case pb.MsgSnap:
		meta, whole, start := m.Snapshot.Metadata, true, number(0)
		out.Type, out.Done, out.Offset, out.Data = "InstallSnapshot", &whole, &start, m.Snapshot.Data
		out.LastIncluded = &position{number(meta.Index), number(meta.Term)}
		out.Configuration = named(meta.ConfState, name)
	case pb.MsgReadIndex, pb.MsgReadIndexResp:
		out.Type, out.Term, out.Context = "ReadIndex", nil, string(m.Entries[0].Data)
		if m.Type == pb.MsgReadIndexResp {
			out.Type, out.Term, out.Index = "ReadIndexResponse", &term, &index
		}
	case pb.MsgTimeoutNow:
		out.Type = "TimeoutNow"
	default:
		panic(fmt.Sprintf("the library sent a %s, which this adapter does not know", m.Type))
	}
	return out
}

// library writes a message of the protocol as the library's own.
func library(
	in *message, from uint64, n *node, id func(string) uint64,
) (m pb.Message, err error) {
	need := func(field string, value *number) uint64 {
		if value == nil {
			if err == nil {
				err = fmt.Errorf("the %s has no field '%s'", in.Type, field)
			}
			return 0
		}
		return uint64(*value)
	}
	flag := func(field string, value *bool) bool {
		if value == nil && err == nil {
			err = fmt.Errorf("the %s has no field '%s'", in.Type, field)
		}
		return value != nil && *value
	}
	m = pb.Message{From: from, To: n.id, Term: need("term", in.Term), Context: []byte(in.Context)}
	if in.Context == "" {
		m.Context = nil
	}
	switch in.Type {
	case "RequestVote", "PreVote":
		m.Type = pb.MsgVote
		if in.Type == "PreVote" {
			m.Type = pb.MsgPreVote
		}
		m.Index, m.LogTerm = need("lastLogIndex", in.LastLogIndex), need("lastLogTerm", in.LastLogTerm)
		if in.Disrupt {
			m.Context = []byte(campaignTransfer)
		}
	case "RequestVoteResponse":
		m.Type, m.Reject = pb.MsgVoteResp, !flag("granted", in.Granted)
	case "PreVoteResponse":
		m.Type, m.Reject = pb.MsgPreVoteResp, !flag("granted", in.Granted)
	case "AppendEntries":
		m.Type, m.Commit = pb.MsgApp, need("leaderCommit", in.LeaderCommit)
		m.Index, m.LogTerm = need("prevLogIndex", in.PrevLogIndex), need("prevLogTerm", in.PrevLogTerm)
		if in.Entries != nil && err == nil {
			m.Entries, err = taken(*in.Entries, m.Index, n.confAsOf(m.Index), id)
		}
	case "Heartbeat":
		// The library's leaders send no more of their commit index than the follower is known to hold.
		m.Type, m.Commit = pb.MsgHeartbeat, need("leaderCommit", in.LeaderCommit)
		if matched := need("prevLogIndex", in.PrevLogIndex); matched < m.Commit {
			m.Commit = matched
		}
	case "AppendEntriesResponse":
		m.Type = pb.MsgAppResp
		if flag("success", in.Success) {
			m.Index = need("matchIndex", in.MatchIndex)
			break
		}
		m.Reject, m.Index = true, need("prevLogIndex", in.PrevLogIndex)
		if in.Hint != nil {
			m.RejectHint = uint64(in.Hint.Index)
		} else if m.Index > 0 {
			m.RejectHint = m.Index - 1
		}
	case "HeartbeatResponse":
		m.Type = pb.MsgHeartbeatResp
	case "TimeoutNow":
		m.Type = pb.MsgTimeoutNow
	case "InstallSnapshot":
		m.Type = pb.MsgSnap
		if in.LastIncluded == nil || in.Configuration == nil || !flag("done", in.Done) ||
			need("offset", in.Offset) != 0 {
			return m, &lack{"snapshot.chunks", "the library sends a snapshot as one message"}
		}
		m.Snapshot.Data, m.Snapshot.Metadata = in.Data, pb.SnapshotMetadata{
			Index: uint64(in.LastIncluded.Index), Term: uint64(in.LastIncluded.Term),
			ConfState: in.Configuration.numbered(id),
		}
	case "InstallSnapshotResponse":
		// The library answers a snapshot as it answers entries; that it could not be delivered, the
		// sender's transport reports.
		if in.LastIncluded == nil {
			return m, errors.New("the InstallSnapshotResponse has no field 'lastIncluded'")
		}
		m.Type, m.Index = pb.MsgAppResp, uint64(in.LastIncluded.Index)
		if !flag("installed", in.Installed) {
			m.Type, m.Reject = pb.MsgSnapStatus, true
		}
	case "ReadIndex", "ReadIndexResponse":
		m.Type, m.Context = pb.MsgReadIndex, nil
		m.Entries = []pb.Entry{{Data: []byte(in.Context)}}
		if in.Type == "ReadIndexResponse" {
			m.Type, m.Index = pb.MsgReadIndexResp, need("index", in.Index)
		} else {
			m.Term, err = 0, nil
		}
	default:
		err = fmt.Errorf("there is no message '%s'", in.Type)
	}
	return m, err
}
