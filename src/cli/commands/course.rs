//! `history`: the course of each benchmark over runs.

use clap::Args;

use crate::app::compare::Across;
use crate::app::error::AppError;
use crate::app::history::History;
use crate::app::report::course;
use crate::app::start::Context;

#[derive(Debug, Args)]
pub(in crate::cli) struct Course {
    /// Show findings of other machines, kernels, tools and instruments beside these
    #[arg(long)]
    pub across: bool,
}

pub(super) fn run(context: &Context, arguments: &Course) -> Result<u8, AppError> {
    let across = if arguments.across { Across::Allowed } else { Across::Refused };
    super::print(&course::of(&History::open(context)?.runs()?, across))?;
    Ok(0)
}
