//! Reporters: what they print, and that a failing one ends nothing.

use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;

use optiloop::app::reporter::plain::{Detail, Plain};
use optiloop::app::reporter::progress::Progress;
use optiloop::app::reporter::{Fanout, Stamped};
use optiloop::engine::record::{Entry, Record};
use optiloop::engine::run::Run;
use optiloop::engine::step::Step;
use optiloop::journal::Seq;
use optiloop::model::id::RunId;

use super::sample::entries;

/// A place to write that the test can read.
#[derive(Clone, Default)]
struct Page(Rc<RefCell<Vec<u8>>>);

impl Page {
    fn text(&self) -> String {
        String::from_utf8(self.0.borrow().clone()).expect("text")
    }
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A pipe nobody reads.
struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Tells the fanout of the records as a driver does, with a step and its pairs before each.
fn tell(fanout: &mut Fanout, entries: &[Entry]) {
    let run_id = RunId::new("simulated");
    let mut run: Option<Run> = None;
    for (seq, entry) in (1..).zip(entries) {
        let due = run.as_ref().and_then(|run| run.ready().into_iter().next());
        if let Some(step) = &due {
            fanout.progress(&Progress::step(step));
        }
        if let (Some(Step::Measure(asked)), Record::Measured(measured)) = (&due, &entry.record) {
            for pair in &measured.pairs {
                fanout.progress(&Progress::pair(asked, pair));
            }
        }
        fanout.entry(&Stamped { seq: Seq(seq), at: jiff::Timestamp::UNIX_EPOCH, run: &run_id, entry });
        match (&mut run, &entry.record) {
            (Some(run), _) => run.apply(entry).expect("records of a run"),
            (None, Record::Started(header)) => run = Some(Run::new((**header).clone())),
            (None, _) => panic!("a run begins with its header"),
        }
    }
}

fn told(detail: Detail) -> String {
    let page = Page::default();
    let mut fanout = Fanout::new(vec![Box::new(Plain::new(page.clone(), detail))]);
    tell(&mut fanout, &entries());
    page.text()
}

#[test]
fn quiet_tells_verdicts_landings_and_the_end() {
    insta::assert_snapshot!(told(Detail::Quiet), @"
    1: accepted (−30.1 % [−30.1, −30.0])
    landed as 0100000000
    2: rejected: no gain: the least effect is disproved (−0.3 % [−0.3, −0.2])
    3: rejected: breaks escapes::nested: exit code 101
    4: rejected: edits a protected path: benches/parse.rs (benches/** (AGENTS.md:13))
    5: held: changes dependencies: Cargo.toml (−20.2 % [−20.2, −20.1])
    6: accepted (−15.2 % [−15.3, −15.1])
    landed as 0600000000
    stopped: the agent has no further proposal
    ");
}

#[test]
fn verbose_shows_the_effect_so_far_with_its_interval_time_left_and_tokens() {
    let text = told(Detail::Verbose);
    let pair =
        text.lines().find(|line| line.contains("test 8 pairs")).expect("the eighth pair of the first test");
    insta::assert_snapshot!(pair, @"
    1: measuring the test · test 8 pairs −30.2 % [−30.4, −29.9] · 120 minutes left · 11 tokens
    ");
}

#[test]
fn a_reporter_that_fails_is_dropped_and_the_others_hear_of_it_and_go_on() {
    let page = Page::default();
    let closed = Box::new(Plain::new(Closed, Detail::Normal));
    let mut fanout = Fanout::new(vec![closed, Box::new(Plain::new(page.clone(), Detail::Normal))]);
    tell(&mut fanout, &entries());
    let text = page.text();
    assert_eq!(text.matches("warning: who was told of this run").count(), 1, "{text}");
    assert!(text.contains("stopped: "), "{text}");
}
