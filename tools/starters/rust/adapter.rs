//! An adapter: puts an implementation of Raft under raft-ladder's conformance suite.
//!
//! It runs as it is. Node is a voter that knows RequestVote and nothing else: put your
//! implementation in its place, and take up one operation after the other. In a crate of yours,
//! serde_json takes the place of the module json.
//!
//!   rustc --edition 2021 -O adapter.rs
//!   raft-ladder validate-adapter -- ./adapter    says what is wrong, and what comes next
//!   raft-ladder climb --adapter ./adapter        goes up the ladder, rung by rung
//!
//! Requests come a line each on standard input, answers go a line each to standard output, in
//! order; logs go to standard error. Spec/AdapterProtocol.md tells every operation and field.
//!
//! Next: the operations in the order of the ladder. Declare a capability in CAPABILITIES once its
//! operations work; what is not declared is not judged.
//!
//!   <next steps>

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

const CAPABILITIES: &str = r#"["messages","log.read","votedFor.read"]"#;

/// JSON values. Numbers are kept as they are written, strings with their escapes.
mod json {
    #[derive(Clone, Debug, PartialEq)]
    pub enum Value {
        Word(String), // a number, true, false or null
        Text(String),
        List(Vec<Value>),
        Object(Vec<(String, Value)>),
    }

    impl Value {
        pub fn get(&self, name: &str) -> Option<&Value> {
            let Value::Object(members) = self else { return None };
            members.iter().find(|(key, _)| key == name).map(|(_, value)| value)
        }

        pub fn text(&self) -> Option<&str> {
            if let Value::Text(text) = self { Some(text) } else { None }
        }

        /// A term or an index: a number, or above 2^53 a string of digits.
        pub fn number(&self) -> Option<u64> {
            match self {
                Value::Word(digits) | Value::Text(digits) => digits.parse().ok(),
                _ => None,
            }
        }

        pub fn list(&self) -> &[Value] {
            if let Value::List(values) = self { values } else { &[] }
        }
    }

    /// Reads one value; what is left of the text comes back with it.
    pub fn parse(text: &str) -> Option<(Value, &str)> {
        let text = text.trim_start();
        match text.chars().next()? {
            '"' => {
                let (text, rest) = parse_text(text)?;
                Some((Value::Text(text), rest))
            }
            '{' => {
                let (mut members, mut rest) = (Vec::new(), text[1..].trim_start());
                while !rest.starts_with('}') {
                    let (key, after) = parse_text(rest)?;
                    let (value, after) = parse(after.trim_start().strip_prefix(':')?)?;
                    members.push((key, value));
                    rest = after.trim_start().trim_start_matches(',').trim_start();
                }
                Some((Value::Object(members), &rest[1..]))
            }
            '[' => {
                let (mut values, mut rest) = (Vec::new(), text[1..].trim_start());
                while !rest.starts_with(']') {
                    let (value, after) = parse(rest)?;
                    values.push(value);
                    rest = after.trim_start().trim_start_matches(',').trim_start();
                }
                Some((Value::List(values), &rest[1..]))
            }
            _ => {
                let end = text.find([',', ']', '}', ' ']).unwrap_or(text.len());
                if end == 0 { None } else { Some((Value::Word(text[..end].into()), &text[end..])) }
            }
        }
    }

    fn parse_text(text: &str) -> Option<(String, &str)> {
        let text = text.strip_prefix('"')?;
        let mut is_escaped = false;
        for (place, character) in text.char_indices() {
            match character {
                '"' if !is_escaped => return Some((text[..place].into(), &text[place + 1..])),
                _ => is_escaped = character == '\\' && !is_escaped,
            }
        }
        None
    }

    /// Terms and indices are numbers, and above 2^53 strings of digits.
    pub fn written(number: u64) -> String {
        if number <= 1 << 53 { number.to_string() } else { format!("\"{number}\"") }
    }

    pub fn name(name: &Option<String>) -> String {
        name.as_ref().map_or("null".into(), |name| format!("\"{name}\""))
    }
}

use json::Value;

enum Refusal {
    /// A feature that is not there: the traces that need it do not apply.
    Unsupported { capability: String, reason: String },
    Error(String),
}

/// One server, booted from the durable state that `create` gives. Replace it by your own.
struct Node {
    term: u64,
    voted_for: Option<String>,
    log: Vec<(u64, String)>, // term and data in base64, since nothing here looks into it
}

impl Node {
    fn new(request: &Value) -> Node {
        let hard = request.get("hardState");
        let entry = |entry: &Value| {
            let term = entry.get("term").and_then(Value::number).unwrap_or(0);
            (term, entry.get("data").and_then(Value::text).unwrap_or("").to_string())
        };
        Node {
            term: hard.and_then(|hard| hard.get("term")?.number()).unwrap_or(0),
            voted_for: hard.and_then(|hard| Some(hard.get("votedFor")?.text()?.to_string())),
            log: request.get("log").map_or(vec![], |log| log.list().iter().map(entry).collect()),
        }
    }

