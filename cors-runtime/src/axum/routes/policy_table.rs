//! What is mounted, as a table.

use std::fmt::{self, Write as _};

use super::handlers::{Handlers, Registration, Responder, UnknownHandlers};
use crate::policy::Policy;

/// The policies of a router: method, path, what the policy says, the handler, and the place of the
/// policy. A handler that is covered by [`Router::cors`](crate::axum::Router::cors) is not known by
/// name.
///
/// [`Display`](fmt::Display) writes a plain table, a line for each handler.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policies {
    rows: Vec<[String; COLUMNS.len()]>,
}

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

impl Policies {
    pub(crate) fn add(&mut self, path: &str, handlers: &Handlers) {
        for (place, mounted) in handlers.mounted.iter().enumerate() {
            if let Some(policy) = mounted.policy() {
                let owner = Responder::Handler(place);
                let methods = methods(handlers, owner, mounted.registration, policy);
                let handler = mounted.annotation.map(|annotation| annotation.handler);
                self.rows
                    .push(row(path, handlers, owner, methods, policy, handler));
            }
        }
        // What serves the rest is not known.
        if let Some(policy) = handlers
            .default
            .filter(|_| handlers.unknown != UnknownHandlers::No)
        {
            let owner = Responder::Unknown;
            let methods = methods(handlers, owner, Registration::Any, policy);
            self.rows
                .push(row(path, handlers, owner, methods, policy, None));
        }
    }
}

fn methods(handlers: &Handlers, owner: Responder, serves: Registration, policy: &Policy) -> String {
    match serves {
        Registration::Methods(_) => handlers.served(owner).join(" "),
        Registration::Any | Registration::Fallback => match handlers.allow_methods(owner, policy) {
            Some(methods) => format!("any ({})", methods.join(" ")),
            None => "any (*)".to_owned(),
        },
    }
}

fn row(
    path: &str,
    handlers: &Handlers,
    owner: Responder,
    methods: String,
    policy: &Policy,
    handler: Option<&str>,
) -> [String; COLUMNS.len()] {
    let max_age = if handlers.forbids_caching(owner, policy) {
        Some("0")
    } else {
        policy.0.max_age
    };
    [
        methods,
        path.to_owned(),
        policy.0.origins.to_list(),
        if policy.credentials() { "yes" } else { "no" }.to_owned(),
        policy.allow_headers().unwrap_or("-").to_owned(),
        policy.0.expose.unwrap_or("-").to_owned(),
        max_age.unwrap_or("-").to_owned(),
        handler.unwrap_or("-").to_owned(),
        policy.location().to_owned(),
    ]
}

impl fmt::Display for Policies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = COLUMNS.map(str::to_owned);
        let lines = || std::iter::once(&head).chain(&self.rows);
        let width = |column: usize| {
            lines()
                .map(|line| line[column].len())
                .max()
                .unwrap_or_default()
        };
        for (row, line) in lines().enumerate() {
            let mut text = String::new();
            for (column, cell) in line.iter().enumerate() {
                write!(text, "{cell:width$}  ", width = width(column))?;
            }
            let end = if row == 0 { "" } else { "\n" };
            write!(f, "{end}{}", text.trim_end())?;
        }
        Ok(())
    }
}
