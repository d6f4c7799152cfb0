//! `demo`.

use crate::app::demo::{Request, demo};
use crate::app::error::AppError;
use crate::app::start::Context;

use super::super::args::Demo;

pub(super) async fn run(context: &Context, arguments: &Demo, json: bool) -> Result<u8, AppError> {
    let folder = arguments.dir.as_ref().map(|dir| context.folder.join(dir));
    let shown = demo(context, &Request { folder, shuffle: arguments.shuffle }).await?;
    let code = super::report(context, &shown.ended, json)?;
    if !json {
        super::print(&format!(
            "\nThe project is in {}. On your own repository, with an agent:\n  optiloop init\n  optiloop run --target YOUR_FUNCTION --goal 20%",
            shown.folder.display()
        ))?;
    }
    Ok(code)
}
