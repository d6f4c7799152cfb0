//! `report`: the same run as data, as markdown and as a page.

use std::collections::BTreeSet;

use optiloop::app::report::compose;
use optiloop::app::report::document::{Document, State};
use optiloop::app::report::render::{Format, render};
use optiloop::app::templates::Templates;
use optiloop::engine::record::{Entry, Prepared, Record};
use optiloop::model::id::{BenchmarkId, TestId};
use optiloop::model::tests::TestEnd;

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::sample::{entries, judged};

fn document(entries: &[Entry]) -> Document {
    compose::document(entries, Some("2026-01-02T03:04:05Z".parse().expect("a time"))).expect("a report")
}

fn rendered(entries: &[Entry], format: Format) -> String {
    let templates = Templates::open(None).expect("our own templates");
    render(&document(entries), format, &templates).expect("a report")
}

#[test]
fn the_schema_is_that_of_the_document() {
    let told: serde_json::Value =
        serde_json::from_str(include_str!("../../schema/report.schema.json")).expect("the schema is JSON");
    let made = serde_json::to_value(schemars::schema_for!(Document)).expect("a schema is JSON");
    assert!(told == made, "schema/report.schema.json should be:\n{made:#}");
}

#[test]
fn every_pair_that_was_measured_is_in_the_document_once() {
    let entries = entries();
    let document = document(&entries);
    let measured = entries.iter().filter_map(|entry| match &entry.record {
        Record::Measured(measured) => Some(measured.pairs.len()),
        _ => None,
    });
    let of_proposals = document.proposals.iter().flat_map(|proposal| &proposal.comparisons);
    let shown: usize = of_proposals.chain(&document.comparisons).map(|one| one.pairs.len()).sum();
    // The last batch of a comparison may hold pairs after the one that decided, which enter nothing.
    let measured: usize = measured.sum();
    assert!(shown > 0 && shown <= measured, "{shown} of {measured}");
    assert_eq!(document.spent.pairs, measured);
}

#[test]
fn the_course_falls_with_each_landing_and_ends_where_the_total_was_measured() {
    let document = document(&entries());
    let heads: Vec<String> = document.course.iter().map(|point| format!("{:.0}", point.head)).collect();
    assert_eq!(heads, ["70", "70", "70", "70", "70", "59"]);
    let total = 100.0 + document.total.expect("a total").change;
    assert!((document.course[5].head - total).abs() < 1.0, "{total}");
    assert_eq!(document.course[4].state, State::Held);
}

#[test]
fn a_comparison_has_the_effect_its_finding_had() {
    let document = document(&judged());
    let change = document.proposals[0].effect.expect("an effect").change;
    let last = document.proposals[0].comparisons.last().expect("a comparison");
    assert_eq!(last.purpose, "confirmation");
    assert!((last.effect.expect("an effect").change - change).abs() < 1e-9);
    let costs: Vec<f64> = last.pairs.iter().filter_map(|pair| pair.change).collect();
    assert!(costs.iter().all(|change| (change + 30.0).abs() < 2.0), "{costs:?}");
}

