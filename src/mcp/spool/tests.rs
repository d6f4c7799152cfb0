//! The tools as an MCP client sees them, over a pipe in memory.

use rmcp::model::{CallToolRequestParams, JsonObject};
use rmcp::service::{RoleClient, RunningService};
use rmcp::{RmcpError, ServiceExt as _};

use super::*;
use crate::agent::spool::Spool;
use crate::model::id::Iteration;
use crate::model::spool::{SpoolAttempt, SpoolAttempts, SpoolBrief, SpoolMessage};

/// A prepared spool folder and a client connected to its server.
struct Connected {
    folder: tempfile::TempDir,
    client: RunningService<RoleClient, ()>,
}

async fn connected() -> Connected {
    let folder = tempfile::tempdir().unwrap();
    let brief = SpoolBrief {
        iteration: Iteration(3),
        text: "Make parse cheaper.".into(),
        hotspots: vec!["h1".into(), "h2".into()],
    };
    let attempts = SpoolAttempts {
        attempts: vec![SpoolAttempt {
            iteration: Iteration(1),
            hotspot: Some("h1".into()),
            hypothesis: "avoid the copy".into(),
            outcome: "rejected: unchanged".into(),
            effect: Some("−0.2 % [−1.1, 0.7]".into()),
        }],
    };
    Spool::prepare(folder.path(), &brief, &attempts).unwrap();
    let (ours, theirs) = tokio::io::duplex(1 << 16);
    let tools = SpoolTools::new(folder.path());
    tokio::spawn(async move { tools.serve(theirs).await.unwrap().waiting().await });
    Connected { folder, client: ().serve(ours).await.unwrap() }
}

impl Connected {
    async fn call(&self, tool: &'static str, arguments: serde_json::Value) -> CallToolResult {
        self.try_call(tool, arguments).await.unwrap()
    }

    async fn try_call(
        &self,
        tool: &'static str,
        arguments: serde_json::Value,
    ) -> Result<CallToolResult, RmcpError> {
        let arguments: JsonObject = serde_json::from_value(arguments).unwrap();
        Ok(self.client.call_tool(CallToolRequestParams::new(tool).with_arguments(arguments)).await?)
    }

    fn messages(&self) -> Vec<SpoolMessage> {
        Spool::new(self.folder.path()).messages().unwrap().0
    }
}

fn text(result: &CallToolResult) -> String {
    result.content.iter().filter_map(|block| block.as_text()).map(|text| text.text.clone()).collect()
}

#[tokio::test]
async fn three_tools_are_listed_with_schemas_and_hints() {
    let connected = connected().await;
    let mut told = Vec::new();
    for tool in connected.client.list_all_tools().await.unwrap() {
        assert!(tool.output_schema.is_some(), "{}", tool.name);
        let read_only = tool.annotations.and_then(|hints| hints.read_only_hint);
        told.push((tool.name.into_owned(), read_only));
    }
    told.sort();
    let expected = [("attempts", true), ("brief", true), ("report_result", false)];
    assert_eq!(told, expected.map(|(name, read_only)| (name.to_owned(), Some(read_only))));
}

#[tokio::test]
async fn brief_and_attempts_are_typed_and_readable() {
    let connected = connected().await;
    let brief = connected.call("brief", serde_json::json!({})).await;
    assert_eq!(text(&brief), "Make parse cheaper.");
    let structured = brief.structured_content.unwrap();
    assert_eq!(
        structured,
        serde_json::json!({"iteration": 3, "text": "Make parse cheaper.", "hotspots": ["h1", "h2"]})
    );
    let attempts = connected.call("attempts", serde_json::json!({})).await;
    assert_eq!(text(&attempts), "1. avoid the copy: rejected: unchanged (−0.2 % [−1.1, 0.7])");
    assert_eq!(attempts.structured_content.unwrap()["attempts"][0]["hotspot"], "h1");
}

#[tokio::test]
async fn a_report_becomes_a_message_for_the_driver() {
    let connected = connected().await;
    let arguments = serde_json::json!({"hypothesis": "one pass", "hotspot": "h2", "predicted": 0.2});
    let result = connected.call("report_result", arguments).await;
    assert_eq!(result.structured_content, Some(serde_json::json!({"recorded": true})));
    let report = AgentReport {
        hypothesis: "one pass".into(),
        hotspot: Some("h2".into()),
        predicted: Some(0.2),
        nothing_more: false,
    };
    assert_eq!(connected.messages(), [SpoolMessage::Report { report }]);
}

#[tokio::test]
async fn the_last_report_counts() {
    let connected = connected().await;
    for hypothesis in ["first", "second", "third"] {
        connected.call("report_result", serde_json::json!({"hypothesis": hypothesis})).await;
    }
    let report = Spool::new(connected.folder.path()).report().unwrap().unwrap();
    assert_eq!(report.hypothesis, "third");
}

#[tokio::test]
async fn a_report_that_makes_no_sense_is_refused_with_what_would() {
    let connected = connected().await;
    let cases = [
        (serde_json::json!({"hypothesis": " "}), "`hypothesis` is empty"),
        (serde_json::json!({"hypothesis": "x".repeat(4001)}), "`hypothesis` has 4001 characters"),
        (serde_json::json!({"hypothesis": "x", "hotspot": "h9"}), "it names h1, h2"),
        (serde_json::json!({"hypothesis": "x", "predicted": 1.5}), "above 0 and below 1"),
        (serde_json::json!({"hypothesis": "x", "predicted": 0}), "above 0 and below 1"),
    ];
    for (arguments, says) in cases {
        let result = connected.call("report_result", arguments).await;
        assert_eq!(result.is_error, Some(true));
        assert!(text(&result).contains(says), "{}", text(&result));
    }
    for arguments in [serde_json::json!({}), serde_json::json!({"hypothesis": "x", "samples": [1, 2]})] {
        let refused = connected.try_call("report_result", arguments.clone()).await;
        assert!(refused.is_err() || refused.unwrap().is_error == Some(true), "{arguments}");
    }
    assert_eq!(connected.messages(), []);
}

#[tokio::test]
async fn a_spool_without_a_brief_is_told_and_not_fatal() {
    let connected = connected().await;
    crate::fs::remove_file(&connected.folder.path().join("brief.json")).unwrap();
    let result = connected.call("brief", serde_json::json!({})).await;
    assert_eq!(result.is_error, Some(true));
    assert!(text(&result).contains("brief.json"), "{}", text(&result));
    assert_eq!(connected.call("attempts", serde_json::json!({})).await.is_error, Some(false));
}
