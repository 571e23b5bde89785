//! Tests that 200 handlers with one mistake each get 200 errors in one run, each at its line.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const HANDLERS: usize = 200;

/// The arguments of `#[cors(..)]`. The mistake is in the line that ends with `//`, and `N` is the
/// number of the handler.
const MISTAKES: &[&str] = &[
    "origins = [\"https://appN.example.com/\"], //",
    "origins = [\"appN.example.com\"], //",
    "origins = [\"https://AppN.example.com\"], //",
    "origins = [\"https://appN.example.com:443\"], //",
    "origins = [\"https://appN.*.example.com\"], //",
    "origins = [\"wss://appN.example.com\"], //",
    "origins = [\"http://127.N\"], //",
    "origins = [\"https://xn--appN-.example.com\"], //",
    "origins = [\n\"https://appN.example.com\",\n\"https://appN.example.com\", //\n]",
    "origins = [\n\"https://appN.example.com\", //\n\"https://*.example.com\",\n]",
    "origins = [\n\"https://appN.example.com\",\n\"*\", //\n]",
    "origins = [\"https://*.co.uk\"], //",
    "credentials,\norigins = [\"http://appN.example.com\"], //",
    "origins = \"https://appN.example.com\", //",
    "origins = [&APPN], //",
    "allow_origin = [\"https://appN.example.com\"], //",
    "origins = \"*\",\nmethods = [patch], //",
    "origins = \"*\",\nmethods = [PUT, TRACE], //",
    "origins = \"*\",\nmethods = [\"PUT N\"], //",
    "origins = \"*\",\nmethods = [\"X-N\", \"X-N\"], //",
    "origins = \"*\",\nmethods = \"GET, PUT\", //",
    "origins = \"*\",\nmethods = [], //",
    "origins = \"*\",\nheaders = [\"cookie\"], //",
    "origins = \"*\",\nheaders = [\"sec-N\"], //",
    "origins = \"*\",\nheaders = [\"access-control-max-age\"], //",
    "origins = \"*\",\nheaders = [\"x-N\", \"X-N\"], //",
    "origins = \"*\",\nheaders = [\"access-control-request-private-network\"], //",
    "origins = [\"https://appN.example.com\"],\ncredentials,\nexpose = \"*\", //",
    "origins = \"*\",\nexpose = [\"set-cookie\"], //",
    "origins = \"*\",\nexpose = [\"x N\"], //",
    "origins = \"*\",\nexpose = [\"*\", \"etag\"], //",
    "origins = \"*\",\ncredentials = N, //",
    "origins = \"*\",\nmax_age = 9N0000, //",
    "origins = \"*\",\nmax_age = \"N days\", //",
    "origins = \"*\",\nmax_age = 5,\nmax_age = 6, //",
    "policy = SHARED,\norigins = \"*\", //",
    "origins = \"*\",\nallow(rule_N), //",
    "origins = \"*\",\nallow(public_suffix), //",
    "origins = \"*\",\ncrate = \"N\", //",
    "origins = \"*\",\nkey_N = true, //",
];

#[test]
fn each_of_many_mistakes_is_reported_at_its_line() {
    let source = source();
    let krate = write_crate(&source);
    let marked = |(at, line): (usize, &str)| line.ends_with("//").then_some(at + 1);
    let expected: BTreeSet<usize> = source.lines().enumerate().filter_map(marked).collect();
    assert_eq!(expected.len(), HANDLERS);

    let errors = check(&krate);
    let lines: BTreeSet<usize> = errors.iter().map(|(line, _)| *line).collect();
    for (line, message) in &errors {
        assert!(expected.contains(line), "line {line}: {message}");
    }
    let silent: Vec<_> = expected
        .difference(&lines)
        .filter_map(|line| source.lines().nth(line - 1))
        .collect();
    assert!(silent.is_empty(), "no error for {silent:#?}");
    assert_eq!(
        errors.len(),
        HANDLERS,
        "two errors at one line: {errors:#?}"
    );
}

fn source() -> String {
    let handlers = (0..HANDLERS).map(|number| {
        let mistake = MISTAKES[number % MISTAKES.len()].replace('N', &number.to_string());
        format!("#[cors(\n{mistake}\n)]\npub async fn handler_{number}() {{}}\n\n")
    });
    format!(
        "use cors_runtime::axum::cors;\n\n{}",
        handlers.collect::<String>()
    )
}

/// A package outside of this workspace, with the same versions of the dependencies.
fn write_crate(source: &str) -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = tests.parent().expect("the package is in the workspace");
    let krate = Path::new(env!("CARGO_TARGET_TMPDIR")).join("many_mistakes");
    let manifest = format!(
        "[package]\nname = \"many-mistakes\"\nversion = \"0.0.0\"\nedition = \
         \"2024\"\n\n[workspace]\n\n[dependencies]\ncors-runtime = {{ path = '{}', features = \
         [\"axum\"] }}\n",
        workspace.join("cors-runtime").display(),
    );
    fs::create_dir_all(krate.join("src")).expect("a directory");
    fs::write(krate.join("Cargo.toml"), manifest).expect("a manifest");
    fs::write(krate.join("src/lib.rs"), source).expect("a library");
    fs::copy(workspace.join("Cargo.lock"), krate.join("Cargo.lock")).expect("the versions");
    krate
}

/// Returns the line and the message of each error with a location.
fn check(krate: &Path) -> Vec<(usize, String)> {
    // Uses the target directory of the workspace, which has most of the dependencies.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--message-format=json"])
        .env("CARGO_TARGET_DIR", target.expect("a target directory"))
        .current_dir(krate)
        .output()
        .expect("cargo runs");
    let json = String::from_utf8(output.stdout).expect("UTF-8");
    let errors: Vec<_> = json.lines().filter_map(error).collect();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!errors.is_empty() && !output.status.success(), "{stderr}");
    errors
}

fn error(line: &str) -> Option<(usize, String)> {
    let output: serde_json::Value = serde_json::from_str(line).ok()?;
    let message = &output["message"];
    let spans = message["spans"].as_array()?;
    let primary = spans.iter().find(|span| span["is_primary"] == true)?;
    let line = usize::try_from(primary["line_start"].as_u64()?).ok()?;
    let text = message["message"].as_str()?.to_owned();
    (message["level"] == "error").then_some((line, text))
}
