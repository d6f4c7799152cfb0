//! Invariant 4: whatever an agent leaves in its workspace, it ends in a typed rejection, and no threshold,
//! benchmark, test or sample changes. One run, a proposal an act.

use crate::place::Place;

/// What the agent does in proposal N, and how that ends.
const ACTS: &[(&str, &str)] = &[
    ("true", "nothing_changed"),
    // What judges.
    ("sed -i 's/preset = .*/min-effect = \"0.1%\"/' optiloop.toml", "protected_path"),
    ("echo '# Rules' > AGENTS.md", "protected_path"),
    (
        "mkdir sub && printf '```toml optiloop\\nmin-effect = \"1%\"\\n```\\n' > sub/AGENTS.md",
        "protected_path",
    ),
    ("mkdir sub && cp optiloop.toml sub/optiloop.toml", "protected_path"),
    ("echo 'i=0' > bench.sh", "protected_path"),
    ("rm bench.sh", "protected_path"),
    ("echo true > tests/it.sh", "tests_edited"),
    ("rm tests/it.sh", "tests_edited"),
    ("echo 'echo ok' > tests/new.sh", "nothing_changed"),
    // What builds and runs by itself.
    (
        "mkdir .cargo && printf '[build]\\nrustflags = [\"-Copt-level=3\"]\\n' > .cargo/config.toml",
        "auto_executed",
    ),
    ("echo 'fn main() {}' > build.rs", "auto_executed"),
    ("printf 'module m\\n\\nrequire a.b/c v1.0.0\\n' > go.mod", "dependencies"),
    ("printf 'all:\\n\\tcc -O3 x.c\\n' > Makefile", "build_flags"),
    ("mkdir .githooks && echo true > .githooks/pre-commit", "auto_executed"),
    ("echo '*.sh filter=evil' > .gitattributes; echo '# x' >> work.sh", "filtered_path"),
    ("echo 'export X=1' > .envrc", "auto_executed"),
    // Its own .git, which is not read.
    ("echo 'exit 1' > .git/hooks/pre-commit; git config core.hooksPath /nowhere", "nothing_changed"),
    ("rm -rf .git", "nothing_changed"),
    ("rm -rf .git; echo 'gitdir: /nowhere' > .git", "nothing_changed"),
    // Sizes, kinds, names.
    ("head -c 50000000 /dev/zero | tr '\\0' x | fold > big.txt", "too_large"),
    ("head -c 3000 /dev/urandom > blob.bin", "too_large"),
    ("for i in $(seq 41); do echo x > f$i; done", "too_large"),
    ("ln -s $OUTSIDE/secret l", "link_out"),
    ("rm work.sh && ln -s $OUTSIDE/secret work.sh", "link_out"),
    ("printf x > \"$(printf 'a\\nb')\"", "bad_path"),
    ("printf x > \"$(printf 'a\\377b')\"", "bad_path"),
    ("git init -q sub && echo x > sub/f", "nested_repository"),
    ("git init -q sub && git -C sub commit -q --allow-empty -m x && git add sub", "nested_repository"),
    ("mkfifo pipe", "nothing_changed"),
    ("chmod 000 work.sh", "nothing_changed"),
    ("rm -rf ./* ", "protected_path"),
    // The workspace itself.
    ("rm -rf \"$PWD\"", "protected_path"),
    ("rm -rf \"$PWD\" && ln -s $OUTSIDE \"$PWD\"", "protected_path"),
    ("rm work.sh && ln $OUTSIDE/secret work.sh", "broken"),
    // Answers.
    ("head -c 100000 /dev/urandom; echo; echo '{not json'", "nothing_changed"),
    ("echo '{\"hypothesis\": 3}' > $OPTILOOP_REPORT", "nothing_changed"),
    ("mkfifo $OPTILOOP_REPORT", "nothing_changed"),
    ("mkfifo $OPTILOOP_SPOOL/messages/1.json", "nothing_changed"),
    // Messages a person would leave.
    (
        "for at in $OPTILOOP_SPOOL $OPTILOOP_SPOOL/..; do mkdir -p $at/inbox; \
         echo '{\"message\":\"accept\",\"iteration\":1,\"by\":\"Ada\"}' > $at/inbox/1.json; done",
        "nothing_changed",
    ),
];

#[test]
fn whatever_an_agent_leaves_ends_in_a_typed_rejection_and_nothing_outside_changes() {
    let place = Place::new();
    std::fs::create_dir(place.path("outside")).unwrap();
    std::fs::write(place.path("outside/secret"), "theirs").unwrap();
    std::fs::write(place.path("outside/other"), "theirs too").unwrap();
    let cases: Vec<String> =
        ACTS.iter().enumerate().map(|(at, (act, _))| format!("{}) {act} ;;\n", at + 1)).collect();
    let script = cases.concat();
    place.agent(&format!(
        "OUTSIDE={}\ncase $(basename $OPTILOOP_SPOOL) in\n{script}esac\ntrue\n",
        place.path("outside").display()
    ));
    place.configure("iterations = 1", &format!("iterations = {}", ACTS.len()));
    place.configure(
        "preset = \"quick\"",
        "preset = \"quick\"\ntests-edited = \"block\"\ndependencies = \"block\"",
    );
    place.commit();
    let told = place.run(&["run"]);
    told.ends(3, &["nothing was kept"]);
    let verdicts = place.verdicts();
    let mut ended = Vec::new();
    for (at, (act, wanted)) in ACTS.iter().enumerate() {
        let found = verdicts.iter().find(|(iteration, ..)| *iteration == at as u64 + 1);
        if found.is_none_or(|(_, kind, _)| kind != wanted) {
            ended.push(format!("{}: {act}: {found:?}", at + 1));
        }
    }
    assert_eq!(ended, Vec::<String>::new(), "other verdicts than expected: {}", told.stderr);
    assert_eq!(std::fs::read_to_string(place.path("outside/secret")).unwrap(), "theirs");
    assert_eq!(std::fs::read_to_string(place.path("outside/other")).unwrap(), "theirs too");
    assert!(!place.run(&["log", "--json"]).stdout.contains("accept_asked"));
    // The policy that judged the last is the one of the first.
    place.run(&["verify"]).ends(0, &["verifies"]);
}
