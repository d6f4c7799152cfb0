//! The original itself is not sound: it does not build, pass, launch, end, or tell a number.

use crate::place::Place;

#[test]
fn an_original_that_is_not_sound_ends_with_four_and_what_was_seen() {
    let metric = ("[bench]", "[bench]\nmetric = \"t\"");
    let same = ("[bench]", "[bench]");
    for (file, text, (from, to), said) in [
        (
            "tests/it.sh",
            "echo a test broke; exit 1",
            same,
            &["its tests fail", "sh tests/it.sh", "exit code 1", "a test broke"][..],
        ),
        ("bench.sh", "echo boom >&2; exit 3", same, &["spin: exit code 3", "boom"]),
        ("bench.sh", "kill -9 $$", same, &["spin: ", "signal 9"]),
        (
            "bench.sh",
            "echo 'METRIC t=NaN ms'",
            metric,
            &["line 1", "finite and above zero", "METRIC t=NaN ms"],
        ),
        ("bench.sh", "echo 'METRIC t=0 ms'", metric, &["line 1", "above zero", "METRIC t=0 ms"]),
        ("bench.sh", "echo 'METRIC t=-3 ms'", metric, &["line 1", "above zero", "METRIC t=-3 ms"]),
        ("bench.sh", "echo 'METRIC t= ms'", metric, &["line 1", "expected a number"]),
        ("bench.sh", "true", metric, &["no line `METRIC t=value unit`", "it printed no metric"]),
        (
            "bench.sh",
            "echo 'METRIC u=1 ms'",
            metric,
            &["no line `METRIC t=value unit`", "metrics it printed: \"u\""],
        ),
        (
            "bench.sh",
            "sleep 100",
            ("[bench]", "[bench]\ntimeout = \"1s\""),
            &["spin: timed out", "`[bench] timeout`, is 1s"],
        ),
        (
            "bench.sh",
            "sleep 100 >/dev/null 2>&1 &",
            same,
            &["1 process left behind", "must end all it starts"],
        ),
        ("x", "", ("sh bench.sh", "nosuch bench.sh"), &["program nosuch not found"]),
        (
            "x",
            "",
            ("[bench]", "[bench]\nartifacts = [\"target/x\"]"),
            &["target/x is not there after the build", "`[bench] build`"],
        ),
        ("x", "", ("[bench]", "[bench]\nbuild = \"false\""), &["do not build", "`false`: exit code 1"]),
        (
            "x",
            "",
            ("[bench]", "[bench]\nbuild = \"nosuchtool x\""),
            &["do not build", "nosuchtool not found"],
        ),
        (
            "x",
            "",
            ("[bench]", "[bench]\nbuild = \"ln -s /etc/hostname x2\"\nartifacts = [\"x2\"]"),
            &["x2 leads out of the workspace"],
        ),
        ("x", "", ("language = \"generic\"", "setup = \"false\""), &["setup: `false`: exit code 1"]),
    ] {
        let place = Place::new();
        place.write(file, text);
        place.configure(from, to);
        place.commit();
        let told = place.run(&["run"]);
        told.ends(4, &["the original fails", "Next:    mend the project"]);
        told.ends(4, said);
    }
}

#[test]
fn a_metric_that_config_does_not_name_counts_for_nothing() {
    let place = Place::new();
    place.write("bench.sh", "echo 'METRIC t=-3 ms'\n. ./work.sh\n");
    place.commit();
    place.run(&["run"]).ends(3, &["nothing changed"]);
}
