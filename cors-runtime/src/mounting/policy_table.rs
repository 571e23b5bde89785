//! The policies of an app, as a table.

use std::fmt::{self, Write as _};

use crate::policy::Policy;

/// A table with a line for each handler.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PolicyTable {
    pub(crate) rows: Vec<Row>,
}

pub(crate) type Row = [String; COLUMNS.len()];

const COLUMNS: [&str; 9] = [
    "METHOD",
    "PATH",
    "ORIGINS",
    "CREDENTIALS",
    "HEADERS",
    "EXPOSE",
    "MAX-AGE",
    "HANDLER",
    "POLICY",
];

/// Returns the line of a handler. `forbids_caching` replaces the `max_age` of the policy.
pub(crate) fn row(
    methods: String,
    path: String,
    handler: &str,
    policy: Option<&Policy>,
    forbids_caching: bool,
) -> Row {
    let [origins, credentials, headers, expose, max_age, location] = match policy {
        Some(policy) => columns(policy, forbids_caching),
        None => ["-", "-", "-", "-", "-", "none"].map(str::to_owned),
    };
    let handler = handler.to_owned();
    [
        methods,
        path,
        origins,
        credentials,
        headers,
        expose,
        max_age,
        handler,
        location,
    ]
}

/// Returns the columns that describe a policy.
fn columns(policy: &Policy, forbids_caching: bool) -> [String; 6] {
    let max_age = if forbids_caching {
        Some("0")
    } else {
        policy.0.max_age
    };
    [
        policy.0.origins.to_list(),
        if policy.credentials() { "yes" } else { "no" }.to_owned(),
        policy.allow_headers().unwrap_or("-").to_owned(),
        policy.0.expose.unwrap_or("-").to_owned(),
        max_age.unwrap_or("-").to_owned(),
        policy.location().to_owned(),
    ]
}

impl fmt::Display for PolicyTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = COLUMNS.map(str::to_owned);
        let lines = || std::iter::once(&head).chain(&self.rows);
        let width = |column: usize| lines().map(|line| line[column].len()).max();
        let widths: [_; COLUMNS.len()] =
            std::array::from_fn(|column| width(column).unwrap_or_default());
        for (row, line) in lines().enumerate() {
            let mut text = String::new();
            for (cell, width) in line.iter().zip(widths) {
                write!(text, "{cell:width$}  ")?;
            }
            let end = if row == 0 { "" } else { "\n" };
            write!(f, "{end}{}", text.trim_end())?;
        }
        Ok(())
    }
}
