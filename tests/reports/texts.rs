//! Every report whole.

use optiloop::app::exit::Exit;
use optiloop::app::report::log::{Row, records, runs};
use optiloop::app::report::status::{self, Driver, Seen};
use optiloop::app::report::{price, show, summary};

use super::sample::{entries, judged, outcome};

#[test]
fn the_report_says_what_got_cheaper_what_was_rejected_what_was_not_checked_and_what_it_cost() {
    let (header, outcome) = outcome(&entries());
    insta::assert_snapshot!(summary::of(&header, &outcome), @"
    parse_document costs −40.6 % [95 % CI −40.7, −40.5] compared with the original, from 20 paired launches. Of 6 proposals 2 were kept, 3 rejected (1 protected path, 1 tests failed, 1 no gain), 1 held. It ended: the agent has no further proposal. Not checked: outputs (no test suite); confined: no; clock agreement: not possible (the harness tells no number of its own); a delay before the confirmation; other benchmarks (no guards); layouts of one build. It took 1.3 minutes and 77 tokens. Check it with `optiloop verify simulated`.

       1  kept                −30.1 % [−30.1, −30.0]    it is faster
       2  no gain             −0.3 % [−0.3, −0.2]       it is faster
       3  tests failed        not measured              it is faster
       4  protected path      not measured              it is faster
       5  held                −20.2 % [−20.2, −20.1]    it is faster
       6  kept                −15.2 % [−15.3, −15.1]    it is faster

    Goal 60%: not reached; no HEAD came near enough to be checked.

    HEAD costs −40.6 % [95 % CI −40.7, −40.5] compared with ORIGINAL: Hodges–Lehmann estimate from 20 fresh coin-ordered pairs, measured after all decisions on this machine, workload and time. Each of the 2 landed changes was shown to lower cost by at least 5 % against its own base at its e-LOND level. The expected share of landed changes below 5 % is at most 10 %, provided a change scales the cost by a constant factor and leaves no after-effect on the next launch. The number concerns the typical launch; the mean changed by −40.6 %. Gains are not additive and may differ elsewhere. The environment's size was varied, the layout of one build was not; 1–3 % of this may be placement.

    Review:  git log -p 0000000000..optiloop/simulated
    Merge:   git merge optiloop/simulated
    Held:    optiloop show simulated 5, then optiloop accept simulated 5 to land it in your name
    ");
}

#[test]
fn a_run_with_changes_kept_short_of_its_goal_exits_with_one() {
    let (header, outcome) = outcome(&entries());
    assert_eq!(outcome.exit(&header), Exit::GoalNotReached);
}

fn seen() -> Seen {
    let at = |time: &str| time.parse().expect("a time");
    Seen { driver: Driver::None, began: at("2026-01-02T03:04:05Z"), latest: at("2026-01-02T03:06:07Z") }
}

#[test]
fn status_of_an_ended_run() {
    let (header, outcome) = outcome(&entries());
    insta::assert_snapshot!(status::of(&header, &outcome, &seen()), @"
    run simulated: parse_document, goal 60%
    ended: the agent has no further proposal
    6 proposals: 2 kept, 3 rejected, 1 held, −40.6 % [95 % CI −40.7, −40.5] against the original
    began 2026-01-02 03:04:05, latest record 03:06:07, 77 tokens
    ");
}

#[test]
fn status_of_a_run_that_was_cut_says_how_to_go_on() {
    let entries = entries();
    let (header, outcome) = outcome(&entries[..entries.len() / 2]);
    insta::assert_snapshot!(status::of(&header, &outcome, &seen()), @"
    run simulated: parse_document, goal 60%
    interrupted; `optiloop resume` goes on
    5 proposals: 1 kept, 3 rejected, 0 held, about −30.1 % by the sum of what landed
    began 2026-01-02 03:04:05, latest record 03:06:07, 55 tokens
    ");
}

#[test]
fn log_is_a_line_a_run() {
    let (header, outcome) = outcome(&entries());
    let began = "2026-01-02T03:04:05Z".parse().expect("a time");
    insta::assert_snapshot!(runs(&[Row { began, header, outcome }]), @"
    simulated  2026-01-02 03:04  run    parse_document  2 kept of 6  −40.6 % [95 % CI −40.7, −40.5]  the agent has no further proposal
    ");
}

#[test]
fn log_of_a_run_is_a_line_a_record_that_says_something() {
    let began: jiff::Timestamp = "2026-01-02T03:04:05Z".parse().expect("a time");
    let stamped: Vec<_> = (1..).zip(entries()).map(|(seq, entry)| (seq, began, entry)).collect();
    insta::assert_snapshot!(records(&stamped), @"
      1  03:04:05       0.0s  run simulated: parse_document, goal 60%, confined: no
      2  03:04:05       0.5s  the original builds and passes its tests (0 test ids)
      3  03:04:05       0.5s  calibrated 1 benchmark: by wall time (simulated); noise 1.0 %, smallest provable change 6.0 %
      4  03:04:05       0.5s  no profile, measure first is not enforced: simulated
      5  03:04:05       0.5s  proposal 1: it is faster
      6  03:04:05       0.5s  it changes 0 files, +0 −0
      9  03:04:05       0.5s  tests passed
     14  03:04:05       0.5s  test: improved, −30.2 % [−30.4, −29.9] from 8 pairs
     16  03:04:05       0.5s  no profile, measure first is not enforced: simulated
     37  03:04:05       0.5s  confirmation: confirmed, −30.1 % [−30.1, −30.0] from 20 pairs
     38  03:04:05       0.5s  1: accepted (−30.1 % [−30.1, −30.0])
     39  03:04:05       0.5s  landed as 0100000000
     40  03:04:05       0.5s  calibrated 1 benchmark: by wall time (simulated); noise 1.0 %, smallest provable change 6.0 %
     41  03:04:05       0.5s  proposal 2: it is faster
     42  03:04:05       0.5s  it changes 0 files, +0 −0
     45  03:04:05       0.5s  test: no gain, −0.3 % [−0.3, −0.2] from 4 pairs
     46  03:04:05       0.5s  2: rejected: no gain: the least effect is disproved (−0.3 % [−0.3, −0.2])
     48  03:04:05       0.5s  proposal 3: it is faster
     49  03:04:05       0.5s  it changes 0 files, +0 −0
     52  03:04:05       0.5s  tests failed: exit code 101
     53  03:04:05       0.5s  3: rejected: breaks escapes::nested: exit code 101
     55  03:04:05       0.5s  proposal 4: it is faster
     57  03:04:05       0.5s  4: rejected: edits a protected path: benches/parse.rs (benches/** (AGENTS.md:13))
     59  03:04:05       0.5s  proposal 5: it is faster
     60  03:04:05       0.5s  it changes 0 files, +0 −0
     63  03:04:05       0.5s  tests passed
     69  03:04:05       0.5s  test: improved, −20.2 % [−20.4, −20.1] from 9 pairs
     71  03:04:05       0.5s  no profile, measure first is not enforced: simulated
     92  03:04:05       0.5s  confirmation: confirmed, −20.2 % [−20.2, −20.1] from 20 pairs
     93  03:04:05       0.5s  5: held: changes dependencies: Cargo.toml (−20.2 % [−20.2, −20.1])
     95  03:04:05       0.5s  proposal 6: it is faster
     96  03:04:05       0.5s  it changes 0 files, +0 −0
     99  03:04:05       0.5s  tests passed
    106  03:04:05       0.5s  test: improved, −15.2 % [−15.3, −15.0] from 10 pairs
    108  03:04:05       0.5s  no profile, measure first is not enforced: simulated
    129  03:04:05       0.5s  confirmation: confirmed, −15.2 % [−15.3, −15.1] from 20 pairs
    130  03:04:05       0.5s  6: accepted (−15.2 % [−15.3, −15.1])
    131  03:04:05       0.5s  landed as 0600000000
    132  03:04:05       0.5s  calibrated 1 benchmark: by wall time (simulated); noise 1.0 %, smallest provable change 6.0 %
    133  03:04:05       0.5s  the agent has no further proposal
    154  03:04:05       0.5s  final number: measured, −40.6 % [−40.7, −40.5] from 20 pairs
    155  03:04:05       0.5s  stopped: the agent has no further proposal
    ");
}

#[test]
fn show_is_one_proposal_whole_with_its_diff() {
    let (_, outcome) = outcome(&entries());
    insta::assert_snapshot!(show::attempt(&outcome.attempts[0], Some("--- a/x\n+++ b/x\n")), @"
    proposal 1: kept
      hypothesis   it is faster
      agent        simulated
      turn         0.0 minutes, 11 tokens
      changes      0 files, +0 −0
      commit       0100000000000000000000000000000000000000
      build        built
      build        built
      tests        passed
      finding      test: improved, −30.2 % [−30.4, −29.9] from 8 pairs
                   n 8, α 0.01000, ln A 4.70 (largest 4.70), ln R -3.88, ln F -3.93 at g 0.012, σ 0.0036, means 0.6991
      finding      confirmation: confirmed, −30.1 % [−30.1, −30.0] from 20 pairs
                   means 0.6993 over test and confirmation
      pairs        28
      effect       −30.1 % [95 % CI −30.1, −30.0]
      note         clock agreement: not possible (the harness tells no number of its own)
      landed       0100000000000000000000000000000000000000

    --- a/x
    +++ b/x
    ");
}

#[test]
fn show_of_a_rejected_proposal_says_why() {
    let (_, outcome) = outcome(&entries());
    insta::assert_snapshot!(show::attempt(&outcome.attempts[2], None), @"
    proposal 3: tests failed
      hypothesis   it is faster
      agent        simulated
      turn         0.0 minutes, 11 tokens
      changes      0 files, +0 −0
      commit       0300000000000000000000000000000000000000
      build        built
      tests        failed: escapes::nested
      pairs        4
      why          breaks escapes::nested: exit code 101
    ");
}

#[test]
fn the_price_is_told_before_the_first_token() {
    let entries = entries();
    let (header, outcome) = outcome(&entries[..4]);
    insta::assert_snapshot!(price::of(&header, &outcome), @"
    parse_document: 200.0 ms a launch of 1 iterations by wall time (simulated), noise 1.0 %
    smallest change provable here: 6.0 %
    a verdict: about 0.1 minutes with the tests, at most 0.4; then 0s before the confirmation of an improvement
    caps: 1000 proposals, 120 minutes, 1000000 tokens, 1000 proposals without a landing
    ");
}

#[test]
fn the_report_of_judge_is_its_one_verdict_with_the_evidence() {
    let (header, outcome) = outcome(&judged());
    assert_eq!(outcome.exit(&header), Exit::Success);
    insta::assert_snapshot!(summary::of(&header, &outcome), @"
    parse_document: accepted, really cheaper: −30.1 % [95 % CI −30.1, −30.0] from 20 pairs. Not checked: outputs (no test suite); confined: no; clock agreement: not possible (the harness tells no number of its own); a delay before the confirmation; other benchmarks (no guards); layouts of one build. It took 0.3 minutes. Check it with `optiloop verify simulated`.

       1  accepted            −30.1 % [−30.1, −30.0]

      test: improved, −30.2 % [−30.4, −29.9] from 8 pairs
      confirmation: confirmed, −30.1 % [−30.1, −30.0] from 20 pairs
      clock agreement: not possible (the harness tells no number of its own)

    Nothing was landed; `--land` lands an accepted change.
    ");
}
