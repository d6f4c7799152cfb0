//! `init`: a first optiloop.toml, to be read and completed by a person.

use crate::app::config::FILE;
use crate::app::error::AppError;
use crate::app::start::Context;
use crate::fs;
use crate::vcs::user::UserRepository;

const GO: &str = "# Go: benchmarks and tests are found by themselves.\n[bench]\nharness = \"go_test\"\npackage = \".\"\n\n[[suite]]\nkind = \"go_test\"\n";
const OTHER: &str = "# How the benchmark is built and launched. `{n}` is the number of iterations.\n[bench]\nharness = \"command\"\nbuild = \"cargo build --release --offline --bench NAME\"\nartifacts = [\"target/release/NAME\"]\n\n[[bench.case]]\nname = \"NAME\"\nrun = \"target/release/NAME {n}\"\n\n[[suite]]\nkind = \"cargo\"\ncommand = \"cargo test --offline\"\n";

pub(super) fn run(context: &Context) -> Result<u8, AppError> {
    let user = UserRepository::discover(&context.folder)?;
    let Some(root) = user.root() else {
        return Err(AppError::Usage("a bare repository has no place for a config file".to_owned()));
    };
    let path = root.join(FILE);
    if path.exists() {
        return Err(AppError::Usage(format!("{} is there already", path.display())));
    }
    let text = if root.join("go.mod").exists() { GO } else { OTHER };
    fs::replace(&path, text.as_bytes())?;
    super::print(&format!(
        "Wrote {}. Complete it, then: optiloop doctor, optiloop run --target NAME --goal 20%",
        path.display()
    ));
    Ok(0)
}
