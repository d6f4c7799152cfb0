//! What children may read, and what they must not.

use super::*;
use crate::fs;

/// A HOME with a credential, and a toolchain elsewhere that `PATH` reaches by a link.
fn machine() -> (tempfile::TempDir, Environment) {
    let folder = tempfile::tempdir().unwrap();
    let at = |place: &str| folder.path().join(place);
    for place in ["home/.cargo/bin", "elsewhere/stable/bin", "links"] {
        fs::create_folder(&at(place)).unwrap();
    }
    fs::replace(&at("home/.cargo/credentials.toml"), b"secret").unwrap();
    fs::replace(&at("home/.cargo/bin/rustc"), b"").unwrap();
    fs::replace(&at("elsewhere/stable/bin/cargo"), b"").unwrap();
    std::os::unix::fs::symlink(at("elsewhere/stable/bin/cargo"), at("links/cargo")).unwrap();
    let path = format!("{}:{}", at("links").display(), at("home/.cargo/bin").display());
    let home = at("home").display().to_string();
    let variables = BTreeMap::from([("HOME".to_owned(), home), ("PATH".to_owned(), path)]);
    (folder, Environment { variables, program: PathBuf::new() })
}

#[test]
fn a_toolchain_that_path_finds_outside_of_home_is_readable() {
    let (folder, environment) = machine();
    let root = folder.path().canonicalize().unwrap();
    let found = toolchains(&environment, &[folder.path().join("home")]);
    assert!(found.contains(&root.join("elsewhere/stable")), "{found:?}");
    assert!(found.contains(&folder.path().join("links")), "{found:?}");
}

#[test]
fn nothing_bound_back_holds_a_credential_or_a_masked_folder() {
    let (folder, environment) = machine();
    let secret = folder.path().join("home/.cargo/credentials.toml");
    let found = toolchains(&environment, &[folder.path().join("home")]);
    assert!(found.contains(&folder.path().join("home/.cargo/bin")), "{found:?}");
    assert!(!found.iter().any(|at| secret.starts_with(at)), "{found:?}");
}

#[test]
fn setup_gets_proxies_and_registries_and_no_tokens() {
    let said = [
        ("https_proxy", "http://proxy:3128"),
        ("GOPROXY", "https://mirror"),
        ("CARGO_REGISTRIES_OURS_INDEX", "sparse+https://ours"),
        ("CARGO_REGISTRIES_OURS_TOKEN", "secret"),
        ("EDITOR", "vi"),
    ];
    let variables = said.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let online = online(&Environment { variables, program: PathBuf::new() });
    let names: Vec<&str> = online.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "CARGO_NET_OFFLINE",
            "CARGO_REGISTRIES_OURS_INDEX",
            "GOPROXY",
            "PIP_NO_INDEX",
            "UV_NO_SYNC",
            "UV_OFFLINE",
            "https_proxy",
            "npm_config_offline"
        ]
    );
    assert_eq!((&*online["GOPROXY"], &*online["CARGO_NET_OFFLINE"]), ("https://mirror", "false"));
}
