//! The verbs, one file each where there is more to do than to call a use case. Start at [`dispatch`].

mod demo;
mod history;
mod init;
mod judge;
mod messages;
mod project;
mod pursue;
mod verify;

use crate::app::config;
use crate::app::error::AppError;
use crate::app::judge::Ended;
use crate::app::report::summary;
use crate::app::start::Context;
use crate::policy::layer::Layer;
use crate::policy::origin::{Origin, Sourced};
use crate::policy::resolve::Overriding;
use crate::policy::value::Ratio;

use super::args::{Flags, Verb};

/// Does what a verb says; the exit code.
pub(super) async fn dispatch(context: &Context, verb: Verb, json: bool) -> Result<u8, AppError> {
    match verb {
        Verb::Demo(arguments) => demo::run(context, &arguments, json).await,
        Verb::Init => init::run(context),
        Verb::Doctor => project::doctor(context).await,
        Verb::Run(arguments) => pursue::run(context, arguments, json).await,
        Verb::Resume(arguments) => pursue::resume(context, arguments, json).await,
        Verb::Judge(arguments) => judge::run(context, arguments, json).await,
        Verb::Status => history::status(context),
        Verb::Log(arguments) => history::log(context, &arguments, json),
        Verb::Show(arguments) => history::show(context, &arguments),
        Verb::Accept(arguments) => messages::accept(context, &arguments).await,
        Verb::Hint(arguments) => messages::hint(context, &arguments),
        Verb::Verify(arguments) => verify::run(context, arguments.run.as_deref()),
        Verb::Policy(flags) => project::policy(context, flags),
        Verb::Store => project::store(context),
        Verb::Gc => project::gc(context),
    }
}

/// Flags as config takes them.
pub(super) fn flags(flags: Flags) -> Result<config::Flags, AppError> {
    let Flags { target, preset, min_effect, require_sandbox, no_code_identity, override_policy } = flags;
    let said = |name: &str| Origin::Flag { name: name.to_owned() };
    let ratio = |value: f64| Ratio::try_from(value).map_err(|error| AppError::Usage(error.to_string()));
    let policy = Layer {
        min_effect: min_effect.map(ratio).transpose()?.map(|value| Sourced::new(value, said("--min-effect"))),
        require_sandbox: require_sandbox.then(|| Sourced::new(true, said("--require-sandbox"))),
        code_identity: no_code_identity.then(|| Sourced::new(false, said("--no-code-identity"))),
        ..Layer::default()
    };
    let overriding = override_policy.then_some(Overriding::Allowed);
    Ok(config::Flags { target, preset, policy, overriding, ..config::Flags::default() })
}

/// Prints a run's report (not beside JSON lines) and gives its exit code.
pub(super) fn report(ended: &Ended, json: bool) -> u8 {
    if !json {
        print(&summary::of(&ended.header, &ended.outcome));
    }
    ended.outcome.exit(&ended.header).code()
}

/// Prints a result.
#[expect(clippy::print_stdout, reason = "results go to stdout")]
pub(super) fn print(text: &str) {
    println!("{}", text.trim_end());
}
