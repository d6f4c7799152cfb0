//! `calibrate`.

use std::path::PathBuf;

use clap::Args;

use crate::app::calibrate::{Request, calibrate};
use crate::app::error::AppError;
use crate::app::start::Context;
use crate::model::goal::Goal;

use super::super::args::{Flags, ratio};

#[derive(Debug, Args)]
pub(in crate::cli) struct Calibrate {
    #[command(flatten)]
    pub flags: Flags,
    /// Goal whose minutes are told, as 20%, 1.25x or <50ms
    #[arg(short, long, allow_hyphen_values = true)]
    pub goal: Option<Goal>,
    /// Judge this many no-ops: how often is one accepted here
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub null: u32,
    /// Judge ten changes planted to save this much, as 10%: how many are found here
    #[arg(long, value_name = "SAVING", value_parser = ratio)]
    pub planted: Option<f64>,
    /// Pairs of the original with itself
    #[arg(long, value_name = "N")]
    pub pairs: Option<u32>,
    /// Write them as CSV: `pairs_FILE` and `series_FILE`
    #[arg(long, value_name = "FILE")]
    pub save_trace: Option<PathBuf>,
}

pub(super) async fn run(context: &Context, arguments: Calibrate, json: bool) -> Result<u8, AppError> {
    let Calibrate { flags, goal, null, planted, pairs, save_trace } = arguments;
    let mut flags = flags.for_config()?;
    flags.goal = goal;
    let request = Request { flags, null, planted, pairs, trace: save_trace };
    let (ended, written) = calibrate(context, request).await?;
    let code = super::report(context, &ended, json)?;
    if !json {
        for path in written {
            super::print(&format!("written: {}", path.display()))?;
        }
    }
    Ok(code)
}
