//! `doctor` for services: each is started in the user's work tree, looked at until it is ready, and stopped.
//!
//! The work tree is read-only for them. Not here: services of a launch (`steps/launch`). Start at [`lines`].

use std::path::Path;

use crate::model::command::{CommandSpec, Exit};
use crate::model::plan::Plan;
use crate::model::service::ServiceFault;

use super::error::AppError;
use super::hands::{Access, Errand, Hands};

/// What became of all of them together, as they would be for a launch.
pub(super) async fn lines(hands: &Hands, plan: &Plan, top: &Path) -> Result<Vec<String>, AppError> {
    if plan.services.is_empty() {
        return Ok(Vec::new());
    }
    let hands = hands.with_env(&plan.env);
    let nothing = CommandSpec::new(["true"]);
    let mut errand = Errand::in_workspace(&nothing, top, &plan.root);
    errand.access = Access::ReadOnly;
    errand.services = &plan.services;
    let finished = hands.run(errand).await?;
    let names: Vec<&str> = plan.services.iter().map(|service| service.name.as_str()).collect();
    let names = names.join(", ");
    Ok(vec![match (&finished.exit, &finished.usage.services) {
        (Exit::Service(failure), _) => {
            let built = matches!(failure.fault, ServiceFault::NotStarted(_));
            let hint = if built && !plan.bench.build.is_empty() {
                "; if `[bench] build` makes it, `optiloop calibrate` builds and tries it"
            } else {
                ""
            };
            format!("services: {failure}{hint}")
        }
        (exit, _) if !exit.is_success() => format!("services: {names}: {exit}"),
        (_, Some(used)) => {
            let killed: Vec<String> = (plan.services.iter())
                .filter(|service| used.killed.contains(&service.name))
                .map(|service| {
                    let (name, within) = (&service.name, service.timeout);
                    format!("; {name} did not end within {within:?} of being asked to and was killed: see its `stop`")
                })
                .collect();
            format!(
                "services: {names}: ready after {:.2} s, stopped{}",
                used.ready.as_secs_f64(),
                killed.concat()
            )
        }
        (_, None) => format!("services: {names}: nothing is known of them"),
    }])
}
