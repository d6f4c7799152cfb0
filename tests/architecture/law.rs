//! The law as data. design.md section 3 has the reasons.

/// What a module may name besides itself. A module that is not here may name nothing and is a breach.
pub(crate) const EDGES: &[(&str, &[&str])] = &[
    ("model", &[]),
    // Pure.
    ("stats", &["model"]),
    ("patch", &["model"]),
    ("profile", &["model", "stats"]),
    ("bench", &["model"]),
    ("gauge", &["model"]),
    ("suite", &["model"]),
    ("collect", &["model", "profile"]),
    ("confine", &["model"]),
    ("policy", &["model", "patch"]),
    ("engine", &["model", "stats", "policy", "patch", "bench", "suite", "profile"]),
    // World: each may ask for the time and for files; `fs` and `clock` are how the house does both.
    ("clock", &[]),
    ("fs", &[]),
    ("net", &["model", "fs", "clock"]),
    ("launcher", &["model", "fs", "clock"]),
    ("process", &["model", "fs", "clock", "launcher"]),
    ("vcs", &["model", "patch", "fs", "clock"]),
    ("journal", &["model", "fs", "clock"]),
    ("agent", &["model", "process", "net", "fs", "clock"]),
    ("peer", &["model", "process", "net", "fs", "clock"]),
    // App and fronts. The fronts do not know each other; `lib.rs` alone dispatches to both.
    ("app", ABOVE_ALL),
    ("cli", &["model", "app", "profile"]),
    ("mcp", &["model", "app", "profile"]),
    ("lib", &["cli", "mcp", "launcher"]),
    ("main", &[]),
];

/// Single files that name more than their module may, with the reason.
pub(crate) const EXCEPTIONS: &[(&str, &[&str])] = &[
    // A test of the tools that plays the driver's side of the spool.
    ("src/mcp/spool/tests.rs", &["agent", "fs"]),
];

/// Everything below the fronts.
const ABOVE_ALL: &[&str] = &[
    "model", "stats", "patch", "profile", "bench", "suite", "collect", "confine", "policy", "engine",
    "clock", "fs", "net", "launcher", "process", "vcs", "journal", "agent", "peer", "gauge",
];

/// Modules in which nothing of the world may be named.
pub(crate) const PURE: &[&str] = &[
    "model", "stats", "profile", "patch", "bench", "gauge", "suite", "collect", "confine", "policy", "engine",
];

/// What pure modules may not name: the beginning of a path.
pub(crate) const WORLDLY: &[&str] = &[
    "std::fs",
    "std::process",
    "std::env",
    "std::net",
    "std::thread",
    "std::os",
    "std::time::Instant",
    "std::time::SystemTime",
    "tokio",
    "tokio_util",
    "git2",
    "rmcp",
    "rusqlite",
    "rustix",
    "landlock",
    "wait4",
    "tempfile",
    "jiff::Timestamp::now",
    "jiff::Zoned::now",
    "rand::rng",
    "rand::random",
];

/// Path ends that ask for the time, whatever they are imported as.
pub(crate) const NOW: &[&str] = &["Instant::now", "SystemTime::now", "Timestamp::now", "Zoned::now"];

/// Crates that one part of the house alone may name; a folder below `src`.
pub(crate) const CRATES: &[(&str, &[&str])] = &[
    ("git2", &["vcs"]),
    ("rmcp", &["agent", "peer", "mcp"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("indicatif", &["app/reporter"]),
    ("rusqlite", &["journal"]),
    ("inferno", &["app/report"]),
    // The launcher restricts itself by it, `process` asks what the kernel knows of it.
    ("landlock", &["launcher", "process"]),
    ("wait4", &["launcher"]),
];

/// No file has more lines.
pub(crate) const HARD_LINES: usize = 800;
/// Files with more lines are told.
pub(crate) const SOFT_LINES: usize = 300;
/// Half of the files of `src` have fewer lines.
pub(crate) const MEDIAN_LINES: usize = 150;
/// A `mod.rs` holds trait, registry and documentation, no more.
pub(crate) const MOD_LINES: usize = 80;
/// `main.rs` has fewer.
pub(crate) const MAIN_LINES: usize = 10;

/// File names that say nothing, whole or as a part between underscores.
pub(crate) const EMPTY_NAMES: &[&str] =
    &["util", "utils", "helper", "helpers", "common", "manager", "handler", "misc", "stuff", "data"];

/// Files and folders in a registry's folder that are no entry of it.
pub(crate) const BESIDE: &[(&str, &[&str])] = &[
    ("agent", &["conversation", "error", "spool"]),
    (
        "bench",
        &[
            "cargo_build",
            "cmake",
            "driver",
            "exchange",
            "harness",
            "load",
            "hostile",
            "node_script",
            "program",
            "resolve",
            "told",
            "unit",
        ],
    ),
    ("collect", &["acts"]),
    ("gauge", &["contract", "dhat"]),
    ("profile", &["change", "hotspots", "model", "project", "wire"]),
    ("suite", &["exchange", "junit"]),
];

/// Registries whose entries need captured real data under `tests/data/<folder>/<entry>/`.
pub(crate) const CAPTURED: &[(&str, &str)] =
    &[("HARNESSES", "bench"), ("SUITES", "suite"), ("COLLECTORS", "collect"), ("FORMATS", "profile")];

/// What no file of the project may hold, besides the folder it is built in.
pub(crate) const MACHINE_PATHS: &[&str] = &["/root/"];
