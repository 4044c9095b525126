// An adapter that puts etcd's raft library under the suite: Spec/AdapterProtocol.md on standard
// input and output.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"go.etcd.io/etcd/raft"
)

// version of the library, set by the build.
var version = "unknown"

// What the library can do, and the shell around it (node.go, storage.go). append.limit is absent:
// the library limits bytes, not entries. So is snapshot.chunks: a snapshot is one message.
var capabilities = []string{
	"messages", "clock", "timeout", "election", "campaign", "lapse", "heartbeat.beat", "pre-vote",
	"check-quorum", "responses.unsolicited", "links.duplicate", "links.reorder", "propose", "results",
	"log.read", "votedFor.read", "ledger.read", "append.limit-bytes", "inflight.limit",
	"storage.async.entries", "storage.async.vote", "storage.async.sync", "storage.fault", "crash",
	"crash.torn", "crash.points", "disk.wipe", "apply.hold", "snapshot", "learners", "config.simple",
	"config.joint", "config.read", "transfer", "read.index", "read.forward", "read.lease",
}

func main() {
	base := flag.Uint64("base", 0, "the index after which logs start, as if compacted up to there")
	verbose := flag.Bool("log", false, "write the library's own log to standard error")
	flag.Parse()
	if !*verbose {
		raft.SetLogger(quiet{&raft.DefaultLogger{}})
	}
	if err := serve(os.Stdin, os.Stdout, *base); err != nil {
		fmt.Fprintln(os.Stderr, "etcd-adapter:", err)
		os.Exit(1)
	}
}

// serve answers request after request, until `bye` or the end of the input. What is answered is
// written out when no further request is waiting.
func serve(input io.Reader, output io.Writer, base uint64) error {
	in := bufio.NewReaderSize(input, 1<<16)
	out := bufio.NewWriterSize(output, 1<<16)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	current := newTrace("", base)
	for {
		line, err := in.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			var asked request
			reply := answer{}
			if problem := json.Unmarshal(line, &asked); problem != nil {
				reply.Error = &fault{Message: "not a request: " + problem.Error()}
			} else {
				if asked.Op == "begin" {
					current = newTrace(asked.Seed, base)
				}
				reply = respond(current, &asked)
			}
			if len(asked.ID) > 0 {
				reply.ID = asked.ID
			}
			if problem := encoder.Encode(&reply); problem != nil {
				return problem
			}
			if asked.Op == "bye" {
				return nil
			}
		}
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if in.Buffered() == 0 {
			if problem := out.Flush(); problem != nil {
				return problem
			}
		}
	}
}

// respond carries a request out. The library panics where etcd's server would die; here that is an
// error, and the node is gone.
func respond(current *trace, asked *request) (reply answer) {
	defer func() {
		if reason := recover(); reason != nil {
			current.abandon()
			reply = answer{Error: &fault{Message: fmt.Sprint(reason), Detail: string(debug.Stack())}}
		}
	}()
	if asked.Op == "hello" {
		return hello(asked)
	}
	done, err := current.perform(asked)
	switch problem := err.(type) {
	case nil:
		return answer{OK: done}
	case *lack:
		return answer{Unsupported: problem}
	default:
		return answer{Error: &fault{Message: err.Error()}}
	}
}

func hello(asked *request) answer {
	for _, protocol := range asked.Protocols {
		if protocol == 1 {
			return answer{OK: &result{
				Protocol: 1,
				Implementation: &implementation{
					Name: "etcd raft", Version: version, Language: "go",
					Homepage: "https://github.com/etcd-io/etcd/tree/release-3.4/raft",
				},
				Capabilities: capabilities,
				Window:       64,
				Wire: map[string][]string{
					"Heartbeat":             {"term", "leaderCommit"},
					"HeartbeatResponse":     {"term"},
					"ReadIndex":             {"context"},
					"AppendEntriesResponse": {"term", "success", "matchIndex", "prevLogIndex"},
				},
			}}
		}
	}
	return answer{Error: &fault{
		Message: fmt.Sprintf("of the protocols %v none is spoken here; 1 is", asked.Protocols)}}
}

// quiet is a logger that only panics.
type quiet struct{ raft.Logger }

func (quiet) Debug(...interface{})            {}
func (quiet) Debugf(string, ...interface{})   {}
func (quiet) Info(...interface{})             {}
func (quiet) Infof(string, ...interface{})    {}
func (quiet) Warning(...interface{})          {}
func (quiet) Warningf(string, ...interface{}) {}
func (quiet) Error(...interface{})            {}
func (quiet) Errorf(string, ...interface{})   {}
func (quiet) Panic(v ...interface{})          { panic(fmt.Sprint(v...)) }
func (quiet) Panicf(f string, v ...interface{}) {
	panic(fmt.Sprintf(f, v...))
}
