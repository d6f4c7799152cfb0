//! README names the flags, config keys and policy keys that there are: no more, no fewer.

use std::collections::BTreeSet;

use crate::place::Place;

const README: &str = include_str!("../../README.md");

/// Flags of cargo, git and npm that README's commands use.
const OF_OTHERS: &[&str] = &["release", "bin", "path", "offline", "help", "version"];

/// The words that stand between `before` and `after` in a text.
fn between<'t>(text: &'t str, before: &str, after: &str) -> BTreeSet<&'t str> {
    text.split(before).skip(1).filter_map(|rest| rest.split_once(after).map(|(word, _)| word)).collect()
}

/// The words in backticks of the first columns of the tables between two headings.
fn first_columns(from: &str, to: &str) -> BTreeSet<&'static str> {
    let part = README.split_once(from).unwrap().1.split_once(to).unwrap().0;
    let columns =
        part.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | ").map(|(first, _)| first));
    let marks = columns.flat_map(|column| column.split('`').skip(1).step_by(2));
    marks.flat_map(|mark| mark.trim_matches(['[', ']']).split('.')).collect()
}

#[test]
fn every_flag_of_the_help_is_in_the_readme_and_the_other_way_round() {
    let place = Place::new();
    let mut known = BTreeSet::new();
    let verbs = place.run(&["--help"]).stdout;
    let verbs = verbs.split_once("Commands:").unwrap().1.split_once("Options:").unwrap().0;
    for verb in verbs.lines().filter_map(|line| line.split_whitespace().next()) {
        let help = place.run(&[verb, "--help"]).stdout;
        assert!(
            README.contains(&format!("`{verb}`")) || README.contains(&format!("optiloop {verb}")),
            "{verb}"
        );
        known.extend(flags(&help));
    }
    let told = flags(README);
    let of_others = |flag: &&String| !OF_OTHERS.contains(&flag.as_str());
    assert_eq!(
        known.difference(&told).filter(of_others).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "not in README"
    );
    assert_eq!(
        told.difference(&known).filter(of_others).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "not built"
    );
}

fn flags(text: &str) -> BTreeSet<String> {
    let words = text
        .split("--")
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect::<String>());
    words.filter(|word| !word.is_empty() && !word.starts_with('-')).collect()
}

#[test]
fn every_key_of_optiloop_toml_is_in_the_readme_and_the_other_way_round() {
    let code = include_str!("../../src/policy/file.rs").split("#[cfg(test)]").next().unwrap();
    let service = include_str!("../../src/policy/service.rs").split("#[cfg(test)]").next().unwrap();
    let mut known = BTreeSet::new();
    for code in [code, service] {
        known.extend(between(code, "take(\"", "\""));
        known.extend(between(code, "need(\"", "\""));
    }
    assert_eq!(first_columns("### optiloop.toml", "### Metrics"), known);
}

#[test]
fn every_key_of_policy_is_in_the_readme_and_the_other_way_round() {
    let code = include_str!("../../src/policy/read.rs").split("/// Reads one key from").next().unwrap();
    let mut known = between(code, "leaf!(\"", "\"");
    known.extend(between(code, "kind!(\"", "\""));
    known.extend(between(code, "take(\"", "\""));
    let mut told = first_columns("### Policy, and", "### Exit codes");
    for word in ["policy", "key"] {
        told.remove(word);
    }
    // Named in the sentence above the table.
    told.insert("preset");
    assert_eq!(told, known);
}
