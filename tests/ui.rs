//! What does not compile, and what the compiler says: `ui/<key>/<mistake>.rs`, each with its
//! `.stderr`.
//!
//! `TRYBUILD=overwrite cargo test --test ui` renews the files; read them as a user would.

#[rustversion::attr(not(stable(1.95)), ignore = "the messages are those of Rust 1.95")]
#[test]
fn messages() {
    trybuild::TestCases::new().compile_fail("tests/ui/*/*.rs");
}
