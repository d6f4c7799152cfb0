//! `run` and `resume`.

use crate::app::config::Stream;
use crate::app::error::AppError;
use crate::app::pursue;
use crate::app::start::Context;
use crate::model::id::RunId;

use super::super::args::{OneRun, RunArguments};

pub(super) async fn run(context: &Context, arguments: RunArguments, json: bool) -> Result<u8, AppError> {
    let RunArguments { flags, goal, agent, iterations, time, fresh, dry_run } = arguments;
    let mut flags = flags.for_config()?;
    (flags.goal, flags.agent, flags.iterations, flags.time) = (goal, agent, iterations, time);
    if fresh {
        flags.stream = Stream::Fresh;
    }
    if dry_run {
        super::print(&pursue::dry_run(context, flags).await?)?;
        return Ok(0);
    }
    let ended = pursue::run(context, flags).await?;
    super::report(context, &ended, json)
}

pub(super) async fn resume(context: &Context, arguments: OneRun, json: bool) -> Result<u8, AppError> {
    let ended = pursue::resume(context, arguments.run.map(RunId::new)).await?;
    super::report(context, &ended, json)
}
