//! `judge`: which subject the argument names.

use std::io::Read as _;

use crate::app::error::AppError;
use crate::app::judge::{Confirm, Lands, Request, Subject, judge, patch_file};
use crate::app::start::Context;

use super::super::args::Judge;

pub(super) async fn run(context: &Context, arguments: Judge, json: bool) -> Result<u8, AppError> {
    let Judge { subject, flags, land, no_confirm } = arguments;
    let subject = match subject.as_deref() {
        None => Subject::WorkTree,
        Some("-") => {
            let mut bytes = Vec::new();
            let read = std::io::stdin().read_to_end(&mut bytes);
            read.map_err(|error| AppError::Usage(format!("standard input: {error}")))?;
            Subject::Patch(bytes)
        }
        Some(text) => {
            let path = context.folder.join(text);
            if path.is_file() { patch_file(&path)? } else { Subject::Revisions(text.to_owned()) }
        }
    };
    let lands = if land { Lands::WhenAccepted } else { Lands::Never };
    let confirm = if no_confirm { Confirm::No } else { Confirm::AsPolicy };
    let request = Request { subject, flags: flags.for_config()?, lands, confirm };
    let ended = judge(context, request).await?;
    super::report(context, &ended, json)
}
