//! What `init` finds in a Node package: benchmarks of vitest, tinybench or mitata, its suite, what `setup` installs.

use super::found::{Case, Found, Suite};
use super::python::first_name;
use super::tree::Tree;

/// Endings of what Node and its tools run.
const SOURCES: &[&str] = &["js", "mjs", "cjs", "ts", "mts", "cts", "jsx", "tsx"];
/// Managers by their lockfile.
const MANAGERS: &[(&str, &str)] = &[
    ("package-lock.json", "npm ci"),
    ("npm-shrinkwrap.json", "npm ci"),
    ("pnpm-lock.yaml", "pnpm install --frozen-lockfile"),
    ("bun.lock", "bun install --frozen-lockfile"),
    ("bun.lockb", "bun install --frozen-lockfile"),
];

/// The benchmarks of vitest, else scripts of tinybench, else of mitata.
pub(super) fn find(tree: &Tree<'_>, folder: &str) -> Found {
    let text = tree.text(folder, "package.json").unwrap_or_default();
    let manifest: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let sources: Vec<(&str, String)> = (tree.own(folder, &["package.json"]).into_iter())
        .filter(|path| path.rsplit_once('.').is_some_and(|(_, end)| SOURCES.contains(&end)))
        .filter(|path| !path.split('/').any(|part| part == "node_modules"))
        .filter_map(|path| Some((path, tree.text(folder, path)?)))
        .collect();
    let of = |tool: &str, calls: &[&str]| -> Vec<(&str, String)> {
        let quoted = [format!("'{tool}'"), format!("\"{tool}\"")];
        (sources.iter())
            .filter(|(path, text)| {
                let imports = quoted.iter().any(|word| text.contains(word));
                if tool == "vitest" { path.contains(".bench.") } else { imports }
            })
            .filter_map(|(path, text)| Some((*path, first_name(text, calls)?)))
            .collect()
    };
    let harnesses = [
        ("vitest", of("vitest", &["bench("])),
        ("tinybench", of("tinybench", &[".add("])),
        ("mitata", of("mitata", &["bench("])),
    ];
    let found = harnesses.into_iter().find(|(_, found)| !found.is_empty());
    let none = found.is_none();
    let (harness, found) = found.unwrap_or(("command", Vec::new()));
    let programs: Vec<String> = found.iter().map(|(path, _)| (*path).to_owned()).collect();
    let script =
        |name: &str| manifest.pointer(&format!("/scripts/{name}")).and_then(serde_json::Value::as_str);
    let reads_built = (sources.iter()).any(|(path, text)| {
        programs.iter().any(|program| program == path)
            && ["/dist/", "/build/", "/lib/"].iter().any(|at| text.contains(at))
    });
    let mut notes = Vec::new();
    if harness != "vitest" && programs.iter().any(|path| path.ends_with("ts")) {
        notes.push(
            "Benchmarks in TypeScript need a Node that reads it (22.18), or `NODE_OPTIONS = \"--import tsx\"` under \
             [env]."
                .to_owned(),
        );
    }
    Found {
        name: manifest["name"].as_str().map(str::to_owned),
        target: found.first().map(|(_, name)| name.clone()),
        about: "Benchmarks are listed and launched in the project's own tree.".to_owned(),
        harness: harness.to_owned(),
        files: programs.clone(),
        programs,
        build: (reads_built && script("build").is_some())
            .then(|| "npm run build".to_owned())
            .into_iter()
            .collect(),
        cases: none
            .then(|| Case { name: "parse_document".to_owned(), run: "node benchmark.js {n}".to_owned() })
            .into_iter()
            .collect(),
        suites: suite(script("test")).into_iter().collect(),
        setup: setup(tree, folder, &manifest),
        notes,
        ..Found::default()
    }
}

