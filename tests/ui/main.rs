//! Tests the messages of the compiler: `ui/<key>/<mistake>.rs`, each with its `.stderr`.
//!
//! `TRYBUILD=overwrite cargo test -p cors-tests --test ui` writes the files. Read them as a user
//! would.

mod many_mistakes;

/// Fails on another compiler, because a skipped test is easily overlooked.
#[test]
#[allow(
    clippy::assertions_on_constants,
    reason = "another compiler has another constant"
)]
fn messages() {
    assert!(
        rustversion::cfg!(stable(1.95)),
        "the messages are those of Rust 1.95: `cargo +1.95.0 test -p cors-tests --test ui`"
    );
    trybuild::TestCases::new().compile_fail("ui/*/*.rs");
}

#[test]
fn messages_in_the_documentation_match_the_compiler() {
    let messages = include_str!("guide/mistakes.stderr");
    let readme = include_str!("../../README.md");
    let guide = include_str!("../../cors-runtime/src/guide/mistakes.md");
    let quoted = readme.lines().chain(guide.lines());
    let quoted: Vec<_> = quoted.filter(|line| line.starts_with("error: ")).collect();
    assert!(quoted.len() > 10, "{quoted:#?}");
    for line in quoted {
        assert!(messages.lines().any(|it| it == line), "{line}");
    }
}
