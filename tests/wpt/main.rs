//! Cases of the browsers' own test suite, [web-platform-tests], in `testing::Browser`.
//!
//! `cases.jsonl` restates facts of the directories `cors/`, `fetch/api/cors/`,
//! `fetch/api/redirect/`, `fetch/api/credentials/` and `xhr/`: a page, a request, the answers of a
//! server, and the result. It has no code and no text of the suite. Each line is a case, and its
//! `id` names the file that the case is from. Names such as `PAGE` and `API_TLS` stand for the
//! origins in `symbols.json`.
//!
//! A case is a list of steps in one browser. A step has `hops` for its redirects: the first one is
//! the answer of `request.url`, and `preflight` and `response` are the answers of the last URL.
//! What is left out of a request is GET without headers, `cors`, `same-origin`, `follow`.
//!
//! [web-platform-tests]: https://github.com/web-platform-tests/wpt

mod case;
mod judge;
mod outcome;
mod server;
mod table;

use std::fmt::Write as _;

use cors_runtime::testing::{Browser, standard};

use crate::case::{Case, Step, bytes, cases};
use crate::outcome::Outcome;

#[tokio::test]
async fn the_browser_does_what_the_web_platform_tests_expect() {
    let cases = cases();
    // So that the fixture cannot shrink in silence.
    assert_eq!(cases.len(), 563);
    let mut failures = String::new();
    for case in &cases {
        for failure in run(case).await {
            writeln!(failures, "{}: {failure}", case.id).unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

async fn run(case: &Case) -> Vec<String> {
    if case.has_unsendable_answer() {
        return cors_check(case);
    }
    let mut browser = match &*case.page {
        "null" => Browser::opaque(),
        page => Browser::at(page),
    };
    let mut failures = Vec::new();
    for step in &case.steps {
        failures.extend(run_step(&mut browser, step).await);
    }
    failures
}

async fn run_step(browser: &mut Browser, step: &Step) -> Vec<String> {
    browser.advance(step.wait());
    browser.clear_log();
    let mut server = server::serve(step);
    let result = browser.fetch(&mut server, step.request.fetch()).await;
    let reason = result.as_ref().err().map(ToString::to_string);
    let arrived: Vec<_> = browser.log().iter().map(Into::into).collect();
    let mut failures = judge::judge(&step.want, &Outcome::of(result).await, &arrived);
    if !failures.is_empty() {
        failures.extend(reason);
    }
    failures
}

/// Checks an answer with control bytes, which no server can send, by the function for bytes.
fn cors_check(case: &Case) -> Vec<String> {
    let [step] = &*case.steps else {
        panic!("{} has several steps", case.id);
    };
    let lines = step.response.headers.iter();
    let lines: Vec<_> = lines.map(|(name, value)| (name, bytes(value))).collect();
    let result = standard::cors_check(&case.page, step.request.credentials(), &lines);
    if result.is_ok() == step.want.ok {
        Vec::new()
    } else {
        vec![format!("expected ok: {}, found {result:?}", step.want.ok)]
    }
}
