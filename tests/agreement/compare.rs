//! Two browsers beside each other.

use std::collections::BTreeMap;
use std::fmt::Debug;

use crate::differences::{Kind, Quirk};
use crate::outcome::{Arrived, Outcome};
use crate::world::Run;

/// Request headers that name a browser, and headers of the connection.
const OWN_HEADERS: [&str; 16] = [
    "accept-encoding",
    "accept-language",
    "cache-control",
    "connection",
    "dnt",
    "pragma",
    "priority",
    "sec-ch-ua",
    "sec-ch-ua-mobile",
    "sec-ch-ua-platform",
    "sec-fetch-storage-access",
    "sec-gpc",
    "sec-websocket-extensions",
    "sec-websocket-key",
    "te",
    "user-agent",
];

type Headers<'a> = BTreeMap<&'a str, &'a str>;

/// Quirks, and how many requests each of them was found in.
pub(crate) type QuirkCounts = Vec<(&'static Quirk, usize)>;

/// Returns the differences between two runs of a plan, apart from quirks.
pub(crate) fn compare(ours: &[Run], real: &[Run], quirks: &mut QuirkCounts) -> Vec<String> {
    assert_eq!(ours.len(), real.len());
    let mut differences = Differences(Vec::new());
    for (ours, real) in ours.iter().zip(real) {
        differences.outcome(&ours.outcome, &real.outcome);
        let lines = |run: &Run| run.arrived.iter().map(line).collect::<Vec<_>>();
        differences.add("requests", &lines(ours), &lines(real));
        for (ours, real) in ours.arrived.iter().zip(&real.arrived) {
            let (mut a, mut b) = (sent(ours), sent(real));
            for (quirk, count) in &mut *quirks {
                *count += usize::from(remove(&quirk.kind, real, &mut a, &mut b));
            }
            differences.add(&line(ours), &a, &b);
        }
        if !ours.outcome.ok && !real.outcome.ok {
            differences.console(ours, real, quirks);
        }
    }
    differences.0
}

struct Differences(Vec<String>);

impl Differences {
    fn add<T: PartialEq + Debug>(&mut self, what: &str, ours: &T, real: &T) {
        if ours != real {
            self.0
                .push(format!("{what}: {ours:?} in Browser, but {real:?}"));
        }
    }

    /// Checks that the console has the line about CORS.
    fn console(&mut self, ours: &Run, real: &Run, quirks: &mut QuirkCounts) {
        let (Some(ours), Some(real)) = (&ours.console, &real.console) else {
            return;
        };
        for line in ours.iter().filter(|line| line.starts_with("Access to")) {
            if real.iter().any(|real| real.contains(line)) {
                continue;
            }
            let quirk = quirks.iter_mut().find(|(quirk, _)| match quirk.kind {
                Kind::Console(text) => line.contains(text),
                Kind::Headers { .. } => false,
            });
            match quirk {
                Some((_, count)) => *count += 1,
                None => self.add("console", &vec![line.clone()], real),
            }
        }
    }

    fn outcome(&mut self, ours: &Outcome, real: &Outcome) {
        self.add("ok", &ours.ok, &real.ok);
        self.add("type", &ours.response_type, &real.response_type);
        self.add("status", &ours.status, &real.status);
        self.add("url", &ours.url, &real.url);
        self.add("redirected", &ours.redirected, &real.redirected);
        self.add("headers", &readable(ours), &readable(real));
        self.add("body", &ours.body, &real.body);
    }
}

/// Returns the headers that the page can read. The two runs are not in the same second.
fn readable(outcome: &Outcome) -> Headers<'_> {
    let headers = outcome.headers.iter();
    headers
        .map(|(name, value)| match &**name {
            "date" => ("date", "now"),
            name => (name, &**value),
        })
        .collect()
}

fn line(request: &Arrived) -> String {
    format!("{} {}", request.method, request.url)
}

fn sent(request: &Arrived) -> Headers<'_> {
    let headers = request.headers.iter();
    let headers = headers.map(|(name, value)| (&**name, &**value));
    headers
        .filter(|(name, _)| !OWN_HEADERS.contains(name))
        .collect()
}

/// Removes the headers of a quirk from both sides, and returns whether they differed.
fn remove(quirk: &Kind, request: &Arrived, ours: &mut Headers, real: &mut Headers) -> bool {
    match quirk {
        Kind::Headers { of, names } if of(request) => {
            let differ = names
                .iter()
                .filter(|name| ours.remove(**name) != real.remove(**name));
            differ.count() > 0
        }
        _ => false,
    }
}
