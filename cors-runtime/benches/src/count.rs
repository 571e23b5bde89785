//! Counts instructions and allocations, with callgrind.
//!
//! The process starts itself again under valgrind. There it serves a batch of each case in
//! [`counted_run`]: callgrind collects inside of that function, and writes the result whenever the
//! function returns. So one process is enough for all cases, and the preparation of a case is not
//! counted.

use std::any::type_name_of_val;
use std::error::Error;
use std::hint::black_box;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{env, fs, process};

use crate::case::{Group, Measured};
use crate::report::callgrind::{self, Part};

/// The argument of the process that callgrind runs.
pub(crate) const SERVE: &str = "serve";

/// Takes small blocks from the cache of the thread, as in a server that has run for a while.
/// Without the cache, the cost of `malloc` and `free` differs from run to run.
const TUNABLES: &str = "glibc.malloc.tcache_count=65000:glibc.malloc.tcache_max=16000";

/// The cost of one request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Count {
    pub(crate) instructions: f64,
    pub(crate) allocations: f64,
}

#[inline(never)]
fn counted_run(measured: &mut dyn Measured) -> bool {
    measured.serve();
    // Without `black_box`, the call above would be a tail call, which compiles to a jump, and
    // callgrind would not see the function return.
    black_box(true)
}

/// Serves a batch of each case, in the order of the groups.
pub(crate) fn serve(groups: &[Group]) {
    for group in groups {
        for case in &group.cases {
            let mut measured = group.start(case);
            measured.prepare(group.requests);
            measured.serve();
            measured.prepare(group.requests);
            black_box(counted_run(&mut *measured));
        }
    }
}

/// Returns the smallest counts of several runs. The frameworks hash with keys that depend on
/// addresses, so each run has other addresses.
pub(crate) fn smallest(
    groups: &[Group],
    filters: &[String],
    runs: usize,
) -> Result<Vec<Count>, Box<dyn Error>> {
    let mut counts = count(groups, filters, 0)?;
    for run in 1..runs {
        for (smallest, again) in counts.iter_mut().zip(count(groups, filters, run)?) {
            smallest.instructions = smallest.instructions.min(again.instructions);
            smallest.allocations = smallest.allocations.min(again.allocations);
        }
    }
    Ok(counts)
}

/// Returns the counts of all cases, in the order of the groups. `filters` selects the groups.
fn count(groups: &[Group], filters: &[String], run: usize) -> Result<Vec<Count>, Box<dyn Error>> {
    let file = env::temp_dir().join(format!("cors-benches-{}.callgrind", process::id()));
    let counted = run_callgrind(&file, filters, run).and_then(|()| Ok(fs::read_to_string(&file)?));
    remove(&file);
    let parts = callgrind::parse(&counted?);
    let requests: Vec<usize> = groups
        .iter()
        .flat_map(|group| group.cases.iter().map(|_| group.requests))
        .collect();
    if parts.len() != requests.len() {
        let (parts, cases) = (parts.len(), requests.len());
        return Err(format!("callgrind counted {parts} runs of {cases} cases").into());
    }
    Ok(parts.into_iter().zip(requests).map(per_request).collect())
}

#[allow(clippy::cast_precision_loss)]
fn per_request((part, requests): (Part, usize)) -> Count {
    let requests = requests as f64;
    Count {
        instructions: part.instructions as f64 / requests,
        allocations: part.allocations as f64 / requests,
    }
}

fn run_callgrind(file: &Path, filters: &[String], run: usize) -> Result<(), Box<dyn Error>> {
    let function = type_name_of_val(&counted_run);
    let mut out_file = std::ffi::OsString::from("--callgrind-out-file=");
    out_file.push(file);
    let output = Command::new("valgrind")
        .args([
            "--tool=callgrind",
            "--combine-dumps=yes",
            "--dump-instr=yes",
            "--dump-line=no",
        ])
        .args(["--compress-pos=no", "--compress-strings=yes"])
        .arg(format!("--toggle-collect={function}"))
        .arg(format!("--dump-after={function}"))
        .arg(out_file)
        .arg(program()?)
        .arg(SERVE)
        .args(filters)
        .env("GLIBC_TUNABLES", TUNABLES)
        // The environment is below the stack: its size moves all addresses of the stack.
        .env("CORS_BENCHES_RUN", "x".repeat(run * 613))
        .stdin(Stdio::null())
        .output();
    succeeded(output)
}

fn program() -> std::io::Result<PathBuf> {
    env::current_exe()
}

fn succeeded(output: std::io::Result<Output>) -> Result<(), Box<dyn Error>> {
    let output = output.map_err(|error| match error.kind() {
        ErrorKind::NotFound => "valgrind is not installed".to_owned(),
        _ => format!("valgrind cannot be started: {error}"),
    })?;
    if output.status.success() {
        return Ok(());
    }
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(format!("valgrind failed: {}\n{log}", output.status).into())
}

fn remove(file: &Path) {
    if let Err(error) = fs::remove_file(file)
        && error.kind() != ErrorKind::NotFound
    {
        eprintln!("cannot remove {}: {error}", file.display());
    }
}
