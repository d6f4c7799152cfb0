//! Where Python and Node really are: virtual environments, and what the shims of version managers lead to.
//!
//! A shim (pyenv, asdf, mise, Volta) is a program of its own that starts the interpreter: a launch would pay for it
//! each time, and looks for its version file where a child sees none. Not here: which folders of HOME are bound back
//! (`toolchains`). Start at [`find`].

use std::path::{Path, PathBuf};

use crate::fs;
use crate::process;

use super::environment::Environment;

/// The mark of a virtual environment.
const MARK: &str = "pyvenv.cfg";
/// Folders of a project in which one usually is.
const USUAL: &[&str] = &[".venv", "venv"];
/// Interpreters, and how each tells where it is.
const ASKED: &[(&str, &[&str])] =
    &[("python3", &["-c", "import sys; print(sys.executable)"]), ("node", &["-p", "process.execPath"])];
/// Ends of folders that hold shims.
const SHIMS: &[&str] = &["shims", ".volta/bin"];

/// What children need to find the interpreters the user has.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Interpreters {
    /// Folders that come first in `PATH`.
    pub(super) path: Vec<PathBuf>,
    /// Folders they must be able to read.
    pub(super) read_only: Vec<PathBuf>,
}

/// The interpreters of the user who stands in `folder`, up to `top`.
pub(super) async fn find(environment: &Environment, folder: &Path, top: Option<&Path>) -> Interpreters {
    let mut found = Interpreters::default();
    if let Some(venv) = virtual_environment(environment, folder, top) {
        found.path.push(venv.join("bin"));
        found.read_only.extend(base(&venv));
        found.read_only.push(venv);
    }
    let path: Vec<&Path> = environment.get("PATH").unwrap_or_default().split(':').map(Path::new).collect();
    for (program, question) in ASKED {
        let at = path.iter().find(|at| at.join(program).is_file());
        let Some(at) = at.filter(|at| SHIMS.iter().any(|end| at.ends_with(end))) else { continue };
        let (folder, shim) = (folder.to_string_lossy(), at.join(program));
        let shim = shim.to_string_lossy();
        let mut words = vec!["-c", "cd \"$0\" && exec \"$@\"", &folder, &shim];
        words.extend(*question);
        let told = process::facts::tool_version("sh", &words).await.map(PathBuf::from);
        let real = told.filter(|real| real.is_absolute() && real.is_file());
        if let Some(bin) = real.as_deref().and_then(Path::parent).filter(|bin| bin.ends_with("bin")) {
            found.path.push(bin.to_owned());
            found.read_only.extend(bin.parent().map(Path::to_owned));
        }
    }
    found
}

/// The one that is active, else the one in the project or a folder around it.
fn virtual_environment(environment: &Environment, folder: &Path, top: Option<&Path>) -> Option<PathBuf> {
    let active = environment.get("VIRTUAL_ENV").map(PathBuf::from).filter(|at| at.is_absolute());
    let within = |at: &&Path| top.is_some_and(|top| at.starts_with(top));
    let around = folder.ancestors().take_while(within).flat_map(|at| USUAL.iter().map(|name| at.join(name)));
    active.into_iter().chain(around).find(|at| at.join(MARK).is_file())
}

/// The installation a virtual environment was made from: `home = X/bin`.
fn base(venv: &Path) -> Option<PathBuf> {
    let text = fs::read_text_if_present(&venv.join(MARK)).ok()??;
    let home = text.lines().find_map(|line| line.strip_prefix("home")?.trim_start().strip_prefix('='))?;
    let bin = PathBuf::from(home.trim());
    let prefix = bin.parent().filter(|prefix| bin.ends_with("bin") && prefix.parent().is_some())?;
    Some(prefix.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with these files, executable where they are scripts.
    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_folder(path.parent().unwrap()).unwrap();
            fs::replace(&path, text.as_bytes()).unwrap();
            let mode = std::fs::Permissions::from_mode(0o755);
            std::fs::OpenOptions::new().read(true).open(&path).unwrap().set_permissions(mode).unwrap();
        }
        folder
    }

    fn environment(variables: &[(&str, String)]) -> Environment {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Environment { variables, ..Environment::default() }
    }

    fn found(environment: &Environment, folder: &Path, top: &Path) -> Interpreters {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(find(environment, folder, Some(top)))
    }

    #[test]
    fn a_virtual_environment_is_the_active_one_or_one_around_the_project() {
        let home = folder(&[("base/bin/python3", "")]);
        let cfg = format!("home = {}/base/bin\nversion = 3.11\n", home.path().display());
        let project =
            folder(&[("out/pyvenv.cfg", &cfg), ("top/.venv/pyvenv.cfg", &cfg), ("top/pkg/a.py", "")]);
        let (top, out) = (project.path().join("top"), project.path().join("out"));
        let base = home.path().join("base");
        let expected = |venv: PathBuf| Interpreters {
            path: vec![venv.join("bin")],
            read_only: vec![base.clone(), venv],
        };
        let active = environment(&[("VIRTUAL_ENV", out.display().to_string())]);
        assert_eq!(found(&active, &top.join("pkg"), &top), expected(out));
        assert_eq!(found(&environment(&[]), &top.join("pkg"), &top), expected(top.join(".venv")));
        let stale = environment(&[("VIRTUAL_ENV", "/nowhere".to_owned())]);
        assert_eq!(found(&stale, &top.join("pkg"), &top.join("pkg")), Interpreters::default());
    }

    #[test]
    fn what_a_shim_leads_to_comes_first() {
        let real = folder(&[("3.11/bin/python3", "")]);
        let program = real.path().join("3.11/bin/python3");
        let shim = format!("#!/bin/sh\ntest -f version && echo {}\n", program.display());
        let shims = folder(&[
            ("shims/python3", &shim),
            ("plain/node", "#!/bin/sh\necho /no\n"),
            ("here/version", ""),
        ]);
        let path = format!("{0}/shims:{0}/plain:/usr/bin:/bin", shims.path().display());
        let environment = environment(&[("PATH", path)]);
        let prefix = real.path().join("3.11");
        assert_eq!(
            found(&environment, &shims.path().join("here"), shims.path()),
            Interpreters { path: vec![prefix.join("bin")], read_only: vec![prefix] }
        );
        // It is asked where the user stands: what it leads to is the project's choice.
        assert_eq!(found(&environment, shims.path(), shims.path()), Interpreters::default());
    }
}
