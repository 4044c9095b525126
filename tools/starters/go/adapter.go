// An adapter: puts an implementation of Raft under raft-ladder's conformance suite.
//
// It runs as it is. Node is a voter that knows RequestVote and nothing else: put your
// implementation in its place, and take up one operation after the other.
//
//	go build -o adapter adapter.go
//	raft-ladder validate-adapter -- ./adapter    says what is wrong, and what comes next
//	raft-ladder climb --adapter ./adapter        goes up the ladder, rung by rung
//
// Requests come a line each on standard input, answers go a line each to standard output, in order;
// logs go to standard error. Spec/AdapterProtocol.md tells every operation and field.
//
// Next: the operations in the order of the ladder. Declare a capability in capabilities once its
// operations work; what is not declared is not judged.
//
//	<next steps>
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
)

var capabilities = []string{"messages", "log.read", "votedFor.read"}

// number is a term, an index or a handle: above 2^53 it is written as a string of digits.
type number uint64

func (n *number) UnmarshalJSON(text []byte) error {
	value, err := strconv.ParseUint(strings.Trim(string(text), `"`), 10, 64)
	*n = number(value)
	return err
}

func (n number) MarshalJSON() ([]byte, error) {
	if n <= 1<<53 {
		return strconv.AppendUint(nil, uint64(n), 10), nil
	}
	return strconv.AppendQuote(nil, strconv.FormatUint(uint64(n), 10)), nil
}

type entry struct {
	Term number `json:"term"`
	Kind string `json:"kind,omitempty"`
	Data []byte `json:"data"` // encoding/json reads and writes bytes as base64
}

// message is one that comes in, with the fields that are looked at so far.
type message struct {
	Type         string `json:"type"`
	Term         number `json:"term"`
	LastLogIndex number `json:"lastLogIndex"`
	LastLogTerm  number `json:"lastLogTerm"`
}

type request struct {
	ID        json.RawMessage `json:"id"`
	Op        string          `json:"op"`
	Protocols []int           `json:"protocols"`
	Seed      string          `json:"seed"`
	Node      string          `json:"node"`
	HardState struct {
		Term     number  `json:"term"`
		VotedFor *string `json:"votedFor"`
	} `json:"hardState"`
	Log     []entry  `json:"log"`
	From    string   `json:"from"`
	Message message  `json:"message"`
	Want    []string `json:"want"`
}

type sent struct {
	Handle  number `json:"handle"`
	To      string `json:"to"`
	Message object `json:"message"`
}

// state is what can change. All of it may be told every time, but for the log: that is a delta.
type state struct {
	Status      string  `json:"status"`
	Role        string  `json:"role"`
	Term        number  `json:"term"`
	VotedFor    *string `json:"votedFor"` // nil is null: nobody
	Leader      *string `json:"leader"`
	CommitIndex number  `json:"commitIndex"`
	Appended    []entry `json:"appended,omitempty"`
}

type object map[string]any

// unsupported is a feature that is not there: the traces that need it do not apply.
type unsupported struct{ capability, reason string }

func (u unsupported) Error() string { return u.capability + ": " + u.reason }

// Node is one server, booted from the durable state that create gives. Replace it by your own.
type Node struct {
	state state
	log   []entry // from index 1 on
}

func newNode(r *request) *Node {
	boot := state{Status: "running", Role: "follower"}
	boot.Term, boot.VotedFor = r.HardState.Term, r.HardState.VotedFor
	return &Node{state: boot, log: r.Log}
}

// receive takes a message; it returns those that the node sends, handles not yet given.
func (n *Node) receive(from string, m message) ([]sent, error) {
	if m.Type != "RequestVote" {
		return nil, unsupported{m.Type, "the starter knows RequestVote alone"}
	}
	if m.Term > n.state.Term { // Raft paper, figure 2: rules for all servers
		n.state.Term, n.state.VotedFor, n.state.Role = m.Term, nil, "follower"
	}
	var lastTerm number
	if len(n.log) > 0 {
		lastTerm = n.log[len(n.log)-1].Term
	}
	upToDate := m.LastLogTerm > lastTerm ||
		m.LastLogTerm == lastTerm && m.LastLogIndex >= number(len(n.log))
	free := n.state.VotedFor == nil || *n.state.VotedFor == from
	granted := m.Term == n.state.Term && free && upToDate
	if granted {
		n.state.VotedFor = &from // Durable before it is told: write it to your disk here.
	}
	answer := object{"type": "RequestVoteResponse", "term": n.state.Term, "granted": granted}
	return []sent{{To: from, Message: answer}}, nil
}

// Adapter holds the nodes of one trace.
type Adapter struct {
	nodes    map[string]*Node
	inFlight map[number]sent // the messages on their way, for deliver
	handles  number
}

func newAdapter() *Adapter {
	return &Adapter{nodes: map[string]*Node{}, inFlight: map[number]sent{}}
}

// perform carries a request out; its result is the ok of the answer.
func (a *Adapter) perform(r *request) (object, error) {
	switch r.Op {
	case "hello":
		implementation := object{"name": "my raft", "version": "0.1", "language": "go"}
		return object{"protocol": 1, "implementation": implementation,
			"capabilities": capabilities, "window": 1}, nil
	case "begin": // Every node and message of the trace before is gone; r.Seed is for randomness.
		*a = *newAdapter()
		return object{}, nil
	case "end", "bye":
		return object{}, nil
	case "create":
		node := newNode(r)
		a.nodes[r.Node] = node
		whole := node.state
		whole.Appended = node.log
		return object{"state": whole}, nil
	case "state", "receive":
		node := a.nodes[r.Node]
		if node == nil {
			return nil, fmt.Errorf("there is no node '%s'", r.Node)
		}
		if r.Op == "state" {
			whole := node.state
			for _, field := range r.Want {
				if field == "log" {
					whole.Appended = node.log
				}
			}
			return object{"state": whole}, nil
		}
		messages, err := node.receive(r.From, r.Message)
		if err != nil {
			return nil, err
		}
		return object{"sent": a.send(messages), "state": node.state}, nil
	}
	return nil, unsupported{r.Op, "not implemented yet"}
}

// send puts messages on their way: nothing is delivered before the suite asks for it.
func (a *Adapter) send(messages []sent) []sent {
	for i := range messages {
		a.handles++
		messages[i].Handle = a.handles
		a.inFlight[a.handles] = messages[i]
	}
	return messages
}

// answer is the answer to one line. Whatever goes wrong, there is one.
func answer(a *Adapter, line []byte, r *request) (reply object) {
	defer func() {
		if reason := recover(); reason != nil {
			reply = object{"id": r.ID, "error": object{"message": fmt.Sprint(reason)}}
		}
	}()
	if err := json.Unmarshal(line, r); err != nil {
		return object{"id": 0, "error": object{"message": err.Error()}}
	}
	result, err := a.perform(r)
	if missing, ok := err.(unsupported); ok {
		detail := object{"capability": missing.capability, "reason": missing.reason}
		return object{"id": r.ID, "unsupported": detail}
	}
	if err != nil {
		return object{"id": r.ID, "error": object{"message": err.Error()}}
	}
	return object{"id": r.ID, "ok": result}
}

func main() {
	adapter := newAdapter()
	input, output := bufio.NewReader(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			return
		}
		var r request
		if output.Encode(answer(adapter, line, &r)) != nil || r.Op == "bye" {
			return
		}
	}
}
