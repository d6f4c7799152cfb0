//! A model that plays a script: enough of the Responses API, as server-sent events, for the real Codex.
//!
//! Which turn it plays is the number of tool outputs in the request, so a request that is tried again gets the
//! same answer; which of several scripts, a text that only the wanted conversation holds. Not here: any other
//! wire format. Start at [`ModelServer::start`].

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What the model does in a turn, one after the other.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// Says something.
    Say(String),
    /// Calls a function.
    Call { name: &'static str, arguments: Value },
    /// Calls a tool of our MCP server.
    Mcp { tool: &'static str, arguments: Value },
    /// Calls a tool that takes free text.
    Custom { name: &'static str, input: String },
    /// Answers with an HTTP error instead.
    Refuse { status: u16, body: Value },
    /// Fails within the stream.
    Fail { code: &'static str, message: &'static str },
    /// Ends the stream in the middle.
    Cut,
    /// Never answers.
    Hang,
}

/// What is played in the conversation whose input holds a text (every one holds the empty text).
pub(crate) type Script = (&'static str, Vec<Vec<Act>>);

/// Tokens told for each answer: input, cached, output, reasoning.
pub(crate) const USAGE: (u64, u64, u64, u64) = (1000, 400, 50, 10);

/// The running server; dropped, it is gone.
#[derive(Debug)]
pub(crate) struct ModelServer {
    /// Where it listens, for a provider's `base_url`.
    pub(crate) base_url: String,
    requests: Arc<Mutex<Vec<Value>>>,
    _serving: JoinSet<()>,
}

impl ModelServer {
    /// Listens on a free port of the loopback and plays `turns`.
    pub(crate) async fn start(turns: Vec<Vec<Act>>) -> Self {
        Self::start_scripts(vec![("", turns)]).await
    }

    /// As [`Self::start`], a script for each conversation: the first that fits is played, else the last.
    pub(crate) async fn start_scripts(scripts: Vec<Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        let scripts: Arc<[Script]> = scripts.into();
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let mut answering = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (scripts, log) = (Arc::clone(&scripts), Arc::clone(&log));
                // A client that goes away is none of our business.
                answering.spawn(async move { drop(answer(stream, &scripts, &log).await) });
            }
        });
        Self { base_url, requests, _serving: serving }
    }

    /// The bodies of all requests for an answer, in order.
    pub(crate) fn requests(&self) -> Vec<Value> {
        self.requests.lock().unwrap().clone()
    }

    /// What a tool gave back to the model, by its call's number in the script.
    pub(crate) fn output_of(&self, turn: usize, act: usize) -> String {
        output(&self.requests(), turn, act)
    }

    /// The bodies of the requests of the conversation whose input holds `mark`, in order.
    pub(crate) fn conversation(&self, mark: &str) -> Vec<Value> {
        let mut requests = self.requests();
        requests.retain(|request| holds(request, mark));
        requests
    }
}

/// What a tool gave back in these requests, by its call's number in the script.
pub(crate) fn output(requests: &[Value], turn: usize, act: usize) -> String {
    let wanted = format!("call_{turn}_{act}");
    let inputs = requests.iter().flat_map(|request| request["input"].as_array().cloned().unwrap_or_default());
    let found = inputs.filter(is_output).find(|input| input["call_id"] == *wanted);
    found.map(|output| output["output"].to_string()).unwrap_or_default()
}

fn holds(request: &Value, mark: &str) -> bool {
    request["input"].to_string().contains(mark)
}

fn is_output(input: &Value) -> bool {
    input["type"].as_str().is_some_and(|kind| kind.ends_with("_call_output"))
}

async fn answer(stream: TcpStream, scripts: &[Script], log: &Mutex<Vec<Value>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut first = String::new();
    stream.read_line(&mut first).await?;
    let mut length = 0;
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).await?;
        match header.trim().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().unwrap_or(0);
            }
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let mut stream = stream.into_inner();
    if !first.starts_with("POST") {
        let models = json!({"object": "list", "data": [], "models": []}).to_string();
        return stream.write_all(http(200, "application/json", &models).as_bytes()).await;
    }
    let request: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let script = scripts.iter().find(|(mark, _)| holds(&request, mark)).or(scripts.last());
    let turns = script.map(|(_, turns)| turns.as_slice()).unwrap_or_default();
    let outputs =
        request["input"].as_array().map_or(0, |inputs| inputs.iter().filter(|i| is_output(i)).count());
    log.lock().unwrap().push(request);
    // Each turn of a script has one call, but for the last, which has none.
    let turn = outputs.min(turns.len() - 1);
    match play(turn, &turns[turn]) {
        Some(response) => stream.write_all(response.as_bytes()).await,
        None => std::future::pending().await,
    }
}

/// The whole response of a turn; `None` for one that never comes.
fn play(turn: usize, acts: &[Act]) -> Option<String> {
    let id = format!("resp_{turn}");
    let mut events = String::new();
    let mut event = |value: Value| {
        events.push_str(&format!("event: {}\ndata: {value}\n\n", value["type"].as_str().unwrap()));
    };
    event(json!({"type": "response.created",
        "response": {"id": id, "status": "in_progress", "output": []}}));
    let mut output = Vec::new();
    for (at, act) in acts.iter().enumerate() {
        let (item, call) = (format!("item_{turn}_{at}"), format!("call_{turn}_{at}"));
        let item = match act {
            Act::Hang => return None,
            Act::Cut => return Some(http(200, "text/event-stream", &events)),
            Act::Refuse { status, body } => {
                return Some(http(*status, "application/json", &body.to_string()));
            }
            Act::Fail { code, message } => {
                event(json!({"type": "response.failed", "response":
                    {"id": id, "status": "failed", "error": {"code": code, "message": message}}}));
                return Some(http(200, "text/event-stream", &events));
            }
            Act::Say(text) => {
                json!({"type": "message", "id": item, "role": "assistant", "status": "completed",
                "content": [{"type": "output_text", "text": text, "annotations": []}]})
            }
            Act::Call { name, arguments } => json!({"type": "function_call", "id": item, "call_id": call,
                "name": name, "arguments": arguments.to_string(), "status": "completed"}),
            Act::Mcp { tool, arguments } => json!({"type": "function_call", "id": item, "call_id": call,
                "name": tool, "namespace": "mcp__optiloop", "arguments": arguments.to_string(),
                "status": "completed"}),
            Act::Custom { name, input } => json!({"type": "custom_tool_call", "id": item, "call_id": call,
                "name": name, "input": input, "status": "completed"}),
        };
        event(json!({"type": "response.output_item.added", "output_index": at, "item": item}));
        event(json!({"type": "response.output_item.done", "output_index": at, "item": item}));
        output.push(item);
    }
    let (input, cached, written, reasoning) = USAGE;
    event(json!({"type": "response.completed", "response": {"id": id, "object": "response",
        "status": "completed", "output": output, "usage": {
            "input_tokens": input, "input_tokens_details": {"cached_tokens": cached},
            "output_tokens": written, "output_tokens_details": {"reasoning_tokens": reasoning},
            "total_tokens": input + written}}}));
    Some(http(200, "text/event-stream", &events))
}

fn http(status: u16, kind: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} {}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        match status {
            200 => "OK",
            401 => "Unauthorized",
            429 => "Too Many Requests",
            _ => "Error",
        },
        body.len()
    )
}
