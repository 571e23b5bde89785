//! The result beside what the suite expects.

use std::fmt::Debug;

use cors_runtime::testing::{Blocked, Exchange, Page, ResponseType, standard};

use crate::case::{Case, Header, Want, bytes};

/// Returns the differences.
pub(crate) fn judge(want: &Want, result: &Result<Page, Blocked>, log: &[Exchange]) -> Vec<String> {
    let mut differences = Differences(Vec::new());
    differences.expect("ok", &want.ok, &result.is_ok());
    if let Ok(page) = result {
        differences.expect_page(want, page);
    }
    differences.expect_sent(want, log);
    if let (Err(blocked), false) = (result, differences.0.is_empty()) {
        differences.0.push(blocked.to_string());
    }
    differences.0
}

/// Checks an answer with control bytes, which no server can send, by the function for bytes.
pub(crate) fn cors_check(case: &Case) -> Vec<String> {
    let [step] = &*case.steps else {
        panic!("{} has several steps", case.id);
    };
    let lines = &step.response.headers;
    let lines: Vec<_> = lines
        .iter()
        .map(|(name, value)| (name, bytes(value)))
        .collect();
    let result = standard::cors_check(&case.page, step.request.credentials(), &lines);
    let mut differences = Differences(Vec::new());
    differences.expect("ok", &step.want.ok, &result.is_ok());
    differences.0
}

struct Differences(Vec<String>);

impl Differences {
    fn expect<T: PartialEq + Debug + ?Sized>(&mut self, what: &str, expected: &T, found: &T) {
        if expected != found {
            self.0
                .push(format!("{what}: expected {expected:?}, found {found:?}"));
        }
    }

    fn expect_page(&mut self, want: &Want, page: &Page) {
        if let Some(expected) = &want.response_type {
            self.expect("type", &**expected, type_name(page.response_type()));
        }
        if let Some(status) = &want.status {
            self.expect("status", status, &page.status());
        }
        for name in &want.readable {
            self.expect(name, &true, &page.header(name).is_some());
        }
        for name in &want.hidden {
            self.expect(name, &None, &page.header(name));
        }
        for (name, value) in &want.values {
            self.expect(name, &Some(&**value), &page.header(name));
        }
    }

    /// `want` is about the requests to the last URL.
    fn expect_sent(&mut self, want: &Want, log: &[Exchange]) {
        let is_redirect = |exchange: &Exchange| {
            !exchange.is_preflight() && exchange.response_header("location").is_some()
        };
        let before = log.split_last().map_or(log, |(_, before)| before);
        let start = before
            .iter()
            .rposition(is_redirect)
            .map_or(0, |last| last + 1);
        let sent = &log[start..];
        let preflight = sent.iter().find(|exchange| exchange.is_preflight());
        if let Some(preflighted) = &want.preflighted {
            self.expect("preflighted", preflighted, &preflight.is_some());
        }
        let headers = [
            (&want.acrm, preflight, "access-control-request-method"),
            (&want.acrh, preflight, "access-control-request-headers"),
            (&want.origin_sent, sent.last(), "origin"),
        ];
        for (expected, exchange, name) in headers {
            let found = exchange.and_then(|exchange| exchange.request_header(name));
            match expected {
                Header::Anything => {}
                Header::Absent => self.expect(name, &None, &found),
                Header::Value(value) => self.expect(name, &Some(&**value), &found),
            }
        }
        if let Some(last) = sent.last() {
            self.expect_headers(want, last);
        }
    }

    fn expect_headers(&mut self, want: &Want, last: &Exchange) {
        for (name, value) in &want.sent {
            self.expect(name, &Some(&**value), &last.request_header(name));
        }
        for name in &want.not_sent {
            self.expect(name, &None, &last.request_header(name));
        }
        if let Some(expected) = &want.cookies_sent {
            self.expect(
                "cookies",
                expected,
                &last.request_header("cookie").is_some(),
            );
        }
    }
}

fn type_name(response_type: ResponseType) -> &'static str {
    match response_type {
        ResponseType::Basic => "basic",
        ResponseType::Cors => "cors",
        ResponseType::Opaque => "opaque",
        ResponseType::OpaqueRedirect => "opaqueredirect",
    }
}
