//! A scenario or a case of the web-platform-tests, with URLs that no other one has.

use std::time::Duration;

use serde::Deserialize;

use crate::case::{Case, Request, Step, Want};

/// The steps of one browser, with an empty cache of preflights and without cookies.
pub(crate) struct Plan {
    pub(crate) id: String,
    pub(crate) page: String,
    /// URL, and a line of `Set-Cookie`.
    pub(crate) cookies: Vec<(String, String)>,
    pub(crate) steps: Vec<PlanStep>,
    /// Whether an answer has control bytes. `Browser` cannot get such an answer, and the test `wpt`
    /// checks the answer by a function of bytes.
    pub(crate) has_unsendable_answer: bool,
}

pub(crate) struct PlanStep {
    pub(crate) wait: Duration,
    pub(crate) request: Request,
    pub(crate) want: Want,
    /// The answers, unless a real application gives them.
    pub(crate) answers: Option<Step>,
}

/// A row of `scenarios.jsonl`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    id: String,
    page: String,
    #[serde(default)]
    cookies: Vec<(String, String)>,
    steps: Vec<ScenarioStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScenarioStep {
    #[serde(default)]
    wait_ms: u64,
    request: Request,
    want: Want,
}

pub(crate) fn scenarios() -> Vec<Plan> {
    let lines = include_str!("scenarios.jsonl").lines();
    let scenarios = lines.map(|line| {
        serde_json::from_str::<Scenario>(line).unwrap_or_else(|error| panic!("{error}: {line}"))
    });
    let plans: Vec<_> = scenarios
        .enumerate()
        .map(|(number, scenario)| scenario.plan(number))
        .collect();
    // So that the fixture cannot shrink in silence.
    assert_eq!(plans.len(), 218);
    plans
}

pub(crate) fn web_platform_tests() -> Vec<Plan> {
    let cases = crate::case::cases();
    assert_eq!(cases.len(), 563);
    let cases = cases.into_iter().enumerate();
    cases.map(|(number, case)| of_case(number, case)).collect()
}

impl Scenario {
    fn plan(self, number: usize) -> Plan {
        let own = |url: String| own_url(&url, number);
        let steps = self.steps.into_iter().map(|mut step| {
            step.request.url = own(step.request.url);
            PlanStep {
                wait: Duration::from_millis(step.wait_ms),
                request: step.request,
                want: step.want,
                answers: None,
            }
        });
        Plan {
            steps: steps.collect(),
            has_unsendable_answer: false,
            id: self.id,
            page: self.page,
            cookies: self
                .cookies
                .into_iter()
                .map(|(url, line)| (own(url), line))
                .collect(),
        }
    }
}

fn of_case(number: usize, case: Case) -> Plan {
    let has_unsendable_answer = case.has_unsendable_answer();
    let steps = case.steps.into_iter().map(|mut step| {
        step.request.url = own_url(&step.request.url, number);
        let locations = step.hops.iter_mut().filter_map(|hop| hop.location.as_mut());
        locations.for_each(|location| *location = own_url(location, number));
        PlanStep {
            wait: step.wait(),
            request: step.request.clone(),
            want: step.want.clone(),
            answers: Some(step),
        }
    });
    Plan {
        steps: steps.collect(),
        has_unsendable_answer,
        id: case.id,
        page: case.page,
        cookies: Vec::new(),
    }
}

/// Adds a first segment to the path of each URL in a text, because a browser keeps preflights by
/// URL and cookies by path.
fn own_url(text: &str, number: usize) -> String {
    let mut parts = text.split("://");
    let scheme = parts.next().unwrap_or_default().to_owned();
    parts.fold(scheme, |own, part| {
        let (authority, path) = part.split_at(part.find('/').unwrap_or(part.len()));
        format!("{own}://{authority}/~{number}{path}")
    })
}

/// Removes the first segment again.
pub(crate) fn without_number(path: &str) -> &str {
    let Some(rest) = path.strip_prefix("/~") else {
        return path;
    };
    &rest[rest.find('/').unwrap_or(rest.len())..]
}
