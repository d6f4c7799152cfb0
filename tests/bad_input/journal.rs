//! Verbs about runs that are not there.

use crate::place::Place;

#[test]
fn before_any_run_every_reading_verb_says_so_and_what_makes_one() {
    let place = Place::new();
    for verb in [
        &["status"][..],
        &["log"],
        &["show"],
        &["verify"],
        &["gc"],
        &["accept", "x", "1"],
        &["hint", "x", "y"],
    ] {
        place.run(verb).ends(2, &["there is no run in this repository yet", "optiloop run"]);
    }
    place.run(&["resume"]).ends(2, &["there is no run to go on with"]);
    place.run(&["store"]).ends(0, &["state: "]);
}

#[test]
fn a_run_or_proposal_that_is_not_there_is_named() {
    let place = Place::new();
    place.write("work.sh", "exit 1\n");
    place.commit();
    place.run(&["run"]).ends(4, &["the original fails"]);
    for verb in [
        &["show", "nope"][..],
        &["log", "nope"],
        &["verify", "nope"],
        &["resume", "nope"],
        &["accept", "nope", "1"],
        &["hint", "nope", "x"],
    ] {
        place.run(verb).ends(2, &["there is no run nope", "optiloop log"]);
    }
    let log = place.run(&["log"]).stdout;
    let run = log.split_whitespace().next().unwrap();
    place.run(&["show", run, "9"]).ends(2, &["no proposal 9"]);
    place.run(&["accept", run, "9"]).ends(2, &["no proposal 9"]);
    place.run(&["accept", run, "nine"]).ends(2, &["invalid value 'nine'"]);
    place.run(&["resume"]).ends(2, &["there is no run to go on with"]);
    place.run(&["resume", run]).ends(4, &["the original fails"]);
}
