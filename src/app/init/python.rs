//! What `init` finds in a Python project: benchmarks of pytest-benchmark or pyperf, its suite, what `setup` installs.

use super::found::{Case, Found, Suite};
use super::tree::Tree;

/// What marks a package of its own.
const MANIFESTS: &[&str] = &["pyproject.toml", "setup.py"];
/// Requirement files, in the order they are installed.
const REQUIREMENTS: &[&str] = &[
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-test.txt",
    "dev-requirements.txt",
    "test-requirements.txt",
    "requirements/dev.txt",
    "requirements/test.txt",
];
/// Extras and groups of dependencies that tests and benchmarks are behind.
const EXTRAS: &[&str] =
    &["test", "tests", "testing", "dev", "bench", "benchmark", "benchmarks", "benchmarking"];
/// Managers by their lockfile, each told to install into `.venv`.
const MANAGERS: &[(&str, &str)] = &[
    ("uv.lock", "uv sync --frozen --all-extras --all-groups"),
    ("poetry.lock", "sh -c 'POETRY_VIRTUALENVS_IN_PROJECT=1 poetry install --all-extras'"),
    ("pdm.lock", "pdm sync --dev"),
    ("Pipfile.lock", "sh -c 'PIPENV_VENV_IN_PROJECT=1 pipenv sync --dev'"),
];

/// The benchmarks of pytest-benchmark, else scripts of pyperf.
pub(super) fn find(tree: &Tree<'_>, folder: &str) -> Found {
    let project = Project::read(tree, folder);
    let sources: Vec<(&str, String)> = (tree.own(folder, MANIFESTS).into_iter())
        .filter(|path| path.rsplit_once('.').is_some_and(|(_, end)| end == "py"))
        .filter_map(|path| Some((path, tree.text(folder, path)?)))
        .collect();
    let benchmarks: Vec<(&str, String)> = (sources.iter())
        .filter(|(path, _)| is_test(path) || is_named_benchmark(path))
        .filter_map(|(path, text)| Some((*path, format!("{path}::{}", fixture_user(text)?))))
        .collect();
    let scripts: Vec<(&str, String)> = (sources.iter())
        .filter(|(_, text)| text.contains("pyperf.Runner("))
        .filter_map(|(path, text)| {
            Some((*path, first_name(text, &[".bench_func(", ".timeit(", ".bench_time_func("])?))
        })
        .collect();
    let (harness, found) = match (benchmarks.is_empty(), scripts.is_empty()) {
        (false, _) => ("pytest_benchmark", benchmarks),
        (true, false) => ("pyperf", scripts),
        (true, true) => ("pytest_benchmark", Vec::new()),
    };
    let uses_pytest = project.text.contains("pytest")
        || sources.iter().any(|(path, text)| is_test(path) && !text.contains("import unittest"));
    let suite = match (uses_pytest, found.is_empty() || harness == "pyperf") {
        (true, true) => Suite::known("pytest"),
        (true, false) => Suite::running("pytest", "python3 -m pytest --benchmark-disable"),
        (false, _) => Suite::running("command", "python3 -m unittest discover"),
    };
    let programs: Vec<String> = found.iter().map(|(path, _)| (*path).to_owned()).collect();
    let none = found.is_empty();
    let mut wanted = vec![];
    wanted.extend(uses_pytest.then_some("pytest"));
    wanted.extend((!none).then_some(if harness == "pyperf" { "pyperf" } else { "pytest-benchmark" }));
    let mut notes = Vec::new();
    if project.is_compiled {
        notes.push(
            "Parts of it are compiled: `setup` builds them once, and a change in them is measured only if \
             `[bench] build` builds them again."
                .to_owned(),
        );
    }
    Found {
        name: project.name.clone(),
        target: found.first().map(|(_, target)| target.clone()),
        about: "Benchmarks are listed and launched in the project's own tree; each launch does a fixed number of iterations.".to_owned(),
        harness: if none { "command" } else { harness }.to_owned(),
        files: programs.clone(),
        programs,
        cases: none
            .then(|| Case { name: "parse_document".to_owned(), run: "python3 benchmark.py {n}".to_owned() })
            .into_iter()
            .collect(),
        suites: vec![suite],
        setup: project.setup(tree, folder, &wanted),
        notes,
        ..Found::default()
    }
}

