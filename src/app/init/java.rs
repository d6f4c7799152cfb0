//! What `init` finds in a Maven or Gradle project: JMH benchmarks, the module that packs them, its tests.

use super::found::{Found, Suite};
use super::tree::{Tree, inside, join};

/// The jar that JMH's archetype and its documentation make.
const JAR: &str = "target/benchmarks.jar";

/// The first benchmark method; the config stands where the build begins, above the modules it knows.
pub(super) fn find(tree: &Tree<'_>, folder: &str) -> Found {
    if tree.has(folder, "pom.xml") { maven(tree, folder) } else { gradle(tree, folder) }
}

fn maven(tree: &Tree<'_>, folder: &str) -> Found {
    let root = reactor(tree, folder);
    let module = inside(&root, folder).unwrap_or_default().to_owned();
    let pom = tree.text(folder, "pom.xml").unwrap_or_default();
    let module = (root != folder).then_some(module);
    let jar = join(module.as_deref().unwrap_or_default(), &named_jar(&pom));
    let (target, files) = benchmarks(tree, folder);
    let mut notes = Vec::new();
    if target.is_some() && !pom.contains("maven-shade-plugin") && !pom.contains("maven-assembly-plugin") {
        notes.push(format!(
            "{} names no plugin that packs benchmarks into one jar: if {jar} is not what the build makes, name it under `programs`.",
            join(folder, "pom.xml")
        ));
    }
    let in_root = |file: String| join(module.as_deref().unwrap_or_default(), &file);
    Found {
        root: Some(root.clone()),
        name: artifact(&pom),
        target,
        about: "Benchmarks are those of the jar that the build packs; `build` says how where it is not Maven's usual way.".to_owned(),
        harness: "jmh".to_owned(),
        programs: vec![jar],
        files: files.into_iter().map(in_root).collect(),
        package: module.clone(),
        suites: vec![Suite::known("maven")],
        // `dependency:go-offline` leaves out what Surefire loads when it runs.
        setup: Some(SETUP.to_owned()),
        notes,
        ..Found::default()
    }
}

/// Fetches all that `package` and `test` need: nothing less than running them does.
const SETUP: &str = "mvn -B -q -Dmaven.test.failure.ignore=true package";

/// There is no suite of Gradle's own yet: its tests run as a command.
fn gradle(tree: &Tree<'_>, folder: &str) -> Found {
    let gradle = if tree.has(folder, "gradlew") { "./gradlew" } else { "gradle" };
    let (target, files) = benchmarks(tree, folder);
    Found {
        target,
        about: "Benchmarks are those of the jar that the build packs: name it and the task that makes it."
            .to_owned(),
        harness: "jmh".to_owned(),
        programs: vec!["build/libs/NAME-jmh.jar".to_owned()],
        build: vec![format!("{gradle} --offline -q jmhJar")],
        files,
        suites: vec![Suite::running("command", &format!("{gradle} --offline test"))],
        notes: vec![
            "The jar of Gradle's `jmhJar` carries the project's name: put it under `programs`.".to_owned(),
            "Gradle's tests are not told apart: the suite is one command that passes or fails.".to_owned(),
        ],
        ..Found::default()
    }
}

/// The outermost folder whose modules, one within the other, lead here.
fn reactor(tree: &Tree<'_>, folder: &str) -> String {
    let mut root = folder.to_owned();
    let mut above = folder;
    while !above.is_empty() {
        above = above.rsplit_once('/').map_or("", |(parent, _)| parent);
        let Some(pom) = tree.text(above, "pom.xml") else { continue };
        let inner = inside(above, &root).unwrap_or_default();
        if elements(&pom, "module").any(|module| module.trim_matches('/') == inner) {
            above.clone_into(&mut root);
        }
    }
    root
}

