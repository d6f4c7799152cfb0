//! Lines as codex-cli 0.169.0 prints them.

use super::*;

const COMPLETED: &str = r#"{"type":"thread.started","thread_id":"01a203a0"}
{"type":"turn.started"}
{"type":"item.completed","item":{"id":"item_0","type":"reasoning","text":"think"}}
{"type":"item.started","item":{"id":"item_2","type":"command_execution","command":"/bin/bash -c 'cat a'","aggregated_output":"","exit_code":null,"status":"in_progress"}}
{"type":"item.completed","item":{"id":"item_2","type":"command_execution","command":"/bin/bash -c 'cat a'","aggregated_output":"x","exit_code":0,"status":"completed"}}
{"type":"item.completed","item":{"id":"item_3","type":"mcp_tool_call","server":"optiloop","tool":"brief","arguments":{},"result":{"content":[]},"error":null,"status":"completed"}}
{"type":"item.completed","item":{"id":"item_4","type":"file_change","changes":[{"path":"/w/a.txt","kind":"update"}],"status":"completed"}}
{"type":"item.completed","item":{"id":"item_5","type":"todo_list","items":[]}}
{"type":"item.completed","item":{"id":"item_6","type":"error","message":"Model metadata not found"}}
{"type":"item.completed","item":{"id":"item_7","type":"agent_message","text":"{\"hypothesis\":\"h\",\"predicted\":0.1}"}}
{"type":"turn.completed","usage":{"input_tokens":5000,"cached_input_tokens":2000,"cache_write_input_tokens":0,"output_tokens":250,"reasoning_output_tokens":50}}"#;

fn heard(lines: &str) -> (Transcript, Vec<AgentEvent>) {
    let mut transcript = Transcript::default();
    let events = lines.lines().filter_map(|line| transcript.read(line).1).collect();
    (transcript, events)
}

#[test]
fn a_completed_turn_gives_usage_report_and_events() {
    let (transcript, events) = heard(COMPLETED);
    let tokens = Tokens {
        input: Some(5000),
        cached: Some(2000),
        output: Some(250),
        reasoning: Some(50),
        at_least: false,
    };
    assert_eq!(transcript.tokens(), tokens);
    assert_eq!(transcript.failure(Ok(Exit::Code(0)), ""), None);
    assert_eq!(transcript.report().unwrap().hypothesis, "h");
    assert_eq!(
        events,
        [
            AgentEvent::Runs { command: "/bin/bash -c 'cat a'".into() },
            AgentEvent::Ran { command: "/bin/bash -c 'cat a'".into(), exit: Some(0) },
            AgentEvent::Called { tool: "optiloop.brief".into(), error: None },
            AgentEvent::Edited { paths: vec!["/w/a.txt".into()] },
            AgentEvent::Warned { message: "Model metadata not found".into() },
            AgentEvent::Said { text: r#"{"hypothesis":"h","predicted":0.1}"#.into() },
            AgentEvent::Used { tokens },
        ]
    );
}

#[test]
fn a_turn_that_was_cut_used_at_least_what_is_known() {
    let cut = COMPLETED.lines().take(5).collect::<Vec<_>>().join("\n");
    let (transcript, _) = heard(&cut);
    assert_eq!(transcript.tokens(), Tokens { at_least: true, ..Tokens::default() });
    assert!(transcript.failure(Ok(Exit::Code(0)), "").is_some());
}

#[test]
fn reconnecting_is_no_sign_of_life() {
    let mut transcript = Transcript::default();
    let line = r#"{"type":"error","message":"Reconnecting... 1/5"}"#;
    assert_eq!(transcript.read(line).0, Sign::Waiting);
    assert_eq!(transcript.read(r#"{"type":"turn.started"}"#).0, Sign::Alive);
}

#[test]
fn lines_that_are_not_known_change_nothing() {
    for line in ["", "null", "Reading prompt from stdin", r#"{"type":"future.event","x":1}"#, r#"{"type":7}"#]
    {
        let (transcript, events) = heard(line);
        assert_eq!(events, [], "{line}");
        assert!(transcript.failure(Ok(Exit::Code(0)), "").is_some(), "{line}");
    }
}
