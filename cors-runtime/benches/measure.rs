//! `cargo bench -p cors-benches`: see README.md of this package.

use std::process::ExitCode;

fn main() -> ExitCode {
    cors_benches::run(std::env::args().skip(1))
}
