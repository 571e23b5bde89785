//! The result beside what the suite expects.

use std::fmt::Debug;

use crate::case::{Header, Want};
use crate::outcome::{Arrived, Outcome};

/// Returns the differences.
pub(crate) fn judge(want: &Want, outcome: &Outcome, arrived: &[Arrived]) -> Vec<String> {
    let mut differences = Differences(Vec::new());
    differences.expect("ok", &want.ok, &outcome.ok);
    if outcome.ok {
        differences.expect_page(want, outcome);
    }
    differences.expect_arrived(want, arrived);
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

    fn expect_page(&mut self, want: &Want, page: &Outcome) {
        let header = |name: &str| page.headers.get(&name.to_ascii_lowercase());
        if want.response_type.is_some() {
            self.expect("type", &want.response_type, &page.response_type);
        }
        if want.status.is_some() {
            self.expect("status", &want.status, &page.status);
        }
        for name in &want.readable {
            self.expect(name, &true, &header(name).is_some());
        }
        for name in &want.hidden {
            self.expect(name, &None, &header(name));
        }
        for (name, value) in &want.values {
            self.expect(name, &Some(value), &header(name));
        }
    }

    /// `want` is about the requests to the last URL.
    fn expect_arrived(&mut self, want: &Want, arrived: &[Arrived]) {
        let before = arrived.split_last().map_or(arrived, |(_, before)| before);
        let start = before
            .iter()
            .rposition(|request| !request.is_preflight() && request.is_redirected)
            .map_or(0, |last| last + 1);
        let arrived = &arrived[start..];
        let preflight = arrived.iter().find(|request| request.is_preflight());
        if let Some(preflighted) = &want.preflighted {
            self.expect("preflighted", preflighted, &preflight.is_some());
        }
        let headers = [
            (&want.acrm, preflight, "access-control-request-method"),
            (&want.acrh, preflight, "access-control-request-headers"),
            (&want.origin_sent, arrived.last(), "origin"),
        ];
        for (expected, request, name) in headers {
            let found = request.and_then(|request| request.header(name));
            match expected {
                Header::Anything => {}
                Header::Absent => self.expect(name, &None, &found),
                Header::Value(value) => self.expect(name, &Some(&**value), &found),
            }
        }
        if let Some(last) = arrived.last() {
            self.expect_headers(want, last);
        }
    }

    fn expect_headers(&mut self, want: &Want, last: &Arrived) {
        for (name, value) in &want.sent {
            self.expect(name, &Some(&**value), &last.header(name));
        }
        for name in &want.not_sent {
            self.expect(name, &None, &last.header(name));
        }
        if let Some(expected) = &want.cookies_sent {
            self.expect("cookies", expected, &last.header("cookie").is_some());
        }
    }
}