/// What the manifests say.
struct Project {
    name: Option<String>,
    /// All that names dependencies.
    text: String,
    /// What of it is installed by what is told to pip.
    installed: String,
    /// Requirement files that are there.
    requirements: Vec<&'static str>,
    /// Extras with what tests need.
    extras: Vec<String>,
    /// Requirements of dependency groups, which older pips cannot name.
    grouped: Vec<String>,
    is_package: bool,
    is_compiled: bool,
}

impl Project {
    fn read(tree: &Tree<'_>, folder: &str) -> Self {
        let text = |name: &str| tree.text(folder, name).unwrap_or_default();
        let pyproject = text("pyproject.toml");
        let table: toml::Table = pyproject.parse().unwrap_or_default();
        let project = table.get("project").and_then(toml::Value::as_table);
        let by_tox = tox_extras(&text("tox.ini"));
        let wanted = |key: &&String| EXTRAS.contains(&key.as_str()) || by_tox.contains(key);
        let extras = project.and_then(|project| project.get("optional-dependencies")?.as_table());
        let groups = table.get("dependency-groups").and_then(toml::Value::as_table);
        let grouped = groups.into_iter().flatten().filter(|(key, _)| wanted(key));
        let requirements: Vec<&str> =
            REQUIREMENTS.iter().copied().filter(|name| tree.has(folder, name)).collect();
        let setup = text("setup.py");
        let backend = table.get("build-system").map(ToString::to_string).unwrap_or_default();
        let native = ["maturin", "scikit-build", "mesonpy", "meson-python", "Cython", "pybind11", "cffi"];
        let chosen = extras.into_iter().flatten().filter(|(key, _)| wanted(key));
        let mut installed: Vec<String> = chosen.map(|(_, packages)| packages.to_string()).collect();
        installed.extend(project.and_then(|project| Some(project.get("dependencies")?.to_string())));
        installed.extend(requirements.iter().map(|name| text(name)));
        installed.push(setup.clone());
        let grouped: Vec<String> = grouped
            .flat_map(|(_, group)| group.as_array().cloned().unwrap_or_default())
            .filter_map(|requirement| Some(requirement.as_str()?.to_owned()))
            .collect();
        installed.extend(grouped.iter().cloned());
        let all = requirements.iter().map(|name| text(name)).chain([
            pyproject.clone(),
            setup.clone(),
            text("setup.cfg"),
        ]);
        Self {
            name: project.and_then(|project| Some(project.get("name")?.as_str()?.to_owned())),
            text: all.collect::<Vec<_>>().join("\n"),
            requirements,
            extras: extras.into_iter().flat_map(toml::Table::keys).filter(wanted).cloned().collect(),
            installed: installed.join("\n"),
            grouped,
            is_package: project.is_some() || table.contains_key("build-system") || !setup.is_empty(),
            is_compiled: setup.contains("ext_modules") || native.iter().any(|name| backend.contains(name)),
        }
    }

