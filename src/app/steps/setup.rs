//! Runs `setup` in the base workspace: what git does not carry, fetched with network before anything is built.
//!
//! It runs once for a command and the lockfiles and manifests it stands on, within a run as well; candidates get what
//! it left by the copy of the base. Start at [`perform`].

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use sha2::Digest as _;

use crate::app::hands::{Errand, Hands};
use crate::app::site::Site;
use crate::app::world::WorldError;
use crate::fs;
use crate::model::command::Limits;
use crate::model::id::{Digest, TreeId};
use crate::model::launch::Network;
use crate::model::plan::Plan;
use crate::policy::facts::Facts;
use crate::policy::glob::Globs;
use crate::policy::language;

use super::build::failure;

/// Wall limit of `setup`.
const LIMIT: Duration = Duration::from_mins(30);
/// Beside the workspace: what it was set up for. It goes when the workspaces go.
const DONE: &str = "base.setup";
/// What tools say that were denied the network.
const OFFLINE: &[&str] = &[
    "--offline was specified",
    "CARGO_NET_OFFLINE",
    "you may want to run with network access",
    "no matching package named",
    "module lookup disabled by GOPROXY=off",
    "missing go.sum entry",
    "no required module provides package",
    "No module named",
    "ERR_MODULE_NOT_FOUND",
    "Cannot find module",
    "is not installed where",
    "vitest: not found",
    "could not be started: vitest",
    "in offline mode and the artifact",
];

/// Sets the base workspace up for `tree`, which it holds; how it failed, or nothing.
pub async fn perform(
    site: &Site,
    hands: &Hands,
    plan: &Plan,
    tree: TreeId,
) -> Result<Option<String>, WorldError> {
    let Some(setup) = &plan.setup else { return Ok(None) };
    let folder = site.base.folder();
    let wanted = fingerprint(site, plan, tree)?.to_string();
    let done = site.roots.work.join(DONE);
    if fs::read_text_if_present(&done)?.is_some_and(|known| known == wanted) {
        return Ok(None);
    }
    for cache in &hands.caches {
        fs::create_folder(cache)?;
    }
    let mut errand = Errand::in_workspace(setup, folder, &plan.root);
    errand.limits = Limits { wall: LIMIT, ..Limits::default() };
    errand.network = Network::Host;
    errand.env = hands.online.clone();
    for name in &plan.setup_env {
        let Some(value) = hands.of_user.get(name) else {
            return Ok(Some(format!(
                "setup: `setup-env` in optiloop.toml names {name}, which is not set here"
            )));
        };
        errand.env.insert(name.clone(), value.clone());
    }
    let mut secrets = secrets(&errand.env, &plan.setup_env);
    let home = hands.of_user.get("HOME").map_or(Path::new(""), Path::new);
    for file in &plan.setup_files {
        let whole = home.join(file);
        if !whole.is_file() {
            return Ok(Some(format!(
                "setup: `setup-files` in optiloop.toml names ~/{}, which is no file here",
                file.display()
            )));
        }
        secrets.extend(in_credentials(&String::from_utf8_lossy(&fs::read(&whole)?)));
    }
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    errand.lent = &plan.setup_files;
    errand.writable.extend(hands.caches.clone());
    let finished = hands.run(errand).await?;
    if !finished.exit.is_success() {
        let said = format!("setup: `{}`: {}", setup.argv.join(" "), failure(&finished));
        return Ok(Some(without(&said, &secrets)));
    }
    // What is neither of the tree nor ignored by it is setup's: it stays like what is ignored.
    let made = site.base.besides(site.overlaid(tree)?)?;
    site.base.keep(&made)?;
    site.candidate.keep(&made)?;
    fs::replace(&done, wanted.as_bytes())?;
    Ok(None)
}

/// What must not be kept of what setup says: values named in `setup-env`, and names and passwords in addresses.
fn secrets(env: &BTreeMap<String, String>, named: &[String]) -> Vec<String> {
    let in_addresses = env.values().flat_map(|value| value.split("://").skip(1)).filter_map(|rest| {
        let (user, _) = rest.split(['/', ' ', ',']).next()?.rsplit_once('@')?;
        Some(user.to_owned())
    });
    let named = named.iter().filter_map(|name| env.get(name).cloned());
    let mut secrets: Vec<String> = in_addresses.chain(named).filter(|secret| !secret.is_empty()).collect();
    // The longest first: one may hold another.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets
}

