//! What `setup` alone has: the network, the user's proxies and registries, and caches that later children only read.
//!
//! Start at [`online`] and [`caches`].

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::app::environment::Environment;

/// Variables that lead to the network, whatever their case; what begins with one of the prefixes as well.
const ONLINE: &[&str] = &[
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "GOPROXY",
    "GONOPROXY",
    "GOPRIVATE",
    "GOSUMDB",
    "GONOSUMDB",
    "GOINSECURE",
    "MAVEN_OPTS",
    "MAVEN_ARGS",
    "UV_INDEX_URL",
    "NODE_EXTRA_CA_CERTS",
];
const ONLINE_PREFIXES: &[&str] =
    &["CARGO_HTTP_", "CARGO_REGISTRIES_", "CARGO_SOURCE_", "PIP_", "NPM_CONFIG_"];

/// Where packages are kept that builds only read.
pub(super) fn caches(environment: &Environment) -> Vec<PathBuf> {
    let at = |name: &str, place: &str| {
        let named = environment.get(name).map(PathBuf::from).filter(|path| path.is_absolute());
        named.or_else(|| Some(environment.home()?.join(place)))
    };
    let cargo = at("CARGO_HOME", ".cargo")
        .into_iter()
        .flat_map(|cargo| ["registry", "git"].map(|part| cargo.join(part)));
    let maven = environment.home().map(|home| home.join(".m2/repository"));
    cargo
        .chain(module_cache(environment))
        .chain(maven)
        .chain(fetched(environment).map(|(_, cache)| cache))
        .collect()
}

/// Caches of package managers that have one already, with the variable that names it to `setup`; without one, `setup`
/// has a cache of the workspace's own.
fn fetched(environment: &Environment) -> impl Iterator<Item = (&'static str, PathBuf)> {
    let absolute = |name: &str| environment.get(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = environment.home();
    let caches = absolute("XDG_CACHE_HOME").or_else(|| Some(home.clone()?.join(".cache")));
    let usual = [
        ("PIP_CACHE_DIR", caches.as_ref().map(|caches| caches.join("pip"))),
        ("UV_CACHE_DIR", caches.as_ref().map(|caches| caches.join("uv"))),
        ("npm_config_cache", home.map(|home| home.join(".npm"))),
    ];
    let named = usual.map(|(name, usual)| Some((name, absolute(name).or(usual)?)));
    named.into_iter().flatten().filter(|(_, cache)| cache.is_dir())
}

/// Go's module cache, which need not be there yet.
pub(super) fn module_cache(environment: &Environment) -> Option<PathBuf> {
    let absolute = |name: &str| environment.get(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let in_gopath = || absolute("GOPATH").or_else(|| Some(environment.home()?.join("go")));
    absolute("GOMODCACHE").or_else(|| Some(in_gopath()?.join("pkg/mod")))
}

/// What `setup` has in place of the pins that close the network: the user's proxies and registries, no tokens.
pub(super) fn online(environment: &Environment) -> BTreeMap<String, String> {
    let mut online: BTreeMap<String, String> = [
        ("CARGO_NET_OFFLINE", "false"),
        // Empty is Go's own default.
        ("GOPROXY", ""),
        ("PIP_NO_INDEX", "false"),
        ("UV_OFFLINE", "false"),
        ("UV_NO_SYNC", "false"),
        ("npm_config_offline", "false"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let is_wanted = |name: &str| {
        let upper = name.to_ascii_uppercase();
        let secret = ["TOKEN", "PASSWORD", "SECRET", "AUTH"].iter().any(|word| upper.contains(word));
        !secret
            && (ONLINE.contains(&upper.as_str())
                || ONLINE_PREFIXES.iter().any(|prefix| upper.starts_with(prefix)))
    };
    online.extend(
        (environment.variables.iter())
            .filter(|(name, value)| is_wanted(name) && !value.is_empty())
            .map(|(name, value)| (name.clone(), value.clone())),
    );
    let caches = fetched(environment);
    online.extend(caches.map(|(name, cache)| (name.to_owned(), cache.to_string_lossy().into_owned())));
    online
}