    /// The manager's own command where there is a lockfile of one, else a `.venv` filled by pip.
    fn setup(&self, tree: &Tree<'_>, folder: &str, wanted: &[&str]) -> Option<String> {
        if let Some((_, command)) = MANAGERS.iter().find(|(lock, _)| tree.has(folder, lock)) {
            return Some((*command).to_owned());
        }
        let mut words: Vec<String> = Vec::new();
        for name in &self.requirements {
            words.extend(["-r".to_owned(), (*name).to_owned()]);
        }
        if self.is_package {
            let extras =
                if self.extras.is_empty() { String::new() } else { format!("[{}]", self.extras.join(",")) };
            words.extend(["-e".to_owned(), format!(".{extras}")]);
        }
        words.extend(self.grouped.iter().cloned());
        words.extend(
            wanted.iter().filter(|name| !names(&self.installed, name)).map(|name| (*name).to_owned()),
        );
        let script = format!("python3 -m venv .venv && .venv/bin/pip install {}", shell_words::join(&words));
        (!words.is_empty()).then(|| format!("sh -c {}", shell_words::quote(&script)))
    }
}

/// The extras of the first environment of `tox.ini` that runs pytest: what the project's own tests are run with.
fn tox_extras(text: &str) -> Vec<String> {
    for section in text.split("\n[").filter(|section| section.starts_with("testenv")) {
        let (mut extras, mut runs_pytest, mut key) = (Vec::new(), false, "");
        for line in section.lines().skip(1) {
            let mut values = line;
            if let (Some((name, rest)), false) = (line.split_once('='), line.starts_with([' ', '\t'])) {
                (key, values) = (name.trim(), rest);
            }
            match key {
                "commands" => runs_pytest |= values.contains("pytest"),
                "extras" => extras.extend(values.split([',', ' ', '\t']).map(|name| name.trim().to_owned())),
                _ => {}
            }
        }
        extras.retain(|name| !name.is_empty());
        if runs_pytest && !extras.is_empty() {
            return extras;
        }
    }
    Vec::new()
}

/// Whether the text names this package, and not only one whose name begins like it.
fn names(text: &str, package: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    text.split(|c: char| !is_part(c)).any(|word| word.trim_end_matches('.') == package)
}

/// Whether pytest takes it for a file of tests.
fn is_test(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with("test_") || name.ends_with("_test.py")
}

/// Whether its name or a folder's says that it measures: pytest collects such files where they are named.
fn is_named_benchmark(path: &str) -> bool {
    path.split('/').any(|part| part.split(['_', '.']).any(|word| word.starts_with("bench")))
}

/// The first test that takes the `benchmark` fixture, with the class it is in.
fn fixture_user(text: &str) -> Option<String> {
    let mut class = None;
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("class ") {
            class = rest.split(['(', ':']).next();
        } else if line.starts_with("def ") || line.starts_with("async def ") {
            class = None;
        }
        let Some(rest) = line.trim_start().strip_prefix("def test") else { continue };
        let Some((name, parameters)) = rest.split_once('(') else { continue };
        let takes = |parameter: &str| {
            parameter.split([':', '=']).next().is_some_and(|name| name.trim() == "benchmark")
        };
        if parameters.split([',', ')']).any(takes) {
            let class = class.map(|class| format!("{}::", class.trim())).unwrap_or_default();
            return Some(format!("{class}test{name}"));
        }
    }
    None
}