    /// Takes a message; returns those that it sends, as pairs of receiver and message.
    fn receive(&mut self, from: &str, message: &Value) -> Result<Vec<(String, String)>, Refusal> {
        let kind = message.get("type").and_then(Value::text).unwrap_or("");
        if kind != "RequestVote" {
            let reason = "the starter knows RequestVote alone".into();
            return Err(Refusal::Unsupported { capability: kind.into(), reason });
        }
        let number = |name| message.get(name).and_then(Value::number).unwrap_or(0);
        let term = number("term");
        if term > self.term {
            (self.term, self.voted_for) = (term, None); // Raft paper, figure 2: all servers
        }
        let own = (self.log.last().map_or(0, |(term, _)| *term), self.log.len() as u64);
        let is_up_to_date = (number("lastLogTerm"), number("lastLogIndex")) >= own;
        let is_free = self.voted_for.as_deref().map_or(true, |voted| voted == from);
        let granted = term == self.term && is_free && is_up_to_date;
        if granted {
            self.voted_for = Some(from.into()); // Durable before it is told: write it here.
        }
        let term = json::written(self.term);
        let kind = "RequestVoteResponse";
        let answer = format!(r#"{{"type":"{kind}","term":{term},"granted":{granted}}}"#);
        Ok(vec![(from.into(), answer)])
    }

    /// What can change. All of it may be told every time, but for the log: that is a delta.
    fn state(&self, with_log: bool) -> String {
        let entry = |(term, data): &(u64, String)| {
            format!(r#"{{"term":{},"data":"{data}"}}"#, json::written(*term))
        };
        let log = self.log.iter().map(entry).collect::<Vec<_>>().join(",");
        let appended = if with_log { format!(r#","appended":[{log}]"#) } else { String::new() };
        let (term, vote) = (json::written(self.term), json::name(&self.voted_for));
        let changing = format!(r#""term":{term},"votedFor":{vote},"leader":null,"commitIndex":0"#);
        format!(r#"{{"status":"running","role":"follower",{changing}{appended}}}"#)
    }
}

/// The nodes of one trace, and the messages on their way by handle, for `deliver`.
#[derive(Default)]
struct Adapter {
    nodes: BTreeMap<String, Node>,
    in_flight: BTreeMap<u64, (String, String)>,
    handles: u64,
}

impl Adapter {
    /// Carries a request out; the result is the `ok` of the answer.
    fn perform(&mut self, request: &Value) -> Result<String, Refusal> {
        let text = |name| request.get(name).and_then(Value::text).unwrap_or("");
        match text("op") {
            "hello" => {
                let about = r#"{"name":"my raft","version":"0.1","language":"rust"}"#;
                let who = format!(r#""protocol":1,"implementation":{about}"#);
                Ok(format!(r#"{{{who},"capabilities":{CAPABILITIES},"window":1}}"#))
            }
            "begin" => {
                // Every node and message of the trace before is gone; `seed` is for randomness.
                *self = Adapter::default();
                Ok("{}".into())
            }
            "end" | "bye" => Ok("{}".into()),
            "create" => {
                let node = Node::new(request);
                let state = node.state(true);
                self.nodes.insert(text("node").into(), node);
                Ok(format!(r#"{{"state":{state}}}"#))
            }
            "state" => {
                let want = request.get("want").map_or(&[][..], Value::list);
                let with_log = want.iter().any(|field| field.text() == Some("log"));
                Ok(format!(r#"{{"state":{}}}"#, self.node(text("node"))?.state(with_log)))
            }
            "receive" => {
                let message = request.get("message").ok_or(Refusal::Error("no message".into()))?;
                let node = self.node(text("node"))?;
                let messages = node.receive(text("from"), message)?;
                let state = node.state(false);
                Ok(format!(r#"{{"sent":[{}],"state":{state}}}"#, self.send(messages)))
            }
            operation => Err(Refusal::Unsupported {
                capability: operation.into(),
                reason: "not implemented yet".into(),
            }),
        }
    }

    fn node(&mut self, name: &str) -> Result<&mut Node, Refusal> {
        self.nodes.get_mut(name).ok_or(Refusal::Error("there is no such node".into()))
    }

    /// Puts messages on their way: nothing is delivered before the suite asks for it.
    fn send(&mut self, messages: Vec<(String, String)>) -> String {
        let mut sent = Vec::new();
        for (to, message) in messages {
            self.handles += 1;
            sent.push(format!(
                r#"{{"handle":{},"to":"{to}","message":{message}}}"#,
                self.handles
            ));
            self.in_flight.insert(self.handles, (to, message));
        }
        sent.join(",")
    }
}

fn main() -> io::Result<()> {
    let mut adapter = Adapter::default();
    for line in io::stdin().lock().lines() {
        let request = json::parse(&line?).map_or(Value::Word("null".into()), |(value, _)| value);
        let id = json::written(request.get("id").and_then(Value::number).unwrap_or(0));
        let answer = match adapter.perform(&request) {
            Ok(result) => format!(r#""ok":{result}"#),
            Err(Refusal::Unsupported { capability, reason }) => {
                format!(r#""unsupported":{{"capability":"{capability}","reason":"{reason}"}}"#)
            }
            Err(Refusal::Error(message)) => format!(r#""error":{{"message":"{message}"}}"#),
        };
        let mut output = io::stdout().lock();
        writeln!(output, r#"{{"id":{id},{answer}}}"#)?;
        output.flush()?;
        if request.get("op").and_then(Value::text) == Some("bye") {
            break;
        }
    }
    Ok(())
}
