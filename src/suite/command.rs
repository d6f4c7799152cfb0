//! Any command as a test suite: the exit code is all it tells. 0 passed, 125 cannot tell, else failed.

use std::path::Path;

use super::{NoCommand, Suite};
use crate::model::command::{CommandSpec, Exit, Finished};
use crate::model::parse::ParseError;
use crate::model::plan::SuitePlan;
use crate::model::tests::{SuiteEnd, SuiteOutcome, TestEnds};

/// The exit code that says "cannot tell", as `git bisect run` has it.
const INDETERMINATE: i32 = 125;

/// The `command` suite.
#[derive(Debug)]
pub struct CommandSuite;

impl Suite for CommandSuite {
    fn name(&self) -> &'static str {
        "command"
    }

    fn full(&self, plan: &SuitePlan) -> Result<CommandSpec, NoCommand> {
        plan.command.clone().ok_or(NoCommand { suite: "command" })
    }

    fn benchmarked(&self, _: &SuitePlan) -> Option<CommandSpec> {
        None
    }

    fn near(&self, _: &SuitePlan, _: &[&Path]) -> Option<CommandSpec> {
        None
    }

    fn parse(&self, finished: &Finished) -> Result<SuiteOutcome, ParseError> {
        let end = match &finished.exit {
            Exit::Code(0) => SuiteEnd::Passed,
            Exit::Code(INDETERMINATE) | Exit::Cancelled | Exit::NotStarted(_) | Exit::Service(_) => {
                SuiteEnd::Indeterminate
            }
            Exit::Code(_) | Exit::Signal(_) | Exit::TimedOut => SuiteEnd::Failed,
        };
        Ok(SuiteOutcome { end, tests: TestEnds::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::command::Output;

    #[test]
    fn the_exit_code_is_all_it_tells() {
        for (exit, end) in [
            (Exit::Code(0), SuiteEnd::Passed),
            (Exit::Code(1), SuiteEnd::Failed),
            (Exit::Code(125), SuiteEnd::Indeterminate),
            (Exit::Signal(11), SuiteEnd::Failed),
            (Exit::TimedOut, SuiteEnd::Failed),
            (Exit::Cancelled, SuiteEnd::Indeterminate),
        ] {
            let finished = Finished::ended(exit, Output::default(), Output::default());
            assert_eq!(CommandSuite.parse(&finished), Ok(SuiteOutcome { end, tests: TestEnds::new() }));
        }
    }
}
