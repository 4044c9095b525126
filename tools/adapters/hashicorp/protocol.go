package main

import (
	"encoding/json"
	"fmt"
)

// Request is any request of the suite; the fields that an operation lacks are empty.
type Request struct {
	ID        json.Number `json:"id"`
	Op        string      `json:"op"`
	Protocols []int       `json:"protocols"`
	Seed      string      `json:"seed"`
	Node      string      `json:"node"`
	From      string      `json:"from"`
	Voters    []string    `json:"voters"`
	HardState struct {
		Term     uint64 `json:"term"`
		VotedFor string `json:"votedFor"`
	} `json:"hardState"`
	Log      []Entry  `json:"log"`
	Config   Settings `json:"config"`
	Message  *Message `json:"message"`
	Handle   uint64   `json:"handle"`
	Data     []byte   `json:"data"`
	Unsynced string   `json:"unsynced"`
	Wipe     bool     `json:"wipe"`
	Want     []string `json:"want"`
	What     string   `json:"what"`
}

// Settings are those that a trace can ask for.
type Settings struct {
	PreVote             bool `json:"preVote"`
	CheckQuorum         bool `json:"checkQuorum"`
	MaxEntriesPerAppend int  `json:"maxEntriesPerAppend"`
	MaxBytesPerAppend   int  `json:"maxBytesPerAppend"`
	MaxInflightAppends  int  `json:"maxInflightAppends"`
}

// Entry is an entry of a log; Index is told of applied entries alone.
type Entry struct {
	Index uint64 `json:"index,omitempty"`
	Term  uint64 `json:"term"`
	Data  []byte `json:"data"`
	Kind  string `json:"kind,omitempty"`
}

// Position names a place in a log.
type Position struct {
	Index uint64 `json:"index"`
	Term  uint64 `json:"term"`
}

// Message is any message in the canonical form.
type Message struct {
	Type         string    `json:"type"`
	Term         uint64    `json:"term"`
	LastLogIndex *uint64   `json:"lastLogIndex,omitempty"`
	LastLogTerm  *uint64   `json:"lastLogTerm,omitempty"`
	Disrupt      bool      `json:"disrupt,omitempty"`
	Granted      *bool     `json:"granted,omitempty"`
	PrevLogIndex *uint64   `json:"prevLogIndex,omitempty"`
	PrevLogTerm  *uint64   `json:"prevLogTerm,omitempty"`
	Entries      *[]Entry  `json:"entries,omitempty"`
	LeaderCommit *uint64   `json:"leaderCommit,omitempty"`
	Success      *bool     `json:"success,omitempty"`
	MatchIndex   *uint64   `json:"matchIndex,omitempty"`
	Hint         *Position `json:"hint,omitempty"`
}

// Sent is a message that a node sent.
type Sent struct {
	Handle  uint64  `json:"handle"`
	To      string  `json:"to"`
	Message Message `json:"message"`
}

// State tells what changed; its keys are the protocol's.
type State map[string]interface{}

// Fate is what a client is told of its command.
type Fate struct {
	Data []byte `json:"data"`
	Fate string `json:"fate"`
}

// Result is the body of an answer that is neither a refusal nor an error.
type Result struct {
	Outcome        string              `json:"outcome,omitempty"`
	Why            string              `json:"why,omitempty"`
	Node           string              `json:"node,omitempty"`
	Sent           []Sent              `json:"sent,omitempty"`
	State          State               `json:"state,omitempty"`
	Results        []Fate              `json:"results,omitempty"`
	Base           *Position           `json:"base,omitempty"`
	Handle         uint64              `json:"handle,omitempty"`
	Protocol       int                 `json:"protocol,omitempty"`
	Implementation map[string]string   `json:"implementation,omitempty"`
	Capabilities   []string            `json:"capabilities,omitempty"`
	Window         int                 `json:"window,omitempty"`
	Wire           map[string][]string `json:"wire,omitempty"`
}

// Refusal answers a request for what the implementation does not have.
type Refusal struct {
	Capability string `json:"capability"`
	Reason     string `json:"reason"`
}

// Fault answers a request that can't be carried out.
type Fault struct {
	Message string `json:"message"`
	Detail  string `json:"detail"`
}

// Answer is one line on standard output.
type Answer struct {
	ID          json.Number `json:"id"`
	OK          *Result     `json:"ok,omitempty"`
	Unsupported *Refusal    `json:"unsupported,omitempty"`
	Error       *Fault      `json:"error,omitempty"`
}

func (r *Refusal) Error() string { return r.Reason }

func unsupported(capability, format string, values ...interface{}) error {
	return &Refusal{Capability: capability, Reason: fmt.Sprintf(format, values...)}
}

func number(value uint64) *uint64 { return &value }

func truth(value bool) *bool { return &value }

func valueOf(field *uint64) uint64 {
	if field == nil {
		return 0
	}
	return *field
}
