//! The law of the house: who may name whom, how large files may be, and that registries equal folders.
//!
//! The data is [`law`]; a rule that is in the way is changed there, with its reason, or not at all. Reading
//! sources is [`source`], the rules themselves are [`rules`]; each is shown to fail on small bad inputs.

#[path = "architecture/house.rs"]
mod house;
#[path = "architecture/law.rs"]
mod law;
#[path = "architecture/registries.rs"]
mod registries;
#[path = "architecture/rules.rs"]
mod rules;
#[path = "architecture/source.rs"]
mod source;
#[path = "architecture/teeth.rs"]
mod teeth;

use house::House;

/// Fails with every breach, one a line.
fn lawful(breaches: &[String]) {
    assert!(breaches.is_empty(), "{} breaches:\n{}", breaches.len(), breaches.join("\n"));
}

#[test]
fn modules_name_only_those_the_law_allows() {
    lawful(&rules::edges(&House::read()));
}

#[test]
fn every_module_has_its_edges_in_the_law() {
    lawful(&rules::unknown_modules(&House::read()));
}

#[test]
fn crates_are_named_only_where_the_law_allows() {
    lawful(&rules::crates(&House::read()));
}

#[test]
fn pure_modules_name_nothing_of_the_world() {
    lawful(&rules::purity(&House::read()));
}

#[test]
fn no_module_hands_on_what_another_made() {
    lawful(&rules::handed_on(&House::read()));
}

#[test]
fn files_stay_small_and_say_what_they_are_for() {
    let house = House::read();
    for (path, lines) in rules::long(&house) {
        eprintln!("long: {path} has {lines} lines, the soft cap is {}", law::SOFT_LINES);
    }
    eprintln!("median of src: {} lines", rules::median(&house));
    lawful(&rules::sizes(&house));
    lawful(&rules::openings(&house));
}

#[test]
fn names_are_those_of_the_domain() {
    lawful(&rules::names(&House::read()));
}

#[test]
fn registries_equal_their_folders() {
    lawful(&registries::against_folders(&House::read()));
}

#[test]
fn every_registered_format_has_captured_data_with_its_origin() {
    lawful(&registries::against_data(&House::read()));
}

#[test]
fn no_path_of_a_machine_is_in_the_project() {
    lawful(&rules::machine_paths(&House::read()));
}