/// The first benchmark as JMH names it, and the files that hold any.
fn benchmarks(tree: &Tree<'_>, folder: &str) -> (Option<String>, Vec<String>) {
    let manifests = ["pom.xml", "build.gradle", "build.gradle.kts"];
    let (mut target, mut files) = (None, Vec::new());
    for path in tree.own(folder, &manifests) {
        let Some(class) = path.strip_suffix(".java").and_then(|path| path.rsplit('/').next()) else {
            continue;
        };
        let Some(text) = tree.text(folder, path).filter(|text| text.contains("@Benchmark\n")) else {
            continue;
        };
        let package = text.lines().find_map(|line| line.strip_prefix("package ")?.trim().strip_suffix(';'));
        if let (None, Some(method)) = (&target, method(&text)) {
            let package = package.map(|package| format!("{package}.")).unwrap_or_default();
            target = Some(format!("{package}{class}.{method}"));
        }
        files.push(path.to_owned());
    }
    (target, files)
}

/// The method after the first `@Benchmark`.
fn method(text: &str) -> Option<String> {
    let after = text.split_once("@Benchmark\n")?.1;
    let declared = after.lines().map(str::trim).find(|line| !line.starts_with('@') && line.contains('('))?;
    let name = declared.split_once('(')?.0.rsplit(char::is_whitespace).next()?;
    (!name.is_empty()).then(|| name.to_owned())
}

/// The jar a shaded build is told to make.
fn named_jar(pom: &str) -> String {
    let shade = pom.split("maven-shade-plugin").nth(1).and_then(|rest| rest.split("</plugin>").next());
    let name = shade.and_then(|plugin| elements(plugin, "finalName").next());
    // `${uberjar.name}` is a property of the same file.
    let name = name.map(|name| match name.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
        Some(property) => elements(pom, property).next().unwrap_or_default(),
        None => name,
    });
    name.filter(|name| !name.is_empty() && !name.contains("${"))
        .map_or_else(|| JAR.to_owned(), |name| format!("target/{name}.jar"))
}

/// The artifact's own name, which stands after that of its parent.
fn artifact(pom: &str) -> Option<String> {
    let own = pom.split_once("</parent>").map_or(pom, |(_, rest)| rest);
    elements(own, "artifactId").next().map(str::to_owned)
}

/// Texts of the elements of this name.
fn elements<'a>(text: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    text.split(open.as_str())
        .skip(1)
        .collect::<Vec<_>>()
        .into_iter()
        .filter_map(move |rest| Some(rest.split_once(close.as_str())?.0.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BENCHMARK: &str = "package a.b;\n\npublic class Text {\n  @Benchmark\n  @Fork(1)\n  public int words(Blackhole hole) {\n";

    #[test]
    fn a_module_is_built_from_the_reactor_above_it() {
        let shade = "<parent><artifactId>all</artifactId></parent><artifactId>bench</artifactId><uberjar.name>perf</uberjar.name><artifactId>maven-shade-plugin</artifactId><finalName>${uberjar.name}</finalName></plugin>";
        let files = [
            ("pom.xml", "<modules><module>tools/bench</module></modules>"),
            ("tools/bench/pom.xml", shade),
            ("tools/bench/src/main/java/a/b/Text.java", BENCHMARK),
        ];
        let found = find(&Tree::with(&files), "tools/bench");
        assert_eq!((found.root.as_deref(), found.package.as_deref()), (Some(""), Some("tools/bench")));
        assert_eq!((found.target.as_deref(), found.name.as_deref()), (Some("a.b.Text.words"), Some("bench")));
        assert_eq!(found.programs, ["tools/bench/target/perf.jar"]);
        assert_eq!(found.files, ["tools/bench/src/main/java/a/b/Text.java"]);
        assert_eq!(found.notes, [""; 0]);
    }

    #[test]
    fn a_gradle_project_says_what_has_to_be_named() {
        let files =
            [("build.gradle", ""), ("gradlew", ""), ("src/jmh/java/Text.java", "@Benchmark\n void run() {")];
        let found = find(&Tree::with(&files), "");
        assert_eq!((found.target.as_deref(), found.notes.len()), (Some("Text.run"), 2));
        assert_eq!(found.build, ["./gradlew --offline -q jmhJar"]);
    }
}
