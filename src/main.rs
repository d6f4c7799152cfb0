//! The binary: everything is in the library.

fn main() -> std::process::ExitCode {
    optiloop::run(std::env::args_os().collect())
}