/// What a file of credentials holds behind words such as `password` and `_authToken`, in whatever format.
fn in_credentials(text: &str) -> Vec<String> {
    const TELLING: &[&str] = &["pass", "token", "auth", "secret", "key", "login"];
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || "\"'=<>,".contains(c))
        .filter(|word| !word.is_empty() && *word != ":")
        .collect();
    let tells = |word: &str| {
        let ends_a_tag = word.starts_with('/') && !word.starts_with("//");
        !ends_a_tag && TELLING.iter().any(|telling| word.to_lowercase().contains(telling))
    };
    let behind = words.windows(2).filter(|pair| tells(pair[0])).map(|pair| pair[1]);
    let in_addresses = text
        .split("://")
        .skip(1)
        .filter_map(|rest| Some(rest.split(['/', '"', '\'', '\n', ' ']).next()?.rsplit_once('@')?.0));
    // Shorter ones are words of the format.
    behind.chain(in_addresses).filter(|word| word.len() > 4).map(str::to_owned).collect()
}

fn without(text: &str, secrets: &[String]) -> String {
    secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "…"))
}

/// What helps where something failed for want of what `setup` would fetch.
pub fn advice(plan: &Plan, detail: &str) -> Option<String> {
    let denied = OFFLINE.iter().any(|said| detail.contains(said));
    let example = match plan.language.as_deref() {
        Some("rust") => "cargo fetch",
        Some("go") => "go mod download",
        Some("python") => "sh -c 'python3 -m venv .venv && .venv/bin/pip install -e .[test]'",
        Some("node") => "npm ci",
        // `dependency:go-offline` leaves out what Surefire loads when it runs.
        Some("java") => "mvn -B -q -Dmaven.test.failure.ignore=true package",
        _ => "a command that fetches",
    };
    (denied && plan.setup.is_none()).then(|| {
        format!(
            "builds have no network; `setup = {example:?}` at the top of optiloop.toml fetches what they need"
        )
    })
}

/// The command, and every manifest and lockfile of the tree by content.
fn fingerprint(site: &Site, plan: &Plan, tree: TreeId) -> Result<Digest, WorldError> {
    let config = |error: String| WorldError::Config(error);
    let languages = language::all().map_err(|error| config(error.to_string()))?;
    let manifests: Vec<String> = languages.into_iter().flat_map(|language| language.manifests).collect();
    let locks = Facts::all().map_err(|error| config(error.to_string()))?.locks;
    let locks = Globs::new(&locks).map_err(|error| config(error.to_string()))?;
    let mut hasher = sha2::Sha256::new();
    let mut take = |part: &[u8]| {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    };
    for word in plan.setup.iter().flat_map(|setup| &setup.argv) {
        take(word.as_bytes());
    }
    for path in site.store.paths(tree)? {
        let name = path.lossy().into_owned();
        let file = Path::new(&name).file_name().map(|file| file.to_string_lossy().into_owned());
        if locks.matches(&path) || file.is_some_and(|file| manifests.contains(&file)) {
            take(name.as_bytes());
            take(&site.store.read_blob(tree, &path)?.unwrap_or_default());
        }
    }
    Ok(Digest::new(hasher.finalize().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_credentials_hold_is_found_in_every_format() {
        for (text, secrets) in [
            ("machine a.example login me-myself password hunter22\n", &["me-myself", "hunter22"][..]),
            ("//npm.example/:_authToken=npm_abc\nregistry=https://npm.example/\n", &["npm_abc"]),
            ("[registry]\ntoken = \"cio-secret\"\n", &["cio-secret"]),
            ("[global]\nindex-url = https://user:b2ww@pip.example/simple\n", &["user:b2ww"]),
            ("<server><id>a</id><password>pässword1</password></server>", &["pässword1"]),
        ] {
            assert_eq!(in_credentials(text), secrets, "{text}");
        }
    }

    #[test]
    fn nothing_secret_of_the_environment_is_kept_of_what_setup_says() {
        let env: BTreeMap<String, String> = [
            ("HTTPS_PROXY", "http://me:pass%20word@proxy:3128"),
            ("PIP_EXTRA_INDEX_URL", "https://a@one/simple https://user:b2@two/simple"),
            ("NPM_TOKEN", "npm_secret"),
            ("GOPROXY", "https://mirror"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let secrets = secrets(&env, &["NPM_TOKEN".to_owned()]);
        let said = "407 from http://me:pass%20word@proxy:3128, npm_secret, user:b2@two, https://mirror";
        assert_eq!(
            without(said, &secrets),
            "407 from http://…@proxy:3128, npm_secret, …@two, https://mirror".replace("npm_secret", "…")
        );
    }
}