#[test]
fn markdown_begins_with_the_fixed_paragraph_and_has_a_row_a_proposal() {
    insta::assert_snapshot!(rendered(&entries(), Format::Markdown), @r"
    ## optiloop: parse\_document

    parse\_document costs −40.6 % \[95 % CI −40.7, −40.5\] compared with the original, from 20 paired launches. Of 6 proposals 2 were kept, 3 rejected (1 protected path, 1 tests failed, 1 no gain), 1 held. It ended: the agent has no further proposal. Not checked: outputs (no test suite); confined: no; clock agreement: not possible (the harness tells no number of its own); a delay before the confirmation; other benchmarks (no guards); layouts of one build. It took 1.3 minutes and 77 tokens. Check it with `optiloop verify simulated`.

    | | verdict | cost | change | the agent's words |
    |---|---|---|---|---|
    | 1 | **kept** | −30.1 % [−30.1, −30.0] | 0 files, +0 −0 | `it is faster` |
    | 2 | no gain | −0.3 % [−0.3, −0.2] | 0 files, +0 −0 | `it is faster` |
    | 3 | tests failed | not measured | 0 files, +0 −0 | `it is faster` |
    | 4 | protected path | not measured | 0 files, +0 −0 | `it is faster` |
    | 5 | held | −20.2 % [−20.2, −20.1] | 0 files, +0 −0 | `it is faster` |
    | 6 | **kept** | −15.2 % [−15.3, −15.1] | 0 files, +0 −0 | `it is faster` |

    Goal 60%: not reached; no HEAD came near enough to be checked.

    HEAD costs −40.6 % \[95 % CI −40.7, −40.5\] compared with ORIGINAL: Hodges–Lehmann estimate from 20 fresh coin-ordered pairs, measured after all decisions on this machine, workload and time. Each of the 2 landed changes was shown to lower cost by at least 5 % against its own base at its e-LOND level. The expected share of landed changes below 5 % is at most 10 %, provided a change scales the cost by a constant factor and leaves no after-effect on the next launch. The number concerns the typical launch; the mean changed by −40.6 %. Gains are not additive and may differ elsewhere. The environment's size was varied, the layout of one build was not; 1–3 % of this may be placement.

    <details><summary>Why</summary>

    - 2, no gain: `no gain: the least effect is disproved`
    - 3, tests failed: `breaks escapes::nested: exit code 101`
    - 4, protected path: `edits a protected path: benches/parse.rs (benches/** (AGENTS.md:13))`
    - 5, held: `changes dependencies: Cargo.toml`

    </details>

    ```text
    Review: git log -p 0000000000..optiloop/simulated
    Merge: git merge optiloop/simulated
    Held: optiloop show simulated 5, then optiloop accept simulated 5 to land it in your name
    ```

    <sub>Run `simulated` of 2026-01-02T03:04:05Z, optiloop simulated; confined: no (none). `parse_document`: 200.0 ms a launch by wall time (simulated), noise 1.0 %. Minus is cheaper; in brackets the 95 % interval.</sub>
    ");
}

/// The run, with the words of others made as bad as they can be.
fn hostile() -> Vec<Entry> {
    const BAD: &str = "</title><script>alert(1)</script>\"'><img src=x onerror=alert(1)> {{ 7*7 }} `x` | @everyone #1 \
                       ![](https://evil.example/a.png)\u{202e}\u{1b}[2J\n\n# heading";
    let mut entries = entries();
    for entry in &mut entries {
        match &mut entry.record {
            Record::Started(header) => {
                header.target.name = BAD.into();
                header.target.benchmarks = vec![BenchmarkId::new(BAD)];
                header.stamps.push(BAD.to_owned());
                header.tools.insert(BAD.to_owned(), BAD.to_owned());
            }
            Record::Prepared(Prepared::Sound { suites, .. }) => {
                suites.push(optiloop::engine::record::SuiteBaseline {
                    suite: BAD.to_owned(),
                    ends: [(TestId::new(BAD), TestEnd::Passed)].into(),
                    quarantined: vec![TestId::new(BAD)],
                    took: std::time::Duration::from_secs(1),
                    benchmarked_mode: None,
                });
            }
            Record::Proposed(proposed) => {
                proposed.turn.agent = BAD.into();
                if let Some(report) = &mut proposed.turn.report {
                    report.hypothesis = BAD.into();
                }
            }
            Record::Judged(judged) => judged.notes.push(BAD.to_owned()),
            _ => {}
        }
    }
    entries
}

/// Elements and attributes that a page holds.
fn markup(html: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut elements, mut attributes) = (BTreeSet::new(), BTreeSet::new());
    let body = html.split_once("</style>").expect("a style").1;
    for tag in body.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').expect("a tag ends");
        let mut outside = String::new();
        for (at, part) in tag.split('"').enumerate() {
            outside.push_str(if at % 2 == 0 { part } else { "" });
        }
        let mut words = outside.split([' ', '/', '\n']).filter(|word| !word.is_empty());
        elements.insert(words.next().unwrap_or_default().to_owned());
        attributes.extend(words.map(str::to_owned));
    }
    (elements, attributes)
}