/// The suite that the test script is.
fn suite(script: Option<&str>) -> Option<Suite> {
    let script = script.filter(|script| !script.contains("no test specified"))?;
    let is_one_command = !script.contains(['&', '|', ';', '$', '`', '<', '>']);
    if script.contains("node --test") || script.contains("node --import") && script.contains("--test") {
        let own = is_one_command && script.starts_with("node ");
        return Some(Suite::running("node_test", if own { script } else { "npm test" }));
    }
    if script.contains("vitest") && is_one_command {
        return Some(Suite::known("vitest"));
    }
    Some(Suite::running("command", "npm test"))
}

/// What installs the dependencies, by the lockfile here or above.
fn setup(tree: &Tree<'_>, folder: &str, manifest: &serde_json::Value) -> Option<String> {
    let above = std::path::Path::new(folder).ancestors().map(|at| at.to_string_lossy().into_owned());
    for at in above {
        if let Some((_, command)) = MANAGERS.iter().find(|(lock, _)| tree.has(&at, lock)) {
            return Some((*command).to_owned());
        }
        if tree.has(&at, "yarn.lock") {
            let modern = tree.has(&at, ".yarnrc.yml");
            return Some(format!(
                "yarn install {}",
                if modern { "--immutable" } else { "--frozen-lockfile" }
            ));
        }
    }
    let has = |key: &str| manifest[key].as_object().is_some_and(|all| !all.is_empty());
    (has("dependencies") || has("devDependencies")).then(|| "npm install --no-package-lock".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(manifest: &str, files: &[(&str, &str)]) -> Found {
        let mut all = vec![("package.json", manifest)];
        all.extend(files);
        find(&Tree::with(&all), "")
    }

    #[test]
    fn vitest_is_found_by_its_files_and_its_suite_by_the_script() {
        let bench = "import { bench } from 'vitest'\nbench(name, f)\nbench('parse', () => {})\n";
        let manifest =
            r#"{"name": "p", "scripts": {"test": "vitest run"}, "devDependencies": {"vitest": "4"}}"#;
        let found = found(manifest, &[("src/a.bench.ts", bench), ("package-lock.json", "{}")]);
        assert_eq!((found.harness.as_str(), found.target.as_deref()), ("vitest", Some("parse")));
        assert_eq!((found.setup.as_deref(), found.suites), (Some("npm ci"), vec![Suite::known("vitest")]));
        assert_eq!((found.name.as_deref(), found.programs.len()), (Some("p"), 1));
    }

    #[test]
    fn scripts_of_tinybench_and_mitata_are_found_by_their_import() {
        let manifest =
            r#"{"scripts": {"test": "node --test test/", "build": "tsc"}, "dependencies": {"a": "1"}}"#;
        let tiny = "import { Bench } from \"tinybench\"\nimport '../dist/a.js'\nnew Bench().add('one', f)\n";
        let one = found(manifest, &[("bench/a.js", tiny)]);
        assert_eq!((one.harness.as_str(), one.target.as_deref()), ("tinybench", Some("one")));
        assert_eq!(
            (one.build, one.setup.as_deref()),
            (vec!["npm run build".to_owned()], Some("npm install --no-package-lock"))
        );
        assert_eq!(one.suites, [Suite::running("node_test", "node --test test/")]);
        let other = found("{}", &[("b.mjs", "import { bench } from 'mitata'\nbench(`two`, f)\n")]);
        assert_eq!(
            (other.harness.as_str(), other.target.as_deref(), other.suites.len()),
            ("mitata", Some("two"), 0)
        );
    }

    #[test]
    fn without_a_benchmark_a_placeholder_is_left_and_other_tests_are_a_command() {
        let found =
            found(r#"{"scripts": {"test": "jest && eslint ."}}"#, &[("yarn.lock", ""), (".yarnrc.yml", "")]);
        assert_eq!((found.harness.as_str(), found.cases.len()), ("command", 1));
        assert_eq!(found.setup.as_deref(), Some("yarn install --immutable"));
        assert_eq!(found.suites, [Suite::running("command", "npm test")]);
    }
}
