//! Hover, definitions, references and completions in rust-analyzer, through the attribute.

mod language_server;

use language_server::LanguageServer;

const SOURCE: &str = r#"
use axum::extract::State;
use cors_runtime::axum::{Router, cors, routing::get};
use cors_runtime::{Policy, RequestHead, policy};

static SHARED: Policy = policy! { origins = ["https://app.example.com"] };

fn by_tenant(_: &str, _: &RequestHead<'_>) -> bool {
    true
}

#[derive(Clone)]
struct Store;

impl Store {
    fn count_items(&self) -> usize {
        3
    }
}

/// Lists the items.
#[cors(ATTRIBUTE)]
async fn list(State(store): State<Store>, mut page: String) -> String {
    page.push('x');
    BODY
}

fn main() {
    let _: Router<Store> = Router::new().route("/items", get(list));
}
"#;

const ATTRIBUTE: &str = r#"origins = ["https://app.example.com", by_tenant], credentials"#;
const BODY: &str = r#"format!("{page}{}", store.count_items())"#;

/// The source with another attribute or body. `^` is the cursor, before the first `at`.
fn source(attribute: &str, body: &str, at: &str) -> String {
    let source = SOURCE.replace("ATTRIBUTE", attribute).replace("BODY", body);
    let (before, after) = source.split_once(at).expect("the place of the cursor");
    match at.split_once('^') {
        Some(_) => source,
        None => format!("{before}^{at}{after}"),
    }
}

#[test]
#[ignore = "needs rust-analyzer; .ci/run runs the test with --include-ignored"]
fn an_editor_sees_through_the_attribute() {
    let Some(mut server) = LanguageServer::start() else {
        eprintln!("skipped: run `rustup component add rust-analyzer rust-src`");
        return;
    };
    hover_shows_the_policy(&mut server);
    names_lead_to_their_definitions(&mut server);
    a_rename_changes_every_place(&mut server);
    half_typed_paths_are_completed(&mut server);
    the_body_is_completed_under_any_attribute(&mut server);
}

fn hover_shows_the_policy(server: &mut LanguageServer) {
    let hover = server.hover(&source(ATTRIBUTE, BODY, "list))"));
    let squeezed = hover.replace(' ', "");
    assert!(squeezed.contains("Liststheitems."), "{hover}");
    let origins = "|origins|`https://app.example.com`,`by_tenant`|";
    assert!(squeezed.contains(origins), "{hover}");
    assert!(squeezed.contains("|credentials|yes|"), "{hover}");

    let hover = server.hover(&source("policy = SHARED", BODY, "list))"));
    assert!(hover.contains("CORS policy: `SHARED`."), "{hover}");
}

fn names_lead_to_their_definitions(server: &mut LanguageServer) {
    for (attribute, at, definition) in [
        (ATTRIBUTE, "list))", "list(State"),
        (ATTRIBUTE, "by_tenant], ", "by_tenant(_"),
        ("policy = SHARED", "SHARED)]", "SHARED: Policy"),
        (ATTRIBUTE, "store.count", "store)"),
        (ATTRIBUTE, "page.push", "page: String"),
        (ATTRIBUTE, "count_items())", "count_items(&self)"),
        // The function is kept if the attribute has a mistake.
        ("origins = [\"app.example.com\"]", "list))", "list(State"),
        ("orig", "count_items())", "count_items(&self)"),
    ] {
        let found = server.definition(&source(attribute, BODY, at));
        assert!(found.starts_with(definition), "{attribute}: {at}: {found}");
    }
}

fn a_rename_changes_every_place(server: &mut LanguageServer) {
    for (attribute, at, places) in [
        (ATTRIBUTE, "list))", 2),
        (ATTRIBUTE, "by_tenant(_", 2),
        (ATTRIBUTE, "by_tenant], ", 2),
        ("policy = SHARED", "SHARED: Policy", 2),
        (ATTRIBUTE, "store)", 2),
        (ATTRIBUTE, "page.push", 3),
    ] {
        let changed = server.rename(&source(attribute, BODY, at), "renamed");
        assert_eq!(changed, places, "{attribute}: {at}");
    }
}

fn half_typed_paths_are_completed(server: &mut LanguageServer) {
    for (attribute, expected) in [
        ("policy = SH^", "SHARED"),
        ("policy = crate::SH^", "SHARED"),
        ("origins = [by_^]", "by_tenant"),
        (
            "origins = [\"https://app.example.com\", crate::by_^], credentials",
            "by_tenant",
        ),
    ] {
        let labels = server.completions(&source(attribute, BODY, "^"));
        assert!(
            labels.iter().any(|it| it == expected),
            "{attribute}: {labels:?}"
        );
    }
}

fn the_body_is_completed_under_any_attribute(server: &mut LanguageServer) {
    for attribute in [
        ATTRIBUTE,
        "",
        "orig",
        "origins = ",
        "origins = [",
        "origins = [\"https://app.example.com/\"], credentials = ",
        "policy = crate::",
    ] {
        // Editors close what is opened.
        let attribute = attribute.to_owned() + if attribute.ends_with('[') { "]" } else { "" };
        let labels = server.completions(&source(&attribute, "store.cou^", "^"));
        let method = labels.iter().any(|it| it.starts_with("count_items"));
        assert!(method, "{attribute}: {labels:?}");
    }
}