/// The first literal that one of these calls begins with.
pub(super) fn first_name(text: &str, calls: &[&str]) -> Option<String> {
    let starts = calls.iter().flat_map(|call| text.match_indices(call).map(|(at, call)| at + call.len()));
    let mut starts: Vec<usize> = starts.collect();
    starts.sort_unstable();
    starts.into_iter().find_map(|at| {
        let rest = text[at..].trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
        let (name, _) = rest[1..].split_once(quote)?;
        (!name.is_empty() && !name.contains(['\n', '$', '{'])).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_that_take_the_fixture_are_benchmarks_and_what_they_need_is_installed() {
        let pyproject = "[project]\nname = \"p\"\n[project.optional-dependencies]\ntest = [\"pytest\"]\ndocs = []\n\
                         [dependency-groups]\nbench = [\"numpy>2\"]\n";
        let files = [
            ("pyproject.toml", pyproject),
            ("src/p.py", "def test_not(benchmark): pass\n"),
            ("tests/test_a.py", "def test_a():\n    pass\n"),
            (
                "tests/test_b.py",
                "class TestX:\n    def test_plain(self, benchmarks): pass\n    def test_b(self, n, benchmark: object): pass\n",
            ),
        ];
        let found = find(&Tree::with(&files), "");
        assert_eq!(found.target.as_deref(), Some("tests/test_b.py::TestX::test_b"));
        assert_eq!(
            (found.harness.as_str(), found.programs),
            ("pytest_benchmark", vec!["tests/test_b.py".to_owned()])
        );
        assert_eq!(found.suites, [Suite::running("pytest", "python3 -m pytest --benchmark-disable")]);
        let script = "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' 'numpy>2' pytest-benchmark";
        assert_eq!(shell_words::split(&found.setup.unwrap()).unwrap(), ["sh", "-c", script]);
    }

    #[test]
    fn files_named_after_benchmarks_count_and_extras_that_are_not_installed_do_not() {
        let pyproject = "[project]\nname = \"p\"\n[project.optional-dependencies]\n\
                         benchmarking = [\"psutil\", \"pytest-benchmark\"]\nrtd = [\"pytest\"]\n";
        let files = [
            ("pyproject.toml", pyproject),
            ("benchmarking/bench_core.py", "def test_spec(benchmark, parser):\n    pass\n"),
            ("tests/test_a.py", "def test_a():\n    pass\n"),
        ];
        let found = find(&Tree::with(&files), "");
        assert_eq!(found.target.as_deref(), Some("benchmarking/bench_core.py::test_spec"));
        let script = "python3 -m venv .venv && .venv/bin/pip install -e '.[benchmarking]' pytest";
        assert_eq!(shell_words::split(&found.setup.unwrap()).unwrap(), ["sh", "-c", script]);
    }

    #[test]
    fn extras_that_the_projects_own_tests_run_with_are_installed() {
        let tox = "[tox]\nenvlist = py39\n\n[testenv]\nusedevelop = true\n\n[testenv:py{39,310}]\nextras =\n    linkify\n    \
                   testing\ncommands = pytest {posargs:tests/}\n\n[testenv:bench]\nextras = compare\ncommands = pytest b\n";
        assert_eq!(tox_extras(tox), ["linkify", "testing"]);
        let pyproject = "[project]\nname = \"p\"\n[project.optional-dependencies]\ncompare = [\"a\"]\n\
                         linkify = [\"b\"]\ntesting = [\"pytest\"]\n";
        let files =
            [("pyproject.toml", pyproject), ("tox.ini", tox), ("tests/test_a.py", "def test_a(): pass\n")];
        let setup = find(&Tree::with(&files), "").setup.unwrap();
        assert!(setup.contains(".[linkify,testing]"), "{setup}");
    }

    #[test]
    fn scripts_of_pyperf_and_a_managers_lockfile_are_found() {
        let script =
            "import pyperf\nrunner = pyperf.Runner()\nrunner.timeit(name)\nrunner.bench_func('parse', f)\n";
        let files = [("requirements.txt", "pyperf\n"), ("uv.lock", ""), ("b/bench.py", script)];
        let found = find(&Tree::with(&files), "");
        assert_eq!((found.harness.as_str(), found.target.as_deref()), ("pyperf", Some("parse")));
        assert_eq!(found.setup.as_deref(), Some("uv sync --frozen --all-extras --all-groups"));
        assert_eq!(found.suites, [Suite::running("command", "python3 -m unittest discover")]);
    }

    #[test]
    fn without_a_benchmark_a_placeholder_is_left_and_compiled_parts_are_named() {
        let files = [("setup.py", "setup(ext_modules=[])"), ("tests/test_a.py", "import unittest\n")];
        let found = find(&Tree::with(&files), "");
        assert_eq!((found.target, found.harness.as_str(), found.cases.len()), (None, "command", 1));
        assert_eq!(found.notes.len(), 1);
    }
}