#[test]
fn a_page_needs_nothing_else_and_no_word_of_others_becomes_markup() {
    let (sound, bad) = (markup(&rendered(&entries(), Format::Html)), hostile());
    let page = rendered(&bad, Format::Html);
    let (elements, attributes) = markup(&page);
    for foreign in ["script", "img", "link", "iframe", "a", "object", "style"] {
        assert!(!elements.contains(foreign), "{elements:?}");
    }
    // `open` of a folded part and what a table of stamps needs: nothing the sound page could not have.
    assert!(elements.is_superset(&sound.0) && elements.len() <= sound.0.len() + 2, "{elements:?}");
    let known = [
        "aria-labelledby=",
        "class=",
        "cx=",
        "cy=",
        "d=",
        "height=",
        "id=",
        "open",
        "points=",
        "r=",
        "role=",
        "viewBox=",
        "width=",
        "x1=",
        "x2=",
        "x=",
        "y1=",
        "y2=",
        "y=",
    ];
    let strange: Vec<&String> = attributes.iter().filter(|name| !known.contains(&name.as_str())).collect();
    assert_eq!(strange, Vec::<&String>::new());
    assert!(!page.contains('\u{202e}') && !page.contains('\u{1b}'));
    assert!(page.contains("{{ 7*7 }}"));
}

#[test]
fn markdown_of_a_hostile_run_has_the_rows_and_parts_of_the_sound_one() {
    let parts = |text: &str| {
        let rows = text.lines().filter(|line| line.starts_with('|')).count();
        let heads = text.lines().filter(|line| line.starts_with('#')).count();
        (rows, heads, text.matches("<details>").count())
    };
    let text = rendered(&hostile(), Format::Markdown);
    assert_eq!(parts(&text), parts(&rendered(&entries(), Format::Markdown)), "{text}");
    // To whoever reads it as markdown nothing of it is a link or a tag, and outside of code nobody is called.
    for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => panic!("{event:?}"),
            Event::Html(tag) | Event::InlineHtml(tag) => {
                let known = ["<details>", "<summary>", "</summary>", "</details>", "<sub>", "</sub>"];
                assert!(tag.trim().is_empty() || known.iter().any(|known| tag.contains(known)), "{tag}");
                assert!(!tag.contains("script"), "{tag}");
            }
            Event::Text(text) => assert!(!text.contains("@everyone") && !text.contains("://"), "{text}"),
            _ => {}
        }
    }
}

#[test]
fn the_plots_say_in_words_what_they_show() {
    let page = rendered(&entries(), Format::Html);
    let plots = page.matches("<svg").count();
    assert!(plots > 5, "{plots}");
    assert_eq!(page.matches("role=\"img\" aria-labelledby=").count(), plots);
    assert!(page.contains("proposal 5: held, "), "the course names the verdict of each proposal");
    let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "an id stands twice");
}

#[test]
fn a_template_of_ones_own_takes_the_place_of_ours_and_is_escaped_as_well() {
    let folder = tempfile::tempdir().expect("a folder");
    let template = folder.path().join("report.html");
    optiloop::fs::replace(&template, b"<p>{{ target }}</p>").expect("a template");
    let templates = Templates::open(Some(folder.path())).expect("templates");
    let text = render(&document(&hostile()), Format::Html, &templates).expect("a report");
    assert!(text.starts_with("<p>&lt;/title&gt;&lt;script&gt;"), "{text}");
    assert!(Templates::open(Some(&folder.path().join("none"))).is_err());
}
