//! What does not compile, and what the compiler says: `ui/<key>/<mistake>.rs`, each with its
//! `.stderr`.
//!
//! `TRYBUILD=overwrite cargo test -p cors-tests --test ui` renews the files; read them as
//! a user would.

mod many_mistakes;

/// On another compiler it fails, and is not skipped: a skip is easily overlooked.
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
