//! The agreement of two browsers.

use std::fmt;

use crate::compare::{QuirkCounts, compare};
use crate::differences::{Difference, Known};
use crate::judge::judge;
use crate::plan::Plan;
use crate::world::Run;

pub(crate) struct Report {
    browser: String,
    known: &'static Known,
    suites: Vec<Suite>,
    quirks: QuirkCounts,
    /// The known differences that occurred.
    found: Vec<&'static str>,
    pub(crate) failures: Vec<String>,
}

/// Numbers of scenarios or cases.
#[derive(Default)]
struct Suite {
    name: &'static str,
    all: usize,
    steps: usize,
    expected_of_ours: usize,
    expected_of_real: usize,
    same: usize,
}

impl Report {
    pub(crate) fn new(browser: String, known: &'static Known) -> Self {
        Self {
            browser,
            known,
            suites: Vec::new(),
            quirks: known.quirks.iter().map(|quirk| (quirk, 0)).collect(),
            found: Vec::new(),
            failures: Vec::new(),
        }
    }

    pub(crate) fn begin_suite(&mut self, name: &'static str) {
        self.suites.push(Suite {
            name,
            ..Suite::default()
        });
    }

    /// Adds the runs of a plan. `ours` is absent if `Browser` cannot run the plan.
    pub(crate) fn add(&mut self, plan: &Plan, ours: Option<&[Run]>, real: &[Run]) {
        let unexpected_of_ours = ours.map(|ours| unexpected(plan, ours));
        let mut differences = unexpected(plan, real);
        let suite = self.suites.last_mut().expect("a suite");
        suite.all += 1;
        suite.steps += plan.steps.len();
        suite.expected_of_real += usize::from(differences.is_empty());
        suite.expected_of_ours +=
            usize::from(unexpected_of_ours.as_ref().is_some_and(Vec::is_empty));
        if let Some(ours) = ours {
            let others = compare(ours, real, &mut self.quirks);
            suite.same += usize::from(others.is_empty());
            differences.extend(others);
        }
        self.fail(&plan.id, "Browser", &unexpected_of_ours.unwrap_or_default());
        self.differ(&plan.id, &differences);
    }

    fn differ(&mut self, id: &str, differences: &[String]) {
        if differences.is_empty() {
            return;
        }
        let known = known_ids(self.known).find(|known| *known == id);
        match known {
            Some(id) => self.found.push(id),
            None => self.fail(id, "the real browser", differences),
        }
    }

    fn fail(&mut self, id: &str, who: &str, differences: &[String]) {
        if !differences.is_empty() {
            let differences = differences.join("\n    ");
            self.failures
                .push(format!("{id}, {who}:\n    {differences}"));
        }
    }

    /// A known difference that does not occur any longer is a failure.
    pub(crate) fn end(&mut self) {
        let gone = known_ids(self.known).filter(|id| !self.found.contains(id));
        let quirks = self.quirks.iter().filter(|(_, count)| *count == 0);
        let gone: Vec<_> = gone.chain(quirks.map(|(quirk, _)| quirk.reason)).collect();
        let gone = gone
            .iter()
            .map(|what| format!("does not occur any longer: {what}"));
        self.failures.extend(gone);
    }
}

fn known_ids(known: &'static Known) -> impl Iterator<Item = &'static str> {
    let differences = known.differences.iter();
    differences.flat_map(|known| known.ids).copied()
}

fn unexpected(plan: &Plan, runs: &[Run]) -> Vec<String> {
    let steps = plan.steps.iter().zip(runs);
    steps
        .flat_map(|(step, run)| judge(&step.want, &run.outcome, &run.arrived))
        .collect()
}

/// Prints the table.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { browser, .. } = self;
        writeln!(
            f,
            "\nas expected in:      rows  steps  Browser  {browser}  the same in both"
        )?;
        let width = browser.len();
        for suite in &self.suites {
            writeln!(
                f,
                "{:<20} {:>4}  {:>5}  {:>7}  {:>width$}  {:>16}",
                suite.name,
                suite.all,
                suite.steps,
                suite.expected_of_ours,
                suite.expected_of_real,
                suite.same
            )?;
        }
        writeln!(f, "\n{browser} differs:")?;
        for Difference { reason, ids } in self.known.differences {
            writeln!(f, "- {reason}:\n    {}", ids.join("\n    "))?;
        }
        for (quirk, count) in &self.quirks {
            writeln!(f, "- {}:\n    {count} times", quirk.reason)?;
        }
        Ok(())
    }
}
