//! Asks the agent for a proposal, in its own workspace, over its own spool folder.

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::agent::spool::Spool;
use crate::app::reporter::progress::Progress;
use crate::app::world::{RealWorld, WorldError};
use crate::clock;
use crate::engine::brief::Brief;
use crate::engine::record::Proposed;
use crate::fs;
use crate::model::id::{Digest, Iteration, Revision};
use crate::model::proposal::{AgentFailure, Edit, Turn, TurnEnd, TurnRequest};
use crate::model::spool::{SpoolAttempt, SpoolAttempts, SpoolBrief};

/// Turns that are asked for when the service is overloaded.
const TRIES: u32 = 3;

/// An agent may be silent this many times as long as the longest build or test run took here.
const SILENCE: u32 = 2;

/// What is on disk before the answer is used: a turn that was paid for is never paid again.
#[derive(Debug, Serialize, Deserialize)]
struct Paid {
    turn: Turn,
    raw: Digest,
    patch: Option<Digest>,
}

/// One turn; transient failures are tried again from a fresh workspace.
pub async fn perform(
    world: &mut RealWorld<'_>,
    iteration: Iteration,
    base: Revision,
    brief: &Brief,
) -> Result<Proposed, WorldError> {
    let folder = world.site.roots.spool(&world.header.run, iteration);
    let paid_at = world.site.roots.turn(&world.header.run, iteration);
    if let Some(text) = fs::read_text_if_present(&paid_at)? {
        let paid: Paid = serde_json::from_str(&text)
            .map_err(|error| WorldError::Config(format!("{}: {error}", paid_at.display())))?;
        return Ok(proposed(iteration, paid));
    }
    let mut paid = turn(world, iteration, base, brief, &folder).await?;
    for _ in 1..TRIES {
        match &paid.turn.end {
            TurnEnd::Failed(failure) if failure.is_transient() => {
                paid = turn(world, iteration, base, brief, &folder).await?;
            }
            _ => break,
        }
    }
    if paid.turn.end == TurnEnd::Failed(AgentFailure::Cancelled) {
        return Err(WorldError::Interrupted);
    }
    let text = serde_json::to_vec(&paid).map_err(|error| WorldError::Config(error.to_string()))?;
    fs::create_private_folder(paid_at.parent().unwrap_or(&folder))?;
    fs::replace(&paid_at, &text)?;
    Ok(proposed(iteration, paid))
}

fn proposed(iteration: Iteration, paid: Paid) -> Proposed {
    Proposed { iteration, turn: paid.turn, raw: Some(paid.raw), patch: paid.patch }
}

async fn turn(
    world: &mut RealWorld<'_>,
    iteration: Iteration,
    base: Revision,
    brief: &Brief,
    folder: &Path,
) -> Result<Paid, WorldError> {
    let config = |error: &dyn std::fmt::Display| WorldError::Config(error.to_string());
    let Some(agent) = &world.agent else {
        return Err(WorldError::Config("no agent is configured".to_owned()));
    };
    let Some(plan) = &world.header.plan.agent else {
        return Err(WorldError::Config("no agent is configured".to_owned()));
    };
    world.site.agent.switch(base.tree, clock::now().as_second())?;
    let text = world.templates.brief(brief).map_err(|error| config(&error))?;
    let spooled = SpoolBrief {
        iteration,
        text: text.clone(),
        hotspots: brief.hotspot.iter().map(|hotspot| hotspot.name.clone()).collect(),
    };
    fs::remove_folder(folder)?;
    fs::create_private_folder(folder)?;
    Spool::prepare(folder, &spooled, &attempts(brief)).map_err(|error| config(&error))?;
    let tmp = world.site.fresh_tmp("agent")?;
    let request = TurnRequest {
        attempt: iteration.0,
        brief: text,
        workspace: world.site.agent.folder().to_owned(),
        spool: folder.to_owned(),
        tmp,
        env: world.agent_env.clone(),
        depth: world.depth,
        wall: plan.wall,
        idle: silence(plan.idle, world.so_far.longest_build),
        hidden: world.site.roots.all(),
        optiloop: world.hands.launcher.clone(),
    };
    let progress = &mut *world.progress;
    let mut events = |event| progress(Progress::Agent { event });
    let answer = agent.propose(&request, &mut events, &world.hands.cancel).await;
    let raw = world.site.artifacts.put(&answer.raw)?;
    let patch = match answer.edit {
        Some(Edit::Patch(bytes)) => Some(world.site.artifacts.put(&bytes)?),
        Some(Edit::InWorkspace) | None => None,
    };
    Ok(Paid { turn: answer.turn, raw, patch })
}

/// How long an agent may be silent: it builds and tests for itself, and says nothing meanwhile.
fn silence(planned: Duration, longest_build: Duration) -> Duration {
    planned.max(longest_build * SILENCE)
}

/// Earlier attempts as the agent's `attempts` tool shows them.
fn attempts(brief: &Brief) -> SpoolAttempts {
    let attempts = brief.attempts.iter().map(|attempt| SpoolAttempt {
        iteration: attempt.iteration,
        hotspot: attempt.hotspot.clone(),
        hypothesis: attempt.hypothesis.clone(),
        outcome: attempt.outcome.clone(),
        effect: Some(attempt.detail.clone()).filter(|detail| !detail.is_empty()),
    });
    SpoolAttempts { attempts: attempts.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_may_be_silent_for_longer_than_the_longest_build() {
        let minutes = Duration::from_mins;
        assert_eq!(silence(minutes(10), minutes(2)), minutes(10));
        assert!(silence(minutes(10), minutes(9)) > minutes(9));
    }
}
