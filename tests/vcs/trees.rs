//! Trees made of trees, and what lies between them.

use optiloop::model::change::{EntryKind, Filtered, TreePath};
use optiloop::vcs::{Carried, Merged, NewFile};

use crate::fixture::{Place, names, paths, text};

fn file(path: &str, content: &str) -> NewFile {
    NewFile { path: TreePath::new(path), kind: EntryKind::File, content: content.into() }
}

#[test]
fn protected_files_are_restored_and_added_ones_go() {
    let place = Place::new();
    let (store, base) = (place.store(), place.head_tree());
    let base = store.lay_over(base, &[file("benches/x.rs", "real"), file("benches/y.rs", "also")]).unwrap();
    let edited = store
        .lay_over(base, &[file("benches/x.rs", "fake"), file("benches/z.rs", "new"), file("a.txt", "kept")]);
    let edited = store.without(edited.unwrap(), &paths(&["benches/y.rs", "nothing"])).unwrap();
    let composed = store.compose(edited, base, |path| path.bytes().starts_with(b"benches/")).unwrap();
    let of = |path| text(&store, composed, path);
    assert_eq!(of("benches/x.rs").as_deref(), Some("real"));
    assert_eq!(of("benches/y.rs").as_deref(), Some("also"));
    assert_eq!(of("benches/z.rs"), None);
    assert_eq!(of("a.txt").as_deref(), Some("kept"));
}

#[test]
fn a_change_is_carried_onto_a_moved_head_or_conflicts() {
    let place = Place::new();
    let (store, base) = (place.store(), place.head_tree());
    let candidate = store.lay_over(base, &[file("src/b.rs", "fn c() {}\n")]).unwrap();
    let head = store.lay_over(base, &[file("a.txt", "moved\n")]).unwrap();
    let Merged::Tree(both) = store.merge(Carried { base, candidate, head }).unwrap() else {
        panic!("a conflict")
    };
    assert_eq!(text(&store, both, "src/b.rs").as_deref(), Some("fn c() {}\n"));
    assert_eq!(text(&store, both, "a.txt").as_deref(), Some("moved\n"));
    let head = store.lay_over(base, &[file("src/b.rs", "fn d() {}\n")]).unwrap();
    assert_eq!(
        store.merge(Carried { base, candidate, head }).unwrap(),
        Merged::Conflict(paths(&["src/b.rs"]))
    );
}

#[test]
fn a_change_holds_both_sides_up_to_the_limit() {
    let place = Place::new();
    let (store, base) = (place.store(), place.head_tree());
    let long = "x".repeat(50);
    let candidate = store.lay_over(base, &[file("a.txt", "1"), file("long.txt", &long)]).unwrap();
    let candidate = store.without(candidate, &paths(&["run.sh", "link"])).unwrap();
    let change = store.changes(base, candidate, 49).unwrap();
    let told: Vec<String> = change
        .paths
        .iter()
        .map(|change| {
            let side = |side: &Option<optiloop::model::change::Side>| {
                side.as_ref().map(|side| format!("{:?} {} {}", side.kind, side.size, side.content.is_some()))
            };
            format!("{} {:?} {:?}", change.path, side(&change.before), side(&change.after))
        })
        .collect();
    assert_eq!(
        told,
        [
            "a.txt Some(\"File 14 true\") Some(\"File 1 true\")",
            "link Some(\"Link 5 true\") None",
            "long.txt None Some(\"File 50 false\")",
            "run.sh Some(\"Executable 10 true\") None",
        ]
    );
}

#[test]
fn a_filter_is_flagged_by_the_base_s_attributes_even_if_the_candidate_drops_them() {
    let place = Place::new();
    let (store, tree) = (place.store(), place.head_tree());
    let base = store
        .lay_over(tree, &[file("deep/er/.gitattributes", "*.bin filter=lfs\n"), file("deep/er/x.bin", "1")])
        .unwrap();
    let candidate = store.lay_over(base, &[file("deep/er/x.bin", "2"), file("deep/x.bin", "3")]).unwrap();
    let candidate = store.without(candidate, &paths(&["deep/er/.gitattributes"])).unwrap();
    let change = store.changes(base, candidate, 100).unwrap();
    let flagged: Vec<TreePath> =
        change.paths.iter().filter(|c| c.filtered == Filtered::Yes).map(|c| c.path.clone()).collect();
    assert_eq!(names(&flagged), ["deep/er/x.bin"]);
}

#[test]
fn a_diff_for_people_is_cut_and_says_by_how_much() {
    let place = Place::new();
    let (store, base) = (place.store(), place.head_tree());
    let candidate = store.lay_over(base, &[file("a.txt", "one\nTWO\nthree\n")]).unwrap();
    let whole = store.diff_text(base, candidate, 10_000).unwrap();
    assert!(whole.text.contains("-two\n+TWO\n"), "{}", whole.text);
    let cut = store.diff_text(base, candidate, 20).unwrap();
    assert_eq!(cut.left_out, whole.text.len() - 20);
}
